"""What changes elsewhere changes a week: packs that stand in channels follow the work, and Undo."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import col, or_, select

from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.localtime import today_in
from bot.chat.replies import NOTHING, Plan, Refresh, Replies
from bot.chat.routing import Handler
from bot.weekly import rules, running, setup, standing
from storage.teams import Membership
from storage.tx import Change, Tx
from storage.weekly import RoadBump, WeeklyRun

E = TypeVar("E", Asked, Pressed, Submitted)

FOLLOWED = frozenset({"action", "blocker", "initiative", "milestone"})
"""The tables of which a pack tells."""
AT_MOST_EVERY = timedelta(minutes=2)


async def anew(tx: Tx, event_id: int, now: datetime) -> Replies:
    """What follows for packs that stand in channels from what an event did to the work."""
    if tx.written.isdisjoint(FOLLOWED):
        return NOTHING
    await tx.flush()
    return Replies(refresh=await stale(tx, event_id, now))


async def stale(tx: Tx, event_id: int, now: datetime) -> tuple[Refresh, ...]:
    """The packs and summaries of the teams whose work an event changed, as long as their week is told."""
    changes = await tx.all(select(Change).where(Change.event_id == event_id, col(Change.table).in_(FOLLOWED)))
    if not changes:
        return ()
    people, teams = _concerned(changes)
    joined = select(Membership.team_id).where(col(Membership.person_id).in_(people))
    theirs = or_(col(WeeklyRun.team_id).in_(joined), col(WeeklyRun.team_id).in_(teams))
    recent = col(WeeklyRun.posted_at) > now - 2 * standing.WEEK
    runs = await tx.all(select(WeeklyRun).where(theirs, recent))
    live = [each for each in runs if rules.is_kept(each, today_in(ZoneInfo(each.zone), now))]
    return tuple(
        Refresh(view, running.ids(run), at_most_every=AT_MOST_EVERY)
        for run in live
        for view in (rules.PACK, rules.SUMMARY)
    )


def _concerned(changes: Sequence[Change]) -> tuple[set[int], set[int]]:
    """Owners and who asked, before and after; and teams."""
    sides: list[Mapping[str, object]] = [side for each in changes for side in (each.before, each.after) if side]
    people = {side.get(name) for side in sides for name in ("owner_id", "requester_id", "created_by")}
    teams = {side.get("team_id") for side in sides}
    return {each for each in people if isinstance(each, int)}, {each for each in teams if isinstance(each, int)}


def offering(handler: Handler[E]) -> Handler[E]:
    """The set-up of a huddle: whose team has no weekly follow-up is offered one."""

    async def handle(event: E, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        return setup.offered(replies, await setup.teams_to_offer(tx, event.by.event_id))

    return handle


async def after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    """What was taken back: packs are made anew, and a week that was called off is held after all."""
    replies = await anew(tx, event_id, now)
    tables = (WeeklyRun.__tablename__, RoadBump.__tablename__, "weekly", "weekly_goal", "weekly_update")
    changes = await tx.all(select(Change).where(Change.event_id == event_id, col(Change.table).in_(tables)))
    numbers = {
        each.row_id if each.table == WeeklyRun.__tablename__ else (each.after or each.before or {}).get("run_id", 0)
        for each in changes
    }
    for number in numbers - {0}:
        replies += await _again(tx, number, now)
    for each in changes:
        if each.table == "weekly":
            replies += Replies(
                refresh=(Refresh(running.OFFER, {"team": (each.after or each.before or {})["team_id"]}),)
            )
    return replies


async def _again(tx: Tx, run_id: int, now: datetime) -> Replies:
    """A run as it was before: its messages, and what fell due while it was called off."""
    found = await standing.around(tx, run_id)
    if found is None:
        return NOTHING
    run = found.run
    due = [kind for kind, at in found.times.steps().items() if now - rules.UNDO_FOR <= at <= now]
    again = tuple(
        Plan(f"{running.key(run, kind)}:again:{now.isoformat()}", kind, run.id, now)
        for kind in due
        if run.state in {rules.State.PLANNED, rules.State.PREPARING}
    )
    return Replies(refresh=running.shown(run), plan=again)
