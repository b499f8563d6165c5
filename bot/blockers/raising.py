"""`/huddle blocker`: something is in the way, unless it looks like what is in the team's way already (E-11)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.blockers import form_views, reply_views, rules, standing, telling, views
from bot.blockers.handlers import Obstacle, pressed, raised, step
from bot.chat.cards import Button
from bot.chat.commands import Command
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted, row_number
from bot.chat.forms import Values
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.work import handlers as work
from storage import audit
from storage.blockers import Blocker, open_blockers
from storage.links import Thing
from storage.people import Department, Person, departments, zone_of
from storage.teams import Team, team_at, teams_of
from storage.tx import Tx

KEYS = ("dept", "team", "customer")
_YES = frozenset({"yes", "y", "true", "stopped", "customer"})


class Typed(NamedTuple):
    """What is in the way, as it was read."""

    text: str
    team: Team
    department: Department | None
    customer_stopped: bool

    @property
    def values(self) -> Mapping[str, str]:
        """The same for a button to carry."""
        return {
            form_views.TEXT: self.text,
            form_views.TEAM: str(self.team.id),
            form_views.DEPT: str(self.department.id) if self.department else form_views.NOBODY,
            form_views.STOPPED: form_views.YES if self.customer_stopped else "",
        }


async def blocker(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle blocker "text" dept:Field customer`; without words it is the form."""
    text, stopped = _words(event.command)
    teams = await _teams(tx, event.by.person, now)
    every = await departments(tx)
    department = _department(event.command.keys.get("dept", ""), every)
    named = event.command.keys.get("team", "")
    team = _team(named, teams) or await _of_room(tx, event.by, teams)
    if not text or (team is None and len(teams) > 1):
        values = {
            form_views.TEXT: text,
            form_views.DEPT: str(department.id) if department else form_views.NOBODY,
            form_views.STOPPED: form_views.YES if stopped else "",
        }
        return Replies(answer=Answer(form_views.new(every, teams, values)))
    words = work.at_most(views.TEXT_MAX, text, "That")
    return await _checked(tx, event.by, Typed(words, team or teams[0], department, stopped), now=now)


def _words(command: Command) -> tuple[str, bool]:
    """The text, and whether a customer is without service: a bare `customer` counts where the text has quotes."""
    stopped = command.keys.get("customer", "").casefold() in _YES
    if rules.says_nothing(command.title):
        return "", stopped
    if command.quoted:
        return command.quoted[0].strip(), stopped or command.words.casefold() == "customer"
    return " ".join((command.words, *command.codes)).strip(), stopped


async def _teams(tx: Tx, person: Person, now: datetime) -> Sequence[Team]:
    """Raises: Declined for somebody whom no team would hear."""
    teams = await teams_of(tx, person, today_in(zone_of(person), now))
    if not teams:
        raise Declined(reply_views.no_team())
    return teams


def _team(name: str, teams: Sequence[Team]) -> Team | None:
    """Raises: Declined for a name that none of their teams has."""
    if not name:
        return None
    found = next((each for each in teams if each.name.casefold() == name.casefold()), None)
    if found is None:
        raise Declined(reply_views.no_such_team(name, [each.name for each in teams]))
    return found


async def _of_room(tx: Tx, by: By, teams: Sequence[Team]) -> Team | None:
    here = await team_at(tx, by.place.id)
    return next((each for each in teams if here is not None and each.id == here.id), None)


def _department(name: str, every: Sequence[Department]) -> Department | None:
    """Raises: Declined for a name that no department has."""
    if not name:
        return None
    found = next((each for each in every if each.name.casefold() == name.casefold()), None)
    if found is None:
        raise Declined(reply_views.no_such_department(name, [each.name for each in every]))
    return found


async def save(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form of something that is in the way."""
    values = event.values
    teams, every = await _teams(tx, event.by.person, now), await departments(tx)
    text = values.get(form_views.TEXT, "").strip()
    if not text or len(text) > views.TEXT_MAX:
        why = form_views.too_long(len(text)) if text else form_views.please_write()
        form = form_views.new(every, teams, {})
        return Replies(answer=Answer(form.refused(values, {form_views.TEXT: why})))
    return await _checked(tx, event.by, await _read(tx, values, teams), now=now)


async def _read(tx: Tx, values: Values, teams: Sequence[Team]) -> Typed:
    """What a form or button carries; a team that is none of theirs is their first."""
    number = row_number(values.get(form_views.TEAM, ""))
    team = next((each for each in teams if each.id == number), teams[0])
    department = await tx.get(Department, row_number(values.get(form_views.DEPT, "")))
    return Typed(values[form_views.TEXT].strip(), team, department, bool(values.get(form_views.STOPPED)))


async def _checked(tx: Tx, by: By, typed: Typed, *, now: datetime) -> Replies:
    """Raises: Declined (E-11) when it looks like an open one; nothing is kept until somebody has decided."""
    other = await like(tx, typed.team.id, typed.text, by.person.id)
    if other is None:
        return await _kept(tx, by, typed, now=now)
    if other.raised_by == by.person.id and rules.same_words(other.text, typed.text):
        return Replies(answer=Answer(reply_views.known_already(await standing.around(tx, other, now))))
    ways = reply_views.alike_ways(other, typed.values)
    raise Declined(reply_views.looks_like(other), code="E-11", ways=ways)


async def like(tx: Tx, team_id: int, text: str, person_id: int) -> Blocker | None:
    """An open one of a team that reads much the same: first the same words of the same person, then the same words."""
    found = [each for each in await open_blockers(tx, team_id) if rules.alike(each.text, text)]
    found.sort(key=lambda each: (not rules.same_words(each.text, text), each.raised_by != person_id, each.id))
    return next(iter(found), None)


async def met(tx: Tx, by: By, known: Blocker, *, ways: tuple[Button, ...] = (), now: datetime) -> None:
    """It is in somebody's way too. Raises: Declined (E-05), with the ways on, where it was solved in between."""
    if not rules.is_open(known):
        raise Declined(reply_views.solved_meanwhile(known), code="E-05", ways=(*ways, views.reopen_button(known)))
    await step(tx, by, known, "ask", now=now)
    audit.note(tx, (Thing.BLOCKER, known.id), "same", field="met")


async def _kept(tx: Tx, by: By, typed: Typed, *, now: datetime) -> Replies:
    obstacle = Obstacle(typed.text, typed.department.id if typed.department else None, typed.customer_stopped)
    today = (await standing.days_of(tx, typed.team, now)).today
    own = typed.team.department_id
    new = await raised(tx, obstacle, by=by.person.id, team_id=typed.team.id, own_department_id=own, on=today)
    card = reply_views.raised(await standing.around(tx, new, now))
    return Replies(answer=Answer(card), refresh=await telling.summaries(tx, new), undoable=True)


async def keep_new(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**It's new**: kept as it was typed."""
    text = event.ids.get(form_views.TEXT, "").strip()[: views.TEXT_MAX]
    if not text:
        raise Declined(views.unknown(""), code="E-04")
    typed = await _read(tx, {**event.ids, form_views.TEXT: text}, await _teams(tx, event.by.person, now))
    twin = await like(tx, typed.team.id, text, event.by.person.id)
    if twin is not None and twin.raised_by == event.by.person.id and rules.same_words(twin.text, text):
        return Replies(answer=Answer(reply_views.known_already(await standing.around(tx, twin, now))))  # pressed twice
    return await _kept(tx, event.by, typed, now=now)


async def same(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Same thing**: nothing new is kept but that it is in somebody else's way too."""
    known = await pressed(tx, event)
    await met(tx, event.by, known, now=now)
    await tx.flush()
    return Replies(answer=Answer(reply_views.same_thing(await standing.around(tx, known, now))))
