"""`/initiative batch`: initiatives that begin together."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, select

from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.initiatives import asking, batch_views, finding, reply_views, rules
from bot.initiatives.rules import BATCH_MOVES, BatchState
from bot.initiatives.views import standing
from bot.work import handlers as work
from bot.work.rules import Part
from bot.work.views import REASON_MAX
from storage import audit, portfolio
from storage.initiatives import Batch, Initiative, batch_coded
from storage.links import Thing
from storage.organisations import next_code
from storage.tx import Tx

KEYS = ("starts", "ends", "reason")


async def batch(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`BT-2 add I-4 I-7`, `BT-2 start`, `"Autumn" starts: ends:`, or nothing for all of them."""
    code = next((each for each in event.command.codes if each.startswith("BT-")), "")
    if event.by.person.is_external:
        raise work.unseen(code) if code else Declined(reply_views.only_inside(), code="E-03")
    if not code:
        return await _without_code(event, tx, now)
    found = work.known(await batch_coded(tx, code), code, "batch")
    verb = event.command.words.casefold()
    if not verb and len(event.command.codes) == 1:
        return Replies(answer=Answer(batch_views.shown(found, await _inside(tx, found))))
    return await _changed(event, tx, found, verb)


async def _without_code(event: Asked, tx: Tx, now: datetime) -> Replies:
    name = work.at_most(rules.NAME_MAX, event.command.title.strip(), "That name")
    if not name and not event.command.keys:
        return Replies(answer=Answer(batch_views.listed(await portfolio.batches(tx))))
    if not name:
        raise Declined(batch_views.needs_name())
    await asking.need_lead(tx, event.by.person, "add a batch")
    new = Batch(code=await next_code(tx, "BT"), name=name)
    new.starts_on, new.ends_on = await _day(event, tx, "starts", now), await _day(event, tx, "ends", now)
    if new.starts_on and new.ends_on and new.ends_on < new.starts_on:
        raise Declined(reply_views.ends_before_it_starts())
    tx.add(new)
    await tx.flush()
    audit.note(tx, (Thing.BATCH, new.id), "add", after=new.state.value)
    return Replies(answer=Answer(says(batch_views.made(new))), undoable=True)


async def _day(event: Asked, tx: Tx, key: str, now: datetime) -> date | None:
    text = event.command.keys.get(key, "")
    return await work.day_meant(tx, event.by, text, now, line=event.command.text) if text else None


async def _inside(tx: Tx, batch: Batch) -> Sequence[Initiative]:
    return await tx.all(select(Initiative).where(Initiative.batch_id == batch.id).order_by(col(Initiative.id)))


async def _changed(event: Asked, tx: Tx, batch: Batch, verb: str) -> Replies:
    verbs = tuple(dict.fromkeys(move.verb for move in BATCH_MOVES))
    if verb not in verbs:
        raise Declined(batch_views.not_a_verb(verb, batch.code, verbs))
    await _not_overtaken(tx, batch)
    moves = work.legal(BATCH_MOVES, verb, batch.state, code=batch.code)
    parts = {Part.LEAD} if await finding.leads_a_team(tx, event.by.person) else {Part.ANYBODY}
    move = work.permitted(moves, parts, code=batch.code)
    end, before = (Thing.BATCH, batch.id), batch.state
    reason = work.at_most(REASON_MAX, event.command.keys.get("reason", "").strip(), "That note")
    if move.reason and not reason:
        raise Declined(batch_views.runs(batch.code), code="E-16")
    codes = [each for each in event.command.codes if each.startswith("I-")]
    if verb in {"add", "remove"}:
        await _fill(tx, batch, verb, codes)
    batch.state = move.target or before
    audit.note(tx, end, verb, before=before.value, after=batch.state.value, reason=reason)
    return Replies(answer=Answer(says(batch_views.changed(batch, verb, codes))), undoable=True)


async def _not_overtaken(tx: Tx, batch: Batch) -> None:
    async def stands() -> str:
        return f"it is {batch.state.value}."

    await work.not_overtaken(tx, (Thing.BATCH, batch.id), batch, code=batch.code, now=stands)


async def _fill(tx: Tx, batch: Batch, verb: str, codes: Sequence[str]) -> None:
    if not codes:
        raise Declined(batch_views.which(batch.code))
    known = await portfolio.coded(tx, codes)
    others = {each.id: each for each, _ in await portfolio.batches(tx)}
    for code in codes:
        initiative = work.known(known.get(code), code, "initiative")
        there = others.get(initiative.batch_id or 0)
        if verb == "remove" and (there is None or there.id != batch.id):
            raise Declined(batch_views.not_in(code, batch.code))
        if verb == "add" and initiative.state in rules.FINAL:
            raise Declined(batch_views.over(code, standing(initiative)), code="E-05")
        if verb == "add" and there is not None and there.state is not BatchState.CLOSED:
            raise Declined(batch_views.in_another(code, there.code), code="E-13")
        initiative.batch_id = batch.id if verb == "add" else None
        audit.note(
            tx, (Thing.INITIATIVE, initiative.id), "set", field="batch", before=there.code if there else "",
            after=batch.code if verb == "add" else "",
        )  # fmt: skip
