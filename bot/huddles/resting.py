"""A huddle is paused, goes on, ends, or begins right now; and whether anybody is told of streaks."""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed
from bot.chat.localtime import midnight_after, today_in
from bot.chat.replies import Answer, Refresh, Replies
from bot.guide import views as words
from bot.huddles import choosing, finding, notice_views, noticing, rest_views, running, scene, setup, setup_rules
from bot.huddles.scene import Scene
from bot.huddles.setup_rules import MOVES
from bot.work import handlers as work
from storage.huddles import Expectation, Huddle, HuddleRun, expectations, run_on
from storage.organisations import organisation_of
from storage.people import Role, roles_of
from storage.tx import Change, Tx

UNTIL = ("until", "till", "to")


async def pause(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle pause [until date]`: no new run, until that day is over or somebody resumes it."""
    until = event.command.dates[0] if event.command.dates else None
    huddle, today = await _moved(tx, event, now, "pause")
    if until is not None and until < today:
        raise Declined(rest_views.ended_before(huddle, until))
    huddle.paused = True
    huddle.resumes_on = None if until is None else until + timedelta(days=1)
    await running.replan(tx, huddle, now)
    following = await finding.next_date(tx, huddle, today, including=True, now=now)
    card = rest_views.paused(huddle, until=until, following=following)
    return Replies(answer=Answer(card, private=False), undoable=True)


async def resume(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle resume`."""
    huddle, today = await _moved(tx, event, now, "resume")
    huddle.paused, huddle.resumes_on = False, None
    await running.replan(tx, huddle, now)
    following = await finding.next_date(tx, huddle, today, including=True, now=now)
    return Replies(answer=Answer(rest_views.resumed(huddle, following), private=False), undoable=True)


async def end(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle end`: nobody is asked any more, and everything that was answered stays."""
    huddle, _ = await _moved(tx, event, now, "end")
    huddle.active, huddle.paused, huddle.resumes_on = False, False, None
    await running.replan(tx, huddle, now)
    return Replies(answer=Answer(rest_views.ended(huddle), private=False), undoable=True)


async def _moved(tx: Tx, event: Asked, now: datetime, verb: str) -> tuple[Huddle, date]:
    """The huddle meant, for its lead and while the move is legal, and its today. Raises: Declined."""
    name = event.command.title
    first, _, rest = name.partition(" ")
    huddle, _ = await choosing.led(tx, event, now, name=rest if first.casefold() in UNTIL else _without_end(name))
    today = today_in(scene.zone_of_huddle(huddle), now)
    work.legal(MOVES, verb, setup_rules.state_of(huddle, today), code=huddle.name)
    return huddle, today


def _without_end(name: str) -> str:
    words_typed = name.split()
    return " ".join(words_typed[:-1]) if words_typed and words_typed[-1].casefold() in UNTIL else name


async def start(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle start`: today's run begins now, also on a day without one; there is one a day.

    Raises: Declined (E-05) where one is open or was held.
    """
    huddle, team = await choosing.led(tx, event, now)
    zone = scene.zone_of_huddle(huddle)
    today = today_in(zone, now)
    work.legal(MOVES, "start", setup_rules.state_of(huddle, today), code=huddle.name)
    run = await run_on(tx, huddle, today)
    if run is not None and run.state is HuddleRun.State.OPEN:
        raise Declined(rest_views.is_open(huddle, run.closes_at, zone), code="E-05")
    if run is not None and run.state is HuddleRun.State.CLOSED:
        raise Declined(rest_views.was_held(huddle, today), code="E-05")
    if now + timedelta(minutes=huddle.window_min) > midnight_after(today, zone):
        raise Declined(rest_views.too_late_today(huddle, huddle.window_min))
    run = run or await finding.run_to_come(tx, huddle, today)
    around = Scene(run, huddle, team, await scene.calendar_of(tx, team))
    opened = await _begun(tx, around, now)
    if run.state is HuddleRun.State.SKIPPED:
        raise Declined(rest_views.too_few(huddle))
    expected = run.expected
    card = rest_views.started(huddle, expected, run.closes_at, zone)
    return opened + Replies(answer=Answer(card, private=False))


async def _begun(tx: Tx, around: Scene, now: datetime) -> Replies:
    """A day that was called off or missed is a huddle after all; whoever it excused is asked again."""
    run, huddle = around.run, around.huddle
    run.state, run.reason = HuddleRun.State.PLANNED, ""
    running.prepare(run, huddle, now)
    await tx.flush()
    known = await expectations(tx, run)
    if not known:
        return await running.begin(tx, around, now)
    for each in known:
        if each.status is Expectation.Status.EXCUSED:
            each.status = Expectation.Status.EXPECTED
        each.opens_at = max(now, each.opens_at)
        each.closes_at = each.opens_at + around.window
    await tx.flush()
    ids = {"run": run.id}
    again = tuple(Refresh(view, ids) for view in ("huddle.prompt", "huddle.nudge", "huddle.channel"))
    return await running.opened(tx, around) + Replies(refresh=again)


async def streaks(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/huddle streaks on` or `off`: for the whole organisation, by an administrator. Raises: Declined."""
    if Role.Kind.ADMIN not in await roles_of(tx, event.by.person):
        raise Declined(words.only_admin(), code="E-03")
    wanted = event.command.words.casefold()
    if wanted not in {"on", "off"}:
        raise Declined(rest_views.STREAKS_WHICH)
    organisation = await organisation_of(tx)
    organisation.gamification = wanted == "on"
    return Replies(answer=Answer(rest_views.streaks(on=organisation.gamification)))


async def keep_streak(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Keep**: the streak stays in the summaries."""
    return await _streak_settled(event, tx, now, shows=True)


async def switch_streak_off(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Switch off**: this huddle's summaries tell of no streak any more."""
    return await _streak_settled(event, tx, now, shows=False)


async def _streak_settled(event: Pressed, tx: Tx, now: datetime, *, shows: bool) -> Replies:
    huddle, _ = await setup.led(tx, event.by, event.number("huddle"), now)
    huddle.shows_streak, huddle.streak_kept = shows, True
    answer = Answer(notice_views.novelty_settled(huddle))
    return Replies(answer=answer, refresh=(Refresh(noticing.NOVELTY, {"huddle": huddle.id}),), undoable=True)


async def after_undo(tx: Tx, event_id: int, now: datetime) -> None:
    """A huddle that is as it was before has its rhythm again, whatever the clock made of it meanwhile."""
    rows = select(col(Change.row_id)).where(Change.event_id == event_id, Change.table == Huddle.__tablename__)
    for number in sorted(set(await tx.all(rows))):
        huddle = await tx.get(Huddle, number)
        if huddle is not None:
            await running.replan(tx, huddle, now)
