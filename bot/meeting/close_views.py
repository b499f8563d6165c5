"""The words for the end of a meeting: what is still open, what is proposed for it, and what became of it."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date

from bot.chat.cards import Button, Buttons, Card, Group, Line, Note, Paragraph, Title
from bot.chat.words import count, day, listing, short_day
from bot.meeting.rules import Open, Outcome
from bot.meeting.views import item_called
from storage.agenda import AgendaItem

OUT_OF_TIME = "not reached"
CHANGED_SINCE = "What is open has changed since this card was drawn, so nothing was changed. Please look again."
NOT_OPENED = "Nobody started it."


def still_open(ids: Mapping[str, str], every: Sequence[Open], names: Mapping[int, str], due_on: date) -> Card:
    """Before a meeting ends: each open item with what is proposed for it."""
    words = f"{count(len(every), 'item is', 'items are')} still open."
    lines = tuple(
        Line((item_called(each.item, is_veiled=each.is_veiled),), (_proposal(each, names, due_on),)) for each in every
    )
    can_choose = all(each.choices for each in every)
    is_settled = all(each.proposed is not None for each in every)
    agree = [Button("As proposed", "meeting.as_proposed", {**ids, "as": fingerprint(every)}, primary=True)]
    follows = "Then the meeting is over." if is_settled else "Where no proposal stands, somebody has to choose."
    return Card(
        f"{words} {follows}",
        (
            Title("Before the meeting ends"),
            Paragraph((words,)),
            Group("Proposed", lines),
            Buttons((*(agree if is_settled else []), choose(ids) if can_choose else settle(ids))),
            Note(follows),
        ),
    )


def choose(ids: Mapping[str, str]) -> Button:
    """**Choose for each**."""
    return Button("Choose for each", "meeting.choose", ids, opens_form=True)


def settle(ids: Mapping[str, str]) -> Button:
    """**Settle an item**: where the owner of what follows is named."""
    return Button("Settle an item", "meeting.settle", ids, opens_form=True)


def needs_owner(stuck: Sequence[Open]) -> str:
    """Before the rest: what can't be closed yet."""
    names = listing([item_called(each.item, is_veiled=each.is_veiled) for each in stuck])
    return f"Somebody has to own what follows from {names}: settle it first, as an action. Nothing was changed."


def _proposal(each: Open, names: Mapping[int, str], due_on: date) -> str:
    match each.proposed:
        case Outcome.NOTED:
            return "to be noted"
        case Outcome.DEFERRED:
            return f"to be put off to the next meeting, for the {_times(each.item.deferrals + 1)} time"
        case Outcome.PARKED:
            return "to be parked without a date, as no next meeting is planned"
        case Outcome.ACTIONED:
            owner = names.get(each.item.owner_id or 0, "its owner")
            return f"put off twice already: an action for {owner}, due {short_day(due_on)}"
        case _:
            return "put off twice already: decide, drop or hand it over"


def _times(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def fingerprint(every: Sequence[Open]) -> str:
    """Names what was proposed for which items, so that a press means what was read."""
    text = ";".join(f"{each.item.id}:{each.proposed}" for each in every)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def became(each: Open, outcome: Outcome, next_on: date | None, owner: str) -> str:
    """What became of an item, in a line."""
    item, name = each.item, item_called(each.item, is_veiled=each.is_veiled)
    match outcome:
        case Outcome.NOTED:
            return f"{name}: noted."
        case Outcome.DEFERRED if next_on is not None and item.state is AgendaItem.State.DEFERRED:
            return f"{name}: put off to {day(next_on)}."
        case Outcome.ACTIONED:
            return f"{name}: an action for {owner}."
        case Outcome.DROPPED:
            return f"{name}: dropped."
        case _:
            return f"{name}: parked without a date."


def counted(question: str, *, is_veiled: bool) -> str:
    """Of a vote that nobody had closed."""
    what = "An internal vote" if is_veiled else f"The vote “{question}”"
    return f"{what} was still open: it is closed and counted as it stands."


def by_schedule(number: int) -> str:
    """What is written down of a meeting that nobody ended."""
    return f"closed by schedule, {count(number, 'item')} put off"
