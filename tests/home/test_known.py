"""What is good to know of one's day: how others stand for those who lead, and what somebody of two teams reads."""

from datetime import date, time

import pytest
from sqlmodel import select

from storage.blockers import Blocker
from storage.engine import Database
from storage.huddles import Huddle
from storage.messages import Message
from storage.people import Absence, Role
from tests.home.days import TUESDAY, at, at_twenty_past, coming, row_of, the_days
from tests.operation.control_room import a_control_room
from tests.support.company import acting
from tests.support.reading import words_of

MONDAY = date(2026, 11, 23)


# --- for those who look after it


@pytest.mark.req("INV-22")
async def test_a_lead_reads_how_many_answered_and_never_who_did_not(database: Database) -> None:
    days = await at_twenty_past(database)
    await days.answers("amy")
    words = words_of(await days.today("dana"))
    assert "Field Dispatch: 1 of 5 answered so far" in words
    await days.until(at(9, 31))
    after = words_of(await days.today("dana"))
    assert "Field Dispatch: 1 of 5 answered\n" in after
    assert not any(name in words + after for name in ("Amy", "Ben", "Cem", "Dee", "Eli"))


async def test_who_leads_nothing_reads_no_counts(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.fails_to_send({"Amy": Message.State.DEAD})
    words = words_of(await days.today("ben"))
    assert "answered so far" not in words
    assert "could not be sent" not in words


async def test_an_administrator_who_leads_the_only_huddle_reads_its_count_once(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    async with days.changing() as tx:
        tx.add(Role(person_id=(await days.person(tx, "Dana")).id, kind=Role.Kind.ADMIN))
    assert words_of(await days.today("dana")).count("answered so far") == 1


async def test_an_administrator_reads_what_could_not_be_sent_until_it_is_settled(sqlite: Database) -> None:
    days = await at_twenty_past(sqlite)
    await days.fails_to_send({"Amy": Message.State.DEAD, "Ben": Message.State.PARKED})
    words = words_of(await days.today("ivo"))
    assert "1 huddle open now: 0 of 5 answered so far" in words
    assert "2 messages could not be sent." in words
    await days.fails_to_send({"Amy": Message.State.CANCELLED, "Ben": Message.State.SHOWN})
    assert "could not be sent" not in words_of(await days.today("ivo"))


async def test_an_administrator_reads_nothing_of_another_organisation(database: Database) -> None:
    south = await a_control_room(database, "Southgas")
    await south.a_dead_message()
    days = await the_days(database, at(9, 14), organisation=2)
    await days.until(at(9, 20))
    async with acting(database, south.office.company) as tx:
        people = south.office.company.people
        tx.add(Absence(person_id=people["ada"].id, from_on=MONDAY))
        tx.add(Blocker(code="B-2", text="Not yours", raised_by=people["ada"].id, raised_on=TUESDAY, team_id=1))
    words = words_of(await days.today("ivo"))
    assert "1 huddle open now: 0 of 5 answered so far" in words
    assert "could not be sent" not in words


# --- two teams


async def test_somebody_of_two_teams_sees_both_huddles_and_both_numbers(database: Database) -> None:
    days = await the_days(database, at(9, 14))
    night = await days.a_huddle(await days.a_team("Night shift", members=("Ben",), lead="Raj"), time(18))
    await days.opens_with(night, "Calls with a repeat", 12)
    await days.until(at(9, 20))
    card = await days.today("ben")
    assert row_of(card, "Huddle · Night shift").detail == "Today at 18:00"
    assert "12 Calls with a repeat yesterday" in words_of(card)
    assert [line.split(" · ")[0] for line in coming(card)] == [
        "Wed 25 Nov, 09:15",
        "Wed 25 Nov, 18:00",
        "Thu 26 Nov, 09:15",
    ]


async def test_two_huddles_that_share_a_number_show_it_once(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 14))
    night = await days.a_huddle(await days.a_team("Night shift", members=("Ben",), lead="Raj"), time(18))
    async with days.changing() as tx:
        first = await tx.first(select(Huddle).where(Huddle.name == "Field Dispatch"))
        assert first is not None
        (await tx.need(Huddle, night.id)).measure_id = first.measure_id
    assert words_of(await days.today("ben")).count("First-time fix") == 1
