"""What the clock does after minutes are out: corrections close, and halfway everybody hears how far actions are."""

from datetime import datetime, timedelta

from bot.chat.events import Due
from bot.chat.localtime import today_in
from bot.chat.replies import Replies, Show
from bot.council import planning, telling
from bot.council import standing as council
from bot.minutes import issuing, progress, reply_views
from bot.minutes.correcting import ASKED
from storage.councils import CouncilRoom, rooms
from storage.messages import Lane
from storage.minutes import undecided
from storage.tx import Tx

HALFWAY = "minutes.halfway"
GRACE = timedelta(hours=12)  # Source: domain.md 3.5, reminders


async def close_corrections(event: Due, tx: Tx, _now: datetime) -> Replies:
    """T+5wd 16:00: nobody can ask for a correction any more; what is not decided comes once more."""
    found = await council.due(event, tx)
    if found is None:
        return Replies(skipped=True)
    people = await council.run_by(tx, found)
    left = await undecided(tx, found.meeting.id)
    shows = tuple(
        Show(
            telling.key(found, ASKED, each, f"{row.id}:again"),
            each,
            ASKED,
            planning.ids(found.meeting) | {"correction": row.id},
            Lane.Traffic.PROMPT,
        )
        for row in left
        for each in people
    )
    return Replies(show=shows, refresh=issuing.anew(found.meeting), outcome=reply_views.CORRECTIONS_CLOSED)


async def halfway(event: Due, tx: Tx, now: datetime) -> Replies:
    """Halfway to the next meeting: a line for each who has actions; in the council's rooms, else to who runs it."""
    found = await council.due(event, tx)
    if found is None or event.missed:
        return Replies(skipped=True)
    if not await progress.of_meeting(tx, found, today_in(found.zone, now)):
        return Replies(skipped=True, outcome=reply_views.NO_ACTIONS)
    places = await rooms(tx, found.council.id, CouncilRoom.Purpose.COUNCIL)
    if places:
        about = planning.ids(found.meeting)
        shows = tuple(Show(telling.key(found, HALFWAY, each), each, HALFWAY, about) for each in places)
    else:
        shows = telling.to_people(found, HALFWAY, await council.run_by(tx, found), mark="halfway")
    return Replies(show=shows, outcome=reply_views.HALFWAY)
