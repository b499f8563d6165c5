"""How old a blocker is, when it goes up, which two are the same, and what counts as none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blockers import rules
from bot.people.rules import holiday
from storage.blockers import Blocker
from tests.support.huddle_rows import a_blocker

days = st.dates(min_value=date(2025, 1, 1), max_value=date(2028, 12, 31))


def works(on: date) -> bool:
    """Monday to Friday in England and Wales."""
    return on.weekday() < 5 and not holiday("GB-ENG", on)


@pytest.mark.req("S3-28")
@pytest.mark.parametrize(
    ("start", "end", "age"),
    [
        (date(2026, 11, 27), date(2026, 11, 30), 1),  # Friday to Monday
        (date(2026, 11, 27), date(2026, 11, 28), 0),  # Friday to Saturday
        (date(2026, 12, 24), date(2026, 12, 29), 1),  # 25 and 28 December are holidays
        (date(2026, 12, 2), date(2026, 12, 9), 5),  # a week
        (date(2026, 12, 2), date(2026, 12, 2), 0),  # the same day
    ],
)
def test_age_is_counted_in_working_days(start: date, end: date, age: int) -> None:
    assert rules.age(start, end, works) == age


@given(days, st.integers(min_value=0, max_value=60), st.integers(min_value=0, max_value=60))
def test_ages_add_up(start: date, first: int, second: int) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    assert rules.age(start, middle, works) + rules.age(middle, end, works) == rules.age(start, end, works)


@given(days, st.integers(min_value=0, max_value=60))
def test_nothing_is_older_than_its_days(start: date, number: int) -> None:
    assert 0 <= rules.age(start, start + timedelta(days=number), works) <= number


def test_a_day_before_the_start_has_no_age() -> None:
    assert rules.age(date(2026, 12, 9), date(2026, 12, 2), works) == 0


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            " ",
            "-",
            "--",
            "–",
            "—",
            "/",
            ".",
            "...",
            "0",
            "no",
            "No",
            "NO",
            "no.",
            "No!",
            "nope",
            "nah",
            "none",
            "None.",
        ],
        *["nothing", "Nothing.", "nil", "na", "n/a", "N/A", "n.a.", "nowt", "not really", "No, not really"],
        *["no blockers", "No blocker.", "no obstacles", "no problems", "no issues", "No, nothing", "nothing today"],
        *["No blockers today", "Nothing in my way", "nothing in the way", "nothing at all", "nothing, really"],
        *["Nothing to report", "None today", "not today", "all good", "All good, thanks", "All clear", "all fine"],
        *[
            "I'm good",
            "I’m good",
            "im good",
            "We're good",
            "we’re fine",
            "Nothing at the moment",
            "no thanks",
            "No, thank you",
        ],
        *["  no  ", "no\n", "Nothing\tin  my way"],
    ],
)
def test_every_way_of_saying_that_nothing_is_in_the_way(text: str) -> None:
    assert rules.says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "3 of 8 jobs had no fault details",
        "No fault details for Mill Lane",
        "nothing works on van 12",
        "No meter seals",
        "none of the keys fit",
        "not sure who has the keys",
        "Nobody answers at Metering Ltd",
        "0 seals left",
        "?",
        "B-7",
        "All good people are on holiday",
        "no, but the van is late",
    ],
)
def test_what_is_in_the_way_is_not_taken_for_nothing(text: str) -> None:
    assert not rules.says_nothing(text)


@given(st.text(max_size=30))
def test_case_and_spaces_change_nothing(text: str) -> None:
    assert rules.says_nothing(f"  {text}\n") == rules.says_nothing(text)


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (Blocker.State.RAISED, True),
        (Blocker.State.ACKNOWLEDGED, True),
        (Blocker.State.RESOLVED, False),
    ],
)
def test_a_blocker_is_open_until_it_is_solved(state: Blocker.State, *, is_open: bool) -> None:
    assert rules.is_open(a_blocker(state=state)) is is_open


# --- going up


@pytest.mark.req("S3-28")
@pytest.mark.parametrize(
    ("age_days", "usual", "stopped"), [(0, 0, 2), (1, 1, 3), (2, 1, 3), (3, 2, 3), (4, 2, 3), (5, 3, 3), (60, 3, 3)]
)
def test_age_decides_how_far_it_has_to_go_up(age_days: int, usual: int, stopped: int) -> None:
    assert rules.due_tier(age_days, customer_stopped=False) == usual
    assert rules.due_tier(age_days, customer_stopped=True) == stopped


@pytest.mark.parametrize(
    ("told", "age_days", "expected"),
    [(0, 0, None), (0, 1, 1), (0, 9, 1), (1, 1, None), (1, 2, None), (1, 3, 2), (1, 9, 2), (2, 4, None), (2, 5, 3),
     (3, 99, None)],
)  # fmt: skip
def test_it_goes_up_one_tier_after_the_other(told: int, age_days: int, expected: int | None) -> None:
    blocker = a_blocker()
    blocker.told_tier = told
    assert rules.next_tier(blocker, age_days, date(2026, 12, 1)) == expected


def test_it_goes_up_once_a_day_unless_a_customer_is_without_service() -> None:
    today = date(2026, 12, 1)
    blocker = a_blocker()
    blocker.told_tier, blocker.told_on = 1, today
    assert rules.next_tier(blocker, 9, today) is None
    assert rules.next_tier(blocker, 9, today + timedelta(days=1)) == 2
    blocker.customer_stopped = True
    assert rules.next_tier(blocker, 0, today) == 2


def test_what_is_solved_goes_nowhere() -> None:
    assert rules.next_tier(a_blocker(state=Blocker.State.RESOLVED), 9, date(2026, 12, 1)) is None


@pytest.mark.parametrize(
    ("raised_on", "expected"),
    [
        (date(2026, 11, 24), ["25 Nov", "27 Nov", "01 Dec"]),
        (date(2026, 12, 24), ["29 Dec", "31 Dec", "05 Jan"]),  # Christmas, Boxing Day on Monday, New Year
        (date(2026, 11, 28), ["30 Nov", "02 Dec", "04 Dec"]),  # a Saturday
    ],
)
def test_when_it_goes_up_is_known_when_it_is_raised(raised_on: date, expected: list[str]) -> None:
    first = rules.nth_working_day(raised_on, 1, works)
    ways = list(rules.ways_up(a_blocker(raised_on=raised_on), first, works))
    assert [tier for tier, _ in ways] == [1, 2, 3]
    assert [f"{on:%d %b}" for _, on in ways] == expected


@given(days, st.booleans())
def test_what_is_said_of_the_way_up_is_what_happens(raised_on: date, stopped: bool) -> None:
    blocker = a_blocker(raised_on=raised_on, customer_stopped=stopped)
    if stopped:
        blocker.told_tier, blocker.told_on = 2, raised_on
    foretold = list(rules.ways_up(blocker, rules.nth_working_day(raised_on, 1, works), works))
    happened = []
    for on in (raised_on + timedelta(days=n) for n in range(1, 30)):
        tier = rules.next_tier(blocker, rules.age(raised_on, on, works), on) if works(on) else None
        if tier is not None:
            happened.append((tier, on))
            blocker.told_tier, blocker.told_on = tier, on
    assert foretold == happened


@pytest.mark.parametrize(
    ("resolved_on", "today", "expected"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), True),
        (date(2026, 11, 24), date(2026, 12, 1), True),
        (date(2026, 11, 24), date(2026, 12, 2), False),
        (date(2026, 12, 24), date(2027, 1, 5), True),
        (date(2026, 12, 24), date(2027, 1, 6), False),
    ],
)
def test_it_can_be_opened_again_within_five_working_days(resolved_on: date, today: date, expected: bool) -> None:
    assert rules.may_reopen(resolved_on, today, works) is expected


# --- what looks alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Van 12 is out of meter seals", "van 12 is out of meter seals."),
        ("Van 12 is out of meter seals", "Still waiting for meter seals for van 12"),
        ("3 of 8 jobs had no fault details", "2 of 6 jobs had no fault details again"),
        ("10% of jobs had no fault details", "No fault details for 15 % of jobs"),
        ("The booking system is down", "booking system down"),
        ("Straße gesperrt", "STRASSE GESPERRT"),
    ],
)
def test_these_read_much_the_same(one: str, other: str) -> None:
    assert rules.alike(one, other)
    assert rules.alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Van 12 is out of meter seals", "Van 14 is out of meter seals"),
        ("Van 12 is out of meter seals", "The booking system is down"),
        ("The van", "The system"),
        ("No keys for Mill Lane", "No plan for the training room"),
        ("Waiting", "Waiting for Billing to answer"),
    ],
)
def test_these_do_not(one: str, other: str) -> None:
    assert not rules.alike(one, other)
    assert not rules.alike(other, one)


@given(st.text(), st.text())
def test_which_comes_first_does_not_matter(one: str, other: str) -> None:
    assert rules.alike(one, other) == rules.alike(other, one)
    assert rules.alike(one, one)
