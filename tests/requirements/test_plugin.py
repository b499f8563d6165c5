"""A run of tests says what it proves, refuses what nobody asked for, and fails when a proof does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PLAIN, SPREAD = ("-n0",), ("-n2", "--dist=loadfile")

HUDDLES = """
import pytest

@pytest.mark.req("S3-28", "AT-1")
@pytest.mark.parametrize("minute", [15, 30])
def test_all_are_asked(minute):
    assert minute

@pytest.mark.req("S0-04")
@pytest.mark.skip(reason="nobody has called")
def test_a_customer_is_heard():
    raise NotImplementedError

def test_nothing_in_particular():
    pass
"""
NUMBERS = """
import pytest

@pytest.mark.req("S4-08")
class TestNumbers:
    @pytest.mark.req("AT-1")
    def test_yesterday_has_one(self):
        assert {outcome}
"""


def written(folder: Path, *, numbers: str = NUMBERS.format(outcome=True)) -> Path:
    """A small tree of tests with the plugin and nothing else of ours."""
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.requirements.plugin"]')
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    req(id): proves a requirement\n")
    (folder / "test_huddles.py").write_text(HUDDLES)
    (folder / "test_numbers.py").write_text(numbers)
    (folder / "docs").mkdir()
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As `make requirements` runs them."""
    unlike_here = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "req", "--requirements", "docs/page.md"]
    environment = {**unlike_here, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def rows(folder: Path) -> dict[str, str]:
    """The result of each requirement."""
    lines = (folder / "docs/page.md").read_text(encoding="utf-8").splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {each[0]: each[-1].strip(" |") for each in cells}


def test_what_passes_fails_and_is_skipped_is_the_same_plain_and_over_two_processes(tmp_path: Path) -> None:
    folder = written(tmp_path, numbers=NUMBERS.format(outcome=False))
    assert run(folder, *PLAIN).returncode == pytest.ExitCode.TESTS_FAILED
    plain = (folder / "docs/page.md").read_bytes()
    assert {each: rows(folder)[each] for each in ("S3-28", "S4-08", "S0-04", "AT-1", "AT-3")} == {
        "S3-28": "pass",
        "S4-08": "FAIL",
        "S0-04": "skipped",
        "AT-1": "FAIL",
        "AT-3": "–",
    }
    assert b"[test_numbers.py::TestNumbers::test_yesterday_has_one](../test_numbers.py) (FAIL)" in plain
    (folder / "docs/page.md").unlink()
    spread = run(folder, *SPREAD)
    assert spread.returncode == pytest.ExitCode.TESTS_FAILED
    assert (folder / "docs/page.md").read_bytes() == plain
    assert "4 with a test, 1 pass, 2 FAIL, 1 skipped" in spread.stdout


def test_when_nothing_fails_the_run_succeeds(tmp_path: Path) -> None:
    folder = written(tmp_path)
    assert run(folder, *PLAIN).returncode == pytest.ExitCode.OK
    assert (rows(folder)["S4-08"], rows(folder)["AT-1"]) == ("pass", "pass")


@pytest.mark.parametrize(
    ("mark", "reason", "processes"),
    [
        ('req("S3-28", "S9-99")', "is to prove S9-99, which meanings.toml does not have", PLAIN),
        ('req("S3-28", "S9-99")', "is to prove S9-99, which meanings.toml does not have", SPREAD),
        ("req", "is marked req without an id", PLAIN),
    ],
    ids=["unknown", "unknown-spread", "none"],
)
def test_a_test_that_proves_nothing_known_is_named_and_no_page_is_written(
    tmp_path: Path, mark: str, reason: str, processes: tuple[str, ...]
) -> None:
    folder = written(tmp_path, numbers=f"import pytest\n\n@pytest.mark.{mark}\ndef test_yesterday_has_one(): ...")
    refused = run(folder, *processes)
    assert refused.returncode in {pytest.ExitCode.INTERRUPTED, pytest.ExitCode.TESTS_FAILED}
    assert f"test_numbers.py::test_yesterday_has_one {reason}" in refused.stdout
    assert not (folder / "docs/page.md").exists()


def test_where_a_process_dies_the_page_stays_as_it_is(tmp_path: Path) -> None:
    folder = written(tmp_path, numbers=NUMBERS.format(outcome='__import__("os")._exit(1)'))
    (folder / "docs/page.md").write_text("as it was")
    died = run(folder, *SPREAD)
    assert died.returncode == pytest.ExitCode.TESTS_FAILED
    assert (folder / "docs/page.md").read_text(encoding="utf-8") == "as it was"
    assert "page.md stays as it is: not every test has run" in died.stdout
