"""On which days somebody works, and what is believed of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people import rules
from bot.ports import Profile
from storage.people import Absence, Account, Person

ENGLAND_AND_WALES = "GB-ENG"
CHRISTMAS, BOXING_DAY_MOVED = date(2026, 12, 25), date(2026, 12, 28)


def ada(
    *, working_days: str = "mon,tue,wed,thu,fri", calendar: str | None = None, name: str = "Ada Lovelace"
) -> Person:
    return Person(id=5, name=name, zone="Europe/London", working_days=working_days, calendar=calendar)


def an_absence(first: date, last: date | None, person_id: int = 5) -> Absence:
    return Absence(person_id=person_id, from_on=first, to_on=last)


@pytest.mark.parametrize(
    "on",
    [
        CHRISTMAS,
        BOXING_DAY_MOVED,  # 26 December 2026 is a Saturday
        date(2027, 1, 1),
        date(2027, 3, 26),  # Good Friday
        date(2027, 3, 29),  # Easter Monday
        date(2027, 5, 3),
        date(2027, 8, 30),
        date(2027, 12, 27),
        date(2027, 12, 28),
    ],
)
def test_england_and_wales_do_not_work_on_their_holidays(on: date) -> None:
    assert rules.holiday(ENGLAND_AND_WALES, on)
    assert not rules.works_on(ada(), on, ENGLAND_AND_WALES)


@pytest.mark.parametrize("on", [date(2026, 12, 24), date(2026, 12, 29), date(2026, 12, 31), date(2027, 1, 4)])
def test_the_days_around_christmas_are_working_days(on: date) -> None:
    assert rules.works_on(ada(), on, ENGLAND_AND_WALES)


def test_scotland_has_holidays_of_its_own() -> None:
    assert rules.holiday("GB-SCT", date(2026, 11, 30))
    assert not rules.holiday(ENGLAND_AND_WALES, date(2026, 11, 30))


def test_a_person_s_own_calendar_decides_for_them() -> None:
    saint_andrew = date(2026, 11, 30)
    assert not rules.works_on(ada(calendar="GB-SCT"), saint_andrew, ENGLAND_AND_WALES)
    assert rules.works_on(ada(calendar="US"), BOXING_DAY_MOVED, ENGLAND_AND_WALES)


def test_without_a_calendar_there_are_no_holidays() -> None:
    assert rules.holiday("", CHRISTMAS) == ""
    assert rules.works_on(ada(), CHRISTMAS, "")


def test_a_day_that_is_not_theirs_is_no_working_day() -> None:
    tuesday = date(2026, 11, 24)
    assert rules.works_on(ada(working_days="mon,tue"), tuesday, ENGLAND_AND_WALES)
    assert not rules.works_on(ada(working_days="mon,wed"), tuesday, ENGLAND_AND_WALES)


def test_holidays_are_known_for_any_year() -> None:
    assert all(rules.holiday(ENGLAND_AND_WALES, date(year, 12, 25)) for year in range(2024, 2040))


@pytest.mark.parametrize(
    ("on", "before"),
    [
        (date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 20)),  # over the weekend
        (date(2026, 12, 29), date(2026, 12, 24)),  # over Christmas
        (date(2027, 3, 30), date(2027, 3, 25)),  # over Easter
    ],
)
def test_the_working_day_before_skips_weekends_and_holidays(on: date, before: date) -> None:
    assert rules.working_day_before(on, ENGLAND_AND_WALES) == before


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2030, 12, 31)))
def test_between_a_day_and_the_working_day_before_nobody_works(on: date) -> None:
    before = rules.working_day_before(on, ENGLAND_AND_WALES)
    between = [before + timedelta(days=n) for n in range(1, (on - before).days)]
    assert before < on
    assert rules.works_on(ada(), before, ENGLAND_AND_WALES)
    assert not any(rules.works_on(ada(), each, ENGLAND_AND_WALES) for each in between)


def test_an_absence_covers_its_first_and_last_day() -> None:
    absence = an_absence(date(2026, 11, 23), date(2026, 11, 27))
    covered = [on for on in (date(2026, 11, day) for day in range(20, 30)) if rules.away([absence], 5, on) is absence]
    assert covered == [date(2026, 11, day) for day in range(23, 28)]


def test_an_absence_without_an_end_goes_on() -> None:
    assert rules.away([an_absence(date(2026, 11, 23), None)], 5, date(2030, 1, 1))
    assert not rules.away([an_absence(date(2026, 11, 23), None)], 5, date(2026, 11, 22))


def test_somebody_else_s_absence_is_not_theirs() -> None:
    assert rules.away([an_absence(date(2026, 11, 23), None, person_id=6)], 5, date(2026, 11, 24)) is None


@pytest.mark.parametrize(("name", "first"), [("Ada Lovelace", "Ada"), ("Ada", "Ada"), ("Ada King Lovelace", "Ada")])
def test_colleagues_call_each_other_by_the_first_name(name: str, first: str) -> None:
    assert rules.first_name(ada(name=name)) == first


# --- what a platform says


def an_account(*, reachable: bool = True) -> Account:
    return Account(person_id=5, install_id=1, external_id="U1", reachable=reachable)


def on_slack(*, active: bool = True, external: bool = False, prefers: str = "slack") -> Person:
    return Person(id=5, name="Ada", zone="Europe/London", active=active, is_external=external, prefers=prefers)


ADA = Profile("U1", "Ada", "Europe/London")
CLOSED = Profile("U1", "Ada", is_active=False)


@pytest.mark.parametrize(
    ("account", "person", "profile", "is_news"),
    [
        (an_account(), on_slack(), ADA, False),
        (an_account(), on_slack(), Profile("U1"), False),
        (an_account(), on_slack(), Profile("U1", "Ada", "Mars/Olympus"), False),
        (an_account(), on_slack(), Profile("U1", "Ada King", "Europe/London"), True),
        (an_account(), on_slack(), Profile("U1", "Ada", "Asia/Tokyo"), True),
        (an_account(), on_slack(), Profile("U1", "Ada", "Europe/London", is_guest=True), True),
        (an_account(), on_slack(), CLOSED, True),
        (an_account(reachable=False), on_slack(active=False), CLOSED, False),
        (an_account(reachable=False), on_slack(active=False), ADA, True),
        (an_account(reachable=False), on_slack(), ADA, False),
        (an_account(), on_slack(active=False, external=True), Profile("U1", "Ada", is_guest=True), False),
        (an_account(), on_slack(prefers="teams"), Profile("U1", "Ada King", "Asia/Tokyo"), False),
        (an_account(), on_slack(prefers="teams"), CLOSED, True),
        (an_account(reachable=False), on_slack(prefers="teams"), ADA, True),
    ],
)
def test_only_what_the_rows_do_not_hold_yet_is_news(
    account: Account, person: Person, profile: Profile, is_news: bool
) -> None:
    assert rules.is_news(account, person, profile, platform="slack") is is_news


def test_a_closed_account_says_nothing_of_whether_somebody_is_a_guest() -> None:
    facts = rules.believed(an_account(), on_slack(external=True), CLOSED, platform="slack")
    assert (facts.is_external, facts.is_active, facts.is_reachable) == (True, False, False)


@pytest.mark.parametrize(
    ("reachable", "active", "is_closed"),
    [(True, True, False), (False, True, False), (True, False, False), (False, False, True)],
)
def test_who_was_only_taken_out_has_no_closed_account(reachable: bool, active: bool, is_closed: bool) -> None:
    assert rules.is_closed(an_account(reachable=reachable), on_slack(active=active)) is is_closed
