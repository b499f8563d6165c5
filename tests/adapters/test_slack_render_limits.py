"""Whatever a card holds, Slack takes it, and no word of a person is cut in two."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.render import home, message, pressed
from bot.chat.cards import (
    LINES_SHOWN,
    Button,
    Buttons,
    Card,
    Group,
    Line,
    Note,
    Paragraph,
    Row,
    Title,
    says,
)
from tests.support import any_card
from tests.support.for_every import for_every
from tests.support.shown import SHOWN
from tests.support.slack_blocks import assert_taken, blocks_of, kinds
from tests.support.slack_drawing import HOSTILE, every_element, found_in, read

PARAGRAPH = "\N{LATIN SMALL LETTER A WITH DIAERESIS} word of theirs "


# --- limits


@given(any_card.card, st.dictionaries(st.integers(1, 9), st.just("U024BE7LH")), st.booleans())
def test_slack_takes_any_card(card, accounts, is_reply):
    shown = message(card, accounts=accounts, is_reply=is_reply)
    assert_taken(shown.blocks)
    assert shown.text.strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_a_card_of_every_element_whatever_people_write(text):
    assert_taken(blocks_of(*every_element(text)))


@for_every(sorted(name for name, shown in SHOWN.items() if isinstance(shown, Card)))
def test_slack_takes_every_card_of_the_product_whole(name):
    card = SHOWN[name]
    assert isinstance(card, Card)
    blocks = message(card).blocks
    assert_taken(blocks)
    assert "…" not in read(blocks)


@given(st.integers(0, 60), st.booleans())
def test_a_group_shows_ten_lines_and_how_many_more_there_are(number, is_numbered):
    blocks = blocks_of(Group("Things", tuple(Line((f"Thing {each}",)) for each in range(number)), numbered=is_numbered))
    shown = read(blocks)
    assert shown.count("Thing ") == min(number, LINES_SHOWN)
    assert ("more" in shown) == (number > LINES_SHOWN)
    if number > LINES_SHOWN:
        assert shown.endswith(f"+{number - LINES_SHOWN} more")


def test_a_message_that_is_too_long_shortens_its_longest_group_first():
    many = Group("Many", tuple(Line((PARAGRAPH * 60,)) for _ in range(10)))
    few = Group("Few", (Line(("one",)), Line(("two",))))
    blocks = blocks_of(many, few, Buttons((Button("Answer", "answer"),)))
    assert_taken(blocks)
    assert [len(each["elements"]) for each in found_in(blocks, "rich_text_list")] == [8, 2]
    assert "+2 more" in read(blocks)
    assert read(blocks).endswith("Few one two Answer")


def test_a_single_text_that_is_too_long_keeps_whole_words_and_says_that_it_goes_on():
    blocks = blocks_of(Paragraph((PARAGRAPH * 800,)), Buttons((Button("Answer", "answer"),)))
    assert_taken(blocks)
    assert re.search(r"theirs… Answer$|word… Answer$|of… Answer$|ä… Answer$", read(blocks))


def test_what_still_does_not_fit_is_counted_from_the_end_and_every_button_stays():
    people = tuple(Group(f"Ada {each}", (Line(("Valve checks at Harbour Road",)),)) for each in range(120))
    presses = (Row("Book desks", button=Button("Done", "done")), Buttons((Button("Answer", "answer"),)))
    blocks = blocks_of(Title("All answers"), *people, *presses)
    assert_taken(blocks)
    shown = read(blocks)
    [hidden] = re.findall(r"\+(\d+) more", shown)
    assert shown.count("Ada ") == 120 - int(hidden)
    assert shown.count("Ada ") > 30
    assert "Ada 0 " in shown
    assert shown.endswith("Book desks Done Answer")


def test_sixty_notes_are_fifty_blocks():
    blocks = blocks_of(*(Note(f"Note {each}.") for each in range(60)))
    assert len(blocks) == 50
    assert read(blocks).endswith("Note 48. +11 more")


def test_a_question_about_a_long_line_in_signs_beyond_ascii_keeps_its_words_and_buttons():
    text = "\u6f22" * 1500
    presses = (
        Button("Today's focus", "huddle.refocus", {"text": text}),
        Button("Later", "huddle.early", {"text": text}),
    )
    blocks = blocks_of(Paragraph((f"“{text}”",)), Buttons(presses))
    assert text in read(blocks)
    assert [pressed(each["value"]).ids["text"] for each in found_in(blocks, "button")] == [text, text]
    assert len(json.dumps(blocks, ensure_ascii=False)) <= 12_000


def test_a_rows_words_of_any_length_go_on_in_the_next_section():
    text = "word " * 1000
    blocks = blocks_of(Row(text, button=Button("Done", "done")))
    assert kinds(blocks) == ["section", "section"]
    assert read(blocks).split() == [*["word"] * 599, "word", "Done", *["word"] * 400]


# --- the Home


@given(st.lists(any_card.card, max_size=4))
def test_slack_takes_any_cards_as_a_home(cards):
    view = home(cards)
    assert_taken(view["blocks"], most=100, characters=200_000)
    assert (view["type"], len({each["action_id"] for each in found_in(view, "button")})) == (
        "home",
        len(found_in(view, "button")),
    )


def test_the_home_shows_its_cards_one_below_the_other_and_says_when_there_is_nothing():
    assert read(home([says("One."), says("Two.")])["blocks"]) == "One. Two."
    assert kinds(home([says("One."), Card("Two.")])["blocks"]) == ["rich_text", "divider", "rich_text"]
    assert read(home([])["blocks"]) == "There is nothing here yet."


def test_a_home_of_very_many_cards_has_a_hundred_blocks():
    assert len(home([says("One.")] * 80)["blocks"]) == 100
