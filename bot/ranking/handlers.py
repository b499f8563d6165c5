"""`/initiative rank`: opened, looked at, closed, published or cancelled."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed
from bot.chat.localtime import instant, today_in
from bot.chat.replies import Answer, Plan, Refresh, Replies, Show
from bot.initiatives.rules import State as InitiativeState
from bot.people.rules import first_name
from bot.ranking import rules, standing, views
from bot.work import handlers as work
from bot.work.views import REASON_MAX
from storage import audit, ranking
from storage.initiatives import Initiative, batch_coded
from storage.links import Link, Thing, link
from storage.messages import Lane
from storage.organisations import next_code
from storage.people import Person, zone_of
from storage.portfolio import coded, people_numbered, stakeholders_of
from storage.ranking import RankingRound, round_coded
from storage.tx import Tx

KEYS = ("batch", "until")
VERBS = ("open", "ballot", "status", "show", "close", "extend", "publish", "cancel")
BALLOT, REMINDER, RESULT = "ranking.ballot", "ranking.reminder", "ranking.result"
REMIND, CLOSE = "ranking.remind", "ranking.close"
CLOSES_AT, DAYS_OPEN = time(17), 7
REMINDED_BEFORE = timedelta(hours=24)
ROUNDS_LISTED = 10
TAKEN_BACK = frozenset({"rank close", "rank cancel", "rank extend"})
"""Whose Undo may leave a round open."""
_CODE = re.compile(r"\bRR-\d{1,9}\b", re.ASCII | re.IGNORECASE)
State = RankingRound.State
_MAY_BE_RANKED = (InitiativeState.SCORED, InitiativeState.RANKED)


async def rank(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`rank open I-1 I-2 @Ann until:fri`, `rank status RR-1` and the like; alone, the newest rounds."""
    if event.by.person.is_external and not event.command.words:
        raise Declined(views.only_leads(), code="E-03")
    verb, _, reason = event.command.words.partition(" ")
    match verb.casefold():
        case "":
            return await _named_or_all(event, tx)
        case "open":
            return await _open(event, tx, now)
        case "ballot":
            return await ask(tx, event.by, await _named(event, tx))
        case "status":
            return await _status(tx, event.by, await _named(event, tx))
        case "show":
            return await _show(tx, event.by, await _named(event, tx))
        case "close":
            return await _close(tx, event.by, await _named(event, tx))
        case "extend":
            return await _extend(event, tx, now)
        case "publish":
            return await _publish(tx, event.by, await _named(event, tx), now)
        case "cancel":
            return await cancelled(
                tx, event.by, await _named(event, tx), (event.command.quoted or (_CODE.sub("", reason),))[0]
            )
        case _:
            raise Declined(views.which(VERBS))


async def _named_or_all(event: Asked, tx: Tx) -> Replies:
    if any(each.startswith("RR-") for each in event.command.codes):
        return await _status(tx, event.by, await _named(event, tx))
    return Replies(answer=Answer(views.listed(await ranking.rounds(tx, ROUNDS_LISTED))))


async def _named(event: Asked, tx: Tx) -> RankingRound:
    """The round of a code; without one, the only open one, or the newest."""
    amid = _CODE.search(event.command.words)  # behind `cancel` it stands before the words why
    code = next((each for each in event.command.codes if each.startswith("RR-")), amid[0] if amid else "")
    if code:
        return work.known(await round_coded(tx, code), code, "ranking")
    found = await ranking.open_rounds(tx) or await ranking.rounds(tx, 1)
    if len(found) != 1:
        raise Declined(views.unknown_round(), code="E-04")
    return found[0]


async def pressed(event: Pressed, tx: Tx) -> RankingRound:
    """The round of a button."""
    return work.known(await tx.get(RankingRound, event.number("round")), "that ranking", "ranking")


async def need_runner(tx: Tx, by: By) -> None:
    """Raises: Declined (E-03)."""
    if not await standing.may_run(tx, by.person):
        raise Declined(views.only_leads(), code="E-03")


# --- opened


async def _open(event: Asked, tx: Tx, now: datetime) -> Replies:
    await need_runner(tx, event.by)
    items = await _items(event, tx)
    closes_at = await until(event, tx, now)
    named = [await work.one_person(tx, event.by, each) for each in event.command.people]
    doers = await _doers(tx, items)
    wanted = {each.id for each in named} or {number for each in items for number in await _concerned(tx, each)}
    invited = await ranking.reachable(tx, wanted)
    if not invited:
        raise Declined(views.nobody())
    row = RankingRound(
        code=await next_code(tx, "RR"),
        opened_by=event.by.person.id,
        initiatives=[each.id for each in items],
        invited=[each.id for each in invited],
        closes_at=closes_at,
    )
    tx.add(row)
    await tx.flush()
    _note(tx, row, "open", "")
    for each in items:
        await link(tx, (Thing.INITIATIVE, each.id), (Thing.RANKING, row.id), Link.Kind.LED_TO)
    seen = await standing.shown(tx, row, zone_of(event.by.person))
    left_out = [first_name(each) for each in doers if each.id not in row.invited]
    card = views.opened(
        seen, [first_name(each) for each in invited], left_out=left_out, unreachable=len(wanted) - len(invited)
    )
    ballots = tuple(_ballot(row, each) for each in invited)
    return Replies(answer=Answer(card), show=ballots, plan=_steps(row, now), undoable=True)


def _ballot(row: RankingRound, person: Person, again: str = "") -> Show:
    ids = {"round": row.id, "person": person.id}
    return Show(f"ranking:{row.id}:ballot:{person.id}{again}", person, BALLOT, ids, Lane.Traffic.PROMPT)


def _steps(row: RankingRound, now: datetime) -> tuple[Plan, ...]:
    remind_at = row.closes_at - REMINDED_BEFORE
    until = row.closes_at.isoformat()  # one that is extended ends by another step
    close = Plan(f"ranking:{row.id}:close:{until}", CLOSE, row.id, row.closes_at)
    remind = Plan(f"ranking:{row.id}:remind:{until}", REMIND, row.id, remind_at)
    return (remind, close) if remind_at > now else (close,)


async def _items(event: Asked, tx: Tx) -> Sequence[Initiative]:
    """Those that are named, or all of a batch that have a score. Raises: Declined."""
    code = event.command.keys.get("batch", "")
    if code:
        batch = work.known(await batch_coded(tx, code), code, "batch")
        inside = (Initiative.batch_id == batch.id, col(Initiative.state).in_(_MAY_BE_RANKED))
        found = list(await tx.all(select(Initiative).where(*inside).order_by(col(Initiative.id))))
    else:
        codes = list(dict.fromkeys(each for each in event.command.codes if each.startswith("I-")))
        known = await coded(tx, codes)
        found = [work.known(known.get(each), each, "initiative") for each in codes]
    rated = await standing.worths(tx, [each.id for each in found])
    unfit = [each.code for each in found if each.state not in _MAY_BE_RANKED or each.id not in rated]
    if unfit:
        raise Declined(views.not_ready(unfit), code="E-05")
    if not rules.ITEMS_LEAST <= len(found) <= rules.ITEMS_MOST:
        raise Declined(views.how_many(len(found)))
    for other in await ranking.open_rounds(tx):
        both = [each.code for each in found if each.id in other.initiatives]
        if both:
            raise Declined(views.in_another(both, other), code="E-05")
    return found


async def until(event: Asked, tx: Tx, now: datetime) -> datetime:
    """In the evening of the day that was named, or a week from now. Raises: Declined for what is over."""
    text = event.command.keys.get("until", "")
    on = today_in(zone_of(event.by.person), now) + timedelta(days=DAYS_OPEN)
    if text:
        on = await work.day_meant(tx, event.by, text, now, line=event.command.text)
    return evening(on, zone_of(event.by.person), now)


def evening(on: date, zone: ZoneInfo, now: datetime) -> datetime:
    """When a round ends that takes ballots until a day. Raises: Declined for what is over."""
    closes_at = instant(on, CLOSES_AT, zone)
    if closes_at <= now:
        raise Declined(views.over(closes_at, zone), code="E-06")
    return closes_at


async def _concerned(tx: Tx, initiative: Initiative) -> set[int]:
    parts = {person.id for _, person in await stakeholders_of(tx, initiative.id)}
    return parts | ({initiative.owner_id} if initiative.owner_id else set())


async def _doers(tx: Tx, items: Sequence[Initiative]) -> Sequence[Person]:
    """Those who would do the work."""
    found = await people_numbered(tx, [each.owner_id for each in items])
    return [found[number] for number in sorted(found) if found[number].active]


# --- looked at


async def ask(tx: Tx, by: By, row: RankingRound) -> Replies:
    """The ballot once more, to somebody who is asked."""
    if by.person.id not in row.invited:
        raise Declined(views.not_invited(row.code), code="E-03")
    seen = await standing.shown(tx, row, zone_of(by.person))
    mine = await ranking.ballot_of(tx, row.id, by.person.id)
    asker = await tx.need(Person, row.opened_by)
    return Replies(answer=Answer(views.ballot(seen, mine, asker=first_name(asker)), stays=True))


async def _status(tx: Tx, by: By, row: RankingRound) -> Replies:
    may_run = await standing.may_run(tx, by.person)
    if not may_run and by.person.id not in row.invited:
        raise Declined(views.not_invited(row.code), code="E-03")
    seen = await standing.shown(tx, row, zone_of(by.person))
    _, ballots = await standing.result(tx, seen)
    return Replies(answer=Answer(views.status(seen, ballots, may_run=may_run)))


async def _show(tx: Tx, by: By, row: RankingRound) -> Replies:
    """Before it is published for those who run it alone; while it is open nobody sees what ballots say."""
    may_run = await standing.may_run(tx, by.person)
    if row.state in {State.OPEN, State.CANCELLED}:
        return await _status(tx, by, row)
    if not may_run and (row.state is State.CLOSED or by.person.id not in row.invited):
        raise Declined(views.only_leads(), code="E-03")
    seen = await standing.shown(tx, row, zone_of(by.person))
    found, ballots = await standing.result(tx, seen)
    return Replies(answer=Answer(views.result(seen, found, ballots, may_publish=may_run), stays=True))


async def show(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Show the result**."""
    return await _show(tx, event.by, await pressed(event, tx))


# --- moved on


async def close(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Close it now**."""
    return await _close(tx, event.by, await pressed(event, tx))


async def _close(tx: Tx, by: By, row: RankingRound) -> Replies:
    await need_runner(tx, by)
    await standing.need_legal(tx, row, "close", by.person)
    told = await closed(tx, row)
    seen = await standing.shown(tx, row, zone_of(by.person))
    found, ballots = await standing.result(tx, seen)
    return told + Replies(answer=Answer(views.result(seen, found, ballots, may_publish=True)), undoable=True)


async def closed(tx: Tx, row: RankingRound) -> Replies:
    """What initiatives are worth at this moment is kept with it, so that its result stays what it is."""
    rated = await ranking.scores_in(tx, row.initiatives)
    row.ratings = [[each.initiative_id, each.benefit, each.cost, each.effort] for each in rated]
    _note(tx, row, "close", row.state.value)
    row.state = State.CLOSED
    await tx.flush()
    return Replies(refresh=_stale(row))


async def _extend(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/initiative rank extend RR-1 until:fri`; without a day it asks for one."""
    row = await _named(event, tx)
    if not event.command.keys.get("until"):
        return await ask_until(tx, event.by, row, now)
    return await extended(tx, event.by, row, await until(event, tx, now), now=now)


async def ask_until(tx: Tx, by: By, row: RankingRound, now: datetime) -> Replies:
    """The form of a new last day."""
    await need_runner(tx, by)
    await standing.need_legal(tx, row, "extend", by.person)
    on = today_in(zone_of(by.person), now) + timedelta(days=DAYS_OPEN)
    return Replies(answer=Answer(views.extend_form(row, on)))


async def extended(tx: Tx, by: By, row: RankingRound, closes_at: datetime, *, now: datetime) -> Replies:
    """It takes ballots again, or longer; who has given none is asked once more. Raises: Declined."""
    await need_runner(tx, by)
    await standing.need_legal(tx, row, "extend", by.person)
    if row.state is State.OPEN and closes_at <= row.closes_at:
        raise Declined(views.not_longer(row, zone_of(by.person)), code="E-06")
    for other in await ranking.open_rounds(tx):
        both = [each.code for each in await ranking.ranked(tx, {*row.initiatives} & {*other.initiatives})]
        if both and other.id != row.id:
            raise Declined(views.in_another(both, other), code="E-05")
    _note(tx, row, "extend", row.state.value, after=State.OPEN)
    row.state, row.closes_at, row.ratings = State.OPEN, closes_at, []
    await tx.flush()
    said = {each.person_id for each in await ranking.ballots_of(tx, row.id) if any(each.tiers)}
    silent = await ranking.reachable(tx, [each for each in row.invited if each not in said])
    again = f":{closes_at.isoformat()}"
    card = says(views.extended(row, zone_of(by.person), [first_name(each) for each in silent]))
    show = tuple(_ballot(row, each, again) for each in silent)
    return Replies(answer=Answer(card), show=show, refresh=_stale(row), plan=_steps(row, now), undoable=True)


async def publish(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Publish**."""
    return await _publish(tx, event.by, await pressed(event, tx), now)


async def _publish(tx: Tx, by: By, row: RankingRound, _now: datetime) -> Replies:
    """Everybody who was asked sees it, and what was scored is ranked."""
    await need_runner(tx, by)
    await standing.need_legal(tx, row, "publish", by.person)
    seen = await standing.shown(tx, row, zone_of(by.person))
    _note(tx, row, "publish", row.state.value, after=State.PUBLISHED)
    row.state = State.PUBLISHED
    scored = [each for each in seen.items if each.state is InitiativeState.SCORED]
    for each in scored:
        before, each.state = each.state, InitiativeState.RANKED
        end = (Thing.INITIATIVE, each.id)
        audit.note(tx, end, "rank", before=before.value, after=each.state.value, reason=row.code)
    await tx.flush()
    show = tuple(
        Show(f"ranking:{row.id}:result:{each.id}", each, RESULT, {"round": row.id}, Lane.Traffic.REPLY)
        for each in await ranking.reachable(tx, row.invited)
        if each.id != by.person.id
    )
    card = says(views.published(row, len(scored)))
    return Replies(answer=Answer(card), show=show, refresh=_stale(row), undoable=True)


async def cancelled(tx: Tx, by: By, row: RankingRound, reason: str) -> Replies:
    """Nobody is asked any more. Raises: Declined, also without a word why."""
    await need_runner(tx, by)
    await standing.need_legal(tx, row, "cancel", by.person)
    if not reason.strip():
        raise Declined(views.needs_reason(row.code))
    why = work.at_most(REASON_MAX, reason.strip(), "That reason")
    _note(tx, row, "cancel", row.state.value, after=State.CANCELLED, reason=why)
    row.state = State.CANCELLED
    await tx.flush()
    return Replies(answer=Answer(says(views.cancelled(row))), refresh=_stale(row), undoable=True)


def _note(tx: Tx, row: RankingRound, verb: str, before: str, *, after: State | None = None, reason: str = "") -> None:
    """On the trail of each of its initiatives."""
    then = after or (State.OPEN if verb == "open" else State.CLOSED)
    for number in row.initiatives:
        end = (Thing.INITIATIVE, number)
        audit.note(tx, end, f"rank {verb}", field=row.code, before=before, after=then.value, reason=reason)


def _stale(row: RankingRound) -> tuple[Refresh, ...]:
    views_of = [Refresh(view, {"round": row.id, "person": each}) for each in row.invited for view in (BALLOT, REMINDER)]
    return (*views_of, Refresh(RESULT, {"round": row.id}))


async def after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    """Raises: Declined where a round would be open once more after its time, when nothing closes it any more."""
    codes = {each.field for each in await audit.of_event(tx, event_id) if each.verb in TAKEN_BACK}
    for code in sorted(codes):
        row = await round_coded(tx, code)
        if row is not None and row.state is State.OPEN and row.closes_at <= now:
            raise Declined(views.its_time_is_over(row), code="E-05")
    return Replies()
