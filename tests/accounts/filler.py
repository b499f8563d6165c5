"""Rows of any table with some value in every column, as far as their types ask for one."""

from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import JSON, Column, Connection, String, Table, UniqueConstraint
from sqlmodel import AutoString

from storage.columns import Utc, Word
from tests.support.company import NOON

_NUMBERS = count(1)
PLAIN: dict[type, object] = {
    bool: False,
    date: date(2026, 11, 24),
    time: time(9, 15),
    datetime: datetime(2026, 11, 24, 9, 15),  # noqa: DTZ001 - what a clock on the wall shows
    Decimal: Decimal(1),
}


def fill(connection: Connection, table: Table, organisation_id: int, **own: object) -> int:
    """A new row; `own` are the values that matter; other keys are mostly 1. Gives its number."""
    values = {each.name: _value(table, each) for each in table.columns if each.name != "id" and not each.nullable}
    result = connection.execute(table.insert().values(**values | {"organisation_id": organisation_id} | own))
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


def _value(table: Table, column: "Column[Any]") -> object:
    if isinstance(column.type, Word):
        words: Any = column.type.kind
        return next(iter(words))
    if isinstance(column.type, Utc):
        return NOON
    if isinstance(column.type, JSON):
        return {}
    if isinstance(column.type, String | AutoString):
        return f"{column.name}-{next(_NUMBERS)}"
    if column.type.python_type is int:
        return next(_NUMBERS) if _tells_apart(table, column) else 1
    return PLAIN[column.type.python_type]


def _tells_apart(table: Table, column: "Column[Any]") -> bool:
    """Whether a number is what rows differ in, where they hold nobody."""
    keys = [list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    if not column.foreign_keys:
        return any(column in key for key in keys)
    # Where nothing else in a key differs from row to row, what the row belongs to does.
    return any(column is key[0] and not any(_differs(each) for each in key) for key in keys)


def _differs(column: "Column[Any]") -> bool:
    is_text = isinstance(column.type, String | AutoString) and not isinstance(column.type, Word)
    return not column.foreign_keys and (is_text or column.type.python_type is int)
