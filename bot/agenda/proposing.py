"""**Put on the agenda** on the card of an action, a blocker, an initiative or a customer's words."""

from datetime import datetime

from sqlmodel import col, select

from bot.agenda import items, reply_views, rules
from bot.agenda.origins import source_of
from bot.blockers import standing as blockers
from bot.chat.errors import Declined
from bot.chat.events import By, Pressed, Submitted
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.work import handlers as work
from storage.actions import Action
from storage.agenda import OPEN, AgendaItem
from storage.blockers import Blocker
from storage.customers import VocItem
from storage.decisions import Decision
from storage.initiatives import Initiative
from storage.links import End, Link, Thing, neighbours
from storage.meetings import hold
from storage.tx import Tx

ONCE = "once"
"""Beside `from` in a form: what stands on an agenda that is open is not put there again."""


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """The form of a new item, filled with what the thing says; it can be sent as it is.

    It asks for the council where several could be meant. Raises: Declined (E-04, E-05).
    """
    code = event.ids.get("from", "")
    source = await source_of(tx, event.by.person, code)
    if source is None:
        raise work.unseen("that")
    await must_be_free(tx, source, code)
    values = await _said(tx, event.by, source, code, now) | {"from": code, ONCE: "1"}
    every = await council.councils_meant(tx, event.by)
    found = await council.next_of(tx, every[0])
    return Replies(answer=Answer(await items.form_for(tx, event.by, found, values, every)))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent; what somebody else has put there meanwhile is not put there twice. Raises: Declined (E-05)."""
    if event.ids.get(ONCE):
        await hold(tx, (await items.meeting_of(tx, event)).meeting)
        source = await source_of(tx, event.by.person, event.ids.get("from", ""))
        if source is not None:
            await must_be_free(tx, source, event.ids["from"])
    return await items.take_form(event, tx, now)


async def must_be_free(tx: Tx, source: End, code: str) -> None:
    """Raises: Declined (E-05) with where it stands, for what is on an open agenda."""
    item = await _standing_for(tx, source)
    if item is not None:
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


async def _said(tx: Tx, by: By, source: End, code: str, now: datetime) -> dict[str, str]:  # noqa: PLR0917 - what by whom
    """What the form says of a thing before anybody has typed: its title, its section, what it is marked with."""
    thing, number = source
    match thing:
        case Thing.ACTION:
            action = await tx.need(Action, number)
            marks = "internal" if await _is_internal(tx, source) else ""
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


async def _is_internal(tx: Tx, source: End) -> bool:
    """Whether an action came from something internal, so that its title may tell what that is."""
    ends = await neighbours(tx, source)
    items_of = [await tx.get(AgendaItem, number) for thing, number in ends if thing is Thing.AGENDA_ITEM]
    decisions = [await tx.get(Decision, number) for thing, number in ends if thing is Thing.DECISION]
    return any(each is not None and each.internal for each in (*items_of, *decisions))
