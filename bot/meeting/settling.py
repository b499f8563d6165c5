"""What becomes of an item at the table: noted, put off, made an action, parked or dropped.

Source: domain.md 2.3, S2-04.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.actions.making import Draft
from bot.actions.rules import DONE_WHEN_MAX, TITLE_MAX
from bot.agenda import settling as agenda
from bot.chat.errors import Declined
from bot.chat.events import By, Pressed, Submitted, row_number
from bot.chat.localtime import today_in
from bot.chat.replies import NOTHING, Answer, Replies
from bot.council import planning
from bot.council.standing import Around
from bot.meeting import arriving, close_views, form_views, reply_views, rules, standing
from bot.meeting.rules import Open, Outcome
from bot.people import handlers as people
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.views import REASON_MAX
from storage import meetings
from storage.agenda import AgendaItem
from storage.people import Person, zone_of
from storage.tx import Tx

ACTION_WITHIN = timedelta(days=14)  # where no next meeting is planned


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an item, why, and who owns what follows."""

    one: Open
    outcome: Outcome
    why: str = ""
    owner: Person | None = None

    @property
    def item(self) -> AgendaItem:
        """The item."""
        return self.one.item


async def open_items(tx: Tx, found: Around, reader: Person) -> list[Open]:
    """The items of which nothing has become yet, by number, with what may become of each."""
    following = await meetings.next_meeting(tx, found.council.id, after=found.meeting.starts_at)
    every = await agenda.open_at_close(tx, found)
    return [await _opened(tx, each, reader, has_next=following is not None) for each in every]


async def _opened(tx: Tx, item: AgendaItem, reader: Person, *, has_next: bool) -> Open:
    """An open item with what may become of it; an action is for its owner, where they are still with us."""
    owner = None if item.owner_id is None else await tx.get(Person, item.owner_id)
    return Open(
        item,
        must_choose=agenda.must_choose(item),
        needs_owner=await agenda.lacks_owner(tx, item),
        can_hand_over=owner is not None and owner.active,
        is_veiled=item.internal and reader.is_external,
        has_next=has_next,
    )


async def ask_defer(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Defer**: the form, with the item that is up."""
    return await _asked(event, tx, {form_views.OUTCOME: Outcome.DEFERRED.value})


async def ask_settle(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Settle an item**: the form."""
    return await _asked(event, tx, {})


async def _asked(event: Pressed, tx: Tx, values: Mapping[str, str]) -> Replies:
    found = await standing.run_by(event, tx)
    standing.must_stand(found, meetings.RUNNING, "settled")
    every = await open_items(tx, found, event.by.person)
    here = [each for each in every if each.item.section == found.meeting.section]
    offered = (here + [each for each in every if each not in here])[: form_views.ITEMS_SHOWN]
    if not offered:
        raise Declined(reply_views.nothing_open(None))
    chosen = found.meeting.item_id if any(each.item.id == found.meeting.item_id for each in offered) else None
    chosen = chosen or (here[0].item.id if len(here) == 1 else None)
    known = {form_views.ITEM: str(chosen)} if chosen is not None else {}
    return Replies(answer=Answer(form_views.settle(arriving.meeting_ids(found), offered, known | dict(values))))


async def take_settle(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent; what is missing in it is said beside it."""
    found = await standing.run_by(event, tx)
    standing.must_stand(found, meetings.RUNNING, "settled")
    every = await open_items(tx, found, event.by.person)
    number = row_number(event.values.get(form_views.ITEM, ""))
    one = next((each for each in every if each.item.id == number), None)
    if one is None:
        raise Declined(reply_views.unknown_item("like that"), code="E-05")
    owner = await _owner(tx, event, one)
    errors = form_views.errors(one, event.values, has_owner=owner is not None)
    if errors:
        offered = [one, *(each for each in every if each is not one)][: form_views.ITEMS_SHOWN]
        form = form_views.settle(arriving.meeting_ids(found), offered, {})
        return Replies(answer=Answer(form.refused(event.values, errors), refuses=True))
    why = work.at_most(REASON_MAX, event.values.get(form_views.WHY, "").strip(), "That")
    fate = Fate(one, Outcome(event.values[form_views.OUTCOME]), why, owner)
    told = await settled(tx, found, event.by, fate, now=now)
    card = reply_views.settled(await line(tx, found, fate))
    refresh = planning.shown(found.meeting, rules.ROOM, rules.CHAIR)
    return told + Replies(answer=Answer(card), refresh=refresh, undoable=True)


async def _owner(tx: Tx, event: Submitted, one: Open) -> Person | None:
    """Who is named to own it, else who brought it up."""
    value = event.values.get(form_views.OWNER, "").strip()
    if value:
        return await people.chosen(tx, event.by.place, value)
    return await tx.get(Person, one.item.owner_id) if one.can_hand_over and one.item.owner_id is not None else None


async def settled(tx: Tx, found: Around, by: By, fate: Fate, *, now: datetime) -> Replies:
    """One item is settled; what its people hear is in the replies. Raises: Declined (E-05, E-14)."""
    item, why = fate.item, fate.why
    match fate.outcome:
        case Outcome.NOTED:
            await agenda.note(tx, item, why, now)
        case Outcome.DEFERRED:
            await agenda.defer(tx, found, item, why, now)
        case Outcome.PARKED:
            await agenda.park(tx, item, why, now)
        case Outcome.DROPPED:
            await agenda.drop(tx, item, why, now)
        case Outcome.ACTIONED:
            return await _made_action(tx, found, by, fate, now=now)
    return NOTHING


async def _made_action(tx: Tx, found: Around, by: By, fate: Fate, *, now: datetime) -> Replies:
    if fate.owner is None:
        raise Declined(form_views.PLEASE_NAME)
    due = await due_on(tx, found, by.person, now)
    draft = Draft(fate.item.title[:TITLE_MAX], fate.owner, due, done_when=fate.why[:DONE_WHEN_MAX])
    _, told = await agenda.make_action(tx, by, fate.item, draft, now)
    return Replies(show=told.show, refresh=told.refresh, plan=told.plan)


async def due_on(tx: Tx, found: Around, person: Person, now: datetime) -> date:
    """When an action from an item is due: at the next meeting, where it can be shown."""
    following = await meetings.next_meeting(tx, found.council.id, after=found.meeting.starts_at)
    today = today_in(zone_of(person), now)
    if following is None:
        return today + ACTION_WITHIN
    return max(today, today_in(found.zone, following.starts_at))


async def line(tx: Tx, found: Around, fate: Fate) -> str:
    following = await meetings.next_meeting(tx, found.council.id, after=found.meeting.starts_at)
    next_on = None if following is None else today_in(found.zone, following.starts_at)
    return close_views.became(fate.one, fate.outcome, next_on, first_name(fate.owner) if fate.owner else "")
