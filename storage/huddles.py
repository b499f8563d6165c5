"""Huddles, their daily runs, who is expected, and what they answered."""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint, col, select
from typing_extensions import TypedDict  # pydantic reads the standard one only from Python 3.12 on

from storage.columns import Noun, RowId, Utc, constraints, document, number_of, word
from storage.tx import Tx


class Question(TypedDict):
    """One question of a huddle; `kind` says what its answer becomes."""

    id: str
    kind: str
    text: str
    required: bool


class Huddle(Noun, table=True):
    """A team's huddle: when it is, what it asks, and which number it opens with."""

    class Mode(StrEnum):
        """One instant for everybody, or everybody's own morning."""

        TOGETHER = "together"
        LOCAL = "local"

    name: str
    team_id: int = number_of("team", index=True)
    at_time: time
    zone: str
    weekdays: str = "mon,tue,wed,thu,fri"
    window_min: int = 15
    mode: Mode = word(Mode, default=Mode.TOGETHER)
    questions: list[Question] = document()
    measure_id: int | None = number_of("measure", default=None, nullable=True)
    target_percent: int = 80
    active: bool = True


class HuddleRun(Noun, table=True):
    """One day's huddle. The counts are set when it closes and remade by late answers."""

    class State(StrEnum):
        """Source: domain.md 2.3."""

        PLANNED = "planned"
        OPEN = "open"
        CLOSED = "closed"
        SKIPPED = "skipped"
        MISSED = "missed"

    __table_args__ = constraints(UniqueConstraint("huddle_id", "local_date"))
    huddle_id: int = number_of("huddle", index=True)
    local_date: date
    opens_at: datetime = Field(sa_type=Utc)
    closes_at: datetime = Field(sa_type=Utc)
    state: State = word(State, default=State.PLANNED)
    reason: str = ""
    published_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    """When the room first saw the summary."""
    ended_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    """When its day was over for its last member: nothing can be answered any more."""
    expected: int = 0
    on_time: int = 0
    late: int = 0


class Expectation(Noun, table=True):
    """A person in a run: when they are asked and what became of it."""

    class Status(StrEnum):
        """Source: domain.md 2.2."""

        EXPECTED = "expected"
        ANSWERED = "answered"
        ANSWERED_LATE = "answered_late"
        SILENT = "silent"
        NOT_REACHED = "not_reached"
        ABSENT = "absent"
        HOLIDAY = "holiday"
        EXCUSED = "excused"

    __table_args__ = constraints(UniqueConstraint("run_id", "person_id"))
    run_id: int = number_of("huddle_run", index=True)
    person_id: int = number_of("person", index=True)
    status: Status = word(Status, default=Status.EXPECTED)
    opens_at: datetime = Field(sa_type=Utc)
    closes_at: datetime = Field(sa_type=Utc)


class Line(TypedDict):
    """A line of text, and the event that brought it; 0 where that is not known."""

    event: int
    text: str


class HuddleAnswer(Noun, table=True):
    """One version of a person's answer; the newest one that is not withdrawn counts."""

    class Source(StrEnum):
        """How it came."""

        FORM = "form"
        TEXT = "text"
        SAME = "same"

    __table_args__ = constraints(UniqueConstraint("run_id", "person_id", "edition"))
    run_id: int = number_of("huddle_run", index=True)
    person_id: int = number_of("person", index=True)
    edition: int
    answers: dict[str, str] = document(sa_column_kwargs={"info": {"personal": True}})
    submitted_at: datetime = Field(sa_type=Utc)
    is_late: bool = False
    is_edited: bool = False
    """Changed after it was given; a line that came on top is not a change."""
    source: Source = word(Source)
    event_id: int | None = Field(default=None, sa_type=RowId, nullable=True, index=True)
    """The event in which it was given."""
    lines: list[Line] = document(
        default_factory=list, sa_column_kwargs={"info": {"personal": True}, "server_default": "[]"}
    )
    """The lines of text it was typed in, oldest first; empty where it came by form."""
    blocker_id: int | None = number_of("blocker", default=None, nullable=True)
    voc_item_id: int | None = number_of("voc_item", default=None, nullable=True)


async def run_on(tx: Tx, huddle: Huddle, on: date) -> HuddleRun | None:
    """The huddle's run of a local date."""
    return await tx.first(select(HuddleRun).where(HuddleRun.huddle_id == huddle.id, HuddleRun.local_date == on))


async def huddles_of(tx: Tx, team_ids: Sequence[int]) -> Sequence[Huddle]:
    """The active huddles of some teams."""
    return await tx.all(
        select(Huddle)
        .where(col(Huddle.team_id).in_(team_ids), col(Huddle.active).is_(True))
        .order_by(col(Huddle.at_time), col(Huddle.id))
    )


async def past_runs(tx: Tx, huddle: Huddle, before: date, limit: int = 60) -> Sequence[HuddleRun]:
    """Runs before a local date, newest first."""
    return await tx.all(
        select(HuddleRun)
        .where(HuddleRun.huddle_id == huddle.id, col(HuddleRun.local_date) < before)
        .order_by(col(HuddleRun.local_date).desc())
        .limit(limit)
    )


async def expectations(tx: Tx, run: HuddleRun) -> Sequence[Expectation]:
    """Everybody in a run."""
    return await tx.all(select(Expectation).where(Expectation.run_id == run.id).order_by(col(Expectation.id)))


async def expectation_of(tx: Tx, run: HuddleRun, person_id: int) -> Expectation | None:
    """One person in a run."""
    return await tx.first(select(Expectation).where(Expectation.run_id == run.id, Expectation.person_id == person_id))


async def hold(tx: Tx, expectation: Expectation) -> None:
    """Until this transaction ends, nobody else answers for the same person: who comes second sees what the first did.

    Without it two lines at once on PostgreSQL would each be joined to what stood there before both.
    """
    await tx.first(select(Expectation.id).where(Expectation.id == expectation.id).with_for_update(key_share=True))


async def answers(tx: Tx, run: HuddleRun) -> Sequence[HuddleAnswer]:
    """The newest edition of each person's answer, in the order in which people first answered."""
    every = await tx.all(select(HuddleAnswer).where(HuddleAnswer.run_id == run.id).order_by(col(HuddleAnswer.id)))
    newest = {answer.person_id: answer for answer in every}
    first_seen = dict.fromkeys(answer.person_id for answer in every)
    return [newest[person_id] for person_id in first_seen]


async def first_editions(tx: Tx, run: HuddleRun) -> Sequence[HuddleAnswer]:
    """Each person's answer as it was first given."""
    return await tx.all(select(HuddleAnswer).where(HuddleAnswer.run_id == run.id, HuddleAnswer.edition == 1))


async def answer_of(tx: Tx, run: HuddleRun, person_id: int) -> HuddleAnswer | None:
    """The newest edition of one person's answer."""
    return await tx.first(
        select(HuddleAnswer)
        .where(HuddleAnswer.run_id == run.id, HuddleAnswer.person_id == person_id)
        .order_by(col(HuddleAnswer.edition).desc())
    )


async def answer_in(tx: Tx, event_id: int, person_id: int) -> HuddleAnswer | None:
    """The edition that a person gave in an event."""
    return await tx.first(
        select(HuddleAnswer).where(HuddleAnswer.event_id == event_id, HuddleAnswer.person_id == person_id)
    )


async def plan_before(tx: Tx, run: HuddleRun, person_id: int) -> HuddleAnswer | None:
    """The newest answer that a person gave in an earlier run of the same huddle."""
    return await tx.first(
        select(HuddleAnswer)
        .join(HuddleRun, col(HuddleRun.id) == HuddleAnswer.run_id)
        .where(
            HuddleRun.huddle_id == run.huddle_id,
            col(HuddleRun.local_date) < run.local_date,
            HuddleAnswer.person_id == person_id,
        )
        .order_by(col(HuddleRun.local_date).desc(), col(HuddleAnswer.edition).desc())
    )
