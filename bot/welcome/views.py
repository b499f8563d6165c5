"""The words of the first days. Source: domain.md P-45."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold
from bot.chat.words import clock_in, short_day, typed
from bot.guide.views import SAY
from bot.welcome.rules import Progress

TITLE_SHOWN = 45  # characters that stay on one line of a phone


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody new, the team they came into, and when its huddle asks them next; None without one."""

    name: str
    team: str
    lead: str = ""
    huddle_at: datetime | None = None


def welcome(joined: Joined, progress: Progress, zone: ZoneInfo) -> Card:
    """Day 0: what the bot does for them, and something to try."""
    title = _short(f"Welcome to {joined.team}, {joined.name}", f"Welcome, {joined.name}")
    return Card(
        f"{title}. Try it: write today.",
        (
            Title(title),
            Paragraph((_what_i_do(joined, zone, has_answered=progress.has_answered),)),
            Group("Try it, ten minutes in all", _tasks(joined.name, progress), numbered=True),
            Buttons(
                (practice_button(), _press("What is due today", "/today"), _press("Show me around", "/help first"))
            ),
            Note("What you practise nobody else sees, and nothing of it is counted."),
        ),
    )


def _what_i_do(joined: Joined, zone: ZoneInfo, *, has_answered: bool) -> str:
    lead = f" {joined.lead} leads it." if joined.lead else ""
    if joined.huddle_at is None:
        return f"I keep the promises of {joined.team} together: who does what by when.{lead}"
    at = joined.huddle_at
    when = f"{short_day(at.astimezone(zone).date())} at {clock_in(at, zone)}"
    first = "" if has_answered else f" I ask you for the first time on {when}."
    return f"{joined.team} has a short huddle here in the chat.{lead}{first}"


def _tasks(name: str, progress: Progress) -> tuple[Line, ...]:
    return (
        Line((Bold(typed("today")), "  your own day: what is due, what waits for you"), _done(progress.has_looked)),
        Line((Bold("A practice huddle"), "  the real form, to yourself"), _done(progress.has_huddled)),
        Line(
            (Bold(typed(f'action add "Read the tour" @{name} due:fri')), "  one thing to do, with a date"),
            _done(progress.has_action),
        ),
    )


def _done(is_done: bool) -> tuple[str, ...]:  # noqa: FBT001 - a mark
    return ("done",) if is_done else ()


def third_day(joined: Joined, progress: Progress) -> Card:
    """Three working days later: what they have not tried yet."""
    if progress.is_through:
        words = f"You have tried all of it, {joined.name}. Thank you."
        return Card(words, (Title("Your first days"), Paragraph((words,))))
    left = [line for line in _tasks(joined.name, progress) if not line.detail]
    title = _short(f"{joined.name}, there is more to try", "There is more to try")
    return Card(
        f"{title}: {len(left)} left, a few minutes each.",
        (
            Title(title),
            Note("Three days in. A few minutes each, whenever it suits you."),
            Group("Not tried yet", tuple(left)),
            Buttons(
                (practice_button(), _press("What is due today", "/today"), _press("Show me around", "/help first"))
            ),
        ),
    )


def tenth_day(joined: Joined, progress: Progress, *, module: int) -> Card:
    """Ten working days later, to themselves."""
    if progress.is_finished:
        words = f"Two weeks, {joined.name}, and you are through the introduction. {_afterwards()}"
        return Card(words, (Title("Your first two weeks"), Paragraph((words,))))
    words = f"Two weeks, {joined.name}. The introduction is not finished yet; ten minutes are enough, today or any day."
    finished = Button("I have finished it", "training.done", {"module": str(module)})
    told = f"{joined.lead} sees the same, so you can ask each other." if joined.lead else ""
    note: tuple[Element, ...] = (Note(told),) if told else ()
    return Card(
        words,
        (Title("Your first two weeks"), Paragraph((words,)), Buttons((practice_button(), finished)), *note),
    )


def _afterwards() -> str:
    return f"{typed('help')} shows everything else."


def to_lead(joined: Joined, progress: Progress) -> Card:
    """Ten working days later, to who leads the team."""
    if progress.is_finished:
        words = f"{joined.name} came into {joined.team} two weeks ago and is through the introduction."
        return Card(words, (Title(_short(f"{joined.name}'s first two weeks", "First two weeks")), Paragraph((words,))))
    words = f"{joined.name} came into {joined.team} two weeks ago. The introduction is not finished yet."
    help_out = f"Ten minutes together would do: the practice huddle, then {typed('today')}." + (
        " They have answered a real huddle already." if progress.has_answered else ""
    )
    return Card(
        words,
        (
            Title(_short(f"{joined.name}'s first two weeks", "First two weeks")),
            Paragraph((words,)),
            Paragraph((help_out,)),
            Note(f"Only you and {joined.name} are told."),
        ),
    )


def practice_button() -> Button:
    """Opens the practice huddle."""
    return Button("Try a practice huddle", "huddle.practice", opens_form=True, spoken="Try a huddle to yourself")


def _press(text: str, line: str) -> Button:
    return Button(text, SAY, {"text": line})


def _short(title: str, otherwise: str) -> str:
    return title if len(title) <= TITLE_SHOWN else otherwise[:TITLE_SHOWN]


def said(name: str, stage: int) -> str:
    """For the time bar: what a step did."""
    return f"first days: {name}, working day {stage}"
