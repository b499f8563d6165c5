"""An action from the line that asks for it to the owner who says yes, and whatever becomes of that promise."""

from datetime import date

import pytest

from storage.actions import Action
from tests.support.workshop import Workshop

State = Action.State
LINE = '/action add "Check eight calls" @Ben due:fri'


@pytest.mark.req("S3-18")
async def test_who_is_asked_to_take_it_on_says_yes_with_one_press(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    said = await shop.says("dana", LINE)
    assert "A-1 is kept: Check eight calls, due Fri 27 Nov 2026. Ben will be asked to take it on." in said
    assert "Dana asks you to take this on" in shop.last("ben")
    read = await shop.presses("ben", "Accept")
    assert "A-1 is yours" in read
    action = await shop.row(Action, code="A-1")
    assert (action.state, action.due_on, action.first_due_on) == (State.OPEN, date(2026, 11, 27), date(2026, 11, 27))
    assert "Ben took it on" in shop.last("dana")


async def test_who_takes_one_on_themselves_has_agreed(shop: Workshop) -> None:
    assert "Ben has it." in await shop.says("ben", LINE)
    assert (await shop.row(Action, code="A-1")).state is State.OPEN
    assert shop.posts("ben") == []


async def test_not_me_goes_back_to_who_asked_and_is_not_lost(shop: Workshop) -> None:
    await shop.says("dana", LINE)
    await shop.presses("ben", "Not me")
    action = await shop.row(Action, code="A-1")
    assert (action.state, action.owner_id) == (State.PROPOSED, None)
    assert "Ben can't take A-1 on" in shop.last("dana")
    await shop.presses("dana", "I'll take it")
    assert (await shop.row(Action, code="A-1")).state is State.OPEN


@pytest.mark.req("INV-3")
@pytest.mark.req("INV-4")
async def test_the_date_first_promised_stays_and_each_move_is_counted(shop: Workshop) -> None:
    await shop.says("ben", LINE)
    assert "Please add why" in await shop.says("ben", "/action due A-1 2026-12-01")
    said = await shop.says("ben", '/action due A-1 2026-12-01 reason:"waiting for parts"')
    assert "A-1 now due Tue 1 Dec 2026 (first promised Fri 27 Nov, moved once)." in said
    assert "moved twice" in await shop.says("dana", '/action due A-1 2026-12-02 reason:"one day more"')
    action = await shop.row(Action, code="A-1")
    assert (action.first_due_on, action.redated) == (date(2026, 11, 27), 2)


async def test_a_date_can_be_moved_before_anybody_has_promised_it(shop: Workshop) -> None:
    await shop.says("dana", LINE)
    form = await shop.opens("ben", "New date")
    await shop.fills("ben", form, {"due": "2026-12-03"})
    await shop.presses("ben", "Accept")
    action = await shop.row(Action, code="A-1")
    assert (action.first_due_on, action.redated) == (date(2026, 12, 3), 0)


async def test_a_lead_gives_it_to_somebody_and_anybody_else_asks(shop: Workshop) -> None:
    await shop.says("ben", LINE)
    await shop.says("dana", "/action assign A-1 @Cem")
    assert (await shop.row(Action, code="A-1")).state is State.OPEN
    await shop.says("cem", "/action assign A-1 @Dee I am in Leeds")
    assert (await shop.row(Action, code="A-1")).state is State.PROPOSED
    await shop.presses("dee", "Accept")
    assert (await shop.row(Action, code="A-1")).first_due_on == date(2026, 11, 27)


@pytest.mark.req("S3-18")
async def test_what_is_missing_is_asked_and_nothing_is_stored_until_then(shop: Workshop) -> None:
    form = await shop.form("dana", '/action add "Check eight calls" due:fri')
    assert {each.id: each.value for each in form.inputs}["due"] == "2026-11-27"
    refused = await shop.comes_back("dana", form, {})
    assert refused.errors == {"owner": "Please choose one."}
    await shop.fills("dana", form, {"owner": str((await shop.person("Ben")).id)})
    assert (await shop.row(Action, code="A-1")).title == "Check eight calls"
