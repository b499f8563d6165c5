"""Huddle messages as projections: from ids to the newest card, for its reader."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blockers import standing as blocked
from bot.blockers.views import goes_up_words
from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.huddles import room_views, rules, scene, views
from bot.huddles.scene import Scene
from bot.people.rules import away, first_name
from storage.blockers import Blocker, open_blockers
from storage.huddles import (
    Expectation,
    HuddleAnswer,
    HuddleRun,
    answer_of,
    expectation_of,
    expectations,
    past_runs,
)
from storage.organisations import organisation_of
from storage.people import Person, absences
from storage.tx import Tx

Status = Expectation.Status
DONE = {Status.ANSWERED, Status.ANSWERED_LATE}


async def prompt(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """A person's prompt, in whatever state their answer is by now."""
    around = await _scene_for(tx, ids, reader)
    person = reader.person
    if around is None or person is None:
        return None
    if around.run.state is HuddleRun.State.SKIPPED:
        return views.skipped(around.huddle, around.run) if reader.stands else None
    expectation = await expectation_of(tx, around.run, person.id)
    if expectation is None:
        return None
    answer = await answer_of(tx, around.run, person.id)
    if expectation.status is Status.ABSENT and answer is None:
        return await _absent(tx, around, person, now) if reader.stands else None
    is_over = now >= rules.answers_end(around.run, reader.zone)
    if answer is not None and not reader.stands:
        return None
    if answer is not None:
        return await _confirmation(tx, around, answer, reader, can_change=not is_over, now=now)
    if is_over:
        return views.over(around.huddle, around.run)
    return await _open_or_closed(tx, around, expectation, zone=reader.zone, now=now)


async def _absent(tx: Tx, around: Scene, person: Person, now: datetime) -> Card:
    on = around.run.local_date
    absence = away(await absences(tx, [person.id], on, on), person.id, on)
    can_return = around.run.state is HuddleRun.State.OPEN and now < around.run.closes_at
    return views.away_today(around.huddle, around.run, absence.to_on if absence else None, can_return=can_return)


async def _open_or_closed(tx: Tx, around: Scene, expectation: Expectation, *, zone: ZoneInfo, now: datetime) -> Card:
    until = await scene.window_end(tx, around, expectation)
    if now >= until:
        return views.window_closed(around.huddle, around.run, until, zone)
    figure = await scene.figure_of(tx, around)
    plan = "\n".join((await scene.last_plan(tx, around, expectation.person_id)).values())
    return views.prompt(around.huddle, around.run, figure, plan, until=until, zone=zone)


async def _confirmation(
    tx: Tx, around: Scene, answer: HuddleAnswer, reader: Reader, *, can_change: bool, now: datetime
) -> Card:
    blocker = None if answer.blocker_id is None else await tx.get(Blocker, answer.blocker_id)
    return views.answered(
        around.huddle,
        around.run,
        answer,
        blocker=blocker,
        waits_for=await scene.department_name(tx, blocker.department_id if blocker else None),
        name=first_name(await tx.need(Person, answer.person_id)),
        zone=reader.zone,
        can_change=can_change,
        summary_at=None if is_published(around.run) else rules.summary_at(around.huddle, around.run),
        lead=await scene.first_name_of(tx, around.team.lead_id),
        goes_up="" if blocker is None else goes_up_words(await blocked.around(tx, blocker, now)),
    )


async def nudge(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """The one reminder; once it has done its work it says so and has no button left."""
    around = await _scene_for(tx, ids, reader)
    if around is None or reader.person is None:
        return None
    expectation = await expectation_of(tx, around.run, reader.person.id)
    if expectation is None or (expectation.status is not Status.EXPECTED and not reader.stands):
        return None
    if expectation.status in DONE:
        return views.nudge_settled(views.NOTED_SINCE)
    if expectation.status is not Status.EXPECTED or around.run.state is HuddleRun.State.SKIPPED:
        return views.nudge_settled(views.NUDGE_OVER if expectation.status is Status.SILENT else views.NO_ANSWER_NEEDED)
    if now >= await scene.window_end(tx, around, expectation):
        return views.nudge_settled(views.NUDGE_OVER)
    return views.nudge(around.run)


async def channel(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """The room's one message of the day: the header, and from the close on the summary."""
    around = await _scene_for(tx, ids, reader)
    if around is None:
        return None
    match around.run.state:
        case HuddleRun.State.SKIPPED:
            return views.skipped(around.huddle, around.run)
        case HuddleRun.State.MISSED:
            return room_views.missed(around.huddle)
        case HuddleRun.State.PLANNED:
            return None
        case _ if is_published(around.run):
            return await summary(tx, around, now, can_answer=reader.person is None)
        case _:
            return await _header(tx, around)


async def _header(tx: Tx, around: Scene) -> Card:
    everybody = await expectations(tx, around.run)
    rules.recount(shadow := around.run.model_copy(), everybody)
    return room_views.header(
        around.huddle,
        shadow,
        figure=await scene.figure_of(tx, around),
        away=await scene.away_in(tx, around),
        zone=around.zone,
    )


async def summary(tx: Tx, around: Scene, now: datetime, *, can_answer: bool = True) -> Card:
    """K-03 of a run that has closed, or is published."""
    given = await scene.given_in(tx, around.run)
    runs = await _told_of_streaks(tx, around)
    tells = room_views.Contents(
        given=given,
        blockers=await scene.blockers_in(tx, around, await open_blockers(tx, around.team.id), now),
        voices=await scene.voices_in(tx, given),
        away=await scene.away_in(tx, around),
        figure=await scene.figure_of(tx, around),
        streak=rules.streak(runs),
        starts_anew=rules.was_held(around.run) and rules.has_ended(runs),
        can_answer=can_answer,
    )
    return room_views.summary(around.huddle, around.run, tells, around.zone)


async def _told_of_streaks(tx: Tx, around: Scene) -> Sequence[HuddleRun]:
    """A run and those before it, newest first; none where nobody is told of streaks."""
    if not (around.huddle.shows_streak and (await organisation_of(tx)).gamification):
        return ()
    return [around.run, *await past_runs(tx, around.huddle, around.run.local_date)]


async def details(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """Every answer whole, in the summary's thread; nothing while nobody has answered."""
    around = await _scene_for(tx, ids, reader)
    if around is None or around.run.state is HuddleRun.State.SKIPPED:
        return None
    given = await scene.given_in(tx, around.run)
    return room_views.details(around.huddle, around.run, given) if given else None


async def _scene_for(tx: Tx, ids: Mapping[str, int], reader: Reader) -> Scene | None:
    """Around a run; None where nothing new is to come, because its huddle has ended. What stands is kept up to date."""
    around = await scene.scene_of(tx, ids["run"])
    return around if around is not None and (around.huddle.active or reader.stands) else None


def is_published(run: HuddleRun) -> bool:
    """Whether the room sees the summary."""
    return run.state is HuddleRun.State.CLOSED or run.published_at is not None
