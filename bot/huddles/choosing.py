"""Which huddle a command means, and whether somebody may do that with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, By
from bot.huddles import refusal_views, scene, setup_views
from bot.teams.leading import answers_for
from storage.huddles import Huddle
from storage.people import Role, roles_of
from storage.teams import Team, team_at, team_named, teams_of
from storage.tx import Tx


async def led(tx: Tx, event: Asked, now: datetime, *, name: str | None = None) -> tuple[Huddle, Team]:
    """The huddle that a lead or an administrator means. Raises: Declined (E-03 for anybody else)."""
    huddle, team = await meant(tx, event, now, name=name)
    if not await answers_for(tx, event.by.person, team, now):
        lead = await scene.first_name_of(tx, team.lead_id)
        raise Declined(refusal_views.only_lead(huddle, lead), code="E-03")
    return huddle, team


async def meant(tx: Tx, event: Asked, now: datetime, *, name: str | None = None) -> tuple[Huddle, Team]:
    """The huddle named, of the team named, of this room, or somebody's own. Raises: Declined where it is not clear."""
    wanted = (event.command.title if name is None else name).strip()
    teams = await _teams(tx, event.by, event.command.keys.get("team", ""), now)
    found = await _huddles(tx, [team.id for team in teams])
    if wanted:
        named = [each for each in found if each.name.casefold() == wanted.casefold()]
        if not named:
            raise Declined(refusal_views.no_huddle_named(wanted, [each.name for each in found]), code="E-04")
        found = named
    found = [each for each in found if each.active] or found
    if not found:
        raise Declined(refusal_views.no_huddle())
    if len(found) > 1:
        raise Declined(refusal_views.which_huddle([each.name for each in found]))
    return found[0], next(team for team in teams if team.id == found[0].team_id)


async def _teams(tx: Tx, by: By, named: str, now: datetime) -> Sequence[Team]:
    is_admin = Role.Kind.ADMIN in await roles_of(tx, by.person)
    mine = await teams_of(tx, by.person, scene.today_of(by.person, now))
    if named:
        team = await team_named(tx, named)
        if team is None or not (is_admin or team.id in {each.id for each in mine}):
            raise Declined(setup_views.no_team(named), code="E-04")
        return [team]
    here = await team_at(tx, by.place.id)
    if here is not None and (is_admin or here.id in {each.id for each in mine}):
        return [here]
    own = [each for each in mine if each.lead_id == by.person.id] or mine
    return own or (await tx.all(select(Team).order_by(col(Team.name))) if is_admin else [])


async def _huddles(tx: Tx, teams: Sequence[int]) -> Sequence[Huddle]:
    every = select(Huddle).where(col(Huddle.team_id).in_(teams))
    return await tx.all(every.order_by(col(Huddle.at_time), col(Huddle.id)))
