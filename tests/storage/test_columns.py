"""Columns: instants are aware and in UTC, wall-clock times are neither, words stay words."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import cast

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import select, text

from storage.cadences import Cadence
from storage.engine import Database
from storage.organisations import Organisation
from storage.people import Absence, Role
from storage.tx import SYSTEM
from tests.support.company import NOON, a_company, acting


async def test_a_naive_instant_is_refused(sqlite: Database) -> None:
    with pytest.raises(StatementError, match="an instant must be aware"):
        async with sqlite.write(SYSTEM) as tx:
            tx.session.add(Organisation(name="Northwater", zone="UTC", created_at=datetime(2026, 11, 24, 12)))  # noqa: DTZ001
    async with sqlite.read(SYSTEM) as tx:
        assert (await tx.session.scalars(select(Organisation))).all() == []


async def test_an_instant_of_any_zone_comes_back_in_utc_and_to_the_microsecond(database: Database) -> None:
    at = datetime(2026, 11, 24, 17, 30, 15, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    async with database.write(SYSTEM) as tx:
        tx.session.add(Organisation(name="Northwater", zone="UTC", created_at=at))
    async with database.read(SYSTEM) as tx:
        kept = (await tx.session.scalars(select(Organisation))).one()
    assert kept.created_at == at
    assert kept.created_at.tzinfo is UTC


async def test_a_wall_clock_time_keeps_what_the_clock_showed(database: Database) -> None:
    company = await a_company(database)
    quarter_past = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 - the hour that happens twice
    async with acting(database, company) as tx:
        cadence = Cadence(kind="round", subject_id=1, rule="FREQ=DAILY", starts_at=quarter_past, zone="Europe/London")
        tx.add(cadence)
    async with database.read(company.id) as tx:
        assert (await tx.need(Cadence, cadence.id)).starts_at == quarter_past


async def test_a_word_that_is_none_of_its_kind_is_refused(sqlite: Database) -> None:
    company = await a_company(sqlite)
    with pytest.raises(StatementError, match="'emperor' is not a valid"):
        async with acting(sqlite, company) as tx:
            tx.add(Role(person_id=company.people["ada"].id, kind=cast("Role.Kind", "emperor")))


async def test_a_word_is_kept_as_itself_and_comes_back_as_its_kind(database: Database) -> None:
    company = await a_company(database, admin="Ada")
    async with database.read(company.id) as tx:
        assert (await tx.run(text("SELECT kind FROM role"))).scalars().all() == ["admin"]
        assert await tx.all(select(Role.kind)) == [Role.Kind.ADMIN]


async def test_a_row_that_points_to_nothing_is_refused(database: Database) -> None:
    company = await a_company(database)
    with pytest.raises(Exception, match="changed the same thing"):
        async with acting(database, company) as tx:
            tx.add(Absence(person_id=4711, from_on=date(NOON.year, NOON.month, NOON.day)))
