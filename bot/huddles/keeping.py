"""Keeps an answer as a new edition, with the blocker it raises and the customer's words it carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from bot.blockers import handlers as blockers
from bot.blockers import raising
from bot.blockers import rules as blocker_rules
from bot.blockers.handlers import Obstacle
from bot.chat.localtime import today_in
from bot.customers import handlers as customers
from bot.customers.rules import redacted
from bot.huddles import rules, scene
from bot.huddles.projections import is_published
from bot.huddles.rules import TYPED, Asks
from bot.huddles.scene import Scene
from bot.people.rules import is_office_day
from storage.blockers import Blocker
from storage.huddles import Expectation, HuddleAnswer, HuddleRun, Line, answer_of, expectations
from storage.links import Link, Thing, link
from storage.tx import Tx

Status = Expectation.Status
WAITING = (Status.EXPECTED, Status.SILENT)


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
class Alike:
    """An open blocker, how old it is, and what was said; `is_same` when the same person had said the same before."""

    blocker: Blocker
    age_days: int
    obstacle: Obstacle
    is_same: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What an answer did."""

    answer: HuddleAnswer
    lost_blocker: Blocker | None
    """A blocker whose line an edit took away."""
    alike: Alike | None = None
    """An open blocker of the team that what is in the way reads like, and as which it counts."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The blocker of an answer, the open one whose line an edit took away, and the one that it reads like."""

    blocker: Blocker | None
    lost: Blocker | None = None
    alike: Alike | None = None


async def keep(tx: Tx, around: Scene, expectation: Expectation | None, draft: Draft, *, now: datetime) -> Given:
    """Keeps an answer as the newest edition. The same answer twice is one: a second press changes nothing."""
    run = around.run
    answers = _redacted(around.asks, draft.answers)
    person_id = expectation.person_id if expectation else tx.actor_id
    before = await answer_of(tx, run, person_id)
    by = _Giver(around, person_id, before, now)
    found = await by.blocker(tx, draft.obstacle)
    blocker_id = found.blocker.id if found.blocker else None
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
        lines=_redacted_lines(around.asks, draft),
        blocker_id=blocker_id,
        voc_item_id=voc_item_id,
    )
    tx.add(answer)
    if expectation is not None and before is None:
        _settle(run, expectation, is_late=is_late)
    await tx.flush()
    await _recount(tx, run)
    return Given(answer, found.lost, found.alike)


async def raised_in(tx: Tx, run: HuddleRun, blocker: Blocker) -> bool:
    """Whether a run is where a blocker came from, rather than one that named it again."""
    came = (Link.from_kind == Thing.HUDDLE, Link.from_id == run.id, Link.to_kind == Thing.BLOCKER)
    return await tx.first(select(Link.id).where(*came, Link.to_id == blocker.id)) is not None


async def _recount(tx: Tx, run: HuddleRun) -> None:
    if is_published(run):
        rules.recount(run, await expectations(tx, run))


def _settle(run: HuddleRun, expectation: Expectation, *, is_late: bool) -> None:
    """Who is away, excused or was not reached is welcome to answer afterwards, and it changes no rate."""
    if expectation.status in WAITING:
        expectation.status = Status.ANSWERED_LATE if is_late else Status.ANSWERED
    elif not is_late and not is_published(run):
        expectation.status = Status.ANSWERED


async def _is_late(tx: Tx, around: Scene, expectation: Expectation | None, now: datetime) -> bool:
    return expectation is not None and now >= await scene.window_end(tx, around, expectation)


def _is_joined(before: HuddleAnswer, answers: Mapping[str, str]) -> bool:
    """Whether a line of text came on top of those before it."""
    typed = before.answers.get(TYPED, "")
    return bool(typed) and answers.get(TYPED, "").startswith(f"{typed}\n")


def _redacted(asks: Asks, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers with a customer's words as they may be kept."""
    hidden = {each["id"] for each in rules.questions_of(asks, "customer")}
    hidden |= {TYPED} if rules.answer_to(asks, answers, "customer") else set()
    return {name: redacted(text) if name in hidden else text for name, text in answers.items()}


def _redacted_lines(asks: Asks, draft: Draft) -> list[Line]:
    """The lines with a customer's words as they may be kept."""
    if not rules.answer_to(asks, draft.answers, "customer"):
        return list(draft.lines)
    return [Line(event=each["event"], text=redacted(each["text"])) for each in draft.lines]


@dataclass(frozen=True, slots=True)
class _Giver:
    """Who answers which run now, and what they had answered before."""

    around: Scene
    person_id: int
    before: HuddleAnswer | None
    now: datetime

    async def blocker(self, tx: Tx, obstacle: Obstacle | None) -> _Found:
        """A blocker that this answer raised is put in other words; what is in the team's way already stays that."""
        blocker_id = self.before.blocker_id if self.before else None
        known = None if blocker_id is None else await tx.need(Blocker, blocker_id)
        is_open = known is not None and blocker_rules.is_open(known)
        is_own = known is not None and known.raised_by == self.person_id
        if obstacle is None:
            return _Found(None, known if is_open and is_own else None)
        if known is not None and is_open and is_own and await raised_in(tx, self.around.run, known):
            await blockers.reworded(tx, known, obstacle, self.around.team.department_id)
            return _Found(known)
        if known is not None and (known.text == obstacle.text or (is_open and _is_like(known, obstacle))):
            return _Found(known)
        return await self._met(tx, obstacle) or _Found(await self._raised(tx, obstacle))

    async def _met(self, tx: Tx, obstacle: Obstacle) -> _Found | None:
        """An open one that reads much the same. A customer without service does not wait until that is decided."""
        team = self.around.team
        like = await raising.like(tx, team.id, obstacle.text, self.person_id)
        if like is None:
            return None
        is_same = like.raised_by == self.person_id and blocker_rules.same_words(like.text, obstacle.text)
        if is_same:
            department_id = obstacle.department_id or like.department_id
            stopped = obstacle.customer_stopped or like.customer_stopped
            await blockers.reworded(tx, like, Obstacle(like.text, department_id, stopped), team.department_id)
        elif not _is_like(like, obstacle):
            return None
        today = today_in(self.around.zone, self.now)
        days = blocker_rules.age(like.raised_on, today, lambda on: is_office_day(on, self.around.calendar))
        return _Found(like, alike=Alike(like, days, obstacle, is_same))

    async def _raised(self, tx: Tx, obstacle: Obstacle) -> Blocker:
        on = max(self.around.run.local_date, today_in(self.around.zone, self.now))
        team = self.around.team
        new = await blockers.raised(
            tx, obstacle, by=self.person_id, team_id=team.id, own_department_id=team.department_id, on=on
        )
        await link(tx, (Thing.HUDDLE, self.around.run.id), (Thing.BLOCKER, new.id))
        return new

    async def voice(self, tx: Tx, answers: Mapping[str, str]) -> int | None:
        """The number of the item that keeps a customer's words; None where the answer has none."""
        heard = rules.answer_to(self.around.asks, answers, "customer")
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


def _is_like(blocker: Blocker, obstacle: Obstacle) -> bool:
    """Whether what is said may count as a blocker that is there; not where only one of them stops a customer."""
    is_worse = obstacle.customer_stopped and not blocker.customer_stopped
    return not is_worse and blocker_rules.alike(blocker.text, obstacle.text)
