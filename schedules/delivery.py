"""The delivery: lanes are leased, messages claimed and committed, sent, settled; what is throttled rests alone."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import ColumnElement, Update, case, func, null
from sqlmodel import col, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from bot.chat.routing import Projection
from bot.ports import CannotLook, Chat, ChatError, Clock
from schedules.outcomes import Again, Dead, Gone, Outcome, Shown, outcome_of, row_after
from schedules.parcels import Batch, Parcel, claim, destination
from storage.engine import Database
from storage.errors import DatabaseError
from storage.messages import Lane, Message
from storage.organisations import Install
from storage.people import Account
from storage.tx import SYSTEM, Tx

LEASE_S = 30.0  # how long a lane and its claimed messages belong to one worker
FENCE_S = 17.0  # no attempt is begun so close to the end of the lease
SEND_TIMEOUT_S = 15.0  # for one attempt; shorter than the fence, so that it ends before another worker may begin
LOOK_AGAIN_S = 60.0  # until a message of unknown fate is looked for again where looking went wrong
LOOK_ANEW_S = 3600.0  # the same where the platform does not let us look
SETTLE_S = 0.03  # how often outcomes are written while a batch goes out
POLL_S = 1.0  # the safety net for a wake-up that got lost
LANES_AT_ONCE = 8
SENDS_AT_ONCE = 8  # attempts under way in one lane

log = structlog.get_logger()


class Leased(NamedTuple):
    """A lane that belongs to this worker until `deadline` on the monotonic clock, as long as its epoch stands."""

    lane: Lane
    epoch: int
    deadline: float


class Delivery:
    """Sends what is wanted, through the chats of each platform."""

    def __init__(
        self, database: Database, chats: Mapping[str, Chat], views: Mapping[str, Projection], clock: Clock, *, name: str
    ) -> None:
        self._database = database
        self._chats = chats
        self._views = views
        self._clock = clock
        self._name = name
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()

    def wake(self) -> None:
        """Something may be due."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Delivers until `stop`; what is under way is settled first."""
        while not stop.is_set():
            self._wake.clear()
            try:
                await self.drain()
                await self.sweep()
            except DatabaseError as problem:
                log.warning("delivery_waits", why=str(problem))
            except Exception:  # the delivery must outlive every fault
                log.exception("delivery_failed")
            await _first_of(self._wake, stop, POLL_S)

    async def drain(self) -> int:
        """Sends everything that is due and may go out now; how many attempts that were."""
        attempts = 0
        async with self._turn:
            while leased := await self._lease():
                attempts += sum(await asyncio.gather(*(self._serve(each) for each in leased)))
        return attempts

    async def sweep(self, *, everything: bool = False) -> None:
        """Messages of a worker that is gone: a replacement is tried again, a new post is looked for.

        `everything` is for the only worker there can be, right after its start.
        """
        async with self._database.read(SYSTEM) as tx:
            left = select(Message.id).where(Message.state == Message.State.SENDING, _over(everything=everything))
            stuck = await tx.first(left)
            unknown = await tx.first(select(Message.id).where(*_unknown()))
        if everything:
            async with self._database.write(SYSTEM) as tx:
                await tx.run(update(Lane).values(owner=None, lease_until=None))
        if stuck is not None:
            async with self._database.write(SYSTEM) as tx:
                await tx.run(_given_back(everything=everything))
        if stuck is not None or unknown is not None:
            await self.reconcile()

    async def reconcile(self) -> None:
        """Asks the platform whether messages of unknown fate are there: those that are not are sent again."""
        async with self._database.read(SYSTEM) as tx:
            query = select(Message).where(*_unknown()).order_by(col(Message.id)).limit(100)
            unknown = await tx.all(query)
        for message in unknown:
            try:
                await self._look_for(message)
            except DatabaseError:
                raise
            except Exception:  # one message that can't be looked for must not hold up the others
                log.exception("reconcile_failed", message=message.id)
                await self._look_later(message, LOOK_AGAIN_S)

    async def _look_for(self, message: Message) -> None:
        async with self._database.read(message.organisation_id) as tx:
            lane = await tx.need(Lane, message.lane_id)
            install = await tx.need(Install, lane.install_id)
            to = await destination(tx, message, install)
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                ref = None if to is None else await self._chats[install.platform].find(to, message.key)
        except CannotLook:
            await self._look_later(message, LOOK_ANEW_S)
            return
        except ChatError as problem:
            log.warning("reconcile_waits", message=message.id, why=str(problem))
            await self._look_later(message, getattr(problem, "retry_after_s", LOOK_AGAIN_S))
            return
        outcome: Outcome = Shown(ref) if ref else Again(0, "it was not there")
        await self._update(message, _settled(outcome, message.sending_rev, self._clock.now()))
        self.wake()

    async def _look_later(self, message: Message, wait_s: float) -> None:
        await self._update(message, update(Message).values(retry_at=_real_now() + timedelta(seconds=wait_s)))

    async def _update(self, message: Message, change: Update) -> None:
        """Changes a message of unknown fate, unless another worker has moved it on."""
        mine = (col(Message.id) == message.id, col(Message.state) == Message.State.UNKNOWN)
        async with self._database.write(message.organisation_id) as tx:
            await tx.run(change.where(*mine, col(Message.attempts) == message.attempts))

    async def _lease(self) -> Sequence[Leased]:
        """The lanes that have something due and belong to nobody, least recently served first."""
        started = time.monotonic()
        async with self._database.read(SYSTEM) as tx:
            if await tx.first(self._lanes_due()) is None:
                return ()
        async with self._database.write(SYSTEM) as tx:
            lanes = await tx.all(self._lanes_due().with_for_update(skip_locked=True))
            for lane in lanes:
                lane.owner = self._name
                lane.epoch += 1
                lane.lease_until = _real_now() + timedelta(seconds=LEASE_S)
                lane.served_at = _real_now()
        return [Leased(lane, lane.epoch, started + LEASE_S) for lane in lanes]

    def _lanes_due(self) -> SelectOfScalar[Lane]:
        now, real = self._clock.now(), _real_now()
        due = select(Message.id).where(
            Message.lane_id == Lane.id,
            Message.state == Message.State.READY,
            col(Message.due_at) <= now,
            or_(col(Message.retry_at).is_(None), col(Message.retry_at) <= real),
        )
        free = or_(col(Lane.lease_until).is_(None), col(Lane.lease_until) <= real)
        rested = or_(col(Lane.blocked_until).is_(None), col(Lane.blocked_until) <= real)
        return (
            select(Lane)
            .where(free, rested, due.exists())
            .order_by(col(Lane.served_at).asc().nulls_first(), col(Lane.id))
            .limit(LANES_AT_ONCE)
        )

    async def _serve(self, leased: Leased) -> int:
        attempts = 0
        rest_s = 0.0
        while not rest_s and time.monotonic() < leased.deadline - FENCE_S:
            batch = await self._claim(leased)
            if not batch.claimed:
                break
            attempts += len(batch.parcels)
            rest_s = await self._send(batch, leased)
        await self._release(leased, rest_s)
        return attempts

    async def _claim(self, leased: Leased) -> Batch:
        async with self._database.write(leased.lane.organisation_id) as tx:
            lane = await tx.first(select(Lane).where(Lane.id == leased.lane.id, Lane.epoch == leased.epoch))
            if lane is None:
                return Batch("", (), 0)
            tx.acts_for(by=None, event_id=None, now=self._clock.now())
            left = timedelta(seconds=leased.deadline - time.monotonic())
            return await claim(tx, lane, self._views, now=self._clock.now(), real_now=_real_now(), lease=left)

    async def _send(self, batch: Batch, leased: Leased) -> float:
        """Sends a batch and writes what became of it; how many seconds the lane has to rest."""
        outcomes: list[tuple[Parcel, Outcome]] = []
        rest_s = 0.0
        async with self._settling(batch, leased, outcomes):
            waiting = iter(batch.parcels)

            async def send_next() -> None:
                nonlocal rest_s
                for parcel in waiting:
                    if rest_s or time.monotonic() > leased.deadline - FENCE_S:
                        outcomes.append((parcel, Again(rest_s, "the lane rests", counts=False)))
                        continue
                    outcome = await self._attempt(parcel)
                    outcomes.append((parcel, outcome))
                    if isinstance(outcome, Again) and not outcome.counts:
                        rest_s = max(rest_s, outcome.wait_s)

            await asyncio.gather(*(send_next() for _ in range(min(SENDS_AT_ONCE, len(batch.parcels)))))
        return rest_s

    async def _attempt(self, parcel: Parcel) -> Outcome:
        chat = self._chats.get(parcel.platform)
        if chat is None:
            return Dead(f"{parcel.platform} is not connected")
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                return await _sent(chat, parcel)
        except Exception as problem:  # noqa: BLE001 - every fault of a platform has an outcome
            outcome = outcome_of(problem, is_new=parcel.ref is None, attempts=parcel.attempts)
            log.warning("not_shown", message=parcel.message_id, outcome=type(outcome).__name__, why=str(problem))
            return outcome

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
                await _first_of(ended, ended, SETTLE_S)
                try:
                    await self._settle(batch, leased, outcomes)
                except DatabaseError as problem:
                    if time.monotonic() > leased.deadline:
                        raise
                    log.warning("settling_waits", why=str(problem))
                    await asyncio.sleep(SETTLE_S)

        task = asyncio.create_task(settle())
        try:
            yield
        finally:
            ended.set()
            await task

    async def _settle(self, batch: Batch, leased: Leased, outcomes: list[tuple[Parcel, Outcome]]) -> None:
        written = outcomes[:]
        if not written:
            return
        async with self._database.write(leased.lane.organisation_id) as tx:
            for parcel, outcome in written:
                mine = (col(Message.id) == parcel.message_id, col(Message.token) == batch.token)
                await tx.run(_settled(outcome, parcel.rev, self._clock.now()).where(*mine))
                if isinstance(outcome, Dead) and outcome.target_gone and parcel.account_id is not None:
                    await _unreachable(tx, parcel.account_id)
        del outcomes[: len(written)]

    async def _release(self, leased: Leased, rest_s: float) -> None:
        free: dict[str, object] = {"owner": None, "lease_until": None}
        if rest_s:
            free["blocked_until"] = _real_now() + timedelta(seconds=rest_s)
        async with self._database.write(SYSTEM) as tx:
            mine = (col(Lane.id) == leased.lane.id, col(Lane.epoch) == leased.epoch)
            await tx.run(update(Lane).where(*mine).values(**free))


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


def _settled(outcome: Outcome, rev: int, now: datetime) -> Update:
    values = row_after(outcome, now=now, real_now=_real_now())
    if isinstance(outcome, Shown):
        newer = or_(col(Message.wanted_rev) > rev, col(Message.withdrawn).is_(True))
        values |= {
            "state": case((newer, Message.State.READY.value), else_=Message.State.SHOWN.value),
            "shown_rev": rev,
            "first_shown_at": func.coalesce(col(Message.first_shown_at), now),
            "attempts": 0,
        }
    if isinstance(outcome, Again) and not outcome.counts:
        values["attempts"] = Message.attempts - 1
    return update(Message).values(**values)


def _unknown() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Of unknown fate, and not only just looked for in vain."""
    may_look = or_(col(Message.retry_at).is_(None), col(Message.retry_at) <= _real_now())
    return col(Message.state) == Message.State.UNKNOWN, may_look


def _over(*, everything: bool) -> ColumnElement[bool]:
    return col(Message.id) > 0 if everything else col(Message.lease_until) <= _real_now()


def _given_back(*, everything: bool) -> Update:
    is_new = col(Message.platform_ref).is_(None)
    state = case((is_new, Message.State.UNKNOWN.value), else_=Message.State.READY.value)
    return (
        update(Message)
        .where(col(Message.state) == Message.State.SENDING, _over(everything=everything))
        .values(state=state, token=null(), lease_until=null(), error="the worker ended before it was settled")
    )


async def _unreachable(tx: Tx, account_id: int) -> None:
    await tx.run(update(Account).where(col(Account.id) == account_id).values(reachable=False))


def _real_now() -> datetime:
    return datetime.now(UTC)


async def _first_of(one: asyncio.Event, other: asyncio.Event, timeout_s: float) -> None:
    waits = [asyncio.ensure_future(each.wait()) for each in {one, other}]
    try:
        await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waits:
            each.cancel()
