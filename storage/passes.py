"""Passes to web pages: a link from the chat opens one page, once, for one person."""

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from storage.columns import Row, Utc, constraints, number_of
from storage.columns import at as instant


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
