"""The rules of a running meeting, without a database: its route, its clock, its quorum, what is proposed at its end."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meeting import rules
from bot.meeting.rules import Open, Outcome, Stop
from storage.agenda import AgendaItem, AgendaSection
from storage.councils import Council, Seat
from storage.meetings import AgendaTime, Attendance, Presence

TEN = datetime(2026, 12, 3, 10, tzinfo=UTC)
COUNCIL = Council(id=1, name="CX Council", rule="", starts_on=date(2026, 11, 1), at_time=TEN.time(), zone="UTC")
State, Kind, Purpose = AgendaItem.State, AgendaItem.Kind, AgendaItem.Purpose


def after(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def an_item(number: int, section: int, seq: int, **more: object) -> AgendaItem:
    values: dict[str, object] = {"state": State.PUBLISHED, "kind": Kind.ITEM, "consent": False, "deferrals": 0}
    own = {"id": number, "section": section, "seq": seq, "title": f"Item {number}", "council_id": 1, "meeting_id": 1}
    return AgendaItem.model_validate(own | values | more)


def a_stretch(section: int, begins: float, ends: float | None, item: int | None = None) -> AgendaTime:
    until = None if ends is None else after(ends)
    return AgendaTime(meeting_id=1, section=section, item_id=item, from_at=after(begins), to_at=until)


# --- the route


def test_a_meeting_opens_sections_that_hold_something_and_always_the_first_and_the_last() -> None:
    items = [an_item(1, 7, 1), an_item(2, 7, 2, state=State.DECIDED), an_item(3, 7, 3), an_item(4, 1, 2, consent=True)]
    stops = rules.route(items, {3})
    assert stops == [Stop(1), Stop(3), Stop(7, 1, 1), Stop(7, 3, 3), Stop(9)]
    assert rules.following(stops, Stop(1)) == Stop(3)
    assert rules.following(stops, Stop(5)) == Stop(7, 1, 1)  # from a section that was opened though it is empty
    assert rules.following(stops, Stop(9)) is None


def test_a_consent_item_that_was_pulled_is_called_up() -> None:
    assert Stop(1, 2, 4) in rules.route([an_item(4, 1, 2, kind=Kind.MINUTES)], ())


def test_reports_go_with_their_section() -> None:
    assert rules.route([an_item(4, 3, 1, kind=Kind.REPORT)], {3}) == [Stop(1), Stop(3), Stop(9)]


@given(st.sets(st.integers(1, 9)), st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), unique=True))
def test_next_visits_every_stop_once_and_in_order(filled: set[int], places: list[tuple[int, int]]) -> None:
    items = [an_item(number, section, seq) for number, (section, seq) in enumerate(places, 1)]
    stops = rules.route(items, filled)
    walked, at = [], Stop(0)
    while (found := rules.following(stops, at)) is not None:
        walked.append(found)
        at = found
    assert walked == sorted(stops)
    assert {each.item_id for each in walked} - {None} == {each.id for each in items}


# --- the clock


def test_the_clock_speaks_at_four_fifths_and_at_the_end() -> None:
    section = AgendaSection(meeting_id=1, section=3, minutes=20, extended_min=0)
    clock = rules.clock_of(section, [a_stretch(1, 0, 10), a_stretch(3, 25, None)])
    assert clock is not None
    assert (clock.warns_at, clock.up_at) == (after(41), after(45))
    assert (clock.minutes_left(after(41)), clock.minutes_left(after(44.5)), clock.minutes_left(after(46))) == (4, 1, 0)
    assert not clock.is_up(after(44.9))
    assert clock.is_up(after(45))


def test_a_recess_moves_the_clock_and_so_do_more_minutes() -> None:
    section = AgendaSection(meeting_id=1, section=3, minutes=10, extended_min=5)
    clock = rules.clock_of(section, [a_stretch(3, 0, 6), a_stretch(3, 20, None)])
    assert clock is not None
    assert (clock.warns_at, clock.up_at) == (after(26), after(29))


def test_no_clock_runs_in_a_recess_or_without_minutes() -> None:
    section = AgendaSection(meeting_id=1, section=3, minutes=10, extended_min=0)
    assert rules.clock_of(section, [a_stretch(3, 0, 6)]) is None
    assert (
        rules.clock_of(AgendaSection(meeting_id=1, section=3, minutes=0, extended_min=0), [a_stretch(3, 0, None)])
        is None
    )


def test_a_meeting_is_late_by_what_its_plan_still_takes() -> None:
    rows = [AgendaSection(meeting_id=1, section=each, minutes=10, extended_min=0) for each in range(1, 10)]
    stops = [Stop(1), Stop(3), Stop(9)]
    to_come = rules.still_to_come(rows, [a_stretch(1, 0, None)], stops, current=1, now=after(4))
    assert to_come == timedelta(minutes=26)
    assert rules.late_by(after(30), after(4), to_come) == 0
    assert rules.late_by(after(25), after(4), to_come) == 5


def test_actual_minutes_are_those_of_the_stretches() -> None:
    times = [a_stretch(7, 0, 10), a_stretch(7, 10, 22, item=5), a_stretch(8, 30, None)]
    assert rules.spent(times, after(40), section=7) == timedelta(minutes=22)
    assert rules.spent(times, after(40), section=7, item_id=5) == timedelta(minutes=12)
    assert rules.spent(times, after(40), section=8) == timedelta(minutes=10)
    assert rules.in_recess(times) == timedelta(minutes=8)


# --- the quorum, whoever comes and goes


def a_table(deputies: Sequence[tuple[int, bool]]) -> tuple[list[Seat], list[Attendance]]:
    """Eight voting seats of people 1 to 8, and the customer's; a deputy of seat n is person 100 + n."""
    kinds = [Seat.Kind.VOTING] * 8 + [Seat.Kind.CUSTOMER]
    seats = [
        Seat(id=n, council_id=1, person_id=n, kind=kind, can_decide=True, from_on=date(2026, 11, 1))
        for n, kind in enumerate(kinds, 1)
    ]
    sent = dict(deputies)
    rows = [
        Attendance(
            id=10 + n, meeting_id=1, seat_id=n, person_id=n, deputy_id=100 + n if n in sent else None,
            deputy_can_decide=sent.get(n, False),
        )
        for n in range(1, 10)
    ]  # fmt: skip
    return seats, rows


@pytest.mark.req("S2-11")
def test_the_quorum_is_met_with_the_fifth_of_eight_in_every_order_of_arrival() -> None:
    seats, rows = a_table([])
    for order in permutations(range(1, 6)):
        come = [
            Presence(id=at, meeting_id=1, attendance_id=10 + each, person_id=each, from_at=after(at))
            for at, each in enumerate(order)
        ]
        history = rules.quorum_history(COUNCIL, seats, rows, come, needed=5)
        assert [quorum.present for _, quorum in history] == [1, 2, 3, 4, 5]
        assert [quorum.is_met for _, quorum in history] == [False] * 4 + [True]
        assert rules.since(history) == after(4)


visits = st.lists(
    st.tuples(st.integers(1, 9), st.booleans(), st.integers(0, 50), st.one_of(st.none(), st.integers(1, 50))),
    max_size=14,
)


@pytest.mark.req("S2-11")
@given(visits, st.sets(st.integers(1, 8)), st.sets(st.integers(1, 8)))
def test_the_quorum_counts_seats_and_no_deputy_without_authority(
    came: list[tuple[int, bool, int, int | None]], sent: set[int], may_decide: set[int]
) -> None:
    seats, rows = a_table([(each, each in may_decide) for each in sent])
    presences = [
        Presence(
            id=number, meeting_id=1, attendance_id=10 + seat, person_id=100 + seat if is_deputy else seat,
            from_at=after(begins), to_at=None if stays is None else after(begins + stays),
        )
        for number, (seat, is_deputy, begins, stays) in enumerate(_one_at_a_time(came, sent), 1)
    ]  # fmt: skip
    for at, quorum in rules.quorum_history(COUNCIL, seats, rows, presences, needed=5):
        there = [each for each in presences if each.from_at <= at and (each.to_at is None or each.to_at > at)]
        counting = {
            each.attendance_id - 10
            for each in there
            if each.attendance_id != 19 and (each.person_id < 100 or each.attendance_id - 10 in may_decide)
        }
        assert quorum.present == len(counting)
        assert quorum.is_met is (len(counting) >= 5)


def _one_at_a_time(
    came: list[tuple[int, bool, int, int | None]], sent: set[int]
) -> list[tuple[int, bool, int, int | None]]:
    """A seat has one person at a time: who comes to a seat that is taken ends the other's stay."""
    kept: dict[int, list[tuple[int, bool, int, int | None]]] = {}
    for seat, is_deputy, begins, stays in sorted(came, key=lambda each: each[2]):
        if is_deputy and seat not in sent:
            continue
        mine = kept.setdefault(seat, [])
        if mine and mine[-1][2] == begins:
            continue
        if mine and (mine[-1][3] is None or mine[-1][2] + mine[-1][3] > begins):
            mine[-1] = (*mine[-1][:3], begins - mine[-1][2])
        mine.append((seat, is_deputy, begins, stays))
    return [each for mine in kept.values() for each in mine]


def test_one_person_counts_for_one_seat() -> None:
    seats, rows = a_table([])
    rows[1].deputy_id, rows[1].deputy_can_decide = 1, True
    both = [
        Presence(id=1, meeting_id=1, attendance_id=11, person_id=1, from_at=TEN),
        Presence(id=2, meeting_id=1, attendance_id=12, person_id=1, from_at=TEN),
    ]
    assert rules.quorum_history(COUNCIL, seats, rows, both, needed=5)[-1][1].present == 1


def test_who_came_in_person_was_present_and_who_said_no_sent_apologies() -> None:
    _, rows = a_table([(6, True)])
    came = [
        Presence(id=1, meeting_id=1, attendance_id=16, person_id=106, from_at=TEN, to_at=after(5)),
        Presence(id=2, meeting_id=1, attendance_id=11, person_id=1, from_at=TEN),
    ]
    rows[1].rsvp = Attendance.Rsvp.NO
    status = Attendance.Status
    found = [rules.status_at_end(each, came) for each in (rows[0], rows[1], rows[2], rows[5])]
    assert found == [status.PRESENT, status.APOLOGIES, status.ABSENT, status.DEPUTY]
    came.append(Presence(id=3, meeting_id=1, attendance_id=16, person_id=6, from_at=after(5)))
    assert rules.status_at_end(rows[5], came) is status.PRESENT


# --- what is proposed at the end


@pytest.mark.req("S2-15")
@pytest.mark.parametrize(
    ("open_item", "proposed"),
    [
        (Open(an_item(1, 7, 1, purpose=Purpose.DECISION)), Outcome.DEFERRED),
        (Open(an_item(1, 7, 1, purpose=Purpose.DECISION, state=State.IN_DISCUSSION)), Outcome.DEFERRED),
        (Open(an_item(1, 7, 1, purpose=Purpose.INFORMATION)), Outcome.NOTED),
        (Open(an_item(1, 7, 1, purpose=Purpose.DISCUSSION)), Outcome.DEFERRED),
        (Open(an_item(1, 7, 1, purpose=Purpose.DISCUSSION, state=State.IN_DISCUSSION)), Outcome.NOTED),
        (Open(an_item(1, 7, 1, purpose=Purpose.INFORMATION), needs_owner=True), Outcome.DEFERRED),
        (Open(an_item(1, 7, 1, purpose=Purpose.DECISION), must_choose=True, can_hand_over=True), Outcome.ACTIONED),
        (Open(an_item(1, 7, 1, purpose=Purpose.DECISION), must_choose=True), None),
    ],
)
def test_each_open_item_has_a_proposal_unless_somebody_has_to_choose(open_item: Open, proposed: Outcome | None) -> None:
    assert open_item.proposed is proposed
    assert proposed is None or open_item.choices[0] is proposed


@pytest.mark.req("S2-15")
@given(
    st.sampled_from(Purpose), st.sampled_from([State.PUBLISHED, State.IN_DISCUSSION]), st.booleans(), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_the_third_time_nothing_is_put_off_and_nothing_is_closed_without_an_owner(
    purpose: AgendaItem.Purpose, state: AgendaItem.State, must_choose: bool, needs_owner: bool, can_hand_over: bool
) -> None:
    one = Open(an_item(1, 7, 1, purpose=purpose, state=state), must_choose, needs_owner, can_hand_over)
    assert one.proposed is None or one.proposed in one.choices
    if must_choose:
        assert not {Outcome.DEFERRED, Outcome.PARKED} & set(one.choices)
    if needs_owner:
        assert not {Outcome.NOTED, Outcome.DROPPED} & set(one.choices)
    assert one.choices or (must_choose and needs_owner and not can_hand_over)
