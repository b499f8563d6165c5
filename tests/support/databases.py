"""A migrated, empty database for each test: SQLite in a file, or PostgreSQL copied from a template."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.engine import Database
from tests.support.company import copied
from tests.support.postgres import drop_database, new_database


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    Database(f"sqlite:///{path}").migrate()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_base: str) -> Iterator[str]:
    """The address of a migrated PostgreSQL database to copy."""
    url = new_database(postgres_base)
    Database(url).migrate()
    yield url
    drop_database(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once for each engine."""
    if request.param == "sqlite":
        yield copied(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    url = new_database(request.getfixturevalue("postgres_base"), request.getfixturevalue("postgres_template"))
    yield url
    drop_database(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database that is open, once for each engine."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty SQLite database, for what is SQLite's alone or the same on both."""
    return copied(sqlite_template, tmp_path)


@pytest.fixture
async def sqlite(sqlite_url: str) -> AsyncIterator[Database]:
    """The same, open."""
    opened = Database(sqlite_url)
    yield opened
    await opened.close()
