"""The words of the call, its reminder, and the draft when items close. Source: domain.md 3.4, P-20 to P-22."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Note, Paragraph, Title, says
from bot.chat.words import clock_in, count, day, listing, small
from bot.council import views
from bot.council.rules import Quorum, State
from storage.agenda import DepartmentReport
from storage.councils import Council
from storage.meetings import Attendance, CouncilMeeting

Report = DepartmentReport.State
Rsvp = Attendance.Rsvp
HOLIDAY_ASKED = "the chair is asked about a day off"
ITEMS_CLOSED = "items are closed, the draft is there"
CHAIR_REMINDED = "the chair reminded of the agenda"
_REPORTS = {
    Report.ASKED: "asked for",
    Report.DRAFT: "a draft, not sent yet",
    Report.RECEIVED: "received",
    Report.LATE: "received late",
    Report.MISSING: "missing",
}


@dataclass(frozen=True, slots=True)
class Seated:
    """What one person is asked about a meeting: their answer, and the report of their department."""

    meeting: CouncilMeeting
    council: Council
    quorum: Quorum
    rsvp: Rsvp = Rsvp.NONE
    deputy: str = ""
    has_seat: bool = True
    department: str = ""
    report: DepartmentReport | None = None
    report_until: datetime | None = None
    """When items and reports are closed."""
    yes: int = 0
    no: int = 0
    open: int = 0
    """How many seats have said yes or sent a deputy, said no, said nothing."""


# --- P-20


def call(found: Seated, reader: ZoneInfo) -> Card:
    """To everybody with a seat."""
    meeting, name = found.meeting, found.council.name
    if meeting.state is State.CANCELLED:
        return off(found, reader)
    at = when(found, reader)
    where = views.place_words(meeting)
    body: list[Element] = [Title(name[:45]), Note(f"{at} · {where}" if where else at)]
    is_open = not meeting.items_closed and not is_over(found)
    words = f"{name} meets on {at}. What should we talk about? Can you come?"
    closed = "Items are closed. What comes now is late and needs the chair's leave."
    body.append(Paragraph(("What should we talk about?" if is_open else closed,)))
    if found.report is not None:
        body.append(Paragraph((report_words(found, reader),)))
    body.append(Paragraph((answer_words(found),)))
    ways = _ways(found, is_open=is_open)
    return Card(words, (*body, *ways))


def report_words(found: Seated, reader: ZoneInfo) -> str:
    """What is asked of a department, or what became of it."""
    report = found.report
    if report is None:
        return ""
    if report.state in {Report.ASKED, Report.DRAFT} and found.report_until is not None:
        until = views.short_moment(found.report_until, ZoneInfo(found.council.zone), reader)
        draft = " It is a draft, not sent yet." if report.state is Report.DRAFT else ""
        return f"{found.department}: please send your short report by {until}.{draft}"
    return f"{found.department}: your report is {_REPORTS[report.state]}."


def answer_words(found: Seated) -> str:
    """Whether they come, as far as they said so."""
    match found.rsvp:
        case Rsvp.YES:
            said = "You come."
        case Rsvp.NO:
            said = "You can't come."
        case Rsvp.DEPUTY:
            said = f"{found.deputy or 'A deputy'} comes for you."
        case _:
            return "Can you come?"
    return f"{said} {expected(found.quorum)} You can change it until the meeting starts."


def expected(quorum: Quorum) -> str:
    """`Quorum needs 5; I now expect 6`, as a sentence."""
    return f"Quorum needs {quorum.needed}; I now expect {quorum.present}."


def _ways(found: Seated, *, is_open: bool) -> tuple[Buttons, ...]:
    ids = views.meeting_ids(found.meeting)
    item = (
        Button("Add an item", "agenda.add", ids, opens_form=True)
        if is_open
        else Button("Add a late item", "agenda.late", ids, opens_form=True)
    )
    report = _report_button(found)
    return (Buttons((*report, item)), *answers(found)) if not is_over(found) else ()


def _report_button(found: Seated) -> tuple[Button, ...]:
    report = found.report
    if report is None or is_over(found):
        return ()
    return (Button("Open report", "agenda.report", {"report": str(report.id)}, opens_form=True),)


def answers(found: Seated) -> tuple[Buttons, ...]:
    """**Yes**, **No**, **Deputy**: those that would change something."""
    if is_over(found) or not found.has_seat:
        return ()
    ids = views.meeting_ids(found.meeting)
    on = day_of(found)
    is_new = found.rsvp is Rsvp.NONE
    offered = []
    if found.rsvp is not Rsvp.YES:
        offered.append(Button("Yes", "council.yes", ids, primary=is_new, spoken=f"Yes, I come on {on}"))
    if found.rsvp is not Rsvp.NO:
        offered.append(Button("No", "council.no", ids, spoken=f"No, I can't come on {on}"))
    spoken = f"Somebody comes for me on {on}"
    offered.append(Button("Deputy", "council.deputy", ids, opens_form=True, spoken=spoken))
    return (Buttons(tuple(offered)),)


def off(found: Seated, reader: ZoneInfo) -> Card:
    """A meeting that was called off."""
    why = f" Reason: {found.meeting.reason.rstrip('.')}." if found.meeting.reason else ""
    return says(f"There is no meeting of {found.council.name} on {when(found, reader)}.{why}")


def is_over(found: Seated) -> bool:
    """Whether there is nothing to answer any more: it has begun, is over or called off."""
    return found.meeting.state not in {State.PLANNED, State.CALLING, State.DRAFTED, State.PUBLISHED}


def when(found: Seated, reader: ZoneInfo) -> str:
    """The meeting's day and time, on the reader's clock."""
    return views.meets(found.meeting.starts_at, ZoneInfo(found.council.zone), reader)


def day_of(found: Seated) -> str:
    return day(found.meeting.starts_at.astimezone(ZoneInfo(found.council.zone)).date())


# --- P-21


def reminder(found: Seated, reader: ZoneInfo, now: datetime) -> Card:
    """Only what is still open from one person."""
    owed = owes(found)
    left = "" if found.report_until is None else _left(found.report_until - now)
    until = "" if found.report_until is None else f" Items close at {clock_in(found.report_until, reader)}."
    on = when(found, reader)
    lead = f"{left} for items for {on}: " if left else f"Items for {on}: "
    words = f"{lead}still open from you: {listing(owed)}."
    body: list[Element] = [Title("Still open from you"), Paragraph((words + until,))]
    return Card(words, (*body, *_ways(found, is_open=not found.meeting.items_closed)))


def owes(found: Seated) -> list[str]:
    """What is still open from somebody, in a few words."""
    owed = []
    if found.report is not None and found.report.state in {Report.ASKED, Report.DRAFT}:
        draft = ", a draft so far" if found.report.state is Report.DRAFT else ""
        owed.append(f"the report of {found.department}{draft}")
    if found.has_seat and found.rsvp is Rsvp.NONE:
        owed.append("whether you come")
    return owed


def _left(time: timedelta) -> str:
    hours, rest = divmod(round(time.total_seconds() / 60), 60)
    if hours < 1 or rest:
        return ""
    return f"{small(hours).capitalize()} {'hour' if hours == 1 else 'hours'} left"


def reminder_settled(found: Seated, reader: ZoneInfo) -> Card:
    """Nothing is open any more."""
    return says(f"Nothing is open from you for {found.council.name} on {when(found, reader)}. Thank you.")


# --- P-22


@dataclass(frozen=True, slots=True)
class Draft:
    """How a meeting stands when its items are closed."""

    meeting: CouncilMeeting
    council: Council
    items: int
    minutes: int
    received: int
    asked: int
    missing: Sequence[str]
    publishes_at: datetime | None
    is_chair: bool


def draft(found: Draft, reader: ZoneInfo) -> Card:
    """To the secretary and the chair."""
    meeting, name = found.meeting, found.council.name
    if meeting.edition:
        return says(f"The agenda of {name} is out, version {meeting.edition}.")
    if meeting.state is not State.DRAFTED:
        at = views.meets(meeting.starts_at, ZoneInfo(found.council.zone), reader)
        return says(f"That draft is settled: {name}, {at}.")
    words = f"Items are closed: {counts(found)}."
    gone = f"Not received: {listing(found.missing)}." if found.missing else "Every report is in."
    return Card(
        words,
        (
            Title(f"{name}: draft agenda"[:45]),
            Note(views.meets(meeting.starts_at, ZoneInfo(found.council.zone), reader)),
            Paragraph((words,)),
            Paragraph((gone,)),
            *_publishing(found, reader),
            Buttons(tuple(_draft_ways(found))),
        ),
    )


def counts(found: Draft) -> str:
    """`5 items, 85 of 90 minutes, 6 of 8 reports`."""
    items = count(found.items, "item")
    minutes = f"{found.minutes} of {found.meeting.length_min} minutes"
    return f"{items}, {minutes}, {found.received} of {count(found.asked, 'report')}"


def _publishing(found: Draft, reader: ZoneInfo) -> list[Element]:
    if found.publishes_at is None:
        return []
    at = clock_in(found.publishes_at, reader)
    return [Paragraph((f"If nobody publishes it, it comes out as drafted at {at}, marked as published by schedule.",))]


def _draft_ways(found: Draft) -> list[Button]:
    ids = views.meeting_ids(found.meeting)
    publish = Button("Publish", "agenda.publish", ids, primary=True, spoken="Publish the agenda")
    edit = Button("Edit", "agenda.draft", ids, spoken="Open the draft and change it")
    return [publish, edit] if found.is_chair else [edit]


def draft_reminder(found: Draft, reader: ZoneInfo) -> Card:
    """At 15:30, to the chair."""
    if found.meeting.edition or found.meeting.state is not State.DRAFTED:
        return draft(found, reader)
    at = "soon" if found.publishes_at is None else f"at {clock_in(found.publishes_at, reader)}"
    words = f"The agenda of {found.council.name} comes out by itself {at}: {counts(found)}."
    return Card(words, (Paragraph((words,)), Buttons(tuple(_draft_ways(found)))))


# --- for the time bar


def called(number: int, *, late: timedelta) -> str:
    """For the time bar."""
    mark = " (late)" if late > timedelta(minutes=20) else ""
    return f"{count(number, 'seat')} called to the council{mark}"


def reminded(number: int) -> str:
    """For the time bar."""
    return f"{small(number)} reminded of the council" if number else "nobody to remind of the council"


def eve_sent(number: int) -> str:
    """For the time bar."""
    return f"{count(number, 'seat')} told of the council tomorrow"


def soon_sent(number: int) -> str:
    """For the time bar."""
    return f"{count(number, 'person', 'people')} told that the council begins soon"


def start_card(on: date) -> str:
    """For the time bar."""
    return f"council of {day(on)}: start card"
