"""From the call to the last version, with every step around a meeting as the council plans it. Source: AT-4."""

from datetime import datetime

import pytest

from bot.agenda.documents import agenda_in
from bot.chat.replies import Replies
from bot.council import planning
from bot.wanted import record
from storage.agenda import AgendaItem
from storage.meetings import CouncilMeeting
from tests.agenda.house import CLOSED_AT, OUT_AGAIN_AT, OUT_AT, TUESDAY_NOON, House
from tests.support.field_dispatch import NORTHWATER

State = AgendaItem.State


async def _with_every_step(house: House) -> None:
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        meeting = await tx.need(CouncilMeeting, house.meeting_id)
        steps = {kind: datetime.fromisoformat(at) for kind, at in meeting.steps.items()}
        plans = planning.set_steps(meeting, steps, TUESDAY_NOON)
        await record(tx, Replies(plan=plans), event_id=None, now=TUESDAY_NOON)


@pytest.mark.req("S2-08", "S2-26", "S2-27")
async def test_an_agenda_that_nobody_touches_comes_out_in_time_and_late_items_wait_for_the_chair(
    house: House,
) -> None:
    await _with_every_step(house)
    await house.says("raj", '/agenda add "Second visits" item:5 for:decision mins:5')
    await house.says("bea", '/agenda add "Who answers bills" item:7 for:decision mins:5')
    await house.now_is(CLOSED_AT)
    draft = house.newest("cora", "Publish")
    await house.now_is(OUT_AT)
    (edition,) = await house.versions()
    assert edition.published_by is None
    assert {each.title for each in agenda_in(edition.content).items} >= {"Second visits", "Who answers bills"}
    assert "Nothing has changed since version 1" in await house.presses("cora", "Publish", draft)
    said = await house.says("mia", '/agenda add "Christmas hours" item:7')
    assert "otherwise it goes on Thu 7 Jan 2027." in said
    await house.says("cora", '/agenda add "Snow plan" item:9 mins:5')
    await house.now_is(OUT_AGAIN_AT)
    assert [each.number for each in await house.versions()] == [1, 2]
    assert "Agenda updated: 9.1 Snow plan added" in house.in_room("agenda.updated")[-1].words
    assert (await house.item("Christmas hours")).state is State.LATE_PENDING
