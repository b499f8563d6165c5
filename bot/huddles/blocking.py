"""Answers that name what is in the team's way already: the same thing, or a new one. Source: domain.md 3.3, E-11."""

from datetime import datetime

from bot.blockers import handlers as blockers
from bot.blockers import raising, telling
from bot.blockers import rules as blocker_rules
from bot.blockers.handlers import Obstacle
from bot.chat.errors import Declined
from bot.chat.events import By, Pressed
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.huddles import answering, blocker_views, rules, scene
from bot.huddles.keeping import raised_in
from bot.huddles.scene import Scene
from storage.blockers import Blocker
from storage.huddles import HuddleAnswer, answer_of
from storage.links import Thing, link
from storage.people import Department
from storage.tx import Tx


async def same(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Same thing**: the answer counts as that blocker, as it did while nobody had said so."""
    _, _, known = await _named(tx, event)
    await raising.met(tx, event.by, known, ways=(blocker_views.new_button(known, event.ids),), now=now)
    return Replies(answer=Answer(blocker_views.same_it_is(known)))


async def new(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**It's new**: what the newest edition of the answer says gets a number of its own."""
    around, answer, known = await _named(tx, event)
    if await raised_in(tx, around.run, known) and known.raised_by == answer.person_id:
        raise Declined(blocker_views.new_already(known), code="E-05")
    text = rules.answer_to(around.asks, answer.answers, "blocker")
    if blocker_rules.says_nothing(text):
        raise Declined(blocker_views.gone_since())
    department = await tx.get(Department, event.number(blocker_views.DEPT))
    stopped = bool(event.ids.get(blocker_views.STOPPED))
    obstacle = Obstacle(text, department.id if department else None, stopped)
    raised = await _raised(tx, event.by, around, obstacle, now=now)
    answer.blocker_id = raised.id
    refresh = answering.stale(around.run, event.by.person) + await telling.stale(tx, raised)
    return Replies(answer=Answer(blocker_views.new_number(raised)), refresh=refresh, undoable=True)


async def _raised(tx: Tx, by: By, around: Scene, obstacle: Obstacle, *, now: datetime) -> Blocker:
    on = max(around.run.local_date, today_in(around.zone, now))
    team = around.team
    raised = await blockers.raised(
        tx, obstacle, by=by.person.id, team_id=team.id, own_department_id=team.department_id, on=on
    )
    await link(tx, (Thing.HUDDLE, around.run.id), (Thing.BLOCKER, raised.id))
    return raised


async def _named(tx: Tx, event: Pressed) -> tuple[Scene, HuddleAnswer, Blocker]:
    """The newest edition of the answer that a button is about, and the blocker that it names. Raises: Declined."""
    asked = await tx.get(HuddleAnswer, event.number("answer"))
    if asked is None or asked.person_id != event.by.person.id:
        raise Declined(words.old_button())
    around = await scene.scene_of(tx, asked.run_id)
    answer = None if around is None else await answer_of(tx, around.run, asked.person_id)
    if around is None or answer is None or answer.blocker_id is None:
        raise Declined(blocker_views.gone_since())
    return around, answer, await tx.need(Blocker, answer.blocker_id)
