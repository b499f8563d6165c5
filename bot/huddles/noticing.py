"""What a lead alone is told of a huddle, as messages; and when. Source: domain.md 3.5 and 4.9."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.chat.cards import Card
from bot.chat.localtime import instant, today_in
from bot.chat.replies import Show
from bot.chat.routing import Reader
from bot.huddles import notice_views, rules, scene
from bot.huddles.scene import Scene
from bot.people.rules import first_name, is_office_day
from bot.teams.leading import who_leads_now
from storage.huddles import Expectation, Huddle, expectations, first_held, newest_statuses
from storage.organisations import organisation_of
from storage.people import Person, zone_of
from storage.tx import Tx

TOLD_AT = time(9)
NOVEL_WEEKS = 13
QUIET, NOVELTY = "huddle.quiet", "huddle.novelty"


async def after_the_day(tx: Tx, around: Scene, now: datetime) -> tuple[Show, ...]:
    """Somebody was silent for the fifth time in a row, or the tenth: their lead hears of it the next morning.

    Who stands in for the lead that morning hears of it in their place.
    """
    if not await _newly_quiet(tx, around):
        return ()
    lead = await who_leads_now(tx, around.team, _next_office_day(around, now))
    if lead is None:
        return ()
    return (
        Show(
            f"huddle:{around.run.id}:quiet",
            lead,
            QUIET,
            {"run": around.run.id},
            due_at=_next_morning(lead, around.calendar, now),
        ),
    )


def _next_office_day(around: Scene, now: datetime) -> date:
    on = today_in(around.zone, now)
    while not is_office_day(on, around.calendar):
        on += timedelta(days=1)
    return on


def _next_morning(person: Person, calendar: str, now: datetime) -> datetime:
    zone = zone_of(person)
    on = today_in(zone, now)
    while not is_office_day(on, calendar) or instant(on, TOLD_AT, zone) < now:
        on += timedelta(days=1)
    return instant(on, TOLD_AT, zone)


async def after_the_close(tx: Tx, around: Scene) -> tuple[Show, ...]:
    """A quarter after the first huddle its lead is asked, once, whether the streak still helps."""
    huddle, run = around.huddle, around.run
    lead = await _lead(tx, around)
    if lead is None or huddle.streak_kept or not huddle.shows_streak or not (await organisation_of(tx)).gamification:
        return ()
    first = await first_held(tx, huddle)
    if first is None or run.local_date < first + timedelta(weeks=NOVEL_WEEKS):
        return ()
    return (Show(f"huddle:{huddle.id}:novelty", lead, NOVELTY, {"huddle": huddle.id}),)


async def _lead(tx: Tx, around: Scene) -> Person | None:
    lead = None if around.team.lead_id is None else await tx.get(Person, around.team.lead_id)
    return lead if lead is not None and lead.active else None


async def _newly_quiet(tx: Tx, around: Scene) -> Sequence[int]:
    """Who was silent in a run, and with it in five in a row or ten; between them nobody is named again."""
    run = around.run
    silent = [each for each in await expectations(tx, run) if each.status is Expectation.Status.SILENT]
    rows = {
        each.person_id: rules.silent_in_a_row(await newest_statuses(tx, around.huddle, each.person_id, run.local_date))
        for each in silent
    }
    return [number for number, row in rows.items() if row and row % rules.QUIET_RUNS == 0]


async def quiet(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """Whom their lead may want to check in with; only for whoever leads the team now, or leads it for them."""
    around = await scene.scene_of(tx, ids["run"])
    if around is None or reader.person is None:
        return None
    leader = await who_leads_now(tx, around.team, today_in(around.zone, now))
    if reader.person.id not in {around.team.lead_id, leader.id if leader else None}:
        return None
    people = [await tx.need(Person, number) for number in await _newly_quiet(tx, around)]
    names = sorted(first_name(each) for each in people if each.active and each.id != reader.person.id)
    return notice_views.quiet(around.huddle, names) if names else None


async def novelty(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """The question whether a streak still helps, or what was said to it."""
    huddle = await tx.get(Huddle, ids["huddle"])
    if huddle is None or reader.person is None:
        return None
    if huddle.streak_kept or not huddle.shows_streak:
        return notice_views.novelty_settled(huddle)
    return notice_views.novelty(huddle, NOVEL_WEEKS)
