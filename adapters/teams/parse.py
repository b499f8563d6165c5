"""From an activity of Teams, as its raw JSON, to what happened: pure. Nothing in it is trusted to have its shape.

Source: https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability and the activity
schema, https://github.com/microsoft/botframework-sdk/blob/main/specs/botframework-activity/botframework-activity.md.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from adapters.teams.dialog import values_of
from adapters.teams.happenings import (
    Act,
    Channel,
    Happening,
    Installed,
    Members,
    PressedOn,
    Renamed,
    Rewritten,
    SentForm,
    Typed,
    Where,
    Who,
)
from adapters.teams.render_press import OURS, Pressed, pressed
from adapters.teams.wiring import PLATFORM, THREAD, Fields
from bot.ports import Action, Edited, Incoming, Press, Sender, Submission, TakenBack

ID_MAX = 500  # characters; those of Teams have up to 250
NAME_MAX = 300  # characters of a name that is kept
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


TAKEN = frozenset({
    "message", "messageUpdate", "messageDelete", "invoke", "installationUpdate", "conversationUpdate"
})  # fmt: skip
INVOKES = frozenset({"adaptiveCard/action", "task/fetch", "task/submit"})


class Malformed(ValueError):
    """An activity that has not the shape which every one of its kind has."""


def where(body: Fields) -> Where:
    """Where an activity comes from. Raises: Malformed."""
    conversation, channel_data = _object(body, "conversation"), _object(body, "channelData")
    whole, service_url = _id(conversation, "id"), _id(body, "serviceUrl")
    tenant = _id(_object(channel_data, "tenant"), "id") or _id(conversation, "tenantId")
    room, _, thread = whole.partition(THREAD)
    if not (room and service_url and tenant):
        raise Malformed("an activity names its tenant, its conversation and its service address")
    kind = _text(conversation, "conversationType")
    channel, recipient = _object(channel_data, "channel"), _object(body, "recipient")
    return Where(
        tenant=tenant,
        conversation=room,
        service_url=service_url,
        bot=_id(recipient, "id"),
        is_direct=kind == "personal",
        is_channel=kind == "channel",
        thread=thread,
        name=_name(channel) or _name(conversation),
        team=_id(_object(channel_data, "team"), "id"),
        is_targeted=recipient.get("isTargeted") is True and kind != "personal",
    )


def happening(body: Fields) -> Happening | None:
    """What a verified activity is about; None where it concerns nobody here. Raises: Malformed."""
    kind = _text(body, "type")
    if kind not in TAKEN or (kind == "invoke" and _text(body, "name") not in INVOKES):
        return None
    here = where(body)
    who = _who(body)
    if not here.bot or not who.user:
        raise Malformed("an activity names whom it is from and to")
    match kind:
        case "message":
            return _message(body, who, here)
        case "messageUpdate" | "messageDelete":
            return _rewritten(body, who, here)
        case "invoke":
            return _invoked(body, who, here)
        case "installationUpdate":
            return _installed(body, who, here)
        case "conversationUpdate":
            return _updated(body, who, here)
        case _:
            return None


def incoming(here: Act, action: Action, sender: Sender, *, before_verbs: str) -> Incoming:
    """The event as the bot gets it."""
    return Incoming(
        platform=PLATFORM,
        tenant=here.where.tenant,
        event_id=here.event_id,
        conversation=here.where.conversation,
        is_direct=here.where.is_direct,
        sender=sender,
        action=action,
        room_name=here.where.name,
        before_verbs=before_verbs,
        message=here.event_id if isinstance(here, Typed) else "",
    )


def _message(body: Fields, who: Who, here: Where) -> Typed | PressedOn | SentForm | None:
    if who.user == here.bot:
        return None
    value = body.get("value")
    if isinstance(value, dict) and OURS in value:  # a button of a client that knows no Action.Execute
        return _pressed_on(body, who, here, value)
    text = plain(body, here.bot)
    if not text and not here.is_direct:
        text = "help"  # somebody calls the bot by its name, and nothing else
    return Typed(who, here, text, _event_id(body)) if text else None


def _rewritten(body: Fields, who: Who, here: Where) -> Rewritten | None:
    """A line that was changed, deleted or brought back; each of these has the line's own id."""
    message = _id(body, "id")
    if who.user == here.bot or not message:
        return None
    if _text(body, "type") == "messageDelete":
        return Rewritten(who, here, TakenBack(message), f"deleted {message} {_text(body, 'timestamp')}"[:ID_MAX])
    change = Edited(message, plain(body, here.bot))
    return Rewritten(who, here, change, f"changed {message} {_text(body, 'timestamp')}"[:ID_MAX])


def _installed(body: Fields, who: Who, here: Where) -> Installed | None:
    """An upgrade brings `remove-upgrade` too, and the app stays."""
    chosen = _id(_object(_object(_object(body, "channelData"), "settings"), "selectedChannel"), "id")
    here = replace(here, chosen=chosen if here.is_channel else "")
    match _text(body, "action"):
        case "add":
            return Installed(who, here, is_there=True, event_id=_event_id(body), greets=True)
        case "add-upgrade":
            return Installed(who, here, is_there=True, event_id=_event_id(body))
        case "remove":
            return Installed(who, here, is_there=False, event_id=_event_id(body))
        case _:
            return None


def _invoked(body: Fields, who: Who, here: Where) -> PressedOn | SentForm:
    """Raises: Malformed for what no card of ours sends."""
    value = _object(body, "value")
    match body.get("name"):
        case "adaptiveCard/action":
            data = _object(_object(value, "action"), "data")
            return _pressed_on(body, who, here, data, is_invoke=True)
        case "task/fetch":
            return _pressed_on(body, who, here, _object(value, "data"), wants_form=True, is_invoke=True)
        case _:
            return _sent(body, who, here, _object(value, "data"))


def _pressed_on(
    body: Fields, who: Who, here: Where, data: Fields, *, wants_form: bool = False, is_invoke: bool = False
) -> PressedOn:
    found = _carried(data)
    message = _id(body, "replyToId") or here.thread
    return PressedOn(who, _seen_by(here, found), found, _event_id(body), message, wants_form, is_invoke)


def _sent(body: Fields, who: Who, here: Where, data: Fields) -> SentForm:
    found = _carried(data)
    values = {name: cleaned(value) for name, value in values_of(data).items()}
    submission = Submission(found.verb, values, found.ids)
    return SentForm(who, _seen_by(here, found), submission, _event_id(body), _clean(data))


def _clean(value: Any) -> Any:
    """The same JSON with every text cleaned."""
    match value:
        case str():
            return cleaned(value)
        case dict():
            return {cleaned(name): _clean(each) for name, each in value.items()}
        case list():
            return [_clean(each) for each in value]
        case _:
            return value


def _seen_by(here: Where, carried: Pressed) -> Where:
    return replace(here, is_targeted=not here.is_direct and (here.is_targeted or carried.is_targeted))


def _carried(data: Fields) -> Pressed:
    """What a button or a form carries. Raises: Malformed."""
    try:
        found = pressed(data)
    except ValueError as problem:
        raise Malformed("it is no button and no form of ours") from problem
    ids = {cleaned(name): cleaned(value) for name, value in found.ids.items()}
    return replace(found, verb=cleaned(found.verb), ids=ids)


def _updated(body: Fields, who: Who, here: Where) -> Happening | None:
    came, left = tuple(_ids(body, "membersAdded")), tuple(_ids(body, "membersRemoved"))
    event = _text(_object(body, "channelData"), "eventType")
    if here.bot in came or here.bot in left:
        return Installed(who, here, here.bot in came, _event_id(body))
    if came or left:
        return Members(here, came, left)
    channel = _id(_object(_object(body, "channelData"), "channel"), "id") or here.conversation
    if event in {"channelDeleted", "channelRestored"}:
        return Channel(replace(here, conversation=channel, thread=""), is_there=event == "channelRestored")
    if event == "channelRenamed" or body.get("topicName"):
        name = cleaned(_text(body, "topicName"))[:NAME_MAX] or here.name
        if not name:
            return None
        return Renamed(Where(here.tenant, channel, here.service_url, here.bot, is_direct=False, name=name))
    return None


def press_of(here: PressedOn) -> Press:
    """The press as the bot gets it."""
    return Press(here.pressed.verb, here.pressed.ids)


def plain(body: Fields, bot: str) -> str:
    """What somebody meant by a message: without the bot's own name, mentions of others as `@[id]`.

    Teams sends plain text, in which `<`, `&lt;` and all else are what somebody typed.
    """
    text = _text(body, "text")
    for entity in _objects(body, "entities"):
        if entity.get("type") != "mention":
            continue
        whom, shown = _text(_object(entity, "mentioned"), "id"), _text(entity, "text")
        if whom and shown:
            text = text.replace(shown, "" if whom == bot else f"@[{whom}]", 1)
    return cleaned(text.replace("&nbsp;", " ").replace("\xa0", " ")).strip()


def cleaned(text: str) -> str:
    """Plain signs: line ends alike, nothing that can't be shown or stored."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _event_id(body: Fields) -> str:
    """The id of an activity; of one that has none, when it was sent. Raises: Malformed."""
    event_id, at = _id(body, "id"), _id(body, "timestamp")
    if not event_id and not at:
        raise Malformed("an activity has an id or says when it was sent")
    return event_id or f"at {at}"


def _who(body: Fields) -> Who:
    sender = _object(body, "from")
    told = (_text(each, "timezone") for each in _objects(body, "entities") if each.get("type") == "clientInfo")
    zone = cleaned(next(told, "") or _text(body, "localTimezone"))
    return Who(_id(sender, "id"), _name(sender), zone, _id(sender, "aadObjectId"))


def _name(fields: Fields) -> str:
    return cleaned(_text(fields, "name"))[:NAME_MAX]


def _ids(body: Fields, name: str) -> Iterator[str]:
    return filter(None, (_id(each, "id") for each in _objects(body, name)))


def _objects(fields: Fields, name: str) -> Iterator[Fields]:
    """The objects in a list."""
    value = fields.get(name)
    return (each for each in (value if isinstance(value, list) else ()) if isinstance(each, dict))


def _id(fields: Fields, name: str) -> str:
    """An id as it stands, '' where there is none. Raises: Malformed for one that nobody gives."""
    value = _text(fields, name)
    if len(value) > ID_MAX or cleaned(value) != value:
        raise Malformed(f"{name} is no id")
    return value


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _object(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}
