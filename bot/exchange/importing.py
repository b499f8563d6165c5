"""`folkmoot import`: looks at every line of a list, and writes all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.actions import standing, telling
from bot.chat.localtime import today_in
from bot.exchange import checking, rules
from bot.exchange.checking import Checked, Known
from storage.actions import WAITING, Action
from storage.cadences import Occurrence
from storage.columns import Noun
from storage.engine import Database
from storage.importing import Arrival, keys_of, made_ready, reserved, write
from storage.initiatives import Batch, Initiative, Milestone
from storage.inserting import add_all_once
from storage.links import Thing
from storage.organisations import organisation_of
from storage.people import Person
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Sort:
    """What can be imported, and the columns of its list."""

    thing: Thing
    table: type[Noun]
    prefix: str
    columns: Sequence[str]
    required: Sequence[str]
    check: Callable[[Sequence[rules.Record], Known, int | None], Checked]


ACTIONS = Sort(
    Thing.ACTION,
    Action,
    "A",
    checking.ACTION_COLUMNS,
    checking.ACTION_REQUIRED,
    lambda records, known, by: checking.actions(records, known, by=by),
)
MILESTONES = Sort(
    Thing.MILESTONE,
    Milestone,
    "M",
    checking.MILESTONE_COLUMNS,
    checking.MILESTONE_REQUIRED,
    lambda records, known, _by: checking.milestones(records, known),
)


async def checked(
    database: Database, organisation_id: int, sort: Sort, content: bytes, *, by: int | None, now: datetime
) -> Checked:
    """Every line of a list, looked at; nothing is changed."""
    sheet = rules.read(content, sort.columns, sort.required)
    async with database.read(organisation_id) as tx:
        known = await _known(tx, sort.thing, now)
    found = sort.check(sheet.records, known, by)
    found.bad = sorted([*sheet.bad, *found.bad], key=lambda bad: bad.line)
    return found


async def kept(
    database: Database, organisation_id: int, sort: Sort, found: Checked, *, file: str, by: int | None, now: datetime
) -> Sequence[str]:
    """Writes the rows and plans their reminders, all in one transaction, and gives their codes.

    Raises: Conflict when somebody was faster.
    """
    if not found.drafts:
        return ()
    async with database.write(organisation_id) as tx:
        tx.acts_for(by=by, event_id=None, now=now)
        numbers = await reserved(tx, sort.table, sort.prefix, len(found.drafts))
    arrivals = [
        Arrival(
            {"id": number, "code": f"{sort.prefix}-{code}", **draft.columns}, draft.key, f"line {draft.line} of {file}"
        )
        for draft, number, code in zip(found.drafts, numbers.rows, numbers.codes, strict=True)
    ]
    async with database.read(organisation_id) as tx:
        ready = made_ready(tx, sort.table, arrivals, by=by, now=now)
        steps = await _reminders(tx, [each.columns for each in found.drafts], now) if sort is ACTIONS else ()
    async with database.write(organisation_id) as tx:
        await write(tx, ready)
        await add_all_once(tx, steps)
    return [f"{sort.prefix}-{code}" for code in numbers.codes]


async def _reminders(tx: Tx, actions: Sequence[Mapping[str, object]], now: datetime) -> Sequence[Occurrence]:
    """The steps that remind of actions as if they had been typed, one for everybody and time."""
    due: dict[object, set[date]] = {}
    for action in actions:
        if isinstance(action["due_on"], date) and action["state"] in WAITING:
            due.setdefault(action["owner_id"] or action["requester_id"], set()).add(action["due_on"])
    calendar = (await organisation_of(tx)).calendar
    holders = [each for each in await tx.all(select(Person).where(col(Person.active).is_(True))) if each.id in due]
    every = (
        plan
        for each in holders
        for due_on in due[each.id]
        for plan in telling.planned(standing.Works(each, calendar), due_on, now)
    )
    by_key = {
        plan.key: Occurrence(key=plan.key, kind=plan.kind, subject_id=plan.subject_id, due_at=plan.at) for plan in every
    }
    return list(by_key.values())


async def _known(tx: Tx, thing: Thing, now: datetime) -> Known:
    people: dict[str, list[int]] = {}
    everybody = select(col(Person.id), col(Person.name), col(Person.email)).where(col(Person.active).is_(True))
    for number, name, email in await tx.columns(everybody):
        for called in {name.casefold(), (email or name).casefold()}:
            people.setdefault(called, []).append(number)
    initiatives = await tx.columns(select(col(Initiative.code), col(Initiative.id), col(Initiative.state)))
    batches = await tx.columns(select(col(Batch.code), col(Batch.id)))
    return Known(
        people,
        {code: (number, state) for code, number, state in initiatives},
        dict(batches),
        await keys_of(tx, thing),
        today_in(ZoneInfo((await organisation_of(tx)).zone), now),
    )
