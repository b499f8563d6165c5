"""The words of a huddle's set-up."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Paragraph, Title
from bot.chat.forms import OPTIONS_MAX, Form, OneOf, Option, SomeOf, TextInput, TimeInput
from bot.chat.localtime import instant
from bot.chat.words import clock, clock_in, count, day, listing, place_of, typed
from bot.huddles import rules
from bot.people.rules import WEEKDAYS
from storage.huddles import Huddle

PREVIEW = 3  # runs shown after a set-up
NONE = "none"
NEEDS_NAME = "Please give the huddle a name."
NEEDS_TEAM = "Please choose one of the teams that you lead."
NEEDS_DAYS = "Please choose at least one day, such as mon-fri."
NEEDS_TIME = "Please write a time such as 09:15."
NEEDS_MINUTES = f"Please write a number of minutes from {rules.WINDOW_MIN} to {rules.WINDOW_MAX}."
NEEDS_MODE = "Please choose together or local."
LONG_DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_MODES = (
    Option(Huddle.Mode.TOGETHER.value, "Together, all at one moment"),
    Option(Huddle.Mode.LOCAL.value, "Local, each at that time where they are"),
)


def form(
    teams: Sequence[tuple[str, str]],
    measures: Sequence[tuple[str, str]],
    values: Mapping[str, str],
    huddle: Huddle | None,
) -> Form:
    """Everything that makes a huddle."""
    known = measures[: OPTIONS_MAX - 1]
    numbers = (Option(NONE, "No number"), *(Option(code, name[:75]) for code, name in known))
    return Form(
        title="Huddle set-up",
        verb="huddle.save",
        ids={"huddle": str(huddle.id)} if huddle else {},
        note="Four questions, about two minutes a person.",
        inputs=(
            TextInput("name", "Name", longest=75),
            OneOf("team", "Team", tuple(Option(number, name[:75]) for number, name in teams[:OPTIONS_MAX])),
            SomeOf("days", "On which days?", tuple(Option(each, LONG_DAYS[each]) for each in WEEKDAYS)),
            TimeInput("at", "At what time?"),
            TextInput("zone", "Time zone", longest=60, placeholder="Europe/London"),
            TextInput("mins", "How many minutes to answer?", longest=4),
            OneOf("mode", "When are people asked?", _MODES),
            OneOf("measure", "Which customer number stands at the top?", numbers, value=NONE, optional=True),
        ),
        submit="Save huddle",
    ).filled(values)


def saved(huddle: Huddle, team: str, people: int, dates: Sequence[date], *, outside: Sequence[ZoneInfo]) -> Card:
    """What was stored, and the next three runs."""
    runs = tuple(Line((_run(huddle, on),)) for on in dates)
    zone = ZoneInfo(huddle.zone)
    where = f"{place_of(zone)}, everybody at once" if huddle.mode is Huddle.Mode.TOGETHER else "where each person is"
    facts = (
        ("Team", (f"{team}, {count(people, 'person', 'people')}",)),
        ("When", (f"{days_words(huddle.weekdays)} at {clock(huddle.at_time)}, {where}",)),
        ("To answer", (count(huddle.window_min, "minute"),)),
    )
    return Card(
        f"{huddle.name}: {days_words(huddle.weekdays)} at {clock(huddle.at_time)}. Next on {day(dates[0])}.",
        (
            Title(f"Huddle · {huddle.name}"),
            Facts(facts),
            Group("Next three", runs),
            *_proposal(huddle, dates[0], outside),
        ),
    )


def _run(huddle: Huddle, on: date) -> str:
    return f"{day(on)}, {clock(huddle.at_time)}"


def _proposal(huddle: Huddle, on: date, outside: Sequence[ZoneInfo]) -> tuple[Element, ...]:
    if not outside:
        return ()
    at = instant(on, huddle.at_time, ZoneInfo(huddle.zone))
    where = listing([f"{clock_in(at, zone)} in {place_of(zone)}" for zone in outside])
    words = f"That is {where}. Shall I ask everybody at {clock(huddle.at_time)} where they are?"
    button = Button("Everybody's own time", "huddle.local", {"huddle": str(huddle.id)})
    return (Paragraph((words,)), Buttons((button,)))


def days_words(weekdays: str) -> str:
    """`Monday to Friday`, or the days one by one."""
    days = weekdays.split(",")
    if days == list(WEEKDAYS[:5]):
        return "Monday to Friday"
    return "every day" if days == list(WEEKDAYS) else listing([LONG_DAYS[each] for each in days])


def no_zone(text: str) -> str:
    """A zone that does not exist."""
    return f"I don't know the time zone '{text}'. Write it as Europe/London or America/New_York."


def no_measure(code: str) -> str:
    """A number that does not exist."""
    return f"I don't know the number '{code}'. Leave it empty, or add it first with {typed('measure add')}."


def no_team(name: str) -> str:
    """E-04 for a team."""
    return f"I can't find the team '{name}'. Add it with {typed('team setup')}; nothing was changed."


def needs_team() -> str:
    """Nobody leads a team yet."""
    return f"You lead no team yet. An administrator adds one with {typed('team setup')}, in the team's channel."
