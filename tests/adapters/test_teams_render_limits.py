"""Whatever a card holds, Teams takes it, and no word of a person is cut in two."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.render import Person, message, pressed
from adapters.teams.render_fit import CARD_MAX
from adapters.teams.render_text import APART, size_of
from adapters.teams.wiring import Fields
from bot.chat.cards import (
    LINES_SHOWN,
    Button,
    Buttons,
    Card,
    Element,
    Facts,
    Group,
    Line,
    LinkButton,
    Note,
    Paragraph,
    Row,
    Title,
    Words,
)
from bot.chat.pictures import Drawing
from bot.chat.spans import Bold, Colour, Hue, Link, Mention, When
from tests.support import any_card
from tests.support.for_every import for_every
from tests.support.rates import RATES
from tests.support.shown import SHOWN
from tests.support.slack_drawing import HOSTILE, WEB, every_element
from tests.support.teams_drawing import buttons_in, found_in, read, schema_check

MESSAGE_MAX = 40 * 1024  # bytes as UTF-16, the activity around the card included
PEOPLE = {number: Person(f"Ada {number}", f"29:{number}") for number in range(1, 9)}
PICTURES: dict[Drawing, bytes] = {RATES: b"PNG"}
CARDS = {name: shown for name, shown in SHOWN.items() if isinstance(shown, Card)}
NOON = datetime(2026, 12, 3, 12, tzinfo=UTC)
PARAGRAPH = "\N{LATIN SMALL LETTER A WITH DIAERESIS} word of theirs "


def content_of(*elements: Element) -> Fields:
    return message(Card("Huddle", elements)).content


def assert_taken(content: Fields) -> None:
    """Within the limits of Teams, whole, and with words for those who can't see it."""
    assert size_of(content) <= CARD_MAX
    assert content["body"]
    assert content["fallbackText"].strip()
    assert 0 <= len(buttons_in(content)) <= 6
    for kind in ("TextRun", "TextBlock"):
        for each in found_in(content, kind):
            assert each["text"]
            assert each.get("wrap", True) is True
    for each in buttons_in(content):
        assert 1 <= len(each["title"].replace(APART, "")) <= 40
    for kind, inside in (
        ("ColumnSet", "columns"),
        ("Column", "items"),
        ("Container", "items"),
        ("ActionSet", "actions"),
    ):
        assert all(each[inside] for each in found_in(content, kind))
    json.dumps(content, ensure_ascii=False).encode()


# --- every card


@given(any_card.card, st.booleans())
def test_teams_takes_any_card(card, is_reply):
    shown = message(card, people=PEOPLE, is_reply=is_reply)
    assert_taken(shown.content)
    assert shown.summary.strip()
    texts = "\n".join(each["text"] for each in found_in(shown.content, "TextBlock"))
    assert {each["text"] for each in shown.entities} == set(re.findall("<at>[^<>]*</at>", texts))


@given(any_card.card)
def test_any_card_follows_the_published_schema(card):
    assert schema_check()(message(card, people=PEOPLE, pictures=PICTURES).content) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_teams_takes_a_card_of_every_element_whatever_people_write(text):
    content = message(Card(text.strip() or "Huddle", every_element(text)), people=PEOPLE, pictures=PICTURES).content
    assert_taken(content)
    assert schema_check()(content) == []
    assert len(buttons_in(content)) == 3


@for_every(sorted(CARDS))
def test_teams_takes_every_card_of_the_product_whole(name):
    content = message(CARDS[name]).content
    assert_taken(content)
    assert schema_check()(content) == []
    assert "…" not in read(content)
    assert size_of(content) <= CARD_MAX // 2, "there is room left for long answers"


def test_the_largest_message_has_room_for_what_stands_around_its_card():
    shown = message(Card("\u6f22" * 4000, (Paragraph((PARAGRAPH * 4000,)),)))
    activity = {"type": "message", "summary": shown.summary, "attachments": [{"content": shown.content}]}
    assert 2 * size_of(activity) <= MESSAGE_MAX - 2000


# --- ever shorter


@given(st.integers(0, 60), st.booleans())
def test_a_group_shows_ten_lines_and_how_many_more_there_are(number, is_numbered):
    lines = tuple(Line((f"Thing {each}",)) for each in range(number))
    shown = read(content_of(Group("Things", lines, numbered=is_numbered)))
    assert shown.count("Thing ") == min(number, LINES_SHOWN)
    assert ("more" in shown) == (number > LINES_SHOWN)
    if number > LINES_SHOWN:
        assert shown.endswith(f"+{number - LINES_SHOWN} more")


def test_a_message_that_is_too_long_shortens_its_longest_group_first():
    many = Group("Many", tuple(Line((PARAGRAPH * 120,)) for _ in range(10)))
    few = Group("Few", (Line(("one",)), Line(("two",))))
    content = content_of(many, few, Buttons((Button("Answer", "answer"),)))
    assert_taken(content)
    shown = read(content)
    [hidden] = re.findall(r"\+(\d+) more", shown)
    assert 2 <= int(hidden) <= 5
    assert shown.count(PARAGRAPH * 119) == 10 - int(hidden)
    assert shown.endswith("Few • one • two Answer")
    assert "…" not in shown


def test_a_single_text_that_is_too_long_keeps_whole_words_and_says_that_it_goes_on():
    content = content_of(Paragraph((PARAGRAPH * 1200,)), Buttons((Button("Answer", "answer"),)))
    assert_taken(content)
    assert re.search(r"(theirs|word|of|ä)… Answer$", read(content))


def test_a_text_of_many_spans_is_shortened_as_one():
    content = content_of(Title("Plan"), Paragraph(tuple(Bold("word ") if n % 2 else "said " for n in range(9000))))
    assert_taken(content)
    assert read(content).endswith("…")
    assert len(read(content)) > 150


@pytest.mark.parametrize(
    "span", [Colour(Hue.RED, PARAGRAPH * 1200), Mention(99, PARAGRAPH * 1200), Link(PARAGRAPH * 1200, WEB)]
)
def test_every_kind_of_words_is_shortened(span):
    content = content_of(Paragraph((When(NOON), " ", span)))
    assert_taken(content)
    assert read(content).startswith("{{DATE(2026-12-03T12:00:00Z, SHORT)}}, {{TIME(2026-12-03T12:00:00Z)}} ")
    assert read(content).endswith("…")


def test_what_still_does_not_fit_is_counted_from_the_end_and_title_and_every_button_stay():
    people = tuple(Group(f"Ada {each}", (Line(("Valve checks at Harbour Road",)),)) for each in range(120))
    presses = (Row("Book desks", button=Button("Done", "done")), Buttons((Button("Answer", "answer"),)))
    content = content_of(Title("All answers"), *people, *presses)
    assert_taken(content)
    shown = read(content)
    [hidden] = re.findall(r"\+(\d+) more", shown)
    assert shown.count("Ada ") == 120 - int(hidden)
    assert shown.count("Ada ") > 30
    assert shown.startswith("All answers Ada 0 ")
    assert shown.endswith("Book desks Done Answer")


def test_a_question_about_a_long_line_keeps_its_words_and_buttons():
    text = '"\u6f22' * 750
    presses = (
        Button("Today's focus", "huddle.refocus", {"text": text}),
        Button("Later", "huddle.early", {"text": text}),
    )
    content = content_of(Paragraph((f"“{text}”",)), Buttons(presses))
    assert_taken(content)
    assert text in read(content)
    assert [pressed(each["data"]).ids["text"] for each in buttons_in(content)] == [text, text]


@pytest.mark.parametrize("sign", ['"', "\u6f22", "x", "\U0001f44d"])
def test_the_fullest_buttons_of_a_card_stay_with_all_that_they_carry(sign):
    carried = {"text": sign * (1400 // len(json.dumps(sign, ensure_ascii=False)[1:-1].encode("utf-16-le")) * 2)}
    button = Button(sign * 20, "say", carried, spoken=sign * 900)
    rows = tuple(Row(sign * 4000, sign * 4000, button) for _ in range(4))
    long = (
        Title(sign * 150),
        Words(sign * 9000, sign * 900),
        Facts(tuple((sign * 99, (sign * 999,)) for _ in range(10))),
    )
    content = content_of(*long, *rows, Buttons((button, LinkButton("Minutes", WEB + "a" * 900))))
    assert_taken(content)
    assert [pressed(each["data"]).ids for each in buttons_in(content) if "data" in each] == [carried] * 5
    assert found_in(content, "TextBlock")[0]["style"] == "heading"


def test_a_card_of_titles_and_notes_alone_ends_somewhere():
    content = content_of(*(Title(f"Title {number} {'x' * 140}") for number in range(90)), Note("End"))
    assert_taken(content)
    assert read(content).startswith("Title 0 ")
    assert re.search(r"\+\d+ more$", read(content))


def test_mentions_in_a_card_that_is_too_long_are_those_that_are_left():
    lines = tuple(Line((Mention(number, f"Ada {number}"), PARAGRAPH * 150)) for number in range(1, 9))
    shown = message(Card("Huddle", (Group("Away", lines),)), people=PEOPLE)
    assert_taken(shown.content)
    assert 1 <= len(shown.entities) < 8
    assert [each["mentioned"]["id"] for each in shown.entities] == [f"29:{n + 1}" for n in range(len(shown.entities))]
