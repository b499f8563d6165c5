"""Reading answers, windows, days and zones."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.huddles import rules
from storage.huddles import Huddle
from storage.messages import Message
from tests.support.huddle_rows import (
    LONDON,
    NINE_FIFTEEN,
    NINE_THIRTY,
    TUESDAY,
    WINDOW,
    a_huddle,
    a_prompt,
    a_run,
    an_answer,
    an_expectation,
    at,
)

NEW_YORK, TOKYO, KOLKATA = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Kolkata")

zones = st.sampled_from([LONDON, NEW_YORK, TOKYO, KOLKATA, ZoneInfo("Pacific/Chatham"), ZoneInfo("Pacific/Honolulu")])


# --- reading lines


def test_a_line_is_today_s_focus() -> None:
    assert rules.read_lines(a_huddle(), "Mill Lane before noon") == {"focus": "Mill Lane before noon"}


def test_as_many_lines_as_questions_answer_one_each() -> None:
    text = "Valve checks\nMill Lane before noon\n\nno\n  Thank you for calling back  "
    assert rules.read_lines(a_huddle(), text) == {
        "finished": "Valve checks",
        "focus": "Mill Lane before noon",
        "blocker": "no",
        "customer": "Thank you for calling back",
    }


@pytest.mark.parametrize("lines", [2, 3, 5])
def test_any_other_number_of_lines_is_the_focus_as_a_whole(lines: int) -> None:
    text = "\n".join(f"Job {n}" for n in range(1, lines + 1))
    assert rules.read_lines(a_huddle(), text) == {"focus": text}


def test_a_huddle_of_one_question_takes_any_text_as_its_answer() -> None:
    huddle = a_huddle()
    huddle.questions = [{"id": "news", "kind": "plan", "text": "What is new?", "required": True}]
    assert rules.read_lines(huddle, "Van 12 is back\nVan 9 is not") == {"news": "Van 12 is back\nVan 9 is not"}


@given(st.lists(st.text(alphabet="ab :;,'?", min_size=1), max_size=6), st.sampled_from(["", "- ", "• ", "2. ", "3) "]))
def test_no_word_of_a_message_is_lost(lines: list[str], mark: str) -> None:
    text = "\n".join(lines)
    kept = "\n".join(rules.read_lines(a_huddle(), "\n".join(f"{mark}{line}" for line in lines)).values())
    if mark and len([line for line in lines if line.strip()]) != len(a_huddle().questions):
        assert set(text.split()) <= set(kept.split())
    else:
        assert [word for word in kept.split() if word != mark.strip()] == text.split()


@pytest.mark.parametrize(
    "text",
    [
        "1. Rota\n2. Valves\n3. none\n4. no",
        "1) Rota\n2) Valves\n3) none\n4) no",
        "- Rota\n- Valves\n- none\n- no",
        "• Rota\n• Valves\n• none\n• no",
        "Finished: Rota\nToday: Valves\nBlockers: none\nCustomer: no",
        "Rota\nValves\nBlockers: none\nCustomer: no",
        "Today: Valves\nFinished: Rota\nCustomer: no\n- In the way: none",
        "YESTERDAY: Rota\nfocus = Valves\nimpediments:none\n4. From a customer: no",
    ],
)
def test_marks_of_a_list_and_names_of_questions_only_say_where_a_line_belongs(text: str) -> None:
    assert rules.read_lines(a_huddle(), text) == {
        "finished": "Rota",
        "focus": "Valves",
        "blocker": "none",
        "customer": "no",
    }


def test_fewer_lines_than_questions_are_told_apart_by_their_names() -> None:
    text = "Yesterday: rota\nToday: valves\nBlockers: no keys"
    assert rules.read_lines(a_huddle(), text) == {"finished": "rota", "focus": "valves", "blocker": "no keys"}


@pytest.mark.parametrize("text", ["Blockers: none\nCustomer: no", "Today: valves\nand the rota", "Today: a\nToday: b"])
def test_names_that_leave_the_main_question_or_a_line_out_change_nothing(text: str) -> None:
    assert rules.read_lines(a_huddle(), text) == {"focus": text}


@pytest.mark.parametrize("line", ["-", "2.5 km of pipe", "12 vans", "Blockers:", "-5 degrees"])
def test_what_is_no_mark_before_other_words_stays(line: str) -> None:
    text = f"Rota\nValves\n{line}\nno"
    assert rules.read_lines(a_huddle(), text)["blocker"] == line


# --- what is missing


def test_only_the_required_question_can_be_missing() -> None:
    assert [each["id"] for each in rules.missing(a_huddle(), {})] == ["focus"]


@pytest.mark.parametrize("blank", ["", " ", "\n\t"])
def test_blanks_are_no_answer(blank: str) -> None:
    answers = {"finished": blank, "focus": blank}
    assert [each["id"] for each in rules.missing(a_huddle(), answers)] == ["focus"]
    assert rules.is_empty(a_huddle(), answers)


def test_nothing_is_missing_from_a_focus_alone() -> None:
    assert rules.missing(a_huddle(), {"focus": "Mill Lane"}) == []


def test_an_answer_to_any_question_is_not_empty() -> None:
    assert not rules.is_empty(a_huddle(), {"customer": "Thank you"})


def test_what_is_kept_beside_the_answers_does_not_count_as_one() -> None:
    assert rules.is_empty(a_huddle(), {"_typed": "Mill Lane"})


def test_an_answer_is_found_by_the_kind_of_its_question() -> None:
    answers = an_answer("  Mill Lane ", customer="Thank you").answers
    assert rules.answer_to(a_huddle(), answers, "focus") == "Mill Lane"
    assert rules.answer_to(a_huddle(), answers, "customer") == "Thank you"
    assert rules.answer_to(a_huddle(), answers, "weather") == ""


@pytest.mark.req("S0-04")
def test_the_fourth_question_asks_for_the_customer() -> None:
    assert [each["kind"] for each in rules.QUESTIONS] == ["plan", "focus", "blocker", "customer"]


# --- windows


@pytest.mark.parametrize("late_s", [0, 1, 59, 60])
def test_a_prompt_delivered_in_time_closes_with_the_huddle(late_s: int) -> None:
    prompt = a_prompt(NINE_FIFTEEN + timedelta(seconds=late_s))
    assert rules.window_end(an_expectation(), prompt, WINDOW) == NINE_THIRTY


@pytest.mark.parametrize("late_min", [2, 14, 15, 100])
def test_a_prompt_delivered_late_has_a_window_of_its_own(late_min: int) -> None:
    delivered = NINE_FIFTEEN + timedelta(minutes=late_min)
    assert rules.window_end(an_expectation(), a_prompt(delivered), WINDOW) == delivered + WINDOW


@pytest.mark.parametrize("prompt", [None, a_prompt(None, Message.State.READY)])
def test_without_a_delivery_the_window_is_the_huddle_s(prompt: Message | None) -> None:
    assert rules.window_end(an_expectation(), prompt, WINDOW) == NINE_THIRTY


@given(st.integers(min_value=-600, max_value=36_000), st.integers(min_value=2, max_value=240))
def test_a_late_delivery_never_shortens_a_window(late_s: int, minutes: int) -> None:
    window = timedelta(minutes=minutes)
    expectation = an_expectation(closes_at=NINE_FIFTEEN + window)
    delivered = NINE_FIFTEEN + timedelta(seconds=late_s)
    ends = rules.window_end(expectation, a_prompt(delivered), window)
    assert ends >= expectation.closes_at
    assert ends - max(delivered, NINE_FIFTEEN) >= window - rules.ON_TIME_DELIVERY


def test_who_saw_the_prompt_was_reached() -> None:
    assert rules.was_reached(a_prompt(NINE_FIFTEEN))


def test_a_prompt_of_unknown_fate_may_have_reached_somebody() -> None:
    assert rules.was_reached(a_prompt(None, Message.State.UNKNOWN))


@pytest.mark.parametrize("prompt", [None, a_prompt(None, Message.State.READY), a_prompt(None, Message.State.DEAD)])
def test_who_never_got_the_prompt_was_not_reached(prompt: Message | None) -> None:
    assert not rules.was_reached(prompt)


@pytest.mark.req("S3-28")
def test_the_nudge_comes_five_minutes_before_the_end() -> None:
    assert rules.nudge_at(NINE_FIFTEEN, NINE_THIRTY) == at(9, 25)


@pytest.mark.parametrize(("minutes", "nudged"), [(2, False), (7, False), (8, True), (15, True)])
def test_a_short_window_has_no_nudge(minutes: int, *, nudged: bool) -> None:
    found = rules.nudge_at(NINE_FIFTEEN, NINE_FIFTEEN + timedelta(minutes=minutes))
    assert (found is not None) is nudged


@given(st.integers(min_value=1, max_value=240))
def test_a_nudge_lies_inside_its_window(minutes: int) -> None:
    closes_at = NINE_FIFTEEN + timedelta(minutes=minutes)
    nudge_at = rules.nudge_at(NINE_FIFTEEN, closes_at)
    assert nudge_at is None or NINE_FIFTEEN < nudge_at < closes_at


def test_late_answers_are_taken_until_midnight_where_a_person_is() -> None:
    assert rules.answers_end(a_run(), LONDON) == datetime(2026, 11, 25, tzinfo=UTC)
    assert rules.answers_end(a_run(), NEW_YORK) == datetime(2026, 11, 25, 5, tzinfo=UTC)
    assert rules.answers_end(a_run(), TOKYO) == datetime(2026, 11, 24, 15, tzinfo=UTC)


# --- days and zones


def test_together_asks_everybody_at_one_instant() -> None:
    huddle = a_huddle(mode=Huddle.Mode.TOGETHER)
    assert {rules.asked_at(huddle, TUESDAY, zone) for zone in (LONDON, NEW_YORK, TOKYO)} == {NINE_FIFTEEN}


def test_local_asks_everybody_at_that_time_where_they_are() -> None:
    huddle = a_huddle(mode=Huddle.Mode.LOCAL)
    assert [rules.asked_at(huddle, TUESDAY, zone) for zone in (TOKYO, LONDON, NEW_YORK)] == [
        at(0, 15),
        NINE_FIFTEEN,
        at(14, 15),
    ]


def test_a_local_summary_stands_at_four_in_the_huddle_s_zone() -> None:
    assert rules.publishes_at(a_huddle(), TUESDAY) == at(16)
    assert rules.publishes_at(a_huddle(), date(2026, 7, 1)) == datetime(2026, 7, 1, 15, tzinfo=UTC)


def test_the_rhythm_is_a_rule_without_a_zone() -> None:
    assert rules.rule_of(a_huddle(weekdays="mon,wed,sat")) == "FREQ=WEEKLY;BYDAY=MO,WE,SA"


def test_the_next_dates_go_over_the_weekend() -> None:
    assert rules.next_dates(a_huddle(), date(2026, 11, 26), 3) == [
        date(2026, 11, 27),
        date(2026, 11, 30),
        date(2026, 12, 1),
    ]


@given(
    st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2090, 1, 1)),
    st.integers(min_value=1, max_value=30),
)
def test_the_next_dates_are_its_weekdays_in_order_without_a_gap(days: set[str], after: date, number: int) -> None:
    found = rules.next_dates(a_huddle(weekdays=",".join(days)), after, number)
    between = [after + timedelta(days=n) for n in range(1, (found[-1] - after).days + 1)]
    assert found == [on for on in between if f"{on:%a}".lower() in days]
    assert len(found) == number


def test_a_local_run_is_planned_by_the_zone_that_is_asked_first() -> None:
    huddle = a_huddle(mode=Huddle.Mode.LOCAL)
    assert rules.earliest_zone(huddle, TUESDAY, [LONDON, NEW_YORK, TOKYO]) == TOKYO


def test_a_run_together_is_planned_by_its_own_zone() -> None:
    assert rules.earliest_zone(a_huddle(), TUESDAY, [TOKYO, NEW_YORK]) == LONDON


def test_a_local_run_without_people_is_planned_by_its_own_zone() -> None:
    assert rules.earliest_zone(a_huddle(mode=Huddle.Mode.LOCAL), TUESDAY, []) == LONDON


@given(st.lists(zones, min_size=1), st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31)))
def test_nobody_is_asked_before_the_zone_that_plans(people: list[ZoneInfo], on: date) -> None:
    huddle = a_huddle(mode=Huddle.Mode.LOCAL)
    first = rules.earliest_zone(huddle, on, people)
    assert first in people
    assert all(rules.asked_at(huddle, on, first) <= rules.asked_at(huddle, on, zone) for zone in people)


def test_a_morning_in_london_is_outside_office_hours_elsewhere() -> None:
    assert rules.outside_office_hours(a_huddle(), TUESDAY, [LONDON, NEW_YORK, TOKYO, KOLKATA]) == [NEW_YORK]


@pytest.mark.parametrize(
    ("at_time", "is_outside"), [(time(6, 59), True), (time(7), False), (time(19), False), (time(19, 1), True)]
)
def test_office_hours_are_from_seven_to_seven(at_time: time, *, is_outside: bool) -> None:
    outside = rules.outside_office_hours(a_huddle(at_time=at_time), TUESDAY, [LONDON, TOKYO])
    assert (LONDON in outside) is is_outside


def test_a_night_shift_in_one_zone_needs_no_time_of_its_own() -> None:
    assert rules.outside_office_hours(a_huddle(at_time=time(22)), TUESDAY, [LONDON, ZoneInfo("Europe/Lisbon")]) == []
