"""The kinds of thing that can be found and traced: how many rows of each are read at once, and what each one says.

A new kind is one function and one line in KINDS (with its table in storage/searching.py, if it has a code).
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from bot.chat.words import count, day
from bot.search.shapes import Piece, Tie
from bot.work.rules import state_words
from storage.actions import Action
from storage.agenda import AgendaItem
from storage.blockers import Blocker
from storage.columns import Noun
from storage.councils import Council
from storage.customers import VocItem
from storage.decisions import Decision
from storage.huddles import Huddle, HuddleRun
from storage.initiatives import Batch, Initiative, Milestone, Objective
from storage.links import End, Thing
from storage.measures import Measure
from storage.meetings import CouncilMeeting
from storage.people import Person
from storage.ranking import RankingRound
from storage.teams import Team
from storage.tx import Tx
from storage.weekly import WeeklyRun

N = TypeVar("N", bound=Noun)


Load: TypeAlias = Callable[[Tx, Collection[int]], Awaitable[Sequence[Piece]]]


@dataclass(frozen=True, slots=True)
class PartOf:
    """A column that names what a row is part of, or held up by."""

    tie: Tie
    whole: Thing
    number: Mapped[int]
    column: Mapped[int] | Mapped[int | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing. `expects` are the kinds that its chain has where nothing is missing."""

    name: str
    load: Load
    parts: tuple[PartOf, ...] = ()
    expects: tuple[Thing, ...] = ()


async def pieces(tx: Tx, ends: Collection[End]) -> Mapping[End, Piece]:
    """What some things say, with one question for each kind among them; what is gone is left out."""
    found: dict[End, Piece] = {}
    for thing, kind in KINDS.items():
        numbers = [number for each, number in ends if each is thing]
        if numbers:
            found |= {piece.end: replace(piece, kind=kind.name) for piece in await kind.load(tx, numbers)}
    return found


async def names(tx: Tx, found: Collection[Piece]) -> Mapping[int, str]:
    """The names of the people whom things name, by their numbers."""
    wanted = {piece.person_id for piece in found} - {None}
    if not wanted:
        return {}
    return dict(await tx.columns(select(col(Person.id), col(Person.name)).where(col(Person.id).in_(wanted))))


def _whole(tie: Tie, thing: Thing, number: int | None) -> tuple[tuple[Tie, End], ...]:
    return () if number is None else ((tie, (thing, number)),)


async def _rows(tx: Tx, table: type[N], numbers: Collection[int]) -> Sequence[N]:
    return await tx.all(select(table).where(col(table.id).in_(numbers)))


async def _actions(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece(
            (Thing.ACTION, row.id),
            row.title,
            row.code,
            state_words(row.state),
            row.owner_id,
            row.due_on,
            "due",
            _whole(Tie.PART_OF, Thing.INITIATIVE, row.initiative_id)
            + _whole(Tie.PART_OF, Thing.BATCH, row.batch_id)
            + _whole(Tie.BLOCKS, Thing.BLOCKER, row.blocker_id if row.state is Action.State.BLOCKED else None),
        )
        for row in await _rows(tx, Action, numbers)
    ]


async def _initiatives(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece(
            (Thing.INITIATIVE, row.id),
            row.title,
            row.code,
            state_words(row.state),
            row.owner_id,
            row.ends_on,
            "ends",
            _whole(Tie.PART_OF, Thing.BATCH, row.batch_id),
        )
        for row in await _rows(tx, Initiative, numbers)
    ]


async def _milestones(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece(
            (Thing.MILESTONE, row.id),
            row.title,
            row.code,
            state_words(row.state),
            row.owner_id,
            row.actual_on or row.forecast_on,
            "reached" if row.actual_on else "expected",
            _whole(Tie.PART_OF, Thing.INITIATIVE, row.initiative_id),
        )
        for row in await _rows(tx, Milestone, numbers)
    ]


async def _batches(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece((Thing.BATCH, row.id), row.name, row.code, state_words(row.state), None, row.starts_on, "begins")
        for row in await _rows(tx, Batch, numbers)
    ]


async def _objectives(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece((Thing.OBJECTIVE, row.id), row.name, person_id=row.owner_id)
        for row in await _rows(tx, Objective, numbers)
    ]


async def _measures(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece((Thing.MEASURE, row.id), row.name, row.code, person_id=row.owner_id)
        for row in await _rows(tx, Measure, numbers)
    ]


async def _blockers(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece(
            (Thing.BLOCKER, row.id),
            row.text,
            row.code,
            state_words(row.state),
            row.taken_by or row.raised_by,
            row.raised_on,
            "raised",
        )
        for row in await _rows(tx, Blocker, numbers)
    ]


async def _voices(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece((Thing.VOC, row.id), row.words, row.code, state_words(row.state), row.heard_by, row.received_on, "heard")
        for row in await _rows(tx, VocItem, numbers)
    ]


async def _huddles(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    query = (
        select(col(HuddleRun.id), col(HuddleRun.local_date), col(Team.name))
        .join(Huddle, col(Huddle.id) == HuddleRun.huddle_id)
        .join(Team, col(Team.id) == Huddle.team_id)
        .where(col(HuddleRun.id).in_(numbers))
    )
    return [
        Piece((Thing.HUDDLE, number), f"Huddle of {team}, {day(on)}") for number, on, team in await tx.columns(query)
    ]


async def _items(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece(
            (Thing.AGENDA_ITEM, row.id),
            row.title,
            state=state_words(row.state),
            person_id=row.owner_id,
            wholes=_whole(Tie.PART_OF, Thing.MEETING, row.meeting_id),
        )
        for row in await _rows(tx, AgendaItem, numbers)
    ]


async def _decisions(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece(
            (Thing.DECISION, row.id),
            row.text,
            row.code,
            state_words(row.state),
            row.moved_by,
            row.decided_at.date(),
            "decided",
            _whole(Tie.PART_OF, Thing.MEETING, row.meeting_id),
        )
        for row in await _rows(tx, Decision, numbers)
    ]


async def _meetings(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    query = (
        select(col(CouncilMeeting.id), col(CouncilMeeting.starts_at), col(Council.name), col(Council.zone))
        .join(Council, col(Council.id) == CouncilMeeting.council_id)
        .where(col(CouncilMeeting.id).in_(numbers))
    )
    return [
        Piece((Thing.MEETING, number), f"{name}, {day(starts_at.astimezone(ZoneInfo(zone)).date())}")
        for number, starts_at, name, zone in await tx.columns(query)
    ]


async def _weeks(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    query = (
        select(col(WeeklyRun.id), col(WeeklyRun.iso_week), col(Team.name))
        .join(Team, col(Team.id) == WeeklyRun.team_id)
        .where(col(WeeklyRun.id).in_(numbers))
    )
    return [
        Piece((Thing.WEEKLY, number), f"Weekly of {team}, week {week}")
        for number, week, team in await tx.columns(query)
    ]


async def _rankings(tx: Tx, numbers: Collection[int]) -> Sequence[Piece]:
    return [
        Piece(
            (Thing.RANKING, row.id),
            f"Ranking of {count(len(row.initiatives), 'initiative')}",
            row.code,
            state_words(row.state),
            row.opened_by,
            row.closes_at.date(),
            "ballots until",
        )
        for row in await _rows(tx, RankingRound, numbers)
    ]


_MEETING_OF_ITEM = PartOf(Tie.PART_OF, Thing.MEETING, col(AgendaItem.id), col(AgendaItem.meeting_id))
_MEETING_OF_DECISION = PartOf(Tie.PART_OF, Thing.MEETING, col(Decision.id), col(Decision.meeting_id))
_INITIATIVE_OF_ACTION = PartOf(Tie.PART_OF, Thing.INITIATIVE, col(Action.id), col(Action.initiative_id))
_BATCH_OF_ACTION = PartOf(Tie.PART_OF, Thing.BATCH, col(Action.id), col(Action.batch_id))
_BLOCKER_OF_ACTION = PartOf(Tie.BLOCKS, Thing.BLOCKER, col(Action.id), col(Action.blocker_id))
_INITIATIVE_OF_MILESTONE = PartOf(Tie.PART_OF, Thing.INITIATIVE, col(Milestone.id), col(Milestone.initiative_id))
_BATCH_OF_INITIATIVE = PartOf(Tie.PART_OF, Thing.BATCH, col(Initiative.id), col(Initiative.batch_id))

KINDS: Mapping[Thing, Kind] = {
    Thing.HUDDLE: Kind("huddle", _huddles),
    Thing.BLOCKER: Kind("blocker", _blockers),
    Thing.VOC: Kind("customer's words", _voices),
    Thing.MILESTONE: Kind("milestone", _milestones, (_INITIATIVE_OF_MILESTONE,), (Thing.INITIATIVE, Thing.OBJECTIVE)),
    Thing.ACTION: Kind(
        "action",
        _actions,
        (_INITIATIVE_OF_ACTION, _BATCH_OF_ACTION, _BLOCKER_OF_ACTION),
        (Thing.INITIATIVE, Thing.OBJECTIVE),
    ),
    Thing.INITIATIVE: Kind("initiative", _initiatives, (_BATCH_OF_INITIATIVE,), (Thing.OBJECTIVE,)),
    Thing.BATCH: Kind("batch", _batches),
    Thing.OBJECTIVE: Kind("objective", _objectives),
    Thing.MEASURE: Kind("customer number", _measures),
    Thing.WEEKLY: Kind("weekly", _weeks),
    Thing.AGENDA_ITEM: Kind("agenda item", _items, (_MEETING_OF_ITEM,)),
    Thing.DECISION: Kind("decision", _decisions, (_MEETING_OF_DECISION,)),
    Thing.MEETING: Kind("meeting", _meetings),
    Thing.RANKING: Kind("ranking", _rankings),
}
PREFIXES = ("A", "B", "BT", "D", "I", "M", "RR", "V")
"""Of the codes that can be traced."""
