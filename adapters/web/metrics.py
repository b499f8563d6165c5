"""`/metrics`: the figures of this process and of the database, as text for Prometheus."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from storage.errors import DatabaseError

ANSWER_S = 5.0  # for the database; a scrape is given up after ten seconds. Source: Prometheus' scrape_timeout

Gauges = Callable[[], Awaitable[CollectorRegistry]]

log = structlog.get_logger()


def routes(own: CollectorRegistry, gauges: Gauges) -> list[web.RouteDef]:
    """The page. While the database is away it has the figures of the process only."""

    async def metrics(_request: web.Request) -> web.Response:
        text = generate_latest(own)
        try:
            async with asyncio.timeout(ANSWER_S):
                text += generate_latest(await gauges())
        except (DatabaseError, TimeoutError) as problem:
            log.warning("no_gauges", why=str(problem) or f"no answer within {ANSWER_S:g} s")
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/metrics", metrics)]
