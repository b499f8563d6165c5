"""**Put on the agenda** on the cards of actions, blockers, initiatives and customers' words."""

from datetime import date, time

import pytest

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.council import planning
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.initiatives import Initiative
from storage.links import Link, Thing
from tests.agenda.house import OUT_AT, TUESDAY_NOON, House
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of, words_of

PUT = "Put on the agenda"
MADE = {
    "A-1": ('/action add "Buy two pumps" @Raj due:fri', "/action A-1", "Buy two pumps", 5, Thing.ACTION),
    "B-6": ('/huddle blocker "No fault details"', "/huddle blocker B-6", "No fault details", 5, Thing.BLOCKER),
    "I-1": ('/initiative idea "Fault questions"', "/initiative show I-1", "Fault questions", 7, Thing.INITIATIVE),
    "V-8": ('/voc add "A second morning off"', "", "A second morning off", 2, Thing.VOC),
}


async def card_of(house: House, code: str) -> Card:
    """A thing is made by Raj, and shown to him."""
    make, show, *_ = MADE[code]
    who = "ben" if code == "B-6" else "raj"
    content = (await house.ask(who, make)).content
    if show:
        content = (await house.ask(who, show)).content
    assert isinstance(content, Card)
    return content


async def another_council(house: House) -> Council:
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        council = Council(
            name="Safety Council", rule="FREQ=MONTHLY;INTERVAL=1;BYDAY=2TH", starts_on=date(2026, 11, 1),
            at_time=time(14), zone="Europe/London", chair_id=(await house.person("Raj")).id,
        )  # fmt: skip
        tx.add(council)
        await tx.flush()
        await planning.plan_ahead(tx, council, TUESDAY_NOON)
    return council


@pytest.mark.req("S2-17")
@pytest.mark.parametrize("code", MADE)
async def test_a_thing_comes_on_the_agenda_with_one_form_and_stays_tied_to_it(house_on_both: House, code: str) -> None:
    house = house_on_both
    card = await card_of(house, code)
    *_, title, section, thing = MADE[code]
    form = await house.opens("raj" if code != "B-6" else "ben", PUT, card)
    assert {each.id: each.value for each in form.inputs}["title"] == title
    answer = await house.fills("raj" if code != "B-6" else "ben", form, {})
    assert isinstance(answer.content, Card)
    assert words_of(answer.content).startswith(f"Added as {section}.1, 5 minutes, for discussion.")
    item = await house.item(title)
    edge = await house.row(Link, to_kind=Thing.AGENDA_ITEM, to_id=item.id)
    assert (edge.from_kind, edge.kind) == (thing, Link.Kind.LED_TO)


@pytest.mark.parametrize("code", MADE)
async def test_what_is_on_an_open_agenda_already_is_not_put_there_twice(house: House, code: str) -> None:
    card = await card_of(house, code)
    who = "ben" if code == "B-6" else "raj"
    first, second = [await house.opens(who, PUT, card) for _ in range(2)]
    await house.fills(who, first, {})
    section = MADE[code][3]
    said = f"{code} is on the agenda of CX Council of Thu 3 Dec 2026 already, as {section}.1. Nothing was changed."
    assert await house.presses(who, PUT, card) == said
    again = (await house.fills(who, second, {})).content
    assert isinstance(again, Card)
    assert words_of(again) == said
    assert len(await house.items()) == 1


async def test_where_it_went_is_said_when_it_was_merged_deferred_or_waits_for_leave(house: House) -> None:
    card = await card_of(house, "A-1")
    await house.fills("raj", await house.opens("raj", PUT, card), {})
    await house.says("ann", '/agenda add "Pumps" item:5')
    await house.says("sev", "/agenda merge 5.1 into:5.2")
    assert "A-1 is on the agenda of CX Council of Thu 3 Dec 2026 already, as 5.2." in await house.presses(
        "raj", PUT, card
    )
    await house.says("sev", "/agenda defer 5.2 the figures come in January")
    assert "of Thu 7 Jan 2027 already, as 5.1." in await house.presses("raj", PUT, card)
    january = await house.next_meeting()
    item = (await house.items(january.id))[0]
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        (await tx.need(AgendaItem, item.id)).state = AgendaItem.State.DECLINED
    await house.now_is(OUT_AT)
    answer = await house.fills("raj", await house.opens("raj", PUT, card), {})
    assert isinstance(answer.content, Card)
    assert "I've asked Cora to admit it as a late item" in words_of(answer.content)
    assert "The chair is asked already whether A-1 may come on the agenda" in await house.presses("raj", PUT, card)


async def test_with_more_than_one_council_the_form_asks_which(house: House) -> None:
    council = await another_council(house)
    card = await card_of(house, "A-1")
    form = await house.opens("raj", PUT, card)
    assert form.inputs[0].id == "council"
    back = await house.comes_back("raj", form, {"council": str(council.id), "mins": "a lot"})
    assert set(back.errors) == {"mins"}
    await house.fills("raj", back, {"mins": "10"})
    item = await house.row(AgendaItem, title="Buy two pumps")
    assert (item.council_id, item.minutes) == (council.id, 10)
    assert "Safety Council of Thu 10 Dec 2026 already" in await house.presses("raj", PUT, card)


async def test_a_council_has_to_be_chosen_where_there_are_several(house: House) -> None:
    await another_council(house)
    form = await house.opens("raj", PUT, await card_of(house, "A-1"))
    answer = await house.fills("raj", form, {"council": ""})
    assert not isinstance(answer.content, Form) or answer.content.errors
    assert not await house.rows(AgendaItem)


@pytest.mark.req("S2-10")
async def test_people_from_outside_and_houses_without_a_council_are_not_offered_it(house: House) -> None:
    await house.says("raj", '/action add "Check the seals" @Sam due:fri')
    await house.says("sam", "/action accept A-1")
    shown = (await house.ask("sam", "/action A-1")).content
    assert isinstance(shown, Card)
    assert PUT not in labels_of(shown)
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        (await tx.need(Council, house.council_id)).state = Council.State.PAUSED
    assert PUT not in labels_of(await card_of(house, "V-8"))


@pytest.mark.req("S2-10")
async def test_what_came_from_something_internal_is_proposed_as_internal(house: House) -> None:
    await house.says("raj", '/action add "Buy two pumps" @Raj due:fri')
    await house.says("raj", '/agenda add "Zanzibar contract" item:7 internal')
    item = await house.item("Zanzibar contract")
    await house.promised("Ask the lawyers", (Thing.AGENDA_ITEM, item.id), due=date(2026, 12, 1))
    shown = (await house.ask("ann", "/action A-902")).content
    assert isinstance(shown, Card)
    form = await house.opens("ann", PUT, shown)
    assert {each.id: each.value for each in form.inputs}["marks"] == "internal"


@pytest.mark.parametrize("code", MADE)
async def test_what_is_typed_twice_stands_there_once(house: House, code: str) -> None:
    await card_of(house, code)
    line = f'/agenda add "{MADE[code][2]}" item:7 from:{code.lower()}'
    await house.says("raj", line)
    said = f"{code} is on the agenda of CX Council of Thu 3 Dec 2026 already, as 7.1. Nothing was changed."
    assert await house.says("raj", line) == said
    assert len(await house.items()) == 1


async def test_what_comes_from_an_initiative_is_about_it(house: House) -> None:
    card = await card_of(house, "I-1")
    await house.fills("raj", await house.opens("raj", PUT, card), {})
    initiative = await house.row(Initiative, code="I-1")
    assert (await house.item("Fault questions")).initiative_id == initiative.id


@pytest.mark.req("S2-10")
async def test_what_is_typed_from_something_internal_is_internal_and_said_to_be_so(house: House) -> None:
    await house.says("raj", '/agenda add "Zanzibar contract" item:7 internal')
    item = await house.item("Zanzibar contract")
    await house.promised("Ask the lawyers", (Thing.AGENDA_ITEM, item.id), due=date(2026, 12, 1))
    await house.says("raj", '/action add "Ask them again" @Raj due:fri from:A-901')
    said = await house.says("raj", '/agenda add "Lawyers" item:7 from:A-1')
    assert said.endswith("It is internal, as is what it came from.")
    assert (await house.item("Lawyers")).internal
    said = await house.says("raj", '/agenda add "Costs" item:7 owner:@Sam from:A-901')
    assert said == "Sam is not of the organisation, so an internal item can't be theirs. Nothing was changed."
