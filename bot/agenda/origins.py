"""What a code stands for, after `from:` of a new item."""

from collections.abc import Mapping

from sqlmodel import col, select

from bot.work import handlers as work
from storage.actions import Action
from storage.blockers import Blocker
from storage.customers import VocItem
from storage.decisions import Decision
from storage.initiatives import Initiative, Milestone
from storage.links import End, Thing
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
