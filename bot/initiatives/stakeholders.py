"""`/initiative people`: who has which part, what each of them hears first, and what they ask."""

from datetime import datetime

from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.initiatives import asking, finding, people_views, reply_views
from bot.initiatives.asking import Step
from bot.initiatives.finding import MAY_ANSWER
from bot.work import handlers as work
from bot.work.views import REASON_MAX, only
from storage import audit, portfolio
from storage.audit import AuditEvent
from storage.initiatives import Initiative, Stakeholder
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person, admins
from storage.portfolio import stakeholders_of
from storage.tx import Tx

KICK_OFF, QUESTION, REPLY = "initiative.kick_off", "initiative.question", "initiative.reply"
Part = Stakeholder.Part


async def name_part(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/initiative people I-4 @Ann part:R`; without anybody, its card."""
    initiative = await asking.the_initiative(tx, event)
    going = await asking.step(tx, event.by, initiative, verb="set", now=now)
    typed = event.command.keys.get("part", "").strip().upper()
    if not event.command.people or typed not in {each.value for each in Part}:
        raise Declined(people_views.whom(initiative.code))
    person = await work.one_person(tx, event.by, event.command.people[0])
    return await _named(going, person, Part(typed))


async def first_accountable(going: Step, person_id: int) -> Replies:
    """An owner is accountable where nobody is yet."""
    known = await stakeholders_of(going.tx, going.initiative.id)
    if any(row.part is Part.ACCOUNTABLE for row, _ in known):
        return Replies()
    replies = await _named(going, await going.tx.need(Person, person_id), Part.ACCOUNTABLE)
    return Replies(show=replies.show, refresh=replies.refresh)


async def _named(going: Step, person: Person, part: Part) -> Replies:
    """Exactly one is accountable: a second one takes that over, and the only one can't give it away."""
    tx, initiative = going.tx, going.initiative
    await portfolio.one_at_a_time(tx)  # two that are named at once must not both be accountable
    await asking.not_overtaken(tx, initiative)
    known = await stakeholders_of(tx, initiative.id)
    holder = next(((row, who) for row, who in known if row.part is Part.ACCOUNTABLE), None)
    mine = next((row for row, who in known if who.id == person.id), None)
    if part is not Part.ACCOUNTABLE and (holder is None or holder[1].id == person.id):
        raise Declined(people_views.somebody_must_answer(initiative.code))
    before = holder[1] if holder and part is Part.ACCOUNTABLE and holder[1].id != person.id else None
    if holder and before:
        holder[0].part = Part.RESPONSIBLE
    was = mine.part.value if mine else ""
    if mine is None:
        mine = Stakeholder(initiative_id=initiative.id, person_id=person.id, part=part)
        tx.add(mine)
    mine.part = part
    going.note(f"part of {person.id}", was, part.value)
    await tx.flush()
    card = reply_views.said(*people_views.named(initiative, person, part, before))
    return Replies(answer=Answer(card), show=(_kick_off(mine, person),), refresh=_stale(mine), undoable=True)


def _kick_off(row: Stakeholder, person: Person) -> Show:
    return Show(f"kick-off:{row.id}", person, KICK_OFF, {"stakeholder": row.id}, Lane.Traffic.REPLY)


def _stale(row: Stakeholder) -> tuple[Refresh, ...]:
    return (Refresh(KICK_OFF, {"stakeholder": row.id}),)


async def has_read(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**I've read it**: the first time counts."""
    row = work.known(await tx.get(Stakeholder, event.number("stakeholder")), "that initiative", "initiative")
    if row.person_id != event.by.person.id:
        raise Declined(people_views.not_their_part(), code="E-03")
    row.read_at = row.read_at or now
    initiative = await tx.need(Initiative, row.initiative_id)
    return Replies(answer=Answer(says(people_views.has_read(initiative))), refresh=_stale(row))


async def open_question(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**I have a question**: the form."""
    return Replies(answer=Answer(people_views.ask(await asking.pressed(tx, event))))


async def ask(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """The question goes to the owner, or to an administrator where there is none."""
    initiative = await asking.pressed(tx, event)
    text = _text(event)
    if not text:
        form = people_views.ask(initiative)
        return Replies(answer=Answer(form.refused(event.values, {people_views.TEXT: people_views.please_write()})))
    entry = await _entry(tx, initiative, "ask", text)
    found = await tx.get(Person, initiative.owner_id) if initiative.owner_id else None
    owner = found if found and found.active else None
    show = tuple(_asks(entry, each) for each in ([owner] if owner else (await admins(tx))[:1]))
    return Replies(answer=Answer(says(people_views.sent_to(initiative, owner))), show=show)


def _asks(entry: AuditEvent, person: Person) -> Show:
    ids = {"initiative": entry.thing_id, "entry": entry.id}
    return Show(f"question:{entry.id}:{person.id}", person, QUESTION, ids, Lane.Traffic.REPLY)


async def passed_on(tx: Tx, initiative: Initiative, owner: Person) -> Replies:
    """What is not answered yet waits for the new owner; the buttons of the one before go."""
    asked = [entry for entry, reply in await portfolio.questions_of(tx, initiative.id) if reply is None]
    stale = tuple(Refresh(QUESTION, {"initiative": initiative.id, "entry": each.id}) for each in asked)
    return Replies(show=tuple(_asks(each, owner) for each in asked), refresh=stale)


async def open_answer(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Answer**: the form, for who may answer, while nobody has."""
    initiative = await asking.pressed(tx, event)
    return Replies(answer=Answer(people_views.answer(initiative, await _open(tx, event, initiative))))


async def answer(event: Submitted, tx: Tx, _now: datetime) -> Replies:
    """The answer goes to the one who asked."""
    initiative = await asking.pressed(tx, event)
    await portfolio.one_at_a_time(tx)  # two that answer at once must not both be heard
    question = await _open(tx, event, initiative)
    text = _text(event)
    if not text:
        form = people_views.answer(initiative, question)
        return Replies(answer=Answer(form.refused(event.values, {people_views.TEXT: people_views.please_write()})))
    entry = await _entry(tx, initiative, "answer", text, field=portfolio.answer_to(question.id))
    person = await tx.need(Person, question.by or 0)
    ids = {"initiative": initiative.id, "entry": entry.id}
    show = (Show(f"reply:{entry.id}", person, REPLY, ids, Lane.Traffic.REPLY),)
    stale = (Refresh(QUESTION, {"initiative": initiative.id, "entry": question.id}),)
    return Replies(answer=Answer(says(people_views.answer_sent(person.name))), show=show, refresh=stale)


def _text(event: Submitted) -> str:
    return work.at_most(REASON_MAX, event.values.get(people_views.TEXT, "").strip(), "That")


async def _entry(tx: Tx, initiative: Initiative, verb: str, text: str, *, field: str = "") -> AuditEvent:
    audit.note(tx, (Thing.INITIATIVE, initiative.id), verb, field=field, reason=text)
    await tx.flush()
    (entry,) = await audit.newest(tx, (Thing.INITIATIVE, initiative.id), 1)
    return entry


async def _open(tx: Tx, event: Pressed | Submitted, initiative: Initiative) -> AuditEvent:
    """The question, not answered yet. Raises: Declined (E-04, E-03, E-05)."""
    asked = {entry.id: (entry, reply) for entry, reply in await portfolio.questions_of(tx, initiative.id)}
    entry, reply = work.known(asked.get(event.number("entry")), "that question", "question")
    if (await finding.parts_of(tx, initiative, event.by.person, tx.acting.now)).isdisjoint(MAY_ANSWER):
        raise Declined(only(MAY_ANSWER, initiative.code), code="E-03")
    if reply is not None:
        raise Declined(people_views.answered_already(reply.reason), code="E-05")
    return entry
