"""A fresh database for each example of a property, cheaply: a copied file, or emptied tables."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from storage.schema import METADATA
from tests.support.examples import NewUrl
from tests.support.postgres import drop_database, new_database

AS_IF_NEW = """
SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL
"""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewUrl]:
    """Gives the address of an empty database, over and over; the one before is not needed any more."""
    if request.param == "sqlite":
        yield _copies(request.getfixturevalue("sqlite_template"), tmp_path_factory.mktemp("examples"))
        return
    url = new_database(request.getfixturevalue("postgres_base"), request.getfixturevalue("postgres_template"))
    yield lambda: _emptied(url)
    drop_database(url)


def _copies(template: Path, folder: Path) -> NewUrl:
    content, number = template.read_bytes(), count()

    def copy() -> str:
        for left in folder.iterdir():
            left.unlink()
        path = folder / f"example-{next(number)}.db"
        path.write_bytes(content)
        return f"sqlite:///{path}"

    return copy


def _emptied(url: str) -> str:
    """Deletes row by row: to truncate makes new files for every table, however few of them were written to."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    deletes = "; ".join(f'DELETE FROM "{table.name}"' for table in METADATA.sorted_tables)  # noqa: S608 -- our own names
    with psycopg.connect(address, autocommit=True) as connection:
        # As a replica: without looking for what points to a row that goes.
        connection.execute(f"SET session_replication_role = replica; {deletes}; {AS_IF_NEW}".encode())
    return url
