"""What the room sees of a huddle: header, summary, details. Source: domain.md 3.4, K-03."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.blockers import rules as blockers
from bot.blockers.views import help_button, tier_words
from bot.chat.cards import Buttons, Card, Element, Group, Line, Note, Paragraph, Title, Words
from bot.chat.spans import Bold
from bot.chat.words import clock, clock_in, count, percent, place_of, short_day
from bot.huddles import rules
from bot.huddles.views import answer_button, label_of, question_lines
from bot.measures.rules import Figure
from storage.blockers import Blocker
from storage.huddles import Huddle, HuddleAnswer, HuddleRun, Question

HELP_BUTTONS_MAX = 3  # offers of help under a summary
AWAY_SHOWN = 10  # names; at Christmas half a department is away


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who is not asked, and until when."""

    name: str
    until: date | None


@dataclass(frozen=True, slots=True)
class OpenBlocker:
    """A blocker with what stands beside it."""

    blocker: Blocker
    raiser: str
    age_days: int
    waits_for: str
    helper: str


@dataclass(frozen=True, slots=True)
class Given:
    """One person's answer, for the room."""

    name: str
    answer: HuddleAnswer
    given_at: datetime
    """When it was first given."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What a customer said, and who heard it."""

    words: str
    code: str
    heard_by: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a summary tells besides its counts.

    `streak` is the number of huddles in a row on target, 0 also where nobody is told of streaks; `starts_anew` says
    that this huddle ended one.
    """

    given: Sequence[Given]
    blockers: Sequence[OpenBlocker]
    voices: Sequence[Voice]
    away: Sequence[Away]
    figure: Figure | None
    streak: int
    starts_anew: bool = False
    can_answer: bool = True
    """Whether its reader may be somebody who answers; who only observes may not."""


def header(huddle: Huddle, run: HuddleRun, *, figure: Figure | None, away: Sequence[Away], zone: ZoneInfo) -> Card:
    """The channel's message while the window is open; the counts of `run` are those of now."""
    becomes = _clock_and_place(rules.summary_at(huddle, run), zone, huddle)
    is_local = huddle.mode is Huddle.Mode.LOCAL
    until = f"at {clock(huddle.at_time)} where you are" if is_local else f"until {becomes}"
    note = [f"{run.on_time + run.late} of {run.expected} answered"]
    note += [figure.sentence] if figure else []
    note += _away_words(away)
    return Card(
        f"The huddle of {huddle.name} is open {until}.",
        (
            Title(f"Huddle is open {until}"),
            Note(" · ".join(note)),
            *_questions(huddle, run),
            Paragraph((f"This message becomes the summary at {becomes}.",)),
            Buttons((answer_button(run, "Add or change my answer"),)),
        ),
    )


def _questions(huddle: Huddle, run: HuddleRun) -> tuple[Element, ...]:
    """Where nobody is asked alone, the room's message is the question."""
    if run.asks_in is not Huddle.Asks.ROOM:
        return ()
    return (Group("", question_lines(huddle, run), numbered=True),)


def summary(huddle: Huddle, run: HuddleRun, tells: Contents, zone: ZoneInfo) -> Card:
    """K-03: what is in the way, what customers said, today's focus. Never who is silent.

    What leaves a customer without service stands first.
    """
    blocks: list[Element] = [
        Title(f"Huddle · {huddle.name} · {short_day(run.local_date)}"),
        Note(_counts(huddle, run, tells.streak, zone)),
    ]
    blocks += [Note(NEW_STREAK)] if tells.starts_anew else []
    in_the_way = sorted(tells.blockers, key=lambda each: not each.blocker.customer_stopped)
    if in_the_way:
        blocks.append(Group("In the way", tuple(_in_the_way(each, run.local_date) for each in in_the_way)))
    blocks += [Words(each.words, f"{each.code} · heard by {each.heard_by}") for each in tells.voices]
    by_person = huddle.grouped_by is Huddle.Grouping.PERSON
    blocks += _by_person(huddle, run, tells, zone) if by_person else _by_topic(huddle, run, tells, zone)
    foot = [*_away_words(tells.away), *([tells.figure.sentence] if tells.figure else [])]
    blocks += [Note(" · ".join(foot))] if foot else []
    presses = [help_button(each.blocker) for each in in_the_way if not each.helper][:HELP_BUTTONS_MAX]
    is_open = tells.can_answer and run.ended_at is None
    presses += [answer_button(run, "Add or change my answer")] if is_open else []
    blocks += [Buttons(tuple(presses))] if presses else []
    return Card(_sentence(huddle, run, tells, zone), tuple(blocks))


def _counts(huddle: Huddle, run: HuddleRun, streak: int, zone: ZoneInfo) -> str:
    if not run.expected:
        return "Nobody was expected: n/a"
    words = _answered(huddle, run, zone)
    if run.state is HuddleRun.State.OPEN:
        return words
    words += f" ({percent(run.on_time, run.expected)})"
    everybody = run.on_time + run.late
    if run.late:
        words += f", all {run.expected} by now" if everybody == run.expected else f", {everybody} by now"
        words += f" (reach {percent(everybody, run.expected)})"
    return words + (f" · {streak} huddles in a row on target" if streak > 1 else "")


def _answered(huddle: Huddle, run: HuddleRun, zone: ZoneInfo) -> str:
    """`4 of 5 answered by 09:30`; windows that end at other hours elsewhere have no such clock time."""
    if run.state is HuddleRun.State.OPEN:
        return f"{run.on_time + run.late} of {run.expected} answered so far"
    when = f"by {clock_in(run.closes_at, zone)}" if huddle.mode is Huddle.Mode.TOGETHER else "on time"
    return f"{run.on_time} of {run.expected} answered {when}"


def _sentence(huddle: Huddle, run: HuddleRun, tells: Contents, zone: ZoneInfo) -> str:
    parts = [_answered(huddle, run, zone) if run.expected else "nobody was expected"]
    parts += [f"{count(len(tells.blockers), 'thing')} in the way"] if tells.blockers else []
    parts += [f"{count(len(tells.voices), 'customer')} said something"] if tells.voices else []
    return f"{huddle.name} huddle, {short_day(run.local_date)}: {', '.join(parts)}."


def _in_the_way(each: OpenBlocker, on: date) -> Line:
    facts = [each.blocker.code, f"from {each.raiser}", _age(each, on)]
    facts += ["a customer is without service"] if each.blocker.customer_stopped else []
    facts += [up] if (up := tier_words(each.blocker)) else []
    facts += [f"with {each.helper}"] if each.helper else [f"needs {each.waits_for}"] if each.waits_for else []
    return Line((Bold(each.blocker.text),), (" · ".join(facts),))


def _age(each: OpenBlocker, on: date) -> str:
    raised_on = each.blocker.raised_on
    is_older = not each.age_days and raised_on != on  # since Friday, seen on Saturday
    return f"since {short_day(raised_on)}" if is_older else blockers.age_words(each.age_days)


NEW_STREAK = "A new streak starts with the next huddle."
FOCUS = "Today's focus"


def _by_topic(huddle: Huddle, run: HuddleRun, tells: Contents, zone: ZoneInfo) -> list[Element]:
    """What each question was answered with; what was finished stands in the thread, the rest above."""
    asks = rules.asked_in(huddle, run)
    focus = rules.questions_of(asks, "focus")
    questions = [*focus, *rules.questions_of(asks, "free")] or [rules.main_question(asks)]
    questions = [each for each in questions if each["kind"] not in {"blocker", "customer"}]  # they stand above
    groups: list[Element] = []
    for question in questions:
        found = ((each, each.answer.answers.get(question["id"], "").strip()) for each in tells.given)
        lines = tuple(_given_line(each, text, zone) for each, text in found if text)
        label = FOCUS if focus == [question] else question["text"]
        groups += [Group(label, lines)] if lines else []
    return groups


def _by_person(huddle: Huddle, run: HuddleRun, tells: Contents, zone: ZoneInfo) -> list[Element]:
    """A line for each person: the main answer, and under it the others in a word each."""
    main = rules.main_question(rules.asked_in(huddle, run))
    lines: list[Line] = []
    for each in tells.given:
        answers = each.answer.answers
        others = [
            f"{label_of(question['kind'], question['text'])}: {' '.join(answers[question['id']].split())}"
            for question in rules.readable(huddle, run, answers)
            if question["id"] != main["id"] and _says_something(question, answers)
        ]
        text = answers.get(main["id"], "").strip()
        if text or others:
            line = _given_line(each, text, zone)
            lines.append(Line(line.text, (" · ".join(others),) if others else ()))
    return [Group("Person by person", tuple(lines))] if lines else []


def _says_something(question: Question, answers: Mapping[str, str]) -> bool:
    text = answers.get(question["id"], "").strip()
    return bool(text) and not (question["kind"] in {"blocker", "customer"} and blockers.says_nothing(text))


def _given_line(each: Given, text: str, zone: ZoneInfo) -> Line:
    marks = " (edited)" if rules.is_edited(each.answer) else ""
    if each.answer.is_late:
        marks += f" (late, {clock_in(each.given_at, zone)}, thank you)"
    said = f"  {text}{marks}" if text else marks
    return Line((Bold(each.name), said) if said else (Bold(each.name),))


def details(huddle: Huddle, run: HuddleRun, given: Sequence[Given]) -> Card:
    """The summary's thread: every answer whole."""
    text = f"All answers of {short_day(run.local_date)}."
    took_back = (Line(("took their answer back",)),)
    nothing = (Line(("nothing to report",)),)
    groups = tuple(
        Group(
            each.name,
            _answer_lines(huddle, run, each.answer) or (nothing if any(each.answer.answers.values()) else took_back),
        )
        for each in given
    )
    return Card(text, (Note(text), *groups))


def _answer_lines(huddle: Huddle, run: HuddleRun, answer: HuddleAnswer) -> tuple[Line, ...]:
    return tuple(
        Line((Bold(label_of(question["kind"], question["text"])), f"  {text}"))
        for question in rules.readable(huddle, run, answer.answers)
        if (text := answer.answers.get(question["id"], "").strip()) and _says_something(question, answer.answers)
    )


def _away_words(away: Sequence[Away]) -> list[str]:
    if not away:
        return []
    names = [f"{each.name}, until {short_day(each.until)}" if each.until else each.name for each in away]
    more = f" and {len(names) - AWAY_SHOWN} more" if len(names) > AWAY_SHOWN else ""
    return [f"Away: {'; '.join(names[:AWAY_SHOWN])}{more}"]


def _clock_and_place(at: datetime, zone: ZoneInfo, huddle: Huddle) -> str:
    return clock_in(at, zone) + (f" ({place_of(zone)})" if zone.key != huddle.zone else "")


def missed(huddle: Huddle) -> Card:
    """The bot was down."""
    text = "I was away this morning, so no huddle was counted."
    return Card(text, (Paragraph((text,)), Note(huddle.name)))
