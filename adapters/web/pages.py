"""Our own web pages: one template and one style each, nothing from elsewhere, nothing kept by anybody on the way."""

import base64
import hashlib
import re
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_INLINE = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)


class Pages:
    """The templates, loaded once for each host."""

    def __init__(self) -> None:
        self._env = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(self, template: str, status: int = 200, **values: object) -> web.Response:
        """A template as a page; the browser runs and styles with what stands in the template, and with nothing else."""
        html = self._env.get_template(template).render(**values)
        return web.Response(text=html, status=status, content_type="text/html", charset="utf-8", headers=_headers(html))


def _headers(html: str) -> dict[str, str]:
    allowed = {"style": "'none'", "script": "'none'"}
    for kind, inside in _INLINE.findall(html):
        allowed[kind] = f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'"
    return SAFE | {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src {allowed['style']}; script-src {allowed['script']}; img-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    }


SAFE = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
"""Of every answer, pictures included."""
