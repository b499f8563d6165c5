"""Outcomes into rows: what a message and its account say after an attempt."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby

from sqlalchemy import BindParameter, Integer, Update, bindparam, case, func, literal, update
from sqlmodel import col, or_, select

from schedules.outcomes import Again, Dead, Outcome, Shown, row_after
from schedules.parcels import Parcel, report
from storage.columns import RowId, Utc
from storage.messages import MESSAGES, Message
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
    for is_all, some in groupby(sorted(outcomes, key=lambda each: each[0].message_id), key=_is_all):
        if is_all:
            count += await tx.changed_each(_SHOWN, [_shown(*each, token, now) for each in some])
            continue
        for parcel, outcome in some:
            settled = await _written(tx, parcel, outcome, token, now=now, real_now=real_now)
            count += settled
            if settled:
                await _follow(tx, parcel, outcome, now=now, real_now=real_now)
    return count


def _is_all(settled: tuple[Parcel, Outcome]) -> bool:
    """Whether it is shown, and nothing follows from that: a room to which something comes is found to be open."""
    parcel, outcome = settled
    return isinstance(outcome, Shown) and (parcel.ref is not None or parcel.place_id is None)


async def _follow(tx: Tx, parcel: Parcel, outcome: Outcome, *, now: datetime, real_now: datetime) -> None:
    match outcome:
        case Shown() if parcel.ref is None and parcel.place_id is not None:
            await found_open(tx, col(Place.id) == parcel.place_id, now, is_open=True)
        case Again(only_here=True):
            await _rest(tx, parcel, real_now + timedelta(seconds=outcome.wait_s))
        case Dead():
            if outcome.target_gone and parcel.account_id is not None:
                await tx.run(update(Account).where(col(Account.id) == parcel.account_id).values(reachable=False))
            elif outcome.target_gone and parcel.place_id is not None:
                await found_open(tx, col(Place.id) == parcel.place_id, now, is_open=False)
            await report(tx, parcel.view, now)
        case _:
            pass


async def _written(tx: Tx, parcel: Parcel, outcome: Outcome, token: str, *, now: datetime, real_now: datetime) -> int:
    if isinstance(outcome, Shown):
        return await tx.changed_each(_SHOWN, [_shown(parcel, outcome, token, now)])
    mine = (col(Message.id) == parcel.message_id, col(Message.token) == token)
    return await tx.changed(change_after(outcome, parcel.rev, now=now, real_now=real_now).where(*mine))


def _shown(parcel: Parcel, outcome: Outcome, token: str, now: datetime) -> dict[str, object]:
    ref = outcome.ref if isinstance(outcome, Shown) else ""
    return {"its_id": parcel.message_id, "its_token": token, "ref": ref, "rev": parcel.rev, "at": now}


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
        return _now_shown(update(Message), values, literal(rev, Integer), literal(now, Utc))
    if isinstance(outcome, Again) and not outcome.counts:
        values["attempts"] = Message.attempts - 1
    return update(Message).values(**values)


def _now_shown(
    change: Update, values: Mapping[str, object], rev: BindParameter[int], at: BindParameter[datetime]
) -> Update:
    newer = or_(col(Message.wanted_rev) > rev, col(Message.withdrawn).is_(True))
    return change.values(
        **dict(values)
        | {
            "state": case((newer, Message.State.READY.value), else_=Message.State.SHOWN.value),
            "shown_rev": rev,
            "first_shown_at": func.coalesce(col(Message.first_shown_at), at),
            "attempts": 0,
        }
    )


def _worded() -> Update:
    """What nearly every message ends with, worded once for all of them: `its_id` is shown at `at` under `ref`."""
    at = bindparam("at", type_=Utc)
    values = row_after(Shown(""), now=NEVER, real_now=NEVER) | {"platform_ref": bindparam("ref"), "shown_at": at}
    mine = (col(Message.id) == bindparam("its_id", type_=RowId), col(Message.token) == bindparam("its_token"))
    return _now_shown(update(MESSAGES), values, bindparam("rev", type_=Integer), at).where(*mine)


NEVER = datetime.min.replace(tzinfo=UTC)  # stands where a time is left open
_SHOWN = _worded()
