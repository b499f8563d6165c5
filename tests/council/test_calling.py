"""The steps before a meeting: the call, its reminder, the end of items, the eve, the last hour; and absences."""

import pytest
from sqlmodel import select

from bot.council.rules import State
from storage.agenda import DepartmentReport
from storage.engine import Database
from storage.meetings import CouncilMeeting
from tests.council.table import BEGINS, CALLED, CLOSED, EVE, REMINDED, SOON, Table, a_table, at, make_admin
from tests.support.reading import labels_of

Report = DepartmentReport.State


@pytest.mark.req("S2-08", "S2-10", "S2-17")
async def test_a_week_before_every_seat_is_asked_and_each_department_for_its_report(table_on_both: Table) -> None:
    table = table_on_both
    await table.shop.until(CALLED)
    assert (await table.meeting()).state is State.CALLING
    for who in ("ann", "raj", "bea", "dov", "mia", "ivo", "fin", "sam", "okafor"):
        assert len(table.told(who, "What should we talk about?")) == 1
    (call,) = table.told("bea", "What should we talk about?")
    assert "Thu 3 Dec 2026, 10:00" in call
    assert "Billing: please send your short report by Mon 30 Nov, 12:00." in call
    card = table.shop.newest("bea", "Yes")
    assert labels_of(card) == ["Open report", "Add an item", "Yes", "No", "Deputy"]
    assert labels_of(table.shop.newest("okafor", "Yes")) == ["Add an item", "Yes", "No", "Deputy"]
    async with table.shop.house.database.read(1) as tx:
        rows = await tx.all(select(DepartmentReport))
    assert [each.state for each in rows] == [Report.ASKED] * 8
    assert not table.told("cora", "What should we talk about?")


@pytest.mark.req("S2-08")
async def test_two_hours_before_items_close_only_those_who_owe_something_are_reminded(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    for who in ("ann", "raj", "okafor"):
        await shop.press(who, "Yes")
    await shop.says("ann", '/agenda report "Eight fault questions"')
    await shop.says("dov", '/agenda report "The app shows the van"')
    await shop.until(REMINDED)
    assert not table.told("ann", "still open from you")
    assert not table.told("okafor", "still open from you")
    assert table.told("raj", "the report of Field")
    assert "whether you come" not in table.told("raj", "still open from you")[0]
    assert table.told("dov", "whether you come")
    (both,) = table.told("bea", "Two hours left for items for Thu 3 Dec 2026")
    assert "the report of Billing and whether you come" in both


async def test_a_reminder_settles_itself_once_nothing_is_open(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    await shop.says("dov", '/agenda report "The app shows the van"')
    await shop.until(REMINDED)
    await shop.press("dov", "No", shop.newest("dov", "No"))
    assert table.told("dov", "Nothing is open from you")


@pytest.mark.req("S2-20")
async def test_at_noon_items_close_and_missing_reports_are_missing(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    for who in ("ann", "raj", "dov", "ivo", "sam"):
        await shop.says(who, '/agenda report "As planned"')
    await shop.until(at(30, 11, 50))
    await shop.says("bea", '/agenda report "As planned"')
    await shop.until(CLOSED)
    meeting = await table.meeting()
    assert (meeting.state, meeting.items_closed) == (State.DRAFTED, True)
    assert (await table.report("Marketing")).state is Report.MISSING
    assert (await table.report("Billing")).state is Report.RECEIVED
    for who in ("cora", "sev"):
        (draft,) = table.told(who, "Items are closed")
        assert "6 of 8 reports" in draft
        assert "Not received: Marketing and Finance" in draft
        assert "comes out as drafted at 16:00" in draft
    assert labels_of(shop.newest("cora", "Edit")) == ["Publish", "Edit"]
    assert labels_of(shop.newest("sev", "Edit")) == ["Edit"]


async def test_at_half_past_three_the_chair_alone_is_reminded(table: Table) -> None:
    await table.shop.until(at(30, 15, 31))
    assert table.told("cora", "comes out by itself at 16:00")
    assert not table.told("sev", "comes out by itself")


@pytest.mark.req("S2-11")
async def test_the_eve_says_who_comes_and_what_is_needed(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    for who in ("ann", "raj", "bea", "dov", "mia", "sam"):
        await shop.press(who, "Yes")
    form = await shop.opens("ivo", "Deputy")
    ida = await shop.person("Ida")
    await shop.fills("ivo", form, {"deputy": str(ida.id), "decides": "yes"})
    await shop.until(EVE)
    (eve,) = table.told("fin", "Anything urgent since the agenda came out?")
    assert "CX Council tomorrow at 10:00" in eve
    assert "7 yes, 0 no, 2 open – quorum is 5" in eve
    assert not table.told("cora", "We may not be quorate")


@pytest.mark.req("S2-11")
async def test_where_too_few_come_the_chair_is_asked_and_deputies_can_be(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    for who in ("ann", "raj", "bea"):
        await shop.press(who, "Yes")
    await shop.press("dov", "No")
    await shop.until(EVE)
    (doubt,) = table.told("cora", "We may not be quorate")
    assert "I expect 3, and quorum needs 5" in doubt
    card = shop.newest("cora", "Ask deputies")
    assert labels_of(card) == ["Ask deputies", "Move the date", "Go ahead"]
    assert "5 people are asked" in await shop.presses("cora", "Ask deputies", card)
    await shop.presses("cora", "Ask deputies", card)
    assert len(table.told("dov", "send a deputy who can decide")) == 1
    assert not table.told("ann", "send a deputy who can decide")
    await shop.press("mia", "Yes")
    await shop.press("dov", "Yes")
    assert not table.told("cora", "We may not be quorate")
    assert table.told("cora", "I now expect 5, and quorum needs 5")


async def test_in_the_last_hour_those_who_come_and_the_room_hear_of_it_with_the_link(table: Table) -> None:
    shop = table.shop
    await shop.says("sev", "/council setup link:https://meet.example/cx")
    await shop.until(CALLED)
    await shop.press("fin", "No")
    await shop.until(SOON)
    (soon,) = table.told("ann", "CX Council in 75 minutes")
    assert "by video" in soon
    assert "Join the meeting" in labels_of(shop.newest("ann", "Open an item"))
    assert not table.told("fin", "in 75 minutes")
    assert table.in_room("CX Council in 75 minutes")
    await shop.until(BEGINS)
    assert len([each for each in shop.house.chat.posts.values() if "meeting.room" in each.key]) == 1


# --- late, hurried, away


async def test_a_meeting_that_is_soon_is_called_at_once_and_its_items_close_before_it(table: Table) -> None:
    shop = table.shop
    said = await shop.says("cora", '/council special tomorrow at:12:00 reason:"the flood"')
    assert "It is soon" in said
    await shop.until(at(23, 12, 1))
    assert table.told("ann", "What should we talk about?")
    meeting = await shop.row(CouncilMeeting, kind=CouncilMeeting.Kind.SPECIAL)
    assert meeting.state is State.CALLING
    await shop.until(at(23, 13, 1))
    meeting = await shop.row(CouncilMeeting, kind=CouncilMeeting.Kind.SPECIAL)
    assert meeting.items_closed


@pytest.mark.parametrize(("day", "hour", "called", "reminded"), [(26, 23, 1, 1), (29, 12, 1, 1), (30, 11, 1, 1)])
async def test_a_call_comes_however_late_while_items_are_open(
    sqlite: Database, day: int, hour: int, called: int, reminded: int
) -> None:
    table = await a_table(sqlite, at(23, 12))
    await table.shop.house.wakes_at(at(day, hour))
    await table.shop.until(at(30, 11, 30))
    assert len(table.told("bea", "What should we talk about?")) == called
    assert len(table.told("bea", "still open from you")) == reminded


async def test_after_an_absence_over_the_whole_week_seats_are_called_once_and_nothing_that_is_over_is_said(
    table: Table,
) -> None:
    await table.shop.house.wakes_at(at(2, 15, month=12))
    assert len(table.told("bea", "Items are closed")) == 1
    assert not table.told("bea", "still open from you")
    assert not table.told("cora", "comes out by itself")
    assert (await table.meeting()).items_closed


async def test_after_the_meeting_nothing_before_it_is_said(table: Table) -> None:
    await table.shop.house.wakes_at(at(4, 9, month=12))
    assert not table.told("bea", "CX Council")


async def test_no_step_is_done_twice_by_two_clocks(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    await shop.house.wakes_at(at(26, 10, 2))
    await shop.house.wakes_at(at(26, 10, 2))
    assert len(table.told("bea", "What should we talk about?")) == 1


# --- a day off


async def test_two_weeks_before_a_meeting_on_a_day_off_the_chair_is_asked(sqlite: Database) -> None:
    table = await a_table(sqlite, at(1, 12, month=12), seated=False)
    shop = table.shop
    await shop.says("cora", '/council setup rule:"last friday" chair:@Cora')
    await shop.until(at(11, 10, 1, month=12))
    (asked,) = table.told("cora", "Fri 25 Dec 2026")
    assert "Christmas Day" in asked
    assert labels_of(shop.newest("cora", "Another date")) == [
        "Move to Fri 8 Jan", "Another date", "Meet all the same",
    ]  # fmt: skip
    said = await shop.presses("cora", "Move to Fri 8 Jan")
    assert "Fri 8 Jan 2027, 10:00 instead of Fri 25 Dec 2026, 10:00" in said
    assert table.told("cora", "CX Council meets on Fri 8 Jan 2027, 10:00.")


async def test_an_agenda_that_came_out_early_takes_nothing_from_the_call_the_reminder_and_the_close(
    table: Table,
) -> None:
    shop = table.shop
    await shop.says("cora", "/agenda publish")
    await shop.until(CALLED)
    assert (await table.meeting()).state is State.PUBLISHED
    (call,) = table.told("bea", "What should we talk about?")
    assert "Billing: please send your short report by Mon 30 Nov, 12:00." in call
    await shop.says("dov", '/agenda report "The app shows the van"')
    await shop.until(REMINDED)
    assert table.told("raj", "the report of Field")
    await shop.until(CLOSED)
    meeting = await table.meeting()
    assert (meeting.state, meeting.items_closed) == (State.PUBLISHED, True)
    assert (await table.report("Field")).state is Report.MISSING
    assert (await table.report("Digital")).state is Report.RECEIVED
    assert not table.told("cora", "Items are closed")


@pytest.mark.req("S2-08")
async def test_a_meeting_that_is_moved_after_its_agenda_is_out_asks_for_the_reports_again(table: Table) -> None:
    shop = table.shop
    await shop.until(at(30, 16, 1))
    assert (await table.report("Field")).state is Report.MISSING
    await shop.says("cora", '/council move 3 Dec to:2026-12-04 reason:"the hall"')
    assert (await table.report("Field")).state is Report.ASKED
    assert not (await table.meeting()).items_closed
    await shop.until(at(30, 16, 2))
    assert "Field: please send your short report by Tue 1 Dec, 12:00." in "".join(table.told("raj", "please send"))
    assert not table.told("raj", "your report is missing")


async def test_where_nobody_runs_a_council_the_administrator_is_told_once_with_a_way_out(table: Table) -> None:
    shop = table.shop
    await make_admin(shop, "Ben")
    await shop.says("ivo", "/council setup chair:off secretary:off sponsor:off")
    await shop.until(CALLED)
    (told,) = table.told("ben", "Nobody chairs CX Council and nobody keeps its record")
    assert "/council setup chair:@name secretary:@name" in told
    assert not table.told("ann", "Nobody chairs")
    assert "Nobody chairs it yet: an administrator" in await shop.says("ann", "/council skip 3 Dec Flood") + (
        await shop.says("ann", "/council setup length:60")
    )
