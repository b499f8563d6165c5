"""Who comes: yes, no, a deputy; typed, pressed or in a form, changed until the meeting starts, one answer a seat."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.council import attend_views, reading, standing, telling, views
from bot.council.attend_views import DECIDES, NO, REASON_MAX, WHO, YES
from bot.council.facing import seated
from bot.council.rules import Held, voting
from bot.council.standing import Around
from bot.guide.views import old_button
from bot.people import handlers as people
from bot.people.rules import first_name
from bot.work.handlers import one_person
from bot.work.rules import Part
from storage.meetings import Attendance, hold
from storage.people import Person, zone_of
from storage.tx import Tx

Rsvp = Attendance.Rsvp
KEYS = ("council", "deputy", "for", "reason")


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a seat at a meeting."""

    whose: Person
    rsvp: Rsvp
    reason: str = ""
    deputy: Person | None = None
    can_decide: bool = False


async def attend(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council attend yes`, `no "on leave"`, `deputy:@Ida can-decide`; a secretary also `for:@Sam`."""
    by, command = event.by, event.command
    council = await standing.council_meant(tx, by, command.keys.get("council", ""))
    found = await standing.next_for(tx, council, None)
    whose = await one_person(tx, by, command.keys["for"]) if command.keys.get("for") else by.person
    word, _, rest = command.words.partition(" ")
    reason = command.keys.get("reason", "") or next(iter(command.quoted), "")
    if command.keys.get("deputy"):
        deputy = await one_person(tx, by, command.keys["deputy"])
        decides = bool(reading.CAN_DECIDE & {command.words.casefold()})
        said = Said(whose, Rsvp.DEPUTY, reason, deputy, can_decide=decides)
    elif word.casefold() in {YES, NO}:
        said = Said(whose, Rsvp(word.casefold()), (reason or rest)[:REASON_MAX])
    elif not command.words:
        return Replies(answer=Answer(attend_views.card(await seated(tx, found, whose), zone_of(by.person))))
    else:
        raise Declined(attend_views.how(council.name))
    return await _recorded(tx, by, found, said, now=now)


async def show(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**My attendance**: what I said, and how to change it."""
    found = await of_ids(tx, event)
    person = event.by.person
    return Replies(answer=Answer(attend_views.card(await seated(tx, found, person), zone_of(person)), stays=True))


async def yes(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Yes**."""
    return await _recorded(tx, event.by, await of_ids(tx, event), Said(event.by.person, Rsvp.YES), now=now)


async def no(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**No**; a deputy is asked for in the answer."""
    return await _recorded(tx, event.by, await of_ids(tx, event), Said(event.by.person, Rsvp.NO), now=now)


async def open_deputy(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Deputy**, **Send a deputy**: the form, with who sits in as a rule."""
    found = await of_ids(tx, event)
    held = await _seat_of(tx, found, event.by.person)
    _must_be_ahead(found)
    usual = held.seat.deputy_id
    values = {WHO: "" if usual is None else str(usual), DECIDES: YES if held.seat.deputy_can_decide else ""}
    return Replies(answer=Answer(attend_views.deputy_form(found.council, found.meeting, values)))


async def take_deputy(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    found, by = await of_ids(tx, event), event.by
    value = event.values.get(WHO, "").strip()
    deputy = await people.chosen(tx, by.place, value) if value else None
    errors = _errors(by, deputy, event.values)
    if deputy is None or errors:
        form = attend_views.deputy_form(found.council, found.meeting, event.values)
        return Replies(answer=Answer(form.refused(event.values, errors), refuses=True))
    said = Said(by.person, Rsvp.DEPUTY, deputy=deputy, can_decide=event.values.get(DECIDES) == YES)
    return await _recorded(tx, by, found, said, now=now)


def _errors(by: By, deputy: Person | None, values: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if deputy is None or deputy.id == by.person.id:
        errors[WHO] = attend_views.NEEDS_PERSON if deputy is None else attend_views.NOT_ONESELF
    if values.get(DECIDES) not in {YES, NO}:
        errors[DECIDES] = attend_views.NEEDS_POWER
    return errors


async def of_ids(tx: Tx, event: Pressed | Submitted) -> Around:
    """The meeting of a button or form. Raises: Declined where there is none."""
    found = await standing.around(tx, event.number("meeting"))
    if found is None:
        raise Declined(old_button())
    return found


# --- recorded


async def _recorded(tx: Tx, by: By, found: Around, said: Said, *, now: datetime) -> Replies:
    whose = said.whose
    await hold(tx, found.meeting)
    _must_be_ahead(found)
    if whose.id != by.person.id:
        await standing.must_be(tx, by.person, found, (Part.CHAIR, Part.SECRETARY))
    held = await _seat_of(tx, found, whose, is_theirs=whose.id == by.person.id)
    _fitting(said, found)
    row = await _row(tx, found, held)
    was = row.deputy_id if row.rsvp is Rsvp.DEPUTY else None
    row.person_id, row.rsvp, row.rsvp_at, row.reason = held.seat.person_id, said.rsvp, now, said.reason[:REASON_MAX]
    row.deputy_id = None if said.deputy is None else said.deputy.id
    row.deputy_can_decide = said.deputy is not None and said.can_decide
    await tx.flush()
    facing = await seated(tx, found, whose)
    name = "" if whose.id == by.person.id else first_name(whose)
    card = attend_views.recorded(facing, zone_of(by.person), whose=name, notes=await _notes(tx, found, said))
    shows = await _deputies_told(tx, found, row, was)
    stale = (*telling.answers_anew(found, whose), Refresh(telling.DEPUTISED, {"attendance": row.id}))
    return Replies(answer=Answer(card), show=shows, refresh=stale)


def _must_be_ahead(found: Around) -> None:
    """Raises: Declined (E-05)."""
    if standing.is_running(found):
        raise Declined(attend_views.has_begun(found.council.name), code="E-05")
    if standing.is_over(found):
        at = views.meets(found.meeting.starts_at, found.zone)
        raise Declined(attend_views.is_over(found.council.name, at), code="E-05")


async def _seat_of(tx: Tx, found: Around, person: Person, *, is_theirs: bool = True) -> Held:
    """Raises: Declined (E-03)."""
    for each in await standing.held_seats(tx, found.council):
        if each.seat.person_id == person.id:
            return each
    raise Declined(attend_views.no_seat(found.council.name, "" if is_theirs else person.name), code="E-03")


def _fitting(said: Said, found: Around) -> None:
    """Raises: Declined for a deputy who can't be one."""
    if said.deputy is None:
        return
    if said.deputy.id == said.whose.id:
        raise Declined(attend_views.NOT_ONESELF)
    if said.deputy.is_external and not said.whose.is_external:
        raise Declined(attend_views.cannot_be(said.deputy.name, found.council.name), code="E-03")


async def _row(tx: Tx, found: Around, held: Held) -> Attendance:
    known = (await standing.said_by_seat(tx, found)).get(held.seat.id)
    if known is not None:
        return known
    row = Attendance(meeting_id=found.meeting.id, seat_id=held.seat.id, person_id=held.seat.person_id)
    tx.add(row)
    await tx.flush()
    return row


async def _notes(tx: Tx, found: Around, said: Said) -> list[str]:
    deputy = said.deputy
    if deputy is None:
        return []
    if not said.can_decide:
        return [attend_views.no_power(first_name(deputy))]
    own = [each.person_id for each in voting(await standing.all_seats(tx, found.council), found.council)]
    return [attend_views.counts_once(first_name(deputy))] if deputy.id in own else []


async def _deputies_told(tx: Tx, found: Around, row: Attendance, was: int | None) -> tuple[Show, ...]:
    """The deputy hears of it; so does one who was named before and is not asked any more."""
    if row.deputy_id == was:
        return ()
    mark, shows = f"{row.id}:{tx.acting.event_id or 0}", list[Show]()
    named, replaced = dict[str, int](), {"replaced": 1}
    for number, ids in ((row.deputy_id, named), (was, replaced)):
        person = None if number is None else await tx.get(Person, number)
        about = {"attendance": row.id, **ids}
        shows += telling.to_people(found, telling.DEPUTISED, [person] if person else [], mark=mark, ids=about)
    return tuple(shows)


async def cannot(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**I can't**, from a deputy: who named them is asked again."""
    found, person = await of_ids(tx, event), event.by.person
    await hold(tx, found.meeting)
    _must_be_ahead(found)
    rows = (await standing.said_by_seat(tx, found)).values()
    mine = [each for each in rows if each.rsvp is Rsvp.DEPUTY and each.deputy_id == person.id]
    shows: tuple[Show, ...] = ()
    refresh = telling.answers_anew(found, person)
    for row in mine:
        row.rsvp, row.rsvp_at, row.deputy_id, row.deputy_can_decide = Rsvp.NONE, now, None, False
        holder = None if row.person_id is None else await tx.get(Person, row.person_id)
        if holder is not None and holder.active:
            ids = {"attendance": row.id, "deputy": person.id}
            mark = f"{row.id}:{tx.acting.event_id or 0}"
            refresh += telling.answers_anew(found, holder)
            shows += telling.to_people(found, telling.DEPUTY_OUT, [holder], mark=mark, ids=ids)
    await tx.flush()
    card = attend_views.freed(found.council.name, views.meets(found.meeting.starts_at, found.zone), asks=bool(mine))
    return Replies(answer=Answer(card, settles=True), show=shows, refresh=refresh)


# --- too few may come


async def ask_deputies(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Ask deputies**: whoever does not come, or has not said, is asked to come or to send somebody who can decide."""
    found = await of_ids(tx, event)
    await standing.must_be(tx, event.by.person, found, standing.RUN_IT)
    _must_be_ahead(found)
    said = await standing.said_by_seat(tx, found)
    voters = {each.id for each in voting(await standing.all_seats(tx, found.council), found.council)}
    wanted = []
    for each in await standing.held_seats(tx, found.council):
        row = said.get(each.seat.id)
        is_out = row is None or row.rsvp in {Rsvp.NONE, Rsvp.NO}
        if each.person is not None and each.person.active and each.seat.id in voters and is_out:
            wanted.append(each.person)
    shows = telling.to_people(found, telling.WANTED, wanted, not_after=found.meeting.starts_at)
    return Replies(answer=Answer(attend_views.asked(len(wanted)), stays=True), show=shows)


async def go_ahead(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Go ahead**: the meeting is held, whoever comes."""
    found = await of_ids(tx, event)
    await standing.must_be(tx, event.by.person, found, standing.RUN_IT)
    _must_be_ahead(found)
    at = views.meets(found.meeting.starts_at, found.zone)
    return Replies(answer=Answer(attend_views.goes_ahead(found.council.name, at), stays=True))
