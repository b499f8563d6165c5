"""What the local chat reads from a request."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.local import parse
from adapters.local.parse import Fields, Malformed, fields_of
from adapters.local.rooms import Standing
from bot.ports import Incoming, Press, Sender, Text
from storage.local import LocalRoom, LocalUser

BEN = LocalUser(id="ben", name="Ben", zone="Europe/London")
DIRECT = Standing(BEN, LocalRoom(id="dm-ben", name="Folkmoot", direct_user_id="ben"))
CHANNEL = Standing(BEN, LocalRoom(id="field-dispatch", name="field-dispatch"))

names = st.sampled_from(
    [
        "as",
        "room",
        "text",
        "event",
        "thread",
        "post",
        "verb",
        "ids",
        "press",
        "inputs",
        "v.today",
        "move",
        "speed",
        "show",
    ]
)
values = st.text() | st.sampled_from(
    [
        "ben",
        "dm",
        "e-1",
        "7",
        "-1",
        "9" * 40,
        "{}",
        "[]",
        "null",
        '{"post": {}}',
        "[" * 5000,
        '"\\ud800"',
        "next",
        "hour",
    ]
)
requests = st.lists(st.tuples(names, values), max_size=12).map(fields_of)


def fields(**given: str) -> Fields:
    """A request; `as_` stands for the field `as`."""
    return fields_of((name.rstrip("_"), value) for name, value in given.items())


def said(text: str = "Finish the rota", **more: str) -> Fields:
    return fields(as_="ben", text=text, event="e-1", **({"room": "dm"} | more))


def test_in_direct_messages_every_line_is_for_the_bot():
    assert parse.for_bot("Finish the rota", is_direct=True) == Text("Finish the rota")


def test_people_talk_among_themselves_in_a_channel():
    assert parse.for_bot("Has anybody seen van 12?", is_direct=False) is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/huddle summary", "/huddle summary"),
        ("@Folkmoot help", "help"),
        ("@folkmoot: help", "help"),
        ("Morning @FOLKMOOT, what is open?", "Morning what is open?"),
        ("@Folkmoot", ""),
    ],
)
def test_in_a_channel_a_slash_or_the_bots_name_calls_the_bot(line, told):
    assert parse.for_bot(line, is_direct=False) == Text(told)


@pytest.mark.parametrize(
    "line", ["@Folkmooters unite", "write to help@folkmoot.example", "@@Folkmoot", "Folkmoot is down"]
)
def test_what_only_looks_like_the_bots_name_does_not_call_it(line):
    assert parse.for_bot(line, is_direct=False) is None


@given(st.text().filter(lambda text: "folkmoot" not in text.casefold()))
def test_a_line_reaches_the_bot_as_it_was_typed(line):
    told = parse.for_bot(line, is_direct=True)
    assert told is not None
    assert told.text == (line if line.startswith("/") else line.strip())


def test_only_a_command_in_a_channel_is_hidden_from_the_others():
    assert parse.stays_hidden("/huddle away", is_direct=False)
    assert not parse.stays_hidden("/huddle away", is_direct=True)
    assert not parse.stays_hidden("@Folkmoot help", is_direct=False)


def test_line_ends_become_plain_and_signs_that_cannot_be_stored_go():
    assert parse.cleaned("one\r\ntwo\rthree\tfour\x00\x1b\ud800") == "one\ntwo\nthree\tfour"


def test_dm_is_short_for_ones_direct_messages():
    assert parse.said(said()).room_id == "dm-ben"
    assert parse.said(said(room="field")).room_id == "field"


def test_a_reply_names_its_thread():
    assert (parse.said(said(thread="12")).thread_of, parse.said(said()).thread_of) == (12, 0)


@pytest.mark.parametrize(
    ("request_fields", "words"),
    [
        (said(" \n "), "nothing to send"),
        (said("x" * 12_001), "12,001 characters"),
        (said(thread="first"), "'thread' takes a number"),
        (fields(text="Hello", room="dm", event="e-1"), "'as' is missing"),
        (fields(text="Hello", as_="ben", event="e-1"), "'room' is missing"),
        (fields(text="Hello", as_="ben", room="dm"), "'event' is missing"),
        (fields(text="Hello", as_="ben", room="dm", event="e 1"), "'event' takes up to"),
    ],
)
def test_a_line_that_cannot_be_taken_is_refused_with_the_reason(request_fields, words):
    with pytest.raises(Malformed, match=words):
        parse.said(request_fields)


def test_a_press_reads_the_same_from_its_button_as_from_single_fields():
    ids = {"run": "412", "text": 'say "hello"'}
    packed = json.dumps({"post": 7, "verb": "huddle.answer", "ids": ids})
    from_button = parse.pressed(fields(as_="ben", event="e-1", press=packed))
    single = fields(as_="ben", event="e-1", post="7", verb="huddle.answer", ids=json.dumps(ids))
    assert from_button == parse.pressed(single)
    assert (from_button.post_id, from_button.press) == (7, Press("huddle.answer", ids))


def test_a_button_cannot_say_who_pressed_it():
    packed = json.dumps({"as": "dana", "event": "other", "post": 7, "verb": "done"})
    pressed = parse.pressed(fields(as_="ben", event="e-1", press=packed))
    assert (pressed.user_id, pressed.event_id) == ("ben", "e-1")


@pytest.mark.parametrize("ids", ["[1]", "5", "null", "{", "run=1"])
def test_ids_are_a_json_object(ids):
    with pytest.raises(Malformed, match="takes a JSON object"):
        parse.pressed(fields(as_="ben", event="e-1", post="7", verb="done", ids=ids))


def test_a_form_gives_its_values_by_input_and_joins_several_choices():
    sent = parse.submitted(
        fields_of(
            [
                *(
                    ("as", "ben"),
                    ("room", "dm"),
                    ("event", "e-1"),
                    ("verb", "huddle.answer"),
                    ("ids", '{"run": "412"}'),
                ),
                *(
                    ("inputs", "today,asked,missed"),
                    ("v.today", "one\r\ntwo"),
                    ("v.asked", "call"),
                    ("v.asked", "field"),
                ),
            ]
        )
    )
    assert dict(sent.submission.values) == {"today": "one\ntwo", "asked": "call,field", "missed": ""}
    assert (sent.room_id, sent.submission.verb, sent.submission.ids) == ("dm-ben", "huddle.answer", {"run": "412"})


@pytest.mark.parametrize(
    ("given", "move"),
    [
        ({"move": "next", "speed": "60"}, None),
        ({"move": "hour"}, timedelta(hours=1)),
        ({"move": "day"}, timedelta(days=1)),
        ({"speed": "0"}, 0),
        ({"speed": "600"}, 600),
    ],
)
def test_time_moves_by_a_step_or_runs_at_a_speed(given, move):
    assert parse.moved(fields(**given)) == move


@pytest.mark.parametrize("given", [{}, {"move": "week"}, {"speed": "7"}, {"speed": "-1"}])
def test_time_moves_in_no_other_way(given):
    with pytest.raises(Malformed, match="time moves by"):
        parse.moved(fields(**given))


def test_one_looks_at_ones_direct_messages_with_a_channel_beside():
    at = parse.look(fields(), user_id="ben", room="", beside_id="field")
    assert (at.room_id, at.beside_id, at.latest) == ("dm-ben", "field", parse.LATEST)


def test_no_room_stands_beside_itself():
    assert parse.look(fields(), user_id="ben", room="field", beside_id="field").beside_id == ""


def test_the_page_shows_a_bounded_number_of_posts():
    asked = [
        parse.look(fields(show=show), user_id="ben", room="dm", beside_id="").latest for show in ("1", "300", "99999")
    ]
    assert asked == [parse.LATEST, 300, parse.LATEST_MAX]


def test_a_form_leads_back_to_the_page_it_stood_on():
    carried = fields(as_="ben", room="field", main="dm-ben", beside="field", show="200", text="Hello")
    assert parse.page_fields(carried) == fields(as_="ben", room="dm-ben", beside="field", show="200")


def test_the_bot_learns_who_acted_where():
    told = Text("help")
    assert parse.incoming(DIRECT, told, "e-1") == Incoming(
        "local", "local", "e-1", "dm-ben", True, Sender("ben", "Ben", "Europe/London"), told
    )
    in_channel = parse.incoming(CHANNEL, told, "e-2")
    assert (in_channel.is_direct, in_channel.conversation, in_channel.room_name) == (
        False,
        "field-dispatch",
        "field-dispatch",
    )


@pytest.mark.parametrize("read", [parse.said, parse.pressed, parse.submitted, parse.moved])
@given(request_fields=requests)
def test_any_request_is_read_or_refused_in_words(read, request_fields):
    with suppress(Malformed):
        read(request_fields)


@given(st.binary(max_size=400))
def test_any_body_is_read_or_refused_in_words(body):
    with suppress(Malformed):
        assert all(parse.cleaned(value) == value for _, value in parse.body_fields(body).pairs)
