"""One HTTP call to a platform, and what it means for a message when the call fails.

A call that broke before there was a connection certainly did nothing; after that, nobody knows.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
from aiohttp import hdrs
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from bot.ports import SEND_UNTIL, ChatError, MaybeSent, NotSent, RateLimited, Refused, steady_s

TIMEOUT_S = 12.0  # for the whole call; shorter than what the delivery grants an attempt, so that the reason is known
BODY_SEEN = 4096  # bytes of what comes with a refusal
REST_MOST = timedelta(days=1)  # a platform that asks for more is asked again tomorrow

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a platform answered with a status of 2xx."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Answered(Refused):
    """A platform said no with a status of 4xx; `body` begins what it said, for who knows its words."""

    def __init__(self, platform: str, status: int, body: bytes) -> None:
        super().__init__(f"{platform} answered {status}")
        self.status = status
        self.body = body


class Wire:
    """The way to one platform; `a_wire` lays it."""

    def __init__(self, platform: str, session: aiohttp.ClientSession) -> None:
        self._platform = platform
        self._session = session

    async def call(
        self,
        method: str,
        url: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        file: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One attempt, never repeated in here, with a body of JSON, of form fields, or of a file.

        Raises: RateLimited, NotSent, MaybeSent, Refused.
        """
        attempt = _Attempt()
        try:
            # A redirected POST would be a second one.
            async with self._session.request(
                method,
                url,
                json=json,
                data=form if file is None else file,
                headers=headers,
                allow_redirects=False,
                trace_request_ctx=attempt,
            ) as response:
                trouble = trouble_of(self._platform, response.status, response.headers, now=datetime.now(UTC))
                if type(trouble) is Refused:
                    raise Answered(self._platform, response.status, await response.content.read(BODY_SEEN))
                if trouble is not None:
                    raise trouble
                return Reply(response.status, response.headers, await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as problem:
            why = f"{self._platform}: {type(problem).__name__} {problem}".strip()
            raise (MaybeSent if attempt.is_connected else NotSent)(why) from problem


@dataclass(slots=True)
class _Attempt:
    """Whether there was a connection, and with it a way for bytes to go out."""

    is_connected: bool = False


@asynccontextmanager
async def a_wire(platform: str, base_url: str = "", *, timeout_s: float = TIMEOUT_S) -> AsyncIterator[Wire]:
    """A session that notes when an attempt has its connection, and looks once more; `timeout_s` is for a whole call."""
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_connected)
    trace.on_connection_reuseconn.append(_connected)
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    async with aiohttp.ClientSession(
        base_url or None, connector=_LastLook(), timeout=timeout, trace_configs=[trace]
    ) as session:
        yield Wire(platform, session)


async def _connected(_session: aiohttp.ClientSession, context: SimpleNamespace, _facts: object) -> None:
    context.trace_request_ctx.is_connected = True


class _LastLook(aiohttp.TCPConnector):
    """Gives no connection to an attempt whose lease ran out while it came about; the next one takes it."""

    # Not in a trace: aiohttp forgets a new connection whose trace raises, and leaves it open.
    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the base class names it
    ) -> Connection:
        connection = await super().connect(req, traces, timeout)
        if steady_s() > SEND_UNTIL.get():
            connection.release()
            raise NotSent("the lease is over, so another worker may be sending it")
        return connection


def trouble_of(platform: str, status: int, headers: Mapping[str, str], *, now: datetime) -> ChatError | None:
    """What a status means at `now`, in real time; None where the platform did what it was asked to.

    Source: RFC 9110 sections 10.2.3 and 15, RFC 6585 section 4.
    """
    seconds = retry_after_s(headers.get(hdrs.RETRY_AFTER, ""), now)
    match status:
        case 200 | 201 | 202 | 204:
            return None
        case 429:
            return RateLimited(platform, seconds)
        case 503 if seconds is not None:
            return RateLimited(platform, seconds)
        case 408:
            return NotSent(f"{platform} did not get the whole request")
        case _ if status >= 500:  # noqa: PLR2004 - the class of the server's own faults; it may have acted before
            return MaybeSent(f"{platform} answered {status}")
        case _:
            return Refused(f"{platform} answered {status}")


def retry_after_s(value: str, now: datetime) -> float | None:
    """The seconds that a `Retry-After` asks for, from 0 to a day; None where it says nothing that can be read."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return min(float(value), REST_MOST.total_seconds())
    try:
        at = parsedate_to_datetime(value)
        # A date with the zone -0000 comes without one; it is in UTC all the same.
        wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), REST_MOST).total_seconds()
