"""Answers: by form, by a line of text, with yesterday's plan; on time, late, edited, before the huddle."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.blockers import rules as blocker_rules
from bot.blockers.handlers import Obstacle
from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Pressed, Said, Submitted, row_number
from bot.chat.forms import Form, TextInput, Values
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.guide import views as words
from bot.huddles import finding, form_views, refusal_views, rules, scene, views
from bot.huddles.keeping import Draft, Given, keep
from bot.huddles.projections import is_published
from bot.huddles.rules import TYPED
from bot.huddles.scene import Scene
from bot.people.rules import first_name
from storage.blockers import Blocker
from storage.events import EventSeen
from storage.huddles import (
    Expectation,
    Huddle,
    HuddleAnswer,
    HuddleRun,
    Line,
    answer_of,
    expectation_of,
    first_editions,
    hold,
    plan_before,
)
from storage.people import Department, Person, departments, zone_of
from storage.places import Place
from storage.tx import Tx

Status = Expectation.Status
Source = HuddleAnswer.Source


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Answer** or **Change my answer**: the form with what is known already."""
    around, _ = await mine(tx, event.number("run"), event.by.person, now)
    return Replies(answer=Answer(await _form(tx, around, event.by.person, now)))


async def open_form_as_planned(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Same as yesterday's plan**: finished what was planned, and the same again today."""
    around, _ = await mine(tx, event.number("run"), event.by.person, now)
    form = await _form(tx, around, event.by.person, now)
    last = await plan_before(tx, around.run, event.by.person.id)
    focus = rules.question_of(around.huddle, "focus")
    if last is None or focus is None or await answer_of(tx, around.run, event.by.person.id) is not None:
        return Replies(answer=Answer(form))
    plan = rules.answer_to(around.huddle, last.answers, "focus")
    return Replies(answer=Answer(form.filled({focus["id"]: plan})))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent. What can't be taken comes back as it was typed."""
    person = event.by.person
    around, expectation = await mine(tx, event.number("run"), person, now)
    form = await _form(tx, around, person, now)
    errors = _errors(around.huddle, form, event.values)
    if errors:
        return Replies(answer=Answer(form.refused(event.values, errors)))
    answers = {each["id"]: event.values.get(each["id"], "").strip() for each in around.huddle.questions}
    obstacle = await _obstacle(tx, around.huddle, event.values)
    given = await keep(tx, around, expectation, Draft(answers, obstacle, Source.FORM, event.by.event_id), now=now)
    asked = None if given.lost_blocker is None else Answer(views.solved_or_mistake(given.lost_blocker))
    return Replies(answer=asked, show=await _first_details(tx, around), refresh=stale(around.run, person))


async def take_text(event: Said, tx: Tx, now: datetime) -> Replies:
    """A line in direct messages that is no command: it answers the open huddle, or the bot asks where it belongs."""
    if event.near and len(event.text) <= words.SAID_MAX:
        return Replies(answer=Answer(views.answer_or_command(event.text, event.near, event.by.event_id)))
    person = event.by.person
    found = await finding.open_for(tx, person, now)
    if found is None:
        return await _nowhere(tx, event, now)
    around, expectation = found
    await hold(tx, expectation)
    before = await answer_of(tx, around.run, person.id)
    until = await scene.window_end(tx, around, expectation)
    if before is not None and before.answers and not (before.source is Source.TEXT and now < until):
        following = await finding.next_date(tx, around.huddle, around.run.local_date)
        return Replies(answer=Answer(_asked_which_day(event, around, following)))
    draft = await _text_draft(tx, around.huddle, Line(event=event.by.event_id, text=event.text), before)
    given = await keep(tx, around, expectation, draft, now=now)
    zone = zone_of(person)
    card = (
        views.noted_late(until, zone)
        if given.answer.is_late and before is None
        else views.noted(given.answer, first_name(person), now, zone)
    )
    show = await _first_details(tx, around)
    return Replies(answer=confirmed(given, card), show=show, refresh=stale(around.run, person))


async def take_as_answer(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**It's my answer**: a line that began like a command."""
    line = await _line(tx, event)
    return await take_text(Said(replace(event.by, event_id=line["event"]), line["text"]), tx, now)


def _asked_which_day(event: Said, around: Scene, following: date) -> Card:
    text = event.text
    if len(text) > words.SAID_MAX:
        raise Declined(words.too_long(words.SAID_MAX, len(text)))
    return views.which_day(text, around.run, following, around.huddle, line=event.by.event_id)


async def _nowhere(tx: Tx, event: Said, now: datetime) -> Replies:
    person = event.by.person
    huddle = await finding.huddle_of(tx, person, now)
    if huddle is None:
        typed = event.text.split(maxsplit=1)
        raise Declined(words.unknown_verb(typed[0] if typed else "", ""), code="E-02")
    if len(event.text) > words.SAID_MAX:
        raise Declined(words.too_long(words.SAID_MAX, len(event.text)))
    today = scene.today_of(person, now)
    following = await finding.next_date(tx, huddle, today, including=True, now=now)
    last = await finding.last_run(tx, huddle, person, today)
    if last is not None:
        return Replies(
            answer=Answer(views.closed_ask_next(last.local_date, following, huddle, event.text, line=event.by.event_id))
        )
    return Replies(answer=Answer(views.which_day(event.text, None, following, huddle, line=event.by.event_id)))


async def refocus(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Today's focus**: a line of text takes the place of the focus in an answer that was given already."""
    person = event.by.person
    around, expectation = await mine(tx, event.number("run"), person, now)
    before = await answer_of(tx, around.run, person.id)
    line = await _line(tx, event)
    answers = rules.refocused(around.huddle, before.answers if before else {}, line["text"])
    obstacle = None if before is None or before.blocker_id is None else await as_it_is(tx, before.blocker_id)
    draft = Draft(answers, obstacle, Source.FORM, line["event"], [line])
    given = await keep(tx, around, expectation, draft, now=now)
    card = views.noted(given.answer, first_name(person), now, zone_of(person))
    return Replies(answer=Answer(card), refresh=stale(around.run, person))


async def keep_early(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """A line of text is kept for a huddle that has not opened yet, or answers it where it is open by now."""
    person = event.by.person
    huddle = await tx.get(Huddle, event.number("huddle"))
    on = _date(event.ids.get("on", ""))
    line = await _line(tx, event)
    if huddle is None or on is None or not line["text"] or not await finding.belongs_to(tx, huddle, person, on):
        raise Declined(words.old_button())
    if not await finding.is_to_come(tx, huddle, on, scene.today_of(person, now)):
        raise Declined(words.old_button())
    run = await finding.run_to_come(tx, huddle, on)
    around = await scene.scene_of(tx, run.id)
    if around is None:
        raise Declined(words.old_button())
    expectation = await expectation_of(tx, run, person.id)
    if run.state is not HuddleRun.State.PLANNED:
        around, expectation = await mine(tx, run.id, person, now)
    draft = await _text_draft(tx, huddle, line, None)
    given = await keep(tx, around, expectation, draft, now=now)
    return Replies(answer=confirmed(given, views.kept_early(on)), refresh=stale(run, person))


async def _line(tx: Tx, event: Pressed) -> Line:
    """The line that a button carries, and the event in which it was written, where that was the same person's."""
    written = await tx.get(EventSeen, event.number("line"))
    is_theirs = written is not None and written.person_id == event.by.person.id
    number = event.number("line") if is_theirs else event.by.event_id
    return Line(event=number, text=event.ids.get("text", "").strip())


def confirmed(given: Given, card: Card) -> Answer:
    """The reply to a line of text; a blocker whose line it took away is asked about."""
    return Answer(card if given.lost_blocker is None else views.solved_or_mistake(given.lost_blocker))


async def _first_details(tx: Tx, around: Scene) -> tuple[Show, ...]:
    """A summary that nobody had answered has no thread until the first late answer."""
    run, place_id = around.run, around.team.place_id
    if place_id is None or not is_published(run) or len(await first_editions(tx, run)) > 1:
        return ()
    place = await tx.need(Place, place_id)
    return (Show(scene.details_key(run), place, "huddle.details", {"run": run.id}, thread=scene.channel_key(run)),)


def stale(run: HuddleRun, person: Person) -> tuple[Refresh, ...]:
    """What shows a person's answer."""
    ids = {"run": run.id}
    every = rules.SUMMARY_AT_MOST_EVERY if is_published(run) else timedelta(0)
    return (
        Refresh("huddle.prompt", ids, person),
        Refresh("huddle.nudge", ids, person),
        Refresh("huddle.channel", ids, at_most_every=every),
        Refresh("huddle.details", ids, at_most_every=every),
    )


async def mine(tx: Tx, run_id: int, person: Person, now: datetime) -> tuple[Scene, Expectation]:
    """A run that a person may answer now, and which nobody else answers for them meanwhile. Raises: Declined."""
    around = await scene.scene_of(tx, run_id)
    if around is None:
        raise Declined(words.old_button())
    if around.run.state is HuddleRun.State.SKIPPED:
        raise Declined(views.skipped(around.huddle, around.run).summary)
    expectation = await expectation_of(tx, around.run, person.id)
    if expectation is None:
        raise Declined(refusal_views.not_in_it(around.huddle))
    await hold(tx, expectation)
    if now >= rules.answers_end(around.run, zone_of(person)):
        raise Declined(refusal_views.closed_for_good(around.run))
    return around, expectation


async def _form(tx: Tx, around: Scene, person: Person, now: datetime) -> Form:
    before = await answer_of(tx, around.run, person.id)
    values, filled = (await _values(tx, before), False) if before else await _from_plan(tx, around, person)
    expectation = await expectation_of(tx, around.run, person.id)
    until = around.run.closes_at if expectation is None else await scene.window_end(tx, around, expectation)
    zone = zone_of(person)
    state = form_views.open_until(until, zone) if now < until else form_views.closed_since(until, zone)
    figure = await scene.figure_of(tx, around)
    known = await departments(tx)
    return form_views.form(around.huddle, around.run, known, values, figure=figure, filled=filled, until=state)


async def _values(tx: Tx, answer: HuddleAnswer) -> dict[str, str]:
    values = dict(answer.answers)
    blocker = None if answer.blocker_id is None else await tx.get(Blocker, answer.blocker_id)
    if blocker is not None:
        values[rules.HELPER] = str(blocker.department_id or form_views.NOBODY)
        values[rules.CUSTOMER_STOPPED] = "yes" if blocker.customer_stopped else ""
    return values


async def _from_plan(tx: Tx, around: Scene, person: Person) -> tuple[dict[str, str], bool]:
    last = await plan_before(tx, around.run, person.id)
    finished = rules.question_of(around.huddle, "plan")
    plan = "" if last is None else rules.answer_to(around.huddle, last.answers, "focus")
    return ({finished["id"]: plan}, True) if plan and finished else ({}, False)


def _errors(huddle: Huddle, form: Form, values: Values) -> dict[str, str]:
    errors = {each["id"]: form_views.please_write(each["kind"]) for each in rules.missing(huddle, values)}
    for each in form.inputs:
        length = len(values.get(each.id, ""))
        if isinstance(each, TextInput) and length > each.longest:
            errors[each.id] = form_views.too_long(each.longest, length)
    if not errors and rules.is_empty(huddle, values):
        errors[huddle.questions[0]["id"]] = form_views.please_write("")
    return errors


async def _obstacle(tx: Tx, huddle: Huddle, values: Values) -> Obstacle | None:
    text = rules.answer_to(huddle, values, "blocker")
    if blocker_rules.says_nothing(text):
        return None
    known = await tx.get(Department, row_number(values.get(rules.HELPER, "")))
    return Obstacle(text, known.id if known else None, bool(values.get(rules.CUSTOMER_STOPPED)))


async def _text_draft(tx: Tx, huddle: Huddle, line: Line, before: HuddleAnswer | None) -> Draft:
    """Plain text as an answer, on top of the lines before it; a blocker's line in it names nobody who could help."""
    if before is None or before.source is not Source.TEXT or not before.answers:  # what was there was taken back
        return typed_draft(huddle, [line], line["event"])
    answers = rules.joined(huddle, before.answers, line["text"])
    obstacle = None if before.blocker_id is None else await as_it_is(tx, before.blocker_id)
    known = before.lines or [Line(event=0, text=before.answers[TYPED])] if TYPED in before.answers else before.lines
    return Draft(answers, obstacle, Source.TEXT, line["event"], [*known, line])


def typed_draft(huddle: Huddle, lines: Sequence[Line], event_id: int) -> Draft:
    """Lines as an answer: the first is read, the others are focus too; with none of them it says nothing."""
    if not lines:
        return Draft({}, None, Source.TEXT, event_id)
    first, *more = (each["text"] for each in lines)
    answers = rules.read_lines(huddle, first) | {TYPED: first}
    for text in more:
        answers = rules.joined(huddle, answers, text)
    blocker = rules.answer_to(huddle, answers, "blocker")
    obstacle = None if blocker_rules.says_nothing(blocker) else Obstacle(blocker, None, customer_stopped=False)
    return Draft(answers, obstacle, Source.TEXT, event_id, lines)


async def as_it_is(tx: Tx, blocker_id: int) -> Obstacle:
    """A blocker as what stands in somebody's way."""
    blocker = await tx.need(Blocker, blocker_id)
    return Obstacle(blocker.text, blocker.department_id, blocker.customer_stopped)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
