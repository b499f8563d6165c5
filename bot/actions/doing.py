"""The work on an action: begun, held up, done, checked, opened again."""

import re
from datetime import datetime, timedelta

from bot.actions import form_views, reply_views, rules, standing, telling
from bot.actions.agreeing import Step, chosen, coded, pressed, refuse, step
from bot.actions.filling import Filled, takes
from bot.actions.freeing import let_go
from bot.actions.rules import State
from bot.blockers import handlers as blockers
from bot.blockers.handlers import Obstacle
from bot.blockers.rules import is_open
from bot.blockers.views import already
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, row_number
from bot.chat.forms import Form
from bot.chat.replies import Answer, Refresh, Replies
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work.views import REASON_MAX, needs_reason
from storage.actions import Action
from storage.blockers import Blocker, blocker_coded
from storage.links import Link, Thing, link
from storage.people import Department, Person, departments
from storage.teams import teams_of
from storage.tx import Tx

_BLOCKER = re.compile(r"\bB-\d{1,9}\b", re.ASCII | re.IGNORECASE)


async def start(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/action start A-104`, **It can go on**. Raises: Declined (E-07) without an owner or a date."""
    action = await (coded(tx, event) if isinstance(event, Asked) else pressed(tx, event))
    if action.state is State.PROPOSED and (action.owner_id is None or action.due_on is None):
        raise Declined(reply_views.needs(action), code="E-07")
    going = await step(tx, event.by, action, "start", now=now)
    going.to_target()
    held_by, action.blocker_id = action.blocker_id, None
    around = await going.around()
    card = reply_views.started(around)
    told = await telling.followed(tx, around, card, by=event.by.person, now=now, tell=(telling.OWNER,))
    if held_by is None:
        return told
    told = await let_go(tx, event.by, action, held_by, told=told)
    return told + Replies(refresh=(Refresh(telling.FREED, telling.freed_ids(held_by, action.owner_id or 0)),))


# --- held up


async def ask_hold(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Something's in the way**: the form."""
    actions = await chosen(tx, event, "block", now)
    return Replies(answer=Answer(form_views.hold(actions, await departments(tx), {})))


async def _hold_form(tx: Tx, action: Action) -> Form:
    return form_views.hold([action], await departments(tx), {})


@takes(form_views.WHY, _hold_form)
async def take_hold(sent: Filled) -> Replies:
    """The form of what is in the way."""
    department = await sent.tx.get(Department, row_number(sent.values.get("helper", "")))
    return await hold(sent.tx, sent.by, sent.action, sent.text, now=sent.now, department=department)


async def block(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action block A-104 waiting for parts`, or `/action block A-104 B-7` for a blocker that is known."""
    action = await coded(tx, event)
    code = next((each for each in event.command.codes if each.startswith("B-")), "")
    known = work.known(await blocker_coded(tx, code), code, "blocker") if code else None
    if known is not None and event.by.person.is_external and known.raised_by != event.by.person.id:
        raise work.unseen(code)
    reason = event.command.title.strip()
    if known is not None and reason and _ends_with(event.command.text, known.code):
        reason = f"{reason} {known.code}"  # "waiting for" alone would be half a sentence
    if known is None:
        known = await _named_in(tx, reason, event.by.person)
    return await hold(tx, event.by, action, reason, now=now, known=known)


async def _named_in(tx: Tx, reason: str, person: Person) -> Blocker | None:
    """The one open blocker that somebody names amid their words, where they may see it."""
    codes = {each.upper() for each in _BLOCKER.findall(reason)}
    found = await blocker_coded(tx, next(iter(codes))) if len(codes) == 1 else None
    if found is None or not is_open(found) or (person.is_external and found.raised_by != person.id):
        return None
    return found


def _ends_with(line: str, code: str) -> bool:
    return line.rstrip(" ,;:.!?").upper().endswith(f" {code}")


async def hold(
    tx: Tx,
    by: By,
    action: Action,
    reason: str,
    *,
    now: datetime,
    known: Blocker | None = None,
    department: Department | None = None,
) -> Replies:
    """It is held up by a blocker: one that is known, or a new one of its owner's team."""
    going = await step(tx, by, action, "block", now=now)
    if known is None and not reason:
        raise Declined(needs_reason(action.code, f"/action block {action.code} waiting for parts"))
    if known is not None and not is_open(known):
        raise Declined(already(known, "what it waits for"), code="E-05")
    words = work.at_most(REASON_MAX, reason or (known.text if known else ""), "That reason")
    blocker = known or await _raised(going, Obstacle(words, department.id if department else None, False))
    if blocker is not None:
        action.blocker_id = blocker.id
        await link(tx, (Thing.BLOCKER, blocker.id), going.end, Link.Kind.BLOCKS)
    going.to_target(reason=words)
    around = await going.around()
    return await telling.followed(tx, around, reply_views.held(around, words), by=by.person, now=now)


async def _raised(going: Step, obstacle: Obstacle) -> Blocker | None:
    """A blocker of its owner's first team; who belongs to none has the reason alone."""
    tx, by = going.tx, going.by.person
    owner = await tx.get(Person, going.action.owner_id or 0) or by
    today = standing.today_of(owner, going.now)
    teams = await teams_of(tx, owner, today)
    if not teams:
        return None
    own = teams[0].department_id
    return await blockers.raised(tx, obstacle, by=by.id, team_id=teams[0].id, own_department_id=own, on=today)


# --- done


async def done(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`done A-104 [what shows it]`, **Done**."""
    if isinstance(event, Asked) and rules.names_several(event.command.codes, event.command.words):
        raise Declined(reply_views.one_at_a_time("done"))
    action = await (coded(tx, event) if isinstance(event, Asked) else pressed(tx, event))
    evidence = event.command.title.strip() if isinstance(event, Asked) else ""
    if action.done_when and not evidence:
        await step(tx, event.by, action, "done", now=now, when=rules.CHECKED)
        return Replies(answer=Answer(form_views.evidence([action], {})))
    return await finish(tx, event.by, action, evidence, now=now)


async def ask_evidence(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Done** where it says when it counts as done: the form."""
    return Replies(answer=Answer(form_views.evidence(await chosen(tx, event, "done", now), {})))


async def _evidence_form(_tx: Tx, action: Action) -> Form:
    return form_views.evidence([action], {})


@takes("evidence", _evidence_form, may_be_empty=lambda action: not action.done_when)
async def take_evidence(sent: Filled) -> Replies:
    """The form of what shows that it is done."""
    return await finish(sent.tx, sent.by, sent.action, sent.text, now=sent.now)


async def finish(tx: Tx, by: By, action: Action, evidence: str, *, now: datetime) -> Replies:
    """Done, or said to be: then a second person is asked. Raises: Declined where there is none."""
    going = await step(tx, by, action, "done", now=now, when=rules.CHECKED if action.done_when else rules.UNCHECKED)
    whom = await standing.checkers(tx, action, now) if action.done_when else ()
    if action.done_when and not whom:
        raise Declined(reply_views.nobody_else(action))
    action.evidence = work.at_most(REASON_MAX, evidence, "That evidence") or action.evidence
    action.finished_on = standing.today_of(by.person, now)
    if not whom:
        action.closed_at = now
    going.to_target(reason=evidence)
    around = await going.around()
    card = reply_views.finished(around, [first_name(each) for each in whom])
    told = await telling.followed(
        tx, around, card, by=by.person, now=now, tell=() if whom else (telling.OWNER, telling.REQUESTER)
    )
    if whom:
        return told + Replies(show=telling.asked(action, whom))
    return told + await telling.again(tx, around, now)


# --- checked


async def ask_not_yet(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Not yet**: the form, for those who may say so."""
    action = await pressed(tx, event)
    await step(tx, event.by, action, "reject", now=now)
    return Replies(answer=Answer(form_views.not_yet(action, {})))


async def _not_yet_form(_tx: Tx, action: Action) -> Form:
    return form_views.not_yet(action, {})


@takes(form_views.WHY, _not_yet_form)
async def take_not_yet(sent: Filled) -> Replies:
    """The form of what is still missing."""
    return await refuse(sent.tx, sent.by, sent.action, sent.text, now=sent.now)


async def reopen(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action reopen A-104 "the text was not sent"`, within REOPEN_DAYS."""
    action = await coded(tx, event)
    going = await step(tx, event.by, action, "reopen", now=now)
    reason = event.command.title.strip()
    if action.closed_at is not None and now - action.closed_at > timedelta(days=rules.REOPEN_DAYS):
        raise Declined(reply_views.too_long_ago(action), code="E-05")
    if not reason:
        raise Declined(needs_reason(action.code, f'/action reopen {action.code} "the text was not sent"'))
    going.to_target(reason=work.at_most(REASON_MAX, reason, "That reason"))
    action.finished_on = action.closed_at = action.accepted_by = None
    around = await going.around()
    return await telling.followed(tx, around, reply_views.reopened(around), by=event.by.person, now=now)
