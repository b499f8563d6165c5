"""What a blocker is around it: its people, how old it is, where it goes up to, and what each person may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.blockers import owners, rules
from bot.blockers.views import Around, Deed, WayUp
from bot.chat.localtime import instant, today_in
from bot.people.rules import first_name, is_office_day
from bot.work.rules import Part
from storage.audit import newest
from storage.blockers import Blocker, asks_of, helpers_of, near
from storage.links import Thing
from storage.organisations import organisation_of
from storage.people import Department, Person, Role, roles_of, zone_of
from storage.teams import Team, teams_of
from storage.tx import Tx

LAST_DEEDS = 3  # on a card


@dataclass(frozen=True, slots=True)
class Days:
    """A team's days at an instant: its date, and on which days it works."""

    team: Team
    calendar: str
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """Where its days begin and end."""
        return ZoneInfo(self.team.zone)

    @property
    def today(self) -> date:
        """The date there."""
        return today_in(self.zone, self.now)

    @property
    def next_look_on(self) -> date:
        """The next working day whose WATCH_AT is still to come."""
        if self(self.today) and self.now < instant(self.today, rules.WATCH_AT, self.zone):
            return self.today
        return rules.nth_working_day(self.today, 1, self)

    @property
    def next_look(self) -> datetime:
        """When the team's blockers are looked through next."""
        return instant(self.next_look_on, rules.WATCH_AT, self.zone)

    def __call__(self, on: date) -> bool:
        return is_office_day(on, self.calendar)

    def age(self, blocker: Blocker) -> int:
        """In working days; of a solved one, those until it was."""
        end = self.today if blocker.resolved_at is None else today_in(self.zone, blocker.resolved_at)
        return rules.age(blocker.raised_on, end, self)


async def days_of(tx: Tx, team: Team, now: datetime) -> Days:
    """A team's days; its holidays are its own, or the organisation's."""
    return Days(team, team.calendar or (await organisation_of(tx)).calendar, now)


async def around(tx: Tx, blocker: Blocker, now: datetime) -> Around:
    """Gathers it; the number of queries does not depend on the rows."""
    team = await tx.need(Team, blocker.team_id)
    days = await days_of(tx, team, now)
    entries = await newest(tx, (Thing.BLOCKER, blocker.id), LAST_DEEDS)
    asks = await asks_of(tx, blocker.id)
    wanted = {blocker.raised_by, blocker.taken_by, *(each.by for each in entries), *(each.person_id for each in asks)}
    people = {each.id: each for each in await tx.all(select(Person).where(col(Person.id).in_(wanted - {None})))}
    reached = [each.person_id for each in asks if each.tier == blocker.tier]
    return Around(
        blocker,
        team=team,
        raiser=people[blocker.raised_by],
        holder=people.get(blocker.taken_by or 0),
        department=await tx.get(Department, blocker.department_id) if blocker.department_id else None,
        helpers=await helpers_of(tx, blocker),
        reached=[people[each] for each in dict.fromkeys(reached)],
        age_days=days.age(blocker),
        today=days.today,
        deeds=[Deed(each, first_name(people[each.by]) if each.by in people else "") for each in entries],
        ways_up=await _ways_up(tx, blocker, days),
    )


async def _ways_up(tx: Tx, blocker: Blocker, days: Days) -> Sequence[WayUp]:
    """Who will be asked, as it looks now."""
    if not rules.is_open(blocker):
        return ()
    found = []
    for tier, on in rules.ways_up(blocker, days.next_look_on, days):
        regulars = await owners.regulars(tx, blocker, tier)
        found.append(WayUp(tier, on, [first_name(each) for each in regulars]))
    return found


async def parts_of(tx: Tx, blocker: Blocker, person: Person, now: datetime) -> frozenset[Part]:
    """What somebody is to a blocker. Its lead leads its team, stands in for who does, or administers the bot."""
    parts = {Part.ANYBODY}
    team = await tx.need(Team, blocker.team_id)
    if person.id == blocker.raised_by:
        parts.add(Part.RAISER)
    if person.id == blocker.taken_by or person.id in {each.id for each in await helpers_of(tx, blocker)}:
        parts.add(Part.HELPER)
    if person.id in {team.lead_id, team.deputy_id} or Role.Kind.ADMIN in await roles_of(tx, person):
        parts.add(Part.LEAD)
    if team.id in {each.id for each in await teams_of(tx, person, today_in(zone_of(person), now))}:
        parts.add(Part.TEAM)
    if any(each.person_id == person.id and each.tier for each in await asks_of(tx, blocker.id)):
        parts.add(Part.ASKED)
    return frozenset(parts)


async def may_see(tx: Tx, blocker: Blocker, person: Person, now: datetime) -> bool:
    """Those near to it read its words: its team, its departments, who helps and whoever was asked about it."""
    parts = await parts_of(tx, blocker, person, now)
    if parts != {Part.ANYBODY}:
        return True
    if person.is_external:
        return any(each.person_id == person.id for each in await asks_of(tx, blocker.id))
    today = today_in(zone_of(person), now)
    return await tx.first(select(Blocker.id).where(Blocker.id == blocker.id, near(person, today))) is not None
