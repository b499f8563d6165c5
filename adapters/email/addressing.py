"""Addresses that say what a mail is for: `agenda@`, `action@`, `action+A-104@`, or the same behind a plus. Pure.

Source: domain.md S3-33. What such a mail means is a command, as it could be typed.
"""

import re
from collections.abc import Sequence

_CODE = re.compile(r"a-[0-9]{1,9}")
_ADDS = {"agenda": "/agenda add", "action": "/action add"}
_KEYED = re.compile(r"^(?:@|[a-z]+:)\S", re.IGNORECASE)
DEEDS = frozenset(
    {"accept", "assign", "block", "cancel", "done", "due", "help", "reject", "reopen", "show", "start", "take"}
)
"""What can be done to an action: the first word of a mail about it. Any other mail is shown how it stands."""


def tag_of(address: str, own_address: str) -> str:
    """What one of our addresses is for: `agenda`, `action` or the code of an action; empty for any other address."""
    name, _, domain = address.partition("@")
    own, _, own_domain = own_address.partition("@")
    if domain != own_domain:
        return ""
    first, _, tag = name.partition("+")
    if first == own or (first == "action" and tag):
        return tag if tag in _ADDS or _CODE.fullmatch(tag) else ""
    return first if first in _ADDS and not tag else ""


def command_for(tag: str, subject: str, lines: Sequence[str]) -> str:
    """The command that a mail is; `lines` are what its writer wrote. Empty where it says nothing at all."""
    words = [each.strip() for each in lines if each.strip()]
    if tag not in _ADDS:
        return _about(tag.upper(), words[0] if words else _plain(subject))
    title = _plain(subject) or (_plain(words.pop(0)) if words else "")
    keys = next((each for each in words if _KEYED.match(each)), "")
    return " ".join(each for each in (_ADDS[tag], f'"{title}"', keys) if each) if title else ""


def _about(code: str, said: str) -> str:
    deed, _, rest = said.partition(" ")
    deed = deed.casefold().strip(".,!:;")
    if deed not in DEEDS:
        return f"/action show {code}"
    return " ".join(each for each in ("/action", deed, code, rest.strip()) if each)


def _plain(title: str) -> str:
    """A title without what would end its quotes, and without what mail programs put before it."""
    return re.sub(r"^(?:\s*(?:re|fwd?|aw|wg)\s*:)+\s*", "", title, flags=re.IGNORECASE).replace('"', "'").strip()
