"""**Undo** of what was done to an initiative: what must hold for it holds after that too."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.replies import Replies
from bot.guide import views as words
from bot.initiatives import finding, limits, people_views, reply_views
from bot.initiatives.charter_views import PHASES
from bot.initiatives.rules import CharterState, State
from bot.work import graph
from storage import audit, portfolio, ranking
from storage.audit import AuditEvent
from storage.initiatives import Dependency, Initiative, Stakeholder, charter_of
from storage.links import Thing
from storage.tx import Change, Tx

_COUNTED = (State.APPROVED, State.IN_FLIGHT, State.PAUSED)
"""In which what was approved is spent."""


async def after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    """Raises: Declined where nobody or two would be accountable, too many in flight (E-08), or things in a circle."""
    await _stays_without_circles(tx, event_id)
    deeds = [each for each in await audit.of_event(tx, event_id) if each.thing is Thing.INITIATIVE]
    if not deeds:
        return Replies()
    await portfolio.one_at_a_time(tx)
    for number in sorted({each.thing_id for each in deeds}):
        initiative = await tx.get(Initiative, number)
        if initiative is not None:
            await _check(tx, initiative, [each for each in deeds if each.thing_id == number], now)
    return Replies()


async def _check(tx: Tx, initiative: Initiative, deeds: Sequence[AuditEvent], now: datetime) -> None:
    await _stays_rated(tx, initiative)
    if any(each.field.startswith("part of ") for each in deeds):
        await _one_is_accountable(tx, initiative)
    if any(each.before == State.IN_FLIGHT.value != each.after for each in deeds):
        await _there_is_a_place(tx, initiative, now)
    if initiative.state in _COUNTED:
        charter = await charter_of(tx, initiative.id)
        if charter is not None and charter.state is CharterState.APPROVED:
            await limits.need_room(tx, initiative, charter, await finding.today_here(tx, now))
    if any(each.field == PHASES for each in deeds):
        charter = await charter_of(tx, initiative.id)
        if charter is not None:
            portfolio.touched(charter)


async def _stays_without_circles(tx: Tx, event_id: int) -> None:
    """A dependency that is there again may have been turned round since, between initiatives or milestones."""
    theirs = (Change.event_id == event_id, Change.table == Dependency.__tablename__, col(Change.after).is_(None))
    for change in await tx.all(select(Change).where(*theirs)):
        gone = change.before or {}
        edges = await portfolio.edges(tx, Thing(gone["thing"]))
        if graph.closing_path(edges, gone["from_id"], gone["to_id"]) is not None:
            raise Declined(words.changed_since())


async def _stays_rated(tx: Tx, initiative: Initiative) -> None:
    """What people are asked to rank has a worth until they are done."""
    asking = [each for each in await ranking.open_rounds(tx) if initiative.id in each.initiatives]
    if asking and not await portfolio.scores_of(tx, initiative.id):
        raise Declined(reply_views.being_ranked(initiative.code, asking[0].code), code="E-05")


async def _one_is_accountable(tx: Tx, initiative: Initiative) -> None:
    parts = [row.part for row, _ in await portfolio.stakeholders_of(tx, initiative.id)]
    if parts and parts.count(Stakeholder.Part.ACCOUNTABLE) != 1:
        raise Declined(people_views.somebody_must_answer(initiative.code))


async def _there_is_a_place(tx: Tx, initiative: Initiative, now: datetime) -> None:
    frame = await portfolio.frame_on(tx, await finding.today_here(tx, now))
    if frame is not None and await portfolio.in_flight(tx, but=initiative.id) >= frame.max_in_flight:
        raise Declined(reply_views.no_place(initiative.code), code="E-08")
