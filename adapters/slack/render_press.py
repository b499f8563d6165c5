"""What a button carries, and back: pure."""

import json
import re
from collections.abc import Mapping

from adapters.slack.api import Fields
from bot.ports import Press

VALUE_MAX = 2000  # characters; https://docs.slack.dev/reference/block-kit/block-elements/button-element
_COUNTED = "~"  # begins a value that is no JSON: JSON would be too long for its many escapes
_PART = re.compile(r"(\d{1,4}):")


def packed(value: Mapping[str, object]) -> str:
    """`value` as JSON without blanks and without the three signs that Slack may hand back escaped."""
    text = json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def press_value(verb: str, ids: Mapping[str, str]) -> str:
    """What a button for `verb` with `ids` carries: `{"v": verb, "i": ids}`, or its parts with their lengths.

    Raises: ValueError when it does not fit in VALUE_MAX characters.
    """
    parts = [verb, *(part for pair in ids.items() for part in pair)]
    candidates = (packed({"v": verb, "i": dict(ids)}), _COUNTED + "".join(f"{len(each)}:{each}" for each in parts))
    for value in candidates:
        if len(value) <= VALUE_MAX:
            return value
    raise ValueError(
        f"the button for {verb[:60]!r} carries {min(map(len, candidates))} characters, Slack takes {VALUE_MAX}; "
        "keep the words in a row and let the button carry its number"
    )


def pressed(value: str) -> Press:
    """What was pressed; a value that no card of ours carries gives a verb that nothing answers to."""
    if value.startswith(_COUNTED):
        return _counted(value.removeprefix(_COUNTED))
    try:
        found: Fields | None = json.loads(value)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return Press("")
    verb, ids = found.get("v"), found.get("i")
    return Press(verb if isinstance(verb, str) else "", flat(ids) if isinstance(ids, dict) else {})


def flat(fields: Fields) -> dict[str, str]:
    """`fields` with every value as a text."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}


def _counted(text: str) -> Press:
    parts = []
    while text:
        length = _PART.match(text)
        if length is None:
            return Press("")
        end = length.end() + int(length[1])
        parts.append(text[length.end() : end])
        text = text[end:]
    verb, *pairs = parts or [""]
    return Press(verb, dict(zip(pairs[::2], pairs[1::2], strict=False)))
