"""`/initiative set`, `domain`, `objective`, `measure`: what an initiative is about, whose it is, and what it serves."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.chat.words import day
from bot.initiatives import adding, approving, asking, reply_views, rules, stakeholders
from bot.initiatives.asking import Step
from bot.work import handlers as work
from storage import audit, links
from storage.actions import Priority
from storage.initiatives import Domain, Initiative, Objective
from storage.links import Link, Thing
from storage.measures import measure_coded, measures
from storage.people import Person, Role, roles_of
from storage.portfolio import domains, objectives, served_by
from storage.tx import Tx

FIRST = frozenset({Priority.P1, Priority.P2})
KEYS = ("sponsor", "owner", "domain", "prio", "starts", "ends", "kind", "stage", "title")


async def set_fields(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/initiative set I-4 sponsor:@Carl owner:@Ann prio:P2 ends:2027-01-29`."""
    initiative = await asking.the_initiative(tx, event)
    keys = event.command.keys
    hands_on = {*keys} == {"sponsor"} and event.by.person.id == initiative.sponsor_id
    when = rules.HANDS_ON if hands_on else ""
    going = await asking.step(tx, event.by, initiative, verb="set", now=now, when=when)
    if not keys:
        raise Declined(reply_views.nothing_to_set(initiative.code))
    owner, sponsor = initiative.owner_id, initiative.sponsor_id
    noted = await audit.newest(tx, going.end, 1)
    said = [await _set(going, key, value) for key, value in keys.items()]
    await _check(tx, initiative)
    await tx.flush()
    if await audit.newest(tx, going.end, 1) == noted:  # all of it was so before: nobody has to hear of it
        return Replies(answer=Answer(reply_views.changed(initiative, said)))
    if initiative.sponsor_id != sponsor:
        await _need_other_hand(going, owner=owner, before=sponsor)
    replies = (await going.told(reply_views.changed(initiative, said))) + await _accountable(going, keys)
    return replies + await _passed_on(
        tx, initiative, owner=initiative.owner_id != owner, sponsor=initiative.sponsor_id != sponsor
    )


async def _need_other_hand(going: Step, *, owner: int | None, before: int | None) -> None:
    """Raises: Declined (E-03) where an owner would choose who approves their own charter."""
    me, initiative = going.by.person, going.initiative
    if me.id != owner:
        return
    is_admin = Role.Kind.ADMIN in await roles_of(going.tx, me)
    if initiative.sponsor_id == me.id or (before is not None and not is_admin):
        raise Declined(reply_views.sponsor_is_for_others(initiative.code), code="E-03")


async def _passed_on(tx: Tx, initiative: Initiative, *, owner: bool, sponsor: bool) -> Replies:
    """What waited for the people before waits for the new ones."""
    if not (owner or sponsor):
        return Replies()
    replies = await approving.passed_on(tx, initiative, owner=owner, sponsor=sponsor)
    if owner and initiative.owner_id is not None:
        replies += await stakeholders.passed_on(tx, initiative, await tx.need(Person, initiative.owner_id))
    return replies


async def _set(going: Step, key: str, value: str) -> str:
    """Sets one field, writes it down, and says it in words."""
    if key in {"sponsor", "owner"}:
        return await _set_person(going, key, value)
    before = await _said(going, key)
    said = await _changed(going, key, value)
    if said != before:
        going.note(key, before, said)
    return f"{_LABELS.get(key, key)} {said}"


async def _said(going: Step, key: str) -> str:
    """How a field stands, in words."""
    initiative = going.initiative
    match key:
        case "domain":
            domain = await going.tx.get(Domain, initiative.domain_id) if initiative.domain_id else None
            return domain.name if domain else ""
        case "prio":
            return initiative.priority.value
        case "kind":
            return initiative.kind.value
        case "starts":
            return day(initiative.starts_on) if initiative.starts_on else ""
        case "ends":
            return day(initiative.ends_on) if initiative.ends_on else ""
        case "stage":
            return initiative.stage
        case _:
            return initiative.title


async def _changed(going: Step, key: str, value: str) -> str:
    initiative = going.initiative
    match key:
        case "domain":
            domain = await asking.the_domain(going.tx, value, going.by.person)
            initiative.domain_id = domain.id
            said = domain.name
        case "prio":
            initiative.priority = await _earned(going, priority_of(value))
            said = initiative.priority.value
        case "kind":
            initiative.kind = adding.kind_of(value)
            said = initiative.kind.value
        case "starts":
            initiative.starts_on = await work.day_meant(going.tx, going.by, value, going.now, line=value)
            said = day(initiative.starts_on)
        case "ends":
            initiative.ends_on = await work.day_meant(going.tx, going.by, value, going.now, line=value)
            said = day(initiative.ends_on)
        case "stage":
            initiative.stage = said = work.at_most(rules.NAME_MAX, value.strip(), "That stage")
        case _:
            initiative.title = said = work.at_most(rules.TITLE_MAX, value.strip(), "That title") or initiative.title
    return said


_LABELS: Mapping[str, str] = {"prio": "priority"}


async def _set_person(going: Step, part: str, name: str) -> str:
    person = await work.one_person(going.tx, going.by, name)
    before = going.initiative.sponsor_id if part == "sponsor" else going.initiative.owner_id
    if part == "sponsor":
        going.initiative.sponsor_id = person.id
    else:
        going.initiative.owner_id = person.id
    if before != person.id:
        going.note(f"{part}_id", before or "", person.id)
    return f"{part} {person.name}"


async def _earned(going: Step, priority: Priority) -> Priority:
    """Raises: Declined (E-19) for a rank of which nobody could see later whether it helped. Source: domain.md S4-04."""
    initiative = going.initiative
    if priority in FIRST and priority is not initiative.priority:
        _, numbers = await served_by(going.tx, initiative.id)
        if not any(each.hard for each in numbers):
            raise Declined(reply_views.needs_hard_measure(initiative.code), code="E-19")
    return priority


def priority_of(text: str) -> Priority:
    """Raises: Declined for a priority that there is not."""
    known = [each.value for each in Priority]
    if text.upper() not in known:
        raise Declined(reply_views.not_one_of("priority", text, known))
    return Priority(text.upper())


async def _check(tx: Tx, initiative: Initiative) -> None:
    """Raises: Declined where sponsor and owner are one person, or it would end before it starts."""
    if initiative.sponsor_id is not None and initiative.sponsor_id == initiative.owner_id:
        person = await tx.need(Person, initiative.sponsor_id)
        raise Declined(reply_views.sponsor_is_owner(person.name))
    if initiative.starts_on and initiative.ends_on and initiative.ends_on < initiative.starts_on:
        raise Declined(reply_views.ends_before_it_starts())


async def _accountable(going: Step, keys: Mapping[str, str]) -> Replies:
    """Its first owner is accountable, until somebody else is named."""
    if "owner" not in keys or going.initiative.owner_id is None:
        return Replies()
    return await stakeholders.first_accountable(going, going.initiative.owner_id)


# --- names


async def domain(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/initiative domain "Service"`; without a name, every domain."""
    asking.need_inside(event.by.person)
    known = await domains(tx)
    name = work.at_most(rules.NAME_MAX, event.command.title.strip(), "That name")
    if not name:
        return Replies(answer=Answer(reply_views.domains([each.name for each in known])))
    await asking.need_lead(tx, event.by.person, "add a domain")
    if name.casefold() in {each.name.casefold() for each in known}:
        raise Declined(reply_views.taken("a domain", name))
    new = Domain(name=name, seq=1 + max((each.seq for each in known), default=0))
    tx.add(new)
    return Replies(answer=Answer(reply_views.domain_added(new)), undoable=True)


async def objective(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/initiative objective I-4 "Right first time"` serves it; without a code it is a new one; else every one."""
    asking.need_inside(event.by.person)
    name = work.at_most(rules.NAME_MAX, event.command.title.strip(), "That name")
    if event.command.codes:
        found = await asking.the_objective(tx, name, event.by.person)
        return await _serve(event, tx, now, end=(Thing.OBJECTIVE, found.id), name=found.name)
    known = await objectives(tx)
    if not name:
        return Replies(answer=Answer(reply_views.objectives([each.name for each in known])))
    await asking.need_lead(tx, event.by.person, "add an objective")
    if name.casefold() in {each.name.casefold() for each in known}:
        raise Declined(reply_views.taken("an objective", name))
    brings = work.at_most(rules.TITLE_MAX, event.command.keys.get("brings", "").strip(), "What it brings")
    new = Objective(name=name, financial_outcome=brings, owner_id=event.by.person.id)
    tx.add(new)
    return Replies(answer=Answer(reply_views.objective_added(new)), undoable=True)


async def measure(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/initiative measure I-4 FTF`: the customer number in which it is to be seen."""
    asking.need_inside(event.by.person)
    name = event.command.title.strip()
    found = await measure_coded(tx, name) if name else None
    if found is None:
        raise Declined(reply_views.no_measure(name, [each.code for each in await measures(tx)]), code="E-04")
    return await _serve(event, tx, now, end=(Thing.MEASURE, found.id), name=reply_views.measured(found))


async def _serve(event: Asked, tx: Tx, now: datetime, *, end: links.End, name: str) -> Replies:
    initiative = await asking.the_initiative(tx, event)
    going = await asking.step(tx, event.by, initiative, verb="set", now=now)
    if await links.link(tx, going.end, end, Link.Kind.SERVES):
        audit.note(tx, going.end, "set", field=end[0].value, after=name)
    return Replies(answer=Answer(reply_views.serves(initiative, name)), undoable=True)
