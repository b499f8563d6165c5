"""`/huddle setup`: a form, or one line of text; and what a changed team means for its huddles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, available_timezones

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.forms import Form
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.huddles import finding, rules, running, scene, setup_views
from bot.people.rules import WEEKDAYS
from bot.teams import handlers as teams
from storage.huddles import Huddle
from storage.measures import Measure, measure_coded, measures
from storage.people import Role, roles_of
from storage.teams import Team, members, team_at, team_named, teams_of
from storage.tx import Tx

KEYS = ("team", "days", "at", "tz", "mins", "mode", "measure")


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
    measure: Measure | None


async def ask(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle setup`: with a name and everything readable it is stored, else the form comes with what was said."""
    team = await _team(tx, event.by, event.command.keys.get("team", ""), now)
    huddle = await _known(tx, team, event.command.title)
    values = _said(event, team, huddle, await _measure_code(tx, huddle))
    read, errors = await _read(tx, event.by, values, now)
    if read is None or not event.command.keys:
        form = await _form(tx, event.by, values, huddle=huddle, now=now)
        return Replies(answer=Answer(form.refused(values, errors) if errors and event.command.keys else form))
    return await _stored(tx, huddle, read, now)


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    huddle = await tx.get(Huddle, event.number("huddle"))
    read, errors = await _read(tx, event.by, event.values, now)
    if read is None:
        form = await _form(tx, event.by, event.values, huddle=huddle, now=now)
        return Replies(answer=Answer(form.refused(event.values, errors)))
    return await _stored(tx, huddle, read, now)


async def make_local(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Everybody's own time**: the huddle becomes a `local` one."""
    huddle = await tx.get(Huddle, event.number("huddle"))
    team = None if huddle is None else await tx.need(Team, huddle.team_id)
    if huddle is None or team is None or not await scene.may_lead(tx, event.by.person, team):
        raise Declined(words.only_admin(), code="E-03")
    huddle.mode = Huddle.Mode.LOCAL
    return await _told(tx, huddle, team, now)


async def take_team_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """A team was set up or changed: its huddles follow its members' zones."""
    known = await tx.get(Team, event.number("team"))
    place_id = None if known is None else known.place_id
    team, replies = await teams.save(event, tx, now)
    if team is not None:
        huddles = await tx.all(select(Huddle).where(Huddle.team_id == team.id))
        for huddle in huddles:
            await running.replan(tx, huddle, now)
        if team.place_id != place_id:
            replies += await running.in_new_room(tx, huddles, now)
    return replies


async def _stored(tx: Tx, huddle: Huddle | None, read: Wanted, now: datetime) -> Replies:
    if huddle is None:
        huddle = Huddle(
            name=read.name, team_id=read.team.id, at_time=read.at_time, zone=read.zone, questions=rules.QUESTIONS
        )
        tx.add(huddle)
    huddle.name = read.name
    huddle.team_id = read.team.id
    huddle.weekdays = read.weekdays
    huddle.at_time = read.at_time
    huddle.zone = read.zone
    huddle.window_min = read.window_min
    huddle.mode = read.mode
    huddle.measure_id = read.measure.id if read.measure else None
    await tx.flush()
    return await _told(tx, huddle, read.team, now)


async def _told(tx: Tx, huddle: Huddle, team: Team, now: datetime) -> Replies:
    await running.replan(tx, huddle, now)
    today = now.astimezone(ZoneInfo(huddle.zone)).date()
    first = await finding.next_date(tx, huddle, today, including=True, now=now)
    dates = [first]
    while len(dates) < setup_views.PREVIEW:
        dates.append(await finding.next_date(tx, huddle, dates[-1]))
    people = await members(tx, team, today)
    zones = sorted({each.zone for each in people})
    outside = (
        rules.outside_office_hours(huddle, first, [ZoneInfo(zone) for zone in zones])
        if huddle.mode is Huddle.Mode.TOGETHER
        else []
    )
    card = setup_views.saved(huddle, team.name, len(people), dates, outside=outside)
    return Replies(answer=Answer(card), undoable=True)


async def _team(tx: Tx, by: By, named: str, now: datetime) -> Team:
    """The team named, this channel's, or the first one leads. Raises: Declined."""
    team = await team_named(tx, named) if named else await team_at(tx, by.place.id)
    if named and team is None:
        raise Declined(setup_views.no_team(named), code="E-04")
    if team is None:
        choices = await _teams(tx, by, now)
        if not choices:
            raise Declined(setup_views.needs_team())
        team = choices[0]
    if not await scene.may_lead(tx, by.person, team):
        raise Declined(words.only_admin(), code="E-03")
    return team


async def _teams(tx: Tx, by: By, now: datetime) -> list[Team]:
    """The teams whose huddles a person may set up."""
    if Role.Kind.ADMIN in await roles_of(tx, by.person):
        return list(await tx.all(select(Team).order_by(col(Team.name))))
    mine = await teams_of(tx, by.person, scene.today_of(by.person, now))
    return [team for team in mine if team.lead_id == by.person.id]


async def _known(tx: Tx, team: Team, name: str) -> Huddle | None:
    """The team's huddle of that name; without a name its first."""
    every = await tx.all(select(Huddle).where(Huddle.team_id == team.id).order_by(col(Huddle.id)))
    return next((each for each in every if not name or each.name.casefold() == name.casefold()), None)


async def _measure_code(tx: Tx, huddle: Huddle | None) -> str:
    measure = None if huddle is None or huddle.measure_id is None else await tx.get(Measure, huddle.measure_id)
    return "" if measure is None else measure.code


def _said(event: Asked, team: Team, huddle: Huddle | None, measure: str) -> dict[str, str]:
    keys = event.command.keys
    known = {
        "name": event.command.title or team.name,
        "days": "mon-fri",
        "at": "09:15",
        "zone": team.zone,
        "mins": "15",
        "mode": Huddle.Mode.TOGETHER.value,
        "measure": measure,
    }
    if huddle is not None:
        known |= {
            "name": huddle.name,
            "days": huddle.weekdays,
            "at": f"{huddle.at_time:%H:%M}",
            "zone": huddle.zone,
            "mins": str(huddle.window_min),
            "mode": huddle.mode.value,
        }
    said = {"zone" if key == "tz" else key: value for key, value in keys.items() if key != "team"}
    merged = known | said | {"team": str(team.id)}
    merged["days"] = read_days(merged["days"]) or merged["days"]
    return merged


async def _read(tx: Tx, by: By, values: Mapping[str, str], now: datetime) -> tuple[Wanted | None, dict[str, str]]:
    errors: dict[str, str] = {}
    team = next((each for each in await _teams(tx, by, now) if str(each.id) == values.get("team", "")), None)
    at_time = read_time(values.get("at", ""))
    weekdays = read_days(values.get("days", ""))
    zone = values.get("zone", "").strip()
    minutes = read_minutes(values.get("mins", ""))
    code = values.get("measure", "").strip()
    measure = await measure_coded(tx, code) if code not in {"", setup_views.NONE} else None
    checks = {
        "name": (bool(values.get("name", "").strip()), setup_views.NEEDS_NAME),
        "team": (team is not None, setup_views.NEEDS_TEAM),
        "days": (bool(weekdays), setup_views.NEEDS_DAYS),
        "at": (at_time is not None, setup_views.NEEDS_TIME),
        "zone": (zone in available_timezones(), setup_views.no_zone(zone)),
        "mins": (minutes is not None, setup_views.NEEDS_MINUTES),
        "mode": (values.get("mode") in set(Huddle.Mode), setup_views.NEEDS_MODE),
        "measure": (measure is not None or code in {"", setup_views.NONE}, setup_views.no_measure(code)),
    }
    errors = {name: why for name, (fine, why) in checks.items() if not fine}
    if errors or team is None or at_time is None or minutes is None:
        return None, errors
    mode = Huddle.Mode(values["mode"])
    return Wanted(values["name"].strip()[:75], team, weekdays, at_time, zone, minutes, mode, measure), {}


async def _form(tx: Tx, by: By, values: Mapping[str, str], *, huddle: Huddle | None, now: datetime) -> Form:
    known = [(each.code, each.name) for each in await measures(tx)]
    choices = [(str(each.id), each.name) for each in await _teams(tx, by, now)]
    if not choices:
        raise Declined(words.only_admin(), code="E-03")
    return setup_views.form(choices, known, values, huddle)


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
    days = setup_views.LONG_DAYS.values()
    return next((n for n, day in enumerate(days) if day.lower().startswith(bare)), None)


def read_time(text: str) -> time | None:
    """`09:15`, `9:15` or `9.15`; None when it is no time of day."""
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004 - a day's hours and minutes
        return None
    return time(int(found[1]), int(found[2]))


def read_minutes(text: str) -> int | None:
    """A window's length; None outside WINDOW_MIN to WINDOW_MAX."""
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit()) or len(bare) > 4:  # noqa: PLR2004 - longer is no window
        return None
    return int(bare) if rules.WINDOW_MIN <= int(bare) <= rules.WINDOW_MAX else None
