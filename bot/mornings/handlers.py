"""The step in which plans for the day are given, and what somebody chooses about theirs."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, Due
from bot.chat.localtime import instant, midnight_after
from bot.chat.replies import Answer, Broadcast, Replies
from bot.huddles.rules import asked_at, next_dates
from bot.huddles.setup_rules import read_time
from bot.mornings import rules, views
from bot.people.rules import WEEKDAYS, holiday
from storage import mornings
from storage.huddles import Huddle
from storage.messages import Lane
from storage.mornings import PLAN, USUAL, Giving, Morning, MorningChoice, choice_of, wake
from storage.organisations import organisation_of
from storage.people import Person
from storage.tx import Tx


async def give(event: Due, tx: Tx, now: datetime) -> Replies:
    """One morning of one zone: everybody at work there who has something due gets a plan, in one statement."""
    morning = await tx.get(Morning, event.subject_id)
    if morning is None or event.slot is None or event.missed:
        return Replies(skipped=True)
    giving = await _giving(tx, morning, rules.day_of(event.slot), now)
    people = mornings.recipients(tx, giving)
    number = await mornings.how_many(tx, people)
    if not number:
        return Replies(skipped=True)
    ids = {"on": giving.on.toordinal()}
    plans = Broadcast(mornings.key_of(giving.on), people, PLAN, ids, Lane.Traffic.PROMPT)
    return Replies(show=(plans,), outcome=views.given(number))


async def _giving(tx: Tx, morning: Morning, on: date, now: datetime) -> Giving:
    zone, calendar = ZoneInfo(morning.zone), (await organisation_of(tx)).calendar
    due_at = max(now, instant(on, morning.at_time, zone))
    known = {calendar, *await mornings.calendars(tx)}
    return Giving(
        zone=morning.zone,
        at_time=morning.at_time,
        on=on,
        weekday=WEEKDAYS[on.weekday()],
        calendar=calendar,
        closed=frozenset(each for each in known if holiday(each, on)),
        due_at=due_at,
        not_after=instant(on, morning.at_time, zone) + rules.STILL_WELCOME,
        earlier=await _before_huddles(tx, zone, on, now=now, due_at=due_at),
        meeting=await mornings.meeting_teams(
            tx, midnight_after(on - timedelta(days=1), zone), midnight_after(on, zone)
        ),
        worked=rules.days_before(on, calendar),
    )


async def _before_huddles(
    tx: Tx, zone: ZoneInfo, on: date, *, now: datetime, due_at: datetime
) -> Sequence[tuple[int, datetime]]:
    """Teams whose huddle asks people of a zone just before their plan would come, and when it comes instead."""
    found: dict[int, datetime] = {}
    for huddle in await tx.all(select(Huddle).where(col(Huddle.active).is_(True)).order_by(col(Huddle.id))):
        for own in next_dates(huddle, on - timedelta(days=2), 3):
            prompt_at = asked_at(huddle, own, zone)
            if rules.is_near(prompt_at, due_at):
                before = max(now, prompt_at - rules.BEFORE_HUDDLE)
                found[huddle.team_id] = min(before, found.get(huddle.team_id, before))
    return list(found.items())


async def moved(tx: Tx, person: Person, now: datetime) -> None:
    """Somebody lives in another zone, or came back: there is a morning there, also at the time they chose."""
    if not person.active:
        return
    choice = await choice_of(tx, person.id)
    await wake(tx, person.zone, now)
    if choice is not None and choice.at_time is not None:
        await wake(tx, person.zone, now, choice.at_time)


# --- what somebody chooses


async def switch_off(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/today off`."""
    choice = await _choice(tx, event.by.person)
    choice.is_off = True
    return Replies(answer=Answer(views.switched_off()), undoable=True)


async def switch_on(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/today on`: at the time chosen before, else at the usual one."""
    choice = await _choice(tx, event.by.person)
    choice.is_off = False
    await moved(tx, event.by.person, now)
    return Replies(answer=Answer(views.chosen(choice.at_time or USUAL)), undoable=True)


async def choose_time(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/today at 07:45`. Raises: Declined for what is no time of a morning."""
    at_time = _time(event.command.words)
    choice = await _choice(tx, event.by.person)
    choice.at_time, choice.is_off = at_time, False
    await wake(tx, event.by.person.zone, now, at_time)
    return Replies(answer=Answer(views.chosen(at_time)), undoable=True)


def _time(words: str) -> time:
    at_time = read_time(words if ":" in words or "." in words else f"{words}:00")
    if at_time is None or not rules.is_morning(at_time):
        raise Declined(views.needs_time())
    return at_time


async def _choice(tx: Tx, person: Person) -> MorningChoice:
    found = await choice_of(tx, person.id)
    if found is None:
        found = MorningChoice(person_id=person.id)
        tx.add(found)
    return found
