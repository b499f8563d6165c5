"""Limits of cards: a card that exists can be rendered on every platform."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import cards
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Element,
    Facts,
    LinkButton,
    Note,
    Number,
    Numbers,
    Paragraph,
    Picture,
    Row,
    Title,
    buttons_of,
    says,
)
from bot.chat.errors import Declined, declined_card
from tests.support import any_card
from tests.support.rates import RATES

ANSWER = Button("Answer", "huddle.form")


def a_row(buttons: int) -> Buttons:
    return Buttons((ANSWER,) * buttons)


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (Title, cards.TITLE_MAX),
        (Note, cards.NOTE_MAX),
        (lambda text: Button(text, "huddle.form"), cards.BUTTON_MAX),
        (lambda text: LinkButton(text, "https://northwater.example"), cards.BUTTON_MAX),
        (lambda text: Picture(RATES, text), cards.NOTE_MAX),
    ],
)
def test_words_of_ours_have_at_least_one_letter_and_at_most_their_limit(
    make: Callable[[str], object], limit: int
) -> None:
    make("a")
    make("a" * limit)
    for text in ("", "a" * (limit + 1)):
        with pytest.raises(ValueError, match=f"1 to {limit} characters"):
            make(text)


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (a_row, cards.BUTTONS_MAX),
        (lambda n: Facts((("Team", ("Field Dispatch",)),) * n), cards.FACTS_MAX),
        (lambda n: Numbers((Number("78%", "First-time fix"),) * n), cards.NUMBERS_MAX),
    ],
)
def test_a_row_has_at_least_one_thing_and_at_most_its_limit(make: Callable[[int], object], limit: int) -> None:
    make(1)
    make(limit)
    for number in (0, limit + 1):
        with pytest.raises(ValueError, match=f"1 to {limit}, got {number}"):
            make(number)


def test_a_card_has_at_most_six_buttons_wherever_they_stand() -> None:
    five = a_row(5)
    assert len(buttons_of(Card("Six.", (five, Row("B-7", button=ANSWER))))) == cards.ACTIONS_MAX
    with pytest.raises(ValueError, match="buttons on a card"):
        Card("Seven.", (five, Row("B-7", button=ANSWER), Row("B-8", button=ANSWER)))


@pytest.mark.parametrize("sentence", ["", " ", "\n"])
def test_a_card_without_its_sentence_is_refused(sentence: str) -> None:
    with pytest.raises(ValueError, match="plain-text sentence"):
        Card(sentence)


@given(any_card.card)
def test_a_card_that_exists_is_within_the_limits(card: Card) -> None:
    assert card.summary.strip()
    assert len(buttons_of(card)) <= cards.ACTIONS_MAX
    assert all(1 <= len(each.text) <= cards.BUTTON_MAX for each in buttons_of(card))


@given(st.lists(any_card.button, min_size=1, max_size=3), st.lists(any_card.button, max_size=3))
def test_buttons_are_found_in_reading_order(first: list[Button], second: list[Button]) -> None:
    rows: tuple[Element, ...] = tuple(Row("something", button=each) for each in second)
    assert buttons_of(Card("Press.", (Buttons(tuple(first)), Title("and"), *rows))) == (*first, *second)


def test_a_row_without_a_button_has_none() -> None:
    assert buttons_of(Card("Nothing to press.", (Row("B-7", "solved"),))) == ()


def test_plain_sentences_make_a_paragraph_each() -> None:
    said = says("Undone.", "Everything is as it was.")
    assert said == Card(
        "Undone. Everything is as it was.", (Paragraph(("Undone.",)), Paragraph(("Everything is as it was.",)))
    )


def test_a_refusal_says_its_words_and_then_the_ways_on() -> None:
    way = Button("Try huddle", "say", {"text": "/huddle"})
    refused = Declined("I don't know `hudle`. Nothing was changed.", code="E-02", ways=(way,))
    assert declined_card(refused) == Card(refused.words, (Paragraph((refused.words,)), Buttons((way,))))


def test_a_refusal_without_a_way_on_has_no_empty_row() -> None:
    assert declined_card(Declined("Nothing was changed.")).elements == (Paragraph(("Nothing was changed.",)),)
