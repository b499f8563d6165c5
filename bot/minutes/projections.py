"""Messages about minutes as projections: from ids to the newest card, for its reader."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.chat.cards import Card, Enclosed, Enclosure
from bot.chat.localtime import today_in
from bot.chat.routing import Reader
from bot.council import standing as council
from bot.council.rules import Reading
from bot.council.standing import Around
from bot.minutes import outcome_views, progress, rules, standing, views
from bot.minutes.body import Body, seen
from bot.minutes.outcome_views import Outcome
from bot.minutes.rules import State
from bot.minutes.views import Shown
from storage.decisions import Decision
from storage.meetings import next_meeting
from storage.minutes import Correction, Minutes, newest_minutes
from storage.people import Department, Person
from storage.tx import Tx


async def _newest(tx: Tx, ids: Mapping[str, int]) -> tuple[Around, Minutes] | None:
    found = await council.around(tx, ids["meeting"])
    minutes = None if found is None else await newest_minutes(tx, found.meeting.id)
    return None if found is None or minutes is None else (found, minutes)


async def draft(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-27 to who prepares and who issues; once they are out, that they are."""
    known = await _newest(tx, ids)
    if known is None or reader.person is None:
        return None
    found, minutes = known
    shown = await standing.shown_to(tx, found, minutes, person=reader.person, now=now)
    if minutes.state is not State.DRAFT:
        return views.settled(shown) if reader.stands else None
    if not shown.may_run:
        return None
    is_chair = found.chair_id is None or reader.person.id in {found.chair_id, found.council.chair_id}
    is_late = rules.is_drafted_late(found.meeting, minutes)
    return views.ready(shown, is_chair=is_chair, issues_at=rules.issues_at(found.meeting), is_late=is_late)


async def paper(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """K-13 in a room, or to people who are in none; always the edition that holds."""
    known = await _newest(tx, ids)
    if known is None or known[1].state is State.DRAFT:
        return None
    found, minutes = known
    shown = await standing.shown_to(tx, found, minutes, person=reader.person, now=now)
    if reader.person is None:
        return views.paper(shown, in_room=True)
    card = views.paper(shown, in_room=False)
    return replace(card, encloses=(Enclosed(Enclosure.MINUTES, found.meeting.id),))


async def actions(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-28 to an owner: their actions from the meeting, as they stand."""
    known = await _newest(tx, ids)
    if known is None or reader.person is None or known[1].state is State.DRAFT:
        return None
    found, minutes = known
    body = await standing.body_now(tx, found, minutes)
    if reader.person.is_external:
        body = seen(body, Reading.OUTSIDER)
    mine = await progress.tasks_of(tx, body, reader.person)
    shown = await standing.shown_to(tx, found, minutes, person=reader.person, now=now)
    return views.actions(shown, mine) if mine else None


async def outcome(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """K-11 to a department that a decision means something for.

    Of an internal one, a head who is no member reads what it means for them alone; outsiders and rooms nothing.
    """
    known = await _newest(tx, ids)
    decision = await tx.get(Decision, ids["decision"])
    department = await tx.get(Department, ids["department"])
    if known is None or decision is None or department is None:
        return None
    found, minutes = known
    means = "; ".join(str(each["text"]) for each in decision.means if each["department"] == department.id)
    if not means:
        return None
    body = await standing.body_now(tx, found, minutes)
    is_internal = decision.internal or any(each.id == decision.id and each.internal for each in body.decisions)
    if is_internal and (reader.person is None or reader.person.is_external):
        return None
    is_veiled = is_internal and await council.reading_of(tx, reader.person, found) is not Reading.FULL
    tasks = () if is_veiled else await progress.tasks_of_department(tx, _under(body, decision), department)
    ask = await _whom_to_ask(tx, found, decision)
    return outcome_views.outcome(
        Outcome(decision, found.council.name, department.name, means, found.meets_on, ask, tasks, is_veiled)
    )


def _under(body: Body, decision: Decision) -> Body:
    """What the item of a decision led to, and nothing else."""
    return progress.only(body, decision.code)


async def _whom_to_ask(tx: Tx, found: Around, decision: Decision) -> str:
    """`Raj, Field`: who moved it, else who chairs."""
    person = await tx.get(Person, decision.moved_by) if decision.moved_by else None
    if person is None:
        person = await tx.get(Person, found.chair_id) if found.chair_id else None
    if person is None:
        return ""
    department = await tx.get(Department, person.department_id) if person.department_id else None
    return f"{person.name}, {department.name}" if department is not None else person.name


async def public(tx: Tx, ids: Mapping[str, int], _reader: Reader, now: datetime) -> Card | None:
    """P-28 to everybody: what was decided, and nothing that is internal."""
    known = await _newest(tx, ids)
    if known is None or known[1].state is State.DRAFT:
        return None
    found, minutes = known
    body = await standing.body_now(tx, found, minutes)
    return views.public(standing.as_read(found, minutes, body, Reading.PUBLIC, now=now, parts=frozenset()))


async def corrections(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-29 to a seat; once corrections are closed, that they are."""
    known = await _newest(tx, ids)
    if known is None or reader.person is None or known[1].state is State.DRAFT:
        return None
    found, minutes = known
    shown: Shown = await standing.shown_to(tx, found, minutes, person=reader.person, now=now)
    if shown.closes_at is None and not reader.stands:
        return None
    return views.corrections(shown)


async def correction(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """A correction that is asked for, to who decides on it."""
    return await _correction(tx, ids, reader, now, is_asked=True)


async def answered(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """What became of a correction, to who asked for it."""
    return await _correction(tx, ids, reader, now, is_asked=False)


async def _correction(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime, *, is_asked: bool) -> Card | None:
    known, row = await _newest(tx, ids), await tx.get(Correction, ids["correction"])
    if known is None or row is None or reader.person is None:
        return None
    found, minutes = known
    shown = await standing.shown_to(tx, found, minutes, person=reader.person, now=now)
    if not is_asked:
        return views.answered(shown, row) if row.state is not Correction.State.PROPOSED else None
    by = await tx.get(Person, row.by_id)
    return views.asked(shown, row, "" if by is None else by.name)


async def halfway(tx: Tx, ids: Mapping[str, int], _reader: Reader, now: datetime) -> Card | None:
    """Half of the way to the next meeting: how far everybody has come, in counts."""
    found = await council.around(tx, ids["meeting"])
    if found is None:
        return None
    said = await progress.of_meeting(tx, found, today_in(found.zone, now))
    following = await next_meeting(tx, found.council.id, after=found.meeting.starts_at)
    next_at = None if following is None else following.starts_at
    return views.halfway(found.council.name, next_at, found.zone, said) if said else None
