"""`/weekly`: the week as it stands now; its tasks, its road bumps as blockers, and a week called off."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blockers import handlers as blockers
from bot.blockers.handlers import Obstacle
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.guide import views as words
from bot.weekly import form_views, pack_views, reply_views, rules, running, standing, updating
from bot.weekly.rules import State
from bot.weekly.standing import Around
from bot.work import handlers as work
from bot.work.views import REASON_MAX
from storage import audit
from storage.blockers import Blocker
from storage.links import Thing, link
from storage.people import Person
from storage.places import Place
from storage.teams import Team
from storage.tx import Tx
from storage.weekly import RoadBump, WeeklyRun, hold


async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/weekly`: K-05 as it stands now, for one's own eyes."""
    team = await standing.team_meant(tx, event.by, event.command.keys.get("team", ""), now)
    await _may_see(tx, event.by, team, now)
    found = await standing.current(tx, team, now)
    if found is None or (found.run.state is State.SKIPPED and not await standing.is_held(tx, team)):
        raise Declined(await updating.no_week(tx, team, now))
    return Replies(answer=Answer(pack_views.pack(await standing.gathered(tx, found, now), in_room=False)))


async def tasks(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**All tasks**: what stands behind the counts."""
    found = await updating.pressed(tx, event)
    await _may_see(tx, event.by, found.team, now)
    return Replies(answer=Answer(pack_views.tasks(await standing.gathered(tx, found, now)), stays=True))


async def _may_see(tx: Tx, by: By, team: Team, now: datetime) -> None:
    if not await standing.may_see(tx, by.person, team, now):
        raise Declined(reply_views.not_asked(), code="E-03")


# --- a road bump becomes a blocker


async def make_blocker(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Make it a blocker**: it gets a code, once; who comes second hears which. Source: domain.md S3-25."""
    bump = await tx.get(RoadBump, event.number("bump"))
    if bump is None:
        raise Declined(words.old_button())
    await hold(tx, await tx.need(WeeklyRun, bump.run_id))
    await tx.session.refresh(bump)
    team = await tx.need(Team, bump.team_id)
    await _may_see(tx, event.by, team, now)
    if bump.blocker_id is not None:
        raise Declined(reply_views.promoted_before((await tx.need(Blocker, bump.blocker_id)).code), code="E-05")
    if bump.removed_on is not None:
        raise Declined(reply_views.bump_gone(), code="E-05")
    raiser = await tx.need(Person, bump.person_id)
    blocker = await blockers.raised(
        tx,
        Obstacle(bump.text, None, customer_stopped=False),
        by=raiser.id,
        team_id=team.id,
        own_department_id=raiser.department_id,
        on=today_in(ZoneInfo(team.zone), now),
    )
    bump.blocker_id = blocker.id
    await link(tx, (Thing.WEEKLY, bump.run_id), (Thing.BLOCKER, blocker.id))
    await tx.flush()
    found = await standing.current(tx, team, now)
    runs = {each.id: each for each in (await tx.get(WeeklyRun, bump.run_id), found.run if found else None) if each}
    refresh = [each for run in runs.values() for each in running.shown(run, rules.ASK, rules.PACK)]
    return Replies(answer=Answer(reply_views.promoted(blocker)), refresh=tuple(refresh), undoable=True)


# --- a week called off


async def skip(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/weekly skip the fair`: the lead calls the meeting off that comes next; without a reason a form asks."""
    team = await standing.team_meant(tx, event.by, event.command.keys.get("team", ""), now)
    await standing.must_lead(tx, event.by.person, team, now)
    found = await standing.current(tx, team, now)
    if found is None:
        raise Declined(await updating.no_week(tx, team, now))
    _refuse_to_skip(found)
    if not event.command.title.strip():
        return Replies(answer=Answer(form_views.skip(found.run, team.name, {})))
    return await _skipped(tx, found, event.command.title)


async def take_skip(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form that asks why."""
    found = await updating.pressed(tx, event)
    await standing.must_lead(tx, event.by.person, found.team, now)
    _refuse_to_skip(found)
    why = event.values.get("why", "").strip()
    if not why:
        form = form_views.skip(found.run, found.team.name, {}).refused(event.values, {"why": form_views.PLEASE_WRITE})
        return Replies(answer=Answer(form, refuses=True))
    return await _skipped(tx, found, why)


def _refuse_to_skip(found: Around) -> None:
    """Raises: Declined (E-05)."""
    run, team = found.run, found.team.name
    if run.state is State.SKIPPED:
        raise Declined(reply_views.already_skipped(run, team), code="E-05")
    if run.posted_at is not None:
        raise Declined(reply_views.already_posted(run, team), code="E-05")


async def _skipped(tx: Tx, found: Around, why: str) -> Replies:
    run, team = found.run, found.team
    (move, *_) = work.legal(rules.MOVES, "skip", run.state, code=f"Week {run.iso_week}")
    before = run.state
    run.state = move.target or run.state
    run.reason = work.at_most(REASON_MAX, why.strip(), "That reason")
    audit.note(tx, (Thing.WEEKLY, run.id), "skip", before=before.value, after=run.state.value, reason=run.reason)
    await tx.flush()
    place = None if team.place_id is None else await tx.get(Place, team.place_id)
    told = () if place is None else (Show(running.key(run, rules.PACK), place, rules.PACK, running.ids(run)),)
    refresh = (
        Refresh(rules.ASK, running.ids(run)),
        Refresh(rules.NUDGE, running.ids(run)),
        Refresh(rules.PACK, running.ids(run)),
    )
    return Replies(answer=Answer(reply_views.run_skipped(run, team.name)), show=told, refresh=refresh, undoable=True)
