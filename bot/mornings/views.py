"""The words of the plan for the day, and of what somebody chooses about it. Source: domain.md P-01."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.actions.rules import State
from bot.actions.views import accept, done
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Row, Title, says
from bot.chat.spans import Bold
from bot.chat.words import clock, clock_in, count, day, short_day, typed
from bot.mornings.rules import EARLIEST, LATEST, LISTED, ROWS, Due
from bot.work.rules import state_words
from storage.actions import Action
from storage.initiatives import Milestone

TITLE_SHOWN = 45  # characters that stay on one line of a phone


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of the day, by the name of what meets."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that a plan shows; `goals` are this week's, each with whether it is only proposed."""

    due: Due
    meetings: Sequence[Meeting] = ()
    goals: Sequence[tuple[str, bool]] = ()


def plan(contents: Contents, *, name: str, on: date, zone: ZoneInfo) -> Card:
    """P-01: what waits today, the meetings, and this week's goals."""
    title = f"Good morning, {name}"
    title = title if len(title) <= TITLE_SHOWN else "Good morning"
    said = _in_short(contents)
    return Card(
        f"{title}. Today: {said}.",
        (
            Title(title),
            Note(day(on)),
            Paragraph((Bold("Today:"), f" {said}.")),
            *_listed(contents.due, on),
            *_meetings(contents.meetings, zone),
            *_goals(contents.goals),
            *_ways([each for each in (*contents.due.late, *contents.due.today) if isinstance(each, Action)]),
            Note(f"{typed('today')} shows your whole day, {typed('today off')} ends these plans."),
        ),
    )


def _in_short(contents: Contents) -> str:
    due = contents.due
    if not due.waits and due.settled:
        words = ["everything due is done"]
    else:
        words = [f"{len(due.today)} due", f"{len(due.late)} overdue"]
    return ", ".join([*words, *([count(len(contents.meetings), "meeting")] if contents.meetings else [])])


def _listed(due: Due, on: date) -> list[Element]:
    """At most LISTED of them, the longest overdue first; the first ROWS have their button beside them."""
    waiting = [*due.late, *due.today]
    every = [*waiting, *due.settled, *due.tomorrow]
    rows: list[Element] = [Row(each.title, _detail(each, on), _press(each)) for each in every[:ROWS]]
    lines = [Line((f"{each.title}  {each.code}",), (_when(each, on),)) for each in every[ROWS:LISTED]]
    more = len(every) - LISTED
    lines += [Line((f"{more} more: write {typed('today')}",))] if more > 0 else []
    return [*rows, *([Group("Also", tuple(lines))] if lines else [])]


def _detail(each: Action | Milestone, on: date) -> str:
    return f"{_when(each, on)} · {each.code}"


def _when(each: Action | Milestone, on: date) -> str:
    if isinstance(each, Milestone):
        late = each.forecast_on < on
        return f"Milestone, {'was due ' + short_day(each.forecast_on) if late else 'due today'}"
    if each.state in {State.DONE, State.DONE_CLAIMED}:
        words = state_words(each.state)
        return words[:1].upper() + words[1:]
    state = {State.PROPOSED: ", you were asked to take it on", State.BLOCKED: ", blocked"}.get(each.state, "")
    if each.due_on is None or each.due_on == on:
        return f"Due today{state}"
    return f"Overdue since {short_day(each.due_on)}{state}" if each.due_on < on else f"Due {_next(each.due_on, on)}"


def _next(due_on: date, on: date) -> str:
    return "tomorrow" if (due_on - on).days == 1 else short_day(due_on)


def _press(each: Action | Milestone) -> Button | None:
    if isinstance(each, Milestone):
        ids = {"milestone": str(each.id)}
        return Button(f"{each.code} is reached", "milestone.claim_form", ids, opens_form=True)
    match each.state:
        case State.PROPOSED:
            return accept(each)
        case State.OPEN | State.IN_PROGRESS:
            return done(each)
        case _:
            return None


def _meetings(meetings: Sequence[Meeting], zone: ZoneInfo) -> list[Element]:
    lines = tuple(Line((f"{clock_in(each.at, zone)}  {each.name}",)) for each in meetings)
    return [Group("Meetings", lines)] if lines else []


def _goals(goals: Sequence[tuple[str, bool]]) -> list[Element]:
    """Confirmed ones first; what the lead has not confirmed yet says so."""
    all_proposed = all(is_proposed for _, is_proposed in goals)
    label = "Your goals this week, proposed" if all_proposed else "Your goals this week"
    lines = tuple(
        Line((text,), ("proposed",) if is_proposed and not all_proposed else ()) for text, is_proposed in goals
    )
    return [Group(label, lines)] if lines else []


def _ways(actions: Sequence[Action]) -> list[Element]:
    """Another date and what is in the way: once for all of them, the form asks which."""
    movable = [each for each in actions if each.state is not State.PROPOSED]
    if not movable:
        return []
    ids: Mapping[str, str] = {"action": str(movable[0].id)} if len(movable) == 1 else {}
    return [Buttons(tuple(_buttons(movable, ids)))]


def _buttons(movable: Sequence[Action], ids: Mapping[str, str]) -> Iterator[Button]:
    yield Button("New date", "action.redate", ids, opens_form=True, spoken="A new date, and why")
    if any(each.state is not State.BLOCKED for each in movable):
        yield Button("Blocked", "action.hold", ids, opens_form=True, spoken="Something is in the way of it")


# --- what is chosen about it


def given(number: int) -> str:
    """For the time bar: what a step did."""
    return f"{count(number, 'plan')} for the day"


def chosen(at_time: time) -> Card:
    """Another time, or the usual one again."""
    return says(f"Your plan for the day comes at {clock(at_time)} on working days when something is due.")


def switched_off() -> Card:
    """No plan any more."""
    return says(
        f"You get no plan for the day from now on. {typed('today')} still shows it, and {typed('today on')} brings it "
        "back."
    )


def needs_time() -> str:
    """A time that can't be read, or that is no morning."""
    return (
        f"Please write a time from {clock(EARLIEST)} to {clock(LATEST)}, as in {typed('today at 07:45')}. "
        "Nothing was changed."
    )
