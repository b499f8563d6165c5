"""`folkmoot rehearse` as an administrator types it, in a process of its own."""

import csv
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest

from storage.engine import Database
from tests.faults.command import Ended, Machine, folkmoot

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "rehearsal.md"
BLOCK = "```text\n"


def rehearse(url: str, folder: Path, *arguments: str) -> Ended:
    return folkmoot("rehearse", *arguments, machine=Machine(folder, {"DATABASE_URL": url}))


def test_the_guide_shows_what_the_command_prints(northwater_url: str, tmp_path: Path) -> None:
    """With FOLKMOOT_GOLDEN=write the guide is brought up to date; read what `git diff` shows before you keep it."""
    ended = rehearse(northwater_url, tmp_path, "--days", "7")
    before, shown, after = _parts(GUIDE.read_text(encoding="utf-8"))
    if os.environ.get("FOLKMOOT_GOLDEN") == "write":
        shown = ended.out
        GUIDE.write_text(f"{before}{BLOCK}{shown}```{after}", encoding="utf-8")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == shown


def _parts(guide: str) -> tuple[str, str, str]:
    before, _, rest = guide.partition(BLOCK)
    shown, _, after = rest.partition("```")
    return before, shown, after


def test_it_works_beside_the_running_bot_and_leaves_the_file_as_it_was(northwater_url: str, tmp_path: Path) -> None:
    file = tmp_path / "folkmoot.db"
    before = file.read_bytes()
    with Database(northwater_url).alone():
        ended = rehearse(northwater_url, tmp_path, "--days", "1", "--person", "Amy", "--csv")
    assert ended.code == 0
    assert file.read_bytes() == before
    lines = list(csv.DictReader(StringIO(ended.out)))
    assert [(line["local_time"][-5:], line["to"], line["kind"]) for line in lines] == [
        ("09:15", "Amy", "huddle.prompt"),
        ("09:25", "Amy", "huddle.nudge"),
    ]


NOBODY = "fits nobody who is active; write a name or first name as the bot knows it, or leave --person out to see"


@pytest.mark.parametrize(("arguments", "said"), [
    (("--days", "63"), "--days is 63, and a rehearsal looks 1 to 62 days ahead; write --days 7"),
    (("--person", "Zed"), f"--person 'Zed' {NOBODY} everybody"),
])  # fmt: skip
def test_what_can_not_be_rehearsed_is_one_plain_sentence(
    northwater_url: str, tmp_path: Path, arguments: tuple[str, str], said: str
) -> None:
    assert rehearse(northwater_url, tmp_path, *arguments).refusal == said


def test_before_the_first_migration_it_says_what_to_type(tmp_path: Path) -> None:
    (tmp_path / "new.db").touch()
    said = rehearse("sqlite:///new.db", tmp_path).refusal
    assert said == "the database is at no version yet; bring it up to date with: folkmoot migrate"


@pytest.mark.fault
@pytest.mark.parametrize("after_s", [0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
def test_one_that_is_told_to_end_leaves_no_copy_behind(northwater_url: str, tmp_path: Path, after_s: float) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "rehearse", "--days", "62"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": northwater_url, "TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        within = time.monotonic() + 60
        while not list(folder.glob("*/copy.db")) and time.monotonic() < within:
            time.sleep(0.05)
        assert list(folder.glob("*/copy.db"))
        time.sleep(after_s)  # in whatever it is just doing
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 128 + signal.SIGTERM
    finally:
        process.kill()
        process.wait()
    assert list(folder.iterdir()) == []
