"""The words about one blocker: its card, its buttons, how it stands and where it goes up to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.blockers import rules
from bot.blockers.rules import State
from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold, Text
from bot.chat.words import clock, listing, short_day, typed
from bot.people.rules import first_name
from bot.work.rules import Part
from storage.audit import AuditEvent
from storage.blockers import Blocker
from storage.people import Department, Person
from storage.teams import Team

BY_MISTAKE = "raised by mistake"
TEXT_MAX = 500  # characters of what somebody types behind /huddle blocker

_WHOM = {rules.TEAM: "the team's lead", rules.DEPARTMENT: "the department", rules.SPONSOR: "the top"}


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry of the audit trail with the name of who did it; empty where nobody did."""

    entry: AuditEvent
    name: str


@dataclass(frozen=True, slots=True)
class WayUp:
    """A tier that is still to be asked, the day on which it is, and whose business it is."""

    tier: int
    on: date
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Around:
    """A blocker with everything that its card shows. `deeds` are the newest, newest first; `today` is its team's.

    `reached` are those whom it has gone up to on its tier.
    """

    blocker: Blocker
    team: Team
    raiser: Person
    holder: Person | None
    department: Department | None
    helpers: Sequence[Person]
    reached: Sequence[Person]
    age_days: int
    today: date
    deeds: Sequence[Deed] = ()
    ways_up: Sequence[WayUp] = ()


# --- the card


def card(
    around: Around,
    parts: Collection[Part],
    *,
    heading: str = "",
    why: str = "",
    quoted: bool = True,
    ask: int = 0,
    more: Sequence[Button] = (),
) -> Card:
    """What is in the way, how it stands, and what somebody with these parts can do.

    `heading` says what has just happened or who asks, `why` what was written with it (`quoted`) or why this reader is
    asked; `ask` is the number of the question that they were asked, `more` what can be done with it elsewhere.
    """
    blocker = around.blocker
    elements: list[Element] = [Title(heading or f"Blocker {blocker.code}"), Paragraph((Bold(blocker.text),))]
    elements += [Paragraph((f"“{why}”" if quoted else why,))] if why else []
    elements.append(Facts(_facts(around, is_told_why=bool(why))))
    elements += _deeds(around.deeds)
    buttons = (*buttons_for(around, parts, ask=ask), *more)
    elements += [Buttons(row) for row in _rows(buttons)]
    elements.append(Note(around.team.name))
    return Card(f"{heading or f'{blocker.code} is {standing(around)}'}: {blocker.text}", tuple(elements))


def _facts(around: Around, *, is_told_why: bool) -> tuple[tuple[str, Text], ...]:
    blocker = around.blocker
    known = (
        ("Stands", standing(around)),
        ("Open", open_words(around) if rules.is_open(blocker) else ""),
        ("Raised by", f"{around.raiser.name}, {short_day(blocker.raised_on)}"),
        ("Waits for", around.department.name if around.department else ""),
        ("Customer", "a customer is without service" if blocker.customer_stopped else ""),
        ("Helping", listing([first_name(each) for each in around.helpers])),
        ("Goes up", way_words(around.ways_up[0]) if around.ways_up else ""),
        ("How", "" if is_told_why or rules.is_open(blocker) else blocker.resolution),
    )
    return tuple((label, (value,)) for label, value in known if value)


def standing(around: Around) -> str:
    """`not in anybody's hands yet`, `with Cem`, `up to Raj and Ann`, `solved`."""
    blocker = around.blocker
    held = f"with {first_name(around.holder)}" if around.holder else ""
    match blocker.state:
        case State.RESOLVED:
            return "solved"
        case State.ACKNOWLEDGED:
            return held
        case State.ESCALATED:
            whom = listing([first_name(each) for each in around.reached]) or _WHOM[blocker.tier]
            return f"up to {whom}{f', {held}' if held else ''}"
        case State.RAISED:
            return held or "open, and in nobody's hands yet"


def tier_words(blocker: Blocker) -> str:
    """`up to the department`; empty in the team, and of what is solved."""
    has_gone_up = blocker.tier > rules.TEAM and rules.is_open(blocker)
    return f"up to {_WHOM[blocker.tier]}" if has_gone_up else ""


def open_words(around: Around) -> str:
    """`since today`, `for 2 working days, since Tue 24 Nov`."""
    raised_on = around.blocker.raised_on
    if not around.age_days:
        return "since today" if raised_on == around.today else f"since {short_day(raised_on)}"
    return f"for {rules.age_words(around.age_days)}, since {short_day(raised_on)}"


def way_words(way: WayUp) -> str:
    """`to Dana on Wed 25 Nov, 10:00, unless it is solved`."""
    unless = "somebody has it by then" if way.tier == rules.TEAM else "it is solved by then"
    whom = listing(list(way.names)) or _WHOM[way.tier]
    return f"to {whom} on {short_day(way.on)}, {clock(rules.WATCH_AT)}, unless {unless}"


def goes_up_words(around: Around) -> str:
    """When it goes up next, as a sentence; empty where it goes no further."""
    if around.blocker.customer_stopped and around.blocker.told_tier < rules.DEPARTMENT:
        return "A customer is without service, so the lead and the department hear of it at once."
    return f"It goes up {way_words(around.ways_up[0])}." if around.ways_up else ""


def _deeds(deeds: Sequence[Deed]) -> list[Element]:
    lines = tuple(Line((_deed(each),)) for each in deeds)
    return [Group("What was done", lines)] if lines else []


_DONE = {
    "raise": "raised it",
    "take": "took it on",
    "help": "offered help",
    "ask": "asked somebody",
    "decline": "can't help",
    "pass": "passed it on",
    "same": "met it again",
    "reword": "put it in other words",
    "resolve": "solved it",
    "reopen": "opened it again",
    "undo": "took that back",
}


def _deed(deed: Deed) -> str:
    entry = deed.entry
    on = short_day(entry.at.date())
    if entry.verb == "escalate":
        return f"{on} · it went up to {_WHOM.get(int(entry.after or 0), 'the next tier')}"
    done = f"{deed.name or 'Somebody'} {_DONE.get(entry.verb, entry.verb)}"
    return f"{on} · {done}{f': {entry.reason}' if entry.reason else ''}"


# --- buttons


def buttons_for(around: Around, parts: Collection[Part], *, ask: int = 0) -> tuple[Button, ...]:
    """What this reader can do, the likeliest first."""
    blocker, ids = around.blocker, ids_of(around.blocker)
    if not rules.is_open(blocker):
        return (reopen_button(blocker),) if _concerns(parts) else ()
    if ask:
        no = Button("Not me", "blocker.decline", {"ask": str(ask)}, spoken=f"I can't help with {blocker.code}")
        return (_help(blocker, "I can help"), no)
    is_theirs = Part.LEAD in parts or Part.ASKED in parts
    buttons = [] if Part.HELPER in parts else [_help(blocker, "I'll take it" if is_theirs else "I can help")]
    buttons += [_pass(blocker)] if is_theirs and blocker.tier < rules.SPONSOR else []
    solved = Button("Solved", "blocker.solve", ids, spoken=f"{blocker.code} is solved: close this blocker")
    buttons += [solved] if _concerns(parts) else []
    know = Button("I know someone", "blocker.know", ids, opens_form=True, spoken=f"I know who can help: {blocker.code}")
    return (*buttons, know, action_button(blocker))


def _concerns(parts: Collection[Part]) -> bool:
    return not {Part.RAISER, Part.HELPER, Part.TEAM, Part.LEAD, Part.ASKED}.isdisjoint(parts)


def _help(blocker: Blocker, words: str) -> Button:
    verb = "blocker.take" if words == "I'll take it" else "blocker.help"
    return Button(words, verb, ids_of(blocker), spoken=f"{words}: {blocker.code}")


def _pass(blocker: Blocker) -> Button:
    words = "Pass to department" if blocker.tier == rules.TEAM else "Pass to the top"
    return Button(words, "blocker.pass", ids_of(blocker), spoken=f"{words}: {blocker.code}")


def _rows(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    """Four a row; a fifth stands in a row of its own."""
    return [tuple(buttons[start : start + 4]) for start in range(0, len(buttons), 4)]


def ids_of(blocker: Blocker) -> dict[str, str]:
    """What a button carries."""
    return {"blocker": str(blocker.id)}


def solve_button(blocker: Blocker) -> Button:
    """One press settles it."""
    return Button(
        f"{blocker.code} is solved",
        "blocker.solve",
        ids_of(blocker),
        spoken=f"{blocker.code} is solved: close this blocker",
    )


def reopen_button(blocker: Blocker) -> Button:
    """It is in the way again; the form asks why."""
    spoken = f"Open {blocker.code} again"
    return Button("Reopen", "blocker.again", ids_of(blocker), opens_form=True, spoken=spoken)


def help_button(blocker: Blocker) -> Button:
    """Somebody takes it, or helps who has it."""
    return Button(
        f"I can help with {blocker.code}",
        "blocker.help",
        ids_of(blocker),
        spoken=f"I can help with {blocker.code}: tell the one who raised it",
    )


def action_button(blocker: Blocker) -> Button:
    """What is in the way becomes something that somebody does until a day."""
    spoken = f"Make {blocker.code} an action with an owner and a date"
    return Button("Make it an action", "action.from_blocker", ids_of(blocker), opens_form=True, spoken=spoken)


def show_button(blocker: Blocker) -> Button:
    """Its card."""
    return Button(blocker.code, "blocker.show", ids_of(blocker), spoken=f"Show blocker {blocker.code}")


# --- what can't be done


def already(blocker: Blocker, verb: str) -> str:
    """E-05."""
    if not rules.is_open(blocker):
        return f"{blocker.code} is solved already. You can: reopen. Nothing was changed."
    return f"{blocker.code} is in somebody's hands, so it can't be {verb}. Nothing was changed."


def unknown(code: str) -> str:
    """E-04."""
    return f"I can't find {code or 'that blocker'}. Nothing was changed."


def which(verb: str = "resolve", more: str = "found the notes") -> str:
    """A code is missing."""
    return f"Which one? For example: {typed(f'huddle {verb}')} B-7 {more}"


def long_since(around: Around) -> str:
    """E-05 for one that was solved too long ago."""
    return (
        f"{around.blocker.code} was solved more than {rules.REOPEN_DAYS} working days ago and stays solved. "
        f'You can raise a new one: {typed("huddle blocker")} "what is in the way". Nothing was changed.'
    )


def top_already(blocker: Blocker) -> str:
    """E-05: there is nobody above."""
    return f"{blocker.code} is at the top already, and nobody is above. Nothing was changed."


def stands(around: Around) -> str:
    """E-20's middle: how it is now."""
    return f"it is {standing(around)}."
