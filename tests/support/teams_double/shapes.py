"""Whether each property that is known is of the kind that the schema says, however deep it stands: pure."""

from collections.abc import Iterator
from typing import TypeAlias

Kinds: TypeAlias = tuple[type, ...]

_TEXTS = (
    "altText", "associatedInputs", "color", "contentType", "errorMessage", "fallbackText", "id", "label", "mode",
    "name", "placeholder", "regex", "speak", "style", "summary", "text", "textFormat", "tenantId", "title", "tooltip",
    "type", "url", "valueOff", "valueOn", "verb", "weight",
)  # fmt: skip
_FLAGS = (
    "highlight", "isEnabled", "isGroup", "isMultiSelect", "isMultiline", "isRequired", "isSubtle", "isVisible",
    "italic", "separator", "strikethrough", "underline", "wrap",
)  # fmt: skip
_OBJECTS = (
    "action", "activity", "card", "channel", "channelData", "content", "conversation", "from", "inlineAction",
    "mentioned", "msteams", "recipient", "refresh", "selectAction", "tenant",
)  # fmt: skip
_LISTS = (
    "actions", "attachments", "body", "cells", "choices", "columns", "entities", "facts", "images", "inlines", "items",
    "members", "rows", "targetElements", "userIds",
)  # fmt: skip
_OTHERS: dict[str, Kinds] = {
    "fallback": (str, dict),
    "maxLength": (int,),
    "max": (str, int, float),
    "min": (str, int, float),
    "value": (str, int, float),
}
KINDS: dict[str, Kinds] = {
    **dict.fromkeys(_TEXTS, (str,)),
    **dict.fromkeys(_FLAGS, (bool,)),
    **dict.fromkeys(_OBJECTS, (dict,)),
    **dict.fromkeys(_LISTS, (list,)),
    **_OTHERS,
}
MEMBERS: dict[str, Kinds] = {"inlines": (str, dict), "targetElements": (str, dict), "userIds": (str,)}
"""What stands in lists that do not hold objects."""
FREE = frozenset({"data", "value"})
"""What a bot puts in them is its own business."""


def misshapen(value: object, at: str = "") -> Iterator[str]:
    """Each property of another kind, with its place; one that is null counts as missing, but not in a list."""
    if not isinstance(value, dict):
        return
    for name, each in value.items():
        where = f"{at}/{name}"
        if each is None:
            continue
        if name in KINDS and not _is(each, KINDS[name]):
            yield f"{where}: {type(each).__name__}"
        elif name in _LISTS:
            yield from _listed(name, each, where)
        elif name not in FREE:
            yield from misshapen(each, where)


def without_nulls(value: object) -> object:
    """The same without what is null, except where a bot put it in its own data."""
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: each if name in FREE else without_nulls(each) for name, each in value.items() if each is not None}


def _listed(name: str, elements: list[object], at: str) -> Iterator[str]:
    for number, each in enumerate(elements):
        if not _is(each, MEMBERS.get(name, (dict,))):
            yield f"{at}/{number}: {type(each).__name__}"
        else:
            yield from misshapen(each, f"{at}/{number}")


def _is(value: object, kinds: Kinds) -> bool:
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
