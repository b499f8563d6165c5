"""Adaptive Cards as a reader sees them, and cards and forms of the product written out for a tool that draws them.

`python -m tests.support.teams_drawing FOLDER prompt summary` writes `prompt.json` and `summary.json`; `all` writes
each of them.
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from adapters.teams.dialog import dialog
from adapters.teams.render import message
from adapters.teams.wiring import Fields
from bot.chat.cards import Card
from bot.chat.forms import Form
from tests.support.shown import SHOWN

SCHEMA = Path(__file__).parents[3] / "shared" / "tools" / "schemas" / "adaptive-card-1.5.json"
Check: TypeAlias = Callable[[Fields], list[str]]


def read(found: object) -> str:
    """Every word that a card shows, in reading order, a blank between separate texts."""
    return " ".join(_read(found))


def _read(found: object) -> Iterator[str]:
    match found:
        case list():
            for each in found:
                yield from _read(each)
        case {"type": "RichTextBlock", "inlines": list(runs)}:
            yield "".join(run["text"] for run in runs)
        case {"type": "TextBlock", "text": str(text)} | {"type": "Image", "altText": str(text)}:
            yield text
        case {"type": str(kind), "title": str(text)} if kind.startswith("Action."):
            yield text
        case {"type": "Input.ChoiceSet", "label": str(text), "choices": list(choices)}:
            yield text
            yield from (each["title"] for each in choices)
        case {"type": str(kind), "label": str(text)} if kind.startswith("Input."):
            yield text
        case dict():
            for name in ("body", "items", "columns", "actions"):
                yield from _read(found.get(name))
        case _:
            pass


def found_in(found: object, kind: str) -> list[Fields]:
    """Every object of that `type`, in reading order; what a button falls back to is not looked at."""
    match found:
        case list():
            return [each for element in found for each in found_in(element, kind)]
        case dict():
            inside = [each for name, value in found.items() if name != "fallback" for each in found_in(value, kind)]
            return [found, *inside] if found.get("type") == kind else inside
        case _:
            return []


def buttons_in(content: Fields) -> list[Fields]:
    """Every button, in reading order."""
    sets = found_in(content, "ActionSet")
    return [each for action_set in sets for each in action_set["actions"]]


def inputs_in(content: Fields) -> list[Fields]:
    """Every input, in reading order."""
    return [each for each in content["body"] if each["type"].startswith("Input.")]


def content_of(task: Fields) -> Fields:
    """The card of a dialog."""
    content: Fields = task["value"]["card"]["content"]
    return content


def untouched(task: Fields) -> Fields:
    """The `data` that Teams sends when somebody submits a dialog as it opened: nothing of inputs that hold nothing."""
    content = content_of(task)
    [submit] = content["actions"]
    return submit["data"] | {each["id"]: each["value"] for each in inputs_in(content) if "value" in each}


@cache
def schema_check() -> Check:
    """What the published schema says against a card; the test is skipped where it or `jsonschema` is missing.

    Each object is held against its own kind's definition, since the whole is a choice of choices that says nothing.
    """
    jsonschema: Any = pytest.importorskip("jsonschema", reason="jsonschema is not installed: pip install jsonschema")
    if not SCHEMA.is_file():
        pytest.skip(f"there is no schema of Adaptive Cards at {SCHEMA}")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    definitions = schema["definitions"]
    validators = {
        kind: jsonschema.Draft6Validator({"$ref": f"#/definitions/{kind}", "definitions": definitions})
        for kind in definitions
        if "ImplementationsOf" not in kind
    }

    def check(card: Fields) -> list[str]:
        found = []
        for each in _typed(_without_extensions(card)):
            if each["type"] not in validators:
                found.append(f"there is no {each['type']}")
                continue
            alone = {name: _emptied(value) for name, value in each.items()}
            alone = {name: value for name, value in alone.items() if value is not None}
            found += [f"{each['type']}: {error.message}" for error in validators[each["type"]].iter_errors(alone)]
        return found

    return check


def _typed(found: object) -> Iterator[Fields]:
    if isinstance(found, list):
        for each in found:
            yield from _typed(each)
    if isinstance(found, dict):
        if isinstance(found.get("type"), str):
            yield found
        for name, value in found.items():
            if name != "data":
                yield from _typed(value)


def _without_extensions(found: Any) -> Any:
    """Without what Teams adds to the standard, a list in which one types to find included."""
    if isinstance(found, dict) and found.get("style") == "filtered":
        return _without_extensions(found | {"style": "compact"})
    if isinstance(found, dict):
        return {name: _without_extensions(value) for name, value in found.items() if name != "msteams"}
    return [_without_extensions(each) for each in found] if isinstance(found, list) else found


def _emptied(value: object) -> object:
    """`value` without the objects that are looked at by themselves."""
    if isinstance(value, list) and any(isinstance(each, dict) and "type" in each for each in value):
        return []
    return None if isinstance(value, dict) and "type" in value else value


def shown_in_teams(shown: Card | Form) -> Fields:
    """A message's card, or a dialog's."""
    return content_of(dialog(shown)) if isinstance(shown, Form) else message(shown).content


def main(folder: str, *names: str) -> None:
    """Writes what `names` show as JSON, for a tool that draws Adaptive Cards."""
    for name in SHOWN if names == ("all",) else names:
        made = json.dumps(shown_in_teams(SHOWN[name]), ensure_ascii=False, indent=1)
        (Path(folder) / f"{name}.json").write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
