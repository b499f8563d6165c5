"""A meeting runs: it begins, goes on, takes longer, stands still; its clock speaks to the chair alone."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.chat.replies import Plan, Replies
from bot.chat.routing import Reader
from bot.council import dates, standing
from bot.meeting import projections
from bot.ports import Press
from bot.wanted import record
from bot.work.rules import Part
from storage.agenda import AgendaItem, AgendaSection, DepartmentReport
from storage.councils import Council
from storage.meetings import CouncilMeeting
from storage.people import Department, Person, zone_of
from tests.council.table import outsiders
from tests.meeting.hall import BEGINS, ROOM, Hall, begun, told
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import button_of, labels_of, words_of
from tests.support.workshop import Workshop

State = CouncilMeeting.State


# --- it begins


async def test_a_meeting_fixes_its_quorum_and_the_minutes_of_its_sections(hall: Hall) -> None:
    assert "That is 5 minutes before its time." in await hall.says("sev", "/council start")
    meeting = await hall.meeting()
    assert (meeting.state, meeting.section, meeting.quorum_needed) == (State.IN_SESSION, 1, 5)
    assert meeting.opened_at == BEGINS - timedelta(minutes=5)
    minutes = {each.section: each.minutes for each in await hall.sections()}
    assert (minutes[1], minutes[9]) == (10, 5)


async def test_a_meeting_that_is_days_away_is_asked_about_once_more(hall: Hall) -> None:
    await begun(hall)
    await hall.says("cora", "/council end")
    answer = await hall.ask("cora", "/council start")  # the next one, on 7 Jan
    assert "is to begin on Thu 7 Jan 2027, 10:00. Shall I start it now?" in told(answer)
    assert (await hall.following()).state is State.PLANNED


async def test_the_chair_starts_it_from_the_room(hall: Hall) -> None:
    await hall.at(0)
    await hall.room_is_shown()
    button = button_of(hall.room_card, "Start the meeting")
    assert "Only the chair" in told(await hall.hand_in("ann", Press(button.verb, button.ids), room=ROOM))
    await hall.hand_in("cora", Press(button.verb, button.ids), room=ROOM)
    assert "In session since 10:00" in hall.room


async def test_only_the_chair_or_the_secretary_opens_it_and_only_once(hall: Hall) -> None:
    await hall.at(0)
    assert "Only the chair or the secretary of Council can do that." in await hall.says("ann", "/council start")
    await hall.says("sev", "/council start")
    assert "is in session, so it can't be started" in await hall.says("cora", "/council start")


async def test_the_one_who_chairs_and_the_one_who_keeps_the_record_have_a_card_and_nobody_else(hall: Hall) -> None:
    await begun(hall)
    assert "Next item" in labels_of(hall.newest("cora", "Next item"))
    assert "Who is here" in labels_of(hall.newest("sev", "Who is here"))
    for name in ("ann", "raj", "carl"):
        assert not [each for each in hall.posts(name) if "meeting" in each.key]


async def test_a_meeting_without_a_published_agenda_publishes_it_when_it_begins(hall: Hall) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        meeting = await tx.need(CouncilMeeting, hall.meeting_id)
        meeting.state = State.DRAFTED
    item = await hall.put("Christmas hours", state=AgendaItem.State.ACCEPTED)
    await begun(hall)
    assert ((await hall.meeting()).state, (await hall.meeting()).edition) == (State.IN_SESSION, 2)
    assert (await hall.item(item)).state is AgendaItem.State.PUBLISHED
    assert "Now 7 Future initiatives, 7.1 Christmas hours" in await hall.says("cora", "/council item 7.1")


@pytest.mark.req("S2-31")
async def test_a_customer_who_is_co_chair_can_run_it_and_reads_nothing_internal(hall: Hall) -> None:
    okafor = await hall.person("Mrs Okafor")
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        council = await tx.need(Council, (await hall.meeting()).council_id)
        council.customer = Council.Customer.CO_CHAIR
    await hall.put("Contract with Metering Ltd", internal=True)
    await begun(hall)
    await hall.says("sev", '/council chair @"Mrs Okafor"')
    await hall.says("sev", "/council item 7.1")
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=BEGINS)
        shown = await projections.chair(tx, {"meeting": hall.meeting_id}, Reader(zone_of(okafor), okafor), BEGINS)
    assert shown is not None
    assert "7.1 Internal" in words_of(shown)
    assert "Contract" not in words_of(shown)


@pytest.mark.req("S2-31")
async def test_a_customer_who_is_co_chair_starts_it_and_records_what_is_decided(hall: Hall) -> None:
    await hall.customer_co_chairs()
    item = await hall.put("Contract with Metering Ltd", internal=True)
    await hall.at(0)
    assert "The meeting has begun" in await hall.says("okafor", "/council start")
    await hall.says("sev", "/council item 7.1")
    form = await hall.opens("okafor", "Decide")
    assert hall.tick(form, "item", "7.1 Internal") == str(item.id)
    await hall.fills("okafor", form, {"text": "Go on", "reason": "It is time", "means": "none"})
    assert (await hall.item(item)).state is AgendaItem.State.DECIDED
    said = await hall.says("okafor", "/agenda publish")
    assert "Version 2 is published" in said
    assert "Contract" not in said


async def test_at_its_time_those_who_run_it_have_the_card_to_start_it(hall: Hall) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        plan = Plan("its-time", dates.START, hall.meeting_id, BEGINS)
        await record(tx, Replies(plan=(plan,)), event_id=None, now=hall.house.clock.now())
    await hall.at(0)
    assert "Start the meeting" in labels_of(hall.room_card)
    assert "can begin" in hall.own("sev")
    assert not [each for each in hall.posts("ann") if "meeting.chair" in each.key]
    await hall.press("cora", "Start the meeting")
    assert (await hall.meeting()).state is State.IN_SESSION
    assert "can begin" not in hall.own("cora")


async def test_where_nobody_runs_it_there_is_no_button_and_a_way_out(hall: Hall) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        council = await tx.need(Council, (await hall.meeting()).council_id)
        council.chair_id = council.secretary_id = None
    await hall.at(0)
    await hall.room_is_shown()
    assert labels_of(hall.room_card) == ["I'm here", "Open an item"]
    assert "Nobody chairs it yet: an administrator" in hall.room
    assert "/council setup chair:@name" in await hall.says("ann", "/council start")


# --- it goes on


async def test_next_goes_from_item_to_item_and_leaves_out_what_is_empty(hall: Hall) -> None:
    first, second = await hall.put("Christmas hours"), await hall.put("Text service")
    await begun(hall)
    walked = [(await hall.says("cora", "/council next")).splitlines()[0] for _ in range(4)]
    assert [each.rpartition(", until")[0] for each in walked] == [
        "Now 6 Customer measures", "Now 7 Future initiatives, 7.1 Christmas hours",
        "Now 7 Future initiatives, 7.2 Text service", "Now 9 Any other business",
    ]  # fmt: skip
    for each in (first, second):
        assert (await hall.item(each)).state is AgendaItem.State.IN_DISCUSSION
    assert "That was the last section." in await hall.says("cora", "/council next")
    states = {each.section: each.state for each in await hall.sections()}
    assert (states[1], states[9], states[4]) == (
        AgendaSection.State.CLOSED, AgendaSection.State.CURRENT, AgendaSection.State.WAITING,
    )  # fmt: skip


async def test_the_chair_may_go_back_and_may_open_what_is_empty(hall: Hall) -> None:
    await hall.put("Christmas hours")
    await begun(hall)
    await hall.says("cora", "/council item 7.1")
    await hall.says("cora", "/council item 4")
    assert (await hall.meeting()).section == 4
    assert "Now 7 Future initiatives, 7.1 Christmas hours" in await hall.says("cora", "/council item 7.1")
    assert "There is no open item 7.9 on this agenda." in await hall.says("cora", "/council item 7.9")
    assert "Which one?" in await hall.says("cora", "/council item")


@pytest.mark.req("S2-18")
async def test_what_is_on_consent_is_noted_with_the_first_section_unless_it_was_pulled(hall: Hall) -> None:
    quiet = await hall.put("Minutes of last meeting", 1, consent=True, kind=AgendaItem.Kind.MINUTES)
    pulled = await hall.put("Room costs", 6, consent=False)
    kept = await hall.put("New logo", 7, consent=True)
    await begun(hall)
    assert (await hall.item(quiet)).state is AgendaItem.State.PUBLISHED  # somebody may still pull it
    await hall.says("cora", "/council next")
    found = [(await hall.item(each)).state for each in (quiet, pulled, kept)]
    assert found == [AgendaItem.State.NOTED, AgendaItem.State.PUBLISHED, AgendaItem.State.NOTED]


async def test_of_two_who_press_next_at_once_one_moves_the_meeting_on(hall_on_both: Hall) -> None:
    hall = hall_on_both
    await hall.put("Christmas hours")
    await begun(hall)
    press = Press("meeting.next", {"meeting": str(hall.meeting_id), "section": "1", "item": "0"})
    answers = await asyncio.gather(
        hall.hand_in("cora", press), hall.hand_in("sev", press, dispatcher=hall.house.dispatcher)
    )
    refused = [told(each) for each in answers if each is not None]
    assert len(refused) == 1
    assert "The meeting has gone on since this card was drawn. It is at 6 Customer measures now." in refused[0]
    assert (await hall.meeting()).section == 6


async def test_of_two_who_type_next_at_once_one_moves_the_meeting_on(hall_on_both: Hall) -> None:
    hall = hall_on_both
    await hall.put("Christmas hours")
    await begun(hall)
    answers = await asyncio.gather(hall.ask("cora", "/council next"), Workshop(hall.house).ask("sev", "/council next"))
    words = sorted((told(each) for each in answers), key=len)
    assert "Now 6 Customer measures" in words[0]
    assert "took the meeting on a moment ago. It is at 6 Customer measures now." in words[1]


async def test_an_arrival_in_between_does_not_keep_the_chair_from_going_on(hall: Hall) -> None:
    await begun(hall)
    press = Press("meeting.next", {"meeting": str(hall.meeting_id), "section": "1", "item": "0"})
    await asyncio.gather(hall.do("ann", "council.here"), hall.hand_in("cora", press, dispatcher=hall.house.dispatcher))
    assert (await hall.meeting()).section == 6


@pytest.mark.req("S2-34")
async def test_at_the_reports_the_chair_sees_exceptions_and_help_wanted_and_the_rest_in_one_line(hall: Hall) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        departments = {each.name: each.id for each in await tx.all(select(Department))}
        reports: dict[str, dict[str, object]] = {
            "Field": {"help_wanted": "fault details before each visit", "help_from_id": departments["Call centre"]},
            "Billing": {"measures": [{"name": "Second bills", "value": "40", "change": "up 12", "colour": "red"}]},
            "Digital": {"changed": "Text service on 40 desks"},
            "IT": {},
            "Marketing": {"state": DepartmentReport.State.MISSING},
        }
        for name, more in reports.items():
            values: dict[str, object] = {"meeting_id": hall.meeting_id, "department_id": departments[name]}
            values |= {"measures": [], "state": DepartmentReport.State.RECEIVED}
            tx.add(DepartmentReport.model_validate(values | more))
    await begun(hall)
    await hall.says("cora", "/council item 3")
    card = hall.own("cora")
    assert "Field asks Call centre: fault details before each visit" in card
    assert "Second bills 40 up 12" in card
    assert "As expected: Digital and IT" in card
    assert "Not received: Marketing" in card


# --- who runs it changes, and what is restarted


async def test_another_chair_for_this_meeting_has_the_card_and_the_old_one_no_buttons(hall: Hall) -> None:
    await begun(hall)
    assert "Raj chairs Council of Thu 3 Dec 2026." in await hall.says("sev", "/council chair @Raj")
    assert "Next item" in labels_of(hall.newest("raj", "Next item"))
    assert "Raj chairs this meeting now, Sev keeps its record." in hall.own("cora")
    assert "Only the chair or the secretary of Council can do that." in await hall.says("cora", "/council next")
    assert "chair Raj" in hall.room
    await hall.at(8)
    assert hall.heard("raj") == ["2 minutes left on 1 Actions from last meeting, until 10:10."]
    assert hall.heard("cora") == []


async def test_nobody_from_outside_chairs_what_they_may_not_read(hall: Hall) -> None:
    await begun(hall)
    assert "Sam comes from outside" in await hall.says("sev", "/council chair @Sam")


async def test_a_secretary_who_is_removed_in_the_middle_keeps_no_record_any_more(hall: Hall) -> None:
    await begun(hall)
    await hall.says("cora", "/council remove @Sev")
    assert "Only the chair or the secretary" in await hall.says("sev", "/council present @Ann")
    assert "Cora chairs this meeting now, nobody keeps its record." in hall.own("sev")
    assert "At the table now: Ann." in await hall.says("cora", "/council present @Ann")


async def test_the_record_names_who_ran_it_whoever_runs_the_council_later(hall: Hall) -> None:
    await begun(hall)
    await hall.says("cora", "/council setup secretary:@Bea")
    bea, cora = await hall.person("Bea"), await hall.person("Cora")
    assert ((await hall.meeting()).chair_id, (await hall.meeting()).secretary_id) == (cora.id, bea.id)
    assert "Only the chair or the secretary" in await hall.says("sev", "/council present @Ann")
    await hall.says("cora", "/council end")
    await hall.says("cora", "/council setup chair:@Raj secretary:@Mia")
    assert ((await hall.meeting()).chair_id, (await hall.meeting()).secretary_id) == (cora.id, bea.id)
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        found = await standing.around(tx, hall.meeting_id)
        assert found is not None
        for name in ("Bea", "Mia"):  # either can finish the minutes
            person = next(each for each in await tx.all(select(Person)) if each.name == name)
            assert Part.SECRETARY in await standing.parts_of(tx, person, found)


@pytest.mark.req("S2-10")
async def test_what_is_internal_is_a_number_in_the_room(hall: Hall) -> None:
    await hall.put("Contract with Metering Ltd", internal=True)
    await begun(hall)
    await hall.says("cora", "/council item 7.1")
    assert "7.1 Internal" in hall.room
    assert "Contract" not in hall.room
    assert "7.1 Contract with Metering Ltd" in hall.own("cora")


async def test_after_a_restart_in_the_middle_the_meeting_is_where_it_was(hall: Hall) -> None:
    await begun(hall)
    await hall.are_here("Ann")
    await hall.at(7)
    await hall.house.wakes_at(BEGINS + timedelta(minutes=9))  # the bot was away when the clock had to speak
    assert hall.heard("cora") == ["1 minute left on 1 Actions from last meeting, until 10:10."]
    await hall.press("cora", "Next item")
    assert (await hall.meeting()).section == 6
    assert "Ann" in hall.room


async def test_the_status_of_a_council_that_meets_is_what_its_room_says(hall: Hall) -> None:
    await outsiders(hall)
    await hall.put("Christmas hours", 5, internal=True)
    await begun(hall)
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Mia")
    await hall.says("cora", "/council item 5.1")
    said = await hall.says("ann", "/council")
    assert "Now: 5 Current initiatives, 5.1 Christmas hours" in said
    assert "met: 5 of 8 present, 5 needed" in said
    assert "open" not in said.partition("Reports")[0]
    assert "Now: 5 Current initiatives, 5.1 Internal" in await hall.says("okafor", "/council")
    await hall.says("cora", "/council recess")
    assert "Now: in recess, then 5 Current initiatives, 5.1 Christmas hours goes on" in await hall.says(
        "ann", "/council"
    )
