"""The forms about actions, and why one comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.actions import rules
from bot.actions.rules import Leaving
from bot.actions.views import due_words
from bot.chat.forms import OPTION_MAX, DateInput, Form, Input, OneOf, Option, PersonInput, TextInput, Values
from bot.chat.words import day
from bot.people.rules import first_name
from bot.work.views import REASON_MAX
from storage.actions import Action, Priority
from storage.customers import VocItem
from storage.links import Thing
from storage.people import Department, Person

WHICH, WHY = "which", "why"
OUTSIDE = "outside"
"""In a form: whose being outside the organisation was said, and is meant."""
NOBODY = "none"

PRIORITIES = (
    Option(Priority.P1.value, "P1, most important"),
    Option(Priority.P2.value, "P2"),
    Option(Priority.P3.value, "P3, as usual"),
    Option(Priority.P4.value, "P4, when there is time"),
)


def add(values: Values, *, ids: Mapping[str, str], known: str = "") -> Form:
    """A new action; `values` is what was said already, `known` what came from the same thing before."""
    note = "One thing, one owner, one date. The owner is asked before it counts as agreed."
    return Form(
        title="New action",
        verb="action.save",
        ids=ids,
        note=f"There is one already: {known}" if known else note,
        inputs=(
            TextInput("title", "What is to be done?", placeholder="Add the fault questions to the booking screen",
                      longest=rules.TITLE_MAX),
            PersonInput("owner", "Who takes it on?"),
            DateInput("due", "Until when?"),
            OneOf("prio", "How important is it?", PRIORITIES, value=Priority.P3.value),
            TextInput("dod", "When does it count as done?", hint="Then a second person checks it.",
                      placeholder="Live on 40 desks and 20 calls checked", optional=True, longest=rules.DONE_WHEN_MAX),
        ),
        submit="Add action",
    ).filled(values)  # fmt: skip


def call_back(item: VocItem) -> str:
    """The title of an action that answers a customer."""
    return f"Call the customer of {item.code} back: {item.words}"[: rules.TITLE_MAX]


def read_outside(form: Form, values: Values, owner: Person, leaving: Leaving) -> Form:
    """A form once more: what came of something internal would be read by somebody of another company."""
    what = "decision" if leaving.origin is Thing.DECISION else "item"
    who = "The chair" if leaving.is_chair else first_name(leaving.hears) if leaving.hears is not None else ""
    hears = f" {who} hears of it." if who else ""
    why = f"{first_name(owner)} is not of the organisation and will read these words. The {what} itself stays internal."
    ids = {**form.ids, OUTSIDE: str(owner.id)}
    asked = replace(form, ids=ids, submit="Send anyway", note=f"It comes from an internal {what}.{hears}")
    return asked.refused(values, {"owner": why})


def hand_over(action: Action) -> Form:
    """Somebody else has it from now on."""
    return Form(
        title="Hand it over",
        verb="action.assign",
        ids=_ids([action]),
        note=_note([action]),
        inputs=(PersonInput("owner", "Who takes it on?"), _why("Why?", optional=True)),
        submit="Hand it over",
    )


def ask(values: Values, departments: Sequence[Department]) -> Form:
    """A request for help to a department."""
    options = tuple(Option(str(each.id), each.name[:OPTION_MAX]) for each in departments[:100])
    inputs: tuple[Input, ...] = (TextInput("title", "What do you need to know or to have?", longest=rules.TITLE_MAX),)
    inputs += (OneOf("dept", "Which department could help?", options),) if options else ()
    return Form(title="Ask for help", verb="action.ask", inputs=inputs, submit="Ask").filled(values)


def redate(actions: Sequence[Action], values: Values, *, since: int = 0, over: bool = False) -> Form:
    """Another date, and why. `since` is the newest entry that its reader knew; `over` says that its day is past."""
    note = _note(actions)
    if over:
        note = f"{note} · that day is over: choose one that you can keep, then accept"
    return Form(
        title="New date",
        verb="action.date",
        ids={**_ids(actions), **({"since": str(since)} if since else {})},
        note=note,
        inputs=(
            *_which(actions),
            DateInput("due", "Until when?"),
            _why("Why?", optional=all(each.first_due_on is None for each in actions)),
        ),
        closing_note="The date first promised stays on record.",
        submit="Move it",
    ).filled(values)


def hold(actions: Sequence[Action], departments: Sequence[Department], values: Values) -> Form:
    """What is in the way."""
    known = (Option(str(each.id), each.name[:OPTION_MAX]) for each in departments[:99])
    options = (Option(NOBODY, "Nobody in particular"), *known)
    return Form(
        title="Something's in the way",
        verb="action.block",
        ids=_ids(actions),
        note=_note(actions),
        inputs=(
            *_which(actions),
            _why("What is in the way?"),
            OneOf("helper", "Who could help?", options, value=NOBODY, optional=True),
        ),
        submit="Keep it",
    ).filled(values)


def give_back(actions: Sequence[Action], values: Values) -> Form:
    """It can't be done by them after all."""
    return Form(
        title="Give it back",
        verb="action.give",
        ids=_ids(actions),
        note=_note(actions),
        inputs=(*_which(actions), _why("Why?"), PersonInput("owner", "Who could take it on?", optional=True)),
        closing_note="Who asked for it hears of it at once.",
        submit="Give it back",
    ).filled(values)


def evidence(actions: Sequence[Action], values: Values) -> Form:
    """What shows that it is done."""
    rule = f"Done when: {actions[0].done_when}" if len(actions) == 1 and actions[0].done_when else ""
    what = TextInput("evidence", "What shows that it is done?", hint=rule, multiline=True, longest=REASON_MAX,
                     optional=not rule)  # fmt: skip
    return Form(
        title="Done",
        verb="action.claim",
        ids=_ids(actions),
        note=_note(actions),
        inputs=(*_which(actions), what),
        submit="It is done",
    ).filled(values)


def not_yet(action: Action, values: Values) -> Form:
    """What is still missing."""
    return Form(
        title="Not yet",
        verb="action.refuse",
        ids=_ids([action]),
        note=f"{action.code} {action.title} · done when: {action.done_when}",
        inputs=(_why("What is still missing?"),),
        closing_note="Its owner reads this.",
        submit="Send",
    ).filled(values)


def know(action: Action, values: Values) -> Form:
    """Somebody who could help."""
    return Form(
        title="I know someone",
        verb="action.name",
        ids=_ids([action]),
        note=_note([action]),
        inputs=(PersonInput("owner", "Who could help?"),),
        submit="Ask them",
    ).filled(values)


def _why(label: str, *, optional: bool = False) -> TextInput:
    return TextInput(WHY, label, multiline=True, optional=optional, longest=REASON_MAX)


def _ids(actions: Sequence[Action]) -> Mapping[str, str]:
    if len(actions) != 1:
        return {}
    return {"action": str(actions[0].id)}


def _which(actions: Sequence[Action]) -> tuple[Input, ...]:
    if len(actions) == 1:
        return ()
    options = tuple(Option(str(each.id), f"{each.code} {each.title}"[:OPTION_MAX]) for each in actions[:100])
    return (OneOf(WHICH, "Which one?", options),)


def _note(actions: Sequence[Action]) -> str:
    if len(actions) != 1:
        return ""
    (action,) = actions
    due = f" · due {due_words(action)}" if action.due_on else ""
    return f"{action.code} {action.title}{due}"


def please_write() -> str:
    """A required input was left empty."""
    return "Please write a few words here."


def can_not_be_asked() -> str:
    """Somebody who takes no part, or whom I don't know."""
    return "I can't ask that person. Please choose somebody else, or nobody."


def too_long(longest: int, length: int) -> str:
    """More words than a card can show."""
    return f"That is {length} characters; {longest} fit. Please shorten it a little."


def please_choose() -> str:
    """Nothing was chosen."""
    return "Please choose one."


def in_the_past(value: str) -> str:
    """A date that is over, or none."""
    return f"{value} is over; please choose a day to come." if value else "Please choose a day."


def same_date(action: Action) -> str:
    """The date it has."""
    return f"It is due {day(action.due_on)} already." if action.due_on else "Please choose a day."


def overtaken(name: str, now: str) -> str:
    """E-20: it was changed while the form was open; sent again, it is changed all the same."""
    return f"{name} changed it a moment ago: {now} Send it again if your change still holds."


def no_departments() -> str:
    """A question that nobody can be asked."""
    return "I know no department yet, so I can't ask one. Please ask a person with a new action."
