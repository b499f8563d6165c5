"""Milestones in a person's day: what waits for their word, and what comes within a week."""

import pytest

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.engine import Database
from tests.milestones.board import STATE, Board, card_11, on
from tests.support.reading import labels_of, words_of


async def today(board: Board, who: str) -> Card:
    card = await board.says(who, "/today")
    assert isinstance(card, Card)
    return card


@pytest.mark.req("S3-34")
async def test_a_day_has_what_is_due_within_a_week_and_not_what_comes_later(database: Database) -> None:
    board = await card_11(database)
    await board.has("M-28", "Supplier chosen", "raj", on(12, 14))
    await board.has("M-29", "Contract signed", "raj", on(12, 15))
    card = await today(board, "raj")
    assert "Supplier chosen\nMilestone, due Mon 14 Dec · M-28" in words_of(card)
    assert "M-29" not in words_of(card)
    assert "M-28 is reached" in labels_of(card)


@pytest.mark.req("S3-34")
async def test_a_day_asks_for_a_new_date_of_what_is_past_its_own(database: Database) -> None:
    board = await card_11(database)
    await board.has("M-29", "Pilot at Oakley", "dov", on(12, 4))
    card = await today(board, "dov")
    assert "Pilot at Oakley\nNeeds a date, was due Fri 4 Dec · M-29" in words_of(card)
    assert words_of(card).startswith("One thing for you, Dov")
    form = await board.presses("dov", card, "New date for M-29")
    assert isinstance(form, Form)
    await board.sends("dov", form, due="2026-12-11", why="two vans off the road")
    assert (await board.milestone("M-29")).forecast_on == on(12, 11)


async def test_a_day_has_the_claims_that_wait_for_one_s_word(database: Database) -> None:
    board = await card_11(database)
    await board.says("raj", '/milestones done M-33 evidence:"on every sheet"')
    assert "Raj says it is reached · M-33" in words_of(await today(board, "ann"))
    assert "M-33" not in words_of(await today(board, "carl"))
    await board.says("ann", '/milestones done M-31 evidence:"live"')
    card = await today(board, "carl")
    assert "Ann says it is reached · M-31" in words_of(card)
    await board.presses("carl", card, "Accept M-31")
    assert (await board.milestone("M-31")).state is STATE.ACHIEVED
    assert "M-31" not in words_of(await today(board, "carl"))


async def test_a_day_has_the_dates_that_one_decides_about(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", '/milestones move M-31 8 Jan reason:"supplier late"')
    card = await today(board, "dov")
    assert "40 desks trained\nTue 19 Jan 2027 is proposed, it waits for M-31 · M-32" in words_of(card)
    whole = await board.presses("dov", card, "Decide on M-32")
    assert isinstance(whole, Card)
    assert labels_of(whole)[:2] == ["Take it over", "Keep mine"]


async def test_a_day_without_milestones_says_nothing_of_them(sqlite: Database) -> None:
    board = await card_11(sqlite)
    assert "ilestone" not in words_of(await today(board, "zoe"))
