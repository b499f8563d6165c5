"""`/healthz`: the process runs. `/readyz`: it can do its work, and if not, why."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must be well."""

    is_well: bool
    words: str


QUIET_S = 60  # without a tick for so long, the worker is taken for ended
BEHIND_S = 60  # what was due so long ago should have been handled
ANSWER_S = 5.0  # for one check, so that who asks hears why before it gives up
AHEAD_S = 5  # clocks of two machines may differ by so much

Check = Callable[[], Awaitable[Finding]]


def ticked(age_s: float | None) -> Finding:
    """What the age of a worker's last tick tells; None when there was none yet."""
    if age_s is None:
        return Finding(False, "no worker has run yet")
    if age_s < -AHEAD_S:
        return Finding(False, f"the last tick lies {-age_s:.0f} s ahead; compare the clocks of the machines")
    return Finding(age_s < QUIET_S, f"last tick {max(age_s, 0):.0f} s ago, in a worker")


def kept_up(behind_s: float) -> Finding:
    """What the wait of the oldest thing that is due tells."""
    return Finding(behind_s <= BEHIND_S, f"is behind: the oldest step has waited for {behind_s:.0f} s")


async def _found(check: Check) -> Finding:
    """What a check finds; one that hangs must not keep the others from being told."""
    try:
        async with asyncio.timeout(ANSWER_S):
            return await check()
    except TimeoutError:
        return Finding(False, f"no answer within {ANSWER_S:g} s")


def routes(checks: Mapping[str, Check]) -> list[web.RouteDef]:
    """The two health pages."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        found = await asyncio.gather(*(_found(check) for check in checks.values()))
        findings = dict(zip(checks, found, strict=True))
        is_ready = all(finding.is_well for finding in findings.values())
        body = {
            "status": "ready" if is_ready else "not ready",
            **{name: {"ok": finding.is_well, "detail": finding.words} for name, finding in findings.items()},
        }
        return web.Response(text=json.dumps(body), status=200 if is_ready else 503, content_type="application/json")

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]
