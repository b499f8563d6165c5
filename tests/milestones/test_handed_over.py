"""Another owner and a date that was declined: each is told once, and to those whom it concerns."""

from storage.engine import Database
from tests.milestones.board import card_11, on

MOVE = '/milestones move M-31 8 Jan reason:"supplier late"'


async def test_the_owner_before_hears_that_it_is_somebody_elses_and_the_new_one_reads_you(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", "/milestones assign M-32 @Raj")
    assert "Ann gave M-32 40 desks trained to Raj" in board.letters("dov")[-1]
    assert "Ann gave M-32 40 desks trained to you" in board.letters("raj")[-1]


async def test_a_date_that_was_declined_is_not_asked_again_for_the_same_cause(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", MOVE)
    assert (await board.milestone("M-32")).proposed_on is not None
    await board.says("dov", '/milestones keep M-32 "two trainers more"')
    asked = len(board.letters("dov", "can't be reached on"))
    await board.says("ann", '/milestones done M-31 evidence:"live on 40 desks"')
    await board.says("carl", '/milestones reject M-31 "2 to go"')
    assert (await board.milestone("M-32")).proposed_on is None
    assert len(board.letters("dov", "can't be reached on")) == asked
    await board.says("ann", '/milestones move M-31 15 Jan reason:"later still"')
    assert (await board.milestone("M-32")).proposed_on not in {None, on(1, 15)}
