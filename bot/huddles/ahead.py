"""Answers to a huddle that has not opened yet: the evening before, by form or by a line. Source: domain.md 3.5."""

from datetime import date, datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.huddles import answering, finding, refusal_views, rules, scene, views
from bot.huddles.keeping import Draft, keep
from storage.huddles import Expectation, Huddle, HuddleAnswer, HuddleRun, Line, answer_of, expectation_of, run_on
from storage.people import Person
from storage.tx import Tx

Source = HuddleAnswer.Source


async def open_form(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle answer`: the form of the huddle that is open, of the day that is named, or else of the next one."""
    person = event.by.person
    named = event.command.dates[0] if event.command.dates else None
    found = await finding.open_for(tx, person, now)
    if found is not None and named in {None, found[0].run.local_date} and not await _is_done(tx, found, person, now):
        return await answering.open_form(Pressed(event.by, "huddle.form", {"run": str(found[0].run.id)}), tx, now)
    huddle = await finding.huddle_of(tx, person, now, on=named)
    if huddle is None:
        raise Declined(refusal_views.no_huddle())
    today = scene.today_of(person, now)
    following = await finding.next_date(tx, huddle, today, including=True, now=now)
    on = named or following
    if on is None or (named is not None and not await finding.is_to_come(tx, huddle, named, today)):
        raise Declined(refusal_views.no_run_today(huddle, following))
    run = await finding.run_to_come(tx, huddle, on)
    around, _ = await answering.mine_or_ahead(tx, run.id, person, now)
    return Replies(answer=Answer(await answering.form_for(tx, around, person, now)))


async def _is_done(tx: Tx, found: tuple[scene.Scene, Expectation], person: Person, now: datetime) -> bool:
    """Whether an answered huddle is over while another of the same day is to come and has no answer yet."""
    around, expectation = found
    is_answered = await answer_of(tx, around.run, person.id) is not None
    if not is_answered or now < await scene.window_end(tx, around, expectation):
        return False
    other = await finding.huddle_of(tx, person, now)
    if other is None or other.id == around.huddle.id:
        return False
    today = scene.today_of(person, now)
    if await finding.next_date(tx, other, today, including=True, now=now) != around.run.local_date:
        return False
    run = await run_on(tx, other, around.run.local_date)
    return run is None or await answer_of(tx, run, person.id) is None


async def keep_line(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """A line of text is kept for a huddle that has not opened yet, or answers it where it is open by now."""
    person = event.by.person
    huddle = await tx.get(Huddle, event.number("huddle"))
    on = _date(event.ids.get("on", ""))
    line = await answering.written_line(tx, event)
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
        around, expectation = await answering.mine(tx, run.id, person, now)
    before = await answer_of(tx, around.run, person.id)
    draft = await answering.planned_draft(tx, around, person, line, before=before)
    draft = draft or await _with_the_line(tx, around, person, line)
    given = await keep(tx, around, expectation, draft, now=now)
    return Replies(answer=answering.confirmed(given, views.kept_early(on)), refresh=answering.stale(run, person))


async def _with_the_line(tx: Tx, around: scene.Scene, person: Person, line: Line) -> Draft:
    """What is there already stays: a line comes on top of lines, and becomes the focus of what came by form."""
    before = await answer_of(tx, around.run, person.id)
    if before is None or not before.answers or before.source is Source.TEXT:
        return await answering.text_draft(tx, around.asks, line, before)
    obstacle = None if before.blocker_id is None else await answering.as_it_is(tx, before.blocker_id)
    answers = rules.refocused(around.asks, before.answers, line["text"])
    return Draft(answers, obstacle, before.source, line["event"], [line])


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
