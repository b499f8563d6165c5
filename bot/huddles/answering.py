"""Answers: by form, by a line of text, with yesterday's plan; on time, late, edited, before the huddle."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.blockers import rules as blocker_rules
from bot.blockers.handlers import Obstacle
from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Said, Submitted, row_number
from bot.chat.forms import Form, TextInput, Values
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.guide import views as words
from bot.huddles import blocker_views, finding, form_views, refusal_views, rules, scene, views
from bot.huddles.keeping import Draft, Given, keep
from bot.huddles.projections import is_published
from bot.huddles.rules import TYPED, Asks
from bot.huddles.scene import Scene
from bot.people.rules import first_name
from storage.blockers import Blocker
from storage.events import EventSeen
from storage.huddles import (
    Expectation,
    HuddleAnswer,
    HuddleRun,
    Line,
    answer_of,
    expectation_of,
    first_editions,
    hold,
)
from storage.people import Department, Person, departments, zone_of
from storage.places import Place
from storage.tx import Tx

Status = Expectation.Status
Source = HuddleAnswer.Source


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Answer** or **Change my answer**: the form with what is known already."""
    around, _ = await mine(tx, event.number("run"), event.by.person, now)
    return Replies(answer=Answer(await form_for(tx, around, event.by.person, now)))


async def open_form_as_planned(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Same as yesterday's plan**: finished what was planned, and the same again today."""
    around, _ = await mine(tx, event.number("run"), event.by.person, now)
    form = await form_for(tx, around, event.by.person, now)
    if await answer_of(tx, around.run, event.by.person.id) is not None:
        return Replies(answer=Answer(form))
    return Replies(answer=Answer(form.filled(await scene.last_plan(tx, around, event.by.person.id))))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent. What can't be taken comes back as it was typed."""
    person = event.by.person
    around, expectation = await mine_or_ahead(tx, event.number("run"), person, now)
    form = await form_for(tx, around, person, now)
    errors = _errors(around.asks, form, event.values)
    if errors:
        return Replies(answer=Answer(form.refused(event.values, errors)))
    answers = {each["id"]: event.values.get(each["id"], "").strip() for each in around.asks.questions}
    obstacle = await _obstacle(tx, around.asks, event.values)
    given = await keep(tx, around, expectation, Draft(answers, obstacle, Source.FORM, event.by.event_id), now=now)
    if expectation is None:
        kept = views.kept_early(around.run.local_date)
        return Replies(answer=confirmed(given, kept), refresh=stale(around.run, person))
    question = _question(given) or await _noted_ahead(tx, given.answer, person, now)
    return Replies(
        answer=Answer(question) if question else None,
        show=await _first_details(tx, around),
        refresh=stale(around.run, person),
    )


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
        return Replies(answer=Answer(await _asked_which_day(tx, event, around, now)))
    line = Line(event=event.by.event_id, text=event.text)
    draft = await planned_draft(tx, around, person, line, before=before) or await text_draft(
        tx, around.asks, line, before
    )
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
    line = await written_line(tx, event)
    return await take_text(Said(replace(event.by, event_id=line["event"]), line["text"]), tx, now)


async def _asked_which_day(tx: Tx, event: Said, around: Scene, now: datetime) -> Card:
    text = event.text
    if len(text) > words.SAID_MAX:
        raise Declined(words.too_long(words.SAID_MAX, len(text)))
    person = event.by.person
    huddle = await finding.huddle_of(tx, person, now) or around.huddle
    following = await finding.next_date(tx, huddle, scene.today_of(person, now), including=True, now=now)
    return views.which_day(text, around.run, following, huddle, line=event.by.event_id)


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
    if following is None:
        raise Declined(refusal_views.no_run_today(huddle, None))
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
    line = await written_line(tx, event)
    answers = rules.refocused(around.asks, before.answers if before else {}, line["text"])
    obstacle = None if before is None or before.blocker_id is None else await as_it_is(tx, before.blocker_id)
    draft = Draft(answers, obstacle, Source.FORM, line["event"], [line])
    given = await keep(tx, around, expectation, draft, now=now)
    card = views.noted(given.answer, first_name(person), now, zone_of(person))
    return Replies(answer=Answer(card), refresh=stale(around.run, person))


async def withdraw(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle withdraw`: the words of today's answer go, the fact of answering stays."""
    person = event.by.person
    found = await finding.open_for(tx, person, now)
    before = None if found is None else await answer_of(tx, found[0].run, person.id)
    if found is None or before is None or not any(before.answers.values()):
        raise Declined(refusal_views.nothing_to_withdraw())
    around, expectation = await mine(tx, found[0].run.id, person, now)
    draft = Draft({}, None, before.source, event.by.event_id)
    given = await keep(tx, around, expectation, draft, now=now)
    answer = confirmed(given, views.withdrawn(around.run))
    return Replies(answer=answer, refresh=stale(around.run, person), undoable=given.lost_blocker is None)


async def written_line(tx: Tx, event: Pressed) -> Line:
    """The line that a button carries, and the event in which it was written, where that was the same person's."""
    written = await tx.get(EventSeen, event.number("line"))
    is_theirs = written is not None and written.person_id == event.by.person.id
    number = event.number("line") if is_theirs else event.by.event_id
    return Line(event=number, text=event.ids.get("text", "").strip())


def confirmed(given: Given, card: Card) -> Answer:
    """The reply to a line of text; a blocker whose line it took away, or which is known already, is asked about."""
    if given.lost_blocker is not None:
        return Answer(views.solved_or_mistake(given.lost_blocker))
    question = _question(given)
    return Answer(blocker_views.together(card, question) if question else card)


def _question(given: Given) -> Card | None:
    """What an answer leaves open about what is in the way; what is kept already stays kept without a word."""
    if given.lost_blocker is not None:
        return views.solved_or_mistake(given.lost_blocker)
    alike = given.alike
    if alike is None:
        return None
    if alike.is_same:
        return blocker_views.kept_number(alike.blocker, alike.age_days)
    ids = {
        "answer": str(given.answer.id),
        blocker_views.DEPT: str(alike.obstacle.department_id or ""),
        blocker_views.STOPPED: "yes" if alike.obstacle.customer_stopped else "",
    }
    return blocker_views.still_the_same(alike.blocker, alike.age_days, ids)


async def _noted_ahead(tx: Tx, answer: HuddleAnswer, person: Person, now: datetime) -> Card | None:
    """Before their own prompt comes somebody has no message yet that would say that their answer is kept."""
    expectation = await expectation_of(tx, await tx.need(HuddleRun, answer.run_id), person.id)
    if expectation is None or now >= expectation.opens_at:
        return None
    return views.noted(answer, first_name(person), now, zone_of(person))


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


async def mine_or_ahead(tx: Tx, run_id: int, person: Person, now: datetime) -> tuple[Scene, Expectation | None]:
    """The same, or a run that has not opened yet; then nobody is expected so far. Raises: Declined."""
    around = await scene.scene_of(tx, run_id)
    if around is None or around.run.state is not HuddleRun.State.PLANNED:
        return await mine(tx, run_id, person, now)
    on = around.run.local_date
    if not await finding.belongs_to(tx, around.huddle, person, on):
        raise Declined(refusal_views.not_in_it(around.huddle))
    if not await finding.is_to_come(tx, around.huddle, on, scene.today_of(person, now)):
        raise Declined(words.old_button())
    return around, None


async def form_for(tx: Tx, around: Scene, person: Person, now: datetime) -> Form:
    """The form of a run with what a person has answered, or with their last plan."""
    before = await answer_of(tx, around.run, person.id)
    values, filled = (await _values(tx, before), False) if before else await _from_plan(tx, around, person)
    expectation = await expectation_of(tx, around.run, person.id)
    until = around.run.closes_at if expectation is None else await scene.window_end(tx, around, expectation)
    zone = zone_of(person)
    state = (
        form_views.open_until(until, zone)
        if now < until
        else form_views.closed_since(until, zone, is_answered=before is not None)
    )
    if around.run.state is HuddleRun.State.PLANNED:
        state = form_views.AHEAD
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
    finished = rules.question_of(around.asks, "plan")
    plan = "\n".join((await scene.last_plan(tx, around, person.id)).values())
    return ({finished["id"]: plan}, True) if plan and finished else ({}, False)


def _errors(asks: Asks, form: Form, values: Values) -> dict[str, str]:
    errors = {each["id"]: form_views.please_write(each["kind"]) for each in rules.missing(asks, values)}
    for each in form.inputs:
        length = len(values.get(each.id, ""))
        if isinstance(each, TextInput) and length > each.longest:
            errors[each.id] = form_views.too_long(each.longest, length)
    blocker = rules.question_of(asks, "blocker")
    if blocker is not None and _is_unnamed(asks, form, values):
        errors.setdefault(blocker["id"], form_views.please_write("blocker"))
    if not errors and rules.is_empty(asks, values):
        errors[asks.questions[0]["id"]] = form_views.please_write("")
    return errors


def _is_unnamed(asks: Asks, form: Form, values: Values) -> bool:
    """Whether somebody says now who could help, or that a customer waits, and not for what; taken back, it may stay."""
    if not blocker_rules.says_nothing(rules.answer_to(asks, values, "blocker")):
        return False
    before = {each.id: each.value for each in form.inputs}
    said = {name: values.get(name, "") for name in (rules.HELPER, rules.CUSTOMER_STOPPED)}
    return any(value not in {"", form_views.NOBODY, before.get(name)} for name, value in said.items())


async def _obstacle(tx: Tx, asks: Asks, values: Values) -> Obstacle | None:
    text = rules.answer_to(asks, values, "blocker")
    if blocker_rules.says_nothing(text):
        return None
    known = await tx.get(Department, row_number(values.get(rules.HELPER, "")))
    return Obstacle(text, known.id if known else None, bool(values.get(rules.CUSTOMER_STOPPED)))


async def planned_draft(
    tx: Tx, around: Scene, person: Person, line: Line, *, before: HuddleAnswer | None
) -> Draft | None:
    """What `same as yesterday's plan` stands for, as its button has it; None for other words, or without a plan."""
    if not rules.says_as_planned(line["text"]) or (before is not None and any(before.answers.values())):
        return None
    plan = await scene.last_plan(tx, around, person.id)
    finished, _ = await _from_plan(tx, around, person)
    meant = "; ".join(" ".join(text.split()) for text in plan.values())
    if not plan:
        return None
    answers = finished | plan | {TYPED: line["text"]}
    return Draft(answers, None, Source.TEXT, line["event"], [Line(event=line["event"], text=meant)])


async def text_draft(tx: Tx, asks: Asks, line: Line, before: HuddleAnswer | None) -> Draft:
    """Plain text as an answer, on top of the lines before it; a blocker's line in it names nobody who could help."""
    if before is None or before.source is not Source.TEXT or not before.answers:  # what was there was taken back
        return typed_draft(asks, [line], line["event"])
    known_one = None if before.blocker_id is None else await as_it_is(tx, before.blocker_id)
    if line["event"] in {each["event"] for each in before.lines}:  # a second press
        return Draft(before.answers, known_one, Source.TEXT, line["event"], before.lines)
    answers = rules.joined(asks, before.answers, line["text"])
    is_as_before = rules.answer_to(asks, answers, "blocker") == rules.answer_to(asks, before.answers, "blocker")
    obstacle = known_one if is_as_before else _typed_obstacle(asks, answers, known_one)
    known = before.lines or [Line(event=0, text=before.answers[TYPED])] if TYPED in before.answers else before.lines
    return Draft(answers, obstacle, Source.TEXT, line["event"], [*known, line])


def typed_draft(asks: Asks, lines: Sequence[Line], event_id: int) -> Draft:
    """Lines as an answer: the first is read, the others are focus too; with none of them it says nothing."""
    if not lines:
        return Draft({}, None, Source.TEXT, event_id)
    first, *more = (each["text"] for each in lines)
    answers = rules.read_lines(asks, first) | {TYPED: first}
    for text in more:
        answers = rules.joined(asks, answers, text)
    return Draft(answers, _typed_obstacle(asks, answers, None), Source.TEXT, event_id, lines)


def _typed_obstacle(asks: Asks, answers: Values, known: Obstacle | None) -> Obstacle | None:
    """What is in the way by the lines that say something; who can help stays who was asked before."""
    said = rules.answer_to(asks, answers, "blocker").splitlines()
    text = "\n".join(each for each in said if not blocker_rules.says_nothing(each))
    if not text:
        return None
    return replace(known, text=text) if known else Obstacle(text, None, customer_stopped=False)


async def as_it_is(tx: Tx, blocker_id: int) -> Obstacle:
    """A blocker as what stands in somebody's way."""
    blocker = await tx.need(Blocker, blocker_id)
    return Obstacle(blocker.text, blocker.department_id, blocker.customer_stopped)
