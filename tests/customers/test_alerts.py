"""What a customer says and marks as high is told at once: to the head of whose matter it is, and to the sponsor."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.cards import Card
from storage.actions import Action
from storage.councils import Council
from storage.customers import VocItem
from storage.engine import Database
from storage.links import Link, Thing
from storage.people import Department, Person
from tests.support.at_the_table import a_table
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.reading import words_of
from tests.support.workshop import Workshop

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 21, tzinfo=UTC)
NO_WATER = '/voc add "No water since six" dept:Field high'
ASKED = "Please see that somebody calls back by Thu 26 Nov 2026."


def alerts(shop: Workshop, who: str) -> list[str]:
    return [post.words for post in shop.posts(who) if "A customer needs somebody" in post.words]


@pytest.mark.req("S3-45")
async def test_the_head_of_the_department_and_the_sponsor_hear_of_it_within_minutes(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    said = await shop.says("ben", '/voc add "No water since six" stage:Supply score:1 dept:Field high')
    assert "V-8 is kept. Raj and Carl hear of it." in said
    await shop.until(NOON + timedelta(minutes=5))
    for who in ("raj", "carl"):
        (words,) = alerts(shop, who)
        assert "No water since six" in words
        assert "heard by Ben · Field · high · Supply · score 1 of 10" in words
        assert ASKED in words
    assert not any(alerts(shop, who) for who in ("ben", "ann", "dana", "amy", "sam"))


@pytest.mark.req("S3-45")
async def test_each_is_told_once(shop: Workshop) -> None:
    await shop.says("ben", NO_WATER)
    await shop.until(NOON + timedelta(days=1))
    assert [len(alerts(shop, who)) for who in ("raj", "carl")] == [1, 1]


async def test_what_is_not_high_alerts_nobody(shop: Workshop) -> None:
    assert "hear of it" not in await shop.says("ben", '/voc add "Thank you" dept:Field')
    await shop.until(NOON + timedelta(minutes=5))
    assert not any(alerts(shop, who) for who in ("raj", "carl", "ann"))


async def test_it_waits_for_their_quiet(sqlite: Database) -> None:
    shop = Workshop(await field_dispatch(sqlite, EVENING))
    await shop.says("ben", NO_WATER)
    await shop.until(EVENING + timedelta(minutes=10))
    assert not alerts(shop, "raj")
    await shop.until(EVENING + timedelta(hours=15))
    assert len(alerts(shop, "raj")) == 1


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ('/voc add "No water" stage:Billing high', "bea"),
        ('/voc add "No water" high', "raj"),
        ('/voc add "No water" dept:"call centre" stage:Billing high', "ann"),
    ],
)
async def test_whose_matter_it_is_is_said_or_is_the_stage_or_who_heard_it(shop: Workshop, line: str, who: str) -> None:
    await shop.says("ben", line)
    await shop.until(NOON + timedelta(minutes=5))
    told = [each for each in ("ann", "raj", "bea") if alerts(shop, each)]
    assert told == [who]


async def test_an_unknown_department_is_said_and_nothing_is_kept(shop: Workshop) -> None:
    assert "I can't find a department called 'Feild'" in await shop.says("ben", '/voc add "No water" dept:Feild high')
    assert not await shop.rows(VocItem)


async def test_nobody_of_another_company_is_told_and_who_heard_it_knows(shop: Workshop) -> None:
    said = await shop.says("raj", '/voc add "No water" dept:"Metering Ltd" high')
    assert "V-8 is kept. Carl hears of it." in said
    said = await shop.says("raj", NO_WATER)
    assert "V-9 is kept. Carl hears of it." in said


@pytest.mark.req("S3-45")
async def test_an_alert_becomes_an_action_and_an_item_of_the_council(shop: Workshop) -> None:
    await a_table(shop)
    await shop.says("ben", NO_WATER)
    form = await shop.opens("raj", "Make it an action")
    values = {each.id: each.value for each in form.inputs}
    assert (values["title"], values["due"]) == ("Call the customer of V-8 back: No water since six", "2026-11-26")
    await shop.fills("raj", form, {})
    action = await shop.row(Action, title=values["title"])
    edge = await shop.row(Link, to_kind=Thing.ACTION, to_id=action.id)
    assert edge.from_kind is Thing.VOC
    form = await shop.opens("raj", "Put on the agenda")
    answer = await shop.fills("raj", form, {})
    assert isinstance(answer.content, Card)
    assert "Added as 2.1" in words_of(answer.content)


async def test_a_council_without_a_sponsor_has_its_chair_told(shop: Workshop) -> None:
    table = await a_table(shop)
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        (await tx.need(Council, table.council_id)).sponsor_id = None
    assert "Raj and Cora hear of it." in await shop.says("ben", NO_WATER)


async def test_where_nobody_can_be_told_it_is_said_with_what_to_do(shop: Workshop) -> None:
    table = await a_table(shop)
    carl = await shop.row(Person, name="Carl")
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        (await tx.need(Council, table.council_id)).sponsor_id = carl.id
        for each in await shop.rows(Department):
            (await tx.need(Department, each.id)).head_id = None
    said = await shop.ask("carl", NO_WATER)
    assert isinstance(said.content, Card)
    assert "V-8 is kept. Nobody else hears of it" in words_of(said.content)
    form = await shop.opens("carl", "Make it an action", said.content)
    assert form.inputs[0].value == "Call the customer of V-8 back: No water since six"
    assert "Nobody else hears of it" not in await shop.says("carl", '/voc add "Thank you" dept:Field')


async def test_what_was_taken_back_is_told_to_nobody(sqlite: Database) -> None:
    shop = Workshop(await field_dispatch(sqlite, EVENING))
    kept = (await shop.ask("ben", NO_WATER)).content
    assert isinstance(kept, Card)
    await shop.presses("ben", "Undo", kept)
    await shop.until(EVENING + timedelta(hours=15))
    assert not alerts(shop, "raj")
    assert (await shop.row(Department, name="Field")).head_id == (await shop.row(Person, name="Raj")).id
