"""What the command says when something is in its way: one plain sentence, no trace, and nothing is lost."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine import Database
from tests.faults.command import Ended, Machine, folkmoot
from tests.support.postgres import drop_database, new_database

pytestmark = [pytest.mark.fault, pytest.mark.slow]


def at(folder: Path, url: str = "sqlite:///folkmoot.db", **environment: str) -> Machine:
    return Machine(folder, {"DATABASE_URL": url, "PORT": "0", **environment})


@pytest.fixture
def file(northwater_url: str, tmp_path: Path) -> Path:
    """A SQLite file with the demo organisation, in the folder in which the command runs."""
    return tmp_path / "folkmoot.db"


@pytest.fixture
def bare_postgres(postgres_base: str) -> Iterator[str]:
    """A PostgreSQL database without tables."""
    url = new_database(postgres_base)
    yield url
    drop_database(url)


def intact(file: Path) -> bool:
    """Whether the demo organisation is still there."""
    with closing(sqlite3.connect(file)) as connection:
        healthy: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
        people: int = connection.execute("SELECT count(*) FROM person").fetchone()[0]
    return healthy == "ok" and people == 19


# --- settings


@pytest.mark.parametrize(("name", "value", "hint"), [
    ("PORT", "abc", "a number from 0 to 65535, for example 3978; 0 takes any free one"),
    ("PORT", "70000", "a number from 0 to 65535, for example 3978; 0 takes any free one"),
    ("FOLKMOOT_LOG_LEVEL", "loud", "debug, info, warning or error"),
])  # fmt: skip
def test_a_wrong_setting_is_named_with_what_it_has_to_be(tmp_path: Path, name: str, value: str, hint: str) -> None:
    said = folkmoot("serve", machine=at(tmp_path, **{name: value})).refusal
    assert said == f"{name} is {value!r}; it has to be {hint}"


@pytest.mark.parametrize("url", ["mysql://ada:sesame@db/folkmoot", "sesame", "", "postgresql:/sesame"])
def test_an_address_that_can_not_be_read_says_how_to_write_it_and_tells_no_password(tmp_path: Path, url: str) -> None:
    said = folkmoot("migrate", machine=at(tmp_path, url)).refusal
    assert "DATABASE_URL can't be read" in said
    assert "write sqlite:///a/file or postgresql://user@host/name" in said
    assert ":sesame" not in said


def test_a_database_in_memory_is_refused_because_it_would_be_lost(tmp_path: Path) -> None:
    said = folkmoot("serve", machine=at(tmp_path, "sqlite://")).refusal
    assert "DATABASE_URL can't be read, it begins with 'sqlite'; write sqlite:///a/file" in said


def test_the_local_chat_is_not_served_to_the_network(file: Path) -> None:
    said = folkmoot("serve", machine=at(file.parent, HOST="0.0.0.0")).refusal
    assert said.startswith("HOST is '0.0.0.0', but the local chat lets anybody act as anybody")


def test_a_port_that_is_in_use_is_named(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = folkmoot("serve", machine=at(file.parent, PORT=str(port))).refusal
    assert said == (
        f"can't listen on 127.0.0.1:{port}: another program listens there; end it, or set PORT to another number"
    )
    assert intact(file)


def test_a_simulated_clock_is_refused_where_real_people_are_connected(file: Path) -> None:
    machine = at(file.parent, SLACK_BOT_TOKEN="xoxb-sesame")
    said = folkmoot("serve", "--clock", "2026-11-24T09:14:00Z", machine=machine).refusal
    assert said == "--clock moves the time, which real people on slack would notice; leave it out"


def test_a_database_on_simulated_time_is_refused_where_real_people_are_connected(file: Path) -> None:
    said = folkmoot("serve", machine=at(file.parent, SLACK_BOT_TOKEN="xoxb-sesame")).refusal
    assert "lives on a simulated clock, so no real platform can be connected" in said


def test_a_database_on_real_time_takes_no_simulated_clock(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE clock_state SET simulated = 0")
        connection.commit()
    said = folkmoot("serve", "--clock", "2026-11-24T09:14:00Z", machine=at(file.parent)).refusal
    assert said.startswith("this database has run on real time, so --clock would mix two kinds of days; leave --clock")


# --- databases


def test_an_empty_database_says_how_to_fill_it(tmp_path: Path) -> None:
    assert "load the demo first: folkmoot demo" in folkmoot("serve", machine=at(tmp_path)).refusal


@pytest.mark.parametrize("command", ["serve", "migrate", "demo"])
def test_a_database_of_a_newer_program_is_not_touched(file: Path, command: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    said = folkmoot(command, machine=at(file.parent)).refusal
    assert said.startswith("the database is at version 9999, which this program does not know")
    assert intact(file)


def test_an_older_database_on_a_server_is_not_served_before_it_is_migrated(bare_postgres: str, tmp_path: Path) -> None:
    said = folkmoot("serve", machine=at(tmp_path, bare_postgres)).refusal
    assert said == "the database is at no version yet; bring it up to date with: folkmoot migrate"
    assert folkmoot("migrate", machine=at(tmp_path, bare_postgres)).code == 0


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_database_that_another_program_holds_is_waited_for_and_then_told(file: Path, command: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = folkmoot(command, machine=at(file.parent)).refusal
        other.execute("ROLLBACK")
    assert said == "the database is locked by another process; wait a moment, or end the other process"
    assert intact(file)


@pytest.mark.parametrize(("command", "what"), [
    ("serve", "folkmoot.db"),
    ("serve", "folkmoot.db.lock"),
    ("serve", "."),
    ("migrate", "."),
])  # fmt: skip
def test_a_database_that_may_not_be_written_says_what_to_check(file: Path, command: str, what: str) -> None:
    kept = file.parent / "kept"
    kept.mkdir()
    file = file.rename(kept / file.name)
    (kept / "folkmoot.db.lock").touch()
    (kept / what).chmod(0o555)
    said = folkmoot(command, machine=at(kept.parent, f"sqlite:///{file}")).refusal
    kept.chmod(0o755)
    assert said == "the database can't be written to; check the rights of its file and folder, or the server's role"
    assert intact(file)


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, command: str) -> None:
    file = tmp_path / "folkmoot.db"
    file.write_text("Dear diary, " * 1000)
    said = folkmoot(command, machine=at(tmp_path)).refusal
    assert "folkmoot.db is not a SQLite database, or it is damaged; restore a back-up or choose another file" in said
    assert file.read_text() == "Dear diary, " * 1000


@pytest.mark.parametrize("path", ["/dev/null/folkmoot.db", "/proc/folkmoot/folkmoot.db", "{folder}"])
def test_a_place_where_no_file_can_be_is_named(tmp_path: Path, path: str) -> None:
    (tmp_path / "a folder").mkdir()
    where = path.format(folder=tmp_path / "a folder")
    said = folkmoot("migrate", machine=at(tmp_path, f"sqlite:///{where}")).refusal
    assert said.startswith(f"no database can be opened at {where}; set DATABASE_URL to a file in a folder")


@pytest.mark.parametrize("command", ["serve", "migrate", "worker"])
@pytest.mark.postgres
def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path, command: str) -> None:
    said = folkmoot(command, machine=at(tmp_path, "postgresql://ada:sesame@127.0.0.1:1/folkmoot")).refusal
    assert said == "the database at 127.0.0.1:1 can't be reached; is it running, and is DATABASE_URL right?"


def test_a_database_that_does_not_exist_on_its_server_is_told(postgres_base: str, tmp_path: Path) -> None:
    said = folkmoot("migrate", machine=at(tmp_path, f"{postgres_base}nowhere")).refusal
    assert "can't be reached; is it running, and is DATABASE_URL right?" in said


def test_where_the_quota_is_used_up_a_migration_leaves_nothing_half_done(tmp_path: Path) -> None:
    small = Machine(tmp_path, {"DATABASE_URL": "sqlite:///new.db"}, largest_file=100_000)
    full = folkmoot("migrate", machine=small)
    assert full.refusal.startswith("the disk does not read or write the database")
    assert folkmoot("migrate", machine=at(tmp_path, "sqlite:///new.db")).code == 0
    Database(f"sqlite:///{tmp_path / 'new.db'}").check()


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 kB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    if (
        os.geteuid() != 0
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=300k", "none", folder], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("only root may mount a tiny disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_on_a_disk_that_is_really_full_the_sentence_says_so(tiny_disk: Path) -> None:
    machine = Machine(tiny_disk.parent, {"DATABASE_URL": f"sqlite:///{tiny_disk / 'new.db'}"})
    said = folkmoot("migrate", machine=machine).refusal
    assert said == "the disk is full, so nothing can be saved; make room, the bot goes on by itself"


def test_a_second_bot_on_the_same_file_is_refused(file: Path) -> None:
    with Database(f"sqlite:///{file}").alone():
        said = folkmoot("serve", machine=at(file.parent)).refusal
        told = folkmoot("tick", "--at", "2026-11-24T10:00:00Z", machine=at(file.parent)).refusal
    assert said.startswith("another Folkmoot already runs on folkmoot.db; end it first, or set DATABASE_URL to")
    assert told == said


# --- what goes well


def test_a_bot_that_is_told_to_end_ends_well(file: Path) -> None:
    ended = folkmoot("serve", machine=at(file.parent), ends_after_s=60, said="Press Ctrl+C")
    assert (ended.code, "Traceback" in ended.err) == (0, False)
    assert "Folkmoot runs on http://127.0.0.1:" in ended.out
    assert "with a simulated clock" in ended.out


def test_a_worker_on_sqlite_says_that_it_has_nothing_to_do_and_waits(file: Path) -> None:
    ended = folkmoot("worker", machine=at(file.parent), ends_after_s=60, said="SQLite holds one process")
    assert ended.code == 0
    assert "SQLite holds one process" in ended.out


def test_a_tick_tells_what_fell_due(file: Path) -> None:
    ended = folkmoot("tick", "--at", "2026-11-24T09:30:00Z", machine=at(file.parent))
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert [line.split()[2] for line in lines[:-1]] == ["huddle.open", "huddle.nudge", "huddle.close"]
    assert lines[-1] == "3 steps fell due by 2026-11-24 09:30:00Z."


def test_the_demo_is_loaded_once(file: Path) -> None:
    ended = folkmoot("demo", machine=at(file.parent))
    assert (ended.code, ended.out) == (0, "Northwater Utility is there already; nothing was changed.\n")


def test_the_module_is_the_command(tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": "sesame"}
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "DATABASE_URL can't be read" in Ended(ended.returncode, ended.stdout, ended.stderr).refusal
