"""A line in the chat is changed or taken back after it has become an answer. Source: domain.md 3.5."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.chat.events import Changed
from bot.chat.replies import NOTHING, Replies
from bot.huddles import answering, rules, views
from bot.huddles.keeping import Draft, keep
from bot.huddles.scene import Scene, scene_of
from bot.people.rules import first_name
from storage.huddles import (
    Expectation,
    HuddleAnswer,
    HuddleRun,
    Line,
    answer_in,
    answer_of,
    expectation_of,
    hold,
)
from storage.people import zone_of
from storage.tx import Tx

Source = HuddleAnswer.Source


async def change_line(event: Changed, tx: Tx, now: datetime) -> Replies:
    """The answer says what its lines say now; that somebody answered, and when, stays.

    A line that became no answer, or whose answer was changed by form since, changes nothing.
    Raises: Declined when the day of the huddle is over.
    """
    person = event.by.person
    given = await answer_in(tx, event.line, person.id)
    if given is None:
        return NOTHING
    run = await tx.need(HuddleRun, given.run_id)
    expectation = await expectation_of(tx, run, person.id)
    if expectation is not None:
        await hold(tx, expectation)
    before = await answer_of(tx, run, person.id)
    if before is None or not (before.source is Source.TEXT or _holds(before, event.line)):
        return NOTHING
    lines = _changed(before.lines, event)
    if lines == before.lines:
        return NOTHING
    around, expectation = await _around(tx, run, expectation, event, now=now)
    kept = await keep(tx, around, expectation, await _draft(tx, around, before, lines, event=event), now=now)
    is_left = any(kept.answer.answers.values())
    card = views.noted(kept.answer, first_name(person), now, zone_of(person)) if is_left else views.withdrawn(run)
    return Replies(answer=answering.confirmed(kept, card), refresh=answering.stale(run, person))


async def _around(
    tx: Tx, run: HuddleRun, expectation: Expectation | None, event: Changed, *, now: datetime
) -> tuple[Scene, Expectation | None]:
    """A run that may be answered now, or one that is still to come. Raises: Declined."""
    around = await scene_of(tx, run.id) if run.state is HuddleRun.State.PLANNED else None
    return await answering.mine(tx, run.id, event.by.person, now) if around is None else (around, expectation)


def _holds(answer: HuddleAnswer, line: int) -> bool:
    return any(each["event"] == line for each in answer.lines)


async def _draft(tx: Tx, around: Scene, before: HuddleAnswer, lines: list[Line], *, event: Changed) -> Draft:
    number = event.by.event_id
    if before.source is Source.TEXT:
        return await _with_its_helpers(tx, answering.typed_draft(around.asks, lines, number), before)
    # One line was made the focus of an answer that came by form: all else in it stays.
    answers = rules.refocused(around.asks, before.answers, event.text or "")
    obstacle = None if before.blocker_id is None else await answering.as_it_is(tx, before.blocker_id)
    return Draft(answers, obstacle, before.source, number, lines)


def _changed(lines: Sequence[Line], event: Changed) -> list[Line]:
    """The lines as they are now, in the order in which they came; one that was taken back may come again."""
    others = [each for each in lines if each["event"] != event.line]
    mine = [] if event.text is None else [Line(event=event.line, text=event.text)]
    return sorted([*others, *mine], key=lambda each: each["event"])


async def _with_its_helpers(tx: Tx, draft: Draft, before: HuddleAnswer) -> Draft:
    """A blocker stays the one that it was, with whoever could help, when the words around it change."""
    if draft.obstacle is None or before.blocker_id is None:
        return draft
    known = await answering.as_it_is(tx, before.blocker_id)
    return replace(draft, obstacle=replace(known, text=draft.obstacle.text))
