"""The words of a department's report: the form with what is known, what was received, and why it is not taken. K-09."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title
from bot.chat.forms import OPTION_MAX, OPTIONS_MAX, Form, OneOf, Option, TextInput, Values
from bot.chat.words import clock_in, listing, short_day, typed
from bot.council import views
from storage.actions import Action
from storage.agenda import DepartmentReport
from storage.councils import Council
from storage.meetings import CouncilMeeting
from storage.people import Department

CHANGED, COMING, HELP, FROM, OFFER, SEND = "changed", "coming", "help", "from", "offer", "send"
TEXT_MAX = 1500  # characters of one answer
KEEP, NOW = "draft", "send"
NEEDS_SOMETHING = "Please write a sentence, or keep it as a draft."
NEEDS_HELP = "What do you need from them?"
STATES = {
    DepartmentReport.State.ASKED: "asked for",
    DepartmentReport.State.DRAFT: "a draft",
    DepartmentReport.State.RECEIVED: "received",
    DepartmentReport.State.LATE: "received late",
    DepartmentReport.State.MISSING: "missing",
}
_NOTE_MAX = 900  # characters of what is known, above the questions
_ACTIONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class About:
    """What a report is about, and what is known beforehand."""

    report: DepartmentReport
    department: Department
    meeting: CouncilMeeting
    council: Council
    figures: Sequence[str] = ()
    actions: Sequence[Action] = ()
    closes_at: datetime | None = None
    is_out: bool = False
    """Whether a published agenda tells it."""


def form(about: About, others: Sequence[Department], values: Values, *, reader: ZoneInfo) -> Form:
    """K-09, filled with what was written before; what came in already is no draft any more."""
    report = about.report
    options = tuple(Option(str(each.id), each.name[:OPTION_MAX]) for each in others[:OPTIONS_MAX])
    helper: tuple[OneOf, ...] = ()
    if options:
        known = "" if report.help_from_id is None else str(report.help_from_id)
        helper = (OneOf(FROM, "Help wanted from", options, value=known, optional=True),)
    return Form(
        title="Department report",
        verb="agenda.report",
        ids={"report": str(report.id)},
        note=_known(about, reader)[:_NOTE_MAX],
        inputs=(
            _text(CHANGED, "What did you change?", report.changed),
            _text(COMING, "What comes next?", report.coming),
            _text(HELP, "What help do you want?", report.help_wanted),
            *helper,
            _text(OFFER, "What could others reuse?", report.offer),
            *(() if is_in(report) else (_send_or_keep(),)),
        ),
        submit="Save",
    ).filled(values)


def is_in(report: DepartmentReport) -> bool:
    """Whether it came, in time or late."""
    return report.state in {DepartmentReport.State.RECEIVED, DepartmentReport.State.LATE}


def _send_or_keep() -> OneOf:
    ways = (Option(NOW, "Send it"), Option(KEEP, "Keep it as a draft, I'll send it later"))
    return OneOf(SEND, "What now?", ways, value=NOW)


def _text(name: str, label: str, value: str) -> TextInput:
    return TextInput(name, label, value=value, multiline=True, optional=True, longest=TEXT_MAX)


def _known(about: About, reader: ZoneInfo) -> str:
    zone = ZoneInfo(about.council.zone)
    on = views.meets(about.meeting.starts_at, zone, reader)
    lines = [f"{about.department.name}, for {about.council.name} on {on}."]
    if about.closes_at is not None:
        lines.append(f"Please send it by {views.short_moment(about.closes_at, zone, reader)}.")
    lines.append(f"Your figures: {'; '.join(about.figures)}." if about.figures else "Your figures: not reported.")
    if about.actions:
        shown = [_action(each) for each in about.actions[:_ACTIONS_SHOWN]]
        more = len(about.actions) - len(shown)
        lines.append(f"Open actions: {'; '.join(shown)}" + (f"; +{more} more." if more > 0 else "."))
    return "\n".join(lines)


def _action(action: Action) -> str:
    due = f", due {short_day(action.due_on)}" if action.due_on else ""
    return f"{action.title} {action.code}{due}"


# --- what was stored


def stored(about: About, helper: str, reader: ZoneInfo) -> Card:
    """What stands in the report, and until when it can be changed."""
    report = about.report
    words = status(about, reader)
    said = [
        (label, (text,))
        for label, text in (
            ("What changed", report.changed),
            ("What comes next", report.coming),
            ("Help wanted", _wanted(report, helper)),
            ("For others to reuse", report.offer),
        )
        if text
    ]
    body: list[Element] = [Group("Figures", tuple(Line((each,)) for each in about.figures))] if about.figures else []
    if said:
        body.append(Facts(tuple(said)))
    change = Button(
        "Change it", "agenda.report", {"report": str(report.id)}, opens_form=True, spoken="Change my report"
    )
    return Card(
        words,
        (
            Title(f"Report: {about.department.name}"[:45]),
            Note(
                f"{about.council.name} · {views.meets(about.meeting.starts_at, ZoneInfo(about.council.zone), reader)}"
            ),
            Paragraph((words,)),
            *body,
            Buttons((change,)),
        ),
    )


def status(about: About, reader: ZoneInfo) -> str:
    """How far it has come, in a sentence."""
    report, name = about.report, about.department.name
    until = " You can change it until the meeting begins."
    if about.is_out:
        until += (
            " The agenda is out with it: what you change in it comes out as a new version, and the chair hears of it."
        )
    match report.state:
        case DepartmentReport.State.RECEIVED | DepartmentReport.State.LATE if report.received_at is not None:
            late = ", after the closing time, and is named as late" if report.state.value == "late" else ""
            return f"The report of {name} came in at {clock_in(report.received_at, reader)}{late}.{until}"
        case DepartmentReport.State.DRAFT:
            return f"Kept as a draft. The report of {name} is not sent yet: choose `Change it` to send it."
        case _:
            return f"The report of {name} is {STATES[report.state]}."


def _wanted(report: DepartmentReport, helper: str) -> str:
    if not report.help_wanted:
        return f"From {helper}" if helper else ""
    return f"{report.help_wanted} (from {helper})" if helper else report.help_wanted


# --- what can't be done


def not_theirs(department: str) -> str:
    """E-03."""
    return (
        f"Only people of {department}, its head, whoever has its seat, or the secretary can write its report. "
        "Nothing was changed."
    )


def no_department() -> str:
    """Somebody of no department, who names none."""
    example = typed("agenda report dept:Field")
    return f"For which department? For example `{example}`. Nothing was changed."


def unknown_department(said: str, names: Sequence[str]) -> str:
    """E-04."""
    there_are = f" There is {listing(names[:8])}." if names else ""
    return f"I can't find a department called '{said}'.{there_are} Nothing was changed."


def has_begun(council: str) -> str:
    """E-05."""
    return f"That meeting of {council} has begun or is over, so it takes no report any more. Nothing was changed."
