"""What Slack is given for a form, and what comes back of it."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.slack.api import Fields
from adapters.slack.modal import modal, refusals, values_of
from adapters.slack.render_text import cleaned
from bot.chat.forms import DateInput, Form, Input, OneOf, Option, PersonInput, SomeOf, TextInput, TimeInput
from tests.support import any_card
from tests.support.for_every import for_every
from tests.support.shown import SHOWN
from tests.support.slack_drawing import HOSTILE, every_input, found_in, read, untouched

DEPARTMENTS = (Option("call", "Call centre"), Option("field", "Field"))
MANY = tuple(Option(str(number), f"Team {number}") for number in range(11))


def a_form(**values: str) -> Form:
    form = Form(
        "Huddle, Tue 24 Nov",
        "huddle.answer",
        (
            TextInput("finished", "What did you finish?", multiline=True, hint="From your last plan.", longest=1500),
            TextInput("focus", "What is the one thing today?", placeholder="For example: the rota"),
            OneOf("mode", "When?", DEPARTMENTS),
            OneOf("who", "Who could help?", DEPARTMENTS, placeholder="Choose a department", optional=True),
            SomeOf("asked", "Whom did you ask?", DEPARTMENTS, optional=True),
            SomeOf("teams", "Which teams?", MANY, optional=True),
            DateInput("on", "Until when?", optional=True),
            TimeInput("at", "At what time?", optional=True),
            PersonInput("person", "Whom should I tell?", optional=True),
        ),
        ids={"run": "412"},
        note="Field Dispatch · open until 09:30",
        closing_note="You can change it until midnight.",
        submit="Send answer",
    )
    return form.filled(values)


FILLED = {
    "finished": "Two jobs\n<b>at</b> Mill Lane & :smile:",
    "focus": "Valve checks",
    "mode": "call",
    "who": "field",
    "asked": "call,field",
    "teams": "3,10",
    "on": "2026-11-27",
    "at": "09:15",
    "person": "[U024BE7LH]",
}


def element(view: Fields, name: str) -> Fields:
    return next(block["element"] for block in view["blocks"] if block.get("block_id") == name)


def assert_taken(view: Fields) -> None:
    """Slack's limits, and its SDK's own opinion of the view and of each block."""
    View(**view).validate_json()
    assert 1 <= len(view["blocks"]) <= 100
    assert len(json.dumps(view)) <= 250_000
    assert len(view["private_metadata"]) <= 3000
    for block in view["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    for text in found_in(view, "plain_text"):
        assert text["text"].strip()
        assert text["emoji"] is False
    assert not found_in(view, "mrkdwn")
    assert max(len(view[name]["text"]) for name in ("title", "submit", "close")) <= 24
    for block in found_in(view, "input"):
        assert len(block["label"]["text"]) <= 75
        assert len(block.get("hint", {}).get("text", "")) <= 2000
        assert_element_taken(block["element"])
    json.dumps(view, ensure_ascii=False).encode()


def assert_element_taken(found: Fields) -> None:
    assert len(found.get("placeholder", {}).get("text", "")) <= 150
    assert len(found.get("initial_value", "").encode("utf-16-le")) // 2 <= found.get("max_length", 0) <= 3000
    options = found.get("options", [])
    assert len({each["value"] for each in options}) == len(options)
    assert all(1 <= len(each["value"]) <= 150 and len(each["text"]["text"]) <= 75 for each in options)
    chosen = [*found.get("initial_options", []), *([found["initial_option"]] if "initial_option" in found else [])]
    assert all(each in options for each in chosen)
    assert found.get("initial_options") != []


# --- what is asked


@pytest.mark.parametrize(
    ("name", "kind", "initial"),
    [
        ("finished", "plain_text_input", {"initial_value": FILLED["finished"], "multiline": True, "max_length": 1500}),
        ("focus", "plain_text_input", {"initial_value": "Valve checks", "multiline": False}),
        ("on", "datepicker", {"initial_date": "2026-11-27"}),
        ("at", "timepicker", {"initial_time": "09:15"}),
        ("person", "users_select", {"initial_user": "U024BE7LH"}),
    ],
)
def test_each_input_has_its_own_element_and_holds_what_is_filled_in(name, kind, initial):
    found = element(modal(a_form(**FILLED)), name)
    assert found["type"] == kind
    assert found["action_id"] == name
    assert initial.items() <= found.items()


@pytest.mark.parametrize(
    ("name", "kind", "chosen"),
    [
        ("mode", "radio_buttons", ["call"]),
        ("who", "static_select", ["field"]),
        ("asked", "checkboxes", ["call", "field"]),
        ("teams", "multi_static_select", ["3", "10"]),
    ],
)
def test_few_choices_are_seen_at_once_and_many_or_dispensable_ones_in_a_list(name, kind, chosen):
    found = element(modal(a_form(**FILLED)), name)
    initial = found.get("initial_options") or [found["initial_option"]]
    assert (found["type"], [each["value"] for each in initial]) == (kind, chosen)


def test_a_form_says_who_asks_what_comes_of_it_and_how_to_leave():
    view = modal(a_form())
    assert [view[name]["text"] for name in ("title", "submit", "close")] == [
        "Huddle, Tue 24 Nov",
        "Send answer",
        "Cancel",
    ]
    assert read(view["blocks"][0]) == "Field Dispatch · open until 09:30"
    assert read(view["blocks"][-1]) == "You can change it until midnight."
    assert view["blocks"][1]["hint"]["text"] == "From your last plan."
    assert element(view, "focus")["placeholder"]["text"] == "For example: the rota"
    assert [block["optional"] for block in found_in(view, "input")] == [False] * 3 + [True] * 6


def test_a_form_carries_its_verb_its_ids_and_where_it_was_opened():
    view = modal(a_form(), conversation="C1", thread="17.5", is_direct=True)
    kept = json.loads(view["private_metadata"])
    assert kept == {"v": "huddle.answer", "i": {"run": "412"}, "c": "C1", "t": "17.5", "d": True}
    assert view["callback_id"] == "form"


def test_a_form_that_carries_too_much_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match="Slack takes 3000; keep the words in a row"):
        modal(replace(a_form(), ids={"text": "x" * 3000}))


def test_an_option_that_stands_for_too_much_is_refused():
    with pytest.raises(ValueError, match="up to 150 characters"):
        modal(Form("Team", "v", (OneOf("one", "One", (Option("x" * 151, "X"),)),)))


@pytest.mark.parametrize(
    ("input_", "value"),
    [
        (DateInput("x", "Day"), "27 Nov"),
        (DateInput("x", "Day"), "2026-02-30"),
        (DateInput("x", "Day"), "20261127"),
        (TimeInput("x", "Time"), "9:15"),
        (TimeInput("x", "Time"), "24:00"),
        (PersonInput("x", "Person"), "@dana"),
        (OneOf("x", "One", DEPARTMENTS), "billing"),
        (SomeOf("x", "Some", DEPARTMENTS), "billing,"),
        (TextInput("x", "Text"), "\x00"),
    ],
)
def test_what_slack_would_refuse_to_fill_in_is_left_out(input_, value):
    view = modal(Form("Form", "v", (replace(input_, value=value),)))
    assert not [name for name in element(view, "x") if name.startswith("initial")]
    assert values_of(untouched(view)) == {"x": ""}


def test_words_too_long_for_an_input_are_kept_so_that_they_can_be_shortened():
    form = Form("Form", "v", (TextInput("x", "Text", value="word " * 200, longest=500),))
    found = element(modal(form), "x")
    assert (len(found["initial_value"]), found["max_length"]) == (1000, 1000)


def test_several_lines_are_kept_in_an_input_meant_for_one():
    assert element(modal(a_form(focus="one\ntwo")), "focus")["multiline"] is True


def test_of_two_options_that_stand_for_the_same_the_first_is_shown():
    form = Form("Form", "v", (OneOf("x", "One", (Option("a", "First"), Option("a", "Second"), Option("b", "Third"))),))
    assert [each["text"]["text"] for each in element(modal(form), "x")["options"]] == ["First", "Third"]


# --- refused forms


def test_a_refused_form_says_why_at_each_field():
    form = a_form().refused(FILLED, {"focus": "Please name one thing.", "on": ""})
    assert refusals(form) == {"focus": "Please name one thing.", "on": "Please look at this once more."}
    assert refusals(a_form()) == {}


def test_a_refused_form_that_is_opened_anew_says_why_below_the_field_and_keeps_what_was_typed():
    view = modal(a_form().refused(FILLED, {"finished": "That is 1732 characters."}))
    assert view["blocks"][1]["hint"]["text"] == "⚠ That is 1732 characters. From your last plan."
    assert values_of(untouched(view)) == FILLED


def test_what_is_said_of_an_input_that_is_not_there_stands_at_the_first():
    form = replace(a_form(), errors={"gone": "It is closed.", "finished": "Too long."})
    assert refusals(form) == {"finished": "It is closed. Too long."}
    assert refusals(Form("Form", "v", (), errors={"gone": "It is closed."})) == {}


# --- what comes back


def test_what_a_form_holds_comes_back_when_it_is_sent():
    assert values_of(untouched(modal(a_form(**FILLED)))) == FILLED


def test_what_nobody_filled_in_comes_back_empty():
    assert values_of(untouched(modal(a_form()))) == dict.fromkeys(FILLED, "")


def test_values_come_back_from_every_kind_of_element_as_slack_sends_them():
    option = {"text": {"type": "plain_text", "text": "Call centre", "emoji": False}, "value": "call"}
    values = {
        "text": {"a": {"type": "plain_text_input", "value": "Two jobs"}},
        "none": {"a": {"type": "plain_text_input", "value": None}},
        "radio": {"a": {"type": "radio_buttons", "selected_option": option}},
        "boxes": {"a": {"type": "checkboxes", "selected_options": [option, {**option, "value": "field"}]}},
        "users": {"a": {"type": "multi_users_select", "selected_users": ["U1", "U2"]}},
        "number": {"a": {"type": "number_input", "value": "7"}},
    }
    assert values_of({"values": values}) == {
        "text": "Two jobs",
        "none": "",
        "radio": "call",
        "boxes": "call,field",
        "users": "U1,U2",
        "number": "7",
    }


@pytest.mark.parametrize(
    "values",
    [None, {"x": None}, {"x": {}}, {"x": {"a": {"selected_option": 1}}}, {"x": {"a": {"selected_options": [1]}}}],
)
def test_a_state_without_values_is_read_as_nothing(values):
    assert not any(values_of({"values": values}).values())


# --- any form


def held(each: Input) -> str:
    """What an input gives back when nobody touches it."""
    match each:
        case TextInput(value=value):
            return cleaned(value)
        case OneOf(options=options, value=value):
            return value if value in {option.value for option in options} else ""
        case SomeOf(options=options, value=value):
            wanted = value.split(",") if value else []
            return ",".join(dict.fromkeys(option.value for option in options if option.value in wanted))
        case _:
            return ""  # hypothesis makes no day, time or account that Slack takes


@given(any_card.form, any_card.typed, st.booleans())
def test_slack_takes_any_form_and_gives_back_what_it_holds(form, conversation, is_direct):
    view = modal(form, conversation=conversation, thread="17.5", is_direct=is_direct)
    assert_taken(view)
    assert values_of(untouched(view)) == {each.id: held(each) for each in form.inputs}
    assert json.loads(view["private_metadata"])["i"] == form.ids
    assert refusals(form).keys() <= {each.id for each in form.inputs}


@given(any_card.options.flatmap(lambda options: st.tuples(st.just(options), st.sampled_from(options))), st.booleans())
def test_a_choice_comes_back_whatever_it_stands_for(drawn, is_optional):
    options, chosen = drawn
    form = Form("Form", "v", (OneOf("x", "One", options, value=chosen.value, optional=is_optional),))
    assert values_of(untouched(modal(form))) == {"x": chosen.value}


@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_a_form_whatever_people_write(text):
    assert_taken(modal(every_input(text)))


@for_every(sorted(name for name, shown in SHOWN.items() if isinstance(shown, Form)))
def test_slack_takes_every_form_of_the_product_and_gives_back_what_it_holds(name):
    form = SHOWN[name]
    assert isinstance(form, Form)
    view = modal(form)
    assert_taken(view)
    expected = {each.id: each.value for each in form.inputs}
    assert values_of(untouched(view)) == expected
