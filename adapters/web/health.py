"""`/healthz`: the process runs. `/readyz`: it can do its work, and if not, why."""

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
AHEAD_S = 5  # clocks of two machines may differ by so much

Check = Callable[[], Awaitable[Finding]]


def ticked(age_s: float | None) -> Finding:
    """What the age of a worker's last tick tells; None when there was none yet."""
    if age_s is None:
        return Finding(False, "no worker has run yet")
    if age_s < -AHEAD_S:
        return Finding(False, f"the last tick lies {-age_s:.0f} s ahead; compare the clocks of the machines")
    return Finding(age_s < QUIET_S, f"last tick {max(age_s, 0):.0f} s ago, in a worker")


def routes(checks: Mapping[str, Check]) -> list[web.RouteDef]:
    """The two health pages."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def readyz(_request: web.Request) -> web.Response:
        findings = {name: await check() for name, check in checks.items()}
        is_ready = all(finding.is_well for finding in findings.values())
        body = {
            "status": "ready" if is_ready else "not ready",
            **{name: {"ok": finding.is_well, "detail": finding.words} for name, finding in findings.items()},
        }
        return web.Response(text=json.dumps(body), status=200 if is_ready else 503, content_type="application/json")

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]
