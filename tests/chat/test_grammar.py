"""Lines and what becomes of them, typed on Tue 24 Nov 2026."""

import string
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import (
    AmbiguousDate,
    Command,
    Misplaced,
    Problem,
    Rest,
    UnclosedQuote,
    UnknownVerb,
    UnreadableDate,
    Usage,
)
from bot.chat.dates import Period
from bot.chat.grammar import normalised, read

TODAY = date(2026, 11, 24)

USAGES = (
    Usage("help", choices=("agenda", "huddle", "huddle away")),
    Usage("today", dates=True, people=True),
    Usage("huddle"),
    Usage("huddle away", aliases=("away",), rest=Rest.PERIOD, people=True),
    Usage("huddle back", aliases=("back",)),
    Usage("huddle skip", rest=Rest.WORDS, dates=True),
    Usage("huddle setup", rest=Rest.WORDS, keys=("at", "days", "mins"), plain=False),
    Usage("huddle resolve", rest=Rest.WORDS, codes=("B",)),
    Usage("action add", rest=Rest.WORDS, keys=("due", "owner", "prio", "dod", "reason"), people=True),
    Usage("action block", aliases=("blocked",), rest=Rest.WORDS, codes=("A",)),
    Usage("action done", aliases=("done",), rest=Rest.WORDS, codes=("A",)),
    Usage("action list", choices=("mine", "overdue")),
    Usage("agenda", dates=True),
    Usage("agenda add", rest=Rest.WORDS, keys=("item", "mins", "for", "owner")),
    Usage("change rank", codes=("CR", "BT")),
    Usage("measure record", rest=Rest.WORDS, keys=("period",), values=True, dates=True),
)

AMBIGUOUS = AmbiguousDate("03/04", day_first=date(2027, 4, 3), month_first=date(2027, 3, 4))

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


def reading(text: str) -> Command | Problem | None:
    return read(text, USAGES, today=TODAY, is_working_day=lambda on: on.weekday() < 5)


def command(text: str) -> Command:
    found = reading(text)
    assert isinstance(found, Command), found
    return found


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


def test_leading_free_words_are_the_title() -> None:
    found = command("/agenda add Gift card queries mins:5 owner:me")
    assert found.title == "Gift card queries"
    assert found.keys == {"mins": "5", "owner": "me"}


def test_keys_may_stand_before_the_title() -> None:
    assert command("/agenda add mins:5 Gift cards").title == "Gift cards"


def test_a_quoted_text_is_the_title_before_free_words() -> None:
    found = command('/action done A-104 "Photo of the rack" sent today')
    assert found.title == "Photo of the rack"
    assert found.quoted == ("Photo of the rack",)
    assert found.words == "sent today"


@pytest.mark.parametrize("text", ['/agenda add "Gift cards"', "/agenda add “Gift cards”", "/agenda add „Gift cards‟,"])
def test_curly_quotes_are_quotes(text: str) -> None:
    assert command(text).quoted == ("Gift cards",)


def test_a_quote_within_a_word_is_a_sign_like_any_other() -> None:
    assert command('/agenda add A 19" rack for 5"').words == 'A 19" rack for 5"'


def test_a_quoted_text_that_the_verb_does_not_take_is_misplaced() -> None:
    assert reading('/today "Gift cards"') == Misplaced("today", "Gift cards")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ('/agenda add "Gift cards mins:5', "Gift cards mins:5"),
        ('/action add Rack dod:"it runs', "it runs"),
        ('/action add Rack due: "fri', "fri"),
        ('/action add Rack @"Amy Jones', "Amy Jones"),
    ],
)
def test_a_quote_without_an_end_is_told_first(text: str, rest: str) -> None:
    assert reading(text) == UnclosedQuote(rest)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("/huddle setup Depot at:09:15", "at", "09:15"),
        ("/huddle setup Depot AT:09:15, mins:15", "at", "09:15"),
        ("/huddle setup Depot at: 09:15", "at", "09:15"),
        ("/huddle setup Depot days:mon-fri", "days", "mon-fri"),
        ("/huddle setup Depot at:", "at", ""),
        ("/huddle setup Depot at: mins:15", "at", ""),
        ('/action add Rack reason:"no parts: none"', "reason", "no parts: none"),
        ('/action add Rack reason: "no parts"', "reason", "no parts"),
        ("/action add Rack owner:me", "owner", "me"),
        ("/action add Rack owner:@Amy", "owner", "Amy"),
        ('/action add Rack owner:@"Amy Jones"', "owner", "Amy Jones"),
        ("/action add Rack owner: @[U123]", "owner", "[U123]"),
        ("/action add Rack due:fri", "due", "fri"),
        ("/action add Rack due:18 Dec", "due", "18 Dec"),
        ("/action add Rack due: next fri", "due", "next fri"),
        ("/action add Rack due:Fri 18 Dec 2026 prio:P1", "due", "Fri 18 Dec 2026"),
        ("/action add Rack due:31 Feb", "due", "31 Feb"),
        ("/measure record FTF 78% period:18 Dec", "period", "18 Dec"),
        ("/action add due:+5d Rack", "due", "+5d"),
    ],
)
def test_a_key_has_its_value_as_typed(text: str, key: str, value: str) -> None:
    assert command(text).keys[key] == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("/agenda add Gift cards dou:fri", Misplaced("agenda add", "dou:fri")),
        ("/agenda add Gift cards note: later", Misplaced("agenda add", "note:")),
        ("/agenda add Gift cards mins:5 mins:10", Misplaced("agenda add", "mins:10")),
        ("/today due:fri", Misplaced("today", "due:fri")),
        ("/away until:mon", Misplaced("huddle away", "until:mon")),
    ],
)
def test_a_key_that_the_verb_does_not_take_is_misplaced(text: str, problem: Misplaced) -> None:
    assert reading(text) == problem


@pytest.mark.parametrize(
    "words",
    ["Foo: bar", "see https://example.org/a:b?c", "ring 0800:1", "B-7: again", "at 10:30", "so be it :)", "Customers:"],
)
def test_a_colon_in_a_sentence_makes_no_key(words: str) -> None:
    assert command(f"/agenda add {words}").words == words


def test_words_behind_a_value_are_not_added_to_the_title() -> None:
    assert reading("/action add Rack dod:customer says yes") == Misplaced("action add", "says yes")


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("@Amy", "Amy"),
        ("@Amy,", "Amy"),
        ('@"Amy Jones"', "Amy Jones"),
        ("@[U123]", "[U123]"),
        ("@amy.jones.", "amy.jones"),
    ],
)
def test_a_person_is_named_with_an_at_sign(typed: str, person: str) -> None:
    assert command(f"/today {typed} fri").people == (person,)


def test_a_person_amid_the_words_belongs_to_the_sentence() -> None:
    found = command("/action add Call @Amy about billing @Dana due:fri")
    assert found.title == "Call @Amy about billing"
    assert found.people == ("Dana",)


def test_an_address_is_no_person() -> None:
    assert command("/action add Write to amy@example.org").people == ()


def test_a_person_for_whom_the_verb_has_no_place_is_misplaced() -> None:
    assert reading("/agenda @Amy") == Misplaced("agenda", "@Amy")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("/huddle resolve B-7", ("B-7",)),
        ("/huddle resolve b-7, it works again", ("B-7",)),
        ("/huddle resolve it works again B-7", ("B-7",)),
        ("/change rank CR-11 cr-12 BT-2", ("CR-11", "CR-12", "BT-2")),
    ],
)
def test_a_code_is_read_in_either_case(text: str, codes: tuple[str, ...]) -> None:
    assert command(text).codes == codes


def test_a_code_of_another_kind_is_a_word() -> None:
    found = command("/huddle resolve B-7 see A-104")
    assert found.codes == ("B-7",)
    assert found.words == "see A-104"


@pytest.mark.parametrize(
    ("text", "problem"),
    [("/today A-7", Misplaced("today", "A-7")), ("/change rank A-7", Misplaced("change rank", "A-7"))],
)
def test_a_code_for_which_the_verb_has_no_place_is_misplaced(text: str, problem: Misplaced) -> None:
    assert reading(text) == problem


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("/agenda fri", (date(2026, 11, 27),)),
        ("/agenda 18 Dec 2027", (date(2027, 12, 18),)),
        ("/agenda Fri 18 Dec 2026", (date(2026, 12, 18),)),
        ("/agenda 18 Dec 2026-12-21", (date(2026, 12, 18), date(2026, 12, 21))),
        ("/today @Amy next fri", (date(2026, 12, 4),)),
    ],
)
def test_dates_take_as_many_words_as_they_can(text: str, dates: tuple[date, ...]) -> None:
    assert command(text).dates == dates


@pytest.mark.parametrize("text", ["/huddle skip 18 Dec office closed", "/huddle skip office closed 18 Dec"])
def test_a_date_stands_before_or_behind_the_words(text: str) -> None:
    found = command(text)
    assert found.dates == (date(2026, 12, 18),)
    assert found.words == "office closed"


def test_a_date_amid_the_words_belongs_to_the_sentence() -> None:
    found = command("/huddle skip the sun is too hot")
    assert found.words == "the sun is too hot"
    assert found.dates == ()


@pytest.mark.parametrize("text", ["/today banana", "/agenda banana split"])
def test_what_should_be_a_date_is_named(text: str) -> None:
    assert reading(text) == UnreadableDate(text.split(" ", maxsplit=1)[1])


@pytest.mark.parametrize(
    "text", ["/huddle skip 31 Feb office closed", "/huddle skip office closed 31 Feb", "/agenda 31 Feb"]
)
def test_a_day_that_no_calendar_has_is_refused_not_taken_for_words(text: str) -> None:
    assert reading(text) == UnreadableDate("31 Feb")


@pytest.mark.parametrize("text", ["/agenda 03/04", "/huddle skip 03/04 office closed", "today 03/04"])
def test_a_date_that_reads_two_ways_is_asked_about(text: str) -> None:
    assert reading(text) == AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("measure record FTF 78%", ("78%",)),
        ("measure record FTF 78%.", ("78%",)),
        ("measure record FTF 1,200 -3.5", ("1,200", "-3.5")),
        ("measure record 78% fri", ("78%",)),
    ],
)
def test_bare_figures_are_numbers_where_the_verb_takes_them(text: str, numbers: tuple[str, ...]) -> None:
    assert command(text).numbers == numbers


def test_a_figure_amid_the_words_belongs_to_the_sentence() -> None:
    found = command("measure record FTF of 12 vans 78%")
    assert found.words == "FTF of 12 vans"
    assert found.numbers == ("78%",)


@pytest.mark.parametrize(("text", "words"), [("help huddle", "huddle"), ("Help HUDDLE Away", "huddle away")])
def test_a_choice_is_read_in_either_case(text: str, words: str) -> None:
    assert command(text).words == words


@pytest.mark.parametrize("text", ["/action list theirs", "/action list mine overdue"])
def test_anything_but_one_choice_is_misplaced(text: str) -> None:
    assert reading(text) == Misplaced("action list", text.removeprefix("/action list "))


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
