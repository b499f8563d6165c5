"""Answers: by form, by a line of text, with yesterday's plan; on time, late, edited, before the huddle."""

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
from bot.huddles.keeping import TYPED, Draft, Given, keep
from bot.huddles.projections import is_published
from bot.huddles.scene import Scene
from bot.people.rules import first_name
from storage.blockers import Blocker
from storage.huddles import (
    Expectation,
    Huddle,
    HuddleAnswer,
    HuddleRun,
    answer_of,
    expectation_of,
    first_editions,
    plan_before,
)
from storage.people import Department, Person, departments, zone_of
from storage.places import Place
from storage.tx import Tx

Status = Expectation.Status
Source = HuddleAnswer.Source


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Answer** or **Change my answer**: the form with what is known already."""
    around, _ = await _mine(tx, event.number("run"), event.by.person, now)
    return Replies(answer=Answer(await _form(tx, around, event.by.person, now)))


async def open_form_as_planned(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Same as yesterday's plan**: finished what was planned, and the same again today."""
    around, _ = await _mine(tx, event.number("run"), event.by.person, now)
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
    around, expectation = await _mine(tx, event.number("run"), person, now)
    form = await _form(tx, around, person, now)
    errors = _errors(around.huddle, form, event.values)
    if errors:
        return Replies(answer=Answer(form.refused(event.values, errors)))
    answers = {each["id"]: event.values.get(each["id"], "").strip() for each in around.huddle.questions}
    obstacle = await _obstacle(tx, around.huddle, event.values)
    given = await keep(tx, around, expectation, Draft(answers, obstacle, Source.FORM), now=now)
    asked = None if given.lost_blocker is None else Answer(views.solved_or_mistake(given.lost_blocker))
    return Replies(answer=asked, show=await _first_details(tx, around), refresh=stale(around.run, person))


async def take_text(event: Said, tx: Tx, now: datetime) -> Replies:
    """A line in direct messages that is no command: it answers the open huddle, or the bot asks where it belongs."""
    if event.near and len(event.text) <= words.SAID_MAX:
        return Replies(answer=Answer(views.answer_or_command(event.text, event.near)))
    person = event.by.person
    found = await finding.open_for(tx, person, now)
    if found is None:
        return await _nowhere(tx, event, now)
    around, expectation = found
    before = await answer_of(tx, around.run, person.id)
    until = await scene.window_end(tx, around, expectation)
    if before is not None and not (before.source is Source.TEXT and now < until):
        following = await finding.next_date(tx, around.huddle, around.run.local_date)
        return Replies(answer=Answer(_asked_which_day(event.text, around, following)))
    draft = await _text_draft(tx, around.huddle, event.text, before)
    given = await keep(tx, around, expectation, draft, now=now)
    zone = zone_of(person)
    card = (
        views.noted_late(until, zone)
        if given.answer.is_late and before is None
        else views.noted(given.answer, first_name(person), now, zone)
    )
    show = await _first_details(tx, around)
    return Replies(answer=_confirmed(given, card), show=show, refresh=stale(around.run, person))


async def take_as_answer(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**It's my answer**: a line that began like a command."""
    return await take_text(Said(event.by, event.ids.get("text", "")), tx, now)


def _asked_which_day(text: str, around: Scene, following: date) -> Card:
    if len(text) > words.SAID_MAX:
        raise Declined(words.too_long(words.SAID_MAX, len(text)))
    return views.which_day(text, around.run, following, around.huddle)


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
        return Replies(answer=Answer(views.closed_ask_next(last.local_date, following, huddle, event.text)))
    return Replies(answer=Answer(views.which_day(event.text, None, following, huddle)))


async def refocus(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Today's focus**: a line of text takes the place of the focus in an answer that was given already."""
    person = event.by.person
    around, expectation = await _mine(tx, event.number("run"), person, now)
    before = await answer_of(tx, around.run, person.id)
    focus = rules.question_of(around.huddle, "focus") or around.huddle.questions[0]
    answers = dict(before.answers if before else {}) | {focus["id"]: event.ids.get("text", "").strip()}
    answers.pop(TYPED, None)
    obstacle = None if before is None or before.blocker_id is None else await _as_it_is(tx, before.blocker_id)
    given = await keep(tx, around, expectation, Draft(answers, obstacle, Source.FORM), now=now)
    card = views.noted(given.answer, first_name(person), now, zone_of(person))
    return Replies(answer=Answer(card), refresh=stale(around.run, person))


async def keep_early(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """A line of text is kept for a huddle that has not opened yet, or answers it where it is open by now."""
    person = event.by.person
    huddle = await tx.get(Huddle, event.number("huddle"))
    on = _date(event.ids.get("on", ""))
    text = event.ids.get("text", "").strip()
    if huddle is None or on is None or not text or not await finding.belongs_to(tx, huddle, person, on):
        raise Declined(words.old_button())
    if not await finding.is_to_come(tx, huddle, on, scene.today_of(person, now)):
        raise Declined(words.old_button())
    run = await finding.run_to_come(tx, huddle, on)
    around = await scene.scene_of(tx, run.id)
    if around is None:
        raise Declined(words.old_button())
    expectation = await expectation_of(tx, run, person.id)
    if run.state is not HuddleRun.State.PLANNED:
        around, expectation = await _mine(tx, run.id, person, now)
    given = await keep(tx, around, expectation, await _text_draft(tx, huddle, text, None), now=now)
    return Replies(answer=_confirmed(given, views.kept_early(on)), refresh=stale(run, person))


def _confirmed(given: Given, card: Card) -> Answer:
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


async def _mine(tx: Tx, run_id: int, person: Person, now: datetime) -> tuple[Scene, Expectation]:
    """A run that a person may answer now. Raises: Declined."""
    around = await scene.scene_of(tx, run_id)
    if around is None:
        raise Declined(words.old_button())
    if around.run.state is HuddleRun.State.SKIPPED:
        raise Declined(views.skipped(around.huddle, around.run).summary)
    expectation = await expectation_of(tx, around.run, person.id)
    if expectation is None:
        raise Declined(refusal_views.not_in_it(around.huddle))
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


async def _text_draft(tx: Tx, huddle: Huddle, text: str, before: HuddleAnswer | None) -> Draft:
    """Plain text as an answer, on top of the lines before it; a blocker's line in it names nobody who could help."""
    if before is not None and before.source is Source.TEXT:
        focus = rules.question_of(huddle, "focus") or huddle.questions[0]
        joined = {name: f"{before.answers.get(name, '')}\n{text}" for name in (focus["id"], TYPED)}
        obstacle = None if before.blocker_id is None else await _as_it_is(tx, before.blocker_id)
        return Draft(dict(before.answers) | joined, obstacle, Source.TEXT)
    answers = rules.read_lines(huddle, text) | {TYPED: text}
    blocker = rules.answer_to(huddle, answers, "blocker")
    obstacle = None if blocker_rules.says_nothing(blocker) else Obstacle(blocker, None, customer_stopped=False)
    return Draft(answers, obstacle, Source.TEXT)


async def _as_it_is(tx: Tx, blocker_id: int) -> Obstacle:
    blocker = await tx.need(Blocker, blocker_id)
    return Obstacle(blocker.text, blocker.department_id, blocker.customer_stopped)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
