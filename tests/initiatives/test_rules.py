"""Horizons, likeness, money, phases, and what is missing: pure."""

from datetime import date

import pytest

from bot.initiatives.rules import (
    About,
    CharterState,
    Horizon,
    Missing,
    PhaseLine,
    Ready,
    horizon,
    missing,
    money_of,
    overlaps,
    phases_of,
    title_words,
)
from storage.initiatives import Charter, StrategyFrame

TODAY = date(2026, 11, 24)
FRAME = StrategyFrame(
    valid_from=date(2026, 12, 1),
    valid_to=date(2027, 11, 30),
    short_end=date(2027, 2, 28),
    mid_end=date(2027, 11, 30),
)
VISITS = About("Text the customer the visit time", "Visit", 2)


@pytest.mark.req("S3-11")
@pytest.mark.parametrize(
    ("ends_on", "frame", "column"),
    [
        (date(2027, 2, 28), FRAME, Horizon.SHORT),
        (date(2027, 3, 1), FRAME, Horizon.MID),
        (date(2027, 11, 30), FRAME, Horizon.MID),
        (date(2027, 12, 1), FRAME, Horizon.LONG),
        (date(2026, 1, 1), FRAME, Horizon.SHORT),
        (None, FRAME, Horizon.LONG),
        (date(2027, 2, 24), None, Horizon.SHORT),
        (date(2027, 2, 25), None, Horizon.MID),
        (date(2027, 11, 24), None, Horizon.MID),
        (date(2027, 11, 25), None, Horizon.LONG),
    ],
)
def test_an_end_on_a_boundary_counts_to_the_earlier_column(
    ends_on: date | None, frame: StrategyFrame | None, column: Horizon
) -> None:
    assert horizon(ends_on, frame, TODAY) is column


@pytest.mark.req("S0-07")
@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (About("Tell the customer the time", "Visit", 3), True),
        (About("Customer visit photos", "visit ", 3), True),
        (About("Visit photos of the meter", "Visit", 2), False),
        (About("Text the customer the visit time", "Booking", 2), False),
        (About("Text the customer the visit time", "", 2), True),
        (About("Text the customer the visit time", "", 3), False),
        (About("New CRM", "Visit", 2), False),
    ],
)
def test_half_the_words_of_the_shorter_title_at_the_same_stage_look_alike(other: About, alike: bool) -> None:
    assert overlaps(VISITS, other) is alike
    assert overlaps(other, VISITS) is alike


def test_common_words_do_not_count_unless_there_are_no_others() -> None:
    assert title_words("The new CRM for all of us, and more") == {"crm", "all", "us", "more"}
    assert title_words("Over and out") == {"over", "and", "out"}


def a_charter(**changes: object) -> Charter:
    known: dict[str, object] = {
        "objectives": "o", "benefits": "b", "done_when": "d", "budget": 0, "expected_return": 0,
        "state": CharterState.APPROVED,
    }  # fmt: skip
    return Charter.model_validate({"initiative_id": 1, **known, **changes})


READY = Ready(
    a_charter(), phases=1, milestones=1, measures=1, objectives=1, has_owner=True, has_sponsor=True, in_flight=4, most=5
)


def test_a_complete_one_lacks_nothing_and_nought_is_an_answer() -> None:
    assert missing(READY) == []
    assert missing(READY._replace(most=None, in_flight=90)) == []


@pytest.mark.req("S0-01")
@pytest.mark.req("S3-03")
@pytest.mark.parametrize(
    ("ready", "lacks"),
    [
        (READY._replace(charter=None), [Missing.CHARTER]),
        (READY._replace(charter=a_charter(objectives=" ")), [Missing.OBJECTIVES]),
        (READY._replace(charter=a_charter(benefits="")), [Missing.BENEFITS]),
        (READY._replace(charter=a_charter(done_when="")), [Missing.DONE_WHEN]),
        (READY._replace(charter=a_charter(budget=None)), [Missing.BUDGET]),
        (READY._replace(charter=a_charter(expected_return=None)), [Missing.RETURN]),
        (READY._replace(charter=a_charter(state=CharterState.IN_REVIEW)), [Missing.APPROVAL]),
        (READY._replace(phases=0), [Missing.PHASE]),
        (READY._replace(milestones=0), [Missing.MILESTONE]),
        (READY._replace(measures=0), [Missing.MEASURE]),
        (READY._replace(objectives=0), [Missing.OBJECTIVE]),
        (READY._replace(has_owner=False), [Missing.OWNER]),
        (READY._replace(has_sponsor=False), [Missing.SPONSOR]),
        (READY._replace(in_flight=5), [Missing.PLACE]),
        (
            Ready(None, 0, 0, 0, 0, has_owner=False, has_sponsor=False, in_flight=5, most=5),
            [Missing.OWNER, Missing.SPONSOR, Missing.OBJECTIVE, Missing.MEASURE, Missing.CHARTER, Missing.MILESTONE,
             Missing.PLACE],
        ),
    ],
)  # fmt: skip
@pytest.mark.req("INV-12")
def test_each_thing_that_it_lacks_is_named(ready: Ready, lacks: list[Missing]) -> None:
    assert missing(ready) == lacks


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("0", 0), ("£15,000", 1_500_000), ("15000", 1_500_000), ("15k", 1_500_000), ("1.5m", 150_000_000),
        ("12.50", 1250), ("£ 9", 900), ("", None), ("a lot", None), ("-5", None), ("1,50", None),
        ("99999999999999", None), ("٣", None),
    ],
)  # fmt: skip
def test_an_amount_is_kept_in_pence_and_nought_is_one(typed: str, minor: int | None) -> None:
    assert money_of(typed, "GBP") == minor


def test_phases_are_lines_with_what_ends_them() -> None:
    assert phases_of("Pilot: 20 calls\n\nRoll-out: 40 desks: all of them ") == [
        PhaseLine("Pilot", "20 calls"),
        PhaseLine("Roll-out", "40 desks: all of them"),
    ]
    assert phases_of("") == []
    assert phases_of("Pilot") is None
    assert phases_of("Pilot:") is None
    assert phases_of("Pilot: a\npilot: b") is None
    assert phases_of(f"{'x' * 76}: a") is None
