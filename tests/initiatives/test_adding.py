"""New initiatives: ideas, what looks alike, lists, and one on its card."""

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from bot.chat.cards import Card
from storage.initiatives import Initiative
from storage.people import Person
from storage.tx import SYSTEM
from tests.initiatives.conftest import State, an_initiative
from tests.support.reading import labels_of, words_of
from tests.support.workshop import Workshop

IDEA = '/initiative idea "Text the customer the visit time" stage:Visit'


async def codes(shop: Workshop) -> list[str]:
    async with shop.house.database.read(SYSTEM) as tx:
        return list(await tx.all(select(Initiative.code).order_by(col(Initiative.id))))


@pytest.mark.req("S3-16")
async def test_anybody_keeps_an_idea_and_its_code_is_never_given_twice(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    answer = await shop.ask("ben", IDEA)
    assert isinstance(answer.content, Card)
    assert "I-1 is kept as an idea: Text the customer the visit time." in words_of(answer.content)
    await shop.presses("ben", "Undo", answer.content)
    assert await codes(shop) == []
    assert "I-2 is kept" in await shop.says("ben", IDEA)


async def test_only_a_lead_adds_one(shop: Workshop) -> None:
    said = await shop.says("ben", '/initiative add "New CRM"')
    assert "Only a team's lead or an administrator can add an initiative" in said
    assert await codes(shop) == []
    assert "I-1 is kept" in await shop.says("dana", '/initiative add "New CRM" kind:redesign')
    assert (await shop.row(Initiative)).kind is Initiative.Kind.REDESIGN


@pytest.mark.req("S3-13")
async def test_an_unknown_domain_is_answered_with_the_valid_ones(shop: Workshop) -> None:
    assert "There is no domain yet" in await shop.says("ben", '/initiative idea "New CRM" domain:Servce')
    await shop.says("dana", '/initiative domain "Service"')
    await shop.says("dana", '/initiative domain "Field work"')
    said = await shop.says("ben", '/initiative idea "New CRM" domain:Servce')
    assert "I don't know the domain 'Servce'. The domains are Service and Field work." in said
    assert await codes(shop) == []
    await shop.says("ben", '/initiative idea "New CRM" domain:"field WORK"')
    assert await codes(shop) == ["I-1"]


@pytest.mark.req("S0-07")
async def test_what_looks_alike_is_not_kept_until_somebody_has_decided(shop: Workshop) -> None:
    await shop.says("ben", IDEA)
    answer = await shop.ask("amy", '/initiative idea "Tell the customer the time" stage:visit')
    assert isinstance(answer.content, Card)
    since = "That looks like I-1 'Text the customer the visit time' (open since Tue 24 Nov 2026)."
    assert since in words_of(answer.content)
    assert labels_of(answer.content) == ["Same thing", "It's new"]
    assert await codes(shop) == ["I-1"]
    assert "I-2 is kept as an idea: Tell the customer the time." in await shop.presses(
        "amy", "It's new", answer.content
    )
    new = await shop.row(Initiative, code="I-2")
    amy = await shop.row(Person, name="Amy")
    assert (new.stage, new.created_by) == ("visit", amy.id)


@pytest.mark.req("S0-07")
async def test_the_same_thing_is_not_kept_twice(shop: Workshop) -> None:
    await shop.says("ben", IDEA)
    answer = await shop.ask("amy", IDEA)
    assert isinstance(answer.content, Card)
    assert "Nothing new was kept. I-1 is idea" in await shop.presses("amy", "Same thing", answer.content)
    assert await codes(shop) == ["I-1"]


async def test_what_is_over_looks_like_nothing(shop: Workshop) -> None:
    await an_initiative(shop, State.DROPPED)
    assert "is kept" in await shop.says("ben", '/initiative idea "Fault questions before booking" stage:Visit')


async def test_a_list_has_ten_lines_and_a_way_to_more(shop: Workshop) -> None:
    for number in range(23):
        await shop.says("dana", f'/initiative add "Thing{number} word{number} other{number}"')
    await shop.says("dana", "/initiative measure I-23 FTF")
    await shop.says("dana", "/initiative set I-23 prio:P1")
    answer = await shop.ask("ben", "/initiative")
    assert isinstance(answer.content, Card)
    lines = words_of(answer.content).splitlines()
    assert "23 initiatives · 1 to 10" in lines
    assert [line.split("  ")[0] for line in lines if line.startswith("Thing")][:2] == [
        "Thing22 word22 other22",
        "Thing0 word0 other0",
    ]
    second = await shop.press("ben", "More, 13 left", answer.content)
    assert second is not None
    assert isinstance(second.content, Card)
    third = await shop.press("ben", "More, 3 left", second.content)
    assert third is not None
    assert isinstance(third.content, Card)
    assert labels_of(third.content) == []
    assert "23 initiatives · 21 to 23" in words_of(third.content)


async def test_a_list_is_filtered_by_domain_state_batch_and_what_serves_nothing(shop: Workshop) -> None:
    await an_initiative(shop, State.IN_FLIGHT)
    await shop.says("dana", '/initiative add "New CRM" domain:"Service I-4"')
    await shop.says("dana", '/initiative batch "Autumn"')
    await shop.says("dana", "/initiative batch BT-1 add I-4")

    async def found(line: str) -> list[str]:
        said = await shop.says("dana", line)
        return [code for code in ("I-1", "I-4") if f"  {code} " in said]

    assert await found("/initiative") == ["I-1", "I-4"]
    assert await found("/initiative list in flight") == ["I-4"]
    assert await found("/initiative list idea, delivered") == ["I-1"]
    assert await found('/initiative list domain:"service i-4"') == ["I-1"]
    assert await found("/initiative list batch:BT-1") == ["I-4"]
    assert await found("/initiative list untagged") == ["I-1"]
    assert await found("/initiative list mine") == []
    assert await found("/initiative list closed") == []
    assert "I don't know what 'fooo' selects." in await shop.says("dana", "/initiative list fooo")
    assert "I can't find BT-9" in await shop.says("dana", "/initiative list batch:BT-9")


async def test_a_card_says_how_it_stands_and_what_is_missing(shop: Workshop) -> None:
    await shop.says("ben", IDEA)
    said = await shop.says("ben", "/initiative show I-1")
    for line in (
        "I-1 · priority P3 · fix · Visit · no charter yet", "Stands: idea", "Sponsor: no sponsor", "Owner: no owner",
        "Objective: no objective", "Next milestone: no milestone", "Worth: not scored", "Budget  open, missing",
    ):  # fmt: skip
        assert line in said
    await an_initiative(shop, State.IN_FLIGHT)
    said = await shop.says("ben", "/initiative I-4")
    for line in (
        "Stands: green · in flight", "Sponsor: Carl", "Owner: Ann", "Objective: Right first time I-4",
        "Measure: First-time fix (FTF)", "Next milestone: Live M-2, Fri 8 Jan 2027", "Budget  yes, £0",
    ):  # fmt: skip
        assert line in said
    assert "I can't find I-9" in await shop.says("ben", "/initiative show I-9")


async def test_people_of_other_companies_see_only_what_they_have_a_part_in(shop: Workshop) -> None:
    await an_initiative(shop, State.IN_FLIGHT)
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        (await tx.need(Person, (await shop.person("Ben")).id)).is_external = True
    assert "I can't find I-4" in await shop.says("ben", "/initiative show I-4")
    assert "There is none" in await shop.says("ben", "/initiative")
    await shop.says("dana", "/initiative people I-4 @Ann part:A")
    await shop.says("dana", "/initiative people I-4 @Ben part:C")
    assert "Fault questions before booking" in await shop.says("ben", "/initiative show I-4")
    assert "Fault questions before booking" in await shop.says("ben", "/initiative")


async def test_a_list_and_a_card_ask_the_database_as_often_for_many_rows_as_for_few(shop: Workshop) -> None:
    asked: list[str] = []

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    async def queries(line: str) -> int:
        asked.clear()
        event.listen(Engine, "before_cursor_execute", note)
        await shop.says("dana", line)
        event.remove(Engine, "before_cursor_execute", note)
        return len(asked)

    await an_initiative(shop, State.IN_FLIGHT)
    await an_initiative(shop, State.IN_FLIGHT, code="I-5")
    await shop.says("dana", "/initiative depends I-4 on:I-5")
    await shop.says("dana", "/initiative people I-4 @Ann part:A")
    few = [await queries(line) for line in ("/initiative", "/initiative show I-4")]
    for number in range(6, 12):
        await an_initiative(shop, State.IN_FLIGHT, code=f"I-{number}")
        await shop.says("dana", f"/initiative depends I-4 on:I-{number}")
    for name in ("Amy", "Ben", "Cem", "Dee"):
        await shop.says("dana", f"/initiative people I-4 @{name} part:R")
    assert [await queries(line) for line in ("/initiative", "/initiative show I-4")] == few
