"""However much work there is, an answer asks the database the same number of questions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.dispatch import Dispatcher
from bot.routes import ROUTES
from schedules.simulated import SimulatedClock
from storage.engine import Database
from tests.support.company import NOON, an_event, copied
from tests.support.much_work import Amount, much_work
from tests.support.postgres import drop_database, new_database

SMALL = Amount(actions=600, initiatives=30, milestones=120, people=20)
MOST = 80  # questions for one answer
LINES = (
    "/today",
    "/action list",
    "/action list overdue all",
    "/milestones",
    "/milestones overdue",
    "/initiative map",
    "/search pump",
    "/search pump mill lane",
    "/search A-250",
    "/search trace A-250",
    "/search trace B-7",
    "/search trace I-7",
    "/search trace M-31",
    "/search trace BT-2",
)


@contextmanager
def asked() -> Iterator[list[str]]:
    """The questions that databases are asked meanwhile."""
    statements: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


async def questions(database: Database) -> dict[str, int]:
    """How many questions the answer to each line takes."""
    dispatcher = Dispatcher(database, ROUTES, SimulatedClock(NOON))
    found: dict[str, int] = {}
    for number, line in enumerate(("/help", *LINES)):  # the first event of all makes its room known
        with asked() as statements:
            assert await dispatcher.handle(an_event("dana", line, event=f"event-{number}")) is not None
        found[line] = len(statements)
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def two_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases, for each engine."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        folders = [tmp_path / "few", tmp_path / "many"]
        for folder in folders:
            folder.mkdir()
        yield copied(template, folders[0]), copied(template, folders[1])
        return
    template_url: str = request.getfixturevalue("postgres_template")
    urls = [new_database(request.getfixturevalue("postgres_base"), template_url) for _ in range(2)]
    yield urls[0], urls[1]
    for url in urls:
        drop_database(url)


async def test_the_number_of_questions_does_not_grow_with_the_rows(two_urls: tuple[str, str]) -> None:
    found = []
    for url, amount in zip(two_urls, (SMALL, SMALL.times(2)), strict=True):
        database = Database(url)
        try:
            await much_work(database, amount)
            found.append(await questions(database))
        finally:
            await database.close()
    few, many = found
    assert many == few
    assert max(many.values()) < MOST
