"""What the bot needs from a platform, and what a platform's adapter hands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from bot.chat.cards import Card
from bot.chat.forms import Values
from storage.errors import BotError


class Clock(Protocol):
    """The bot's now: real, or simulated for demonstrations and tests."""

    def now(self) -> datetime:
        """Aware and in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Sender:
    """What a platform says about the one who acted."""

    external_id: str
    name: str
    zone: str = ""
    """IANA name; empty where the platform does not say."""
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Somebody wrote. `to_bot` says that the bot was meant: a slash command, a mention, or direct messages.

    The adapter has taken out mark-up and the bot's own name; other mentions stand as `@[external id]`.
    """

    text: str
    to_bot: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed a button."""

    verb: str
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """Somebody sent a form."""

    verb: str
    values: Values
    ids: Mapping[str, str] = field(default_factory=dict)


Action: TypeAlias = Text | Press | Submission


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event of a platform. (`install_id`, `conversation`, `event_id`) is handled once."""

    platform: str
    tenant: str
    event_id: str
    conversation: str
    """The platform's id of the room, or of the direct messages."""
    is_direct: bool
    sender: Sender
    action: Action
    room_name: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes: a room, or a person's direct messages.

    For direct messages `account` is set, and `conversation` is empty where the platform finds it by the account.
    """

    tenant: str
    conversation: str
    account: str = ""
    thread_ref: str = ""
    reader_zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


class Chat(Protocol):
    """One platform, for the delivery. Each call is one attempt; the delivery decides what follows.

    Raises, from every method that writes: RateLimited, NotSent, MaybeSent, Refused.
    """

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message and gives the platform's reference to it."""
        ...

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Replaces a message."""
        ...

    async def delete(self, to: Destination, ref: str) -> None:
        """Takes a message away; nothing happens where it is gone already."""
        ...

    async def find(self, to: Destination, key: str) -> str | None:
        """The reference of the message that was posted with `key`, None where it is not there.

        Raises: CannotLook where the platform does not let us look.
        """
        ...


class ChatError(BotError):
    """A platform did not do what it was asked to."""


class RateLimited(ChatError):
    """Too fast; the lane rests."""

    def __init__(self, platform: str, retry_after_s: float) -> None:
        super().__init__(f"{platform} asks to wait {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class NotSent(ChatError):
    """It certainly did not arrive, for example because no connection came about; it may be tried again."""


class MaybeSent(ChatError):
    """Bytes went out and no answer came: it may be there or not."""


class Refused(ChatError):
    """The platform will never take it; `target_gone` says that the person or room can't be reached any more."""

    def __init__(self, reason: str, *, target_gone: bool = False) -> None:
        super().__init__(reason)
        self.target_gone = target_gone


class CannotLook(ChatError):
    """The platform does not let the bot look whether a message is there."""
