"""Blockers that went up to the council stand on its draft by themselves, and the secretary sees them, once.

Source: domain.md 3.4 (P-06).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.agenda import rules
from bot.agenda.telling import PROPOSED, ids, stale
from bot.blockers.rules import SPONSOR as TOP_TIER
from bot.chat.events import Due
from bot.chat.replies import NOTHING, Replies, Show
from bot.chat.routing import Handler, Step
from bot.council.planning import plan_ahead
from bot.council.standing import Around, next_seen, run_by
from storage import audit
from storage.agenda import AgendaItem, items_of
from storage.agenda_sources import gone_up
from storage.blockers import Blocker, asks_of
from storage.councils import Council, councils
from storage.links import Link, Thing, link
from storage.meetings import hold
from storage.messages import Lane
from storage.tx import Tx


async def went_up(tx: Tx, now: datetime) -> Replies:
    """What went up as far as it goes and stands on no agenda yet is proposed for the council's next meeting.

    Where there are several councils it is the oldest one that meets; without one it stays with the sponsors.
    """
    held = next((each for each in await councils(tx) if each.state is Council.State.HELD), None)
    found = await gone_up(tx, TOP_TIER) if held is not None else ()
    if held is None or not found:
        return NOTHING
    planned = await plan_ahead(tx, held, now)
    meeting = await next_seen(tx, held, None)
    if meeting is None:
        return NOTHING
    around = Around(meeting, held)
    await hold(tx, meeting)
    return planned + await _proposed(tx, around, found)


def then_proposed(steps: Mapping[str, Step]) -> dict[str, Step]:
    """Steps in which blockers go up, after which the council's draft has what went up as far as it goes."""
    return {kind: replace(step, handler=_then_proposed(step.handler)) for kind, step in steps.items()}


def _then_proposed(handler: Handler[Due]) -> Handler[Due]:
    async def handle(event: Due, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        await tx.flush()
        return await went_up(tx, now) + replies

    return handle


async def _proposed(tx: Tx, found: Around, blockers: Sequence[Blocker]) -> Replies:
    secretary = next(iter(await run_by(tx, found)), None)
    replies = Replies(refresh=stale(found))
    for blocker in blockers:
        item = await _item(tx, found, blocker, secretary.id if secretary is not None else None)
        if secretary is not None and not await _was_asked(tx, blocker, secretary.id):
            key = f"agenda:{item.id}:proposed:{secretary.id}"
            replies += Replies(show=(Show(key, secretary, PROPOSED, ids(item), Lane.Traffic.PROMPT),))
    return replies


async def _was_asked(tx: Tx, blocker: Blocker, person_id: int) -> bool:
    """Whether somebody has the blocker itself in front of them, which says where it stands."""
    return any(each.person_id == person_id and each.tier == TOP_TIER for each in await asks_of(tx, blocker.id))


async def _item(tx: Tx, found: Around, blocker: Blocker, owner_id: int | None) -> AgendaItem:
    section = rules.of_blocker(blocker)
    rows = await items_of(tx, found.meeting.id)
    item = AgendaItem(
        council_id=found.council.id,
        meeting_id=found.meeting.id,
        section=section,
        seq=rules.next_seq(rows, section),
        title=blocker.text[: rules.TITLE_MAX],
        purpose=rules.Purpose.DECISION,
        minutes=rules.USUAL_MIN,
        owner_id=blocker.taken_by or blocker.raised_by or owner_id,
        stance=AgendaItem.Stance.REACTIVE,
    )
    tx.add(item)
    await tx.flush()
    await link(tx, (Thing.BLOCKER, blocker.id), (Thing.AGENDA_ITEM, item.id), Link.Kind.LED_TO)
    audit.note(tx, (Thing.AGENDA_ITEM, item.id), "add", after=item.state.value)
    await tx.flush()
    return item
