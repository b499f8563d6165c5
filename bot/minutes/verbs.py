"""Everything that can be typed, pressed and sent about minutes, files, attention and logs, and what falls due."""

from collections.abc import Mapping

from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection, Step
from bot.council import dates
from bot.minutes import attention, correcting, exporting, following, handlers, issuing, logs, projections

_COUNCIL = ("council",)

COMMANDS = (
    Command(
        Usage("council minutes", rest=Rest.WORDS, keys=handlers.KEYS, dates=True, past=True, plain=False, apart=True),
        "The minutes of a meeting: read, edit, issue, correct them, or have them as a file",
        handlers.minutes,
        example="/council minutes",
        also='/council minutes correct "3.2: the figure was 18%"',
        keys=("edition:1", 'council:"CX Council"'),
    ),
    Command(
        Usage("council attention", keys=attention.KEYS, dates=True, past=True),
        "How much attention a meeting paid to customers, with its parts",
        attention.show,
        example="/council attention",
        also="/council attention customer:2 finance:4 bonus:1 leaders:5",
    ),
    Command(
        Usage("council actions", choices=logs.CHOICES, keys=_COUNCIL),
        "What a council's meetings led to, and how it stands",
        logs.actions,
        example="/council actions",
        also="/council actions overdue",
    ),
    Command(
        Usage("council attendance", keys=_COUNCIL),
        "How often each seat was taken",
        logs.attendance,
        example="/council attendance",
        also='/council attendance council:"CX Council"',
    ),
    Command(
        Usage("council calendar", keys=_COUNCIL),
        "A council's next meetings for your calendar",
        exporting.calendar,
        example="/council calendar",
        also='/council calendar council:"CX Council"',
    ),
    Command(
        Usage("agenda export", choices=(exporting.PACK,), keys=_COUNCIL, dates=True),
        "The agenda, or the whole pack, as Word, PDF or Markdown",
        exporting.agenda,
        example="/agenda export",
        also="/agenda export pack",
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    "minutes.show": handlers.show,
    "minutes.edit": handlers.edit,
    "minutes.issue": handlers.issue,
    "minutes.export": handlers.export,
    "minutes.correct": correcting.open_form,
    "minutes.accept": correcting.open_acceptance,
    "minutes.decline": correcting.open_refusal,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "minutes.edit": handlers.take_form,
    "minutes.correct": correcting.take_form,
    "minutes.accept": correcting.accept,
    "minutes.decline": correcting.decline,
}

STEPS: Mapping[str, Step] = {
    dates.DRAFT: Step(issuing.draft, "draft minutes"),
    dates.ISSUE: Step(issuing.issue_on_time, "minutes go out"),
    dates.CORRECTIONS: Step(following.close_corrections, "corrections close"),
    dates.HALFWAY: Step(following.halfway, "halfway to the next council", grace=following.GRACE),
}

VIEWS: Mapping[str, Projection] = {
    issuing.DRAFT: projections.draft,
    issuing.PAPER: projections.paper,
    issuing.ACTIONS: projections.actions,
    issuing.OUTCOME: projections.outcome,
    issuing.PUBLIC: projections.public,
    issuing.CORRECTIONS: projections.corrections,
    correcting.ASKED: projections.correction,
    correcting.ANSWERED: projections.answered,
    following.HALFWAY: projections.halfway,
}
