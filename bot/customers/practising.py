"""`/story practice`: what works in one department is offered to the others, who adopt it or don't."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Refresh, Replies, Show
from bot.customers import standing, views
from bot.customers.handlers import fits, need_inside
from storage.customers import Adoption, BestPractice, adoptions_of, hold_practice, practices
from storage.messages import Lane
from storage.people import Department, Person, departments, zone_of
from storage.tx import Tx

OFFER = "practice.offer"
LISTED = 10  # practices, the newest ones
Verdict = Adoption.Verdict


async def practice(event: Asked, tx: Tx, now: datetime) -> Replies:
    """Writes a practice down and offers it to the other departments' heads; without words, the newest ones.

    Raises: Declined.
    """
    person, text = event.by.person, event.command.title.strip()
    need_inside(person)
    mine = await _department(tx, person, now)
    if not text:
        return await _listed(tx, mine)
    if mine is None:
        raise Declined(views.no_department())
    fits("That", text, views.PRACTICE_MAX)
    row = BestPractice(text=text, department_id=mine.id, author_id=person.id)
    tx.add(row)
    await tx.flush()
    heads = await _other_heads(tx, mine, person)
    show = tuple(
        Show(f"practice:{row.id}:{department.id}", head, OFFER, _ids(row, department), Lane.Traffic.REPLY)
        for department, head in heads
    )
    (offer,) = await standing.offers(tx, [row])
    return Replies(answer=Answer(views.told(offer, len(heads))), show=show, undoable=True)


def _ids(row: BestPractice, department: Department) -> dict[str, int]:
    return {"practice": row.id, "department": department.id}


async def _department(tx: Tx, person: Person, now: datetime) -> Department | None:
    """The department for which somebody speaks."""
    return await standing.department_of(tx, person, today_in(zone_of(person), now))


async def _listed(tx: Tx, mine: Department | None) -> Replies:
    found = await practices(tx, LISTED)
    given = await adoptions_of(tx, [each.id for each in found])
    is_open = {
        each.id: mine is not None
        and each.department_id != mine.id
        and mine.id not in {answer.department_id for answer in given[each.id]}
        for each in found
    }
    return Replies(answer=Answer(views.practices(await standing.offers(tx, found), is_open), stays=True))


async def _other_heads(tx: Tx, mine: Department, author: Person) -> Sequence[tuple[Department, Person]]:
    """Whom a practice is offered to: who heads another department, once for each; nobody of another company."""
    others = {each.head_id: each for each in await departments(tx) if each.head_id and each.id != mine.id}
    inside = (col(Person.active).is_(True), col(Person.is_external).is_(False), Person.id != author.id)
    people = await tx.all(select(Person).where(col(Person.id).in_(others), *inside).order_by(col(Person.id)))
    return [(others[each.id], each) for each in people]


async def adopt(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Adopt**."""
    return await _answered(event, tx, now, Verdict.ADOPTED)


async def decline(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Not for us**."""
    return await _answered(event, tx, now, Verdict.NOT_FOR_US)


async def _answered(event: Pressed, tx: Tx, now: datetime, verdict: Verdict) -> Replies:
    """What somebody says for their department; what it said before is replaced. Raises: Declined (E-03, E-04)."""
    person = event.by.person
    need_inside(person)
    row = await tx.get(BestPractice, event.number("practice"))
    if row is None:
        raise Declined(views.no_practice(), code="E-04")
    mine = await _department(tx, person, now)
    if mine is None:
        raise Declined(views.no_department(), code="E-03")
    if mine.id == row.department_id:
        raise Declined(views.own_practice(mine.name), code="E-03")
    await hold_practice(tx, row)
    given = (await adoptions_of(tx, [row.id]))[row.id]
    before = next((each for each in given if each.department_id == mine.id), None)
    is_new = before is None or before.verdict is not verdict
    if before is None:
        tx.add(Adoption(practice_id=row.id, department_id=mine.id, verdict=verdict, answered_by=person.id))
    elif is_new:
        before.verdict, before.answered_by = verdict, person.id
    await tx.flush()
    (offer,) = await standing.offers(tx, [row])
    known = [each.id for each in await departments(tx)]
    stale = tuple(Refresh(OFFER, {"practice": row.id, "department": each}) for each in known) if is_new else ()
    card = views.answered(offer, mine.name, verdict, is_new=is_new)
    return Replies(answer=Answer(card), refresh=stale, undoable=is_new)
