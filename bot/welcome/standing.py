"""What the first days know of somebody: their team, its huddle, and how far they are."""

from datetime import datetime

from bot.chat.localtime import today_in
from bot.huddles import finding
from bot.huddles import rules as huddles
from bot.people.rules import first_name
from bot.teams.leading import who_leads_now
from bot.training import standing as training
from bot.welcome.rules import Progress
from bot.welcome.views import Joined
from storage.first_days import FirstDays, has_action, has_answered, tried
from storage.huddles import Huddle, huddles_of
from storage.people import Person, zone_of
from storage.teams import Team
from storage.training import introduction
from storage.tx import Tx


async def joined(tx: Tx, person: Person, days: FirstDays, now: datetime) -> Joined:
    """Who came where, who leads there now, and when they are asked next."""
    team = await tx.need(Team, days.team_id)
    lead = await leads(tx, person, days, now)
    huddle = next(iter(await huddles_of(tx, [team.id])), None)
    return Joined(
        first_name(person),
        team.name,
        lead=first_name(lead) if lead is not None else "",
        huddle_at=None if huddle is None else await _asked_next(tx, huddle, person, now),
    )


async def leads(tx: Tx, person: Person, days: FirstDays, now: datetime) -> Person | None:
    """Who leads the team of somebody new now; never they themselves."""
    team = await tx.need(Team, days.team_id)
    found = await who_leads_now(tx, team, today_in(zone_of(person), now))
    return None if found is None or found.id == person.id else found


async def _asked_next(tx: Tx, huddle: Huddle, person: Person, now: datetime) -> datetime | None:
    today = today_in(zone_of(person), now)
    on = await finding.next_date(tx, huddle, today, including=True, now=now)
    return None if on is None else huddles.asked_at(huddle, on, zone_of(person))


async def progress(tx: Tx, person: Person, now: datetime) -> Progress:
    """How far somebody is, seen from what they did."""
    return Progress(
        tried=await tried(tx, person.id),
        has_answered=await has_answered(tx, person.id),
        has_action=await has_action(tx, person.id),
        is_finished=await training.has_finished(tx, await introduction(tx, now), person.id),
    )
