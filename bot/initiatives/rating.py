"""`/initiative score I-4 benefit:5 cost:2 effort:2`: what several people make of it."""

from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Replies
from bot.initiatives import asking, reply_views, scoring
from bot.initiatives.scoring import Rating
from storage.initiatives import Score
from storage.portfolio import scores_of
from storage.tx import Tx

KEYS = ("benefit", "cost", "effort")


async def score(event: Asked, tx: Tx, now: datetime) -> Replies:
    """Somebody's newest figures count; the first ones make an idea a scored one."""
    initiative = await asking.the_initiative(tx, event)
    going = await asking.step(tx, event.by, initiative, verb="score", now=now)
    benefit, cost, effort = (_figure(key, event.command.keys.get(key, "")) for key in KEYS)
    mine = next((each for each in await scores_of(tx, initiative.id) if each.rater_id == event.by.person.id), None)
    if mine is None:
        mine = Score(initiative_id=initiative.id, rater_id=event.by.person.id, benefit=0, cost=0, effort=0)
        tx.add(mine)
    mine.benefit, mine.cost, mine.effort = benefit, cost, effort
    going.to_target()
    await tx.flush()
    ratings = [Rating(each.benefit, each.cost, each.effort) for each in await scores_of(tx, initiative.id)]
    worth = scoring.worth(ratings)
    if worth is None:
        raise AssertionError("what was just rated has a rating")
    return await going.told(reply_views.scored(initiative, worth, len(ratings)))


def _figure(name: str, text: str) -> int:
    if text not in {str(each) for each in range(scoring.LOWEST, scoring.HIGHEST + 1)}:
        raise Declined(reply_views.not_a_figure(name))
    return int(text)
