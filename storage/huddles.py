"""Huddles, their daily runs, who is expected, and what they answered."""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import bindparam, false, true
from sqlmodel import Field, UniqueConstraint, col, select
from typing_extensions import TypedDict  # pydantic reads the standard one only from Python 3.12 on

from storage.columns import Noun, RowId, Utc, constraints, document, number_of, word
from storage.people import Person
from storage.teams import Team
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

    class Asks(StrEnum):
        """Where the questions come: to each one alone, or once, under the room's message."""

        DIRECT = "direct"
        ROOM = "room"

    class Grouping(StrEnum):
        """How a summary is read: thing by thing, or person by person."""

        TOPIC = "topic"
        PERSON = "person"

    name: str
    team_id: int = number_of("team", index=True)
    at_time: time
    zone: str
    weekdays: str = "mon,tue,wed,thu,fri"
    window_min: int = 15
    mode: Mode = word(Mode, default=Mode.TOGETHER)
    questions: list[Question] = document()
    former: list[Question] = document(default_factory=list, sa_column_kwargs={"server_default": "[]"})
    """Questions that it asks no more, so that what was answered to them can be read."""
    measure_id: int | None = number_of("measure", default=None, nullable=True)
    target_percent: int = 80
    every_weeks: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    anchor_on: date | None = None
    """A day of a week in which it takes place, where it does not every week; an edited rhythm keeps it."""
    from_on: date | None = None
    until_on: date | None = None
    """Its first and last day, both included."""
    asks_in: Asks = word(Asks, default=Asks.DIRECT, sa_column_kwargs={"server_default": Asks.DIRECT.value})
    grouped_by: Grouping = word(
        Grouping, default=Grouping.TOPIC, sa_column_kwargs={"server_default": Grouping.TOPIC.value}
    )
    shows_streak: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    streak_kept: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Its lead was asked after a quarter whether the streak still helps, and kept it."""
    active: bool = True
    """Not ended."""
    paused: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    resumes_on: date | None = None
    """The first day after a pause; None for one without an end."""


class HuddlePart(Noun, table=True):
    """What somebody is to a huddle, where they are not simply one of those who are asked and counted."""

    class Kind(StrEnum):
        """Not asked, but shown the summary; asked, but not counted; or like everybody again."""

        OBSERVER = "observer"
        OPTIONAL = "optional"
        USUAL = "usual"

    __table_args__ = constraints(UniqueConstraint("huddle_id", "person_id"))
    huddle_id: int = number_of("huddle", index=True)
    person_id: int = number_of("person", index=True)
    kind: Kind = word(Kind)


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
    questions: list[Question] = document(default_factory=list, sa_column_kwargs={"server_default": "[]"})
    """What it asks, as it stood when it opened; a huddle that is changed meanwhile asks otherwise from the next on."""
    asks_in: Huddle.Asks = word(
        Huddle.Asks, default=Huddle.Asks.DIRECT, sa_column_kwargs={"server_default": Huddle.Asks.DIRECT.value}
    )
    published_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    """When the room first saw the summary."""
    target_percent: int = Field(default=80, sa_column_kwargs={"server_default": "80"})
    """What was aimed at when it opened; another target holds from the next one on."""
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
    is_optional: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Asked, and not counted."""
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


async def parts_of(tx: Tx, huddle: Huddle) -> Sequence[HuddlePart]:
    """Who is more or less to a huddle than somebody who is asked and counted."""
    return await tx.all(select(HuddlePart).where(HuddlePart.huddle_id == huddle.id).order_by(col(HuddlePart.id)))


async def observers_of(tx: Tx, huddle: Huddle) -> Sequence[Person]:
    """Who gets a huddle's summaries and is not asked."""
    is_theirs = (HuddlePart.huddle_id == huddle.id, HuddlePart.kind == HuddlePart.Kind.OBSERVER)
    return await tx.all(
        select(Person)
        .join(HuddlePart, col(HuddlePart.person_id) == Person.id)
        .where(*is_theirs, col(Person.active).is_(True))
        .order_by(col(Person.name), col(Person.id))
    )


async def observed_by(tx: Tx, person_id: int) -> Sequence[Huddle]:
    """The active huddles whose summaries somebody gets without being asked."""
    is_theirs = (HuddlePart.person_id == person_id, HuddlePart.kind == HuddlePart.Kind.OBSERVER)
    return await tx.all(
        select(Huddle)
        .join(HuddlePart, col(HuddlePart.huddle_id) == Huddle.id)
        .where(*is_theirs, col(Huddle.active).is_(True))
        .order_by(col(Huddle.at_time), col(Huddle.id))
    )


async def observes(tx: Tx, huddle: Huddle, person_id: int) -> bool:
    """Whether somebody gets the summary and is not asked."""
    is_theirs = (HuddlePart.huddle_id == huddle.id, HuddlePart.person_id == person_id)
    return (
        await tx.first(select(HuddlePart.id).where(*is_theirs, HuddlePart.kind == HuddlePart.Kind.OBSERVER)) is not None
    )


async def runs_between(tx: Tx, huddle: Huddle, since: date, until: date) -> Sequence[HuddleRun]:
    """A huddle's runs from one local date to another, both included, oldest first."""
    days = (col(HuddleRun.local_date) >= since, col(HuddleRun.local_date) <= until)
    return await tx.all(
        select(HuddleRun).where(HuddleRun.huddle_id == huddle.id, *days).order_by(col(HuddleRun.local_date))
    )


async def first_held(tx: Tx, huddle: Huddle) -> date | None:
    """The day of a huddle's first run that was held."""
    held = (HuddleRun.huddle_id == huddle.id, HuddleRun.state == HuddleRun.State.CLOSED, col(HuddleRun.expected) > 0)
    return await tx.first(select(col(HuddleRun.local_date)).where(*held).order_by(col(HuddleRun.local_date)))


async def newest_statuses(tx: Tx, huddle: Huddle, person_id: int, until: date) -> Sequence[str]:
    """What became of somebody in the runs of a huddle that were held and asked them, newest first."""
    counted = (Expectation.Status.ANSWERED, Expectation.Status.ANSWERED_LATE, Expectation.Status.SILENT)
    return await tx.all(
        select(col(Expectation.status))
        .join(HuddleRun, col(HuddleRun.id) == Expectation.run_id)
        .where(
            HuddleRun.huddle_id == huddle.id,
            HuddleRun.state == HuddleRun.State.CLOSED,
            col(HuddleRun.local_date) <= until,
            Expectation.person_id == person_id,
            col(Expectation.status).in_(counted),
        )
        .order_by(col(HuddleRun.local_date).desc())
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
    return await tx.all(_EXPECTED, {"its_run": run.id})


async def expectation_of(tx: Tx, run: HuddleRun, person_id: int) -> Expectation | None:
    """One person in a run."""
    return await tx.first(EXPECTED_OF, {"its_run": run.id, "its_person": person_id})


# Each prompt that is drawn asks for these, and each room for everybody's: worded once.
RUN, _PERSON = bindparam("its_run", type_=RowId), bindparam("its_person", type_=RowId)
_EXPECTED = select(Expectation).where(Expectation.run_id == RUN).order_by(col(Expectation.id))
EXPECTED_OF = select(Expectation).where(Expectation.run_id == RUN, Expectation.person_id == _PERSON).limit(1)


async def hold(tx: Tx, expectation: Expectation) -> None:
    """Until this transaction ends, nobody else answers for the same person: who comes second sees what the first did.

    Without it two lines at once on PostgreSQL would each be joined to what stood there before both.
    """
    await tx.first(_HELD, {"its_id": expectation.id})


_ONE = select(Expectation.id).where(Expectation.id == bindparam("its_id", type_=RowId)).limit(1)
_HELD = _ONE.with_for_update(key_share=True)


async def answered_with(tx: Tx, blocker_id: int, team_id: int, since: date) -> set[int]:
    """Whose answers to a team's huddles count as a blocker, as they are by now."""
    every = await tx.all(
        select(HuddleAnswer)
        .join(HuddleRun, col(HuddleRun.id) == HuddleAnswer.run_id)
        .join(Huddle, col(Huddle.id) == HuddleRun.huddle_id)
        .where(Huddle.team_id == team_id, col(HuddleRun.local_date) >= since)
        .order_by(col(HuddleAnswer.id))
    )
    newest = {(each.run_id, each.person_id): each for each in every}
    return {each.person_id for each in newest.values() if each.blocker_id == blocker_id}


async def answers(tx: Tx, run: HuddleRun) -> Sequence[HuddleAnswer]:
    """The newest edition of each person's answer, in the order in which people first answered."""
    every = await tx.all(_ANSWERS, {"its_run": run.id})
    newest = {answer.person_id: answer for answer in every}
    first_seen = dict.fromkeys(answer.person_id for answer in every)
    return [newest[person_id] for person_id in first_seen]


async def first_editions(tx: Tx, run: HuddleRun) -> Sequence[HuddleAnswer]:
    """Each person's answer as it was first given."""
    return await tx.all(_FIRST_EDITIONS, {"its_run": run.id})


_ANSWERS = select(HuddleAnswer).where(HuddleAnswer.run_id == RUN).order_by(col(HuddleAnswer.id))
_FIRST_EDITIONS = select(HuddleAnswer).where(HuddleAnswer.run_id == RUN, HuddleAnswer.edition == 1)


async def answer_of(tx: Tx, run: HuddleRun, person_id: int) -> HuddleAnswer | None:
    """The newest edition of one person's answer."""
    return await tx.first(ANSWERED, {"its_run": run.id, "its_person": person_id})


ANSWERED = (
    select(HuddleAnswer)
    .where(HuddleAnswer.run_id == RUN, HuddleAnswer.person_id == _PERSON)
    .order_by(col(HuddleAnswer.edition).desc())
    .limit(1)
)


async def run_around(tx: Tx, run_id: int) -> tuple[HuddleRun, Huddle, Team] | None:
    """A run with its huddle and team; what this transaction has read already is not asked for again."""
    known = tx.known(HuddleRun, run_id)
    if known is not None:
        huddle = await tx.need(Huddle, known.huddle_id)
        return known, huddle, await tx.need(Team, huddle.team_id)
    for run, huddle, team in await tx.columns(_AROUND, {"its_run": run_id}):
        tx.keep((run, huddle, team))
        return run, huddle, team
    return None


_AROUND = (
    select(HuddleRun, Huddle, Team)
    .join(Huddle, col(Huddle.id) == HuddleRun.huddle_id)
    .join(Team, col(Team.id) == Huddle.team_id)
    .where(HuddleRun.id == RUN)
)


async def answer_in(tx: Tx, event_id: int, person_id: int) -> HuddleAnswer | None:
    """The edition that a person gave in an event."""
    return await tx.first(
        select(HuddleAnswer).where(HuddleAnswer.event_id == event_id, HuddleAnswer.person_id == person_id)
    )


async def plan_before(tx: Tx, run: HuddleRun, person_id: int) -> HuddleAnswer | None:
    """The newest answer that a person gave in an earlier run of the same huddle."""
    return await tx.first(PLANNED, before_run(run) | {"its_person": person_id})


EARLIER = (
    select(HuddleAnswer)
    .join(HuddleRun, col(HuddleRun.id) == HuddleAnswer.run_id)
    .where(
        HuddleRun.huddle_id == bindparam("its_huddle", type_=RowId),
        col(HuddleRun.local_date) < bindparam("its_date"),
    )
)
NEWEST_FIRST = (col(HuddleRun.local_date).desc(), col(HuddleAnswer.edition).desc())
PLANNED = EARLIER.where(HuddleAnswer.person_id == _PERSON).order_by(*NEWEST_FIRST).limit(1)


def before_run(run: HuddleRun) -> dict[str, object]:
    """What fills the open places of `EARLIER`."""
    return {"its_huddle": run.huddle_id, "its_date": run.local_date}
