"""What Teams is given for a card, as its readers see it."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given

from adapters.teams.render import Message, message, pressed
from adapters.teams.render_fit import CARD_MAX
from adapters.teams.render_press import Pressed, press_data
from adapters.teams.render_text import APART, cleaned, size_of
from adapters.teams.wiring import Fields
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
    says,
)
from bot.chat.spans import Bold, Colour, Hue, Link, Mention, When
from tests.support import any_card
from tests.support.rates import RATES
from tests.support.slack_drawing import HOSTILE, WEB, every_element
from tests.support.teams_drawing import buttons_in, found_in, read

CHRISTMAS = datetime(2026, 12, 25, 9, 30, tzinfo=UTC)
PICTURE = b"\x89PNG of a line"


def a_message(*elements: Element, is_reply: bool = False) -> Message:
    return message(Card("Huddle", elements), is_reply=is_reply)


def body_of(*elements: Element) -> list:
    return a_message(*elements).content["body"]


# --- each element


@pytest.mark.parametrize(
    ("element", "kind", "words"),
    [
        (Title("Huddle summary"), "TextBlock", "Huddle summary"),
        (Note("Open until 09:30"), "RichTextBlock", "Open until 09:30"),
        (Paragraph(("Thank you, ", Bold("Ben"))), "RichTextBlock", "Thank you, Ben"),
        (Group("", (Line(("No seals",), ("B-5",)),)), "ColumnSet", "• No seals B-5"),
        (Group("", (Line(("No seals",)),), numbered=True), "ColumnSet", "1. No seals"),
        (Facts((("Owner", ("Amy",)),)), "ColumnSet", "Owner Amy"),
        (Numbers((Number("78%", "First-time fix", "up 2"),)), "ColumnSet", "78% First-time fix up 2"),
        (Numbers((Number("6", "on time", "last 5"), Number("4", "late"))), "ColumnSet", "6 on time last 5 4 late"),
        (Row("Book desks", "Due today", Button("Done", "done")), "ColumnSet", "Book desks Due today Done"),
        (Row("Book desks"), "RichTextBlock", "Book desks"),
        (Row("", "", Button("Done", "done")), "ActionSet", "Done"),
        (Buttons((Button("Answer", "answer"), LinkButton("Minutes", WEB))), "ActionSet", "Answer Minutes"),
        (Picture(RATES, "Rates of six weeks"), "RichTextBlock", "Rates of six weeks"),
    ],
)  # fmt: skip
def test_each_element_is_one_of_teams(element, kind, words):
    [made] = body_of(element)
    assert made["type"] == kind
    assert read(made) == words


def test_a_card_is_one_of_version_1_5_as_wide_as_the_chat_and_with_words_for_who_cannot_see_it():
    shown = message(says("Thank you, Ben."))
    assert shown.summary == "Thank you, Ben."
    assert shown.entities == []
    assert shown.content == {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": "Thank you, Ben.",
        "msteams": {"width": "Full"},
        "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "Thank you, Ben."}]}],
    }


def test_a_title_is_a_heading_and_what_stands_close_to_it_is_quiet():
    title, note = body_of(Title("Huddle"), Note("Open"))
    assert (title["style"], title["size"], title["weight"], title["wrap"]) == ("heading", "Large", "Bolder", True)
    assert note["spacing"] == "None"
    assert (note["inlines"][0]["size"], note["inlines"][0]["isSubtle"]) == ("Small", True)


def test_a_divider_is_a_rule_above_what_follows_and_nothing_at_an_end():
    assert [
        each.get("separator", False) for each in body_of(Divider(), Note("one"), Divider(), Note("two"), Divider())
    ] == [
        False,
        True,
    ]


def test_a_figure_alone_has_its_words_beside_it_if_it_leaves_them_room():
    [short] = body_of(Numbers((Number("78%", "First-time fix"),)))
    [long] = body_of(Numbers((Number("78 of 100 and more", "First-time fix"),)))
    assert [len(each["columns"]) for each in (short, long)] == [2, 1]
    assert [read(each) for each in body_of(Numbers((Number(" ", "First-time fix"), Number("", "", " "))))] == [
        "First-time fix"
    ]


def test_a_wide_button_stands_below_the_words_that_it_is_about():
    body = body_of(Row("Book desks", "Due today", Button("Ask for two more days", "ask")))
    assert [read(each) for each in body] == ["Book desks", "Due today", "Ask for two more days"]


def test_a_group_has_its_label_above_and_numbers_or_dots_before_its_lines():
    lines = (Line(("one",)), Line(("two",), ("B-5",)))
    assert [read(each) for each in body_of(Group("Late", lines))] == ["Late", "• one", "• two B-5"]
    assert [read(each) for each in body_of(Group("", lines, numbered=True))] == ["1. one", "2. two B-5"]


def test_a_customers_words_stand_apart_under_one_label_for_all_of_them():
    assert read(body_of(Words("Nobody told me.", "V-9"))) == "From a customer “Nobody told me.” V-9"
    body = body_of(Words("“Nobody told me.”", ""), Words("Thank you.", "V-10"))
    assert [read(each) for each in body] == ["From customers", "“Nobody told me.”", "“Thank you.” V-10"]
    assert [each["style"] for each in found_in(body, "Container")] == ["emphasis", "emphasis"]


def test_only_a_customers_words_are_set_apart():
    assert len(found_in(body_of(*every_element("plain words")), "Container")) == 1


def test_bold_words_and_a_link_look_so_and_the_link_by_more_than_its_colour():
    [made] = body_of(Paragraph((Bold("Van 12"), " see ", Link("minutes", WEB), Link("", WEB))))
    opens = {"type": "Action.OpenUrl", "url": WEB}
    assert made["inlines"] == [
        {"type": "TextRun", "text": "Van 12", "weight": "Bolder"},
        {"type": "TextRun", "text": " see "},
        {"type": "TextRun", "text": "minutes", "underline": True, "selectAction": opens | {"title": "minutes"}},
        {"type": "TextRun", "text": WEB, "underline": True, "selectAction": opens | {"title": WEB}},
    ]


def test_a_mention_of_somebody_whom_teams_does_not_know_is_a_name():
    assert body_of(Paragraph((Mention(2, "Raj"),)))[0]["inlines"] == [{"type": "TextRun", "text": "Raj"}]


@pytest.mark.parametrize(("hue", "dot"), [*zip(Hue, "🔴🟠🟢🔵", strict=True)])
def test_a_colour_is_a_dot_with_its_word(hue, dot):
    assert read(body_of(Paragraph((Colour(hue, "late"),)))) == f"{dot} late"


def test_an_instant_is_written_by_the_readers_own_client_in_their_zone():
    at = CHRISTMAS.astimezone(timezone(timedelta(hours=9)))
    instant = "2026-12-25T09:30:00Z"
    assert read(body_of(Paragraph((When(at),)))) == f"{{{{DATE({instant}, SHORT)}}}}, {{{{TIME({instant})}}}}"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(1969, 7, 20, 20, 17, tzinfo=UTC), "Sun 20 Jul 1969, 20:17 UTC"),
        (datetime(2040, 1, 2, tzinfo=UTC), "Mon 2 Jan 2040, 00:00 UTC"),
    ],
)
def test_an_instant_that_phones_cannot_reckon_with_is_in_words(at, words):
    assert read(body_of(Paragraph((When(at),)))) == words


def test_a_picture_travels_inside_of_the_card_with_its_words_beside_it():
    shown = message(Card("Rates", (Picture(RATES, "Six weeks"),)), pictures={RATES: PICTURE}).content
    [image] = shown["body"]
    assert (image["type"], image["altText"]) == ("Image", "Six weeks")
    assert b64decode(image["url"].removeprefix("data:image/png;base64,")) == PICTURE


def test_a_picture_that_is_not_drawn_is_words():
    assert read(body_of(Picture(RATES, "Six weeks"))) == "Six weeks"


def test_where_there_is_not_room_for_both_the_words_stay_and_the_picture_does_not():
    lines = tuple(Paragraph(("x" * 1900,)) for _ in range(4))
    card = Card("Rates", (Picture(RATES, "Six weeks"), *lines))
    shown = message(card, pictures={RATES: bytes(9000)}).content
    assert not found_in(shown, "Image")
    assert "Six weeks" in read(shown)
    assert read(shown).count("x" * 1900) == 4
    assert size_of(shown) <= CARD_MAX


def test_a_card_without_elements_or_words_says_its_sentence():
    assert read(message(Card("B-6 is solved.")).content) == "B-6 is solved."
    assert read(message(Card("B-6 is solved.", (Paragraph((" ",)), Group("", ())))).content) == "B-6 is solved."


def test_a_sentence_of_signs_without_a_look_becomes_one_that_can_be_read():
    assert message(Card("\x00\x07")).summary == "There is a new message for you."


# --- buttons


def test_a_button_is_pressed_in_place_and_by_older_clients_with_a_message():
    [made] = buttons_in(a_message(Buttons((Button("Done", "done", {"action": "7"}),))).content)
    data = {"folkmoot": {"verb": "done", "ids": {"action": "7"}, "reply": False}}
    assert made == {
        "type": "Action.Execute",
        "title": "Done",
        "associatedInputs": "none",
        "verb": "press",
        "data": data,
        "fallback": {"type": "Action.Submit", "title": "Done", "associatedInputs": "none", "data": data},
    }


def test_a_button_that_opens_a_form_asks_teams_for_the_dialog():
    [made] = buttons_in(a_message(Buttons((Button("Answer", "answer", opens_form=True),))).content)
    assert made["type"] == "Action.Submit"
    assert made["data"]["msteams"] == {"type": "task/fetch"}
    assert pressed(made["data"]) == Pressed("answer")


def test_the_likeliest_button_stands_out_and_the_others_do_not():
    buttons = Buttons((Button("Answer", "answer", primary=True, opens_form=True), Button("No", "no", primary=True)))
    found = buttons_in(a_message(buttons, Row("x", button=Button("Done", "done"))).content)
    assert [each.get("style") for each in found] == ["positive", "positive", None]


def test_a_button_says_aloud_what_its_words_leave_out():
    buttons = (Button("Done", "done", spoken="Done, A-90"), Button("No", "no"))
    assert [each.get("tooltip") for each in buttons_in(a_message(Buttons(buttons)).content)] == ["Done, A-90", None]


def test_buttons_too_wide_for_one_row_go_on_in_the_next():
    buttons = Buttons(tuple(Button(f"I can help with B-{number}", "help") for number in range(1, 6)))
    sets = found_in(a_message(buttons).content, "ActionSet")
    assert [len(each["actions"]) for each in sets] == [2, 2, 1]


def test_a_long_button_has_a_row_of_its_own():
    buttons = Buttons((Button("x" * 40, "one"), Button("No", "no")))
    assert [read(each) for each in body_of(buttons)] == [f"{'x' * 40} No"]
    assert len(body_of(Buttons((Button("x" * 40, "one"), Button("y" * 40, "two"))))) == 2


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "/minutes", "https://a b", "", "https://x.example/" + "a" * 1000]
)
def test_an_address_that_is_none_of_the_web_is_shown_as_words(url):
    body = body_of(Buttons((LinkButton("Minutes", url), Button("Done", "done"))))
    assert not found_in(body, "Action.OpenUrl")
    assert read(body) == "Done Minutes"


@pytest.mark.parametrize("is_reply", [True, False])
def test_every_button_tells_whether_it_stands_on_an_immediate_answer(is_reply):
    found = buttons_in(a_message(*every_element("word"), is_reply=is_reply).content)
    presses = [pressed(each["data"]) for each in found if "data" in each]
    assert [each.is_reply for each in presses] == [is_reply, is_reply]


@given(any_card.card)
def test_every_press_brings_back_what_its_button_carries(card):
    found = [pressed(each["data"]) for each in buttons_in(message(card).content) if "data" in each]
    items = [item for each in card.elements if isinstance(each, Buttons) for item in each.items]
    assert {(each.verb, *each.ids) for each in found} >= {
        (item.verb, *item.ids) for item in items if isinstance(item, Button)
    }


@given(any_card.typed, any_card.ids, any_card.flags)
def test_a_press_brings_back_its_verb_and_ids(verb, ids, is_reply):
    assert pressed(press_data(verb, ids, is_reply=is_reply)) == Pressed(verb, ids, is_reply)


def test_what_teams_adds_to_a_press_is_passed_over():
    data = press_data("done", {}, is_reply=True) | {"msteams": {"type": "task/fetch"}, "finished": "x"}
    assert pressed(data) == Pressed("done", {}, is_reply=True)


OURS: Fields = {"verb": "done", "ids": {}, "reply": False}
VERBS: list[object] = [None, 7, ["done"], {"x": 1}, "x" * 301]
IDS: list[object] = [
    *(None, [], "7", {"a": 7}, {"a": {"b": "c"}}, {"a": None}, {"a": "x" * 4001}, {"x" * 101: ""}, {7: "7"}),
    {str(number): "" for number in range(21)},
]
REPLIES: list[object] = [None, "yes", 1, []]


@pytest.mark.parametrize(
    "data",
    [
        *(None, "", "done", [], {}, 7, {"folkmoot": None}, {"folkmoot": "done"}, {"folkmoot": {}}, {"verb": "done"}),
        *({"folkmoot": OURS | {"verb": verb}} for verb in VERBS),
        *({"folkmoot": OURS | {"ids": ids}} for ids in IDS),
        *({"folkmoot": OURS | {"reply": is_reply}} for is_reply in REPLIES),
        {"folkmoot": {"verb": "done", "ids": {}, "form": "yes"}},
        {"folkmoot": {"verb": "done", "reply": False}},
    ],
)
def test_what_no_card_of_ours_carries_is_refused(data):
    with pytest.raises(ValueError, match=r"carries|is a text of up to"):
        pressed(data)


def test_a_button_that_carries_too_much_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match="keep the words in a row"):
        a_message(Buttons((Button("Say", "say", {"text": "x" * 4001}),)))
    with pytest.raises(ValueError, match="the buttons of a card carry"):
        a_message(Buttons((Button("A", "say", {"text": "x" * 4000}),) * 3))


# --- what people wrote


@pytest.mark.parametrize("text", [each for each in HOSTILE if len(each) < 100 and each.strip()])
def test_typed_text_stands_in_every_place(text):
    shown = read(a_message(*every_element(text)).content).replace(APART, "")
    assert shown.count(cleaned(text).split()[0]) >= 40
    assert cleaned(text) in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_text_opens_nothing_and_calls_nobody(text):
    content = a_message(*every_element(text)).content
    assert "entities" not in content["msteams"]
    assert {each["url"] for each in found_in(content, "Action.OpenUrl")} <= {WEB}
    assert len(found_in(content, "TextBlock")) <= 1, "only the title is read as Markdown"
