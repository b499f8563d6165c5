"""A session bound to one organisation: what is read is filtered by it, what is written belongs to it and is kept.

Every statement of a `Tx` goes through the listeners here, however it was worded.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, Select, column, event, inspect
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlmodel import Field, SQLModel

from storage.columns import Noun, Row, RowId, at, document
from storage.errors import BotError

Asking: TypeAlias = tuple[Select[Any], frozenset[tuple[str, object]]]
"""A question that is worded once, and what fills its open places."""

SYSTEM = 0
"""Instead of an organisation: the clock and the delivery see all of them."""


class Foreign(BotError):
    """A row of another organisation was about to be written."""

    def __init__(self, row: Row, organisation_id: int) -> None:
        super().__init__(
            f"{type(row).__name__} belongs to organisation {row.organisation_id}, not to {organisation_id}"
        )


class Change(Row, table=True):
    """One change of one row: the audit trail, and what Undo takes back."""

    event_id: int | None = Field(default=None, sa_type=RowId, index=True)
    at: datetime = at()
    by: int | None = Field(default=None, sa_type=RowId)
    table: str
    row_id: int = Field(sa_type=RowId)
    before: dict[str, Any] | None = document(default=None, nullable=True)
    after: dict[str, Any] | None = document(default=None, nullable=True)
    version: int


class BoundSession(Session):
    """A session that belongs to one organisation; the listeners below hold for it alone."""


_ANY_COLUMN: ColumnElement[int] = column("organisation_id", RowId)


def facts_of(session: Session) -> dict[str, Any]:
    """What is known of a transaction: its organisation, who acts in it, what it holds and has written."""
    return session.info


def held_in(session: Session) -> list[SQLModel]:
    """Rows that were read by their number, kept in hand so that nobody has to ask for them again.

    They are let go where somebody else may have changed them: a lock is taken to see what others did before it. Where
    rows were changed behind the session's back (`overtaken`), nothing that it knows is believed any more.
    """
    held: list[SQLModel] = facts_of(session).setdefault("held", [])
    return held


def foreseen_in(session: Session, table: str) -> dict[Asking, object]:
    """Answers that were read together with others, by what will be asked; they hold until that table is written."""
    foreseen: dict[str, dict[Asking, object]] = facts_of(session).setdefault("foreseen", {})
    return foreseen.setdefault(table, {})


def written_in(session: Session) -> set[str]:
    """The tables that were written to so far."""
    tables: set[str] = facts_of(session).setdefault("written", set())
    return tables


def wrote(session: Session, tables: Iterable[str]) -> None:
    """Those tables were written to."""
    for table in tables:
        written_in(session).add(table)
        facts_of(session).get("foreseen", {}).pop(table, None)


@event.listens_for(BoundSession, "do_orm_execute")
def _only_its_own_organisation(state: ORMExecuteState) -> None:
    if not state.is_select and state.bind_mapper is not None:
        wrote(state.session, [str(state.bind_mapper.local_table)])
    _let_go(state)
    organisation_id = facts_of(state.session).get("organisation_id", SYSTEM)
    if organisation_id == SYSTEM or state.is_column_load or state.is_relationship_load:
        return

    if state.is_select and state.execution_options.get("kept"):
        state.statement = _of_one(state.statement)
        state.parameters = {**(state.parameters or {}), _OWN: organisation_id}  # type: ignore[dict-item]
        return
    state.statement = state.statement.options(_rows_of(organisation_id))


def _let_go(state: ORMExecuteState) -> None:
    if isinstance(state.statement, Select):
        if state.statement._for_update_arg is not None:  # noqa: SLF001 - SQLAlchemy says it nowhere else
            held_in(state.session).clear()
            facts_of(state.session).pop("foreseen", None)
    elif state.is_update or state.is_delete:
        options = state.execution_options
        is_told = state.bind_mapper is not None and options.get("synchronize_session") is not False
        if not (is_told or options.get("nothing_known")):
            facts_of(state.session)["overtaken"] = True
            facts_of(state.session).pop("foreseen", None)


class _Own(BindParameter[int]):
    """The organisation in a condition that SQLAlchemy copies into statements: a copy is known by its hash.

    A plain one makes a comparison in SQL of each look at whether it is the same one, several for every statement.
    """

    inherit_cache = True

    def __eq__(self, other: object) -> bool:  # type: ignore[override]  # in SQL it stands on the right, alone
        return hash(self) == hash(other)

    __hash__ = BindParameter.__hash__


@lru_cache(maxsize=4096)
def _rows_of(organisation_id: int) -> LoaderCriteriaOption:
    """The condition under which rows are read; to make one takes longer than many a query."""
    return _belonging_to(_Own("organisation_id", organisation_id, type_=RowId, unique=True))


@lru_cache(maxsize=1024)
def _of_one(kept: Select[Any]) -> Select[Any]:
    """A statement that is worded once, under that condition: its organisation is one more of its open places.

    It is one object for all of them, so that SQLAlchemy finds its compiled text without reading it again.
    """
    return kept.options(_ROWS_OF_ONE)


def _belonging_to(this: BindParameter[int]) -> LoaderCriteriaOption:
    def belongs(kind: type[Row]) -> ColumnElement[bool]:
        # SQLAlchemy first calls this with Row itself, which has no table and so no column of its own.
        own: ColumnElement[int] = getattr(kind, "organisation_id", _ANY_COLUMN)
        mine: ColumnElement[bool] = own == this
        return mine

    return with_loader_criteria(Row, belongs, include_aliases=True)


KEPT: Mapping[str, object] = {"kept": True}
"""Marks a question that is worded once (`execution_options`); see `_of_one`."""
_OWN = "its_organisation"
_ROWS_OF_ONE = _belonging_to(_Own(_OWN, type_=RowId, required=True))


@event.listens_for(BoundSession, "before_flush")
def _stamp(session: Session, _context: UOWTransaction, _instances: object) -> None:
    facts = facts_of(session)
    for row in session.new:
        if isinstance(row, Row):
            _belong(row, facts["organisation_id"])
        if isinstance(row, Noun):
            _stamp_new(row, by=facts["by"], now=facts["now"])
    for row in session.dirty:
        if isinstance(row, Row):
            _belong(row, facts["organisation_id"])
        if isinstance(row, Noun) and session.is_modified(row):
            row.updated_at = facts["now"]


def _stamp_new(row: Noun, *, by: int | None, now: datetime) -> None:
    """A new row was made now, unless it says otherwise: the columns are None until they are set."""
    if row.created_at is None:
        row.created_at = now
    if row.updated_at is None:
        row.updated_at = now
    if row.created_by is None:
        row.created_by = by


def _belong(row: Row, organisation_id: int) -> None:
    if organisation_id == SYSTEM:
        return
    if row.organisation_id is None:
        row.organisation_id = organisation_id
    elif row.organisation_id != organisation_id:
        raise Foreign(row, organisation_id)


@event.listens_for(BoundSession, "after_flush")
def _keep_changes(session: Session, _context: UOWTransaction) -> None:
    # Each of the three is put together anew whenever it is looked at: once for all rows, not once for each.
    new, dirty, deleted = list(session.new), list(session.dirty), list(session.deleted)
    wrote(session, {str(row.__tablename__) for row in (*new, *dirty, *deleted)})
    changes = [_change(session, row, None, _around(row)[1]) for row in _nouns(new)]
    changes += [
        _change(session, row, before, after)
        for row in _nouns(dirty)
        for before, after in [_around(row)]
        if before != after
    ]
    changes += [_change(session, row, _around(row)[0], None) for row in _nouns(deleted)]
    if changes:
        session.execute(Change.__table__.insert(), changes)  # type: ignore[attr-defined]  # SQLModel does not declare it


def _nouns(rows: Iterable[object]) -> Iterator[Noun]:
    return (row for row in rows if isinstance(row, Noun))


def _around(row: Noun) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the columns of a row held before this flush, and what they hold now."""
    state = inspect(row)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        after[attribute.key] = as_kept(getattr(row, attribute.key))
        before[attribute.key] = as_kept(history.deleted[0]) if history.deleted else after[attribute.key]
    return before, after


def _change(
    session: Session, row: Noun, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> dict[str, Any]:
    facts = facts_of(session)
    return {
        "organisation_id": row.organisation_id,
        "event_id": facts.get("event_id"),
        "at": facts["now"],
        "by": facts.get("by"),
        "table": row.__tablename__,
        "row_id": row.id,
        "before": before,
        "after": after,
        "version": row.version,
    }


def as_kept(value: object) -> object:
    """A column's value as the change log keeps it."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case Enum():
            return value.value
        case None | bool() | int() | float() | str() | list() | dict():
            return value
        case _:
            return str(value)
