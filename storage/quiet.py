"""What reaches a person on a day: how many direct messages, the digest of the rest, and what their status suggests."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import null, update
from sqlmodel import Field, UniqueConstraint, col, select

from storage import messages
from storage.columns import Noun, Row, Utc, constraints, count, number_of, word
from storage.inserting import add_all_once
from storage.messages import Lane, Message, ids_text, lane_of
from storage.tx import Tx

DIGEST_VIEW = "quiet.digest"
BEYOND = "beyond the day's number"


class DirectDay(Row, table=True):
    """A person's day on their own clock: how many messages were let through, and when the digest of the rest is due."""

    __table_args__ = constraints(UniqueConstraint("person_id", "on"))
    person_id: int = number_of("person")
    on: date
    sent: int = count()
    digest_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


class StatusHint(Noun, table=True):
    """Days on which somebody seems to be away by their status in the chat; they are asked once, and decide."""

    class State(StrEnum):
        """What they said."""

        ASKED = "asked"
        NOTED = "noted"
        DECLINED = "declined"

    person_id: int = number_of("person", index=True)
    from_on: date
    to_on: date | None = None
    """The last day, where the status says when it ends."""
    state: State = word(State, default=State.ASKED)
    stands: bool = True
    """Whether the status has said the same ever since: about one that stands nobody is asked twice."""


class Aside(NamedTuple):
    """A message that is beyond its person's number, and the day whose digest takes it; `at` is when that comes."""

    message: Message
    on: date
    at: datetime


async def days_counted(tx: Tx, days: Collection[tuple[int, date]]) -> Mapping[int, DirectDay]:
    """Today's row of each person, by their number, locked until this transaction ends: nobody else counts meanwhile."""
    await add_all_once(tx, [DirectDay(person_id=person_id, on=on) for person_id, on in sorted(days)])
    found = await _days(tx, days)
    return {each.person_id: each for each in found}


async def _days(tx: Tx, days: Collection[tuple[int, date]]) -> Sequence[DirectDay]:
    """Always locked in the same order, so that two who want several of them do not wait for each other in a circle."""
    found = await tx.all(
        select(DirectDay)
        .where(
            col(DirectDay.person_id).in_({person_id for person_id, _ in days}),
            col(DirectDay.on).in_({on for _, on in days}),
        )
        .order_by(col(DirectDay.id))
        .with_for_update()
    )
    return [each for each in found if (each.person_id, each.on) in days]


async def set_aside(tx: Tx, aside: Sequence[Aside], install_id: int, now: datetime) -> None:
    """Makes messages lines of their day's digest, which is wanted with the first of them; as many queries for all."""
    if not aside:
        return
    wanted = {(each.message.person_id or 0, each.on): each for each in aside}
    await add_all_once(tx, [DirectDay(person_id=person_id, on=on) for person_id, on in sorted(wanted)])
    days = {(each.person_id, each.on): each for each in await _days(tx, wanted)}
    for each in aside:
        day, message = days[each.message.person_id or 0, each.on], each.message
        day.digest_at = day.digest_at or each.at
        message.state, message.day_id, message.error = Message.State.HELD, day.id, ""
        message.put_off_from, message.put_off_why = message.put_off_from or message.due_at, BEYOND
    lane = await lane_of(tx, install_id, Lane.Traffic.PROMPT)
    digests = [_digest(day, wanted[key].message, lane, now) for key, day in sorted(days.items())]
    before = await messages.messages_keyed(tx, [each.key for each in digests])
    await add_all_once(tx, [each for each in digests if each.key not in before])
    for digest in digests:
        if digest.key in before:
            await messages.want(tx, digest)


def digest_key(day_id: int) -> str:
    """The key of a day's digest."""
    return f"quiet.digest:{day_id}"


def _digest(day: DirectDay, first: Message, lane: Lane, now: datetime) -> Message:
    return Message(
        key=digest_key(day.id),
        lane_id=lane.id,
        person_id=day.person_id,
        account_id=first.account_id,
        view=DIGEST_VIEW,
        ids=ids_text({"day": day.id}),
        due_at=day.digest_at or now,
    )


async def set_aside_on(tx: Tx, day_id: int) -> Sequence[Message]:
    """What was set aside for a day's digest, whatever became of it, oldest first."""
    ready_first = (col(Message.put_off_from), col(Message.id))
    return await tx.all(select(Message).where(col(Message.day_id) == day_id).order_by(*ready_first))


async def opened(tx: Tx, message_id: int, answers: Lane, now: datetime) -> bool:
    """Sends what was set aside as an answer, at once; False where somebody was faster, or it is over."""
    held = (col(Message.id) == message_id, col(Message.state) == Message.State.HELD)
    ready = {"state": Message.State.READY, "lane_id": answers.id, "due_at": now}
    return bool(await tx.changed(update(Message).where(*held).values(**ready)))


async def look_again(tx: Tx, person_id: int, now: datetime) -> None:
    """Somebody's days or quiet have changed: what waits for them is weighed anew when it is looked at next.

    So is what was set aside for a digest that is still to come.
    """
    await tx.flush()
    waits = (
        col(Message.person_id) == person_id,
        col(Message.state) == Message.State.READY,
        col(Message.platform_ref).is_(None),
        col(Message.put_off_from).is_not(None),
    )
    anew = {"due_at": col(Message.put_off_from), "put_off_from": null(), "put_off_why": ""}
    await tx.changed(update(Message).where(*waits).values(**anew))
    to_come = select(DirectDay.id).where(DirectDay.person_id == person_id, col(DirectDay.digest_at) > now)
    held = (col(Message.state) == Message.State.HELD, col(Message.day_id).in_(to_come))
    back = {"state": Message.State.READY, "day_id": null()}
    await tx.changed(update(Message).where(col(Message.person_id) == person_id, *held).values(**anew, **back))
