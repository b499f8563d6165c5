"""The style, the scripts and the icon, read once for each host."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file with its type and a tag that changes with it."""

    body: bytes
    kind: str
    tag: str


def assets() -> dict[str, Asset]:
    """Every file the page asks for, by name."""
    found = {}
    for path in sorted((Path(__file__).parent / "static").iterdir()):
        if path.suffix in _KINDS:
            body = path.read_bytes()
            found[path.name] = Asset(body, _KINDS[path.suffix], f'"{sha256(body).hexdigest()[:16]}"')
    return found
