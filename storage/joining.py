"""Two people turn out to be one: whatever points to the one points to the other from then on.

RULES says for every column that holds a person what becomes of it; a test goes through all tables and fails when a
column has none. What was done stays signed as it was (`created_by`, the change log, the trail): the row of who was
joined stays too, inactive, and says who they are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Select, literal, union_all, update
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, col, select

from storage import aiming
from storage.columns import Noun, Row
from storage.decisions import VoteVoter
from storage.huddles import Expectation, HuddleAnswer
from storage.initiatives import Initiative, Stakeholder
from storage.people import Person
from storage.quiet import DirectDay
from storage.ranking import RankingRound
from storage.teams import Membership
from storage.training import TrainingCompletion
from storage.tx import Tx
from storage.weekly import WeeklyUpdate

Combine: TypeAlias = Callable[[Any, Any], None]
"""What the row that stays takes over from the one that goes."""


@dataclass(frozen=True, slots=True)
class Once:
    """A thing of which a person has one for each value of `beside`: where both have one, the older person's stays.

    `combine` is what it takes over from the other one, which is deleted (a noun's change log still has it).
    """

    beside: tuple[str, ...] = ()
    combine: Combine | None = None


@dataclass(frozen=True, slots=True)
class Theirs:
    """A thing of which a person may have any number: it is simply theirs from then on."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A thing that is joined in a way of its own, below."""


Rule: TypeAlias = Once | Theirs | Apart

BEST_FIRST = (
    Expectation.Status.ANSWERED, Expectation.Status.ANSWERED_LATE, Expectation.Status.EXPECTED,
    Expectation.Status.SILENT, Expectation.Status.NOT_REACHED, Expectation.Status.EXCUSED,
    Expectation.Status.ABSENT, Expectation.Status.HOLIDAY,
)  # fmt: skip
"""Who answered by one account has answered; who could be asked by one of them was asked."""
STRONGEST_FIRST = (
    Stakeholder.Part.ACCOUNTABLE, Stakeholder.Part.RESPONSIBLE, Stakeholder.Part.CONSULTED, Stakeholder.Part.INFORMED,
)  # fmt: skip


def _expected_once(stays: Expectation, goes: Expectation) -> None:
    if BEST_FIRST.index(goes.status) < BEST_FIRST.index(stays.status):
        stays.status, stays.opens_at, stays.closes_at = goes.status, goes.opens_at, goes.closes_at
    stays.is_optional = stays.is_optional and goes.is_optional


def _strongest_part(stays: Stakeholder, goes: Stakeholder) -> None:
    stays.part = min(stays.part, goes.part, key=STRONGEST_FIRST.index)
    stays.read_at = stays.read_at or goes.read_at


def _newest(*names: str) -> Combine:
    """What was changed last holds."""

    def combine(stays: Noun, goes: Noun) -> None:
        if goes.updated_at > stays.updated_at:
            for name in names:
                setattr(stays, name, getattr(goes, name))

    return combine


def _furthest(stays: TrainingCompletion, goes: TrainingCompletion) -> None:
    stays.started_at = min(stays.started_at, goes.started_at)
    stays.finished_at = stays.finished_at or goes.finished_at


def _said_together(stays: WeeklyUpdate, goes: WeeklyUpdate) -> None:
    stays.done = "\n".join(each for each in dict.fromkeys((stays.done, goes.done)) if each)
    sent = [(each.submitted_at, each.is_late) for each in (stays, goes) if each.submitted_at is not None]
    if sent:
        stays.submitted_at, stays.is_late = min(sent)


def _one_turn(stays: VoteVoter, goes: VoteVoter) -> None:
    """Who voted by either account has voted. Of two secret votes nobody can say which one to take back."""
    stays.has_voted = stays.has_voted or goes.has_voted


def _counted_together(stays: DirectDay, goes: DirectDay) -> None:
    stays.sent += goes.sent
    stays.digest_at = stays.digest_at or goes.digest_at


THEIRS, APART = Theirs(), Apart()

RULES: Mapping[tuple[str, str], Rule] = {
    ("absence", "person_id"): THEIRS,
    ("account", "person_id"): THEIRS,
    ("account_code", "person_id"): THEIRS,
    ("account_code", "typed_by"): THEIRS,
    ("action", "owner_id"): THEIRS,
    ("action", "requester_id"): THEIRS,
    ("action", "accepted_by"): THEIRS,
    ("action_helper", "person_id"): Once(("action_id",)),
    ("adoption", "answered_by"): THEIRS,
    ("ballot", "person_id"): Once(("round_id",), _newest("tiers", "hard")),
    ("best_practice", "author_id"): THEIRS,
    ("blocker", "raised_by"): THEIRS,
    ("blocker", "taken_by"): THEIRS,
    ("blocker_ask", "person_id"): THEIRS,
    ("blocker_ask", "asked_by"): THEIRS,
    ("blocker_helper", "person_id"): Once(("blocker_id",)),
    ("agenda_edition", "published_by"): THEIRS,
    ("agenda_item", "owner_id"): THEIRS,
    ("attendance", "person_id"): THEIRS,
    ("attendance", "deputy_id"): THEIRS,
    ("charter", "approved_by"): THEIRS,
    ("charter_query", "asked_by"): THEIRS,
    ("correction", "by_id"): THEIRS,
    ("council", "chair_id"): THEIRS,
    ("council", "secretary_id"): THEIRS,
    ("council", "sponsor_id"): THEIRS,
    ("council_meeting", "chair_id"): THEIRS,
    ("council_meeting", "secretary_id"): THEIRS,
    ("decision", "moved_by"): THEIRS,
    ("department", "head_id"): THEIRS,
    ("department_report", "author_id"): THEIRS,
    ("direct_day", "person_id"): Once(("on",), _counted_together),
    ("event_seen", "person_id"): THEIRS,
    ("expectation", "person_id"): Once(("run_id",), _expected_once),
    ("first_days", "person_id"): Once(),
    ("huddle_answer", "person_id"): APART,
    ("huddle_part", "person_id"): Once(("huddle_id",), _newest("kind")),
    ("initiative", "sponsor_id"): THEIRS,
    ("initiative", "owner_id"): THEIRS,
    ("measure", "owner_id"): THEIRS,
    ("measure_conflict", "raised_by"): THEIRS,
    ("membership", "person_id"): APART,
    ("message", "person_id"): APART,
    ("milestone", "owner_id"): THEIRS,
    ("milestone", "accepted_by"): THEIRS,
    ("milestone_ask", "asked_by"): THEIRS,
    ("milestone_ask", "owner_id"): THEIRS,
    ("minutes", "issued_by"): THEIRS,
    ("morning_choice", "person_id"): Once(),
    ("objective", "owner_id"): THEIRS,
    ("open_vote", "person_id"): Once(("vote_id",), _newest("choice")),
    ("pass", "person_id"): THEIRS,
    ("person", "merged_into"): THEIRS,
    ("presence", "person_id"): THEIRS,
    ("ranking_round", "opened_by"): THEIRS,
    ("road_bump", "person_id"): THEIRS,
    ("research_note", "author_id"): THEIRS,
    ("role", "person_id"): Once(("kind",)),
    ("score", "rater_id"): Once(("initiative_id",), _newest("benefit", "cost", "effort")),
    ("seat", "person_id"): THEIRS,
    ("seat", "deputy_id"): THEIRS,
    ("stakeholder", "person_id"): Once(("initiative_id",), _strongest_part),
    ("status_hint", "person_id"): THEIRS,
    ("team", "lead_id"): THEIRS,
    ("team", "deputy_id"): THEIRS,
    ("training_completion", "person_id"): Once(("module_id",), _furthest),
    ("tried", "person_id"): Once(("what",)),
    ("voc_item", "heard_by"): THEIRS,
    ("vote_voter", "person_id"): Once(("vote_id",), _one_turn),
    ("weekly_goal", "person_id"): THEIRS,
    ("weekly_run", "confirmed_by"): THEIRS,
    ("weekly_update", "person_id"): Once(("run_id",), _said_together),
    ("wrong_codes", "person_id"): Once(),
}


LISTS: Sequence[tuple[type[Noun], str]] = ((RankingRound, "invited"),)
"""Documents that are lists of people's numbers."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What was found twice: runs of huddles in which both were expected."""

    runs: tuple[int, ...] = ()


async def join(tx: Tx, old: Person, new: Person, *, steps: Sequence[str]) -> Joined:
    """`new` is `old` from now on. `steps` are the kinds of steps of the clock that are about a person."""
    await tx.flush()
    runs = await _both_expected(tx, old, new)
    await _editions(tx, old, new)
    await _memberships(tx, old, new)
    days = await _days(tx, old, new)
    kinds = {str(kind.__tablename__): kind for kind in _rows(Row)}
    held = await _held(tx, kinds, new)
    for (table, column), rule in RULES.items():
        if (table, column) not in held:
            continue
        match rule:
            case Once():
                await _once(tx, (kinds[table], column), rule, (old, new))
            case Theirs():
                await _theirs(tx, kinds[table], column, (old, new))
            case Apart():
                pass
    await _lists(tx, old, new)
    await aiming.join(tx, old.id, new.id, days=days, steps=steps)
    new.active, new.merged_into = False, old.id
    await tx.flush()
    return Joined(runs)


async def both_parts(tx: Tx, one: int, other: int) -> Sequence[str]:
    """The initiatives, not over yet, of which one is sponsor and the other owner; Source: domain.md 2.4."""
    every = (one, other)
    split = (col(Initiative.sponsor_id).in_(every), col(Initiative.owner_id).in_(every))
    over = (Initiative.State.CLOSED, Initiative.State.DROPPED, Initiative.State.STOPPED)
    apart = (Initiative.sponsor_id != Initiative.owner_id, col(Initiative.state).not_in(over))
    return await tx.all(select(col(Initiative.code)).where(*split, *apart).order_by(col(Initiative.id)))


def _rows(kind: type[SQLModel]) -> list[type[Row]]:
    found = [each for child in kind.__subclasses__() for each in (child, *_rows(child))]
    return [each for each in found if issubclass(each, Row) and hasattr(each, "__table__")]


async def _held(tx: Tx, kinds: Mapping[str, type[Row]], person: Person) -> set[tuple[str, str]]:
    """Which columns hold somebody at all: one question, as most hold nobody who is new."""

    def holds(number: int, table: str, column: str) -> Select[int]:
        where: Any = getattr(kinds[table], column)
        return select_columns(literal(number)).where(select_columns(where).where(where == person.id).exists())

    every = list(RULES)
    asked = union_all(*(holds(number, *each) for number, each in enumerate(every)))
    return {every[number] for number in (await tx.session.scalars(asked)).all()}


async def _theirs(tx: Tx, kind: type[Row], column: str, people: tuple[Person, Person]) -> None:
    """A noun's change is kept in the change log, so its rows are changed one by one."""
    old, new = people
    field: Any = getattr(kind, column)
    if not issubclass(kind, Noun):
        await tx.run(update(kind).where(field == new.id).values({column: old.id}))
        return
    for row in await tx.all(select(kind).where(field == new.id)):
        setattr(row, column, old.id)
    await tx.flush()


async def _once(tx: Tx, field: tuple[type[Row], str], rule: Once, people: tuple[Person, Person]) -> None:
    (kind, column), (old, new) = field, people
    holder: Any = getattr(kind, column)

    def beside(row: Row) -> tuple[object, ...]:
        return tuple(getattr(row, name) for name in rule.beside)

    there = {beside(row): row for row in await tx.all(select(kind).where(holder == old.id))}
    for row in await tx.all(select(kind).where(holder == new.id)):
        stays = there.get(beside(row))
        if stays is None:
            setattr(row, column, old.id)
            continue
        if rule.combine is not None:
            rule.combine(stays, row)
        await tx.session.delete(row)
    await tx.flush()


async def _lists(tx: Tx, old: Person, new: Person) -> None:
    for kind, column in LISTS:
        for row in await tx.all(select(kind)):
            people: list[int] = getattr(row, column)
            if new.id in people:
                setattr(row, column, list(dict.fromkeys(old.id if each == new.id else each for each in people)))
    await tx.flush()


async def _both_expected(tx: Tx, old: Person, new: Person) -> tuple[int, ...]:
    mine = select(Expectation.run_id).where(Expectation.person_id == old.id)
    twice = select(col(Expectation.run_id)).where(Expectation.person_id == new.id, col(Expectation.run_id).in_(mine))
    return tuple(await tx.all(twice.order_by(col(Expectation.run_id))))


async def _editions(tx: Tx, old: Person, new: Person) -> None:
    """Answers to one run are one person's editions in the order in which they were sent; the newest one counts."""
    theirs = await tx.all(select(HuddleAnswer).where(HuddleAnswer.person_id == new.id))
    runs = {each.run_id for each in theirs}
    own = HuddleAnswer.person_id == old.id, col(HuddleAnswer.run_id).in_(runs)
    mine = await tx.all(select(HuddleAnswer).where(*own))
    for run in runs:
        every = sorted((each for each in (*mine, *theirs) if each.run_id == run), key=lambda each: each.submitted_at)
        for number, each in enumerate(every, start=1):
            each.edition = -number  # two may not have one number, not even for a moment
        await tx.flush()
        for number, each in enumerate(every, start=1):
            each.edition, each.person_id = number, old.id
        await tx.flush()


async def _memberships(tx: Tx, old: Person, new: Person) -> None:
    """Days in one team that touch become one membership, so that nobody is in a team twice."""
    every = list(await tx.all(select(Membership).where(col(Membership.person_id).in_((old.id, new.id)))))
    every.sort(key=lambda each: (each.from_on, each.person_id != old.id, each.id))
    was = {each.id: each.person_id for each in every}
    kept: list[Membership] = []
    for each in every:
        before = next((one for one in kept if one.team_id == each.team_id and _touch(one, each)), None)
        if before is None or was[before.id] == was[each.id] == old.id:
            each.person_id = old.id
            kept.append(each)
            continue
        ends = (before.to_on, each.to_on)
        before.to_on = None if None in ends else max(on for on in ends if on is not None)
        await tx.session.delete(each)
    await tx.flush()


def _touch(one: Membership, later: Membership) -> bool:
    return one.to_on is None or one.to_on >= later.from_on


async def _days(tx: Tx, old: Person, new: Person) -> Mapping[int, int]:
    """Days on which both had messages: which day takes over what stands in the other one's digest."""
    mine = {each.on: each.id for each in await tx.all(select(DirectDay).where(DirectDay.person_id == old.id))}
    theirs = await tx.all(select(DirectDay).where(DirectDay.person_id == new.id))
    return {each.id: mine[each.on] for each in theirs if each.on in mine}
