"""Quorum and its forecast by the vectors of domain.md 4.12, the moves of a meeting, and how set-up words are read."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.council import reading, rules
from bot.council.rules import State
from bot.work.rules import Part, moves_from
from storage.councils import Council, Seat
from storage.meetings import Attendance, CouncilMeeting, Presence
from storage.people import Department, Person

ON = date(2026, 11, 1)
TEN = datetime(2026, 12, 3, 10, tzinfo=UTC)
Kind: TypeAlias = Seat.Kind
Rsvp: TypeAlias = Attendance.Rsvp
Customer: TypeAlias = Council.Customer


def a_council(**more: object) -> Council:
    values: dict[str, object] = {
        "id": 1, "name": "CX Council", "rule": "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH", "starts_on": ON,
        "at_time": time(10), "zone": "Europe/London", "quorum": Council.Quorum.MAJORITY, "quorum_number": None,
        "customer": Customer.ADVISORY, "state": Council.State.HELD,
    }  # fmt: skip
    return Council.model_validate(values | more)


def a_seat(number: int, kind: Kind = Kind.VOTING, *, person: int | None = -1, can_decide: bool = True) -> Seat:
    holder = number if person == -1 else person
    return Seat(id=number, council_id=1, person_id=holder, kind=kind, can_decide=can_decide, from_on=ON)


def said(number: int, rsvp: Rsvp, *, deputy: int | None = None, decides: bool = False) -> Attendance:
    return Attendance(
        id=number, meeting_id=1, seat_id=number, person_id=number, rsvp=rsvp, deputy_id=deputy,
        deputy_can_decide=decides,
    )  # fmt: skip


@pytest.mark.parametrize(("filled", "needed"), [(8, 5), (9, 5), (6, 4), (1, 1), (7, 4), (2, 2)])
def test_a_majority_is_more_than_half_of_the_filled_seats(filled: int, needed: int) -> None:
    assert rules.quorum_needed(filled, a_council()) == needed


@pytest.mark.parametrize(("filled", "number", "needed"), [(8, 5, 5), (3, 5, 3), (8, 1, 1), (0, 5, 5)])
def test_a_councils_own_number_is_never_more_than_there_are_seats(filled: int, number: int, needed: int) -> None:
    council = a_council(quorum=Council.Quorum.NUMBER, quorum_number=number)
    assert rules.quorum_needed(filled, council) == needed


@pytest.mark.parametrize(
    ("votes_for", "against", "abstain", "carried"),
    [(4, 2, 1, True), (3, 3, 0, False), (0, 0, 5, False), (6, 1, 0, True)],
)
def test_more_for_than_against_carries(votes_for: int, against: int, abstain: int, *, carried: bool) -> None:
    assert rules.Count(votes_for, against, abstain).is_carried is carried


@pytest.mark.req("S2-10", "S2-31")
@pytest.mark.parametrize(
    ("kind", "customer", "votes"),
    [
        (Kind.VOTING, Customer.ADVISORY, True),
        (Kind.ADVISORY, Customer.VOTING, False),
        (Kind.SUPPLIER_VOTING, Customer.ADVISORY, True),
        (Kind.SUPPLIER_ADVISORY, Customer.ADVISORY, False),
        (Kind.CUSTOMER, Customer.ADVISORY, False),
        (Kind.CUSTOMER, Customer.VOTING, True),
        (Kind.CUSTOMER, Customer.CO_CHAIR, True),
    ],
)
def test_which_seats_vote(kind: Kind, customer: Customer, *, votes: bool) -> None:
    assert rules.is_voting(a_seat(1, kind), a_council(customer=customer)) is votes


@pytest.mark.req("S2-11")
def test_the_forecast_counts_who_said_yes_and_deputies_who_can_decide_each_person_once() -> None:
    seats = [*(a_seat(n) for n in range(1, 9)), a_seat(9, Kind.CUSTOMER), a_seat(10, person=None)]
    answers = {each: said(each, Rsvp.YES) for each in range(1, 7)}
    answers[7] = said(7, Rsvp.DEPUTY, deputy=20, decides=True)
    forecast = rules.forecast(a_council(), seats, answers)
    assert (forecast.present, forecast.filled, forecast.needed, forecast.is_met) == (7, 8, 5, True)
    answers[7] = said(7, Rsvp.DEPUTY, deputy=20)
    answers[8] = said(8, Rsvp.DEPUTY, deputy=1, decides=True)
    assert rules.forecast(a_council(), seats, answers).present == 6


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.booleans()), max_size=30))
def test_who_is_there_counts_the_same_in_whatever_order_they_came(
    arrivals: Sequence[tuple[int, bool, bool]],
) -> None:
    seats = {n: a_seat(n, can_decide=n != 4) for n in range(1, 8)} | {8: a_seat(8, Kind.ADVISORY)}
    rows = {n: said(n, Rsvp.YES) for n in range(1, 9)}
    there = [
        Presence(
            id=place, attendance_id=number, person_id=number, from_at=TEN + timedelta(minutes=place),
            to_at=TEN + timedelta(hours=1) if gone else None,
        )
        for place, (number, gone, _) in enumerate(arrivals, 1)
    ]  # fmt: skip
    found = rules.sitting(a_council(), seats, rows, there)
    backwards = rules.sitting(a_council(), seats, rows, list(reversed(there)))
    quorum = rules.quorum_of(a_council(), seats.values(), found)
    assert [each.person_id for each in found] == [each.person_id for each in backwards]
    still = {number for number, gone, _ in arrivals if not gone and number in seats}
    assert quorum.present == len(still - {4, 8})
    assert quorum.present <= quorum.filled == 7


# --- moves


def test_nobody_but_who_runs_it_or_the_clock_moves_a_meeting_along() -> None:
    known = {Part.CHAIR, Part.SECRETARY, Part.ADMIN, Part.CLOCK}
    assert all(set(move.who) <= known for move in rules.MOVES)


@pytest.mark.parametrize("verb", ["move", "cancel"])
def test_a_meeting_is_moved_or_called_off_only_before_it_begins(verb: str) -> None:
    allowed = {state for state in State if moves_from(rules.MOVES, verb, state)}
    assert allowed == {State.PLANNED, State.CALLING, State.DRAFTED, State.PUBLISHED}


def test_a_run_of_misses_ends_at_the_first_that_was_held() -> None:
    off, held = State.CANCELLED, State.CLOSED
    meetings = [CouncilMeeting(id=n, council_id=1, slot=TEN, starts_at=TEN, state=each) for n, each in enumerate(
        (off, off, held, off)
    )]  # fmt: skip
    assert [each.id for each in rules.missed_run(meetings)] == [0, 1]


# --- what is typed


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("90", 90), ("90 min", 90), ("1h30", 90), ("2 hours", 120), ("1h", 60), ("5", None), ("900", None), ("", None),
        ("x", None),
    ],
)  # fmt: skip
def test_a_length_is_read_in_minutes(typed: str, minutes: int | None) -> None:
    assert reading.length_meant(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("majority", (Council.Quorum.MAJORITY, None)),
        ("", (Council.Quorum.MAJORITY, None)),
        ("5", (Council.Quorum.NUMBER, 5)),
        ("0", None),
        ("99999", None),
        ("most", None),
    ],
)
def test_a_quorum_is_read(typed: str, meant: reading.QuorumMeant | None) -> None:
    assert reading.quorum_meant(typed) == meant


def test_a_seat_of_somebody_from_outside_is_a_suppliers() -> None:
    sam = Person(id=1, name="Sam", zone="Europe/London", is_external=True)
    metering = Department(id=1, name="Metering Ltd", kind=Department.Kind.SUPPLIER)
    assert reading.kind_of(sam, None) is Kind.SUPPLIER_VOTING
    assert reading.kind_of(None, metering) is Kind.SUPPLIER_VOTING
    assert reading.kind_of(None, None) is Kind.VOTING
