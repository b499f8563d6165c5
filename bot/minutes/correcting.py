"""Issued minutes are corrected in a new edition, and approved at the next meeting; no edition ever changes.

Source: domain.md 2.3 (Minutes), P-29, K-13.
"""

from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import By, Pressed, Submitted
from bot.chat.localtime import today_in
from bot.chat.replies import NOTHING, Answer, Refresh, Replies, Show
from bot.council import planning, telling
from bot.council import standing as council
from bot.council.rules import MOVES as MEETING_MOVES
from bot.council.standing import Around
from bot.minutes import form_views, issuing, reply_views, rules, standing, views
from bot.minutes.body import Amendment, Body, amended, body_in, document, is_internal, names_internal
from bot.minutes.rules import CORRECTION_MOVES, MOVES, State
from bot.work import handlers as work
from bot.work.rules import Part, moves_from
from storage import audit
from storage.links import Thing
from storage.meetings import CouncilMeeting, hold, last_held
from storage.messages import Lane
from storage.minutes import Correction, Minutes, newest_minutes, undecided
from storage.people import Person, admins
from storage.tx import Tx

ASKED, ANSWERED = "minutes.correction", "minutes.answered"
MAY_ASK = (Part.SEAT, Part.CHAIR, Part.SECRETARY)
MAY_DECIDE = (Part.CHAIR, Part.SECRETARY)


# --- somebody asks


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Correct something**. Raises: Declined (E-03, E-05)."""
    found, minutes = await _open(tx, event.number("minutes"))
    await may_ask(tx, event.by, found, minutes, now=now)
    newest = await newest_minutes(tx, found.meeting.id) or minutes
    return Replies(answer=Answer(form_views.correct(newest, found.meets_on)))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    found, minutes = await _open(tx, event.number("minutes"))
    text = event.values.get(form_views.TEXT, "").strip()
    return await ask(tx, event.by, found, text, now=now, minutes=minutes)


async def ask(tx: Tx, by: By, found: Around, text: str, *, now: datetime, minutes: Minutes) -> Replies:
    """Somebody says that something is wrong; it goes to who runs the council. Raises: Declined."""
    await hold(tx, found.meeting)
    newest = await newest_minutes(tx, found.meeting.id) or minutes
    await may_ask(tx, by, found, newest, now=now)
    if not text:
        raise Declined(reply_views.what_is_wrong(), code="E-06")
    work.at_most(rules.CORRECTION_MAX, text, "correction")
    row = Correction(minutes_id=newest.id, by_id=by.person.id, text=text)
    tx.add(row)
    await tx.flush()
    audit.note(tx, (Thing.MINUTES, newest.id), "ask for a correction", field="correction", after=row.id, reason=text)
    people = await council.insiders(tx, found)
    about = planning.ids(found.meeting) | {"correction": row.id}
    shows = telling.to_people(found, ASKED, people, mark=str(row.id), ids=about)
    if not people:
        named_by = [each.name for each in await admins(tx)]
        vacant = reply_views.asked_of_nobody(found.council.name, named_by, rules.closes_at(found.meeting), found.zone)
        return Replies(answer=Answer(vacant))
    return Replies(answer=Answer(reply_views.asked([each.name for each in people])), show=shows)


async def may_ask(tx: Tx, by: By, found: Around, minutes: Minutes, *, now: datetime) -> None:
    """Raises: Declined (E-03, E-05) for who has no seat, and once corrections are closed."""
    await council.must_be(tx, by.person, found, MAY_ASK)
    if minutes.state is State.SUPERSEDED:
        minutes = await newest_minutes(tx, found.meeting.id) or minutes
    if not rules.can_be_corrected(found.meeting, minutes, now):
        raise Declined(reply_views.too_late(found.meets_on, rules.closes_at(found.meeting), found.zone), code="E-05")


# --- somebody decides


async def open_acceptance(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Accept**: where it stands, and how it reads. Raises: Declined (E-03, E-05)."""
    _, minutes, correction = await _decides(tx, event.by, event.number("correction"))
    return Replies(answer=Answer(form_views.accept(correction, body_in(minutes.body))))


async def accept(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """A new edition takes the place of the one before, which stays as it is. Raises: Declined (E-03, E-05)."""
    found, minutes, correction = await _decides(tx, event.by, event.number("correction"))
    (move,) = moves_from(MOVES, "correct", minutes.state)
    place = event.values.get(form_views.PLACE, form_views.WHOLE)
    reads = work.at_most(rules.CORRECTION_MAX, event.values.get(form_views.READS, "").strip(), "correction")
    body = body_in(minutes.body)
    if not reads:
        form = form_views.accept(correction, body)
        refused = form.refused(event.values, {form_views.READS: reply_views.HOW_IT_READS})
        return Replies(answer=Answer(refused, refuses=True))
    place = "" if place == form_views.WHOLE else rules.place_meant(place) or ""
    stays_inside = is_about_internal(body, place, correction.text, reads)
    change = Amendment(place, reads, today_in(found.zone, now), stays_inside)
    edition = await _superseded(tx, found, minutes, change, now=now, by=event.by.person.id)
    minutes.state = move.target or minutes.state
    await tx.flush()
    _decided(tx, minutes, correction, "accept")
    replies = await _told(tx, found, correction)
    card = reply_views.corrected(edition.number, found.meets_on, internal=stays_inside)
    return replies + Replies(answer=Answer(card))


def is_about_internal(body: Body, place: str, *texts: str) -> bool:
    """Whether a correction stays inside: its place is internal, or what was asked for or now reads names such a thing.

    Whatever place was chosen: words about an internal item are no less internal under "the minutes as a whole".
    """
    return is_internal(body, place) or any(names_internal(body, each) for each in texts)


async def _superseded(tx: Tx, found: Around, minutes: Minutes, change: Amendment, *, now: datetime, by: int) -> Minutes:
    """The next edition: the body as it was issued, with one correction more."""
    edition = Minutes(
        meeting_id=minutes.meeting_id,
        number=minutes.number + 1,
        state=State.CIRCULATED,
        notes=minutes.notes,
        body=document(amended(body_in(minutes.body), change)),
        issued_at=now,
        issued_by=by,
        corrected_why=change.text,
    )
    tx.add(edition)
    await tx.flush()
    audit.note(tx, (Thing.MINUTES, edition.id), "issue", after=edition.state.value)
    audit.note(tx, (Thing.MINUTES, minutes.id), "correct", before=State.CIRCULATED, after=State.SUPERSEDED,
               reason=change.text)  # fmt: skip
    meeting = found.meeting
    audit.note(tx, (Thing.MEETING, meeting.id), "correct minutes", field="edition", after=edition.number)
    return edition


async def open_refusal(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Decline**: why. Raises: Declined (E-03, E-05)."""
    _, _, correction = await _decides(tx, event.by, event.number("correction"))
    return Replies(answer=Answer(form_views.decline(correction)))


async def decline(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """It is not taken, with the reason. Raises: Declined (E-03, E-05)."""
    found, minutes, correction = await _decides(tx, event.by, event.number("correction"))
    reason = work.at_most(rules.REASON_MAX, event.values.get(form_views.REASON, "").strip(), "reason")
    if not reason:
        form = form_views.decline(correction)
        refused = form.refused(event.values, {form_views.REASON: reply_views.WHY_NOT})
        return Replies(answer=Answer(refused, refuses=True))
    _decided(tx, minutes, correction, "decline", reason=reason)
    await tx.flush()
    return await _told(tx, found, correction) + Replies(answer=Answer(reply_views.declined()))


def _decided(tx: Tx, minutes: Minutes, correction: Correction, verb: str, *, reason: str = "") -> None:
    (move,) = moves_from(CORRECTION_MOVES, verb, correction.state)
    before, correction.state = correction.state, move.target or correction.state
    correction.reason = reason
    end = (Thing.MINUTES, minutes.id)
    audit.note(tx, end, verb, field="correction", before=before.value, after=correction.state.value, reason=reason)


async def _told(tx: Tx, found: Around, correction: Correction) -> Replies:
    """Who asked hears of it; the cards that asked, and the minutes, are made anew."""
    about = planning.ids(found.meeting) | {"correction": correction.id}
    key = f"council:{found.meeting.id}:{ANSWERED}:{correction.id}"
    show = Show(key, await tx.need(Person, correction.by_id), ANSWERED, about, Lane.Traffic.REPLY)
    return Replies(show=(show,), refresh=(*issuing.anew(found.meeting), Refresh(ASKED, about)))


async def _open(tx: Tx, number: int) -> tuple[Around, Minutes]:
    """The edition that a button is about, with its meeting. Raises: Declined (E-04)."""
    minutes = work.known(await tx.get(Minutes, number), "those minutes", "minutes")
    return await standing.around(tx, minutes.meeting_id), minutes


async def _decides(tx: Tx, by: By, number: int) -> tuple[Around, Minutes, Correction]:
    """A correction that somebody may decide on, with the newest edition. Raises: Declined (E-03, E-04, E-05)."""
    correction = work.known(await tx.get(Correction, number), "that correction", "correction")
    found, minutes = await _open(tx, correction.minutes_id)
    await council.must_be(tx, by.person, found, MAY_DECIDE)
    await council.must_read_all(tx, by.person, found)
    await hold(tx, found.meeting)
    await tx.session.refresh(correction)
    newest = await newest_minutes(tx, found.meeting.id) or minutes
    await tx.session.refresh(newest)
    if correction.state is not Correction.State.PROPOSED:
        raise Declined(reply_views.decided_already(views.became(correction)), code="E-05")
    if newest.state is not State.CIRCULATED:
        raise Declined(reply_views.approved_since(found.meets_on), code="E-05")
    return found, newest, correction


# --- the next meeting


async def approved(tx: Tx, found: Around, in_meeting_id: int, now: datetime) -> Replies:
    """The council approved minutes at a meeting: 1.2 was noted or decided there.

    `found` is the meeting whose minutes they are; where it is the approving one itself, the one held before it is
    meant. Nothing happens where there is nothing to approve. What was asked for and not decided is declined.
    """
    if found.meeting.id == in_meeting_id:
        before = await last_held(tx, found.meeting)
        if before is None:
            return NOTHING
        found = Around(before, found.council)
    await hold(tx, found.meeting)
    minutes = await newest_minutes(tx, found.meeting.id)
    if minutes is None or minutes.state is not State.CIRCULATED:
        return NOTHING
    told = NOTHING
    reason = reply_views.settled_by_approval(today_in(found.zone, now))
    for each in await undecided(tx, found.meeting.id):
        _decided(tx, minutes, each, "decline", reason=reason)
        told += await _told(tx, found, each)
    minutes.state, minutes.approved_at, minutes.approved_in = State.APPROVED, now, in_meeting_id
    minutes.is_unchecked = False
    audit.note(tx, (Thing.MINUTES, minutes.id), "approve", before=State.CIRCULATED, after=State.APPROVED)
    _moved(tx, found.meeting, "approve minutes")
    _moved(tx, found.meeting, "close")
    await tx.flush()
    return told + Replies(refresh=issuing.anew(found.meeting))


def _moved(tx: Tx, meeting: CouncilMeeting, verb: str) -> None:
    for move in moves_from(MEETING_MOVES, verb, meeting.state)[:1]:
        before, meeting.state = meeting.state, move.target or meeting.state
        audit.note(tx, (Thing.MEETING, meeting.id), verb, before=before.value, after=meeting.state.value)
