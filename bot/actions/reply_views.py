"""What a change of an action is answered with, what its people hear, and why one is refused."""

from collections.abc import Sequence
from datetime import date

from bot.actions import rules
from bot.actions.rules import State
from bot.actions.views import Around, Deed, deed_words, due_words, standing
from bot.chat.cards import Card, Paragraph
from bot.chat.words import day, listing, short_day, typed
from bot.people.rules import first_name
from storage.actions import Action
from storage.blockers import Blocker
from storage.people import Department

# --- what a change is answered with


def added(around: Around, *, notes: Sequence[str] = ()) -> Card:
    """A new action."""
    action = around.action
    if around.owner is None:
        whom = around.department.name if around.department else "Nobody"
        then = f"{whom} will see your question." if around.department else "It has no owner yet."
    elif action.state is State.PROPOSED:
        then = f"{first_name(around.owner)} will be asked to take it on."
    else:
        then = f"{first_name(around.owner)} has it."
    due = f", due {day(action.due_on)}" if action.due_on else ""
    kept = f"{action.code} is kept: {action.title}{due}"
    return _said(f"{kept}{'' if kept[-1] in '.?!…' else '.'} {then}", *notes)


def accepted(around: Around) -> Card:
    """Somebody takes it on."""
    action = around.action
    due = f" Due {day(action.due_on)}." if action.due_on else ""
    return _said(f"Thank you. {action.code} is yours: {action.title}.{due}")


def not_theirs(around: Around, *, asker_is_you: bool = False) -> Card:
    """The one who was asked says no."""
    code = around.action.code
    if asker_is_you:
        return _said(f"{code} has no owner now. It stays on your day until somebody has it.")
    return _said(f"{code} is not yours. {first_name(around.requester)} hears of it and looks for somebody else.")


def given(around: Around, name: str) -> Card:
    """Handed over."""
    action = around.action
    then = "has it now" if action.state is State.OPEN else "is asked to take it on"
    return _said(f"{name} {then}: {action.code}, {action.title}")


def started(around: Around) -> Card:
    """Work begins, or goes on."""
    return _said(f"{around.action.code} is in progress: {around.action.title}")


def held(around: Around, why: str) -> Card:
    """Something is in the way."""
    blocker = around.blocker
    then = f"It is {blocker.code} now." if blocker else ""
    if blocker and blocker.code in why:
        then = f"{blocker.code}: {blocker.text}"
    return _said(f"{around.action.code} is blocked: {why}", then)


def finished(around: Around, checkers: Sequence[str]) -> Card:
    """Done, or said to be."""
    action = around.action
    if action.state is State.DONE:
        return _said(f"{action.code} is done: {action.title}. Thank you.")
    whom = listing(list(checkers), "or") or "An administrator"
    return _said(f"{action.code}: thank you. {whom} is asked to check it; it counts as done when that is accepted.")


def checked(around: Around) -> Card:
    """Accepted as done."""
    owner = first_name(around.owner) if around.owner else "Its owner"
    return _said(f"{around.action.code} is done: {around.action.title}. {owner} hears of it.")


def not_yet(around: Around) -> Card:
    """Not accepted."""
    owner = first_name(around.owner) if around.owner else "Its owner"
    return _said(f"{around.action.code} is in progress again. {owner} reads what is still missing.")


def moved(around: Around, *, notes: Sequence[str] = ()) -> Card:
    """A new date: `A-104 now due Fri 11 Dec 2026 (first promised Fri 4 Dec, moved once).`."""
    return _said(f"{around.action.code} now due {due_words(around.action)}.", *notes)


def cancelled(around: Around) -> Card:
    """Called off."""
    return _said(f"{around.action.code} is called off: {around.action.title}")


def and_solved(card: Card, blocker: Blocker) -> Card:
    """What held it up, and nothing else, is out of the way with it."""
    said = f"{blocker.code} held up nothing else, so it is solved too."
    return Card(f"{card.summary} {said}", (*card.elements, Paragraph((said,))))


def why_solved(action: Action) -> str:
    """The note of a blocker that ends with the only action that it held up."""
    return f"{action.code} goes on" if action.state is State.IN_PROGRESS else f"{action.code} is called off"


def reopened(around: Around) -> Card:
    """Done after all not."""
    return _said(f"{around.action.code} is in progress again: {around.action.title}")


def helps(around: Around, name: str) -> Card:
    """Somebody helps."""
    return _said(f"{name} helps with {around.action.code}: {around.action.title}")


def changed(around: Around, what: str) -> Card:
    """Another field."""
    return _said(f"{around.action.code}: {what}.")


def _said(*sentences: str) -> Card:
    kept = [each for each in sentences if each]
    return Card(" ".join(kept), tuple(Paragraph((each,)) for each in kept))


def asked_again(action: Action, department: Department) -> str:
    """For the time bar: a question was told once more."""
    return f"{department.name} asked again about {action.code}"


def lead_told(action: Action, name: str) -> str:
    """For the time bar: a question found nobody."""
    return f"{name} told that nobody has taken {action.code} on"


# --- what others hear


def news(around: Around, deed: Deed) -> str:
    """The heading of what an action's people are told: `Zoe said that it is done`."""
    entry = deed.entry
    name = deed.name or "The calendar"
    match entry.verb:
        case "reject" if entry.before == State.DONE_CLAIMED:
            return f"Not yet, says {name}"
        case "reject":
            return f"{name} can't take {around.action.code} on"
        case "accept" if entry.after == State.DONE:
            return f"{name} accepted {around.action.code} as done"
        case "due" if entry.field == "due_on" and entry.after:
            return f"{name} moved {around.action.code} to {short_day(date.fromisoformat(entry.after))}"
        case "block":
            return f"{around.action.code} is held up"
        case _:
            return f"{around.action.code}: {deed_words(deed)}"


# --- refusals


def needs(action: Action) -> str:
    """E-07."""
    missing = [what for what, there in (("an owner", action.owner_id), ("a due date", action.due_on)) if not there]
    return f"{action.code} needs {listing(missing)} before it can start. Nothing was changed."


def nobody_else(action: Action) -> str:
    """Nobody is there who could check it."""
    return (
        f"Nobody but its owner could accept {action.code}: it has no lead and nobody else asked for it. "
        f"Give it to an initiative, or ask an administrator. Nothing was changed."
    )


def too_long_ago(action: Action) -> str:
    """Reopened after its time."""
    again = typed("action add")
    return (
        f"{action.code} was done more than {rules.REOPEN_DAYS} days ago. Please make a new one with {again}. "
        "Nothing was changed."
    )


def has_owner(around: Around) -> str:
    """Somebody else was faster."""
    name = around.owner.name if around.owner else "Somebody"
    return f"{name} has {around.action.code} already. Thank you all the same. Nothing was changed."


def same_owner(around: Around) -> str:
    """Handed over to the one who has it."""
    name = around.owner.name if around.owner else "That person"
    return f"{name} has {around.action.code} already. Nothing was changed."


def in_the_past(on: date) -> str:
    """A date that is over."""
    return f"{day(on)} is over, so it can't be the date. Nothing was changed."


def same_date(action: Action) -> str:
    """The date it has."""
    return f"{action.code} is due {due_words(action)} already. Nothing was changed."


def not_on_a_working_day(on: date) -> str:
    """Kept, with a note."""
    return f"{day(on)} is a day off for its owner; the reminder comes on the next working day."


def not_every(text: str) -> str:
    """An interval that can't be read."""
    return f"I can't read '{text}' as an interval. It can be day, week, 2 weeks, month, year. Nothing was changed."


def not_a_priority(text: str) -> str:
    """An unknown priority."""
    return f"I don't know the priority '{text}'. It can be P1, P2, P3 or P4. Nothing was changed."


def stands(around: Around, today: date) -> str:
    """How it is now, in a sentence: for E-20."""
    action = around.action
    owner = f", with {first_name(around.owner)}" if around.owner else ""
    return f"it is {standing(around, today)}{owner}, due {due_words(action)}."


def whom(action: Action) -> str:
    """Handed over to nobody."""
    return f"Who should have {action.code}? For example: {typed(f'action assign {action.code} @Zoe')}"


def one_at_a_time(verb: str) -> str:
    """Several actions on one line."""
    return f"Nothing is changed yet: please write one line for each action. For example: {typed(verb)} A-104"


def nobody_there(department: str) -> str:
    """A question that would reach nobody."""
    return (
        f"Nobody of {department} can be asked here: it has no room and no head whom I can reach. "
        "Please ask a person with a new action. Nothing was changed."
    )


def nothing_to_do() -> str:
    """A form that would ask which, with nothing to choose from."""
    return "You have no open action. Nothing was changed."


def no_help_needed(around: Around) -> str:
    """Help for what needs none, or from who helps already."""
    return f"{around.action.code} needs no more help from you: {around.action.title}. Nothing was changed."
