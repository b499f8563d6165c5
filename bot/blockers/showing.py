"""`/huddle blockers` and the card of one: what is in the way, how old it is and who has it."""

import re
from dataclasses import replace
from datetime import datetime

from bot.blockers import list_views, raising, reply_views, rules, standing, views
from bot.blockers.handlers import pressed
from bot.blockers.list_views import PAGE
from bot.blockers.rules import State
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, row_number
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.people.proposing import offered
from bot.work import handlers as work
from storage.blockers import OPEN, Blocker, Wanted, blocker_coded, listed, near
from storage.people import departments, zone_of
from storage.teams import team_named, teams_of
from storage.tx import Tx

KEYS = ("team", "dept", "tier", "page")
_PAGE = re.compile(r"\s*\bpage:\d+", re.ASCII)
PAGES_MOST = 5000


async def blocker(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle blocker B-7` shows that one; with words it raises another."""
    command = event.command
    ends_with_code = command.text.rstrip(" .,;").upper().endswith(command.codes[-1]) if command.codes else False
    if command.codes and not command.quoted and (not command.words or not ends_with_code):
        found = work.known(await blocker_coded(tx, command.codes[0]), command.codes[0], "blocker")
        return await _shown(tx, event.by, found, now)
    return await raising.blocker(event, tx, now)


async def show(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**B-7**."""
    return await _shown(tx, event.by, await pressed(tx, event), now)


async def _shown(tx: Tx, by: By, blocker: Blocker, now: datetime) -> Replies:
    if not await standing.may_see(tx, blocker, by.person, now):
        raise work.unseen(blocker.code)
    parts = await standing.parts_of(tx, blocker, by.person, now)
    more = await offered(tx, by.person, blocker.code) if rules.is_open(blocker) else ()
    return Replies(answer=Answer(views.card(await standing.around(tx, blocker, now), parts, more=more), stays=True))


async def show_list(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle blockers [mine] [all] [solved] [stopped] [tier:2] [team:] [dept:]`."""
    if event.command.codes:
        return await blocker(event, tx, now)
    title, wanted = await _wanted(event, tx, now)
    page = max(1, min(row_number(event.command.keys.get("page", "1")), PAGES_MOST))
    found, total = await listed(tx, wanted, offset=(page - 1) * PAGE, most=PAGE)
    line = _PAGE.sub("", event.command.text)
    card = list_views.listed(
        title,
        [await standing.around(tx, each, now) for each in found],
        total=total,
        is_first=page == 1,
        more=f"/{line.lstrip('/')} page:{page + 1}" if page * PAGE < total else "",
    )
    return Replies(answer=Answer(card))


async def _wanted(event: Asked, tx: Tx, now: datetime) -> tuple[str, Wanted]:
    """Those of their teams, where nothing else is asked for; never what is not theirs to see."""
    person, keys = event.by.person, event.command.keys
    today = today_in(zone_of(person), now)
    wanted = Wanted(near_to=near(person, today))
    if person.is_external:
        wanted = replace(wanted, raised_by=person.id)
    title = "Blockers near to you"
    teams = await teams_of(tx, person, today)
    if name := keys.get("team", ""):
        team = await team_named(tx, name)
        if team is None:
            raise Declined(reply_views.no_such_team(name, [each.name for each in teams]))
        title, wanted = f"In the way of {team.name}", replace(wanted, team_id=team.id)
    if name := keys.get("dept", ""):
        every = await departments(tx)
        department = next((each for each in every if each.name.casefold() == name.casefold()), None)
        if department is None:
            raise Declined(reply_views.no_such_department(name, [each.name for each in every]))
        title, wanted = f"Waiting for {department.name}", replace(wanted, department_id=department.id)
    if tier := keys.get("tier", ""):
        if tier not in {str(each) for each in (rules.TEAM, rules.DEPARTMENT, rules.SPONSOR)}:
            raise Declined(list_views.which_list(f"tier:{tier}"))
        wanted = replace(wanted, tier=int(tier))
    words = event.command.words.casefold().split()
    if not words and len(teams) == 1 and not {"team", "dept", "tier"} & keys.keys():
        return f"In the way of {teams[0].name}", replace(wanted, team_id=teams[0].id)
    for word in words:
        title, wanted = _narrowed(title, wanted, word, person.id)
    return title, wanted


def _narrowed(title: str, wanted: Wanted, word: str, person_id: int) -> tuple[str, Wanted]:
    match word:
        case "mine":
            return "Blockers you raised", replace(wanted, raised_by=person_id)
        case "taken":
            return "Blockers you have", replace(wanted, taken_by=person_id)
        case "solved":
            return "Solved blockers", replace(wanted, states=(State.RESOLVED,))
        case "stopped":
            return "Customers without service", replace(wanted, customer_stopped=True)
        case "all" | "open":
            return title, replace(wanted, states=OPEN)
        case _:
            raise Declined(list_views.which_list(word))
