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


Check = Callable[[], Awaitable[Finding]]


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
