"""What is typed and chosen in a huddle's set-up, read: days, times, numbers and questions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from enum import StrEnum
from zoneinfo import available_timezones

from bot.chat.forms import LABEL_MAX
from bot.huddles import rules
from bot.people.rules import WEEKDAYS
from bot.work.rules import Move, Part
from storage.huddles import Huddle, Question

NAME_MAX = 75  # characters: what a form takes
QUESTIONS_MAX = 4  # Source: domain.md S4-12
KINDS = ("focus", "plan", "blocker", "customer", "free")
ONCE = ("blocker", "customer")
"""Kinds that a huddle asks at most once: an answer raises one blocker and keeps one customer's words."""
LONG_DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_BRACKETS = re.compile(r"(?P<text>.*\S)\s*\((?P<marks>[^()]*)\)\s*")
_MARKS = frozenset({*KINDS, "required", "optional"})


class State(StrEnum):
    """What a huddle is doing as a whole."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


MOVES = (
    Move("pause", "paused", (State.RUNNING,), State.PAUSED, (Part.LEAD, Part.ADMIN)),
    Move("resume", "resumed", (State.PAUSED,), State.RUNNING, (Part.LEAD, Part.ADMIN)),
    Move("start", "started", (State.RUNNING,), State.RUNNING, (Part.LEAD, Part.ADMIN)),
    Move("start", "started", (State.PAUSED,), State.PAUSED, (Part.LEAD, Part.ADMIN)),
    Move("end", "ended", (State.RUNNING, State.PAUSED), State.ENDED, (Part.LEAD, Part.ADMIN)),
    Move("setup", "set up again", (State.ENDED,), State.RUNNING, (Part.LEAD, Part.ADMIN)),
)
"""From state to state; a pause with a last day ends by itself."""


def state_of(huddle: Huddle, today: date) -> State:
    """What a huddle is doing on a day."""
    if not huddle.active:
        return State.ENDED
    return State.PAUSED if rules.is_paused(huddle, today) else State.RUNNING


@dataclass(frozen=True, slots=True)
class TooMany:
    """More questions than fit into two minutes."""

    number: int


@dataclass(frozen=True, slots=True)
class TooLong:
    """A question that does not fit above its input."""

    text: str


@dataclass(frozen=True, slots=True)
class Twice:
    """A kind that can be asked once is asked again."""

    kind: str


@dataclass(frozen=True, slots=True)
class UnknownKind:
    """Something in brackets that is nearly a kind, but none."""

    typed: str
    nearest: str


NotReadable = TooMany | TooLong | Twice | UnknownKind


def read_questions(text: str, huddle: Huddle | None) -> list[Question] | NotReadable | None:
    """Questions, one a line, each with its kind in brackets; None where there is none.

    A question keeps its number, and so what was answered to it, while its words or its kind stay.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > QUESTIONS_MAX:
        return TooMany(len(lines))
    read: list[Question] = []
    for line in lines:
        found = _question(line)
        if not isinstance(found, dict):
            return found
        read.append(found)
    twice = next((kind for kind in ONCE if [each["kind"] for each in read].count(kind) > 1), None)
    if twice is not None:
        return Twice(twice)
    return _numbered(read, huddle) if read else None


def _question(line: str) -> Question | TooLong | UnknownKind:
    text, kind, required = line, "free", False
    brackets = _BRACKETS.fullmatch(line)
    marks = [each.strip().casefold() for each in brackets["marks"].split(",")] if brackets else []
    if brackets and set(marks) <= _MARKS:
        text, required = brackets["text"], "required" in marks
        kind = next((each for each in marks if each in KINDS), "free")
    elif marks and (near := get_close_matches(marks[0], KINDS, n=1, cutoff=0.6)):
        return UnknownKind(marks[0], near[0])
    return {"id": "", "kind": kind, "text": text, "required": required} if len(text) <= LABEL_MAX else TooLong(text)


def marked_as(text: str, before: Question) -> str:
    """A question that was typed without brackets, with the kind and mark of the one whose place it takes."""
    found = _question(text)
    if not isinstance(found, dict) or found["text"] != text or text.casefold() == "none":
        return text
    return questions_text([{**before, "text": text}])


def _numbered(read: Sequence[Question], huddle: Huddle | None) -> list[Question]:
    """Each question with the number of the one that it is: of the same words, or else the next of its kind."""
    asked = list(huddle.questions) if huddle else list(rules.QUESTIONS)
    taken: dict[int, str] = {}
    for same in (_same_words, _same_kind):
        for n, each in enumerate(read):
            free = [old for old in asked if old["id"] not in taken.values()]
            found = next((old for old in free if same(old, each)), None)
            if n not in taken and found is not None:
                taken[n] = found["id"]
    known = {each["id"] for each in (*asked, *(huddle.former if huddle else ()), *rules.QUESTIONS)}
    fresh = (f"q{n}" for n in range(1, 10_000) if f"q{n}" not in known)
    numbered: list[Question] = []
    for n, each in enumerate(read):
        numbered.append({**each, "id": taken.get(n) or next(fresh)})
    return numbered


def _same_words(old: Question, new: Question) -> bool:
    return (old["text"], old["kind"]) == (new["text"], new["kind"])


def _same_kind(old: Question, new: Question) -> bool:
    return old["kind"] == new["kind"]


def questions_text(questions: Sequence[Question]) -> str:
    """Questions as they are typed."""
    marks = (f"{each['kind']}{', required' if each['required'] else ''}" for each in questions)
    return "\n".join(f"{each['text']} ({mark})" for each, mark in zip(questions, marks, strict=True))


def replaced(former: Sequence[Question], before: Sequence[Question], now: Sequence[Question]) -> list[Question]:
    """The questions that are asked no more, with those that were taken out just now."""
    asked = {each["id"] for each in now}
    gone = {each["id"]: each for each in (*former, *before) if each["id"] not in asked}
    return list(gone.values())


def read_days(text: str) -> str:
    """`mon-fri`, `mon,wed`, `Monday to Friday` as `mon,tue,…`; empty when it can't be read."""
    found: set[int] = set()
    for part in re.split(r"(?:[,;&\s]|\band\b)+", re.sub(r"\s*(?:-|–|\bto\b)\s*", "-", text.strip().lower())):
        ends = [_weekday(each) for each in part.split("-")]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:  # noqa: PLR2004 - from, to
            return ""
        found |= {(first + n) % 7 for n in range((last - first) % 7 + 1)}
    return ",".join(WEEKDAYS[n] for n in sorted(found))


def _weekday(name: str) -> int | None:
    """`mon`, `Tues`, `fridays` as a number from Monday on; None for `monkey`."""
    bare = name.removesuffix("s")
    if len(bare) < len("mon"):
        return None
    return next((n for n, day in enumerate(LONG_DAYS.values()) if day.lower().startswith(bare)), None)


def read_time(text: str) -> time | None:
    """`09:15`, `9.15`, `8`, `8am` or `4:30 pm`; None when it is no time of day."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", text.strip().casefold(), re.ASCII)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:  # noqa: PLR2004 - a clock's face
        return None
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    return time(hour, minute) if hour <= 23 and minute <= 59 else None  # noqa: PLR2004 - a day's hours and minutes


def read_zone(text: str) -> str:
    """`Europe/London` for that name in any letters and for `london`; as it was typed where no one zone is meant."""
    bare = text.strip()
    folded = re.sub(r"\s+", "_", bare.casefold())
    every = available_timezones()
    if bare in every:
        return bare
    exact = [zone for zone in every if zone.casefold() == folded]
    by_city = [zone for zone in every if "/" in zone and zone.rsplit("/", 1)[1].casefold() == folded]
    found = exact or by_city
    return found[0] if len(found) == 1 else bare


def read_minutes(text: str) -> int | None:
    """A window's length; None outside WINDOW_MIN to WINDOW_MAX."""
    return _number(text, rules.WINDOW_MIN, rules.WINDOW_MAX)


def read_weeks(text: str) -> int | None:
    """`2`, `2 weeks`, `week`; None outside 1 to EVERY_MAX."""
    bare = re.sub(r"\s*(?:weeks?|wk)$", "", text.strip().casefold())
    return _number(bare or ("1" if text.strip() else ""), 1, rules.EVERY_MAX)


def read_target(text: str) -> int | None:
    """`80` or `80%`; None outside 1 to 100."""
    return _number(text.strip().removesuffix("%"), 1, 100)


def _number(text: str, low: int, high: int) -> int | None:
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 4:  # noqa: PLR2004 - longer is none of these
        return None
    return int(bare) if low <= int(bare) <= high else None
