"""Who hears of a meeting, and under which key: the rooms a council lives in, its seats, and who runs it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.chat.replies import Refresh, Show
from bot.council import planning, standing
from bot.council.standing import Around
from storage import councils as rows
from storage.councils import CouncilRoom
from storage.meetings import Attendance
from storage.messages import Lane
from storage.people import Person
from storage.places import Place
from storage.tx import Tx

CALL, REMINDER, DRAFT, DRAFT_REMINDER = "council.call", "council.reminder", "council.draft", "council.draft_reminder"
EVE, QUORUM, SOON, HOLIDAY, MOVED = "council.eve", "council.quorum", "council.soon", "council.holiday", "council.moved"
MISSED, DEPUTISED, DEPUTY_OUT = "council.missed", "council.deputised", "council.deputy_out"
WANTED, VACANCY, RELIEVED = "council.deputy_wanted", "council.vacancy", "council.relieved"
ROOM, CHAIRS = "meeting.room", "meeting.chair"
PAPER = "agenda.paper"
MINE = (CALL, REMINDER, EVE, WANTED)
"""What shows somebody their own answer."""
NOW_AND_THEN = timedelta(minutes=10)


def key(found: Around, view: str, to: Place | Person, mark: str = "") -> str:
    """The key of a meeting's message; a meeting that was moved is called anew, under another one."""
    who = f"p{to.id}" if isinstance(to, Person) else str(to.id)
    return ":".join(("council", str(found.meeting.id), view, *([mark] if mark else []), who))


def at_its_time(found: Around) -> str:
    """Tells messages of a meeting apart from those before it was moved."""
    return f"{found.meeting.starts_at:%Y%m%d%H%M}"


def to_people(
    found: Around,
    view: str,
    people: Iterable[Person],
    *,
    mark: str = "",
    ids: Mapping[str, int] | None = None,
    not_after: datetime | None = None,
    urgent: bool = False,
) -> tuple[Show, ...]:
    """A message for each of them."""
    about = ids or planning.ids(found.meeting)
    return tuple(
        Show(key(found, view, each, mark or at_its_time(found)), each, view, about, Lane.Traffic.PROMPT,
             not_after=not_after, urgent=urgent)
        for each in people
    )  # fmt: skip


async def to_rooms(
    tx: Tx,
    found: Around,
    view: str,
    *,
    mark: str = "",
    ids: Mapping[str, int] | None = None,
    not_after: datetime | None = None,
    urgent: bool = False,
) -> tuple[Show, ...]:
    """The same message in every place in which the council lives."""
    about = ids or planning.ids(found.meeting)
    return tuple(
        Show(key(found, view, each, mark), each, view, about, not_after=not_after, urgent=urgent)
        for each in await rows.rooms(tx, found.council.id, CouncilRoom.Purpose.COUNCIL)
    )


async def holders(tx: Tx, found: Around) -> Sequence[Person]:
    """Who holds a seat, each once, in the order of the seats."""
    people = [each.person for each in await standing.held_seats(tx, found.council)]
    return list({each.id: each for each in people if each is not None and each.active}.values())


async def expected(tx: Tx, found: Around) -> Sequence[Person]:
    """Who may come: who holds a seat, unless they said no; where a deputy was named, the deputy."""
    said = await standing.said_by_seat(tx, found)
    people: dict[int, Person] = {}
    for held in await standing.held_seats(tx, found.council):
        answer = said.get(held.seat.id)
        person = held.person
        if answer is not None and answer.rsvp is Attendance.Rsvp.DEPUTY and answer.deputy_id is not None:
            person = await tx.get(Person, answer.deputy_id)
        elif answer is not None and answer.rsvp is Attendance.Rsvp.NO:
            person = None
        if person is not None and person.active:
            people.setdefault(person.id, person)
    return list(people.values())


async def everybody(tx: Tx, found: Around) -> Sequence[Person]:
    """Seats, deputies that were named, and who runs the meeting, each once."""
    every = [*await holders(tx, found), *await expected(tx, found), *await standing.run_by(tx, found)]
    return list({each.id: each for each in every}.values())


def answers_anew(found: Around, who: Person) -> tuple[Refresh, ...]:
    """What shows who comes, made anew: one's own at once, the chair's doubt too, the others' now and then."""
    ids = planning.ids(found.meeting)
    others = tuple(Refresh(view, ids, at_most_every=NOW_AND_THEN) for view in (*MINE, PAPER))
    own = tuple(Refresh(view, ids, who) for view in MINE)
    return (*others, *own, Refresh(QUORUM, ids))


def running_anew(found: Around) -> tuple[Refresh, ...]:
    """The cards of a meeting that is on, made anew."""
    return planning.shown(found.meeting, ROOM, CHAIRS)
