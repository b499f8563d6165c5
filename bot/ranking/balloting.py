"""A ballot is filled in, and changed while the round is open."""

from datetime import datetime

from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Pressed, Submitted
from bot.chat.replies import Answer, Refresh, Replies
from bot.ranking import rules, standing, views
from bot.ranking.handlers import BALLOT, REMINDER, pressed
from bot.ranking.views import HARD
from bot.work import handlers as work
from storage import ranking
from storage.people import Person, zone_of
from storage.ranking import Ballot, RankingRound
from storage.tx import Tx


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Rank them**, **Change my ballot**."""
    row = await pressed(event, tx)
    await _need_ballot(tx, row, event.by.person, now)
    mine = await ranking.ballot_of(tx, row.id, event.by.person.id)
    return Replies(answer=Answer(views.form(await standing.shown(tx, row, zone_of(event.by.person)), mine)))


async def vote(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The newest one counts, from whichever platform; it is nobody else's business until the round is closed."""
    row = work.known(await tx.get(RankingRound, event.number("round")), "that ranking", "ranking")
    person = event.by.person
    await _need_ballot(tx, row, person, now)
    ranks = {number: _rank(event.values.get(str(number), ""), len(row.initiatives)) for number in row.initiatives}
    hard = {each.strip() for each in event.values.get(HARD, "").split(",")}
    mine = await ranking.ballot_of(tx, row.id, person.id)
    if mine is None:
        mine = Ballot(round_id=row.id, person_id=person.id, tiers=[], hard=[])
        tx.add(mine)
    mine.tiers = [list(tier) for tier in rules.tiers_of(ranks)]
    mine.hard = [number for number in row.initiatives if str(number) in hard]
    await tx.flush()
    ids = {"round": row.id, "person": person.id}
    refresh = (Refresh(BALLOT, ids), Refresh(REMINDER, ids))
    words = views.voted(row, is_blank=not mine.tiers)
    return Replies(answer=Answer(says(words)), refresh=refresh, undoable=True)


def _rank(text: str, most: int) -> int | None:
    return int(text) if text in {str(each) for each in range(1, most + 1)} else None


async def _need_ballot(tx: Tx, row: RankingRound, person: Person, now: datetime) -> None:
    """Raises: Declined (E-03, E-05)."""
    if person.id not in row.invited:
        raise Declined(views.not_invited(row.code), code="E-03")
    await standing.need_legal(tx, row, "vote", person)
    if row.closes_at <= now:
        raise Declined(views.its_time_is_over(row), code="E-05")
