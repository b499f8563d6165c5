"""What Slack is given for a card, as its readers see it."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.render import message, pressed
from adapters.slack.render_press import VALUE_MAX, press_value
from adapters.slack.render_text import cleaned, closed, pieces, shortened
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Divider,
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
from bot.chat.spans import Bold, Colour, Hue, Link, Mention, When
from bot.ports import Press
from tests.support import any_card
from tests.support.rates import RATES
from tests.support.slack_blocks import blocks_of, kinds, parts
from tests.support.slack_drawing import HOSTILE, WEB, every_element, found_in, read

# https://docs.slack.dev/reference/block-kit/block-elements/date-element
DATE_TOKENS = {
    *("{day_divider_pretty}", "{date_num}", "{date_slash}", "{date_long}", "{date_long_full}", "{date_long_pretty}"),
    *("{date}", "{date_pretty}", "{date_short}", "{date_short_pretty}", "{time}", "{time_secs}", "{ago}"),
}
CHRISTMAS = datetime(2026, 12, 25, 9, 30, tzinfo=UTC)


# --- each element


@pytest.mark.parametrize(
    ("element", "kind", "words"),
    [
        (Title("Huddle summary"), "header", "Huddle summary"),
        (Note("Open until 09:30"), "context", "Open until 09:30"),
        (Paragraph(("Thank you, ", Bold("Ben"))), "rich_text", "Thank you, Ben"),
        (Group("In the way", (Line(("No seals",), ("B-5",)),)), "rich_text", "In the way No seals\nB-5"),
        (Words("Nobody told me.", "V-9"), "rich_text", "From a customer “Nobody told me.”\nV-9"),
        (Words("“Nobody told me.”", ""), "rich_text", "From a customer “Nobody told me.”"),
        (Facts((("Owner", ("Amy",)), ("Due", ("Fri",)))), "rich_text", "Owner  Amy\nDue  Fri"),
        (Numbers((Number("78%", "First-time fix", "up 2"),)), "rich_text", "First-time fix: 78%, up 2"),
        (Numbers((Number("6", "on time", "last 5"), Number("4", "late"))), "section", "6  on time\nlast 5 4  late"),
        (Row("Book desks", "Due today", Button("Done", "done")), "section", "Book desks\nDue today Done"),
        (Buttons((Button("Answer", "answer"), LinkButton("Minutes", WEB))), "actions", "Answer Minutes"),
        (Picture(RATES, "Rates of six weeks"), "context", "Rates of six weeks"),
    ],
)  # fmt: skip
def test_each_element_has_its_own_block(element, kind, words):
    blocks = blocks_of(element)
    assert kinds(blocks) == [kind]
    assert read(blocks) == words


def test_a_divider_is_a_rule():
    assert blocks_of(Note("one"), Divider(), Note("two"))[1] == {"type": "divider"}


@pytest.mark.parametrize(("numbered", "style"), [(False, "bullet"), (True, "ordered")])
def test_the_lines_of_a_group_are_a_list(numbered, style):
    [found] = found_in(blocks_of(Group("", (Line(("one",)), Line(("two",))), numbered=numbered)), "rich_text_list")
    assert (found["style"], [read([each]) for each in found["elements"]]) == (style, ["one", "two"])


def test_only_a_customers_words_are_quoted():
    assert found_in(blocks_of(*every_element("plain words")), "rich_text_quote") == found_in(
        blocks_of(Words("plain words", "plain words")), "rich_text_quote"
    )


def test_several_customers_in_a_row_have_one_label_and_a_gap_between_them():
    blocks = blocks_of(Words("Nobody told me.", "V-9"), Words("Thank you.", "V-10"))
    assert read(blocks).count("From customers") == 1
    assert parts(blocks) == ["rich_text_section", "rich_text_quote", "rich_text_section", "rich_text_quote"]


def test_neighbouring_texts_share_a_block_with_an_empty_line_between():
    blocks = blocks_of(
        Paragraph(("One.",)), Paragraph(("Two.",)), Group("Late", (Line(("A-1",)),)), Paragraph(("End.",))
    )
    assert kinds(blocks) == ["rich_text"]
    assert [read([part]) for part in blocks[0]["elements"]] == ["One.\n\nTwo.\n\nLate", "A-1", "\nEnd."]


def test_two_lists_without_labels_do_not_run_into_one():
    list_of_one = Group("", (Line(("one",)),))
    assert parts(blocks_of(list_of_one, list_of_one)) == ["rich_text_list", "rich_text_section", "rich_text_list"]


def test_bold_words_and_a_link_look_so():
    leaves = blocks_of(Paragraph((Bold("Van 12"), " see ", Link("minutes", "https://x.example/"))))[0]["elements"][0]
    assert leaves["elements"] == [
        {"type": "text", "text": "Van 12", "style": {"bold": True}},
        {"type": "text", "text": " see "},
        {"type": "link", "url": "https://x.example/", "text": "minutes"},
    ]


def test_a_mention_calls_the_person_where_their_account_is_known_and_names_them_elsewhere():
    blocks = blocks_of(Paragraph((Mention(1, "Dana"), " and ", Mention(2, "Raj"))), accounts={1: "U0DANA"})
    assert found_in(blocks, "user") == [{"type": "user", "user_id": "U0DANA"}]
    assert read(blocks) == "U0DANA and Raj"


@pytest.mark.parametrize("hue", Hue)
def test_a_colour_is_a_dot_with_its_word(hue):
    blocks = blocks_of(Paragraph((Colour(hue, "late"),)))
    assert found_in(blocks, "emoji")[0]["name"] in {
        "red_circle",
        *(f"large_{x}_circle" for x in ("orange", "green", "blue")),
    }
    assert read(blocks).endswith(" late")


def test_an_instant_is_shown_in_the_readers_own_time_and_in_utc_where_that_fails():
    [date] = found_in(blocks_of(Paragraph((When(CHRISTMAS),))), "date")
    assert (date["timestamp"], date["fallback"]) == (1798191000, "Fri 25 Dec 2026, 09:30 UTC")
    assert set(re.findall(r"\{\w+\}", date["format"])) <= DATE_TOKENS


def test_an_instant_before_slacks_first_is_in_words():
    blocks = blocks_of(Paragraph((When(datetime(1969, 7, 20, 20, 17, tzinfo=UTC)),)))
    assert read(blocks) == "Sun 20 Jul 1969, 20:17 UTC"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "/minutes", "https://a b", "", "https://x.example/" + "a" * 3000]
)
def test_an_address_that_slack_would_refuse_is_shown_as_words(url):
    blocks = blocks_of(Buttons((LinkButton("Minutes", url),)))
    assert kinds(blocks) == ["context"]
    assert read(blocks) == "Minutes"


def test_a_picture_that_slack_has_is_shown_with_its_words_beside_it():
    [image] = message(Card("Rates", (Picture(RATES, "Rates of six weeks"),)), files={RATES: "F0RATES"}).blocks
    assert image == {"type": "image", "slack_file": {"id": "F0RATES"}, "alt_text": "Rates of six weeks"}


def test_a_card_without_elements_or_words_says_its_sentence():
    assert read(message(Card("B-6 is solved.")).blocks) == "B-6 is solved."
    assert read(message(Card("B-6 is solved.", (Paragraph((" ",)), Group("", ())))).blocks) == "B-6 is solved."


def test_a_row_without_words_keeps_its_button():
    blocks = blocks_of(Row("", "", Button("Done", "done")))
    assert kinds(blocks) == ["actions"]


# --- buttons


def test_buttons_count_from_one_in_reading_order_and_only_the_primary_one_stands_out():
    row, answer, away = (
        Button("Done", "done"),
        Button("Answer", "answer", primary=True),
        LinkButton("M", "https://x.example/"),
    )
    found = found_in(blocks_of(Row("Book desks", button=row), Buttons((answer, away))), "button")
    assert [(each["action_id"], each.get("style")) for each in found] == [
        ("press:1", None),
        ("press:2", "primary"),
        ("link:3", None),
    ]


def test_a_button_says_aloud_what_its_words_leave_out():
    found = found_in(blocks_of(Buttons((Button("Done", "done", spoken="Done, A-90"), Button("No", "no")))), "button")
    assert [each.get("accessibility_label") for each in found] == ["Done, A-90", None]


@pytest.mark.parametrize(("is_reply", "prefix"), [(True, "reply-"), (False, "card-")])
def test_every_block_with_a_button_tells_whether_it_is_an_immediate_answer(is_reply, prefix):
    blocks = message(Card("Huddle", every_element("word")), is_reply=is_reply).blocks
    pressable = [block for block in blocks if found_in(block, "button")]
    assert len(pressable) == 2
    assert all(block["block_id"].startswith(prefix) for block in pressable)


@given(any_card.typed, any_card.ids)
def test_a_press_brings_back_its_verb_and_ids(verb, ids):
    assert pressed(press_value(verb, ids)) == Press(verb, ids)


@given(st.text(st.sampled_from('"\\\n<&>\u6f22a~:1'), max_size=1500), any_card.typed)
def test_a_press_brings_back_a_line_of_1500_characters_whatever_they_are(text, verb):
    value = press_value(verb, {"run": "412", "text": text})
    assert len(value) <= VALUE_MAX
    assert pressed(value) == Press(verb, {"run": "412", "text": text})


def test_nothing_in_a_value_can_come_back_escaped():
    assert not re.search("[<>&]", press_value("say", {"text": "<b> & </b>"}))


def test_a_button_that_carries_too_much_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match="carries 2032 characters, Slack takes 2000; keep the words in a row"):
        press_value("say", {"text": "x" * 2015})


@pytest.mark.parametrize(
    "value", ["", "~", "~9999", "~2:", "null", "[]", "{", "{}", '{"v":1,"i":[]}', "[" * 5000, "~x:y", "huddle.form"]
)
def test_a_value_that_no_card_of_ours_carries_presses_nothing(value):
    assert pressed(value) == Press("")


# --- what people wrote


@pytest.mark.parametrize("text", [each for each in HOSTILE if len(each) < 100 and each.strip()])
def test_typed_text_stands_as_it_was_typed_in_every_place(text):
    shown = read(blocks_of(*every_element(text)))
    first_line = cleaned(text).partition("\n")[0].strip()
    assert shown.count(first_line) >= 40
    assert cleaned(text) in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_text_is_never_a_mention_a_link_an_emoji_or_markup(text):
    blocks = blocks_of(*every_element(text))
    assert not found_in(blocks, "mrkdwn")
    assert not [each for kind in ("user", "channel", "usergroup", "broadcast") for each in found_in(blocks, kind)]
    assert {each["url"] for each in found_in(blocks, "link")} <= {WEB}
    assert {each["name"] for each in found_in(blocks, "emoji")} <= {"red_circle"}


@pytest.mark.parametrize("text", HOSTILE)
def test_the_notification_is_a_sentence_without_a_live_mention_or_link(text):
    sentence = message(Card(text if text.strip() else "Huddle", every_element("words"))).text
    assert 1 <= len(sentence.strip()) <= 4000
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", sentence)


def test_a_sentence_of_signs_that_slack_refuses_becomes_one_that_can_be_read():
    assert message(Card("\x00\x07")).text == "There is a new message for you."


def test_a_change_of_direction_ends_with_the_words_that_it_is_in():
    override, isolate = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{FIRST STRONG ISOLATE}"
    pdf, pdi = "\N{POP DIRECTIONAL FORMATTING}", "\N{POP DIRECTIONAL ISOLATE}"
    assert closed(f"{override}gpj{isolate}x") == f"{override}gpj{isolate}x{pdi}{pdf}"
    assert closed(f"{isolate}{override}x{pdi}") == f"{isolate}{override}x{pdi}"
    assert closed(f"{override}one\ntwo") == f"{override}one\ntwo"
    assert closed(f"{override}x{pdf}{pdf}{pdi}") == f"{override}x{pdf}{pdf}{pdi}"
    assert read(blocks_of(Paragraph((f"{override}gpj", ".exe")))) == f"{override}gpj{pdf}.exe"


@given(st.text(max_size=300), st.integers(2, 40))
def test_divided_text_is_whole_again_when_joined(text, longest):
    found = pieces(text, longest)
    assert "".join(found) == text
    assert all(1 <= len(each) <= longest for each in found)


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9)), st.integers(10, 60))
def test_shortened_text_has_whole_words_only(words, longest):
    text = " ".join(words)
    found = shortened(text, longest)
    assert len(found) <= longest
    if found != text:
        kept = found.removesuffix("…").split(" ")
        assert kept == words[: len(kept)]


@pytest.mark.parametrize("sign", ["e\u0301", "\U0001f44d\U0001f3fd", "\U0001f469\u200d\U0001f4bb", "\u2764\ufe0f"])
def test_a_word_too_long_for_a_block_is_divided_between_signs(sign):
    assert all(each == sign * (len(each) // len(sign)) for each in pieces(sign * 50, 10))
