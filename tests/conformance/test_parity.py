"""The parity page lists the laws there are, and says of each what became of it everywhere."""

from pathlib import Path

import pytest

from tests.conformance.parity import PAGE, PLATFORMS, REMARKS, Law, Outcome, counts, laws, named, page
from tests.conformance.parity_plugin import PLATFORM, Table

PASS, FAIL, SKIPPED = Outcome.PASS, Outcome.FAIL, Outcome.SKIPPED
FORMS = '''"""Forms open."""

async def test_a_form_opens(platform, ada): ...

async def _helper(ada): ...

async def test_a_form_is_the_bots_own(ben): ...

def test_the_page_is_well(): ...
'''
SLACKS = '''"""Laws that are Slack's alone: its limits."""

async def test_a_limit_stops_one_channel(slack): ...
'''
OPENS, OWN, LIMIT = (
    Law("test_forms.py", "test_a_form_opens"),
    Law("test_forms.py", "test_a_form_is_the_bots_own"),
    Law("test_on_slack.py", "test_a_limit_stops_one_channel", "slack"),
)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "test_forms.py").write_text(FORMS)
    (tmp_path / "test_on_slack.py").write_text(SLACKS)
    return tmp_path


def everywhere(law: Law) -> dict[tuple[str, str, str], list[Outcome]]:
    return {(law.file, law.name, platform): [PASS] for platform in PLATFORMS}


def row_of(text: str, law: Law) -> list[str]:
    (line,) = [each for each in text.splitlines() if each.startswith(f"| {law.words} |")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


def test_the_page_lists_the_laws_that_the_suite_has_now() -> None:
    listed = named(PAGE.read_text(encoding="utf-8"))
    assert listed == [each.words for each in laws()], "run `make parity`"


def test_every_remark_is_about_a_law_and_a_platform_that_there_are() -> None:
    names = {each.name for each in laws() if not each.alone}
    assert {(law in names, platform in PLATFORMS) for law, platform in REMARKS} == {(True, True)}


def test_laws_are_what_acts_on_a_platform(suite: Path) -> None:
    assert laws(suite) == [OPENS, OWN, LIMIT]


def test_a_law_reads_as_a_sentence(suite: Path) -> None:
    assert [each.words for each in laws(suite)] == [
        "A form opens.", "A form is the bot's own.", "A limit stops one channel.",
    ]  # fmt: skip


def test_a_law_that_one_platform_breaks_is_seen_there(suite: Path) -> None:
    results = everywhere(OPENS) | {
        (OPENS.file, OPENS.name, "teams"): [PASS, FAIL],
        (OPENS.file, OPENS.name, "slack"): [PASS, SKIPPED],
        (OPENS.file, OPENS.name, "slack-socket"): [SKIPPED],
    }
    text = page(laws(suite), results, suite)
    assert row_of(text, OPENS) == ["pass", "pass", "skipped", "FAIL"]
    assert row_of(text, OWN) == ["–"] * 4, "what was not tried is not passed"


def test_a_law_of_one_platform_stands_apart_with_the_reason(suite: Path) -> None:
    results = {(LIMIT.file, LIMIT.name, "slack"): [PASS]}
    text = page(laws(suite), results, suite)
    assert "## Laws that are Slack's alone: its limits." in text
    assert row_of(text, LIMIT) == ["pass"]


def test_the_head_names_the_platforms_on_which_every_shared_law_holds(suite: Path) -> None:
    results = everywhere(OPENS) | everywhere(OWN) | {(OWN.file, OWN.name, "local"): [FAIL]}
    assert counts(laws(suite), results) == (
        "2 laws for all, and 1 that are one platform's alone; all of the shared ones hold on: "
        "Slack over HTTP, Slack over Socket Mode, Microsoft Teams"
    )


def test_the_same_results_make_the_same_page_in_whatever_order_they_came(suite: Path) -> None:
    results = everywhere(OPENS) | everywhere(OWN)
    assert page(laws(suite), results, suite) == page(laws(suite), dict(reversed(results.items())), suite)
    assert named(page(laws(suite), results, suite)) == [each.words for each in laws(suite)]


# --- written by a run


def a_report(law: Law, platform: str, *, when: str = "call", outcome: str = "passed") -> pytest.TestReport:
    """What pytest says of a phase of a law; of a process that died it says `???`."""
    nodeid = f"tests/conformance/{law.file}::{law.name}[{platform}]"
    told = [] if when == "???" else [(PLATFORM, platform)]
    return pytest.TestReport(nodeid, (law.file, 1, law.name), {}, outcome, None, when, user_properties=told)  # type: ignore[arg-type]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    (tmp_path / "parity.md").write_text("as it was")
    return Table(tmp_path / "parity.md")


def test_a_run_of_everything_writes_the_page(table: Table) -> None:
    first = laws()[0]
    for when in ("setup", "call", "teardown"):
        table.pytest_runtest_logreport(a_report(first, "local", when=when))
        table.pytest_runtest_logreport(a_report(first, "teams", when=when))
    table.pytest_sessionfinish(pytest.ExitCode.OK)
    assert row_of(table.path.read_text(encoding="utf-8"), first)[0] == "pass"


def test_a_law_that_leaves_something_behind_has_failed(table: Table) -> None:
    first = laws()[0]
    table.pytest_runtest_logreport(a_report(first, "local"))
    table.pytest_runtest_logreport(a_report(first, "local", when="teardown", outcome="failed"))
    table.pytest_sessionfinish(pytest.ExitCode.TESTS_FAILED)
    assert row_of(table.path.read_text(encoding="utf-8"), first)[0] == "FAIL"


@pytest.mark.parametrize("when", ["???", "call"])
def test_a_run_that_was_cut_off_leaves_the_page_as_it_was(table: Table, when: str) -> None:
    table.pytest_runtest_logreport(a_report(laws()[0], "local", when=when))
    table.pytest_sessionfinish(pytest.ExitCode.OK if when == "???" else pytest.ExitCode.INTERRUPTED)
    assert table.path.read_text() == "as it was"
    assert table.said == "parity.md stays as it is: not every law was tried"
