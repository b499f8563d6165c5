"""Whether Teams would take an Adaptive Card, and whether people could use it; each problem with its place.

Source: https://adaptivecards.io/explorer and
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from tests.support.teams_double.parts import ACTIONS, INPUTS, KNOWN, actions_of, children_of, elements_of, inputs_of
from tests.support.teams_double.shapes import misshapen
from tests.support.teams_double.world import Fields

VERSION_MOST = (1, 5)
ACTIONS_MOST = 6
SHORT = 40  # characters; a text of more is cut on a narrow screen unless it wraps
STYLES = {
    "Input.ChoiceSet": {"compact", "expanded", "filtered"},
    "Input.Text": {"text", "tel", "url", "email", "password"},
}
ACTION_STYLES = {"default", "positive", "destructive"}
_VERSION = re.compile(r"(\d+)\.(\d+)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")

Problems: TypeAlias = Iterator[str]


def card_trouble(card: object, *, in_dialog: bool = False) -> list[str]:
    """Why Teams would not show a card as it was meant."""
    found = list(misshapen(card)) or list(_card(card, "", in_dialog=in_dialog))
    if not found and isinstance(card, dict):
        given = Counter(each["id"] for each in elements_of(card) if "id" in each)
        found += [f"/: the id {each!r} stands there twice" for each, times in given.items() if times > 1]
    return found


def card_manners(card: Fields) -> list[str]:
    """What makes a card that Teams takes hard to use."""
    return list(_manners(card))


def _manners(card: Fields) -> Problems:
    if not str(card.get("fallbackText", "")).strip():
        yield "a card has no fallbackText"
    for element in elements_of(card):
        if element["type"] in INPUTS:
            if not str(element.get("label", "")).strip():
                yield f"the input {element['id']!r} has no label"
            if element.get("isRequired") and not element.get("errorMessage"):
                yield f"the input {element['id']!r} is required and has no errorMessage"
        if element["type"] == "Image" and not element.get("altText"):
            yield "an image has no altText"
        if element["type"] == "TextBlock" and len(element["text"]) > SHORT and not element.get("wrap"):
            yield f"a text does not wrap: {element['text'][:40]!r}"
    for action in actions_of(card):
        if not action.get("title") and not action.get("tooltip"):
            yield f"an {action['type']} has neither title nor tooltip"
        if action["type"] == "Action.Execute" and "fallback" not in action:
            yield f"the button {action.get('title')!r} has no fallback for clients without Action.Execute"


def _card(card: object, at: str, *, in_dialog: bool = False, is_inner: bool = False) -> Problems:
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        yield f"{at}/type: no AdaptiveCard"
        return
    if not is_inner:
        yield from _version(card.get("version"), at)
    if not isinstance(card.get("body", []), list):
        yield f"{at}/body: no list"
        return
    for number, element in enumerate(card.get("body", [])):
        yield from _element(element, f"{at}/body/{number}", in_dialog=in_dialog)
    yield from _actions(card.get("actions", []), f"{at}/actions", in_dialog=in_dialog)
    if not card.get("body") and not card.get("actions"):
        yield f"{at}/body: empty"
    if "refresh" in card:
        yield from _refresh(card["refresh"], f"{at}/refresh")


def _version(version: object, at: str) -> Problems:
    found = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if found is None or (int(found[1]), int(found[2])) > VERSION_MOST:
        yield f"{at}/version: {version!r}, at most 1.5"


def _refresh(refresh: object, at: str) -> Problems:
    action = refresh.get("action") if isinstance(refresh, dict) else None
    if not isinstance(action, dict) or action.get("type") != "Action.Execute":
        yield f"{at}/action: no Action.Execute"
    elif len(refresh.get("userIds", []) if isinstance(refresh, dict) else []) > 60:
        yield f"{at}/userIds: more than 60"


def _element(element: object, at: str, *, in_dialog: bool) -> Problems:
    if not isinstance(element, dict):
        yield f"{at}: no element"
        return
    kind = element.get("type")
    if kind not in KNOWN:
        if "fallback" not in element:
            yield f"{at}: unknown type {kind!r} without a fallback"
        elif element["fallback"] != "drop":
            yield from _element(element["fallback"], f"{at}/fallback", in_dialog=in_dialog)
        return
    yield from _content(element, at)
    for name, children in children_of(element):
        for number, child in enumerate(children):
            yield from _element(child, f"{at}/{name}/{number}", in_dialog=in_dialog)
    if kind == "ActionSet":
        yield from _actions(element.get("actions"), f"{at}/actions", in_dialog=in_dialog)
    for name in ("selectAction", "inlineAction"):
        if name in element:
            yield from _action(element[name], f"{at}/{name}", in_dialog=in_dialog)
            if isinstance(element[name], dict) and element[name].get("type") == "Action.ShowCard":
                yield f"{at}/{name}: Action.ShowCard is not taken here"


def _content(element: Fields, at: str) -> Problems:
    if element["type"] in INPUTS:
        yield from _input(element, at)
    match element["type"]:
        case "TextBlock" if not isinstance(element.get("text"), str) or not element["text"]:
            yield f"{at}/text: no text"
        case "RichTextBlock":
            inlines = element.get("inlines")
            if not isinstance(inlines, list) or not inlines:
                yield f"{at}/inlines: none"
            elif not all(isinstance(each, str) or _is_run(each) for each in inlines):
                yield f"{at}/inlines: a TextRun without text"
        case "FactSet":
            facts = element.get("facts")
            if not isinstance(facts, list) or not all(isinstance(each, dict) and _is_fact(each) for each in facts):
                yield f"{at}/facts: each needs title and value"
        case "Image" if not str(element.get("url", "")).startswith(("https://", "data:image/")):
            yield f"{at}/url: neither https nor data"
        case "Column" | "Container" if not isinstance(element.get("items", []), list):
            yield f"{at}/items: no list"
        case "Table" if not isinstance(element.get("rows", []), list) or not element.get("columns"):
            yield f"{at}: a table needs columns and rows"


def _is_run(inline: object) -> bool:
    return isinstance(inline, dict) and inline.get("type") == "TextRun" and isinstance(inline.get("text"), str)


def _is_fact(fact: Fields) -> bool:
    return isinstance(fact.get("title"), str) and isinstance(fact.get("value"), str)


def _input(element: Fields, at: str) -> Problems:
    if not isinstance(element.get("id"), str) or not element["id"]:
        yield f"{at}/id: an input needs one"
    value = element.get("value", "")
    styles = STYLES.get(element["type"])
    if styles and element.get("style", next(iter(styles))) not in styles:
        yield f"{at}/style: {element['style']!r}"
    match element["type"]:
        case "Input.ChoiceSet":
            yield from _choices(element, at)
        case "Input.Toggle" if not element.get("title"):
            yield f"{at}/title: a toggle needs one"
        case "Input.Number" if "value" in element and isinstance(value, str):
            yield f"{at}/value: {value!r} is no number"
        case "Input.Date" if value and not _DATE.fullmatch(str(value)):
            yield f"{at}/value: {value!r} is no date"
        case "Input.Time" if value and not _TIME.fullmatch(str(value)):
            yield f"{at}/value: {value!r} is no time"
        case "Input.Text" if not isinstance(value, str):
            yield f"{at}/value: no text"
        case "Input.Text" if len(value) > element.get("maxLength", len(value)):
            yield f"{at}/value: longer than maxLength"


def _choices(element: Fields, at: str) -> Problems:
    choices = element.get("choices") or []
    if not choices and "choices.data" not in element:
        yield f"{at}/choices: none"
    if not all(isinstance(each, dict) and each.get("title") and isinstance(each.get("value"), str) for each in choices):
        yield f"{at}/choices: each needs title and value"
        return
    twice = [value for value, times in Counter(each["value"] for each in choices).items() if times > 1]
    yield from (f"{at}/choices: the value {each!r} stands there twice" for each in twice)
    value = str(element.get("value") or "")
    chosen = filter(None, value.split(",") if element.get("isMultiSelect") else [value])
    there = {each["value"] for each in choices}
    if "choices.data" not in element:
        yield from (f"{at}/value: {each!r} is none of the choices" for each in chosen if each not in there)


def _actions(actions: object, at: str, *, in_dialog: bool) -> Problems:
    if not isinstance(actions, list):
        yield f"{at}: no list"
        return
    seen = [each for each in actions if not (isinstance(each, dict) and each.get("mode") == "secondary")]
    if len(seen) > ACTIONS_MOST:
        yield f"{at}: {len(seen)} of them, at most {ACTIONS_MOST}"
    for number, each in enumerate(actions):
        yield from _action(each, f"{at}/{number}", in_dialog=in_dialog)


def _action(action: object, at: str, *, in_dialog: bool) -> Problems:
    if not isinstance(action, dict) or action.get("type") not in ACTIONS:
        yield f"{at}: no action that Teams knows"
        return
    if action.get("style", "default") not in ACTION_STYLES:
        yield f"{at}/style: {action['style']!r}"
    match action["type"]:
        case "Action.OpenUrl" if not str(action.get("url", "")).startswith(("https://", "http://", "mailto:")):
            yield f"{at}/url: no address"
        case "Action.ShowCard":
            yield from _card(action.get("card"), f"{at}/card", in_dialog=in_dialog, is_inner=True)
        case "Action.ToggleVisibility" if not action.get("targetElements"):
            yield f"{at}/targetElements: none"
        case "Action.Execute" if in_dialog:
            yield f"{at}: a dialog takes no Action.Execute"
        case "Action.Execute" if not isinstance(action.get("verb", ""), str):
            yield f"{at}/verb: no text"
        case "Action.Submit" | "Action.Execute" if not isinstance(action.get("data", {}), dict):
            yield f"{at}/data: no object, so that no input would be sent with it"
    fallback = action.get("fallback")
    if isinstance(fallback, dict):
        yield from _action(fallback, f"{at}/fallback", in_dialog=in_dialog)


def live_inputs(card: Fields, typed: dict[str, str]) -> list[str]:
    """Which inputs of a card that was sent ask again, and do not even hold what was typed."""
    return [
        name for name, each in inputs_of(card).items() if name in typed and str(each.get("value", "")) != typed[name]
    ]
