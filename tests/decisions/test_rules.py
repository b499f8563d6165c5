"""What a decision means for whom, and how votes are read and counted."""

import pytest

from bot.council.rules import Count, Quorum
from bot.decisions.rules import Means, State, count_meant, means_of, said_to_all, state_of, unknown_label

DEPARTMENTS = {"field": 2, "billing": 3, "metering ltd": 8}


@pytest.mark.req("S2-12")
@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("Field: fewer revisits; Billing: none", [Means(2, "fewer revisits")]),
        ("field: fewer revisits\nMetering  Ltd: new forms", [Means(2, "fewer revisits"), Means(8, "new forms")]),
        ("Field: fewer revisits; and shorter ones", [Means(2, "fewer revisits; and shorter ones")]),
        ("Field: fewer revisits; Field: shorter ones", [Means(2, "fewer revisits; shorter ones")]),
        ("Everybody answers within a day", []),
        ("none", []),
        ("Gardening: nothing we know", []),
        ("Field and Billing: new screens", [Means(2, "new screens"), Means(3, "new screens")]),
        (
            "Field, Metering Ltd: new forms; from May",
            [Means(2, "new forms; from May"), Means(8, "new forms; from May")],
        ),
        ("Billing: 10:30 calls stay as they are", [Means(3, "10:30 calls stay as they are")]),
    ],
)
def test_what_a_decision_means_is_known_by_department(said: str, means: list[Means]) -> None:
    assert means_of(said, DEPARTMENTS) == means


@pytest.mark.req("S2-12")
@pytest.mark.parametrize(
    ("said", "to_all"),
    [
        ("Everybody learns eight questions; Field: fewer revisits", "Everybody learns eight questions"),
        (
            "Nobody books blind\nAll: read the list; Field and Billing: new screens",
            "Nobody books blind; All: read the list",
        ),
        ("Field: fewer revisits; and shorter ones", ""),
        ("Everybody answers within a day", ""),
        ("Everybody learns it; Billing: none", "Everybody learns it"),
    ],
)
def test_what_is_said_before_the_first_department_is_said_to_all(said: str, to_all: str) -> None:
    assert said_to_all(said, DEPARTMENTS) == to_all


@pytest.mark.parametrize(
    ("said", "stray"),
    [
        ("Bilings: pays the refunds; Field: fewer", "Bilings"),
        ("Field: fewer; Bilings and Field: new screens", "Bilings and Field"),
        ("Field and Billing: new screens", ""),
        ("Everybody: answers within a day", ""),
        ("We keep the rule for each contract: ten days", ""),
    ],
)
def test_a_department_that_there_is_not_is_never_passed_over(said: str, stray: str) -> None:
    assert unknown_label(said, DEPARTMENTS) == stray


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("6-1-0", Count(6, 1, 0)),
        ("6–1", Count(6, 1, 0)),
        (" 4 2 1 ", Count(4, 2, 1)),
        ("4:2:1", Count(4, 2, 1)),
        ("six to one", None),
        ("6", None),
        ("6-1-0-0", None),
        ("", None),
    ],
)
def test_votes_are_read_as_for_against_and_abstentions(typed: str, count: Count | None) -> None:
    assert count_meant(typed) == count


@pytest.mark.parametrize(
    ("count", "is_carried"),
    [(Count(4, 2, 1), True), (Count(3, 3, 0), False), (Count(0, 0, 5), False), (Count(1, 0, 7), True)],
)
def test_it_is_carried_only_by_more_for_than_against(count: Count, is_carried: bool) -> None:
    assert count.is_carried is is_carried


def test_a_decision_holds_only_where_there_is_a_quorum() -> None:
    assert state_of(Quorum(present=5, filled=8, needed=5)) is State.IN_FORCE
    assert state_of(Quorum(present=4, filled=8, needed=5)) is State.PROVISIONAL
