"""What people enter in the inputs of a card, and how Teams tells the bot of it: pure."""

import re
from collections.abc import Mapping

from tests.support.teams_double.parts import inputs_of
from tests.support.teams_double.world import Fields

REQUIRED = "This is a required input"
"""What Teams says where the card has no words of its own."""


def entered(card: Fields, typed: Mapping[str, str]) -> dict[str, str]:
    """What the inputs hold, by id: what was typed, else what the bot filled in; choices joined by commas."""
    return {name: typed.get(name, _filled_in(element)) for name, element in inputs_of(card).items()}


def enter(card: Fields, typed: dict[str, str], values: Mapping[str, str]) -> None:
    """Somebody types or chooses; a choice is named by its value or by its words. Raises: LookupError."""
    inputs = inputs_of(card)
    for name, value in values.items():
        if name not in inputs:
            raise LookupError(f"the card has no input {name!r}, only {sorted(inputs)}")
        typed[name] = _chosen(inputs[name], value) if inputs[name]["type"] == "Input.ChoiceSet" else value


def unready(card: Fields, typed: Mapping[str, str]) -> dict[str, str]:
    """Why Teams does not even send the card, by input."""
    held = entered(card, typed)
    return {
        name: str(element.get("errorMessage") or REQUIRED)
        for name, element in inputs_of(card).items()
        if _is_unready(element, held[name])
    }


def sent_values(card: Fields, typed: Mapping[str, str]) -> dict[str, str]:
    """What is sent: texts all of it, and nothing of inputs that are empty."""
    return {name: value for name, value in entered(card, typed).items() if value}


def _is_unready(element: Fields, value: str) -> bool:
    kind = element["type"]
    if kind == "Input.Toggle":
        return bool(element.get("isRequired")) and value != element.get("valueOn", "true")
    if not value:
        return bool(element.get("isRequired"))
    match kind:
        case "Input.Text":
            wanted = str(element.get("regex") or "")
            too_long = len(value) > int(element.get("maxLength") or len(value))
            return too_long or re.search(wanted, value) is None
        case "Input.Number":
            number = _number(value)
            low, high = element.get("min"), element.get("max")
            return number is None or (low is not None and number < low) or (high is not None and number > high)
        case "Input.Date" | "Input.Time":
            low, high = element.get("min"), element.get("max")
            return (low is not None and value < low) or (high is not None and value > high)
        case _:
            return False


def _filled_in(element: Fields) -> str:
    value = element.get("value")
    if element["type"] == "Input.Toggle":
        return str(value if value is not None else element.get("valueOff", "false"))
    return "" if value is None else str(value)


def _chosen(element: Fields, wanted: str) -> str:
    several = wanted.split(",") if element.get("isMultiSelect") else [wanted]
    return ",".join(_choice(element, each) for each in several if each)


def _choice(element: Fields, wanted: str) -> str:
    if "choices.data" in element:
        return wanted  # chosen from the directory, not from the card
    choices: list[Fields] = element.get("choices", [])
    for choice in choices:
        if wanted in {choice["value"], choice["title"]}:
            return str(choice["value"])
    raise LookupError(f"no choice {wanted!r}, only {[each['title'] for each in choices]}")


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
