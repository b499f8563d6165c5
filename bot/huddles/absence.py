"""Away and back: by oneself or by the lead, in a line of text or with a button on the prompt."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.chat.dates import Period
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import NOTHING, Answer, Replies
from bot.guide import views as words
from bot.huddles import absence_list, absence_rules, absence_views, presence, scene
from bot.people import handlers as members
from bot.people import there
from bot.people.rules import away, first_name
from bot.teams.leading import answers_for
from storage.huddles import Expectation, HuddleRun, expectation_of
from storage.people import Absence, Person, absences
from storage.teams import Team, teams_of
from storage.tx import Tx

Status = Expectation.Status
LIST = "huddle away"
_COUNTED = re.compile(r"\b(?:ooo|for|away) \d{1,3} ?(?:d|days?|wd|working days?)?(?: @.*)?$", re.ASCII | re.IGNORECASE)
_LISTED = re.compile(rf'{LIST}(?: @(?:"[^"]*"|\[[^]]*]|[^ ]+))*', re.IGNORECASE)
LONGEST = timedelta(days=366)  # of an absence that was counted rather than named; more is a slip of the pen


async def go_away(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`away until mon`, `/huddle away 21 Dec to 1 Jan @Amy`; `/huddle away` alone shows what is noted."""
    people = await whom(tx, event, now)
    if _asks_for_list(event):
        return await absence_list.show(tx, event.by.person, people, now)
    today = scene.today_of(event.by.person, now)
    period = event.command.period or Period(today, today)
    if period.last is not None and period.last < today:
        raise Declined(absence_views.over_already(period.first, period.last))
    if _is_counted(event) and period.last is not None and period.last - today > LONGEST:
        raise absence_views.really_so_long(period.last, event.command.people)
    replies = NOTHING
    for person in people:
        other = person.id != event.by.person.id
        noted = await _away(tx, person, period, other=other, now=now, counted=_is_counted(event))
        if noted.undoable:
            noted += presence.told(event.by, person, presence.Said.AWAY, period)
        replies += noted
    if len(people) == 1:
        return replies
    names = [first_name(person) for person in people]
    return replies + Replies(answer=Answer(absence_views.they_are_away(period.first, period.last, names)))


def _asks_for_list(event: Asked) -> bool:
    """`/huddle away` in full, perhaps with people; `away` alone is said by somebody who is away today."""
    text = event.command.text.strip("/ ")
    return event.command.explicit and _LISTED.fullmatch(text[max(0, text.casefold().find(LIST)) :]) is not None


def _is_counted(event: Asked) -> bool:
    """Whether days were counted, as in `ooo 3`: then it is said which ones they are."""
    return _COUNTED.search(event.command.text) is not None


async def come_back(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`back`: the absence of today ends and an open huddle asks again; without one, the next absence is cancelled.

    `back mon`: the absence ends on the eve of Monday.
    """
    people = await whom(tx, event, now)
    today = scene.today_of(event.by.person, now)
    for on in event.command.dates:
        if on < today:
            raise Declined(absence_views.back_is_to_come(on), code="E-06")
    later = max((on for on in event.command.dates if on > today), default=None)
    replies = NOTHING
    for person in people:
        other = person.id != event.by.person.id
        if later is not None:
            replies += await _back_on(tx, event.by, person, later, now=now)
            continue
        cancelled = await _cancelled(tx, person, other=other, now=now)
        replies += cancelled or await _back(tx, person, other=other, now=now)
        replies += presence.told(event.by, person, presence.Said.BACK, Period(today, today))
    if len(people) == 1:
        return replies
    return replies + Replies(answer=Answer(absence_views.they_are_back([first_name(each) for each in people], later)))


async def _back_on(tx: Tx, by: By, person: Person, on: date, *, now: datetime) -> Replies:
    """The absence in which the eve of a day lies, or that of today, has that eve as its last day."""
    name = "" if person.id == by.person.id else first_name(person)
    today, eve = scene.today_of(person, now), on - timedelta(days=1)
    known = [each for each in await absence_list.coming(tx, person, today) if each.from_on <= eve]
    meant = [each for each in known if each.from_on <= today or each.to_on is None or each.to_on >= eve]
    if not meant:
        raise Declined(absence_views.not_away_then(on, today, name), code="E-06")
    absence = meant[-1]
    is_news = absence.to_on != eve
    absence.to_on = eve
    card = absence_views.back_on(on, absence.from_on, name)
    told = presence.told(by, person, presence.Said.AWAY, Period(absence.from_on, eve)) if is_news else NOTHING
    return Replies(answer=Answer(card), undoable=is_news) + await presence.days_changed(tx, [person], now) + told


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
    return Replies(answer=Answer(card), undoable=True) + await presence.days_changed(tx, [person], now)


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


async def _away(
    tx: Tx, person: Person, period: Period, *, other: bool, now: datetime, counted: bool = False
) -> Replies:
    """Notes an absence. What overlaps or adjoins it becomes one with it; an end takes the place of none."""
    name = first_name(person) if other else ""
    known = await absence_list.beside(tx, person, period)
    whole = absence_rules.joined([Period(each.from_on, each.to_on) for each in known], period)
    is_news = [(each.from_on, each.to_on) for each in known] != [(whole.first, whole.last)]
    if is_news:
        await _keep(tx, person, known, whole)
    on = (await there.days_of(tx, [person], whole.first, whole.last))[person.id]
    days = absence_rules.worked(on, period) if counted else ()
    card = absence_views.you_are_away(whole.first, whole.last, name, days=days)
    return Replies(answer=Answer(card), undoable=is_news) + await presence.days_changed(tx, [person], now)


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form with days was sent; its note is kept for its writer alone."""
    person = event.by.person
    read = absence_list.read_form(event, scene.today_of(person, now))
    if isinstance(read, Replies):
        return read
    replies = await _away(tx, person, read, other=False, now=now)
    note = event.values.get("note", "").strip()
    if note:
        known = await absence_list.beside(tx, person, read)
        known[0].note = "; ".join(filter(None, (known[0].note, note)))
    return replies


async def noted(tx: Tx, person: Person, period: Period, now: datetime) -> Replies:
    """Somebody said that they are away for some days, in whichever way they said it."""
    return await _away(tx, person, period, other=False, now=now)


async def _keep(tx: Tx, person: Person, known: Sequence[Absence], whole: Period) -> None:
    """One row for all of it; the others keep no day, because a deleted row could not be undone."""
    if known:
        known[0].from_on, known[0].to_on = whole.first, whole.last
        for each in known[1:]:
            each.to_on = each.from_on - timedelta(days=1)
    else:
        tx.add(Absence(person_id=person.id, from_on=whole.first, to_on=whole.last))
    await tx.flush()


async def _back(tx: Tx, person: Person, *, other: bool, now: datetime) -> Replies:
    name = first_name(person) if other else ""
    today = scene.today_of(person, now)
    ending = [each for each in await absences(tx, [person.id], today, today) if away([each], person.id, today)]
    if not ending:
        raise Declined(absence_views.not_away(name))
    for absence in ending:
        absence.to_on = today - timedelta(days=1)
    followed = await presence.days_changed(tx, [person], now)
    missed = None if other else await presence.missed(tx, person, now)
    return Replies(answer=Answer(absence_views.you_are_back(name, missed)), undoable=True) + followed


async def whom(tx: Tx, event: Asked, now: datetime) -> list[Person]:
    """Oneself, or everybody named, once each, by their lead. Raises: Declined."""
    if not event.command.people:
        return [event.by.person]
    named = [await _named(tx, event, name, now) for name in event.command.people]
    return list({person.id: person for person in named}.values())


async def _named(tx: Tx, event: Asked, name: str, now: datetime) -> Person:
    found = await members.named(tx, event.by.place, name)
    if len(found) != 1:
        raise await members.several(tx, event.by.place, name, found)
    person = found[0]
    if person.id == event.by.person.id:
        return person
    on = scene.today_of(person, now)
    if not any([await answers_for(tx, event.by.person, team, now) for team in await _member_teams(tx, person, on)]):
        raise Declined(words.only_their_lead(first_name(person)), code="E-03")
    return person


async def _member_teams(tx: Tx, person: Person, on: date) -> list[Team]:
    return list(await teams_of(tx, person, on))
