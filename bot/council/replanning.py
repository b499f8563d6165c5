"""Another rhythm, place or length: the meetings that nobody has called yet follow it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.localtime import instant, today_in
from bot.chat.replies import Plan, Replies
from bot.council import dates, planning, telling
from bot.council.rules import State
from bot.council.standing import Around
from storage import audit
from storage.councils import Council
from storage.links import Thing
from storage.meetings import TO_COME, CouncilMeeting, coming, meeting_at
from storage.tx import Tx

DAYS_TRIED = 24  # of a rhythm, for the few meetings that are planned ahead


def day_before_first(zone: str, now: datetime) -> date:
    """The day after which a new rhythm begins: today may be its first day."""
    return today_in(ZoneInfo(zone), now) - timedelta(days=1)


async def follow(
    tx: Tx, council: Council, now: datetime, *, is_other_rhythm: bool
) -> tuple[Replies, dict[int, datetime]]:
    """Where and how long the meetings to come are, and on which days; with when those were that moved, by number."""
    replies = Replies(plan=tuple(plan for each in await coming(tx, council.id) for plan in _placed(each, council, now)))
    moved: dict[int, datetime] = {}
    if is_other_rhythm:
        moved, plans = await _on_other_days(tx, council, now)
        replies += Replies(plan=plans)
    replies += await planning.plan_ahead(tx, council, now)
    await tx.flush()
    meetings = [each for each in await coming(tx, council.id) if each.id in moved]
    for meeting in meetings[:1]:  # the others are far away, and are called in their time
        found = Around(meeting, council)
        mark = f"moved:{tx.acting.event_id or 0}"
        replies += Replies(show=await telling.to_rooms(tx, found, telling.MOVED, mark=mark, urgent=True))
    stale = tuple(each for meeting in await coming(tx, council.id) for each in planning.shown(meeting))
    return replies + Replies(refresh=stale), moved


def _placed(meeting: CouncilMeeting, council: Council, now: datetime) -> tuple[Plan, ...]:
    """A meeting to come is where and as long as its council says; its end follows."""
    if meeting.state not in TO_COME:
        return ()
    is_longer = meeting.length_min != council.length_min
    meeting.where, meeting.link, meeting.length_min = council.where, council.link, council.length_min
    if not is_longer:
        return ()
    return planning.set_steps(meeting, {dates.LEFT_OPEN: meeting.ends_at + dates.LEFT_OPEN_AFTER}, now)


async def _on_other_days(tx: Tx, council: Council, now: datetime) -> tuple[dict[int, datetime], tuple[Plan, ...]]:
    """Meetings that were planned by the rhythm and not called go to the days of the new one, in order.

    One that was called, or that somebody moved, stays where it is and stands for the day of the new rhythm next to it.
    """
    zone = ZoneInfo(council.zone)
    every = [each for each in await coming(tx, council.id) if each.kind is CouncilMeeting.Kind.REGULAR]
    days = await _days(tx, council, every, now)
    for fixed in (each for each in every if not _follows(each)):
        near = _next_to(days, fixed.starts_at.astimezone(zone).replace(tzinfo=None))
        if near is not None:
            days.remove(near)
            fixed.slot = near if fixed.state is State.PLANNED else fixed.slot
    waiting = [each for each in every if _follows(each)]
    going = [(each, slot) for each, slot in zip(waiting, days, strict=False) if each.slot != slot]
    for meeting, _ in going:  # for a moment none has a time of the rhythm, so that none is in another one's way
        meeting.slot += timedelta(seconds=1)
    await tx.flush()
    moved: dict[int, datetime] = {}
    plans: tuple[Plan, ...] = ()
    for meeting, slot in going:
        moved[meeting.id], meeting.slot = meeting.starts_at, slot
        at = instant(slot.date(), slot.time(), zone)
        plans += await planning.moved(tx, Around(meeting, council), at, now, by_rhythm=True)
        end, was_at = (Thing.MEETING, meeting.id), moved[meeting.id]
        audit.note(tx, end, "move", before=was_at.isoformat(), after=at.isoformat(), field="starts_at")
    return moved, plans


def _next_to(days: Sequence[datetime], at: datetime) -> datetime | None:
    """The day of a rhythm that a local time is nearest to, unless it is more than half of its distance away."""
    if len(days) < len(("this one", "the next one")):
        return None
    near = min(days, key=lambda each: abs(each - at))
    return near if abs(near - at) <= (days[1] - days[0]) / 2 else None


def _follows(meeting: CouncilMeeting) -> bool:
    """Whether a meeting stands where its rhythm had put it and has not been called."""
    return meeting.state is State.PLANNED and meeting.kind is CouncilMeeting.Kind.REGULAR and not meeting.reason


async def _days(tx: Tx, council: Council, known: Sequence[CouncilMeeting], now: datetime) -> list[datetime]:
    """The next local times of the new rhythm, some more than there are meetings; not those that were called off."""
    zone, mine = ZoneInfo(council.zone), {each.id for each in known}
    after = max(today_in(zone, now), council.starts_on) - timedelta(days=1)
    found: list[datetime] = []
    for on in dates.meeting_days(council.rule, council.starts_on, after, DAYS_TRIED):
        slot = datetime.combine(on, council.at_time)
        taken = await meeting_at(tx, council.id, slot)
        if instant(on, council.at_time, zone) > now and (taken is None or taken.id in mine):
            found.append(slot)
        if len(found) > 2 * len(known):
            break
    return found
