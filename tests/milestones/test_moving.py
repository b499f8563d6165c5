"""Another forecast: the slip, and what it pushes."""

import asyncio

import pytest

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.engine import Database
from tests.milestones.board import STATE, a_board, card_11, on
from tests.support.company import an_event
from tests.support.reading import labels_of, words_of

MOVE = '/milestones move M-31 8 Jan reason:"supplier late"'


@pytest.mark.req("S3-14")
async def test_a_late_milestone_pushes_its_successor_and_tells_its_owner(database: Database) -> None:
    board = await card_11(database)
    said = await board.reads("ann", MOVE)
    assert "Fri 8 Jan 2027" in said
    assert "21 days late" in said
    assert "40 desks trained  M-32 proposed for Tue 19 Jan 2027, 4 days late" in said
    pushed = await board.milestone("M-32")
    assert (pushed.forecast_on, pushed.proposed_on) == (on(1, 15), on(1, 19))
    (letter,) = board.posts("dov")
    assert (
        "It can't be reached on Fri 15 Jan 2027 any more: it waits for M-31 Script live, now Fri 8 Jan 2027, "
        "and takes 10 days from then on."
    ) in letter.words
    assert "Proposed: Tue 19 Jan 2027, 4 days late against its baseline." in letter.words
    assert labels_of(letter.card) == ["Take it over", "Keep mine"]


@pytest.mark.req("S3-14")
async def test_the_owner_takes_a_proposed_date_over(database: Database) -> None:
    board = await card_11(database)
    await board.says("ann", MOVE)
    (letter,) = board.posts("dov")
    first = letter.card
    said = await board.presses("dov", first, "Take it over")
    assert isinstance(said, Card)
    assert "is now expected on Tue 19 Jan 2027, 4 days late" in words_of(said)
    pushed = await board.milestone("M-32")
    assert (pushed.forecast_on, pushed.proposed_on, pushed.reason) == (on(1, 19), None, "waits for M-31")
    (after,) = board.posts("dov")
    assert labels_of(after.card) == []
    again = await board.presses("dov", first, "Take it over")
    assert isinstance(again, Card)
    assert "No other date is proposed for M-32" in words_of(again)


async def test_keeping_a_date_needs_a_reason(database: Database) -> None:
    board = await card_11(database)
    await board.says("ann", MOVE)
    (letter,) = board.posts("dov")
    form = await board.presses("dov", letter.card, "Keep mine")
    refused = await board.sends("dov", form, why=" ")
    assert isinstance(refused, Form)
    assert refused.errors == {"why": "Please write a few words."}
    said = await board.sends("dov", form, why="two trainers more")
    assert isinstance(said, Card)
    assert "stays on Fri 15 Jan 2027: two trainers more" in words_of(said)
    kept = await board.milestone("M-32")
    assert (kept.forecast_on, kept.proposed_on) == (on(1, 15), None)
    assert ("keep", "2027-01-19", "2027-01-15", "two trainers more") in await board.deeds("M-32")


@pytest.mark.req("S3-14")
async def test_a_push_reaches_those_that_wait_for_others_too_and_each_owner_once(database: Database) -> None:
    board = await card_11(database)
    await board.waits("M-34", "M-32", lag=70)
    await board.says("ann", MOVE)
    assert (await board.milestone("M-34")).proposed_on == on(3, 31)
    assert (await board.milestone("M-33")).proposed_on is None
    assert len(board.posts("dov")) == len(board.posts("raj")) == 1


async def test_the_same_push_is_told_once(database: Database) -> None:
    board = await card_11(database)
    await board.says("ann", MOVE)
    await board.says("ann", "/milestones after M-33 M-31")
    await board.says("ann", "/milestones after M-32 M-30")
    assert len(board.letters("dov", "Proposed: ")) == 1


async def test_a_proposal_that_is_not_needed_any_more_goes(database: Database) -> None:
    board = await card_11(database)
    await board.says("ann", MOVE)
    await board.says("ann", '/milestones move M-31 21 Dec reason:"parts came by air"')
    assert (await board.milestone("M-32")).proposed_on is None
    (letter,) = board.posts("dov")
    assert labels_of(letter.card) == []


async def test_a_move_without_a_date_or_reason_opens_the_form_with_what_was_said(sqlite: Database) -> None:
    board = await card_11(sqlite)
    form = await board.says("ann", "/milestones move M-31 8 Jan")
    assert isinstance(form, Form)
    assert {each.id: each.value for each in form.inputs} == {"due": "2027-01-08", "why": ""}
    refused = await board.sends("ann", form)
    assert isinstance(refused, Form)
    assert set(refused.errors) == {"why"}
    said = await board.sends("ann", form, why="supplier late")
    assert isinstance(said, Card)
    assert (await board.milestone("M-31")).forecast_on == on(1, 8)


async def test_a_move_is_for_its_owner_and_lead(sqlite: Database) -> None:
    board = await card_11(sqlite)
    said = await board.reads("zoe", MOVE)
    assert "Only its owner or the lead can do that with M-31" in said
    await board.says("carl", '/milestones move M-33 29 Dec reason:"vans are late"')
    assert (await board.milestone("M-33")).forecast_on == on(12, 29)
    assert (
        "Carl moved M-33 Fault details on every job sheet to Tue 29 Dec 2026: vans are late" in board.letters("raj")[0]
    )


async def test_the_lead_of_the_owner_may_move_it(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.has("M-35", "Vans equipped", "amy", on(1, 12))
    await board.says("raj", '/milestones move M-35 14 Jan reason:"seals are late"')
    assert (await board.milestone("M-35")).forecast_on == on(1, 14)


async def test_a_forecast_is_no_day_that_is_over(sqlite: Database) -> None:
    board = await card_11(sqlite)
    said = await board.reads("ann", '/milestones move M-31 2026-12-06 reason:"done long ago"')
    assert "is over" in said
    assert "Nothing was changed." in said


async def test_the_same_date_again_changes_nothing(sqlite: Database) -> None:
    board = await card_11(sqlite)
    assert "already. Nothing was changed." in await board.reads("ann", '/milestones move M-31 18 Dec reason:"as it is"')


async def test_a_date_on_which_the_owner_does_not_work_is_kept_with_a_note(sqlite: Database) -> None:
    board = await card_11(sqlite)
    said = await board.reads("ann", '/milestones move M-31 2027-01-09 reason:"supplier late"')
    assert "Sat 9 Jan 2027 is not a working day for its owner; the date is kept." in said
    assert (await board.milestone("M-31")).forecast_on == on(1, 9)


async def test_a_move_can_be_undone_with_what_it_pushed(database: Database) -> None:
    board = await card_11(database)
    card = await board.says("ann", MOVE)
    await board.presses("ann", card, "Undo")
    assert (await board.milestone("M-31")).forecast_on == on(12, 18)
    assert (await board.milestone("M-32")).proposed_on is None


async def test_of_two_who_move_the_same_milestone_at_once_one_wins_and_the_other_reads_the_new_state(
    database: Database,
) -> None:
    board = await card_11(database)
    lines = {
        "ann": '/milestones move M-31 8 Jan reason:"supplier late"',
        "carl": '/milestones move M-31 11 Jan reason:"x"',
    }
    answers = await asyncio.gather(
        *(board.dispatcher.handle(an_event(who, text, event=f"at-once-{who}")) for who, text in lines.items())
    )
    said = [words_of(each.content) for each in answers if each is not None and isinstance(each.content, Card)]
    (refused,) = [each for each in said if "changed M-31 a moment ago" in each]
    milestone = await board.milestone("M-31")
    winner = "Ann" if milestone.forecast_on == on(1, 8) else "Carl"
    assert refused.startswith(f"{winner} changed M-31 a moment ago: it is planned for")
    assert [each[0] for each in await board.deeds("M-31")] == ["move"]


async def test_a_form_that_was_overtaken_is_refused_with_the_new_state(sqlite: Database) -> None:
    board = await card_11(sqlite)
    form = await board.says("ann", "/milestones move M-31 8 Jan")
    await board.says("carl", '/milestones move M-31 11 Jan reason:"agreed with the supplier"')
    refused = await board.sends("ann", form, why="supplier late")
    assert isinstance(refused, Form)
    assert "Carl changed M-31 a moment ago: it is planned for Mon 11 Jan 2027, 24 days late." in refused.errors["due"]
    assert (await board.milestone("M-31")).forecast_on == on(1, 11)


# --- the baseline


async def test_the_baseline_changes_only_by_the_sponsor_s_word_and_is_counted(database: Database) -> None:
    board = await card_11(database)
    await board.says("ann", MOVE)
    line = '/milestones rebaseline M-31 reason:"agreed on 7 December"'
    assert "Only its sponsor or an administrator can do that" in await board.reads("ann", line)
    said = await board.reads("carl", line)
    assert "has the baseline Fri 8 Jan 2027, before Fri 18 Dec 2026. It is on time." in said
    moved = await board.milestone("M-31")
    assert (moved.baseline_on, moved.rebaselined) == (on(1, 8), 1)
    assert "baseline moved once" in await board.reads("ann", "/milestones I-1")
    assert "Carl moved the baseline of M-31" in board.letters("ann")[-1]


async def test_a_baseline_is_not_moved_without_a_reason(sqlite: Database) -> None:
    board = await card_11(sqlite)
    assert "Please add why" in await board.reads("carl", "/milestones rebaseline M-31 8 Jan")
    assert (await board.milestone("M-31")).rebaselined == 0


async def test_before_the_charter_is_approved_there_is_no_baseline_to_move(sqlite: Database) -> None:
    board = await a_board(sqlite, agreed=False)
    await board.has("M-31", "Script live", "ann", on(12, 18), baseline_on=None)
    assert "has no baseline yet" in await board.reads("carl", '/milestones rebaseline M-31 8 Jan reason:"late"')
    assert (await board.milestone("M-31")).state is STATE.PLANNED
