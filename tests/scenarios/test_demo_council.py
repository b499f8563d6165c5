"""The demo's council: its agenda stands in its room, its guests read their own, and nobody is left out."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from storage.messages import Message
from storage.people import unreached
from storage.tx import SYSTEM
from tests.scenarios.stage import open_stage

CALLED = datetime(2026, 11, 26, 10, 1, tzinfo=UTC)
OUT = datetime(2026, 11, 30, 16, 1, tzinfo=UTC)
UNSENT = (Message.State.DEAD, Message.State.PARKED, Message.State.UNKNOWN)


@pytest.mark.req("S2-10")
async def test_the_agenda_comes_out_in_the_council_s_room_and_to_its_guests(northwater_url: str) -> None:
    async with open_stage(northwater_url) as stage:
        await stage.house.heartbeat.advance_to(CALLED)
        await stage.house.delivery.drain()
        for guest in ("sam", "okafor"):
            assert any("What should we talk about?" in each.words for each in await stage.posts(guest))
        await stage.house.heartbeat.advance_to(OUT)
        await stage.house.delivery.drain()
        for who, room in (("cora", "cx-council"), ("sam", "dm"), ("okafor", "dm")):
            assert any("Any other business" in each.words for each in await stage.posts(who, room)), who
        async with stage.house.database.read(SYSTEM) as tx:
            assert await unreached(tx) == []
            assert [each.error for each in await tx.all(select(Message)) if each.state in UNSENT] == []
