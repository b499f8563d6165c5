"""Away and back: by oneself or by the lead, in a line of text or with a button on the prompt."""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from bot.chat.dates import Period
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed
from bot.chat.replies import Answer, Replies, Show
from bot.guide import views as words
from bot.huddles import absence_views, scene
from bot.huddles.answering import stale
from bot.huddles.scene import Scene
from bot.people import handlers as people
from bot.people.rules import away, first_name
from storage.huddles import Expectation, HuddleRun, expectation_of
from storage.messages import Lane
from storage.people import Absence, Person, absences
from storage.teams import Team, teams_of
from storage.tx import Tx

Status = Expectation.Status


async def go_away(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`away until mon`, `/huddle away 21 Dec to 1 Jan @Amy`."""
    person = await _whom(tx, event, now)
    today = scene.today_of(person, now)
    period = event.command.period or Period(today, today)
    return await _away(tx, person, period, other=person.id != event.by.person.id, now=now)


async def come_back(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`back`: the absence of today ends, and an open huddle asks again."""
    person = await _whom(tx, event, now)
    return await _back(tx, person, other=person.id != event.by.person.id, now=now)


async def away_today(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**I'm away today**, on the prompt."""
    run = await _run_of(tx, event.number("run"), event.by)
    period = Period(run.local_date, run.local_date)
    replies = await _away(tx, event.by.person, period, other=False, now=now)
    return Replies(answer=replies.answer, refresh=replies.refresh, undoable=True)


async def back_today(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**I'm here after all**, on the prompt."""
    await _run_of(tx, event.number("run"), event.by)
    return await _back(tx, event.by.person, other=False, now=now)


async def _run_of(tx: Tx, run_id: int, by: By) -> HuddleRun:
    run = await tx.get(HuddleRun, run_id)
    if run is None or await expectation_of(tx, run, by.person.id) is None:
        raise Declined(words.old_button())
    return run


async def _away(tx: Tx, person: Person, period: Period, *, other: bool, now: datetime) -> Replies:
    name = first_name(person) if other else ""
    known = await absences(tx, [person.id], period.first, period.first)
    same = next((each for each in known if (each.from_on, each.to_on) == (period.first, period.last)), None)
    if same is None:
        tx.add(Absence(person_id=person.id, from_on=period.first, to_on=period.last))
        await tx.flush()
    replies = Replies(answer=Answer(absence_views.you_are_away(period.first, period.last, name)), undoable=same is None)
    for around, expectation in await _still_open(tx, person, now):
        covers = period.first <= around.run.local_date and (period.last is None or around.run.local_date <= period.last)
        if covers and expectation.status is Status.EXPECTED:
            expectation.status = Status.ABSENT
            replies += Replies(refresh=stale(around.run, person))
    return replies


async def _back(tx: Tx, person: Person, *, other: bool, now: datetime) -> Replies:
    name = first_name(person) if other else ""
    today = scene.today_of(person, now)
    ending = [each for each in await absences(tx, [person.id], today, today) if away([each], person.id, today)]
    if not ending:
        raise Declined(absence_views.not_away(name))
    for absence in ending:
        absence.to_on = today - timedelta(days=1)
    replies = Replies(answer=Answer(absence_views.you_are_back(name)), undoable=True)
    for around, expectation in await _still_open(tx, person, now):
        if expectation.status is Status.ABSENT and around.run.local_date == today:
            expectation.status = Status.EXPECTED
            replies += Replies(show=(_prompt(around, person, expectation),), refresh=stale(around.run, person))
    return replies


def _prompt(around: Scene, person: Person, expectation: Expectation) -> Show:
    """Somebody who was away at the opening has no prompt yet; somebody who had one sees it remade."""
    key = f"{scene.prompt_key(around.run)}:{person.id}"
    return Show(
        key, person, "huddle.prompt", {"run": around.run.id}, Lane.Traffic.PROMPT, not_after=expectation.closes_at
    )


async def _still_open(tx: Tx, person: Person, now: datetime) -> list[tuple[Scene, Expectation]]:
    """A person's runs whose own window is open; after it, an absence does not change the run."""
    query = (
        select(Expectation)
        .join(HuddleRun, col(HuddleRun.id) == Expectation.run_id)
        .where(Expectation.person_id == person.id, HuddleRun.state == HuddleRun.State.OPEN)
    )
    found = [(await scene.scene_of(tx, each.run_id), each) for each in await tx.all(query)]
    return [(around, each) for around, each in found if around and now < await scene.window_end(tx, around, each)]


async def _whom(tx: Tx, event: Asked, now: datetime) -> Person:
    """Oneself, or the person named, by their lead. Raises: Declined."""
    if not event.command.people:
        return event.by.person
    name = event.command.people[0]
    found = await people.named(tx, event.by.place, name)
    if len(found) != 1:
        raise Declined(words.which_person(name.strip("[]"), [each.name for each in found]), code="E-10")
    person = found[0]
    if person.id == event.by.person.id:
        return person
    on = scene.today_of(person, now)
    if not any([await scene.may_lead(tx, event.by.person, team) for team in await _member_teams(tx, person, on)]):
        raise Declined(words.only_their_lead(first_name(person)), code="E-03")
    return person


async def _member_teams(tx: Tx, person: Person, on: date) -> list[Team]:
    return list(await teams_of(tx, person, on))
