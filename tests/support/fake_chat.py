"""A platform that does what a test tells it: it keeps posts, and fails at the attempts it was told to."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from bot.chat.cards import Card
from bot.ports import Destination
from tests.support.reading import words_of


@dataclass(slots=True)
class FakePost:
    """A message that stands somewhere."""

    ref: str
    key: str
    to: Destination
    card: Card

    @property
    def words(self) -> str:
        """What stands on it."""
        return words_of(self.card)


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one attempt: before the platform applied it, or after (`applied`)."""

    problem: Exception
    method: str = "post"
    to: str = ""
    applied: bool = False

    def fits(self, method: str, to: Destination) -> bool:
        """Whether this attempt is meant; `to` is a room, an account or a tenant."""
        return method == self.method and self.to in {"", to.conversation, to.account, to.tenant}


Hook = Callable[[Destination, str], Awaitable[None]]


@dataclass(slots=True)
class FakeChat:
    """Keeps every attempt in `attempts` and every message that stands in `posts`."""

    posts: dict[str, FakePost] = field(default_factory=dict)
    attempts: list[tuple[str, str]] = field(default_factory=list)
    """Method and key (of `post` and `find`) or reference."""
    faults: list[Fault] = field(default_factory=list)
    """Each is for one attempt, the first that fits."""
    doubt_s: float = 0
    messages_per_s: float = math.inf
    """How long a post whose reply was lost may still be on its way."""
    while_posting: Hook | None = None
    """Runs in the middle of a post, before it is applied."""
    _number: int = 0

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message."""
        self.attempts.append(("post", key))
        fault = self._fault("post", to)
        if self.while_posting is not None:
            await self.while_posting(to, key)
        if fault is not None and not fault.applied:
            raise fault.problem
        self._number += 1
        ref = f"ref-{self._number}"
        self.posts[ref] = FakePost(ref, key, to, card)
        if fault is not None:
            raise fault.problem
        return ref

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Replaces a message."""
        self.attempts.append(("update", ref))
        fault = self._fault("update", to)
        if fault is not None and not fault.applied:
            raise fault.problem
        self.posts[ref].card = card
        if fault is not None:
            raise fault.problem

    async def delete(self, to: Destination, ref: str) -> None:
        """Takes a message away."""
        self.attempts.append(("delete", ref))
        self._raise("delete", to)
        self.posts.pop(ref, None)

    async def find(self, to: Destination, key: str) -> str | None:
        """Looks for a message."""
        self.attempts.append(("find", key))
        self._raise("find", to)
        return next((post.ref for post in self.posts.values() if post.key == key), None)

    def copy(self) -> "FakeChat":
        """Another one that stands as this one does."""
        posts = {ref: replace(post) for ref, post in self.posts.items()}
        return replace(self, posts=posts, attempts=[*self.attempts], faults=[*self.faults])

    @property
    def words(self) -> list[str]:
        """What stands there, oldest first."""
        return [post.words for post in self.posts.values()]

    def tries(self, method: str, of: str = "") -> int:
        """How many attempts of a method there were, at one key or reference."""
        return sum(1 for name, key in self.attempts if name == method and of in {"", key})

    def _raise(self, method: str, to: Destination) -> None:
        fault = self._fault(method, to)
        if fault is not None:
            raise fault.problem

    def _fault(self, method: str, to: Destination) -> Fault | None:
        for number, fault in enumerate(self.faults):
            if fault.fits(method, to):
                return self.faults.pop(number)
        return None
