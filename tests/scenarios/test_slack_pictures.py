"""A customer number's picture on Slack: in direct messages, and for one person's eyes in a channel."""

import asyncio

import pytest

from storage.engine import Database
from tests.scenarios.test_slack_workspaces import Hall, a_hall, ada, asks
from tests.support.patience import PLENTY_S
from tests.support.slack_double import Fault, LostReply, Refuse
from tests.support.slack_double.reading import SeenMessage
from tests.support.slack_double.slack import Team


async def with_two_numbers(hall: Hall) -> Team:
    """Northwater with the bot, and a measure that was recorded on two days."""
    north = hall.slack.workspace("T1")
    await hall.installs(north)
    await asks(north, 'measure add "First-time fix" code:FTF unit:percent')
    await asks(north, "measure record FTF 71 period:2026-11-02")
    await asks(north, "measure record FTF 78 period:2026-11-03")
    return north


async def with_picture(team: Team, channel: str = "") -> SeenMessage:
    """Waits for the message with a picture, or with its words in quiet text, that Ada sees."""
    async with asyncio.timeout(PLENTY_S):
        while True:
            for seen in ada(team).sees(channel):
                if "lowest 71%" in seen.words:
                    return seen
            await asyncio.sleep(0.02)


def image_on(seen: SeenMessage) -> list[str]:
    return [each["slack_file"]["id"] for each in seen.message.blocks if each["type"] == "image"]


@pytest.mark.parametrize("channel", ["", "C1"])
async def test_a_number_is_shown_with_its_picture(sqlite: Database, channel: str) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_two_numbers(hall)
        if channel:
            assert (await ada(north).commands("/cx", "measure show FTF", channel)).is_ok
        else:
            await ada(north).says("", "/measure show FTF")
        seen = await with_picture(north, channel)
        assert "78%" in seen.words
        assert len(image_on(seen)) == 1
        assert seen.is_private == bool(channel), "an answer in a channel is for who asked"
        assert hall.slack.complaints == []


async def test_without_the_right_to_upload_the_number_is_shown_in_words(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_two_numbers(hall)
        hall.slack.faults.next("files.getUploadURLExternal", Refuse("missing_scope", needed="files:write"))
        await ada(north).commands("/cx", "measure show FTF", "C1")
        assert image_on(await with_picture(north, "C1")) == []


@pytest.mark.parametrize("fault", [Refuse("internal_error"), LostReply(applied=False), Refuse("channel_not_found")])
async def test_an_answer_that_can_not_be_shown_with_its_picture_comes_in_words(sqlite: Database, fault: Fault) -> None:
    async with a_hall(sqlite) as hall:
        north = await with_two_numbers(hall)
        hall.slack.faults.next("chat.postEphemeral", fault)
        await ada(north).commands("/cx", "measure show FTF", "C1")
        seen = await with_picture(north, "C1")
        assert seen.is_private
        assert image_on(seen) == []
