"""`/today` of a day, and of somebody else: what is due there, and for whose eyes. Source: domain.md S3-34."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from storage.engine import Database
from storage.initiatives import Initiative, Milestone
from storage.people import Person
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.workshop import Workshop

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    """Amy has something overdue, something due today and tomorrow, and a milestone today and on Friday."""
    found = Workshop(await field_dispatch(sqlite, datetime(2026, 11, 23, 9, 40, tzinfo=UTC)))
    for title, due in (("Call Mill Lane", "today"), ("Order seals", "tomorrow"), ("Read the rota", "wed")):
        await found.says("amy", f'/action add "{title}" @Amy due:{due}')
    await found.says("dana", '/initiative add "Text service"')
    async with sqlite.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        amy = await tx.first(select(Person).where(Person.name == "Amy"))
        initiative = await tx.first(select(Initiative))
        assert amy is not None
        assert initiative is not None
        for code, title, day in (("M-12", "Text service live", 24), ("M-13", "Leaflet out", 27)):
            on = date(2026, 11, day)
            tx.add(Milestone(code=code, title=title, initiative_id=initiative.id, owner_id=amy.id, forecast_on=on))
    await found.house.wakes_at(NOON)
    return found


@pytest.mark.req("S3-34")
async def test_a_lead_sees_what_is_overdue_due_today_and_tomorrow_of_their_people(shop: Workshop) -> None:
    said = await shop.says("dana", "/today @Amy")
    assert "3 things due for Amy" in said
    assert "Call Mill Lane  A-1 overdue since Mon 23 Nov" in said
    assert "Order seals  A-2" in said
    assert "Text service live  M-12 milestone" in said
    assert said.index("Tomorrow") < said.index("Read the rota")
    assert "Leaflet out" not in said


@pytest.mark.req("S3-34")
async def test_nobody_else_sees_somebodys_day(shop: Workshop) -> None:
    assert "Only Amy or the lead of their team can do that" in await shop.says("ben", "/today @Amy")
    assert "Only Dana or the lead" in await shop.says("amy", "/today @Dana")


async def test_a_day_to_come_shows_its_milestones_too(shop: Workshop) -> None:
    said = await shop.says("amy", "/today fri")
    assert "1 thing due for you" in said
    assert "Leaflet out  M-13" in said
    assert "Text service live" not in said


async def test_ones_own_answer_stands_in_the_day(shop: Workshop) -> None:
    await shop.until(datetime(2026, 11, 25, 9, 16, tzinfo=UTC))
    await shop.says("amy", "Valve checks at Harbour Road")
    assert "Answered at 09:16: Valve checks at Harbour Road" in await shop.says("amy", "today")
