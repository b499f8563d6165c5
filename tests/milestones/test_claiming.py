"""Reached is what a second person accepts."""

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.engine import Database
from storage.initiatives import Milestone, Phase
from tests.milestones.board import STATE, TODAY, Board, card_11, on
from tests.support.reading import labels_of, words_of

DONE = '/milestones done M-33 evidence:"on every sheet since Monday"'


async def claimed(database: Database) -> Board:
    board = await card_11(database)
    await board.says("raj", DONE)
    return board


async def test_a_claim_is_accepted_by_the_owner_of_the_initiative(database: Database) -> None:
    board = await card_11(database)
    said = await board.reads("raj", DONE)
    assert "is noted as done. Ann is asked to accept it." in said
    assert (await board.milestone("M-33")).state is STATE.CLAIMED
    (letter,) = board.posts("ann")
    assert "Raj says that M-33 Fault details on every job sheet is done." in letter.words
    assert "Evidence: on every sheet since Monday" in letter.words
    assert labels_of(letter.card) == ["Accept", "Not yet"]
    answer = await board.presses("ann", letter.card, "Accept")
    assert "is achieved on Mon 7 Dec 2026. Thank you. Raj hears of it." in words_of(answer)  # type: ignore[arg-type]
    achieved = await board.milestone("M-33")
    assert (achieved.state, achieved.actual_on) == (STATE.ACHIEVED, TODAY)
    assert achieved.accepted_by == board.company.people["ann"].id
    assert "Ann accepted M-33 Fault details on every job sheet" in board.letters("raj")[-1]
    assert labels_of(board.posts("ann")[0].card) == []


async def test_not_yet_needs_a_reason_and_brings_it_back_to_its_owner(database: Database) -> None:
    board = await claimed(database)
    form = await board.presses("ann", board.posts("ann")[0].card, "Not yet")
    refused = await board.sends("ann", form)
    assert isinstance(refused, Form)
    assert refused.errors
    said = await board.sends("ann", form, why="8 sheets to go")
    assert isinstance(said, Card)
    planned = await board.milestone("M-33")
    assert (planned.state, planned.claimed_on, planned.actual_on) == (STATE.PLANNED, None, None)
    assert "not yet: 8 sheets to go" in board.letters("raj")[-1]


async def test_nobody_accepts_their_own(database: Database) -> None:
    board = await card_11(database)
    said = await board.reads("ann", '/milestones done M-31 evidence:"live on 40 desks"')
    assert "Carl is asked to accept it." in said
    refused = await board.reads("ann", "/milestones accept M-31")
    assert "somebody else than its owner" in refused
    assert (await board.milestone("M-31")).state is STATE.CLAIMED
    await board.presses("carl", board.posts("carl")[0].card, "Accept")
    assert (await board.milestone("M-31")).state is STATE.ACHIEVED


async def test_a_claim_without_evidence_opens_the_form(sqlite: Database) -> None:
    board = await card_11(sqlite)
    form = await board.says("raj", "/milestones done M-33")
    assert isinstance(form, Form)
    assert isinstance(await board.sends("raj", form), Form)
    await board.sends("raj", form, evidence="on every sheet")
    assert (await board.milestone("M-33")).evidence == "on every sheet"


async def test_what_is_accepted_later_than_planned_pushes_what_waits_for_it(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.has("M-36", "Old script off", "dov", on(12, 7), duration_days=3)
    await board.waits("M-36", "M-33")
    await board.says("raj", DONE)
    await board.says("ann", "/milestones accept M-33")
    assert (await board.milestone("M-36")).proposed_on == on(12, 11)


async def test_waiving_is_the_sponsor_s_and_frees_what_waits(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", '/milestones move M-31 8 Jan reason:"supplier late"')
    form = await board.says("carl", "/milestones waive M-31")
    said = await board.sends("carl", form, why="the supplier does it")
    assert isinstance(said, Card)
    assert "is waived: the supplier does it" in words_of(said)
    assert (await board.milestone("M-31")).state is STATE.WAIVED
    assert (await board.milestone("M-32")).proposed_on is None
    assert "Carl waived M-31 Script live: the supplier does it" in board.letters("ann")[-1]


async def test_an_accepted_milestone_keeps_its_state_however_often_the_button_is_pressed(sqlite: Database) -> None:
    board = await claimed(sqlite)
    card = board.posts("ann")[0].card
    await board.presses("ann", card, "Accept")
    again = await board.presses("ann", card, "Accept")
    assert "M-33 is achieved, so it can't be accepted." in words_of(again)  # type: ignore[arg-type]


@pytest.mark.req("S3-21")
async def test_a_phase_closes_when_its_milestones_are_achieved_or_waived(database: Database) -> None:
    board = await card_11(database)
    async with board.changing() as tx:
        phase = await tx.first(select(Phase).where(Phase.name == "Build"))
        assert phase is not None
        for each in await tx.all(select(Milestone)):
            each.phase_id = phase.id if each.code in {"M-31", "M-32"} else None
    line = '/milestones phase I-1 "Build" close'
    said = await board.reads("ann", line)
    assert said == (
        "Phase 'Build' still has 2 open milestones: M-31 Script live and M-32 40 desks trained. Nothing was changed."
    )
    await board.says("carl", '/milestones waive M-32 "not needed"')
    await board.says("ann", '/milestones done M-31 evidence:"live"')
    assert "still has 1 open milestone" in await board.reads("ann", line)
    await board.says("carl", "/milestones accept M-31")
    assert "Only" in await board.reads("zoe", line)
    assert "I-1 Build is closed." in await board.reads("ann", "/milestones phase I-1 Build close")
    assert "is closed already" in await board.reads("ann", line)
    assert "I can't find the phase 'Bild'" in await board.reads("ann", '/milestones phase I-1 "Bild" close')
    assert "Which phase" in await board.reads("ann", "/milestones phase I-1")
