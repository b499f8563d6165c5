"""What the bot answers about blockers: raised, taken, passed on, solved, opened again, and alike ones."""

from collections.abc import Mapping, Sequence

from bot.blockers import rules
from bot.blockers.views import Around, action_button, goes_up_words, ids_of, way_words
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph
from bot.chat.spans import Bold
from bot.chat.words import listing, short_day, typed
from bot.people.rules import first_name
from storage.blockers import Blocker


def raised(around: Around) -> Card:
    """B-n, who is told, when it goes up."""
    blocker = around.blocker
    words = f"{blocker.code} is noted: {blocker.text}"
    lines = [f"It stands in {around.team.name}'s next summary."]
    if blocker.customer_stopped:
        lines.append("A customer is without service, so the lead and the department hear of it at once.")
    ways = tuple(Line((way_words(each),)) for each in around.ways_up)
    more: tuple[Element, ...] = (Group("It goes up", ways),) if ways else ()
    buttons = Buttons((_solved_button(blocker), _know(blocker), action_button(blocker)))
    return Card(
        words, (Paragraph((Bold(blocker.code), f" is noted: {blocker.text}")), Note(" ".join(lines)), *more, buttons)
    )


def _solved_button(blocker: Blocker) -> Button:
    return Button("Solved", "blocker.solve", ids_of(blocker), spoken=f"{blocker.code} is solved: close this blocker")


def _know(blocker: Blocker) -> Button:
    spoken = f"I know who can help with {blocker.code}"
    return Button("I know someone", "blocker.know", ids_of(blocker), opens_form=True, spoken=spoken)


def known_already(around: Around) -> Card:
    """The same person says the same once more."""
    blocker = around.blocker
    words = f"{still_open(around)} I keep that number: {blocker.text}"
    more = (Note(up),) if (up := goes_up_words(around)) else ()
    return Card(words, (Paragraph((words,)), *more, Buttons((_solved_button(blocker), _know(blocker)))))


def still_open(around: Around) -> str:
    """`B-7, open for 2 working days`, as a sentence."""
    days = f"open for {rules.age_words(around.age_days)}" if around.age_days else "open since today"
    return f"{around.blocker.code}, {days}."


# --- E-11


def looks_like(other: Blocker) -> str:
    """E-11 for a line that was typed."""
    return (
        f"Still waiting for the same? That looks like {other.code} '{other.text}' "
        f"(open since {short_day(other.raised_on)}). Nothing is kept yet."
    )


def alike_ways(other: Blocker, values: Mapping[str, str]) -> tuple[Button, ...]:
    """Its two ways on; the second carries what was typed."""
    same = Button("Same thing", "blocker.same", ids_of(other), spoken=f"It is the same as {other.code}")
    return (same, Button("It's new", "blocker.new", values, spoken=f"It is something else than {other.code}"))


def solved_meanwhile(blocker: Blocker) -> str:
    """**Same thing** as what is in nobody's way any more."""
    return (
        f"{blocker.code} is solved by now: {blocker.text}. If yours is still in the way, say that it is new, "
        f"or open {blocker.code} again. Nothing was changed."
    )


def same_thing(around: Around) -> Card:
    """They wait for it, too."""
    blocker = around.blocker
    words = f"{still_open(around)} I've noted that it is in your way too: {blocker.text}"
    return Card(words, (Paragraph((words,)),))


# --- help


def taken(blocker: Blocker, raiser: str) -> Card:
    """Somebody helps."""
    words = f"Thank you. {raiser} will hear that you help with {blocker.code}: {blocker.text}"
    return _with_ways(blocker, words)


def taken_by_raiser(blocker: Blocker) -> Card:
    """The one who raised it takes it on."""
    return _with_ways(blocker, f"Thank you. {blocker.code} is in your hands: {blocker.text}")


def helps_too(around: Around, *, was_first: str) -> Card:
    """Somebody else has it."""
    blocker = around.blocker
    return _with_ways(
        blocker, f"{was_first} was first and has {blocker.code}. They will hear that you can help too: {blocker.text}"
    )


def helps_already(around: Around) -> str:
    """The second press of the same person."""
    blocker = around.blocker
    return f"You are on {blocker.code} already: {blocker.text}. Nothing was changed."


def _with_ways(blocker: Blocker, words: str) -> Card:
    return Card(words, (Paragraph((words,)), Buttons((_solved_button(blocker), action_button(blocker)))))


def told(blocker: Blocker, helper: str) -> Card:
    """What the raiser reads when somebody helps."""
    words = f"{helper} can help with {blocker.code}: {blocker.text}"
    return Card(words, (Paragraph((Bold(helper), f" can help with {blocker.code}: {blocker.text}")),))


def asked(blocker: Blocker, name: str) -> Card:
    """**I know someone** was sent."""
    words = f"I've asked {name} whether they can help with {blocker.code}: {blocker.text}"
    return Card(words, (Paragraph((words,)),))


def asked_before(blocker: Blocker, name: str) -> str:
    """The same question a second time."""
    return f"{name} was asked about {blocker.code} already. Nothing was changed."


def helps_as_well(around: Around, name: str) -> str:
    """They need not be asked."""
    return f"{name} is on {around.blocker.code} already, so I've asked nobody. Nothing was changed."


def declined_before(blocker: Blocker) -> str:
    """The second press of **Not me**."""
    return f"You've said so already: {blocker.code} needs somebody else. Nothing was changed."


def not_me(blocker: Blocker) -> Card:
    """**Not me**."""
    words = f"Thank you for saying so. I've told who asked you that {blocker.code} needs somebody else."
    return Card(words, (Paragraph((words,)),))


def settled_since(blocker: Blocker) -> str:
    """A question that needs no answer any more."""
    return f"{blocker.code} is solved by now, so no answer is needed. Nothing was changed."


# --- on its way


def passed(around: Around) -> Card:
    """It went up a tier by hand."""
    blocker = around.blocker
    whom = listing([first_name(each) for each in around.reached])
    words = f"{blocker.code} is passed on to {whom}: {blocker.text}"
    more = (Note(up),) if (up := goes_up_words(around)) else ()
    return Card(words, (Paragraph((words,)), *more))


def solved(blocker: Blocker) -> Card:
    """It is out of the way."""
    note = f" ({blocker.resolution})" if blocker.resolution else ""
    return Card(
        f"{blocker.code} is solved: {blocker.text}{note}",
        (Paragraph((Bold(blocker.code), f" is solved: {blocker.text}{note}")),),
    )


def reopened(around: Around) -> Card:
    """It is in the way again."""
    blocker = around.blocker
    words = f"{blocker.code} is open again: {blocker.text}"
    more = (Note(up),) if (up := goes_up_words(around)) else ()
    return Card(words, (Paragraph((words,)), *more))


def needs_reason(code: str) -> str:
    """A word why is missing."""
    example = f"{typed('huddle reopen')} {code} the seals were the wrong size"
    return f"Please add why, for example: {example}. Nothing was changed."


# --- what can't be read


def no_team() -> str:
    """Somebody without a team."""
    return "You are in no team, so nobody would see it. Your lead or an administrator can add you. Nothing was changed."


def no_such_team(name: str, known: Sequence[str]) -> str:
    """`team:` with another name."""
    ways = f" You can choose {listing(list(known), 'or')}." if known else ""
    return f"I know no team '{name}' of yours.{ways} Nothing was changed."


def no_such_department(name: str, known: Sequence[str]) -> str:
    """`dept:` with another name."""
    ways = f" There are {listing(list(known))}." if known else ""
    return f"I know no department '{name}'.{ways} Nothing was changed."
