"""The words for decisions: as recorded, in the log, and what can't be done. Source: domain.md K-11, S2-12, S2-30."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title, says
from bot.chat.forms import Form, TextInput
from bot.chat.localtime import today_in
from bot.chat.spans import Bold, Text
from bot.chat.words import count, day, listing, typed
from bot.council.rules import Count, Quorum
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.decisions import Decision
from storage.meetings import CouncilMeeting
from storage.people import Department, Person

State = Decision.State
LOG_LINES = 10
TWICE = 2
WHY_MAX = 300  # characters
INTERNAL = "Internal"
NEXT_MEETING = "the next meeting"
WHY_TITLES = {"lapse": "Let it lapse", "reopen": "Reopen it", "reverse": "Reverse it"}
DONE = {"lapse": "let go", "reopen": "reopened", "reverse": "reversed"}
_STATES = {
    State.PROVISIONAL: "provisional: there was no quorum",
    State.IN_FORCE: "in force",
    State.LAPSED: "lapsed",
    State.SUPERSEDED: "superseded",
    State.REVERSED: "reversed",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A decision with the names that its cards show."""

    decision: Decision
    council: Council
    meeting: CouncilMeeting | None
    item: AgendaItem | None
    mover: Person | None
    means: Sequence[tuple[Department, str]]
    supersedes: Decision | None = None
    superseded_by: Decision | None = None
    to_all: str = ""
    """What it means, said before any department was named."""
    recorded_at: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Where the council meets."""
        return ZoneInfo(self.council.zone)


# --- one decision


def decision(shown: Shown, *, is_new: bool = False, may_settle: bool = True) -> Card:
    """Everything about one decision; `is_new` right after it was recorded, `may_settle` to chair and secretary."""
    row = shown.decision
    title = f"{row.code} recorded" if is_new else f"Decision {row.code}"
    elements: list[Element] = [Title(title), Note(_note(shown)), Paragraph((Bold(row.text),))]
    if shown.means:
        lines = [Line((Bold(department.name), f"  {text}")) for department, text in shown.means]
        before = [Line((shown.to_all,))] if shown.to_all else []
        elements.append(Group("What this means", (*before, *lines)))
    elements.append(Facts(_facts(shown)))
    buttons = _buttons(shown, is_new=is_new, may_settle=may_settle)
    if buttons:
        elements.append(Buttons(buttons))
    if is_new and row.state is State.PROVISIONAL:
        elements.append(Note("It holds once it is ratified while there is a quorum; I put that on the next agenda."))
    return Card(f"{shown.council.name} decided: {row.text} ({row.code}, {state_words(row)})", tuple(elements))


def _note(shown: Shown) -> str:
    row = shown.decision
    when = day(today_in(shown.zone, row.decided_at))
    where = f"item {shown.item.section}.{shown.item.seq}" if shown.item is not None and shown.item.seq else ""
    between = "between two meetings" if shown.meeting is None else ""
    recorded = when if shown.recorded_at is None else day(today_in(shown.zone, shown.recorded_at))
    later = f"recorded on {recorded}" if recorded != when else ""
    internal = "internal" if row.internal else ""
    told = (shown.council.name, when, later, where, between, state_words(row), internal)
    return " · ".join(each for each in told if each)


def _facts(shown: Shown) -> tuple[tuple[str, Text], ...]:
    row = shown.decision
    pairs: list[tuple[str, Text]] = [("Because", (row.reason,))] if row.reason else []
    if not shown.means and row.implications:
        pairs.append(("Means", (row.implications,)))
    if row.customer_view:
        pairs.append(("Customer's view", (row.customer_view,)))
    if row.from_on is not None:
        pairs.append(("From", (day(row.from_on),)))
    if shown.mover is not None:
        pairs.append(("Moved by", (shown.mover.name,)))
    pairs.append(("Votes", (votes_words(row),)))
    if row.review_on is not None:
        pairs.append(("Looked at again", (day(row.review_on),)))
    if shown.supersedes is not None:
        pairs.append(("Takes the place of", (f"{shown.supersedes.code} {shown.supersedes.text}",)))
    if shown.superseded_by is not None:
        pairs.append(("Superseded by", (f"{shown.superseded_by.code} {shown.superseded_by.text}",)))
    if row.reversals:
        pairs.append(("Reopened or reversed", (_times(row.reversals),)))
    return tuple(pairs)


def _buttons(shown: Shown, *, is_new: bool, may_settle: bool) -> tuple[Button, ...]:
    ids = {"decision": str(shown.decision.id)}
    code = shown.decision.code
    match shown.decision.state:
        case State.PROVISIONAL if may_settle:
            return (
                Button("Ratify", "decision.ratify", ids, spoken=f"Ratify {code}"),
                Button("Let it lapse", "decision.lapse", ids, opens_form=True, spoken=f"Let {code} lapse"),
            )
        case State.IN_FORCE:
            act = Button("Make an action", "decision.action", ids, opens_form=True, spoken=f"Make an action of {code}")
            if is_new or not may_settle:
                return (act,)
            return (act, Button("Reopen", "decision.reopen", ids, opens_form=True, spoken=f"Reopen {code}"))
        case _:
            return ()


def state_words(row: Decision) -> str:
    """`in force`, or what became of it and why."""
    words = _STATES[row.state]
    return f"{words}: {row.state_reason}" if row.state_reason and row.state is not State.PROVISIONAL else words


def votes_words(row: Decision) -> str:
    """`6 for, 1 against, 0 abstained of 7 voting seats`; without a count that nobody objected is what is known."""
    if row.votes_for is None or row.votes_against is None or row.votes_abstain is None:
        return f"not counted, {count(row.voting_present, 'voting seat')} present, {row.quorum_needed} needed"
    counted = Count(row.votes_for, row.votes_against, row.votes_abstain)
    return f"{count_words(counted)} of {count(row.voting_present, 'voting seat')}"


def count_words(found: Count) -> str:
    """`6 for, 1 against, 0 abstained`."""
    return f"{found.votes_for} for, {found.votes_against} against, {found.votes_abstain} abstained"


def _times(number: int) -> str:
    return "once" if number == 1 else "twice" if number == TWICE else f"{number} times"


def why(row: Decision, verb: str, title: str) -> Form:
    """Why a decision is reopened, reversed or let go."""
    return Form(
        title,
        verb,
        (TextInput("reason", "Why?", longest=WHY_MAX),),
        ids={"decision": str(row.id)},
        note=f"{row.code}: {row.text}"[:1900],
        submit=title.split(" ", maxsplit=1)[0],
    )


# --- the log


def log(council: str, rows: Sequence[tuple[Decision, bool]], words: str, zone: ZoneInfo) -> Card:
    """The decisions of a council, newest first; of those that somebody may not read only that they exist."""
    title = "Decisions" if not words else f"Decisions with “{words[:20]}”"
    if not rows:
        found = f"No decision of {council} has “{words}” in it." if words else f"{council} has decided nothing yet."
        return says(found)
    lines = tuple(_log_line(row, zone, may_read=may_read) for row, may_read in rows)
    note = f"{council} · {count(len(rows), 'decision')}, newest first"
    elements = (Title(title), Note(note), Group("", lines), Note(f"All of one: {typed('council decisions D-1')}"))
    return Card(f"{title} of {council}: {count(len(rows), 'decision')}.", elements)


def _log_line(row: Decision, zone: ZoneInfo, *, may_read: bool) -> Line:
    on = day(today_in(zone, row.decided_at))
    if not may_read:
        return Line((INTERNAL,), (f"{row.code} · {on}",))
    reopened = f"reopened {_times(row.reversals)}" if row.reversals and row.state is not State.REVERSED else ""
    detail = " · ".join(each for each in (row.code, on, state_words(row), reopened) if each)
    return Line((Bold(row.text),), (detail,))


# --- what can't be done


def no_meeting_now(council: str) -> str:
    """E-05."""
    return (
        f"No meeting of {council} is being held, and the minutes of the last one are out. Decisions are recorded in "
        f"a meeting: `{typed('council start')}`; between meetings `{typed('council vote')}` puts a question to the "
        "seats. Nothing was changed."
    )


def no_item(text: str) -> str:
    """E-04."""
    return f"I can't find item '{text}' on this agenda. Items are written as 5.2. Nothing was changed."


def no_department(name: str, known: Sequence[str]) -> str:
    """For the input that says what a decision means."""
    return f"There is no department called '{name}'. There is {listing(known)}."


def too_long(most: int, length: int) -> str:
    """For an input of a form."""
    return f"That has {length} characters, and {most} fit."


def too_many_votes(found: Count, present: int) -> str:
    """Invariant 9."""
    return (
        f"{count_words(found).capitalize()} is {count(found.total, 'vote')}, and {count(present, 'voting seat')} "
        f"{'is' if present == 1 else 'are'} taken now. Please count again. Nothing was changed."
    )


def not_carried(found: Count) -> str:
    """A motion that was not carried is no decision."""
    return (
        f"{count_words(found).capitalize()} is not carried, so there is no decision to record. "
        "You can note it at the item, or defer the item. Nothing was changed."
    )


def no_quorum(quorum: Quorum) -> str:
    """Nothing can be ratified."""
    return (
        f"There is no quorum: {quorum.present} of {quorum.filled} voting seats are taken, {quorum.needed} are needed. "
        "It stays provisional."
    )


def vote_not_closed(question: str) -> str:
    """E-05."""
    return f"The vote on “{question}” is not closed yet. Close it first. Nothing was changed."


def recorded_already(code: str) -> str:
    """E-05."""
    return f"That vote is recorded already, as {code}. Nothing was changed."


def in_the_minutes(row: Decision, met_on: date) -> str:
    """E-05: an Undo after the minutes are out."""
    verb, ends = ("lapse", "lets it go") if row.state is State.PROVISIONAL else ("reverse", "ends it")
    way = f"`{typed(f'council {verb} {row.code}')}` with a reason {ends}."
    return f"{row.code} is in the minutes of {day(met_on)}, which are issued. {way} Nothing was changed."


def ratified_in_a_meeting(code: str) -> str:
    """E-05."""
    return f"{code} is ratified in a meeting, while there is a quorum. It is on the next agenda. Nothing was changed."


def internal_only(code: str) -> str:
    """Somebody may not read it."""
    return f"{code} is internal to the council. Nothing was changed."


def needs_reason(code: str, verb: str) -> str:
    """A reason is required."""
    return f"Why is {code} {verb}? Please add a few words."


def ratified(row: Decision) -> Card:
    """It holds now."""
    return says(f"{row.code} is ratified and in force.")


def lapsed(row: Decision) -> Card:
    """It never held."""
    return says(f"{row.code} has lapsed: {row.state_reason}")


def reopened(row: Decision, on: str) -> Card:
    """It is on an agenda again, and counted."""
    return says(f"{row.code} is reopened ({_times(row.reversals)}), and on the agenda of {on}. It holds until then.")


def reversed_(row: Decision) -> Card:
    """It holds no more."""
    return says(f"{row.code} is reversed: {row.state_reason}")


def ratify_title(row: Decision) -> str:
    """What stands on the next agenda."""
    return f"Ratify {row.code}: {row.text}"


def reopen_title(row: Decision) -> str:
    """What stands on the next agenda."""
    return f"{row.code} reopened: {row.text}"


def which(codes: Sequence[str]) -> str:
    """A code is missing."""
    return f"Which decision? {listing(codes, 'or') if codes else 'There is none to name.'}"
