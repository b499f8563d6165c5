"""The forms about milestones, and why one comes back."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.forms import OPTION_MAX, DateInput, Form, Input, OneOf, Option, PersonInput, TextInput, Values
from bot.chat.words import day
from bot.milestones import rules
from bot.milestones.views import named
from bot.work.views import REASON_MAX
from storage.initiatives import Initiative, Milestone

TITLE, INITIATIVE, DUE, OWNER, PHASE, AFTER, DAYS = "title", "initiative", "due", "owner", "phase", "after", "days"
WHY, EVIDENCE = "why", "evidence"

PLEASE_WRITE = "Please write a few words."
NEEDS_TITLE = "Please say what is to be reached."
NEEDS_INITIATIVE = "Please choose the initiative that it belongs to."
NEEDS_DATE = "Please choose a day."
NEEDS_OWNER = "Please choose who owns it."


def add(initiatives: Sequence[Initiative], values: Values) -> Form:
    """A new milestone; `values` is what was said already."""
    options = tuple(Option(str(each.id), f"{each.code} {each.title}"[:OPTION_MAX]) for each in initiatives[:100])
    which: tuple[Input, ...] = (OneOf(INITIATIVE, "Of which initiative?", options),)
    return Form(
        title="New milestone",
        verb="milestone.save",
        note="A point with a date and a yes or no.",
        inputs=(
            TextInput(TITLE, "What is reached then?", placeholder="Script live", longest=rules.TITLE_MAX),
            *which,
            DateInput(DUE, "By when?"),
            PersonInput(OWNER, "Who owns it?"),
            TextInput(PHASE, "Phase", optional=True, longest=75),
            TextInput(AFTER, "Which one does it wait for?", placeholder="M-31", optional=True, longest=20),
            TextInput(DAYS, "How many days does it take from then on?", optional=True, longest=5),
        ),
        submit="Add milestone",
    ).filled(values)


def move(milestone: Milestone, values: Values) -> Form:
    """Another forecast, and why."""
    return _about(
        milestone,
        Form(
            title="New date",
            verb="milestone.date",
            note=f"{named(milestone)}, expected on {day(milestone.forecast_on)}.",
            inputs=(DateInput(DUE, "When is it expected now?"), _words(WHY, "Why?")),
            closing_note="The baseline stays as it is.",
            submit="Move it",
        ),
        values,
    )


def late(milestone: Milestone, ask_id: int, values: Values) -> Form:
    """The same, as the answer to a question."""
    form = move(milestone, values)
    note = "Your answer goes to the one who asked."
    ids = {**form.ids, "ask": str(ask_id)}
    return replace(form, verb="milestone.late", ids=ids, closing_note=note, submit="Send answer")


def done(milestone: Milestone, values: Values, *, ask_id: int = 0) -> Form:
    """What shows that it is reached."""
    ids = {"ask": str(ask_id)} if ask_id else {}
    return _about(
        milestone,
        Form(
            title="Done",
            verb="milestone.claim",
            note=f"{named(milestone)}.",
            inputs=(
                TextInput(
                    EVIDENCE,
                    "What shows that it is reached?",
                    placeholder="Live on 40 desks since Monday",
                    multiline=True,
                    longest=rules.EVIDENCE_MAX,
                ),
            ),
            ids=ids,
            closing_note="A second person accepts it.",
            submit="It is done",
        ),
        values,
    )


def reason(milestone: Milestone, verb: str, values: Values) -> Form:
    """A word why: for what is refused, kept, waived or cancelled."""
    title, label, submit = _REASONS[verb]
    form = Form(
        title=title,
        verb=f"milestone.{verb}_why",
        note=f"{named(milestone)}.",
        inputs=(_words(WHY, label),),
        submit=submit,
    )
    return _about(milestone, form, values)


_REASONS = {
    "reject": ("Not yet", "What is still missing?", "Send it back"),
    "waive": ("Waive it", "Why is it not needed any more?", "Waive it"),
    "cancel": ("Cancel it", "Why is it off?", "Cancel it"),
    "keep": ("Keep my date", "How will it be reached all the same?", "Keep it"),
}


def _words(name: str, label: str) -> TextInput:
    return TextInput(name, label, multiline=True, longest=REASON_MAX)


def _about(milestone: Milestone, form: Form, values: Values) -> Form:
    ids = {"milestone": str(milestone.id), "version": str(milestone.version), **form.ids}
    return replace(form, ids=ids).filled(values)
