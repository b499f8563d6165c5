"""Lines and what becomes of them, typed on Tue 24 Nov 2026."""

import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import Command, UnknownVerb, UnreadableDate, Usage
from bot.chat.dates import Period
from bot.chat.grammar import normalised, read
from tests.support.typed import AMBIGUOUS, TODAY, USAGES, command, reading

plain_words = st.text(string.ascii_letters, min_size=1, max_size=8)
anything = st.text() | st.lists(
    st.sampled_from(
        [
            *["/", "/cx", "/today", "huddle", "away", "agenda", "add", "help", "action", "done", "blocked", "record"],
            *["due:", "due:fri", "owner:@Amy", "mins:5", "Foo:", "dou:", '"', '"Gift cards"', 'due:"18 Dec"', '@"Amy'],
            *["@Amy", "@[U123]", '@"Amy Jones"', "@", "A-104", "b-7", "fri", "03/04", "31", "feb", "78%", "\n", ","],
        ]
    ),
    max_size=8,
).map(" ".join)


@pytest.mark.parametrize("text", ["/agenda", "agenda", "/cx agenda", "/folkmoot agenda", "cx agenda", "/CX /Agenda"])
def test_slash_and_root_name_are_optional(text: str) -> None:
    assert command(text).verb == "agenda"


def test_the_root_names_are_the_callers() -> None:
    found = read("/depot agenda", USAGES, today=TODAY, is_working_day=lambda _: True, roots=("depot",))
    assert isinstance(found, Command)
    assert found.verb == "agenda"


def test_a_slash_makes_a_line_explicit() -> None:
    assert command("/agenda").explicit
    assert not command("agenda").explicit


@pytest.mark.parametrize("text", ["/", "/cx", "/folkmoot "])
def test_a_slash_with_nothing_behind_it_asks_for_help(text: str) -> None:
    assert command(text).verb == "help"


@pytest.mark.parametrize("text", ["", "  ", "cx", "\n"])
def test_nothing_is_no_command(text: str) -> None:
    assert reading(text) is None


def test_case_and_spaces_of_a_verb_do_not_matter() -> None:
    assert command("/AGENDA\u00a0  Add Gift cards").verb == "agenda add"


def test_the_longest_verb_wins() -> None:
    assert command("huddle away").verb == "huddle away"
    assert command("huddle").verb == "huddle"


def test_an_alias_is_read_as_its_verb() -> None:
    assert command("away") == replace(command("huddle away"), text="away")


@pytest.mark.parametrize("verb", ["huddle", "help", "today", "agenda", "back"])
def test_a_verb_alone_is_a_command(verb: str) -> None:
    assert command(verb).text == verb


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("done A-104", Command("action done", "done A-104", codes=("A-104",))),
        (
            "blocked A-104 waiting for parts",
            Command("action block", "blocked A-104 waiting for parts", words="waiting for parts", codes=("A-104",)),
        ),
        ("today", Command("today", "today")),
        (
            "away until mon",
            Command("huddle away", "away until mon", period=Period(TODAY, date(2026, 11, 30))),
        ),
        ("help", Command("help", "help")),
    ],
)
def test_shorthand_needs_no_slash(text: str, expected: Command) -> None:
    assert reading(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Today: fix billing",
        "away from my desk I fixed billing",
        "away 1/2 of the day, then Dana took over",
        "away until further tests pass",
        "help Dana with rota",
        "help agenda huddle",
        "today A-7",
        "today @Amy and @Ben",
        "huddle was good",
        "back at my desk",
        "huddle skip 31 Feb",
        "huddle skip 03/04",
        'agenda add "Gift cards',
        "agenda add prio:P1 Gift cards",
        "Agenda for Thursday",
        "I fixed billing",
        "https://example.org/today",
    ],
)
def test_a_sentence_that_begins_like_a_command_is_none(text: str) -> None:
    assert reading(text) is None


@pytest.mark.parametrize("text", ["today\nfix billing", "away\nuntil mon", "agenda add Gift cards\nand vouchers"])
def test_several_lines_without_a_slash_are_no_command(text: str) -> None:
    assert reading(text) is None


def test_several_lines_with_a_slash_are_read_as_one() -> None:
    assert command("/agenda add Gift cards\nand vouchers\nmins:5").words == "Gift cards and vouchers"


def test_a_verb_that_is_not_plain_needs_a_slash() -> None:
    assert reading("huddle setup Depot at:09:15") is None
    assert command("/huddle setup Depot at:09:15").verb == "huddle setup"


def test_a_period_that_reads_two_ways_is_asked_about_without_a_slash() -> None:
    assert reading("away 03/04") == AMBIGUOUS
    assert reading("/away until 03/04") == AMBIGUOUS


@pytest.mark.parametrize("text", ["away 31 Feb", "today 31 Feb", "agenda 31 Feb"])
def test_a_day_that_no_calendar_has_is_refused_without_a_slash(text: str) -> None:
    assert reading(text) == UnreadableDate("31 Feb")


def test_a_period_that_is_none_is_refused_with_a_slash() -> None:
    assert reading("/away from my desk") == UnreadableDate("from my desk")


def test_no_period_is_today() -> None:
    assert command("/away").period == Period(TODAY, TODAY)


def test_a_period_may_have_people_before_and_behind_it() -> None:
    found = command('/huddle away @Amy, @"Amy Jones" 21 Dec–1 Jan @[U123]')
    assert found.people == ("Amy", "Amy Jones", "[U123]")
    assert found.period == Period(date(2026, 12, 21), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("text", "typed", "nearest"),
    [
        ("/agnda", "agnda", "agenda"),
        ("/agnda add Gift cards", "agnda add", "agenda add"),
        ("/awya until mon", "awya", "away"),
        ("/cx tody", "tody", "today"),
        ("/action", "action", "action add"),
        ("/action dnoe A-104", "action dnoe", "action done"),
        ("/Huddle Awya until mon", "huddle Awya", "huddle away"),
        ("/agenda ad Gift cards", "agenda ad", "agenda add"),
        ("/qqq", "qqq", ""),
        ("/home/amy/list.txt is gone", "home/amy/list.txt", ""),
    ],
)
def test_an_unknown_verb_names_the_nearest_one(text: str, typed: str, nearest: str) -> None:
    assert reading(text) == UnknownVerb(typed, nearest)


def test_without_verbs_every_verb_is_unknown() -> None:
    assert read("/cx", (), today=TODAY, is_working_day=lambda _: True) == UnknownVerb("help", "")


def test_an_unknown_verb_is_repeated_up_to_forty_characters() -> None:
    assert reading("/" + "q" * 5000) == UnknownVerb("q" * 40, "")


def test_the_whole_line_is_kept_as_it_was_read() -> None:
    assert command("  /cx  agenda add “Gift cards” ").text == '/cx agenda add "Gift cards"'


def test_invisible_signs_are_left_out() -> None:
    assert normalised("\ufeff\u200b agenda\u00a0add\u2009Gift\u2060cards\u200b") == "agenda add Giftcards"


@given(anything)
def test_no_text_breaks_the_reader(text: str) -> None:
    reading(text)


@given(anything)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(anything)
def test_a_line_with_a_slash_is_always_answered(text: str) -> None:
    assert reading(f"/{text}") is not None


@given(anything)
def test_a_command_without_a_slash_is_the_same_with_one(text: str) -> None:
    found = reading(text)
    if isinstance(found, Command) and not found.explicit:
        assert reading(f"/{found.text}") == replace(found, text=f"/{found.text}", explicit=True)


@given(anything)
def test_a_command_keeps_its_meaning_when_read_again(text: str) -> None:
    found = reading(text)
    if isinstance(found, Command):
        assert reading(found.text) == found


values = st.text(string.ascii_letters + string.digits + " :/.-äß", max_size=12).map(normalised)
keys = st.dictionaries(st.sampled_from(["due", "owner", "prio", "dod", "reason"]), values)
titles = st.lists(plain_words, min_size=1, max_size=5).map(" ".join)


@given(quoted=titles, keys=keys, first=st.booleans())
def test_what_was_written_as_a_command_reads_back(*, quoted: str, keys: dict[str, str], first: bool) -> None:
    pairs = [f'{key}:"{value}"' for key, value in keys.items()]
    parts = [f'"{quoted}"', *pairs] if first else [*pairs, f'"{quoted}"']
    text = " ".join(["/action add", *parts])
    assert reading(text) == Command("action add", text, quoted=(quoted,), keys=keys, explicit=True)


@given(words=titles, mins=st.integers(min_value=1, max_value=90))
def test_free_words_read_back_as_the_title(words: str, mins: int) -> None:
    assert command(f"/agenda add {words} mins:{mins}").title == words


@given(st.sampled_from(USAGES))
def test_every_name_of_a_verb_reads_as_that_verb(usage: Usage) -> None:
    assert {command(f"/{name}").verb for name in usage.names} == {usage.verb}
