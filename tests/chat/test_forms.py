"""Forms: what was typed is never lost."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import forms
from bot.chat.forms import DateInput, Form, OneOf, Option, SomeOf, TextInput
from tests.support import any_card
from tests.support.reading import shown_in

CALL_CENTRE = Option("1", "Call centre")
HUDDLE = Form(
    "Huddle · Tue 24 Nov",
    "huddle.answer",
    (
        TextInput("finished", "What did you finish?", value="Valve checks"),
        TextInput("focus", "What is the one thing?"),
        OneOf("helper", "Who could help?", (CALL_CENTRE,)),
    ),
    ids={"run": "412"},
)

some_values = st.dictionaries(st.sampled_from(["finished", "focus", "helper", "measure"]), st.text(max_size=20))


def test_a_refused_form_keeps_what_was_typed() -> None:
    typed = {"finished": "", "focus": "  Call back four customers\n", "helper": "1"}
    again = HUDDLE.refused(typed, {"focus": "Please shorten it a little."})
    assert shown_in(again) == typed


def test_a_refused_form_says_why_at_the_input() -> None:
    errors = {"focus": "Please name one thing for today."}
    assert HUDDLE.refused({}, errors).errors == errors


def test_a_refused_form_is_otherwise_the_same() -> None:
    again = HUDDLE.refused({}, {"focus": "Please name one thing for today."})
    assert (again.title, again.verb, again.ids, again.inputs) == (HUDDLE.title, HUDDLE.verb, HUDDLE.ids, HUDDLE.inputs)


def test_an_error_of_an_unknown_input_is_refused() -> None:
    with pytest.raises(ValueError, match="no input blocker, measure"):
        HUDDLE.refused({}, {"measure": "I don't know it.", "focus": "Please write.", "blocker": "Too long."})


def test_an_input_without_a_new_value_keeps_its_old_one() -> None:
    assert shown_in(HUDDLE.filled({"focus": "Mill Lane"})) == {
        "finished": "Valve checks",
        "focus": "Mill Lane",
        "helper": "",
    }


@given(some_values)
def test_filling_a_form_shows_every_value_it_has_an_input_for(values: dict[str, str]) -> None:
    filled = HUDDLE.filled(values)
    assert shown_in(filled) == {each.id: values.get(each.id, each.value) for each in HUDDLE.inputs}


@given(some_values, some_values)
def test_filling_twice_is_filling_once_with_the_later_values(first: dict[str, str], second: dict[str, str]) -> None:
    assert HUDDLE.filled(first).filled(second) == HUDDLE.filled(first | second)


@given(any_card.form, st.text(max_size=20))
def test_a_refused_form_of_any_kind_keeps_what_was_typed(form: Form, typed: str) -> None:
    values = {each.id: typed for each in form.inputs}
    assert shown_in(form.refused(values, dict.fromkeys(values, "Please shorten it."))) == values


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (lambda text: Form(text, "huddle.answer", ()), forms.FORM_TITLE_MAX),
        (lambda text: Form("Huddle", "huddle.answer", (), submit=text), forms.FORM_TITLE_MAX),
        (lambda text: TextInput("focus", text), forms.LABEL_MAX),
        (lambda text: OneOf("helper", text, (CALL_CENTRE,)), forms.LABEL_MAX),
        (lambda text: SomeOf("days", text, (CALL_CENTRE,)), forms.LABEL_MAX),
        (lambda text: Option("1", text), forms.OPTION_MAX),
    ],
)
def test_words_of_a_form_have_at_least_one_letter_and_at_most_their_limit(
    make: Callable[[str], object], limit: int
) -> None:
    make("a")
    make("a" * limit)
    for text in ("", "a" * (limit + 1)):
        with pytest.raises(ValueError, match=f"1 to {limit} characters"):
            make(text)


@pytest.mark.parametrize("kind", [OneOf, SomeOf])
def test_a_choice_has_1_to_100_options(kind: type[OneOf] | type[SomeOf]) -> None:
    kind("helper", "Who could help?", (CALL_CENTRE,) * 100)
    for number in (0, 101):
        with pytest.raises(ValueError, match=f"options of helper: 1 to 100, got {number}"):
            kind("helper", "Who could help?", (CALL_CENTRE,) * number)


@pytest.mark.parametrize("longest", [0, forms.TEXT_MAX + 1])
def test_a_text_has_a_length_that_every_platform_takes(longest: int) -> None:
    with pytest.raises(ValueError, match="longest of focus"):
        TextInput("focus", "What is the one thing?", longest=longest)


def test_a_day_is_an_input_like_any_other() -> None:
    form = Form("Move it", "action.due", (DateInput("due", "New date"),))
    assert shown_in(form.filled({"due": "2026-12-18"})) == {"due": "2026-12-18"}
