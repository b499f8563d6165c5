"""An initiative with what its card shows, its people's parts, and what it still lacks, gathered from rows."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from bot.chat.localtime import today_in
from bot.chat.spans import Hue
from bot.initiatives import case_views, rules
from bot.initiatives.charter_views import Shown
from bot.initiatives.rules import Missing, Ready
from bot.initiatives.scoring import Rating, worth
from bot.initiatives.views import Around
from bot.people.rules import is_office_day
from bot.training.standing import share_trained
from bot.work import leading, slip
from bot.work.rules import Part
from storage import audit, portfolio
from storage.audit import AuditEvent
from storage.initiatives import Batch, Charter, Domain, Initiative, Milestone, Stakeholder, charter_of, phases_of
from storage.organisations import organisation_of
from storage.people import Person, Role, roles_of, zone_of
from storage.teams import leads_any
from storage.tx import Tx

PEOPLE = ("owner_id", "sponsor_id")
MAY_ANSWER = (Part.OWNER, Part.LEAD)
"""Who answers what its people ask."""


def today_of(person: Person, now: datetime) -> date:
    """The date where somebody is."""
    return today_in(zone_of(person), now)


async def today_here(tx: Tx, now: datetime) -> date:
    """The date where the one who acts is."""
    return today_of(await tx.need(Person, tx.actor_id), now)


async def around(tx: Tx, initiative: Initiative, today: date) -> Around:
    """Everything that its card shows; the number of queries does not grow with the rows."""
    stakeholders = await portfolio.stakeholders_of(tx, initiative.id)
    objectives, measures = await portfolio.served_by(tx, initiative.id)
    waits_for, needed_by = await portfolio.neighbours(tx, initiative.id)
    milestones = [each for each in await portfolio.milestones_of(tx, [initiative.id]) if is_open(each)]
    ratings = [Rating(each.benefit, each.cost, each.effort) for each in await portfolio.scores_of(tx, initiative.id)]
    calendar = (await organisation_of(tx)).calendar
    return Around(
        initiative,
        today,
        await portfolio.people_numbered(tx, [initiative.owner_id, initiative.sponsor_id]),
        domain=await tx.get(Domain, initiative.domain_id) if initiative.domain_id else None,
        batch=await tx.get(Batch, initiative.batch_id) if initiative.batch_id else None,
        frame=await portfolio.frame_on(tx, today),
        objectives=objectives,
        measures=measures,
        charter=await charter_of(tx, initiative.id),
        stakeholders=stakeholders,
        unread=[person for row, person in stakeholders if _is_unread(row, today, calendar)],
        waits_for=waits_for,
        needed_by=needed_by,
        next_milestone=next(iter(milestones), None),
        hue=(await hues(tx, [initiative.id], today)).get(initiative.id),
        worth=worth(ratings),
        raters=len(ratings),
        case_line=case_views.line(await portfolio.case_of(tx, initiative.id)),
        trained=await share_trained(tx, initiative.id),
    )


def is_open(milestone: Milestone) -> bool:
    """Whether it is still to come."""
    return milestone.state in {Milestone.State.PLANNED, Milestone.State.CLAIMED}


async def hues(tx: Tx, initiative_ids: Collection[int], today: date) -> Mapping[int, Hue]:
    """The colour of some initiatives: that of its worst open milestone; those without one have none."""
    milestones = [each for each in await portfolio.milestones_of(tx, initiative_ids) if is_open(each)]
    by_id = {each.id: each for each in milestones}
    pushing = {
        start for start, lag, after in await portfolio.successors_of(tx, by_id) if slip.pushes(by_id[start], lag, after)
    }
    found: dict[int, list[Hue]] = defaultdict(list)
    for each in milestones:
        found[each.initiative_id].append(slip.hue_of(each, today, pushes_another=each.id in pushing))
    return {number: hue for number, each in found.items() if (hue := slip.worst(each)) is not None}


def _is_unread(row: Stakeholder, today: date, calendar: str) -> bool:
    if row.read_at is not None:
        return False
    asked_on = row.created_at.date()
    days = (date.fromordinal(number) for number in range(asked_on.toordinal() + 1, today.toordinal() + 1))
    return sum(is_office_day(day, calendar) for day in days) >= rules.READ_WITHIN


async def parts_of(tx: Tx, initiative: Initiative, person: Person, now: datetime) -> frozenset[Part]:
    """What somebody is to an initiative."""
    parts = {Part.ANYBODY}
    parts |= {Part.OWNER} if person.id == initiative.owner_id else set()
    parts |= {Part.SPONSOR} if person.id == initiative.sponsor_id else set()
    parts |= {Part.REQUESTER} if person.id == initiative.created_by else set()
    on = today_of(person, now)
    is_lead = await leading.leads(tx, person, owner_id=initiative.owner_id, part_of=None, on=on)
    parts |= {Part.LEAD} if is_lead else set()
    return frozenset(parts)


async def may_see(tx: Tx, initiative: Initiative, person: Person) -> bool:
    """People of other companies see what they have a part in alone; everybody else sees all."""
    if not person.is_external or person.id in {initiative.owner_id, initiative.sponsor_id, initiative.created_by}:
        return True
    return person.id in {who.id for _, who in await portfolio.stakeholders_of(tx, initiative.id)}


async def leads_a_team(tx: Tx, person: Person) -> bool:
    """Whether somebody leads a team or administers the bot: a batch, which nobody owns, is theirs to make."""
    return Role.Kind.ADMIN in await roles_of(tx, person) or await leads_any(tx, person)


async def ready(tx: Tx, initiative: Initiative, today: date) -> Ready:
    """What it has of what it takes to start."""
    objectives, measures = await portfolio.served_by(tx, initiative.id)
    frame = await portfolio.frame_on(tx, today)
    here = await _here(tx, initiative)
    return Ready(
        charter=await charter_of(tx, initiative.id),
        phases=len(await phases_of(tx, initiative.id)),
        milestones=len(await portfolio.milestones_of(tx, [initiative.id])),
        measures=len(measures),
        objectives=len(objectives),
        has_owner=initiative.owner_id in here,
        has_sponsor=initiative.sponsor_id in here,
        in_flight=await portfolio.in_flight(tx, but=initiative.id),
        most=frame.max_in_flight if frame else None,
    )


async def _here(tx: Tx, initiative: Initiative) -> Collection[int]:
    """Its owner and sponsor, unless they have left."""
    people = await portfolio.people_numbered(tx, [initiative.owner_id, initiative.sponsor_id])
    return {number for number, person in people.items() if person.active}


async def review_lacks(tx: Tx, initiative: Initiative, charter: Charter) -> Sequence[Missing]:
    """What a charter needs before anybody can say yes to it."""
    here = await _here(tx, initiative)
    found = {*rules.charter_lacks(charter, len(await phases_of(tx, initiative.id)))} - {Missing.APPROVAL}
    found |= set() if initiative.owner_id in here else {Missing.OWNER}
    found |= set() if initiative.sponsor_id in here else {Missing.SPONSOR}
    return [each for each in Missing if each in found]


async def charter_shown(tx: Tx, initiative: Initiative, charter: Charter) -> Shown:
    """A charter with what stands on its card; its phases are those of the newest edition."""
    people = await portfolio.people_numbered(tx, [initiative.owner_id, initiative.sponsor_id])
    return Shown(
        initiative,
        charter,
        await phases_of(tx, initiative.id),
        await portfolio.queries_of(tx, charter.id),
        sponsor=people.get(initiative.sponsor_id or 0),
        owner=people.get(initiative.owner_id or 0),
        case_line=case_views.line(await portfolio.case_of(tx, initiative.id)),
    )


async def deeds(tx: Tx, entry: AuditEvent) -> Sequence[AuditEvent]:
    """All that was done to a thing at once; `entry` is one part of it."""
    if entry.event_id is None:
        return [entry]
    found = await audit.of_event(tx, entry.event_id)
    return [each for each in found if (each.thing, each.thing_id) == (entry.thing, entry.thing_id)]
