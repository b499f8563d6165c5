"""Customer numbers of every sort, as their rows."""

from decimal import Decimal

from storage.measures import Measure

NPS = Measure(id=1, code="NPS", name="NPS", kind=Measure.Kind.NPS, unit=Measure.Unit.NUMBER, hard=False)
CSAT = Measure(id=2, code="CSAT", name="CSAT", kind=Measure.Kind.CSAT, hard=False)
CES = Measure(id=3, code="CES", name="CES", kind=Measure.Kind.CES, unit=Measure.Unit.NUMBER, hard=False)
FTF = Measure(id=4, code="FTF", name="First-time fix")
AHT = Measure(
    id=5, code="AHT", name="Handling time", unit=Measure.Unit.SECONDS, kind=Measure.Kind.DURATION,
    better=Measure.Better.DOWN, target=Decimal(180), amber_at=Decimal(200),
)  # fmt: skip
