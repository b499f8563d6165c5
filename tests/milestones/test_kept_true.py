"""What people saw go wrong: dates that stood where they could not, cards that were old, owners who had left."""

import re

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.engine import Database
from storage.initiatives import Initiative, Milestone, MilestoneAsk
from storage.people import Person
from tests.milestones.board import STATE, Board, a_board, card_11, on
from tests.support.reading import labels_of, words_of

MOVE = '/milestones move M-31 8 Jan reason:"supplier late"'


async def left(board: Board, who: str) -> None:
    async with board.changing() as tx:
        (await tx.need(Person, board.company.people[who].id)).active = False


async def a_guest(board: Board, who: str) -> None:
    async with board.changing() as tx:
        (await tx.need(Person, board.company.people[who].id)).is_external = True


# --- dates


async def test_what_is_not_yet_reached_is_pushed_again_by_what_it_waits_for(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("dov", '/milestones done M-32 evidence:"40 desks"')
    await board.says("ann", MOVE)
    assert (await board.milestone("M-32")).proposed_on is None
    await board.says("carl", '/milestones reject M-32 "2 to go"')
    assert (await board.milestone("M-32")).proposed_on == on(1, 19)
    assert labels_of(board.posts("dov", "can't be reached on")[-1].card) == ["Take it over", "Keep mine"]


async def test_a_date_before_what_it_waits_for_is_noted_and_the_later_one_proposed(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", MOVE)
    letters = len(board.posts("dov"))
    said = await board.reads("dov", '/milestones move M-32 10 Jan reason:"two trainers more"')
    assert "It can't be reached then: it waits for M-31 Script live, now Fri 8 Jan 2027" in said
    assert "Tue 19 Jan 2027 is proposed, 4 days late." in said
    row = await board.milestone("M-32")
    assert (row.forecast_on, row.proposed_on) == (on(1, 10), on(1, 19))
    assert len(board.posts("dov")) == letters  # the question is there already, with the new words
    assert "can't be reached on Sun 10 Jan 2027" in board.letters("dov")[-1]
    kept = await board.says("dov", '/milestones keep M-32 "all at once"')
    assert isinstance(kept, Card)
    assert (await board.milestone("M-32")).proposed_on is None


async def test_after_undo_of_a_move_nobody_reads_the_date_that_was_taken_back(sqlite: Database) -> None:
    board = await a_board(sqlite)
    await board.has("M-31", "Script live", "ann", on(12, 18))
    await board.has("M-32", "40 desks trained", "dov", on(1, 15), duration_days=10)
    moved = await board.says("ann", MOVE)
    await board.says("ann", "/milestones after M-32 M-31")
    assert (await board.milestone("M-32")).proposed_on == on(1, 19)
    await board.presses("ann", moved, "Undo")
    assert (await board.milestone("M-32")).proposed_on is None
    (letter,) = board.posts("dov", "was proposed for")
    assert "now Fri 8 Jan" not in letter.words
    assert labels_of(letter.card) == []


async def test_after_undo_of_a_dependency_what_waited_keeps_its_date(sqlite: Database) -> None:
    board = await a_board(sqlite)
    await board.has("M-31", "Script live", "ann", on(1, 8))
    await board.has("M-32", "40 desks trained", "dov", on(1, 15), duration_days=10)
    linked = await board.says("ann", "/milestones after M-32 M-31")
    await board.presses("ann", linked, "Undo")
    assert (await board.milestone("M-32")).proposed_on is None
    assert await board.edges() == []


async def test_what_waits_for_a_dropped_initiative_waits_no_more(sqlite: Database) -> None:
    board = await a_board(sqlite)
    await board.has("M-31", "Script live", "ann", on(12, 18))
    async with board.changing() as tx:
        other = Initiative(code="I-2", title="One stock list", state=Initiative.State.IN_FLIGHT)
        tx.add(other)
        await tx.flush()
        number = other.id
    await board.has("M-40", "Vans counted", "dov", on(12, 20), initiative_id=number)
    await board.waits("M-40", "M-31")
    await board.says("ann", MOVE)
    await board.says("cora", "/milestones ask M-31")
    assert (await board.milestone("M-40")).proposed_on == on(1, 9)
    dropped = await board.says("ivo", '/initiative drop I-1 "too dear"')
    off = await board.milestone("M-31")
    assert (off.state, off.reason) == (STATE.CANCELLED, "too dear")
    assert (await board.milestone("M-40")).proposed_on is None
    assert labels_of(board.posts("ann", "asked for the state of M-31")[-1].card) == []
    await board.presses("ivo", dropped, "Undo")
    assert (await board.milestone("M-40")).proposed_on == on(1, 9)
    assert "On track" in labels_of(board.posts("ann", "asks for the state of M-31")[-1].card)


async def test_a_dependency_is_taken_away_again(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", MOVE)
    card = await board.says("ann", "/milestones after M-32 M-31 off")
    assert isinstance(card, Card)
    assert "M-32 40 desks trained does not wait for M-31 Script live any more." in words_of(card)
    assert (await board.edges(), (await board.milestone("M-32")).proposed_on) == ([], None)
    assert "does not wait for M-31" in await board.reads("ann", "/milestones after M-32 M-31 off")
    await board.presses("ann", card, "Undo")
    assert ((await board.milestone("M-32")).proposed_on is not None, len(await board.edges())) == (True, 1)


@pytest.mark.parametrize("day", ["9999-12-31", "2101-01-01", "1999-12-31", "0001-01-01"])
async def test_a_form_takes_no_day_that_nobody_can_mean(sqlite: Database, day: str) -> None:
    board = await card_11(sqlite)
    form = await board.says("ann", "/milestones move M-31")
    refused = await board.sends("ann", form, due=day, why="typo")
    assert isinstance(refused, Form)
    assert "due" in refused.errors
    assert (await board.milestone("M-31")).forecast_on == on(12, 18)


# --- older cards and forms


async def test_a_button_takes_only_the_date_that_stands_on_its_card(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", MOVE)
    older = board.posts("dov")[0].card
    await board.says("ann", '/milestones move M-31 1 Mar reason:"strike"')
    said = await board.presses("dov", older, "Take it over")
    assert isinstance(said, Card)
    assert "M-32 has changed since that card was shown, so nothing was done." in words_of(said)
    assert (await board.milestone("M-32")).forecast_on == on(1, 15)
    again = await board.presses("dov", said, "Take it over")
    assert "is now expected on Fri 12 Mar 2027" in words_of(again)  # type: ignore[arg-type]


async def test_a_claim_is_accepted_only_by_who_read_it(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("dov", '/milestones done M-32 evidence:"12 desks"')
    older = board.posts("ann", "12 desks")[0].card
    await board.says("carl", '/milestones reject M-32 "28 to go"')
    await board.says("dov", '/milestones done M-32 evidence:"40 desks"')
    said = await board.presses("ann", older, "Accept")
    assert isinstance(said, Card)
    assert "has changed since that card was shown" in words_of(said)
    assert "40 desks" in words_of(said)
    assert (await board.milestone("M-32")).state is STATE.CLAIMED
    await board.presses("ann", said, "Accept")
    assert (await board.milestone("M-32")).state is STATE.ACHIEVED


@pytest.mark.parametrize(
    ("who", "line", "values"),
    [
        ("dov", "/milestones move M-32", {"due": "2027-02-01", "why": "mine"}),
        ("dov", "/milestones done M-32", {"evidence": "40 desks"}),
        ("ann", "/milestones cancel M-32", {"why": "smaller now"}),
    ],
)
async def test_a_form_that_came_second_holds_when_it_is_sent_once_more(
    sqlite: Database, who: str, line: str, values: dict[str, str]
) -> None:
    board = await card_11(sqlite)
    form = await board.says(who, line)
    await board.says("ivo", '/milestones move M-32 20 Jan reason:"the hall is booked"')
    refused = await board.sends(who, form, **values)
    assert isinstance(refused, Form)
    assert "Ivo changed M-32 a moment ago" in " ".join(refused.errors.values())
    assert {each.id: each.value for each in refused.inputs} == values
    assert isinstance(await board.sends(who, refused), Card)
    row = await board.milestone("M-32")
    assert (row.forecast_on, row.state) != (on(1, 20), STATE.PLANNED)


# --- owners who left, and guests


async def test_a_milestone_without_an_owner_is_claimed_by_the_lead_and_accepted_by_another(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.has("M-40", "Vans counted", "", on(1, 20))
    assert "Carl is asked to accept it." in await board.reads("ann", '/milestones done M-40 evidence:"all 40"')
    assert "somebody else than its owner" in await board.reads("ann", "/milestones accept M-40")
    assert "is achieved" in await board.reads("carl", "/milestones accept M-40")
    assert "Only its owner" in await board.reads("ann", '/milestones done M-32 evidence:"not hers"')


async def test_what_the_owner_who_left_would_hear_the_owner_of_the_initiative_hears(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await left(board, "dov")
    assert "Ann decides" in await board.reads("ann", MOVE)
    assert board.letters("dov") == []
    assert board.letters("ann")[-1].startswith("M-32 40 desks trained")
    assert board.letters("dov") == []


async def test_for_an_owner_who_left_the_lead_is_asked_and_the_asker_is_told(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await left(board, "dov")
    said = await board.reads("cora", "/milestones ask M-32")
    assert "Dov is not here any more, so I asked Ann about M-32." in said
    assert "Ann  M-32" in said
    (letter,) = board.posts("ann", "Cora asks for the state of M-32")
    assert "Dov is not here any more, so you are asked." in letter.words
    await board.presses("ann", letter.card, "On track")
    assert "Ann answered" in board.letters("cora")[-1]
    assert board.letters("dov") == []


async def test_a_lead_who_asks_about_what_an_owner_left_is_told_that_nobody_was_asked(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await left(board, "dov")
    said = await board.reads("ann", "/milestones ask M-32")
    assert "Dov is not here any more, so nobody was asked about M-32." in said


@pytest.mark.req("INV-20")
@pytest.mark.parametrize("button", ["On track", "Late, new date", "Done"])
async def test_an_older_question_is_not_answered_about_a_date_its_owner_did_not_see(
    sqlite: Database, button: str
) -> None:
    board = await card_11(sqlite)
    await board.says("cora", "/milestones ask M-31")
    older = board.posts("ann", "Cora asks")[0].card
    await board.says("raj", '/milestones move M-31 8 Jan reason:"supplier late"')
    await board.says("ivo", '/milestones move M-31 8 Jan reason:"supplier late"')
    said = await board.presses("ann", older, button)
    assert isinstance(said, Card)
    assert "M-31 has changed since that card was shown, so nothing was done" in words_of(said)
    assert "Fri 8 Jan 2027" in words_of(said)
    await board.presses("ann", said, "On track")
    assert [each.answer for each in await board.asks()] == [MilestoneAsk.Answer.ON_TRACK]


async def test_another_owner_gets_what_is_proposed_and_decides(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", MOVE)
    await left(board, "dov")
    assert "can do that with M-32" in await board.reads("zoe", "/milestones assign M-32 @Zoe")
    assert "is Amy's now" in await board.reads("ann", "/milestones assign M-32 @Amy")
    (letter,) = board.posts("amy", "can't be reached")
    await board.presses("amy", letter.card, "Take it over")
    row = await board.milestone("M-32")
    assert (row.owner_id, row.forecast_on) == (board.company.people["amy"].id, on(1, 19))
    assert "Ann gave M-32 40 desks trained to you" in board.letters("amy")[0]


@pytest.mark.parametrize(
    "line",
    [
        "/milestones M-30",
        "/milestones accept M-30",
        '/milestones move M-31 9 Jan reason:"x"',
        "/milestones after M-50 M-34",
        "/milestones I-2",
        '/milestones phase I-2 "Build" close',
        '/milestones add I-2 "Mine" due:18 Jan owner:@Ann',
    ],
)
async def test_a_guest_is_not_told_that_what_they_may_not_see_exists(sqlite: Database, line: str) -> None:
    board = await card_11(sqlite)
    await board.has("M-50", "Theirs", "zoe", on(1, 20))
    async with board.changing() as tx:
        tx.add(Initiative(code="I-2", title="One stock list", state=Initiative.State.IN_FLIGHT))
    await a_guest(board, "zoe")
    assert "I can't find " in await board.reads("zoe", line)


async def test_a_guest_reads_the_slip_of_their_own_milestones_alone(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.has("M-50", "Theirs", "zoe", on(1, 20))
    await board.says("ann", MOVE)
    await a_guest(board, "zoe")
    assert "Slip: 0 days on average" in await board.reads("zoe", "/milestones I-1")


# --- colours


async def test_what_is_cancelled_reddens_nothing_on_list_card_or_map(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", '/milestones move M-31 24 Dec reason:"6 days"')
    async with board.changing() as tx:
        for row in await tx.all(select(Milestone)):
            if row.code in {"M-32", "M-33", "M-34"}:
                row.state, row.baseline_on, row.proposed_on = STATE.CANCELLED, on(12, 20), None
        assert await tx.all(select(MilestoneAsk)) == []
    for line in ("/milestones I-1", "/initiative I-1", "/initiative map"):
        said = await board.reads("ivo", line)
        assert re.search(r"\bamber\b", said, re.IGNORECASE), said
        assert not re.search(r"\bred\b", said, re.IGNORECASE), said
