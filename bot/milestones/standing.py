"""What a milestone is around it: its people, its initiative, its colour, and what each person may do."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel import col, or_, select

from bot.chat.localtime import today_in
from bot.chat.spans import Hue
from bot.initiatives import finding
from bot.milestones import forecast, message_views, rules
from bot.milestones.views import Seen, Whole
from bot.people.rules import first_name
from bot.work import leading
from bot.work.rules import Part
from storage.audit import newest
from storage.initiatives import Initiative, Milestone, Phase
from storage.links import Thing
from storage.milestones import edges_at, following, milestones_in
from storage.people import Person, Role, admins, roles_of, zone_of
from storage.teams import leads_any
from storage.tx import Tx

LAST_DEEDS = 5
ASKERS = (Role.Kind.SPONSOR, Role.Kind.EXECUTIVE, Role.Kind.CHAIR, Role.Kind.SECRETARY, Role.Kind.ADMIN)


def today_of(person: Person, now: datetime) -> date:
    """The date where somebody is."""
    return today_in(zone_of(person), now)


async def people_in(tx: Tx, ids: Collection[int | None]) -> dict[int, Person]:
    """People by their numbers."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {each.id: each for each in await tx.all(select(Person).where(col(Person.id).in_(wanted)))}


async def seen(tx: Tx, milestones: Sequence[Milestone], today: date) -> list[Seen]:
    """Milestones as a card shows them; the number of queries does not depend on how many there are."""
    if not milestones:
        return []
    wanted = {each.initiative_id for each in milestones}
    initiatives = {each.id: each for each in await tx.all(select(Initiative).where(col(Initiative.id).in_(wanted)))}
    checkers = {number: _checker_of(milestones, initiative) for number, initiative in initiatives.items()}
    ids = [*(each.owner_id for each in milestones), *(one for some in checkers.values() for one in some.values())]
    people = await people_in(tx, ids)
    names = {number: first_name(each) for number, each in people.items()}
    pushers = await milestones_in(tx, {each.proposed_because_of for each in milestones if each.proposed_because_of})
    passing = await _passing(tx, milestones, today)
    return [
        Seen(
            each,
            initiatives[each.initiative_id],
            owner=names.get(each.owner_id or 0, ""),
            hue=rules.hue(each, today, pushes=each.id in passing),
            pushed_by=pushers[each.proposed_because_of].code if each.proposed_because_of in pushers else "",
            checker=names.get(checkers[each.initiative_id].get(each.id) or 0, ""),
        )
        for each in milestones
    ]


def _checker_of(milestones: Sequence[Milestone], initiative: Initiative) -> dict[int, int | None]:
    """Who accepts each of them."""
    mine = [each for each in milestones if each.initiative_id == initiative.id]
    return {each.id: second_person(each, initiative) for each in mine}


def second_person(milestone: Milestone, initiative: Initiative) -> int | None:
    """The initiative's owner; its sponsor where the owner claims their own."""
    others = (each for each in (initiative.owner_id, initiative.sponsor_id) if each != milestone.owner_id)
    return next((each for each in others if each is not None), None)


async def _passing(tx: Tx, milestones: Sequence[Milestone], today: date) -> set[int]:
    """Those of the amber ones that move a successor past its baseline."""
    doubtful = [each for each in milestones if rules.hue(each, today, pushes=False) is Hue.AMBER]
    after, edges = await following(tx, [each.id for each in doubtful])
    if not after:
        return set()
    points = forecast.points_of({each.id: each for each in (*doubtful, *after)}.values())
    return forecast.past_baseline(points, forecast.waits_of(edges))


async def one(tx: Tx, milestone: Milestone, today: date) -> Seen:
    """One of them."""
    (found,) = await seen(tx, [milestone], today)
    return found


async def whole(tx: Tx, milestone: Milestone, today: date) -> Whole:
    """One milestone with all that is known of it."""
    edges = await edges_at(tx, milestone.id)
    near = await milestones_in(tx, {each for edge in edges for each in (edge.from_id, edge.to_id)})
    entries = await newest(tx, (Thing.MILESTONE, milestone.id), LAST_DEEDS)
    people = await people_in(tx, {each.by for each in entries})
    return Whole(
        await one(tx, milestone, today),
        phase=await tx.get(Phase, milestone.phase_id) if milestone.phase_id else None,
        waits_for=[near[edge.from_id] for edge in edges if edge.to_id == milestone.id],
        waited_for_by=[near[edge.to_id] for edge in edges if edge.from_id == milestone.id],
        deeds=[
            f"{_name(people, each.by)} "
            + message_views.deed(each.verb, "it", each.after, each.reason).removesuffix(".")
            for each in entries
        ],
    )


def _name(people: dict[int, Person], number: int | None) -> str:
    return first_name(people[number]) if number in people else "The bot"


async def parts_of(tx: Tx, milestone: Milestone, person: Person, now: datetime) -> frozenset[Part]:
    """What somebody is to a milestone."""
    initiative = await tx.need(Initiative, milestone.initiative_id)
    is_admin = Role.Kind.ADMIN in await roles_of(tx, person)
    parts = {Part.ANYBODY}
    if person.id == milestone.owner_id:
        parts.add(Part.OWNER)
    if person.id == initiative.sponsor_id:
        parts.add(Part.SPONSOR)
    if is_admin:
        parts.add(Part.ADMIN)
    on = today_of(person, now)
    if await leading.leads(tx, person, owner_id=milestone.owner_id, part_of=initiative, on=on):
        parts.add(Part.LEAD)
    if Part.LEAD in parts and Part.OWNER not in parts:
        parts.add(Part.CHECKER)
    return frozenset(parts)


async def may_see_initiative(tx: Tx, person: Person, initiative: Initiative) -> bool:
    """As `/initiative` shows it, and to those who own a milestone of it."""
    if await finding.may_see(tx, initiative, person):
        return True
    mine = select(Milestone.id).where(Milestone.initiative_id == initiative.id, Milestone.owner_id == person.id)
    return await tx.first(mine) is not None


async def may_add(tx: Tx, initiative: Initiative, person: Person) -> bool:
    """Whether somebody may give an initiative milestones and close its phases."""
    if person.id in {initiative.owner_id, initiative.sponsor_id}:
        return True
    if Role.Kind.ADMIN in await roles_of(tx, person):
        return True
    return not person.is_external and await leads_any(tx, person)


async def may_ask(tx: Tx, person: Person) -> bool:
    """Whether somebody may ask owners for an update: leads, sponsors, executives, chair, secretary, administrators."""
    if person.is_external:
        return False
    if not (await roles_of(tx, person)).isdisjoint(ASKERS) or await leads_any(tx, person):
        return True
    mine = select(Initiative.id).where(or_(Initiative.owner_id == person.id, Initiative.sponsor_id == person.id))
    return await tx.first(mine) is not None


async def checkers(tx: Tx, milestone: Milestone) -> Sequence[Person]:
    """Who is asked to accept it, never its owner; an administrator where the initiative has nobody else."""
    initiative = await tx.need(Initiative, milestone.initiative_id)
    number = second_person(milestone, initiative)
    person = None if number is None else await tx.get(Person, number)
    if person is not None and person.active:
        return [person]
    return [each for each in await admins(tx) if each.id != milestone.owner_id][:1]


async def told_of(tx: Tx, milestone: Milestone) -> Person | None:
    """Who hears what becomes of it; None where nobody is there."""
    return (await told_in(tx, [milestone])).get(milestone.id)


async def told_in(tx: Tx, milestones: Sequence[Milestone]) -> dict[int, Person]:
    """Who hears what becomes of each: its owner, or the owner of the initiative where it has none or they left."""
    if not milestones:
        return {}
    wanted = {each.initiative_id for each in milestones}
    initiatives = await tx.all(select(Initiative).where(col(Initiative.id).in_(wanted)))
    leads = {each.id: each.owner_id for each in initiatives}
    people = await people_in(tx, {*(each.owner_id for each in milestones), *leads.values()})
    here = {number: each for number, each in people.items() if each.active}
    found = {each.id: here.get(each.owner_id or 0) or here.get(leads[each.initiative_id] or 0) for each in milestones}
    return {number: each for number, each in found.items() if each is not None}


async def leads_in(tx: Tx, milestones: Sequence[Milestone]) -> dict[int, Person]:
    """Who answers for each where its owner can't: the owner of its initiative, or the sponsor where they left too."""
    if not milestones:
        return {}
    wanted = {each.initiative_id for each in milestones}
    initiatives = await tx.all(select(Initiative).where(col(Initiative.id).in_(wanted)))
    chosen = {each.id: (each.owner_id, each.sponsor_id) for each in initiatives}
    people = await people_in(tx, {number for both in chosen.values() for number in both})
    here = {number for number, each in people.items() if each.active}
    found = {each.id: next((n for n in chosen[each.initiative_id] if n in here), None) for each in milestones}
    return {number: people[lead] for number, lead in found.items() if lead is not None}


async def is_unowned(tx: Tx, milestone: Milestone) -> bool:
    """Whether it has no owner, or one who left."""
    owner = await tx.get(Person, milestone.owner_id) if milestone.owner_id else None
    return owner is None or not owner.active


async def may_see(tx: Tx, person: Person, milestone: Milestone) -> bool:
    """People of other companies see their own, and those of their own initiatives; everybody else sees all."""
    if not person.is_external or person.id == milestone.owner_id:
        return True
    initiative = await tx.need(Initiative, milestone.initiative_id)
    return person.id in {initiative.owner_id, initiative.sponsor_id}
