"""What the page needs from outside: the stage on which the bot's time moves, and the commands somebody may use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SPEEDS = (0, 1, 10, 60, 600)  # 0 is paused


class Step(Protocol):
    """Something that fell due or will: `five asked`, `nudge`."""

    @property
    def at(self) -> datetime:
        """When; aware."""
        ...

    @property
    def label(self) -> str:
        """What, in a few words."""
        ...

    @property
    def state(self) -> str:
        """`past` or `next`."""
        ...


@dataclass(frozen=True, slots=True)
class Hint:
    """A command somebody may use.

    `usage` as one types it, for example `/away until <date>`. What stands from the first `<`, `[`, `(`, `"` or `…` on
    is for reading; completing writes what stands before it.
    """

    usage: str
    about: str


class Stage(Protocol):
    """The bot's time as the page shows and moves it."""

    @property
    def zone(self) -> ZoneInfo:
        """Where the clock hangs."""
        ...

    @property
    def is_simulated(self) -> bool:
        """Whether time can be moved; the page shows only the clock where it can't."""
        ...

    @property
    def speed(self) -> int:
        """One of SPEEDS."""
        ...

    def now(self) -> datetime:
        """Aware and in UTC."""
        ...

    async def steps(self) -> Sequence[Step]:
        """Today's past steps and the coming ones, in order."""
        ...

    async def next_event(self) -> str:
        """Jumps to what falls due next and says so: `09:25, nudge sent to 2 people`."""
        ...

    async def advance(self, by: timedelta) -> str:
        """Moves on by that much, stopping at everything that falls due, and says what happened."""
        ...

    async def set_speed(self, speed: int) -> None:
        """Lets time run at one of SPEEDS."""
        ...
