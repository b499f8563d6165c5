"""Meetings that are called off, moved or added: who hears at once, what goes along, and two misses in a row."""

import pytest

from bot.chat.cards import Card
from bot.council.rules import State
from storage.agenda import AgendaItem, DepartmentReport
from storage.meetings import Attendance, CouncilMeeting
from tests.council.table import CALLED, Table, at
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of, words_of


async def test_the_schedule_lists_dates_states_and_what_was_called_off(table: Table) -> None:
    shop = table.shop
    await shop.says("sev", "/council skip 7 Jan Half of us are away")
    said = await shop.says("ann", "/council schedule")
    assert "Thu 3 Dec 2026, 10:00  planned" in said
    assert "items until Mon 30 Nov, 12:00" in said
    assert "Called off" in said
    assert "Half of us are away" in said


async def test_a_meeting_called_off_is_told_at_once_to_seats_and_rooms_and_another_is_planned(table: Table) -> None:
    shop = table.shop
    said = await shop.says("sev", "/council skip 3 Dec Half of us are away")
    assert "There is no meeting of CX Council on Thu 3 Dec 2026, 10:00." in said
    assert "11 people and the council's rooms are told now" in said
    for who in ("ann", "sam", "okafor", "cora"):
        (told,) = table.told(who, "There is no meeting of CX Council")
        assert "Reason: Half of us are away." in told
    assert table.in_room("CX Council is called off")
    states = [each.state for each in await table.meetings()]
    assert states == [State.CANCELLED, State.PLANNED, State.PLANNED, State.PLANNED]


async def test_without_a_reason_the_form_asks_for_one(table: Table) -> None:
    shop = table.shop
    form = await shop.form("sev", "/council skip")
    again = await shop.comes_back("sev", form, {"reason": " "})
    assert set(again.errors) == {"reason"}
    await shop.fills("sev", again, {"reason": "Flood"})
    assert (await table.meeting()).state is State.CANCELLED


async def test_without_a_date_the_form_says_which_meeting_is_called_off(table: Table) -> None:
    shop = table.shop
    form = await shop.form("sev", "/council skip Christmas")
    assert "Thu 3 Dec 2026" in form.note
    assert (await table.meeting()).state is State.PLANNED
    await shop.fills("sev", form, {})
    assert ((await table.meeting()).state, (await table.meeting()).reason) == (State.CANCELLED, "Christmas")


async def test_a_day_that_is_read_as_next_years_is_asked_about(table: Table) -> None:
    shop = table.shop
    form = await shop.form("sev", '/council move to:"1 Nov" reason:"the hall"')
    assert "Mon 1 Nov 2027" in form.errors["to"]
    assert (await table.meeting()).starts_at == at(3, 10, month=12)
    await shop.fills("sev", form, {"to": "2026-12-10"})
    assert (await table.meeting()).starts_at == at(10, 10, month=12)


async def test_only_who_runs_it_changes_dates(table: Table) -> None:
    shop = table.shop
    assert "Only" in await shop.says("ann", "/council skip 3 Dec Flood")
    assert "Only" in await shop.says("ann", '/council move 3 Dec to:2026-12-10 reason:"Flood"')
    assert "Only" in await shop.says("carl", '/council special 17 Dec reason:"Flood"')
    assert "meets on" in await shop.says("ivo", '/council move 3 Dec to:2026-12-10 reason:"Flood"')


async def test_a_moved_meeting_takes_its_steps_along_and_asks_seats_again(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    await shop.press("ann", "Yes")
    said = await shop.says("cora", '/council move 3 Dec to:17 Dec at:14:00 reason:"the hall is taken"')
    assert "Thu 17 Dec 2026, 14:00 instead of Thu 3 Dec 2026, 10:00" in said
    assert "call Thu 10 Dec" in said
    (told,) = table.told("raj", "instead of Thu 3 Dec 2026")
    assert "Reason: the hall is taken." in told
    meeting = await table.meeting()
    assert (meeting.state, meeting.starts_at) == (State.PLANNED, at(17, 14, month=12))
    row = await shop.row(Attendance, person_id=(await shop.person("Ann")).id)
    assert row.rsvp is Attendance.Rsvp.NONE


async def test_a_meeting_moved_by_a_few_hours_keeps_its_call_and_is_not_called_twice(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    await shop.says("cora", '/council move at:15:00 reason:"the train"')
    meeting = await table.meeting()
    assert (meeting.state, meeting.starts_at) == (State.CALLING, at(3, 15, month=12))
    await shop.until(at(27, 10, 1))
    assert len(table.told("ann", "Can you come?")) == 1
    assert "Thu 3 Dec 2026, 15:00" in table.told("ann", "Can you come?")[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('/council move 3 Dec to:2026-11-20 reason:"x"', "is over"),
        ('/council move 3 Dec to:2027-01-07 reason:"x"', "another meeting planned"),
        ('/council move 3 Dec to:2026-12-03 reason:"x"', "already"),
        ('/council move 4 Dec to:2026-12-10 reason:"x"', "no meeting on Fri 4 Dec 2026"),
        ('/council move 3 Dec to:someday reason:"x"', "I don't understand the date"),
    ],
)
async def test_what_can_not_be_is_refused_and_nothing_changes(table: Table, line: str, words: str) -> None:
    assert words in await table.shop.says("cora", line)
    assert (await table.meeting()).starts_at == at(3, 10, month=12)


async def test_what_is_missing_is_asked_in_the_form_with_what_was_said(table: Table) -> None:
    shop = table.shop
    form = await shop.form("cora", "/council move 3 Dec to:2026-12-10")
    assert {each.id: each.value for each in form.inputs} == {"to": "2026-12-10", "at": "10:00", "reason": ""}
    await shop.fills("cora", form, {"reason": "The hall"})
    assert (await table.meeting()).starts_at == at(10, 10, month=12)


async def test_a_day_off_is_noted_and_kept(table: Table) -> None:
    said = await table.shop.says("cora", '/council move 3 Dec to:2026-12-25 reason:"peace and quiet"')
    assert "Fri 25 Dec 2026 is Christmas Day." in said


async def test_a_special_meeting_is_told_to_everybody_and_called_in_its_time(table: Table) -> None:
    shop = table.shop
    said = await shop.says("cora", '/council special 17 Dec at:14:00 reason:"the flood"')
    assert "special meeting on Thu 17 Dec 2026, 14:00" in said
    assert table.told("ann", "special meeting on Thu 17 Dec 2026, 14:00")
    assert "another meeting planned" in await shop.says("cora", '/council special 17 Dec at:14:00 reason:"again"')
    kinds = [each.kind.value for each in await table.meetings()]
    assert kinds == ["regular", "special", "regular", "regular"]


# --- what was proposed goes along


async def test_items_and_reports_of_a_meeting_called_off_are_on_the_next_one(table: Table) -> None:
    shop = table.shop
    await shop.says("bea", '/agenda report "As planned"')
    first = await table.meeting()
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        tx.add(
            AgendaItem(
                council_id=first.council_id, meeting_id=first.id, section=7, seq=1, title="Christmas hours",
                state=AgendaItem.State.ACCEPTED,
            )
        )  # fmt: skip
    await shop.says("sev", "/council skip 3 Dec Flood")
    item = await shop.row(AgendaItem, title="Christmas hours")
    following = await table.meeting("2027-01-07")
    assert (item.meeting_id, item.state) == (following.id, AgendaItem.State.SUBMITTED)
    assert (await table.report("Billing", "2027-01-07")).state is DepartmentReport.State.RECEIVED


# --- two in a row


@pytest.mark.req("S0-03")
async def test_the_second_miss_in_a_row_is_told_to_the_sponsor_once(table: Table) -> None:
    shop = table.shop
    await shop.says("sev", "/council skip 3 Dec Flood")
    assert not table.told("carl", "missed twice")
    await shop.says("sev", "/council skip 7 Jan Half of us are away")
    (told,) = table.told("carl", "missed twice in a row")
    assert "Thu 3 Dec 2026" in told
    assert "Half of us are away" in told
    await shop.says("sev", "/council skip 4 Feb Snow")
    assert len(table.told("carl", "missed twice in a row")) == 1


async def test_two_misses_with_a_meeting_between_them_are_no_news(table: Table) -> None:
    shop = table.shop
    await shop.says("sev", "/council skip 3 Dec Flood")
    await shop.says("sev", "/council skip 4 Feb Snow")
    assert not table.told("carl", "missed twice")
    await shop.says("sev", "/council skip 7 Jan Ice")
    assert len(table.told("carl", "missed twice")) == 1


async def test_the_status_says_how_the_next_meeting_stands(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    for who in ("ann", "raj", "bea", "dov", "mia"):
        await shop.press(who, "Yes")
    await shop.says("bea", '/agenda report "As planned"')
    await shop.says("sev", "/council remove @Fin")
    said = await shop.says("ann", "/council")
    assert "CX Council · Thu" not in said
    assert "Thu 3 Dec 2026, 10:00" in said
    assert "5 yes, 0 no, 3 open" in said
    assert "4 of 7 voting seats needed, 5 expected: met" in said
    assert "1 of 8 received" in said
    assert "Mrs Okafor" in said
    assert "Vacant: Finance." in said
    meeting = await table.meeting()
    assert meeting.kind is CouncilMeeting.Kind.REGULAR


@pytest.mark.req("S2-35")
async def test_the_status_tells_the_share_of_proactive_items(table: Table) -> None:
    shop, meeting = table.shop, await table.meeting()
    stances = [AgendaItem.Stance.PROACTIVE] * 3 + [AgendaItem.Stance.REACTIVE] * 5 + [None] * 4
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        for number, stance in enumerate(stances):
            tx.add(
                AgendaItem(
                    council_id=meeting.council_id, meeting_id=meeting.id, section=7, title=f"Item {number}",
                    stance=stance,
                )
            )  # fmt: skip
    assert "12 proposed, 3 proactive (25%)" in await shop.says("ann", "/council")


async def test_nobody_is_asked_which_council_where_there_is_one(table: Table) -> None:
    answer = await table.shop.ask("ann", "/council")
    assert isinstance(answer.content, Card)
    assert labels_of(answer.content)[0] == "Add an item"


async def test_two_who_change_a_date_at_once_do_not_overwrite_each_other(table: Table) -> None:
    shop = table.shop
    first, second = await shop.form("cora", "/council move 3 Dec"), await shop.form("sev", "/council move 3 Dec")
    await shop.fills("cora", first, {"to": "2026-12-10", "reason": "The hall"})
    answer = await shop.fills("sev", second, {"to": "2026-12-11", "reason": "The train"})
    assert isinstance(answer.content, Card)
    assert "Cora" in words_of(answer.content)
    assert "on Thu 10 Dec 2026, 10:00" in words_of(answer.content)
    assert (await table.meeting()).starts_at == at(10, 10, month=12)


async def test_a_form_sent_twice_moves_it_once(table: Table) -> None:
    shop = table.shop
    form = await shop.form("cora", "/council move 3 Dec")
    await shop.fills("cora", form, {"to": "2026-12-10", "reason": "The hall"})
    answer = await shop.fills("cora", form, {"to": "2026-12-10", "reason": "The hall"})
    assert isinstance(answer.content, Card)
    assert "already" in words_of(answer.content)
    assert len(table.told("ann", "instead of Thu 3 Dec 2026")) == 1
