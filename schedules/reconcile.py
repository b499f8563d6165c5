"""What a worker left behind: claims are given back, and posts of unknown fate are looked for."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Update, case, null
from sqlmodel import col, or_, select, update

from bot.ports import CannotLook, Chat, ChatError, Clock, RateLimited, Refused
from schedules.outcomes import Again, Outcome, Parked, Shown, undecided, why
from schedules.parcels import NoTarget, destination, report
from schedules.settling import change_after
from storage.engine import Database
from storage.errors import DatabaseError
from storage.messages import Lane, Message
from storage.organisations import Install
from storage.tx import SYSTEM

LOOK_TIMEOUT_S = 15.0  # for one look
LOOK_AGAIN_S = 60.0  # until a message of unknown fate is looked for again where looking went wrong
LOOKS_IN_VAIN = 60  # looks that went wrong, over an hour or more, until it counts as one that can't be looked for
LOOKS_MOST = 100  # messages of one pass
PLACE_IS_GONE = "the place where it may stand is gone"

log = structlog.get_logger()


class Reconciler:
    """Finds out what became of messages that nobody is sending any more."""

    def __init__(self, database: Database, chats: Mapping[str, Chat], clock: Clock) -> None:
        self._database = database
        self._chats = chats
        self._clock = clock

    async def sweep(self, *, everything: bool = False) -> bool:
        """Messages of a worker that is gone: a replacement is tried again, a new post is looked for.

        `everything` is for the only worker there can be, right before its start: claims are given back, and nobody
        is asked yet. Whether something may be due now.
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
        if unknown is None and stuck is None:
            return False
        if not everything:
            await self.reconcile()
        return True

    async def reconcile(self) -> None:
        """Asks the platform whether messages of unknown fate are there: those that are not are sent again.

        Each lane by itself: a platform that hangs or is too fast holds up nobody else's.
        """
        async with self._database.read(SYSTEM) as tx:
            query = select(Message).where(*_unknown()).order_by(col(Message.id)).limit(LOOKS_MOST)
            unknown = await tx.all(query)
        lanes = {message.lane_id: [each for each in unknown if each.lane_id == message.lane_id] for message in unknown}
        ended = await asyncio.gather(*map(self._look_for_all, lanes.values()), return_exceptions=True)
        for each in ended:
            if isinstance(each, BaseException):
                raise each

    async def _look_for_all(self, messages: Sequence[Message]) -> None:
        """Looks for messages of one lane until its platform asks for a rest."""
        for message in messages:
            try:
                wait_s = await self._look_for(message)
            except DatabaseError as problem:
                log.warning("reconcile_waits", message=message.id, why=str(problem))
                return
            except Exception:  # one message that can't be looked for must not hold up the others
                log.exception("reconcile_failed", message=message.id)
                await self._look_later((message,), LOOK_AGAIN_S)
                continue
            if wait_s:
                await self._look_later((message,), wait_s)
                await self._look_later(messages[messages.index(message) + 1 :], wait_s, in_vain=0)
                return

    async def _look_for(self, message: Message) -> float:
        """Decides one message, or says how many seconds its lane is not to be looked at."""
        async with self._database.read(message.organisation_id) as tx:
            lane = await tx.need(Lane, message.lane_id)
            install = await tx.need(Install, lane.install_id)
        chat = self._chats.get(install.platform)
        if chat is not None and chat.doubt_s and message.retry_at is None:
            await self._look_later((message,), chat.doubt_s, in_vain=0)
            return 0.0
        try:
            outcome = await self._found(chat, message, install)
        except (CannotLook, Refused):  # also what it will never let us see
            outcome = undecided(lane.traffic, message.reposts)
        except (ChatError, TimeoutError) as problem:
            log.warning("reconcile_waits", message=message.id, why=why(problem))
            if message.looks + 1 >= LOOKS_IN_VAIN:
                outcome = undecided(lane.traffic, message.reposts)
            elif isinstance(problem, RateLimited | TimeoutError):
                return getattr(problem, "retry_after_s", None) or LOOK_AGAIN_S
            else:
                await self._look_later((message,), LOOK_AGAIN_S)
                return 0.0
        log.info("reconciled", message=message.id, outcome=type(outcome).__name__)
        await self._decide(message, outcome)
        return 0.0

    async def _found(self, chat: Chat | None, message: Message, install: Install) -> Outcome:
        """Raises: ChatError, and CannotLook also for a platform that is not connected."""
        if chat is None:
            raise CannotLook(f"{install.platform} is not connected")
        async with self._database.read(message.organisation_id) as tx:
            try:
                to = await destination(tx, message, install)
            except NoTarget:  # its room or thread is gone, and with it the only place to look
                return Parked(PLACE_IS_GONE)
        async with asyncio.timeout(LOOK_TIMEOUT_S):
            ref = None if to is None else await chat.find(to, message.key)
        return Shown(ref) if ref else Again(0, "it was not there")

    async def _look_later(self, messages: Sequence[Message], wait_s: float, *, in_vain: int = 1) -> None:
        """Puts looks off; `in_vain` is 0 for messages that were not looked for themselves."""
        later = datetime.now(UTC) + timedelta(seconds=wait_s)
        for message in messages:
            await self._update(message, update(Message).values(retry_at=later, looks=Message.looks + in_vain))

    async def _decide(self, message: Message, outcome: Outcome) -> None:
        now = self._clock.now()
        change = change_after(outcome, message.sending_rev, now=now, real_now=datetime.now(UTC))
        if isinstance(outcome, Again):
            change = change.values(reposts=Message.reposts + 1)
        await self._update(message, change, is_trouble=isinstance(outcome, Parked))

    async def _update(self, message: Message, change: Update, *, is_trouble: bool = False) -> None:
        """Changes a message of unknown fate, unless another worker has moved it on."""
        mine = (
            col(Message.id) == message.id,
            col(Message.state) == Message.State.UNKNOWN,
            col(Message.reposts) == message.reposts,
        )
        async with self._database.write(message.organisation_id) as tx:
            moved = await tx.changed(change.where(*mine, col(Message.attempts) == message.attempts))
            if moved and is_trouble:
                await report(tx, message.view, self._clock.now())


def _unknown() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Of unknown fate, and not only just looked for in vain."""
    may_look = or_(col(Message.retry_at).is_(None), col(Message.retry_at) <= datetime.now(UTC))
    return col(Message.state) == Message.State.UNKNOWN, may_look


def _over(*, everything: bool) -> ColumnElement[bool]:
    return col(Message.id) > 0 if everything else col(Message.lease_until) <= datetime.now(UTC)


def _given_back(*, everything: bool) -> Update:
    is_new = col(Message.platform_ref).is_(None)
    state = case((is_new, Message.State.UNKNOWN.value), else_=Message.State.READY.value)
    return (
        update(Message)
        .where(col(Message.state) == Message.State.SENDING, _over(everything=everything))
        .values(state=state, token=null(), lease_until=null(), error="the worker ended before it was settled")
    )
