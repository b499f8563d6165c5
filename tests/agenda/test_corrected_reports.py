"""A department changes its report once the agenda is out: a new version with a line of what changed, the chair told."""

from datetime import timedelta

import pytest

from bot.agenda.documents import agenda_in
from storage.agenda import DepartmentReport
from storage.meetings import CouncilMeeting
from tests.agenda.house import CLOSED_AT, OUT_AGAIN_AT, OUT_AT, House

UPDATED = "Agenda updated: 3.1 Field report corrected"


async def is_out(house: House) -> None:
    """Field has reported, Billing has proposed something, and version 1 came out by schedule."""
    await house.says("raj", '/agenda report "Two visits re-planned"')
    await house.now_is(OUT_AT)
    assert "3.1 Field  Two visits re-planned" not in house.paper
    assert len(await house.versions()) == 1


@pytest.mark.req("S2-17", "S2-20")
async def test_a_report_that_is_corrected_once_the_agenda_is_out_makes_a_new_version(house_on_both: House) -> None:
    house = house_on_both
    await is_out(house)
    said = await house.says("raj", '/agenda report "Three visits re-planned"')
    assert "You can change it until the meeting begins. The agenda is out with it" in said
    _, second = await house.versions()
    assert (second.changes, second.published_by) == (["3.1 Field report corrected"], (await house.person("Raj")).id)
    assert "Three visits re-planned" in await house.opened("ann", 3)
    assert "Version 2, published by Raj." in house.paper
    assert any(UPDATED in post.words for post in house.in_room("agenda.updated"))
    assert any(UPDATED in post.words for post in house.posts("cora"))
    assert not any(UPDATED in post.words for post in house.posts("ann"))


async def test_what_is_not_changed_on_the_agenda_makes_no_version(house: House) -> None:
    await is_out(house)
    await house.says("raj", '/agenda report "Two visits re-planned"')
    assert len(await house.versions()) == 1


async def test_a_correction_brings_out_nothing_else_of_what_is_prepared(house: House) -> None:
    await is_out(house)
    await house.says("cora", '/agenda add "Winter hours" item:7')
    await house.says("raj", '/agenda report "Three visits re-planned"')
    first, second = await house.versions()
    titles = [[each.title for each in agenda_in(one.content).items] for one in (first, second)]
    assert titles[0] == titles[1]
    assert "Winter hours" not in str(second.content)
    assert "Version 3 is published" in await house.says("cora", "/agenda publish")
    assert (await house.versions())[2].changes[0] == "7.1 Winter hours added"


@pytest.mark.req("S2-20")
async def test_a_first_report_once_the_agenda_is_out_by_schedule_is_on_it_at_once(house_on_both: House) -> None:
    house = house_on_both
    await house.reports("Field", missing=["Billing", "Finance"], changed="Two visits re-planned")
    await house.now_is(OUT_AGAIN_AT)
    await house.says("cora", '/agenda add "Winter hours" item:7')
    said = await house.says("bea", '/agenda report "Refunds take a day"')
    assert "named as late. You can change it until the meeting begins. The agenda is out with it" in said
    versions = await house.versions()
    assert versions[-1].changes == ["3.2 Billing report received"]
    reports = agenda_in(versions[-1].content).section(3)
    assert [each.title for each in reports.items] == ["Field", "Billing"]
    assert (reports.counts, reports.missing) == ({"received": 2, "asked": 3}, ("Finance",))
    assert "Winter hours" not in str(versions[-1].content)
    assert any("Agenda updated: 3.2 Billing report received" in post.words for post in house.posts("cora"))
    opened = await house.opened("ann", 3)
    assert "Refunds take a day" in opened
    assert "proposed" not in opened
    await house.says("bea", '/agenda report "Refunds take two days"')
    assert (await house.versions())[-1].changes == ["3.2 Billing report corrected"]


async def test_before_the_planned_agenda_a_first_report_waits_for_it(house: House) -> None:
    await house.says("cora", "/agenda publish")
    await house.now_is(CLOSED_AT)
    assert "The agenda is out with it" not in await house.says("bea", '/agenda report "Refunds take a day"')
    assert len(await house.versions()) == 1
    await house.now_is(OUT_AT)
    assert "3.1 Billing report received" in (await house.versions())[-1].changes


@pytest.mark.req("S2-21")
async def test_a_correction_changes_what_its_own_department_offers_and_nobody_elses(house: House) -> None:
    await house.reports("Billing", "Field", changed="Two visits re-planned", offer="Read the fault back")
    await house.now_is(OUT_AT)
    await house.ask("dov", '/story practice "Typed after the agenda was out" dept:Digital')
    before = agenda_in((await house.versions())[-1].content).section(4)
    await house.fills("raj", await house.form("raj", "/agenda report"), {"offer": "Read the fault back twice"})
    after = agenda_in((await house.versions())[-1].content).section(4)
    offers = {each.detail: each.text for each in after.lines}
    assert offers == {
        **{each.detail: each.text for each in before.lines},
        "Field, others could reuse it": "Read the fault back twice",
    }
    assert (len(offers), after.counts) == (2, {"practices": 2})


async def test_after_an_early_agenda_and_a_correction_the_schedule_still_publishes_what_came_in_time(
    house: House,
) -> None:
    await house.says("raj", '/agenda report "Two visits re-planned"')
    await house.says("cora", "/agenda publish")
    await house.says("ann", '/agenda add "Winter hours" item:7')
    await house.now_is(CLOSED_AT)
    await house.says("raj", '/agenda report "Three visits re-planned"')
    await house.now_is(OUT_AT)
    _, second, third = await house.versions()
    assert second.changes == ["3.1 Field report corrected"]
    assert "7.1 Winter hours added" in third.changes
    assert third.published_by is None


async def test_the_chairs_own_correction_needs_no_message_to_the_chair(house: House) -> None:
    await is_out(house)
    meeting = await house.row(CouncilMeeting, id=house.meeting_id)
    async with house.house.database.write(meeting.organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        (await tx.need(CouncilMeeting, meeting.id)).chair_id = (await house.person("Raj")).id
    await house.says("raj", '/agenda report "Three visits re-planned"')
    assert not any(UPDATED in post.words for post in house.posts("raj"))


async def test_once_the_meeting_has_begun_a_report_stays_as_it_is(house: House) -> None:
    await is_out(house)
    await house.now_is(OUT_AGAIN_AT + timedelta(hours=18))
    await house.says("cora", "/council start")
    assert "has begun or is over" in await house.says("raj", '/agenda report "Too late"')
    assert (await house.row(DepartmentReport, changed="Two visits re-planned")).changed
    assert len(await house.versions()) == 1
