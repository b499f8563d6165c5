"""A practice huddle: the form of the real one, and what it would have become; nothing of it is kept or counted."""

from collections.abc import Mapping
from datetime import datetime, time

from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.forms import Form, TextInput
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.huddles import form_views
from bot.huddles import rules as huddles
from bot.people.rules import first_name
from bot.welcome import handlers, practice_views
from storage.first_days import Tried
from storage.huddles import Huddle, HuddleRun, Question, huddles_of
from storage.people import Person, departments, zone_of
from storage.teams import teams_of
from storage.tx import Tx


async def open_form(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/huddle practice`, **Try a practice huddle**."""
    return Replies(answer=Answer(await _form(tx, event.by.person, now)))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent, to nobody else."""
    person = event.by.person
    form, huddle = await _form(tx, person, now), await _huddle(tx, person, now)
    errors = _errors(form, huddle, event.values)
    if errors:
        return Replies(answer=Answer(form.refused(event.values, errors)))
    card = practice_views.tried(huddle.questions, event.values, name=first_name(person), where=_where(huddle))
    kept = await handlers.keep(tx, person, Tried.What.PRACTICE, now)
    return Replies(answer=Answer(card, stays=True)) + kept


async def _form(tx: Tx, person: Person, now: datetime) -> Form:
    huddle = await _huddle(tx, person, now)
    today = today_in(zone_of(person), now)
    run = HuddleRun(id=0, huddle_id=0, local_date=today, opens_at=now, closes_at=now)
    return practice_views.form(huddle, run, await departments(tx), real=_where(huddle))


async def _huddle(tx: Tx, person: Person, now: datetime) -> Huddle:
    """The first huddle that asks them; who has none practises with the usual questions."""
    teams = await teams_of(tx, person, today_in(zone_of(person), now))
    found = next(iter(await huddles_of(tx, [team.id for team in teams])), None)
    if found is not None:
        return found
    return Huddle(name="", team_id=0, at_time=time(9, 15), zone=person.zone, questions=list(huddles.QUESTIONS))


def _where(huddle: Huddle) -> str:
    return huddle.name or "Your team"


def _errors(form: Form, huddle: Huddle, values: Mapping[str, str]) -> dict[str, str]:
    """What the real form would say."""
    missing: list[Question] = huddles.missing(huddle, values)
    errors = {each["id"]: form_views.please_write(each["kind"]) for each in missing}
    for each in form.inputs:
        length = len(values.get(each.id, ""))
        if isinstance(each, TextInput) and length > each.longest:
            errors[each.id] = form_views.too_long(each.longest, length)
    return errors
