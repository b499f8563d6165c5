"""Who is offered to put a thing on a council's agenda."""

from bot.chat.cards import Button
from bot.people.proposal_views import propose
from storage.councils import Council, councils
from storage.people import Person
from storage.tx import Tx


async def offered(tx: Tx, person: Person | None, code: str) -> tuple[Button, ...]:
    """**Put on the agenda**, to people of the organisation while a council meets; in a room to nobody."""
    if person is None or person.is_external:
        return ()
    meets = any(each.state is Council.State.HELD for each in await councils(tx))
    return (propose(code),) if meets else ()
