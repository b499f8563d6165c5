"""Pictures on Slack: uploaded once, shown in the message, and in words wherever Slack does not take them."""

import pytest

from bot.chat.cards import Card, Picture, Title
from bot.ports import Refused
from storage.engine import Database
from tests.support.rates import RATES
from tests.support.slack_connected import AMY, CHANNEL, Connected, connected
from tests.support.slack_double import RateLimit, Refuse, ServerError

WORDS = "First-time fix from 71% to 78%."
CARD = Card("First-time fix: 78%.", (Title("First-time fix"), Picture(RATES, WORDS)))
UPLOAD = ("files.getUploadURLExternal", "files.completeUploadExternal")


def images(here: Connected, channel: str = "C1") -> list[str]:
    """The files that messages in a channel show."""
    return [
        block["slack_file"]["id"]
        for message in here.team.posted(channel)
        for block in message.blocks
        if block["type"] == "image"
    ]


def words(here: Connected) -> str:
    """What the newest message in the channel shows as quiet text."""
    return " ".join(
        element["text"]
        for block in here.team.posted("C1")[-1].blocks
        if block["type"] == "context"
        for element in block["elements"]
    )


def uploads(here: Connected) -> int:
    """How many files were completed."""
    return len(here.slack.called("files.completeUploadExternal"))


async def test_a_picture_is_uploaded_and_shown_with_its_words(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        await here.chat.post(CHANNEL, CARD, key="k1")
        [file_id] = images(here)
        upload = here.slack.world.uploads[file_id]
        assert (upload["alt_txt"], upload["length"]) == (WORDS, len(upload["body"]))
        image = next(each for each in here.team.posted("C1")[0].blocks if each["type"] == "image")
        assert image["alt_text"] == WORDS


async def test_the_same_picture_is_uploaded_once(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        ref = await here.chat.post(CHANNEL, CARD, key="k1")
        await here.chat.post(AMY, CARD, key="k2")
        await here.chat.update(CHANNEL, ref, CARD)
        assert images(here) == images(here, "D1")
        assert uploads(here) == 1


async def test_a_picture_that_slack_still_looks_at_is_waited_for(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.world.looks_at_files = 2
        await here.chat.post(CHANNEL, CARD, key="k1")
        assert len(images(here)) == 1
        assert len(here.team.posted("C1")) == 1


async def test_a_picture_that_slack_never_shows_stands_there_in_words(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.world.looks_at_files = 99
        await here.chat.post(CHANNEL, CARD, key="k1")
        assert images(here) == []
        assert words(here) == WORDS
        here.slack.world.looks_at_files = 0
        await here.chat.post(CHANNEL, CARD, key="k2")
        assert len(images(here)) == 1, "the next time it is uploaded anew"


@pytest.mark.parametrize("method", UPLOAD)
@pytest.mark.parametrize("fault", [
    Refuse("missing_scope", needed="files:write"), Refuse("internal_error"), RateLimit(30), ServerError(500),
])  # fmt: skip
async def test_words_wait_for_no_picture_that_can_not_be_uploaded(sqlite: Database, method, fault) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next(method, fault)
        await here.chat.post(CHANNEL, CARD, key="k1")
        assert images(here) == []
        assert words(here) == WORDS
        await here.chat.post(CHANNEL, CARD, key="k2")
        assert len(images(here)) == 1


async def test_a_message_that_is_wrong_without_its_picture_too_is_refused(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next("chat.postMessage", *[Refuse("invalid_blocks")] * 4)
        with pytest.raises(Refused):
            await here.chat.post(CHANNEL, CARD, key="k1")
        assert here.team.posted("C1") == []


async def test_a_picture_goes_only_to_an_address_of_slack_s(sqlite: Database, caplog) -> None:
    async with connected(sqlite) as here:
        here.slack.world.base_url = "http://elsewhere.example"
        await here.chat.post(CHANNEL, CARD, key="k1")
        assert images(here) == []
        assert words(here) == WORDS
