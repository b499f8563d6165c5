"""Away and back: by oneself or by the lead, in a line of text or with a button on the prompt."""

from datetime import date, datetime, timedelta

from bot.chat.dates import Period
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed
from bot.chat.replies import NOTHING, Answer, Replies
from bot.guide import views as words
from bot.huddles import absence_views, presence, scene
from bot.people import handlers as people
from bot.people.rules import away, first_name
from storage.huddles import Expectation, HuddleRun, expectation_of
from storage.people import Absence, Person, absences
from storage.teams import Team, teams_of
from storage.tx import Tx

Status = Expectation.Status


async def go_away(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`away until mon`, `/huddle away 21 Dec to 1 Jan @Amy`."""
    whom = await _whom(tx, event, now)
    today = scene.today_of(event.by.person, now)
    period = event.command.period or Period(today, today)
    if period.last is not None and period.last < today:
        raise Declined(absence_views.over_already(period.first, period.last))
    replies = NOTHING
    for person in whom:
        replies += await _away(tx, person, period, other=person.id != event.by.person.id, now=now)
    if len(whom) == 1:
        return replies
    names = [first_name(person) for person in whom]
    return replies + Replies(answer=Answer(absence_views.they_are_away(period.first, period.last, names)))


async def come_back(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`back`: the absence of today ends and an open huddle asks again; without one, the next absence is cancelled."""
    whom = await _whom(tx, event, now)
    today = scene.today_of(event.by.person, now)
    for on in event.command.dates:
        if on != today:
            raise Declined(absence_views.back_takes_no_date(on, today), code="E-06")
    replies = NOTHING
    for person in whom:
        other = person.id != event.by.person.id
        cancelled = await _cancelled(tx, person, other=other, now=now)
        replies += cancelled or await _back(tx, person, other=other, now=now)
    if len(whom) == 1:
        return replies
    return replies + Replies(answer=Answer(absence_views.they_are_back([first_name(person) for person in whom])))


async def _cancelled(tx: Tx, person: Person, *, other: bool, now: datetime) -> Replies | None:
    """The next absence is taken back before it begins; None for somebody who is away now, or has none to come."""
    today = scene.today_of(person, now)
    every = await absences(tx, [person.id], today, date.max)
    known = [each for each in every if each.to_on is None or each.from_on <= each.to_on]
    if not known or known[0].from_on <= today:
        return None
    coming = known[0]
    card = absence_views.not_away_after_all(coming.from_on, coming.to_on, first_name(person) if other else "")
    coming.to_on = coming.from_on - timedelta(days=1)  # no day is left; a deleted row could not be undone
    return Replies(answer=Answer(card), undoable=True)


async def away_today(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**I'm away today**, on the prompt."""
    run = await _run_of(tx, event.number("run"), event.by)
    await _refuse_after_window(tx, run, event.by.person, now)
    period = Period(run.local_date, run.local_date)
    replies = await _away(tx, event.by.person, period, other=False, now=now)
    return Replies(answer=replies.answer, refresh=replies.refresh, undoable=True)


async def back_today(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**I'm here after all**, on the prompt."""
    await _run_of(tx, event.number("run"), event.by)
    return await _back(tx, event.by.person, other=False, now=now)


async def _refuse_after_window(tx: Tx, run: HuddleRun, person: Person, now: datetime) -> None:
    around = await scene.scene_of(tx, run.id)
    expectation = await expectation_of(tx, run, person.id)
    if around is None or expectation is None:
        raise Declined(words.old_button())
    if run.state is not HuddleRun.State.OPEN or now >= await scene.window_end(tx, around, expectation):
        raise Declined(absence_views.window_over(run.local_date))


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
    return replies + await presence.reconsider(tx, person, now)


async def _back(tx: Tx, person: Person, *, other: bool, now: datetime) -> Replies:
    name = first_name(person) if other else ""
    today = scene.today_of(person, now)
    ending = [each for each in await absences(tx, [person.id], today, today) if away([each], person.id, today)]
    if not ending:
        raise Declined(absence_views.not_away(name))
    for absence in ending:
        absence.to_on = today - timedelta(days=1)
    replies = Replies(answer=Answer(absence_views.you_are_back(name)), undoable=True)
    return replies + await presence.reconsider(tx, person, now)


async def _whom(tx: Tx, event: Asked, now: datetime) -> list[Person]:
    """Oneself, or everybody named, once each, by their lead. Raises: Declined."""
    if not event.command.people:
        return [event.by.person]
    named = [await _named(tx, event, name, now) for name in event.command.people]
    return list({person.id: person for person in named}.values())


async def _named(tx: Tx, event: Asked, name: str, now: datetime) -> Person:
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
