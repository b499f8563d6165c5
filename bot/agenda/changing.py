"""What is done to an item by its number or on a card: accept, decline, merge, move, time, consent, pull and so on."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.agenda import (
    assembly,
    form_views,
    heading,
    merge_views,
    naming,
    publishing,
    reply_views,
    rules,
    settling,
    standing,
)
from bot.agenda.rules import MOVES, State
from bot.agenda.standing import Going, going
from bot.agenda.telling import owner_hears, stale
from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Refresh, Replies
from bot.council import standing as council
from bot.council.rules import Reading
from bot.council.standing import Around
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.rules import Part
from storage import audit
from storage.agenda import AgendaItem, AgendaSection, item_numbered, items_of, sections_of
from storage.links import Thing
from storage.meetings import hold
from storage.people import Person
from storage.tx import Tx


def _done(step: Going, words: str) -> Replies:
    return Replies(answer=Answer(says(words)), refresh=stale(step.found, step.item), undoable=True)


async def accept(event: Asked | Pressed, tx: Tx, _now: datetime) -> Replies:
    """`/agenda accept 5.3`, **Accept**."""
    found, item = await _meant(tx, event)
    step = await going(tx, event.by, found, item, "accept")
    step.to_target()
    await tx.flush()
    return _done(step, reply_views.accepted(item))


async def _meant(tx: Tx, event: Asked | Pressed) -> tuple[Around, AgendaItem]:
    if isinstance(event, Pressed):
        return await standing.item_pressed(tx, event)
    found, item, _ = await standing.item_typed(tx, event)
    return found, item


# --- with a reason


async def with_reason(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/agenda decline 5.3 why`, and likewise defer, park and drop."""
    verb = event.command.verb.removeprefix("agenda ")
    found, item, reason = await standing.item_typed(tx, event)
    if not reason:
        await going(tx, event.by, found, item, verb)
        raise Declined(reply_views.needs_reason(verb, item, _BECAUSE[verb]))
    return await _with_reason(tx, event.by, found, item, verb, work.at_most(rules.REASON_MAX, reason, "That reason"))


_BECAUSE = {
    "decline": "the change board decides that", "defer": "the figures come in January",
    "park": "not before the budget", "drop": "the supplier has changed it",
}  # fmt: skip


async def ask_why(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Decline**: why?"""
    found, item = await standing.item_pressed(tx, event)
    verb = event.verb.removeprefix("agenda.")
    await going(tx, event.by, found, item, verb)
    return Replies(answer=Answer(form_views.why(item, verb)))


async def take_why(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """The reason was sent."""
    found, item = await standing.item_pressed(tx, event)
    verb, reason = event.ids.get("verb", ""), event.values.get("reason", "").strip()
    if verb not in _BECAUSE:
        raise work.unseen("that form")
    if not reason or len(reason) > rules.REASON_MAX:
        form = form_views.why(item, verb).refused(event.values, {"reason": form_views.please_say_why()})
        return Replies(answer=Answer(form, refuses=True))
    return await _with_reason(tx, event.by, found, item, verb, reason)


async def _with_reason(  # noqa: PLR0917 - who does what to which item, and why
    tx: Tx, by: By, found: Around, item: AgendaItem, verb: str, reason: str
) -> Replies:
    step = await going(tx, by, found, item, verb)
    standing.not_standing(item)
    words = await _REASONED[verb](step, reason)
    await tx.flush()
    return await _told(step, words)


async def _told(step: Going, words: str) -> Replies:
    """Its owner hears of it; what was merged into an item that nobody talks about stands by itself, and theirs hear."""
    is_gone = step.item.state in {State.DECLINED, State.WITHDRAWN}
    again = await settling.alone_again(step.tx, step.item) if is_gone else ()
    names = [await naming.named_to(step.tx, step.by.person, step.found, each) for each in again]
    show = [told for each in (step.item, *again) for told in await owner_hears(step.tx, each, step.by.person)]
    return _done(step, words + merge_views.alone_again(names)) + Replies(show=tuple(show))


async def _decline(step: Going, reason: str) -> str:
    step.to_target(reason=reason)
    step.item.reason = reason
    owner = await step.tx.get(Person, step.item.owner_id) if step.item.owner_id else None
    is_own = owner is not None and owner.id == step.by.person.id
    return reply_views.declined(step.item, first_name(owner) if owner and not is_own else "")


async def _defer(step: Going, reason: str) -> str:
    carried = await settling.defer(step.tx, step.found, step.item, reason, step.now)
    _, meets_on = await heading.following_of(step.tx, step.found)
    return reply_views.deferred(step.item, carried, meets_on)


async def _park(step: Going, reason: str) -> str:
    await settling.park(step.tx, step.item, reason, step.now)
    return reply_views.parked(step.item)


async def _drop(step: Going, reason: str) -> str:
    await settling.drop(step.tx, step.item, reason, step.now)
    return reply_views.dropped(step.item)


_REASONED: Mapping[str, Callable[[Going, str], Awaitable[str]]] = {
    "decline": _decline,
    "defer": _defer,
    "park": _park,
    "drop": _drop,
}


# --- where it stands, and how long it takes


async def merge(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/agenda merge 5.3 into:5.1`: what it came from is what the other one came from."""
    found, item, _ = await standing.item_typed(tx, event)
    step = await going(tx, event.by, found, item, "merge")
    standing.not_standing(item)
    number = rules.number_of(event.command.keys.get("into", ""))
    into = await item_numbered(tx, found.meeting.id, number[0], number[1]) if number is not None else None
    if number is not None and into is None:
        raise Declined(reply_views.unknown(number[0], number[1]), code="E-04")
    if into is None or into.id == item.id:
        raise Declined(merge_views.into_itself())
    standing.must_be_open(into)
    owner = await tx.get(Person, into.owner_id or into.created_by or 0)
    if item.internal and owner is not None and owner.is_external:
        raise Declined(merge_views.owner_outside(item, into, first_name(owner)))
    step.to_target(reason=reply_views.number(into))
    item.merged_into_id = into.id
    into.purpose = min(into.purpose, item.purpose, key=rules.STRENGTH.index)
    into.minutes = min(into.minutes + item.minutes, rules.ITEM_MINUTES.stop - 1)
    into.internal = into.internal or item.internal
    await tx.flush()
    named = await naming.named_to(tx, event.by.person, found, into)
    return _done(step, merge_views.merged(item, named)) + Replies(show=await owner_hears(tx, item, event.by.person))


async def move(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/agenda move 5.3 item:7`: another section, and a number that none of its items ever had."""
    found, item, _ = await standing.item_typed(tx, event)
    step = await going(tx, event.by, found, item, "move")
    standing.not_standing(item)
    section = rules.section_of(event.command.keys.get("item", ""))
    if section is None:
        raise Declined(reply_views.not_a_section(event.command.keys.get("item", "")))
    before = reply_views.number(item)
    if section != item.section:
        item.seq = rules.next_seq(await items_of(tx, found.meeting.id), section)
        item.section = section
    step.to_target(field="section", before=before, after=reply_views.number(item))
    await tx.flush()
    return _done(step, reply_views.moved(item, before))


async def retime(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/agenda time 5.3 mins:10`, or `/agenda time 5 mins:20` for a whole section."""
    typed, text = event.command.keys.get("mins", ""), event.command.words
    if rules.number_of(text) is None and rules.section_of(text) is not None:
        return await _section_time(tx, event, rules.section_of(text) or 0, now)
    found, item, _ = await standing.item_typed(tx, event)
    step = await going(tx, event.by, found, item, "time")
    standing.not_standing(item)
    minutes = _minutes(typed, rules.ITEM_MINUTES)
    step.to_target(field="minutes", before=item.minutes, after=minutes)
    item.minutes = minutes
    await tx.flush()
    agenda = await assembly.assembled(tx, found, now, reading=Reading.FULL)
    return _done(step, reply_views.timed(reply_views.number(item), minutes, agenda))


def _minutes(text: str, allowed: range) -> int:
    bare = text.strip()
    number = int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= len("999") else -1
    if number not in allowed:
        raise Declined(reply_views.not_minutes(text, allowed.start, allowed.stop - 1))
    return number


async def _section_time(tx: Tx, event: Asked, section: int, now: datetime) -> Replies:
    found = await standing.meeting_meant(tx, event.by, event.command.keys.get("council", ""))
    await council.must_be(tx, event.by.person, found, (Part.CHAIR, Part.SECRETARY))
    minutes = _minutes(event.command.keys.get("mins", ""), rules.SECTION_MINUTES)
    await hold(tx, found.meeting)
    asked = rules.asked_of((await assembly.assembled(tx, found, now, reading=Reading.FULL)).section(section))
    if minutes < asked:
        raise Declined(reply_views.items_take(section, asked), code="E-05")
    row = next((each for each in await sections_of(tx, found.meeting.id) if each.section == section), None)
    if row is None:
        row = AgendaSection(meeting_id=found.meeting.id, section=section)
        tx.add(row)
    before, row.minutes = row.minutes, minutes
    end = (Thing.MEETING, found.meeting.id)
    audit.note(tx, end, "time", field=f"section {section}", before="" if before is None else before, after=minutes)
    await tx.flush()
    agenda = await assembly.assembled(tx, found, now, reading=Reading.FULL)
    words = reply_views.timed(f"Item {section}", minutes, agenda)
    return Replies(answer=Answer(says(words)), refresh=stale(found), undoable=True)


async def consent(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/agenda consent 5.3`: noted without debate, unless somebody pulls it."""
    found, item, _ = await standing.item_typed(tx, event)
    step = await going(tx, event.by, found, item, "consent")
    step.to_target(field="consent", before=item.consent, after=True)
    item.consent = True
    await tx.flush()
    return _done(step, reply_views.on_consent(item))


async def pull(event: Asked | Pressed, tx: Tx, _now: datetime) -> Replies:
    """`/agenda pull 1.2`: any seat opens it for debate."""
    found, item = await _meant(tx, event)
    step = await going(tx, event.by, found, item, "pull")
    if not item.consent:
        raise Declined(reply_views.not_on_consent(item), code="E-05")
    step.to_target(field="consent", before=True, after=False)
    item.consent = False
    await tx.flush()
    around = Replies(refresh=(Refresh("meeting.room", {"meeting": found.meeting.id}),))
    return _done(step, reply_views.pulled(item)) + around


async def withdraw(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/agenda withdraw 5.3`: its owner takes it back, before it is discussed."""
    found, item, reason = await standing.item_typed(tx, event)
    step = await going(tx, event.by, found, item, "withdraw")
    standing.not_standing(item)
    step.to_target(reason=work.at_most(rules.REASON_MAX, reason, "That reason"))
    item.reason = reason
    await tx.flush()
    return await _told(step, reply_views.withdrawn(item))


async def dispute(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/agenda dispute 5.3 one:"…" other:"…"`: both views, one line each. Source: domain.md S2-30."""
    found, item, _ = await standing.item_typed(tx, event)
    await hold(tx, found.meeting)
    await tx.session.refresh(item)
    standing.not_standing(item)
    parts = await standing.parts_of(tx, event.by.person, found, item)
    if parts.isdisjoint({Part.OWNER, Part.CHAIR, Part.SECRETARY, Part.SEAT}):
        raise Declined(reply_views.only_own(reply_views.called(item)), code="E-03")
    standing.must_be_open(item)
    keys = event.command.keys
    item.one_view = work.at_most(rules.VIEW_MAX, keys.get("one", item.one_view), "That view")
    item.other_view = work.at_most(rules.VIEW_MAX, keys.get("other", item.other_view), "That view")
    audit.note(tx, (Thing.AGENDA_ITEM, item.id), "dispute", field="views", after=f"{item.one_view} / {item.other_view}")
    await tx.flush()
    words = reply_views.disputed(item)
    return Replies(answer=Answer(says(words)), refresh=stale(found, item), undoable=True)


# --- after the close


async def admit(event: Asked | Pressed, tx: Tx, _now: datetime) -> Replies:
    """`/agenda admit 7.4 section:9`, **Admit**: the chair gives leave; without a section it is any other business."""
    found, item = await _meant(tx, event)
    step = await going(tx, event.by, found, item, "admit")
    target = State.PUBLISHED if found.meeting.edition else State.ACCEPTED
    step = replace(step, move=next(each for each in MOVES if each.verb == "admit" and each.target is target))
    typed = event.command.keys.get("section", "") if isinstance(event, Asked) else ""
    section = rules.section_of(typed) if typed else rules.OTHER
    if section is None:
        raise Declined(reply_views.not_a_section(typed))
    if section != item.section:
        item.seq = rules.next_seq(await items_of(tx, found.meeting.id), section)
        item.section = section
    step.to_target()
    await tx.flush()
    hears = Replies(show=await owner_hears(tx, item, event.by.person))
    return _done(step, reply_views.admitted(item)) + hears


async def refuse(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/agenda refuse 7.4`, **Next meeting**: a late item that the chair does not admit stands on the next agenda."""
    found, item = await _meant(tx, event)
    step = await going(tx, event.by, found, item, "refuse")
    following, meets_on = await heading.following_of(tx, found)
    if following is None:
        raise Declined(reply_views.refused(item, None))
    await settling.to_next(tx, item, following, now)
    hears = Replies(show=await owner_hears(tx, item, event.by.person))
    return _done(step, reply_views.refused(item, meets_on)) + hears


async def bring_back(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Bring it back**: a parked item stands on the next agenda."""
    _, item = await standing.item_pressed(tx, event)
    found = await council.next_of(tx, await standing.council_of(tx, item))
    await council.must_be(tx, event.by.person, found, (Part.CHAIR, Part.SECRETARY))
    await hold(tx, found.meeting)
    await publishing.left_behind(tx, found, now)
    carried = await settling.bring_back(tx, found, item)
    if found.meeting.items_closed:
        carried.is_late = True
    words = reply_views.back(carried, today_in(found.zone, found.meeting.starts_at))
    return Replies(answer=Answer(says(words)), refresh=stale(found), undoable=True)
