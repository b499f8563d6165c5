"""Reminders: one message for everything of one person that falls due. Source: domain.md P-07."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.actions import rules
from bot.actions.views import accept, done, due_words, goes_on
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Row, Title, says
from bot.chat.words import count, day
from bot.work.rules import state_words
from storage.actions import Action
from storage.blockers import Blocker

ROWS = 4  # with their button beside them


@dataclass(frozen=True, slots=True)
class Reminded:
    """An action and how many working days it is overdue, 0 on its day."""

    action: Action
    after: int


def reminder(found: Sequence[Reminded], *, name: str) -> Card:
    """To their owner. What was settled since stays, without its button."""
    waiting = [each for each in found if not _is_settled(each.action)]
    title = _title(waiting, name)
    rows: list[Element] = [_row(each) for each in found[:ROWS]]
    rest = tuple(Line((f"{each.action.title}  {each.action.code}",), (_detail(each),)) for each in found[ROWS:])
    rows += [Group("Also", rest)] if rest else []
    return Card(f"{title}.", (Title(title), *rows, *_ways([each.action for each in waiting])))


def _title(waiting: Sequence[Reminded], name: str) -> str:
    if not waiting:
        return f"All of it is settled. Thank you, {name}"
    today = sum(not each.after for each in waiting)
    late = len(waiting) - today
    parts = [f"{count(today, 'action is', 'actions are')} due today"] if today else []
    if late:
        parts.append(f"{late if today else count(late, 'action')} {'is' if late == 1 else 'are'} overdue")
    return f"{name}, {' and '.join(parts)}"


def _row(each: Reminded) -> Row:
    return Row(each.action.title, f"{_detail(each)} · {each.action.code}", _press(each.action))


def _press(action: Action) -> Button | None:
    match action.state:
        case rules.State.PROPOSED:
            return accept(action)
        case rules.State.OPEN | rules.State.IN_PROGRESS:
            return done(action)
        case _:
            return None


def _detail(each: Reminded) -> str:
    action = each.action
    if _is_settled(action):
        return state_words(action.state)
    state = {rules.State.PROPOSED: " · you were asked to take it on", rules.State.BLOCKED: " · blocked"}
    more = state.get(action.state, "")
    if not each.after or action.due_on is None:
        return f"Due today{more}"
    return f"Was due on {day(action.due_on)}, {count(each.after, 'working day')} ago{more}"


def _is_settled(action: Action) -> bool:
    return rules.is_closed(action) or action.state is rules.State.DONE_CLAIMED


def _ways(actions: Sequence[Action]) -> list[Element]:
    """New date, blocked and giving back once for all of them: the form asks which."""
    if not actions:
        return []
    ids: Mapping[str, str] = {"action": str(actions[0].id)} if len(actions) == 1 else {}
    return [
        Buttons((
            Button("New date", "action.redate", ids, opens_form=True, spoken="A new date, and why"),
            Button("Give it back", "action.giving", ids, opens_form=True, spoken="Give it back to who asked for it"),
        )),
        Note("Something in the way? The card of each action has a button for it."),
    ]  # fmt: skip


def freed(blocker: Blocker, found: Sequence[Action]) -> Card:
    """To the owner of what a blocker held up, now that it is solved."""
    if blocker.state is not Blocker.State.RESOLVED:
        title, then = f"{blocker.code} is open again", f"It was said to be solved: {blocker.text}"
    else:
        solution = f" ({blocker.resolution})" if blocker.resolution else ""
        title, then = f"{blocker.code} is solved", f"No longer in the way: {blocker.text}{solution}"
    then += "" if then[-1] in ".?!…" else "."
    waiting = [each for each in found if each.blocker_id == blocker.id and each.state is rules.State.BLOCKED]
    rows = tuple(_held(each, is_waiting=each in waiting) for each in found[:ROWS])
    rest = tuple(Line((f"{each.title}  {each.code}",), (state_words(each.state),)) for each in found[ROWS:])
    what = count(len(waiting), "action of yours", "actions of yours")
    asks = f"{what} can go on." if waiting and blocker.state is Blocker.State.RESOLVED else ""
    said = Paragraph((" ".join(each for each in (then, asks) if each),))
    return Card(f"{title}. {asks}".strip(), (Title(title), said, *rows, *([Group("Also", rest)] if rest else [])))


def _held(action: Action, *, is_waiting: bool) -> Row:
    can_start = action.state is rules.State.BLOCKED and is_waiting
    return Row(action.title, f"{state_words(action.state)} · {action.code}", goes_on(action) if can_start else None)


def overdue(found: Sequence[tuple[Action, str, int]]) -> Card:
    """To the lead: actions with their owner and the working days since they were due."""
    title = f"{count(len(found), 'action')} in your team {'is' if len(found) == 1 else 'are'} overdue"
    lines = tuple(
        Line(
            (f"{action.title}  {action.code}",),
            (f"{owner} · overdue for {count(after, 'working day')} · due {due_words(action)}",),
        )
        for action, owner, after in found
    )
    return Card(
        f"{title}.",
        (
            Title(title),
            Group("Longest waiting first", lines),
            Note("Their owners have heard of it. Perhaps a word helps."),
        ),
    )


def said(number: int, name: str) -> str:
    """For the time bar: what a step did."""
    return f"{name} reminded of {count(number, 'action')}"


def settled(name: str) -> Card:
    """To the lead, when nothing is left of it."""
    return says(f"Everything I told you about here is settled, {name}.")
