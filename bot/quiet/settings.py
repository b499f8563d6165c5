"""`/settings`: working days, holidays, quiet hours, messages a day and reminders of one person."""

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import available_timezones

from bot.chat.dates import Period
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.forms import Form, Values
from bot.chat.replies import Answer, Replies
from bot.huddles import absence, presence, scene
from bot.huddles.setup_rules import read_days
from bot.people.calendars import calendar_meant, near_calendars
from bot.quiet import rules, views
from storage.organisations import organisation_of
from storage.people import Person
from storage.teams import calendars_of
from storage.tx import Tx

NOTHING_OF_ONES_OWN = frozenset({"default", "usual", "everybody", "reset"})
NOTHING = frozenset({"none", "no", "off"})
TEAM = frozenset({"team", "none", "default"})
OWN_CLOCK = "local"  # the platform that does not say where somebody is


async def mine(tx: Tx, person: Person, now: datetime) -> views.Settings:
    """What holds for somebody."""
    organisation = await organisation_of(tx)
    today = scene.today_of(person, now)
    teams = (await calendars_of(tx, [person.id], today)).get(person.id, ())
    common = next((each for each in teams if each), organisation.calendar)
    return views.Settings(person, rules.quiet_of(person, organisation), common)


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/settings`."""
    return Replies(answer=Answer(views.settings(await mine(tx, event.by.person, now))))


async def work_days(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/settings days mon-wed,fri`, and a lead's `@Amy` behind it."""
    wanted = read_days(event.command.words)
    if not wanted:
        raise Declined(views.unknown_days(event.command.words))
    (person, *others) = await absence.whom(tx, event, now)
    replies = Replies()
    for each in (person, *others):
        each.working_days = wanted
        other = each.id != event.by.person.id
        replies += Replies(answer=Answer(views.days_noted(each, other=other)), undoable=True)
        today = scene.today_of(each, now)
        replies += presence.told(event.by, each, presence.Said.WORK, Period(today, today))
    if others:
        replies += Replies(answer=Answer(views.days_noted_for((person, *others))))
    return replies + await _followed(tx, (person, *others), now)


async def own_holidays(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/settings holidays GB-SCT`; `team` goes back to those of the team."""
    person, typed = event.by.person, event.command.words.strip()
    if not typed:
        raise Declined(views.calendar_wanted(person.calendar or ""))
    person.calendar = None if typed.casefold() in TEAM else calendar_of(typed)
    answer = Answer(views.holidays_noted(await mine(tx, person, now)))
    return Replies(answer=answer, undoable=True) + await _followed(tx, [person], now)


def calendar_of(typed: str) -> str:
    """The calendar that somebody means. Raises: Declined with what comes near to it."""
    found = calendar_meant(typed)
    if not found:
        raise Declined(views.unknown_calendar(typed, near_calendars(typed)))
    return found


async def quiet_hours(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/settings quiet 18:00 to 08:00`, `off`, or `default` for what holds for everybody."""
    person, typed = event.by.person, event.command.words.strip()
    if not typed:
        return await show(event, tx, now)
    organisation = await organisation_of(tx)
    begins: time | None
    ends: time | None
    if typed.casefold() in NOTHING:
        begins = ends = organisation.quiet_to  # the morning at which what waited for a day off comes
    elif typed.casefold() in NOTHING_OF_ONES_OWN:
        begins = ends = None
    else:
        read = rules.read_hours(typed)
        if read is None:
            raise Declined(views.unknown_hours(typed))
        begins, ends = read
    person.quiet_from, person.quiet_to = begins, ends
    answer = Answer(views.quiet_noted(await mine(tx, person, now)))
    return Replies(answer=answer, undoable=True) + await _followed(tx, [person], now)


async def a_day(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/settings messages 4`, or `default` for what holds for everybody."""
    person, typed = event.by.person, event.command.words.strip()
    if not typed:
        return await show(event, tx, now)
    number = None if typed.casefold() in NOTHING_OF_ONES_OWN else rules.read_number(typed)
    if number is None and typed.casefold() not in NOTHING_OF_ONES_OWN:
        raise Declined(views.unknown_number(typed))
    person.messages_a_day = number
    answer = Answer(views.number_noted(await mine(tx, person, now)))
    return Replies(answer=answer, undoable=True) + await _followed(tx, [person], now)


async def reminders(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/settings reminders off`."""
    typed = event.command.words.strip().casefold()
    if typed not in {views.ON, views.OFF}:
        raise Declined(views.on_or_off(event.command.words.strip()))
    return await _turned(tx, event.by.person, typed, now)


async def turn_reminders(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Stop such reminders**, **Remind me again**."""
    return await _turned(tx, event.by.person, event.ids.get("turn", views.OFF), now)


async def _turned(tx: Tx, person: Person, turn: str, now: datetime) -> Replies:
    changed = person.reminders is not (turn == views.ON)
    person.reminders = turn == views.ON
    answer = Answer(views.reminders_noted(person), stays=True)
    return Replies(answer=answer, undoable=changed) + await _followed(tx, [person], now)


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Change**: all of it in a form."""
    return Replies(answer=Answer(await _form(tx, event.by.person, now)))


async def _form(tx: Tx, person: Person, now: datetime) -> Form:
    return views.form(await mine(tx, person, now), with_zone=person.prefers == OWN_CLOCK)


async def save(event: Submitted, tx: Tx, now: datetime) -> tuple[bool, Replies]:
    """The form: whether it moved somebody to another zone, and what is said."""
    person, values = event.by.person, event.values
    before = await mine(tx, person, now)
    errors = _errors(values)
    if errors:
        return False, Replies(answer=Answer((await _form(tx, person, now)).refused(values, errors)))
    person.working_days = read_days(values["days"])
    typed = values.get("holidays", "").strip()
    person.calendar = None if not typed or typed.casefold() in TEAM else calendar_meant(typed)
    _keep_quiet(person, before.quiet, values)
    person.reminders = values.get("reminders", views.ON) != views.OFF
    zone = values.get("zone", person.zone).strip()
    has_moved, person.zone = zone != person.zone, zone
    await tx.flush()
    answer = Answer(views.saved(await mine(tx, person, now)))
    return has_moved, Replies(answer=answer, undoable=True) + await _followed(tx, [person], now)


def _keep_quiet(person: Person, before: rules.Quiet, values: Values) -> None:
    """What somebody left as it is for everybody goes on following what holds for everybody."""
    begins, ends = (rules.read_time(values.get(each, "")) for each in ("quiet_from", "quiet_to"))
    if (begins, ends) != (before.begins, before.ends):
        person.quiet_from, person.quiet_to = begins, ends
    number = rules.read_number(values["messages"])
    if number != before.a_day:
        person.messages_a_day = number


def _errors(values: Values) -> dict[str, str]:
    typed = values.get("holidays", "").strip()
    times = [values.get(each, "").strip() for each in ("quiet_from", "quiet_to")]
    read = [rules.read_time(each) for each in times]
    zone = values.get("zone", "").strip()
    checks = {
        "days": (bool(read_days(values.get("days", ""))), views.NEEDS_DAYS),
        "holidays": (
            not typed or typed.casefold() in TEAM or bool(calendar_meant(typed)),
            views.unknown_calendar(typed, near_calendars(typed)),
        ),
        "quiet_to": (not any(times) or None not in read, views.NEEDS_HOURS),
        "messages": (rules.read_number(values.get("messages", "")) is not None, views.NEEDS_NUMBER),
        "zone": ("zone" not in values or zone in available_timezones(), views.no_zone(zone)),
    }
    return {name: why for name, (fine, why) in checks.items() if not fine}


async def _followed(tx: Tx, people: Sequence[Person], now: datetime) -> Replies:
    return await presence.days_changed(tx, people, now)
