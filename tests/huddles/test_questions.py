"""Questions as they are typed, and what becomes of answers when they change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.huddles import rules, setup_rules, setup_views
from bot.huddles.setup_rules import TooLong, TooMany, Twice, UnknownKind
from storage.huddles import Huddle, Question
from tests.support.huddle_rows import a_huddle, a_run

FOUR = setup_rules.questions_text(rules.QUESTIONS)


def read(text: str, huddle: Huddle | None = None) -> list[Question]:
    found = setup_rules.read_questions(text, huddle)
    assert isinstance(found, list)
    return found


def test_the_usual_questions_read_back_as_they_are_shown() -> None:
    assert read(FOUR) == rules.QUESTIONS


def test_a_question_without_brackets_is_free_and_may_be_left_out() -> None:
    (only,) = read("How do you feel?")
    assert (only["kind"], only["required"], only["text"]) == ("free", False, "How do you feel?")


def test_brackets_that_are_no_marks_belong_to_the_question() -> None:
    (only,) = read("What is next (if anything)?\n")
    assert only["text"] == "What is next (if anything)?"


@pytest.mark.req("S4-12")
def test_a_fifth_question_is_refused() -> None:
    found = setup_rules.read_questions(f"{FOUR}\nAnything else?", None)
    assert found == TooMany(5)
    assert setup_views.not_readable(TooMany(5)).startswith("These are 5 questions, and a huddle asks 4 at most.")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a" * 76, TooLong("a" * 76)),
        ("One? (blocker)\nTwo? (blocker)", Twice("blocker")),
        ("One? (customer)\nTwo? (customer)", Twice("customer")),
        ("What today? (fokus)", UnknownKind("fokus", "focus")),
    ],
)
def test_what_can_not_be_asked_is_said(text: str, problem: setup_rules.NotReadable) -> None:
    assert setup_rules.read_questions(text, None) == problem
    assert setup_views.not_readable(problem)


def test_no_question_at_all_is_none() -> None:
    assert setup_rules.read_questions(" \n ", None) is None


def test_a_question_keeps_its_number_while_its_kind_stays_and_a_new_one_never_takes_an_old_number() -> None:
    huddle = a_huddle()
    huddle.former = [{"id": "q1", "kind": "free", "text": "How are you?", "required": False}]
    found = read("What will you do today? (focus)\nAnd after that? (focus)\nWhat is new? (free)", huddle)
    assert [each["id"] for each in found] == ["focus", "q2", "q3"]


def test_two_questions_of_a_kind_that_change_places_keep_their_numbers() -> None:
    huddle = a_huddle()
    huddle.questions = read("Morning? (focus)\nAfternoon? (focus)", huddle)
    before = {each["text"]: each["id"] for each in huddle.questions}
    after = {each["text"]: each["id"] for each in read("Afternoon? (focus)\nMorning? (focus)", huddle)}
    assert after == before


@given(st.permutations(rules.QUESTIONS), st.integers(0, 3))
def test_questions_in_any_order_read_back_and_keep_their_numbers(order: list[Question], number: int) -> None:
    some = order[: number + 1]
    assert read(setup_rules.questions_text(some), a_huddle()) == some


def test_what_is_asked_no_more_is_kept_to_be_read() -> None:
    gone = setup_rules.replaced([], rules.QUESTIONS, rules.QUESTIONS[1:])
    assert gone == rules.QUESTIONS[:1]
    assert setup_rules.replaced(gone, rules.QUESTIONS[1:], rules.QUESTIONS) == []


def test_a_run_asks_what_its_huddle_asked_when_it_opened() -> None:
    huddle, run = a_huddle(), a_run()
    run.questions = rules.QUESTIONS[:2]
    assert rules.asked_in(huddle, run).questions == rules.QUESTIONS[:2]
    assert rules.asked_in(huddle, a_run()).questions == rules.QUESTIONS


def test_an_answer_given_ahead_to_a_question_that_was_taken_out_can_be_read() -> None:
    huddle, run = a_huddle(), a_run()
    huddle.former = [{"id": "q1", "kind": "free", "text": "How are you?", "required": False}]
    run.questions = rules.QUESTIONS[1:2]
    found = rules.readable(huddle, run, {"q1": "Well", "focus": "Mill Lane"})
    assert [each["id"] for each in found] == ["focus", "q1"]


def test_two_questions_of_a_kind_are_read_together() -> None:
    huddle = a_huddle()
    huddle.questions = read("Morning? (focus)\nAfternoon? (focus)", huddle)
    first, second = (each["id"] for each in huddle.questions)
    assert rules.answer_to(huddle, {first: "Mill Lane", second: "Oakley"}, "focus") == "Mill Lane\nOakley"
    assert rules.read_lines(huddle, "Mill Lane\nOakley") == {first: "Mill Lane", second: "Oakley"}


def test_a_huddle_without_a_focus_takes_a_line_as_its_first_answer() -> None:
    huddle = a_huddle()
    huddle.questions = read("What was good?\nWhat was not?", huddle)
    assert rules.read_lines(huddle, "The rain") == {huddle.questions[0]["id"]: "The rain"}


def test_the_plan_of_two_questions_goes_to_the_same_two_and_what_has_no_place_to_the_first() -> None:
    before, now = a_huddle(), a_huddle()
    before.questions = read("Morning? (focus)\nAfternoon? (focus)", before)
    first, second = (each["id"] for each in before.questions)
    answers = {first: "Mill Lane", second: "Oakley"}
    assert rules.planned_again(before, before, answers) == answers
    assert rules.planned_again(now, before, answers) == {"focus": "Mill Lane\nOakley"}


def test_a_huddle_that_asks_for_no_focus_has_no_plan() -> None:
    now = a_huddle()
    now.questions = read("What was good?", now)
    assert rules.planned_again(now, a_huddle(), {"focus": "Mill Lane"}) == {}


@pytest.mark.parametrize(("text", "weeks"), [("1", 1), ("2", 2), ("2 weeks", 2), ("week", 1), ("13", 13)])
def test_weeks_are_read(text: str, weeks: int) -> None:
    assert setup_rules.read_weeks(text) == weeks


@pytest.mark.parametrize("text", ["", "0", "14", "two", "-1", "1.5", "weeks of two"])
def test_other_weeks_are_refused(text: str) -> None:
    assert setup_rules.read_weeks(text) is None


@pytest.mark.parametrize(("text", "target"), [("80", 80), ("80%", 80), (" 100 ", 100), ("1", 1)])
def test_targets_are_read(text: str, target: int) -> None:
    assert setup_rules.read_target(text) == target


@pytest.mark.parametrize("text", ["", "0", "101", "0.8", "most"])
def test_other_targets_are_refused(text: str) -> None:
    assert setup_rules.read_target(text) is None
