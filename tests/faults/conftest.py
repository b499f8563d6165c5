"""What the tests of faults share: a day played without a fault, and one table that tells what the faults did."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.chapters import Day, northwater_on
from tests.faults.tally import PROPERTY, Tally, added_up, as_lines, as_markdown
from tests.support.postgres import drop_database, new_database


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Callable[[Tally], None]:
    """Tells the table at the end what one test saw."""
    return lambda told: record_property(PROPERTY, told.as_json())


@pytest.fixture(scope="session")
def northwater_postgres(postgres_base: str) -> Iterator[str]:
    """A PostgreSQL database with the demo organisation, to copy."""
    url = new_database(postgres_base)
    northwater_on(url)
    yield url
    drop_database(url)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The chapters of a day, once for each engine."""
    if request.param == "sqlite":
        morning = f"sqlite:///{request.getfixturevalue('northwater_template')}"
    else:
        morning = request.getfixturevalue("northwater_postgres")
    return Day(morning, tmp_path_factory.mktemp("day"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def morning(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of the demo organisation on Tuesday, 09:14, once for each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("northwater_url")
        return
    template = request.getfixturevalue("northwater_postgres")
    url = new_database(template, template)
    yield url
    drop_database(url)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    every = [each for found in terminalreporter.stats.values() for each in found]
    calls = [each for each in every if isinstance(each, pytest.TestReport) and each.when == "call"]
    told = [Tally.from_json(str(value)) for each in calls for name, value in each.user_properties if name == PROPERTY]
    if not told:
        return
    rows = added_up(told)
    terminalreporter.write_sep("=", "faults")
    for line in as_lines(rows):
        terminalreporter.write_line(line)
    file = os.environ.get("FOLKMOOT_FAULTS_REPORT")
    if file:
        Path(file).write_text(as_markdown(rows))
