"""What people enter in a view, and how Slack tells the app of it: pure."""

from adapters.slack.api import Fields
from tests.support.slack_double.world import View

REQUIRED = "Please complete this required field."
"""What Slack itself says, before anything is sent."""

_CHOICES = {"static_select": "selected_option", "radio_buttons": "selected_option"}
_SEVERAL = {"multi_static_select": "selected_options", "checkboxes": "selected_options"}
_PLAIN = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}
_INITIAL = {"value": "initial_value"}


def inputs_of(view: View) -> dict[str, Fields]:
    """The input blocks of a view, by block."""
    return {each["block_id"]: each for each in view.given.get("blocks", []) if each.get("type") == "input"}


def entered(view: View) -> dict[str, str]:
    """What the inputs hold, by block: what was typed, else what the app filled in; choices joined by commas."""
    return {
        block_id: view.typed.get(block_id, _initial(block["element"])) for block_id, block in inputs_of(view).items()
    }


def enter(view: View, block_id: str, value: str) -> None:
    """Somebody types or chooses; a choice is named by its value or by its words. Raises: LookupError."""
    blocks = inputs_of(view)
    if block_id not in blocks:
        raise LookupError(f"the view has no input {block_id!r}, only {sorted(blocks)}")
    element = blocks[block_id]["element"]
    if element["type"] in _CHOICES:
        value = _option(element, value)["value"] if value else ""
    elif element["type"] in _SEVERAL:
        value = ",".join(_option(element, each)["value"] for each in value.split(",") if each)
    view.typed[block_id] = value


def unready(view: View) -> dict[str, str]:
    """Why Slack does not even send the view, by block."""
    held = entered(view)
    found = {}
    for block_id, block in inputs_of(view).items():
        longest = block["element"].get("max_length", 3000)
        if not held[block_id] and not block.get("optional"):
            found[block_id] = REQUIRED
        elif block["element"]["type"] == "plain_text_input" and len(held[block_id]) > longest:
            found[block_id] = f"Must be at most {longest} characters."
    return found


def state_of(view: View) -> Fields:
    """`view.state.values`."""
    held = entered(view)
    return {
        block_id: {block["element"]["action_id"]: _told(block["element"], held[block_id])}
        for block_id, block in inputs_of(view).items()
    }


def _told(element: Fields, value: str) -> Fields:
    kind = element["type"]
    if kind in _CHOICES:
        return {"type": kind, _CHOICES[kind]: _option(element, value) if value else None}
    if kind in _SEVERAL:
        return {"type": kind, _SEVERAL[kind]: [_option(element, each) for each in value.split(",") if each]}
    if kind == "multi_users_select":
        return {"type": kind, "selected_users": [each for each in value.split(",") if each]}
    return {"type": kind, _PLAIN[kind]: value or None}


def _initial(element: Fields) -> str:
    kind = element["type"]
    if kind in _CHOICES:
        return str(element.get("initial_option", {}).get("value", ""))
    if kind in _SEVERAL:
        return ",".join(each["value"] for each in element.get("initial_options", []))
    if kind == "multi_users_select":
        return ",".join(element.get("initial_users", []))
    name = _PLAIN[kind]
    return str(element.get(_INITIAL.get(name, name.replace("selected", "initial")), ""))


def _option(element: Fields, wanted: str) -> Fields:
    options: list[Fields] = element.get("options", [])
    for option in options:
        if wanted in {option["value"], option["text"]["text"]}:
            return option
    raise LookupError(f"no choice {wanted!r}, only {[each['text']['text'] for each in options]}")
