"""What the council's agenda shows of measures: as many questions for five hundred of them as for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.measures import periods, standing
from bot.measures.judging import Headline, TargetChange
from bot.measures.periods import Frequency
from storage import audit
from storage.audit import AuditEvent
from storage.links import Thing
from storage.measures import (
    Measure,
    MeasureConflict,
    Reading,
    departments_of,
    headline_measures,
    measures,
    open_conflicts,
    unmeasured,
)
from storage.people import Department
from storage.tx import Tx

_COUNCILS_OWN = Frequency.MONTHLY
"""Of what is counted more often, a changed target is shown for as long as of what is counted every month."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two measures that pull people apart, until a decision closes it."""

    row: MeasureConflict
    one: Measure
    other: Measure


@dataclass(frozen=True, slots=True)
class Debts:
    """What the measures themselves lack. Source: domain.md S2-23."""

    conflicts: Sequence[Conflict] = ()
    stale: Sequence[tuple[Measure, Reading | None]] = ()
    """With the newest reading."""
    unanchored: Sequence[Measure] = ()
    unmeasured: Sequence[Department] = ()
    """Departments along the customer's journey to which no measure belongs."""
    targets: Sequence[TargetChange] = ()
    """The newest first."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to review."""
        return not (self.conflicts or self.stale or self.unanchored or self.unmeasured or self.targets)


async def headlines(tx: Tx, today: date) -> Sequence[Headline]:
    """How the headline measures stand, by code."""
    return await standing.judged(tx, await headline_measures(tx), today)


async def department_figures(tx: Tx, today: date) -> Mapping[int, Sequence[Headline]]:
    """How each department's measures stand, by code; departments without one are left out."""
    belongs = await departments_of(tx)
    known = [each for each in await measures(tx) if each.id in belongs]
    found: dict[int, list[Headline]] = {}
    for each in await standing.judged(tx, known, today):
        found.setdefault(belongs[each.measure.id], []).append(each)
    return found


async def debts(tx: Tx, today: date) -> Debts:
    """What is open, stale, unanchored or missing, and which targets were changed."""
    known = await measures(tx)
    by_id = {each.id: each for each in known}
    return Debts(
        conflicts=[Conflict(each, by_id[each.one_id], by_id[each.other_id]) for each in await open_conflicts(tx)],
        stale=await standing.stale(tx, known, today),
        unanchored=standing.unanchored(known),
        unmeasured=await unmeasured(tx),
        targets=await _targets(tx, by_id, today),
    )


async def _targets(tx: Tx, by_id: Mapping[int, Measure], today: date) -> Sequence[TargetChange]:
    """The targets that were changed in the last three periods of their measure."""
    entries = _standing(await audit.of_field(tx, Thing.MEASURE, by_id.keys(), "target")) if by_id else []
    changes = [_change(by_id[each.thing_id], each) for each in entries]
    return [each for each in changes if each.on >= _shown_since(each.measure.frequency, today)]


def _standing(newest_first: Sequence[AuditEvent]) -> Sequence[AuditEvent]:
    """Without those that were taken back, and without their taking back."""
    undone: list[tuple[int, str, str]] = []
    found = []
    for each in newest_first:
        if each.verb == "undo":
            undone.append((each.thing_id, each.after, each.before))
        elif (mark := (each.thing_id, each.before, each.after)) in undone:
            undone.remove(mark)
        else:
            found.append(each)
    return found


def _change(measure: Measure, entry: AuditEvent) -> TargetChange:
    before, after = (Decimal(each) if each else None for each in (entry.before, entry.after))
    return TargetChange(measure, before, after, entry.at.date(), entry.reason)


def _shown_since(frequency: Frequency, today: date) -> date:
    """The first day of the third period back, the present one counted."""
    longer = frequency if frequency is Frequency.QUARTERLY else _COUNCILS_OWN
    span = periods.span_of(longer, today)
    for _ in range(periods.SHOWN_FOR - 1):
        span = periods.span_of(longer, span.first - timedelta(days=1))
    return span.first


__all__ = ["Conflict", "Debts", "Headline", "TargetChange", "debts", "department_figures", "headlines"]
