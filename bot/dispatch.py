"""From an event to its handler, to commit, to what is spoken: one transaction each, and only then a word."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict, TypeVar

import structlog
from sqlalchemy import ColumnElement
from sqlmodel import col, or_, select, update

from bot import wanted
from bot.chat.cards import Button, Buttons, Card, says
from bot.chat.codec import decoded_answer, encoded_answer
from bot.chat.errors import Declined, declined_card
from bot.chat.events import Due
from bot.chat.pace import UNKNOWN, paced
from bot.chat.pages import pages_at
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Routes
from bot.chat.words import typed_after
from bot.guide import views as words
from bot.listening import Listener, UnknownTenant
from bot.metrics import Metrics
from bot.people import handlers as people
from bot.ports import Clock, Incoming, Press, Submission, TookTooLong
from bot.reading import read
from storage import events
from storage.cadences import REPORT, Occurrence, plan_report
from storage.engine import Database
from storage.errors import BotError, Conflict, DatabaseError
from storage.messages import message_keyed
from storage.organisations import Install
from storage.people import account_of
from storage.tx import Tx

STEP_TRIES = 11  # runs of one step of the clock; with ten waits of 2, 4, 8 … 1024 s between them: 34 minutes
STEP_FIRST_WAIT = timedelta(seconds=2)
OLD_CARD = frozenset({"E-04", "E-05", "E-20"})
"""What a press is answered with when its card no longer says how things stand: the card is made anew."""

T = TypeVar("T")

log = structlog.get_logger()


class EventId(TypedDict):
    """What names an event once and for all."""

    install_id: int
    conversation: str
    external_id: str


class _Seen(BotError):
    """Ends a transaction in which an event was only tried, so that nothing of it is kept."""

    def __init__(self, answer: Answer | None) -> None:
        super().__init__("it was only tried")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Done:
    """A step of the clock that was handled."""

    kind: str
    subject_id: int
    due_at: datetime
    state: Occurrence.State
    outcome: str


class Dispatcher(Listener):
    """Hands each event to its handler, once."""

    def __init__(
        self,
        database: Database,
        routes: Routes,
        clock: Clock,
        *,
        metrics: Metrics | None = None,
        pages: str | None = None,
        rates: Mapping[str, float] = UNKNOWN,
    ) -> None:
        """`pages` is where our web pages are: empty for the site of the local chat, None where there are none.

        `rates` are how many messages a second each platform takes, by its name.
        """
        super().__init__(database, routes, clock)
        self._metrics = metrics or Metrics()
        self._pages = pages
        self._rates = rates

    async def handle(self, incoming: Incoming, *, within_s: float | None = None) -> Answer | None:
        """Handles an event of a platform; a redelivery gets the first one's answer and changes nothing.

        Raises: UnknownTenant; TookTooLong when it could not be decided `within_s` seconds, and then nothing was
        changed. Everything else is told to the person as an answer.
        """
        started = time.monotonic()
        result = "unsaved"
        deadline = None if within_s is None else asyncio.get_running_loop().time() + within_s
        try:
            with typed_after(incoming.before_verbs), pages_at(self._pages), paced(self._rates):
                answer = await self._answered(incoming, deadline)
        except UnknownTenant:
            result = "unknown_tenant"
            raise
        except TookTooLong:
            result = "took_too_long"
            raise
        except DatabaseError as problem:
            return _refusal(says(words.not_saved(str(problem), _reference(incoming, problem))), incoming)
        except Exception as problem:  # noqa: BLE001 - whatever a handler raises, the person is told and the bot goes on
            result = "failed"
            return _refusal(says(words.went_wrong(_reference(incoming, problem))), incoming)
        else:
            result = "handled"
            return answer
        finally:
            self._count(incoming, result, time.monotonic() - started)

    async def peek(self, incoming: Incoming) -> Answer | None:
        """What would be answered to an event that did not happen; nothing is changed, and nothing is kept of it.

        None where it would be refused. Raises: UnknownTenant, DatabaseError.
        """
        try:
            with typed_after(incoming.before_verbs), pages_at(self._pages), paced(self._rates):
                install = await self._install(incoming.platform, incoming.tenant)
                await self._tried(install, incoming)
        except _Seen as seen:
            return seen.answer
        except Declined:
            return None
        return None

    async def _tried(self, install: Install, incoming: Incoming) -> None:
        """Raises: _Seen, so that nothing is kept; Declined."""
        async with self._database.write(install.organisation_id) as tx:
            now = self._clock.now()
            event = await events.take(tx, **_id_of(install, incoming), now=now)
            if event is None:
                return
            tx.acts_for(by=None, event_id=None, now=now)
            by = await people.sender(tx, install, incoming, event.id)
            tx.acts_for(by=by.person.id, event_id=event.id, now=now)
            raise _Seen((await read(tx, self._routes, by, incoming.action, now=now)).answer)

    async def standing(self, platform: str, tenant: str, key: str) -> Card | None:
        """What a message shows by now; None where nobody should see it. Raises: UnknownTenant, DatabaseError."""
        install = await self._install(platform, tenant)
        async with self._database.read(install.organisation_id) as tx:
            message = await message_keyed(tx, key)
            if message is None or message.withdrawn:
                return None
            with pages_at(self._pages), paced(self._rates):
                return await wanted.projected(tx, self._routes.views, message, self._clock.now())

    def _count(self, incoming: Incoming, result: str, took_s: float) -> None:
        action = type(incoming.action).__name__.lower()
        self._metrics.acknowledged.labels(incoming.platform, action, result).observe(took_s)
        log.info(
            "event",
            platform=incoming.platform,
            event_id=incoming.event_id,
            action=action,
            result=result,
            took_ms=round(1000 * took_s, 1),
        )

    async def due(self, organisation_id: int, occurrence_id: int) -> Done | None:
        """Handles one step that fell due; None when another clock has it, or has had it.

        Raises: DatabaseError while the database can't do its work.
        """
        try:
            return await self._retried(lambda: self._step(organisation_id, occurrence_id))
        except Exception as problem:  # a broken step must not stop the clock
            if isinstance(problem, DatabaseError) and not isinstance(problem, Conflict):
                raise  # it is not the step that is broken: the clock waits until the database is back
            log.exception("step_failed", occurrence=occurrence_id)
            return await self._failed(organisation_id, occurrence_id)

    async def _answered(self, incoming: Incoming, deadline: float | None) -> Answer | None:
        arrived_at = datetime.now(UTC)
        async with _in_time(deadline):
            await self._retried(lambda: self._install(incoming.platform, incoming.tenant))
        try:
            return await self._retried(lambda: self._handled(incoming, deadline, arrived_at), deadline)
        except Declined as problem:
            declined = problem
            return await self._retried(lambda: self._declined(incoming, declined, deadline), deadline)

    @asynccontextmanager
    async def _decided(self, organisation_id: int, deadline: float | None) -> AsyncIterator[Tx]:
        """A transaction whose work must end in time; once it has, its commit is not given up."""
        async with _in_time(deadline) as limit, self._database.write(organisation_id) as tx:
            yield tx
            limit.reschedule(None)

    async def _handled(self, incoming: Incoming, deadline: float | None, arrived_at: datetime) -> Answer | None:
        async with _in_time(deadline):
            install = await self._install(incoming.platform, incoming.tenant)
        async with self._decided(install.organisation_id, deadline) as tx:
            now = self._clock.now()
            event = await events.take(tx, **_id_of(install, incoming), now=now, message=incoming.message)
            if event is None:
                return await _given_before(tx, install, incoming)
            # Who they are and where is no part of what they do: Undo leaves it.
            tx.acts_for(by=None, event_id=None, now=now)
            by = await people.sender(tx, install, incoming, event.id)
            tx.acts_for(by=by.person.id, event_id=event.id, now=now, arrived_at=arrived_at)
            replies = await read(tx, self._routes, by, incoming.action, now=now)
            await wanted.record(tx, replies, event_id=event.id, now=now)
            answer = _settling(_with_undo(replies, event.id), incoming)
            event.person_id = by.person.id
            event.answer = encoded_answer(_to_keep(answer))
            event.refreshed = [[stale.view, dict(stale.ids)] for stale in replies.refresh]
            return answer

    async def _declined(self, incoming: Incoming, problem: Declined, deadline: float | None) -> Answer:
        """Keeps a refusal with its event. What was rolled back included who they are, and that is kept after all."""
        answer = _refusal(declined_card(problem), incoming)
        install = await self._install(incoming.platform, incoming.tenant)
        async with self._decided(install.organisation_id, deadline) as tx:
            now = self._clock.now()
            event = await events.take(tx, **_id_of(install, incoming), now=now)
            if event is not None:
                tx.acts_for(by=None, event_id=None, now=now)
                with suppress(Declined):  # a guest, who is the one refused
                    await people.sender(tx, install, incoming, event.id)
                event.person_id = await _person_id(tx, install, incoming)
                event.answer = encoded_answer(answer)
                if isinstance(incoming.action, Press) and problem.code in OLD_CARD:
                    where, ids = incoming.conversation, incoming.action.ids
                    await wanted.made_anew(tx, ids, person_id=event.person_id, conversation=where, now=now)
        return answer

    async def _step(self, organisation_id: int, occurrence_id: int) -> Done | None:
        async with self._database.write(organisation_id) as tx:
            now = self._clock.now()
            tx.acts_for(by=None, event_id=None, now=now)
            if not await _take_step(tx, occurrence_id):
                return None
            occurrence = await tx.need(Occurrence, occurrence_id)
            step = self._routes.steps[occurrence.kind]
            due = _due(occurrence, now, step.grace)
            replies = await step.handler(due, tx, now)
            await wanted.record(tx, replies, event_id=None, now=now)
            occurrence.state = _state_after(due, replies)
            occurrence.done_at = now
            occurrence.late_s = int(due.late.total_seconds())
            occurrence.outcome = replies.outcome
            done = Done(due.kind, due.subject_id, due.due_at, occurrence.state, replies.outcome)
        self._metrics.steps.labels(due.kind, done.state).inc()
        self._metrics.step_late.labels(due.kind).observe(due.late.total_seconds())
        log.info(
            "step",
            occurrence=occurrence_id,
            kind=due.kind,
            subject=due.subject_id,
            late_s=occurrence.late_s,
            state=done.state,
        )
        return done

    async def _failed(self, organisation_id: int, occurrence_id: int) -> Done | None:
        async with self._database.write(organisation_id) as tx:
            occurrence = await tx.first(select(Occurrence).where(*_to_do(occurrence_id)).with_for_update())
            if occurrence is None:
                return None  # another clock was faster: it did it, or counted this failure
            occurrence.attempts += 1
            if occurrence.attempts < STEP_TRIES:
                occurrence.retry_at = datetime.now(UTC) + STEP_FIRST_WAIT * 2 ** (occurrence.attempts - 1)
                return None
            occurrence.state = Occurrence.State.FAILED
            if occurrence.kind != REPORT:
                await plan_report(tx, organisation_id, self._clock.now())
            self._metrics.steps.labels(occurrence.kind, occurrence.state).inc()
            log.error("step_given_up", occurrence=occurrence_id, kind=occurrence.kind, attempts=occurrence.attempts)
            return Done(occurrence.kind, occurrence.subject_id, occurrence.due_at, occurrence.state, "")


@asynccontextmanager
async def _in_time(deadline: float | None) -> AsyncIterator[asyncio.Timeout]:
    """Raises: TookTooLong when the block does not end by `deadline`, an instant of the event loop's time."""
    try:
        async with asyncio.timeout_at(deadline) as limit:
            yield limit
    except TimeoutError as problem:
        if limit.expired():
            raise TookTooLong from problem
        raise


async def _take_step(tx: Tx, occurrence_id: int) -> bool:
    """Only one clock moves it away from planned; the other waits for that commit and then finds nothing."""
    taken = update(Occurrence).where(*_to_do(occurrence_id)).values(state=Occurrence.State.DONE)
    return bool(await tx.changed(taken))


def _state_after(due: Due, replies: Replies) -> Occurrence.State:
    if replies.skipped:
        return Occurrence.State.SKIPPED
    return Occurrence.State.MISSED if due.missed else Occurrence.State.DONE


def _to_do(occurrence_id: int) -> tuple[ColumnElement[bool], ...]:
    """Planned, and not resting after a failure."""
    rested = or_(col(Occurrence.retry_at).is_(None), col(Occurrence.retry_at) <= datetime.now(UTC))
    return col(Occurrence.id) == occurrence_id, col(Occurrence.state) == Occurrence.State.PLANNED, rested


def _due(occurrence: Occurrence, now: datetime, grace: timedelta | None) -> Due:
    late = max(now - occurrence.due_at, timedelta(0))
    return Due(
        kind=occurrence.kind,
        subject_id=occurrence.subject_id,
        due_at=occurrence.due_at,
        late=late,
        slot=occurrence.slot,
        missed=grace is not None and late > grace,
    )


async def _given_before(tx: Tx, install: Install, incoming: Incoming) -> Answer | None:
    event = await events.seen(tx, **_id_of(install, incoming))
    if event is None or event.person_id != await _person_id(tx, install, incoming):
        return None
    return decoded_answer(event.answer)


async def _person_id(tx: Tx, install: Install, incoming: Incoming) -> int | None:
    known = await account_of(tx, install, incoming.sender.external_id)
    return None if known is None else known[1].id


def _id_of(install: Install, incoming: Incoming) -> EventId:
    return {"install_id": install.id, "conversation": incoming.conversation, "external_id": incoming.event_id}


def _refusal(card: Card, incoming: Incoming) -> Answer:
    """What says that nothing was changed; where it offers a way on it takes a form's place, else the form stays."""
    has_way_on = any(isinstance(each, Buttons) for each in card.elements)
    return Answer(card, refuses=isinstance(incoming.action, Submission) and not has_way_on)


def _settling(answer: Answer | None, incoming: Incoming) -> Answer | None:
    if answer is None or not isinstance(answer.content, Card) or not isinstance(incoming.action, Press):
        return answer
    return replace(answer, settles=True)


def _to_keep(answer: Answer | None) -> Answer | None:
    """What a redelivery is given."""
    return answer if answer is None or answer.kept else replace(answer, content=says(words.said_once()))


def _with_undo(replies: Replies, event_id: int) -> Answer | None:
    answer = replies.answer
    if answer is None or not replies.undoable or not isinstance(answer.content, Card):
        return answer
    undo = Button(words.UNDO, "undo", {"event": str(event_id)}, spoken=words.UNDO_SPOKEN)
    card = replace(answer.content, elements=(*answer.content.elements, Buttons((undo,))))
    return replace(answer, content=card)


def _reference(incoming: Incoming, problem: Exception) -> str:
    """A short name for one failure: the person reads it, the log has it."""
    reference = secrets.token_hex(3).upper()
    log.error(
        "event_failed",
        reference=reference,
        platform=incoming.platform,
        event_id=incoming.event_id,
        action=type(incoming.action).__name__,
        exc_info=problem,
    )
    return reference
