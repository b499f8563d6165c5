"""What follows when a blocker has changed: whose messages are made anew, who hears of it, when it is looked at next."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from bot.blockers import rules, standing
from bot.chat.replies import Plan, Refresh, Show
from storage.actions import Action
from storage.audit import newest
from storage.blockers import Blocker, BlockerAsk, asks_of, helpers_of
from storage.cadences import Occurrence
from storage.huddles import Huddle, HuddleRun, answered_with
from storage.inserting import add_once
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person
from storage.places import Place
from storage.teams import Team
from storage.tx import Tx

CARD, UP, NEWS, HELP = "blocker.card", "blocker.up", "blocker.news", "blocker.help"
WATCH, STOPPED = "blocker.watch", "blocker.stopped"
SUMMARY, CONFIRMATION = "huddle.channel", "huddle.prompt"
"""Messages of the huddle that show what is in the way."""

NEWS_REMADE = 3  # of one blocker, when it changes


# --- when it is looked at


async def watched(tx: Tx, blocker: Blocker) -> None:
    """Its team's blockers are looked through on the next working day, and this one at once if a customer waits.

    The steps are written here, whoever raised it and wherever: none can be left out.
    """
    now = tx.acting.now
    team = await tx.need(Team, blocker.team_id)
    step = await watch_of(tx, team, now)
    await add_once(tx, Occurrence(key=step.key, kind=step.kind, subject_id=step.subject_id, due_at=step.at))
    if blocker.customer_stopped and blocker.told_tier < rules.DEPARTMENT:
        key = f"{STOPPED}:{blocker.id}:{now.isoformat()}"
        await add_once(tx, Occurrence(key=key, kind=STOPPED, subject_id=blocker.id, due_at=now))


async def watch_of(tx: Tx, team: Team, now: datetime) -> Plan:
    """The next look at a team's blockers: one step for all of them, which asks the rows what is due."""
    at = (await standing.days_of(tx, team, now)).next_look
    return Plan(f"{WATCH}:{team.id}:{at.isoformat()}", WATCH, team.id, at)


# --- who hears of it


async def entry_of(tx: Tx, blocker: Blocker) -> int:
    """The number of the newest entry about a blocker."""
    await tx.flush()
    (entry,) = await newest(tx, (Thing.BLOCKER, blocker.id), 1)
    return entry.id


async def news(tx: Tx, blocker: Blocker, whom: Sequence[int | None], *, by: Person) -> tuple[Show, ...]:
    """The newest deed for some people, but for the one who did it."""
    wanted = {each for each in whom if each is not None and each != by.id}
    people = await tx.all(select(Person).where(col(Person.id).in_(wanted), col(Person.active).is_(True)))
    entry = await entry_of(tx, blocker)
    ids = {"blocker": blocker.id, "entry": entry}
    return tuple(
        Show(f"blocker:{blocker.id}:news:{entry}:{each.id}", each, NEWS, ids, Lane.Traffic.REPLY)
        for each in sorted(people, key=lambda person: person.id)
    )


async def held_up_by(tx: Tx, blocker: Blocker) -> set[int | None]:
    """The owners of the actions that wait for a blocker."""
    waits = (Action.blocker_id == blocker.id, Action.state == Action.State.BLOCKED)
    return {*await tx.all(select(col(Action.owner_id)).where(*waits))}


async def who_meet(tx: Tx, blocker: Blocker) -> set[int | None]:
    """Who helps with it, and whose answer to a huddle counts as it."""
    helpers = {each.id for each in await helpers_of(tx, blocker)}
    return {*helpers, *await answered_with(tx, blocker.id, blocker.team_id, blocker.raised_on)}


async def in_room(tx: Tx, blocker: Blocker, *, but: Place | None = None) -> tuple[Show, ...]:
    """The newest deed in the team's room, unless it was said there."""
    team = await tx.need(Team, blocker.team_id)
    return await _posted(tx, blocker, [team], but=but)


async def in_rooms_of(tx: Tx, blocker: Blocker, department_id: int) -> tuple[Show, ...]:
    """The newest deed in the rooms of a department's teams."""
    theirs = (Team.department_id == department_id, Team.id != blocker.team_id)
    return await _posted(tx, blocker, await tx.all(select(Team).where(*theirs).order_by(col(Team.id))), but=None)


async def _posted(tx: Tx, blocker: Blocker, teams: Sequence[Team], *, but: Place | None) -> tuple[Show, ...]:
    numbers = {team.place_id for team in teams if team.place_id is not None} - {but.id if but else None}
    is_open = (col(Place.id).in_(numbers), col(Place.is_open).is_(True))
    entry = await entry_of(tx, blocker)
    ids = {"blocker": blocker.id, "entry": entry}
    rooms = await tx.all(select(Place).where(*is_open).order_by(col(Place.id)))
    return tuple(Show(f"blocker:{blocker.id}:room:{entry}:{each.id}", each, NEWS, ids) for each in rooms)


def up_ids(ask: BlockerAsk) -> dict[str, int]:
    """What the view of all that went up to somebody at one time is about."""
    return {"person": ask.person_id, "at": int(ask.asked_at.timestamp())}


# --- what shows it


async def stale(tx: Tx, blocker: Blocker) -> tuple[Refresh, ...]:
    """Every message that shows it: cards, questions, the latest news, the summary, the raiser's confirmation."""
    await tx.flush()
    ids = {"blocker": blocker.id}
    asks = await asks_of(tx, blocker.id)
    found = [Refresh(HELP, ids), *(Refresh(UP, up_ids(each)) for each in asks if each.tier)]
    found += [Refresh(CARD, {**ids, "ask": each.id}) for each in asks if not each.tier]
    entries = await newest(tx, (Thing.BLOCKER, blocker.id), NEWS_REMADE + 1)
    found += [Refresh(NEWS, {**ids, "entry": each.id}) for each in entries]
    return tuple({(each.view, *each.ids.items()): each for each in found}.values()) + await summaries(tx, blocker)


async def summaries(tx: Tx, blocker: Blocker) -> tuple[Refresh, ...]:
    """The newest message of each of the team's huddles, and the raiser's own confirmation."""
    shown = (HuddleRun.State.OPEN, HuddleRun.State.CLOSED)
    runs = await tx.all(
        select(HuddleRun)
        .join(Huddle, col(Huddle.id) == HuddleRun.huddle_id)
        .where(Huddle.team_id == blocker.team_id, col(HuddleRun.state).in_(shown))
        .order_by(col(HuddleRun.local_date).desc())
        .limit(1)
    )
    raiser = await tx.need(Person, blocker.raised_by)
    return tuple(
        refresh
        for each in runs
        for refresh in (Refresh(SUMMARY, {"run": each.id}), Refresh(CONFIRMATION, {"run": each.id}, raiser))
    )
