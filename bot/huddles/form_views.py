"""The form of a huddle: one input for each question, and why one is refused. Source: domain.md K-02."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.forms import OPTIONS_MAX, Form, Input, OneOf, Option, SomeOf, TextInput, Values
from bot.chat.words import clock_in, short_day
from bot.huddles import rules
from bot.huddles.views import ids_of
from bot.measures.rules import Figure
from storage.huddles import Huddle, HuddleRun, Question
from storage.people import Department

NOBODY = "none"
FOCUS_MAX = 500  # characters; one thing for today
ANSWER_MAX = 1500  # characters


def form(
    huddle: Huddle,
    run: HuddleRun,
    departments: Sequence[Department],
    values: Values,
    *,
    figure: Figure | None,
    filled: bool,
    until: str,
) -> Form:
    """K-02: one input for each question; a blocker also has who could help."""
    inputs: list[Input] = []
    for question in rules.asked_in(huddle, run).questions:
        hint = "Filled in from your last plan; change what differs." if filled and question["kind"] == "plan" else ""
        inputs.append(_input(question, hint))
        if question["kind"] == "blocker":
            inputs += _helper_inputs(departments)
    number = f" · {figure.sentence}" if figure and figure.value else ""
    return Form(
        title=f"Huddle · {short_day(run.local_date)}",
        verb="huddle.answer",
        ids=ids_of(run),
        note=f"{huddle.name}{number} · {until}",
        inputs=tuple(inputs),
        closing_note="You can change your answer until midnight.",
        submit="Send answer",
    ).filled(values)


_HINTS = {
    "focus": ("", "For example: last Mill Lane job before noon"),
    "blocker": ("It gets a code, and I follow it up.", ""),
    "customer": ("Their own words, please, without names or account numbers.", ""),
}


WHO_COULD_HELP = "Who could help?"


def _input(question: Question, hint: str) -> TextInput:
    is_focus = question["kind"] == "focus"
    usual, placeholder = _HINTS.get(question["kind"], ("", ""))
    return TextInput(
        question["id"],
        # In the form that half of the question has an input of its own.
        question["text"].removesuffix(f" {WHO_COULD_HELP}"),
        hint=hint or usual,
        placeholder=placeholder,
        multiline=not is_focus,
        optional=not question["required"],
        longest=FOCUS_MAX if is_focus else ANSWER_MAX,
    )


def _helper_inputs(departments: Sequence[Department]) -> list[Input]:
    stopped = SomeOf(
        rules.CUSTOMER_STOPPED,
        "Does a customer wait for it?",
        (Option("yes", "A customer is without service because of it"),),
        optional=True,
    )
    if not departments:
        return [stopped]
    known = departments[: OPTIONS_MAX - 1]
    options = (Option(NOBODY, "Nobody in particular"), *(Option(str(each.id), each.name[:75]) for each in known))
    return [OneOf(rules.HELPER, WHO_COULD_HELP, options, value=NOBODY, optional=True), stopped]


def please_write(kind: str) -> str:
    """A required input was left empty."""
    if kind == "focus":
        return "Please name one thing for today. A few words are enough. The team reads it as your focus."
    if kind == "blocker":
        return "What is in the way? A few words are enough, or choose nobody and no customer below."
    return "Please write a few words here."


def too_long(longest: int, length: int) -> str:
    """An input holds more than fits."""
    return f"That is {length} characters; {longest} fit. Please shorten it a little. Everything you typed is kept."


def open_until(until: datetime, zone: ZoneInfo) -> str:
    """On the form's first line."""
    return f"open until {clock_in(until, zone)}"


AHEAD = "kept until it opens"
"""On the form's first line, before the huddle."""


def closed_since(at: datetime, zone: ZoneInfo, *, is_answered: bool = False) -> str:
    """On the form's first line, after the window."""
    return f"closed at {clock_in(at, zone)}{'' if is_answered else ', a late answer is welcome'}"
