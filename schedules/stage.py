"""The time bar: what happened today, what comes, and the levers that move a simulated clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.chat.localtime import instant, today_in
from bot.chat.routing import Routes
from bot.dispatch import Done
from bot.guide import views as words
from schedules.heartbeat import Heartbeat
from schedules.simulated import BotClock, SimulatedClock
from storage.cadences import Cadence, Occurrence, steps_between
from storage.engine import Database
from storage.tx import SYSTEM, Tx

AHEAD = timedelta(days=8)  # how far the bar looks for what comes
COMING_MAX = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One mark on the bar; `state` is `past` or `next`."""

    at: datetime
    label: str
    state: str


class TimeBar:
    """Reads the marks and moves the clock."""

    def __init__(
        self, database: Database, heartbeat: Heartbeat, clock: BotClock, *, routes: Routes, zone: ZoneInfo
    ) -> None:
        self._database = database
        self._heartbeat = heartbeat
        self._clock = clock
        self._routes = routes
        self.zone = zone

    @property
    def is_simulated(self) -> bool:
        """Whether the levers do anything."""
        return self._clock.is_simulated

    @property
    def speed(self) -> int:
        """How many seconds pass in one."""
        return self._clock.speed if isinstance(self._clock, SimulatedClock) else 1

    def now(self) -> datetime:
        """The bot's now."""
        return self._clock.now()

    async def steps(self) -> Sequence[Step]:
        """Today's past steps and the coming ones, in order."""
        now = self._clock.now()
        midnight = instant(today_in(self.zone, now), datetime.min.time(), self.zone)
        async with self._database.read(SYSTEM) as tx:
            known = await steps_between(tx, midnight, now + AHEAD)
            coming = [Step(c.next_at, self._label(c.kind), "next") for c in await _cadences(tx, now) if c.next_at]
        past = [Step(o.due_at, o.outcome, "past") for o in known if o.outcome]
        planned = [o for o in known if o.state is Occurrence.State.PLANNED]
        coming += [Step(o.due_at, self._label(o.kind), "next") for o in planned]
        shown = sorted((step for step in coming if step.label), key=lambda step: step.at)
        return [*past, *shown[:COMING_MAX]]

    async def next_event(self) -> str:
        """Jumps to what comes next; what happened, in a sentence."""
        return self._told(await self._heartbeat.next_event())

    async def advance(self, by: timedelta) -> str:
        """Moves on; what happened, in a sentence."""
        return self._told(await self._heartbeat.advance(by))

    async def set_speed(self, speed: int) -> None:
        """How many seconds pass in one; 0 stops the clock."""
        await self._heartbeat.set_speed(speed)

    def _label(self, kind: str) -> str:
        return self._routes.steps[kind].label if kind in self._routes.steps else ""

    def _told(self, done: Sequence[Done]) -> str:
        steps = [(each.due_at, each.outcome) for each in done]
        return words.jumped(self._clock.now(), steps, self.zone)


async def _cadences(tx: Tx, now: datetime) -> Sequence[Cadence]:
    return await tx.all(
        select(Cadence)
        .where(col(Cadence.next_at) <= now + AHEAD, col(Cadence.next_slot).is_not(None))
        .order_by(col(Cadence.next_at))
        .limit(COMING_MAX)
    )
