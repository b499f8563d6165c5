"""A second installation becomes part of an organisation that is there already, while it has no records of its own.

An installation that nobody paired has an organisation of its own. MOVES are the tables of which it may hold rows, which
go along; STAYS are those that the clock keeps for an organisation and that are made anew, or were counted there; rows
in any other table are records, and stand in the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Table, and_, cast, delete, func, literal, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel, col, select

from storage.accounts import AccountCode, WrongCodes
from storage.cadences import REPORT, Cadence, Occurrence
from storage.columns import Row
from storage.events import EventSeen
from storage.first_days import Tried
from storage.mail import MailSent
from storage.messages import Lane, Message
from storage.mornings import Morning, MorningChoice, wake
from storage.msteams import TeamsConversation
from storage.organisations import Counter, Install, Organisation
from storage.passes import Pass
from storage.people import Absence, Account, Person, Role
from storage.places import Place
from storage.quiet import DirectDay, StatusHint
from storage.slack import SlackWorkspace
from storage.training import TrainingCompletion, TrainingModule
from storage.troubles import Trouble
from storage.tx import SYSTEM, Change, Tx

MOVES: tuple[type[Row], ...] = (
    # What the installing itself made: where the bot is, and who was met there.
    Install, Lane, SlackWorkspace, TeamsConversation, Place, Person, Account, Role,
    # What is each person's own: their days, choices and first steps, and what was said to them.
    Absence, StatusHint, MorningChoice, DirectDay, Tried, TrainingCompletion, Pass, WrongCodes,
    EventSeen, Change, Message, MailSent, Occurrence, Trouble,
)  # fmt: skip
"""Whose rows belong to the other organisation from then on."""

STAYS: tuple[type[Row], ...] = (AccountCode, Cadence, Counter, Morning)
"""Whose rows go with the organisation: rhythms of mornings, which the other one has too, and codes that were shown."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the bot is and who was met there: part of the other organisation by now."""

    installs: Sequence[Install]
    people: Sequence[Person]


class Gone(LookupError):
    """The organisation was paired a moment ago."""


async def hold(tx: Tx, organisation_id: int) -> None:
    """Nobody adds a row to an organisation from here on until this transaction ends. Raises: Gone.

    Every row names its organisation by a foreign key, so whoever adds one at this moment waits, and then finds the
    organisation gone.
    """
    query = select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    if (await tx.session.scalars(query)).first() is None:
        raise Gone(organisation_id)


async def in_the_way(tx: Tx, organisation_id: int) -> Mapping[str, int]:
    """The records of an organisation: how many rows in which tables; empty while it can be paired."""
    await tx.flush()
    here = tx.organisation_id
    tx.bind(SYSTEM)
    try:
        found: dict[str, int] = {}
        for table in records():
            mine = table.c.organisation_id == organisation_id
            number = await tx.session.scalar(select_columns(func.count()).select_from(table).where(mine, _real(table)))
            if number:
                found[table.name] = number
        return found
    finally:
        tx.bind(here)


def records() -> Sequence[Table]:
    """The tables in which rows are records."""
    fine = {str(each.__tablename__) for each in (*MOVES, *STAYS)}
    every = SQLModel.metadata.sorted_tables
    return [each for each in every if "organisation_id" in each.c and each.name not in fine]


def _real(table: Table) -> ColumnElement[bool]:
    """Every organisation has the introduction, which nobody has written."""
    return ~table.c.is_builtin if table.name == TrainingModule.__tablename__ else literal(value=True)


async def rehome(tx: Tx, away: int, home: int, now: datetime) -> Moved:
    """Everything of `away`, which has no records, belongs to `home`; the transaction is bound to `home` afterwards."""
    await tx.flush()
    installs, people = await tx.all(select(Install)), await tx.all(select(Person).where(col(Person.active).is_(True)))
    tx.bind(SYSTEM)
    await _introduction(tx, away, home)
    await _machinery(tx, away)
    await _keys_apart(tx, away, home)
    for kind in MOVES:
        mine = col(kind.organisation_id) == away
        statement = update(kind).where(mine).values(organisation_id=home)
        await tx.run(statement.execution_options(synchronize_session=False))
    await tx.run(delete(Organisation).where(col(Organisation.id) == away))
    for row in tx.session:
        if isinstance(row, Row) and row.organisation_id == away:
            set_committed_value(row, "organisation_id", home)
    tx.bind(home)
    for zone in await tx.all(select(col(Person.zone)).where(col(Person.active).is_(True)).distinct()):
        await wake(tx, zone, now)
    return Moved(installs, people)


async def taken(tx: Tx, platforms: Sequence[str], home: int) -> Sequence[str]:
    """Those of some platforms on which an organisation is already."""
    query = select_columns(col(Install.platform)).where(col(Install.organisation_id) == home)
    here = tx.organisation_id
    tx.bind(SYSTEM)
    there = set((await tx.session.scalars(query)).all())
    tx.bind(here)
    return [each for each in platforms if each in there]


async def _machinery(tx: Tx, away: int) -> None:
    """What the clock kept for the organisation as such."""
    of_rhythms = or_(col(Occurrence.cadence_id).is_not(None), col(Occurrence.kind) == REPORT)
    await _forget(tx, Occurrence, and_(col(Occurrence.organisation_id) == away, of_rhythms))
    for kind in STAYS:
        await _forget(tx, kind, col(kind.organisation_id) == away)
    for table in records():
        await tx.session.execute(delete(table).where(table.c.organisation_id == away))


async def _forget(tx: Tx, kind: type[Row], which: ColumnElement[bool]) -> None:
    await tx.run(delete(kind).where(which).execution_options(synchronize_session=False))


async def _introduction(tx: Tx, away: int, home: int) -> None:
    """Who has begun the introduction goes on with the one there; where there is none yet, it comes along."""
    built_in = select(col(TrainingModule.id)).where(col(TrainingModule.is_builtin).is_(True))
    theirs = await tx.first(built_in.where(TrainingModule.organisation_id == away))
    ours = await tx.first(built_in.where(TrainingModule.organisation_id == home))
    if theirs is None:
        return
    done: dict[str, Any] = {"module_id": ours}
    if ours is None:
        which, values = update(TrainingModule).where(col(TrainingModule.id) == theirs), {"organisation_id": home}
    else:
        which, values = update(TrainingCompletion).where(col(TrainingCompletion.module_id) == theirs), done
    await tx.run(which.values(**values).execution_options(synchronize_session=False))


async def _keys_apart(tx: Tx, away: int, home: int) -> None:
    """Keys are unique in an organisation, and most carry a row's number; the few others get one."""
    for kind in (Message, Occurrence):
        taken = select(col(kind.key)).where(kind.organisation_id == home)
        apart = update(kind).where(col(kind.organisation_id) == away, col(kind.key).in_(taken))
        key = col(kind.key).concat(literal(":")).concat(cast(col(kind.id), String))
        await tx.run(apart.values(key=key).execution_options(synchronize_session=False))
