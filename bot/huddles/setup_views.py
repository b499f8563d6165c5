"""The words of a huddle's set-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, Note, Paragraph, Title
from bot.chat.forms import OPTIONS_MAX, DateInput, Form, OneOf, Option, SomeOf, TextInput, TimeInput
from bot.chat.localtime import instant
from bot.chat.spans import Bold
from bot.chat.words import clock, clock_in, count, day, listing, place_of, short_day, typed
from bot.huddles import rules, setup_rules
from bot.huddles.setup_rules import LONG_DAYS
from bot.people.rules import WEEKDAYS
from storage.huddles import Huddle

PREVIEW = 3  # runs shown after a set-up
NONE = "none"
QUESTIONS_LONGEST = 600  # characters of all questions together, with their kinds
NEEDS_TEAM = "Please choose one of the teams that you lead."
NEEDS_DAYS = "Please choose at least one day, such as mon-fri."
NEEDS_TIME = "Please write a time such as 09:15."
NEEDS_MINUTES = f"Please write a number of minutes from {rules.WINDOW_MIN} to {rules.WINDOW_MAX}."
NEEDS_MODE = "Please choose together or local."
NEEDS_TARGET = "Please write a percentage from 1 to 100, such as 80."
NEEDS_WEEKS = f"Please write a number of weeks from 1 to {rules.EVERY_MAX}."
NEEDS_GROUPING = "Please choose topic or person."
NEEDS_ASKS = "Please choose direct messages or the channel."
NEEDS_ROOM = f"This team has no channel yet. Its channel is the one in which {typed('team setup')} is typed."
NEEDS_QUESTIONS = "Please write at least one question."
NOTHING = "nothing"
AS_BEFORE, AS_BELOW = "as before", "as they stand below"
NO_DAY = "Please choose a day, or leave it empty."
UNTIL_BEFORE_FROM = "The last day lies before the first one."
UNTIL_OVER = "That day is over. Please choose one to come, or leave it empty."
OVERTAKEN = "It was changed while this form was open. What you typed is kept here; sent once more, it holds."
QUESTIONS_HINT = (
    "One a line, four at most. In brackets its kind: focus, plan, blocker, customer or free; "
    "and required where it must be answered."
)
_MODES = (
    Option(Huddle.Mode.TOGETHER.value, "Together, all at one moment"),
    Option(Huddle.Mode.LOCAL.value, "Local, each at that time where they are"),
)
KEYS_BY_EXAMPLE = (
    'team:"Field Dispatch" · days:mon-fri · at:09:15 · tz:London · mins:15',
    "mode:together or mode:local · in:dm or in:channel",
    'every:2 (weeks) · from:"7 Dec" · until:"31 Mar", or until:none',
    "target:80% · measure:FTF, or measure:none · summary:topic or summary:person",
    'first:"What is done? (plan)" · second:"Your main thing? (focus, required)"',
    'third:"Anything in the way? (blocker)" · fourth:none',
)
"""Each key of `/huddle setup`, as it may be typed."""
_GROUPINGS = (
    Option(Huddle.Grouping.TOPIC.value, "By topic"),
    Option(Huddle.Grouping.PERSON.value, "Person by person"),
)
_PLACES = (
    Option(Huddle.Asks.DIRECT.value, "Each person, in direct messages"),
    Option(Huddle.Asks.ROOM.value, "The team's channel, once for all"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a saved huddle is told with, besides itself."""

    team: str
    people: int
    dates: Sequence[date]
    left_out: Sequence[tuple[date, str]] = ()
    """Days between those dates that fall on a holiday, with its name."""
    outside: Sequence[ZoneInfo] = ()
    measure: str = ""
    observers: Sequence[str] = ()
    optional: Sequence[str] = ()
    changes: Sequence[tuple[str, str, str]] = ()
    """What is new: its label, how it was, how it is."""
    hardly_worked: Sequence[str] = ()
    """Days of the week on which fewer than two of its people work."""
    open_on: date | None = None
    """The day of a run that is under way and goes on as it began."""


def made_before(name: str) -> str:
    """The form of a new huddle comes once more, with another name."""
    return f"This form has made {name}. Sent once more, it adds another huddle; to rename {name}, press Change there."


def form(
    teams: Sequence[tuple[str, str]],
    measures: Sequence[tuple[str, str]],
    values: Mapping[str, str],
    huddle: Huddle | None,
    *,
    newest: int = 0,
) -> Form:
    """Everything that makes a huddle; the form of a new one knows which was the `newest` before it."""
    known = measures[: OPTIONS_MAX - 1]
    numbers = (Option(NONE, "No number"), *(Option(code, name[:75]) for code, name in known))
    return Form(
        title="Huddle set-up",
        verb="huddle.save",
        ids={"huddle": str(huddle.id), "version": str(huddle.version)} if huddle else {"after": str(newest)},
        note="At most four questions: about two minutes a person.",
        inputs=(
            TextInput("name", "Name", longest=setup_rules.NAME_MAX),
            OneOf("team", "Team", tuple(Option(number, name[:75]) for number, name in teams[:OPTIONS_MAX])),
            SomeOf("days", "On which days?", tuple(Option(each, LONG_DAYS[each]) for each in WEEKDAYS)),
            TimeInput("at", "At what time?"),
            TextInput("zone", "Time zone", longest=60, placeholder="Europe/London"),
            TextInput("mins", "How many minutes to answer?", longest=4),
            OneOf("mode", "When are people asked?", _MODES),
            OneOf("asks", "Where are people asked?", _PLACES, value=Huddle.Asks.DIRECT.value),
            TextInput("questions", "Questions", hint=QUESTIONS_HINT, multiline=True, longest=QUESTIONS_LONGEST),
            OneOf("measure", "Which customer number stands at the top?", numbers, value=NONE, optional=True),
            TextInput("target", "How many percent should answer on time?", value="80", longest=4),
            TextInput("every", "Every how many weeks?", value="1", longest=8),
            OneOf("summary", "How is the summary read?", _GROUPINGS, value=Huddle.Grouping.TOPIC.value),
            DateInput("from", "First day", optional=True),
            DateInput("until", "Last day", optional=True),
        ),
        submit="Save huddle",
    ).filled(values)


def saved(huddle: Huddle, told: Told) -> Card:
    """What was stored, what of it is new, and the next three runs."""
    runs = tuple(Line((_run(huddle, on),)) for on in told.dates)
    new = tuple(Line((Bold(label), f"  {before} → {now}")) for label, before, now in told.changes)
    asked = tuple(
        Line((question_words(each["text"], each["kind"], required=each["required"]),)) for each in huddle.questions
    )
    coming = f"Next on {day(told.dates[0])}." if told.dates else f"{_no_next(huddle)}"
    blocks: list[Element] = [Title(f"Huddle · {huddle.name}"), Facts(facts(huddle, told))]
    blocks += [Group("What is new", new)] if new else []
    blocks += [Group("Questions", asked, numbered=True)]
    blocks += [Group("Next three" if len(runs) == PREVIEW else "Next", runs)] if runs else [Paragraph((coming,))]
    blocks += [Note(_left_out(told.left_out))] if told.left_out else []
    blocks += [Paragraph((_hardly_worked(told.hardly_worked),))] if told.hardly_worked else []
    blocks += [Note(_goes_on(told.open_on))] if told.open_on and new else []
    blocks += _proposal(huddle, told)
    return Card(
        f"{huddle.name}: {days_words(huddle.weekdays)} at {clock(huddle.at_time)}. {coming}",
        (*blocks, Buttons(_ways_on(huddle))),
    )


def _ways_on(huddle: Huddle) -> tuple[Button, ...]:
    ids = {"huddle": str(huddle.id)}
    return (
        Button("Change", "huddle.change", ids, opens_form=True, spoken=f"Change the huddle {huddle.name}"[:200]),
        Button("Who takes part", "huddle.people", ids, opens_form=True),
    )


def facts(huddle: Huddle, told: Told) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A huddle as label and words; what is usual and needs no word is left out."""
    zone = ZoneInfo(huddle.zone)
    where = f"{place_of(zone)}, everybody at once" if huddle.mode is Huddle.Mode.TOGETHER else "where each person is"
    pairs = {
        "Team": f"{told.team}, {count(told.people, 'person', 'people')}",
        "When": f"{days_words(huddle.weekdays)} at {clock(huddle.at_time)}, {where}",
        "How often": how_often(huddle),
        "To answer": count(huddle.window_min, "minute"),
        "Asked": "once, in the team's channel" if huddle.asks_in is Huddle.Asks.ROOM else "",
        "Number": told.measure,
        "Target": f"{huddle.target_percent}% on time",
        "Summary": "person by person" if huddle.grouped_by is Huddle.Grouping.PERSON else "",
        "Observing": listing(told.observers),
        "Optional": listing(told.optional),
    }
    return tuple((label, (words,)) for label, words in pairs.items() if words)


def how_often(huddle: Huddle) -> str:
    """`every 2 weeks, from Mon 7 Dec 2026`; empty for every week without an end."""
    parts = [f"every {huddle.every_weeks} weeks"] if huddle.every_weeks > 1 else []
    parts += [f"from {day(huddle.from_on)}"] if huddle.from_on else []
    parts += [f"until {day(huddle.until_on)}"] if huddle.until_on else []
    if huddle.paused:
        parts += [f"paused until {day(huddle.resumes_on)}" if huddle.resumes_on else "paused"]
    return ", ".join(parts)


def question_words(text: str, kind: str, *, required: bool) -> str:
    """A question with its marks, as it is typed."""
    return f"{text} ({kind}{', required' if required else ''})"


def _run(huddle: Huddle, on: date) -> str:
    return f"{day(on)}, {clock(huddle.at_time)}"


def _no_next(huddle: Huddle) -> str:
    if huddle.paused:
        return "It is paused, so none is planned."
    return f"None is to come: its last day is {day(huddle.until_on)}." if huddle.until_on else "None is to come."


def _left_out(days: Sequence[tuple[date, str]]) -> str:
    return f"Left out: {'; '.join(f'{day(on)} ({name})' for on, name in days)}."


def _hardly_worked(days: Sequence[str]) -> str:
    names = listing([LONG_DAYS[each] for each in days])
    command = typed("settings days")
    return (
        f"On {names} fewer than {rules.LEAST_EXPECTED} of the people asked work, so there is no huddle then. "
        f"Each person says on which days they work with {command}."
    )


def _goes_on(on: date) -> str:
    return f"The huddle of {short_day(on)} is under way and goes on as it began; what is new holds from the next one."


def _proposal(huddle: Huddle, told: Told) -> tuple[Element, ...]:
    if not told.outside or not told.dates:
        return ()
    at = instant(told.dates[0], huddle.at_time, ZoneInfo(huddle.zone))
    where = listing([f"{clock_in(at, zone)} in {place_of(zone)}" for zone in told.outside])
    words = f"That is {where}. Shall I ask everybody at {clock(huddle.at_time)} where they are?"
    button = Button("Everybody's own time", "huddle.local", {"huddle": str(huddle.id)})
    return (Paragraph((words,)), Buttons((button,)))


def days_words(weekdays: str) -> str:
    """`Monday to Friday`, or the days one by one."""
    days = weekdays.split(",")
    if days == list(WEEKDAYS[:5]):
        return "Monday to Friday"
    return "every day" if days == list(WEEKDAYS) else listing([LONG_DAYS[each] for each in days])


def too_slow(people: int, per_s: float, platform: str, minutes: int) -> str:
    """A window that the platform can't fill, with the arithmetic."""
    needs = -(-rules.seconds_to_ask(people, per_s) // 60)
    return (
        f"{platform.title()} takes {per_s:g} messages a second: {people} people ÷ {per_s:g} are {int(needs)} minutes, "
        f"and the window has {minutes}. Please give {int(needs)} minutes or more, or choose the team's channel below."
    )


def not_readable(problem: setup_rules.NotReadable) -> str:
    """Why questions can't be taken."""
    match problem:
        case setup_rules.TooMany(number):
            most = setup_rules.QUESTIONS_MAX
            return f"These are {number} questions, and a huddle asks {most} at most. Please take {number - most} out."
        case setup_rules.TooLong(text):
            return f"A question has up to 75 characters; this one has {len(text)}: {text[:60]}…"
        case setup_rules.Twice(kind):
            return f"A huddle has one {kind} question at most. Please make the other one focus, plan or free."
        case setup_rules.UnknownKind(written, nearest):
            return f"I don't know the kind '{written}'. Did you mean {nearest}?"


def needs_name(length: int) -> str:
    """A huddle's name is missing, or longer than a form takes."""
    longest = setup_rules.NAME_MAX
    return f"A name has up to {longest} characters; this one has {length}." if length else "Please give it a name."


def name_taken(team: str, name: str) -> str:
    """A team's other huddle has that name: everybody would be asked twice."""
    command = typed(f'huddle setup "{name}"')
    return f"{team} has a huddle of that name. Please choose another name, or change that one with {command}."


def needs_quotes(key: str, value: str) -> str:
    """A day of two words, of which only the first belongs to its key."""
    return f'I read only {value} as the day. Please put it in quotes, as in {key}:"{value} Dec". Nothing was changed.'


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
