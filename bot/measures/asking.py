"""What every command about a measure asks first: which one, may they, was somebody faster."""

from collections.abc import Sequence

from bot.chat.commands import Command
from bot.chat.errors import Declined
from bot.measures import reply_views
from bot.people.rules import first_name
from storage import audit
from storage.links import End, Thing
from storage.measures import Measure, hold, measures
from storage.people import Department, Person, Role, departments, roles_of
from storage.teams import Team, teams_answered_for
from storage.tx import Tx

SHAPERS = frozenset({Role.Kind.ADMIN, Role.Kind.SECRETARY, Role.Kind.CHAIR})


def spoken(command: Command) -> str:
    """The quoted texts of a line and its free words, as one."""
    return " ".join(each for each in (*command.quoted, command.words) if each)


def split(text: str, known: Sequence[Measure]) -> tuple[Measure, str] | None:
    """The measure with whose code or name a text begins, the longest one, and what stands behind it."""
    plain = text.casefold()
    called = [(name, each) for each in known for name in (each.code.casefold(), each.name.casefold())]
    found = [(name, each) for name, each in called if plain == name or plain.startswith(f"{name} ")]
    if not found:
        return None
    name, measure = max(found, key=lambda pair: len(pair[0]))
    return measure, text[len(name) :].strip()


async def the_measure(tx: Tx, text: str, person: Person) -> tuple[Measure, str]:
    """The measure that a line names, and what stands behind it. Raises: Declined (E-04)."""
    known = await seen_by(tx, person)
    found = split(text, known)
    if found is None:
        raise Declined(reply_views.which(text.split(" ", maxsplit=1)[0], [each.code for each in known]), code="E-04")
    return found


async def seen_by(tx: Tx, person: Person) -> Sequence[Measure]:
    """The measures that somebody may see, by code: people of other companies those that are theirs."""
    every = await measures(tx)
    if not person.is_external:
        return every
    mine = {person.department_id} - {None}
    return [each for each in every if each.owner_id == person.id or each.department_id in mine]


def need_inside(person: Person) -> None:
    """Raises: Declined (E-03) for people of other companies."""
    if person.is_external:
        raise Declined(reply_views.only_inside(), code="E-03")


async def need_shaper(tx: Tx, person: Person, what: str) -> None:
    """Raises: Declined (E-03) for who does not lead, head or run anything. Source: domain.md 3.2."""
    need_inside(person)
    if SHAPERS & await roles_of(tx, person) or await teams_answered_for(tx, person.id):
        return
    if person.id not in {each.head_id for each in await departments(tx)}:
        raise Declined(reply_views.only_shapers(what), code="E-03")


async def need_recorder(tx: Tx, measure: Measure, person: Person) -> None:
    """Raises: Declined (E-03) for who is neither its owner nor leads its team nor administers the bot."""
    team = None if measure.team_id is None else await tx.get(Team, measure.team_id)
    leads = team is not None and team.lead_id == person.id
    if person.id == measure.owner_id or leads or Role.Kind.ADMIN in await roles_of(tx, person):
        return
    raise Declined(reply_views.only_owner(measure), code="E-03")


async def to_change(tx: Tx, text: str, person: Person, what: str) -> tuple[Measure, str]:
    """The measure that somebody is about to shape, held until they have. Raises: Declined (E-04, E-03, E-20)."""
    await need_shaper(tx, person, what)
    measure, rest = await the_measure(tx, text, person)
    await hold(tx, measure)
    other = await audit.overtaken_by(tx, end_of(measure))
    if other is not None:
        name = first_name(await tx.need(Person, other))
        raise Declined(reply_views.overtaken(name, measure), code="E-20")
    return measure, rest


def end_of(measure: Measure) -> End:
    """A measure as the end of a link and the subject of the trail."""
    return Thing.MEASURE, measure.id


async def the_department(tx: Tx, name: str) -> Department:
    """The department of that name, in any case. Raises: Declined (E-04)."""
    known = await departments(tx)
    found = next((each for each in known if each.name.casefold() == name.strip().casefold()), None)
    if found is None:
        raise Declined(reply_views.unknown("department", name, [each.name for each in known]), code="E-04")
    return found
