"""A platform as people have it before them; the laws know nothing else of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.house import House

MEMBERS = ("ada", "ben")
STRANGER = "gus"
ROOMS: Mapping[str, tuple[str, ...]] = {"field": ("ada", "ben"), "yard": ("ada", "ben")}
"""The rooms and who is in them; '' is one's direct messages with the bot."""


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A message on somebody's screen."""

    ref: object
    words: str
    labels: tuple[str, ...]
    is_from_bot: bool
    is_private: bool
    """Nobody else in the room sees it."""
    marked: tuple[str, ...]
    """Links and mentions in it."""


@dataclass(frozen=True, slots=True)
class SeenForm:
    """A form on somebody's screen."""

    title: str
    holds: Mapping[str, str]
    errors: Mapping[str, str]
    words: str = ""
    """What else stands on it."""

    @property
    def whole(self) -> str:
        """Everything on it: words, what it holds, what is wrong."""
        return "\n".join((self.words, *self.holds.values(), *self.errors.values()))


class Screen(Protocol):
    """One person before the platform; what they do has happened when it returns."""

    async def says(self, text: str, room: str = "") -> None:
        """Writes a line."""
        ...

    async def mentions(self, text: str, room: str) -> None:
        """Writes a line that calls the bot by its name."""
        ...

    async def commands(self, text: str, room: str = "") -> None:
        """Gives a command with a slash; `text` begins with the verb."""
        ...

    async def presses(self, post: SeenPost, label: str) -> None:
        """Presses a button."""
        ...

    async def submits(self, **values: str) -> None:
        """Fills in the form before them and sends it, whatever the platform itself would ask for first."""
        ...

    async def posts(self, room: str = "") -> Sequence[SeenPost]:
        """What they see in a room, oldest first."""
        ...

    def form(self) -> SeenForm | None:
        """The form before them."""
        ...


BadRequest = tuple[str, Callable[[], Awaitable[int]]]
"""What is wrong with a request, and how it is sent; gives the status of the answer."""


class Platform(Protocol):
    """A platform with the bot in it."""

    house: House

    def screen(self, who: str) -> Screen:
        """Somebody: one of MEMBERS, or STRANGER."""
        ...

    def place(self, who: str, room: str) -> str:
        """What the platform calls a room; '' is somebody's direct messages."""
        ...

    async def again(self) -> None:
        """Delivers the last thing that somebody did once more."""
        ...

    async def echoes(self, who: str) -> None:
        """Tells the bot of its own messages to somebody, where the platform does so."""
        ...

    def bad_requests(self) -> Sequence[BadRequest]:
        """Requests that no honest client sends."""
        ...


async def last(screen: Screen, room: str = "") -> SeenPost:
    """The newest message of the bot that somebody sees in a room."""
    return [each for each in await screen.posts(room) if each.is_from_bot][-1]


async def card(screen: Screen, room: str = "") -> SeenPost:
    """The newest note that stands in a room."""
    return [each for each in await screen.posts(room) if "Who" in each.labels][-1]
