"""Migrations make exactly the tables that the code declares, on both databases, once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, make_url, text

from storage.engine import Database
from storage.errors import Newer, Older
from storage.schema import METADATA, found_version, wanted_version
from tests.faults.processes import PROCESSES, migrate
from tests.support.postgres import drop_database, new_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'folkmoot.db'}"
        return
    url = new_database(request.getfixturevalue("postgres_base"))
    yield url
    drop_database(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A plain engine on a migrated database."""
    opened = create_engine(make_url(database_url))
    yield opened
    opened.dispose()


def test_the_migrations_make_exactly_the_declared_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_migrating_twice_is_harmless(bare_url: str) -> None:
    database = Database(bare_url)
    database.migrate()
    database.migrate()
    database.check()


def test_two_programs_may_migrate_at_the_same_moment(bare_url: str) -> None:
    both = [PROCESSES.Process(target=migrate, args=(bare_url,), daemon=True) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(30)
    assert [each.exitcode for each in both] == [0, 0]
    Database(bare_url).check()


def test_a_database_without_tables_is_older(bare_url: str) -> None:
    with pytest.raises(Older, match=r"at no version yet; bring it up to date with: folkmoot migrate"):
        Database(bare_url).check()


def test_a_database_of_a_newer_program_is_left_alone(database_url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for work in (Database(database_url).check, Database(database_url).migrate):
        with pytest.raises(Newer, match="version 9999, which this program does not know"):
            work()
    assert found_version(engine) == "9999"


def test_a_migrated_database_says_at_which_version_it_is(engine: Engine) -> None:
    assert found_version(engine) == wanted_version() != ""
