"""What the local chat keeps: its own users, rooms and posts, as any platform does."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.columns import RowId, Utc, document, personal


class LocalUser(SQLModel, table=True):
    """Somebody one can act as."""

    __tablename__ = "local_user"
    id: str = Field(primary_key=True)
    name: str = personal()
    zone: str
    title: str = ""
    """What stands beside the name in the list, as `lead`."""
    team: str = ""
    """The heading under which the name stands."""
    seq: int = 0


class LocalRoom(SQLModel, table=True):
    """A channel, or one person's direct messages with the bot (`dm-amy`)."""

    __tablename__ = "local_room"
    id: str = Field(primary_key=True)
    name: str
    direct_user_id: str | None = Field(default=None, foreign_key="local_user.id")
    seq: int = 0


class LocalMember(SQLModel, table=True):
    """Who is in a channel, and up to which post they have read it."""

    __tablename__ = "local_member"
    room_id: str = Field(primary_key=True, foreign_key="local_room.id")
    user_id: str = Field(primary_key=True, foreign_key="local_user.id")
    read_post_id: int = Field(default=0, sa_type=RowId)


class LocalPost(SQLModel, table=True):
    """One post of a person (`text`) or of the bot (`card`)."""

    __tablename__ = "local_post"
    __table_args__ = (UniqueConstraint("key"),)
    id: int = Field(default=None, primary_key=True, sa_type=RowId)
    room_id: str = Field(foreign_key="local_room.id", index=True)
    thread_of: int | None = Field(default=None, sa_type=RowId)
    user_id: str | None = Field(default=None, foreign_key="local_user.id")
    """None: the bot."""
    only_for: str | None = None
    text: str = personal(default="")
    card: dict[str, Any] | None = document(default=None, nullable=True)
    at: datetime = Field(sa_type=Utc)
    edited_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)
    deleted: bool = False
    revision: int = Field(default=0, sa_type=RowId, index=True)
    """Counts up over all posts with each change, so that a page can ask what is new."""
    key: str | None = None
