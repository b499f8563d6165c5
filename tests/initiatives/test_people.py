"""Who has which part in an initiative, what they hear first, and what they ask."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from storage.initiatives import Initiative, Stakeholder
from storage.tx import SYSTEM
from tests.initiatives.conftest import State, an_initiative
from tests.support.workshop import Workshop

Part = Stakeholder.Part


async def parts(shop: Workshop) -> dict[str, Part]:
    from storage.portfolio import stakeholders_of  # noqa: PLC0415 - only here

    async with shop.house.database.read(SYSTEM) as tx:
        (initiative,) = await tx.all(select(Initiative))
        return {person.name: row.part for row, person in await stakeholders_of(tx, initiative.id)}


@pytest.mark.req("S3-41")
@pytest.mark.req("INV-11")
async def test_exactly_one_is_accountable(shop: Workshop) -> None:
    await an_initiative(shop)
    assert "First name who that is" in await shop.says("dana", "/initiative people I-4 @Ben part:R")
    assert await parts(shop) == {}
    await shop.says("dana", "/initiative people I-4 @Ann part:A")
    await shop.says("dana", "/initiative people I-4 @Ben part:C")
    said = await shop.says("ann", "/initiative people I-4 @Ben part:a")
    assert "Ben is accountable for I-4 now." in said
    assert "Ann was accountable, and is responsible now." in said
    assert await parts(shop) == {"Ann": Part.RESPONSIBLE, "Ben": Part.ACCOUNTABLE}
    assert "Exactly one person answers for I-4" in await shop.says("dana", "/initiative people I-4 @Ben part:I")
    assert await parts(shop) == {"Ann": Part.RESPONSIBLE, "Ben": Part.ACCOUNTABLE}


LINES = st.lists(st.tuples(st.sampled_from(["Amy", "Ben", "Cem"]), st.sampled_from("RACI")), max_size=8)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
async def test_whatever_is_typed_at_most_one_is_accountable_and_nobody_has_a_part_without(
    shop: Workshop, lines: list[tuple[str, str]]
) -> None:
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        for row in [*await tx.all(select(Stakeholder)), *await tx.all(select(Initiative))]:
            await tx.session.delete(row)
            await tx.flush()
    await an_initiative(shop, ready=False)
    for name, part in lines:
        await shop.says("dana", f"/initiative people I-4 @{name} part:{part}")
    named = await parts(shop)
    assert list(named.values()).count(Part.ACCOUNTABLE) == bool(named)


async def test_the_first_owner_is_accountable(shop: Workshop) -> None:
    await shop.says("dana", '/initiative add "New CRM"')
    await shop.says("dana", "/initiative set I-1 sponsor:@Carl owner:@Ann")
    assert await parts(shop) == {"Ann": Part.ACCOUNTABLE}
    await shop.says("dana", "/initiative set I-1 owner:@Bea")
    assert await parts(shop) == {"Ann": Part.ACCOUNTABLE}


@pytest.mark.req("S3-41")
async def test_each_of_them_is_told_once_and_says_that_they_have_read_it(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await an_initiative(shop)
    await shop.says("dana", "/initiative people I-4 @Ann part:A")
    await shop.says("dana", "/initiative people I-4 @Ben part:R")
    await shop.says("dana", "/initiative people I-4 @Ben part:C")
    (told,) = [post for post in shop.posts("ben") if "kick-off" in post.key]
    assert "Consulted. You are asked before something is decided." in told.words
    kick_off = shop.newest("ben", "I've read it")
    assert "Thank you." in await shop.presses("ben", "I've read it")
    row = await shop.row(Stakeholder, part=Part.CONSULTED)
    assert row.read_at == shop.house.clock.now()
    assert "you read it on Tue 24 Nov 2026" in shop.last("ben")
    assert "Only the one who was sent this" in await shop.presses("amy", "I've read it", kick_off)


@pytest.mark.req("S3-41")
async def test_who_has_not_read_it_after_three_working_days_is_shown_to_lead_and_owner_alone(shop: Workshop) -> None:
    await an_initiative(shop)
    await shop.says("dana", "/initiative people I-4 @Ann part:A")
    await shop.says("dana", "/initiative people I-4 @Ben part:R")
    await shop.presses("ann", "I've read it")
    unread = "Ben: not read yet, after 3 working days"
    shop.house.clock.move_to(datetime(2026, 11, 26, 12, tzinfo=UTC))
    assert unread not in await shop.says("dana", "/initiative show I-4")
    shop.house.clock.move_to(datetime(2026, 11, 27, 12, tzinfo=UTC))
    assert unread in await shop.says("dana", "/initiative show I-4")
    assert unread in await shop.says("ann", "/initiative show I-4")
    assert unread not in await shop.says("cem", "/initiative show I-4")
    await shop.presses("ben", "I've read it")
    assert unread not in await shop.says("dana", "/initiative show I-4")
    assert "Buy-in  yes, all have read it" in await shop.says("cem", "/initiative show I-4")


@pytest.mark.req("S3-41")
async def test_a_question_goes_to_the_owner_and_the_answer_back(shop: Workshop) -> None:
    await an_initiative(shop)
    await shop.says("dana", "/initiative people I-4 @Ben part:A")
    form = await shop.opens("ben", "I have a question")
    assert (await shop.comes_back("ben", form, {"text": ""})).errors
    await shop.fills("ben", form, {"text": "Who trains us?"})
    assert "Ben has a question\nWho trains us?" in shop.last("ann")
    form = await shop.opens("ann", "Answer")
    assert form.note == "Who trains us?"
    refused = await shop.fills("cem", form, {"text": "Nobody"})
    assert "Only its owner" in refused.content.summary  # type: ignore[union-attr]  # a card: it was refused
    await shop.fills("ann", form, {"text": "Mia, in January"})
    assert "Ann answers you\nMia, in January" in shop.last("ben")


@pytest.mark.req("S0-02")
async def test_an_initiative_without_a_sponsor_says_so_until_it_has_one(shop: Workshop) -> None:
    await shop.says("dana", '/initiative add "New CRM"')
    assert "no sponsor" in await shop.says("dana", "/initiative")
    await shop.says("dana", "/initiative set I-1 sponsor:@Carl")
    assert "no sponsor" not in await shop.says("dana", "/initiative")


async def test_fields_are_set_and_told_to_its_people(shop: Workshop) -> None:
    await an_initiative(shop, State.IN_FLIGHT)
    line = '/initiative set I-4 prio:p1 kind:culture starts:4 Jan ends:26 Mar 2027 domain:"Service I-4"'
    said = await shop.says("dana", line)
    assert "I-4: priority P1, kind culture, starts Mon 4 Jan 2027, ends Fri 26 Mar 2027 and domain Service I-4." in said
    assert "I-4 was changed" in shop.last("ann")
    assert "I-4 was changed" in shop.last("carl")
    said = await shop.says("dana", "/initiative set I-4 ends:2026-12-01")
    assert "It would end before it starts." in said
    assert "I don't know the priority 'P7'" in await shop.says("dana", "/initiative set I-4 prio:P7")
    assert "I don't know the kind 'odd'" in await shop.says("dana", "/initiative set I-4 kind:odd")
    assert "I can't find anybody called 'Zed'" in await shop.says("dana", "/initiative set I-4 owner:@Zed")
    assert "What is to change?" in await shop.says("dana", "/initiative set I-4")
