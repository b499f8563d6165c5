"""The steps of the clock with which blockers go up: a look at a team's on each working day, and one at once.

Source: domain.md 3.4 (P-06), 3.5.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.blockers import owners, rules, standing, telling, up_views
from bot.blockers.rules import State
from bot.blockers.standing import Days
from bot.chat.events import Due
from bot.chat.replies import Refresh, Replies, Show
from bot.people.rules import first_name
from storage import audit
from storage.blockers import Blocker, BlockerAsk, open_blockers
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person
from storage.teams import Team
from storage.tx import Tx

QUIET_DAY = Replies(skipped=True, outcome=up_views.nothing_went_up())


async def watch(event: Due, tx: Tx, now: datetime) -> Replies:
    """Looks at what is in a team's way, asks whoever it is old enough for, and plans the next look while any is open.

    What is due is asked of the rows, now: a step that comes late, on a holiday that was added since or by the clock of
    another zone does what is right at its moment, or leaves it to the next one.
    """
    team = await tx.get(Team, event.subject_id)
    found = [] if team is None else await open_blockers(tx, team.id)
    if team is None or not found:
        return QUIET_DAY
    days = await standing.days_of(tx, team, now)
    following = Replies(plan=(await telling.watch_of(tx, team, now),))
    if not _is_time(days):
        return following + QUIET_DAY
    up: list[tuple[BlockerAsk, Person, Blocker]] = []
    for blocker in sorted(found, key=lambda each: each.id):
        up += await _climbed(tx, blocker, days, at=event.due_at)
    if not up:
        return following + QUIET_DAY
    return following + await _told(tx, up)


def _is_time(days: Days) -> bool:
    """Whether it is a working day of the team's, between WATCH_AT and WATCH_UNTIL."""
    local = days.now.astimezone(days.zone).time()
    return days(days.today) and rules.WATCH_AT <= local < rules.WATCH_UNTIL


async def stopped(event: Due, tx: Tx, now: datetime) -> Replies:
    """A customer is without service: the department is asked at once, on any day, and the lead with it."""
    blocker = await tx.get(Blocker, event.subject_id)
    if blocker is None or not rules.is_open(blocker) or not blocker.customer_stopped:
        return QUIET_DAY
    days = await standing.days_of(tx, await tx.need(Team, blocker.team_id), now)
    if blocker.told_tier >= rules.DEPARTMENT:
        return QUIET_DAY
    leads = [] if blocker.told_tier else await _ask(tx, blocker, rules.TEAM, days, at=event.due_at)
    heads = await _climbed(tx, blocker, days, at=event.due_at)
    asked = {person.id: (ask, person, blocker) for ask, person, blocker in (*leads, *heads)}
    return await _told(tx, list(asked.values()))


async def _climbed(
    tx: Tx, blocker: Blocker, days: Days, *, at: datetime
) -> Sequence[tuple[BlockerAsk, Person, Blocker]]:
    """The blocker on the tier that is due, and who is asked on it; nobody where one of them has it in hand."""
    tier = rules.next_tier(blocker, days.age(blocker), days.today)
    if tier is None:
        return ()
    return await _ask(tx, blocker, tier, days, at=at)


async def _ask(
    tx: Tx, blocker: Blocker, tier: int, days: Days, *, at: datetime
) -> list[tuple[BlockerAsk, Person, Blocker]]:
    whom = await owners.asked(tx, blocker, tier, days.today)
    # In the team somebody is on it, whoever that is; further up only one of those who are asked there is.
    is_in_hand = blocker.taken_by is not None and (tier == rules.TEAM or blocker.taken_by in {each.id for each in whom})
    before = blocker.tier
    blocker.told_tier, blocker.told_on = tier, days.today
    if tier > blocker.tier:
        blocker.tier = tier
        audit.note(tx, (Thing.BLOCKER, blocker.id), "escalate", field="tier", before=before, after=tier)
        if not is_in_hand:
            blocker.state = State.ESCALATED
    if is_in_hand:
        return []
    moment = at.replace(microsecond=0)
    asks = [BlockerAsk(blocker_id=blocker.id, person_id=each.id, tier=tier, asked_at=moment) for each in whom]
    tx.add(*asks)
    return [(ask, person, blocker) for ask, person in zip(asks, whom, strict=True)]


async def _told(tx: Tx, up: Sequence[tuple[BlockerAsk, Person, Blocker]]) -> Replies:
    """One message to each person for all that went up to them at this time, whichever teams it came from."""
    shows: dict[int, Show] = {}
    replies = Replies()
    urgent = {person.id for _, person, blocker in up if blocker.customer_stopped}
    for ask, person, blocker in up:
        ids = telling.up_ids(ask)
        key = f"blocker:up:{person.id}:{ask.asked_at.isoformat()}"
        shows[person.id] = Show(key, person, telling.UP, ids, Lane.Traffic.PROMPT, urgent=person.id in urgent)
        replies += Replies(refresh=(Refresh(telling.UP, ids), *await telling.stale(tx, blocker)))
    names = [
        up_views.said(sum(each.id == number for _, each, _ in up), first_name(show.to))
        for number, show in shows.items()
        if isinstance(show.to, Person)
    ]
    return replies + Replies(show=tuple(shows.values()), outcome="; ".join(names[:3]))
