"""The delivery: lanes are leased, messages claimed and committed, sent, settled; what is throttled rests alone."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import structlog
from sqlmodel import select

from bot.chat.routing import Manners, Projection
from bot.chat.words import typed_after
from bot.metrics import Metrics
from bot.ports import SEND_UNTIL, Chat, Clock, steady_s
from schedules.outcomes import Again, Dead, Gone, Outcome, Shown, outcome_of, why
from schedules.parcels import Batch, Parcel, claim
from schedules.reconcile import Reconciler
from schedules.settling import settle
from storage.engine import Database
from storage.errors import DatabaseError
from storage.lanes import free_lane, is_lane_due, lane_leased, lanes_due
from storage.messages import Lane
from storage.organisations import Install
from storage.tx import SYSTEM

LEASE_S = 30.0  # how long a lane and its claimed messages belong to one worker
FENCE_S = 17.0  # no attempt is begun so close to the end of the lease
SEND_TIMEOUT_S = 15.0  # for one attempt; shorter than the fence, so that it ends before another worker may begin
SETTLE_S = 0.03  # how often outcomes are written while a batch goes out
SETTLE_AGAIN_S = 0.5  # the same while the database can't take them
POLL_S = 1.0  # the safety net for a wake-up that got lost
STALLED_S = 60.0  # without a finished look or a claim for so long, the delivery is not well
LOCKED_S = 0.05  # until a lane is looked at again whose due rows are all locked
SENDS_AT_ONCE = 8  # attempts under way in one lane

log = structlog.get_logger()

Conversation: TypeAlias = tuple[int | None, int | None]
"""The number of a place or, for direct messages, of an account."""


@dataclass(slots=True)
class Leased:
    """A lane that belongs to this worker until `deadline` (`steady_s`), as long as its epoch stands."""

    lane: Lane
    epoch: int
    deadline: float
    is_free: bool = False
    """Whether it was given back with the last outcomes."""


class Delivery:
    """Sends what is wanted, through the chats of each platform."""

    def __init__(
        self,
        database: Database,
        chats: Mapping[str, Chat],
        views: Mapping[str, Projection],
        clock: Clock,
        *,
        name: str,
        metrics: Metrics | None = None,
        before_verbs: Mapping[str, str] | None = None,
        manners: Manners | None = None,
    ) -> None:
        """`before_verbs` says for each platform what people type before a verb, where that is no slash.

        Without `manners` direct messages come at any hour, and however many.
        """
        self._manners = manners
        self._database = database
        self._chats = chats
        self._before_verbs = before_verbs or {}
        self._views = views
        self._clock = clock
        self._name = name
        self._reconciler = Reconciler(database, chats, clock)
        self._metrics = metrics or Metrics()
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._worked = steady_s()
        self._stop = asyncio.Event()

    @property
    def is_well(self) -> bool:
        """Whether it still looks for work, or does some."""
        return steady_s() - self._worked < STALLED_S

    def wake(self) -> None:
        """Something may be due."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Delivers until `stop`; what is under way is settled first, what was only claimed goes back."""
        self._stop = stop
        sweeping = asyncio.create_task(self._sweep_now_and_then())
        while not stop.is_set():
            try:
                await self.drain()
                self._worked = steady_s()
            except DatabaseError as problem:
                log.warning("delivery_waits", why=str(problem))
            except Exception:  # the delivery must outlive every fault
                log.exception("delivery_failed")
            await _first_of({self._wake, stop}, POLL_S)
        sweeping.cancel()  # it only looks; what it decides is one transaction
        await asyncio.wait([sweeping])

    async def drain(self) -> int:
        """Sends everything that is due and may go out now; how many attempts that were.

        Each lane is served by itself: one that hangs is waited for, but delays no other that falls due meanwhile.
        """
        attempts = 0
        async with self._turn:
            serving: set[asyncio.Task[int]] = set()
            problem: BaseException | None = None
            while True:
                self._wake.clear()
                try:
                    leased = () if problem or self._stop.is_set() else await self._lease()
                except Exception as failed:  # noqa: BLE001 - raised below, when no lane is under way any more
                    leased, problem = (), failed
                serving |= {asyncio.create_task(self._serve(each)) for each in leased}
                if not serving:
                    break
                serving, done = await self._progress(serving)
                attempts += sum(each.result() for each in done if each.exception() is None)
                problem = next((each.exception() for each in done if each.exception()), problem)
        if problem is not None:
            raise problem
        return attempts

    async def _progress(self, serving: set[asyncio.Task[int]]) -> tuple[set[asyncio.Task[int]], set[asyncio.Task[int]]]:
        """Waits until a lane is served or something else may be due; lanes under way, and those that are through."""
        waking = asyncio.create_task(self._wake.wait())
        try:
            done, _ = await asyncio.wait({waking, *serving}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            for each in serving:
                each.cancel()
            await asyncio.wait(serving)
            raise
        finally:
            waking.cancel()
        return serving - done, serving & done

    async def _sweep_now_and_then(self) -> None:
        while True:
            try:
                await self.sweep()
            except DatabaseError as problem:
                log.warning("sweep_waits", why=str(problem))
            except Exception:  # as above
                log.exception("sweep_failed")
            await asyncio.sleep(POLL_S)

    async def sweep(self, *, everything: bool = False) -> None:
        """What a worker that is gone left behind; see Reconciler."""
        if await self._reconciler.sweep(everything=everything):
            self.wake()

    async def reconcile(self) -> None:
        """Looks for messages of unknown fate."""
        await self._reconciler.reconcile()
        self.wake()

    async def _lease(self) -> Sequence[Leased]:
        """The lanes that have something due and belong to nobody, least recently served first."""
        started = steady_s()
        async with self._database.read(SYSTEM) as tx:
            if not await is_lane_due(tx, self._clock.now(), _real_now()):
                return ()
        async with self._database.write(SYSTEM) as tx:
            lanes = await lanes_due(tx, self._clock.now(), _real_now())
            for lane in lanes:
                lane.owner = self._name
                lane.epoch += 1
                lane.lease_until = _real_now() + timedelta(seconds=LEASE_S)
                lane.served_at = _real_now()
        return [Leased(lane, lane.epoch, started + LEASE_S) for lane in lanes]

    async def _serve(self, leased: Leased) -> int:
        attempts = 0
        rest_s = 0.0
        try:
            while not (rest_s or self._stop.is_set()) and steady_s() < leased.deadline - FENCE_S:
                batch = await self._claim(leased)
                if batch.is_empty:
                    if not attempts:  # it is due, but somebody is just writing its rows: they have a moment to end
                        await asyncio.sleep(LOCKED_S)
                    break
                attempts += len(batch.parcels)
                rest_s = await self._send(batch, leased)
                if batch.is_last:
                    break  # what fell due meanwhile leases the lane anew
        finally:
            if not leased.is_free:
                await self._release(leased, rest_s)
        return attempts

    async def _claim(self, leased: Leased) -> Batch:
        async with self._database.write(leased.lane.organisation_id) as tx:
            lane = await lane_leased(tx, leased.lane.id, leased.epoch)
            if lane is None:
                return Batch("", "", ())
            tx.acts_for(by=None, event_id=None, now=self._clock.now())
            left = timedelta(seconds=leased.deadline - steady_s())
            install = await tx.need(Install, lane.install_id)
            with typed_after(self._before_verbs.get(install.platform, "/")):
                batch = await claim(
                    tx,
                    lane,
                    install,
                    self._views,
                    now=self._clock.now(),
                    real_now=_real_now(),
                    lease=left,
                    manners=self._manners,
                )
        self._worked = steady_s()
        for reason in batch.unsent:
            self._metrics.unsent.labels(batch.platform, leased.lane.traffic, reason).inc()
        return batch

    async def _send(self, batch: Batch, leased: Leased) -> float:
        """Sends a batch and writes what became of it; how many seconds the lane has to rest."""
        outcomes: list[tuple[Parcel, Outcome]] = []
        rest_s = 0.0
        rests: dict[Conversation, float] = {}
        async with self._settling(batch, leased, outcomes):
            waiting = iter(batch.parcels)

            async def send_next() -> None:
                nonlocal rest_s
                for parcel in waiting:
                    if rest_s or self._stop.is_set() or steady_s() > leased.deadline - FENCE_S:
                        outcomes.append((parcel, Again(rest_s, "the lane rests", counts=False)))
                        continue
                    where = (parcel.place_id, parcel.account_id)
                    if where in rests:
                        outcomes.append((parcel, Again(rests[where], "the conversation rests", counts=False)))
                        continue
                    outcome = await self._attempt(parcel, leased)
                    outcomes.append((parcel, outcome))
                    self._count(parcel, outcome, leased.lane.traffic)
                    if isinstance(outcome, Again) and outcome.only_here:
                        rests[where] = outcome.wait_s
                    elif isinstance(outcome, Again) and not outcome.counts:
                        rest_s = max(rest_s, outcome.wait_s)

            await asyncio.gather(*(send_next() for _ in range(min(SENDS_AT_ONCE, len(batch.parcels)))))
        return rest_s

    async def _attempt(self, parcel: Parcel, leased: Leased) -> Outcome:
        chat = self._chats.get(parcel.platform)
        if chat is None:
            return Dead(f"{parcel.platform} is not connected")
        SEND_UNTIL.set(leased.deadline)
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                return await _sent(chat, parcel)
        except Exception as problem:  # noqa: BLE001 - every fault of a platform has an outcome
            outcome = outcome_of(
                problem, is_new=parcel.ref is None, attempts=parcel.attempts, throttled=leased.lane.throttled
            )
            log.warning("not_shown", message=parcel.message_id, outcome=type(outcome).__name__, why=why(problem))
            return outcome

    def _count(self, parcel: Parcel, outcome: Outcome, traffic: Lane.Traffic) -> None:
        name = "throttled" if isinstance(outcome, Again) and not outcome.counts else type(outcome).__name__.lower()
        self._metrics.attempts.labels(parcel.platform, traffic, name).inc()
        if isinstance(outcome, Shown) and parcel.ref is None:
            waited_s = max(0.0, (self._clock.now() - parcel.due_at).total_seconds())
            self._metrics.due_to_shown.labels(parcel.platform, traffic).observe(waited_s)
            log.info("shown", message=parcel.message_id, platform=parcel.platform, due_to_shown_s=round(waited_s, 3))

    @asynccontextmanager
    async def _settling(
        self, batch: Batch, leased: Leased, outcomes: list[tuple[Parcel, Outcome]]
    ) -> AsyncIterator[None]:
        """Writes outcomes while the block sends, and at its end those that are left.

        Raises: DatabaseError when they could not be written until the lease was over; then they are looked for.
        """
        ended = asyncio.Event()

        async def settle() -> None:
            while outcomes or not ended.is_set():
                await _first_of({ended}, SETTLE_S)
                try:
                    await self._settle(batch, leased, outcomes, are_all=ended.is_set())
                except DatabaseError as problem:
                    if steady_s() > leased.deadline:
                        raise
                    log.warning("settling_waits", why=str(problem))
                    await asyncio.sleep(SETTLE_AGAIN_S)

        task = asyncio.create_task(settle())
        try:
            yield
        finally:
            ended.set()
            await task

    async def _settle(
        self, batch: Batch, leased: Leased, outcomes: list[tuple[Parcel, Outcome]], *, are_all: bool
    ) -> None:
        written = outcomes[:]
        if not written:
            return
        ends = leased if are_all and batch.is_last and not any(_rests_lane(each) for _, each in written) else None
        settled = await self._settled(batch, leased.lane.organisation_id, written, ends)
        home = leased.lane.organisation_id if settled else await self._home_of(leased.lane)
        if home != leased.lane.organisation_id:  # its organisation was paired while they were on their way
            await self._settled(batch, home, written, ends)
        del outcomes[: len(written)]

    async def _settled(
        self, batch: Batch, organisation_id: int, written: list[tuple[Parcel, Outcome]], ends: Leased | None
    ) -> int:
        """Writes outcomes, and gives a lane back with them that has nothing more to do."""
        async with self._database.write(organisation_id) as tx:
            # The lane first, as everybody who locks both does.
            is_free = ends is not None and await free_lane(tx, ends.lane.id, ends.epoch, rests_until=None)
            settled = await settle(tx, batch.token, written, now=self._clock.now(), real_now=_real_now())
        if ends is not None:
            ends.is_free = is_free
        return settled

    async def _home_of(self, lane: Lane) -> int:
        async with self._database.read(SYSTEM) as tx:
            home = await tx.first(select(Lane.organisation_id).where(Lane.id == lane.id))
        return lane.organisation_id if home is None else home

    async def _release(self, leased: Leased, rest_s: float) -> None:
        """Gives the lane back, as soon as the database lets it.

        Raises: DatabaseError when it did not until the lease was over; then the lane is free anyway.
        """
        while True:
            try:
                return await self._free(leased, rest_s)
            except DatabaseError as problem:
                if steady_s() > leased.deadline:
                    raise
                log.warning("release_waits", why=str(problem))
                await asyncio.sleep(SETTLE_AGAIN_S)

    async def _free(self, leased: Leased, rest_s: float) -> None:
        async with self._database.write(SYSTEM) as tx:
            await free_lane(
                tx,
                leased.lane.id,
                leased.epoch,
                rests_until=_real_now() + timedelta(seconds=rest_s) if rest_s else None,
            )


def _rests_lane(outcome: Outcome) -> bool:
    return isinstance(outcome, Again) and not (outcome.counts or outcome.only_here)


async def _sent(chat: Chat, parcel: Parcel) -> Outcome:
    match parcel:
        case Parcel(card=None, ref=None):
            return Gone()
        case Parcel(card=None, ref=str(ref)):
            await chat.delete(parcel.to, ref)
            return Gone()
        case Parcel(card=card, ref=None) if card is not None:
            return Shown(await chat.post(parcel.to, card, key=parcel.key))
        case Parcel(card=card, ref=str(ref)) if card is not None:
            await chat.update(parcel.to, ref, card)
            return Shown(ref)
        case _:
            raise AssertionError("every parcel has a card or a message to take away")


def _real_now() -> datetime:
    return datetime.now(UTC)


async def _first_of(events: set[asyncio.Event], timeout_s: float) -> None:
    waits = [asyncio.ensure_future(each.wait()) for each in events]
    try:
        await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()
