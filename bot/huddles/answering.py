"""Answers: by form, by a line of text, with yesterday's plan; on time, late, edited, before the huddle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.blockers import handlers as blockers
from bot.blockers import rules as blocker_rules
from bot.blockers.handlers import Obstacle
from bot.chat.errors import Declined
from bot.chat.events import Pressed, Said, Submitted
from bot.chat.forms import Form, TextInput, Values
from bot.chat.replies import Answer, Refresh, Replies
from bot.customers import handlers as customers
from bot.customers.rules import redacted
from bot.guide import views as words
from bot.huddles import finding, rules, scene, views
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
    expectations,
    plan_before,
)
from storage.people import Department, Person, departments, zone_of
from storage.tx import Tx

Status = Expectation.Status
Source = HuddleAnswer.Source


@dataclass(frozen=True, slots=True)
class Given:
    """What an answer did."""

    answer: HuddleAnswer
    lost_blocker: Blocker | None
    """A blocker whose line an edit took away."""


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
    given = await _give(tx, around, expectation, answers, obstacle, source=Source.FORM, now=now)
    asked = None if given.lost_blocker is None else Answer(views.solved_or_mistake(given.lost_blocker))
    return Replies(answer=asked, refresh=stale(around.run, person))


async def take_text(event: Said, tx: Tx, now: datetime) -> Replies:
    """A line in direct messages that is no command: it answers the open huddle, or the bot asks where it belongs."""
    person = event.by.person
    found = await finding.open_for(tx, person, now)
    if found is None:
        return await _nowhere(tx, event, now)
    around, expectation = found
    before = await answer_of(tx, around.run, person.id)
    until = await scene.window_end(tx, around, expectation)
    if before is not None and not (before.source is Source.TEXT and now <= until):
        following = await finding.next_date(tx, around.huddle, around.run.local_date)
        return Replies(answer=Answer(_asked_which_day(event.text, around, following)))
    text = event.text if before is None else f"{_typed(before)}\n{event.text}"
    answers = rules.read_lines(around.huddle, text) | {TYPED: text}
    given = await _give(
        tx, around, expectation, answers, _blocker_line(around.huddle, answers), source=Source.TEXT, now=now
    )
    zone = zone_of(person)
    card = (
        views.noted_late(until, zone)
        if given.answer.is_late and before is None
        else views.noted(given.answer, first_name(person), now, zone)
    )
    return Replies(answer=Answer(card), refresh=stale(around.run, person))


TYPED = "_typed"  # beside the answers: the lines as they came, so that the next message can be joined to them


def _typed(answer: HuddleAnswer) -> str:
    return answer.answers.get(TYPED, "")


def _asked_which_day(text: str, around: Scene, following: date) -> "views.Card":
    if len(text) > words.SAID_MAX:
        raise Declined(views.too_long(words.SAID_MAX, len(text)))
    return views.which_day(text, around.run, following, around.huddle)


async def _nowhere(tx: Tx, event: Said, now: datetime) -> Replies:
    person = event.by.person
    huddle = await finding.huddle_of(tx, person, now)
    if huddle is None:
        typed = event.text.split(maxsplit=1)
        raise Declined(words.unknown_verb(typed[0] if typed else "", ""), code="E-02")
    if len(event.text) > words.SAID_MAX:
        raise Declined(views.too_long(words.SAID_MAX, len(event.text)))
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
    given = await _give(tx, around, expectation, answers, obstacle, source=Source.FORM, now=now)
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
    run = await finding.run_to_come(tx, huddle, on)
    around = await scene.scene_of(tx, run.id)
    if around is None:
        raise Declined(words.old_button())
    answers = rules.read_lines(huddle, text) | {TYPED: text}
    expectation = await expectation_of(tx, run, person.id)
    if run.state is not HuddleRun.State.PLANNED:
        around, expectation = await _mine(tx, run.id, person, now)
    await _give(tx, around, expectation, answers, _blocker_line(huddle, answers), source=Source.TEXT, now=now)
    return Replies(answer=Answer(views.kept_early(on)), refresh=stale(run, person))


def stale(run: HuddleRun, person: Person) -> tuple[Refresh, ...]:
    """What shows a person's answer."""
    ids = {"run": run.id}
    every = rules.SUMMARY_AT_MOST_EVERY if is_published(run) else rules.HEADER_AT_MOST_EVERY
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
        raise Declined(views.not_in_it(around.huddle))
    if now >= rules.answers_end(around.run, zone_of(person)):
        raise Declined(views.closed_for_good(around.run))
    return around, expectation


async def _form(tx: Tx, around: Scene, person: Person, now: datetime) -> Form:
    before = await answer_of(tx, around.run, person.id)
    values, filled = (await _values(tx, before), False) if before else await _from_plan(tx, around, person)
    expectation = await expectation_of(tx, around.run, person.id)
    until = around.run.closes_at if expectation is None else await scene.window_end(tx, around, expectation)
    zone = zone_of(person)
    state = views.open_until(until, zone) if now <= until else views.closed_since(until, zone)
    figure = await scene.figure_of(tx, around)
    return views.form(around.huddle, around.run, await departments(tx), values, figure, filled=filled, until=state)


async def _values(tx: Tx, answer: HuddleAnswer) -> dict[str, str]:
    values = dict(answer.answers)
    blocker = None if answer.blocker_id is None else await tx.get(Blocker, answer.blocker_id)
    if blocker is not None:
        values[rules.HELPER] = str(blocker.department_id or views.NOBODY)
        values[rules.CUSTOMER_STOPPED] = "yes" if blocker.customer_stopped else ""
    return values


async def _from_plan(tx: Tx, around: Scene, person: Person) -> tuple[dict[str, str], bool]:
    last = await plan_before(tx, around.run, person.id)
    finished = rules.question_of(around.huddle, "plan")
    plan = "" if last is None else rules.answer_to(around.huddle, last.answers, "focus")
    return ({finished["id"]: plan}, True) if plan and finished else ({}, False)


def _errors(huddle: Huddle, form: Form, values: Values) -> dict[str, str]:
    errors = {each["id"]: views.please_write(each["kind"]) for each in rules.missing(huddle, values)}
    for each in form.inputs:
        length = len(values.get(each.id, ""))
        if isinstance(each, TextInput) and length > each.longest:
            errors[each.id] = views.too_long(each.longest, length)
    if not errors and rules.is_empty(huddle, values):
        errors[huddle.questions[0]["id"]] = views.please_write("")
    return errors


async def _obstacle(tx: Tx, huddle: Huddle, values: Values) -> Obstacle | None:
    text = rules.answer_to(huddle, values, "blocker")
    if blocker_rules.says_nothing(text):
        return None
    helper = values.get(rules.HELPER, "")
    known = await tx.get(Department, int(helper)) if helper.isascii() and helper.isdigit() else None
    return Obstacle(text, known.id if known else None, bool(values.get(rules.CUSTOMER_STOPPED)))


def _blocker_line(huddle: Huddle, answers: Mapping[str, str]) -> Obstacle | None:
    text = rules.answer_to(huddle, answers, "blocker")
    return None if blocker_rules.says_nothing(text) else Obstacle(text, None, customer_stopped=False)


async def _as_it_is(tx: Tx, blocker_id: int) -> Obstacle:
    blocker = await tx.need(Blocker, blocker_id)
    return Obstacle(blocker.text, blocker.department_id, blocker.customer_stopped)


async def _give(
    tx: Tx,
    around: Scene,
    expectation: Expectation | None,
    answers: dict[str, str],
    obstacle: Obstacle | None,
    *,
    source: HuddleAnswer.Source,
    now: datetime,
) -> Given:
    """Keeps an answer as the newest edition. The same answer twice is one: a second press changes nothing."""
    run = around.run
    answers = _redacted(around.huddle, answers)
    person_id = expectation.person_id if expectation else tx.actor_id
    before = await answer_of(tx, run, person_id)
    blocker, lost = await _blocker(tx, around, before, obstacle, person_id, now)
    voc_item_id = await _voice(tx, around, before, answers, person_id, now)
    changed = before is None or before.answers != answers or before.blocker_id != (blocker.id if blocker else None)
    if before is not None and not changed:
        return Given(before, None)
    late = (
        before.is_late if before else expectation is not None and now > await scene.window_end(tx, around, expectation)
    )
    answer = HuddleAnswer(
        run_id=run.id,
        person_id=person_id,
        edition=before.edition + 1 if before else 1,
        answers=answers,
        submitted_at=now,
        is_late=late,
        is_edited=before is not None and (before.is_edited or not _is_joined(before, answers)),
        source=source,
        blocker_id=blocker.id if blocker else None,
        voc_item_id=voc_item_id,
    )
    tx.add(answer)
    if expectation is not None and before is None:
        expectation.status = Status.ANSWERED_LATE if late else Status.ANSWERED
    await tx.flush()
    if is_published(run):
        rules.recount(run, await expectations(tx, run))
    return Given(answer, lost)


def _is_joined(before: HuddleAnswer, answers: Mapping[str, str]) -> bool:
    """Whether a line of text came on top of those before it."""
    typed = before.answers.get(TYPED, "")
    return bool(typed) and answers.get(TYPED, "").startswith(f"{typed}\n")


def _redacted(huddle: Huddle, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers with a customer's words as they may be kept."""
    customer = rules.question_of(huddle, "customer")
    hidden = {customer["id"], TYPED} if customer and answers.get(customer["id"]) else set()
    return {name: redacted(text) if name in hidden else text for name, text in answers.items()}


async def _blocker(
    tx: Tx, around: Scene, before: HuddleAnswer | None, obstacle: Obstacle | None, person_id: int, now: datetime
) -> tuple[Blocker | None, Blocker | None]:
    """The blocker of an answer, and the open one whose line an edit took away."""
    known = None if before is None or before.blocker_id is None else await tx.need(Blocker, before.blocker_id)
    own = around.team.department_id
    if obstacle is None:
        return None, known if known is not None and blocker_rules.is_open(known) else None
    if known is not None and blocker_rules.is_open(known):
        blockers.reworded(known, obstacle, own)
        return known, None
    if known is not None and known.text == obstacle.text:
        return known, None
    on = max(around.run.local_date, scene.today_in(around.zone, now))
    return await blockers.raised(tx, obstacle, by=person_id, team_id=around.team.id, own_department_id=own, on=on), None


async def _voice(
    tx: Tx, around: Scene, before: HuddleAnswer | None, answers: Mapping[str, str], person_id: int, now: datetime
) -> int | None:
    heard = rules.answer_to(around.huddle, answers, "customer")
    heard = "" if blocker_rules.says_nothing(heard) else heard
    known = before.voc_item_id if before else None
    if known is not None:
        await customers.corrected(tx, known, heard)
        return known
    if not heard:
        return None
    on = scene.today_in(around.zone, now)
    return (await customers.heard(tx, words=heard, by=person_id, on=on, source=f"huddle {around.run.local_date}")).id


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
