"""What stands around the nine lines of an agenda, gathered from rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.agenda.rules import Agenda, Entry
from bot.agenda.sources import open_at
from bot.agenda.views import Head
from bot.chat.localtime import today_in
from bot.council import rules as council_rules
from bot.council.dates import PUBLISH
from bot.council.rules import Held
from bot.council.standing import Around, all_seats, held_seats, said_by_seat
from bot.people.rules import first_name
from storage.agenda import AgendaEdition, AgendaItem
from storage.councils import Seat
from storage.meetings import OVER, RUNNING, TO_COME, Attendance, CouncilMeeting, next_meeting
from storage.people import Person, departments, zone_of
from storage.tx import Tx

LATE_AFTER = timedelta(minutes=20)  # by which a step may be late before that is said; Source: domain.md 3.5


async def head(tx: Tx, found: Around, edition: AgendaEdition | None) -> Head:
    """What an agenda says of its meeting: its newest version, the quorum to be expected, seats that are vacant."""
    meeting, council = found.meeting, found.council
    chair = await tx.get(Person, found.chair_id) if found.chair_id else None
    held = await held_seats(tx, council)
    said = await said_by_seat(tx, found)
    seats = [each.seat for each in held]
    ahead = meeting.state in TO_COME
    found_head = Head(
        meeting.id,
        council.name,
        meeting.starts_at,
        found.zone,
        meeting.where,
        meeting.link,
        first_name(chair) if chair else "",
        quorum=council_rules.forecast(council, seats, said) if ahead else None,
        deputies=await _deputies(tx, held, said) if ahead else (),
        items_closed=meeting.items_closed,
        has_begun=meeting.state in RUNNING,
        is_over=meeting.state in OVER or meeting.state is CouncilMeeting.State.CANCELLED,
        publishes_at=publishes_at(found),
        open_until=open_at(found, tx.acting.now),
        off=meeting.reason if meeting.state is CouncilMeeting.State.CANCELLED else None,
    )
    return await _published(tx, found, _seated(found_head, held, await _unseated(tx, held)), edition)


def publishes_at(found: Around) -> datetime | None:
    """When the agenda comes out by itself."""
    planned = found.meeting.steps.get(PUBLISH)
    return datetime.fromisoformat(planned) if planned else None


async def _deputies(tx: Tx, held: Sequence[Held], said: Mapping[int, Attendance]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for each in held:
        row = said.get(each.seat.id)
        if row is None or row.rsvp is not Attendance.Rsvp.DEPUTY or row.deputy_id is None or each.person is None:
            continue
        deputy = await tx.get(Person, row.deputy_id)
        if deputy is not None:
            pairs.append((first_name(deputy), first_name(each.person)))
    return tuple(pairs)


def _seated(head_so_far: Head, held: Sequence[Held], unseated: tuple[str, ...]) -> Head:
    customers = [each for each in held if each.seat.kind is Seat.Kind.CUSTOMER]
    holder = next((each.person.name for each in customers if each.person is not None), "")
    vacant = [each.name for each in held if each.person is None and each not in customers and each.name]
    return replace(head_so_far, customer=holder, vacant=tuple(vacant), unseated=unseated)


async def _unseated(tx: Tx, held: Sequence[Held]) -> tuple[str, ...]:
    """Departments along the customer's journey without a seat."""
    seated = {each.seat.department_id for each in held}
    return tuple(each.name for each in await departments(tx) if each.seq and each.id not in seated)


async def _published(tx: Tx, found: Around, head_so_far: Head, edition: AgendaEdition | None) -> Head:
    if edition is None:
        return head_so_far
    by = await tx.get(Person, edition.published_by) if edition.published_by else None
    planned = publishes_at(found)
    is_late = edition.published_by is None and planned is not None and edition.published_at - planned > LATE_AFTER
    return replace(
        head_so_far,
        edition=edition.number,
        published_by=first_name(by) if by else "",
        was_late=is_late and edition.number == 1,
        over_min=edition.over_min,
    )


def as_draft(head_so_far: Head, *, may_publish: bool) -> Head:
    """The same above a draft."""
    return replace(head_so_far, draft=True, may_publish=may_publish)


async def has_outsiders(tx: Tx, found: Around) -> bool:
    """Whether people of other companies belong to a council, and so may stand in its rooms."""
    return any(each.is_external for each in await _members(tx, found))


async def zones_differ(tx: Tx, found: Around) -> bool:
    """Whether the clocks of a council's people show another time than the council's, so that rooms name the place."""
    at = found.meeting.starts_at
    here = at.astimezone(found.zone).utcoffset()
    people = [each for each in await _members(tx, found) if each.active]
    return any(at.astimezone(zone_of(each)).utcoffset() != here for each in people)


async def _members(tx: Tx, found: Around) -> Sequence[Person]:
    of = found.council
    numbers = {part for each in await all_seats(tx, of) for part in (each.person_id, each.deputy_id)}
    numbers |= {found.chair_id, found.secretary_id, of.sponsor_id}
    people = [await tx.get(Person, each) for each in sorted(each for each in numbers if each is not None)]
    return [each for each in people if each is not None]


def entry_of(agenda: Agenda, item: AgendaItem) -> Entry:
    """An item as it stands on an agenda, or as it would."""
    known = next((each for each in agenda.items if each.id == item.id), None)
    return known or plain_entry(item)


def plain_entry(item: AgendaItem) -> Entry:
    """An item by itself, without the names of what it points to."""
    return Entry(
        item.id, item.section, item.seq, item.title, item.kind, item.state, item.purpose, item.minutes,
        internal=item.internal, is_late=item.is_late, deferrals=item.deferrals,
    )  # fmt: skip


async def following_of(tx: Tx, found: Around) -> tuple[CouncilMeeting | None, date | None]:
    """The next meeting after this one, and its day; None where none is planned."""
    following = await next_meeting(tx, found.council.id, after=found.meeting.starts_at)
    return following, None if following is None else today_in(found.zone, following.starts_at)
