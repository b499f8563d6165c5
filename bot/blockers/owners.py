"""Who answers for a blocker on each tier, and who stands in for them. Source: domain.md 3.4 (P-06), 3.5."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from bot.blockers import rules
from bot.people.rules import away, works_on
from storage.blockers import Blocker
from storage.councils import Council, councils
from storage.meetings import next_meeting
from storage.organisations import organisation_of
from storage.people import Account, Department, Person, Role, absences, admins
from storage.teams import Team
from storage.tx import Tx


async def proper(tx: Tx, blocker: Blocker, tier: int) -> Sequence[Person]:
    """Whose business it is on a tier by their place, whether they are there or not: lead, heads, the council."""
    if tier == rules.TEAM:
        return await _lead(tx, blocker)
    return await _heads(tx, blocker, own_only=False) if tier == rules.DEPARTMENT else await _top(tx)


async def regulars(tx: Tx, blocker: Blocker, tier: int) -> Sequence[Person]:
    """The same; where there is nobody, those of the next tier that has somebody, in the end administrators."""
    for above in range(tier, rules.SPONSOR + 1):
        found = await proper(tx, blocker, above)
        if above == rules.TEAM and not found:
            found = await _heads(tx, blocker, own_only=True)
        if found:
            return found
    return await admins(tx)


async def asked(tx: Tx, blocker: Blocker, tier: int, on: date) -> Sequence[Person]:
    """Who is asked on a day: each of them, or the deputy or the next one up in their place, each once.

    Where nobody at all is there that day, it is everybody whose business it is.
    """
    look = _Look(tx, blocker, on)
    whose = await regulars(tx, blocker, tier)
    found: list[Person] = []
    for each in whose:
        found += await look.in_place_of(each, tier)
    everybody = found or await _reachable(tx, whose) or await _reachable(tx, await admins(tx))
    return list({each.id: each for each in everybody}.values())


@dataclass(frozen=True, slots=True)
class _Look:
    """Who is there on a day for a blocker. Where a customer is without service, a day off is no reason not to ask."""

    tx: Tx
    blocker: Blocker
    on: date

    async def in_place_of(self, person: Person, tier: int) -> Sequence[Person]:
        """The person, or the first ones above who are there."""
        tx, blocker = self.tx, self.blocker
        if here := await self.here([person]):
            return here
        if tier == rules.TEAM and (here := await self.here(await _deputy(tx, blocker))):
            return here
        if tier == rules.TEAM and (here := await self.here(await _heads(tx, blocker, own_only=True))):
            return here
        return await self.here(await _sponsors(tx)) or await self.here(await admins(tx))

    async def here(self, people: Sequence[Person]) -> Sequence[Person]:
        """Those who can be reached, work on that day and are not away."""
        calendar = (await organisation_of(self.tx)).calendar
        absent = await absences(self.tx, [each.id for each in people], self.on, self.on)
        there = [each for each in people if away(absent, each.id, self.on) is None]
        if not self.blocker.customer_stopped:
            there = [each for each in there if works_on(each, self.on, calendar)]
        return await _reachable(self.tx, there)


async def _reachable(tx: Tx, people: Sequence[Person]) -> Sequence[Person]:
    has_account = (col(Account.person_id).in_([each.id for each in people]), col(Account.reachable).is_(True))
    known = {*await tx.all(select(Account.person_id).where(*has_account))} if people else set()
    return [each for each in people if each.active and each.id in known]


async def _lead(tx: Tx, blocker: Blocker) -> Sequence[Person]:
    return await _people(tx, [(await tx.need(Team, blocker.team_id)).lead_id])


async def _deputy(tx: Tx, blocker: Blocker) -> Sequence[Person]:
    return await _people(tx, [(await tx.need(Team, blocker.team_id)).deputy_id])


async def _heads(tx: Tx, blocker: Blocker, *, own_only: bool) -> Sequence[Person]:
    """The head of the team's department, and that of the one it waits for."""
    team = await tx.need(Team, blocker.team_id)
    wanted = (team.department_id,) if own_only else (team.department_id, blocker.department_id)
    numbers = [each for each in wanted if each is not None]
    found = {each.id: each.head_id for each in await tx.all(select(Department).where(col(Department.id).in_(numbers)))}
    return await _people(tx, [found.get(each) for each in numbers])


async def _top(tx: Tx) -> Sequence[Person]:
    """The secretary of the oldest council that meets, who has it on the agenda, or its chair; else the sponsors.

    Source: domain.md 3.4 (P-06).
    """
    council = next((each for each in await councils(tx) if each.state is Council.State.HELD), None)
    if council is None:
        return await _sponsors(tx)
    meeting = await next_meeting(tx, council.id)
    secretary = (meeting.secretary_id if meeting is not None else None) or council.secretary_id
    chair = (meeting.chair_id if meeting is not None else None) or council.chair_id
    return (await _people(tx, [secretary, chair]))[:1] or await _sponsors(tx)


async def _sponsors(tx: Tx) -> Sequence[Person]:
    """Who is asked until there is a council, and where nobody nearer is there."""
    is_sponsor = (Role.kind == Role.Kind.SPONSOR, col(Person.active).is_(True))
    query = select(Person).join(Role, col(Role.person_id) == Person.id).where(*is_sponsor)
    return await tx.all(query.order_by(col(Person.id)))


async def _people(tx: Tx, numbers: Sequence[int | None]) -> Sequence[Person]:
    """Active ones, in the order given, each once."""
    wanted = [each for each in dict.fromkeys(numbers) if each is not None]
    found = {each.id: each for each in await tx.all(select(Person).where(col(Person.id).in_(wanted)))}
    return [found[each] for each in wanted if each in found and found[each].active]
