"""Logs: one line an event, by ids, never what somebody wrote."""

import logging
import sys

import structlog
from structlog.typing import Processor

from bot.settings import Settings


def configure(settings: Settings) -> None:
    """Sets up structlog and the standard logging of the libraries alike."""
    level = getattr(logging, settings.log_level.upper())
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
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer]
        if settings.log_format == "json"
        else [*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    # A beat that waits for its turn during a jump is as it should be; APScheduler warns of each one that it leaves out.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
