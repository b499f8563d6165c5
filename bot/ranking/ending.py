"""How a round goes on for longer or is called off by a press, and how it ends by the clock."""

from datetime import datetime

from bot.chat.events import Due, Pressed, Submitted
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies, Show
from bot.ranking import handlers, standing, views
from bot.work import handlers as work
from bot.work.rules import day_in
from storage import ranking
from storage.messages import Lane
from storage.people import zone_of
from storage.ranking import RankingRound
from storage.tx import Tx


async def ask_until(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Extend it**: the form."""
    return await handlers.ask_until(tx, event.by, await handlers.pressed(event, tx), now)


async def extend(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """Its new last day."""
    row = await _sent(event, tx)
    zone = zone_of(event.by.person)
    today = today_in(zone, now)
    on = day_in(event.values.get(views.UNTIL, ""))
    is_longer = row.state is not RankingRound.State.OPEN or (on is not None and on > today_in(zone, row.closes_at))
    if on is None or on <= today or not is_longer:
        errors = {views.UNTIL: views.please_later()}
        return Replies(answer=Answer(views.extend_form(row, None).refused(event.values, errors)))
    return await handlers.extended(tx, event.by, row, handlers.evening(on, zone, now), now=now)


async def ask_why(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Cancel it**: the form."""
    row = await handlers.pressed(event, tx)
    await handlers.need_runner(tx, event.by)
    await standing.need_legal(tx, row, "cancel", event.by.person)
    return Replies(answer=Answer(views.cancel_form(row)))


async def cancel(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """Why it is called off."""
    row = await _sent(event, tx)
    reason = event.values.get(views.WHY, "").strip()
    if not reason:
        return Replies(answer=Answer(views.cancel_form(row).refused(event.values, {views.WHY: views.please_write()})))
    return await handlers.cancelled(tx, event.by, row, reason)


async def _sent(event: Submitted, tx: Tx) -> RankingRound:
    return work.known(await tx.get(RankingRound, event.number("round")), "that ranking", "ranking")


# --- by the clock


async def remind(event: Due, tx: Tx, now: datetime) -> Replies:
    """Once, to those without a ballot."""
    row = await tx.get(RankingRound, event.subject_id)
    if (
        row is None
        or row.state is not RankingRound.State.OPEN
        or event.missed
        or row.closes_at - handlers.REMINDED_BEFORE > now
    ):
        return Replies(skipped=True)
    said = {each.person_id for each in await ranking.ballots_of(tx, row.id)}
    silent = await ranking.reachable(tx, [each for each in row.invited if each not in said])
    show = tuple(
        Show(
            f"ranking:{row.id}:reminder:{row.closes_at.isoformat()}:{each.id}",
            each,
            handlers.REMINDER,
            {"round": row.id, "person": each.id},
            Lane.Traffic.PROMPT,
            not_after=row.closes_at,
        )
        for each in silent
    )
    return Replies(show=show, skipped=not show)


async def close_on_time(event: Due, tx: Tx, now: datetime) -> Replies:
    """However late: the one who opened it gets the result. One that was extended goes on."""
    row = await tx.get(RankingRound, event.subject_id)
    if row is None or row.state is not RankingRound.State.OPEN or row.closes_at > now:
        return Replies(skipped=True)
    told = await handlers.closed(tx, row)
    people = await ranking.reachable(tx, [row.opened_by])
    show = tuple(
        Show(
            f"ranking:{row.id}:closed:{row.closes_at.isoformat()}:{each.id}",
            each,
            handlers.RESULT,
            {"round": row.id},
            Lane.Traffic.PROMPT,
        )
        for each in people
    )
    return told + Replies(show=show, outcome=views.closed_by_itself(row))
