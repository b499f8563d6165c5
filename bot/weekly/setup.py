"""A team's rhythm: `/weekly setup` by form or in one line, the offer to its lead, pause, resume, end."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo, available_timezones

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted, row_number
from bot.chat.forms import Form
from bot.chat.localtime import today_in
from bot.chat.replies import NOTHING, Answer, Refresh, Replies, Show
from bot.guide import views as words
from bot.huddles import scene
from bot.huddles.setup_rules import read_days, read_time
from bot.huddles.setup_views import no_zone
from bot.people.rules import WEEKDAYS, holiday
from bot.weekly import form_views, reply_views, rules, running, standing, views
from bot.work.rules import moves_from
from storage import audit
from storage.huddles import Huddle, huddles_of
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person
from storage.teams import Team
from storage.tx import Change, Tx
from storage.weekly import Weekly, WeeklyRun, newest_runs, weekly_of

KEYS = ("team", "day", "at", "tz")
OFF = "off"
USUAL_DAY, USUAL_TIME = "fri", time(10)


async def ask(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/weekly setup day:fri at:10:00`; with nothing said the form, with `off` it ends."""
    command = event.command
    team = await _team(tx, event.by, command.keys.get("team", ""), now)
    if command.title.casefold() == OFF:
        return await _turned_off(tx, team, Weekly.State.ENDED, now)
    weekly = await weekly_of(tx, team.id)
    said = {"zone" if key == "tz" else key: value for key, value in command.keys.items() if key != "team"}
    values = _values(team, weekly) | said | {"team": str(team.id)}
    values["day"] = _day(values["day"]) or values["day"]
    errors = _errors(values)
    if said and not errors:
        return await _stored(tx, team, values, now)
    form = await _form(tx, event.by, values, now)
    return Replies(answer=Answer(form.refused(values, errors) if said else form))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    teams = await standing.teams_led(tx, event.by.person, now)
    team = next((each for each in teams if str(each.id) == event.values.get("team", "")), None)
    errors = _errors(event.values) | ({} if team is not None else {"team": form_views.NEEDS_TEAM})
    if team is None or errors:
        form = await _form(tx, event.by, event.values, now)
        return Replies(answer=Answer(form.refused(event.values, errors), refuses=True))
    return await _stored(tx, team, event.values, now)


def _values(team: Team, weekly: Weekly | None) -> dict[str, str]:
    if weekly is None:
        return {"day": USUAL_DAY, "at": f"{USUAL_TIME:%H:%M}", "zone": team.zone, "team": str(team.id)}
    return {
        "day": weekly.weekday,
        "at": f"{weekly.at_time:%H:%M}",
        "zone": weekly.zone,
        "team": str(team.id),
    }


def _day(text: str) -> str:
    """`fri`, `Friday`, `fridays` as `fri`; empty for what is not one day."""
    found = read_days(text)
    return found if found in WEEKDAYS else ""


def _errors(values: Mapping[str, str]) -> dict[str, str]:
    zone = values.get("zone", "").strip()
    checks = {
        "day": (bool(_day(values.get("day", ""))), form_views.NEEDS_DAY),
        "at": (read_time(values.get("at", "")) is not None, form_views.NEEDS_TIME),
        "zone": (zone in available_timezones(), no_zone(zone)),
    }
    return {name: why for name, (fine, why) in checks.items() if not fine}


async def _form(tx: Tx, by: By, values: Mapping[str, str], now: datetime) -> Form:
    teams = [(str(each.id), each.name) for each in await standing.teams_led(tx, by.person, now)]
    if not teams:
        raise Declined(words.only_admin(), code="E-03")
    return form_views.setup(values, teams)


async def _team(tx: Tx, by: By, named: str, now: datetime) -> Team:
    """The team named, this channel's, or the first one that somebody leads. Raises: Declined."""
    led = await standing.teams_led(tx, by.person, now)
    if not named and by.is_direct and led:
        return led[0]
    team = await standing.team_meant(tx, by, named, now)
    await standing.must_lead(tx, by.person, team, now)
    return team


async def _stored(tx: Tx, team: Team, values: Mapping[str, str], now: datetime) -> Replies:
    weekly = await weekly_of(tx, team.id)
    if weekly is None:
        weekly = Weekly(team_id=team.id, zone=team.zone)
        tx.add(weekly)
    weekly.weekday = _day(values["day"])
    weekly.at_time = read_time(values["at"]) or USUAL_TIME
    weekly.zone = values["zone"].strip()
    weekly.state = Weekly.State.HELD
    await tx.flush()
    return await _held(tx, team, weekly, now)


async def _held(tx: Tx, team: Team, weekly: Weekly, now: datetime) -> Replies:
    """The rhythm goes on from now, and says when its team meets next."""
    replies = await running.replan(tx, weekly, now)
    await tx.flush()
    meets_at, asks_at, moved = await _first(tx, team, weekly, now)
    card = reply_views.saved(weekly, team.name, meets_at, asks_at, moved=moved)
    offer = Refresh(running.OFFER, {"team": team.id})
    return replies + Replies(answer=Answer(card), refresh=(offer,), undoable=True)


async def _first(tx: Tx, team: Team, weekly: Weekly, now: datetime) -> tuple[datetime | None, datetime | None, str]:
    """The next meeting, when people are asked for it, and what moves it."""
    zone = ZoneInfo(weekly.zone)
    calendar = await scene.calendar_of(tx, team)
    ahead = [each for each in await newest_runs(tx, [team.id], most=standing.RUNS_LOOKED_AT) if each.meets_at > now]
    run = min((each for each in ahead if _is_held(each)), key=lambda each: each.meets_at, default=None)
    if run is not None:
        monday, meets_at = run.monday, run.meets_at
    else:
        monday = rules.monday_for(weekly.weekday, today_in(zone, now)) + standing.WEEK
        planned = rules.meeting(weekly, monday, calendar)
        if planned is None:
            return None, None, ""
        meets_at = planned
    asks_at = rules.times(meets_at, zone, monday, calendar).asks_at
    on = meets_at.astimezone(zone).date()
    usual = next(
        on + standing.DAY * n for n in range(7) if WEEKDAYS[(on + standing.DAY * n).weekday()] == weekly.weekday
    )
    why = holiday(calendar, usual)
    moved = reply_views.moved_for(why, on) if why and usual != on else ""
    return meets_at, asks_at if asks_at is not None and asks_at > now else None, moved


def _is_held(run: WeeklyRun) -> bool:
    return run.state is not rules.State.SKIPPED


# --- the offer


def offered(replies: Replies, teams: Sequence[tuple[Team, Person]]) -> Replies:
    """What follows a huddle's set-up: its team's lead is asked once whether they want a weekly follow-up, too."""
    shows = tuple(
        Show(f"weekly:{team.id}:offer", lead, running.OFFER, {"team": team.id}, Lane.Traffic.REPLY)
        for team, lead in teams
    )
    return replies + Replies(show=shows)


async def teams_to_offer(tx: Tx, event_id: int) -> list[tuple[Team, Person]]:
    """The teams whose huddle this event made, that have no weekly follow-up and were never asked, with their lead."""
    await tx.flush()
    made = await tx.all(
        select(Change).where(
            Change.event_id == event_id, Change.table == Huddle.__tablename__, col(Change.before).is_(None)
        )
    )
    found = []
    for number in {row["team_id"] for each in made if (row := each.after) is not None}:
        team = await tx.get(Team, number)
        if team is None or team.lead_id is None or await weekly_of(tx, team.id) is not None:
            continue
        lead = await tx.get(Person, team.lead_id)
        if lead is not None and lead.active and await huddles_of(tx, [team.id]):
            found.append((team, lead))
    return found


async def yes(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Fridays 10:00**; pressed again it says what is there."""
    team = await _of_offer(tx, event, now)
    weekly = await weekly_of(tx, team.id)
    if weekly is not None and weekly.state is Weekly.State.HELD:
        return Replies(answer=Answer(reply_views.saved(weekly, team.name, None, None, moved="")))
    return await _stored(tx, team, _values(team, None), now)


async def other(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Another time**: the form."""
    team = await _of_offer(tx, event, now)
    values = _values(team, await weekly_of(tx, team.id))
    return Replies(answer=Answer(await _form(tx, event.by, values, now)))


async def no(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**No**: it is kept, so that nobody asks again."""
    team = await _of_offer(tx, event, now)
    weekly = await weekly_of(tx, team.id)
    if weekly is not None and weekly.state is not Weekly.State.ENDED:
        return Replies(answer=Answer(reply_views.saved(weekly, team.name, None, None, moved="")))
    if weekly is None:
        tx.add(Weekly(team_id=team.id, zone=team.zone, state=Weekly.State.ENDED))
        await tx.flush()
    offer = Refresh(running.OFFER, {"team": team.id})
    return Replies(answer=Answer(reply_views.declined(team.name)), refresh=(offer,), undoable=weekly is None)


async def _of_offer(tx: Tx, event: Pressed, now: datetime) -> Team:
    team = await tx.get(Team, row_number(event.ids.get("team", "")))
    if team is None:
        raise Declined(words.old_button())
    await standing.must_lead(tx, event.by.person, team, now)
    return team


# --- pause, resume, end


async def pause(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/weekly pause`: nobody is asked until it is resumed."""
    team = await _team(tx, event.by, event.command.keys.get("team", ""), now)
    return await _turned_off(tx, team, Weekly.State.PAUSED, now)


async def end(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/weekly end`: no more follow-ups; what was said stays."""
    team = await _team(tx, event.by, event.command.keys.get("team", ""), now)
    return await _turned_off(tx, team, Weekly.State.ENDED, now)


async def resume(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/weekly resume`: from the next meeting on."""
    team = await _team(tx, event.by, event.command.keys.get("team", ""), now)
    weekly = await weekly_of(tx, team.id)
    if weekly is None or weekly.state is not Weekly.State.PAUSED:
        raise Declined(reply_views.nothing_to("resume", team.name), code="E-05")
    weekly.state = Weekly.State.HELD
    await tx.flush()
    return await _held(tx, team, weekly, now)


async def _turned_off(tx: Tx, team: Team, state: Weekly.State, now: datetime) -> Replies:
    """Raises: Declined (E-05) where there is nothing to pause or end."""
    weekly = await weekly_of(tx, team.id)
    is_paused = state is Weekly.State.PAUSED
    fits = (Weekly.State.HELD,) if is_paused else (Weekly.State.HELD, Weekly.State.PAUSED)
    if weekly is None or weekly.state not in fits:
        raise Declined(reply_views.nothing_to("pause" if is_paused else "end", team.name), code="E-05")
    weekly.state = state
    runs = [each for each in await newest_runs(tx, [team.id], most=standing.RUNS_LOOKED_AT) if each.meets_at > now]
    for run in runs:
        _call_off(tx, run, views.PAUSED if is_paused else views.ENDED)
    await tx.flush()
    await running.replan(tx, weekly, now)
    card = reply_views.paused(team.name) if is_paused else reply_views.ended(team.name)
    refresh = [each for run in runs for each in running.shown(run, rules.ASK, rules.NUDGE)]
    return NOTHING + Replies(answer=Answer(card), refresh=tuple(refresh), undoable=True)


def _call_off(tx: Tx, run: WeeklyRun, why: str) -> None:
    """A week to come of a rhythm that is turned off; one that somebody called off keeps their reason."""
    if run.state is rules.State.SKIPPED and run.reason in running.TURNED_OFF:
        run.reason = why
    if moves_from(rules.MOVES, "skip", run.state):
        before, run.state, run.reason = run.state, rules.State.SKIPPED, why
        audit.note(tx, (Thing.WEEKLY, run.id), "skip", before=before.value, after=run.state.value, reason=why)
