"""Column types and the two base rows: what every table has in common."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

RowId = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number; SQLite counts up by itself only for INTEGER."""

Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A small JSON document; assign a new one to change it."""

E = TypeVar("E", bound=StrEnum)


class Utc(TypeDecorator[datetime]):
    """An instant: aware and in UTC in Python; a naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a value is in Python."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant must be aware, got {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Out of the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[E], Generic[E]):
    """A value of a StrEnum, kept as its word."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, _dialect: Dialect) -> str | None:
        """Into the database."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> E | None:
        """Out of the database."""
        return None if value is None else self.kind(value)


def at(**more: Any) -> Any:
    """An instant's column."""
    return Field(sa_type=Utc, **more)


def wall(**more: Any) -> Any:
    """A naive local date-time's column: what a clock on the wall shows."""
    return Field(sa_type=DateTime, **more)


def word(kind: type[StrEnum], **more: Any) -> Any:
    """A StrEnum's column."""
    return Field(sa_type=Word(kind), **more)


def count(**more: Any) -> Any:
    """A column that counts from 0; the database knows that too, so that it can be added to rows that are there."""
    return Field(default=0, sa_column_kwargs={"server_default": "0"}, **more)


def number_of(table: str, **more: Any) -> Any:
    """A column that holds the id of a row of `table`."""
    return Field(foreign_key=f"{table}.id", sa_type=RowId, **more)


def document(**more: Any) -> Any:
    """A JSON column."""
    return Field(sa_type=Document, **more)


def personal(**more: Any) -> Any:
    """A column with words about or by a person; export, erasure and the data map follow this mark."""
    return Field(sa_column_kwargs={"info": {"personal": True}}, **more)


def constraints(*parts: SchemaItem) -> tuple[SchemaItem | dict[str, bool], ...]:
    """A table's constraints and indexes; SQLite never gives a row's number twice, because keys and codes carry it."""
    return (*parts, {"sqlite_autoincrement": True})


class Row(SQLModel):
    """A row that belongs to one organisation; a transaction bound to another one never sees it."""

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - SQLAlchemy calls it with the class
        """`HuddleRun` is kept in `huddle_run`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    __table_args__ = constraints()

    id: int = Field(default=None, primary_key=True, sa_type=RowId)
    organisation_id: int = Field(default=None, foreign_key="organisation.id", sa_type=RowId, index=True)


class Noun(Row):
    """A row that people change: each change is kept in the change log, and two people can't overwrite each other."""

    created_at: datetime = Field(default=None, sa_type=Utc)
    created_by: int | None = Field(default=None, sa_type=RowId)
    updated_at: datetime = Field(default=None, sa_type=Utc)
    version: int = Field(default=None)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it with the class
        """An update names the version it read, and fails when somebody else was faster."""
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}
