"""The forms about blockers, and why one comes back."""

from collections.abc import Sequence

from bot.blockers.views import TEXT_MAX, ids_of
from bot.chat.forms import OPTION_MAX, OPTIONS_MAX, Form, Input, OneOf, Option, PersonInput, SomeOf, TextInput, Values
from bot.work.views import REASON_MAX
from storage.blockers import Blocker
from storage.people import Department
from storage.teams import Team

TEXT, DEPT, STOPPED, TEAM, WHO, WHY = "text", "dept", "customer", "team", "who", "why"
NOBODY, YES = "none", "yes"


def new(departments: Sequence[Department], teams: Sequence[Team], values: Values) -> Form:
    """Something is in the way."""
    known = (Option(str(each.id), each.name[:OPTION_MAX]) for each in departments[: OPTIONS_MAX - 1])
    inputs: list[Input] = [
        TextInput(TEXT, "What is in your way?", placeholder="Van 12 is out of meter seals", longest=TEXT_MAX),
        OneOf(DEPT, "Who could help?", (Option(NOBODY, "Nobody in particular"), *known), value=NOBODY, optional=True),
        SomeOf(STOPPED, "Is a customer without service?", (Option(YES, "Yes, a customer is without service"),),
               hint="Then the department hears of it at once.", optional=True),
    ]  # fmt: skip
    if len(teams) > 1:
        options = tuple(Option(str(each.id), each.name[:OPTION_MAX]) for each in teams[:OPTIONS_MAX])
        inputs.append(OneOf(TEAM, "Which team is it about?", options, value=options[0].value))
    return Form(
        title="Something is in the way",
        verb="blocker.save",
        inputs=tuple(inputs),
        note="It gets a code, and I follow it up until it is solved.",
        submit="Raise it",
    ).filled(values)


def know(blocker: Blocker, values: Values) -> Form:
    """Somebody who could help."""
    return Form(
        title="I know someone",
        verb="blocker.name",
        ids=ids_of(blocker),
        note=_note(blocker),
        inputs=(PersonInput(WHO, "Who could help?"),),
        closing_note="They are asked by direct message, with your name.",
        submit="Ask them",
    ).filled(values)


def again(blocker: Blocker, values: Values) -> Form:
    """It is not solved after all."""
    return Form(
        title="Open it again",
        verb="blocker.reopen",
        ids=ids_of(blocker),
        note=_note(blocker),
        inputs=(TextInput(WHY, "What is still in the way?", multiline=True, longest=REASON_MAX),),
        submit="Open it again",
    ).filled(values)


def _note(blocker: Blocker) -> str:
    return f"{blocker.code} {blocker.text}"


def please_write() -> str:
    """A required input was left empty."""
    return "Please write a few words here."


def too_long(length: int) -> str:
    """More words than a card can show."""
    return f"That is {length} characters; {TEXT_MAX} fit. Please shorten it a little."


def please_choose() -> str:
    """Nobody whom I can ask was chosen."""
    return "I can't ask that person. Please choose somebody else."


def not_yourself() -> str:
    """They named themselves."""
    return "That is you. Please choose somebody else, or say yourself that you can help."
