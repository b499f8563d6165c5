"""New actions: from a line, a form, a message, a blocker; and questions to another department."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from bot.actions import form_views, reply_views, rules, standing, telling
from bot.actions.agreeing import day_off_notes, promised
from bot.actions.filling import refused
from bot.actions.outside import leaving
from bot.actions.rules import State
from bot.actions.views import Around
from bot.chat.commands import Command
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted, row_number
from bot.chat.forms import Values
from bot.chat.replies import Answer, Replies
from bot.customers.rules import CALL_BACK_DAYS
from bot.people import handlers as people
from bot.work import handlers as work
from bot.work.rules import day_in
from storage import audit
from storage.actions import Action, Priority, action_coded
from storage.blockers import Blocker, blocker_coded
from storage.customers import VocItem
from storage.decisions import decision_coded
from storage.initiatives import Batch, Initiative, batch_coded, initiative_coded
from storage.links import End, Link, Thing, link
from storage.organisations import next_code
from storage.people import Person
from storage.tx import Tx

KEYS = ("due", "owner", "prio", "initiative", "batch", "dod", "every", "from")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new action is to be."""

    title: str
    owner: Person
    due_on: date
    priority: Priority = Priority.P3
    done_when: str = ""
    every: str = ""
    initiative: Initiative | None = None
    batch: Batch | None = None
    source: End | None = None
    """What it came from."""
    requester: Person | None = None
    """Who asks for it, where that is not whoever makes it."""


async def add(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/action add "title" @owner due:fri`; what is missing is asked in the form, and nothing is stored until then."""
    command = event.command
    owners = (command.keys["owner"],) if command.keys.get("owner") else command.people
    owner = await work.one_person(tx, event.by, owners[0]) if len(owners) == 1 else None
    title = await _whole_title(tx, event.by, command) if owners != command.people or len(owners) > 1 else command.title
    due = command.keys.get("due", "")
    due_on = await work.day_meant(tx, event.by, due, now, line=command.text) if due else None
    priority, every = _priority(command.keys.get("prio", "")), _every(command.keys.get("every", ""))
    initiative, batch = await _belongs(tx, command)
    source = await source_of(tx, event.by.person, command.keys.get("from", ""))
    values = {
        "title": title[: rules.TITLE_MAX],
        "owner": str(owner.id) if owner else "",
        "due": due_on.isoformat() if due_on else "",
        "prio": priority.value,
        "dod": command.keys.get("dod", ""),
    }
    ids = _carried(initiative, batch, source, every)
    if not title or owner is None or due_on is None:
        return Replies(answer=Answer(form_views.add(values, ids=ids)))
    if (leaves := await leaving(tx, source, owner, by=event.by.person)) is not None:
        form = form_views.add(values, ids=ids)
        return Replies(answer=Answer(form_views.read_outside(form, values, owner, leaves)))
    draft = Draft(
        work.at_most(rules.TITLE_MAX, title, "That title"),
        owner,
        due_on,
        priority,
        work.at_most(rules.DONE_WHEN_MAX, command.keys.get("dod", ""), "That definition of done"),
        every,
        initiative,
        batch,
        source,
    )
    return await made(tx, event.by, draft, now)


async def _whole_title(tx: Tx, by: By, command: Command) -> str:
    """The title with the people at its end, where they are not the owner: `Answer the mail from @Ann @Ben`."""
    if command.quoted or not command.words or "@" in command.text.partition(command.words)[0]:
        return command.title
    found = [await people.named(tx, by.place, each) for each in command.people]
    names = [each[0].name if len(each) == 1 else name for each, name in zip(found, command.people, strict=True)]
    return " ".join([command.words, *(f"@{each}" for each in names)])


async def made(tx: Tx, by: By, draft: Draft, now: datetime) -> Replies:
    """Keeps a new action. Whoever takes one on themselves has agreed; anybody else is asked."""
    if draft.due_on < standing.today_of(by.person, now):
        raise Declined(reply_views.in_the_past(draft.due_on), code="E-06")
    is_own = draft.owner.id == by.person.id
    action = Action(
        code=await next_code(tx, "A"),
        title=draft.title,
        owner_id=draft.owner.id,
        requester_id=(draft.requester or by.person).id,
        priority=draft.priority,
        state=State.OPEN if is_own else State.PROPOSED,
        due_on=draft.due_on,
        done_when=draft.done_when,
        every=rules.anchored(draft.every, draft.due_on),
        initiative_id=draft.initiative.id if draft.initiative else None,
        batch_id=draft.batch.id if draft.batch else None,
    )
    if is_own:
        promised(action)
    around = await kept(tx, action, draft.source)
    card = reply_views.added(around, notes=await day_off_notes(tx, around))
    leaves = await leaving(tx, draft.source, draft.owner, by=by.person)
    also = (leaves.hears,) if leaves is not None else ()
    told = await telling.followed(tx, around, card, by=by.person, now=now, tell=(), also=also)
    return told + Replies(show=() if is_own else telling.asked(action, [draft.owner]))


async def kept(tx: Tx, action: Action, source: End | None) -> Around:
    tx.add(action)
    await tx.flush()
    audit.note(tx, (Thing.ACTION, action.id), "add", after=action.state.value)
    if source is not None:
        await link(tx, source, (Thing.ACTION, action.id))
    await tx.flush()
    return await standing.around(tx, action)


def _carried(initiative: Initiative | None, batch: Batch | None, source: End | None, every: str) -> dict[str, str]:
    found = {
        "initiative": str(initiative.id) if initiative else "",
        "batch": str(batch.id) if batch else "",
        "from": f"{source[0].value}:{source[1]}" if source else "",
        "every": every,
    }
    return {name: value for name, value in found.items() if value}


def _priority(text: str) -> Priority:
    try:
        return Priority(text.upper() or Priority.P3.value)
    except ValueError as problem:
        raise Declined(reply_views.not_a_priority(text)) from problem


def _every(text: str) -> str:
    every = rules.every_of(text) if text else ""
    if every is None:
        raise Declined(reply_views.not_every(text))
    return every


async def _belongs(tx: Tx, command: Command) -> tuple[Initiative | None, Batch | None]:
    initiative, batch = command.keys.get("initiative", ""), command.keys.get("batch", "")
    return (
        work.known(await initiative_coded(tx, initiative), initiative, "initiative") if initiative else None,
        work.known(await batch_coded(tx, batch), batch, "batch") if batch else None,
    )


async def source_of(tx: Tx, person: Person, code: str) -> End | None:
    """What a code after `from:` is. Raises: Declined (E-04), also for people of other companies."""
    if not code:
        return None
    if code.upper().startswith("B-"):
        return Thing.BLOCKER, _seen(work.known(await blocker_coded(tx, code), code, "blocker"), person).id
    if code.upper().startswith("A-"):
        action = work.known(await action_coded(tx, code), code, "action")
        if not await standing.may_see(tx, action, person):
            raise work.unseen(code)
        return Thing.ACTION, action.id
    if person.is_external:
        raise work.unseen(code)
    if code.upper().startswith("D-"):
        return Thing.DECISION, work.known(await decision_coded(tx, code), code, "decision").id
    return Thing.INITIATIVE, work.known(await initiative_coded(tx, code), code, "blocker, action or initiative").id


def _seen(blocker: Blocker, person: Person) -> Blocker:
    """Raises: Declined (E-04) for a blocker of others, where somebody is of another company."""
    if person.is_external and blocker.raised_by != person.id:
        raise work.unseen(blocker.code)
    return blocker


# --- the form


async def from_message(event: Pressed, _tx: Tx, _now: datetime) -> Replies:
    """The shortcut on a message: its words are the title, what of them fits."""
    words = " ".join(event.ids.get("text", "").split())
    values = {"title": words[: rules.TITLE_MAX], "dod": ""}
    return Replies(answer=Answer(form_views.add(values, ids={})))


async def from_blocker(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Make it an action** on a blocker: a form that can be sent as it is.

    It is not made at once, because its first date is a promise that stays on record: whoever makes it sees the date.
    """
    blocker = work.known(await tx.get(Blocker, event.number("blocker")), "that blocker", "blocker")
    _seen(blocker, event.by.person)
    works = await standing.works_of(tx, event.by.person)
    due_on = rules.nth_working_day(standing.today_of(event.by.person, now), rules.PROPOSED_DAYS, works)
    title = blocker.text[: rules.TITLE_MAX]
    values = {"title": title, "owner": str(event.by.person.id), "due": due_on.isoformat()}
    ids = _carried(None, None, (Thing.BLOCKER, blocker.id), "")
    known = await _came_from(tx, blocker)
    return Replies(answer=Answer(form_views.add(values, ids=ids, known=f"{known.code} {known.title}" if known else "")))


async def from_voc(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Make it an action** on a customer's words: somebody calls them back, in two working days."""
    person = event.by.person
    item = await tx.get(VocItem, event.number("voc"))
    if item is None or person.is_external:
        raise work.unseen("those words")
    works = await standing.works_of(tx, person)
    due_on = rules.nth_working_day(standing.today_of(person, now), CALL_BACK_DAYS, works)
    values = {"title": form_views.call_back(item), "owner": str(person.id), "due": due_on.isoformat()}
    ids = _carried(None, None, (Thing.VOC, item.id), "")
    return Replies(answer=Answer(form_views.add(values, ids=ids)))


async def _came_from(tx: Tx, blocker: Blocker) -> Action | None:
    """The newest action that a blocker led to and that was not called off."""
    came = (Link.kind == Link.Kind.LED_TO, Link.from_kind == Thing.BLOCKER, Link.from_id == blocker.id)
    query = select(Action).join(Link, col(Link.to_id) == Action.id).where(*came, Link.to_kind == Thing.ACTION)
    return await tx.first(query.where(Action.state != State.CANCELLED).order_by(col(Action.id).desc()))


async def save(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form of a new action."""
    values = event.values
    owner = await people.chosen(tx, event.by.place, values.get("owner", ""))
    due_on = day_in(values.get("due", ""))
    errors = _errors(values, owner, due_on, standing.today_of(event.by.person, now))
    if errors or owner is None or due_on is None:
        return refused(form_views.add({}, ids=event.ids), values, errors)
    kind, _, number = event.ids.get("from", "").partition(":")
    source = (Thing(kind), row_number(number)) if kind in set(Thing) else None
    leaves = await leaving(tx, source, owner, by=event.by.person)
    if leaves is not None and event.number(form_views.OUTSIDE) != owner.id:
        form = form_views.read_outside(form_views.add(values, ids=event.ids), values, owner, leaves)
        return Replies(answer=Answer(form, refuses=True))
    draft = Draft(
        values["title"].strip(),
        owner,
        due_on,
        _priority(values.get("prio", "")),
        values.get("dod", "").strip(),
        event.ids.get("every", ""),
        await tx.get(Initiative, event.number("initiative")),
        await tx.get(Batch, event.number("batch")),
        source,
    )
    return await made(tx, event.by, draft, now)


def _errors(values: Values, owner: Person | None, due_on: date | None, today: date) -> dict[str, str]:
    errors = {}
    title, dod = values.get("title", "").strip(), values.get("dod", "").strip()
    if not title:
        errors["title"] = form_views.please_write()
    elif len(title) > rules.TITLE_MAX:
        errors["title"] = form_views.too_long(rules.TITLE_MAX, len(title))
    if len(dod) > rules.DONE_WHEN_MAX:
        errors["dod"] = form_views.too_long(rules.DONE_WHEN_MAX, len(dod))
    if owner is None:
        errors["owner"] = form_views.can_not_be_asked() if values.get("owner", "") else form_views.please_choose()
    if due_on is None or due_on < today:
        errors["due"] = form_views.in_the_past(values.get("due", ""))
    return errors
