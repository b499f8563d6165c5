"""The words of minutes as a paper: what is printed, exported and read for years. Source: domain.md K-13, S2-30."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda.titles import SECTION_TITLES
from bot.chat.localtime import today_in
from bot.chat.papers import Block, Bullets, Heading, Pairs, Paper, Prose, Resolved, Table
from bot.chat.words import clock_in, count, day, listing, moment, place_of
from bot.council.rules import Reading
from bot.minutes.body import Amendment, Attender, Body, Passage, Point, Resolution, Stretch, Task, Tenure, Votes
from storage.agenda import AgendaItem
from storage.decisions import Decision
from storage.meetings import Attendance, CouncilMeeting
from storage.minutes import Minutes

STATE = Minutes.State
INTERNAL = "Internal"
NOTHING = "Nothing was recorded."
KINDS = {CouncilMeeting.Kind.REGULAR: "Regular meeting", CouncilMeeting.Kind.SPECIAL: "Special meeting"}
UNCHECKED = "Not yet checked by the chair"
STATUSES = {
    Attendance.Status.EXPECTED: "not recorded",
    Attendance.Status.PRESENT: "present",
    Attendance.Status.DEPUTY: "deputy",
    Attendance.Status.APOLOGIES: "apologies",
    Attendance.Status.ABSENT: "absent",
}
OUTCOMES = {
    AgendaItem.State.PUBLISHED: "not settled",
    AgendaItem.State.IN_DISCUSSION: "not settled",
    AgendaItem.State.DECIDED: "decided",
    AgendaItem.State.NOTED: "noted",
    AgendaItem.State.DEFERRED: "put off to the next meeting",
    AgendaItem.State.PARKED: "parked",
    AgendaItem.State.DROPPED: "dropped",
    AgendaItem.State.ACTIONED: "made an action",
}
DECISION_STATES = {
    Decision.State.PROVISIONAL: "provisional: there was no quorum; it holds once it is ratified",
    Decision.State.LAPSED: "lapsed",
    Decision.State.SUPERSEDED: "superseded since",
    Decision.State.REVERSED: "reversed since",
}
LEFT = (AgendaItem.State.DEFERRED, AgendaItem.State.PARKED, AgendaItem.State.DROPPED)


def paper(body: Body, minutes: Minutes, reading: Reading, earlier: Sequence[Minutes] = ()) -> Paper:
    """The minutes as somebody may read them; `body` is already what they may see, `earlier` are older editions."""
    met_on = today_in(ZoneInfo(body.zone), body.starts_at)
    is_public = reading is Reading.PUBLIC
    kind = "Summary of the meeting" if is_public else "Draft minutes" if minutes.state is STATE.DRAFT else "Minutes"
    return Paper(
        kind=kind,
        title=body.council,
        subtitle=when(body),
        facts=facts(body, is_public=is_public),
        blocks=(*_blocks(body, is_public=is_public), *_editions(body, minutes, earlier)),
        status=status(minutes),
        footer=f"{body.council} · {kind} of {day(met_on)}{_numbered(minutes)}",
        name=f"minutes-{met_on.isoformat()}{f'-edition-{minutes.number}' if minutes.number > 1 else ''}",
    )


def status(minutes: Minutes, *, is_late: bool = False) -> str:
    """How an edition stands; empty where there is nothing to say of it. `is_late`: the schedule was overrun."""
    said = {
        STATE.DRAFT: "Draft: made from the record, not issued",
        STATE.APPROVED: "Approved by the council",
        STATE.SUPERSEDED: "Superseded: a later edition holds",
    }.get(minutes.state, "")
    if minutes.is_unchecked and minutes.state is STATE.CIRCULATED:
        return f"Issued by schedule{' (late)' if is_late else ''}. {UNCHECKED}"
    return said


def _numbered(minutes: Minutes) -> str:
    return f" · edition {minutes.number}" if minutes.number > 1 else ""


def when(body: Body) -> str:
    """`Thu 3 Dec 2026, 10:00 to 11:28 (London)`."""
    zone = ZoneInfo(body.zone)
    begun = moment(body.opened_at or body.starts_at, zone)
    ended_at = None if body.is_closed_by_schedule else body.adjourned_at
    ended = f" to {clock_in(ended_at, zone)}" if ended_at is not None else ""
    return f"{begun}{ended} ({place_of(zone)})"


def facts(body: Body, *, is_public: bool = False) -> tuple[tuple[str, str], ...]:
    """The title block: what meeting it was, who led it, whether it could decide, and how it ended."""
    zone = ZoneInfo(body.zone)
    pairs = [("Meeting", KINDS[body.kind])]
    if body.where or body.link:
        pairs.append(("Place", " · ".join(each for each in (body.where, body.link) if each)))
    chair = _with_stand_in(body.chair, is_stand_in=body.is_chair_stand_in)
    pairs.append(("Chair", chair + _before(body.chaired_before, zone)))
    if not is_public:
        secretary = _with_stand_in(body.secretary, is_stand_in=body.is_secretary_stand_in)
        pairs.append(("Secretary", secretary + _before(body.recorded_before, zone)))
    pairs.append(("Quorum", quorum(body)))
    if body.previous is not None and not is_public:
        pairs.append(("Previous minutes", previous(body)))
    if body.adjourned_at is not None:
        at = clock_in(body.adjourned_at, zone)
        how = ("Closed", f"by schedule, {at}; nobody ended it")
        pairs.append(how if body.is_closed_by_schedule else ("Adjourned", at))
    if body.recorded_at is not None:
        pairs.append(("Record", f"made afterwards, on {moment(body.recorded_at, zone)}"))
    pairs.append(("Next meeting", next_meeting(body)))
    return tuple(pairs)


def _with_stand_in(name: str, *, is_stand_in: bool) -> str:
    return f"{name}, standing in" if name and is_stand_in else name or "nobody"


def _before(tenures: Sequence[Tenure], zone: ZoneInfo) -> str:
    """` (Cora until 10:20)`."""
    names = [f"{each.name} until {clock_in(each.until, zone)}" for each in tenures]
    return f" ({', '.join(names)})" if names else ""


def quorum(body: Body) -> str:
    """`7 of 8 voting seats present, 5 needed`, and when there was none."""
    zone = ZoneInfo(body.zone)
    said = f"{body.present} of {count(body.filled, 'voting seat')} present, {body.needed} needed"
    without = [f"{clock_in(each.from_at, zone)} {_until(body, each, zone)}" for each in body.inquorate]
    return f"{said}; without a quorum from {listing(without)}" if without else said


def _until(body: Body, each: Stretch, zone: ZoneInfo) -> str:
    """Of a meeting that nobody ended, no end of it is known."""
    is_open = body.is_closed_by_schedule and each.to_at == body.adjourned_at
    return "on" if is_open else f"to {clock_in(each.to_at, zone)}"


def previous(body: Body) -> str:
    """What became of the minutes of the meeting before."""
    if body.previous is None:
        return "none"
    which = f"of {day(body.previous.met_on)}"
    if not body.previous.is_approved:
        return f"{which}: not approved"
    return f"{which}: approved as corrected" if body.previous.is_corrected else f"{which}: approved"


def next_meeting(body: Body) -> str:
    """When and where it goes on."""
    if body.next_at is None:
        return "not planned"
    at = moment(body.next_at, ZoneInfo(body.zone))
    return f"{at} · {body.next_where}" if body.next_where else at


def _blocks(body: Body, *, is_public: bool) -> Iterator[Block]:
    if body.amendments:
        yield Heading("Corrections")
        yield Bullets(tuple(amendment(each) for each in body.amendments))
    if body.attenders:
        yield Heading("Attendance")
        yield attendance(body)
    passages = [each for each in body.passages if not is_public or _has_something(each)]
    for passage in passages:
        yield from _passage(passage, is_public=is_public)
    if is_public and not passages:
        yield Prose(NOTHING, quiet=True)
    if body.tasks:
        yield Heading("Actions")
        yield tasks(body.tasks)
    left = [each for each in body.not_reached if not each.internal]
    if left:
        yield Heading("Not settled at this meeting")
        yield Bullets(tuple(left_over(each) for each in left))


def _has_something(passage: Passage) -> bool:
    return bool(passage.decisions or any(each.decisions for each in passage.points))


def attendance(body: Body) -> Table:
    """Every seat with who held it and how they attended."""
    zone = ZoneInfo(body.zone)
    rows = tuple((each.seat, who(each), how(each, zone)) for each in body.attenders)
    return Table(("Seat", "Who", "How"), rows, (4, 4, 5))


def who(each: Attender) -> str:
    """`Ida for Ivo`, `Ann`; a vacant seat says so."""
    if not each.name:
        return "vacant"
    return f"{each.deputy} for {each.name}" if each.deputy else each.name


def how(each: Attender, zone: ZoneInfo) -> str:
    """`present, from 10:20`; without a vote where there is none."""
    said = [STATUSES[each.status]] if each.name else []
    if each.came_at is not None:
        said.append(f"from {clock_in(each.came_at, zone)}")
    if each.left_at is not None:
        said.append(f"until {clock_in(each.left_at, zone)}")
    if not each.is_voting:
        said.append("without a vote")
    return ", ".join(said)


def _passage(passage: Passage, *, is_public: bool) -> Iterator[Block]:
    aside = count(passage.spent_min, "minute") if passage.spent_min and not is_public else ""
    yield Heading(SECTION_TITLES[passage.number], str(passage.number), aside=aside)
    if passage.note:
        yield from (Prose(line) for line in passage.note.splitlines() if line.strip())
    for each in passage.decisions:
        yield resolved(each)
    if passage.tasks:
        yield Bullets(tuple(task_line(each) for each in passage.tasks))
    points = [each for each in passage.points if not is_public or each.decisions]
    for point in points:
        yield from _point(point, is_public=is_public)
    if not (passage.note or passage.decisions or passage.tasks or points):
        yield Prose(NOTHING, quiet=True)


def _point(point: Point, *, is_public: bool) -> Iterator[Block]:
    if point.internal and not point.title:
        yield Heading(INTERNAL, point.number, level=2)
        return
    aside = "" if is_public else OUTCOMES.get(point.outcome, "")
    yield Heading(point.title, point.number, level=2, aside=aside)
    if point.internal:
        yield Prose(f"{INTERNAL}: not in the copies of suppliers and customers.", quiet=True)
    views = [each for each in (point.one_view, point.other_view) if each]
    if len(views) > 1:
        yield Pairs((("One view", point.one_view), ("The other", point.other_view)))
    yield from (Prose(line) for line in point.note.splitlines() if line.strip())
    if point.reason and point.outcome in LEFT:
        yield Prose(f"Reason: {point.reason}")
    for each in point.decisions:
        yield resolved(each)
    if point.tasks:
        yield Bullets(tuple(task_line(each) for each in point.tasks))


def resolved(each: Resolution) -> Resolved:
    """A decision with its reason, what it means, the customer's view and how many voted for it; never who."""
    pairs = [(label, text) for label, text in (("Reason", each.reason), ("What it means", means(each))) if text]
    if each.customer_view:
        pairs.append(("Customer’s view", each.customer_view))
    if each.moved_by:
        pairs.append(("Moved by", each.moved_by))
    pairs.append(("Votes", f"{votes(each.votes)} ({quorum_then(each)})" if each.votes else quorum_then(each)))
    pairs += [
        (label, day(on))
        for label, on in (("From", each.from_on), ("Looked at again", each.review_on))
        if on is not None
    ]
    if each.state in DECISION_STATES:
        pairs.append(("State", DECISION_STATES[each.state]))
    return Resolved(each.code, each.text, tuple(pairs))


def means(each: Resolution) -> str:
    """What a decision means for whom: by department where that was said, else as it was said."""
    return "; ".join(f"{name}: {text}" if name else text for name, text in each.means) or each.implications


def votes(found: Votes) -> str:
    """`6 for, 1 against, 0 abstained`."""
    return f"{found.votes_for} for, {found.votes_against} against, {found.votes_abstain} abstained"


def quorum_then(each: Resolution) -> str:
    """The quorum at the moment of a decision."""
    return f"{count(each.present, 'voting seat')} present, {each.needed} needed"


def tasks(found: Sequence[Task]) -> Table:
    """The actions: what, who, by when."""
    rows = tuple(
        (each.code, each.title, each.owner or "nobody yet", day(each.due_on) if each.due_on else "no date yet")
        for each in found
    )
    return Table(("Code", "What", "Who", "By when"), rows, (2, 7, 4, 4))


def task_line(each: Task) -> str:
    """`Action A-112: Set up the credit code. Bea, Fri 18 Dec 2026`."""
    facts = ", ".join((each.owner or "nobody yet", day(each.due_on) if each.due_on else "no date yet"))
    return f"Action {each.code}: {each.title} – {facts}"


def left_over(point: Point) -> str:
    """An item that was not settled: what became of it, why, and for which time."""
    said = f"{point.number} {point.title}: {OUTCOMES[point.outcome]}"
    if point.reason:
        said += f" ({point.reason})"
    if point.outcome is AgendaItem.State.DEFERRED:
        said += f", for the {_ordinal(point.deferrals + 1)} time"
    return said


def _ordinal(number: int) -> str:
    known = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    return known.get(number, f"{number}th")


def amendment(each: Amendment) -> str:
    """`3.2, corrected on Thu 10 Dec 2026: …`."""
    return f"{each.place or 'All'}, corrected on {day(each.made_on)}: {each.text}"


def _editions(body: Body, minutes: Minutes, earlier: Sequence[Minutes]) -> Iterator[Block]:
    """Which editions there are; the newest holds, the others can be read still."""
    zone, open_ones = ZoneInfo(body.zone), {each.text for each in body.amendments}
    every = [*earlier, minutes]
    if len(every) < 2:  # noqa: PLR2004 - of one edition there is nothing to tell
        return
    rows = tuple((str(each.number), issued(each.issued_at, zone), _corrects(each, open_ones)) for each in every)
    yield Heading("Editions")
    yield Table(("Edition", "Issued", "What it corrects"), rows, (2, 5, 8))


def _corrects(minutes: Minutes, open_ones: Collection[str]) -> str:
    """What an edition corrects; of what the reader may not see that it is internal."""
    if not minutes.corrected_why:
        return "–"
    return minutes.corrected_why if minutes.corrected_why in open_ones else INTERNAL


def issued(at: datetime | None, zone: ZoneInfo) -> str:
    """`Mon 7 Dec 2026, 16:00`."""
    return "not issued" if at is None else moment(at, zone)
