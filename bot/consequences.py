"""What follows for one feature from what another one did: plans made anew, blocked work freed, an Undo."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.actions import freeing, reminding
from bot.actions import undoing as action_undoing
from bot.blockers import verbs as blockers
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.replies import Replies
from bot.chat.routing import Command, Handler
from bot.council import seating
from bot.huddles import presence, resting
from bot.initiatives import verbs as initiatives
from bot.measures import shaping as measures
from bot.meeting import undoing as meeting_undoing
from bot.milestones import verbs as milestones
from bot.mornings import handlers as waking
from bot.mornings.remaking import remade
from bot.ranking import verbs as ranking
from bot.training import handlers as learning
from bot.weekly import following as weekly_following
from bot.welcome import handlers as joining
from bot.work import handlers as work
from storage.people import Person
from storage.tx import Tx

E = TypeVar("E", Asked, Pressed, Submitted)


async def moved(tx: Tx, person: Person, now: datetime) -> None:
    """Somebody's zone is another one, or they left or came back: their huddles and their actions follow."""
    await presence.moved(tx, person, now)
    await reminding.moved(tx, person, now)
    await waking.moved(tx, person, now)
    await seating.left(tx, person, now)


def then_plans(handler: Handler[E]) -> Handler[E]:
    """A handler of work: plans for the day and weekly packs show what it changed.

    Who gives somebody work hears what they have yet to learn for it.
    """

    async def handle(event: E, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        replies += await learning.checked(tx, event.by, replies, now)
        packs = await weekly_following.anew(tx, event.by.event_id, now)
        return await remade(tx, event.by.event_id, now) + packs + replies

    return handle


def then_welcome(handler: Handler[E]) -> Handler[E]:
    """A handler that takes people into teams: who was in none before has first days."""

    async def handle(event: E, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        return replies + await joining.joined(tx, event.by, now)

    return handle


def then_frees(handler: Handler[E]) -> Handler[E]:
    """A handler of blockers: weekly packs show what it changed, and the owners of what is free again hear of it."""

    async def handle(event: E, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        packs = await weekly_following.anew(tx, event.by.event_id, now)
        return replies + packs + await freeing.freed(tx, event.by.person, now)

    return handle


def freeing_too(commands: Sequence[Command]) -> tuple[Command, ...]:
    """Commands that solve blockers."""
    return tuple(replace(each, handler=then_frees(each.handler)) for each in commands)


def seen_in_plans(commands: Sequence[Command]) -> tuple[Command, ...]:
    """Commands of work."""
    return tuple(replace(each, handler=then_plans(each.handler)) for each in commands)


def all_seen_in_plans(table: Mapping[str, Handler[E]]) -> dict[str, Handler[E]]:
    """Presses or forms of work."""
    return {verb: then_plans(handler) for verb, handler in table.items()}


async def before_undo(tx: Tx, event_id: int) -> None:
    """Raises: Declined where what would be taken back has gone on since, and more can be said than that."""
    await meeting_undoing.must_stand(tx, event_id)


async def after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    """What follows from an Undo in the huddles and for the work."""
    await work.after_undo(tx, event_id)
    await resting.after_undo(tx, event_id, now)
    await initiatives.after_undo(tx, event_id, now)
    await ranking.after_undo(tx, event_id, now)
    await measures.after_undo(tx, event_id)
    blocked = await blockers.after_undo(tx, event_id, now)
    plans = await remade(tx, event_id, now) + await action_undoing.after_undo(tx, event_id, now)
    plans += await milestones.after_undo(tx, event_id, now) + await presence.after_undo(tx, event_id, now)
    plans += await seating.after_undo(tx, event_id) + await meeting_undoing.after_undo(tx, event_id, now)
    return plans + blocked + await weekly_following.after_undo(tx, event_id, now)
