"""Outcomes into rows: what a message and its account say after an attempt."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Update, case, func
from sqlmodel import col, or_, select, update

from schedules.outcomes import Again, Dead, Outcome, Shown, row_after
from schedules.parcels import Parcel, report
from storage.messages import Message
from storage.people import Account
from storage.places import Place, found_open
from storage.tx import Tx


async def settle(
    tx: Tx, token: str, outcomes: Iterable[tuple[Parcel, Outcome]], *, now: datetime, real_now: datetime
) -> int:
    """Writes what became of parcels whose rows still carry `token`; how many those are.

    What nobody can mend is told to administrators.
    """
    count = 0
    # In the order of the rows, so that two who write several of them do not wait for each other in a circle.
    for parcel, outcome in sorted(outcomes, key=lambda each: each[0].message_id):
        mine = (col(Message.id) == parcel.message_id, col(Message.token) == token)
        settled = await tx.changed(change_after(outcome, parcel.rev, now=now, real_now=real_now).where(*mine))
        count += settled
        if settled and isinstance(outcome, Dead):
            if outcome.target_gone and parcel.account_id is not None:
                await tx.run(update(Account).where(col(Account.id) == parcel.account_id).values(reachable=False))
            elif outcome.target_gone and parcel.place_id is not None:
                await found_open(tx, col(Place.id) == parcel.place_id, now, is_open=False)
            await report(tx, parcel.view, now)
        if settled and isinstance(outcome, Shown) and parcel.ref is None and parcel.place_id is not None:
            await found_open(tx, col(Place.id) == parcel.place_id, now, is_open=True)
        if settled and isinstance(outcome, Again) and outcome.only_here:
            await _rest(tx, parcel, real_now + timedelta(seconds=outcome.wait_s))
    return count


async def _rest(tx: Tx, parcel: Parcel, until: datetime) -> None:
    """What else of the lane goes to the same conversation waits with it."""
    lane = select(Message.lane_id).where(Message.id == parcel.message_id).scalar_subquery()
    beside = (
        col(Message.lane_id) == lane,
        col(Message.state) == Message.State.READY,
        col(Message.place_id) == parcel.place_id,
        col(Message.account_id) == parcel.account_id,
        or_(col(Message.retry_at).is_(None), col(Message.retry_at) < until),
    )
    await tx.run(update(Message).where(*beside).values(retry_at=until))


def change_after(outcome: Outcome, rev: int, *, now: datetime, real_now: datetime) -> Update:
    """The change of a message's row; `rev` is the state that was sent."""
    values = row_after(outcome, now=now, real_now=real_now)
    if isinstance(outcome, Shown):
        newer = or_(col(Message.wanted_rev) > rev, col(Message.withdrawn).is_(True))
        values |= {
            "state": case((newer, Message.State.READY.value), else_=Message.State.SHOWN.value),
            "shown_rev": rev,
            "first_shown_at": func.coalesce(col(Message.first_shown_at), now),
            "attempts": 0,
        }
    if isinstance(outcome, Again) and not outcome.counts:
        values["attempts"] = Message.attempts - 1
    return update(Message).values(**values)
