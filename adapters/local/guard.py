"""Who may see the local chat: browsers and programs of this machine, and no other page in them."""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

from aiohttp import hdrs, web

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOSTS = ("127.0.0.1", "localhost", "[::1]")
BODY_MAX = 262_144  # bytes of one request; a form of ten long answers in any script fits

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Not no-referrer: with that a browser sends `Origin: null` with the page's own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host")


def guarded(handler: Handler) -> Handler:
    """`handler` for requests from this machine and from our own page alone, its answers with the headers above."""

    async def guard(request: web.Request) -> web.StreamResponse:
        reason = refusal(request)
        if reason:
            return web.Response(status=403, text=reason, headers=HEADERS)
        # Handlers that stream set them themselves, before the first byte.
        response = await handler(request)
        if not response.prepared:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    return guard


def refusal(request: web.Request) -> str:
    """Why a request is not served, in one sentence; empty when it is."""
    port = _own_port(request)
    here = f"http://127.0.0.1:{port}/"
    if not _is_loopback(request) or any(name in request.headers for name in _FORWARDED):
        return f"The local chat serves only the machine it runs on; open {here} there.\n"
    if request.host.lower() not in _own_hosts(port):
        return f"The local chat does not answer to the name {request.host[:100]!r}; open {here} instead.\n"
    if request.method not in {hdrs.METH_GET, hdrs.METH_HEAD} and not _is_own_page(request):
        return f"Another web site tried to act here, so nothing was done; open {here} and act there.\n"
    return ""


def _own_port(request: web.Request) -> int:
    address = None if request.transport is None else request.transport.get_extra_info("sockname")
    return int(address[1]) if isinstance(address, tuple) else 0


def _own_hosts(port: int) -> set[str]:
    return {f"{host}:{port}" for host in HOSTS} | (set(HOSTS) if port == 80 else set())  # noqa: PLR2004 - left out by browsers


def _is_loopback(request: web.Request) -> bool:
    peer = None if request.transport is None else request.transport.get_extra_info("peername")
    if not isinstance(peer, tuple):
        return False
    address = ip_address(str(peer[0]).split("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _is_own_page(request: web.Request) -> bool:
    """Whether a request that changes something comes from our page, or from a program that is no browser."""
    own = f"http://{request.host.lower()}"
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None:
        return origin.lower() == own
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    referer = request.headers.get(hdrs.REFERER)
    if referer is not None:
        found = urlsplit(referer)
        return f"{found.scheme}://{found.netloc}".lower() == own
    return True
