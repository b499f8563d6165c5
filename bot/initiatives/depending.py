"""`/initiative depends I-4 on:I-2 lag:3`: what waits for what, never in a circle."""

from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.initiatives import asking, reply_views, rules
from bot.work import graph
from storage import audit, portfolio
from storage.initiatives import Dependency
from storage.links import Thing
from storage.tx import Tx


async def depend(event: Asked, tx: Tx, now: datetime) -> Replies:
    """With `off:I-2` it waits no more. Raises: Declined with the way round that it would close."""
    after = await asking.the_initiative(tx, event)
    await asking.step(tx, event.by, after, verb="set", now=now)
    keys = event.command.keys
    code = keys.get("off") or keys.get("on") or ""
    if not code:
        raise Declined(reply_views.on_what(after.code))
    before = await asking.coded(tx, code, event.by.person)
    await portfolio.one_at_a_time(tx)
    known = await portfolio.dependency(tx, Thing.INITIATIVE, before.id, after.id)
    end = (Thing.INITIATIVE, after.id)
    if "off" in keys:
        if known is None:
            raise Declined(reply_views.does_not_wait(after.code, before.code))
        await tx.session.delete(known)
        audit.note(tx, end, "set", field="depends", before=before.code)
        return Replies(answer=Answer(reply_views.waits_no_more(after, before)), undoable=True)
    if known is not None:
        raise Declined(reply_views.waits_already(after.code, before.code))
    await _refuse_circle(tx, before.id, after.id)
    lag = _lag(keys.get("lag", ""))
    tx.add(Dependency(thing=Thing.INITIATIVE.value, from_id=before.id, to_id=after.id, lag_days=lag))
    audit.note(tx, end, "set", field="depends", after=before.code)
    return Replies(answer=Answer(reply_views.waits(after, before, lag)), undoable=True)


def _lag(text: str) -> int:
    bare = text.strip() or "0"
    if not (bare.isascii() and bare.isdigit()) or int(bare) > rules.LAG_MAX:
        raise Declined(reply_views.not_a_lag(text))
    return int(bare)


async def _refuse_circle(tx: Tx, start: int, end: int) -> None:
    path = graph.closing_path(await portfolio.edges(tx, Thing.INITIATIVE), start, end)
    if path is None:
        return
    known = await portfolio.initiatives_numbered(tx, path)
    raise Declined(reply_views.would_wait_for_itself([known[each].code for each in (*path, path[0])]))
