"""What a day holds beside the work that is due: huddles, meetings, days off, and ballots that wait."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.chat.localtime import midnight_after
from bot.home import ahead_views, rules
from bot.home.ahead_views import Ahead, Planned
from bot.home.day import Day
from bot.home.views import Part
from bot.huddles import rules as huddles
from bot.people.rules import first_name, holiday
from storage import ranking
from storage.huddles import Huddle
from storage.mornings import meetings_of
from storage.people import Person

ONE_DAY = timedelta(days=1)


async def on_day(mine: Day, on: date, *, own: bool) -> Ahead:
    """Whether somebody is away on a day, and what happens on it, in order; what needs no hour comes first."""
    absence = mine.absence_on(on)
    found = [each for huddle in mine.huddles for each in _huddle(mine, huddle, on, is_away=absence is not None)]
    found += await _meetings(mine, on)
    ordered = sorted(found, key=lambda each: (each.at is not None, each.at))
    name = "" if own else first_name(mine.person)
    return Ahead(name, mine.zone, absence is not None, absence.to_on if absence else None, ordered)


def _huddle(mine: Day, huddle: Huddle, on: date, *, is_away: bool) -> list[Planned]:
    """The huddle's run for which they would be asked that day; none where it has none, or they only watch it."""
    its_own = rules.newest_asked(huddle, on, mine.zone)
    is_theirs = mine.takes_part(huddle, its_own) or mine.leads(huddle)
    runs = its_own in huddles.next_dates(huddle, its_own - ONE_DAY, 1)
    if not (is_theirs and runs and rules.asked_on(huddle, its_own, mine.zone) == on):
        return []
    if closed := holiday(mine.calendars[huddle.team_id], its_own):
        return [Planned(None, ahead_views.no_huddle(huddle.name, closed))]
    is_asked = mine.takes_part(huddle, its_own) and mine.works_on(huddle, its_own) and not is_away
    return [Planned(huddles.asked_at(huddle, its_own, mine.zone), ahead_views.huddle(huddle.name, is_asked=is_asked))]


async def _meetings(mine: Day, on: date) -> list[Planned]:
    begins, ends = midnight_after(on - ONE_DAY, mine.zone), midnight_after(on, mine.zone)
    found = await meetings_of(mine.tx, mine.person.id, begins, ends, on=on)
    return [Planned(run.meets_at, ahead_views.weekly(team.name)) for run, team in found]


# --- sections of today


async def meetings(mine: Day) -> Part:
    """Today's meetings of their teams."""
    return ahead_views.meetings(await _meetings(mine, mine.today), mine.zone, mine.now)


async def ballots(mine: Day) -> Part:
    """Rankings that wait for a ballot of theirs."""
    waiting = []
    for row in await _open_rounds(mine):
        ballot = await ranking.ballot_of(mine.tx, row.id, mine.person.id)
        if ballot is None or not any(ballot.tiers):
            asker = await mine.tx.need(Person, row.opened_by)
            waiting.append((row, first_name(asker)))
    return ahead_views.ballots(waiting, mine.zone)


async def _open_rounds(mine: Day) -> Sequence[ranking.RankingRound]:
    every = await ranking.open_rounds(mine.tx)
    return [each for each in every if mine.person.id in each.invited and each.closes_at > mine.now]
