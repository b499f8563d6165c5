"""From forms to Slack's modals, and from what was filled in back to values: pure.

Source: https://docs.slack.dev/reference/views and https://docs.slack.dev/reference/block-kit/block-elements.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import assert_never

from adapters.slack.api import Fields
from adapters.slack.render_press import packed
from adapters.slack.render_text import cleaned, context, one_line, plain_text, shortened
from adapters.slack.render_views import CANCEL, LOOK_AGAIN, NO_WORDS, refused
from bot.chat.forms import (
    FORM_TITLE_MAX,
    LABEL_MAX,
    OPTION_MAX,
    TEXT_MAX,
    DateInput,
    Form,
    Input,
    OneOf,
    Option,
    PersonInput,
    SomeOf,
    TextInput,
    TimeInput,
)

CALLBACK = "form"
METADATA_MAX = 3000  # characters of private_metadata
HINT_MAX = 2000  # characters of a hint
PLACEHOLDER_MAX = 150  # characters
CHECKBOXES_MAX = 10  # options; more are chosen from a list
RADIO_MAX = 5  # options seen at a glance; Slack takes ten
VALUE_MAX = 150  # characters an option stands for
_PLAIN_VALUE = "~"  # before a value that would be empty or begin with this sign
_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")


def modal(form: Form, *, conversation: str = "", thread: str = "", is_direct: bool = False) -> Fields:
    """`form` as a view for `views.open`; where it was opened comes back in `private_metadata`.

    Raises: ValueError when what it carries, or what an option stands for, is more than Slack takes.
    """
    inputs = [_input_block(each, form.errors.get(each.id)) for each in form.inputs]
    blocks = [*context(form.note), *inputs, *context(form.closing_note)]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": _metadata(form, conversation, thread, is_direct=is_direct),
        "title": _words(form.title, FORM_TITLE_MAX),
        "submit": _words(form.submit, FORM_TITLE_MAX),
        "close": plain_text(CANCEL),
        "blocks": blocks or context(one_line(form.title) or NO_WORDS),
    }


def refusals(form: Form) -> dict[str, str]:
    """Why a form was not taken, by block id, for `response_action: errors`; empty when it was.

    What is said of an input that the form does not have stands at its first one.
    """
    known = [each.id for each in form.inputs]
    found: dict[str, str] = {}
    for name, why in form.errors.items():
        place = name if name in known else next(iter(known), "")
        words = one_line(why) or LOOK_AGAIN
        if place:
            found[place] = f"{found[place]} {words}" if place in found else words
    return found


def values_of(state: Fields) -> dict[str, str]:
    """What was filled in, by input id, from the `state` of a submitted view; '' where nothing was."""
    blocks = state.get("values")
    found: dict[str, str] = {}
    for name, elements in blocks.items() if isinstance(blocks, dict) else ():
        element = next(iter(elements.values()), None) if isinstance(elements, dict) else None
        found[name] = _value_of(element) if isinstance(element, dict) else ""
    return found


def _metadata(form: Form, conversation: str, thread: str, *, is_direct: bool) -> str:
    kept = packed({"v": form.verb, "i": dict(form.ids), "c": conversation, "t": thread, "d": is_direct})
    if len(kept) > METADATA_MAX:
        raise ValueError(
            f"the form {form.title!r} carries {len(kept)} characters, Slack takes {METADATA_MAX}; "
            "keep the words in a row and let the form carry its number"
        )
    return kept


def _input_block(each: Input, why: str | None) -> Fields:
    hint = refused(one_line(why) or LOOK_AGAIN, cleaned(each.hint)) if why is not None else cleaned(each.hint)
    return {
        "type": "input",
        "block_id": each.id,
        "label": _words(each.label, LABEL_MAX, default=each.id),
        "element": _element(each) | {"action_id": each.id},
        "optional": each.optional,
        **({"hint": plain_text(shortened(hint, HINT_MAX))} if hint.strip() else {}),
    }


def _element(each: Input) -> Fields:
    match each:
        case TextInput():
            return _text_input(each)
        case OneOf():
            return _one_of(each)
        case SomeOf():
            return _some_of(each)
        case DateInput(value=value):
            return {"type": "datepicker"} | ({"initial_date": value} if _is_day(value) else {})
        case TimeInput(value=value):
            return {"type": "timepicker"} | ({"initial_time": value} if _is_time(value) else {})
        case PersonInput(value=value):
            user = value.strip("[]")  # as it came back in a form that is opened anew
            return {"type": "users_select"} | ({"initial_user": user} if _USER.fullmatch(user) else {})
    assert_never(each)


def _text_input(each: TextInput) -> Fields:
    """Words that are longer than the input takes stay as they are: the bot says so, and they can be shortened."""
    value = shortened(cleaned(each.value), TEXT_MAX)
    element: Fields = {
        "type": "plain_text_input",
        "multiline": each.multiline or "\n" in value,
        "max_length": min(max(each.longest, _units(value)), TEXT_MAX),
        **_placeholder(each.placeholder),
    }
    return element | ({"initial_value": value} if value and _units(value) <= TEXT_MAX else {})


def _units(text: str) -> int:
    """The length as a browser counts it."""
    return len(text.encode("utf-16-le")) // 2


def _one_of(each: OneOf) -> Fields:
    options = _options(each.options)
    chosen = {"initial_option": options[each.value]} if each.value in options else {}
    if not each.optional and len(options) <= RADIO_MAX:
        # A button once chosen can't be let go again, so it stands only where one must be.
        return {"type": "radio_buttons", "options": list(options.values()), **chosen}
    return {"type": "static_select", "options": list(options.values()), **chosen, **_placeholder(each.placeholder)}


def _some_of(each: SomeOf) -> Fields:
    options = _options(each.options)
    wanted = each.value.split(",") if each.value else []
    chosen = [option for value, option in options.items() if value in wanted]
    kind = "checkboxes" if len(options) <= CHECKBOXES_MAX else "multi_static_select"
    return {"type": kind, "options": list(options.values()), **({"initial_options": chosen} if chosen else {})}


def _options(options: Sequence[Option]) -> dict[str, Fields]:
    """Each option by what it stands for; of two that stand for the same, the first."""
    found: dict[str, Fields] = {}
    for each in options:
        if each.value not in found:
            words = _words(each.label, OPTION_MAX, default=each.value)
            found[each.value] = {"text": words, "value": _written(each.value)}
    return found


def _written(value: str) -> str:
    written = value if value and not value.startswith(_PLAIN_VALUE) else _PLAIN_VALUE + value
    if len(written) > VALUE_MAX:
        raise ValueError(f"an option stands for up to {VALUE_MAX} characters on Slack, {value[:60]!r} has {len(value)}")
    return written


def _placeholder(text: str) -> Fields:
    words = shortened(one_line(text), PLACEHOLDER_MAX)
    return {"placeholder": plain_text(words)} if words else {}


def _words(text: str, longest: int, *, default: str = "") -> Fields:
    return plain_text(shortened(one_line(text) or one_line(default) or NO_WORDS, longest))


def _is_day(value: str) -> bool:
    try:
        return bool(_DAY.fullmatch(value) and date.fromisoformat(value))
    except ValueError:
        return False


def _is_time(value: str) -> bool:
    try:
        return bool(_TIME.fullmatch(value) and time.fromisoformat(value) is not None)
    except ValueError:
        return False


def _value_of(element: Mapping[str, object]) -> str:
    """What one input holds; https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload."""
    match element:
        case {"selected_options": list(options)}:
            return ",".join(_chosen(each) for each in options)
        case {"selected_option": dict(option)}:
            return _chosen(option)
        case {"selected_users": list(users)}:
            return ",".join(str(each) for each in users)
        case {"value": str(text)} | {"selected_date": str(text)} | {"selected_time": str(text)}:
            return text
        case {"selected_user": str(user)}:
            return f"[{user}]"
        case _:
            return ""


def _chosen(option: object) -> str:
    match option:
        case {"value": str(value)}:
            return value.removeprefix(_PLAIN_VALUE)
        case _:
            return ""
