"""From what an adapter handed in to the handler it is for: commands, answers, buttons, forms."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from bot.chat import commands, grammar
from bot.chat.commands import Rest
from bot.chat.errors import Declined, SeveralPeople
from bot.chat.events import Asked, By, Changed, Pressed, Said, Submitted
from bot.chat.localtime import today_in
from bot.chat.replies import NOTHING, Replies
from bot.chat.routing import Command, Routes, Who
from bot.guide import views as words
from bot.people import rules
from bot.ports import Action, Edited, Press, Submission, TakenBack, Text
from bot.search.verbs import SHOWN_BY
from storage import events
from storage.organisations import organisation_of
from storage.people import Person, Role, roles_of, zone_of
from storage.teams import calendars_of, teams_answered_for
from storage.tx import Tx

_CODE_ALONE = re.compile(r"/?(?P<code>(?P<letters>[A-Za-z]{1,3})-\d{1,9})[.?]?", re.ASCII)


async def read(tx: Tx, routes: Routes, by: By, action: Action, *, now: datetime) -> Replies:
    """Finds the handler of an action and runs it. Raises: Declined."""
    match action:
        case Text(text, to_bot=True):
            return await _text(tx, routes, by, text, now=now)
        case Text():
            return NOTHING
        case Press(words.SAY, ids):
            return await _text(tx, routes, by, ids.get("text", ""), now=now)
        case Press(verb, ids):
            if verb not in routes.presses:
                raise Declined(words.old_button())
            return await routes.presses[verb](Pressed(by, verb, ids), tx, now)
        case Submission(verb, values, ids):
            if verb not in routes.forms:
                raise Declined(words.old_button())
            return await routes.forms[verb](Submitted(by, verb, values, ids), tx, now)
        case Edited() | TakenBack():
            return await _changed(tx, routes, by, action, now=now)


async def _changed(tx: Tx, routes: Routes, by: By, action: Edited | TakenBack, *, now: datetime) -> Replies:
    """A line that the bot never took, or that somebody else wrote, is nobody's business here."""
    there = (by.place.install_id, by.place.external_id)
    line = await events.line(tx, *there, message=action.message)
    if routes.changed is None or line is None or line.person_id != by.person.id:
        return NOTHING
    text = action.text if isinstance(action, Edited) and action.text.strip() else None
    return await routes.changed(Changed(by, line.id, text), tx, now)


async def _text(tx: Tx, routes: Routes, by: By, text: str, *, now: datetime) -> Replies:
    person, common = by.person, (await organisation_of(tx)).calendar
    today = today_in(zone_of(person), now)
    teams = (await calendars_of(tx, [person.id], today)).get(person.id, ("",))
    days = rules.Days(person, (), {each or common for each in teams})

    text = _shown(text) or text
    # In a room the bot is only spoken to by its name, so what is said there is a command, with a slash or without.
    line = text if by.is_direct or text.startswith("/") else f"/{text}"
    found = grammar.read(
        line,
        [command.usage for command in routes.commands],
        today=today,
        is_working_day=days.would_work,
    )
    match found:
        case commands.Command():
            return await _command(tx, routes, Asked(by, found), now)
        case None if by.is_direct:
            return await routes.said(Said(by, text, _near(routes, text)), tx, now)
        case None:
            raise Declined(words.unknown_verb(text.split(maxsplit=1)[0] if text.strip() else "", ""), code="E-02")
        case _:
            raise words.problem(found, text)


def _shown(text: str) -> str:
    """A code alone on a line as the command that shows what has it; empty for anything else."""
    found = _CODE_ALONE.fullmatch(text.strip())
    verb = SHOWN_BY.get(found["letters"].upper()) if found else None
    return f"/{verb} {found['code'].upper()}" if found and verb else ""


def _near(routes: Routes, text: str) -> str:
    """The command for days that a line begins like: what can't be read as days there may be a slip of the pen."""
    words_typed = text.casefold().split()
    for command in routes.commands:
        if command.usage.rest is Rest.PERIOD and words_typed and words_typed[0] in command.usage.names:
            return command.usage.verb
    return ""


async def _command(tx: Tx, routes: Routes, event: Asked, now: datetime) -> Replies:
    command = next(each for each in routes.commands if each.usage.verb == event.command.verb)
    if not await usable(tx, event.by.person, [command]):
        raise Declined(words.not_allowed(command.who), code="E-03")
    try:
        return await command.handler(event, tx, now)
    except SeveralPeople as problem:
        raise words.with_person(problem, event.command.text) from problem


async def usable(tx: Tx, person: Person, commands: Sequence[Command]) -> Sequence[Command]:
    """Those of some commands that a person may use at all."""
    if all(command.who is Who.EVERYBODY for command in commands):
        return commands
    belongs_to = await _circles_of(tx, person)
    return [command for command in commands if command.who in belongs_to]


async def _circles_of(tx: Tx, person: Person) -> Collection[Who]:
    if Role.Kind.ADMIN in await roles_of(tx, person):
        return frozenset(Who)
    return {Who.EVERYBODY, Who.LEAD} if await teams_answered_for(tx, person.id) else {Who.EVERYBODY}
