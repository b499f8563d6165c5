"""`/help` and **Undo**."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed
from bot.chat.replies import UNDO_FOR, Answer, Refresh, Replies
from bot.chat.routing import Command
from bot.guide import terms, views
from storage import undo as changes
from storage.events import EventSeen
from storage.tx import Tx


def show_help(event: Asked, commands: Sequence[Command]) -> Replies:
    """Every command this person may use, those of a topic, or one of them by name."""
    wanted = event.command.words
    if not wanted:
        return Replies(answer=Answer(views.help_card(commands, event.by.person.name)))
    typed = wanted.removeprefix("/").lower()
    topics = {topic.lower(): found for topic, found in views.by_topic(commands).items()}
    if len(topics.get(typed, ())) > 1:
        return Replies(answer=Answer(views.topic_card(typed.capitalize(), topics[typed])))
    named = next((each for each in commands if typed in each.usage.names), None) or next(
        (each for each in commands if each.usage.verb.startswith(typed)), None
    )
    if named is None:
        raise Declined(views.unknown_verb(wanted, ""), code="E-02")
    return Replies(answer=Answer(views.help_about(named)))


def show_tour(_event: Asked, commands: Sequence[Command]) -> Replies:
    """`/help first`: how a day goes, for what this person may use."""
    return Replies(answer=Answer(views.tour(commands), stays=True))


async def show_term(event: Asked, _tx: Tx, _now: datetime) -> Replies:
    """`/help term streak`: what a word means; without one, all of them. Raises: Declined for one that is not ours."""
    wanted = event.command.title
    if not wanted:
        return Replies(answer=Answer(views.all_terms(terms.TERMS)))
    found = terms.found(wanted)
    if found is None:
        raise views.no_term(wanted, terms.near(wanted))
    return Replies(answer=Answer(views.term(found), stays=True))


AfterUndo: TypeAlias = Callable[[Tx, int, datetime], Awaitable[Replies]]
"""What follows in a feature from taking the event of that number back."""


async def undo(event: Pressed, tx: Tx, now: datetime, after: AfterUndo) -> Replies:
    """Takes back what one event changed, while nobody has changed it since or built on it."""
    done = await tx.get(EventSeen, event.number("event"))
    if done is None:
        raise Declined(views.too_late())
    if done.undone_at is not None:
        raise Declined(views.undone_before())
    if now - done.at > UNDO_FOR:
        raise Declined(views.too_late())
    if not await changes.made_by(tx, done.id, event.by.person.id):
        raise Declined(views.not_yours())
    try:
        if not await changes.undo(tx, done.id, now):
            raise Declined(views.changed_since())
    except changes.StillNeeded as problem:
        raise Declined(views.built_on()) from problem
    done.undone_at = now
    again = tuple(Refresh(view, ids) for view, ids in done.refreshed)
    return Replies(answer=Answer(says(views.undone())), refresh=again) + await after(tx, done.id, now)
