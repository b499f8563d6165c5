"""Cards, forms and answers as JSON: a redelivery is given exactly what the first one was."""

import dataclasses
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat import cards, forms, pictures, spans
from bot.chat.cards import Button, Buttons, Card, Facts, Paragraph
from bot.chat.codec import Json, decoded, decoded_answer, decoded_card, encoded
from bot.chat.forms import Form, TextInput
from bot.chat.replies import Answer, Replies
from bot.chat.spans import Colour, Hue, When
from tests.support import any_card

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def through_json(value: object) -> Json:
    found: Json = json.loads(json.dumps(encoded(value)))
    return found


@given(any_card.answer)
def test_every_answer_comes_back_as_it_was(answer: Answer) -> None:
    assert decoded_answer(through_json(answer)) == answer


@given(any_card.card)
def test_every_card_comes_back_as_it_was(card: Card) -> None:
    assert decoded_card(through_json(card)) == card


@given(st.tuples(*any_card.KINDS))
@settings(max_examples=20)
def test_every_kind_of_thing_on_a_card_or_form_comes_back_as_it_was(things: tuple[object, ...]) -> None:
    assert decoded(through_json(things)) == things
    assert {type(each).__name__ for each in things} == KINDS | {"Answer"}


KINDS = {
    kind.__name__
    for module in (spans, pictures, cards, forms)
    for kind in vars(module).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
}


def test_no_answer_comes_back_as_none() -> None:
    assert decoded_answer(through_json(None)) is None


def test_an_instant_of_another_zone_stays_the_same_instant() -> None:
    card = Card("At noon.", (Paragraph((When(NOON.astimezone(ZoneInfo("Asia/Tokyo"))),)),))
    assert decoded_card(through_json(card)) == card


def test_a_colour_comes_back_as_a_hue() -> None:
    back = decoded(through_json(Colour(Hue.AMBER, "amber")))
    assert isinstance(back, Colour)
    assert back.hue is Hue.AMBER


def test_an_empty_card_element_stays_a_tuple() -> None:
    back = decoded_card(through_json(Card("Nothing to do.", (Facts((("Team", ()),)),))))
    assert back.elements == (Facts((("Team", ()),)),)


def test_ids_of_a_button_come_back_as_text() -> None:
    card = Card("Press.", (Buttons((Button("Answer", "huddle.form", {"run": "412"}),)),))
    assert cards.buttons_of(decoded_card(through_json(card)))[0] == Button("Answer", "huddle.form", {"run": "412"})


def test_what_is_no_part_of_a_card_is_refused() -> None:
    with pytest.raises(TypeError, match="complex"):
        encoded(1j)


def test_a_kind_that_does_not_exist_any_more_is_refused() -> None:
    with pytest.raises(KeyError, match="Carousel"):
        decoded({"_": "Carousel", "items": []})


@pytest.mark.parametrize("stored", [[], "Thank you", {"_": "Title", "text": "Huddle"}, {"_": "Note", "text": "open"}])
def test_a_stored_card_is_nothing_else(stored: Json) -> None:
    with pytest.raises(TypeError, match="a stored card"):
        decoded_card(stored)


@pytest.mark.parametrize("stored", [[], "Thank you", {"_": "Title", "text": "Huddle"}])
def test_a_stored_answer_is_nothing_else(stored: Json) -> None:
    with pytest.raises(TypeError, match="a stored answer"):
        decoded_answer(stored)


def test_replies_add_up_and_the_later_answer_wins() -> None:
    first, second = (
        Answer(cards.says("Noted.")),
        Answer(Form("Huddle", "huddle.answer", (TextInput("focus", "Today"),))),
    )
    both = Replies(answer=first, outcome="five asked") + Replies(answer=second, undoable=True)
    assert both == Replies(answer=second, outcome="five asked", undoable=True)
    assert (Replies(answer=first) + Replies()).answer == first
