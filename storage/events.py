"""Events that were handled: a platform's event id is taken in the transaction that handles it."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, Insert, bindparam
from sqlmodel import Field, UniqueConstraint, select

from storage.columns import Row, Utc, constraints, document, number_of
from storage.inserting import insert_once
from storage.tx import Tx


class EventSeen(Row, table=True):
    """One event of a platform, with the answer that was given, to give it again to a redelivery."""

    __tablename__ = "event_seen"
    __table_args__ = constraints(UniqueConstraint("install_id", "conversation", "external_id"))
    install_id: int = number_of("install")
    conversation: str
    external_id: str
    at: datetime = Field(sa_type=Utc)
    person_id: int | None = number_of("person", default=None, nullable=True)
    """Who acted; nobody else is given the answer again."""
    answer: dict[str, Any] | None = document(default=None, nullable=True)
    message: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The platform's id of the line that somebody wrote: it may be changed or taken back there later."""
    refreshed: list[list[Any]] = document(default_factory=list)
    """The views it made stale, each with its ids: Undo makes them stale again."""
    undone_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


async def take(
    tx: Tx, *, install_id: int, conversation: str, external_id: str, now: datetime, message: str = ""
) -> EventSeen | None:
    """Takes an event for this transaction; None when it was handled before (or is being handled just now)."""
    values = {
        "organisation_id": tx.organisation_id,
        "install_id": install_id,
        "conversation": conversation,
        "external_id": external_id,
        "at": now,
        "message": message,
    }
    taken: EventSeen | None = (await tx.run(_taking(insert_once(tx, EventSeen)), values)).scalar()
    return taken


@lru_cache(maxsize=4)
def _taking(insert: Insert) -> Executable:
    """Each event begins with it, so it is worded once."""
    columns = EventSeen.__table__.columns  # type: ignore[attr-defined]  # SQLModel does not declare it
    names = ("organisation_id", "install_id", "conversation", "external_id", "at", "message")
    values = {name: bindparam(name, type_=columns[name].type) for name in names}
    return insert.values(**values, refreshed=[]).returning(EventSeen)


async def seen(tx: Tx, *, install_id: int, conversation: str, external_id: str) -> EventSeen | None:
    """The event as it was handled before."""
    return await tx.first(
        select(EventSeen).where(
            EventSeen.install_id == install_id,
            EventSeen.conversation == conversation,
            EventSeen.external_id == external_id,
        )
    )


async def line(tx: Tx, install_id: int, conversation: str, *, message: str) -> EventSeen | None:
    """The event in which a line came, by the platform's id of it."""
    if not message:
        return None
    return await tx.first(
        select(EventSeen).where(
            EventSeen.install_id == install_id, EventSeen.conversation == conversation, EventSeen.message == message
        )
    )
