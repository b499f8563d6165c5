"""A huddle as it is asked for: what a line or the form says, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, By
from bot.huddles import rules, scene, setup_rules, setup_views, telling
from bot.teams.leading import answers_for
from bot.work import handlers as work
from bot.work.rules import day_in
from storage.huddles import Huddle, Question, huddles_of
from storage.measures import Measure, measure_coded
from storage.people import Role, roles_of
from storage.teams import Team, teams_answered_for
from storage.tx import Tx

_QUESTION_KEYS = ("first", "second", "third", "fourth", "fifth")
KEYS = (
    "team",
    "days",
    "at",
    "tz",
    "mins",
    "mode",
    "measure",
    "target",
    "every",
    "from",
    "until",
    "in",
    "summary",
    *_QUESTION_KEYS,
)
_PLACES = {"dm": "direct", "direct": "direct", "channel": "room", "room": "room"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A huddle as it was asked for, read and checked."""

    name: str
    team: Team
    weekdays: str
    at_time: time
    zone: str
    window_min: int
    mode: Huddle.Mode
    asks_in: Huddle.Asks
    questions: list[Question]
    measure: Measure | None
    target_percent: int
    every_weeks: int
    grouped_by: Huddle.Grouping
    from_on: date | None
    until_on: date | None


async def teams_led(tx: Tx, by: By, now: datetime) -> list[Team]:
    """The teams whose huddles a person may set up."""
    if Role.Kind.ADMIN in await roles_of(tx, by.person):
        return list(await tx.all(select(Team).order_by(col(Team.name))))
    every = await teams_answered_for(tx, by.person.id)
    return [team for team in every if await answers_for(tx, by.person, team, now)]


async def as_it_is(tx: Tx, team: Team, huddle: Huddle | None) -> dict[str, str]:
    """What the form holds before anything was said."""
    if huddle is None:
        return {
            "name": team.name,
            "team": str(team.id),
            "days": "mon,tue,wed,thu,fri",
            "at": "09:15",
            "zone": team.zone,
            "mins": "15",
            "mode": Huddle.Mode.TOGETHER.value,
            "asks": Huddle.Asks.DIRECT.value,
            "questions": setup_rules.questions_text(rules.QUESTIONS),
            "measure": "",
            "target": "80",
            "every": "1",
            "summary": Huddle.Grouping.TOPIC.value,
            "from": "",
            "until": "",
        }
    measure = None if huddle.measure_id is None else await tx.get(Measure, huddle.measure_id)
    return {
        "name": huddle.name,
        "team": str(team.id),
        "days": huddle.weekdays,
        "at": f"{huddle.at_time:%H:%M}",
        "zone": huddle.zone,
        "mins": str(huddle.window_min),
        "mode": huddle.mode.value,
        "asks": huddle.asks_in.value,
        "questions": setup_rules.questions_text(huddle.questions),
        "measure": "" if measure is None else measure.code,
        "target": str(huddle.target_percent),
        "every": str(huddle.every_weeks),
        "summary": huddle.grouped_by.value,
        "from": huddle.from_on.isoformat() if huddle.from_on else "",
        "until": huddle.until_on.isoformat() if huddle.until_on else "",
    }


async def said(tx: Tx, event: Asked, team: Team, huddle: Huddle | None, *, now: datetime) -> dict[str, str]:
    """What the form holds after what was said in one line. Raises: Declined for a day that can't be read."""
    keys, known = event.command.keys, await as_it_is(tx, team, huddle)
    if huddle is None and event.command.title:
        known["name"] = event.command.title
    renamed = {"tz": "zone", "in": "asks"}
    typed = {renamed.get(key, key): value for key, value in keys.items() if key not in {"team", *_QUESTION_KEYS}}
    merged = known | typed | {"team": str(team.id)}
    merged["days"] = setup_rules.read_days(merged["days"]) or merged["days"]
    merged["asks"] = _PLACES.get(merged["asks"].casefold(), merged["asks"])
    for key in ("from", "until"):
        if keys.get(key, "").casefold() == setup_views.NONE:
            merged[key] = ""
        elif keys.get(key, "").isdigit():  # what follows the first blank is no part of a key
            raise Declined(setup_views.needs_quotes(key, keys[key]), code="E-06")
        elif key in keys:
            merged[key] = (await work.day_meant(tx, event.by, keys[key], now, line=event.command.text)).isoformat()
    asked = huddle.questions if huddle else rules.QUESTIONS
    lines = dict(enumerate(known["questions"].splitlines(), start=1))
    for n, key in enumerate(_QUESTION_KEYS, start=1):
        if key in keys:
            lines[n] = setup_rules.marked_as(keys[key], asked[n - 1]) if n <= len(asked) else keys[key]
    merged["questions"] = "\n".join(text for _, text in sorted(lines.items()) if text.casefold() != setup_views.NONE)
    return merged


async def read(
    tx: Tx, by: By, values: Mapping[str, str], huddle: Huddle | None, *, now: datetime
) -> tuple[Wanted | None, dict[str, str]]:
    """What was asked for, or why it can't be had, by input."""
    team = next((each for each in await teams_led(tx, by, now) if str(each.id) == values.get("team", "")), None)
    at_time = setup_rules.read_time(values.get("at", ""))
    weekdays = setup_rules.read_days(values.get("days", ""))
    zone = setup_rules.read_zone(values.get("zone", ""))
    name = values.get("name", "").strip()
    usual = huddle.grouped_by if huddle else Huddle.Grouping.TOPIC
    grouping = values.get("summary", "").strip().casefold() or usual.value
    minutes = setup_rules.read_minutes(values.get("mins", ""))
    target = setup_rules.read_target(values.get("target", "80"))
    weeks = setup_rules.read_weeks(values.get("every", "1"))
    code = values.get("measure", "").strip()
    measure = await measure_coded(tx, code) if code not in {"", setup_views.NONE} else None
    checks = {
        "team": (team is not None, setup_views.NEEDS_TEAM),
        "days": (bool(weekdays), setup_views.NEEDS_DAYS),
        "at": (at_time is not None, setup_views.NEEDS_TIME),
        "mins": (minutes is not None, setup_views.NEEDS_MINUTES),
        "measure": (measure is not None or code in {"", setup_views.NONE}, setup_views.no_measure(code)),
        "target": (target is not None, setup_views.NEEDS_TARGET),
        "every": (weeks is not None, setup_views.NEEDS_WEEKS),
    }
    errors = {each: why for each, (fine, why) in checks.items() if not fine}
    errors |= _not_to_be_had(values, name=name, zone=zone, grouping=grouping)
    questions = _questions(values, huddle, errors)
    from_on, until_on = _days(values, errors, today=scene.today_of(by.person, now))
    if errors or team is None or at_time is None or minutes is None or target is None or weeks is None:
        return None, errors
    wanted = Wanted(
        name=name,
        team=team,
        weekdays=weekdays,
        at_time=at_time,
        zone=zone,
        window_min=minutes,
        mode=Huddle.Mode(values["mode"]),
        asks_in=Huddle.Asks(values.get("asks", "direct")),
        questions=questions,
        measure=measure,
        target_percent=target,
        every_weeks=weeks,
        grouped_by=Huddle.Grouping(grouping),
        from_on=from_on,
        until_on=until_on,
    )
    errors = await _is_the_only_one(tx, wanted, huddle) | await _can_be_asked(tx, wanted, now)
    return (None, errors) if errors else (wanted, {})


def _not_to_be_had(values: Mapping[str, str], *, name: str, zone: str, grouping: str) -> dict[str, str]:
    """Why what was written as it stands, or chosen from a list, can't be had, by input."""
    checks = {
        "name": (0 < len(name) <= setup_rules.NAME_MAX, setup_views.needs_name(len(name))),
        "zone": (zone in available_timezones(), setup_views.no_zone(zone)),
        "mode": (values.get("mode") in set(Huddle.Mode), setup_views.NEEDS_MODE),
        "asks": (values.get("asks", "direct") in set(Huddle.Asks), setup_views.NEEDS_ASKS),
        "summary": (grouping in set(Huddle.Grouping), setup_views.NEEDS_GROUPING),
    }
    return {each: why for each, (fine, why) in checks.items() if not fine}


def _questions(values: Mapping[str, str], huddle: Huddle | None, errors: dict[str, str]) -> list[Question]:
    usual = setup_rules.questions_text(huddle.questions if huddle else rules.QUESTIONS)
    found = setup_rules.read_questions(values.get("questions", usual), huddle)
    if isinstance(found, list):
        return found
    errors["questions"] = setup_views.NEEDS_QUESTIONS if found is None else setup_views.not_readable(found)
    return []


def _days(values: Mapping[str, str], errors: dict[str, str], *, today: date) -> tuple[date | None, date | None]:
    days = {key: day_in(values.get(key, "")) for key in ("from", "until")}
    errors |= {key: setup_views.NO_DAY for key, on in days.items() if on is None and values.get(key, "").strip()}
    first, last = days["from"], days["until"]
    if last is not None and first is not None and last < first:
        errors["until"] = setup_views.UNTIL_BEFORE_FROM
    elif last is not None and last < today:
        errors["until"] = setup_views.UNTIL_OVER
    return first, last


async def _is_the_only_one(tx: Tx, wanted: Wanted, huddle: Huddle | None) -> dict[str, str]:
    """Why a team's huddle can't have a name: another one of it that is held has it."""
    others = [each for each in await huddles_of(tx, [wanted.team.id]) if huddle is None or each.id != huddle.id]
    is_taken = wanted.name.casefold() in {each.name.casefold() for each in others}
    return {"name": setup_views.name_taken(wanted.team.name, wanted.name)} if is_taken else {}


async def _can_be_asked(tx: Tx, wanted: Wanted, now: datetime) -> dict[str, str]:
    """Why its people can't be asked in its window; nothing where they can."""
    if wanted.asks_in is Huddle.Asks.ROOM:
        return {"asks": setup_views.NEEDS_ROOM} if wanted.team.place_id is None else {}
    today = now.astimezone(ZoneInfo(wanted.zone)).date()
    slow = await telling.too_slow(tx, wanted.team, today, mode=wanted.mode, window_min=wanted.window_min)
    return {"mins": slow} if slow else {}
