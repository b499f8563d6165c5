"""What rooms are called: Teams names a channel with what happens to it, and not with what is written in it."""

import asyncio
from collections import OrderedDict
from dataclasses import replace

import structlog

from adapters.teams import views
from adapters.teams.connector import Connector
from adapters.teams.happenings import Where
from adapters.teams.parse import NAME_MAX, cleaned
from bot.ports import ChatError, steady_s

KNOWN_MOST = 10_000
REST_S = 300.0  # until a name is asked for again where Teams could not say it
ASK_WITHIN_S = 1.5  # what was written must not wait longer

log = structlog.get_logger()


class Rooms:
    """Looks names up, once in a process for each room."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._rests_until: dict[tuple[str, str], float] = {}
        """Of which rooms Teams could not say the name just now."""

    async def named(self, here: Where) -> Where:
        """The same conversation with its name, as far as Teams tells."""
        if here.is_direct:
            return here
        key = (here.tenant, here.conversation)
        name = here.name or self._known.get(key, "")
        if not name and self._rests_until.get(key, 0.0) <= steady_s():
            name = await self._asked(here)
            self._rests_until = {each: until for each, until in self._rests_until.items() if until > steady_s()}
            self._rests_until |= {} if name else {key: steady_s() + REST_S}
        if name:
            self._known[key] = name
            while len(self._known) > KNOWN_MOST:
                self._known.popitem(last=False)
        return replace(here, name=name)

    async def _asked(self, here: Where) -> str:
        if not here.is_channel or not here.team:
            return views.GROUP_CHAT
        try:
            async with asyncio.timeout(ASK_WITHIN_S):
                names = await self._connector.channels(here.service_url, here.team)
        except (ChatError, TimeoutError) as problem:
            log.info("channels_not_read", why=type(problem).__name__)
            return ""
        name = cleaned(names.get(here.conversation, ""))[:NAME_MAX]
        is_first = here.conversation == here.team or here.conversation in names  # its name is left out
        return name or (views.FIRST_CHANNEL if is_first else views.CHANNEL)
