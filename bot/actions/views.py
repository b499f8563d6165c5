"""The words of one action: its card, what a change is answered with, and what was done. Source: domain.md K-04."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.actions import rules
from bot.actions.rules import State
from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold, Text
from bot.chat.words import count, day, listing, short_day
from bot.people.rules import first_name
from bot.work.rules import Part, state_words
from storage.actions import Action
from storage.audit import AuditEvent
from storage.blockers import Blocker
from storage.initiatives import Initiative
from storage.people import Department, Person


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry of the audit trail with the name of who did it; empty where nobody did."""

    entry: AuditEvent
    name: str


@dataclass(frozen=True, slots=True)
class Around:
    """An action with everything that its card shows. `deeds` are the newest, newest first."""

    action: Action
    owner: Person | None
    requester: Person
    initiative: Initiative | None = None
    department: Department | None = None
    blocker: Blocker | None = None
    helpers: Sequence[Person] = ()
    deeds: Sequence[Deed] = ()
    source: str = ""
    """What it came from, in words."""
    giver: Person | None = None
    """Who handed it to its owner, where that is not who asked for it."""
    given_why: str = ""
    """What they wrote."""


# --- the card


def card(
    around: Around,
    *,
    today: date,
    parts: Collection[Part],
    heading: str = "",
    why: str = "",
    more: Sequence[Button] = (),
) -> Card:
    """K-04, as somebody with these parts sees it: what it is, how it stands, and what they can do.

    `heading` says what has just happened to it, and `why` what the one who did it wrote; `more` is what can be done
    with it elsewhere.
    """
    action = around.action
    heading = heading or _heading(around, parts)
    what: list[Element] = [Title(heading or f"Action {action.code}"), Paragraph((Bold(action.title),))]
    is_asked = _is_asked(around, parts)
    why = why or (around.given_why if is_asked and action.state is State.PROPOSED else "")
    deeds = [] if is_asked else _deeds(around.deeds)
    buttons = (*_buttons(around, parts), *more)
    what += [Paragraph((f"“{why}”",))] if why else []
    facts = Facts(_facts(around, today, in_short=is_asked))
    elements = (*what, facts, *deeds, *([Buttons(buttons)] if buttons else []), _note(around))
    sentence = heading or f"{action.code} is {standing(around, today)}"
    return Card(f"{sentence}: {action.title}", elements)


def _is_asked(around: Around, parts: Collection[Part]) -> bool:
    """Whether this reader has to say yes or no, and reads no more than that takes."""
    action = around.action
    if action.state is State.PROPOSED:
        return Part.OWNER in parts or is_question(around)
    return action.state is State.DONE_CLAIMED and Part.CHECKER in parts


def is_question(around: Around) -> bool:
    """Whether a department is asked, and nobody has taken it on yet."""
    is_open = around.action.state is State.PROPOSED and around.owner is None
    return is_open and around.action.kind is Action.Kind.HELP


def _heading(around: Around, parts: Collection[Part]) -> str:
    action = around.action
    if action.state is State.PROPOSED and Part.OWNER in parts:
        if Part.REQUESTER in parts and around.giver is None:
            return "Will you take this on?"
        return f"{first_name(around.giver or around.requester)} asks you to take this on"
    if is_question(around):
        whom = around.department.name if around.department else "anybody who can"
        return f"{first_name(around.requester)} asks {whom} for help"
    if action.state is State.DONE_CLAIMED and Part.CHECKER in parts and around.owner is not None:
        return f"{first_name(around.owner)} says this is done"
    return ""


def still_asks(around: Around) -> str:
    """The heading of a question that is asked once more."""
    return f"{first_name(around.requester)} still needs help"


def found_nobody(around: Around) -> str:
    """The heading for a lead: nobody has taken it on."""
    return f"Nobody has taken {around.action.code} on yet"


def standing(around: Around, today: date) -> str:
    """`in progress`, `overdue since Fri 27 Nov`, `done, until somebody accepts it still open`."""
    action = around.action
    if action.state is State.PROPOSED:
        return "proposed, without an owner yet" if around.owner is None else f"waiting for {first_name(around.owner)}"
    if action.state is State.DONE_CLAIMED:
        return "said to be done, and open until that is accepted"
    words = state_words(action.state)
    if rules.is_overdue(action, today) and action.due_on is not None:
        return f"{words}, overdue since {short_day(action.due_on)}"
    return words


def _facts(around: Around, today: date, *, in_short: bool) -> tuple[tuple[str, Text], ...]:
    action = around.action
    people = (
        ("Stands", standing(around, today)),
        ("Owner", around.owner.name if around.owner else "nobody yet"),
        ("Asked by", around.requester.name),
    )
    known = (
        *((("Asked for by", around.requester.name),) if in_short and around.giver else ()),
        *(() if in_short else people),
        ("Due", due_words(action) if action.due_on else _no_date(around)),
        ("Done when", action.done_when),
        ("Why", around.source),
        ("Evidence", action.evidence),
        ("Timing", _timing(action)),
        ("Waits for", around.blocker.text if around.blocker and action.state is State.BLOCKED else ""),
        ("Helped by", listing([first_name(each) for each in around.helpers])),
        ("Comes again", f"every {_every(action.every)}" if action.every else ""),
    )
    return tuple((label, (words,)) for label, words in known if words)


def _no_date(around: Around) -> str:
    return f"{rules.HELP_DAYS} working days from when it is taken on" if is_question(around) else "no date yet"


def due_words(action: Action) -> str:
    """`Fri 11 Dec 2026 (first promised Fri 4 Dec, moved once)`."""
    if action.due_on is None:
        return "no date yet"
    words = day(action.due_on)
    if action.redated and action.first_due_on is not None:
        words += f" (first promised {short_day(action.first_due_on)}, moved {times(action.redated)})"
    return words


def times(number: int) -> str:
    """`once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _timing(action: Action) -> str:
    if action.finished_on is None or action.due_on is None:
        return ""
    late = (action.finished_on - action.due_on).days
    said = day(action.finished_on)
    if late > 0:
        return f"{said}, {count(late, 'day')} after it was due"
    return f"{said}, {count(-late, 'day')} before it was due" if late else f"{said}, on the day it was due"


def _every(every: str) -> str:
    number, _, unit = every.partition("@")[0].rpartition(" ")
    return f"{number} {unit}s" if number else unit


def _note(around: Around) -> Note:
    action = around.action
    parts = [action.code, f"priority {action.priority.value}"]
    parts += [f"{around.initiative.code} {around.initiative.title}"] if around.initiative else []
    parts += ["counts as open until it is accepted"] if action.state is State.DONE_CLAIMED else []
    return Note(" · ".join(parts))


def _deeds(deeds: Sequence[Deed]) -> list[Element]:
    lines = tuple(_deed(each) for each in deeds)
    return [Group("What happened last", lines)] if lines else []


def _deed(deed: Deed) -> Line:
    reason = (deed.entry.reason,) if deed.entry.reason else ()
    return Line((f"{short_day(deed.entry.at.date())} · {deed_words(deed)}",), reason)


_DONE = {
    "add": "asked for it",
    "accept": "took it on",
    "reject": "said that it is not theirs",
    "take": "took it on",
    "assign": "gave it to somebody else",
    "start": "began",
    "block": "is held up",
    "done": "said that it is done",
    "due": "moved the date",
    "cancel": "called it off",
    "reopen": "opened it again",
    "help": "helps",
    "left": "left, so it needs a new owner",
    "undo": "took the last change back",
    "set": "changed it",
    "next": "came again",
}


def deed_words(deed: Deed) -> str:
    """`Zoe took it on`."""
    entry = deed.entry
    what = _DONE.get(entry.verb, entry.verb)
    if entry.after == State.DONE and entry.verb == "accept":
        what = "accepted that it is done"
    elif entry.before == State.DONE_CLAIMED and entry.verb == "reject":
        what = "does not see it done yet"
    elif entry.field == "due_on" and entry.after:
        what = f"moved it to {short_day(date.fromisoformat(entry.after))}"
    elif entry.verb == "done" and entry.after == State.DONE:
        what = "did it"
    elif entry.field == "owner_id" and entry.verb == "assign":
        what = f"gave it to {entry.after}"
    return f"{deed.name or 'The calendar'} {what}"


# --- the buttons


def _buttons(around: Around, parts: Collection[Part]) -> tuple[Button, ...]:
    action = around.action
    owns = Part.OWNER in parts
    match action.state:
        case State.PROPOSED if owns:
            return accept(action, primary=True), new_date(action), press(action, "Not me", "action.reject")
        case State.PROPOSED if action.owner_id is None and action.kind is Action.Kind.HELP:
            know = press(action, "I know someone", "action.know", opens_form=True)
            return press(action, "I can help", "action.take", primary=False), know
        case State.PROPOSED if action.owner_id is None:
            return (press(action, "I'll take it", "action.take"),)
        case State.OPEN | State.IN_PROGRESS if owns:
            return done(action, primary=True), new_date(action), in_the_way(action)
        case State.BLOCKED if owns:
            return goes_on(action, primary=True), new_date(action)
        case State.DONE_CLAIMED if Part.CHECKER in parts:
            return accept(action, primary=True), press(action, "Not yet", "action.not_yet", opens_form=True)
        case _:
            return ()


def press(action: Action, text: str, verb: str, *, primary: bool = False, opens_form: bool = False) -> Button:
    """A button about one action; screen readers hear which."""
    ids = {"action": str(action.id)}
    return Button(text, verb, ids, primary=primary, opens_form=opens_form, spoken=f"{text}: {action.code}")


def accept(action: Action, *, primary: bool = False) -> Button:
    """Takes it on, or accepts that it is done."""
    return press(action, "Accept", "action.accept", primary=primary)


def done(action: Action, *, primary: bool = False) -> Button:
    """Where it says when it counts as done, a form asks what shows that."""
    return press(
        action,
        "Done",
        "action.evidence" if action.done_when else "action.done",
        primary=primary,
        opens_form=bool(action.done_when),
    )


def new_date(action: Action) -> Button:
    """Opens the form for another date."""
    return press(action, "New date", "action.redate", opens_form=True)


def goes_on(action: Action, *, primary: bool = False) -> Button:
    """Nothing is in its way any more."""
    return press(action, "It can go on", "action.start", primary=primary)


def in_the_way(action: Action) -> Button:
    """Opens the form for what holds it up."""
    return press(action, "Something's in the way", "action.hold", opens_form=True)
