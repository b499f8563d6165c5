"""Lists of actions. Source: domain.md S3-07."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.actions import rules
from bot.actions.views import times
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title
from bot.chat.words import count, day, short_day, typed
from bot.guide.views import SAID_MAX, SAY
from bot.work.rules import state_words
from storage.actions import Action

PAGE = 10  # lines


def listed(
    title: str,
    actions: Sequence[Action],
    *,
    owners: Mapping[int, str],
    today: date,
    counts: tuple[int, int],
    more: str,
) -> Card:
    """One page; `counts` are all and overdue ones, `more` the line that shows the next page, empty on the last."""
    total, overdue = counts
    if not actions:
        words = "There is no such action."
        return Card(words, (Title(title), Paragraph((words,)), Note(f"A new one: {_adding()}")))
    late = f" · {overdue} overdue" if overdue else ""
    elements: list[Element] = [Title(title), Note(f"{count(total, 'action')}{late} · {day(today)}")]
    lines = tuple(Line((each.title, f"  {each.code}"), (detail(each, owners, today),)) for each in actions)
    elements.append(Group("What comes first", lines))
    if more and len(more) <= SAID_MAX:
        elements.append(Buttons((Button("More", SAY, {"text": more}, spoken="More actions"),)))
    return Card(f"{title}: {count(total, 'action')}{late}.", tuple(elements))


def detail(action: Action, owners: Mapping[int, str], today: date) -> str:
    """`Overdue since Fri 27 Nov · in progress · Zoe · P2`."""
    parts = []
    if action.due_on is not None:
        late = rules.is_overdue(action, today)
        parts.append(f"Overdue since {short_day(action.due_on)}" if late else f"Due {short_day(action.due_on)}")
    else:
        parts.append("No date yet")
    parts.append(state_words(action.state))
    parts.append(owners.get(action.owner_id or 0, "nobody yet"))
    parts.append(action.priority.value)
    if action.redated:
        parts.append(f"moved {times(action.redated)}")
    return " · ".join(parts)


def which_list(text: str) -> str:
    """A filter that is none."""
    return (
        f"I don't know the filter '{text}'. It can be mine, asked, overdue, all, done, a state such as blocked, "
        f"@name, initiative:I-4, batch:BT-2, due:7d. Nothing was changed."
    )


def _adding() -> str:
    return typed('action add "Check eight calls" @Zoe due:fri')
