"""Pictures as files of Slack's: uploaded once a workspace, private until a message shows them.

Source: https://docs.slack.dev/messaging/working-with-files and https://docs.slack.dev/reference/objects/slack-file-object.
"""

import asyncio

import structlog

from adapters.pictures import drawn
from adapters.slack.api import SlackApi
from adapters.slack.memory import Memory
from adapters.slack.render_blocks import NO_FILES, Files
from adapters.slack.workspaces import Bot
from bot.chat.cards import Card, Picture
from bot.chat.pictures import Drawing
from bot.ports import ChatError, Refused

HELD_S = 3600.0  # how long an uploaded picture is shown again instead of uploaded again
WITHIN_S = 6.0  # for the pictures of one card; its words must not wait longer

log = structlog.get_logger(__name__)


class Pictures:
    """Uploads what a card draws."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._held: Memory[tuple[str, Drawing], str] = Memory(HELD_S)

    async def of(self, bot: Bot, card: Card) -> Files:
        """The files of a card's pictures. One that can't be uploaded is missing: its words stand there instead."""
        wanted = {each.drawing: each.alt for each in card.elements if isinstance(each, Picture)}
        found: dict[Drawing, str] = {}
        if not wanted:
            return NO_FILES
        try:
            async with asyncio.timeout(WITHIN_S):
                for drawing, alt in wanted.items():
                    found[drawing] = await self._file(bot, drawing, alt)
        except (ChatError, TimeoutError, KeyError) as problem:
            log.warning("picture_not_uploaded", tenant=bot.tenant, why=str(problem) or type(problem).__name__)
        return found

    def forget(self) -> None:
        """Slack does not show them: they are uploaded again next time."""
        self._held.forget()

    async def _file(self, bot: Bot, drawing: Drawing, alt: str) -> str:
        """Raises: ChatError; KeyError where Slack's answer lacks what it should have."""
        held = self._held.get((bot.tenant, drawing))
        if held is not None:
            return held
        epoch = self._held.epoch
        # In a thread: it takes a tenth of a second, in which the bot has others to answer.
        file = await asyncio.to_thread(drawn, drawing, "png")
        place = await self._api.call(
            "files.getUploadURLExternal", bot.token, filename="numbers.png", length=len(file), alt_txt=alt[:1000]
        )
        await self._api.upload(str(place["upload_url"]), file)
        done = await self._api.call(
            "files.completeUploadExternal", bot.token, files=[{"id": place["file_id"], "title": alt[:200]}]
        )
        if not done.get("files"):
            raise Refused("Slack kept no file")
        self._held.keep((bot.tenant, drawing), str(place["file_id"]), epoch)
        return str(place["file_id"])
