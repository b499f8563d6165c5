"""Plans that stand in front of people are made anew when what they show has changed."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.chat.localtime import today_in
from bot.chat.replies import NOTHING, Refresh, Replies
from storage.messages import messages_keyed
from storage.mornings import PLAN, key_of, owners_changed_in
from storage.people import Person, zone_of
from storage.tx import Tx

REMADE_DAYS = 5  # Friday's plan is still in front of somebody on Monday, and on Tuesday


async def remade(tx: Tx, event_id: int, now: datetime) -> Replies:
    """What follows for plans from what an event did to actions and milestones."""
    await tx.flush()
    numbers = await owners_changed_in(tx, event_id)
    if not numbers:
        return NOTHING
    people = await tx.all(select(Person).where(col(Person.id).in_(numbers)))
    plans = {
        f"{key_of(on)}:{person.id}": Refresh(PLAN, {"on": on.toordinal()}, reader=person)
        for person in people
        for on in (today_in(zone_of(person), now) - timedelta(days=n) for n in range(REMADE_DAYS))
    }
    there = await messages_keyed(tx, list(plans))
    return Replies(refresh=tuple(plans[key] for key in there))
