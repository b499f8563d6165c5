"""Tables of moves: what leads where, and what a table must not say twice."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from bot.actions.rules import MOVES as ACTION_MOVES
from bot.blockers.rules import MOVES as BLOCKER_MOVES
from bot.initiatives.rules import CHARTER_MOVES, INITIATIVE_MOVES
from bot.milestones.rules import MOVES as MILESTONE_MOVES
from bot.weekly.rules import MOVES as WEEKLY_MOVES
from bot.work.rules import Move, Part, moves_from, verbs_from
from storage.actions import Action

TABLES = {
    "actions": ACTION_MOVES,
    "blockers": BLOCKER_MOVES,
    "initiatives": INITIATIVE_MOVES,
    "charters": CHARTER_MOVES,
    "milestones": MILESTONE_MOVES,
    "weekly runs": WEEKLY_MOVES,
}
State = Action.State


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_two_rows_of_a_table_say_the_same_of_the_same_people(table: Sequence[Move[Any]]) -> None:
    rows = Counter((move.verb, state, part, move.when) for move in table for state in move.sources for part in move.who)
    assert [row for row, times in rows.items() if times > 1] == []


def test_a_move_that_is_not_in_the_table_is_not_there() -> None:
    assert moves_from(ACTION_MOVES, "done", State.PROPOSED) == []
    assert moves_from(ACTION_MOVES, "fly", State.OPEN) == []


def test_what_can_be_done_is_told_to_those_who_may_do_it() -> None:
    assert verbs_from(ACTION_MOVES, State.DONE_CLAIMED) == ("accept", "reject")
    assert verbs_from(ACTION_MOVES, State.DONE_CLAIMED, {Part.OWNER}) == ()
    assert "done" in verbs_from(ACTION_MOVES, State.OPEN, {Part.OWNER})
    assert "done" not in verbs_from(ACTION_MOVES, State.OPEN, {Part.LEAD})
