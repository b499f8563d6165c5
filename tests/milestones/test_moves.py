"""Every move of a milestone, legal or not, from the one table that the docs show too."""

from datetime import date

import pytest

from bot.chat.cards import Card
from bot.milestones.rules import MOVES
from bot.work.rules import Part, moves_from, verbs_from
from storage.engine import Database
from storage.initiatives import Milestone
from tests.milestones.board import Board, a_board, on
from tests.support.reading import words_of

State = Milestone.State
VERBS = tuple(dict.fromkeys(move.verb for move in MOVES))
LINES = {
    "move": '/milestones move M-31 8 Jan reason:"supplier late"',
    "take": "/milestones take M-31",
    "keep": '/milestones keep M-31 "a second shift"',
    "after": "/milestones after M-31 M-30",
    "assign": "/milestones assign M-31 @Amy",
    "done": '/milestones done M-31 evidence:"live on 40 desks"',
    "accept": "/milestones accept M-31",
    "reject": '/milestones reject M-31 "8 desks to go"',
    "waive": '/milestones waive M-31 "the supplier does it"',
    "cancel": '/milestones cancel M-31 "off"',
    "rebaseline": '/milestones rebaseline M-31 8 Jan reason:"agreed"',
}
WHO = {Part.OWNER: "dov", Part.LEAD: "ann", Part.CHECKER: "ann", Part.SPONSOR: "carl", Part.ADMIN: "ivo"}
TARGETS = {"done": State.CLAIMED, "accept": State.ACHIEVED, "reject": State.PLANNED, "waive": State.WAIVED,
           "cancel": State.CANCELLED}  # fmt: skip


async def a_milestone_that_is(database: Database, state: State) -> Board:
    """M-31 of Dov's; a later date is proposed for it while it is planned."""
    board = await a_board(database)
    more: dict[str, object] = {"state": state}
    match state:
        case State.PLANNED:
            more |= {"proposed_on": on(1, 5)}
        case State.CLAIMED:
            more |= {"claimed_on": date(2026, 12, 4), "evidence": "live on 40 desks"}
        case State.ACHIEVED:
            more |= {"actual_on": date(2026, 12, 4)}
        case State.WAIVED | State.CANCELLED:
            pass
    await board.has("M-30", "Questions agreed", "ann", on(12, 15))
    await board.has("M-31", "Script live", "dov", on(12, 18), **more)
    return board


def test_the_table_knows_every_state_and_the_lines_every_verb() -> None:
    assert {state for move in MOVES for state in (*move.sources, move.target) if state} == {*State}
    assert LINES.keys() == {*VERBS}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", list(State))
async def test_each_verb_works_where_the_table_allows_it_and_says_what_is_allowed_where_not(
    sqlite: Database, state: State, verb: str
) -> None:
    board = await a_milestone_that_is(sqlite, state)
    moves = moves_from(MOVES, verb, state)
    who = WHO[moves[0].who[0]] if moves else "ann"
    said = await board.says(who, LINES[verb])
    assert isinstance(said, Card), said
    after = await board.milestone("M-31")
    if moves:
        assert after.state is (moves[0].target or state)
        assert "Nothing was changed" not in words_of(said), words_of(said)
        assert (await board.deeds("M-31"))[0][0] == verb
    else:
        done = next(move.done for move in MOVES if move.verb == verb)
        assert words_of(said).startswith(f"M-31 is {state.value}, so it can't be {done}.")
        allowed = verbs_from(MOVES, state)
        assert all(each in words_of(said) for each in allowed)
        assert bool(allowed) or "Nothing more can be done with it." in words_of(said)
        assert (after.state, after.version) == (state, 1)
        assert await board.deeds("M-31") == []


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.verb)
async def test_each_move_is_refused_to_everybody_else(sqlite: Database, move: object) -> None:
    assert move in MOVES
    found = next(each for each in MOVES if each is move)
    board = await a_milestone_that_is(sqlite, found.sources[0])
    for who in ("zoe", "amy"):
        assert "can do that with M-31. Nothing was changed." in await board.reads(who, LINES[found.verb])
    assert (await board.milestone("M-31")).state is found.sources[0]


@pytest.mark.parametrize("verb", [move.verb for move in MOVES if move.reason])
async def test_a_move_that_needs_a_reason_asks_for_it(sqlite: Database, verb: str) -> None:
    move = next(each for each in MOVES if each.verb == verb and each.reason)
    board = await a_milestone_that_is(sqlite, move.sources[0])
    line = f"/milestones {verb} M-31" + (" 8 Jan" if verb == "rebaseline" else "")
    said = await board.says(WHO[move.who[0]], line)
    if isinstance(said, Card):
        assert "Please add why" in words_of(said)
    else:
        assert "why" in {each.id for each in said.inputs}
    assert (await board.milestone("M-31")).version == 1


def test_the_targets_are_those_of_the_specification() -> None:
    assert {move.verb: move.target for move in MOVES if move.target} == TARGETS
