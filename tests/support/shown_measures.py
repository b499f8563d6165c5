"""Every card about customer numbers, customers' words and practices as somebody would see it, by name."""

from datetime import UTC, date, datetime
from decimal import Decimal

from bot.chat.cards import Card
from bot.customers import views as customer_views
from bot.customers.views import Offer
from bot.measures import judging, reply_views, views
from bot.measures.views import Around
from bot.people.proposal_views import propose
from storage.customers import Adoption, BestPractice, ResearchNote, VocItem
from storage.measures import Measure, MeasureConflict, Reading

MONDAY = date(2026, 11, 23)
FTF = Measure(id=1, code="FTF", name="First-time fix")
CALLS = Measure(id=2, code="CWR", name="Calls with a repeat", unit=Measure.Unit.NUMBER, kind=Measure.Kind.COUNT)
NPS = Measure(
    id=3, code="NPS", name="NPS", unit=Measure.Unit.NUMBER, kind=Measure.Kind.NPS, hard=False, headline=True,
    frequency=Measure.Frequency.MONTHLY, target=Decimal(20), amber_at=Decimal(10), objective_id=1,
    financial_outcome="fewer customers leave", scale_min=0, scale_max=10,
    question="How likely are you to recommend Northwater to a friend?",
)  # fmt: skip
AHT = Measure(
    id=4, code="AHT", name="Handling time", unit=Measure.Unit.SECONDS, kind=Measure.Kind.DURATION,
    better=Measure.Better.DOWN, target=Decimal(180),
)  # fmt: skip
AROUND = Around(department="Marketing", owner="Mia Bell", objective="Right first time", pair="First-time fix")


def a_day(value: str, on: date = MONDAY, measure: int = 1) -> Reading:
    return Reading(id=measure * 100 + on.day, measure_id=measure, period_on=on, value=Decimal(value))


def a_wave(number: int, last: date, parts: tuple[int, int, int], *, reason: str = "") -> Reading:
    promoters, passives, detractors = parts
    n = sum(parts)
    return Reading(
        id=number, measure_id=3, from_on=last.replace(day=1), period_on=last, n=n, reason=reason,
        value=Decimal(100 * (promoters - detractors)) / n,
        parts={"promoters": promoters, "passives": passives, "detractors": detractors},
        created_at=datetime(2026, 12, 2, 9, tzinfo=UTC),
    )  # fmt: skip


HISTORY = [
    a_day(value, date(2026, 11, on)) for on, value in ((23, "78"), (20, "76"), (19, "81"), (18, "71"), (17, "72"))
]
AUTUMN = a_wave(1, date(2026, 10, 31), (180, 150, 170))
LATE_AUTUMN = a_wave(2, date(2026, 11, 30), (221, 141, 138))
WRONG = a_wave(3, date(2026, 11, 30), (220, 141, 139))
FEW = a_wave(4, date(2026, 11, 30), (3, 1, 4))
FEWER = a_wave(5, date(2026, 11, 30), (0, 0, 1))
PUT_RIGHT = a_wave(6, date(2026, 11, 30), (221, 141, 138), reason="one answer was typed twice")
CONFLICT = MeasureConflict(
    id=1, one_id=4, other_id=1, why="Short calls leave out the diagnosis", raised_by=1, raised_on=date(2026, 11, 19)
)


def a_voice(number: int, words: str, **more: object) -> VocItem:
    values = {
        "id": number,
        "code": f"V-{number}",
        "words": words,
        "heard_by": 1,
        "received_on": MONDAY,
        "source": "voc",
    }
    return VocItem.model_validate({"stage": "", "score": None, "is_high": False} | values | more)


LEAK = a_voice(9, "No water since six in the whole street", stage="Supply", score=1, is_high=True)
READ_BACK = BestPractice(id=1, text="We read the fault back before we book a visit.", department_id=1, author_id=1)
PHOTOS = BestPractice(id=2, text="We send a photo of the meter with the bill.", department_id=2, author_id=2)
OFFER = Offer(READ_BACK, "Call centre", adopted=("Field", "Digital"))


def a_note(level: ResearchNote.Level, text: str, link: str = "") -> ResearchNote:
    about = ResearchNote.About.EXPERIENCE
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return ResearchNote(id=1, text=text, level=level, about=about, link=link, author_id=1, created_at=at)


TWICE = a_note(ResearchNote.Level.OPERATIONAL, "Two of three call twice for one fault.", "https://example.org/calls")

MEASURES: dict[str, Card] = {
    "measure-recorded": views.recorded(judging.judge(FTF, HISTORY[:2])),
    "measure-first": views.recorded(judging.judge(CALLS, [a_day("12", measure=2)])),
    "measure-recorded-wave": views.recorded(judging.judge(NPS, [LATE_AUTUMN, AUTUMN])),
    "measure-recorded-few": views.recorded(judging.judge(NPS, [FEW, AUTUMN])),
    "measure-recorded-hidden": views.recorded(judging.judge(NPS, [FEWER, AUTUMN])),
    "measure-corrected": reply_views.corrected(
        NPS, "+16", "+17", words="Nov 2026", reason="one answer was typed twice"
    ),
    "measure-added": views.added(CALLS),
    "measures": views.listed(
        [judging.judge(FTF, [a_day("78.0000")]), judging.judge(NPS, [LATE_AUTUMN]), judging.judge(CALLS, [])]
    ),
    "measures-stale": views.listed([], what="stale"),
    "measures-none": views.listed([]),
    "measure-shown": views.shown(
        judging.judge(FTF, HISTORY), HISTORY, [], Around(team="Field Dispatch", owner="Dana Reyes")
    ),
    "measure-shown-once": views.shown(judging.judge(FTF, HISTORY[:1]), HISTORY[:1], [], Around(owner="Dana Reyes")),
    "measure-shown-wave": views.shown(
        judging.judge(NPS, [PUT_RIGHT, AUTUMN]), [PUT_RIGHT, AUTUMN], [(WRONG, PUT_RIGHT)], AROUND
    ),
    "measure-shown-hidden": views.shown(judging.judge(NPS, [FEWER, AUTUMN]), [FEWER, AUTUMN], [], AROUND),
    "measure-not-reported": views.shown(judging.judge(CALLS, []), [], [], Around()),
    "measure-linked": reply_views.linked(NPS, ["objective Right first time", "brings fewer customers leave"]),
    "measure-headline": reply_views.headlined(NPS, is_alone=True),
    "measure-target": reply_views.aimed(NPS, Decimal(30)),
    "measure-conflict": reply_views.conflict_raised(CONFLICT, AHT, FTF),
    "measure-conflicts": reply_views.conflicts([(CONFLICT, AHT, FTF)]),
    "measure-conflict-closed": reply_views.conflict_closed(AHT, FTF, "D-3"),
    "voc-kept": customer_views.kept(
        a_voice(9, "No water since six in the whole street", stage="Supply", score=1, is_high=True),
        "No water since six, please ring 0123 456789",
    ),
    "voc-kept-and-told": customer_views.kept(LEAK, LEAK.words, told=["Raj", "Carl"], more=[propose("V-9")]),
    "voc-alert": customer_views.alert(
        customer_views.Alert(LEAK, "Ben", "Field", date(2026, 11, 25)), more=[propose("V-9")]
    ),
    "voc-list": customer_views.voices([a_voice(9, "I took a second morning off for this."), a_voice(8, "Thank you.")]),
    "voc-none": customer_views.voices([]),
    "practice-told": customer_views.told(OFFER, 6),
    "practice-offered": customer_views.offered(OFFER, "Billing", None),
    "practice-adopted": customer_views.offered(OFFER, "Field", Adoption.Verdict.ADOPTED),
    "practice-answered": customer_views.answered(OFFER, "Field", Adoption.Verdict.ADOPTED, is_new=True),
    "practices": customer_views.practices([Offer(PHOTOS, "Billing"), OFFER], {2: True}),
    "research-noted": customer_views.noted(TWICE),
    "research": customer_views.research([TWICE], [ResearchNote.Level.STRATEGIC, ResearchNote.Level.RESEARCH]),
    "research-none": customer_views.research([], list(ResearchNote.Level)),
}
