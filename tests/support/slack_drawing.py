"""Slack's blocks as a reader sees them, and cards and forms of the product written out for a tool that draws them.

`python -m tests.support.slack_drawing FOLDER prompt summary` writes `prompt.json` and `summary.json`.
"""

import importlib.util
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

from adapters.slack.api import Fields
from adapters.slack.modal import modal
from adapters.slack.render import message
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Divider,
    Element,
    Facts,
    Group,
    Line,
    LinkButton,
    Note,
    Number,
    Numbers,
    Paragraph,
    Picture,
    Row,
    Title,
    Words,
)
from bot.chat.forms import DateInput, Form, OneOf, Option, PersonInput, SomeOf, TextInput, TimeInput
from bot.chat.spans import Bold, Colour, Hue, Link, Mention, When
from tests.support.rates import RATES
from tests.support.shown import SHOWN

LINT = Path(__file__).parents[3] / "shared" / "tools" / "blockkit_lint.py"
WEB = "https://northwater.example/"
Lint: TypeAlias = Callable[[Fields], list[str]]

HOSTILE = (
    "<!channel> <@U024BE7LH> <#C024BE7LR> <https://evil.example|Click> <!date^0^{date}|x>",
    "*bold* _it_ ~gone~ `code` :smile: @here @channel &amp; &lt;b&gt;",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe \N{FIRST STRONG ISOLATE}open",
    "\u05d0\u05e0\u05d9 \u05e6\u05e8\u05d9\u05da \u05e2\u05d6\u05e8\u05d4 5 \u05de\u05ea\u05d5\u05da 7",
    "\x00\x07\x1b[31m\u0085 control\r\nsigns\ttoo",
    "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{WOMAN} \U0001f44d\U0001f3fd e\u0301" * 20,
    '"\\"' * 200,
    "long " * 2000,
    "\u6f22" * 1500,
    "x" * 5000,
    "",
    " \n\t ",
)
"""What people write without meaning harm, and with."""


def read(blocks: object) -> str:
    """Every word that `blocks` show, in reading order, a blank between separate texts."""
    return " ".join(_read(blocks))


def _read(found: object) -> Iterator[str]:
    match found:
        case list():
            for each in found:
                yield from _read(each)
        case {"type": "rich_text_section" | "rich_text_quote", "elements": list(leaves)}:
            yield "".join(_leaf(leaf) for leaf in leaves)
        case {"type": "plain_text" | "mrkdwn", "text": str(text)}:
            yield text
        case {"type": "image", "alt_text": str(text)}:
            yield text
        case dict():
            for name in ("text", "label", "elements", "fields", "element", "accessory", "options", "hint", "blocks"):
                yield from _read(found.get(name))
        case _:
            pass


def _leaf(leaf: Fields) -> str:
    return str(leaf.get("text") or leaf.get("fallback") or leaf.get("user_id") or leaf.get("name") or leaf.get("url"))


def found_in(blocks: object, kind: str) -> list[Fields]:
    """Every object of that `type`, in reading order."""
    match blocks:
        case list():
            return [each for block in blocks for each in found_in(block, kind)]
        case dict():
            inside = [each for value in blocks.values() for each in found_in(value, kind)]
            return [blocks, *inside] if blocks.get("type") == kind else inside
        case _:
            return []


def untouched(view: Fields) -> Fields:
    """The `state` that Slack sends when somebody submits `view` as it opened."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {"values": {block["block_id"]: {block["element"]["action_id"]: _held(block["element"])} for block in inputs}}


def _held(element: Fields) -> Fields:
    kind = element["type"]
    names: dict[str, tuple[str, str, list[Fields] | None]] = {
        "plain_text_input": ("value", "initial_value", None),
        "static_select": ("selected_option", "initial_option", None),
        "radio_buttons": ("selected_option", "initial_option", None),
        "checkboxes": ("selected_options", "initial_options", []),
        "multi_static_select": ("selected_options", "initial_options", []),
        "datepicker": ("selected_date", "initial_date", None),
        "timepicker": ("selected_time", "initial_time", None),
        "users_select": ("selected_user", "initial_user", None),
    }
    name, initial, nothing = names[kind]
    return {"type": kind, name: element.get(initial, nothing)}


@cache
def slack_lint() -> Lint:
    """The lint that lies beside the project; the test is skipped where it or one of its packages is missing."""
    if not LINT.is_file():
        pytest.skip(f"the Block Kit lint is not there: {LINT.name} in ../shared/tools")
    for name in ("jsonschema", "slackblocks"):
        pytest.importorskip(name, reason=f"the Block Kit lint needs {name}: pip install jsonschema slackblocks==3.0.0")
    spec = importlib.util.spec_from_file_location(LINT.stem, LINT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it leaves closing its schema to the interpreter
        spec.loader.exec_module(module)
    lint: Lint = module.lint
    return lint


def shown_in_slack(shown: Card | Form) -> Fields:
    """A message's arguments, or a view."""
    if isinstance(shown, Form):
        return modal(shown)
    made = message(shown)
    return {"text": made.text, "blocks": made.blocks}


def every_element(text: str) -> tuple[Element, ...]:
    """Each kind of element with `text` wherever somebody's words may stand, as far as the element takes them."""
    short = text[:40] or "-"
    spans = (
        text,
        Bold(text),
        Mention(1, text),
        Link(text, WEB),
        Colour(Hue.RED, text),
        When(datetime(2026, 12, 3, tzinfo=UTC)),
    )
    return (
        Title(text[:150] or "-"),
        Note(text[:2000] or "-"),
        Paragraph(spans),
        Group(text, tuple(Line((Bold(text), " ", text), (text,)) for _ in range(12)), numbered=True),
        Group(text, (Line((text,)),)),
        Words(text, text),
        Facts(((text, (text,)),)),
        Numbers((Number(text, text, text),)),
        Numbers((Number(text, text, text), Number("78%", text))),
        Row(text, text, Button(short, "done", {"words": text[:300]}, spoken=text)),
        Row(text),
        Divider(),
        Picture(RATES, text[:2000] or "-"),
        Buttons((Button(short, "answer", {text[:50]: text[:50]}, primary=True), LinkButton(short, WEB))),
    )  # fmt: skip


def every_input(text: str) -> Form:
    """A refused form that holds `text` wherever words of people or of the bot may stand."""
    short, label = text[:24] or "-", text[:75] or "-"
    options = (Option(text[:75], label), Option("other", label))
    many = tuple(Option(str(number), label) for number in range(11))
    inputs = (
        TextInput("one", label, value=text, hint=text, placeholder=text),
        TextInput("many", label, value=text, hint=text, placeholder=text, multiline=True, optional=True),
        OneOf("of", label, options, value=text[:75], hint=text, placeholder=text),
        OneOf("of_many", label, many, value="7", hint=text, placeholder=text, optional=True),
        SomeOf("some", label, options, value=text[:75], hint=text),
        SomeOf("some_of_many", label, many, value="7,8", hint=text),
        DateInput("on", text, value=text, hint=text),
        TimeInput("at", text, value=text, hint=text),
        PersonInput("who", text, value=text, hint=text),
    )
    errors = {each.id: text for each in inputs}
    ids = {text[:50]: text[:50]}
    return Form(short, text[:300], inputs, ids=ids, note=text, closing_note=text, submit=short, errors=errors)


def main(folder: str, *names: str) -> None:
    """Writes what `names` show as JSON, for a tool that draws Block Kit."""
    for name in names:
        made = json.dumps(shown_in_slack(SHOWN[name]), ensure_ascii=False, indent=1)
        (Path(folder) / f"{name}.json").write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
