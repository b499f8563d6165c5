"""The forms of a running meeting: who is at the table, who has spoken, where to go, what becomes of items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.chat.forms import Form, Input, OneOf, Option, PersonInput, SomeOf, TextInput
from bot.chat.words import short_day
from bot.meeting.rules import Open, Outcome, Stop
from bot.meeting.views import item_called
from bot.work.views import REASON_MAX

OPTION_LONGEST = 70  # characters
ITEMS_SHOWN = 100  # options of one input
HERE, SORRY, DEPUTY, SITS_FOR, DECIDES = "here", "sorry", "deputy", "sits_for", "decides"
ITEM, OUTCOME, WHY, OWNER = "item", "outcome", "why", "owner"
SEAT, HEARD, STOP = "seat", "heard", "stop"
CHOICE = "choice_"

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.NOTED: "Noted",
    Outcome.DEFERRED: "Put off to the next meeting",
    Outcome.ACTIONED: "Made an action",
    Outcome.PARKED: "Parked without a date",
    Outcome.DROPPED: "Dropped",
}
PLEASE_CHOOSE = "Please choose what becomes of it."
PLEASE_SAY_WHY = "Please add why, in a few words."
PLEASE_NAME = "Please name who will own it."
NOT_THIS = "That can't become of this item."


@dataclass(frozen=True, slots=True)
class Place:
    """A seat as the secretary ticks it: `value` names it and who would sit there."""

    value: str
    label: str
    is_here: bool = False
    is_sorry: bool = False


def _short(text: str) -> str:
    return text if len(text) <= OPTION_LONGEST else f"{text[: OPTION_LONGEST - 1].rstrip()}…"


def table(ids: Mapping[str, str], places: Sequence[Place], empty: Sequence[Place]) -> Form:
    """Who is here. `empty` are the seats for which an unannounced deputy can be marked."""
    here = ",".join(each.value for each in places if each.is_here)
    sorry = ",".join(each.value for each in empty if each.is_sorry)
    inputs: list[Input] = []
    if places:
        inputs.append(SomeOf(HERE, "At the table", _options(places), here, optional=True))
    if empty:
        inputs += [
            SomeOf(SORRY, "Sent apologies", _options(empty), sorry, optional=True),
            PersonInput(DEPUTY, "A deputy whom nobody announced", optional=True),
            OneOf(SITS_FOR, "They sit in for", _options(empty), optional=True),
            SomeOf(DECIDES, "Authority", (Option("yes", "They can decide"),), optional=True),
        ]
    return Form(
        "Who is here",
        "meeting.table",
        tuple(inputs),
        ids={**ids, "was": here, "sorry": sorry},
        note="Only what you change here is changed; who arrives meanwhile stays.",
        submit="Save",
    )


def _options(places: Sequence[Place]) -> tuple[Option, ...]:
    return tuple(Option(each.value, _short(each.label)) for each in places)


def sits_in(ids: Mapping[str, str], places: Sequence[Place]) -> Form:
    """A deputy whom nobody announced is asked for whom."""
    return Form(
        "For whom are you here",
        "council.here",
        (OneOf(SEAT, "You sit in for", _options(places)),),
        ids=ids,
        note="Whether you count for the quorum is for the chair or the secretary to say.",
        submit="I'm here",
    )


def heard(ids: Mapping[str, str], places: Sequence[Place]) -> Form:
    """The chair's tick list; nobody else sees it. Source: domain.md S2-34."""
    ticked = ",".join(each.value for each in places if each.is_here)
    return Form(
        "Who has spoken",
        "meeting.heard",
        (SomeOf(HEARD, "Ticked off", _options(places), ticked, optional=True),),
        ids=ids,
        note="For you alone. It is in no minutes.",
        submit="Save",
    )


def go_to(ids: Mapping[str, str], stops: Sequence[tuple[Stop, str]], at: str) -> Form:
    """Where to go; back too."""
    options = tuple(Option(value_of(stop), _short(label)) for stop, label in stops)
    is_there = any(each.value == at for each in options)
    return Form(
        "Go to an item", "meeting.goto", (OneOf(STOP, "Go to", options, at if is_there else ""),), ids=ids, submit="Go"
    )


def value_of(stop: Stop) -> str:
    """`7.2` or `7`."""
    return f"{stop.section}.{stop.seq}" if stop.seq else str(stop.section)


# --- what becomes of an item


def settle(ids: Mapping[str, str], found: Sequence[Open], values: Mapping[str, str]) -> Form:
    """One item, and what becomes of it."""
    options = tuple(Option(str(each.item.id), _short(_label(each))) for each in found)
    outcomes = tuple(Option(each.value, OUTCOMES[each]) for each in Outcome)
    form = Form(
        "Settle an item",
        "meeting.settle",
        (
            OneOf(ITEM, "Item", options, options[0].value if len(options) == 1 else ""),
            OneOf(OUTCOME, "What becomes of it", outcomes),
            TextInput(WHY, "What was said, or why", optional=True, longest=REASON_MAX),
            PersonInput(OWNER, "Who owns it, for an action", optional=True),
        ),
        ids=ids,
        note="A decision is recorded with Decide; it settles its item by itself.",
        submit="Save",
    )
    return form.filled(values)


def _label(each: Open) -> str:
    return item_called(each.item, is_veiled=each.is_veiled)


def close(ids: Mapping[str, str], found: Sequence[Open], names: Mapping[int, str], due_on: date) -> Form:
    """Every open item with what is proposed for it; the meeting ends when each has an answer."""
    inputs: list[Input] = [
        OneOf(
            f"{CHOICE}{each.item.id}",
            _short(_label(each)),
            tuple(Option(one.value, _short(_choice(one, each, names, due_on))) for one in each.choices),
            each.proposed.value if each.proposed is not None else "",
            hint=_hint(each),
        )
        for each in found
    ]
    inputs.append(TextInput(WHY, "Why, for what is put off, parked or dropped", optional=True, longest=REASON_MAX))
    return Form("End the meeting", "meeting.close", tuple(inputs), ids=ids, submit="End it")


def _choice(outcome: Outcome, each: Open, names: Mapping[int, str], due_on: date) -> str:
    if outcome is not Outcome.ACTIONED:
        return OUTCOMES[outcome]
    return f"An action for {names.get(each.item.owner_id or 0, 'its owner')}, due {short_day(due_on)}"


def _hint(each: Open) -> str:
    if each.must_choose:
        return "Put off twice already: it is decided, dropped or handed over now."
    if each.needs_owner:
        return "It hurts in one department and starts in another: it is not closed before somebody owns the cure."
    return ""


def errors(each: Open, values: Mapping[str, str], *, has_owner: bool) -> dict[str, str]:
    """What is wrong with the form that settles one item, by input."""
    outcome = values.get(OUTCOME, "")
    why = values.get(WHY, "").strip()
    if problem := choice_problem(each, outcome, has_owner=has_owner):
        return {OWNER if problem == PLEASE_NAME else OUTCOME: problem}
    if not why and Outcome(outcome) in {Outcome.DEFERRED, Outcome.PARKED, Outcome.DROPPED}:
        return {WHY: PLEASE_SAY_WHY}
    return {}


def choice_problem(each: Open, value: str, *, has_owner: bool = False) -> str:
    """Why a choice can't be made for an item; empty where it can."""
    known = next((one for one in Outcome if one.value == value), None)
    if known is None:
        return PLEASE_CHOOSE
    if known is Outcome.ACTIONED:
        return "" if has_owner or each.can_hand_over else PLEASE_NAME
    return "" if known in each.choices else (_hint(each) or NOT_THIS)
