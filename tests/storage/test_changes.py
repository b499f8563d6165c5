"""The change log: every change of a noun is kept with before and after, by whom, on which event."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from storage.engine import Database
from storage.people import Absence, Person
from storage.tx import Change, Tx
from tests.support.company import NOON, a_company, acting

EVENT = 71


async def changes(tx: Tx, table: str) -> list[Change]:
    return list(
        await tx.all(select(Change).where(Change.table == table, Change.event_id == EVENT).order_by(col(Change.id)))
    )


async def test_a_new_row_is_kept_with_what_it_holds_and_who_made_it(database: Database) -> None:
    company = await a_company(database)
    ada = company.people["ada"]
    async with acting(database, company, "ada", event=EVENT) as tx:
        tx.add(Absence(person_id=ada.id, from_on=NOON.date(), note="at the dentist"))
    async with database.read(company.id) as tx:
        (change,) = await changes(tx, "absence")
    assert (change.by, change.event_id, change.at, change.version) == (ada.id, EVENT, NOON, 1)
    assert change.before is None
    assert change.after is not None
    assert (change.after["note"], change.after["from_on"]) == ("at the dentist", "2026-11-24")


async def test_a_change_is_kept_with_before_and_after(sqlite: Database) -> None:
    company = await a_company(sqlite)
    async with acting(sqlite, company, "dana", event=EVENT) as tx:
        (await tx.need(Person, company.people["ada"].id)).name = "Ada Lovelace"
    async with sqlite.read(company.id) as tx:
        (change,) = await changes(tx, "person")
    assert change.by == company.people["dana"].id
    assert change.before is not None
    assert change.after is not None
    assert (change.before["name"], change.after["name"]) == ("Ada", "Ada Lovelace")
    assert (change.before["zone"], change.after["zone"]) == ("Europe/London", "Europe/London")
    assert change.version == 2


async def test_a_deletion_is_kept_with_what_was_there(sqlite: Database) -> None:
    company = await a_company(sqlite)
    async with acting(sqlite, company, "ada") as tx:
        tx.add(absence := Absence(person_id=company.people["ada"].id, from_on=NOON.date()))
    async with acting(sqlite, company, "ada", event=EVENT) as tx:
        await tx.session.delete(await tx.need(Absence, absence.id))
    async with sqlite.read(company.id) as tx:
        (change,) = await changes(tx, "absence")
    assert change.after is None
    assert change.before is not None
    assert change.before["from_on"] == "2026-11-24"


async def test_a_row_that_is_only_touched_leaves_no_change(sqlite: Database) -> None:
    company = await a_company(sqlite)
    async with acting(sqlite, company, "ada", event=EVENT) as tx:
        ada = await tx.need(Person, company.people["ada"].id)
        ada.name = str(ada.name)
    async with sqlite.read(company.id) as tx:
        assert await changes(tx, "person") == []
        assert (await tx.need(Person, ada.id)).version == 1


async def test_a_row_knows_when_it_was_made_and_changed_and_by_whom(sqlite: Database) -> None:
    company = await a_company(sqlite)
    later = datetime(2026, 11, 24, 15, tzinfo=ZoneInfo("Europe/Berlin"))
    async with acting(sqlite, company, "ada") as tx:
        tx.add(absence := Absence(person_id=company.people["ada"].id, from_on=NOON.date()))
    async with acting(sqlite, company, "dana", now=later) as tx:
        (await tx.need(Absence, absence.id)).note = "back soon"
    async with sqlite.read(company.id) as tx:
        kept = await tx.need(Absence, absence.id)
    assert (kept.created_at, kept.created_by) == (NOON, company.people["ada"].id)
    assert kept.updated_at == datetime(2026, 11, 24, 14, tzinfo=UTC)
