"""Two people chair together, one in Slack and one in Teams, and publish in the same moment."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from bot.demo import northwater
from storage.agenda import AgendaEdition
from storage.councils import Council, Seat
from storage.people import Person
from tests.scenarios.council_stage import ORGANISATION, ROOM, CouncilStage, spread
from tests.scenarios.two_stages import MeetingPoint

ON_POSTGRES = (pytest.mark.postgres, pytest.mark.slow)
CLOSED = datetime(2026, 11, 30, 12, 1, tzinfo=UTC)
IN_SLACK, IN_TEAMS = "cora", "dee"


async def _together(stage: CouncilStage) -> None:
    """Dee, who is on Teams, speaks for the customer and chairs together with Cora, who is on Slack."""
    async with stage.house.database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=stage.house.clock.now())
        council = await tx.first(select(Council).where(Council.name == "CX Council"))
        dee = await tx.first(select(Person).where(Person.name == "Dee"))
        seat = await tx.first(select(Seat).where(Seat.kind == Seat.Kind.CUSTOMER))
        assert council is not None
        assert dee is not None
        assert seat is not None
        council.customer, seat.person_id = Council.Customer.CO_CHAIR, dee.id


async def _both_publish(stage: CouncilStage) -> dict[str, str]:
    """What each of them reads."""

    async def publish(user: str) -> tuple[str, str]:
        return user, (await stage.door(user).hears(user, "/agenda publish")).words

    return dict(await asyncio.gather(publish(IN_SLACK), publish(IN_TEAMS)))


@pytest.mark.req("S2-27", "S2-31")
@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgres", marks=ON_POSTGRES)], indirect=["database_url"]
)
async def test_chair_and_co_chair_publish_at_once_from_two_platforms(database_url: str, tmp_path: Path) -> None:
    assert "Dee" in {each.name for each in northwater.PEOPLE}
    async with spread(database_url, tmp_path / "mail") as stage:
        await stage.until(CLOSED)
        await _together(stage)
        door = stage.house.dispatcher
        assert isinstance(door, MeetingPoint)
        door.expected = asyncio.Barrier(2)
        said = await _both_publish(stage)
        door.expected = None
        (edition,) = await stage.rows(AgendaEdition)
        (publisher,) = await stage.rows(Person, id=edition.published_by)
        first = publisher.name.casefold()
        (second,) = {IN_SLACK, IN_TEAMS} - {first}
        assert "Version 1 is published: in" in said[first]
        assert f"{publisher.name} published version 1 a moment ago." in said[second]
        for user in (IN_SLACK, "sev"):
            papers = [each for each in await stage.reads(user, ROOM) if "Version 1, published by" in each]
            assert len(papers) == 1, "one agenda in each room"
