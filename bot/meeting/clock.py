"""The in-meeting clock: the chair alone hears when a section's time is nearly up, and when it is.

Source: domain.md 3.4.
"""

from datetime import datetime, timedelta

from bot.agenda.assembly import assembled
from bot.chat.events import Due
from bot.chat.replies import Plan, Refresh, Replies, Show
from bot.council import planning
from bot.council import standing as council
from bot.council.rules import Reading
from bot.council.standing import Around
from bot.meeting import rules, standing
from bot.meeting.rules import Clock
from storage import meetings
from storage.agenda import sections_of
from storage.people import Person
from storage.tx import Tx

GRACE = timedelta(minutes=10)


async def give_minutes(tx: Tx, found: Around, now: datetime) -> None:
    """When a meeting begins each section keeps the minutes that it was planned to have, so that its clock can run."""
    agenda = await assembled(tx, found, now, reading=Reading.FULL)
    for row in await sections_of(tx, found.meeting.id):
        row.minutes = agenda.section(row.section).minutes
    await tx.flush()


async def steps(tx: Tx, found: Around, now: datetime) -> tuple[Plan, ...]:
    """When the clock speaks next, if nothing changes until then; what was planned before may no longer hold."""
    found_clock = await standing.clock_now(tx, found)
    if found_clock is None:
        return ()
    number = found.meeting.id
    return tuple(
        Plan(f"meeting:{number}:clock:{found_clock.section}:{at.isoformat()}", rules.CLOCK, number, at)
        for at in (found_clock.warns_at, found_clock.up_at)
        if at > now
    )


async def speak(event: Due, tx: Tx, _now: datetime) -> Replies:
    """The clock speaks, unless the section is over, has more time, or stands still."""
    found = await council.around(tx, event.subject_id)
    if found is None or event.missed:
        return Replies(skipped=True)
    await meetings.hold(tx, found.meeting)
    running = await standing.clock_now(tx, found)
    if running is None or event.due_at not in {running.warns_at, running.up_at}:
        return Replies(skipped=True)
    chair = None if found.chair_id is None else await tx.get(Person, found.chair_id)
    refresh = planning.shown(found.meeting, rules.CHAIR)
    if chair is None or not chair.active:
        return Replies(refresh=refresh)
    return Replies(show=(_shown_to(chair, found, running, event.due_at),), refresh=refresh)


def ids(found: Around, section: int) -> dict[str, int]:
    """What a message of the clock is about."""
    return planning.ids(found.meeting) | {"section": section}


def shown(found: Around, section: int) -> tuple[Refresh, ...]:
    """What the clock said of a section, to be made anew."""
    return (Refresh(rules.CLOCK, ids(found, section)),)


def _shown_to(chair: Person, found: Around, running: Clock, at: datetime) -> Show:
    """It is of no use once the section's time is long over."""
    key = f"council:{found.meeting.id}:{rules.CLOCK}:{running.section}:{at.isoformat()}:{chair.id}"
    until = running.up_at + GRACE
    return Show(key, chair, rules.CLOCK, ids(found, running.section), urgent=True, not_after=until)
