"""The section of a person's milestones: what waits for their word, and what comes within a week."""

from datetime import timedelta

from bot.home import milestone_views
from bot.home.day import Day
from bot.home.views import NOTHING, Part
from bot.milestones import rules, standing
from storage.milestones import claims_for, due_of

LOOKED_AT = 20  # of each; more than a card shows


async def milestones(mine: Day) -> Part:
    """Said to be reached and theirs to accept; pushed to another date; past their day or due within a week."""
    week = mine.today + timedelta(days=rules.DAY_PLAN_DAYS)
    claims = await claims_for(mine.tx, mine.person.id, most=LOOKED_AT)
    own = await due_of(mine.tx, mine.person.id, week, most=LOOKED_AT)
    if not claims and not own:
        return NOTHING
    seen = await standing.seen(mine.tx, [*claims, *own], mine.today)
    return milestone_views.milestones(seen[: len(claims)], seen[len(claims) :], mine.today)
