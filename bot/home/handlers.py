"""`/today`."""

from datetime import datetime

from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.home import projections
from storage.tx import Tx


async def show_day(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/today`: one's own day, for one's own eyes."""
    return Replies(answer=Answer(await projections.day(tx, event.by.person, now), stays=True))
