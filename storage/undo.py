"""Undo: takes back every change of one event, newest first, while each row is still the version it made."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, inspect
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage import messages
from storage.columns import Noun
from storage.errors import BotError
from storage.tx import Change, Tx


class StillNeeded(BotError):
    """A row that an event made is needed by later ones."""


async def made_by(tx: Tx, event_id: int, person_id: int) -> bool:
    """Whether an event changed anything, and a person did it."""
    change = await tx.first(select(Change).where(Change.event_id == event_id))
    return change is not None and change.by == person_id


async def undo(tx: Tx, event_id: int, now: datetime) -> bool:
    """Takes an event back and withdraws its messages; False, and nothing is changed, when a row has moved on."""
    changes = await tx.all(select(Change).where(Change.event_id == event_id).order_by(col(Change.id).desc()))
    last_of = {(change.table, change.row_id): change for change in reversed(changes)}
    rows = {key: await tx.get(_kind(change.table), change.row_id) for key, change in last_of.items()}
    if any(not _untouched(rows[key], change) for key, change in last_of.items()):
        return False
    first_of = {(change.table, change.row_id): change for change in changes}
    made = {key: change for key, change in first_of.items() if change.before is None}
    for key, change in first_of.items():
        row = rows[key]
        if row is not None and change.before is not None:
            _restore(row, change.before)
    # Restored rows may have pointed to new ones, and new ones to older new ones.
    await tx.flush()
    for key in sorted(made, key=lambda each: made[each].id, reverse=True):
        if rows[key] is not None:
            await _delete(tx, rows[key])
    await messages.withdraw(tx, event_id, now)
    return True


async def _delete(tx: Tx, row: Noun | None) -> None:
    await tx.session.delete(row)
    try:
        await tx.flush()
    except IntegrityError as problem:
        raise StillNeeded(str(type(row).__name__)) from problem


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
