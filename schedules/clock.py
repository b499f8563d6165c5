"""The clock: rows say what is due, unique keys make it happen once, so two clocks or a restart change nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import bindparam
from sqlmodel import col, or_, select, update

from bot.dispatch import Dispatcher, Done
from schedules.cadence import BadRule, Slot, first_slot, next_slot
from storage.cadences import Cadence, Occurrence, plan_report
from storage.columns import Utc
from storage.engine import Database
from storage.inserting import add_once
from storage.tx import SYSTEM, Tx

CADENCES_AT_ONCE = 200  # claimed in one transaction, so that it stays well under 200 ms on SQLite
ROUNDS_MAX = 10_000  # a safety net against a rule that is due again and again at one instant

log = structlog.get_logger()


class Ticker:
    """Turns what is due into handled steps, in the order in which it fell due."""

    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._database = database
        self._dispatcher = dispatcher

    async def tick(self, now: datetime) -> list[Done]:
        """One pass: cadences due by `now` become occurrences, and due occurrences are handled, oldest first."""
        done: list[Done] = []
        for _ in range(ROUNDS_MAX):
            due = await self._due(now)
            handled = [result for each in due if (result := await self._dispatcher.due(*each)) is not None]
            done += handled
            if not handled:
                return done
        log.error("tick_does_not_end", now=now.isoformat())
        return done

    async def materialise(self, now: datetime) -> int:
        """Makes an occurrence of every slot due by `now` and moves each cadence on; how many slots that were."""
        async with self._database.read(SYSTEM) as tx:
            is_due = await _is_due(tx, now)
        return await self._move_all_on(now) if is_due else 0

    async def _move_all_on(self, now: datetime) -> int:
        count = 0
        while True:
            async with self._database.write(SYSTEM) as tx:
                claimed = await _claimed(tx, now)
                for cadence in claimed:
                    count += await _move_on(tx, cadence, now)
            if len(claimed) < CADENCES_AT_ONCE:
                return count

    async def _due(self, now: datetime) -> Sequence[tuple[int, int]]:
        """Steps due by `now`, those of cadences that are due among them; a quiet clock takes one look, and no lock."""
        async with self._database.read(SYSTEM) as tx:
            if not await _is_due(tx, now):
                return await _steps(tx, now)
        await self._move_all_on(now)
        async with self._database.read(SYSTEM) as tx:
            return await _steps(tx, now)


async def _is_due(tx: Tx, now: datetime) -> bool:
    return await tx.first(_SOME_DUE, {"now": now}) is not None


async def _steps(tx: Tx, now: datetime) -> Sequence[tuple[int, int]]:
    """Those that failed and wait to be run again are left out."""
    return await tx.columns(_STEPS_DUE, {"now": now, "real_now": datetime.now(UTC)})


# Asked at every tick: worded once.
_NOW = bindparam("now", type_=Utc)
_SOME_DUE = select(Cadence.id).where(col(Cadence.next_at) <= _NOW).limit(1)
_STEPS_DUE = (
    select(Occurrence.organisation_id, Occurrence.id)
    .where(
        Occurrence.state == Occurrence.State.PLANNED,
        col(Occurrence.due_at) <= _NOW,
        or_(col(Occurrence.retry_at).is_(None), col(Occurrence.retry_at) <= bindparam("real_now", type_=Utc)),
    )
    .order_by(col(Occurrence.due_at), col(Occurrence.id))
    .limit(CADENCES_AT_ONCE)
)


async def _claimed(tx: Tx, now: datetime) -> Sequence[Cadence]:
    due = (
        select(Cadence)
        .where(col(Cadence.next_at) <= now)
        .order_by(col(Cadence.next_at), col(Cadence.id))
        .limit(CADENCES_AT_ONCE)
    )
    return await tx.all(due.with_for_update(skip_locked=True))


async def _move_on(tx: Tx, cadence: Cadence, now: datetime) -> int:
    """Inserts the slots due by `now` and advances the cadence, unless its rule was changed in between.

    One whose rule or zone can't be followed is parked until it is changed: it must not stop the others.
    """
    try:
        due, upcoming = _slots_of(cadence, now)
        parked = ""
    except (BadRule, KeyError, ValueError) as problem:  # a zone that does not exist is a KeyError
        log.exception("cadence_parked", cadence=cadence.id, rule=cadence.rule, zone=cadence.zone)
        due, upcoming = [], None
        parked = f"{type(problem).__name__}: {problem}"[:500]
        await plan_report(tx, cadence.organisation_id, now)
    for slot in due:
        await _occurs(tx, cadence, slot)
    unchanged = (col(Cadence.id) == cadence.id, col(Cadence.revision) == cadence.revision)
    following = {
        "next_slot": upcoming and upcoming.local,
        "next_at": upcoming and upcoming.at,
        "parked": parked,
    }
    await tx.run(update(Cadence).where(*unchanged).values(**following).execution_options(synchronize_session=False))
    return len(due)


def _slots_of(cadence: Cadence, now: datetime) -> tuple[list[Slot], Slot | None]:
    """What is due by `now`, and what comes after it. Raises: BadRule, KeyError, ValueError."""
    zone = ZoneInfo(cadence.zone)
    due: list[Slot] = []
    if cadence.next_slot is None or cadence.next_at is None:
        # A new or changed rhythm: `next_at` says from when on it counts.
        upcoming = first_slot(
            cadence.rule, cadence.starts_at, (cadence.next_at or now) - timedelta(microseconds=1), zone
        )
    else:
        upcoming = Slot(cadence.next_slot, cadence.next_at)
    while upcoming is not None and upcoming.at <= now:
        due.append(upcoming)
        upcoming = next_slot(cadence.rule, upcoming.local, upcoming.local, zone)
    return due, upcoming


async def _occurs(tx: Tx, cadence: Cadence, slot: Slot) -> None:
    step = Occurrence(
        organisation_id=cadence.organisation_id,
        key=f"cadence:{cadence.id}:{slot.local.isoformat()}",
        kind=cadence.kind,
        subject_id=cadence.subject_id,
        cadence_id=cadence.id,
        slot=slot.local,
        due_at=slot.at,
    )
    await add_once(tx, step)
