"""Passes to web pages: a link from the chat opens one page, once, for one person."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, update
from sqlmodel import Field, UniqueConstraint, col, select

from storage.columns import Row, Utc, constraints, number_of
from storage.columns import at as instant
from storage.people import Person
from storage.tx import Tx

OPENS_FOR = timedelta(minutes=10)
STAYS_FOR = timedelta(hours=8)


class Pass(Row, table=True):
    """A way in that was given in the chat. Tokens are kept as their SHA-256; what can be read here opens nothing."""

    __table_args__ = constraints(UniqueConstraint("token_hash"), UniqueConstraint("session_hash"))
    person_id: int = number_of("person", index=True)
    page: str
    """The path it opens, such as `/map`."""
    token_hash: str
    expires_at: datetime = instant()
    used_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    session_hash: str | None = None
    """The browser that it was exchanged for; empty until then."""
    session_until: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


def hash_of(secret: str) -> str:
    """What is kept instead of a secret."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def give(tx: Tx, person: Person, page: str, *, token: str, real_now: datetime) -> None:
    """A new pass; the person's older ones that open nothing any more are forgotten."""
    mine, over = col(Pass.person_id) == person.id, real_now - STAYS_FOR
    await tx.run(delete(Pass).where(mine, col(Pass.expires_at) < over))
    tx.add(Pass(person_id=person.id, page=page, token_hash=hash_of(token), expires_at=real_now + OPENS_FOR))


async def exchange(tx: Tx, *, token: str, session: str, real_now: datetime) -> Pass | None:
    """Uses a pass up and binds it to a browser; None for one that is unknown, used or too old."""
    given = col(Pass.token_hash) == hash_of(token)
    # One statement looks and takes, so that of two at once one finds nothing to take.
    taken = update(Pass).where(given, col(Pass.used_at).is_(None), col(Pass.expires_at) > real_now)
    values = {"used_at": real_now, "session_hash": hash_of(session), "session_until": real_now + STAYS_FOR}
    if not await tx.changed(taken.values(**values).execution_options(synchronize_session=False)):
        return None
    return await tx.first(select(Pass).where(given))


async def of_session(tx: Tx, *, session: str, page: str, real_now: datetime) -> Pass | None:
    """The pass that a browser holds for a page, while it holds it."""
    return await tx.first(
        select(Pass).where(Pass.session_hash == hash_of(session), Pass.page == page, col(Pass.session_until) > real_now)
    )
