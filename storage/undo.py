"""Undo: takes back every change of one event, newest first, while each row is still the version it made."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage import messages
from storage.columns import Noun
from storage.errors import BotError
from storage.people import Person
from storage.tx import Change, Tx


class StillNeeded(BotError):
    """A row that an event made is needed by later ones."""


async def made_by(tx: Tx, event_id: int, person_id: int) -> bool:
    """Whether an event changed anything, and a person did it, perhaps before their accounts were joined."""
    change = await tx.first(select(Change).where(Change.event_id == event_id))
    number = None if change is None else change.by
    while number is not None and number != person_id:
        person = await tx.get(Person, number)
        number = None if person is None else person.merged_into
    return number is not None


async def states_before(tx: Tx, event_id: int, kind: type[Noun]) -> dict[int, dict[str, Any]]:
    """What the rows of a kind that an event changed, and did not make, held before it, by their numbers."""
    mine = (Change.event_id == event_id, Change.table == kind.__tablename__)
    changes = await tx.all(select(Change).where(*mine).order_by(col(Change.id)))
    first_of: dict[int, Change] = {}
    for change in changes:
        first_of.setdefault(change.row_id, change)
    return {number: change.before for number, change in first_of.items() if change.before is not None}


async def stands(tx: Tx, event_id: int) -> bool:
    """Whether every row is still as an event left it."""
    return await _as_left(tx, await _made(tx, event_id)) is not None


async def undo(tx: Tx, event_id: int, now: datetime) -> bool:
    """Takes an event back and withdraws its messages; False, and nothing is changed, when a row has moved on.

    What the event deleted is there again, with its number. Raises: StillNeeded.
    """
    changes = await _made(tx, event_id)
    rows = await _as_left(tx, changes)
    if rows is None:
        return False
    first_of = {(change.table, change.row_id): change for change in changes}
    made = {key: change for key, change in first_of.items() if change.before is None}
    for key, change in first_of.items():
        row = rows[key]
        if row is not None and change.before is not None:
            _restore(row, change.before)
        elif change.before is not None:
            tx.add(_anew(_kind(change.table), change.before))
    # Restored rows may have pointed to new ones, and new ones to older new ones.
    await _flush(tx, "what it deleted")
    for key in sorted(made, key=lambda each: made[each].id, reverse=True):
        if rows[key] is not None:
            await _delete(tx, rows[key])
    await messages.withdraw(tx, event_id, now)
    return True


async def _made(tx: Tx, event_id: int) -> Sequence[Change]:
    """What an event changed, newest first."""
    return await tx.all(select(Change).where(Change.event_id == event_id).order_by(col(Change.id).desc()))


async def _as_left(tx: Tx, changes: Sequence[Change]) -> dict[tuple[str, int], Noun | None] | None:
    """The rows of an event's changes; None where one has moved on since."""
    last_of = {(change.table, change.row_id): change for change in reversed(changes)}
    rows = {key: await tx.get(_kind(change.table), change.row_id) for key, change in last_of.items()}
    return rows if all(_untouched(rows[key], change) for key, change in last_of.items()) else None


async def _delete(tx: Tx, row: Noun | None) -> None:
    await tx.session.delete(row)
    await _flush(tx, type(row).__name__)


async def _flush(tx: Tx, what: str) -> None:
    try:
        await tx.flush()
    except IntegrityError as problem:
        raise StillNeeded(what) from problem


def _untouched(row: Noun | None, change: Change) -> bool:
    return row is None if change.after is None else row is not None and row.version == change.version


def _kind(table: str) -> type[Noun]:
    return next(kind for kind in _nouns(Noun) if kind.__tablename__ == table)


def _nouns(kind: type[Noun]) -> list[type[Noun]]:
    return [each for child in kind.__subclasses__() for each in (child, *_nouns(child))]


_OWN = frozenset({"id", "organisation_id", "version", "created_at", "created_by", "updated_at"})


def _restore(row: Noun, before: dict[str, Any]) -> None:
    columns = inspect(type(row)).columns
    for name, value in before.items():
        if name not in _OWN:
            setattr(row, name, _typed(columns[name], value))


def _anew(kind: type[Noun], before: dict[str, Any]) -> Noun:
    """A row that was deleted, as it was; its versions begin again."""
    columns = inspect(kind).columns
    return kind(**{name: _typed(columns[name], value) for name, value in before.items() if name != "version"})


def _typed(column: "Column[Any]", value: Any) -> Any:
    if not isinstance(value, str):
        return value
    kind = getattr(column.type, "kind", None)
    if kind is not None:
        return kind(value)
    match column.type.python_type:
        case python if python is datetime:
            return datetime.fromisoformat(value)
        case python if python is date:
            return date.fromisoformat(value)
        case python if python is time:
            return time.fromisoformat(value)
        case python if python is Decimal:
            return Decimal(value)
        case _:
            return value
