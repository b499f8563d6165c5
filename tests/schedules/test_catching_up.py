"""What the bot does about every kind of step that fell due while it was away: late, missed or told, and no pile."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.huddles.running import replan
from bot.ports import Text
from bot.routes import ROUTES
from storage.cadences import Occurrence
from storage.engine import Database
from storage.huddles import Huddle, HuddleRun
from storage.people import Person
from storage.tx import SYSTEM
from tests.support.field_dispatch import NORTHWATER, FieldDispatch, field_dispatch

DONE, MISSED = Occurrence.State.DONE, Occurrence.State.MISSED
OPEN, CLOSED, NOT_HELD = HuddleRun.State.OPEN, HuddleRun.State.CLOSED, HuddleRun.State.MISSED


def at(hour: int, minute: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Caught:
    """What became of the step and of its huddle, and how many new messages of which kind were sent on waking."""

    step: Occurrence.State
    huddle: HuddleRun.State
    said: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Due:
    """When a kind of step falls due on Monday, and what catching up with it means after each absence."""

    at: datetime
    after: Mapping[timedelta, Caught]
    is_local: bool = False


MINUTES = {number: timedelta(minutes=number) for number in (2, 5, 20, 31)}
HALF_A_DAY, THREE_DAYS = timedelta(hours=12), timedelta(days=3)
ASKED = {"prompt": 5, "channel": 1}
TOLD = {"missed": 1}
SUMMED_UP = {"details": 1}

CATCHING_UP = {
    "huddle.open": Due(at(9, 15), {
        MINUTES[5]: Caught(DONE, OPEN, ASKED),
        MINUTES[20]: Caught(DONE, OPEN, ASKED),
        MINUTES[31]: Caught(MISSED, NOT_HELD, TOLD),
        HALF_A_DAY: Caught(MISSED, NOT_HELD, TOLD),
        THREE_DAYS: Caught(MISSED, NOT_HELD, TOLD | ASKED),
    }),
    "huddle.nudge": Due(at(9, 25), {
        MINUTES[2]: Caught(DONE, OPEN, {"nudge": 4}),
        MINUTES[5]: Caught(DONE, CLOSED, SUMMED_UP),
        MINUTES[20]: Caught(DONE, CLOSED, SUMMED_UP),
        MINUTES[31]: Caught(DONE, CLOSED, SUMMED_UP),
        HALF_A_DAY: Caught(DONE, CLOSED, SUMMED_UP),
        THREE_DAYS: Caught(DONE, CLOSED, SUMMED_UP | TOLD | ASKED),
    }),
    "huddle.close": Due(at(9, 30), {
        MINUTES[5]: Caught(DONE, CLOSED, SUMMED_UP),
        MINUTES[20]: Caught(DONE, CLOSED, SUMMED_UP),
        MINUTES[31]: Caught(DONE, CLOSED, SUMMED_UP),
        HALF_A_DAY: Caught(DONE, CLOSED, SUMMED_UP),
        THREE_DAYS: Caught(DONE, CLOSED, SUMMED_UP | TOLD | ASKED),
    }),
    "huddle.publish": Due(at(16, 0), {
        MINUTES[5]: Caught(DONE, OPEN, SUMMED_UP),
        MINUTES[20]: Caught(DONE, OPEN, SUMMED_UP),
        MINUTES[31]: Caught(DONE, OPEN, SUMMED_UP),
        HALF_A_DAY: Caught(DONE, CLOSED, SUMMED_UP),
        THREE_DAYS: Caught(DONE, CLOSED, SUMMED_UP | TOLD),
    }, is_local=True),
    "huddle.end": Due(at(0, 0, day=24), {
        MINUTES[5]: Caught(DONE, CLOSED, {}),
        MINUTES[20]: Caught(DONE, CLOSED, {}),
        MINUTES[31]: Caught(DONE, CLOSED, {}),
        HALF_A_DAY: Caught(DONE, CLOSED, TOLD),
        THREE_DAYS: Caught(DONE, CLOSED, TOLD),
    }),
}  # fmt: skip
"""By kind of step. A huddle after the third day is opened late where less than 20 minutes are lost."""

NEEDS_NO_CATCHING_UP = {"operation.report", "team.room", "quiet.status", "account.hint"}
"""They tell what is in trouble at the moment when it is told, however late that is."""

OF_THE_WORK = {"action.remind", "action.escalate", "action.moved", "action.help_again", "action.help_lead",
               "ranking.remind", "ranking.close",
               "vote.close", "vote.remind"}  # fmt: skip
"""Reminders come once, up to half a day late: tests/actions/test_reminding.py has each absence. Who moved or left is
followed however late, and so is a question that nobody took on: tests/actions/test_unanswered.py.
A ranking closes however late, and reminds of a ballot up to half a day late: tests/ranking/test_rounds.py. So does a
vote of a council: tests/decisions/test_votes.py."""

OF_BLOCKERS = {"blocker.watch", "blocker.stopped"}
"""They ask the rows what is due at the moment when they are done: tests/blockers/test_going_up.py has absences."""

OF_MORNINGS = {"day.plan", "welcome.first", "welcome.third", "welcome.tenth"}
"""A plan for the day comes until noon, tests/mornings has absences; of the first days the newest that is due comes,
however late: tests/welcome/test_first_days.py."""

OF_THE_WEEK = {"weekly.begin", "weekly.ask", "weekly.nudge", "weekly.pack", "weekly.confirm", "weekly.summary"}
"""They come once, up to half a day late and never after what they are for: tests/weekly/test_setup.py has absences."""

OF_COUNCILS = {"council.holiday", "council.call", "council.remind", "council.close_items", "council.remind_chair",
               "council.eve", "council.soon", "council.start"}  # fmt: skip
"""The call and the end of items come however late, as long as the meeting has not begun; reminders up to half a day
late and never after what they are for: tests/council/test_calling.py."""

OF_AGENDAS = {"agenda.publish", "agenda.republish"}
"""An agenda comes out however late, as long as its meeting has not begun, and says so: tests/agenda."""

OF_MINUTES = {"minutes.draft", "minutes.issue", "minutes.corrections", "minutes.halfway"}
"""Minutes are drafted and go out however late, and say so; the line halfway up to half a day late: tests/minutes."""

OF_MEETINGS = {"meeting.clock", "meeting.left_open"}
"""The clock of a meeting says what is true when it speaks; what nobody ended is closed however late: tests/meeting."""

CASES = [(kind, away) for kind, due in CATCHING_UP.items() for away in due.after]
NAMES = [f"{kind}-{away}" for kind, away in CASES]


def test_every_kind_of_step_says_what_catching_up_means_for_it() -> None:
    elsewhere = NEEDS_NO_CATCHING_UP | OF_THE_WORK | OF_BLOCKERS | OF_MORNINGS | OF_THE_WEEK
    elsewhere |= OF_COUNCILS | OF_AGENDAS | OF_MEETINGS | OF_MINUTES
    assert CATCHING_UP.keys() == ROUTES.steps.keys() - elsewhere
    for due in CATCHING_UP.values():
        assert due.after.keys() >= {MINUTES[5], MINUTES[20], MINUTES[31], HALF_A_DAY, THREE_DAYS}


@pytest.mark.parametrize(("kind", "away"), CASES, ids=NAMES)
async def test_what_fell_due_during_an_absence_is_caught_up_with_as_it_says(
    sqlite: Database, kind: str, away: timedelta
) -> None:
    await _caught_up(sqlite, kind, away)


@pytest.mark.parametrize("kind", CATCHING_UP)
async def test_what_fell_due_during_three_days_is_caught_up_with_on_both_databases(
    database: Database, kind: str
) -> None:
    await _caught_up(database, kind, THREE_DAYS)


async def _caught_up(database: Database, kind: str, away: timedelta) -> None:
    due = CATCHING_UP[kind]
    here = await _until_just_before(database, due)
    stood = set(here.chat.posts)
    await here.wakes_at(due.at + away)
    new = [here.chat.posts[ref] for ref in here.chat.posts if ref not in stood]
    (step,) = [each for each in await _steps(database, kind) if each.due_at == due.at]
    caught = due.after[away]
    assert (step.state, step.late_s) == (caught.step, away.total_seconds())
    assert (await here.runs())[0].state is caught.huddle
    assert Counter(_kind_of(post.key) for post in new) == caught.said
    assert len({(_kind_of(post.key), post.to) for post in new}) == len(new), "a kind and reader has one message at most"
    await _nothing_more_comes_of_it(database, here)


async def _nothing_more_comes_of_it(database: Database, here: FieldDispatch) -> None:
    """Every step that is due is done, and a second start in the same minute finds nothing to do."""
    attempts = len(here.chat.attempts)
    await here.wakes_at(here.clock.now())
    assert len(here.chat.attempts) == attempts
    async with database.read(SYSTEM) as tx:
        late = (col(Occurrence.due_at) <= here.clock.now(), Occurrence.state == Occurrence.State.PLANNED)
        assert await tx.all(select(Occurrence.key).where(*late)) == []


async def _until_just_before(database: Database, due: Due) -> FieldDispatch:
    """The team a minute before the step; Amy has answered by then where the huddle is open."""
    here = await field_dispatch(database, at(9, 0))
    if due.is_local:
        await _in_two_zones(database)
    before = due.at - timedelta(minutes=1)
    if before > at(9, 16):
        await here.until(at(9, 16))
        await here.do("amy", Text("Valve checks"), "event-1")
    await here.until(before)
    return here


async def _in_two_zones(database: Database) -> None:
    """Everybody is asked in the morning; that of two of them comes after the hour of the summary."""
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9, 0))
        for person in await tx.all(select(Person).where(col(Person.name).in_(["Dee", "Eli"]))):
            person.zone = "America/Los_Angeles"
        (huddle,) = await tx.all(select(Huddle))
        huddle.mode = Huddle.Mode.LOCAL
        await tx.flush()
        await replan(tx, huddle, at(9, 0))


async def _steps(database: Database, kind: str) -> list[Occurrence]:
    async with database.read(SYSTEM) as tx:
        return list(await tx.all(select(Occurrence).where(Occurrence.kind == kind)))


def _kind_of(key: str) -> str:
    """`huddle:1:prompt:7` is a prompt."""
    return key.split(":")[2]
