"""When a week's steps fall due, what its figures are, and how lines are read."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.weekly import rules
from storage.actions import Action
from storage.weekly import Weekly, WeeklyGoal, WeeklyRun

LONDON = ZoneInfo("Europe/London")
W48 = date(2026, 11, 23)
State = Action.State


def an_action(number: int, due: date | None, finished: date | None = None, **more: object) -> Action:
    values: dict[str, object] = {
        "id": number, "code": f"A-{number}", "title": f"Task {number}", "requester_id": 1, "owner_id": 1,
        "due_on": due, "first_due_on": due, "finished_on": finished,
        "state": State.DONE if finished else State.OPEN, "redated": 0, "every": "", "evidence": "", "done_when": "",
    }  # fmt: skip
    return Action.model_validate(values | more)


def of_week_48() -> list[Action]:
    """Nine due Mon to Fri: six in time, two of them first due the week before; one done late, two open."""
    monday, thursday, friday, last = W48, date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 19)
    in_time = [an_action(n, thursday, date(2026, 11, 25)) for n in range(1, 5)]
    redated = [an_action(n, thursday, thursday, first_due_on=last, redated=1) for n in (5, 6)]
    late = an_action(7, monday, thursday)
    return [*in_time, *redated, late, an_action(8, monday), an_action(9, friday)]


@pytest.mark.req("S3-23", "S3-24")
def test_nine_due_six_in_time_is_two_thirds_on_time_and_four_of_seven_promises() -> None:
    figures = rules.figures(of_week_48(), W48, date(2026, 11, 27))
    assert (figures.on_time.kept, figures.on_time.due) == (6, 9)
    assert rules.share_words(figures.on_time) == "66.7%"
    assert (figures.kept.kept, figures.kept.due) == (4, 7)
    assert rules.share_words(figures.kept) == "57.1%"


@pytest.mark.req("S3-24")
def test_done_is_what_was_finished_late_is_what_is_over_due_is_what_comes_in_seven_days() -> None:
    actions = [*of_week_48(), an_action(10, date(2026, 12, 4)), an_action(11, date(2026, 12, 5)), an_action(12, None)]
    figures = rules.figures(actions, W48, date(2026, 11, 27))
    assert [each.id for each in figures.done] == [1, 2, 3, 4, 5, 6, 7]
    assert [each.id for each in figures.late] == [8]
    assert [each.id for each in figures.due] == [9, 10]


@pytest.mark.req("S3-43")
def test_figures_of_the_week_before_are_of_that_week_alone() -> None:
    before = [an_action(20, date(2026, 11, 20), date(2026, 11, 20)), an_action(21, date(2026, 11, 16))]
    figures = rules.figures([*of_week_48(), *before], W48, date(2026, 11, 27))
    assert figures.done_before == 1
    assert (figures.on_time_before.kept, figures.on_time_before.due) == (1, 2)
    assert (figures.kept_before.kept, figures.kept_before.due) == (1, 4)


@pytest.mark.parametrize(
    ("state", "counts"),
    [(State.DONE, True), (State.DONE_CLAIMED, False), (State.IN_PROGRESS, False), (State.CANCELLED, False)],
)
def test_a_claim_that_nobody_accepted_is_not_done(state: Action.State, counts: bool) -> None:
    action = an_action(1, date(2026, 11, 27), date(2026, 11, 25), state=state)
    figures = rules.figures([action], W48, date(2026, 11, 27))
    assert bool(figures.done) is counts
    assert figures.on_time.kept == counts


def test_nothing_due_is_not_a_rate() -> None:
    assert rules.share_words(rules.figures([], W48, date(2026, 11, 27)).on_time) == "n/a"


# --- when


@pytest.mark.parametrize(
    ("weekday", "monday", "meets"),
    [
        ("fri", W48, date(2026, 11, 27)),
        ("wed", W48, date(2026, 11, 25)),
        ("mon", W48, date(2026, 11, 30)),
        ("tue", W48, date(2026, 12, 1)),
        ("fri", date(2026, 12, 21), date(2026, 12, 24)),  # Christmas Day
        ("mon", date(2026, 12, 21), date(2026, 12, 24)),  # 28 Dec is a holiday too, and the Friday before it
        ("fri", date(2027, 3, 22), date(2027, 3, 25)),  # Good Friday
        ("mon", date(2027, 3, 22), date(2027, 3, 25)),  # Easter Monday
    ],
)
def test_a_meeting_on_a_holiday_is_held_on_the_working_day_before(weekday: str, monday: date, meets: date) -> None:
    assert rules.meets_on(weekday, monday, "GB-ENG") == meets


def test_a_week_of_holidays_has_no_meeting() -> None:
    # Golden Week: in 2026 Monday to Wednesday are holidays in Japan.
    assert rules.meets_on("wed", date(2026, 5, 4), "JP") is None


def test_the_steps_of_a_friday_meeting_are_as_the_domain_has_them() -> None:
    found = rules.times(datetime(2026, 11, 27, 10, tzinfo=UTC), LONDON, W48, "GB-ENG")
    assert [f"{at:%a %H:%M}" for at in found.steps().values()] == [
        "Thu 14:00", "Fri 09:30", "Fri 10:00", "Fri 10:30", "Fri 16:00",
    ]  # fmt: skip


def test_people_are_asked_on_the_working_day_before_also_over_a_holiday() -> None:
    # Boxing Day is substituted on Mon 28 Dec 2026, so a Tuesday meeting is prepared on Thursday.
    found = rules.times(datetime(2026, 12, 29, 10, tzinfo=UTC), LONDON, date(2026, 12, 21), "GB-ENG")
    assert found.asks_at == datetime(2026, 12, 24, 14, tzinfo=UTC)


def test_a_meeting_late_in_the_day_is_summed_up_an_hour_later() -> None:
    found = rules.times(datetime(2026, 11, 27, 15, 30, tzinfo=UTC), LONDON, W48, "GB-ENG")
    assert found.sums_up_at == datetime(2026, 11, 27, 16, 30, tzinfo=UTC)


def test_a_meeting_early_on_the_first_day_of_a_week_asks_nobody_beforehand() -> None:
    found = rules.times(datetime(2026, 11, 23, 8, tzinfo=UTC), LONDON, W48, "GB-ENG")
    assert found.asks_at is None
    assert found.nudges_at is None


@pytest.mark.parametrize("day", ["2027-03-26", "2026-10-23", "2026-10-30"])
def test_a_clock_change_moves_the_instant_and_not_the_wall_time(day: str) -> None:
    on = date.fromisoformat(day)
    weekly = Weekly(team_id=1, weekday=f"{on:%a}".lower(), at_time=time(10), zone="Europe/London")
    meets_at = rules.meeting(weekly, rules.monday_for(weekly.weekday, on), "")
    assert meets_at is not None
    assert f"{meets_at.astimezone(LONDON):%Y-%m-%d %H:%M}" == f"{day} 10:00"


@pytest.mark.parametrize(
    ("weekday", "on", "monday"),
    [
        ("fri", date(2026, 11, 27), W48),
        ("mon", date(2026, 11, 30), W48),
        ("tue", date(2026, 12, 1), W48),
        ("wed", date(2026, 11, 25), W48),
    ],
)
def test_mondays_and_tuesdays_look_back_on_the_week_before(weekday: str, on: date, monday: date) -> None:
    assert rules.monday_for(weekday, on) == monday


def test_goals_are_for_the_week_after_and_can_be_changed_until_it_is_over() -> None:
    run = WeeklyRun(team_id=1, iso_year=2026, iso_week=53, meets_at=datetime(2026, 12, 31, 10, tzinfo=UTC), zone="UTC")
    assert rules.plan_week(run) == (date(2027, 1, 4), date(2027, 1, 10))
    assert rules.can_plan(run, date(2027, 1, 10))
    assert not rules.can_plan(run, date(2027, 1, 11))


# --- lines


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("", []),
        ("one\n\n  two  ", ["one", "two"]),
        ("- one\n* two\n• three\n1. four\n2) five", ["one", "two", "three", "four", "five"]),
        ("Call Bea\ncall  bea", ["Call Bea"]),
        ("20 desks trained\n3-way call", ["20 desks trained", "3-way call"]),
    ],
)
def test_lines_lose_their_bullets_and_are_kept_once(typed: str, lines: list[str]) -> None:
    assert rules.lines_of(typed) == lines


@pytest.mark.parametrize(
    ("line", "prefix", "code"),
    [
        ("A-90 Check calls", "A", "A-90"),
        ("a-90: check", "A", "A-90"),
        ("B-7 seals", "B", "B-7"),
        ("B-7 seals", "A", ""),
        ("Check A-90", "A", ""),
        ("A-90x", "A", ""),
    ],
)
def test_a_line_is_about_what_its_first_word_names(line: str, prefix: str, code: str) -> None:
    assert rules.code_in(line, prefix) == code


@pytest.mark.parametrize(
    ("state", "result"),
    [
        (State.DONE, WeeklyGoal.Result.MET),
        (State.CANCELLED, WeeklyGoal.Result.DROPPED),
        (State.OPEN, WeeklyGoal.Result.OPEN),
        (State.DONE_CLAIMED, WeeklyGoal.Result.OPEN),
    ],
)
def test_a_goal_is_met_when_its_action_is_done(state: Action.State, result: WeeklyGoal.Result) -> None:
    goal = WeeklyGoal(run_id=1, person_id=1, text="A-1 Task", action_id=1)
    assert rules.result_of(goal, an_action(1, None, state=state)) is result


def test_what_somebody_said_of_a_goal_counts_more_than_its_action() -> None:
    goal = WeeklyGoal(run_id=1, person_id=1, text="A-1 Task", action_id=1, result=WeeklyGoal.Result.MISSED)
    assert rules.result_of(goal, an_action(1, None, date(2026, 11, 25))) is WeeklyGoal.Result.MISSED
