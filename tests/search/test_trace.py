"""A trace prints where a thing came from and what became of it, the whole chain both ways."""

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.ports import Press, Submission, Text
from storage.actions import Action
from storage.blockers import Blocker
from storage.engine import Database
from storage.links import Link, Thing, link
from storage.tx import SYSTEM, Change
from storage.undo import undo
from tests.search.chain import a_chain
from tests.support.company import acting
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.huddle_rows import at
from tests.support.reading import words_of


@pytest.mark.req("S1-04")
@pytest.mark.parametrize("line", ["/search trace A-104", "/trace a-104", "trace A-104", "/cx trace A-104"])
async def test_the_whole_chain_of_an_action_is_printed_from_its_huddle_to_its_objective(
    database: Database, line: str
) -> None:
    chain = await a_chain(database)
    assert (await chain.says("dana", line)).splitlines() == [
        "Trace of A-104",
        "Where it came from",
        "Huddle of Field Dispatch, Mon 23 Nov 2026 led to B-7",
        "3 of 8 jobs had no fault details  B-7 raised · Cem · raised Mon 23 Nov 2026 · led to A-104",
        "This is",
        "Check eight calls  A-104 Action · open · Zoe · due Fri 4 Dec 2026",
        "What it is part of",
        "Call script with fault details  I-4 idea · Dana · A-104 is part of it",
        "Fix it at the first visit Dana · I-4 serves it",
        "Before winter  BT-2 planned · I-4 is part of it",
        "What became of it",
        "none",
    ]


@pytest.mark.req("S1-04")
async def test_a_missing_part_of_the_chain_is_said(database: Database) -> None:
    chain = await a_chain(database)
    found = await chain.says("dana", "trace A-105")
    assert "Where it came from\nnone" in found
    assert "What it is part of\nInitiative: none\nObjective: none" in found
    assert found.endswith("What became of it\nnone")


async def test_a_trace_from_the_other_end_prints_what_became_of_it(database: Database) -> None:
    chain = await a_chain(database)
    of_blocker = await chain.says("cem", "trace B-7")
    assert "What became of it\nCheck eight calls  A-104 open · Zoe · due Fri 4 Dec 2026 · came from B-7" in of_blocker
    of_batch = await chain.says("dana", "trace BT-2")
    after = of_batch.split("What became of it\n")[1].splitlines()
    assert [line.split(" · ")[-1] for line in after] == ["part of BT-2", "part of I-4", "part of I-4"]


async def test_what_holds_an_action_up_is_named_and_what_a_blocker_holds_up(database: Database) -> None:
    chain = await a_chain(database)
    async with acting(database, chain.company, "dana") as tx:
        action = await tx.need(Action, chain.numbers["A-105"])
        action.state, action.blocker_id = Action.State.BLOCKED, chain.numbers["B-7"]
    assert "What is in its way\n3 of 8 jobs had no fault details  B-7" in await chain.says("cem", "trace A-105")
    assert "What it holds up\nOrder pump seals  A-105" in await chain.says("cem", "trace B-7")


async def test_a_circle_of_links_ends(database: Database) -> None:
    chain = await a_chain(database)
    async with acting(database, chain.company, "dana") as tx:
        for start, end in (("A-104", "A-105"), ("A-105", "A-104"), ("A-104", "B-7")):
            await link(tx, chain.end(start), chain.end(end))
        await link(tx, chain.end("A-104"), chain.end("A-104"))
    found = await chain.says("dana", "trace A-104")
    assert found.count("Order pump seals") == 1


async def test_more_than_ten_that_came_of_it_are_counted(database: Database) -> None:
    chain = await a_chain(database)
    async with acting(database, chain.company, "dana") as tx:
        dana = chain.company.people["dana"].id
        four = chain.numbers["I-4"]
        tx.add(
            *(
                Action(code=f"A-{number}", title="Listen", requester_id=dana, initiative_id=four)
                for number in range(1000, 1100)
            )
        )
    after = (await chain.says("dana", "trace I-4")).split("What became of it\n")[1].splitlines()
    assert len(after) == 10
    assert after[-1] == "+93 more"  # 102 things in all: a milestone, A-104 and the hundred


async def test_a_blocker_of_another_team_keeps_its_words_and_the_chain_its_code(database: Database) -> None:
    chain = await a_chain(database)
    found = await chain.says("zoe", "trace A-104")
    assert "fault details  B-7" not in found
    assert "A blocker of another team  B-7" in found
    assert "3 of 8 jobs" not in await chain.says("zoe", "trace B-7")


async def test_a_guest_traces_what_is_theirs_and_sees_nothing_else_of_it(database: Database) -> None:
    chain = await a_chain(database)
    assert await chain.says("gil", "trace A-104") == "I can't find A-104. Try `/search` with a word of its title."
    async with acting(database, chain.company, "dana") as tx:
        (await tx.need(Action, chain.numbers["A-104"])).owner_id = chain.company.people["gil"].id
    found = await chain.says("gil", "trace A-104")
    assert "Check eight calls" in found
    assert "Parts that are shown to members only are left out." in found
    for secret in ("B-7", "I-4", "BT-2", "Field Dispatch"):
        assert secret not in found


async def test_another_organisation_s_chain_is_not_there(database: Database) -> None:
    await a_chain(database, "Southwater")
    chain = await a_chain(database)
    async with acting(database, chain.company, "dana") as tx:
        (await tx.need(Action, chain.numbers["A-105"])).code = "A-900"
    assert "A-104" in await chain.says("dana", "trace A-104")
    assert (await chain.says("dana", "trace A-105")).startswith("I can't find A-105.")


async def test_a_code_that_does_not_exist_and_a_trace_without_one_say_what_to_do(sqlite: Database) -> None:
    chain = await a_chain(sqlite)
    assert await chain.says("dana", "trace A-999") == "I can't find A-999. Try `/search` with a word of its title."
    assert await chain.says("dana", "/trace") == (
        "Of what? Please name it by its code. For example: /search trace A-104"
    )
    pressed = words_of(await chain.sees("dana", Press("search.trace", {"code": "A-104"})))
    assert pressed.startswith("Trace of A-104")


async def test_a_link_whose_row_is_gone_is_passed_over(sqlite: Database) -> None:
    chain = await a_chain(sqlite)
    async with acting(sqlite, chain.company, "dana") as tx:
        await link(tx, (Thing.VOC, 4711), chain.end("A-104"), Link.Kind.LED_TO)
    assert "Huddle of Field Dispatch" in await chain.says("dana", "trace A-104")


async def test_a_blocker_of_a_huddle_s_answer_is_linked_to_it_and_undo_takes_the_link_back(database: Database) -> None:
    dispatch = await field_dispatch(database, at(9, 14))
    await dispatch.until(at(9, 17))
    (run,) = await dispatch.runs()
    typed = {"focus": "Valve checks", "blocker": "No pump seals in van 12"}
    await dispatch.do("amy", Submission("huddle.answer", typed, {"run": str(run.id)}), "answer")
    async with dispatch.database.read(SYSTEM) as tx:
        blocker = await tx.first(select(Blocker).where(Blocker.text == typed["blocker"]))
        assert blocker is not None
    traced = await dispatch.do("amy", Text(f"trace {blocker.code}"), "trace")
    assert traced is not None
    assert isinstance(traced.content, Card)
    began = f"Where it came from\nHuddle of Field Dispatch, Tue 24 Nov 2026 led to {blocker.code}"
    assert began in words_of(traced.content)
    async with dispatch.database.write(NORTHWATER) as tx:
        drawn = await tx.first(select(Link).where(Link.to_kind == Thing.BLOCKER, Link.to_id == blocker.id))
        assert drawn is not None
        change = await tx.first(select(Change).where(Change.table == "link", Change.row_id == drawn.id))
        assert change is not None
        assert change.event_id is not None
        tx.acts_for(by=change.by, event_id=None, now=at(9, 18))
        assert await undo(tx, change.event_id, at(9, 18))
        assert await tx.get(Link, drawn.id) is None
        assert await tx.get(Blocker, blocker.id) is None


async def test_what_a_thing_is_part_of_and_was_added_in_stands_as_its_whole(sqlite: Database) -> None:
    chain = await a_chain(sqlite)
    async with acting(sqlite, chain.company) as tx:
        await link(tx, chain.end("I-4"), chain.end("M-31"))
    found = await chain.says("dana", "trace M-31")
    assert "Initiative: none" not in found
    assert "Objective: none" not in found
    assert "Call script with fault details  I-4 idea · Dana · M-31 is part of it" in found
