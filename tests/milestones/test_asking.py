"""A lead asks, the owner answers, and the answer comes back to the one who asked."""

from datetime import date

import pytest

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.milestones.rules import ASKED_MOST
from storage.engine import Database
from storage.initiatives import MilestoneAsk
from storage.people import Absence
from tests.milestones.board import STATE, Board, card_11, on
from tests.support.reading import labels_of, words_of

Answer = MilestoneAsk.Answer


async def asked(database: Database) -> Board:
    """Cora has asked for M-31."""
    board = await card_11(database)
    await board.says("cora", "/milestones ask M-31")
    return board


async def test_the_owner_is_asked_and_on_track_goes_back_to_the_one_who_asked(database: Database) -> None:
    board = await card_11(database)
    said = await board.reads("cora", "/milestones ask M-31")
    assert "I asked about one milestone. Each answer comes to you." in said
    assert "Ann  M-31" in said
    (letter,) = board.posts("ann")
    assert "Cora asks for the state of M-31 Script live." in letter.words
    assert labels_of(letter.card) == ["On track", "Late, new date", "Done"]
    answer = await board.presses("ann", letter.card, "On track")
    assert "Thank you. Cora hears that M-31 Script live is on track for Fri 18 Dec 2026." in words_of(answer)  # type: ignore[arg-type]
    (back,) = board.letters("cora")
    assert "M-31 Script live is on track for Fri 18 Dec 2026." in back
    assert "Ann answered on Mon 7 Dec 2026, 09:00" in back
    assert [each.answer for each in await board.asks()] == [Answer.ON_TRACK]
    assert labels_of(board.posts("ann")[0].card) == []


async def test_late_asks_for_a_date_and_a_reason_and_moves_the_milestone(database: Database) -> None:
    board = await asked(database)
    form = await board.presses("ann", board.posts("ann")[0].card, "Late, new date")
    refused = await board.sends("ann", form)
    assert isinstance(refused, Form)
    assert set(refused.errors) == {"due", "why"}
    said = await board.sends("ann", form, due="2027-01-08", why="supplier late")
    assert isinstance(said, Card)
    assert "21 days late" in words_of(said)
    (back,) = board.letters("cora")
    assert "M-31 Script live has a new date: Fri 8 Jan 2027, 21 days late: supplier late" in back
    assert (await board.milestone("M-31")).forecast_on == on(1, 8)
    assert (await board.milestone("M-32")).proposed_on == on(1, 19)


async def test_done_asks_for_evidence_and_claims_it(database: Database) -> None:
    board = await asked(database)
    form = await board.presses("ann", board.posts("ann")[0].card, "Done")
    await board.sends("ann", form, evidence="live on 40 desks")
    assert (await board.milestone("M-31")).state is STATE.CLAIMED
    (back,) = board.letters("cora")
    assert "M-31 Script live is done: live on 40 desks. It still waits to be accepted." in back
    assert "Ann says that M-31 Script live is done." in board.letters("carl")[0]


async def test_an_initiative_asks_each_owner_for_their_open_ones(database: Database) -> None:
    board = await card_11(database)
    said = await board.reads("carl", "/milestones ask I-1")
    assert "I asked about four milestones." in said
    assert [len(board.posts(each)) for each in ("ann", "dov", "raj", "carl")] == [1, 1, 2, 0]


async def test_somebody_is_asked_for_all_of_theirs_up_to_a_cap(sqlite: Database) -> None:
    board = await card_11(sqlite)
    for number in range(40, 47):
        await board.has(f"M-{number}", "Vans equipped", "raj", on(1, 12))
    said = await board.reads("cora", "/milestones ask @Raj")
    assert "Raj has 4 more open milestones; I asked about the next ones." in said
    assert len(board.posts("raj")) == ASKED_MOST


async def test_one_s_own_are_left_out(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", "/milestones ask I-1")
    assert board.posts("ann") == []
    assert "is yours, so there is nobody to ask" in await board.reads("ann", "/milestones ask M-31")


async def test_the_same_question_is_not_asked_twice_while_it_waits(sqlite: Database) -> None:
    board = await asked(sqlite)
    assert "You asked Ann about M-31 before; that question still waits." in await board.reads(
        "cora", "/milestones ask M-31"
    )
    assert len(board.posts("ann")) == 1


async def test_one_answer_reaches_everybody_who_asked(sqlite: Database) -> None:
    board = await asked(sqlite)
    await board.says("carl", "/milestones ask M-31")
    await board.presses("ann", board.posts("ann")[0].card, "On track")
    assert len(board.letters("cora")) == len(board.letters("carl")) == 1


async def test_a_new_date_typed_as_a_command_answers_too(sqlite: Database) -> None:
    board = await asked(sqlite)
    await board.says("ann", '/milestones move M-31 8 Jan reason:"supplier late"')
    assert "has a new date" in board.letters("cora")[0]
    assert labels_of(board.posts("ann")[0].card) == []


async def test_an_old_question_answers_kindly(sqlite: Database) -> None:
    board = await asked(sqlite)
    card = board.posts("ann")[0].card
    await board.presses("ann", card, "On track")
    again = await board.presses("ann", card, "On track")
    assert "This was answered on Mon 7 Dec 2026, 09:00: on track. Thank you. Nothing was changed." in words_of(again)  # type: ignore[arg-type]
    assert len(board.letters("cora")) == 1


async def test_a_question_about_something_that_is_settled_says_so(sqlite: Database) -> None:
    board = await asked(sqlite)
    card = board.posts("ann")[0].card
    await board.says("carl", '/milestones waive M-31 "not needed"')
    again = await board.presses("ann", card, "On track")
    assert "M-31 Script live: it is waived. Thank you, there is nothing left to answer." in words_of(again)  # type: ignore[arg-type]
    assert labels_of(board.posts("ann")[0].card) == []


async def test_whoever_asks_somebody_who_is_away_reads_that(sqlite: Database) -> None:
    board = await card_11(sqlite)
    async with board.changing() as tx:
        tx.add(Absence(person_id=board.company.people["ann"].id, from_on=on(12, 7), to_on=date(2026, 12, 11)))
    said = await board.reads("cora", "/milestones ask M-31")
    assert "Ann is away until Fri 11 Dec 2026, so an answer may take that long." in said


async def test_somebody_else_can_not_answer(sqlite: Database) -> None:
    board = await asked(sqlite)
    said = await board.presses("dov", board.posts("ann")[0].card, "On track")
    assert "That question is for Ann." in words_of(said)  # type: ignore[arg-type]


async def test_who_leads_nothing_does_not_ask(sqlite: Database) -> None:
    board = await card_11(sqlite)
    assert "can ask for an update" in await board.reads("zoe", "/milestones ask I-1")
    assert await board.asks() == []


async def test_a_question_without_a_target_says_how(sqlite: Database) -> None:
    board = await card_11(sqlite)
    assert "Whom shall I ask?" in await board.reads("cora", "/milestones ask")


@pytest.mark.parametrize("line", ["/milestones ask M-30", "/milestones ask M-37"])
async def test_what_nobody_can_be_asked_about_says_why(sqlite: Database, line: str) -> None:
    board = await card_11(sqlite)
    await board.has("M-37", "Somebody's", "", on(1, 12))
    said = await board.reads("cora", line)
    assert "nothing left to answer" in said or "has no owner yet" in said


async def test_an_answer_can_be_undone(sqlite: Database) -> None:
    board = await asked(sqlite)
    card = board.posts("ann")[0].card
    answer = await board.presses("ann", card, "On track")
    await board.presses("ann", answer, "Undo")
    assert [each.answer for each in await board.asks()] == [None]
    assert labels_of(board.posts("ann")[0].card) == ["On track", "Late, new date", "Done"]
