"""What an action is around it: its people, what it belongs to, and what each of them may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from bot.actions.views import Around, Deed
from bot.chat.cards import Button
from bot.chat.localtime import today_in
from bot.people.proposing import offered
from bot.people.rules import first_name, works_on
from bot.work import leading
from bot.work.rules import Part
from storage.actions import AGREED, Action, helpers_of
from storage.audit import AuditEvent, newest
from storage.blockers import Blocker
from storage.initiatives import Initiative
from storage.lineage import is_internal, sources
from storage.links import Link, Thing
from storage.organisations import organisation_of
from storage.people import Department, Person, admins, zone_of
from storage.teams import leads_of
from storage.tx import Tx

LAST_DEEDS = 3  # on a card; domain.md K-04
LOOKED_BACK = 10  # deeds among which the handing over is looked for


async def around(tx: Tx, action: Action) -> Around:
    """Gathers it; the number of queries does not depend on the rows."""
    every = await newest(tx, (Thing.ACTION, action.id), LOOKED_BACK)
    entries, given = every[:LAST_DEEDS], _given(action, every)
    wanted = {action.owner_id, action.requester_id, *(each.by for each in every)} - {None}
    people = {each.id: each for each in await tx.all(select(Person).where(col(Person.id).in_(wanted)))}
    return Around(
        action,
        owner=people.get(action.owner_id or 0),
        requester=people[action.requester_id],
        initiative=await tx.get(Initiative, action.initiative_id) if action.initiative_id else None,
        department=await tx.get(Department, action.department_id) if action.department_id else None,
        blocker=await tx.get(Blocker, action.blocker_id) if action.blocker_id else None,
        helpers=await helpers_of(tx, action),
        deeds=[Deed(each, first_name(people[each.by]) if each.by in people else "") for each in entries],
        source=await _source(tx, action),
        giver=people.get(given.by or 0) if given else None,
        given_why=given.reason if given else "",
    )


def _given(action: Action, entries: Sequence[AuditEvent]) -> AuditEvent | None:
    """The entry by which it changed hands, where somebody else did that than who wants it; not who knew somebody."""
    if action.state is not Action.State.PROPOSED or action.owner_id is None:
        return None
    found = next((each for each in entries if each.verb == "assign" and each.field == "owner_id"), None)
    is_theirs = found is None or not found.before or found.by in {None, action.requester_id, action.owner_id}
    return None if is_theirs else found


async def _source(tx: Tx, action: Action) -> str:
    """What it came from, where that is a blocker."""
    came_from = (Link.kind == Link.Kind.LED_TO, Link.from_kind == Thing.BLOCKER)
    this = (Link.to_kind == Thing.ACTION, Link.to_id == action.id)
    blocker = await tx.first(
        select(Blocker).join(Link, col(Link.from_id) == Blocker.id).where(*came_from, *this).order_by(col(Link.id))
    )
    return f"{blocker.code} {blocker.text}" if blocker else ""


async def parts_of(tx: Tx, action: Action, person: Person, now: datetime) -> frozenset[Part]:
    """What somebody is to an action."""
    parts = {Part.ANYBODY}
    if person.id == action.owner_id:
        parts.add(Part.OWNER)
    if person.id == action.requester_id:
        parts.add(Part.REQUESTER)
    initiative = await tx.get(Initiative, action.initiative_id) if action.initiative_id else None
    on = today_of(person, now)
    if await leading.leads(tx, person, owner_id=action.owner_id, part_of=initiative, on=on):
        parts.add(Part.LEAD)
    if person.id != action.owner_id and parts & {Part.LEAD, Part.REQUESTER}:
        parts.add(Part.CHECKER)
    return frozenset(parts)


async def elsewhere(tx: Tx, action: Action, person: Person | None) -> tuple[Button, ...]:
    """What can be done with an agreed action beside working on it: a council can talk about it."""
    return await offered(tx, person, action.code) if action.state in AGREED else ()


async def checkers(tx: Tx, action: Action, now: datetime) -> Sequence[Person]:
    """Who is asked whether it is done, never the owner: their leads, else who asked for it, else an administrator."""
    owner_id = action.owner_id or 0
    owner = await tx.need(Person, owner_id)
    leads = [each for each in await leads_of(tx, owner_id, today_of(owner, now)) if each.id != owner_id]
    if leads:
        return leads
    requester = await tx.need(Person, action.requester_id)
    if requester.active and requester.id != owner_id:
        return [requester]
    return [each for each in await admins(tx) if each.id != owner_id][:1]


def today_of(person: Person, now: datetime) -> date:
    """The date where somebody is."""
    return today_in(zone_of(person), now)


async def works_of(tx: Tx, person: Person) -> "Works":
    """On which days somebody works."""
    return Works(person, (await organisation_of(tx)).calendar)


@dataclass(frozen=True, slots=True)
class Works:
    """A person's working days: theirs, without the holidays of their own calendar or of the organisation's."""

    person: Person
    calendar: str

    def __call__(self, on: date) -> bool:
        return works_on(self.person, on, self.calendar)


async def may_see(tx: Tx, action: Action, person: Person) -> bool:
    """People of other companies see what is theirs or asked of their department; everybody else sees all.

    What came of something internal they see only where it was given to them.
    """
    if not person.is_external or person.id in {action.owner_id, *(each.id for each in await helpers_of(tx, action))}:
        return True
    is_asked = action.department_id is not None and action.department_id == person.department_id
    if not is_asked and person.id != action.requester_id:
        return False
    return not any([await is_internal(tx, each) for each in await sources(tx, [(Thing.ACTION, action.id)])])


async def asker(tx: Tx, action: Action, *, but: Person) -> Person | None:
    """Who has to know when nobody else does: who asked for it, else a lead of its owner, else an administrator."""
    found = [await tx.get(Person, action.requester_id)]
    if action.owner_id is not None:
        owner = await tx.need(Person, action.owner_id)
        found += await leads_of(tx, owner.id, today_of(owner, tx.acting.now))
    found += await admins(tx)
    return next((each for each in found if each is not None and each.active and each.id != but.id), None)
