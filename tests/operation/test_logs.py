"""The log: every line an event with ids in one form, and nothing that people wrote, also when something breaks."""

import json
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import structlog

from bot import logs
from bot.ports import MaybeSent, Submission
from bot.settings import Settings
from schedules.clock import Ticker
from storage.engine import Database
from storage.messages import Message
from tests.faults.processes import PROCESSES
from tests.operation.control_room import a_control_room
from tests.support.company import acting, an_event
from tests.support.fake_chat import Fault
from tests.support.field_dispatch import TEAM, field_dispatch

SECRET = "the burst main in Quay Street"
IDS = {"event_id", "occurrence", "message", "organisation", "person", "by", "now"}


@pytest.fixture(params=["json", "text"])
def form(request: pytest.FixtureRequest) -> str:
    """Each form of the log."""
    return str(request.param)


@pytest.fixture
def written(form: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """What was logged, as the command would log it."""
    before, library, stream = structlog.get_config(), logging.getLogger("apscheduler.scheduler"), StringIO()
    monkeypatch.setattr(library, "level", library.level)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        logs.configure(Settings(FOLKMOOT_LOG_FORMAT="json" if form == "json" else "text", FOLKMOOT_LOG_LEVEL="debug"))
    logging.captureWarnings(capture=False)
    yield stream.getvalue
    structlog.configure(**before)


@pytest.mark.parametrize("form", ["json"])
async def test_every_line_of_a_morning_is_an_event_with_ids_and_without_anybody_s_words(
    sqlite: Database, written: Callable[[], str]
) -> None:
    team = await field_dispatch(sqlite, datetime(2026, 11, 24, 9, 14, tzinfo=UTC))
    await team.until(datetime(2026, 11, 24, 9, 16, tzinfo=UTC))
    run = (await team.runs())[-1].id
    typed = {"finished": SECRET, "focus": SECRET, "blocker": SECRET, "helper": "", "stopped": "yes", "customer": SECRET}
    for who in TEAM:
        await team.do(who, Submission("huddle.answer", typed, {"run": str(run)}), f"event-{who}")
    await team.until(datetime(2026, 11, 24, 11, tzinfo=UTC))
    assert SECRET in "".join(team.room)
    text = written()
    lines = [json.loads(line) for line in text.splitlines()]
    assert {"event", "shown", "step"} <= {line["event"] for line in lines}
    assert [line for line in lines if not {"event", "level", "timestamp"} <= line.keys()] == []
    assert [line for line in lines if not IDS & line.keys()] == []
    assert [word for word in (SECRET, "Quay", "Amy", "Dee", "Field Dispatch", "@") if word in text] == []


async def test_an_event_whose_handler_breaks_is_traced_without_the_words_of_the_error(
    sqlite: Database, written: Callable[[], str]
) -> None:
    room = await a_control_room(sqlite)
    await room.dispatcher.handle(an_event("ada", f"crash {SECRET}"))
    text = written()
    assert all(part in text for part in ("event_failed", "take_note", "ZeroDivisionError", "reference"))
    assert "ZeroDivisionError: " not in text
    assert SECRET not in text


async def test_a_message_that_can_not_be_drawn_is_traced_without_anybody_s_words(
    sqlite: Database, written: Callable[[], str]
) -> None:
    room = await a_control_room(sqlite)
    key = await room.office.want(SECRET)
    async with acting(sqlite, room.office.company) as tx:
        (await tx.need(Message, (await room.office.message(key)).id)).ids = json.dumps({SECRET: 1})
    await room.office.a_worker().drain()
    text = written()
    assert all(part in text for part in ("render_failed", "shown_note", "KeyError"))
    assert SECRET not in text


async def test_a_step_that_breaks_is_traced_without_anybody_s_words(
    sqlite: Database, written: Callable[[], str]
) -> None:
    room = await a_control_room(sqlite)
    await room.a_failed_step()
    text = written()
    assert all(part in text for part in ("step_failed", "step_given_up", "make_round", "ZeroDivisionError"))
    assert "ZeroDivisionError: this round" not in text


async def test_a_message_that_can_not_be_looked_for_is_traced_without_anybody_s_words(
    sqlite: Database, written: Callable[[], str]
) -> None:
    room = await a_control_room(sqlite)
    await room.office.want("hello")
    room.office.chat.faults = [Fault(MaybeSent("no answer")), Fault(RuntimeError(SECRET), "find")]
    await room.office.a_worker().drain()
    await room.office.a_worker().sweep()
    text = written()
    assert all(part in text for part in ("reconcile_failed", "RuntimeError", "fake_chat.py"))
    assert SECRET not in text


async def test_a_post_that_breaks_in_an_adapter_is_logged_without_anybody_s_words(
    sqlite: Database, written: Callable[[], str]
) -> None:
    room = await a_control_room(sqlite)
    key = await room.office.want("hello")
    room.office.chat.faults = [Fault(ValueError(SECRET))]
    await room.office.a_worker().drain()
    assert "not_shown" in (text := written())
    assert SECRET not in text + (await room.office.message(key)).error


async def test_an_error_of_ours_keeps_its_words_and_so_does_the_one_it_came_from(written: Callable[[], str]) -> None:
    problem = MaybeSent("the platform did not answer")
    problem.__cause__ = KeyError(SECRET)
    structlog.get_logger().error("broken", message=7, exc_info=problem)
    text = written()
    assert "MaybeSent: the platform did not answer" in text
    assert text.index("KeyError") < text.index("which led to:") < text.index("MaybeSent: ")
    assert SECRET not in text


async def test_a_group_of_errors_is_traced_with_each_of_them(written: Callable[[], str]) -> None:
    problem = ExceptionGroup(SECRET, [ValueError(SECRET), OSError(28, "No space left on device")])
    structlog.get_logger().error("broken", message=7, exc_info=problem)
    text = written()
    assert all(part in text for part in ("ExceptionGroup", "ValueError", "No space left on device"))
    assert SECRET not in text


async def test_errors_that_point_at_each_other_end(written: Callable[[], str]) -> None:
    first, second = ValueError(SECRET), KeyError(SECRET)
    first.__context__, second.__context__ = second, first
    structlog.get_logger().error("broken", message=7, exc_info=first)
    assert written().count("ValueError") == 1


@pytest.mark.parametrize("form", ["json"])
async def test_the_clock_says_which_step_was_handled_and_how_late(sqlite: Database, written: Callable[[], str]) -> None:
    room = await a_control_room(sqlite)
    await room.a_dead_message()
    room.office.clock.move_to(room.office.clock.now() + timedelta(minutes=2))
    await Ticker(sqlite, room.dispatcher).tick(room.office.clock.now())
    lines = [json.loads(line) for line in written().splitlines()]
    (step,) = [line for line in lines if line["event"] == "step"]
    assert (step["kind"], step["state"], step["late_s"]) == ("operation.report", "done", 60)


@pytest.mark.fault
def test_what_libraries_say_is_json_too_and_without_the_words_of_an_error(tmp_path: Path) -> None:
    path = tmp_path / "err"
    process = PROCESSES.Process(target=_libraries_speak, args=(path,))
    process.start()
    process.join(30)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["logger"], line["level"]) for line in lines] == [
        ("aiohttp.server", "error"),
        ("py.warnings", "warning"),
    ]
    assert lines[0]["event"] == "Error handling request"
    assert "ValueError" in lines[0]["exception"]
    assert SECRET not in path.read_text()


BREAKS = f"""
import asyncio
import threading
from bot import __main__ as command, terminal

@command.app.command()
def broken() -> None:
    terminal.settings_and_logs()
    terminal.run(forgets())
    raise ValueError({SECRET!r})

async def forgets() -> None:
    asyncio.create_task(fails())
    asyncio.get_running_loop().call_soon(divides, {SECRET!r})
    thread = threading.Thread(target=divides, args=({SECRET!r},), name="helper")
    thread.start()
    thread.join()
    Falls()
    await asyncio.sleep(0.01)

class Falls:
    def __del__(self) -> None:
        raise LookupError({SECRET!r})

async def fails() -> None:
    raise KeyError({SECRET!r})

def divides(words: str) -> None:
    raise ZeroDivisionError(words)

command.main()
"""


@pytest.mark.fault
def test_what_nobody_waited_for_and_what_ends_the_process_is_told_by_its_kind_alone(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", BREAKS, "broken"],
        env={**os.environ, "FOLKMOOT_LOG_FORMAT": "json", "PYTHONPATH": str(Path.cwd())},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    told = [(line["event"], line.get("what"), line.get("work"), _kind(line["exception"])) for line in lines]
    assert sorted(told[:-1]) == [
        ("nobody_waited_for_it", "Exception in callback divides", "", "ZeroDivisionError"),
        ("nobody_waited_for_it", "Task exception was never retrieved", "fails", "KeyError"),
        ("nobody_waited_for_it", "a thread ended", "helper", "ZeroDivisionError"),
        ("nobody_waited_for_it", "an error that nobody can catch", "Falls.__del__", "LookupError"),
    ]
    assert told[-1] == ("ended_by_an_error", None, None, "ValueError")
    assert SECRET not in ended.stderr + ended.stdout
    assert ended.returncode == 1


def _kind(trace: str) -> str:
    return trace.splitlines()[-1].partition(" (its text may hold")[0]


def _libraries_speak(path: Path) -> None:
    sys.stderr = path.open("w", buffering=1)
    logs.configure(Settings(FOLKMOOT_LOG_FORMAT="json"))
    logging.getLogger("aiohttp.server").error("Error handling request", exc_info=ValueError(SECRET))
    logging.getLogger("aiohttp.server").info("as it should be")
    warnings.warn("old", UserWarning, stacklevel=1)
