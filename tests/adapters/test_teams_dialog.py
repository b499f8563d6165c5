"""What Teams is given for a form, and what comes back of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.dialog import PEOPLE_MAX, dialog, kept, values_of
from adapters.teams.render import Person, pressed
from adapters.teams.render_press import Pressed
from adapters.teams.render_text import cleaned, size_of
from adapters.teams.wiring import Fields
from bot.chat.forms import DateInput, Form, Input, OneOf, Option, PersonInput, SomeOf, TextInput, TimeInput
from tests.support import any_card
from tests.support.for_every import for_every
from tests.support.shown import SHOWN
from tests.support.slack_drawing import HOSTILE, every_input
from tests.support.teams_drawing import content_of, found_in, inputs_in, read, schema_check, untouched

DEPARTMENTS = (Option("call", "Call centre"), Option("field", "Field"))
MANY = tuple(Option(str(number), f"Team {number}") for number in range(11))
PEOPLE = {7: Person("Dana Reyes", "29:dana"), 8: Person("Raj", "29:raj")}
FORMS = {name: shown for name, shown in SHOWN.items() if isinstance(shown, Form)}


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
    "person": "7",
}


def opened(form: Form) -> Fields:
    return dialog(form, people=PEOPLE)


def the_input(task: Fields, name: str) -> Fields:
    return next(each for each in inputs_in(content_of(task)) if each["id"] == name)


def with_one(each: Input) -> Fields:
    return opened(Form("Form", "v", (each,)))


def assert_taken(task: Fields) -> None:
    """What Teams and a screen reader need of a dialog."""
    value = task["value"]
    assert task["type"] == "continue"
    assert value["card"]["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert 1 <= len(value["title"]) <= 24
    assert (value["width"], value["height"] in {"medium", "large"}) == ("medium", True)
    content = content_of(task)
    assert schema_check()(content) == []
    assert content["fallbackText"]
    assert [each["type"] for each in content["actions"]] == ["Action.Submit"]
    inputs = inputs_in(content)
    assert len({each["id"] for each in inputs}) == len(inputs)
    for each in inputs:
        assert each["label"].strip()
        assert each.get("errorMessage", "x").strip()
        assert "errorMessage" in each or not each.get("isRequired")
    assert not found_in(content, "TextBlock"), "nothing in a form is read as Markdown"
    for choices in found_in(content, "Input.ChoiceSet"):
        values = [each["value"] for each in choices["choices"]]
        assert len(set(values)) == len(values)
        assert all(each["title"] for each in choices["choices"])
        chosen = choices["value"].split(",") if "value" in choices else []
        assert all(each in values for each in chosen)


# --- what is asked


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("finished", {"type": "Input.Text", "value": FILLED["finished"], "isMultiline": True, "maxLength": 1500}),
        ("focus", {"type": "Input.Text", "value": "Valve checks", "isMultiline": False}),
        ("mode", {"type": "Input.ChoiceSet", "style": "expanded", "value": "call"}),
        ("who", {"type": "Input.ChoiceSet", "style": "compact", "value": "field"}),
        ("asked", {"type": "Input.ChoiceSet", "style": "expanded", "isMultiSelect": True, "value": "call,field"}),
        ("teams", {"type": "Input.ChoiceSet", "style": "compact", "isMultiSelect": True, "value": "3,10"}),
        ("on", {"type": "Input.Date", "value": "2026-11-27"}),
        ("at", {"type": "Input.Time", "value": "09:15"}),
        ("person", {"type": "Input.ChoiceSet", "style": "filtered", "value": "7"}),
    ],
)
def test_each_input_has_its_own_kind_and_holds_what_is_filled_in(name, expected):
    assert expected.items() <= the_input(opened(a_form(**FILLED)), name).items()


def test_a_form_says_who_asks_what_comes_of_it_and_what_must_be_filled_in():
    task = opened(a_form())
    content = content_of(task)
    assert task["value"]["title"] == "Huddle, Tue 24 Nov"
    assert read(content["body"][0]) == "Field Dispatch · open until 09:30"
    assert read(content["body"][2]) == "From your last plan."
    assert read(content["body"][-1]) == "You can change it until midnight."
    assert (content["actions"][0]["title"], content["actions"][0]["style"]) == ("Send answer", "positive")
    inputs = inputs_in(content)
    assert [each.get("isRequired", False) for each in inputs] == [True] * 3 + [False] * 6
    assert [each["label"].endswith(" (optional)") for each in inputs] == [False] * 3 + [True] * 6
    assert inputs[0]["errorMessage"] == "Please fill this in."
    assert inputs[1]["placeholder"] == "For example: the rota"


@pytest.mark.parametrize("is_targeted", [True, False])
def test_a_form_carries_its_verb_its_ids_and_who_saw_where_it_was_opened(is_targeted):
    [submit] = content_of(dialog(a_form(), is_targeted=is_targeted))["actions"]
    assert pressed(submit["data"]) == Pressed("huddle.answer", {"run": "412"}, is_targeted=is_targeted)


@pytest.mark.parametrize("name", ["folkmoot", "msteams"])
def test_an_input_that_teams_would_take_for_something_else_is_refused(name):
    with pytest.raises(ValueError, match=f"itself carries {name}; choose other names"):
        with_one(TextInput(name, "Text"))


def test_a_form_that_carries_too_much_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match="keep the words in a row and let the button or form carry its number"):
        dialog(replace(a_form(), ids={"text": "x" * 4001}))


@pytest.mark.parametrize(
    ("input_", "value"),
    [
        (DateInput("x", "Day"), "27 Nov"),
        (DateInput("x", "Day"), "2026-02-30"),
        (DateInput("x", "Day"), "20261127"),
        (TimeInput("x", "Time"), "9:15"),
        (TimeInput("x", "Time"), "24:00"),
        (PersonInput("x", "Person"), "@dana"),
        (PersonInput("x", "Person"), "9"),
        (OneOf("x", "One", DEPARTMENTS), "billing"),
        (SomeOf("x", "Some", DEPARTMENTS), "billing,"),
        (TextInput("x", "Text"), "\x00"),
    ],
)
def test_what_an_input_cannot_hold_is_left_out(input_, value):
    task = with_one(replace(input_, value=value))
    assert "value" not in the_input(task, "x")
    assert values_of(untouched(task)) == {"x": ""}


def test_words_too_long_for_an_input_are_kept_so_that_they_can_be_shortened():
    found = the_input(with_one(TextInput("x", "Text", value="word " * 200, longest=500)), "x")
    assert (len(found["value"]), found["maxLength"]) == (1000, 1000)


def test_several_lines_are_kept_in_an_input_meant_for_one():
    assert the_input(opened(a_form(focus="one\ntwo")), "focus")["isMultiline"] is True


def test_of_two_options_that_stand_for_the_same_the_first_is_shown():
    options = (Option("a", "First"), Option("a", "Second"), Option("b", "Third"))
    assert [each["title"] for each in the_input(with_one(OneOf("x", "One", options)), "x")["choices"]] == [
        "First",
        "Third",
    ]


def test_a_choice_that_may_be_left_out_can_be_let_go_again():
    task = opened(a_form(**FILLED))
    for name, words in (("who", "None of these"), ("person", "Nobody")):
        nothing = the_input(task, name)["choices"][-1]
        assert nothing["title"] == words
        assert values_of(untouched(task) | {name: nothing["value"]})[name] == ""
    assert "None of these" not in read([the_input(task, "mode")])


def test_where_an_option_stands_for_nothing_there_is_no_second_one():
    options = (Option("", "No number"), Option("FTF", "First-time fix"))
    found = the_input(with_one(OneOf("x", "Which?", options, optional=True)), "x")
    assert [each["title"] for each in found["choices"]] == ["No number", "First-time fix"]


def test_options_with_mark_up_are_shown_where_teams_reads_none():
    options = (Option("a", "*Call* centre"), Option("b", "Field"))
    assert the_input(with_one(OneOf("x", "One", options)), "x")["style"] == "compact"
    several = the_input(with_one(SomeOf("x", "Some", options)), "x")
    assert [each["title"] for each in several["choices"]] == ["\\*Call\\* centre", "Field"]


def test_of_very_many_people_some_are_shown_with_how_many_there_are_and_who_was_chosen():
    people = {number: Person(f"Ada {number}", "29:x") for number in range(1, 1001)}
    task = dialog(Form("Form", "v", (PersonInput("x", "Who?", value="900"),)), people=people)
    found = the_input(task, "x")
    assert len(found["choices"]) == PEOPLE_MAX + 1
    assert values_of(untouched(task)) == {"x": "900"}
    assert read(content_of(task)["body"][-1]) == "These are 200 of 1000 people."
    assert size_of(content_of(task)) < 18_000


# --- refused forms


def test_a_refused_form_says_why_above_each_field_and_keeps_what_was_typed():
    task = opened(a_form().refused(FILLED, {"focus": "Please name one thing.", "on": ""}))
    body = content_of(task)["body"]
    focus = next(place for place, each in enumerate(body) if each.get("id") == "focus")
    assert read(body[1]) == "Two things need another look. Everything you typed is still here."
    assert read(body[focus - 1]) == "⚠ Please name one thing."
    assert body[focus - 1]["style"] == "attention"
    assert body[focus]["label"] == "What is the one thing today? (please look again)"
    assert body[focus]["errorMessage"] == "Please name one thing."
    assert the_input(task, "on")["label"] == "Until when? (optional, please look again)"
    assert "⚠ Please look at this once more." in read(body)
    assert values_of(untouched(task)) == FILLED


def test_what_is_said_of_an_input_that_is_not_there_stands_above_all_of_them():
    body = content_of(opened(replace(a_form(), errors={"gone": "It is closed."})))["body"]
    assert [read(each) for each in body[1:3]] == [
        "One thing needs another look. Everything you typed is still here.",
        "⚠ It is closed.",
    ]


# --- what could not be taken


def test_what_could_not_be_taken_is_shown_and_comes_back_as_it_was_typed():
    data = untouched(opened(a_form(**FILLED)))
    again = kept(data, "That took too long.")
    assert again["value"]["title"] == "Not sent yet"
    content = content_of(again)
    shown = read(content)
    assert "⚠ That took too long." in shown
    assert [each for each in [*FILLED["finished"].splitlines(), FILLED["focus"]] if each not in shown] == []
    assert_taken(again)
    [submit] = content["actions"]
    assert submit["title"] == "Send again"
    assert pressed(submit["data"]) == pressed(data)
    assert values_of(submit["data"]) == FILLED


def test_of_very_much_that_was_typed_all_comes_back_even_where_not_all_can_be_shown():
    values = FILLED | {"words": "x" * 9000}
    data = untouched(opened(a_form(**FILLED))) | values
    data["folkmoot"]["fields"]["words"] = "text"
    again = kept(data, "That took too long.")
    assert size_of(again) < 30_000
    assert values_of(content_of(again)["actions"][0]["data"])["words"] == values["words"]


def test_only_what_the_form_asked_for_comes_back():
    data = untouched(opened(a_form(**FILLED))) | {"more": "x", "msteams": {"type": "task/fetch"}}
    [submit] = content_of(kept(data, "Why."))["actions"]
    assert submit["data"].keys() == {"folkmoot", *FILLED}


def test_what_is_no_form_of_ours_is_not_kept():
    with pytest.raises(ValueError, match="not what a button or form of ours carries"):
        kept({"words": "x"}, "Why.")


# --- what comes back


def test_what_a_form_holds_comes_back_when_it_is_sent():
    assert values_of(untouched(opened(a_form(**FILLED)))) == FILLED
    assert values_of(untouched(opened(a_form(**FILLED))), a_form().inputs) == FILLED


def test_what_nobody_filled_in_comes_back_empty():
    assert values_of(untouched(opened(a_form()))) == dict.fromkeys(FILLED, "")


def test_days_and_times_come_back_as_the_bot_writes_them():
    data = untouched(opened(a_form())) | {"on": "2026-11-27T00:00:00Z", "at": "09:15:00"}
    values = values_of(data)
    assert (values["on"], values["at"]) == ("2026-11-27", "09:15")
    assert values_of(data | {"on": "Friday", "at": "noon"})["on"] == "Friday"


@pytest.mark.parametrize("strange", [None, 7, True, ["call"], {"value": "call"}])
def test_what_has_another_type_than_teams_gives_it_is_not_filled_in(strange):
    data = untouched(opened(a_form(**FILLED)))
    assert values_of({name: data["folkmoot"] if name == "folkmoot" else strange for name in data}) == dict.fromkeys(
        FILLED, ""
    )


@pytest.mark.parametrize(
    "data",
    [None, "", [], {}, {"folkmoot": None}, {"folkmoot": {"fields": ["a"]}}, {"folkmoot": {"fields": {7: "text"}}}],
)
def test_data_without_fields_is_read_as_nothing(data):
    assert values_of(data) == {}


def test_only_what_was_asked_comes_back():
    data = untouched(opened(a_form(**FILLED))) | {"msteams": "x", "admin": "yes"}
    data["folkmoot"]["fields"]["msteams"] = "text"
    assert values_of(data) == FILLED
    assert values_of({"admin": "yes", "x": "y"}, (TextInput("x", "Text"),)) == {"x": "y"}


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
            return ""  # hypothesis makes no day, time or person that there is


@given(any_card.form)
def test_teams_takes_any_form_and_gives_back_what_it_holds(form):
    task = opened(form)
    assert_taken(task)
    data = untouched(task)
    assert values_of(data) == values_of(data, form.inputs) == {each.id: held(each) for each in form.inputs}
    assert pressed(data) == Pressed(form.verb, form.ids)


@given(any_card.options.flatmap(lambda options: st.tuples(st.just(options), st.sampled_from(options))), st.booleans())
def test_a_choice_comes_back_whatever_it_stands_for(drawn, is_optional):
    options, chosen = drawn
    assert values_of(untouched(with_one(OneOf("x", "One", options, value=chosen.value, optional=is_optional)))) == {
        "x": chosen.value
    }


@given(st.lists(st.text("a~,.-", max_size=4), min_size=1, max_size=5, unique=True))
def test_several_choices_come_back_whatever_they_stand_for(values):
    task = with_one(SomeOf("x", "Some", tuple(Option(each, "Words") for each in values)))
    every_one = ",".join(each["value"] for each in the_input(task, "x")["choices"])
    assert values_of(untouched(task) | {"x": every_one}) == {"x": ",".join(values)}


@pytest.mark.parametrize("text", HOSTILE)
def test_teams_takes_a_form_whatever_people_write(text):
    task = opened(every_input(text))
    assert_taken(task)
    assert not found_in(content_of(task), "Action.OpenUrl")
    shown = [each["text"] for each in found_in(content_of(task), "TextRun")]
    assert not [each for each in shown if "<at" in each or "{{" in each]


@for_every(sorted(FORMS))
def test_teams_takes_every_form_of_the_product_and_gives_back_what_it_holds(name):
    task = opened(FORMS[name])
    assert_taken(task)
    assert values_of(untouched(task)) == {each.id: each.value for each in FORMS[name].inputs}
