"""A team's room is shut to the bot, or open again: who leads the team hears of it, and what to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.events import Due
from bot.chat.localtime import today_in
from bot.chat.replies import NOTHING, Refresh, Replies, Show
from bot.chat.routing import Reader
from bot.teams import views
from bot.teams.leading import who_leads_now
from storage.messages import Lane
from storage.people import admins
from storage.places import Place
from storage.teams import Team
from storage.tx import Tx

VIEW = "team.room"


async def tell(event: Due, tx: Tx, now: datetime) -> Replies:
    """Where the room is shut, its teams' leads are told; where it is open again, what they were told says so."""
    place = await tx.get(Place, event.subject_id)
    if place is None:
        return NOTHING
    teams = await tx.all(select(Team).where(Team.place_id == place.id).order_by(col(Team.id)))
    if place.is_open:
        return Replies(refresh=tuple(Refresh(VIEW, _ids(team, place)) for team in teams))
    shows = [each for team in teams for each in await _shows(tx, team, place, event.due_at, now=now)]
    return Replies(show=tuple(shows))


async def _shows(tx: Tx, team: Team, place: Place, at: datetime, *, now: datetime) -> Sequence[Show]:
    """To who leads the team now, else to administrators."""
    lead = await who_leads_now(tx, team, today_in(ZoneInfo(team.zone), now))
    told = [lead] if lead is not None else await admins(tx)
    return [
        Show(f"room:{team.id}:{place.id}:{at.isoformat()}:{each.id}", each, VIEW, _ids(team, place), Lane.Traffic.REPLY)
        for each in told
    ]


def _ids(team: Team, place: Place) -> Mapping[str, int]:
    return {"team": team.id, "place": place.id}


async def room(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """What a lead is told; once there is a room again, that all is well."""
    team, place = await tx.get(Team, ids["team"]), await tx.get(Place, ids["place"])
    if team is None or place is None:
        return None
    if team.place_id == place.id and not place.is_open:
        return views.room_is_shut(team, place.name)
    now_at = None if team.place_id is None else await tx.get(Place, team.place_id)
    return views.room_is_open(team, place.name if now_at is None else now_at.name) if reader.stands else None
