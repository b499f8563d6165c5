"""Answers, windows and counts of a run: pure rules. Source: domain.md 2.4, 3.5 and 4.5."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.blockers.rules import without_mark
from bot.chat.localtime import instant, midnight_after
from bot.people.rules import WEEKDAYS
from storage.huddles import Expectation, Huddle, HuddleAnswer, HuddleRun, Question
from storage.messages import Message

TYPED = "_typed"  # beside the answers: the lines as they came
NUDGE_BEFORE = timedelta(minutes=5)
NUDGE_NEEDS = timedelta(minutes=8)  # a shorter window has no nudge: it would come right after the prompt
ON_TIME_DELIVERY = timedelta(minutes=1)  # a prompt that comes later than that has its own window
PUBLISH_AT = time(16)  # a `local` huddle's summary stands at this hour of the huddle's zone, and is remade after it
SUMMARY_AT_MOST_EVERY = timedelta(minutes=10)
LEAST_EXPECTED = 2  # fewer people don't make a huddle
OFFICE_HOURS = (time(7), time(19))  # outside them, `together` asks people at night
SKIPPED_AT_MOST_AHEAD = timedelta(days=366)  # a day further away is a slip of the year
WINDOW_MIN, WINDOW_MAX = 2, 240  # minutes
EVERY_MAX = 13  # weeks between two huddles: a quarter
QUIET_RUNS = 5  # silent runs in a row after which the lead alone is told
HELPER, CUSTOMER_STOPPED = "helper", "stopped"

QUESTIONS: list[Question] = [
    {"id": "finished", "kind": "plan", "text": "What did you finish since the last huddle?", "required": False},
    {"id": "focus", "kind": "focus", "text": "What is the one thing you must get done today?", "required": True},
    {"id": "blocker", "kind": "blocker", "text": "Is anything in your way? Who could help?", "required": False},
    {"id": "customer", "kind": "customer", "text": "Did you hear anything from a customer?", "required": False},
]


class Asks(Protocol):
    """A huddle, or one of its runs: what has questions."""

    @property
    def questions(self) -> Sequence[Question]:
        """In the order in which they are asked."""
        ...


def asked_in(huddle: Huddle, run: HuddleRun) -> Asks:
    """What a run asks: what its huddle asked when it opened."""
    return run if run.questions else huddle


def readable(huddle: Huddle, run: HuddleRun, answers: Mapping[str, str]) -> list[Question]:
    """The questions of an answer: those of its run, and those asked no more to which it was given ahead of time."""
    asked = list(asked_in(huddle, run).questions)
    known = {each["id"] for each in asked}
    others = {each["id"]: each for each in (*huddle.former, *huddle.questions) if answers.get(each["id"])}
    return asked + [each for name, each in others.items() if name not in known]


def questions_of(asks: Asks, kind: str) -> list[Question]:
    """The questions of a kind; a huddle may have two of them, or none."""
    return [each for each in asks.questions if each["kind"] == kind]


def question_of(asks: Asks, kind: str) -> Question | None:
    """The first question of a kind."""
    return next(iter(questions_of(asks, kind)), None)


def answer_to(asks: Asks, answers: Mapping[str, str], kind: str) -> str:
    """What somebody answered to the questions of a kind, a line each; empty where none was asked or answered."""
    given = (answers.get(each["id"], "").strip() for each in questions_of(asks, kind))
    return "\n".join(text for text in given if text)


def main_question(asks: Asks) -> Question:
    """What one line of text answers: the focus, or without one the first question that is not what is in the way."""
    others = [each for each in asks.questions if each["kind"] != "blocker"]
    return question_of(asks, "focus") or (others or asks.questions)[0]


_LABELS = {
    "plan": r"finished|done|yesterday|last time|since (?:yesterday|last time|the last huddle)",
    "focus": r"today(?:'s (?:focus|plan))?|focus|plan|main thing|(?:the )?one thing",
    "blocker": r"blockers?|blocked(?: by)?|obstacles?|impediments?|in (?:my|our|the) way|help(?: needed)?",
    "customer": r"customers?|from (?:a )?customers?|voice of (?:the )?customers?",
}
"""What people write before an answer, by the kind of its question."""


def read_lines(asks: Asks, text: str) -> dict[str, str]:
    """Plain text as answers: lines that name their questions, or as many as there are; anything else is the main one's.

    `1.`, `-`, `Blockers:` before a line only say where it belongs.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = _by_label(asks, lines)
    if named and main_question(asks)["id"] in named:
        return named
    if len(lines) == len(asks.questions) > 1:
        return {
            question["id"]: _unlabelled(question, line) for question, line in zip(asks.questions, lines, strict=True)
        }
    return {main_question(asks)["id"]: "\n".join(lines)}


def _by_label(asks: Asks, lines: Sequence[str]) -> dict[str, str]:
    """The answers of two or more lines that each begin with the name of another question; else none."""
    found: dict[str, str] = {}
    for line in lines:
        for question in asks.questions:
            answer = _unlabelled(question, line)
            if question["id"] not in found and answer != without_mark(line):
                found[question["id"]] = answer
                break
    return found if len(found) == len(lines) > 1 else {}


def _unlabelled(question: Question, line: str) -> str:
    """A line without the mark of a list and the name of its question before it; a mark or name alone stays."""
    bare = without_mark(line)
    label = _LABELS.get(question["kind"])
    named = re.match(rf"(?:{label})\s*[:=]\s*(?=\S)", bare, re.IGNORECASE) if label else None
    return bare[named.end() :] if named else bare


def joined(asks: Asks, answers: Mapping[str, str], text: str) -> dict[str, str]:
    """`answers` with one more message of plain text, which answers the main question too."""
    main = main_question(asks)["id"]
    return dict(answers) | {name: f"{answers.get(name, '')}\n{text}".lstrip("\n") for name in (main, TYPED)}


def refocused(asks: Asks, answers: Mapping[str, str], text: str) -> dict[str, str]:
    """`answers` with another answer to the main question, which came as a line of text of its own."""
    return {name: each for name, each in answers.items() if name != TYPED} | {main_question(asks)["id"]: text}


def planned_again(asks: Asks, before: Asks, answers: Mapping[str, str]) -> dict[str, str]:
    """The focus of an earlier huddle by the questions of this one; what has no question now goes to the first."""
    now = [each["id"] for each in questions_of(asks, "focus")]
    plans = {each["id"]: answers.get(each["id"], "").strip() for each in questions_of(before, "focus")}
    kept = {name: text for name, text in plans.items() if text and name in now}
    others = [text for name, text in plans.items() if text and name not in now]
    if others and now:
        kept[now[0]] = "\n".join([text for text in (kept.get(now[0], ""), *others) if text])
    return {name: kept[name] for name in now if name in kept}


_AS_PLANNED = re.compile(
    r"(?:(?:the )?same(?: (?:thing|plan|focus))?(?: again)?(?: as (?:yesterday|before|last time|planned)(?:'?s plan)?)?"
    r"|as (?:yesterday|planned)(?:'?s plan)?|(?:yesterday'?s|last) plan)(?: please)?"
)


def says_as_planned(text: str) -> bool:
    """Whether a line stands for what was planned the last time: `same as yesterday`, `same plan`, `as planned`."""
    bare = " ".join(text.casefold().replace("’", "'").split()).strip(" .!")
    return _AS_PLANNED.fullmatch(bare) is not None


def hardly_worked(huddle: Huddle, working_days: Sequence[str]) -> list[str]:
    """The days of a huddle on which too few of its people work, so that nobody is asked."""
    works = [days.split(",") for days in working_days]
    asked = huddle.weekdays.split(",")
    return [day for day in asked if len([days for days in works if day in days]) < LEAST_EXPECTED]


def missing(asks: Asks, answers: Mapping[str, str]) -> list[Question]:
    """Required questions without an answer."""
    return [each for each in asks.questions if each["required"] and not answers.get(each["id"], "").strip()]


def is_empty(asks: Asks, answers: Mapping[str, str]) -> bool:
    """Whether nothing at all was answered."""
    return not any(answers.get(each["id"], "").strip() for each in asks.questions)


def window_end(expectation: Expectation, prompt: Message | None, window: timedelta) -> datetime:
    """When a person's own window closes: it counts from the prompt's delivery where that came late."""
    if prompt is None or prompt.first_shown_at is None:
        return expectation.closes_at
    if prompt.first_shown_at <= expectation.opens_at + ON_TIME_DELIVERY:
        return expectation.closes_at
    return max(expectation.closes_at, prompt.first_shown_at + window)


def was_reached(prompt: Message | None) -> bool:
    """Whether the prompt got through; one of unknown fate may have."""
    return prompt is not None and (prompt.first_shown_at is not None or prompt.state is Message.State.UNKNOWN)


def answers_end(run: HuddleRun, zone: ZoneInfo) -> datetime:
    """When a person's late answer comes too late: the end of the run's local date where they are."""
    return midnight_after(run.local_date, zone)


def asked_at(huddle: Huddle, on: date, zone: ZoneInfo) -> datetime:
    """When a person in `zone` is asked on a day."""
    where = zone if huddle.mode is Huddle.Mode.LOCAL else ZoneInfo(huddle.zone)
    return instant(on, huddle.at_time, where)


def publishes_at(huddle: Huddle, on: date) -> datetime:
    """When the summary of a `local` huddle stands at the latest."""
    return instant(on, PUBLISH_AT, ZoneInfo(huddle.zone))


def summary_at(huddle: Huddle, run: HuddleRun) -> datetime:
    """When the room's message becomes the summary: with the last window; a `local` one at PUBLISH_AT at the latest."""
    if huddle.mode is Huddle.Mode.TOGETHER:
        return run.closes_at
    return min(run.closes_at, max(publishes_at(huddle, run.local_date), run.opens_at))


def nudge_at(opens_at: datetime, closes_at: datetime) -> datetime | None:
    """When the silent are reminded once; None for a window that is too short for it."""
    return closes_at - NUDGE_BEFORE if closes_at - opens_at >= NUDGE_NEEDS else None


def rule_of(huddle: Huddle) -> str:
    """The huddle's rhythm as an RRULE without zone; its weeks count from the week of the rhythm's anchor."""
    days = ",".join(day[:2].upper() for day in huddle.weekdays.split(","))
    every = f";INTERVAL={huddle.every_weeks}" if huddle.every_weeks > 1 else ""
    until = f";UNTIL={huddle.until_on:%Y%m%d}T235959" if huddle.until_on else ""
    return f"FREQ=WEEKLY{every};BYDAY={days}{until}"


def is_paused(huddle: Huddle, on: date) -> bool:
    """Whether a huddle rests on a day."""
    return huddle.paused and (huddle.resumes_on is None or on < huddle.resumes_on)


def is_in_its_weeks(huddle: Huddle, on: date) -> bool:
    """Whether a day lies in a week in which the huddle takes place."""
    if huddle.every_weeks <= 1 or huddle.anchor_on is None:
        return True
    return (_monday(on) - _monday(huddle.anchor_on)).days // 7 % huddle.every_weeks == 0


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def starts_on(huddle: Huddle, today: date) -> date:
    """The day from which its rhythm counts: not before its first day or the end of a pause, in one of its weeks."""
    on = max(each for each in (today, huddle.from_on, huddle.resumes_on if huddle.paused else None) if each)
    while not is_in_its_weeks(huddle, on):
        on = _monday(on) + timedelta(days=7)
    return on


def next_dates(huddle: Huddle, after: date, number: int) -> list[date]:
    """The next local dates of a huddle, holidays not counted; fewer where it ends or rests, none where it has ended."""
    if not huddle.active or (huddle.paused and huddle.resumes_on is None):
        return []
    days = huddle.weekdays.split(",")
    first = starts_on(huddle, after + timedelta(days=1))
    coming = (first + timedelta(days=n) for n in range(7 * max(huddle.every_weeks, 1) * (number + 1)))
    found = (day for day in coming if WEEKDAYS[day.weekday()] in days and is_in_its_weeks(huddle, day))
    return [day for day in islice(found, number) if huddle.until_on is None or day <= huddle.until_on]


def seconds_to_ask(people: int, per_s: float) -> float:
    """How long a platform takes to ask so many people, one message each."""
    return people / per_s


def outside_office_hours(huddle: Huddle, on: date, zones: Sequence[ZoneInfo]) -> list[ZoneInfo]:
    """The zones in which `together` would ask before 07:00 or after 19:00; none where `local` would change nothing."""
    at = asked_at(huddle, on, ZoneInfo(huddle.zone))
    if all(instant(on, huddle.at_time, zone) == at for zone in zones):
        return []
    early, late = OFFICE_HOURS
    return [zone for zone in zones if not early <= at.astimezone(zone).time() <= late]


def earliest_zone(huddle: Huddle, on: date, zones: Sequence[ZoneInfo]) -> ZoneInfo:
    """The zone whose people are asked first on a day; a `local` run is planned by it."""
    own = ZoneInfo(huddle.zone)
    if huddle.mode is Huddle.Mode.TOGETHER or not zones:
        return own
    return min(zones, key=lambda zone: (asked_at(huddle, on, zone), zone.key))


def is_on_target(run: HuddleRun) -> bool:
    """Whether enough people answered on time for what was aimed at that day; fractions decide, not rounded figures."""
    return 100 * run.on_time >= run.target_percent * run.expected


def was_held(run: HuddleRun) -> bool:
    """Whether a run counts for rates and streaks: not skipped, not missed, and somebody was expected."""
    return run.state is HuddleRun.State.CLOSED and run.expected > 0


def streak(runs_newest_first: Sequence[HuddleRun]) -> int:
    """Held runs on target in a row up to the newest; runs that were not held are passed over."""
    return next(iter(streaks(runs_newest_first)), 0)


def streaks(runs: Sequence[HuddleRun]) -> list[int]:
    """How long each row of held runs on target was, in the order of `runs`; 0 stands where one was below it.

    Runs that were not held are passed over. Newest first, the first number is the current streak.
    """
    rows = [0]
    for run in runs:
        if not was_held(run):
            continue
        if is_on_target(run):
            rows[-1] += 1
        else:
            rows.append(0)
    return rows


def has_ended(runs_newest_first: Sequence[HuddleRun]) -> bool:
    """Whether the newest held run ended a streak of at least two."""
    rows = streaks(runs_newest_first)
    return rows[0] == 0 and len(rows) > 1 and rows[1] > 1


def silent_in_a_row(statuses_newest_first: Sequence[str]) -> int:
    """How many runs up to the newest somebody was asked in and did not answer."""
    silent = Expectation.Status.SILENT
    return next((n for n, each in enumerate(statuses_newest_first) if each != silent), len(statuses_newest_first))


def recount(run: HuddleRun, expectations: Sequence[Expectation]) -> None:
    """Sets a run's counts: on_time + late + silent = expected; away, on holiday, excused, not reached don't count.

    Neither does anybody whose answer is optional, whether it comes or not.
    """
    statuses = [each.status for each in expectations if not each.is_optional]
    run.on_time = statuses.count(Expectation.Status.ANSWERED)
    run.late = statuses.count(Expectation.Status.ANSWERED_LATE)
    waits = statuses.count(Expectation.Status.EXPECTED) + statuses.count(Expectation.Status.SILENT)
    run.expected = run.on_time + run.late + waits


def is_edited(answer: HuddleAnswer) -> bool:
    """Whether it was changed after it was first given."""
    return answer.is_edited
