"""The page counts what is proved and shows what is not."""

import pytest

from tests.requirements.page import Case, Groups, Outcome, counts, page

PASS, FAIL, SKIPPED = Outcome.PASS, Outcome.FAIL, Outcome.SKIPPED
GROUPS: Groups = {
    "Huddles": {"S3-28": "Everybody is asked.", "S4-08": "It opens with a number."},
    "Laws": {"INV-2": "It adds up."},
}
TEST = "tests/test_day.py::test_all_are_asked"


def a_case(nodeid: str = TEST, *ids: str, outcome: Outcome = PASS) -> Case:
    return Case(nodeid, frozenset(ids or ["S3-28"]), outcome)


def row_of(requirement: str, *cases: Case) -> list[str]:
    """The cells of a requirement's row."""
    lines = page(GROUPS, cases, "../").splitlines()
    (line,) = [each for each in lines if each.startswith(f"| {requirement} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_requirement_that_is_proved_links_to_its_test() -> None:
    link = f"[{TEST}](../tests/test_day.py)"
    assert row_of("S3-28", a_case()) == ["S3-28", "Everybody is asked.", link, "pass"]


def test_what_nobody_proves_is_listed_with_a_dash() -> None:
    assert row_of("INV-2", a_case()) == ["INV-2", "It adds up.", "", "–"]


def test_a_test_with_parameters_is_one_line_with_its_number_of_cases() -> None:
    cases = [a_case(f"{TEST}[{number}]") for number in ("9:15", "a::b", "[0]")]
    assert row_of("S3-28", *cases)[2:] == [f"[{TEST}](../tests/test_day.py) (3 cases)", "pass"]


def test_tests_stand_in_order_whatever_the_order_in_which_they_ran() -> None:
    cases = [a_case(f"tests/test_{name}.py::test_it") for name in ("b", "a", "c")]
    in_order = "<br>".join(f"[tests/test_{n}.py::test_it](../tests/test_{n}.py)" for n in "abc")
    assert row_of("S3-28", *cases)[2] == row_of("S3-28", *reversed(cases))[2] == in_order


@pytest.mark.parametrize(
    ("outcomes", "result", "notes"),
    [
        ([FAIL], "FAIL", " (FAIL)"),
        ([SKIPPED], "skipped", " (skipped)"),
        ([PASS, SKIPPED], "pass", " (2 cases, 1 skipped)"),
        ([PASS, FAIL, SKIPPED], "FAIL", " (3 cases, 1 FAIL, 1 skipped)"),
    ],
)
def test_one_case_that_fails_is_seen_and_one_that_passes_is_enough_beside_skipped_ones(
    outcomes: list[Outcome], result: str, notes: str
) -> None:
    cases = [a_case(f"{TEST}[{number}]", outcome=outcome) for number, outcome in enumerate(outcomes)]
    assert row_of("S3-28", *cases)[2:] == [f"[{TEST}](../tests/test_day.py){notes}", result]


def test_the_head_counts_requirements_and_not_tests() -> None:
    cases = [
        a_case(TEST, "S3-28", "INV-2"),
        a_case("tests/test_day.py::test_also", "S3-28", outcome=SKIPPED),
        a_case("tests/test_day.py::test_a_number", "S4-08", outcome=FAIL),
    ]
    assert counts(GROUPS, cases) == "3 requirements: 3 with a test, 2 pass, 1 FAIL"
    assert counts(GROUPS, cases[:1]) == "3 requirements: 2 with a test, 2 pass"
    assert counts(GROUPS, []) == "3 requirements: 0 with a test, 0 pass"


def test_every_group_has_a_table_of_its_own() -> None:
    lines = page(GROUPS, [], "../").splitlines()
    assert [each for each in lines if each.startswith("## ")] == ["## Huddles", "## Laws"]
    assert lines.count("| id | meaning | tests | result |") == 2
