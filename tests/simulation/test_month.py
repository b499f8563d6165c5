"""What holds for a month of forty people holds for one of their weeks, and the page says what was counted."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.simulation.counting import BUDGET, DIGEST, Month, Sent
from tests.simulation.forty import NAMES
from tests.simulation.month import simulated
from tests.simulation.report import page

TUESDAY, WEDNESDAY = date(2026, 11, 10), date(2026, 11, 11)
NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.req("S4-12")
async def test_in_a_week_nobody_gets_more_than_the_budget_or_anything_in_quiet_hours(sqlite_url: str) -> None:
    """With a Tuesday on which one person is asked to do nine things, and the weekly of that week."""
    week = await simulated(sqlite_url, begins_on=WEDNESDAY - timedelta(days=2), days=6)
    asked = Counter((each.person, each.local.date()) for each in week.sent if each.view == "huddle.prompt")
    assert set(asked.values()) == {1}
    assert {who for who, _ in asked} == set(NAMES)
    assert max(week.counted.values()) == week.counted["Zoe", TUESDAY] == BUDGET
    digests = [(each.person, each.local.date()) for each in week.sent if each.view == DIGEST]
    assert ("Zoe", TUESDAY) in digests
    assert {week.counted[each] for each in digests} == {BUDGET}
    assert {"day.plan", "action.card", "action.news", "weekly.ask"} <= {each.view for each in week.sent if each.counts}
    assert week.over_budget == []
    assert week.in_quiet == []


def a_message(view: str = "action.card", *, person: str = "Amy", is_reply: bool = False, is_quiet: str = "") -> Sent:
    return Sent(person, view, NOON, is_reply=is_reply, is_urgent=False, is_quiet=is_quiet)


def a_month(*sent: Sent) -> Month:
    return Month(begins_on=WEDNESDAY, days=1, sent=sent, rooms=0, seed=7)


def test_a_day_with_one_message_too_many_is_found() -> None:
    uncounted = [a_message("huddle.prompt"), a_message("huddle.nudge"), a_message("quiet.digest")]
    fine = a_month(*[a_message()] * BUDGET, *uncounted, a_message(is_reply=True))
    assert fine.over_budget == []
    assert a_month(*fine.sent, a_message()).over_budget == [("Amy", WEDNESDAY, BUDGET + 1)]


def test_a_message_in_quiet_hours_is_found_and_a_question_or_an_answer_may_come() -> None:
    late = a_message(is_quiet="quiet hours")
    assert a_month(
        late, a_message("huddle.prompt", is_quiet="away"), a_message(is_reply=True, is_quiet="away")
    ).in_quiet == [late]


def test_the_page_counts_by_kind_and_by_person() -> None:
    words = page(a_month(a_message("huddle.prompt"), a_message("huddle.prompt", person="Ben"), a_message()))
    assert "| huddle questions | 2 | 2 | 1 | not counted |" in words
    assert "| action to take on or to check | 1 | 1 | 1 |  |" in words
    assert "| Amy | 2 | 1 | 0 | 0 | 0 | 1 | 1 |" in words
    assert "nobody got more than 1 in a day" in words
