"""A transaction bound to one organisation: every query is filtered by it here, and every change is kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar, TypeVarTuple, cast

from sqlalchemy import (
    Delete,
    Executable,
    Result,
    ScalarResult,
    Select,
    Update,
    bindparam,
    inspect,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.util import identity_key
from sqlmodel import SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.bound import (
    KEPT,
    SYSTEM,
    Asking,
    BoundSession,
    Change,
    Foreign,
    as_kept,
    facts_of,
    foreseen_in,
    held_in,
    written_in,
    wrote,
)
from storage.columns import Row, RowId

__all__ = ("SYSTEM", "Acting", "BoundSession", "Change", "Foreign", "Tx", "Values", "as_kept")

R = TypeVar("R", bound=Row)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Values: TypeAlias = Mapping[str, object]
"""What fills the open places (`bindparam`) of a statement that is worded once: to word one takes as long as to ask."""

HELD_MAX = 1000  # rows that one transaction keeps in hand


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
        facts_of(session.sync_session)["organisation_id"] = organisation_id

    def bind(self, organisation_id: int) -> None:
        """Binds a system's transaction to an organisation that it has just made."""
        self.organisation_id = organisation_id
        facts_of(self.session.sync_session)["organisation_id"] = organisation_id

    def acts_for(
        self, *, by: int | None, event_id: int | None, now: datetime, arrived_at: datetime | None = None
    ) -> None:
        """Who changes rows from here on, on which event, and when: kept in the change log."""
        facts_of(self.session.sync_session).update(by=by, event_id=event_id, now=now, arrived_at=arrived_at)

    @property
    def acting(self) -> "Acting":
        """Who acts, on which event, and when."""
        facts = facts_of(self.session.sync_session)
        return Acting(facts.get("by"), facts.get("event_id"), facts["now"], facts.get("arrived_at"))

    @property
    def written(self) -> AbstractSet[str]:
        """The tables that were written to so far."""
        return written_in(self.session.sync_session)

    @property
    def actor_id(self) -> int:
        """Who acts. Raises: LookupError in a step of the clock, where nobody does."""
        by = facts_of(self.session.sync_session).get("by")
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

        What this transaction has read already is not asked for again; see `held_in`.
        """
        row = self.known(kind, row_id)
        if row is None:
            row = (await self._asked(_numbered(kind), {"number": row_id})).one_or_none()
            self.keep([] if row is None else [row])
        return row

    def keep(self, rows: Sequence[Row]) -> None:
        """Rows that `get` need not ask for any more, until a lock is taken."""
        held = held_in(self.session.sync_session)
        held.extend(rows[: max(0, HELD_MAX - len(held))])

    async def fetch(self, kind: type[R], row_ids: Iterable[int | None]) -> dict[int, R]:
        """The rows of those numbers by number, as far as this organisation has them; asked for at once.

        Whoever needs many asks for them here first; `get` then finds them in hand.
        """
        found: dict[int, R] = {}
        wanted: list[int] = []
        for row_id in dict.fromkeys(row_id for row_id in row_ids if row_id is not None):
            row = self.known(kind, row_id)
            if row is None:
                wanted.append(row_id)
            else:
                found[row_id] = row
        if wanted:
            rows = await self.all(_numbered_among(kind), {"numbers": wanted})
            self.keep(rows)
            found |= {row.id: row for row in rows}
        return found

    def known(self, kind: type[R], row_id: int) -> R | None:
        """The row of that number, where this transaction has read it and may believe it still; see `held_in`."""
        session = self.session.sync_session
        if self.organisation_id == SYSTEM or session.new or session.deleted or facts_of(session).get("overtaken"):
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
        if values is None:
            return (await self._asked(query.limit(1), None)).first()
        found = self._foreseen(query).get((query, frozenset(values.items())), _UNKNOWN)
        if found is _UNKNOWN or self.session.sync_session.new or self.session.sync_session.deleted:
            return (await self._asked(query, values)).first()
        return cast("T | None", found)

    def foresee(self, query: SelectOfScalar[T], values: Values, answer: T | None) -> None:
        """Whoever has read the rows of many at once says here what `first` will be asked, and its answer.

        It holds until a row of that table is written or a lock is taken; from then on `first` asks.
        """
        self._foreseen(query)[query, frozenset(values.items())] = answer

    def _foreseen(self, query: SelectOfScalar[T]) -> dict[Asking, object]:
        return foreseen_in(self.session.sync_session, _table_of(query))

    async def all(self, query: SelectOfScalar[T], values: Values | None = None) -> Sequence[T]:
        """Every row of `query`; `values` fill what it leaves open."""
        return (await self._asked(query, values)).all()

    async def _asked(self, query: SelectOfScalar[T], values: Values | None) -> ScalarResult[T]:
        return await self.session.scalars(query, values, execution_options=_ANEW if values is None else KEPT)

    async def columns(self, query: Select[*Ts], values: Values | None = None) -> Sequence[tuple[*Ts]]:
        """Every row of a query for several columns."""
        return (await self.session.execute(query, values, execution_options=_ANEW if values is None else KEPT)).all()

    async def run(self, statement: Executable, values: Values | None = None) -> Result[Any]:
        """Runs a statement that touches many rows at once; `values` fill what it leaves open."""
        return await self.session.execute(self._plainly(statement), values)

    def _plainly(self, statement: Executable, *, is_kept: bool = False) -> Executable:
        """Without a comparison with the rows in hand, which takes longer than the statement, where there are none."""
        if not isinstance(statement, Update | Delete):
            return statement
        if self._has_in_hand(statement.entity_description["table"].name):
            return statement
        return _kept_plain(statement) if is_kept else _plain(statement)

    def _has_in_hand(self, table: str) -> bool:
        session = self.session.sync_session
        return any(each.__tablename__ == table for each in (*session.identity_map.values(), *session.new))

    async def changed(self, statement: Executable, values: Values | None = None) -> int:
        """Runs an update or delete, and says how many rows it touched."""
        result = await self.session.execute(self._plainly(statement, is_kept=values is not None), values)
        return int(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult, which Result does not promise

    async def changed_each(self, change: Update, rows: Sequence[Values]) -> int:
        """Runs a change of a table (not of its class) for each of `rows` in one go; how many rows it touched.

        Rows of other organisations are left alone.
        """
        table = str(change.table)
        if self._has_in_hand(table):
            facts_of(self.session.sync_session)["overtaken"] = True
        await self.session.flush()
        wrote(self.session.sync_session, [table])
        connection = await self.session.connection()
        own = [{**row, "its_organisation": self.organisation_id} for row in rows]
        return int((await connection.execute(_within_one(change), own)).rowcount)


@lru_cache(maxsize=64)
def _within_one(change: Update) -> Update:
    return change.where(change.table.c.organisation_id == bindparam("its_organisation", type_=RowId))


def _plain(statement: Update | Delete) -> Update | Delete:
    return statement.execution_options(synchronize_session=False, nothing_known=True)


_UNKNOWN = object()
_ANEW: Mapping[str, object] = {}

_kept_plain = lru_cache(maxsize=256)(_plain)


@lru_cache(maxsize=1024)
def _table_of(query: Select[Any]) -> str:
    return str(query.column_descriptions[0]["entity"].__tablename__)


@lru_cache(maxsize=256)
def _numbered(kind: type[R]) -> SelectOfScalar[R]:
    """The question for one row; to word it anew takes longer than to answer it."""
    return select(kind).where(col(kind.id) == bindparam("number", type_=RowId))


@lru_cache(maxsize=256)
def _numbered_among(kind: type[R]) -> SelectOfScalar[R]:
    return select(kind).where(col(kind.id).in_(bindparam("numbers", type_=RowId, expanding=True)))
