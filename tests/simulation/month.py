"""A month of a company of forty: what reaches whom, how often and when. `python -m tests.simulation.month` writes it.

The engine is the real one, on simulated time; the platform takes everything and writes it down.
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import select

from bot.dispatch import Dispatcher
from bot.people.rules import away, holiday, works_on
from bot.routes import ROUTES
from bot.terminal import has_begun
from schedules.clock import Ticker
from schedules.delivery import Delivery
from schedules.heartbeat import Heartbeat
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.messages import Lane, Message
from storage.people import Absence, Person
from storage.tx import SYSTEM
from tests.simulation.counting import BUDGET, Month, Sent
from tests.simulation.deeds import Crowd, deeds
from tests.simulation.forty import CREWS, PLATFORM, Crew, Diary, found
from tests.simulation.report import page
from tests.support.memory import in_memory

BEGINS_ON = date(2026, 11, 2)
DAYS = 31
SEED = 7
MEMORY_NEEDED = 100_000_000  # bytes free for the database, several times what it grows to
EVENING, MORNING = time(18, 30), time(7, 30)


async def simulated(url: str, *, begins_on: date = BEGINS_ON, days: int = DAYS, seed: int = SEED) -> Month:
    """Lives the days in an empty database."""
    begins = datetime.combine(begins_on, time(6), tzinfo=UTC)
    database = Database(url)
    try:
        async with database.write(SYSTEM) as tx:
            await found(tx, begins)
        clock = SimulatedClock(begins)
        chat = Diary(clock=clock)
        dispatcher = Dispatcher(database, ROUTES, clock)
        delivery = Delivery(database, {PLATFORM: chat}, ROUTES.views, clock, name="month", manners=ROUTES.manners)
        heartbeat = Heartbeat(database, Ticker(database, dispatcher), delivery, clock)
        crowd = Crowd(dispatcher, chat)
        for crew in CREWS:
            await _sets_up(crowd, crew)
        for at, _, deed in deeds(begins_on, days, seed):
            if at > clock.now():
                await heartbeat.advance_to(at)
            await deed(crowd)
        await heartbeat.advance_to(begins + timedelta(days=days))
        return await _month(database, chat, begins_on, days, seed)
    finally:
        await database.close()


async def _sets_up(crowd: Crowd, crew: Crew) -> None:
    lead, room = crew.members[0], crew.name.lower().replace(" ", "-")
    await crowd.say(lead, f'/huddle setup "{crew.name}" {crew.huddle}', room=room)
    await crowd.say(lead, "/weekly setup day:fri at:10:00", room=room)


async def _month(database: Database, chat: Diary, begins_on: date, days: int, seed: int) -> Month:
    async with database.read(SYSTEM) as tx:
        people = {each.id: each for each in await tx.all(select(Person))}
        lanes = {each.id: each for each in await tx.all(select(Lane))}
        messages = {each.key: each for each in await tx.all(select(Message))}
        absences = await tx.all(select(Absence))
    calendars = {name: crew.calendar or "GB-ENG" for crew in CREWS for name in crew.members}
    sent: list[Sent] = []
    for post in chat.diary:
        message = messages[post.key]
        person = people.get(message.person_id or 0)
        if person is None:
            continue
        local = post.at.astimezone(ZoneInfo(person.zone))
        sent.append(
            Sent(
                person=person.name,
                view=message.view,
                local=local,
                is_reply=lanes[message.lane_id].traffic is Lane.Traffic.REPLY,
                is_urgent=message.urgent,
                is_quiet=_quiet(person, local, absences, calendars.get(person.name, "GB-ENG")),
            )
        )
    return Month(begins_on, days, sent, sum(not post.account for post in chat.diary), seed)


def _quiet(person: Person, local: datetime, absences: Sequence[Absence], calendar: str) -> str:
    on = local.date()
    if away(absences, person.id, on):
        return "away"
    if not works_on(person, on, calendar):
        return holiday(calendar, on) or "a day off"
    return "" if MORNING <= local.time() < EVENING else "quiet hours"


def main(path: str) -> None:
    """Lives the month and writes the page."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    has_begun()  # as in every process that serves
    with TemporaryDirectory(dir=in_memory(MEMORY_NEEDED)) as folder:
        url = f"sqlite:///{folder}/month.db"
        Database(url).migrate()
        month = asyncio.run(simulated(url))
    Path(path).write_text(page(month), encoding="utf-8")
    print(f"{len(month.sent)} direct messages; over {BUDGET}: {month.over_budget}; in quiet: {month.in_quiet[:5]}")  # noqa: T201
    if month.over_budget or month.in_quiet:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "docs/month.md")
