"""The words of what a person has to do. Source: domain.md K-01."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.actions.rules import State, is_overdue
from bot.actions.views import accept, done, press
from bot.chat.cards import Button, Card, Element, Group, Line, Note, Row, Title
from bot.chat.words import count, day, short_day
from bot.home.views import Part, rows
from bot.work.rules import state_words
from storage.actions import Action
from storage.initiatives import Milestone

SHOWN = 4  # with their button beside them


def to_do(
    own: Sequence[Action], claims: Sequence[Action], names: Mapping[int, str], today: date, *, givers: Mapping[int, int]
) -> Part:
    """Overdue first, then today, what waits for a word from them, and tomorrow; `givers` are who handed it over."""
    ordered = sorted(own, key=lambda each: (not is_overdue(each, today), each.state is not State.PROPOSED))
    asking = {each.id: names.get(givers.get(each.id, each.requester_id), "Somebody") for each in own}
    mine = [Row(each.title, f"{_when(each, asking[each.id], today)} · {each.code}", _press(each)) for each in ordered]
    theirs = [
        Row(each.title, f"{names.get(each.owner_id or 0, '')} says it is done · {each.code}", accept(each))
        for each in claims
    ]
    today_or_before = sum(1 for each in own if each.state is State.PROPOSED or _is_due(each, today))
    return Part(rows([*theirs, *mine], SHOWN, "More to do"), len(claims) + today_or_before)


def _is_due(action: Action, today: date) -> bool:
    return action.due_on is not None and action.due_on <= today


def _press(action: Action) -> Button | None:
    if action.state is State.BLOCKED:
        return None
    if action.owner_id is None:
        return press(action, "I'll take it", "action.take")
    return accept(action) if action.state is State.PROPOSED else done(action)


def _when(action: Action, asker: str, today: date) -> str:
    if action.owner_id is None:
        return "Nobody has it yet"
    if action.state is State.PROPOSED:
        due = f", due {short_day(action.due_on)}" if action.due_on else ""
        return f"{asker} asks you to take this on{due}"
    if action.due_on is None:
        return state_words(action.state).capitalize()
    blocked = ", blocked" if action.state is State.BLOCKED else ""
    if action.due_on < today:
        return f"Overdue since {short_day(action.due_on)}{blocked}"
    if action.due_on == today:
        return f"Due today{blocked}"
    is_tomorrow = action.due_on == today + timedelta(days=1)
    return f"Due {'tomorrow' if is_tomorrow else short_day(action.due_on)}{blocked}"


def on_day(
    name: str,
    on: date,
    found: Sequence[Action | Milestone],
    *,
    own: bool,
    tomorrow: Sequence[Action] = (),
    held: Sequence[Element] = (),
) -> Card:
    """What falls due on one day, and where it is today what comes next; `held` is what else the day holds."""
    whose = "you" if own else name
    title = f"{count(len(found), 'thing')} due for {whose}" if found else f"Nothing is due for {whose}"
    groups: list[Element] = []
    for label, some in (("By priority", found), ("Tomorrow", tomorrow)):
        lines = tuple(Line((f"{each.title}  {each.code}",), (_stands(each, on),)) for each in some)
        groups += [Group(label, lines)] if lines else []
    return Card(f"{title} on {day(on)}.", (Title(title), Note(day(on)), *held, *groups))


def _stands(each: Action | Milestone, on: date) -> str:
    if isinstance(each, Milestone):
        return f"milestone, was due {short_day(each.forecast_on)}" if each.forecast_on < on else "milestone"
    late = f"overdue since {short_day(each.due_on)} · " if is_overdue(each, on) and each.due_on else ""
    return f"{late}{state_words(each.state)}"
