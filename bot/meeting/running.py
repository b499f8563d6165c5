"""A meeting runs: it goes from section to section, stands still and goes on. The clock is in `clock`.

Source: domain.md 2.3, 3.2 (`/council item, next, recess`).
"""

from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.council import planning, relieving, telling
from bot.council import standing as council
from bot.council.rules import Office
from bot.council.standing import Around
from bot.meeting import arriving, clock, form_views, moving, reply_views, rules, standing, views
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.rules import Part
from storage import audit, meetings
from storage.agenda import SECTIONS
from storage.links import Thing
from storage.meetings import RUNNING, TO_COME, CouncilMeeting
from storage.people import Person
from storage.tx import Tx

State = CouncilMeeting.State
MAY_HAND_OVER = (Part.CHAIR, Part.SECRETARY, Part.ADMIN)


# --- what shows it


async def shows(tx: Tx, found: Around) -> tuple[Show, ...]:
    """The running card in every room, and the card of each who runs the meeting."""
    public = await telling.to_rooms(tx, found, rules.ROOM)
    own = telling.to_people(found, rules.CHAIR, await standing.runners(tx, found), urgent=True)
    return public + own


def all_shown(found: Around) -> tuple[Refresh, ...]:
    """Everything that shows a meeting, to be made anew: also the cards of those who run it, or did."""
    return planning.shown(found.meeting, *planning.VIEWS, rules.CHAIR)


# --- on the way


async def next_stop(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**Next item**, `/council next`: to the next item of the section, else to the next section that holds something.

    The button says which section it was about, so that of two presses one moves the meeting on.
    """
    found = await standing.run_by(event, tx)
    await _must_be_here(event, tx, found, "taken on")
    here = await moving.stop_of(tx, found)
    stop = rules.following(await standing.stops_of(tx, found, now), here)
    if stop is None:
        way = reply_views.end_button(arriving.meeting_ids(found))
        raise Declined(reply_views.at_the_end(), ways=(way,))
    return await _went(event, tx, found, stop, now=now)


async def _must_be_here(event: Asked | Pressed | Submitted, tx: Tx, found: Around, done: str) -> None:
    """Raises: Declined (E-05, E-20) where it does not run, or is not where a press or line found it."""
    standing.must_stand(found, (State.IN_SESSION,), done)
    meeting = found.meeting
    if not isinstance(event, Asked):
        place = (event.number("section"), event.number("item"))
        if place[0] and place != (meeting.section or 0, meeting.item_id or 0):
            raise Declined(reply_views.elsewhere(meeting.section), code="E-20")
        return
    other = await meetings.went_on_since(tx, meeting.id)
    if other is not None:
        name = first_name(await tx.need(Person, other))
        raise Declined(reply_views.went_on(name, meeting.section), code="E-20")


async def _went(
    event: Asked | Pressed | Submitted, tx: Tx, found: Around, stop: rules.Stop, *, now: datetime
) -> Replies:
    """The card that was pressed is made anew, with an Undo on it; a line is answered."""
    plans = await moving.go(tx, found, stop, now)
    refresh = planning.shown(found.meeting, rules.ROOM, rules.CHAIR)
    if isinstance(event, Pressed):
        return Replies(show=await shows(tx, found), plan=plans, refresh=refresh)
    scene = await standing.scene(tx, found, now, person=event.by.person)
    answer = Answer(reply_views.on_to(scene))
    return Replies(answer=answer, show=await shows(tx, found), plan=plans, refresh=refresh, undoable=True)


async def item(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council item 5.2`, `/council item 5`: there, forward or back; also to a section that holds nothing."""
    found = await standing.run_by(event, tx)
    await _must_be_here(event, tx, found, "taken on")
    text = next(iter(event.command.numbers), "")
    if not text:
        raise Declined(reply_views.which_item())
    return await _went(event, tx, found, await moving.stop_meant(tx, found, text), now=now)


async def ask_goto(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Go to an item**: the form with every stop."""
    found = await standing.run_by(event, tx)
    standing.must_stand(found, (State.IN_SESSION,), "taken on")
    scene = await standing.scene(tx, found, now, person=event.by.person)
    stops = sorted({*scene.stops, *(rules.Stop(each) for each in SECTIONS)})
    labels = [(each, views.stop_words(scene, each)) for each in stops]
    form = form_views.go_to(arriving.meeting_ids(found), labels, form_views.value_of(scene.at))
    return Replies(answer=Answer(form))


async def take_goto(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    found = await standing.run_by(event, tx)
    standing.must_stand(found, (State.IN_SESSION,), "taken on")
    stop = await moving.stop_meant(tx, found, event.values.get(form_views.STOP, ""))
    return await _went(event, tx, found, stop, now=now)


async def extend(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**+5 minutes**, `/council extend 10`."""
    found = await standing.run_by(event, tx)
    await _must_be_here(event, tx, found, "given more time")
    standing.must_be_live(found)
    minutes = _minutes(event)
    section = await moving.current(tx, found)
    if isinstance(event, Pressed):
        await _not_pressed_before(event, tx, found, now)
    section.extended_min += minutes
    end = (Thing.MEETING, found.meeting.id)
    audit.note(tx, end, "extend", field=f"section {section.section}", after=f"{minutes} min")
    await tx.flush()
    plans = await clock.steps(tx, found, now)
    refresh = planning.shown(found.meeting, rules.ROOM, rules.CHAIR)
    if isinstance(event, Pressed):
        return Replies(plan=plans, refresh=(*refresh, *clock.shown(found, section.section)))
    scene = await standing.scene(tx, found, now, person=event.by.person)
    return Replies(answer=Answer(reply_views.extended(scene, minutes)), plan=plans, refresh=refresh)


async def _not_pressed_before(event: Pressed, tx: Tx, found: Around, now: datetime) -> None:
    """Raises: Declined (E-20) where the section's end is not the one that the button was drawn for."""
    known = (await standing.scene(tx, found, now, person=event.by.person)).clock
    drawn_for = event.ids.get("until", "")
    if drawn_for and known is not None and drawn_for != rules.as_id(known.up_at):
        raise Declined(reply_views.extended_already(known.up_at, found.zone), code="E-20")


def _minutes(event: Asked | Pressed) -> int:
    """Raises: Declined for no number of minutes."""
    text = next(iter(event.command.numbers), "") if isinstance(event, Asked) else ""
    if not text:
        return rules.EXTENDS_MIN
    if not (text.isdigit() and int(text[:4]) in rules.EXTENSIONS):
        raise Declined(reply_views.how_long())
    return int(text)


# --- recess


async def recess(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**Recess**: no time runs until it is resumed."""
    return await _turn(event, tx, "recess", now)


async def resume(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """**Resume**."""
    return await _turn(event, tx, "resume", now)


async def _turn(event: Asked | Pressed, tx: Tx, verb: str, now: datetime) -> Replies:
    found = await standing.run_by(event, tx)
    meeting = found.meeting
    target, before = standing.legal(found, verb), meeting.state
    if verb == "recess":
        standing.must_be_live(found)
    meeting.state = target
    plans = await (moving.stand_still if verb == "recess" else moving.go_on)(tx, found, now)
    audit.note(tx, (Thing.MEETING, meeting.id), verb, before=before.value, after=target.value)
    await tx.flush()
    scene = await standing.scene(tx, found, now, person=event.by.person)
    card = reply_views.paused(scene) if verb == "recess" else reply_views.on_to(scene)
    refresh = planning.shown(meeting, rules.ROOM, rules.CHAIR)
    return Replies(answer=Answer(card), plan=plans, refresh=refresh)


# --- who chairs it


async def hand_over(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/council chair @Raj`: this meeting has another chair; the council keeps its own."""
    found = await standing.held(event, tx)
    await council.must_be(tx, event.by.person, found, MAY_HAND_OVER)
    standing.must_stand(found, (*TO_COME, *RUNNING), "handed over")
    if len(event.command.people) != 1:
        raise Declined(reply_views.who_chairs())
    person = await work.one_person(tx, event.by, event.command.people[0])
    if person.is_external and not await standing.may_run(tx, person, found):
        raise Declined(reply_views.not_from_outside(first_name(person)), code="E-03")
    before, found.meeting.chair_id = found.chair_id, person.id
    old = None if before is None else await tx.get(Person, before)
    names = {"before": first_name(old) if old is not None else "", "after": first_name(person)}
    audit.note(tx, (Thing.MEETING, found.meeting.id), "hand over", field="chair", **names)
    await tx.flush()
    every = await shows(tx, found) if found.meeting.state in RUNNING else ()
    is_other = old is not None and old.id != person.id
    told = (
        tuple(relieving.shown(tx, found.council, old, Office.MEETING, found=found))
        if old is not None and is_other
        else ()
    )
    answer = Answer(reply_views.taken_over(standing.name_of(found), first_name(person)))
    return Replies(answer=answer, show=every + told, refresh=all_shown(found))
