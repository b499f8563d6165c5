"""`/measure add`: a new customer number, with what it asks, whose it is and where it should go."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from bot.chat.commands import Command
from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.measures import asking, defining, reply_views, rules, taking, views
from storage import audit
from storage.initiatives import Objective
from storage.measures import Measure, measure_coded
from storage.people import Person, zone_of
from storage.portfolio import objectives
from storage.teams import Team, team_named, teams_of
from storage.tx import Tx

E = TypeVar("E", bound=StrEnum)
KEYS = (
    "code", "unit", "team", "kind", "question", "scale", "top", "dept", "objective", "outcome", "target", "amber",
    "better", "frequency", "hard",
)  # fmt: skip


async def add(event: Asked, tx: Tx, now: datetime) -> Replies:
    """A new measure of the team one leads, or of the team or department named. Raises: Declined."""
    command, person = event.command, event.by.person
    await asking.need_shaper(tx, person, "add a measure")
    name = command.title
    if not name:
        raise Declined(reply_views.needs_name())
    if len(name) > rules.NAME_MAX:
        raise Declined(reply_views.name_too_long(len(name)))
    code = await _free_code(tx, command.keys.get("code") or "".join(word[0] for word in name.split()))
    measure = defined(command, Measure(code=code, name=name, owner_id=person.id))
    team = await _team(tx, command, person, now)
    measure.team_id = team.id if team else None
    if typed := command.keys.get("dept", ""):
        measure.department_id = (await asking.the_department(tx, typed)).id
    else:
        measure.department_id = team.department_id if team else None
    if typed := command.keys.get("objective", ""):
        measure.objective_id = (await the_objective(tx, typed)).id
    tx.add(measure)
    await tx.flush()
    audit.note(tx, asking.end_of(measure), "add", field="measure", after=measure.code)
    return Replies(answer=Answer(views.added(measure)), undoable=True)


async def _free_code(tx: Tx, typed: str) -> str:
    code = typed.strip().upper()
    if not rules.is_code(code):
        raise Declined(reply_views.not_a_code(code))
    taken = await measure_coded(tx, code)
    if taken is not None:
        raise Declined(reply_views.code_taken(taken))
    return code


async def _team(tx: Tx, command: Command, person: Person, now: datetime) -> Team | None:
    """The team named, or the first that they are in; none where the measure is said to be a department's."""
    named = command.keys.get("team", "")
    if named:
        return await team_named(tx, named)
    if "dept" in command.keys:
        return None
    return next(iter(await teams_of(tx, person, today_in(zone_of(person), now))), None)


def defined(command: Command, measure: Measure) -> Measure:
    """`measure`, with what a line says of it. Raises: Declined."""
    _count(command, measure)
    _scale(command, measure)
    measure.question = text_of(command.keys.get("question", ""), "question")
    measure.financial_outcome = text_of(command.keys.get("outcome", ""), "outcome")
    typed = command.keys.get("better", "")
    measure.better = wanted(Measure.Better, typed, "better:") if typed else defining.better_for(measure.kind)
    if typed := command.keys.get("frequency", ""):
        measure.frequency = wanted(Measure.Frequency, typed, "frequency")
    hard = defining.is_hard(measure.kind, command.keys.get("hard", ""))
    if hard is None:
        raise Declined(reply_views.not_hard(measure.kind))
    measure.hard = hard
    aim(measure, command.keys.get("target", ""), command.keys.get("amber", ""))
    return measure


def _count(command: Command, measure: Measure) -> None:
    """What is counted, in what. Raises: Declined where the one does not go with the other."""
    kind, unit = command.keys.get("kind", ""), command.keys.get("unit", "")
    measure.unit = wanted(Measure.Unit, unit, "unit") if unit else Measure.Unit.PERCENT
    measure.kind = wanted(Measure.Kind, kind, "kind") if kind else defining.kind_for(measure.unit)
    units = defining.UNITS[measure.kind]
    if not unit:
        measure.unit = units[0]
    elif measure.unit not in units:
        raise Declined(reply_views.other_unit(measure.kind, units))


def _scale(command: Command, measure: Measure) -> None:
    scale = defining.scale_of(measure.kind, command.keys.get("scale", ""), command.keys.get("top", ""))
    if scale is None:
        raise Declined(reply_views.not_a_scale(measure.kind))
    measure.scale_min, measure.scale_max, measure.top_from = scale.low, scale.high, scale.top


def wanted(kinds: type[E], typed: str, what: str) -> E:
    """The value of that word. Raises: Declined, with the values that there are."""
    found = defining.one_of(kinds, typed)
    if found is None:
        raise Declined(reply_views.not_one_of(what, typed, [each.value for each in kinds]))
    return found


def text_of(typed: str, what: str) -> str:
    """What somebody typed about a measure. Raises: Declined where it is too long for a card."""
    text = typed.strip()
    if len(text) > defining.TEXT_MAX:
        raise Declined(reply_views.text_too_long(what, defining.TEXT_MAX, len(text)))
    return text


def aim(measure: Measure, target: str, amber: str) -> None:
    """Sets where a measure should go; an empty text leaves nothing. Raises: Declined."""
    measure.target, measure.amber_at = _number(measure, target), _number(measure, amber)
    if not defining.is_amber_right(measure.better, measure.target, measure.amber_at):
        raise Declined(reply_views.amber_is_wrong(measure))


def _number(measure: Measure, typed: str) -> Decimal | None:
    if not typed:
        return None
    found = taking.take(measure, {}, typed)
    if isinstance(found, taking.Bad):
        raise Declined(reply_views.flawed(found, measure))
    return found.value


async def the_objective(tx: Tx, name: str) -> Objective:
    """The objective of that name, in any case. Raises: Declined (E-04)."""
    known = await objectives(tx)
    found = next((each for each in known if each.name.casefold() == name.strip().casefold()), None)
    if found is None:
        names = [each.name for each in known]
        raise Declined(reply_views.unknown("objective", name, names, reply_views.way_to_objective()), code="E-04")
    return found
