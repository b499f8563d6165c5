"""Northwater's people on another platform than the local chat, and what every such platform shows of a message."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from bot.house import House
from storage.engine import Database
from storage.organisations import Install
from storage.people import Account, Person
from storage.places import Place
from storage.teams import Team

OPENS_THE_FORM = ("Answer", "Change my answer", "Add a late answer")
ORGANISATION = 1


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A message as somebody sees it."""

    id: str
    user: str | None
    words: str
    labels: Sequence[str]
    has_primary: bool


async def settled(house: House) -> None:
    """Everything that follows has happened: what goes on after an answer, and what is to be sent."""
    while at_work := [each for each in asyncio.all_tasks() if "Work._watched" in repr(each.get_coro())]:
        await asyncio.wait(at_work)
    await house.delivery.drain()


async def moved_to(
    database: Database, platform: str, now: datetime, *, account: Callable[[str], str], channel: str
) -> None:
    """Everybody of the local chat has an account there and prefers it; the team's room is a channel there."""
    async with database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=now)
        install = await tx.first(select(Install).where(Install.platform == platform))
        assert install is not None
        local = await tx.first(select(Install).where(Install.platform == "local"))
        assert local is not None
        accounts: Mapping[str, Person] = {
            each.external_id: await tx.need(Person, each.person_id)
            for each in await tx.all(select(Account).where(Account.install_id == local.id))
        }
        for name, person in accounts.items():
            tx.add(Account(person_id=person.id, install_id=install.id, external_id=account(name)))
            person.prefers = platform
        place = Place(install_id=install.id, external_id=channel, name="#field-dispatch")
        tx.add(place)
        await tx.flush()
        team = await tx.first(select(Team).where(Team.name == "Field Dispatch"))
        assert team is not None
        team.place_id = place.id
