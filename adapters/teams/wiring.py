"""JSON over the wire to Microsoft: what an answer holds, and that it is JSON at all."""

import json
from typing import Any, TypeAlias

from adapters.wire import Wire
from bot.ports import MaybeSent, Refused

PLATFORM = "teams"
THREAD = ";messageid="  # between a channel and the message that began a thread in it

Fields: TypeAlias = dict[str, Any]
"""A JSON object of Microsoft's."""


async def fetched(wire: Wire, url: str, *, token: str = "") -> Fields:
    """What stands at an address. Raises: RateLimited, NotSent, MaybeSent, Refused."""
    if not url.startswith(("https://", "http://")):
        raise Refused("that is no address")
    headers = {"Authorization": f"Bearer {token}"} if token else None
    return object_in((await wire.call("GET", url, headers=headers)).body)


def object_in(body: bytes) -> Fields:
    """A JSON object; an empty one for no body. Raises: MaybeSent for anything else."""
    if not body.strip():
        return {}
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise MaybeSent("Microsoft answered with something that is no JSON") from problem
    return found if isinstance(found, dict) else {}
