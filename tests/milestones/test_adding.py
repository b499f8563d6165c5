"""New milestones, and what they wait for."""

import asyncio

import pytest

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.engine import Database
from storage.initiatives import Initiative
from tests.milestones.board import STATE, a_board, card_11, on
from tests.support.company import an_event
from tests.support.reading import shown_in, words_of

ADD = '/milestones add I-1 "Script live" due:18 Dec owner:@Dov phase:Build days:10'


async def test_a_milestone_is_added_with_a_code_and_its_owner_hears_of_it(database: Database) -> None:
    board = await a_board(database)
    said = await board.reads("ann", ADD)
    assert "M-1 is in I-1: Script live, Dov, Fri 18 Dec 2026." in said
    assert "That date is its baseline." in said
    added = await board.milestone("M-1")
    assert (added.forecast_on, added.baseline_on, added.duration_days) == (on(12, 18), on(12, 18), 10)
    assert added.phase_id is not None
    assert "Ann gave you M-1 Script live." in board.letters("dov")[0]


async def test_before_the_charter_is_approved_a_milestone_has_no_baseline(sqlite: Database) -> None:
    board = await a_board(sqlite, agreed=False)
    said = await board.reads("ann", ADD)
    assert "Its date becomes the baseline when the charter is approved." in said
    assert (await board.milestone("M-1")).baseline_on is None


async def test_what_is_missing_is_asked_in_a_form_with_what_was_said(database: Database) -> None:
    board = await a_board(database)
    form = await board.says("ann", '/milestones add I-1 "Script live" owner:@Dov')
    assert isinstance(form, Form)
    held = shown_in(form)
    assert (held["title"], held["due"], held["owner"]) == ("Script live", "", "dov")
    refused = await board.sends("ann", form, owner=str(board.company.people["dov"].id))
    assert isinstance(refused, Form)
    assert refused.errors == {"due": "Please choose a day."}
    assert shown_in(refused)["owner"] == "dov"
    said = await board.sends("ann", form, owner=str(board.company.people["dov"].id), due="2026-12-18")
    assert isinstance(said, Card)
    assert (await board.milestone("M-1")).title == "Script live"


@pytest.mark.parametrize("who", ["ann", "carl", "raj", "ivo"])
async def test_owner_sponsor_lead_and_administrator_add(sqlite: Database, who: str) -> None:
    board = await a_board(sqlite)
    await board.says(who, ADD)
    assert (await board.milestone("M-1")).state is STATE.PLANNED


@pytest.mark.parametrize("line", [ADD, "/milestones add"])
async def test_others_do_not(sqlite: Database, line: str) -> None:
    board = await a_board(sqlite)
    assert "Nothing was changed." in await board.reads("zoe", line)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('/milestones add I-9 "x" due:18 Dec owner:@Dov', "I can't find I-9"),
        ('/milestones add I-1 "x" due:18 Dec owner:@Nobody', "Nobody"),
        ('/milestones add I-1 "x" due:32 Dec owner:@Dov', "I don't understand the date"),
        ('/milestones add I-1 "x" due:03/04 owner:@Dov', "I can't tell whether 03/04"),
        ('/milestones add I-1 "x" due:2026-12-01 owner:@Dov', "is over"),
        ('/milestones add I-1 "x" due:18 Dec owner:@Dov phase:Test', "I-1 has Build and Roll out."),
        ('/milestones add I-1 "x" due:18 Dec owner:@Dov days:many', "I can't read 'many' as a number of days"),
        ('/milestones add I-1 "x" due:18 Dec owner:@Dov after:M-9', "I can't find M-9"),
    ],
)
async def test_what_is_wrong_with_a_line_is_said_and_nothing_is_kept(sqlite: Database, line: str, words: str) -> None:
    board = await a_board(sqlite)
    assert words in await board.reads("ann", line)
    assert "No milestone is open here" in await board.reads("ann", "/milestones I-1")


async def test_an_initiative_that_is_over_gets_none(sqlite: Database) -> None:
    board = await a_board(sqlite)
    async with board.changing() as tx:
        (await tx.need(Initiative, board.initiative_id)).state = Initiative.State.DROPPED
    assert "I-1 is dropped, so it gets no milestone any more." in await board.reads("ann", ADD)


async def test_a_new_one_may_wait_for_another_from_the_start(sqlite: Database) -> None:
    board = await card_11(sqlite)
    said = await board.reads("ann", '/milestones add I-1 "Old script off" due:18 Dec owner:@Dov after:M-31')
    assert "proposed for Sat 19 Dec 2026, 1 day late" in said
    assert (await board.milestone("M-1")).proposed_on == on(12, 19)


# --- what waits for what


@pytest.mark.req("S3-14", "INV-13")
async def test_a_dependency_that_would_close_a_circle_is_refused_with_its_path(database: Database) -> None:
    board = await card_11(database)
    await board.says("ann", "/milestones after M-34 M-32 lag:2")
    before = await board.edges()
    said = await board.reads("ann", "/milestones after M-31 M-34")
    assert "go round in a circle" in said
    assert "M-31 → M-32 → M-34 → M-31" in said
    assert "M-31 can't wait for itself" in await board.reads("ann", "/milestones after M-31 M-31")
    assert await board.edges() == before


async def test_of_two_edges_that_would_close_a_circle_together_one_enters(database: Database) -> None:
    board = await card_11(database)
    lines = ("/milestones after M-33 M-34", "/milestones after M-34 M-33")
    await asyncio.gather(
        *(
            board.dispatcher.handle(an_event(who, line, event=f"at-once-{who}"))
            for who, line in zip(("ann", "carl"), lines, strict=True)
        )
    )
    assert len(await board.edges()) == 2


async def test_a_lag_is_kept_and_can_be_changed(sqlite: Database) -> None:
    board = await card_11(sqlite)
    said = await board.reads("ann", "/milestones after M-32 M-31 lag:2d")
    assert "M-32 40 desks trained waits for M-31 Script live, and 2 days more." in said
    ((_, _, lag),) = await board.edges()
    assert lag == 2
    assert "waits for M-31 already" in await board.reads("ann", "/milestones after M-32 M-31 lag:2")


async def test_a_dependency_needs_both_codes(sqlite: Database) -> None:
    board = await card_11(sqlite)
    assert "Which one waits for which?" in words_of(await board.says("ann", "/milestones after M-32"))  # type: ignore[arg-type]
