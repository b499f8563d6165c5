"""A platform that knows what ever arrived on it, and how it looks to one process that may be killed at any call."""

import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.chat.cards import Card
from bot.ports import SEND_UNTIL, Destination, NotSent
from schedules.delivery import SEND_TIMEOUT_S
from tests.support.fake_chat import FakeChat, FakePost
from tests.support.turns import Life


@dataclass(slots=True)
class RealTime:
    """Real time as workers see it: the machine's, and what passed because a test says so."""

    passed_s: float = 0.0

    def monotonic(self) -> float:
        """As `time.monotonic`."""
        return time.monotonic() + self.passed_s


@dataclass(slots=True)
class Platform(FakeChat):
    """A platform on which several tenants use the same keys. It may be blind, and then not find what is there."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a post was tried, by tenant and key."""
    arrived: list[FakePost] = field(default_factory=list)
    """Every post that ever stood there."""
    misled: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often somebody looked and did not get to see what is there, by tenant and key."""
    blind_looks: int = 0
    troubles: dict[tuple[str, str], Callable[[], Exception]] = field(default_factory=dict)
    """What goes wrong with every post and replacement of a tenant and key."""

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message."""
        self.tried[to.tenant, key] += 1
        self._trouble(to.tenant, key)
        before = set(self.posts)
        try:
            return await FakeChat.post(self, to, card, key=key)
        finally:
            self.arrived += [self.posts[ref] for ref in set(self.posts) - before]

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Replaces a message."""
        self._trouble(to.tenant, self.posts[ref].key)
        await FakeChat.update(self, to, ref, card)

    def _trouble(self, tenant: str, key: str) -> None:
        if (tenant, key) in self.troubles:
            problem = self.troubles[tenant, key]()
            raise problem

    async def find(self, to: Destination, key: str) -> str | None:
        """Looks for a tenant's message."""
        try:
            self._raise("find", to)
        except Exception:
            self.misled[to.tenant, key] += 1
            raise
        there = self.standing(to.tenant, key)
        if there and self.blind_looks:
            self.blind_looks -= 1
            self.misled[to.tenant, key] += 1
            return None
        return there[-1].ref if there else None

    def standing(self, tenant: str, key: str) -> list[FakePost]:
        """What stands there under a key."""
        return [post for post in self.posts.values() if (post.to.tenant, post.key) == (tenant, key)]


Watch = Callable[[Destination, str], Awaitable[None]]


@dataclass(slots=True)
class LivedChat:
    """The platform as one process sees it. What takes too long in passed time ends as the delivery would end it."""

    platform: Platform
    life: Life
    real_time: RealTime
    watch: Watch
    """Sees every post as it begins and, where no time has passed, as it ends."""
    doubt_s: float = 0.0
    messages_per_s: float = math.inf

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message."""
        began_s = self.real_time.passed_s
        await self.watch(to, key)
        await self._step(began_s)
        self._looks_last()
        ref = await self.platform.post(to, card, key=key)
        await self._step(began_s)
        if self.real_time.passed_s == began_s:
            await self.watch(to, key)
        return ref

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Replaces a message."""
        began_s = self.real_time.passed_s
        await self._step(began_s)
        self._looks_last()
        await self.platform.update(to, ref, card)
        await self._step(began_s)

    async def delete(self, to: Destination, ref: str) -> None:
        """Takes a message away."""
        began_s = self.real_time.passed_s
        await self._step(began_s)
        self._looks_last()
        await self.platform.delete(to, ref)
        await self._step(began_s)

    async def find(self, to: Destination, key: str) -> str | None:
        """Looks for a message."""
        await self.life.step()
        return await self.platform.find(to, key)

    def _looks_last(self) -> None:
        """As every adapter does right before the bytes of a write go out."""
        if self.real_time.monotonic() > SEND_UNTIL.get():
            raise NotSent("the lease is over, so another worker may be sending it")

    async def _step(self, began_s: float) -> None:
        await self.life.step()
        if self.real_time.passed_s - began_s > SEND_TIMEOUT_S:
            raise TimeoutError
