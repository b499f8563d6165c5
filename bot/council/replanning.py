"""Another rhythm, place or length: the meetings that nobody has called yet follow it."""

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

    One that somebody moved stays where they put it.
    """
    zone = ZoneInfo(council.zone)
    waiting = [each for each in await coming(tx, council.id) if _follows(each)]
    free = await _free_slots(tx, council, waiting, now)
    left = [each for each in waiting if each.slot not in free]
    open_slots = [slot for slot in free if slot not in {each.slot for each in waiting}]
    open_slots = sorted(open_slots)[: len(left)] if len(left) <= len(open_slots) else sorted(open_slots)
    moved: dict[int, datetime] = {}
    plans: tuple[Plan, ...] = ()
    for meeting, slot in zip(sorted(left, key=lambda each: each.slot), open_slots, strict=False):
        was_at = meeting.starts_at
        meeting.slot = slot
        plans += await planning.moved(
            tx, Around(meeting, council), instant(slot.date(), slot.time(), zone), now, by_rhythm=True
        )
        moved[meeting.id] = was_at
        end = (Thing.MEETING, meeting.id)
        audit.note(tx, end, "move", before=was_at.isoformat(), after=meeting.starts_at.isoformat(), field="starts_at")
    return moved, plans


def _follows(meeting: CouncilMeeting) -> bool:
    """Whether a meeting stands where its rhythm had put it and has not been called."""
    return meeting.state is State.PLANNED and meeting.kind is CouncilMeeting.Kind.REGULAR and not meeting.reason


async def _free_slots(tx: Tx, council: Council, waiting: list[CouncilMeeting], now: datetime) -> list[datetime]:
    """As many local times of the new rhythm as there are meetings waiting: those that no other meeting has."""
    zone, mine = ZoneInfo(council.zone), {each.id for each in waiting}
    after = max(today_in(zone, now), council.starts_on) - timedelta(days=1)
    found: list[datetime] = []
    for on in dates.meeting_days(council.rule, council.starts_on, after, DAYS_TRIED):
        slot = datetime.combine(on, council.at_time)
        taken = await meeting_at(tx, council.id, slot)
        if instant(on, council.at_time, zone) > now and (taken is None or taken.id in mine):
            found.append(slot)
        if len(found) == len(waiting):
            break
    return found
