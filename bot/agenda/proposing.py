"""**Put on the agenda** on the card of an action, a blocker, an initiative or a customer's words."""

from datetime import datetime

from bot.agenda import items, rules
from bot.agenda.origins import must_be_free, source_of
from bot.blockers import standing as blockers
from bot.chat.events import By, Pressed
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.work import handlers as work
from storage.actions import Action
from storage.agenda import AgendaItem
from storage.blockers import Blocker
from storage.customers import VocItem
from storage.initiatives import Initiative
from storage.lineage import internal_origin
from storage.links import End, Thing
from storage.tx import Tx


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """The form of a new item, filled with what the thing says; it can be sent as it is.

    It asks for the council where several could be meant. Raises: Declined (E-04, E-05).
    """
    code = event.ids.get("from", "")
    source = await source_of(tx, event.by.person, code)
    if source is None:
        raise work.unseen("that")
    await must_be_free(tx, source)
    values = await _said(tx, event.by, source, code, now) | {"from": code}
    every = await council.councils_meant(tx, event.by)
    found = await council.next_for(tx, every[0], event.by.person)
    return Replies(answer=Answer(await items.form_for(tx, event.by, found, values, every)))


async def _said(tx: Tx, by: By, source: End, code: str, now: datetime) -> dict[str, str]:  # noqa: PLR0917 - what by whom
    """What the form says of a thing before anybody has typed: its title, its section, what it is marked with."""
    thing, number = source
    match thing:
        case Thing.ACTION:
            action = await tx.need(Action, number)
            marks = "internal" if await internal_origin(tx, source) is not None else ""
            return _values(action.title, rules.INITIATIVES, marks=marks)
        case Thing.BLOCKER:
            blocker = await tx.need(Blocker, number)
            if not await blockers.may_see(tx, blocker, by.person, now):
                raise work.unseen(code)
            return _values(blocker.text, rules.of_blocker(blocker), stance=AgendaItem.Stance.REACTIVE.value)
        case Thing.INITIATIVE:
            initiative = await tx.need(Initiative, number)
            runs = initiative.state in {Initiative.State.IN_FLIGHT, Initiative.State.PAUSED, Initiative.State.DELIVERED}
            return _values(initiative.title, rules.INITIATIVES if runs else rules.RANKING)
        case Thing.VOC:
            return _values((await tx.need(VocItem, number)).words, rules.RESULTS, marks="customers")
        case _:
            raise work.unseen(code)


def _values(title: str, section: int, *, marks: str = "", stance: str = "") -> dict[str, str]:
    return {"title": title[: rules.TITLE_MAX], "item": str(section), "marks": marks, "stance": stance}
