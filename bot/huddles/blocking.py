"""Blockers, which live in the summaries of their team: solved, taken, raised by mistake."""

from datetime import datetime

from sqlmodel import col, select

from bot.blockers import handlers as blockers
from bot.blockers import views as blocker_views
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.guide import views as words
from bot.huddles import scene
from bot.people.rules import first_name
from storage.blockers import Blocker, blocker_coded
from storage.huddles import Huddle, HuddleRun
from storage.people import Person
from storage.teams import Team, teams_of
from storage.tx import Tx


async def resolve(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle resolve B-7 [note]`."""
    if not event.command.codes:
        raise Declined(blocker_views.which())
    blocker = await blocker_coded(tx, event.command.codes[0])
    if blocker is None:
        raise Declined(blocker_views.unknown(event.command.codes[0]), code="E-04")
    return await _solved(tx, event.by, blocker, now=now, note=event.command.title)


async def solve(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**B-7 is solved**."""
    return await _solved(tx, event.by, await _blocker(tx, event), now=now)


async def mistake(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**A mistake**: there never was anything in the way."""
    return await _solved(tx, event.by, await _blocker(tx, event), now=now, note=blocker_views.BY_MISTAKE)


async def help_with(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**I can help with B-7**: the one who raised it is told."""
    blocker = await _blocker(tx, event)
    blockers.take(blocker, event.by.person)
    raiser = await tx.need(Person, blocker.raised_by)
    if raiser.id == event.by.person.id:
        card = blocker_views.taken_by_raiser(blocker)
        return Replies(answer=Answer(card), refresh=await _summaries(tx, blocker), undoable=True)
    told = Show(f"blocker:{blocker.id}:help:{event.by.person.id}", raiser, "blocker.help", {"blocker": blocker.id})
    return Replies(
        answer=Answer(blocker_views.taken(blocker, first_name(raiser))),
        show=(told,),
        refresh=await _summaries(tx, blocker),
        undoable=True,
    )


async def _solved(tx: Tx, by: By, blocker: Blocker, *, now: datetime, note: str = "") -> Replies:
    team = await tx.need(Team, blocker.team_id)
    mine = team.id in {each.id for each in await teams_of(tx, by.person, scene.today_of(by.person, now))}
    if by.person.id not in {blocker.raised_by, blocker.taken_by} and not mine:
        raise Declined(words.not_their_team(blocker.code, team.name), code="E-03")
    blockers.solve(blocker, now, note)
    return Replies(answer=Answer(blocker_views.solved(blocker)), refresh=await _summaries(tx, blocker), undoable=True)


async def _blocker(tx: Tx, event: Pressed) -> Blocker:
    blocker = await tx.get(Blocker, event.number("blocker"))
    if blocker is None:
        raise Declined(blocker_views.unknown(""), code="E-04")
    return blocker


async def _summaries(tx: Tx, blocker: Blocker) -> tuple[Refresh, ...]:
    """The newest messages of the team that list its blockers, and the raiser's own confirmation."""
    runs = await tx.all(
        select(HuddleRun)
        .join(Huddle, col(Huddle.id) == HuddleRun.huddle_id)
        .where(
            Huddle.team_id == blocker.team_id, col(HuddleRun.state).in_((HuddleRun.State.OPEN, HuddleRun.State.CLOSED))
        )
        .order_by(col(HuddleRun.local_date).desc())
        .limit(1)
    )
    raiser = await tx.need(Person, blocker.raised_by)
    ids = [{"run": run.id} for run in runs]
    return tuple(
        refresh for each in ids for refresh in (Refresh("huddle.channel", each), Refresh("huddle.prompt", each, raiser))
    )
