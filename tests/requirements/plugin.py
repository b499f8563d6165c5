"""Tests say with `@pytest.mark.req` what they prove; `--requirements FILE` writes down what came of it."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.requirements.meanings import MEANINGS, groups, known_ids
from tests.requirements.page import Case, Outcome, counts, page

PROVES = "requirement"  # the name of the property that travels with a test's reports

OUTCOMES = {"passed": Outcome.PASS, "skipped": Outcome.SKIPPED, "failed": Outcome.FAIL}
PHASES = {"setup", "call", "teardown"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--requirements", metavar="FILE", help="write there which requirements the tests of this run prove"
    )


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--requirements")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Proofs(config.rootpath, Path(path)))


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class) -> Generator[None, object, object]:
    """Refuses a test that proves nothing we know of; as an error of its file, so that the run fails."""
    made = yield
    for each in made if isinstance(made, list) else [made]:
        if isinstance(each, pytest.Item):
            _check(collector, each)
    return made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.user_properties.extend((PROVES, each) for each in sorted(set(_ids_of(item))))


def _check(collector: pytest.Collector, item: pytest.Item) -> None:
    known = known_ids() if item.get_closest_marker("req") else []
    unknown = sorted({each for each in _ids_of(item) if each not in known})
    test = item.nodeid.partition("[")[0]
    if unknown:
        raise collector.CollectError(f"{test} is to prove {', '.join(unknown)}, which {MEANINGS.name} does not have")
    if any(not mark.args for mark in item.iter_markers("req")):
        raise collector.CollectError(f"{test} is marked req without an id; name one of {MEANINGS.name}")


def _ids_of(item: pytest.Item) -> Iterator[str]:
    return (str(each) for mark in item.iter_markers("req") for each in mark.args)


class Proofs:
    """Gathers what became of each marked test, wherever it ran, and writes the page when all have run."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root, self.path = root, root / path
        self.cases: dict[str, Case] = {}
        self.is_complete = True
        self.said = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.is_complete = self.is_complete and not report.failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # A process that died reports its test in no phase and without what it proves.
        self.is_complete = self.is_complete and report.when in PHASES
        ids = frozenset(str(value) for name, value in report.user_properties if name == PROVES)
        if ids:
            before = self.cases.get(report.nodeid)
            outcomes = [OUTCOMES[report.outcome], *([before.outcome] if before else [])]
            self.cases[report.nodeid] = Case(report.nodeid, ids, max(outcomes, key=list(Outcome).index))

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} or not self.is_complete:
            self.said = f"{self.path.name} stays as it is: not every test has run"
            return
        cases = list(self.cases.values())
        to_root = Path(os.path.relpath(self.root, self.path.parent)).as_posix()
        self.path.write_text(page(groups(), cases, f"{to_root}/"), encoding="utf-8")
        self.said = f"{self.path.name}: {counts(groups(), cases)}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(self.said)
