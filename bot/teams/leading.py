"""Who leads a team on a day: its lead; while they are away its deputy, then the head of its department."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.localtime import today_in
from bot.people.there import days_of
from storage.people import Department, Person, Role, roles_of
from storage.teams import Team, teams_answered_for
from storage.tx import Tx


async def who_leads_now(tx: Tx, team: Team, on: date) -> Person | None:
    """Who is asked on a day what the lead is asked; None for a team without anybody.

    Where all of them are away it is the lead, who finds it when they are back. Source: domain.md 3.5.
    """
    candidates = await _candidates(tx, team)
    if not candidates:
        return None
    days = await days_of(tx, candidates, on, on)
    return next((each for each in candidates if days[each.id].off(on) is None), candidates[0])


async def _candidates(tx: Tx, team: Team) -> Sequence[Person]:
    """Lead, deputy, head: who takes part, each once."""
    department = None if team.department_id is None else await tx.get(Department, team.department_id)
    numbers = dict.fromkeys((team.lead_id, team.deputy_id, department.head_id if department else None))
    found = [await tx.get(Person, number) for number in numbers if number is not None]
    return [each for each in found if each is not None and each.active]


async def answers_for(tx: Tx, person: Person, team: Team, now: datetime) -> bool:
    """Whether somebody may do for a team what its lead may: lead, deputy, who stands in today, or an administrator."""
    if person.id in {team.lead_id, team.deputy_id} or Role.Kind.ADMIN in await roles_of(tx, person):
        return True
    if team.id not in {each.id for each in await teams_answered_for(tx, person.id)}:
        return False
    leader = await who_leads_now(tx, team, today_in(ZoneInfo(team.zone), now))
    return leader is not None and leader.id == person.id


async def teams_led_now(tx: Tx, person: Person, on: date) -> Sequence[Team]:
    """The teams for which somebody is asked on a day, their own and those they stand in for."""
    found = []
    for team in await teams_answered_for(tx, person.id):
        leader = await who_leads_now(tx, team, on)
        if leader is not None and leader.id == person.id:
            found.append(team)
    return found
