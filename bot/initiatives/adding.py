"""`/initiative idea`, `/initiative add`: a new one, unless it looks like one that is there."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed
from bot.chat.replies import Answer, Replies
from bot.chat.words import day
from bot.initiatives import asking, reply_views, rules
from bot.initiatives.rules import About
from bot.work import handlers as work
from storage import audit, links
from storage.initiatives import Domain, Initiative, Objective
from storage.links import Link, Thing
from storage.organisations import next_code
from storage.portfolio import open_initiatives
from storage.tx import Tx

KEYS = ("domain", "stage", "objective", "kind")


class Typed(NamedTuple):
    """A new initiative as it was typed, read and checked."""

    title: str
    stage: str
    domain: Domain | None
    objective: Objective | None
    kind: Initiative.Kind


async def idea(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """Anybody has an idea."""
    values = {"title": event.command.title, **{key: event.command.keys.get(key, "") for key in KEYS}}
    return await _checked(tx, event.by, values)


async def add(event: Asked, tx: Tx, now: datetime) -> Replies:
    """A lead adds one."""
    await asking.need_lead(tx, event.by.person, "add an initiative; anybody can keep an idea")
    return await idea(event, tx, now)


async def _checked(tx: Tx, by: By, values: Mapping[str, str]) -> Replies:
    """Raises: Declined (E-11) when it looks like one that is open; nothing is kept until somebody has decided."""
    typed = await _read(tx, values, by)
    about = About(typed.title, typed.stage, by.person.department_id)
    for other in [] if by.person.is_external else await open_initiatives(tx):
        if rules.overlaps(about, About(other.title, other.stage, other.department_id)):
            words = reply_views.looks_like(other, day(other.created_at.date()))
            raise Declined(words, code="E-11", ways=reply_views.overlap_ways(other, values))
    return await _kept(tx, by, typed)


async def _read(tx: Tx, values: Mapping[str, str], by: By) -> Typed:
    title = work.at_most(rules.TITLE_MAX, values.get("title", "").strip(), "That title")
    if not title:
        raise Declined(reply_views.needs_title())
    domain, objective = values.get("domain", ""), values.get("objective", "")
    return Typed(
        title,
        work.at_most(rules.NAME_MAX, values.get("stage", "").strip(), "That stage"),
        await asking.the_domain(tx, domain, by.person) if domain else None,
        await asking.the_objective(tx, objective, by.person) if objective else None,
        kind_of(values.get("kind", "")),
    )


def kind_of(text: str) -> Initiative.Kind:
    """Raises: Declined for a kind that there is not."""
    kinds = [each.value for each in Initiative.Kind]
    if text and text.casefold() not in kinds:
        raise Declined(reply_views.not_one_of("kind", text, kinds))
    return Initiative.Kind(text.casefold()) if text else Initiative.Kind.FIX


async def _kept(tx: Tx, by: By, typed: Typed) -> Replies:
    initiative = Initiative(
        code=await next_code(tx, "I"),
        title=typed.title,
        stage=typed.stage,
        kind=typed.kind,
        domain_id=typed.domain.id if typed.domain else None,
        department_id=by.person.department_id,
    )
    tx.add(initiative)
    await tx.flush()
    end = (Thing.INITIATIVE, initiative.id)
    audit.note(tx, end, "add", after=initiative.state.value)
    if typed.objective is not None:
        await links.link(tx, end, (Thing.OBJECTIVE, typed.objective.id), Link.Kind.SERVES)
    return Replies(answer=Answer(reply_views.added(initiative)), undoable=True)


async def keep_new(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**It's new**: kept as it was typed."""
    replies = await _kept(tx, event.by, await _read(tx, event.ids, event.by))
    card = replies.answer.content if replies.answer else says("")
    return Replies(answer=Answer(card, settles=True), undoable=True)


async def same(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Same thing**: nothing is kept but that somebody had the same idea."""
    initiative = await asking.pressed(tx, event)
    audit.note(tx, (Thing.INITIATIVE, initiative.id), "overlap", field="", reason=event.ids.get("title", ""))
    return Replies(answer=Answer(says(reply_views.same_thing(initiative)), settles=True))
