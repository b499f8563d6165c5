"""What is told about an agenda: late items, what came by itself, what became of one's item, what a version changes."""

from collections.abc import Sequence
from datetime import date

from bot.agenda.documents import Difference, What
from bot.agenda.rules import Agenda, Entry, Section, State
from bot.agenda.titles import SECTION_TITLES, SHORT_TITLES
from bot.agenda.views import Head, edition, title
from bot.chat.cards import Button, Buttons, Card, Note, Paragraph, Title
from bot.chat.spans import Bold
from bot.chat.words import count, day

CHANGES_MOST = 6  # in one message, before "+2 more"


# --- before it is out


def not_out(head: Head, items: int, reports: tuple[int, int]) -> Card:
    """A member asks before the first version: when it comes, and what is known."""
    when = f", it comes on {head.at(head.publishes_at)}" if head.publishes_at else ""
    words = f"The agenda for {head.at(head.starts_at)} is not out yet{when}."
    received, asked = reports
    known = [count(items, "item") + " so far"]
    if asked:
        known.append(f"{received} of {asked} reports")
    ids = {"meeting": str(head.meeting)}
    verb, label = ("agenda.late", "Add a late item") if head.items_closed else ("agenda.add", "Add an item")
    add = Button(label, verb, ids, opens_form=True)
    buttons = Buttons((add, Button("My attendance", "council.attend", ids)))
    return Card(words, (Title(title(head)), Paragraph((words,)), Note(" · ".join(known)), buttons))


# --- about one item


def late_asked(head: Head, entry: Entry, by: str, following: date | None) -> Card:
    """The chair is asked about an item that came after the close."""
    words = f"{by} asks for a late item on {day(head.meets_on)}: {entry.title}"
    facts = [f"for {entry.purpose.value}", f"{entry.minutes} min", f"meant for item {entry.section}"]
    ids = {"item": str(entry.id)}
    later = f"Not admitted, it goes on {day(following)}." if following else "Not admitted, it waits for the next one."
    return Card(
        words,
        (
            Title("Late item"),
            Paragraph((f"{by} asks for ", Bold(entry.title))),
            Note(" · ".join(facts)),
            Buttons((Button("Admit", "agenda.admit", ids), Button("Next meeting", "agenda.refuse", ids))),
            Note(later),
        ),
    )


def late_settled(entry: Entry, what: str) -> Card:
    """What became of a late item."""
    words = f"Late item '{entry.title}': {what}."
    return Card(words, (Paragraph((words,)),))


def admitted_as(entry: Entry) -> str:
    """It stands on the agenda."""
    return f"admitted as {entry.number}"


def waits_until(meets_on: date) -> str:
    """It was left for another meeting."""
    return f"on the agenda for {day(meets_on)}"


def updated(head: Head, changes: Sequence[str]) -> Card:
    """P-25: what is different in the newest version."""
    words = f"Agenda updated: {in_short(changes)}."
    note = f"{title(head)} · {edition(head, NO_AGENDA)}"
    ways = Buttons((Button("Open an item", "agenda.open", {"meeting": str(head.meeting)}, opens_form=True),))
    return Card(words, (Paragraph((Bold("Agenda updated: "), f"{in_short(changes)}.")), Note(note), ways))


NO_AGENDA = Agenda(tuple(Section(number) for number in SECTION_TITLES), 0)
"""Where only the version counts."""


def proposed(entry: Entry, source: str, head: Head) -> Card:
    """The secretary sees an item that came by itself, such as a blocker that went up to the council."""
    words = f"On the draft for {day(head.meets_on)} as {entry.number}: {entry.title}"
    ids = {"item": str(entry.id)}
    decline = Button("Decline", "agenda.decline", ids, opens_form=True)
    buttons = Buttons((Button("Accept", "agenda.accept", ids), decline))
    return Card(
        words,
        (
            Title("Proposed for the council"),
            Paragraph((Bold(entry.title),)),
            Note(f"{source} · {entry.number}"),
            buttons,
        ),
    )


def proposal_settled(entry: Entry) -> Card:
    """What became of it."""
    words = f"{entry.number} '{entry.title}' is {_STATES.get(entry.state, entry.state.value.replace('_', ' '))}."
    return Card(words, (Paragraph((words,)),))


_STATES = {State.SUBMITTED: "proposed", State.ACTIONED: "made an action"}


THE_BOT = "The bot"
_DEEDS = {
    "decline": "declined", "merge": "merged", "defer": "deferred", "park": "parked", "drop": "dropped",
    "withdraw": "withdrew", "admit": "admitted", "refuse": "left for the next meeting",
}  # fmt: skip


def deed(verb: str) -> str:
    """What was done, as in `Cora declined your item`."""
    return _DEEDS.get(verb, "changed")


def went_up(code: str) -> str:
    """A blocker that nobody could solve further down."""
    return f"{code} went up to the council"


def told_owner(entry: Entry, what: str, reason: str, by: str) -> Card:
    """Its owner hears what became of an item of theirs."""
    why = f": {reason}" if reason else ""
    words = f"{by} {what} your item '{entry.title}'{why}."
    return Card(words, (Paragraph((words,)),))


def merged(entry: Entry, into: str, by: str) -> Card:
    """Its owner hears that it was taken up as part of another one."""
    words = f"{by} merged your item '{entry.title}' into {into}: it is talked about there."
    return Card(words, (Paragraph((words,)),))


# --- what a version changes


def change_log(found: Sequence[Difference]) -> list[str]:
    """What changed, one thing each; of what is internal the number alone, because everybody reads it."""
    return [_change(each) for each in found]


def _change(diff: Difference) -> str:
    entry = diff.entry
    if entry is None:
        length = count(diff.after, "minute")
        return f"{diff.section} {SHORT_TITLES[diff.section]} has {length}, was {diff.before}"
    if entry.internal:
        return f"{entry.number} {_INTERNAL[diff.what]}"
    named = f"{entry.number} {entry.title}"
    match diff.what:
        case What.RETIMED:
            return f"{named} has {count(diff.after, 'minute')}, was {diff.before}"
        case What.PURPOSE:
            return f"{named} is for {entry.purpose.value}"
        case _:
            return f"{named} {_WORDS[diff.what]}"


_WORDS = {
    What.ADDED: "added", What.GONE: "taken off", What.RENAMED: "renamed", What.PULLED: "open for debate",
    What.CONSENT: "on consent", What.SHOWN: "open to everybody", What.REPORT: "report received", What.SECTION: "",
    What.CORRECTED: "report corrected",
}  # fmt: skip
_INTERNAL = dict.fromkeys(What, "changed") | {What.ADDED: "added", What.GONE: "taken off"}


def in_short(changes: Sequence[str]) -> str:
    """`5.3 Christmas hours added; 3.7 Marketing report received +2 more`."""
    more = f" +{len(changes) - CHANGES_MOST} more" if len(changes) > CHANGES_MOST else ""
    return "; ".join(changes[:CHANGES_MOST]) + more


# --- for the time bar


def published_outcome(number: int) -> str:
    """A version came out."""
    return f"agenda version {number} published"


NOT_CHANGED = "the agenda is as it was"
