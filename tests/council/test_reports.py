"""Department reports: pre-filled, drafted, sent, late, by whom, and what is not taken any more."""

from decimal import Decimal

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from storage.agenda import DepartmentReport
from storage.measures import Measure, Reading
from storage.people import Department
from tests.council.table import CALLED, CLOSED, Table, at
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of, words_of

State = DepartmentReport.State


async def test_the_form_is_filled_with_the_departments_figures_and_open_actions(table: Table) -> None:
    shop = table.shop
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        field = await tx.first(select(Department).where(Department.name == "Field"))
        measure = await tx.first(select(Measure).where(Measure.code == "FTF"))
        assert field is not None
        assert measure is not None
        measure.department_id = field.id
    await shop.says("raj", '/action add "Re-plan two visits" @Raj due:fri')
    await shop.until(CALLED)
    form = await shop.opens("raj", "Open report")
    assert "First-time fix 78" in form.note
    assert "Re-plan two visits A-1, due Fri 27 Nov" in form.note
    assert "Please send it by Mon 30 Nov, 12:00" in form.note
    await shop.fills("raj", form, {"changed": "Two visits re-planned", "send": "send"})
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        tx.add(Reading(measure_id=measure.id, period_on=at(25, 0).date(), value=Decimal(99)))
    (kept,) = (await table.report("Field")).measures
    assert (kept["name"], kept["value"][:2]) == ("First-time fix", "78")


@pytest.mark.req("S2-17")
async def test_a_draft_stays_open_until_it_is_sent(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    form = await shop.opens("bea", "Open report")
    answer = await shop.fills("bea", form, {"changed": "Half a thought", "send": "draft"})
    assert isinstance(answer.content, Card)
    assert "Kept as a draft" in words_of(answer.content)
    assert (await table.report("Billing")).state is State.DRAFT
    again = await shop.opens("bea", "Change it", answer.content)
    assert {each.id: each.value for each in again.inputs}["changed"] == "Half a thought"
    await shop.fills("bea", again, {"changed": "A whole one", "send": "send"})
    report = await table.report("Billing")
    assert (report.state, report.changed) == (State.RECEIVED, "A whole one")


async def test_an_empty_report_comes_back_and_help_needs_words(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    form = await shop.opens("bea", "Open report")
    assert set((await shop.comes_back("bea", form, {})).errors) == {"changed"}
    field = await shop.row(Department, name="Field")
    again = await shop.comes_back("bea", form, {"changed": "All well", "from": str(field.id)})
    assert set(again.errors) == {"help"}
    await shop.fills("bea", again, {"help": "Meter numbers on job sheets"})
    report = await table.report("Billing")
    assert (report.help_wanted, report.help_from_id) == ("Meter numbers on job sheets", field.id)


@pytest.mark.req("S2-20")
async def test_what_comes_after_noon_is_late_and_taken(table: Table) -> None:
    shop = table.shop
    await shop.until(CLOSED)
    assert (await table.report("Billing")).state is State.MISSING
    assert "after the closing time, and is named as late" in await shop.says("bea", '/agenda report "Late, sorry"')
    assert (await table.report("Billing")).state is State.LATE


async def test_once_the_agenda_is_out_a_report_can_be_changed_and_what_is_missing_may_still_come(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    await shop.says("bea", '/agenda report "As planned"')
    await shop.until(at(30, 16, 1))
    form = await shop.opens("bea", "Open report")
    assert "send" not in {each.id for each in form.inputs}
    await shop.fills("bea", form, {"changed": "Something else"})
    report = await table.report("Billing")
    assert (report.state, report.changed) == (State.RECEIVED, "Something else")
    late = await shop.says("mia", '/agenda report "After all"')
    assert "named as late. You can change it until the meeting begins." in late
    assert "The agenda is out with it" in late, "what comes once it is out comes out with it"


async def test_only_the_departments_own_its_seat_or_the_secretary_write_it(table: Table) -> None:
    shop = table.shop
    assert "Only people of Billing" in await shop.says("ann", '/agenda report dept:Billing "Not mine"')
    assert "Billing came in" in await shop.says("sev", '/agenda report dept:Billing "By phone"')
    assert "Metering Ltd came in" in await shop.says("sam", '/agenda report "Seals are back"')
    assert "For which department?" in await shop.says("cora", "/agenda report")
    assert "I can't find a department" in await shop.says("ann", "/agenda report dept:Bilings")


async def test_a_report_is_changed_in_place_and_each_version_is_kept(table: Table) -> None:
    shop = table.shop
    await shop.says("bea", '/agenda report "First"')
    await shop.says("bea", '/agenda report "Second"')
    report = await table.report("Billing")
    assert report.changed == "Second"
    assert report.version > 1


async def test_a_call_shows_that_the_report_is_in(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    await shop.says("bea", '/agenda report "As planned"')
    assert table.told("bea", "Billing: your report is received.")
    assert "Open report" in labels_of(shop.newest("bea", "Yes"))
