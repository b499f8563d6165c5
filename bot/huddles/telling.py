"""How a huddle stands, said after each change of its set-up: what is new, and when the next three are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.chat.pace import messages_per_s
from bot.chat.replies import Answer, Replies
from bot.huddles import finding, rules, running, scene, setup_views
from bot.huddles.setup_rules import questions_text
from bot.huddles.setup_views import PREVIEW, Told
from bot.people.rules import first_name, holiday
from storage.huddles import Huddle, HuddlePart, HuddleRun, parts_of
from storage.measures import Measure
from storage.people import Person
from storage.teams import Team, members
from storage.tx import Tx

Standing = dict[str, str]
"""A huddle as label and words, to be compared with what it says after a change."""


async def standing(tx: Tx, huddle: Huddle, team: Team, now: datetime) -> Standing:
    """How a huddle stands now."""
    told = await _told(tx, huddle, team, now)
    words = {label: "".join(value) for label, value in setup_views.facts(huddle, told)}
    return words | {"Name": huddle.name, "Questions": questions_text(huddle.questions)}


async def saved(
    tx: Tx, huddle: Huddle, team: Team, now: datetime, *, before: Standing | None = None, private: bool = True
) -> Replies:
    """Plans a huddle as it is now, and says what of it is new."""
    await running.replan(tx, huddle, now)
    told = await _told(tx, huddle, team, now, before=before)
    card = setup_views.saved(huddle, told)
    return Replies(answer=Answer(card, private=private), undoable=True)


async def _told(tx: Tx, huddle: Huddle, team: Team, now: datetime, *, before: Standing | None = None) -> Told:
    today = now.astimezone(ZoneInfo(huddle.zone)).date()
    people = await members(tx, team, today)
    parts = await parts_of(tx, huddle)
    watching = [each.person_id for each in parts if each.kind is HuddlePart.Kind.OBSERVER]
    asked = [each for each in people if each.id not in watching]
    dates, left_out = await _coming(tx, huddle, team, now)
    measure = None if huddle.measure_id is None else await tx.get(Measure, huddle.measure_id)
    told = Told(
        team.name,
        len(asked),
        dates,
        left_out,
        _outside(huddle, dates, asked),
        measure="" if measure is None else measure.name,
        observers=await _names(tx, watching),
        optional=await _names(tx, [each.person_id for each in parts if each.kind is HuddlePart.Kind.OPTIONAL]),
        open_on=await _open_on(tx, huddle),
        hardly_worked=rules.hardly_worked(huddle, [each.working_days for each in asked]),
    )
    return told if before is None else _with_changes(huddle, told, before)


def _with_changes(huddle: Huddle, told: Told, before: Standing) -> Told:
    now = {label: "".join(value) for label, value in setup_views.facts(huddle, told)} | {"Name": huddle.name}
    labels = [label for label in dict.fromkeys((*before, *now)) if label != "Questions"]
    changes = [
        (label, before.get(label) or setup_views.NOTHING, now.get(label) or setup_views.NOTHING)
        for label in labels
        if before.get(label, "") != now.get(label, "")
    ]
    if before.get("Questions", "") != questions_text(huddle.questions):
        changes.append(("Questions", setup_views.AS_BEFORE, setup_views.AS_BELOW))
    return replace(told, changes=changes)


async def _names(tx: Tx, people: Sequence[int]) -> list[str]:
    return sorted([first_name(await tx.need(Person, number)) for number in people])


async def _open_on(tx: Tx, huddle: Huddle) -> date | None:
    is_open = (HuddleRun.huddle_id == huddle.id, HuddleRun.state == HuddleRun.State.OPEN)
    return await tx.first(select(col(HuddleRun.local_date)).where(*is_open))


async def _coming(tx: Tx, huddle: Huddle, team: Team, now: datetime) -> tuple[list[date], list[tuple[date, str]]]:
    """The next runs, and the holidays between them on which there is none."""
    today = now.astimezone(ZoneInfo(huddle.zone)).date()
    calendar = await scene.calendar_of(tx, team)
    found: list[date] = []
    following = await finding.next_date(tx, huddle, today, including=True, now=now)
    while following is not None and len(found) < PREVIEW:
        found.append(following)
        following = await finding.next_date(tx, huddle, following)
    slots = rules.next_dates(huddle, today, finding.DAYS_AHEAD)
    between = [on for on in slots if found and on < found[-1]]
    return found, [(on, name) for on in between if (name := holiday(calendar, on))]


def _outside(huddle: Huddle, dates: Sequence[date], people: Sequence[Person]) -> Sequence[ZoneInfo]:
    if huddle.mode is not Huddle.Mode.TOGETHER or not dates:
        return ()
    return rules.outside_office_hours(huddle, dates[0], [ZoneInfo(zone) for zone in sorted({p.zone for p in people})])


async def too_slow(tx: Tx, team: Team, today: date, *, mode: Huddle.Mode, window_min: int) -> str:
    """Why a platform can't ask everybody within the window; empty where it can. Source: domain.md 3.5.

    In a `local` huddle those who share a zone are asked at one moment.
    """
    people = await members(tx, team, today)
    at_once = Counter((each.prefers, each.zone if mode is Huddle.Mode.LOCAL else "") for each in people)
    for (platform, _), number in at_once.most_common():
        per_s = messages_per_s(platform)
        if rules.seconds_to_ask(number, per_s) > window_min * 60:
            return setup_views.too_slow(number, per_s, platform, window_min)
    return ""
