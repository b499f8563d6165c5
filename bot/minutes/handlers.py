"""`/council minutes`: read, edit, issue and correct them, as a line or by press."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.council.standing import Around
from bot.minutes import correcting, exporting, form_views, gathering, issuing, reply_views, rules, standing, views
from bot.minutes.rules import State
from bot.work import handlers as work
from bot.work.rules import Part
from storage import audit
from storage.agenda import SECTIONS
from storage.links import Thing
from storage.meetings import hold
from storage.minutes import Minutes, newest_minutes
from storage.tx import Tx

KEYS = ("council", "edition")
EDITORS = (Part.SECRETARY, Part.CHAIR)


async def minutes(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council minutes [show|edit|issue|correct|export] [date]`."""
    command, by = event.command, event.by
    on = next(iter(command.dates), None)
    verb, _, rest = command.words.partition(" ")
    found = await standing.held_on(tx, by, command.keys.get("council", ""), on)
    match verb.casefold():
        case "" | "show":
            return await _show(tx, by, found, now=now, edition=command.keys.get("edition", ""))
        case "edit" if rest:
            return await _note(tx, by, found, rest, text=next(iter(command.quoted), ""))
        case "edit":
            return await _edit(tx, by, found)
        case "issue":
            return await _issue(tx, by, found, now)
        case "correct":
            return await _correct(tx, by, found, next(iter(command.quoted), "") or rest, now=now)
        case "export":
            return await exporting.minutes_link(tx, by, found)
        case _:
            raise Declined(reply_views.unknown_verb(verb))


async def show(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Read the minutes**: the newest edition, as far as the reader may."""
    found = await standing.around(tx, event.number("meeting"))
    return await _show(tx, event.by, found, now=now)


async def edit(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Edit**."""
    return await _edit(tx, event.by, await standing.around(tx, event.number("meeting")))


async def issue(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Issue**."""
    return await _issue(tx, event.by, await standing.around(tx, event.number("meeting")), now)


async def export(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**As a file**."""
    return await exporting.minutes_link(tx, event.by, await standing.around(tx, event.number("meeting")))


async def _show(tx: Tx, by: By, found: Around, *, now: datetime, edition: str = "") -> Replies:
    row = await standing.readable(tx, found, by.person, edition=edition)
    shown = await standing.shown_to(tx, found, row, person=by.person, now=now)
    return Replies(answer=Answer(views.paper(shown), stays=True))


# --- the draft


async def _draft(tx: Tx, by: By, found: Around) -> Minutes:
    """The draft, which the secretary or the chair may edit. Raises: Declined (E-03, E-05)."""
    await hold(tx, found.meeting)
    await council.must_be(tx, by.person, found, EDITORS)
    await council.must_read_all(tx, by.person, found)
    row = await standing.begun(tx, found)
    if row.state is not State.DRAFT:
        raise await issuing.out_already(tx, found, row)
    return row


async def _edit(tx: Tx, by: By, found: Around) -> Replies:
    row = await _draft(tx, by, found)
    return Replies(answer=Answer(form_views.edit(found.meeting.id, row, found.meets_on)))


async def take_form(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """The form was sent. Raises: Declined (E-03, E-05, E-20)."""
    found = await standing.around(tx, event.number("meeting"))
    row = await _draft(tx, event.by, found)
    seen = event.ids.get("seen", "")
    changes = _changed(row, event.values)
    if changes and seen and seen != str(row.version):
        # Somebody wrote meanwhile: what this form shows is old, so it comes back with both.
        form = form_views.edit(found.meeting.id, row, found.meets_on).filled(event.values)
        clash = {
            f"{form_views.SECTION}{each}": reply_views.changed_meanwhile(row.notes.get(each, "")) for each in changes
        }
        return Replies(answer=Answer(form.refused(event.values, clash), refuses=True))
    for place, text in changes.items():
        _noted(tx, row, place, work.at_most(rules.NOTE_MAX, text, "note"))
    await tx.flush()
    card = reply_views.edited(found.meets_on, list(changes))
    return Replies(answer=Answer(card), refresh=issuing.anew(found.meeting), undoable=bool(changes))


def _changed(row: Minutes, values: Mapping[str, str]) -> dict[str, str]:
    """The sections whose note another one takes the place of, with it."""
    typed = {str(each): values.get(f"{form_views.SECTION}{each}", "").strip() for each in SECTIONS}
    return {place: text for place, text in typed.items() if text != row.notes.get(place, "")}


def _noted(tx: Tx, row: Minutes, place: str, text: str) -> None:
    before = row.notes.get(place, "")
    row.notes = {key: each for key, each in (row.notes | {place: text}).items() if each}
    audit.note(tx, (Thing.MINUTES, row.id), "edit", field=f"note {place}", before=before, after=text)


async def _note(tx: Tx, by: By, found: Around, at: str, *, text: str) -> Replies:
    """`/council minutes edit 3.2 "…"`: a note to a section or to one item."""
    row = await _draft(tx, by, found)
    place = rules.place_meant(at)
    body = await gathering.body_of(tx, found, row)
    if place is None or ("." in place and place not in {each.number for each in body.points}):
        raise Declined(reply_views.no_place(at), code="E-04")
    _noted(tx, row, place, work.at_most(rules.NOTE_MAX, text.strip(), "note"))
    await tx.flush()
    card = reply_views.noted(place, found.meets_on)
    return Replies(answer=Answer(card), refresh=issuing.anew(found.meeting), undoable=True)


# --- out


async def _issue(tx: Tx, by: By, found: Around, now: datetime) -> Replies:
    told = await issuing.issue(tx, by, found, now)
    card = reply_views.issued(found.meets_on, owners=told.owners, outcomes=told.outcomes, rooms=told.rooms)
    return Replies(answer=Answer(card), show=told.shows, refresh=issuing.anew(found.meeting))


async def _correct(tx: Tx, by: By, found: Around, text: str, *, now: datetime) -> Replies:
    row = await newest_minutes(tx, found.meeting.id)
    if row is None or row.state is State.DRAFT:
        raise Declined(reply_views.not_out(found.council.name, found.meets_on, None, found.zone), code="E-05")
    if not text.strip():
        await correcting.may_ask(tx, by, found, row, now=now)
        return Replies(answer=Answer(form_views.correct(row, found.meets_on)))
    return await correcting.ask(tx, by, found, text.strip(), now=now, minutes=row)
