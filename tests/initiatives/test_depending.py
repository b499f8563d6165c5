"""What waits for what: no circle enters, and the way round is said."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.chat.cards import Card
from bot.work.graph import closing_path, in_order
from storage.initiatives import Dependency
from storage.links import Thing
from storage.portfolio import edges
from storage.tx import SYSTEM
from tests.initiatives.conftest import State, an_initiative
from tests.support.workshop import Workshop


async def four(shop: Workshop) -> None:
    """I-2, I-4 and I-7, I-9."""
    for code in ("I-2", "I-4", "I-7", "I-9"):
        await an_initiative(shop, State.APPROVED, code=code, ready=False)


async def known(shop: Workshop) -> list[tuple[int, int]]:
    async with shop.house.database.read(SYSTEM) as tx:
        return list(await edges(tx, Thing.INITIATIVE))


@pytest.mark.req("S3-14")
async def test_a_circle_is_refused_with_the_way_round(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await four(shop)
    said = await shop.says("dana", "/initiative depends I-7 on:I-2 lag:3")
    assert "I-7 waits for I-2, and 3 days more" in said
    assert "I-4 waits for I-7" in await shop.says("dana", "/initiative depends I-4 on:i-7")
    said = await shop.says("dana", "/initiative depends I-2 on:I-4")
    assert "Then they would wait for each other: I-2 -> I-7 -> I-4 -> I-2." in said
    assert "I-4 -> I-4" in await shop.says("dana", "/initiative depends I-4 on:I-4")
    assert len(await known(shop)) == len(("I-7 on I-2", "I-4 on I-7"))


@pytest.mark.req("S3-14")
async def test_what_it_waits_for_and_who_needs_it_stand_on_its_card(shop: Workshop) -> None:
    await four(shop)
    await shop.says("dana", "/initiative depends I-7 on:I-2 lag:3")
    await shop.says("dana", "/initiative depends I-4 on:I-7")
    said = await shop.says("dana", "/initiative show I-7")
    assert "Depends on\nFault questions before booking  I-2 approved, and 3 days after it" in said
    assert "Needed by\nFault questions before booking  I-4 approved" in said


async def test_a_dependency_is_taken_off_again(shop: Workshop) -> None:
    await four(shop)
    await shop.says("dana", "/initiative depends I-7 on:I-2")
    assert "I-7 waits for I-2 already." in await shop.says("dana", "/initiative depends I-7 on:I-2")
    assert "I-7 does not wait for I-2 any more." in await shop.says("dana", "/initiative depends I-7 off:I-2")
    assert "I-7 does not wait for I-2." in await shop.says("dana", "/initiative depends I-7 off:I-2")
    assert await known(shop) == []
    assert "I-2 waits for I-7" in await shop.says("dana", "/initiative depends I-2 on:I-7")


@pytest.mark.req("INV-13")
async def test_a_dependency_that_was_taken_off_is_there_again_after_undo_unless_it_would_close_a_circle(
    shop_on_both: Workshop,
) -> None:
    shop = shop_on_both
    await four(shop)
    await shop.says("dana", "/initiative depends I-7 on:I-2 lag:3")
    before = await known(shop)
    for _ in range(2):
        taken_off = await shop.ask("dana", "/initiative depends I-7 off:I-2")
        assert isinstance(taken_off.content, Card)
        await shop.presses("dana", "Undo", taken_off.content)
        assert await known(shop) == before
    taken_off = await shop.ask("dana", "/initiative depends I-7 off:I-2")
    assert isinstance(taken_off.content, Card)
    await shop.says("dana", "/initiative depends I-2 on:I-7")
    assert "since" in await shop.presses("dana", "Undo", taken_off.content)
    assert len(await known(shop)) == 1


async def test_a_line_that_can_not_be_read_changes_nothing(shop: Workshop) -> None:
    await four(shop)
    assert "For what does I-7 wait?" in await shop.says("dana", "/initiative depends I-7")
    assert "I can't find I-99" in await shop.says("dana", "/initiative depends I-7 on:I-99")
    assert "I can't read 'soon' as days." in await shop.says("dana", "/initiative depends I-7 on:I-2 lag:soon")
    assert "I can't read '-1' as days." in await shop.says("dana", "/initiative depends I-7 on:I-2 lag:-1")
    assert "Only " in await shop.says("ben", "/initiative depends I-7 on:I-2")
    assert await known(shop) == []


CODES = st.sampled_from(["I-2", "I-4", "I-7", "I-9"])


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CODES, CODES), max_size=10))
@pytest.mark.req("INV-13")
async def test_whatever_is_typed_no_circle_enters(shop: Workshop, lines: list[tuple[str, str]]) -> None:
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        rows = await tx.all(select(Dependency))
        for row in rows:
            await tx.session.delete(row)
    if not await _are_there(shop):
        await four(shop)
    for after, before in lines:
        held = await known(shop)
        said = await shop.says("dana", f"/initiative depends {after} on:{before}")
        path = closing_path(held, *[await _number(shop, code) for code in (before, after)])
        assert ("wait for each other" in said) == (path is not None and "already" not in said)
    in_order({1, 2, 3, 4}, await known(shop))


async def _are_there(shop: Workshop) -> bool:
    from storage.initiatives import Initiative  # noqa: PLC0415 - only here

    async with shop.house.database.read(SYSTEM) as tx:
        return bool(await tx.all(select(Initiative)))


async def _number(shop: Workshop, code: str) -> int:
    from storage.initiatives import Initiative  # noqa: PLC0415 - only here

    return (await shop.row(Initiative, code=code)).id
