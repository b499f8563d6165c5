"""What stands behind a verb: title, quotes, keys, people, codes, dates, figures; typed on Tue 24 Nov 2026."""

from datetime import date

import pytest

from bot.chat.commands import Misplaced, UnclosedQuote, UnreadableDate
from tests.support.typed import AMBIGUOUS, command, reading


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
    ("text", "codes", "words"),
    [
        ("/action done A-1 duplicate of A-2", ("A-1",), "duplicate of A-2"),
        ("/action done A-1 A-2 both of A-3.", ("A-1", "A-2"), "both of A-3."),
        ("/action done duplicate of A-2", ("A-2",), "duplicate of"),
    ],
)
def test_a_code_at_the_end_belongs_to_the_sentence_where_one_stands_before_it(
    text: str, codes: tuple[str, ...], words: str
) -> None:
    found = command(text)
    assert (found.codes, found.words) == (codes, words)


def test_a_date_or_person_at_the_end_belongs_to_the_sentence_where_one_stands_before_it() -> None:
    found = command("/huddle skip 18 Dec we meet on 31 Feb")
    assert (found.dates, found.words) == ((date(2026, 12, 18),), "we meet on 31 Feb")
    found = command("/action add @Amy calls back @Dana due:fri")
    assert (found.people, found.words) == (("Amy",), "calls back @Dana")


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
