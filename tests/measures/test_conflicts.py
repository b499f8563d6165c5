"""Two measures that pull apart: open on every agenda until a decision that holds closes them, once."""

import asyncio

import pytest
from sqlmodel import select

from bot.agenda.assembly import assembled
from bot.chat.cards import Card
from bot.council.rules import Reading
from bot.dispatch import Dispatcher
from bot.ports import Text
from bot.routes import ROUTES
from storage.audit import AuditEvent
from storage.decisions import Decision
from storage.measures import MeasureConflict
from storage.tx import SYSTEM
from tests.support.at_the_table import HEADS, MEETS_AT, Table, a_table
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import words_of
from tests.support.workshop import Workshop

pytestmark = pytest.mark.req("S2-02")
RAISE = '/measure conflict AHT FTF "Short calls leave out the diagnosis"'
CLOSE = "/measure conflict AHT FTF decision:D-1"
State = Decision.State


async def decided(shop: Workshop, *, quorate: bool = True) -> Table:
    """AHT and FTF pull apart, and the council has decided D-1."""
    table = await a_table(shop)
    await shop.says("ann", '/measure add "Handling time" code:AHT unit:seconds dept:"Call centre" target:180')
    await shop.says("ann", RAISE)
    await table.opened(*(HEADS if quorate else HEADS[:2]))
    await shop.says("cora", '/council decide "Calls may take longer" reason:"Fewer visits" means:none')
    return table


async def conflicts(shop: Workshop) -> list[tuple[str, int | None]]:
    """How each stands and what closed it, oldest first."""
    rows = await shop.rows(MeasureConflict)
    return [(each.state.value, each.decision_id) for each in sorted(rows, key=lambda one: one.id)]


async def on_agenda(table: Table) -> int:
    """How many conflicts item 6 lists."""
    async with table.shop.house.database.read(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=MEETS_AT)
        agenda = await assembled(tx, await table.found(tx), MEETS_AT, reading=Reading.FULL)
    return agenda.section(6).counts.get("conflicts", 0)


async def test_a_decision_that_holds_closes_it_whichever_is_named_first_and_in_any_case(shop: Workshop) -> None:
    table = await decided(shop)
    assert await on_agenda(table) == 1
    said = await shop.says("raj", "/measure conflict ftf aht decision:d-1")
    assert said == "D-1 closes the conflict between FTF and AHT."
    assert await conflicts(shop) == [("closed", (await shop.row(Decision, code="D-1")).id)]
    assert await on_agenda(table) == 0
    assert "No measures pull apart" in await shop.says("ben", "/measure conflict")
    async with shop.house.database.read(SYSTEM) as tx:
        deeds = await tx.all(select(AuditEvent).where(AuditEvent.verb == "close", AuditEvent.field == "conflict"))
    assert [(each.before, each.after) for each in deeds] == [("open", "D-1")] * 2, "on both trails"


@pytest.mark.parametrize("state", [each for each in State if each is not State.IN_FORCE])
async def test_a_decision_that_does_not_hold_closes_nothing(shop: Workshop, state: Decision.State) -> None:
    table = await decided(shop)
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=MEETS_AT)
        (await tx.all(select(Decision)))[0].state = state
    said = await shop.says("ann", CLOSE)
    assert said == f"D-1 is {state.value}, so it can't close a conflict. Nothing was changed."
    assert await conflicts(shop) == [("open", None)]
    assert await on_agenda(table) == 1


async def test_without_a_quorum_the_conflict_stays_open_until_the_decision_is_ratified(shop: Workshop) -> None:
    await decided(shop, quorate=False)
    assert "D-1 is provisional" in await shop.says("ann", CLOSE)
    assert await conflicts(shop) == [("open", None)]


async def test_what_is_closed_can_be_raised_again_and_is_another_one(shop: Workshop) -> None:
    await decided(shop)
    await shop.says("ann", CLOSE)
    assert "have no open conflict" in await shop.says("raj", CLOSE)
    assert "pull apart: Calls are short again" in await shop.says(
        "raj", '/measure conflict FTF AHT "Calls are short again"'
    )
    assert [each for each, _ in await conflicts(shop)] == ["closed", "open"]


async def test_an_undo_opens_it_again(shop: Workshop) -> None:
    table = await decided(shop)
    answer = await shop.ask("ann", CLOSE)
    assert isinstance(answer.content, Card)
    await shop.presses("ann", "Undo", answer.content)
    assert await conflicts(shop) == [("open", None)]
    assert await on_agenda(table) == 1


async def test_no_undo_makes_two_open_ones_of_a_pair(shop: Workshop) -> None:
    await decided(shop)
    answer = await shop.ask("ann", CLOSE)
    assert isinstance(answer.content, Card)
    await shop.says("raj", RAISE)
    said = await shop.presses("ann", "Undo", answer.content)
    assert said == "AHT and FTF were said to pull apart again since, so this stays closed. Nothing was changed."
    assert [each for each, _ in await conflicts(shop)] == ["closed", "open"]


async def test_raised_by_mistake_and_closed_since_it_is_not_taken_back(shop: Workshop) -> None:
    await decided(shop)
    await shop.says("ann", CLOSE)
    answer = await shop.ask("raj", RAISE)
    assert isinstance(answer.content, Card)
    await shop.says("ann", CLOSE)
    assert "Nothing was changed" in await shop.presses("raj", "Undo", answer.content)
    assert [each for each, _ in await conflicts(shop)] == ["closed", "closed"]


async def test_only_who_shapes_measures_closes_it(shop: Workshop) -> None:
    await decided(shop)
    assert "Nothing was changed" in await shop.says("ben", CLOSE)
    assert await conflicts(shop) == [("open", None)]


async def test_a_decision_without_the_two_measures_is_asked_about(shop: Workshop) -> None:
    await decided(shop)
    for line in ("/measure conflict decision:D-1", "/measure conflict AHT decision:D-1"):
        assert "Which two" in await shop.says("ann", line), line
    assert await conflicts(shop) == [("open", None)]


async def test_two_who_close_it_at_once_close_it_once_and_both_hear_the_truth(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await decided(shop)
    doors = [Dispatcher(shop.house.database, ROUTES, shop.house.clock) for _ in range(2)]
    answers = await asyncio.gather(
        *(shop.hand_in(who, Text(CLOSE), dispatcher=each) for who, each in zip(("ann", "raj"), doors, strict=True))
    )
    texts = sorted(words_of(each.content) for each in answers if each is not None and isinstance(each.content, Card))
    assert [each.split(".")[0] for each in texts] == [
        "AHT and FTF have no open conflict", "D-1 closes the conflict between AHT and FTF",
    ]  # fmt: skip
    assert [each for each, _ in await conflicts(shop)] == ["closed"]
