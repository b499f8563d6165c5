"""`--parity FILE` writes down what became of each law on each platform."""

from collections import defaultdict
from pathlib import Path

import pytest

from tests.conformance.parity import Outcome, counts, laws, page

PLATFORM = "platform"  # the name of the property that travels with a test's reports
OUTCOMES = {"passed": Outcome.PASS, "skipped": Outcome.SKIPPED, "failed": Outcome.FAIL}
PHASES = {"setup", "call", "teardown"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--parity", metavar="FILE", help="write there which laws hold on which platform")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--parity")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Table(config.rootpath / path))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        spec = getattr(item, "callspec", None)
        platform = spec.params.get(PLATFORM) if spec is not None else None
        item.user_properties.append((PLATFORM, platform or item.path.stem.removeprefix("test_on_")))


class Table:
    """Gathers what became of each law, wherever it ran, and writes the page when all have run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cases: dict[tuple[str, str], Outcome] = {}
        self.laws: dict[tuple[str, str], tuple[str, str, str]] = {}
        self.is_complete = True
        self.said = ""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.is_complete = self.is_complete and not report.failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # A process that died reports its test in no phase.
        self.is_complete = self.is_complete and report.when in PHASES
        platform = next((str(value) for name, value in report.user_properties if name == PLATFORM), "")
        file, _, name = report.nodeid.partition("::")
        case = (report.nodeid, platform)
        self.laws[case] = (Path(file).name, name.partition("[")[0], platform)
        outcome = OUTCOMES[report.outcome]
        self.cases[case] = max(outcome, self.cases.get(case, outcome), key=list(Outcome).index)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if exitstatus not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} or not self.is_complete:
            self.said = f"{self.path.name} stays as it is: not every law was tried"
            return
        results: dict[tuple[str, str, str], list[Outcome]] = defaultdict(list)
        for case, outcome in self.cases.items():
            results[self.laws[case]].append(outcome)
        self.path.write_text(page(laws(), results), encoding="utf-8")
        self.said = f"{self.path.name}: {counts(laws(), results)}"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.write_line(self.said)
