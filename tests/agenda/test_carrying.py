"""Nothing vanishes: what is deferred, parked, left behind or disputed, and what has to be chosen the third time."""

from random import Random

import pytest
from sqlmodel import col, select

from bot.agenda import publishing, settling
from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.council import planning
from storage.agenda import OPEN, AgendaItem
from storage.meetings import CouncilMeeting
from storage.tx import SYSTEM
from tests.agenda.house import OUT_AT, TUESDAY_NOON, House
from tests.support.field_dispatch import NORTHWATER

State = AgendaItem.State
VISITS = '/agenda add "Second visits" item:5 for:decision mins:5'


@pytest.mark.req("S2-15")
async def test_what_is_deferred_is_on_the_next_agenda_with_its_counter_and_the_third_time_forces_a_choice(
    house_on_both: House,
) -> None:
    house = house_on_both
    await house.says("raj", VISITS)
    await house.says("cora", "/agenda publish")
    said = await house.says("cora", "/agenda defer 5.1 the figures come in January")
    assert said == "'Second visits' is on the agenda for Thu 7 Jan 2027 as 5.1, with 1 deferral."
    january = await house.next_meeting()
    carried = await house.item("Second visits", january.id)
    old = await house.item("Second visits")
    assert (carried.deferrals, carried.carried_from_id, carried.state) == (1, old.id, State.SUBMITTED)
    assert (old.state, old.reason) == (State.DEFERRED, "the figures come in January")
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=OUT_AT)
        item = await tx.need(AgendaItem, carried.id)
        item.deferrals = 2
        found = await house.found_in(tx)
        with pytest.raises(Declined, match="decided, dropped or handed over"):
            await settling.defer(tx, found, item, "again", OUT_AT)


async def test_what_is_parked_is_listed_and_comes_back_once(house: House) -> None:
    await house.says("raj", VISITS)
    await house.says("cora", "/agenda publish")
    assert "is parked." in await house.says("sev", "/agenda park 5.1 not before the budget")
    answer = await house.ask("cora", "/agenda parked")
    assert isinstance(answer.content, Card)
    said = await house.presses("cora", "Bring 1 back", answer.content)
    assert said == "'Second visits' is on the agenda for Thu 3 Dec 2026 as 5.2."
    assert "brought back already" in await house.presses("cora", "Bring 1 back", answer.content)
    assert "has nothing parked" in await house.says("cora", "/agenda parked")


async def test_what_a_meeting_left_behind_comes_to_the_next_one(house: House) -> None:
    last = await house.held_before()
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        for title, section, state in (("Left", 5, State.PUBLISHED), ("Late", 7, State.LATE_PENDING)):
            row = AgendaItem(
                council_id=house.council_id, meeting_id=last, section=section, seq=1, title=title, state=state
            )
            tx.add(row)
    await house.says("cora", "/agenda draft")
    assert {each.title: each.deferrals for each in await house.items()} == {"Left": 1, "Late": 0}
    await house.says("cora", "/agenda draft")
    assert len(await house.items()) == 2


async def test_over_three_meetings_every_item_is_settled_parked_or_on_exactly_one_agenda(house: House) -> None:
    dice = Random(8)  # noqa: S311 - the same each time
    titles = [f"Item {number}" for number in range(12)]
    for place, title in enumerate(titles):
        await house.says("raj", f'/agenda add "{title}" item:{place % 9 + 1} mins:1')
    for _ in range(3):
        await _held_with(house, dice)
        newest = {title: await _newest(house, title) for title in titles}
        meeting = await house.next_meeting()
        open_ones = {each.title for each in await house.items(meeting.id) if each.state in OPEN}
        for title, row in newest.items():
            assert (title in open_ones) is (row.state is State.SUBMITTED)
            assert row.state in {State.SUBMITTED, State.NOTED, State.DECIDED, State.PARKED, State.DROPPED}
        house.meeting_id = meeting.id
    assert any(each.deferrals > 1 for each in newest.values()), "some were carried all along"


async def _held_with(house: House, dice: Random) -> None:
    """A meeting at which some items are settled in some way; the others are left, and carried by schedule."""
    async with house.house.database.write(NORTHWATER) as tx:
        found = await house.found_in(tx)
        now = found.meeting.starts_at
        tx.acts_for(by=None, event_id=None, now=now)
        await planning.plan_ahead(tx, found.council, now)
        await publishing.published(tx, found, now, by=None)
        for item in await settling.open_at_close(tx, found):
            match dice.randrange(6):
                case 0:
                    await settling.note(tx, item, "", now)
                case 1:
                    await settling.decide(tx, item, now)
                case 2:
                    await settling.park(tx, item, "later", now)
                case _:
                    await settling.defer(tx, found, item, "not reached", now, by_schedule=True)
        await settling.over(tx, found, now)
        found.meeting.state = CouncilMeeting.State.ADJOURNED


async def _newest(house: House, title: str) -> AgendaItem:
    async with house.house.database.read(SYSTEM) as tx:
        rows = await tx.all(select(AgendaItem).where(AgendaItem.title == title).order_by(col(AgendaItem.id)))
    return rows[-1]


async def test_an_item_that_starts_elsewhere_is_not_closed_without_an_owner(house: House) -> None:
    await house.says("raj", '/agenda add "Second visits" item:5 hurts:Field starts:"Call centre"')
    await house.says("cora", "/agenda publish")
    said = await house.says("cora", "/agenda drop 5.1 enough")
    assert "Item 5.1 hurts Field but starts in Call centre. Who will own the fix?" in said


@pytest.mark.req("S2-30")
async def test_a_disputed_item_shows_both_views(house: House) -> None:
    await house.says("raj", VISITS)
    await house.says("ann", '/agenda dispute 5.1 one:"Calls must be short" other:"Calls must find the fault"')
    await house.says("cora", "/agenda publish")
    opened = await house.opened("bea", 5)
    assert "“Calls must be short”" in opened
    assert "“Calls must find the fault”" in opened
    assert "Only its owner" in await house.says("amy", '/agenda dispute 5.1 one:"No"')
