"""`/milestones`: a lead asks and gets the truth."""

import pytest
from sqlalchemy import event as sqlalchemy_event

from bot.chat.cards import Card, Group
from bot.chat.spans import Colour, Hue
from storage.engine import Database
from storage.initiatives import Initiative
from storage.people import Person
from tests.milestones.board import Board, card_11, on
from tests.support.company import an_event
from tests.support.reading import labels_of, words_of

LATE = '/milestones move M-31 8 Jan reason:"supplier late"'


async def late(database: Database) -> Board:
    board = await card_11(database)
    await board.says("ann", LATE)
    return board


async def test_an_initiative_s_milestones_are_late_next_and_later(database: Database) -> None:
    board = await late(database)
    card = await board.says("carl", "/milestones I-1")
    assert isinstance(card, Card)
    desks = "Amber, 4 days late · 15 → Tue 19 Jan 2027 · waits for M-31 · not confirmed"
    assert words_of(card).splitlines() == [
        "I-1 Fault questions before booking",
        "5 milestones · 1 achieved · 2 late · 2 on time · Mon 7 Dec 2026",
        "Late",
        "Script live  M-31 · Ann Red, 21 days late · 18 Dec → Fri 8 Jan 2027 · supplier late",
        f"40 desks trained  M-32 · Dov {desks}",
        "Next 30 days",
        "Fault details on every job sheet  M-33 · Raj Green, on time · Tue 22 Dec 2026",
        "Later",
        "Repeat visits below 8%  M-34 · Raj Green, on time · Thu 25 Mar 2027",
        "Slip: 5 days on average, median 0",
    ]
    assert labels_of(card) == ["Ask for an update", "Show achieved"]
    hues = [line.detail[0].hue for each in card.elements if isinstance(each, Group) for line in each.lines
            if isinstance(line.detail[0], Colour)]  # fmt: skip
    assert hues == [Hue.RED, Hue.AMBER, Hue.GREEN, Hue.GREEN]


@pytest.mark.parametrize(
    ("who", "line", "codes"),
    [
        ("ann", "/milestones", ["M-31", "M-32", "M-33", "M-34"]),
        ("carl", "/milestones", ["M-31", "M-32", "M-33", "M-34"]),
        ("dov", "milestones", ["M-32"]),
        ("raj", "/milestones", ["M-33", "M-35", "M-34"]),
        ("amy", "/milestones", ["M-35"]),
        ("zoe", "/milestones all", ["M-31", "M-32", "M-33", "M-35", "M-34"]),
        ("zoe", "/milestones @Raj", ["M-33", "M-34"]),
        ("zoe", "/milestones I-1 slipped", ["M-31", "M-32"]),
        ("zoe", "/milestones all overdue", []),
        ("zoe", '/milestones team:"Field Dispatch"', ["M-35"]),
        ("zoe", "/milestones I-1 due:30d", ["M-33"]),
        ("zoe", "/milestones I-1 due:8 Jan", ["M-31", "M-33"]),
        ("zoe", "/milestones I-1 achieved", ["M-30"]),
    ],
)
async def test_a_list_has_what_was_asked_for(sqlite: Database, who: str, line: str, codes: list[str]) -> None:
    board = await late(sqlite)
    await _of_another_initiative(board)
    card = await board.says(who, line)
    assert isinstance(card, Card)
    lines = [each for each in card.elements if isinstance(each, Group)]
    found = [str(line.text[1]).strip().split(" ")[0] for group in lines for line in group.lines]
    assert found == codes


async def _of_another_initiative(board: Board) -> None:
    async with board.changing() as tx:
        initiative = Initiative(code="I-2", title="Vans", owner_id=None)
        tx.add(initiative)
        await tx.flush()
    await board.has("M-35", "Vans equipped", "amy", on(1, 12), initiative_id=initiative.id)


async def test_a_forecast_in_the_past_needs_a_date(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.has("M-29", "Pilot", "dov", on(12, 4))
    said = await board.reads("zoe", "/milestones I-1 overdue")
    assert "Pilot  M-29 · Dov Red, needs a date · was due Fri 4 Dec 2026" in said


async def test_a_small_slip_that_moves_a_successor_past_its_baseline_is_red(sqlite: Database) -> None:
    board = await card_11(sqlite)
    await board.says("ann", '/milestones move M-31 28 Dec reason:"holidays"')
    assert "Amber, 10 days late" in await board.reads("zoe", "/milestones I-1")
    await board.has("M-36", "Old script off", "dov", on(12, 21))
    await board.says("dov", "/milestones after M-36 M-31")
    assert "Red, 10 days late" in await board.reads("zoe", "/milestones I-1")


async def test_ten_lines_stand_on_a_page_and_more_has_the_others(sqlite: Database) -> None:
    board = await card_11(sqlite)
    for number in range(40, 53):
        await board.has(f"M-{number}", f"Depot {number}", "raj", on(2, 1))
    card = await board.says("carl", "/milestones I-1")
    assert isinstance(card, Card)
    assert "1 to 10 of 17" in words_of(card)
    second = await board.presses("carl", card, "More")
    assert isinstance(second, Card)
    assert "11 to 17 of 17" in words_of(second)
    assert "Repeat visits below 8%" in words_of(second)
    assert "More" not in labels_of(second)


async def test_what_is_achieved_stands_behind_a_button(sqlite: Database) -> None:
    board = await card_11(sqlite)
    card = await board.says("carl", "/milestones I-1")
    achieved = await board.presses("carl", card, "Show achieved")
    assert isinstance(achieved, Card)
    assert "Questions agreed  M-30 · Ann Blue, achieved · Tue 1 Dec 2026" in words_of(achieved)
    assert "Script live" not in words_of(achieved)
    assert labels_of(achieved) == ["Show open"]


async def test_a_list_is_for_one_s_own_eyes_until_it_is_shared(database: Database) -> None:
    board = await late(database)
    answer = await board.acts("carl", "/milestones I-1", room="everybody")
    assert answer is not None
    assert (answer.private, answer.stays) == (True, True)
    assert isinstance(answer.content, Card)
    assert labels_of(answer.content) == ["Ask for an update", "Share here", "Show achieved"]
    said = await board.presses("carl", answer.content, "Share here", room="everybody")
    assert "Shared in #everybody. Everybody there sees it." in words_of(said)  # type: ignore[arg-type]
    (post,) = [each for each in board.chat.posts.values() if each.to.conversation == "everybody"]
    assert "Script live  M-31 · Ann" in post.words
    assert labels_of(post.card) == []


async def test_the_word_share_answers_everybody(sqlite: Database) -> None:
    board = await late(sqlite)
    answer = await board.acts("carl", "/milestones I-1 share", room="everybody")
    assert answer is not None
    assert answer.private is False


async def test_ask_for_an_update_asks_the_owners_of_the_list(sqlite: Database) -> None:
    board = await card_11(sqlite)
    card = await board.says("carl", "/milestones I-1")
    said = await board.presses("carl", card, "Ask for an update")
    assert "I asked about four milestones." in words_of(said)  # type: ignore[arg-type]
    assert len(board.posts("raj")) == 2


async def test_an_empty_list_shows_the_way_on(sqlite: Database) -> None:
    board = await card_11(sqlite)
    card = await board.says("zoe", "/milestones")
    assert isinstance(card, Card)
    assert "No milestone is open here." in words_of(card)
    assert labels_of(card) == ["Everybody's milestones"]
    every = await board.presses("zoe", card, "Everybody's milestones")
    assert "Script live  M-31 · I-1 · Ann" in words_of(every)  # type: ignore[arg-type]


async def test_one_milestone_has_all_that_is_known_of_it(sqlite: Database) -> None:
    board = await late(sqlite)
    card = await board.says("dov", "/milestones M-32")
    assert isinstance(card, Card)
    words = words_of(card)
    assert "Baseline: Fri 15 Jan 2027" in words
    assert "Waits for: M-31 Script live" in words
    assert "Takes: 10 days" in words
    assert labels_of(card) == ["Take it over", "Keep mine", "Done", "New date"]
    assert labels_of(await board.says("zoe", "/milestones M-32")) == []  # type: ignore[arg-type]
    assert "Lately" in words_of(await board.says("zoe", "/milestones M-31"))  # type: ignore[arg-type]


async def test_a_guest_sees_their_own(sqlite: Database) -> None:
    board = await card_11(sqlite)
    async with board.changing() as tx:
        (await tx.need(Person, board.company.people["dov"].id)).is_external = True
    said = await board.reads("dov", "/milestones I-1")
    assert "40 desks trained" in said
    assert "Script live" not in said
    assert "I can't find M-31" in await board.reads("dov", "/milestones M-31")


@pytest.mark.parametrize("line", ["/milestones I-9", "/milestones M-99", '/milestones team:"Nobody"'])
async def test_what_is_not_there_is_said(sqlite: Database, line: str) -> None:
    board = await card_11(sqlite)
    assert "I can't find" in await board.reads("ann", line)


@pytest.mark.parametrize("line", ["/milestones I-1", "/milestones", "/milestones ask I-1", LATE])
async def test_the_number_of_queries_does_not_grow_with_the_rows(database: Database, line: str) -> None:
    board = await card_11(database)
    await _grown(board, range(60, 80))
    few = await _queries(board, line)
    await _grown(board, range(80, 120))
    assert await _queries(board, line.replace("8 Jan", "9 Jan")) <= few


async def _grown(board: Board, numbers: range) -> None:
    """More milestones of Dov's, each of which waits for another."""
    for number in numbers:
        await board.has(f"M-{number}", f"Depot {number}", "dov", on(1, 12), duration_days=number % 7)
        await board.waits(f"M-{number}", "M-31" if number % 2 else f"M-{number - 1 if number % 20 else 32}")


async def _queries(board: Board, line: str) -> int:
    engine = board.database._engine.sync_engine  # noqa: SLF001 - the one place where every statement passes
    seen: list[str] = []

    def count(*facts: object) -> None:
        if str(facts[2]).lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(str(facts[2]))

    sqlalchemy_event.listen(engine, "before_cursor_execute", count)
    await board.dispatcher.handle(an_event("carl", line, event=f"counted-{line}-{next(board._events)}"))  # noqa: SLF001
    sqlalchemy_event.remove(engine, "before_cursor_execute", count)
    return len(seen)
