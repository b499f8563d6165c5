"""`/agenda publish` and `/agenda reopen`, and the steps with which an agenda comes out when nobody acts."""

from datetime import UTC, datetime

from bot.agenda import message_views, publishing, reply_views, standing
from bot.agenda.documents import agenda_in, is_only_reports
from bot.agenda.rules import Agenda
from bot.agenda.sources import open_at
from bot.agenda.telling import stale
from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Due, Pressed
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.council.dates import CLOSE_ITEMS
from bot.council.rules import MOVES, State
from bot.council.standing import Around
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.rules import Part
from storage import audit
from storage.agenda import editions, newest_edition
from storage.links import Thing
from storage.meetings import OVER, RUNNING, TO_COME, hold
from storage.people import Person, zone_of
from storage.tx import Tx


async def publish(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/agenda publish`, **Publish**: by the chair; where it is too long only with **Publish all the same**."""
    if isinstance(event, Pressed):
        found = await standing.meeting_pressed(tx, event)
        _as_seen(event, found)
    else:
        found = await standing.meeting_meant(tx, event.by, event.command.keys.get("council", ""))
    await _may(tx, event.by, found)
    agenda = await publishing.prepared(tx, found, now)
    await _may(tx, event.by, found)  # once more: the meeting may have changed before it was held
    await _is_news(tx, event.by, found, agenda)
    if agenda.over_min and not (isinstance(event, Pressed) and event.ids.get("anyway")):
        return Replies(answer=Answer(reply_views.too_long(agenda, found.meeting.id)))
    done = await publishing.brought_out(tx, found, agenda, now, by=event.by.person.id)
    words = reply_views.published(done.edition.number, done.rooms, done.people)
    open_until = open_at(found, now)
    if open_until is not None:
        words += reply_views.still_open(open_until, (found.zone, zone_of(event.by.person)))
    return done.replies + Replies(answer=Answer(says(words)), refresh=stale(found))


def _as_seen(event: Pressed, found: Around) -> None:
    """Raises: Declined (E-20) where the button stands on the draft of a meeting that was moved since."""
    seen = event.number("at")
    if seen and seen != int(found.meeting.starts_at.timestamp()):
        then = datetime.fromtimestamp(min(seen, _LATEST), UTC)
        zones = (found.zone, zone_of(event.by.person))
        words = reply_views.was_moved(found.council.name, then, found.meeting.starts_at, zones)
        raise Declined(words, code="E-20")


_LATEST = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())


async def _may(tx: Tx, by: By, found: Around) -> None:
    """Raises: Declined (E-03, E-05)."""
    state = found.meeting.state
    if state is State.CANCELLED:
        raise Declined(reply_views.is_cancelled(found.council.name, found.meets_on), code="E-05")
    if state in OVER:
        raise Declined(reply_views.too_late(found.meets_on), code="E-05")
    await council.must_be(tx, by.person, found, (Part.CHAIR,))
    work.legal(MOVES, "publish", state, code=found.council.name)


async def _is_news(tx: Tx, by: By, found: Around, agenda: Agenda) -> None:
    """Raises: Declined where this version is the same as the newest one: two chairs at once publish one edition."""
    newest = await newest_edition(tx, found.meeting.id)
    was_moved = found.meeting.state not in {State.PUBLISHED, *RUNNING}
    if newest is None or was_moved or await publishing.changes_since(tx, found, agenda):
        return
    other = await tx.get(Person, newest.published_by) if newest.published_by else None
    overtaken = await audit.overtaken_by(tx, (Thing.MEETING, found.meeting.id))
    if other is not None and other.id != by.person.id and overtaken == other.id:
        raise Declined(reply_views.published_by(first_name(other), newest.number), code="E-20")
    raise Declined(reply_views.nothing_changed(newest.number), code="E-05")


async def reopen(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/agenda reopen`: items are no late ones any more, until it is published anew."""
    found = await standing.meeting_meant(tx, event.by, event.command.keys.get("council", ""))
    await council.must_be(tx, event.by.person, found, (Part.CHAIR,))
    await hold(tx, found.meeting)
    if found.meeting.state not in TO_COME:
        raise Declined(reply_views.too_late(found.meets_on), code="E-05")
    if not found.meeting.items_closed:
        raise Declined(reply_views.is_open(found.meets_on), code="E-05")
    found.meeting.items_closed = False
    audit.note(tx, (Thing.MEETING, found.meeting.id), "reopen", field="items", before="closed", after="open")
    await tx.flush()
    words = reply_views.reopened(found.meets_on)
    return Replies(answer=Answer(says(words)), refresh=stale(found), undoable=True)


# --- the clock


async def publish_on_time(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-23: what nobody published comes out as it was drafted; however late, as long as the meeting is to come."""
    found = await council.due(event, tx, "publish")
    if found is None or found.meeting.state in RUNNING:
        return Replies(skipped=True)
    if found.meeting.state is State.PUBLISHED and not await _was_early(tx, found):
        return Replies(skipped=True)
    agenda = await publishing.prepared(tx, found, now)
    if found.meeting.state in RUNNING or not await _says_more(tx, found, agenda):
        return Replies(skipped=True)
    return (await publishing.brought_out(tx, found, agenda, now, by=None)).replies


async def _was_early(tx: Tx, found: Around) -> bool:
    """Whether the newest version came out while items and reports could still come in time."""
    whole = [each for each in await editions(tx, found.meeting.id) if not is_only_reports(each.content)]
    closes_at = council.steps_of(found.meeting).get(CLOSE_ITEMS)
    return bool(whole) and closes_at is not None and whole[-1].published_at < closes_at


async def _says_more(tx: Tx, found: Around, agenda: Agenda) -> bool:
    """Whether an agenda that is not out, or came out early, says more now: items, or whose report did not come."""
    newest = await newest_edition(tx, found.meeting.id)
    if newest is None or found.meeting.state is not State.PUBLISHED:
        return True
    if not await _was_early(tx, found):
        return False
    is_open = any(each.awaited for each in agenda_in(newest.content).sections)
    return is_open or bool(await publishing.changes_since(tx, found, agenda))


async def republish(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-25: another version, only where something has changed since the newest one."""
    found = await council.due(event, tx, "publish")
    if found is None or found.meeting.state in RUNNING:
        return Replies(skipped=True)
    agenda = await publishing.prepared(tx, found, now)
    if found.meeting.edition and not await publishing.changes_since(tx, found, agenda):
        return Replies(skipped=True, outcome=message_views.NOT_CHANGED)
    return (await publishing.brought_out(tx, found, agenda, now, by=None)).replies
