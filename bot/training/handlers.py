"""`/train`: what there is to learn, begun and finished; and who gives work to somebody hears what they miss."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from bot.chat.cards import Card, Note
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed
from bot.chat.replies import NOTHING, Answer, Refresh, Replies, Show
from bot.guide import views as words
from bot.people.rules import first_name
from bot.training import rules, standing, views
from bot.work import handlers as work
from storage.actions import Action
from storage.initiatives import initiative_coded
from storage.messages import Lane, Message, message_keyed
from storage.people import Person, Role, roles_of
from storage.teams import leads_any
from storage.training import (
    TrainingCompletion,
    TrainingModule,
    completion_of,
    completions,
    introduction,
    module_named,
    modules,
)
from storage.tx import Change, Tx

MODULE = "training.module"


async def show_list(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/train`."""
    await introduction(tx, now)
    person, begun = event.by.person, await completions(tx, event.by.person.id)
    every = await modules(tx)
    mine = {
        each.id: views.stands(begun.get(each.id), is_finished=await standing.has_finished(tx, each, person.id))
        for each in every
    }
    return Replies(answer=Answer(views.listed(every, mine, may_add=await _may_add(tx, person))))


async def add(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/train add "Calls in the field" minutes:20 kind:specialist initiative:I-3`. Raises: Declined."""
    command = event.command
    if not await _may_add(tx, event.by.person):
        raise Declined(words.only_admin(), code="E-03")
    await introduction(tx, now)
    name = work.at_most(rules.NAME_MAX, command.title, "That name")
    minutes, kind = rules.minutes_of(command.keys.get("minutes", "")), rules.kind_of(command.keys.get("kind", ""))
    if not name:
        raise Declined(views.needs_name())
    if await module_named(tx, name) is not None:
        raise Declined(views.name_taken(name))
    if minutes is None:
        raise Declined(views.needs_minutes(rules.MINUTES_MAX))
    if kind is None:
        raise Declined(views.needs_kind())
    code = command.keys.get("initiative", "")
    initiative = work.known(await initiative_coded(tx, code), code, "initiative") if code else None
    place = work.at_most(rules.PLACE_MAX, command.keys.get("place", ""), "That place")
    module = TrainingModule(name=name, kind=kind, minutes=minutes, place=place)
    module.initiative_id = initiative.id if initiative else None
    tx.add(module)
    await tx.flush()
    return Replies(answer=Answer(views.added(module, initiative.code if initiative else "")), undoable=True)


async def _may_add(tx: Tx, person: Person) -> bool:
    return Role.Kind.ADMIN in await roles_of(tx, person) or await leads_any(tx, person)


async def start(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/train start [NAME]`, **I begin now**."""
    module = await _meant(event, tx, now)
    if await completion_of(tx, module.id, event.by.person.id) is None:
        tx.add(TrainingCompletion(module_id=module.id, person_id=event.by.person.id, started_at=now))
        await tx.flush()
    return Replies(answer=Answer(views.started(module), stays=True), undoable=True)


async def finish(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """`/train done [NAME]`, **I have finished it**. Raises: Declined where they have said so before."""
    module = await _meant(event, tx, now)
    person = event.by.person
    found = await completion_of(tx, module.id, person.id)
    if found is not None and found.finished_at is not None:
        raise Declined(views.finished_before(module))
    if found is None:
        found = TrainingCompletion(module_id=module.id, person_id=person.id, started_at=now)
        tx.add(found)
    found.finished_at = now
    await tx.flush()
    return Replies(answer=Answer(views.finished(module)), refresh=stale(module, person), undoable=True)


def stale(module: TrainingModule, person: Person) -> tuple[Refresh, ...]:
    """The message that brought a module to somebody."""
    return (Refresh(MODULE, {"module": module.id}, reader=person),)


async def _meant(event: Asked | Pressed, tx: Tx, now: datetime) -> TrainingModule:
    """The module named or pressed; the introduction where none is named. Raises: Declined (E-04)."""
    built_in = await introduction(tx, now)
    if isinstance(event, Pressed):
        return work.known(await tx.get(TrainingModule, event.number("module")), "that module", "module")
    name = event.command.title
    found = await module_named(tx, name) if name else built_in
    if found is None:
        raise Declined(views.which(name, [each.name for each in await modules(tx)]), code="E-04")
    return found


# --- work for somebody who has not learnt yet what it needs


async def checked(tx: Tx, by: By, replies: Replies, now: datetime) -> Replies:
    """What an event gave to others is stored; who gave it is told what they have not finished, and they get it, once.

    Source: domain.md S3-22.
    """
    if replies.answer is None or not isinstance(replies.answer.content, Card):
        return NOTHING
    told, notes = NOTHING, []
    for person, action in await _given(tx, by):
        module = await standing.missing(tx, person, action.initiative_id, now)
        if module is None:
            continue
        key = f"training:{module.id}:{person.id}"
        is_first = not _stands(await message_keyed(tx, key))
        notes.append(Note(views.warned(first_name(person), module, is_first=is_first)))
        if is_first:
            told += Replies(show=(Show(key, person, MODULE, {"module": module.id}, Lane.Traffic.REPLY),))
    if not notes:
        return NOTHING
    card = replies.answer.content
    return told + Replies(answer=replace(replies.answer, content=replace(card, elements=(*card.elements, *notes))))


def _stands(message: Message | None) -> bool:
    """Whether somebody has a message; one that was taken back with the work is sent with the next."""
    return message is not None and not message.withdrawn and message.state is not Message.State.CANCELLED


async def _given(tx: Tx, by: By) -> Sequence[tuple[Person, Action]]:
    """Whom an event gave an action to, other than to who did it."""
    await tx.flush()
    made = select(Change).where(Change.event_id == by.event_id, Change.table == Action.__tablename__)
    owners = {
        each.row_id: each.after["owner_id"]
        for each in await tx.all(made.order_by(col(Change.id)))
        if each.after and each.after.get("owner_id") not in {None, by.person.id, (each.before or {}).get("owner_id")}
    }
    if not owners:
        return []
    people = {each.id: each for each in await tx.all(select(Person).where(col(Person.id).in_(owners.values())))}
    actions = await tx.all(select(Action).where(col(Action.id).in_(owners)).order_by(col(Action.id)))
    return [(people[owners[each.id]], each) for each in actions if each.owner_id == owners[each.id]]
