"""Seats: added, filled, left, ended; who can decide; deputies; coverage; and who leaves the organisation."""

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from storage.councils import Council, Seat
from storage.meetings import Attendance, CouncilMeeting
from storage.people import Person
from tests.council.table import CALLED, SET_UP, Table, at, outsiders
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import words_of
from tests.support.workshop import Workshop


@pytest.fixture
async def empty(shop: Workshop) -> Workshop:
    """A council that has only its customer's seat, vacant."""
    await outsiders(shop)
    await shop.says("ivo", SET_UP, room="all-staff")
    return shop


@pytest.mark.req("S2-10", "S2-11")
async def test_heads_can_decide_others_when_it_is_said_and_suppliers_vote_as_such(empty: Workshop) -> None:
    assert "Field: Raj (votes, can decide)" in await empty.says("sev", "/council add @Raj")
    assert "can't decide" in await empty.says("sev", "/council add @Dana dept:Digital")
    assert "Digital: Dana (votes, can decide)" in await empty.says("sev", "/council add @Dana dept:Digital can-decide")
    assert "supplier, votes" in await empty.says("sev", "/council add @Sam can-decide")
    seats = await Table(empty).seats()
    assert [each.kind for each in seats if each.person_id] == [
        Seat.Kind.VOTING, Seat.Kind.VOTING, Seat.Kind.SUPPLIER_VOTING,
    ]  # fmt: skip


@pytest.mark.req("S2-31")
async def test_the_customers_seat_is_there_from_the_start_vacant_and_is_filled(empty: Workshop) -> None:
    assert "Customer  vacant" in await empty.says("sev", "/council members")
    await empty.says("sev", '/council add @"Mrs Okafor" kind:customer')
    said = await empty.says("sev", "/council members")
    assert "Customer  Mrs Okafor" in said
    assert len(await Table(empty).seats()) == 1


async def test_a_seat_that_somebody_has_is_not_given_twice(empty: Workshop) -> None:
    await empty.says("sev", "/council add @Raj")
    assert "The seat of Field is Raj's" in await empty.says("sev", "/council add @Dana dept:Field")
    await empty.says("sev", "/council remove @Raj other duties")
    said = await empty.says("sev", "/council members")
    assert "Field  vacant" in said
    assert "other duties" in said
    await empty.says("sev", "/council add @Dana dept:Field can-decide")
    assert "Field  Dana" in await empty.says("sev", "/council members")
    assert len(await Table(empty).seats()) == 2


async def test_a_seat_that_ends_is_seen_no_more(empty: Workshop) -> None:
    await empty.says("sev", "/council add @Raj")
    assert "the seat is no more" in await empty.says("sev", "/council remove @Raj end")
    assert "Raj" not in await empty.says("sev", "/council members")
    assert "has no seat there" in await empty.says("sev", "/council remove @Raj")


async def test_what_is_missing_in_a_line_is_said(empty: Workshop) -> None:
    assert "Who gets the seat" in await empty.says("sev", "/council add")
    assert "I don't know the kind" in await empty.says("sev", "/council add @Raj kind:guest")
    assert "can't find a department" in await empty.says("sev", "/council add @Raj dept:Sales")
    assert "One person at a time" in await empty.says("sev", "/council add @Raj @Bea")


@pytest.mark.req("S2-09")
async def test_coverage_lists_the_journey_and_who_is_missing_from_it(table: Table) -> None:
    shop = table.shop
    await shop.says("sev", "/council remove dept:Billing end")
    await shop.says("sev", "/council remove @Dov")
    said = await shop.says("ann", "/council coverage")
    assert "Call centre" in said
    assert "Ann (votes)" in said
    assert "Without a seat: Billing." in said
    assert "seat vacant" in said
    assert "6 of 8 departments on the journey" in said
    assert "Customer's seat: Mrs Okafor." in said


@pytest.mark.req("S2-11")
async def test_a_deputy_as_a_rule_is_set_by_the_seat_or_who_runs_the_council(table: Table) -> None:
    shop = table.shop
    assert "Ida sits in for Ivo" in await shop.says("ivo", "/council deputy @Ida can-decide")
    assert "Only" in await shop.says("ann", "/council deputy @Ida for:@Raj")
    assert "somebody else than who holds the seat" in await shop.says("sev", "/council deputy @Raj for:@Raj")
    assert "deputy Ida" in await shop.says("ann", "/council members")
    assert "no deputy any more" in await shop.says("ivo", "/council deputy off")


async def test_who_leaves_the_organisation_leaves_a_vacant_seat(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    await shop.press("sam", "Yes")
    await shop.says("ivo", "/people remove @Sam")
    assert "Metering Ltd  vacant" in await shop.says("ann", "/council members")
    assert "7 of 8 voting seats filled" in await shop.says("ann", "/council members")
    meeting = await table.meeting()
    async with shop.house.database.read(NORTHWATER) as tx:
        rows = await tx.all(select(Attendance).where(Attendance.meeting_id == meeting.id))
    assert [each.rsvp.value for each in rows if each.person_id is None] == ["none"]


async def test_who_was_set_inactive_elsewhere_is_not_called_and_the_seat_is_vacant(table: Table) -> None:
    shop = table.shop
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        person = await tx.need(Person, (await shop.person("Bea")).id)
        person.active = False
    await shop.until(CALLED)
    assert not table.told("bea", "What should we talk about?")
    assert "Billing  vacant" in await shop.says("ann", "/council members")


async def test_who_comes_later_is_expected_at_a_meeting_that_was_called(table: Table) -> None:
    shop = table.shop
    await shop.says("sev", "/council remove @Fin")
    await shop.until(CALLED)
    await shop.says("sev", "/council add @Fin")
    assert "I now expect 1" in await shop.says("fin", "/council attend yes")


# --- a secretary who is removed


async def test_a_secretary_removed_in_the_middle_of_a_meeting_loses_nothing_and_who_runs_it_hears(
    table: Table,
) -> None:
    shop = table.shop
    await shop.says("cora", '/council special today at:13:00 reason:"the flood"')
    await shop.until(at(23, 12, 55))
    await shop.says("sev", "/council start")
    said = await shop.says("cora", "/council remove @Sev")
    assert "Sev no longer runs CX Council" in said
    assert table.told("cora", "Nobody keeps the record of CX Council now")
    assert (await shop.row(Council)).secretary_id is None
    assert "Only" in await shop.says("sev", "/council add @Dana dept:Field")
    assert (await shop.row(CouncilMeeting, state="in_session")).secretary_id is None
    await shop.says("cora", "/council setup secretary:@Ann")
    assert table.told("cora", "Ann keeps the record of CX Council from now on. What was recorded stays.")
    assert table.told("ann", "Ann keeps the record")


async def test_a_seat_lost_in_the_middle_of_a_meeting_counts_no_more(table: Table) -> None:
    shop = table.shop
    await shop.says("cora", '/council special today at:13:00 reason:"the flood"')
    await shop.until(at(23, 12, 55))
    await shop.says("cora", "/council start")
    answer = await shop.ask("cora", "/council members")
    assert isinstance(answer.content, Card)
    assert "8 of 8" in words_of(answer.content)
    await shop.says("cora", "/council remove @Fin")
    assert "7 of 8 voting seats filled" in await shop.says("cora", "/council members")


async def test_an_undo_gives_the_seat_back_with_what_was_said_for_it(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    await shop.press("raj", "Yes")
    answer = await shop.ask("sev", "/council remove @Raj")
    assert isinstance(answer.content, Card)
    assert "Field  vacant" in await shop.says("sev", "/council members")
    assert "I now expect 1" in await shop.says("ann", "/council attend yes")
    await shop.presses("sev", "Undo", answer.content)
    assert "Field  Raj" in await shop.says("sev", "/council members")
    assert "I now expect 2" in await shop.says("ann", "/council attend yes")


async def test_a_seat_that_is_held_is_not_changed_behind_its_holder(table: Table) -> None:
    before = [(each.id, each.kind, each.department_id, each.person_id) for each in await table.seats()]
    said = await table.shop.says("sev", "/council add dept:Digital kind:advisory")
    assert "The seat of Digital is Dov's already." in said
    assert "Sam has a seat already, of Metering Ltd." in await table.shop.says("sev", "/council add @Sam dept:IT")
    customers = await table.shop.says("sev", '/council add @"Mrs Okafor" dept:Finance kind:voting')
    assert "Mrs Okafor has a seat already, of Customer." in customers
    assert '/council remove @"Mrs Okafor"' in customers
    assert [(each.id, each.kind, each.department_id, each.person_id) for each in await table.seats()] == before
    assert "Digital: Dov (speaks, no vote)" in await table.shop.says("sev", "/council add @Dov kind:advisory")
