"""`/huddle` and its smaller verbs: today's run, the summary of a day, skipping, the customer number."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked, By
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.chat.routing import Command, Handler, Reader
from bot.huddles import absence_views, finding, projections, refusal_views, rules, scene, setup_views
from bot.people.rules import first_name
from bot.teams.leading import answers_for
from storage.huddles import Expectation, Huddle, HuddleRun, expectations, huddles_of, observed_by, observes, run_on
from storage.measures import Reading
from storage.people import Role, roles_of, zone_of
from storage.places import Place
from storage.teams import Team, team_at, team_named, teams_of
from storage.tx import Change, Tx

Status = Expectation.Status


async def show_today(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle`: one's own answer or the questions, in the newest state."""
    person = event.by.person
    found = await finding.open_for(tx, person, now)
    if found is not None:
        reader = Reader(zone_of(person), person)
        card = await projections.prompt(tx, {"run": found[0].run.id}, reader, now)
        if card is not None:
            return Replies(answer=Answer(card))
    every = await _huddles(tx, event.by, now)
    today = scene.today_of(person, now)
    for each in every:
        if await observes(tx, each, person.id) and await run_on(tx, each, await _newest_day(tx, each, today)):
            return await show_summary(event, tx, now)
    coming = [(await finding.next_date(tx, each, today, including=True, now=now), each) for each in every]
    following, huddle = min(coming, key=lambda each: each[0] or date.max)
    raise Declined(refusal_views.no_run_today(huddle, following))


async def show_summary(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle summary [date]`: the room's message of a day, for one's own eyes."""
    today = scene.today_of(event.by.person, now)
    named = event.command.dates[0] if event.command.dates else None
    every = await _huddles(tx, event.by, now)
    days = [(each, named or await _newest_day(tx, each, today)) for each in every]
    known = [(on, run) for each, on in days if (run := await run_on(tx, each, on)) is not None]
    shown = [each for each in known if each[1].state in {HuddleRun.State.OPEN, HuddleRun.State.CLOSED}]
    newest = max(shown, key=lambda each: (each[0], each[1].opens_at), default=None)
    on, run = newest or next(iter(known), (named or today, None))
    around = None if run is None else await scene.scene_of(tx, run.id)
    if around is None or around.run.state is HuddleRun.State.PLANNED:
        raise Declined(refusal_views.no_summary(on))
    card = await projections.channel(tx, {"run": around.run.id}, Reader(around.zone), now)
    return Replies(answer=Answer(card or Card(refusal_views.no_summary(on))))


async def _newest_day(tx: Tx, huddle: Huddle, today: date) -> date:
    shown = (HuddleRun.State.OPEN, HuddleRun.State.CLOSED)
    newest = await tx.first(
        select(col(HuddleRun.local_date))
        .where(HuddleRun.huddle_id == huddle.id, col(HuddleRun.state).in_(shown), col(HuddleRun.local_date) <= today)
        .order_by(col(HuddleRun.local_date).desc())
    )
    return newest or today


async def skip(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle skip [date] [reason]`: the lead calls a day off."""
    huddle = await _huddle_to_skip(tx, event, now)
    team = await tx.need(Team, huddle.team_id)
    if not await answers_for(tx, event.by.person, team, now):
        raise Declined(refusal_views.only_lead(huddle, await scene.first_name_of(tx, team.lead_id)), code="E-03")
    today = scene.today_of(event.by.person, now)
    on = event.command.dates[0] if event.command.dates else today
    await _refuse_odd_days(tx, huddle, on, today)
    run = await _run_to_skip(tx, huddle, on)
    for each in await expectations(tx, run):
        each.status = Status.EXCUSED if each.status is Status.EXPECTED else each.status
    run.state = HuddleRun.State.SKIPPED
    run.reason = absence_views.skip_reason(first_name(event.by.person), event.command.title)
    ids = {"run": run.id}
    place = None if team.place_id is None else await tx.need(Place, team.place_id)
    told = () if place is None or on != today else (Show(scene.channel_key(run), place, "huddle.channel", ids),)
    return Replies(
        answer=Answer(absence_views.run_skipped(huddle, on)),
        show=told,
        refresh=(Refresh("huddle.prompt", ids), Refresh("huddle.nudge", ids), Refresh("huddle.channel", ids)),
        undoable=True,
    )


async def _refuse_odd_days(tx: Tx, huddle: Huddle, on: date, today: date) -> None:
    """Raises: Declined for a day that is over, too far ahead, or without this huddle."""
    if on < today:
        raise Declined(refusal_views.skip_in_the_past(on, await finding.next_date(tx, huddle, today, including=True)))
    if on > today + rules.SKIPPED_AT_MOST_AHEAD:
        raise Declined(refusal_views.skip_too_far(on, today + rules.SKIPPED_AT_MOST_AHEAD))
    runs = await finding.next_date(tx, huddle, on, including=True) == on
    if not runs and await run_on(tx, huddle, on) is None:
        raise Declined(refusal_views.no_huddle_on(huddle, on, await finding.next_date(tx, huddle, on)))


async def _run_to_skip(tx: Tx, huddle: Huddle, on: date) -> HuddleRun:
    run = await finding.run_to_come(tx, huddle, on)
    if run.state is HuddleRun.State.SKIPPED:
        raise Declined(refusal_views.already_skipped(on), code="E-05")
    if run.state not in {HuddleRun.State.PLANNED, HuddleRun.State.OPEN}:
        raise Declined(refusal_views.already_over(on))
    return run


async def _huddle_to_skip(tx: Tx, event: Asked, now: datetime) -> Huddle:
    """The huddle of the team named, else the one meant; an administrator may mean any. Raises: Declined."""
    by, named = event.by, event.command.keys.get("team", "")
    if named:
        team = await team_named(tx, named)
        if team is None:
            raise Declined(setup_views.no_team(named), code="E-04")
        return _first(await huddles_of(tx, [team.id]), refusal_views.no_huddle_of(team.name))
    if Role.Kind.ADMIN not in await roles_of(tx, by.person):
        return await _huddle(tx, by, now)
    here = await team_at(tx, by.place.id)
    found = await huddles_of(tx, [here.id]) if here else await finding.huddles_led_or_joined(tx, by.person, now)
    if found:
        return found[0]
    every = await tx.all(select(Team).order_by(col(Team.name)))
    teams = [team for team in every if await huddles_of(tx, [team.id])]
    if len(teams) > 1:
        raise Declined(refusal_views.which_team([team.name for team in teams]))
    return _first(await huddles_of(tx, [team.id for team in teams]), refusal_views.no_huddle())


def _first(found: Sequence[Huddle], otherwise: str) -> Huddle:
    if not found:
        raise Declined(otherwise)
    return found[0]


async def _huddle(tx: Tx, by: By, now: datetime) -> Huddle:
    """The first huddle of the room, or of the person. Raises: Declined."""
    return (await _huddles(tx, by, now))[0]


async def _huddles(tx: Tx, by: By, now: datetime) -> Sequence[Huddle]:
    """The huddles of the room, or of the person, or those that they only observe. Raises: Declined for none."""
    observed = await observed_by(tx, by.person.id)
    team = await team_at(tx, by.place.id)
    mine = await teams_of(tx, by.person, scene.today_of(by.person, now))
    if team is not None and team.id in {each.id for each in mine}:
        found = await tx.all(select(Huddle).where(Huddle.team_id == team.id, col(Huddle.active).is_(True)))
    else:
        here = [each for each in observed if team is not None and each.team_id == team.id]
        found = here or await finding.huddles_led_or_joined(tx, by.person, now) or observed
    if not found:
        raise Declined(refusal_views.no_huddle())
    return found


def showing_numbers(commands: Sequence[Command]) -> tuple[Command, ...]:
    """Commands about customer numbers: today's huddles that open with a number which is stored show it."""
    return tuple(replace(each, handler=_then_shows(each.handler)) for each in commands)


def _then_shows(handler: Handler[Asked]) -> Handler[Asked]:
    async def handle(event: Asked, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        stored = Reading.__tablename__ in tx.written
        return replies + Replies(refresh=await _showing(tx, event.by.event_id)) if stored else replies

    return handle


async def _showing(tx: Tx, event_id: int) -> tuple[Refresh, ...]:
    """What shows the numbers that an event stored."""
    made = select(Change).where(Change.event_id == event_id, Change.table == Reading.__tablename__)
    numbers = {each.after["measure_id"] for each in await tx.all(made) if each.after}
    runs = await tx.all(
        select(HuddleRun)
        .join(Huddle, col(Huddle.id) == HuddleRun.huddle_id)
        .where(col(Huddle.measure_id).in_(numbers), HuddleRun.state == HuddleRun.State.OPEN)
    )
    views_of_run = ("huddle.prompt", "huddle.channel")
    return tuple(Refresh(view, {"run": run.id}) for run in runs for view in views_of_run)
