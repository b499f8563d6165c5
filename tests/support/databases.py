"""A migrated, empty database for each test: SQLite in a file, or PostgreSQL copied from a template."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Database
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
        template: Path = request.getfixturevalue("sqlite_template")
        path = tmp_path / "folkmoot.db"
        path.write_bytes(template.read_bytes())
        yield f"sqlite:///{path}"
        return
    url = new_database(request.getfixturevalue("postgres_base"), request.getfixturevalue("postgres_template"))
    yield url
    drop_database(url)
