"""What can be typed about who takes part."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from bot.chat.commands import Rest, Usage
from bot.chat.events import Asked
from bot.chat.replies import Replies
from bot.chat.routing import Command, Handler, Who
from bot.people import handlers, mailing
from storage.people import Person
from storage.tx import Tx

Changed: TypeAlias = Callable[[Asked, Tx], Awaitable[tuple[Sequence[Person], Replies]]]
"""Who came or went, and what is said."""
Moved: TypeAlias = Callable[[Tx, Person, datetime], Awaitable[None]]
"""What follows when somebody came or went."""


def commands(moved: Moved) -> tuple[Command, ...]:
    """`/people …`, with what follows from it in the huddles."""
    return (
        Command(
            Usage("people add", people=True, plain=False),
            "Let a guest take part",
            _following(handlers.add_guests, moved),
            who=Who.ADMIN,
            example="/people add @Robin",
            also="/people add @Robin @Sam",
        ),
        Command(
            Usage("people mail", rest=Rest.WORDS, keys=("dept",), plain=False, apart=True),
            "Let somebody take part who has e-mail only",
            _following(mailing.add_by_mail, moved),
            who=Who.ADMIN,
            example='/people mail sam@metering.example "Sam Okello" dept:"Metering Ltd"',
            also='/people mail ada@northwater.example "Ada Okafor"',
            keys=('dept:"Metering Ltd"',),
        ),
        Command(
            Usage("people remove", people=True, plain=False),
            "A guest takes no part any more",
            _following(handlers.remove_guests, moved),
            who=Who.ADMIN,
            example="/people remove @Robin",
            also="/people remove @Sam",
        ),
    )


def _following(change: Changed, moved: Moved) -> Handler[Asked]:
    async def handle(event: Asked, tx: Tx, now: datetime) -> Replies:
        people, replies = await change(event, tx)
        for person in people:
            await moved(tx, person, now)
        return replies

    return handle
