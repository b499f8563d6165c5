"""Answers, windows, rates and streaks: pure rules. Source: domain.md 3.5 and 4.5."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
HELPER, CUSTOMER_STOPPED = "helper", "stopped"

QUESTIONS: list[Question] = [
    {"id": "finished", "kind": "plan", "text": "What did you finish since the last huddle?", "required": False},
    {"id": "focus", "kind": "focus", "text": "What is the one thing you must get done today?", "required": True},
    {"id": "blocker", "kind": "blocker", "text": "Is anything in your way? Who could help?", "required": False},
    {"id": "customer", "kind": "customer", "text": "Did you hear anything from a customer?", "required": False},
]


def question_of(huddle: Huddle, kind: str) -> Question | None:
    """The first question of a kind."""
    return next((each for each in huddle.questions if each["kind"] == kind), None)


def answer_to(huddle: Huddle, answers: Mapping[str, str], kind: str) -> str:
    """What somebody answered to the question of a kind; empty where it was not asked or not answered."""
    question = question_of(huddle, kind)
    return "" if question is None else answers.get(question["id"], "").strip()


def read_lines(huddle: Huddle, text: str) -> dict[str, str]:
    """Plain text as answers: as many lines as questions are each its answer, anything else is the focus."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == len(huddle.questions) > 1:
        return {question["id"]: line for question, line in zip(huddle.questions, lines, strict=True)}
    focus = question_of(huddle, "focus") or huddle.questions[0]
    return {focus["id"]: "\n".join(lines)}


def joined(huddle: Huddle, answers: Mapping[str, str], text: str) -> dict[str, str]:
    """`answers` with one more message of plain text, which is focus too."""
    focus = question_of(huddle, "focus") or huddle.questions[0]
    return dict(answers) | {name: f"{answers.get(name, '')}\n{text}" for name in (focus["id"], TYPED)}


def refocused(huddle: Huddle, answers: Mapping[str, str], text: str) -> dict[str, str]:
    """`answers` with another focus, which came as a line of text of its own."""
    focus = question_of(huddle, "focus") or huddle.questions[0]
    return {name: each for name, each in answers.items() if name != TYPED} | {focus["id"]: text}


def missing(huddle: Huddle, answers: Mapping[str, str]) -> list[Question]:
    """Required questions without an answer."""
    return [each for each in huddle.questions if each["required"] and not answers.get(each["id"], "").strip()]


def is_empty(huddle: Huddle, answers: Mapping[str, str]) -> bool:
    """Whether nothing at all was answered."""
    return not any(answers.get(each["id"], "").strip() for each in huddle.questions)


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
    """The huddle's rhythm as an RRULE without zone."""
    days = ",".join(day[:2].upper() for day in huddle.weekdays.split(","))
    return f"FREQ=WEEKLY;BYDAY={days}"


def next_dates(huddle: Huddle, after: date, number: int) -> list[date]:
    """The next local dates of a huddle, holidays not counted."""
    days = huddle.weekdays.split(",")
    coming = (after + timedelta(days=n) for n in range(1, 7 * number + 8))
    return [day for day in coming if WEEKDAYS[day.weekday()] in days][:number]


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


def is_on_target(run: HuddleRun, target_percent: int) -> bool:
    """Whether enough people answered on time; fractions are compared, not rounded figures."""
    return 100 * run.on_time >= target_percent * run.expected


def was_held(run: HuddleRun) -> bool:
    """Whether a run counts for rates and streaks: not skipped, not missed, and somebody was expected."""
    return run.state is HuddleRun.State.CLOSED and run.expected > 0


def streak(runs_newest_first: Sequence[HuddleRun], target_percent: int) -> int:
    """Held runs on target in a row up to the newest; runs that were not held are passed over."""
    count = 0
    for run in runs_newest_first:
        if not was_held(run):
            continue
        if not is_on_target(run, target_percent):
            break
        count += 1
    return count


def recount(run: HuddleRun, expectations: Sequence[Expectation]) -> None:
    """Sets a run's counts: on_time + late + silent = expected; away, on holiday, excused, not reached don't count."""
    counted = [each.status for each in expectations]
    run.on_time = counted.count(Expectation.Status.ANSWERED)
    run.late = counted.count(Expectation.Status.ANSWERED_LATE)
    waiting = counted.count(Expectation.Status.EXPECTED) + counted.count(Expectation.Status.SILENT)
    run.expected = run.on_time + run.late + waiting


def is_edited(answer: HuddleAnswer) -> bool:
    """Whether it was changed after it was first given."""
    return answer.is_edited
