"""The cards of minutes: the draft, the minutes themselves, and what follows from them. K-11, K-13, P-27 to P-29."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.agenda.titles import SHORT_TITLES
from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title, says
from bot.chat.spans import Bold, Text
from bot.chat.words import clock_in, count, day, listing, moment
from bot.council.rules import Reading
from bot.minutes import paper_views
from bot.minutes.body import Body, Point, Resolution, Task
from bot.minutes.rules import State
from storage.meetings import Attendance
from storage.minutes import Correction, Minutes

LINES_MOST = 10
PUBLIC_MOST = 8
NOT_HERE = "Not in your copy"
QUOTED_MOST = 120  # characters of a correction in a summary sentence


@dataclass(frozen=True, slots=True)
class Shown:
    """An edition as somebody may read it."""

    meeting: int
    minutes: Minutes
    body: Body
    reading: Reading
    closes_at: datetime | None = None
    """Until when corrections are taken; None where they are not any more."""
    may_run: bool = False
    """Whether the reader prepares or issues them."""
    may_correct: bool = False
    is_late: bool = False
    """Whether the schedule issued them late."""

    @property
    def zone(self) -> ZoneInfo:
        """Where the council meets."""
        return ZoneInfo(self.body.zone)

    @property
    def met_on(self) -> date:
        """The local day of the meeting."""
        return self.body.starts_at.astimezone(self.zone).date()


def ids(shown: Shown) -> dict[str, str]:
    """What the buttons of minutes carry."""
    return {"meeting": str(shown.meeting), "minutes": str(shown.minutes.id)}


# --- the draft


def ready(shown: Shown, *, is_chair: bool, issues_at: datetime | None, is_late: bool = False) -> Card:
    """P-27 to who prepares the minutes and who issues them; `is_late` where the bot was away at noon."""
    body = shown.body
    found = f"{count(len(body.decisions), 'decision')}, {count(len(body.tasks), 'action')}"
    by_itself = f" Without a word from you they go out on {moment(issues_at, shown.zone)}." if issues_at else ""
    unchecked = " They are marked then as not yet checked by the chair." if issues_at else ""
    late = " (late)" if is_late else ""
    elements: list[Element] = [
        Title(f"Draft minutes are ready{late}"),
        Note(f"{body.council} · {day(shown.met_on)}"),
        Paragraph((Bold(f"{found}."), f"{by_itself}{unchecked}")),
        *_what_was_done(body),
        Buttons(_draft_buttons(shown, is_chair=is_chair)),
    ]
    words = f"Draft minutes of {body.council}, {day(shown.met_on)}, are ready{late}: {found}.{by_itself}"
    return Card(words, tuple(elements))


def _draft_buttons(shown: Shown, *, is_chair: bool) -> tuple[Button, ...]:
    about = ids(shown)
    edit = Button("Edit", "minutes.edit", about, opens_form=True, spoken="Edit the draft minutes")
    read = Button("Read all of it", "minutes.show", about)
    issue = Button("Issue", "minutes.issue", about, primary=True, spoken="Issue the minutes")
    return (issue, edit, read) if is_chair else (edit, read)


def settled(shown: Shown) -> Card:
    """The draft's message once the minutes are out."""
    how = "by schedule" if shown.minutes.is_unchecked else "by the chair"
    at = paper_views.issued(shown.minutes.issued_at, shown.zone)
    words = f"The minutes of {day(shown.met_on)} were issued {how}: {at}."
    return Card(words, (Paragraph((words,)), Buttons((Button("Read the minutes", "minutes.show", ids(shown)),))))


# --- the minutes


def paper(shown: Shown, *, in_room: bool = False) -> Card:
    """K-13; in a room, and for who is no member, without what is internal."""
    if shown.reading is Reading.PUBLIC:
        return public(shown)
    body, is_draft = shown.body, shown.minutes.state is State.DRAFT
    title = f"{'Draft minutes' if is_draft else 'Minutes'} of {day(shown.met_on)}"
    elements: list[Element] = [Title(title), Note(_note(shown)), Facts(_facts(body)), *_what_was_done(body)]
    if not in_room:
        elements += _noted(body)
    if body.amendments:
        elements.append(_group("Corrections", [Line((paper_views.amendment(each),)) for each in body.amendments]))
    elements.append(Buttons(_ways(shown, in_room=in_room)))
    if shown.closes_at is not None:
        elements.append(Note(f"Corrections are taken until {moment(shown.closes_at, shown.zone)}."))
    found = f"{count(len(body.decisions), 'decision')}, {count(len(body.tasks), 'action')}"
    return Card(f"{body.council}: {title[:1].lower()}{title[1:]}. {found}. {_state(shown)}".strip(), tuple(elements))


def _note(shown: Shown) -> str:
    kind = paper_views.KINDS[shown.body.kind].casefold()
    edition = f"edition {shown.minutes.number}" if shown.minutes.number > 1 else ""
    at = f"issued {moment(shown.minutes.issued_at, shown.zone)}" if shown.minutes.issued_at is not None else ""
    return " · ".join(each for each in (shown.body.council, kind, edition, at, _state(shown)) if each)


def _state(shown: Shown) -> str:
    minutes = shown.minutes
    said = paper_views.status(minutes, is_late=shown.is_late)
    if minutes.number > 1 and minutes.state is not State.SUPERSEDED:
        said = f"{said}. Takes the place of edition {minutes.number - 1}".removeprefix(". ")
    return said


def _facts(body: Body) -> tuple[tuple[str, Text], ...]:
    pairs = [(label, text) for label, text in paper_views.facts(body) if label not in {"Meeting", "Place"}]
    there = [each for each in body.attenders if each.status is Attendance.Status.PRESENT]
    stood_in = [each for each in body.attenders if each.status is Attendance.Status.DEPUTY]
    sorry = [each for each in body.attenders if each.status is Attendance.Status.APOLOGIES]
    absent = [each for each in body.attenders if each.status is Attendance.Status.ABSENT and each.name]
    pairs += [
        (label, listing([paper_views.who(each) for each in found]))
        for label, found in (("Present", there), ("Deputies", stood_in), ("Apologies", sorry), ("Absent", absent))
        if found
    ]
    return tuple((label, (text,)) for label, text in pairs)


def _what_was_done(body: Body) -> list[Element]:
    """Decisions, actions, and what was not settled."""
    found: list[Element] = []
    if body.decisions:
        found.append(_group("Decisions", [_decision(each) for each in body.decisions]))
    if body.tasks:
        found.append(_group("Actions", [_task(each) for each in body.tasks]))
    left = [each for each in body.not_reached if not each.internal or each.title]
    if left:
        found.append(_group("Not settled", [_left(each) for each in left]))
    return found


def _group(label: str, lines: Sequence[Line]) -> Group:
    return Group(label, tuple(lines))


def _decision(each: Resolution) -> Line:
    said = [each.reason]
    if each.votes is not None:
        said.append(paper_views.votes(each.votes))
    if each.state in paper_views.DECISION_STATES:
        said.append(paper_views.DECISION_STATES[each.state])
    said.append(paper_views.INTERNAL.casefold() if each.internal else "")
    return Line((Bold(each.text), f"  {each.code}"), (" · ".join(part for part in said if part),))


def _task(each: Task) -> Line:
    return Line((Bold(each.title), f"  {each.code}"), (_owned(each),))


def _owned(each: Task) -> str:
    return f"{each.owner or 'nobody yet'} · {day(each.due_on) if each.due_on else 'no date yet'}"


def _left(point: Point) -> Line:
    words = paper_views.left_over(point).partition(": ")
    return Line((Bold(f"{point.number} {point.title}"),), (words[2],))


def _noted(body: Body) -> list[Element]:
    lines = [
        Line((Bold(f"{each.number} {SHORT_TITLES[each.number]}"),), (_on_one_line(each.note),))
        for each in body.passages
        if each.note
    ]
    lines += [
        Line((Bold(f"{each.number} {each.title}"),), (_on_one_line(each.note),)) for each in body.points if each.note
    ]
    veiled = [each.number for each in body.points if each.internal and not each.title]
    inside = [Line((Bold(f"{each} {paper_views.INTERNAL}"),)) for each in veiled]
    return [_group(label, some) for label, some in (("Noted", lines), (NOT_HERE, inside)) if some]


def _on_one_line(note: str) -> str:
    return " ".join(note.split())


def _ways(shown: Shown, *, in_room: bool) -> tuple[Button, ...]:
    about = ids(shown)
    found = [Button("As a file", "minutes.export", about, spoken="The minutes as Word, PDF or Markdown")]
    if in_room:
        found.insert(0, Button("Read the minutes", "minutes.show", about))
    if shown.minutes.state is State.DRAFT and shown.may_run:
        found.insert(0, Button("Edit", "minutes.edit", about, opens_form=True, spoken="Edit the draft minutes"))
    if shown.closes_at is not None and (in_room or shown.may_correct):
        correct = Button("Correct something", "minutes.correct", about, opens_form=True)
        found.append(correct)
    return tuple(found)


# --- what follows


def actions(shown: Shown, mine: Sequence[Task]) -> Card:
    """P-28 to who has actions from the meeting."""
    number = count(len(mine), "action")
    words = f"You have {number} from {shown.body.council} of {day(shown.met_on)}: "
    elements: tuple[Element, ...] = (
        Title(f"You have {number} from the council"),
        Note(f"{shown.body.council} · {day(shown.met_on)}"),
        _group("", [_mine(each) for each in mine]),
        Buttons((Button("Read the minutes", "minutes.show", ids(shown)),)),
    )
    return Card(words + listing([f"{each.title} ({each.code})" for each in mine]) + ".", elements)


def _mine(each: Task) -> Line:
    return Line((Bold(each.title),), (f"{each.code} · {day(each.due_on) if each.due_on else 'no date yet'}",))


def public(shown: Shown) -> Card:
    """P-28 to everybody: what was decided, and nothing that is internal."""
    body = shown.body
    decided = [_public_line(each) for each in body.decisions]
    nothing = [] if decided else [Paragraph(("Nothing was decided that changes something for you.",))]
    elements: list[Element] = [
        Title(f"What {body.council} decided"[:45]),
        Note(f"{day(shown.met_on)} · {body.present} of {count(body.filled, 'voting seat')} present"),
        *([_group("Decisions", decided)] if decided else nothing),
        Facts((("Next meeting", (paper_views.next_meeting(body),)),)),
    ]
    many = count(len(body.decisions), "decision")
    said = f": {'; '.join(each.text for each in body.decisions[:PUBLIC_MOST])}" if decided else ""
    return Card(f"{body.council}, {day(shown.met_on)}: {many}{said}.", tuple(elements))


def _public_line(each: Resolution) -> Line:
    said = [f"Because {each.reason}" if each.reason else "", paper_views.means(each)]
    return Line((Bold(each.text), f"  {each.code}"), (" · ".join(part for part in said if part),))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody has come with their actions from a council; counts only."""

    owner: str
    done: int
    all: int
    overdue: int


def halfway(council: str, next_at: datetime | None, zone: ZoneInfo, progress: Sequence[Progress]) -> Card:
    """Half of the way to the next meeting: a line for each who has actions from it."""
    done, every = sum(each.done for each in progress), sum(each.all for each in progress)
    until = f" The next meeting is on {moment(next_at, zone)}." if next_at is not None else ""
    lines = [Line((Bold(each.owner),), (_progress(each),)) for each in progress]
    words = f"Halfway to the next {council}: {done} of {count(every, 'action')} done.{until}"
    elements: tuple[Element, ...] = (
        Title("Halfway to the next council"),
        Note(f"{council} · {done} of {count(every, 'action')} done"),
        _group("", lines),
        *((Note(until.strip()),) if until else ()),
    )
    return Card(words, elements)


def _progress(each: Progress) -> str:
    said = f"{each.done} of {each.all} done"
    return f"{said}, {each.overdue} past the date" if each.overdue else said


# --- corrections


def corrections(shown: Shown) -> Card:
    """P-29 to the seats, on the last day."""
    if shown.closes_at is None:
        return says(f"Corrections to the minutes of {day(shown.met_on)} are closed.")
    until = clock_in(shown.closes_at, shown.zone)
    words = f"Corrections to the minutes of {day(shown.met_on)} close today at {until}."
    about = ids(shown)
    return Card(
        words,
        (
            Title("Corrections close today"),
            Paragraph((words,)),
            Buttons(
                (
                    Button("Read the minutes", "minutes.show", about),
                    Button("Correct something", "minutes.correct", about, opens_form=True),
                )
            ),
        ),
    )


def asked(shown: Shown, correction: Correction, by: str) -> Card:
    """A correction that somebody asks for, in front of who decides on it; later what became of it."""
    title = f"{by} asks for a correction"
    elements: list[Element] = [
        Title(title if len(title) <= 45 else "A correction is asked for"),  # noqa: PLR2004 - the width of a title
        Note(f"Minutes of {shown.body.council}, {day(shown.met_on)} · {by}"),
        Paragraph((correction.text,)),
    ]
    about = {"correction": str(correction.id)}
    if correction.state is Correction.State.PROPOSED and shown.minutes.state is State.CIRCULATED:
        accept = Button("Accept", "minutes.accept", about, primary=True, opens_form=True)
        elements.append(Buttons((accept, Button("Decline", "minutes.decline", about, opens_form=True))))
        elements.append(
            Note("If you accept it, a new edition takes the place of this one; the old one stays readable.")
        )
    else:
        elements.append(Note(became(correction)))
    return Card(f"{title}: {correction.text}", tuple(elements))


def became(correction: Correction) -> str:
    """What became of a correction."""
    why = f": {correction.reason}" if correction.reason else ""
    match correction.state:
        case Correction.State.ACCEPTED:
            return f"Accepted{why}"
        case Correction.State.DECLINED:
            return f"Declined{why}"
        case _:
            return "Not decided"


def answered(shown: Shown, correction: Correction) -> Card:
    """What became of it, to who asked."""
    is_in = correction.state is Correction.State.ACCEPTED
    words = (
        f"Your correction to the minutes of {day(shown.met_on)} is in edition {shown.minutes.number}."
        if is_in
        else f"Your correction to the minutes of {day(shown.met_on)} was declined. Reason: {correction.reason}"
    )
    return Card(words, (Paragraph((words,)), Note(correction.text), Buttons((_read(shown),))))


def _read(shown: Shown) -> Button:
    return Button("Read the minutes", "minutes.show", ids(shown))
