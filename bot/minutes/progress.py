"""How far the actions of a meeting have come: by owner, by department, in counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import col, select

from bot.actions.rules import is_closed, is_overdue
from bot.council.standing import Around
from bot.minutes import gathering
from bot.minutes.body import Body, Task
from bot.minutes.views import Progress
from storage.actions import Action
from storage.minutes import people_numbered
from storage.people import Department, Person
from storage.tx import Tx


async def rows_of(tx: Tx, tasks: Sequence[Task]) -> Sequence[Action]:
    """The actions of some minutes as they stand now, in the order of the agenda; without those that were cancelled."""
    numbers = [each.id for each in tasks]
    found = {each.id: each for each in await tx.all(select(Action).where(col(Action.id).in_(numbers)))}
    live = [found[number] for number in numbers if number in found]
    return [each for each in live if each.state is not Action.State.CANCELLED]


async def tasks_of(tx: Tx, body: Body, person: Person) -> Sequence[Task]:
    """Somebody's actions from a meeting, with their dates of now."""
    return [_task(each, person.name) for each in await rows_of(tx, body.tasks) if each.owner_id == person.id]


async def tasks_of_department(tx: Tx, body: Body, department: Department) -> Sequence[Task]:
    """The actions that people of a department have from what a body holds."""
    rows = await rows_of(tx, body.tasks)
    people = await people_numbered(tx, {each.owner_id for each in rows if each.owner_id is not None})
    owned = [(each, people.get(each.owner_id or 0)) for each in rows]
    return [_task(each, who.name) for each, who in owned if who is not None and who.department_id == department.id]


def _task(action: Action, owner: str) -> Task:
    return Task(action.id, action.code, action.title, owner, action.due_on)


def only(body: Body, code: str) -> Body:
    """The minutes with nothing in them but the items, and the sections, in which a decision was made."""
    passages = []
    for each in body.passages:
        points = tuple(point for point in each.points if any(one.code == code for one in point.decisions))
        is_here = any(one.code == code for one in each.decisions)
        passages.append(replace(each, points=points, decisions=(), tasks=each.tasks if is_here else ()))
    return replace(body, passages=tuple(passages))


async def of_meeting(tx: Tx, found: Around, today: date) -> Sequence[Progress]:
    """Who has actions from a meeting, and how far they have come; in the order of the agenda."""
    record = await gathering.record_of(tx, found)
    rows = {action.id: action for _, action in record.led_to if action.state is not Action.State.CANCELLED}
    names: dict[int, str] = {}
    mine: dict[int, list[Action]] = {}
    for each in rows.values():
        if each.owner_id is not None and record.name(each.owner_id):
            names[each.owner_id] = record.name(each.owner_id)
            mine.setdefault(each.owner_id, []).append(each)
    return [
        Progress(
            names[number],
            sum(is_closed(each) for each in theirs),
            len(theirs),
            sum(is_overdue(each, today) for each in theirs),
        )
        for number, theirs in mine.items()
    ]
