"""A form as text: filled in and sent back in whatever way a mail program quotes, it means what its reader wrote."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from adapters.email.answers import Choice, choices_of
from adapters.email.form_reading import meant
from adapters.email.html_text import plain_text
from adapters.email.reading import Again, Asked, Empty, Filled, Several, TooLong, act
from adapters.email.render_html import html_of
from adapters.email.render_text import text_of
from adapters.email.sheet import Sheet
from bot.chat.cards import Button, Buttons, Card, Row, Title
from bot.chat.forms import DateInput, Form, Input, OneOf, Option, PersonInput, SomeOf, TextInput, TimeInput
from bot.ports import Press, Text

TUESDAY = date(2026, 11, 24)
MOODS = (Option("good", "On track"), Option("bad", "Late, but moving"), Option("off", "Off"))
FORM = Form(
    "Report",
    "report.save",
    (
        TextInput("changed", "What did you change?", value="As planned", multiline=True, hint="In your own words"),
        OneOf("state", "State", MOODS, value="good"),
        DateInput("until", "Until when", value="2026-12-18", optional=True),
        PersonInput("who", "Who goes on", value="7", optional=True),
    ),
    ids={"council": "3"},
    submit="Send report",
)
ASKED = Asked(form=FORM, names={"7": "Sam Okello"})
TEXT = text_of(Sheet(None, ZoneInfo("UTC"), form=FORM, names={"7": "Sam Okello"}, foot=("Ref: 1",)))
QUOTED = "\n".join(f"> {line}".rstrip() for line in TEXT.splitlines())
HELD = {"changed": "As planned", "state": "On track", "until": "Fri 18 Dec 2026", "who": "Sam Okello"}


def typed(text: str) -> dict[str, str]:
    found = act(text, "", ASKED)
    assert isinstance(found, Filled), found
    return dict(found.typed)


def test_what_is_written_into_the_quoted_form_is_taken() -> None:
    text = QUOTED.replace("> What did you change?", "> What did you change?\nA valve\n\nand a pump")
    assert typed(f"On Tue Folkmoot wrote:\n{text}") == HELD | {"changed": "A valve\n\nand a pump"}


def test_what_is_written_over_the_quoted_words_is_taken() -> None:
    assert typed(QUOTED.replace("> On track", "> Off")) == HELD | {"state": "Off"}


def test_what_is_written_into_a_form_that_is_repeated_without_marks_is_taken() -> None:
    header = "From: Folkmoot <x@y>\nSent: Tuesday\nTo: Sam\nSubject: Report\n\n"
    assert typed(f"See below\n\n{header}{TEXT.replace('As planned', 'A valve')}") == HELD | {"changed": "A valve"}


def test_what_is_written_above_with_the_questions_is_taken_and_the_rest_stays() -> None:
    text = "What did you change? A valve\nState: late, but moving\nUntil when\n24 Dec\n\nThanks\n-- \nSam\n\n"
    assert typed(text + QUOTED) == HELD | {
        "changed": "A valve",
        "state": "late, but moving",
        "until": "24 Dec\n\nThanks",
    }
    assert meant(FORM, typed(text + QUOTED), TUESDAY).values["until"] == "2026-12-24"


@pytest.mark.parametrize("quotes", [True, False])
def test_what_is_written_into_the_html_of_a_form_is_taken(*, quotes: bool) -> None:
    sent = html_of(Sheet(None, ZoneInfo("UTC"), form=FORM, names={"7": "Sam Okello"}, foot=("Ref: 1",)), "Report")
    body = sent.partition("<body")[2].partition(">")[2].partition("</body>")[0]
    label = "<b>What did you change?</b><br>As planned"
    assert label in body
    filled = body.replace(label, "<b>What did you change?</b><div>A valve</div><div>and a pump</div>")
    if quotes:
        intro = "<div class=attr>On Tue, 24 Nov 2026 at 12:00, Folkmoot &lt;x@y&gt; wrote:<br></div>"
        reply = f"<div>See below</div>{intro}<blockquote>{filled}</blockquote>"
    else:
        intro = "<div><b>From:</b> Folkmoot<br><b>Sent:</b> Tuesday<br><b>Subject:</b> Report</div>"
        reply = f"<div>See below</div>{intro}{filled}"
    assert typed(plain_text(f"<html><body>{reply}</body></html>")) == HELD | {"changed": "A valve\nand a pump"}


def test_a_signature_above_hides_no_answer_below() -> None:
    text = "-- \nSam Okello\n\n" + QUOTED.replace("> What did you change?", "> What did you change?\nA valve")
    assert typed(text)["changed"] == "A valve"


def test_a_question_that_was_broken_into_two_lines_is_found() -> None:
    text = QUOTED.replace("> What did you change?", "> What did you\n> change?\nA valve")
    assert typed(text)["changed"] == "A valve"


def test_a_question_that_also_stands_on_the_card_is_the_one_in_the_form() -> None:
    card = "> State\n> What did you change?\n> Until when\n"
    text = QUOTED.replace("> What did you change?", "> What did you change?\nA valve").replace("> On track", "> Off")
    assert typed(card + text) == HELD | {"changed": "A valve", "state": "Off"}


def test_an_answer_that_was_taken_out_is_empty() -> None:
    assert typed(QUOTED.replace("> As planned", ">"))["changed"] == ""


def test_a_form_that_is_only_quoted_was_not_filled_in() -> None:
    assert act(f"I will look at it\n\n{QUOTED}", "", ASKED) == Text("I will look at it")
    assert act(QUOTED, "", ASKED) == Empty()


def test_a_line_that_a_mail_program_broke_is_no_answer() -> None:
    assert act(f"Later\n\n{QUOTED.replace('> As planned', '> As' + chr(10) + 'planned')}", "", ASKED) == Text(
        "Later\n\nplanned"
    )


def test_the_word_on_the_button_sends_it_as_it_stands() -> None:
    assert typed(f"Send report\n\n{QUOTED}") == HELD


@pytest.mark.parametrize(
    ("field", "given", "value", "error"),
    [
        (OneOf("a", "A", MOODS), "on track.", "good", ""),
        (OneOf("a", "A", MOODS), "late", "bad", ""),
        (OneOf("a", "A", MOODS), "o", "o", "among the options"),
        (OneOf("a", "A", MOODS, optional=True), "none", "", ""),
        (OneOf("a", "A", MOODS), "", "", ""),
        (SomeOf("a", "A", MOODS), "On track\nLate, but moving", "good,bad", ""),
        (SomeOf("a", "A", MOODS), "off; on track", "off,good", ""),
        (SomeOf("a", "A", MOODS), "on track, red", "on track, red", "among the options"),
        (DateInput("a", "A"), "2026-12-18", "2026-12-18", ""),
        (DateInput("a", "A"), "Fri 18 Dec", "2026-12-18", ""),
        (DateInput("a", "A"), "03/04", "03/04", "as a day"),
        (DateInput("a", "A"), "soon", "soon", "as a day"),
        (TimeInput("a", "A"), "9.15", "09:15", ""),
        (TimeInput("a", "A"), "9:15 pm", "21:15", ""),
        (TimeInput("a", "A"), "12 am", "00:00", ""),
        (TimeInput("a", "A"), "25:00", "25:00", "as a time"),
        (TextInput("a", "A", longest=4), "too long", "too long", "8 characters"),
        (TextInput("a", "A"), "one\ntwo", "one two", ""),
        (TextInput("a", "A", multiline=True), "one\ntwo", "one\ntwo", ""),
    ],
)
def test_an_answer_means_what_the_question_takes(field: Input, given: str, value: str, error: str) -> None:
    found = meant(Form("F", "f", (field,)), {"a": given}, TUESDAY)
    assert found.values == {"a": value}
    assert error in found.errors.get("a", "")
    assert bool(error) == bool(found.errors)


# --- lines for buttons, commands and words

DONE = [Button("Done", "item.done", {"item": str(number)}) for number in (1, 2)]
CARD = Card("Items", (Row("Valve", "", DONE[0]), Row("Pump", "", DONE[1]), Buttons((Button("Not mine", "item.not"),))))
BUTTONS = Asked(choices_of(CARD), can_show_again=True)


def test_buttons_of_the_same_name_are_numbered() -> None:
    assert [each.words for each in choices_of(CARD)] == ["Done 1", "Done 2", "Not mine"]


def test_a_number_that_is_taken_is_passed_over() -> None:
    row = Buttons((Button("Done", "a"), Button("Done", "b"), Button("Done 1", "c")))
    assert [each.words for each in choices_of(Card("x", (Title("x"), row)))] == ["Done 2", "Done 3", "Done 1"]


@pytest.mark.parametrize(
    "line", ["Done 2", "done 2.", "  DONE  2 ", "Reply with: Done 2", "[Done 2]", "*Done 2*", "“Done 2”"]
)
def test_a_line_is_the_button_it_names(line: str) -> None:
    assert act(f"Hello\n{line}\nSam", "", BUTTONS) == Press("item.done", {"item": "2"})


def test_a_sentence_that_has_its_words_in_it_is_no_press() -> None:
    assert act("I am done 2 days early", "", BUTTONS) == Text("I am done 2 days early")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Done 1\nDone 2", Several(("Done 1", "Done 2"))),
        ("Show again", Again()),
        ("", Empty()),
        ("Hello\n/today fri\nSam", Text("/today fri")),
        (f"/action add {'a' * 60}\ndue:fri\n\nSam", Text(f"/action add {'a' * 60} due:fri")),
        ("x" * 12_001, TooLong(12_001)),
        ("A plain line\nand one more", Text("A plain line\nand one more")),
    ],
)
def test_what_a_mail_means(text: str, found: object) -> None:
    assert act(text, "Re: Items", BUTTONS) == found


def test_a_command_in_the_subject_counts_where_there_is_nothing_else() -> None:
    assert act("", "/today", Asked()) == Text("/today")
    assert act("Hello", "/today", Asked()) == Text("Hello")


def test_a_choice_is_a_button_and_its_words() -> None:
    assert choices_of(CARD)[2] == Choice("Not mine", Button("Not mine", "item.not"))
