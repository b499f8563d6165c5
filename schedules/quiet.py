"""A person's quiet, at the moment of sending: what waits, what is set aside for the digest, what may go out.

All of it is rows in the claiming transaction: a worker that dies has decided nothing, and of two workers that claim
for one person at once, the second counts on from what the first has let through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from sqlmodel import col, select

from bot import wanted
from bot.chat.localtime import today_in
from bot.chat.routing import Manners, Projection
from bot.people.rules import Days
from bot.people.there import days_of
from bot.quiet import rules
from storage.messages import Lane, Message
from storage.organisations import Install, organisation_of
from storage.people import Person, zone_of
from storage.quiet import Aside, DirectDay, days_counted, set_aside, set_aside_on
from storage.tx import Tx

LEFT = "they take no part any more"
NO_REMINDERS = "they do without reminders"
TOO_LATE = "too late"
NOT_WANTED = "not wanted any more"

log = structlog.get_logger()


@dataclass(slots=True)
class Hush:
    """The quiet of those to whom a batch goes. Without `manners`, or for rooms and answers, nothing is asked."""

    now: datetime
    manners: Manners = field(default_factory=Manners)
    weighed: Mapping[int, Message] = field(default_factory=dict)
    days: Mapping[int, Days] = field(default_factory=dict)
    quiet: Mapping[int, rules.Quiet] = field(default_factory=dict)
    waits: Mapping[int, rules.Wait | None] = field(default_factory=dict)
    counted: Mapping[int, DirectDay] = field(default_factory=dict)
    aside: list[Aside] = field(default_factory=list)

    def holds_back(self, message: Message) -> str:
        """Why a message does not go out now, in a word; empty where it may. It waits, or is given up."""
        if message.id not in self.weighed:
            return ""
        person = self.days[message.person_id or 0].person
        wait = self.waits[person.id]
        if not person.active:
            message.state, message.error = Message.State.CANCELLED, LEFT
            return "left"
        if message.view in self.manners.reminders and not person.reminders:
            message.state, message.error = Message.State.CANCELLED, NO_REMINDERS
            return "no_reminders"
        if wait is None:
            return ""
        message.put_off_from = message.put_off_from or message.due_at
        message.put_off_why = wait.why.value
        message.due_at = wait.until
        return "waits"

    def counts(self, message: Message) -> bool:
        """Whether a message is within its person's number for the day, and counts it; else it is set aside."""
        if message.id not in self.weighed or message.view in self.manners.uncounted:
            return True
        days = self.days[message.person_id or 0]
        day, quiet = self.counted[days.person.id], self.quiet[days.person.id]
        if message.counted_on == day.on:
            return True  # it was let through before, and could not be sent
        if day.sent < quiet.a_day:
            day.sent += 1
            message.counted_on = day.on
            return True
        self.aside.append(Aside(message, *rules.digest_slot(days, quiet, self.now, day.digest_at)))
        return False


async def hush_of(tx: Tx, lane: Lane, due: Sequence[Message], manners: Manners | None, *, now: datetime) -> Hush:
    """What has to be known of the people to whom a batch goes: the same few queries for however many they are."""
    if manners is None or lane.traffic is Lane.Traffic.REPLY:
        return Hush(now)
    weighed = {each.id: each for each in due if _is_weighed(each, manners)}
    if not weighed:
        return Hush(now)
    ids = {each.person_id for each in weighed.values()}
    people = await tx.all(select(Person).where(col(Person.id).in_(ids)))
    organisation = await organisation_of(tx)
    first = min(today_in(zone_of(each), now) for each in people)
    days = await days_of(tx, people, first)
    quiet = {each.id: rules.quiet_of(each, organisation) for each in people}
    waits = {each.id: rules.wait(days[each.id], quiet[each.id], now) for each in people}
    reached = [each for each in people if each.active and waits[each.id] is None]
    today = {(each.id, today_in(zone_of(each), now)) for each in reached}
    return Hush(now, manners, weighed, days, quiet, waits, await days_counted(tx, today) if today else {})


def _is_weighed(message: Message, manners: Manners) -> bool:
    """A direct message that is new to its reader; what stands there already is remade without a sound."""
    is_new = message.person_id is not None and message.platform_ref is None and not message.withdrawn
    return is_new and not message.urgent and message.view not in manners.exempt


async def keep_aside(tx: Tx, hush: Hush, install: Install) -> None:
    """Writes what was set aside."""
    await set_aside(tx, hush.aside, install.id, hush.now)


async def clear(tx: Tx, day_id: int, views: Mapping[str, Projection], now: datetime) -> None:
    """Before a digest is drawn for the first time: what is over, or need not be seen any more, is no line of it."""
    for message in await set_aside_on(tx, day_id):
        if message.state is not Message.State.HELD:
            continue
        if message.not_after is not None and message.not_after < now:
            message.state, message.error = Message.State.CANCELLED, TOO_LATE
            continue
        try:
            card = await wanted.projected(tx, views, message, now)
        except Exception:  # it stays a line; opened, it is told as what could not be drawn
            log.exception("render_failed", message=message.id, view=message.view)
            continue
        if card is None:
            message.state, message.error = Message.State.CANCELLED, NOT_WANTED
    await tx.flush()
