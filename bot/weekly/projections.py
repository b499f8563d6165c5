"""Weekly messages as projections: from ids to the newest card, for its reader."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.localtime import today_in
from bot.chat.routing import Reader
from bot.weekly import pack_views, reply_views, rules, standing, views
from storage.people import Person, zone_of
from storage.teams import Team
from storage.tx import Tx
from storage.weekly import Weekly, update_of, weekly_of

State = rules.State


async def ask(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-08 for a person, in whatever state their answer is by now."""
    found = await standing.around(tx, ids["run"])
    if found is None or reader.person is None:
        return None
    if found.run.state is State.SKIPPED:
        return views.skipped(found.run, found.team.name, reader.zone) if reader.stands else None
    return await check(tx, found, reader.person, now)


async def check(tx: Tx, found: standing.Around, person: Person, now: datetime) -> Card:
    """A person's week: what they said, or what they are asked."""
    run, team, zone = found.run, found.team.name, zone_of(person)
    update = await update_of(tx, run, person.id)
    is_kept = rules.is_kept(run, today_in(found.zone, now))
    if update is not None and update.submitted_at is not None:
        said = await standing.said(tx, found, person, update, now=now)
        return views.noted(run, team, said, update.submitted_at, zone=zone, can_change=is_kept)
    if not is_kept:
        return views.over(run, team, zone)
    return views.ask(run, team, await standing.draft(tx, found, person, now), zone)


async def nudge(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-09; once it has done its work it says so and has no button left."""
    found = await standing.around(tx, ids["run"])
    if found is None or reader.person is None:
        return None
    update = await update_of(tx, found.run, reader.person.id)
    if update is not None and update.submitted_at is not None:
        return views.nudge_settled(views.NOTED_SINCE) if reader.stands else None
    if found.run.state is State.SKIPPED:
        return views.skipped(found.run, found.team.name, reader.zone) if reader.stands else None
    if now >= found.run.meets_at:
        return views.nudge_settled(views.MEETING_BEGAN) if reader.stands else None
    return views.nudge(found.run, reader.zone)


async def pack(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-10 in the team's channel."""
    found = await standing.around(tx, ids["run"])
    if found is None or (found.run.posted_at is None and found.run.state is not State.SKIPPED):
        return None
    return pack_views.pack(await standing.gathered(tx, found, now), in_room=reader.person is None)


async def confirm(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-12 for who leads."""
    found = await standing.around(tx, ids["run"])
    if found is None or found.run.posted_at is None:
        return None
    pack_now = await standing.gathered(tx, found, now)
    if not rules.can_plan(found.run, today_in(found.zone, now)):
        return pack_views.plan(pack_now, may_confirm=False) if reader.stands else None
    return pack_views.please_confirm(pack_now)


async def summary(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """P-11 in the team's channel; nothing while there is nothing to be glad of."""
    found = await standing.around(tx, ids["run"])
    if found is None or found.run.state is not State.SUMMARISED:
        return None
    pack_now = await standing.gathered(tx, found, now)
    return pack_views.summary(pack_now) if pack_now.wins or reader.stands else None


async def offer(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """The offer to a team's lead; once it is answered, what was said."""
    team = await tx.get(Team, ids["team"])
    if team is None:
        return None
    weekly = await weekly_of(tx, team.id)
    if weekly is None:
        return views.offer(team)
    if not reader.stands:
        return None
    if weekly.state is Weekly.State.ENDED:
        return reply_views.declined(team.name)
    return reply_views.saved(weekly, team.name, None, None, moved="")
