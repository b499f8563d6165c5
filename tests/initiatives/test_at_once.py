"""Two people at the same moment, through two processes: one wins, and the other reads what the first one did."""

import asyncio

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.replies import Answer
from bot.work.graph import in_order
from storage.audit import AuditEvent
from storage.initiatives import Initiative
from storage.links import Thing
from storage.portfolio import edges
from storage.tx import SYSTEM
from tests.initiatives.conftest import State, an_initiative
from tests.support.workshop import Workshop


async def at_once(shop: Workshop, one: tuple[str, str], other: tuple[str, str]) -> list[str]:
    """What both read."""
    answers = await asyncio.gather(
        shop.hand_in(*one), shop.hand_in(*other, dispatcher=shop.house.dispatcher), return_exceptions=False
    )
    return [_summary(each) for each in answers]


def _summary(answer: Answer | None) -> str:
    assert answer is not None
    assert isinstance(answer.content, Card)
    return answer.content.summary


@pytest.mark.req("INV-20")
async def test_one_change_wins_and_the_other_is_told_who_was_faster(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await an_initiative(shop, State.IN_FLIGHT)
    said = await at_once(shop, ("dana", "/initiative pause I-4 the budget"), ("ivo", "/initiative set I-4 prio:P1"))
    assert sum("changed I-4 a moment ago" in each for each in said) == 1, said
    async with shop.house.database.read(SYSTEM) as tx:
        assert len({each.by for each in await tx.all(select(AuditEvent))}) == 1


@pytest.mark.req("INV-13")
async def test_two_dependencies_at_once_close_no_circle(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    for code in ("I-1", "I-2"):
        await an_initiative(shop, State.APPROVED, code=code, ready=False)
    said = await at_once(shop, ("dana", "/initiative depends I-1 on:I-2"), ("ivo", "/initiative depends I-2 on:I-1"))
    assert sum("wait for each other" in each for each in said) == 1, said
    async with shop.house.database.read(SYSTEM) as tx:
        assert len(in_order({1, 2}, await edges(tx, Thing.INITIATIVE))) == len(("I-1", "I-2"))


@pytest.mark.req("INV-12")
async def test_two_who_start_at_once_do_not_both_take_the_last_place(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await shop.says("cora", "/initiative frame starts:2026-11-01 ends:2027-10-31 flight:1")
    for code in ("I-1", "I-2"):
        await an_initiative(shop, State.APPROVED, code=code)
    said = await at_once(shop, ("dana", "/initiative start I-1"), ("ivo", "/initiative start I-2"))
    assert sum("a free place among those in flight" in each for each in said) == 1, said
    async with shop.house.database.read(SYSTEM) as tx:
        states = await tx.all(select(Initiative.state))
    assert sorted(states) == [State.APPROVED, State.IN_FLIGHT]
