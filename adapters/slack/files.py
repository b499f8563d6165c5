"""Pictures as files of Slack's: uploaded once a workspace, private until a message shows them.

Source: https://docs.slack.dev/messaging/working-with-files and https://docs.slack.dev/reference/objects/slack-file-object.
"""

import asyncio
from collections.abc import Iterable
from weakref import WeakValueDictionary

import structlog

from adapters.pictures.drawing import drawn, tag_of
from adapters.slack.api import MissingScope, SlackApi
from adapters.slack.memory import Memory
from adapters.slack.render_blocks import NO_FILES, Files
from adapters.slack.render_text import cleaned, shortened
from adapters.slack.workspaces import Bot
from bot.chat.cards import Card, Picture
from bot.chat.pictures import Drawing
from bot.ports import Refused

HELD_S = 3600.0  # how long an uploaded picture is shown again instead of uploaded again
WITHIN_S = 3.0  # for the pictures of one card; its words must not wait longer
ALT_MAX = 1000  # characters
TITLE_MAX = 200  # characters

log = structlog.get_logger(__name__)


class Pictures:
    """Uploads what a card draws; whatever goes wrong with that, the words stand there instead."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._held: Memory[tuple[str, str], str] = Memory(HELD_S)
        self._uploading: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._not_shown: set[tuple[str, str]] = set()
        self._may_not: Memory[str, bool] = Memory(HELD_S)
        """The workspaces whose installation lacks the right: nothing is drawn for them for a while."""
        self._told: set[str] = set()

    async def of(self, bot: Bot, card: Card) -> Files:
        """The files of a card's pictures; those that there is none of (yet) are missing."""
        wanted = {each.drawing: each.alt for each in card.elements if isinstance(each, Picture)}
        if not wanted or self._may_not.get(bot.tenant):
            return NO_FILES
        found: dict[Drawing, str] = {}
        try:
            async with asyncio.timeout(WITHIN_S):
                for drawing, alt in wanted.items():
                    found[drawing] = await self._file(bot, drawing, alt)
        except MissingScope as problem:
            self._may_not.keep(bot.tenant, value=True, epoch=self._may_not.epoch)
            if bot.tenant not in self._told:
                self._told.add(bot.tenant)
                log.warning("pictures_not_allowed", tenant=bot.tenant, needed=problem.needed)
        except Exception as problem:  # noqa: BLE001 - a picture must never take its words with it
            log.warning("picture_not_uploaded", tenant=bot.tenant, why=type(problem).__name__)
        return found

    def shown(self, bot: Bot, drawings: Iterable[Drawing]) -> None:
        """Slack shows them."""
        self._not_shown -= {(bot.tenant, tag_of(each)) for each in drawings}

    def refused(self, bot: Bot, drawings: Iterable[Drawing]) -> None:
        """Slack does not show them, perhaps only yet; what it refuses a second time is uploaded anew."""
        for key in [(bot.tenant, tag_of(each)) for each in drawings]:
            if key in self._not_shown:
                self._not_shown.discard(key)
                self._held.drop(key)
            else:
                self._not_shown.add(key)

    async def _file(self, bot: Bot, drawing: Drawing, alt: str) -> str:
        """Raises: ChatError, and whatever can go wrong with a drawing or an answer that lacks what it should have."""
        key = (bot.tenant, tag_of(drawing))
        lock = self._uploading.setdefault(key, asyncio.Lock())
        async with lock:
            held = self._held.get(key)
            if held is None:
                epoch = self._held.epoch
                held = await self._uploaded(bot, drawing, cleaned(alt).strip())
                self._held.keep(key, held, epoch)
        return held

    async def _uploaded(self, bot: Bot, drawing: Drawing, alt: str) -> str:
        # In a thread: it takes a tenth of a second, in which the bot has others to answer.
        file = await asyncio.to_thread(drawn, drawing, "png")
        place = await self._api.call(
            "files.getUploadURLExternal",
            bot.token,
            filename="numbers.png",
            length=len(file),
            alt_txt=shortened(alt, ALT_MAX),
        )
        await self._api.upload(str(place["upload_url"]), file)
        done = await self._api.call(
            "files.completeUploadExternal",
            bot.token,
            files=[{"id": place["file_id"], "title": shortened(alt, TITLE_MAX)}],
        )
        if not done.get("files"):
            raise Refused("Slack kept no file")
        return str(place["file_id"])
