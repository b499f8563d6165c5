"""`/measure add`, `/measure record`, `/measure list`, `/measure show`."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.chat.commands import Command
from bot.chat.dates import read_past_date
from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.measures import rules, views
from bot.people.rules import SATURDAY
from storage.measures import Measure, Reading, measure_coded, measures, readings
from storage.people import Person, Role, roles_of, zone_of
from storage.teams import Team, team_named, teams_of
from storage.tx import Tx

SHOWN_MOST = 90  # readings in a picture: a quarter of days


async def add(event: Asked, tx: Tx, now: datetime) -> Replies:
    """A new measure of the team one leads, or of the team named."""
    command = event.command
    name = command.title
    if not name:
        raise Declined(views.needs_name())
    if len(name) > rules.NAME_MAX:
        raise Declined(views.name_too_long(len(name)))
    code = await _free_code(tx, command.keys.get("code") or "".join(word[0] for word in name.split()))
    unit = rules.unit_of(command.keys.get("unit", ""))
    if unit is None:
        raise Declined(views.not_a_unit(command.keys["unit"]))
    named = await team_named(tx, command.keys.get("team", ""))
    teams = [named] if named else await teams_of(tx, event.by.person, today_in(zone_of(event.by.person), now))
    measure = Measure(
        code=code, name=name, unit=unit, owner_id=event.by.person.id, team_id=teams[0].id if teams else None
    )
    tx.add(measure)
    return Replies(answer=Answer(views.added(measure)), undoable=True)


async def _free_code(tx: Tx, typed: str) -> str:
    code = typed.strip().upper()
    if not rules.is_code(code):
        raise Declined(views.not_a_code(code))
    taken = await measure_coded(tx, code)
    if taken is not None:
        raise Declined(views.code_taken(taken))
    return code


async def record(event: Asked, tx: Tx, now: datetime) -> tuple[Measure, Replies]:
    """Stores the number of a day, yesterday unless said otherwise; a second one for that day supersedes the first."""
    command, person = event.command, event.by.person
    measure = await _measure(tx, command)
    await _may_record(tx, measure, person)
    today = today_in(zone_of(person), now)
    period = _period(command, today)
    value = _value(command, measure)
    before = next((each for each in await readings(tx, measure.id, period - timedelta(days=1), 1)), None)
    reading = Reading(measure_id=measure.id, period_on=period, value=value)
    tx.add(reading)
    await tx.flush()
    for earlier in await readings(tx, measure.id, period, 10):
        if earlier.period_on == period and earlier.id != reading.id:
            earlier.superseded_by = reading.id
    change = "" if before is None else rules.change_words(value, before.value, measure.unit)
    return measure, Replies(answer=Answer(views.recorded(measure, reading, change)), undoable=True)


async def show_all(event: Asked, tx: Tx, now: datetime) -> Replies:
    """Every measure with its newest number."""
    today = today_in(zone_of(event.by.person), now)
    every = [(each, next(iter(await readings(tx, each.id, today, 1)), None)) for each in await measures(tx)]
    return Replies(answer=Answer(views.listed(every)))


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """One measure: its newest number, and how it came there."""
    measure = await _measure(tx, event.command)
    today = today_in(zone_of(event.by.person), now)
    owner = None if measure.owner_id is None else await tx.get(Person, measure.owner_id)
    team = None if measure.team_id is None else await tx.get(Team, measure.team_id)
    history = await readings(tx, measure.id, today, SHOWN_MOST)
    card = views.shown(measure, history, team=team.name if team else "", owner=owner.name if owner else "")
    return Replies(answer=Answer(card))


async def _measure(tx: Tx, command: Command) -> Measure:
    named = command.title.split(" ")[0] if command.title else ""
    found = await measure_coded(tx, named) or await measure_coded(tx, command.title)
    if found is None:
        raise Declined(views.which(named, [each.code for each in await measures(tx)]), code="E-04")
    return found


async def _may_record(tx: Tx, measure: Measure, person: Person) -> None:
    team = None if measure.team_id is None else await tx.get(Team, measure.team_id)
    leads = team is not None and team.lead_id == person.id
    if person.id == measure.owner_id or leads or Role.Kind.ADMIN in await roles_of(tx, person):
        return
    raise Declined(views.only_owner(measure), code="E-03")


def _period(command: Command, today: date) -> date:
    text = command.keys.get("period", "")
    if not text and not command.dates:
        return today - timedelta(days=1)
    found = read_past_date(text, today, lambda day: day.weekday() < SATURDAY) if text else command.dates[0]
    if not isinstance(found, date):
        raise Declined(words.unreadable_date(text), code="E-06")
    if found > today:
        raise Declined(views.not_in_future(found))
    return found


def _behind(command: Command, measure: Measure) -> str:
    """What stands behind the measure's code or name."""
    title = command.title
    named = next((each for each in (measure.name, measure.code) if title.casefold().startswith(each.casefold())), "")
    return title[len(named) :].strip()


def _value(command: Command, measure: Measure) -> Decimal:
    typed = command.keys.get("value") or next(iter(command.numbers), "") or _behind(command, measure)
    if not typed:
        raise Declined(views.needs_value(measure))
    value = rules.value_of(typed, measure.unit)
    if value is None:
        raise Declined(views.not_a_value(typed, measure))
    return value
