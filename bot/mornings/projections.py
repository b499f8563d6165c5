"""A plan for the day as a projection: from its reader and its day to the newest card."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.cards import Card
from bot.chat.localtime import midnight_after
from bot.chat.routing import Reader
from bot.mornings import rules, views
from bot.mornings.views import Contents, Meeting
from bot.people.rules import first_name
from storage.mornings import meetings_of, milestones_on_plan, on_plan
from storage.organisations import organisation_of
from storage.people import Person
from storage.tx import Tx
from storage.weekly import goals_of

LOOKED_AT = 60  # actions; more than a card shows


async def plan(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """What waits for its reader on the plan's day; nothing is sent where all of it was settled before."""
    if reader.person is None:
        return None
    on = date.fromordinal(ids["on"])
    contents = await contents_of(tx, reader.person, on, reader.zone)
    if not (reader.stands or contents.due.waits or contents.meetings):
        worked = rules.days_before(on, (await organisation_of(tx)).calendar)
        if not contents.goals or any(each in reader.person.working_days for each in worked):
            return None
    return views.plan(contents, name=first_name(reader.person), on=on, zone=reader.zone)


async def contents_of(tx: Tx, person: Person, on: date, zone: ZoneInfo) -> Contents:
    """What a plan of a person shows; the number of queries does not depend on the rows."""
    actions = await on_plan(tx, person.id, on, until=on + timedelta(days=1), most=LOOKED_AT)
    milestones = await milestones_on_plan(tx, person.id, on, most=LOOKED_AT)
    begins, ends = midnight_after(on - timedelta(days=1), zone), midnight_after(on, zone)
    meetings = [Meeting(run.meets_at, f"Weekly follow-up, {team.name}")
                for run, team in await meetings_of(tx, person.id, begins, ends, on=on)]  # fmt: skip
    week = on.isocalendar()
    goals = await goals_of(tx, person.id, (week.year, week.week))
    open_ones = [each for each in goals if each.goal.result is each.goal.Result.OPEN]
    return Contents(
        rules.sorted_out(actions, milestones, on),
        meetings,
        [(each.goal.text, each.is_proposed) for each in sorted(open_ones, key=lambda each: each.is_proposed)],
    )
