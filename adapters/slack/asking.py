"""Asking Slack until it answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias, TypeVar

from adapters.slack.api import WorkspaceGone
from bot.ports import MaybeSent, NotSent, RateLimited
from storage.errors import BotError, DatabaseError

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0  # between attempts while Slack does not answer

Rest: TypeAlias = Callable[[float], Awaitable[None]]
"""Waits for so many seconds: `asyncio.sleep`."""
T = TypeVar("T")


async def until_answered(
    attempt: Callable[[], Awaitable[T]],
    *,
    rest: Rest = asyncio.sleep,
    tell: Callable[[BotError], None],
    longest_s: float = LONGEST_PAUSE_S,
) -> T:
    """What an attempt that changes nothing at Slack gives, once Slack and the database answer.

    It is tried again after 1, 2, 4 … `longest_s` seconds, or as late as Slack asks for; `tell` hears why each time.
    Raises: what Slack refuses for good (Refused, WorkspaceGone), and whatever else is no mere absence.
    """
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await attempt()
        except WorkspaceGone:
            raise
        except (RateLimited, NotSent, MaybeSent, DatabaseError) as problem:
            tell(problem)
            asked_s = problem.retry_after_s if isinstance(problem, RateLimited) else None
        await rest(pause_s if asked_s is None else max(asked_s, FIRST_PAUSE_S))
        pause_s = min(2 * pause_s, longest_s)
