"""`/team setup`: a new team, or a changed one."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import available_timezones

from sqlalchemy import case
from sqlmodel import col, or_, select

from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Submitted, row_number
from bot.chat.forms import OPTIONS_MAX, Form
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Refresh, Replies
from bot.guide import views as words
from bot.teams import views
from bot.teams.rooms import VIEW as ROOM_VIEW
from storage.people import Account, Department, Person, Role, departments, roles_of, zone_of
from storage.places import Place
from storage.teams import Membership, Team, members, team_at, team_named
from storage.tx import Tx


async def open_form(event: Asked, tx: Tx, now: datetime) -> Replies:
    """The form of the team named, or of this channel's team, or of a new one."""
    name = event.command.title
    team = await team_named(tx, name) if name else await team_at(tx, event.by.place.id)
    await _may_change(tx, event.by, team)
    values = {"name": name, "zone": event.by.person.zone} if team is None else await _values(tx, team, now)
    return Replies(answer=Answer(await _form(tx, event.by, team, values)))


async def save(event: Submitted, tx: Tx, now: datetime) -> tuple[Team | None, Replies]:
    """Stores the form; without a team when the form came back with what is wrong."""
    team = await tx.get(Team, event.number("team"))
    await _may_change(tx, event.by, team)
    errors = await _errors(tx, event, team)
    if errors:
        form = await _form(tx, event.by, team, {})
        return None, Replies(answer=Answer(form.refused(event.values, errors)))
    people = await _offered(tx, team)
    if team is None:
        team = Team(name="", zone="")
        tx.add(team)
    team.name = event.values["name"].strip()
    team.zone = event.values["zone"].strip()
    team.lead_id = int(event.values["lead"])
    deputy = await tx.get(Person, row_number(event.values.get("deputy", "")))
    team.deputy_id = deputy.id if deputy is not None and deputy.id != team.lead_id else None
    department = await tx.get(Department, row_number(event.values.get("department", "")))
    team.department_id = department.id if department else None
    before = team.place_id
    if not event.by.is_direct:
        team.place_id = event.by.place.id
    await tx.flush()
    today = today_in(zone_of(event.by.person), now)
    changed = await _set_members(tx, team, _chosen(event), offered={each.id for each in people}, today=today)
    told = () if before in {None, team.place_id} else (Refresh(ROOM_VIEW, {"team": team.id, "place": before or 0}),)
    return team, Replies(answer=Answer(await _card(tx, team, today, changed)), refresh=told, undoable=True)


async def _set_members(tx: Tx, team: Team, wanted: set[int], *, offered: set[int], today: date) -> views.Changed:
    """Those who were not chosen leave; who could not be chosen, because the form had no room, stays.

    Who leaves and comes back on one day was never gone.
    """
    not_over = or_(col(Membership.to_on).is_(None), col(Membership.to_on) >= today)
    every = await tx.all(select(Membership).where(Membership.team_id == team.id, not_over))
    current = [each for each in every if each.to_on is None]
    left = [each for each in current if each.person_id in offered - wanted]
    for each in left:
        each.to_on = today
    added = sorted(wanted - {each.person_id for each in current})
    leaving = {each.person_id: each for each in every if each not in current}
    for person_id in added:
        if person_id in leaving:
            leaving[person_id].to_on = None
        else:
            tx.add(Membership(team_id=team.id, person_id=person_id, from_on=today))
    await tx.flush()
    names = [[(await tx.need(Person, n)).name for n in some] for some in ((each.person_id for each in left), added)]
    return views.Changed(left=names[0], added=names[1] if every else ())


async def _may_change(tx: Tx, by: By, team: Team | None) -> None:
    if Role.Kind.ADMIN in await roles_of(tx, by.person) or (team is not None and team.lead_id == by.person.id):
        return
    raise Declined(words.only_admin(), code="E-03")


async def _errors(tx: Tx, event: Submitted, team: Team | None) -> dict[str, str]:
    errors: dict[str, str] = {}
    name = event.values.get("name", "").strip()
    same = await team_named(tx, name) if name else None
    if not name:
        errors["name"] = views.NEEDS_NAME
    elif same is not None and (team is None or same.id != team.id):
        errors["name"] = views.name_taken(name)
    zone = event.values.get("zone", "").strip()
    if zone not in available_timezones():
        errors["zone"] = views.no_zone(zone)
    if await tx.get(Person, row_number(event.values.get("lead", ""))) is None:
        errors["lead"] = views.NEEDS_PERSON
    chosen = _chosen(event)
    known = await tx.all(select(Person.id).where(col(Person.id).in_(chosen)))
    if not chosen or len(known) != len(chosen):
        errors["members"] = views.NEEDS_MEMBERS
    return errors


async def _form(tx: Tx, by: By, team: Team | None, values: dict[str, str]) -> Form:
    people = await _offered(tx, team)
    place = await _place(tx, team) if by.is_direct else by.place.name
    return views.form(people, await departments(tx), values, team=team, place=place)


async def _offered(tx: Tx, team: Team | None) -> Sequence[Person]:
    """Whom the form offers, as many as a platform takes: first who is in the team, then all others by name."""
    number = 0 if team is None else team.id
    inside = select(Membership.person_id).where(Membership.team_id == number, col(Membership.to_on).is_(None))
    is_inside = or_(col(Person.id).in_(inside), col(Person.id) == (0 if team is None else team.lead_id))
    has_account = select(Account.id).where(col(Account.person_id) == Person.id).exists()
    takes_part = or_(col(Person.is_external).is_(False), has_account)  # a guest has one when they were added
    active = select(Person).where(col(Person.active).is_(True), takes_part)
    found = active.order_by(case((is_inside, 0), else_=1), col(Person.name), col(Person.id))
    return (await tx.all(found))[:OPTIONS_MAX]


async def _values(tx: Tx, team: Team, now: datetime) -> dict[str, str]:
    current = await members(tx, team, now.date())
    return {
        "name": team.name,
        "zone": team.zone,
        "lead": str(team.lead_id or ""),
        "deputy": str(team.deputy_id or views.NONE),
        "members": ",".join(str(each.id) for each in current),
        "department": str(team.department_id or views.NONE),
    }


async def _card(tx: Tx, team: Team, today: date, changed: views.Changed) -> Card:
    lead = await tx.need(Person, team.lead_id or 0)
    names = [each.name for each in await members(tx, team, today) if each.name not in changed.left]
    return views.saved(team, lead.name, names, await _place(tx, team), changed=changed)


async def _place(tx: Tx, team: Team | None) -> str:
    place = None if team is None or team.place_id is None else await tx.get(Place, team.place_id)
    return "" if place is None else place.name


def _chosen(event: Submitted) -> set[int]:
    return {number for each in event.values.get("members", "").split(",") if (number := row_number(each))}
