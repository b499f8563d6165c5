"""Many more people in the demo's team, and many who answer at once over HTTP."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlmodel import select

from adapters.local import rooms
from bot.demo import northwater
from storage.engine import Database
from storage.organisations import Install
from storage.people import Account, Person
from storage.teams import Membership, Team
from storage.tx import SYSTEM
from tests.faults.processes import answer_fields

NORTHWATER = 1


async def join_the_team(database: Database, names: Sequence[str]) -> None:
    """People who are asked from now on, each with an account of their own."""
    async with database.write(SYSTEM) as tx:
        for name in names:
            await rooms.add_user(tx, name, name=name.title(), zone=northwater.ZONE)
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=datetime.now(UTC))
        team, install = await tx.first(select(Team)), await tx.first(select(Install))
        assert team is not None
        assert install is not None
        for name in names:
            person = Person(name=name.title(), zone=northwater.ZONE)
            tx.add(person)
            await tx.flush()
            tx.add(Account(person_id=person.id, install_id=install.id, external_id=name))
            tx.add(Membership(team_id=team.id, person_id=person.id, from_on=northwater.JOINED))


@dataclass(slots=True)
class Crowd:
    """People who answer again and again, and what they were told."""

    url: str
    taken: dict[str, list[str]] = field(default_factory=dict)
    """What each of them was told is kept, oldest first."""
    refused: list[str] = field(default_factory=list)
    """What they were told when it was not."""
    _http: ClientSession | None = None

    async def answers(self, run: int, user: str, *, times: int = 1000) -> None:
        """Somebody answers until nobody is there any more. What is refused is sent again under its event's id."""
        told = self.taken.setdefault(user, [])
        async with ClientSession(self.url, timeout=ClientTimeout(total=30)) as http:
            while len(told) < times:
                number = len(told)
                said = await _sent(http, user, run, number)
                if said is None:
                    return
                if said:
                    self.refused.append(said)
                    await asyncio.sleep(0.05)
                else:
                    told.append(f"{user} {number}")

    @property
    def number(self) -> int:
        """How many answers were taken so far."""
        return sum(map(len, self.taken.values()))

    async def reaches(self, number: int, within_s: float = 30) -> None:
        """Waits until so many answers were taken."""
        async with asyncio.timeout(within_s):
            while self.number < number:  # noqa: ASYNC110 - the counts are all there is
                await asyncio.sleep(0.01)


async def _sent(http: ClientSession, user: str, run: int, number: int) -> str | None:
    """Empty when it was taken, what the person reads when it was not, None when nobody answers."""
    fields = answer_fields(user, run, {"focus": f"{user} {number}"}) | {"event": f"{user}-{number}"}
    try:
        async with http.post("/local/submit", data=fields, headers={"Accept": "application/json"}) as reply:
            body: dict[str, Any] = await reply.json()
    except (ClientError, TimeoutError, ConnectionError):
        return None
    if reply.status != 200:
        return str(body["error"])
    return "" if body["answer"] is None else json.dumps(body["answer"])


async def move_to_next(url: str) -> None:
    """The clock moves to what comes next; nobody waits for it longer than the bot lives."""
    try:
        async with ClientSession(url) as http, http.post("/local/time", data={
            "as": "amy", "room": "dm", "move": "next"
        }, headers={"Accept": "application/json"}):  # fmt: skip
            pass
    except ClientError:
        pass
