"""What is entered in a card is sent as texts, nothing is sent of what is empty, and Teams checks it first."""

import pytest

from tests.support.teams_double.entries import enter, entered, sent_values, unready
from tests.support.teams_double.sample_app import FOCUS, HELPER, card
from tests.support.teams_double.world import Fields

CREWS = HELPER | {"id": "crews", "isMultiSelect": True}
COUNT: Fields = {"type": "Input.Number", "id": "count", "label": "How many", "min": 1, "max": 9}
DUE: Fields = {"type": "Input.Date", "id": "due", "label": "Due", "min": "2026-11-23"}
URGENT: Fields = {"type": "Input.Toggle", "id": "urgent", "label": "Urgency", "title": "Urgent"}
PEOPLE: Fields = {
    "type": "Input.ChoiceSet",
    "id": "people",
    "label": "With whom",
    "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
}


def test_nothing_is_sent_of_what_is_empty_but_a_toggle_always_says_something() -> None:
    assert sent_values(card(FOCUS, HELPER, COUNT, URGENT), {}) == {"urgent": "false"}


def test_what_the_bot_filled_in_is_sent_unless_it_was_changed() -> None:
    shown = card(FOCUS | {"value": "Valves"}, HELPER | {"value": "2"}, COUNT | {"value": 3})
    assert sent_values(shown, {"helper": "1"}) == {"focus": "Valves", "helper": "1", "count": "3"}
    assert sent_values(shown, {"focus": ""}) == {"helper": "2", "count": "3"}


def test_choices_are_named_by_their_words_and_sent_as_values() -> None:
    typed: dict[str, str] = {}
    shown = card(HELPER, CREWS, PEOPLE)
    enter(shown, typed, {"helper": "Crew north", "crews": "Crew north,1", "people": "an-object-id"})
    assert entered(shown, typed) == {"helper": "2", "crews": "2,1", "people": "an-object-id"}
    with pytest.raises(LookupError, match="Call centre"):
        enter(shown, typed, {"helper": "Crew south"})
    with pytest.raises(LookupError, match="crews"):
        enter(shown, typed, {"focus": "Valves"})


@pytest.mark.parametrize(
    ("element", "good", "bad"),
    [
        (FOCUS, "Valves", ""),
        (FOCUS, "x" * 20, "x" * 21),
        (FOCUS | {"regex": "^[a-z]+$"}, "valves", "Valves 7"),
        (COUNT, "9", "10"),
        (COUNT, "1", "many"),
        (DUE, "2026-11-23", "2026-11-22"),
        (URGENT | {"isRequired": True}, "true", "false"),
    ],
)
def test_teams_checks_an_input_before_it_sends_it(element: Fields, good: str, bad: str) -> None:
    shown, name = card(element), element["id"]
    assert unready(shown, {name: good}) == {}
    assert list(unready(shown, {name: bad})) == [name]
