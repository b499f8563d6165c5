"""`folkmoot export`: a list of work, a chunk at a time."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias, TypeVar

from sqlmodel import col, select

from bot.exchange.rules import Format, as_csv, as_markdown, markdown_head
from bot.search.kinds import pieces
from storage.actions import Action
from storage.audit import AuditEvent
from storage.blockers import Blocker
from storage.columns import Row
from storage.engine import Database
from storage.importing import ImportedKey
from storage.initiatives import Batch, Domain, Initiative, Milestone, Phase
from storage.links import End, Link, Thing
from storage.people import Department, Person
from storage.tx import Tx

R = TypeVar("R", bound=Row)
CHUNK = 2000  # rows that are read at once

Cells: TypeAlias = Sequence[object]


class What(StrEnum):
    """Which list."""

    ACTIONS = "actions"
    INITIATIVES = "initiatives"
    MILESTONES = "milestones"
    LINKS = "links"
    AUDIT = "audit"


COLUMNS: Mapping[What, tuple[str, ...]] = {
    What.ACTIONS: (
        "code", "key", "kind", "title", "state", "priority", "owner", "owner_email", "requester", "requester_email",
        "due_on", "first_due_on", "redated", "initiative", "batch", "department", "blocker", "done_when", "evidence",
        "every", "finished_on", "closed_at", "created_at",
    ),
    What.INITIATIVES: (
        "code", "title", "kind", "state", "priority", "domain", "stage", "department", "batch", "owner", "owner_email",
        "sponsor", "sponsor_email", "starts_on", "ends_on", "delivered_at", "created_at",
    ),
    What.MILESTONES: (
        "code", "key", "initiative", "phase", "title", "state", "owner", "owner_email", "baseline_on", "forecast_on",
        "proposed_on", "actual_on", "rebaselined", "reason", "evidence", "created_at",
    ),
    What.LINKS: ("kind", "from_kind", "from_code", "from_title", "to_kind", "to_code", "to_title", "created_at", "by"),
    What.AUDIT: ("at", "by", "kind", "code", "title", "verb", "field", "before", "after", "reason"),
}  # fmt: skip
"""The heads of each list. They are a promise: programs read them."""


async def lines(
    database: Database, organisation_id: int, what: What, form: Format
) -> AsyncGenerator[tuple[str, int], None]:
    """The file in pieces, and how many rows each has; in one reading transaction, oldest rows first."""
    write = as_csv if form is Format.CSV else as_markdown
    yield as_csv([COLUMNS[what]]) if form is Format.CSV else markdown_head(COLUMNS[what]), 0
    async with database.read(organisation_id) as tx:
        async for chunk in _CHUNKS[what](tx):
            yield write(chunk), len(chunk)


Chunks: TypeAlias = Callable[[Tx], AsyncIterator[Sequence[Cells]]]


def _chunked(table: type[R], cells: Callable[[Tx, Sequence[R]], Awaitable[Sequence[Cells]]]) -> Chunks:
    async def chunks(tx: Tx) -> AsyncIterator[Sequence[Cells]]:
        last = 0
        while True:
            rows = await tx.all(select(table).where(col(table.id) > last).order_by(col(table.id)).limit(CHUNK))
            if not rows:
                return
            last = rows[-1].id
            yield await cells(tx, rows)
            tx.session.expunge_all()

    return chunks


async def _actions(tx: Tx, rows: Sequence[Action]) -> Sequence[Cells]:
    who = await _people(tx, [number for row in rows for number in (row.owner_id, row.requester_id)])
    initiatives = await _codes(tx, Initiative, [row.initiative_id for row in rows])
    batches = await _codes(tx, Batch, [row.batch_id for row in rows])
    blockers = await _codes(tx, Blocker, [row.blocker_id for row in rows])
    departments = await _names(tx, Department, [row.department_id for row in rows])
    keys = await _keys(tx, Thing.ACTION, rows)
    return [
        (
            row.code, keys.get(row.id), row.kind, row.title, row.state, row.priority, *who(row.owner_id),
            *who(row.requester_id), row.due_on, row.first_due_on, row.redated, initiatives(row.initiative_id),
            batches(row.batch_id), departments(row.department_id), blockers(row.blocker_id), row.done_when,
            row.evidence, row.every, row.finished_on, row.closed_at, row.created_at,
        )
        for row in rows
    ]  # fmt: skip


async def _initiatives(tx: Tx, rows: Sequence[Initiative]) -> Sequence[Cells]:
    who = await _people(tx, [number for row in rows for number in (row.owner_id, row.sponsor_id)])
    domains = await _names(tx, Domain, [row.domain_id for row in rows])
    departments = await _names(tx, Department, [row.department_id for row in rows])
    batches = await _codes(tx, Batch, [row.batch_id for row in rows])
    return [
        (
            row.code, row.title, row.kind, row.state, row.priority, domains(row.domain_id), row.stage,
            departments(row.department_id), batches(row.batch_id), *who(row.owner_id), *who(row.sponsor_id),
            row.starts_on, row.ends_on, row.delivered_at, row.created_at,
        )
        for row in rows
    ]  # fmt: skip


async def _milestones(tx: Tx, rows: Sequence[Milestone]) -> Sequence[Cells]:
    who = await _people(tx, [row.owner_id for row in rows])
    initiatives = await _codes(tx, Initiative, [row.initiative_id for row in rows])
    phases = await _names(tx, Phase, [row.phase_id for row in rows])
    keys = await _keys(tx, Thing.MILESTONE, rows)
    return [
        (
            row.code, keys.get(row.id), initiatives(row.initiative_id), phases(row.phase_id), row.title, row.state,
            *who(row.owner_id), row.baseline_on, row.forecast_on, row.proposed_on, row.actual_on, row.rebaselined,
            row.reason, row.evidence, row.created_at,
        )
        for row in rows
    ]  # fmt: skip


async def _links(tx: Tx, rows: Sequence[Link]) -> Sequence[Cells]:
    who = await _people(tx, [row.created_by for row in rows])
    both = await _ends(tx, [end for row in rows for end in ((row.from_kind, row.from_id), (row.to_kind, row.to_id))])
    return [
        (
            row.kind, *both((row.from_kind, row.from_id)), *both((row.to_kind, row.to_id)), row.created_at,
            who(row.created_by)[0],
        )
        for row in rows
    ]  # fmt: skip


async def _audit(tx: Tx, rows: Sequence[AuditEvent]) -> Sequence[Cells]:
    who = await _people(tx, [row.by for row in rows])
    about = await _ends(tx, [(row.thing, row.thing_id) for row in rows])
    return [
        (
            row.at, who(row.by)[0], *about((row.thing, row.thing_id)), row.verb, row.field, row.before, row.after,
            row.reason,
        )
        for row in rows
    ]  # fmt: skip


_CHUNKS: Mapping[What, Chunks] = {
    What.ACTIONS: _chunked(Action, _actions),
    What.INITIATIVES: _chunked(Initiative, _initiatives),
    What.MILESTONES: _chunked(Milestone, _milestones),
    What.LINKS: _chunked(Link, _links),
    What.AUDIT: _chunked(AuditEvent, _audit),
}


# --- what numbers mean, a question for each table and chunk


async def _people(tx: Tx, numbers: Collection[int | None]) -> Callable[[int | None], tuple[str, str]]:
    query = select(col(Person.id), col(Person.name), col(Person.email)).where(col(Person.id).in_(_some(numbers)))
    known = {number: (name, email or "") for number, name, email in await tx.columns(query)}
    return lambda number: known.get(number or 0, ("", ""))


async def _codes(
    tx: Tx, table: type[Initiative] | type[Batch] | type[Blocker], numbers: Collection[int | None]
) -> Callable[[int | None], str]:
    query = select(col(table.id), col(table.code)).where(col(table.id).in_(_some(numbers)))
    known = dict(await tx.columns(query))
    return lambda number: known.get(number or 0, "")


async def _names(
    tx: Tx, table: type[Department] | type[Domain] | type[Phase], numbers: Collection[int | None]
) -> Callable[[int | None], str]:
    query = select(col(table.id), col(table.name)).where(col(table.id).in_(_some(numbers)))
    known = dict(await tx.columns(query))
    return lambda number: known.get(number or 0, "")


async def _keys(tx: Tx, thing: Thing, rows: Sequence[Row]) -> Mapping[int, str]:
    mine = (ImportedKey.thing == thing, col(ImportedKey.thing_id).in_([row.id for row in rows]))
    return dict(await tx.columns(select(col(ImportedKey.thing_id), col(ImportedKey.key)).where(*mine)))


async def _ends(tx: Tx, ends: Collection[End]) -> Callable[[End], tuple[str, str, str]]:
    known = await pieces(tx, set(ends))

    def told(end: End) -> tuple[str, str, str]:
        piece = known.get(end)
        return (end[0].value, piece.code, piece.title) if piece else (end[0].value, "", "")

    return told


def _some(numbers: Collection[int | None]) -> list[int]:
    return sorted({number for number in numbers if number is not None})
