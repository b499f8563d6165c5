"""What a new item comes from: what the code after `from:` stands for, and whether it stands on an agenda already."""

from collections.abc import Mapping

from sqlmodel import col, select

from bot.agenda import reply_views
from bot.chat.errors import Declined
from bot.council import standing as council
from bot.work import handlers as work
from storage.actions import Action
from storage.agenda import OPEN, AgendaItem
from storage.blockers import Blocker
from storage.customers import VocItem
from storage.decisions import Decision
from storage.initiatives import Initiative, Milestone
from storage.links import End, Link, Thing
from storage.people import Person
from storage.tx import Tx

_Coded = type[Action] | type[Blocker] | type[Initiative] | type[VocItem] | type[Milestone] | type[Decision]
_KINDS: Mapping[str, tuple[Thing, _Coded, str]] = {
    "A": (Thing.ACTION, Action, "action"),
    "B": (Thing.BLOCKER, Blocker, "blocker"),
    "I": (Thing.INITIATIVE, Initiative, "initiative"),
    "V": (Thing.VOC, VocItem, "customer line"),
    "M": (Thing.MILESTONE, Milestone, "milestone"),
    "D": (Thing.DECISION, Decision, "decision"),
}


async def source_of(tx: Tx, person: Person, code: str) -> End | None:
    """What a code is; None for none. Raises: Declined (E-04), also for people of other companies."""
    if not code:
        return None
    known = _KINDS.get(code.upper().partition("-")[0])
    if person.is_external or known is None:
        raise work.unseen(code)
    thing, kind, what = known
    number = await tx.first(select(col(kind.id)).where(col(kind.code) == code.upper()))
    return thing, work.known(number, code, what)


async def must_be_free(tx: Tx, source: End) -> None:
    """Raises: Declined (E-05) with where it stands, for what is on an open agenda."""
    item = await _standing_for(tx, source)
    if item is not None:
        code = await _code_of(tx, source)
        found = work.known(await council.around(tx, item.meeting_id), "that meeting", "meeting")
        raise Declined(reply_views.is_on_already(code, item, found.council.name, found.meets_on), code="E-05")


async def _standing_for(tx: Tx, source: End) -> AgendaItem | None:
    """The open item that came of a thing: itself, what it was merged into, or as it was carried on."""
    led = (Link.from_kind == source[0], Link.from_id == source[1], Link.kind == Link.Kind.LED_TO)
    numbers = {*await tx.all(select(Link.to_id).where(*led, Link.to_kind == Thing.AGENDA_ITEM))}
    seen: set[int] = set()
    while numbers:
        rows = await tx.all(select(AgendaItem).where(col(AgendaItem.id).in_(numbers)).order_by(col(AgendaItem.id)))
        if (stands := next((each for each in rows if each.state in OPEN), None)) is not None:
            return stands
        seen |= numbers
        carried = await tx.all(select(AgendaItem.id).where(col(AgendaItem.carried_from_id).in_(numbers)))
        numbers = {*carried, *(each.merged_into_id for each in rows if each.merged_into_id is not None)} - seen
    return None


async def _code_of(tx: Tx, source: End) -> str:
    kind = next(kind for thing, kind, _ in _KINDS.values() if thing is source[0])
    return (await tx.need(kind, source[1])).code
