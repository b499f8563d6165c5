"""A transaction bound to one organisation: every query is filtered by it here, and every change is kept."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar, TypeVarTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Executable,
    Result,
    Select,
    Update,
    bindparam,
    column,
    event,
    inspect,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, UOWTransaction, with_loader_criteria
from sqlalchemy.orm.util import identity_key
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.columns import Noun, Row, RowId, at, document
from storage.errors import BotError

R = TypeVar("R", bound=Row)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Values: TypeAlias = Mapping[str, object]
"""What fills the open places (`bindparam`) of a statement that is worded once: to word one takes as long as to ask."""

HELD_MAX = 1000  # rows that one transaction keeps in hand
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


class Acting(NamedTuple):
    """Who changes rows (None in a step of the clock), on which event of a platform, and when.

    `arrived_at` is when that event came in, in real time.
    """

    by: int | None
    event_id: int | None
    now: datetime
    arrived_at: datetime | None


class Tx:
    """What a handler changes rows with. It commits when its block ends and rolls back when the block raises."""

    def __init__(self, session: AsyncSession, organisation_id: int) -> None:
        self.session = session
        self.organisation_id = organisation_id
        self.after_commit: list[Callable[[], None]] = []
        self._held: list[SQLModel] = []
        _facts(session.sync_session)["organisation_id"] = organisation_id

    def bind(self, organisation_id: int) -> None:
        """Binds a system's transaction to an organisation that it has just made."""
        self.organisation_id = organisation_id
        _facts(self.session.sync_session)["organisation_id"] = organisation_id

    def acts_for(
        self, *, by: int | None, event_id: int | None, now: datetime, arrived_at: datetime | None = None
    ) -> None:
        """Who changes rows from here on, on which event, and when: kept in the change log."""
        _facts(self.session.sync_session).update(by=by, event_id=event_id, now=now, arrived_at=arrived_at)

    @property
    def acting(self) -> "Acting":
        """Who acts, on which event, and when."""
        facts = _facts(self.session.sync_session)
        return Acting(facts.get("by"), facts.get("event_id"), facts["now"], facts.get("arrived_at"))

    @property
    def written(self) -> AbstractSet[str]:
        """The tables that were written to so far."""
        return _written(self.session.sync_session)

    @property
    def actor_id(self) -> int:
        """Who acts. Raises: LookupError in a step of the clock, where nobody does."""
        by = _facts(self.session.sync_session).get("by")
        if by is None:
            raise LookupError("nobody acts in this transaction")
        return int(by)

    def add(self, *rows: Row) -> None:
        """New rows; they get their numbers at the next flush or query."""
        self.session.add_all(rows)

    def hold(self, row: SQLModel) -> None:
        """Keeps a row that was read by the way, so that nobody has to ask for it again."""
        self._held.append(row)

    async def flush(self) -> None:
        """Writes what was added or changed so far."""
        await self.session.flush()

    async def get(self, kind: type[R], row_id: int) -> R | None:
        """The row of that number, or None where this organisation has none.

        What this transaction has read already is not asked for again; see `_held`.
        """
        row = self._read_before(kind, row_id)
        if row is None:
            row = (await self.session.scalars(_numbered(kind), {"number": row_id})).one_or_none()
            held = _held(self.session.sync_session)
            if row is not None and len(held) < HELD_MAX:
                held.append(row)
        return row

    def _read_before(self, kind: type[R], row_id: int) -> R | None:
        session = self.session.sync_session
        if self.organisation_id == SYSTEM or session.new or session.deleted or _facts(session).get("overtaken"):
            return None
        row: R | None = session.identity_map.get(identity_key(kind, row_id))
        if row is None or row.organisation_id != self.organisation_id or inspect(row).expired_attributes:
            return None
        return row

    async def need(self, kind: type[R], row_id: int) -> R:
        """The row of that number. Raises: LookupError where this organisation has none."""
        row = await self.get(kind, row_id)
        if row is None:
            raise LookupError(f"no {kind.__name__} {row_id} here")
        return row

    async def first(self, query: SelectOfScalar[T], values: Values | None = None) -> T | None:
        """The first row of `query`, or None. One with `values` is worded once and kept, its limit with it."""
        asked = query.limit(1) if values is None else query
        return (await self.session.scalars(asked, values)).first()

    async def all(self, query: SelectOfScalar[T], values: Values | None = None) -> Sequence[T]:
        """Every row of `query`; `values` fill what it leaves open."""
        return (await self.session.scalars(query, values)).all()

    async def columns(self, query: Select[*Ts], values: Values | None = None) -> Sequence[tuple[*Ts]]:
        """Every row of a query for several columns."""
        return (await self.session.execute(query, values)).all()

    async def run(self, statement: Executable) -> Result[Any]:
        """Runs a statement that touches many rows at once."""
        return await self.session.execute(self._plainly(statement))

    def _plainly(self, statement: Executable, *, is_kept: bool = False) -> Executable:
        """Without a comparison with the rows in hand, which takes longer than the statement, where there are none."""
        if not isinstance(statement, Update | Delete):
            return statement
        session = self.session.sync_session
        touched = statement.entity_description["table"].name
        is_theirs = any(each.__tablename__ == touched for each in (*session.identity_map.values(), *session.new))
        if is_theirs:
            return statement
        return _kept_plain(statement) if is_kept else _plain(statement)

    async def changed(self, statement: Executable, values: Values | None = None) -> int:
        """Runs an update or delete, and says how many rows it touched."""
        result = await self.session.execute(self._plainly(statement, is_kept=values is not None), values)
        return int(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, which Result does not promise


def _plain(statement: Update | Delete) -> Update | Delete:
    return statement.execution_options(synchronize_session=False, nothing_known=True)


_kept_plain = lru_cache(maxsize=256)(_plain)


@lru_cache(maxsize=256)
def _numbered(kind: type[R]) -> SelectOfScalar[R]:
    """The question for one row; to word it anew takes longer than to answer it."""
    return select(kind).where(col(kind.id) == bindparam("number", type_=RowId))


_ANY_COLUMN: ColumnElement[int] = column("organisation_id", RowId)


def _facts(session: Session) -> dict[str, Any]:
    return session.info


def _held(session: Session) -> list[SQLModel]:
    """Rows that were read by their number, kept in hand so that nobody has to ask for them again.

    They are let go where somebody else may have changed them: a lock is taken to see what others did before it. Where
    rows were changed behind the session's back (`overtaken`), nothing that it knows is believed any more.
    """
    held: list[SQLModel] = _facts(session).setdefault("held", [])
    return held


def _written(session: Session) -> set[str]:
    tables: set[str] = _facts(session).setdefault("written", set())
    return tables


@event.listens_for(BoundSession, "do_orm_execute")
def _only_its_own_organisation(state: ORMExecuteState) -> None:
    if not state.is_select and state.bind_mapper is not None:
        _written(state.session).add(str(state.bind_mapper.local_table))
    _let_go(state)
    organisation_id = _facts(state.session).get("organisation_id", SYSTEM)
    if organisation_id == SYSTEM or state.is_column_load or state.is_relationship_load:
        return

    state.statement = state.statement.options(_rows_of(organisation_id))


def _let_go(state: ORMExecuteState) -> None:
    if isinstance(state.statement, Select):
        if state.statement._for_update_arg is not None:  # noqa: SLF001 - SQLAlchemy says it nowhere else
            _held(state.session).clear()
    elif state.is_update or state.is_delete:
        options = state.execution_options
        is_told = state.bind_mapper is not None and options.get("synchronize_session") is not False
        if not (is_told or options.get("nothing_known")):
            _facts(state.session)["overtaken"] = True


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
    this: BindParameter[int] = _Own("organisation_id", organisation_id, type_=RowId, unique=True)

    def belongs(kind: type[Row]) -> ColumnElement[bool]:
        # SQLAlchemy first calls this with Row itself, which has no table and so no column of its own.
        own: ColumnElement[int] = getattr(kind, "organisation_id", _ANY_COLUMN)
        mine: ColumnElement[bool] = own == this
        return mine

    return with_loader_criteria(Row, belongs, include_aliases=True)


@event.listens_for(BoundSession, "before_flush")
def _stamp(session: Session, _context: UOWTransaction, _instances: object) -> None:
    facts = _facts(session)
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
    rows = (*session.new, *session.dirty, *session.deleted)
    _written(session).update(row.__tablename__ for row in rows)
    nouns = [row for row in rows if isinstance(row, Noun)]
    changes = [change for row in nouns if (change := _change(session, row)) is not None]
    if changes:
        session.execute(Change.__table__.insert(), changes)  # type: ignore[attr-defined]  # SQLModel does not declare it


def _change(session: Session, row: Noun) -> dict[str, Any] | None:
    facts = _facts(session)
    state = inspect(row)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        after[attribute.key] = as_kept(getattr(row, attribute.key))
        before[attribute.key] = as_kept(history.deleted[0]) if history.deleted else after[attribute.key]
    if row in session.dirty and before == after:
        return None
    return {
        "organisation_id": row.organisation_id,
        "event_id": facts.get("event_id"),
        "at": facts["now"],
        "by": facts.get("by"),
        "table": row.__tablename__,
        "row_id": row.id,
        "before": None if row in session.new else before,
        "after": None if row in session.deleted else after,
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
