"""Who chairs together with the chair, and comes from outside, at the table and after it."""

from datetime import date

import pytest

from bot.ports import Press
from storage.actions import Action
from storage.decisions import Decision
from storage.links import Thing, link
from storage.meetings import CouncilMeeting
from tests.meeting.hall import Hall, begun
from tests.minutes.held import DRAFTED
from tests.support.field_dispatch import NORTHWATER

pytestmark = pytest.mark.req("S2-31", "S2-10")
SECRET = "Metering's contract ends"


async def together(hall: Hall) -> None:
    """Mrs Okafor chairs together with Cora; the meeting has decided D-1, which is internal."""
    await hall.customer_co_chairs()
    await begun(hall)
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Mia")
    await hall.says("cora", f'/council decide "{SECRET}" reason:"Price" means:none internal:yes')


async def test_what_becomes_of_an_internal_decision_is_no_business_of_theirs(hall: Hall) -> None:
    await together(hall)
    for line in ("/council reverse D-1 too dear", "/council reopen D-1 too dear", "/council decisions D-1"):
        said = await hall.says("okafor", line)
        assert said == "D-1 is internal to the council. Nothing was changed.", line
    form = await hall.form("okafor", '/council decide "Another" reason:"Price" means:none replaces:D-1')
    assert "no decision of that code" in form.errors["replaces"]
    assert SECRET not in repr(form)
    assert (await hall.row(Decision, code="D-1")).state is Decision.State.IN_FORCE


async def test_an_open_internal_vote_is_named_and_not_told(hall: Hall) -> None:
    await together(hall)
    await hall.says("cora", f'/council vote "{SECRET}?" internal:yes')
    said = await hall.says("okafor", '/council vote "And now?"')
    assert said == "An internal vote is still open. Close it first. Nothing was changed."


async def test_they_record_after_the_end_and_issue_the_minutes_and_edit_no_draft(hall: Hall) -> None:
    await together(hall)
    await hall.says("okafor", "/council end")
    assert (await hall.meeting()).state is CouncilMeeting.State.ADJOURNED
    assert "D-2 recorded" in await hall.says("okafor", '/council decide "We go on" reason:"It works" means:none')
    await hall.until(DRAFTED)
    said = await hall.says("okafor", '/council minutes edit 3 "Later"')
    assert "only members of the organisation read. You can ask Sev or Cora. Nothing was changed." in said
    assert SECRET not in await hall.says("okafor", "/council minutes")
    issued = await hall.says("okafor", "/council minutes issue")
    assert "are issued" in issued
    assert SECRET not in issued
    assert SECRET not in "".join(repr(each.card) for each in hall.posts("okafor"))


async def test_of_an_action_at_an_internal_item_somebody_inside_asks_and_they_read_nothing(hall: Hall) -> None:
    await together(hall)
    raj, sev = await hall.person("Raj"), await hall.person("Sev")
    item = await hall.put(SECRET, 5, internal=True, owner_id=raj.id)
    form = await hall.form("okafor", Press("meeting.settle", {"meeting": str(hall.meeting_id)}))
    await hall.fills("okafor", form, {"item": str(item.id), "outcome": "actioned", "why": "Soon"})
    action = await hall.row(Action, code="A-1")
    assert (action.owner_id, action.requester_id) == (raj.id, sev.id)
    assert await hall.says("okafor", "/action A-1") == "I can't find A-1. Nothing was changed."
    await hall.presses("raj", "Accept")
    assert "Raj took it on" in hall.last("sev")
    heard = [await hall.says("okafor", line) for line in ("/action list asked", "/council actions", "/search contract")]
    assert not any(SECRET in each for each in (*heard, *(repr(post.card) for post in hall.posts("okafor"))))


async def test_who_asked_from_outside_does_not_see_by_it_what_came_of_something_internal(hall: Hall) -> None:
    await together(hall)
    item = await hall.put(SECRET, 5, internal=True)
    raj, okafor = await hall.person("Raj"), await hall.person("Mrs Okafor")
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        action = Action(code="A-1", title=SECRET, owner_id=raj.id, requester_id=okafor.id, due_on=date(2026, 12, 11))
        tx.add(action)
        await tx.flush()
        await link(tx, (Thing.AGENDA_ITEM, item.id), (Thing.ACTION, action.id))
    assert await hall.says("okafor", "/action A-1") == "I can't find A-1. Nothing was changed."
