"""What the bot needs from a platform, and what a platform's adapter hands in."""

import math
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from bot.chat.cards import Card
from bot.chat.forms import Values
from bot.chat.senders import Sender as Sender  # noqa: PLC0414 - part of what an adapter hands in
from bot.chat.senders import Status as Status  # noqa: PLC0414 - as above
from storage.errors import BotError


class Clock(Protocol):
    """The bot's now: real, or simulated for demonstrations and tests."""

    def now(self) -> datetime:
        """Aware and in UTC."""
        ...


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


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody changed a line that they had written; `message` is the platform's id of it."""

    message: str
    text: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Somebody deleted a line that they had written."""

    message: str


Action: TypeAlias = Text | Press | Submission | Edited | TakenBack


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
    before_verbs: str = "/"
    """What people type there before a verb."""
    mentioned: Sequence[Sender] = ()
    """Whom the text mentions, as far as the bot may not know them yet."""
    message: str = ""
    """The platform's id of the line that somebody wrote, where it may be changed or taken back later."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform says about one of its members now."""

    external_id: str
    name: str = ""
    zone: str = ""
    """IANA name; empty where the platform does not say."""
    is_guest: bool = False
    is_active: bool = True
    email: str = ""
    """Empty where the platform does not say."""
    directory_id: str = ""
    """As a sender's."""
    status: Status | None = None
    """None where the platform does not say."""


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


def steady_s() -> float:
    """Seconds that never go back, and go on while the machine is suspended: what leases are measured with."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


SEND_UNTIL: ContextVar[float] = ContextVar("SEND_UNTIL", default=math.inf)
"""The instant, as `steady_s` counts, after which the attempt under way belongs to another worker.

The delivery sets it; an adapter looks at it right before the bytes of a write go out, and raises NotSent when it has
passed: the process may have stood still since the attempt began.
"""


class Chat(Protocol):
    """One platform, for the delivery. Each call is one attempt; the delivery decides what follows.

    Right before bytes of a write go out it looks at SEND_UNTIL.
    Raises, from every method that writes: RateLimited, NotSent, MaybeSent, Refused.
    """

    doubt_s: float
    """How long after a lost reply the platform may still be about to show a post: before that it is not looked for."""
    messages_per_s: float
    """How many people the bot can write to in a second, as the platform limits it; `inf` where it does not."""

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


class TookTooLong(BotError):
    """An event that could not be decided while its platform waited; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("it took too long, so nothing was changed")


class ChatError(BotError):
    """A platform did not do what it was asked to."""


class RateLimited(ChatError):
    """Too fast. `retry_after_s` is None where the platform does not say for how long.

    The lane rests; with `only_here` no more than what goes to the same conversation.
    """

    def __init__(self, platform: str, retry_after_s: float | None = None, *, only_here: bool = False) -> None:
        wait = "to slow down" if retry_after_s is None else f"to wait {retry_after_s:g} s"
        super().__init__(f"{platform} asks {wait}")
        self.retry_after_s = retry_after_s
        self.only_here = only_here


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
