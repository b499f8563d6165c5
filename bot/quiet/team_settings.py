"""What a lead sets for a team in one line: its holidays, and who stands in for its lead."""

from collections.abc import Sequence
from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.huddles import presence, scene
from bot.people import handlers as people
from bot.quiet import team_views, views
from bot.quiet.settings import TEAM, calendar_of
from bot.teams.leading import answers_for
from storage.organisations import organisation_of
from storage.teams import Team, members, team_at, team_named, teams_answered_for
from storage.tx import Tx


async def holidays(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/team holidays GB-ENG`: open and coming huddles follow."""
    team, typed = await _team(event, tx, now), event.command.words.strip()
    common = (await organisation_of(tx)).calendar
    if not typed:
        raise Declined(views.calendar_wanted(team.calendar or common))
    team.calendar = "" if typed.casefold() in TEAM else calendar_of(typed)
    answer = Answer(views.team_holidays_noted(team.name, team.calendar, common))
    today = scene.today_of(event.by.person, now)
    return Replies(answer=answer, undoable=True) + await presence.days_changed(tx, await members(tx, team, today), now)


async def deputy(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/team deputy @Ben`; `none` leaves the team without one."""
    team, named = await _team(event, tx, now), event.command.people
    if not named and event.command.words.strip().casefold() in TEAM:
        team.deputy_id = None
        return Replies(answer=Answer(team_views.no_deputy(team)), undoable=True)
    if len(named) != 1:
        raise Declined(team_views.whom())
    found = [each for each in await people.named(tx, event.by.place, named[0]) if each.active]
    if len(found) != 1:
        raise await people.several(tx, event.by.place, named[0], found)
    if found[0].id == team.lead_id:
        raise Declined(team_views.is_lead(found[0].name, team))
    team.deputy_id = found[0].id
    return Replies(answer=Answer(team_views.deputy(found[0].name, team)), undoable=True)


async def _team(event: Asked, tx: Tx, now: datetime) -> Team:
    """The team that is named in quotes, or of this channel, or the only one that they lead. Raises: Declined."""
    by, quoted = event.by, event.command.quoted
    if quoted:
        found: Sequence[Team] = [each for each in [await team_named(tx, quoted[0])] if each is not None]
    else:
        here = None if by.is_direct else await team_at(tx, by.place.id)
        led = [each for each in await teams_answered_for(tx, by.person.id) if each.lead_id == by.person.id]
        found = led if here is None else [here]
    if len(found) > 1:
        raise Declined(views.only_one_team([each.name for each in found]))
    if not found:
        raise Declined(views.no_team())
    if not await answers_for(tx, by.person, found[0], now):
        raise Declined(words.only_admin(), code="E-03")
    return found[0]
