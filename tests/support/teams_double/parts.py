"""The parts of an Adaptive Card in the order in which they are read: pure."""

from collections.abc import Iterator, Sequence

from tests.support.teams_double.world import Fields

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
ELEMENTS = frozenset({
    "ActionSet", "ColumnSet", "Container", "FactSet", "Image", "ImageSet", "Media", "RichTextBlock", "Table",
    "TextBlock",
})  # fmt: skip
INPUTS = frozenset({
    "Input.ChoiceSet", "Input.Date", "Input.Number", "Input.Text", "Input.Time", "Input.Toggle",
})  # fmt: skip
ACTIONS = frozenset({
    "Action.Execute", "Action.OpenUrl", "Action.ShowCard", "Action.Submit", "Action.ToggleVisibility",
})  # fmt: skip
CHILDREN = {"items": "", "columns": "Column", "rows": "TableRow", "cells": "TableCell", "images": "Image"}
"""Where elements stand inside others, and what those are that do not say their type."""
KNOWN = ELEMENTS | INPUTS | {"Column", "TableRow", "TableCell"}


def elements_of(card: Fields) -> Iterator[Fields]:
    """Every element that can be seen, those that hold others too; a card to show counts as shown."""
    for each in _opened(card):
        yield from _inside(each.get("body") or [])


def inputs_of(card: Fields) -> dict[str, Fields]:
    """The inputs of a card, by id."""
    return {each["id"]: each for each in elements_of(card) if each["type"] in INPUTS}


def actions_of(card: Fields) -> Iterator[Fields]:
    """Everything that can be pressed, in reading order."""
    for each in _opened(card):
        yield from _own_actions(each)


def children_of(element: Fields) -> Iterator[tuple[str, Sequence[Fields]]]:
    """The elements inside an element, by the name of the list they stand in."""
    for name, kind in CHILDREN.items():
        if isinstance(element.get(name), list):
            yield name, [({"type": kind} | each) if kind and isinstance(each, dict) else each for each in element[name]]


def stand_in(element: Fields) -> Fields | None:
    """What is seen of an element: itself where it is known, else its fallback; None where it is left out."""
    while element.get("type") not in KNOWN:
        fallback = element.get("fallback")
        if not isinstance(fallback, dict):
            return None
        element = fallback
    return element


def _inside(elements: Sequence[Fields]) -> Iterator[Fields]:
    for each in elements:
        element = stand_in(each)
        if element is None or element.get("isVisible") is False:
            continue
        yield element
        for _, children in children_of(element):
            yield from _inside(children)


def _own_actions(card: Fields) -> Iterator[Fields]:
    for element in _inside(card.get("body") or []):
        if element["type"] == "ActionSet":
            yield from element.get("actions") or []
        yield from (element[each] for each in ("selectAction", "inlineAction") if isinstance(element.get(each), dict))
    yield from card.get("actions") or []


def _opened(card: Fields) -> Iterator[Fields]:
    yield card
    for action in _own_actions(card):
        if action["type"] == "Action.ShowCard":
            yield from _opened(action["card"])
