"""What a customer says that somebody should look at today is told at once, to each once. Source: domain.md P-13."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.localtime import today_in
from bot.chat.replies import Show
from bot.customers import standing, views
from storage.councils import Council, councils
from storage.customers import VocItem
from storage.messages import Lane
from storage.people import Department, Person, Role, departments, zone_of
from storage.tx import Tx

ALERT = "voc.alert"


@dataclass(frozen=True, slots=True)
class Told:
    """Who hears of it, and with which messages."""

    people: Sequence[Person] = ()
    shows: tuple[Show, ...] = ()


NOBODY = Told()


async def department_named(tx: Tx, name: str) -> Department | None:
    """The department of that name, None for no name. Raises: Declined (E-04)."""
    if not name.strip():
        return None
    every = await departments(tx)
    found = _named(every, name)
    if found is None:
        raise Declined(views.no_such_department(name, [each.name for each in every]), code="E-04")
    return found


def _named(every: Sequence[Department], name: str) -> Department | None:
    wanted = " ".join(name.casefold().split())
    return next((each for each in every if each.name.casefold() == wanted), None)


async def alerted(  # noqa: PLR0917 - what was heard, by whom, for whom and when
    tx: Tx, item: VocItem, by: Person, department: Department | None, now: datetime
) -> Told:
    """The head of the department whose matter it is, and whoever answers for customers; never who heard it.

    It waits for their quiet like other messages: only a customer without service comes at any hour.
    """
    whose = department or _named(await departments(tx), item.stage)
    whose = whose or await standing.department_of(tx, by, today_in(zone_of(by), now))
    head = await tx.get(Person, whose.head_id) if whose is not None and whose.head_id else None
    every = [*([head] if head is not None else []), *await _for_customers(tx)]
    people = {each.id: each for each in every if each.active and not each.is_external and each.id != by.id}
    about = {"voc": item.id, "department": whose.id if whose is not None else 0}
    shows = (
        Show(f"voc:{item.id}:alert:{each.id}", each, ALERT, about, Lane.Traffic.PROMPT) for each in people.values()
    )
    return Told([*people.values()], tuple(shows))


async def _for_customers(tx: Tx) -> Sequence[Person]:
    """The sponsor of the oldest council that meets, else its chair; without a council everybody who sponsors."""
    council = next((each for each in await councils(tx) if each.state is Council.State.HELD), None)
    lead = None if council is None else council.sponsor_id or council.chair_id
    if lead is not None:
        return [await tx.need(Person, lead)]
    is_sponsor = select(Person).join(Role, col(Role.person_id) == Person.id).where(Role.kind == Role.Kind.SPONSOR)
    return await tx.all(is_sponsor.order_by(col(Person.id)))
