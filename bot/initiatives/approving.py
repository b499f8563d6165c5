"""`/initiative review`, **Approve**, **Query**: the sponsor says yes, or asks first."""

from datetime import datetime

from sqlmodel import col, select

from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.initiatives import asking, charter_views, charters, finding, limits, reply_views, rules
from bot.initiatives.asking import Step
from bot.initiatives.charters import REVIEW
from bot.initiatives.rules import CHARTER_MOVES, CharterState, State
from bot.work import handlers as work
from bot.work.rules import Part
from bot.work.views import REASON_MAX
from storage import audit, portfolio
from storage.audit import AuditEvent
from storage.initiatives import Charter, CharterQuery, Initiative, Milestone, charter_of
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person
from storage.tx import Tx

TOLD = "initiative.charter"


async def review(event: Asked | Pressed, tx: Tx, _now: datetime) -> Replies:
    """To the sponsor, once nothing is missing."""
    initiative = await (asking.the_initiative(tx, event) if isinstance(event, Asked) else asking.pressed(tx, event))
    charter = await charters.the_charter(tx, initiative)
    await _legal(tx, event.by, initiative, charter, verb="review")
    await _need_nothing(tx, initiative, charter, "reviewed")
    sponsor = await tx.need(Person, initiative.sponsor_id or 0)
    charter.state = CharterState.IN_REVIEW
    _note(tx, initiative, "review", before=CharterState.DRAFT, after=CharterState.IN_REVIEW)
    await tx.flush()
    return Replies(
        answer=Answer(says(charter_views.asked(initiative, sponsor))),
        show=(_asks(charter, sponsor),),
        refresh=await _stale(tx, charter),
        undoable=True,
    )


async def _need_nothing(tx: Tx, initiative: Initiative, charter: Charter, done: str) -> None:
    """Raises: Declined (E-08) with all that is missing."""
    if lacks := await finding.review_lacks(tx, initiative, charter):
        raise Declined(reply_views.incomplete(initiative, lacks, done), code="E-08")


def _asks(charter: Charter, sponsor: Person) -> Show:
    key = f"charter:{charter.id}:review:{charter.version}:{sponsor.id}"
    return Show(key, sponsor, REVIEW, {"charter": charter.id}, Lane.Traffic.REPLY)


async def _stale(tx: Tx, charter: Charter) -> tuple[Refresh, ...]:
    """Everything that shows a charter with its buttons."""
    entries = await portfolio.charter_entries(tx, charter.initiative_id)
    told = (Refresh(TOLD, {"charter": charter.id, "entry": each.id}) for each in entries)
    return (Refresh(REVIEW, {"charter": charter.id}), *told)


async def passed_on(tx: Tx, initiative: Initiative, *, owner: bool, sponsor: bool) -> Replies:
    """What waits for an answer waits for its new people; the buttons of the ones before go."""
    charter = await charter_of(tx, initiative.id)
    if charter is None or charter.state is not CharterState.IN_REVIEW:
        return Replies()
    show: list[Show] = []
    if sponsor:
        show.append(_asks(charter, await tx.need(Person, initiative.sponsor_id or 0)))
    is_open = any(each.is_open for each in await portfolio.queries_of(tx, charter.id))
    if owner and is_open:
        entries = await portfolio.charter_entries(tx, initiative.id)
        entry = next(each for each in reversed(entries) if each.verb == "query")
        show.append(_tells(charter, entry, await tx.need(Person, initiative.owner_id or 0)))
    return Replies(show=tuple(show), refresh=await _stale(tx, charter))


async def approve(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """The sponsor alone, when every query is answered; the dates of its milestones are a baseline from here on."""
    initiative, charter = await _which(tx, event)
    await _legal(tx, event.by, initiative, charter, verb="approve")
    if isinstance(event, Pressed) and event.number("version") != charter.version:
        raise Declined(charter_views.changed_since(initiative.code), code="E-20")
    if event.by.person.id in await portfolio.writers_of(tx, charter):
        raise Declined(charter_views.wrote_it(initiative.code), code="E-03")
    await _need_nothing(tx, initiative, charter, "approved")
    asked = [each for each in await portfolio.queries_of(tx, charter.id) if each.is_open]
    if asked:
        raise Declined(charter_views.open_queries(initiative.code, len(asked)))
    await limits.need_room(tx, initiative, charter, finding.today_of(event.by.person, now))
    charter.state, charter.approved_by, charter.approved_at = CharterState.APPROVED, event.by.person.id, now
    _note(tx, initiative, "approve", before=CharterState.IN_REVIEW, after=CharterState.APPROVED)
    if initiative.state is State.CHARTERED:
        move = next(each for each in rules.INITIATIVE_MOVES if each.verb == "approve")
        Step(tx, event.by, initiative, move, now).to_target()
    dated = await _baselined(tx, initiative)
    await tx.flush()
    words = says(charter_views.approved(initiative, dated))
    told = await _told(tx, initiative, charter, whom=initiative.owner_id, by=event.by)
    return Replies(Answer(words), show=told, refresh=await _stale(tx, charter), undoable=True)


async def _baselined(tx: Tx, initiative: Initiative) -> int:
    """Those that have one keep it: another approval moves no baseline."""
    states = [Milestone.State.PLANNED, Milestone.State.CLAIMED]
    mine = (Milestone.initiative_id == initiative.id, col(Milestone.baseline_on).is_(None))
    found = await tx.all(select(Milestone).where(*mine, col(Milestone.state).in_(states)))
    for each in found:
        each.baseline_on = each.forecast_on
        audit.note(tx, (Thing.MILESTONE, each.id), "baseline", field="baseline_on", after=each.baseline_on)
    return len(found)


async def open_query(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Query**: the form."""
    initiative, charter = await _which(tx, event)
    await _legal(tx, event.by, initiative, charter, verb="query")
    return Replies(answer=Answer(charter_views.query(initiative, charter)))


async def query(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """Something is to be cleared up first."""
    initiative, charter = await _which(tx, event)
    await _legal(tx, event.by, initiative, charter, verb="query")
    text = _text(event)
    if not text:
        refused = {charter_views.TEXT: charter_views.PLEASE_WRITE}
        return Replies(answer=Answer(charter_views.query(initiative, charter).refused(event.values, refused)))
    tx.add(CharterQuery(charter_id=charter.id, asked_by=event.by.person.id, text=text))
    _note(tx, initiative, "query", reason=text)
    await tx.flush()
    told = await _told(tx, initiative, charter, whom=initiative.owner_id, by=event.by)
    owner = await tx.get(Person, initiative.owner_id) if initiative.owner_id else None
    return Replies(Answer(says(charter_views.queried(owner))), show=told, refresh=await _stale(tx, charter))


async def open_answer(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Answer**: the form about the oldest open query."""
    initiative, charter = await _which(tx, event)
    await _legal(tx, event.by, initiative, charter, verb="answer")
    asked = next((each for each in await portfolio.queries_of(tx, charter.id) if each.is_open), None)
    return Replies(answer=Answer(charter_views.answer(initiative, work.known(asked, "that query", "query"))))


async def answer(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """The owner answers; when all are answered it can be approved."""
    asked = work.known(await tx.get(CharterQuery, event.number("query")), "that query", "query")
    charter = await tx.need(Charter, asked.charter_id)
    initiative = await tx.need(Initiative, charter.initiative_id)
    await _legal(tx, event.by, initiative, charter, verb="answer")
    if not asked.is_open:
        raise Declined(charter_views.answered_already(initiative.code), code="E-05")
    text = _text(event)
    if not text:
        refused = {charter_views.TEXT: charter_views.PLEASE_WRITE}
        return Replies(answer=Answer(charter_views.answer(initiative, asked).refused(event.values, refused)))
    asked.answer, asked.is_open = text, False
    _note(tx, initiative, "answer", reason=text)
    await tx.flush()
    who = await tx.need(Person, asked.asked_by)
    told = await _told(tx, initiative, charter, whom=who.id, by=event.by)
    words = says(charter_views.answered(who.name))
    return Replies(Answer(words), show=told, refresh=await _stale(tx, charter), undoable=True)


def _text(event: Submitted) -> str:
    return work.at_most(REASON_MAX, event.values.get(charter_views.TEXT, "").strip(), "That")


async def _which(tx: Tx, event: Asked | Pressed | Submitted) -> tuple[Initiative, Charter]:
    if isinstance(event, Asked):
        initiative = await asking.the_initiative(tx, event)
        return initiative, await charters.the_charter(tx, initiative)
    charter = work.known(await tx.get(Charter, event.number("charter")), "that charter", "charter")
    initiative = await tx.need(Initiative, charter.initiative_id)
    newest = await charters.the_charter(tx, initiative)
    if newest.id != charter.id:
        raise Declined(charter_views.changed_since(initiative.code), code="E-20")
    return initiative, charter


async def _legal(tx: Tx, by: By, initiative: Initiative, charter: Charter, *, verb: str) -> None:
    """Raises: Declined (E-20, E-05, E-03)."""
    await asking.not_overtaken(tx, initiative)
    code = f"The charter of {initiative.code}"
    if initiative.state in rules.FINAL:
        work.legal(rules.by_people(rules.INITIATIVE_MOVES), "charter", initiative.state, code=initiative.code)
    moves = work.legal(CHARTER_MOVES, verb, charter.state, code=code)
    parts = await finding.parts_of(tx, initiative, by.person, tx.acting.now)
    if verb == "approve" and Part.SPONSOR not in parts:
        sponsor = await tx.get(Person, initiative.sponsor_id) if initiative.sponsor_id else None
        raise Declined(charter_views.sponsor_alone(initiative.code, sponsor.name if sponsor else ""), code="E-03")
    work.permitted(moves, parts, code=code)


def _note(tx: Tx, initiative: Initiative, verb: str, *, before: str = "", after: str = "", reason: str = "") -> None:
    audit.note(tx, (Thing.INITIATIVE, initiative.id), verb, field="charter", before=before, after=after, reason=reason)


async def _told(tx: Tx, initiative: Initiative, charter: Charter, *, whom: int | None, by: By) -> tuple[Show, ...]:
    """One of its people hears of it, unless they did it themselves."""
    if whom is None or whom == by.person.id:
        return ()
    entries = await audit.newest(tx, (Thing.INITIATIVE, initiative.id), 2)
    entry = next(each for each in entries if each.field == "charter")
    return (_tells(charter, entry, await tx.need(Person, whom)),)


def _tells(charter: Charter, entry: AuditEvent, person: Person) -> Show:
    ids = {"charter": charter.id, "entry": entry.id}
    return Show(f"charter:{charter.id}:told:{entry.id}:{person.id}", person, TOLD, ids, Lane.Traffic.REPLY)
