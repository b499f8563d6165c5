"""Keeps an answer as a new edition, with the blocker it raises and the customer's words it carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blockers import handlers as blockers
from bot.blockers import rules as blocker_rules
from bot.blockers.handlers import Obstacle
from bot.chat.localtime import today_in
from bot.customers import handlers as customers
from bot.customers.rules import redacted
from bot.huddles import rules, scene
from bot.huddles.projections import is_published
from bot.huddles.rules import TYPED
from bot.huddles.scene import Scene
from storage.blockers import Blocker
from storage.huddles import Expectation, Huddle, HuddleAnswer, HuddleRun, Line, answer_of, expectations
from storage.links import Thing, link
from storage.tx import Tx

Status = Expectation.Status


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as it was read, not yet kept."""

    answers: Mapping[str, str]
    obstacle: Obstacle | None
    source: HuddleAnswer.Source
    event_id: int
    """The event in which it is given."""
    lines: Sequence[Line] = ()
    """The lines it was typed in."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an answer did."""

    answer: HuddleAnswer
    lost_blocker: Blocker | None
    """A blocker whose line an edit took away."""


async def keep(tx: Tx, around: Scene, expectation: Expectation | None, draft: Draft, *, now: datetime) -> Given:
    """Keeps an answer as the newest edition. The same answer twice is one: a second press changes nothing."""
    run = around.run
    answers = _redacted(around.huddle, draft.answers)
    person_id = expectation.person_id if expectation else tx.actor_id
    before = await answer_of(tx, run, person_id)
    by = _Giver(around, person_id, before, now)
    blocker, lost = await by.blocker(tx, draft.obstacle)
    blocker_id = blocker.id if blocker else None
    voc_item_id = await by.voice(tx, answers)
    if before is not None and before.answers == answers and before.blocker_id == blocker_id:
        return Given(before, None)
    is_late = before.is_late if before else await _is_late(tx, around, expectation, now)
    answer = HuddleAnswer(
        run_id=run.id,
        person_id=person_id,
        edition=before.edition + 1 if before else 1,
        answers=answers,
        submitted_at=now,
        is_late=is_late,
        is_edited=before is not None and (before.is_edited or not _is_joined(before, answers)),
        source=draft.source,
        event_id=draft.event_id,
        lines=_redacted_lines(around.huddle, draft),
        blocker_id=blocker_id,
        voc_item_id=voc_item_id,
    )
    tx.add(answer)
    if expectation is not None and before is None:
        expectation.status = Status.ANSWERED_LATE if is_late else Status.ANSWERED
    await tx.flush()
    await _recount(tx, run)
    return Given(answer, lost)


async def _recount(tx: Tx, run: HuddleRun) -> None:
    if is_published(run):
        rules.recount(run, await expectations(tx, run))


async def _is_late(tx: Tx, around: Scene, expectation: Expectation | None, now: datetime) -> bool:
    return expectation is not None and now >= await scene.window_end(tx, around, expectation)


def _is_joined(before: HuddleAnswer, answers: Mapping[str, str]) -> bool:
    """Whether a line of text came on top of those before it."""
    typed = before.answers.get(TYPED, "")
    return bool(typed) and answers.get(TYPED, "").startswith(f"{typed}\n")


def _redacted(huddle: Huddle, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers with a customer's words as they may be kept."""
    customer = rules.question_of(huddle, "customer")
    hidden = {customer["id"], TYPED} if customer and answers.get(customer["id"]) else set()
    return {name: redacted(text) if name in hidden else text for name, text in answers.items()}


def _redacted_lines(huddle: Huddle, draft: Draft) -> list[Line]:
    """The lines with a customer's words as they may be kept."""
    customer = rules.question_of(huddle, "customer")
    if customer is None or not draft.answers.get(customer["id"]):
        return list(draft.lines)
    return [Line(event=each["event"], text=redacted(each["text"])) for each in draft.lines]


@dataclass(frozen=True, slots=True)
class _Giver:
    """Who answers which run now, and what they had answered before."""

    around: Scene
    person_id: int
    before: HuddleAnswer | None
    now: datetime

    async def blocker(self, tx: Tx, obstacle: Obstacle | None) -> tuple[Blocker | None, Blocker | None]:
        """The blocker of an answer, and the open one whose line an edit took away."""
        blocker_id = self.before.blocker_id if self.before else None
        known = None if blocker_id is None else await tx.need(Blocker, blocker_id)
        own = self.around.team.department_id
        if obstacle is None:
            return None, known if known is not None and blocker_rules.is_open(known) else None
        if known is not None and blocker_rules.is_open(known):
            blockers.reworded(known, obstacle, own)
            return known, None
        if known is not None and known.text == obstacle.text:
            return known, None
        on = max(self.around.run.local_date, today_in(self.around.zone, self.now))
        team_id = self.around.team.id
        new = await blockers.raised(tx, obstacle, by=self.person_id, team_id=team_id, own_department_id=own, on=on)
        await link(tx, (Thing.HUDDLE, self.around.run.id), (Thing.BLOCKER, new.id))
        return new, None

    async def voice(self, tx: Tx, answers: Mapping[str, str]) -> int | None:
        """The number of the item that keeps a customer's words; None where the answer has none."""
        heard = rules.answer_to(self.around.huddle, answers, "customer")
        heard = "" if blocker_rules.says_nothing(heard) else heard
        known = self.before.voc_item_id if self.before else None
        if known is not None:
            await customers.corrected(tx, known, heard)
            return known
        if not heard:
            return None
        on = today_in(self.around.zone, self.now)
        source = f"huddle {self.around.run.local_date}"
        return (await customers.heard(tx, words=heard, by=self.person_id, on=on, source=source)).id
