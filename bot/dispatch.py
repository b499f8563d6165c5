"""From an event to its handler, to commit, to what is spoken: one transaction each, and only then a word."""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict, TypeVar

import structlog
from sqlmodel import col, select, update

from bot import wanted
from bot.chat.cards import Button, Buttons, Card, says
from bot.chat.codec import decoded_answer, encoded_answer
from bot.chat.errors import Declined, declined_card
from bot.chat.events import Due
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Routes
from bot.guide import views as words
from bot.people import handlers as people
from bot.ports import Clock, Incoming, Press
from bot.reading import read
from storage import events
from storage.cadences import Occurrence
from storage.engine import Database
from storage.errors import BotError, Conflict, DatabaseError
from storage.organisations import Install
from storage.people import account_of
from storage.tx import SYSTEM, Tx

TRIES = 4  # runs of one handler when others change the same rows at the same moment
STEP_TRIES = 11  # runs of one step of the clock; with ten waits of 2, 4, 8 … 1024 s between them: 34 minutes
STEP_FIRST_WAIT = timedelta(seconds=2)

T = TypeVar("T")

log = structlog.get_logger()


class EventId(TypedDict):
    """What names an event once and for all."""

    install_id: int
    conversation: str
    external_id: str


class UnknownTenant(BotError):
    """An event of a workspace in which the bot is not installed."""

    def __init__(self, platform: str, tenant: str) -> None:
        super().__init__(f"no installation for {platform} {tenant}")


@dataclass(frozen=True, slots=True)
class Done:
    """A step of the clock that was handled."""

    kind: str
    subject_id: int
    due_at: datetime
    state: Occurrence.State
    outcome: str


class Dispatcher:
    """Hands each event to its handler, once."""

    def __init__(self, database: Database, routes: Routes, clock: Clock) -> None:
        self._database = database
        self._routes = routes
        self._clock = clock

    async def handle(self, incoming: Incoming) -> Answer | None:
        """Handles an event of a platform; a redelivery gets the first one's answer and changes nothing.

        Raises: UnknownTenant. Everything else is told to the person as an answer.
        """
        try:
            return await self._answered(incoming)
        except UnknownTenant:
            raise
        except DatabaseError as problem:
            return Answer(says(words.not_saved(str(problem), _reference(incoming, problem))))
        except Exception as problem:  # noqa: BLE001 - whatever a handler raises, the person is told and the bot goes on
            return Answer(says(words.went_wrong(_reference(incoming, problem))))

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

    async def _answered(self, incoming: Incoming) -> Answer | None:
        install = await self._install(incoming)
        try:
            return await self._retried(lambda: self._handled(install, incoming))
        except Declined as problem:
            declined = problem
            return await self._retried(lambda: self._declined(install, incoming, declined))

    async def _install(self, incoming: Incoming) -> Install:
        async with self._database.read(SYSTEM) as tx:
            install = await tx.first(
                select(Install).where(Install.platform == incoming.platform, Install.external_id == incoming.tenant)
            )
        if install is None:
            raise UnknownTenant(incoming.platform, incoming.tenant)
        return install

    async def _retried(self, work: Callable[[], Awaitable[T]]) -> T:
        for _ in range(TRIES - 1):
            try:
                return await work()
            except Conflict:
                continue
        return await work()

    async def _handled(self, install: Install, incoming: Incoming) -> Answer | None:
        async with self._database.write(install.organisation_id) as tx:
            now = self._clock.now()
            event = await events.take(tx, **_id_of(install, incoming), now=now)
            if event is None:
                return await _given_before(tx, install, incoming)
            # Who they are and where is no part of what they do: Undo leaves it.
            tx.acts_for(by=None, event_id=None, now=now)
            by = await people.sender(tx, install, incoming, event.id)
            tx.acts_for(by=by.person.id, event_id=event.id, now=now)
            event.person_id = by.person.id
            replies = await read(tx, self._routes, by, incoming.action, now=now)
            await wanted.record(tx, replies, event_id=event.id, now=now)
            answer = _settling(_with_undo(replies, event.id), incoming)
            event.answer = encoded_answer(answer)
            event.refreshed = [[stale.view, dict(stale.ids)] for stale in replies.refresh]
            return answer

    async def _declined(self, install: Install, incoming: Incoming, problem: Declined) -> Answer:
        """Keeps a refusal with its event. What was rolled back included who they are, and that is kept after all."""
        answer = Answer(declined_card(problem))
        async with self._database.write(install.organisation_id) as tx:
            now = self._clock.now()
            event = await events.take(tx, **_id_of(install, incoming), now=now)
            if event is not None:
                tx.acts_for(by=None, event_id=None, now=now)
                with suppress(Declined):  # a guest, who is the one refused
                    await people.sender(tx, install, incoming, event.id)
                event.person_id = await _person_id(tx, install, incoming)
                event.answer = encoded_answer(answer)
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
            occurrence.state = Occurrence.State.MISSED if due.missed else Occurrence.State.DONE
            occurrence.done_at = now
            occurrence.late_s = int(due.late.total_seconds())
            occurrence.outcome = replies.outcome
            log.info("step", kind=due.kind, subject=due.subject_id, late_s=occurrence.late_s, state=occurrence.state)
            return Done(due.kind, due.subject_id, due.due_at, occurrence.state, replies.outcome)

    async def _failed(self, organisation_id: int, occurrence_id: int) -> Done | None:
        async with self._database.write(organisation_id) as tx:
            occurrence = await tx.need(Occurrence, occurrence_id)
            occurrence.attempts += 1
            if occurrence.attempts < STEP_TRIES:
                occurrence.retry_at = datetime.now(UTC) + STEP_FIRST_WAIT * 2 ** (occurrence.attempts - 1)
                return None
            occurrence.state = Occurrence.State.FAILED
            log.error("step_given_up", occurrence=occurrence_id, kind=occurrence.kind, attempts=occurrence.attempts)
            return Done(occurrence.kind, occurrence.subject_id, occurrence.due_at, occurrence.state, "")


async def _take_step(tx: Tx, occurrence_id: int) -> bool:
    """Only one clock moves it away from planned; the other waits for that commit and then finds nothing."""
    planned = (col(Occurrence.id) == occurrence_id, col(Occurrence.state) == Occurrence.State.PLANNED)
    return bool(await tx.changed(update(Occurrence).where(*planned).values(state=Occurrence.State.DONE)))


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


def _settling(answer: Answer | None, incoming: Incoming) -> Answer | None:
    if answer is None or not isinstance(answer.content, Card) or not isinstance(incoming.action, Press):
        return answer
    return replace(answer, settles=True)


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
