"""From what Slack sends to what a person did: pure.

Source: https://docs.slack.dev/reference/events, https://docs.slack.dev/reference/interaction-payloads and
https://docs.slack.dev/interactivity/implementing-slash-commands.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from adapters.slack.api import PLATFORM, Fields
from adapters.slack.modal import values_of
from adapters.slack.render import pressed
from bot.chat.forms import Values
from bot.ports import Action, Edited, Incoming, Press, Sender, Submission, TakenBack

_REFERENCE = re.compile(r"<([^<>\n]*)>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_OWN_MESSAGE = frozenset({"", "file_share", "thread_broadcast", "me_message"})  # subtypes in which a person writes
REPLY_BLOCK = "reply-"  # block ids of immediate answers begin so
HOME = "home:"  # what stands before a user where something was pressed on their Home, which is no conversation


@dataclass(frozen=True, slots=True)
class Where:
    """A conversation, as the one who acts in it sees it."""

    conversation: str
    is_direct: bool
    thread: str = ""
    """The time stamp of the message in whose thread it is; empty outside of threads."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts. `home_team` is their own workspace where Slack says it: in shared channels it may be a foreign one."""

    user: str
    home_team: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command, a mention or a line in direct messages. Only a slash command has a `trigger` for forms."""

    who: Who
    where: Where
    text: str
    event_id: str
    trigger: str = ""
    response_url: str = ""
    message: str = ""
    """The time stamp of the line."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A line that somebody changed or took back."""

    who: Who
    where: Where
    change: Edited | TakenBack
    event_id: str


@dataclass(frozen=True, slots=True)
class PressedOn:
    """A button. `message` is the time stamp of what it stands on, `is_reply` says that this was an immediate answer."""

    who: Who
    where: Where
    press: Press
    event_id: str
    trigger: str
    response_url: str = ""
    message: str = ""
    is_ephemeral: bool = False
    is_reply: bool = False


@dataclass(frozen=True, slots=True)
class SentForm:
    """A modal that was sent."""

    who: Who
    where: Where
    submission: Submission
    event_id: str
    trigger: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message shortcut: `callback` says which, `text` is what the message says."""

    who: Who
    where: Where
    callback: str
    text: str
    event_id: str
    trigger: str
    response_url: str
    message: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody looks at the app's Home; `shown` is what was kept with what stands there."""

    who: Who
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What Slack says of a member now."""

    user: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """The app was taken out of the workspace, or its token revoked, at `at` (seconds since 1970)."""

    at: float
    is_uninstall: bool


Act: TypeAlias = Typed | Rewritten | PressedOn | SentForm | Shortcut
Happening: TypeAlias = Typed | Rewritten | PressedOn | SentForm | Shortcut | Opened | Changed | Ended


def happening(body: Fields, *, bot_user: str, root: str, own: Mapping[str, str]) -> Happening | None:
    """What a verified request is about; None where it concerns nobody here.

    `root` is the command that takes every verb, `own` maps commands of their own to their verbs; both with the slash.
    """
    match body.get("type"):
        case "event_callback":
            return _event(body, bot_user)
        case "block_actions":
            return _pressed(body)
        case "view_submission":
            return _sent(body)
        case "message_action":
            return _shortcut(body, bot_user)
        case None if "command" in body:
            return _command(body, bot_user, root, own)
        case _:
            return None


def incoming(tenant: str, here: Act, action: Action, sender: Sender) -> Incoming:
    """The event as the bot gets it."""
    return Incoming(
        platform=PLATFORM,
        tenant=tenant,
        event_id=here.event_id,
        conversation=here.where.conversation,
        is_direct=here.where.is_direct,
        sender=sender,
        action=action,
        room_name=here.where.name,
        message=here.message if isinstance(here, Typed) else "",
    )


def _command(body: Fields, bot_user: str, root: str, own: Mapping[str, str]) -> Typed:
    typed = plain(_text(body, "text"), bot_user)
    name = _text(body, "command")
    verb = own.get(name, "")
    words = " ".join(part for part in (verb, typed) if part)
    conversation, called = _text(body, "channel_id"), _text(body, "channel_name")
    return Typed(
        who=Who(_text(body, "user_id"), _text(body, "team_id")),
        where=Where(conversation, conversation.startswith("D"), name="" if called == "directmessage" else called),
        text=f"/{words.removeprefix('/') or 'help'}" if verb or name == root else f"{name} {typed}".strip(),
        event_id=_text(body, "trigger_id"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
    )


def _event(body: Fields, bot_user: str) -> Happening | None:
    event = _object(body, "event")
    match event.get("type"):
        case "message" if _text(event, "subtype") in {"message_changed", "message_deleted"}:
            return _rewritten(body, event, bot_user)
        case "message" if event.get("channel_type") == "im":
            return _line(body, event, bot_user) if _is_a_person_s(event, bot_user) else None
        case "app_mention":
            return _line(body, event, bot_user) if _is_a_person_s(event, bot_user) else None
        case "app_home_opened" if event.get("tab") == "home":
            return Opened(Who(_text(event, "user")), _text(_object(event, "view"), "private_metadata"))
        case "user_change" | "team_join":
            return Changed(_object(event, "user"))
        case "app_uninstalled":
            return Ended(_number(body, "event_time"), is_uninstall=True)
        case "tokens_revoked" if _object(event, "tokens").get("bot"):
            return Ended(_number(body, "event_time"), is_uninstall=False)
        case _:
            return None


def _is_a_person_s(event: Fields, bot_user: str) -> bool:
    own = event.get("bot_id") or event.get("user") == bot_user or not event.get("user")
    return not own and _text(event, "subtype") in _OWN_MESSAGE


def _line(body: Fields, event: Fields, bot_user: str) -> Typed | None:
    """What somebody wrote; None where it is a file or a picture without a word."""
    text = plain(_text(event, "text"), bot_user)
    if not text and event.get("type") == "message":
        return None
    return Typed(
        who=Who(_text(event, "user"), _text(event, "user_team") or _text(event, "team")),
        where=Where(_text(event, "channel"), event.get("channel_type") == "im", thread=_text(event, "thread_ts")),
        text=text,
        event_id=_text(body, "event_id"),
        message=_text(event, "ts"),
    )


def _rewritten(body: Fields, event: Fields, bot_user: str) -> Rewritten | None:
    """A line that was changed or deleted; None where that is the bot's own, or only its look changed."""
    new, old = _object(event, "message"), _object(event, "previous_message")
    line = new or old
    if event.get("channel_type") != "im" or not _is_a_person_s(line, bot_user) or not _text(line, "ts"):
        return None
    if new and _text(new, "text") == _text(old, "text"):
        return None  # Slack has looked at a link in it
    text, ts = plain(_text(new, "text"), bot_user), _text(line, "ts")
    return Rewritten(
        who=Who(_text(line, "user"), _text(line, "user_team") or _text(line, "team")),
        where=Where(_text(event, "channel"), is_direct=True, thread=_text(line, "thread_ts")),
        change=Edited(ts, text) if new else TakenBack(ts),
        event_id=_text(body, "event_id"),
    )


def _pressed(body: Fields) -> PressedOn | None:
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    if action.get("type") != "button" or not action.get("value"):
        return None  # a link, or an input of a modal that only changed
    container, message = _object(body, "container"), _object(body, "message")
    return PressedOn(
        who=_who(body),
        where=_where(body, thread=_text(message, "thread_ts") or _text(container, "thread_ts")),
        press=pressed(_text(action, "value")),
        event_id=_text(body, "trigger_id"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        message=_text(container, "message_ts"),
        is_ephemeral=bool(container.get("is_ephemeral")),
        is_reply=_text(action, "block_id").startswith(REPLY_BLOCK),
    )


def _sent(body: Fields) -> SentForm:
    view = _object(body, "view")
    kept = _json(_text(view, "private_metadata"))
    where = Where(_text(kept, "c"), bool(kept.get("d")), thread=_text(kept, "t"))
    values: Values = {name: cleaned(value) for name, value in values_of(_object(view, "state")).items()}
    submission = Submission(_text(kept, "v"), values, _flat(_object(kept, "i")))
    trigger = _text(body, "trigger_id")
    return SentForm(_who(body), where, submission, trigger or f"{view.get('id')}:{view.get('hash')}", trigger)


def _shortcut(body: Fields, bot_user: str) -> Shortcut:
    message = _object(body, "message")
    return Shortcut(
        who=_who(body),
        where=_where(body, thread=_text(message, "thread_ts")),
        callback=_text(body, "callback_id"),
        text=plain(_text(message, "text"), bot_user),
        event_id=_text(body, "trigger_id"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        message=_text(message, "ts"),
    )


def _who(body: Fields) -> Who:
    user = _object(body, "user")
    return Who(_text(user, "id"), _text(user, "team_id"))


def _where(body: Fields, *, thread: str) -> Where:
    """Where something was pressed; on the Home there is no conversation, so it is with its person alone."""
    channel = _object(body, "channel")
    conversation = _text(channel, "id") or _text(_object(body, "container"), "channel_id")
    if not conversation:
        return Where(f"{HOME}{_who(body).user}", is_direct=True)
    name = _text(channel, "name")
    return Where(conversation, conversation.startswith("D"), thread, "" if name == "directmessage" else name)


def plain(text: str, bot_user: str) -> str:
    """What somebody meant by a message's text: without mark-up, without the bot's own name, mentions as `@[id]`."""
    return cleaned(_REFERENCE.sub(lambda found: _named(found[1], bot_user), text)).strip()


def _named(inside: str, bot_user: str) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return "" if target == f"@{bot_user}" else f"@[{target[1:]}]"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    return label or target


def cleaned(text: str) -> str:
    """Plain signs: Slack's three escapes undone, line ends alike, nothing that can't be shown or stored."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _number(fields: Fields, name: str) -> float:
    value = fields.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def _object(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _flat(fields: Fields) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}


def _json(text: str) -> Fields:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
