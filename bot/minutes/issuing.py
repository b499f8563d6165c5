"""Minutes are drafted, issued by the chair or by schedule, and what they say goes to whoever must know.

Source: domain.md 2.3, P-27, P-28, S2-12, S2-29, K-11.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.agenda.publishing import directly
from bot.chat.errors import Declined
from bot.chat.events import By, Due
from bot.chat.replies import Refresh, Replies, Show
from bot.council import planning, telling
from bot.council import standing as council
from bot.council.rules import MOVES as MEETING_MOVES
from bot.council.standing import Around
from bot.minutes import gathering, reply_views, rules, standing
from bot.minutes.body import Body, Resolution, document
from bot.minutes.rules import MOVES, State
from bot.work import handlers as work
from bot.work.rules import moves_from
from storage import audit
from storage.councils import CouncilRoom, rooms
from storage.decisions import Decision
from storage.links import Thing
from storage.meetings import CouncilMeeting, hold
from storage.messages import Lane
from storage.minutes import Minutes, newest_minutes, people_numbered, places_of_department
from storage.people import Department, Person
from storage.places import Place
from storage.tx import Tx

DRAFT, PAPER, ACTIONS, OUTCOME = "minutes.draft", "minutes.paper", "minutes.actions", "minutes.outcome"
PUBLIC, CORRECTIONS = "minutes.public", "minutes.corrections"
HOLDS = (Decision.State.IN_FORCE, Decision.State.PROVISIONAL)
SHOWN = (DRAFT, PAPER, CORRECTIONS)
"""What shows a meeting's minutes, wherever it stands."""


@dataclass(frozen=True, slots=True)
class Told:
    """What went out when minutes were issued."""

    shows: tuple[Show, ...]
    owners: int
    outcomes: int
    rooms: int


def anew(meeting: CouncilMeeting) -> tuple[Refresh, ...]:
    """What shows a meeting's minutes, made anew."""
    return planning.shown(meeting, *SHOWN)


async def draft(event: Due, tx: Tx, _now: datetime) -> Replies:
    """P-27: the draft is made from the record, and comes to the secretary and the chair."""
    found = await council.due(event, tx)
    if found is None:
        return Replies(skipped=True)
    await hold(tx, found.meeting)
    if found.meeting.state not in standing.NOT_OUT:
        return Replies(skipped=True)
    minutes = await standing.begun(tx, found)
    body = await gathering.body_of(tx, found, minutes)
    people = await council.run_by(tx, found)
    shows = telling.to_people(found, DRAFT, people, mark="minutes")
    return Replies(show=shows, outcome=reply_views.drafted(len(body.decisions), len(body.tasks)))


async def issue_on_time(event: Due, tx: Tx, now: datetime) -> Replies:
    """P-27 at T+2wd 16:00: nobody acted, so they go out as they are, and say so."""
    found = await council.due(event, tx, "issue minutes")
    if found is None:
        return Replies(skipped=True)
    await hold(tx, found.meeting)
    if found.meeting.state not in standing.NOT_OUT:
        return Replies(skipped=True)
    told = await issued(tx, found, await standing.begun(tx, found), now, by=None)
    return Replies(show=told.shows, refresh=anew(found.meeting), outcome=reply_views.issued_by_schedule())


async def issue(tx: Tx, by: By, found: Around, now: datetime) -> Told:
    """The chair issues them. Raises: Declined (E-03, E-05, E-20)."""
    await hold(tx, found.meeting)
    await standing.chairs(tx, by.person, found)
    known = await newest_minutes(tx, found.meeting.id)
    if known is not None and known.state is not State.DRAFT:
        raise await out_already(tx, found, known)
    minutes = await standing.begun(tx, found)
    await work.not_overtaken(
        tx, (Thing.MINUTES, minutes.id), minutes, code="the draft", now=lambda: _stands(tx, found, minutes)
    )
    return await issued(tx, found, minutes, now, by=by.person.id)


async def _stands(tx: Tx, found: Around, minutes: Minutes) -> str:
    return (await out_already(tx, found, minutes)).words if minutes.issued_at else "It is still a draft."


async def out_already(tx: Tx, found: Around, minutes: Minutes) -> Declined:
    """E-05: what is issued is not issued again, nor edited."""
    by = None if minutes.issued_by is None else await tx.get(Person, minutes.issued_by)
    name = "" if by is None else by.name
    words = reply_views.out_already(found.meets_on, by=name, at=minutes.issued_at, zone=found.zone)
    return Declined(words, code="E-05")


async def issued(tx: Tx, found: Around, minutes: Minutes, now: datetime, *, by: int | None) -> Told:
    """Freezes an edition and tells whoever must know; `by` is None by schedule."""
    meeting = found.meeting
    body = await gathering.body_of(tx, found, minutes)
    minutes.body, minutes.issued_at, minutes.issued_by = document(body), now, by
    minutes.is_unchecked = by is None
    # A chair who issues has checked them; the clock has not.
    for verb in ("issue",) if by is None else ("approve for issue", "issue"):
        (move,) = moves_from(MOVES, verb, minutes.state)
        before, minutes.state = minutes.state, move.target or minutes.state
        audit.note(tx, (Thing.MINUTES, minutes.id), verb, before=before.value, after=minutes.state.value)
    (step,) = moves_from(MEETING_MOVES, "issue minutes", meeting.state)
    was, meeting.state = meeting.state, step.target or meeting.state
    audit.note(tx, (Thing.MEETING, meeting.id), "issue minutes", before=was.value, after=meeting.state.value)
    await tx.flush()
    return await told_of(tx, found, body)


async def told_of(tx: Tx, found: Around, body: Body) -> Told:
    """P-28: the rooms and outsiders have the minutes, owners their actions, departments what it means for them."""
    places = await rooms(tx, found.council.id, CouncilRoom.Purpose.COUNCIL)
    direct = await directly(tx, found, places)
    to: list[Place | Person] = [*places, *direct]
    papers = [_show(found, PAPER, each) for each in to]
    owners = await _owners(tx, body)
    mine = [_show(found, ACTIONS, each) for each in owners]
    outcomes = await _outcomes(tx, found, body)
    public = [_show(found, PUBLIC, each) for each in await rooms(tx, found.council.id, CouncilRoom.Purpose.PUBLIC)]
    shows = (*papers, *mine, *outcomes, *public, *(await _last_call(tx, found)))
    return Told(shows, len(owners), len(outcomes), len(places))


def _show(found: Around, view: str, to: Place | Person) -> Show:
    traffic = Lane.Traffic.PROMPT if isinstance(to, Person) else Lane.Traffic.SUMMARY
    return Show(telling.key(found, view, to), to, view, planning.ids(found.meeting), traffic)


async def _owners(tx: Tx, body: Body) -> Sequence[Person]:
    """Who owns an action of the meeting now, each once, in the order of the agenda."""
    numbers = await gathering.owners_of(tx, [each.id for each in body.tasks])
    people = await people_numbered(tx, set(numbers))
    return [people[each] for each in dict.fromkeys(numbers) if each in people and people[each].active]


async def _outcomes(tx: Tx, found: Around, body: Body) -> list[Show]:
    """K-11 for every department that a decision names: to the rooms of its teams, else to its head.

    A supplier hears nothing of what is internal. Source: domain.md S2-12, 2.4 (24).
    """
    shows: list[Show] = []
    for each in body.decisions:
        decision = await tx.get(Decision, each.id)
        if decision is None or decision.state not in HOLDS:
            continue
        for number, _ in meant(decision):
            department = await tx.get(Department, number)
            if department is None or (is_hidden(each) and department.kind is Department.Kind.SUPPLIER):
                continue
            about = planning.ids(found.meeting) | {"decision": decision.id, "department": department.id}
            for to in await _of_department(tx, department, hidden=is_hidden(each)):
                key = telling.key(found, OUTCOME, to, f"{decision.id}:{department.id}")
                shows.append(Show(key, to, OUTCOME, about))
    return shows


def meant(decision: Decision) -> Iterable[tuple[int, str]]:
    """The departments that a decision means something for, and what."""
    return [(int(each["department"]), str(each["text"])) for each in decision.means]


def is_hidden(each: Resolution) -> bool:
    """Whether only people of the organisation may read it."""
    return each.internal


async def _of_department(tx: Tx, department: Department, *, hidden: bool) -> Sequence[Place | Person]:
    places = await places_of_department(tx, department.id)
    if places and not hidden:
        return list(places)
    # What is internal goes to one person whose company is known, rather than into a room with guests.
    head = None if department.head_id is None else await tx.get(Person, department.head_id)
    if head is None or not head.active or (hidden and head.is_external):
        return []
    return [head]


async def _last_call(tx: Tx, found: Around) -> list[Show]:
    """P-29 to every seat, on the morning of the day on which corrections close."""
    until = rules.closes_at(found.meeting)
    if until is None:
        return []
    people = {each.id: each for each in [*await telling.holders(tx, found), *await _deputies(tx, found)]}
    at = until - rules.REMINDS_BEFORE
    return [
        Show(
            telling.key(found, CORRECTIONS, each),
            each,
            CORRECTIONS,
            planning.ids(found.meeting),
            Lane.Traffic.PROMPT,
            due_at=at,
            not_after=until,
        )
        for each in people.values()
    ]


async def _deputies(tx: Tx, found: Around) -> Sequence[Person]:
    """Who sat in for a seat at the meeting."""
    sent = {each.deputy_id for each in (await council.said_by_seat(tx, found)).values()} - {None}
    people = await people_numbered(tx, {each for each in sent if each is not None})
    return [each for each in people.values() if each.active]
