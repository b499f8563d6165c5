"""From what a browser or a test sends to what a person did: pure."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias
from urllib.parse import parse_qsl

from adapters.local.rooms import Standing, direct_room_id
from adapters.local.stage import SPEEDS
from bot.chat.errors import BotError
from bot.ports import Action, Incoming, Press, Sender, Submission, Text

PLATFORM = "local"
TENANT = "local"
BOT_NAME = "Folkmoot"
MESSAGE_MAX = 12_000  # characters of one line somebody says
FIELDS_MAX = 500  # fields of one request
LATEST = 100  # posts of a room on the page
LATEST_MAX = 2_000

_EVENT = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_BOT = re.compile(rf"(?<![\w@])@{BOT_NAME}\b[,:]?[^\S\n]*", re.IGNORECASE)
# Control signs have no look, and PostgreSQL refuses the first; line ends and tabs stay. Half a surrogate is no sign.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Malformed(BotError):
    """A request that no page of ours sends; the words say what to do."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a request, in order; a name may come several times."""

    pairs: tuple[tuple[str, str], ...]

    def one(self, name: str, default: str = "") -> str:
        """The first value of `name`."""
        return next((value for key, value in self.pairs if key == name), default)

    def every(self, name: str) -> list[str]:
        """All values of `name`."""
        return [value for key, value in self.pairs if key == name]

    def need(self, name: str) -> str:
        """The first value of `name`. Raises: Malformed when it is missing or empty."""
        value = self.one(name)
        if not value:
            raise Malformed(f"the field {name!r} is missing; send it, or load the page again")
        return value

    def number(self, name: str) -> int:
        """A row's number; 0 when it is missing or empty. Raises: Malformed."""
        value = self.one(name)
        if value and not (value.isascii() and value.isdigit() and len(value) <= 18):  # noqa: PLR2004 - fits 64 bits
            raise Malformed(f"the field {name!r} takes a number, got {value[:60]!r}")
        return int(value or 0)


@dataclass(frozen=True, slots=True)
class Look:
    """Where somebody looks: as whom, at which room, at which beside it (none when ''), and how far back."""

    user_id: str
    room_id: str
    beside_id: str = ""
    latest: int = LATEST


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody wrote in a room, perhaps in the thread of a post."""

    user_id: str
    room_id: str
    text: str
    event_id: str
    thread_of: int = 0


@dataclass(frozen=True, slots=True)
class PressedOn:
    """Somebody pressed a button on a post."""

    user_id: str
    post_id: int
    press: Press
    event_id: str


@dataclass(frozen=True, slots=True)
class SentForm:
    """Somebody sent a form that was opened in a room."""

    user_id: str
    room_id: str
    submission: Submission
    event_id: str


Move: TypeAlias = timedelta | int | None
"""How the bot's time is moved: on by some time, at another speed, or (None) to what comes next."""


def body_fields(body: bytes) -> Fields:
    """The fields of a form's body. Raises: Malformed."""
    try:
        return fields_of(
            parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict")
        )
    except ValueError as problem:  # UnicodeDecodeError is one
        raise Malformed("the request is no form in UTF-8; load the page again") from problem


def fields_of(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Fields with plain line ends and without control signs."""
    return Fields(tuple((name, cleaned(value)) for name, value in pairs))


def cleaned(text: str) -> str:
    """What somebody typed, with plain line ends and without signs that can't be shown or stored."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def look(fields: Fields, *, user_id: str, room: str, beside_id: str) -> Look:
    """Where somebody looks; `dm` is short for their direct messages, an empty `beside` closes it."""
    room_id = direct_room_id(user_id) if room in {"", "dm"} else room
    latest = min(max(fields.number("show"), LATEST), LATEST_MAX)
    return Look(user_id, room_id, "" if beside_id == room_id else beside_id, latest)


def page_fields(fields: Fields) -> Fields:
    """From what a form carries to the page's own query: `main` is the room of the page, `room` that of the form."""
    names = {"as": "as", "main": "room", "beside": "beside", "show": "show"}
    return Fields(tuple((names[name], value) for name, value in fields.pairs if name in names))


def said(fields: Fields) -> Said:
    """What `/local/say` was sent. Raises: Malformed."""
    text = fields.one("text").strip()
    if not text:
        raise Malformed("there is nothing to send yet; write something first")
    if len(text) > MESSAGE_MAX:
        raise Malformed(f"that is {len(text):,} characters; a message holds {MESSAGE_MAX:,}, please send it in parts")
    user_id = fields.need("as")
    room = fields.need("room")
    room_id = direct_room_id(user_id) if room == "dm" else room
    return Said(user_id, room_id, text, event_id(fields), fields.number("thread"))


def pressed(fields: Fields) -> PressedOn:
    """What `/local/press` was sent: `post`, `verb` and `ids`, or all three as one JSON object in `press`.

    Raises: Malformed.
    """
    packed = fields.one("press")
    if packed:
        button = _object(packed, "press")
        fields = Fields((*fields.pairs, *((key, _flat(value)) for key, value in button.items())))
    press = Press(fields.need("verb"), _ids(fields))
    fields.need("post")
    return PressedOn(fields.need("as"), fields.number("post"), press, event_id(fields))


def submitted(fields: Fields) -> SentForm:
    """What `/local/submit` was sent: each input as `v.<id>`, and in `inputs` the ids of all. Raises: Malformed.

    An input that sends nothing, such as a box without a tick, counts as empty.
    """
    inputs = [name for name in fields.one("inputs").split(",") if name]
    named = [key.removeprefix("v.") for key, _ in fields.pairs if key.startswith("v.")]
    values = {name: ",".join(fields.every(f"v.{name}")) for name in dict.fromkeys((*inputs, *named))}
    user_id = fields.need("as")
    room = fields.need("room")
    room_id = direct_room_id(user_id) if room == "dm" else room
    return SentForm(user_id, room_id, Submission(fields.need("verb"), values, _ids(fields)), event_id(fields))


def moved(fields: Fields) -> Move:
    """What `/local/time` was sent: `move` is next, hour or day, or `speed` is a number. Raises: Malformed."""
    match fields.one("move"), fields.one("speed"):
        case "next", _:
            return None
        case "hour", _:
            return timedelta(hours=1)
        case "day", _:
            return timedelta(days=1)
        case "", speed if speed in {str(each) for each in SPEEDS}:
            return int(speed)
        case _:
            allowed = ", ".join(str(each) for each in SPEEDS)
            raise Malformed(f"time moves by next, hour or day, or at speed {allowed}")


def event_id(fields: Fields) -> str:
    """The id under which the bot handles this once. Raises: Malformed."""
    value = fields.need("event")
    if not _EVENT.fullmatch(value):
        raise Malformed("the field 'event' takes up to 100 letters, digits, dots, colons and dashes")
    return value


def for_bot(text: str, *, is_direct: bool) -> Text | None:
    """What the bot is told of a line; None where people talk among themselves.

    In direct messages every line is for the bot. In a channel a line is when it begins with `/` or names the bot, whose
    name is taken out. Nothing else is touched: people here are called by their plain names.
    """
    without_name = text if text.startswith("/") else _BOT.sub("", text).strip()
    if is_direct or text.startswith("/") or without_name != text:
        return Text(without_name)
    return None


def stays_hidden(text: str, *, is_direct: bool) -> bool:
    """Whether a line is not shown to the others: a slash command in a channel."""
    return text.startswith("/") and not is_direct


def incoming(where: Standing, action: Action, event: str) -> Incoming:
    """The event as the bot gets it."""
    return Incoming(
        platform=PLATFORM,
        tenant=TENANT,
        event_id=event,
        conversation=where.room.id,
        is_direct=where.is_direct,
        sender=Sender(where.user.id, where.user.name, where.user.zone),
        action=action,
        room_name="" if where.is_direct else where.room.name,
    )


def _ids(fields: Fields) -> Mapping[str, str]:
    return {key: _flat(value) for key, value in _object(fields.one("ids") or "{}", "ids").items()}


def _object(text: str, name: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Malformed(f"the field {name!r} takes a JSON object, got {text[:60]!r}")
    return found


def _flat(value: object) -> str:
    return cleaned(value if isinstance(value, str) else json.dumps(value))
