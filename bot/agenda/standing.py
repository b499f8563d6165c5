"""What everything about an agenda's items asks first: which item, what somebody is to it, and was somebody faster."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from bot.agenda import merge_views, naming, reply_views, rules
from bot.agenda.rules import MOVES, Kind, State
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.council import standing as council
from bot.council.standing import Around
from bot.work import handlers as work
from bot.work.rules import Move, Part, moves_from, state_words, verbs_from
from storage import audit
from storage.agenda import AgendaItem, item_numbered
from storage.councils import Council
from storage.links import Thing
from storage.meetings import CouncilMeeting, hold
from storage.people import Person
from storage.tx import Tx

TYPED = frozenset({
    "accept", "decline", "merge", "move", "time", "consent", "pull", "admit", "refuse", "defer", "park", "drop",
    "withdraw",
})  # fmt: skip
"""What can be typed behind `/agenda`; the other moves are made with buttons of the meeting, or by the clock."""


@dataclass(frozen=True, slots=True)
class Going:
    """Somebody is about to do something to an item: it is legal, they may, and nobody was faster."""

    tx: Tx
    by: By
    found: Around
    item: AgendaItem
    move: Move[State]
    parts: Collection[Part]
    now: datetime

    def to_target(self, *, reason: str = "", field: str = "state", before: object = None, after: object = None) -> None:
        """Moves it where the table says, and writes that down; `field` with its values is what changed beside that."""
        was = self.item.state
        if self.move.target is not None:
            self.item.state = self.move.target
        values = (was.value, self.item.state.value) if field == "state" else (before, after)
        end = (Thing.AGENDA_ITEM, self.item.id)
        audit.note(self.tx, end, self.move.verb, field=field, before=values[0], after=values[1], reason=reason)


async def going(tx: Tx, by: By, found: Around, item: AgendaItem, verb: str) -> Going:  # noqa: PLR0917 - who does what
    """Raises: Declined (E-05, E-03, E-20) when it can't be done, by this person, now.

    The meeting is held: who comes second sees what the first did.
    """
    await hold(tx, found.meeting)
    await tx.session.refresh(item)
    await _true_answer(tx, by.person, found, item)

    async def stands() -> str:
        return reply_views.stands(item)

    code = reply_views.called(item)
    await work.not_overtaken(tx, (Thing.AGENDA_ITEM, item.id), item, code=code, now=stands)
    parts = await parts_of(tx, by.person, found, item)
    moves = moves_from(MOVES, verb, item.state) or not_now(item, verb, parts)
    return Going(tx, by, found, item, work.permitted(moves, parts, code=code), parts, tx.acting.now)


def not_now(item: AgendaItem, verb: str, parts: Collection[Part]) -> NoReturn:
    """Raises: Declined (E-05) with what this person can do instead, as it is typed behind `/agenda`."""
    done = next(move.done for move in MOVES if move.verb == verb)
    allowed = verbs_from(MOVES, item.state, parts) or verbs_from(MOVES, item.state)
    ways = [each for each in allowed if each in TYPED]
    raise Declined(reply_views.not_now(item, state_words(item.state), done, ways), code="E-05")


def must_be_open(item: AgendaItem) -> None:
    """Raises: Declined (E-05) for an item of which something has become."""
    if not moves_from(MOVES, "time", item.state):
        not_now(item, "time", ())


async def _true_answer(tx: Tx, person: Person, found: Around, item: AgendaItem) -> None:
    """Raises: Declined (E-05) for an item that is part of another one now, or of a meeting that was called off."""
    if item.state is State.MERGED and item.merged_into_id is not None:
        into = await tx.need(AgendaItem, item.merged_into_id)
        raise Declined(merge_views.merged_into(item, await naming.named_to(tx, person, found, into)), code="E-05")
    if item.meeting_id != found.meeting.id:
        other = await council.around(tx, item.meeting_id)
        raise Declined(reply_views.other_meeting(item, (other or found).meets_on), code="E-05")
    if found.meeting.state is CouncilMeeting.State.CANCELLED:
        raise Declined(reply_views.is_cancelled(found.council.name, found.meets_on), code="E-05")


async def parts_of(tx: Tx, person: Person, found: Around, item: AgendaItem) -> frozenset[Part]:
    """What somebody is to an item: what they are to its meeting, and whether they own it."""
    parts = await council.parts_of(tx, person, found)
    owns = person.id == item.owner_id or (item.owner_id is None and person.id == item.created_by)
    return parts | {Part.OWNER} if owns else parts


def not_standing(item: AgendaItem) -> None:
    """Raises: Declined (E-05) for apologies, minutes and reports, which stand there by themselves."""
    if item.kind is not Kind.ITEM:
        raise Declined(reply_views.is_standing(item), code="E-05")


# --- which one


async def meeting_meant(tx: Tx, by: By, named: str) -> Around:
    """The meeting being held, or the next one, of the council meant, as its writer sees it. Raises: Declined."""
    found = await council.next_for(tx, await council.council_meant(tx, by, named), by.person)
    await must_belong_here(tx, by.person, found)
    return found


async def meeting_pressed(tx: Tx, event: Pressed | Submitted) -> Around:
    """The meeting that a button or form is about. Raises: Declined (E-04)."""
    found = work.known(await council.around(tx, event.number("meeting")), "that meeting", "meeting")
    await must_belong_here(tx, event.by.person, found)
    return found


async def must_belong_here(tx: Tx, person: Person, found: Around) -> None:
    """Raises: Declined (E-04) for people of other companies without a seat: that there is a council is not told."""
    if person.is_external and not await council.parts_of(tx, person, found):
        raise work.unseen("that council")


async def item_typed(tx: Tx, event: Asked) -> tuple[Around, AgendaItem, str]:
    """The item that a line names by its number, and the words behind it. Raises: Declined (E-04)."""
    command = event.command
    found = await meeting_meant(tx, event.by, command.keys.get("council", ""))
    number = rules.number_of(command.words)
    if number is None:
        raise Declined(reply_views.which(command.verb.removeprefix("agenda ")))
    section, seq, rest = number
    item = await item_numbered(tx, found.meeting.id, section, seq)
    if item is None:
        raise Declined(reply_views.unknown(section, seq), code="E-04")
    await _may_know(tx, event.by.person, found, item)
    words = " ".join((rest, *command.quoted)).strip().strip('"').strip()
    return found, item, words


async def item_pressed(tx: Tx, event: Pressed | Submitted) -> tuple[Around, AgendaItem]:
    """The item that a button or form is about, with its meeting. Raises: Declined (E-04)."""
    item = work.known(await tx.get(AgendaItem, event.number("item")), "that item", "item")
    found = work.known(await council.around(tx, item.meeting_id), "that meeting", "meeting")
    await must_belong_here(tx, event.by.person, found)
    await _may_know(tx, event.by.person, found, item)
    return found, item


async def _may_know(tx: Tx, person: Person, found: Around, item: AgendaItem) -> None:
    """Raises: Declined (E-04) for an internal item, where somebody may not read those."""
    if not await naming.may_read(tx, person, found, item):
        raise Declined(reply_views.unknown(item.section, item.seq), code="E-04")


# --- around it


async def council_of(tx: Tx, item: AgendaItem) -> Council:
    """Whose agenda it is on."""
    return await tx.need(Council, item.council_id)
