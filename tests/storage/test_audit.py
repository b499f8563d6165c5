"""The audit trail is only added to; links are drawn once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage import audit
from storage.audit import AuditEvent, Unchangeable
from storage.engine import Database
from storage.links import Link, Thing, link
from tests.support.company import NOON, Company, a_company, acting


@pytest.fixture
async def company(database: Database) -> Company:
    return await a_company(database)


async def an_entry(database: Database, company: Company) -> None:
    async with acting(database, company, "ada", event=None) as tx:
        audit.note(tx, (Thing.ACTION, 7), "done", before="open", after="done", reason="all eight are checked")


async def test_an_entry_says_who_did_what_when_and_why(database: Database, company: Company) -> None:
    await an_entry(database, company)
    async with database.read(company.id) as tx:
        (entry,) = await audit.newest(tx, (Thing.ACTION, 7), 5)
    assert (entry.by, entry.at, entry.verb) == (company.people["ada"].id, NOON, "done")
    assert (entry.before, entry.after, entry.reason) == ("open", "done", "all eight are checked")


async def test_an_entry_is_never_changed(database: Database, company: Company) -> None:
    await an_entry(database, company)
    with pytest.raises(Unchangeable):
        async with acting(database, company, "ada") as tx:
            (entry,) = await tx.all(select(AuditEvent))
            entry.reason = "nobody checked"
            await tx.flush()


async def test_an_entry_is_never_deleted(database: Database, company: Company) -> None:
    await an_entry(database, company)
    with pytest.raises(Unchangeable):
        async with acting(database, company, "ada") as tx:
            (entry,) = await tx.all(select(AuditEvent))
            await tx.session.delete(entry)
            await tx.flush()


@pytest.mark.parametrize(("arrived", "faster"), [(-1, True), (60, False)])
async def test_who_acted_while_something_was_on_its_way_was_faster(
    database: Database, company: Company, arrived: int, faster: bool
) -> None:
    arrived_at = datetime.now(UTC) + timedelta(seconds=arrived)
    await an_entry(database, company)
    async with database.write(company.id) as tx:
        tx.acts_for(by=company.people["dana"].id, event_id=None, now=NOON, arrived_at=arrived_at)
        assert (await audit.overtaken_by(tx, (Thing.ACTION, 7)) is not None) is faster
        assert await audit.overtaken_by(tx, (Thing.ACTION, 8)) is None


async def test_nobody_overtakes_themselves(database: Database, company: Company) -> None:
    arrived_at = datetime.now(UTC) - timedelta(seconds=1)
    await an_entry(database, company)
    async with database.write(company.id) as tx:
        tx.acts_for(by=company.people["ada"].id, event_id=None, now=NOON, arrived_at=arrived_at)
        assert await audit.overtaken_by(tx, (Thing.ACTION, 7)) is None


async def test_a_link_is_drawn_once_for_each_kind(database: Database, company: Company) -> None:
    start, end = (Thing.BLOCKER, 7), (Thing.ACTION, 104)
    async with acting(database, company, "ada") as tx:
        assert await link(tx, start, end)
        assert not await link(tx, start, end)
        assert await link(tx, start, end, Link.Kind.BLOCKS)
    async with database.read(company.id) as tx:
        found = await tx.all(select(Link).order_by(col(Link.id)))
    assert [each.kind for each in found] == [Link.Kind.LED_TO, Link.Kind.BLOCKS]
    assert {(each.from_kind, each.from_id, each.to_kind, each.to_id) for each in found} == {(*start, *end)}
