"""Logs: one line an event, by ids, never what somebody wrote."""

import asyncio
import logging
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType

import structlog
from structlog.typing import ExcInfo, Processor

from bot.settings import Settings
from storage.errors import BotError

SAFE = (BotError, OSError)
"""Errors whose text is ours or the system's. That of any other may quote what somebody wrote."""


def configure(settings: Settings, *, quiet: bool = False) -> None:
    """Sets up structlog and the standard logging of the libraries alike; `quiet` leaves out what is as it should be."""
    level = max(getattr(logging, settings.log_level.upper()), logging.WARNING if quiet else 0)
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        # Plain: the pretty one prints local variables, and with them what people wrote.
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_trace),
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    _configure_libraries(max(level, logging.WARNING), shared, renderer)


def _configure_libraries(level: int, shared: list[Processor], renderer: Processor) -> None:
    """What libraries say, and Python's own warnings, become lines of the same form."""
    handler = logging.StreamHandler(sys.stderr)
    lines = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared], processors=lines
        )
    )
    logging.basicConfig(level=level, handlers=[handler])
    logging.captureWarnings(capture=True)
    # A beat that waits for its turn during a jump is as it should be; APScheduler warns of each one that it leaves out.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


def uncaught(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    """An error that ends the process, as `sys.excepthook` gets it."""
    structlog.get_logger().critical("ended_by_an_error", exc_info=(kind, problem, trace))


def unraisable(found: "sys.UnraisableHookArgs") -> None:
    """An error where nobody can catch it, as in a finaliser; `sys.unraisablehook` gets it."""
    work = getattr(found.object, "__qualname__", type(found.object).__qualname__)
    structlog.get_logger().error(
        "nobody_waited_for_it", what="an error that nobody can catch", work=work, exc_info=found.exc_value
    )


def in_thread(found: threading.ExceptHookArgs) -> None:
    """An error that ends a thread, as `threading.excepthook` gets it."""
    name = "" if found.thread is None else found.thread.name
    structlog.get_logger().error("nobody_waited_for_it", what="a thread ended", work=name, exc_info=found.exc_value)


def unheard(_loop: asyncio.AbstractEventLoop, context: Mapping[str, object]) -> None:
    """What goes wrong where nobody waits for it, as the event loop tells it: without the error in its own words."""
    # asyncio writes into some messages what a callback was called with.
    what = str(context.get("message", "")).partition("(")[0]
    problem, task = context.get("exception"), context.get("task") or context.get("future")
    work = getattr(task.get_coro(), "__qualname__", "") if isinstance(task, asyncio.Task) else ""
    trace = problem if isinstance(problem, BaseException) else None
    structlog.get_logger().error("nobody_waited_for_it", what=what, work=work, exc_info=trace)


def _trace(exc_info: ExcInfo) -> str:
    return "\n".join(_told(exc_info[1], set()))


def _told(problem: BaseException, seen: set[int]) -> Iterator[str]:
    """The trace of an error and of those that led to it: where it was raised, its kind, and its text if it is safe."""
    seen.add(id(problem))
    before = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if before is not None and id(before) not in seen:
        yield from _told(before, seen)
        yield "which led to:"
    yield "".join(["Traceback (most recent call last):\n", *traceback.format_tb(problem.__traceback__)]).rstrip()
    kind = type(problem).__qualname__
    yield f"{kind}: {problem}" if isinstance(problem, SAFE) else f"{kind} (its text may hold what somebody wrote)"
    if isinstance(problem, BaseExceptionGroup):
        for each in problem.exceptions:
            yield from _told(each, seen)
