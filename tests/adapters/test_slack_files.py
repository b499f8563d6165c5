"""Pictures on Slack: uploaded once, shown in the message, and in words wherever Slack does not take them."""

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.slack import adapter, files
from bot.chat.cards import Card, Picture, Title
from bot.ports import Destination, Refused
from storage.engine import Database
from tests.support.rates import RATES
from tests.support.slack_connected import AMY, CHANNEL, Connected, connected
from tests.support.slack_double import Hang, RateLimit, Refuse, ServerError

WORDS = "First-time fix from 71% to 78%."
CARD = Card("First-time fix: 78%.", (Title("First-time fix"), Picture(RATES, WORDS)))
UPLOAD = ("files.getUploadURLExternal", "files.completeUploadExternal")


@pytest.fixture(autouse=True)
def a_quick_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many pauses as there are, each a hundredth as long: how long they are is not what these tests are about."""
    monkeypatch.setattr(adapter, "LOOKED_AT_S", tuple(pause_s / 100 for pause_s in adapter.LOOKED_AT_S))


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


@pytest.mark.parametrize("looks", [1, 3])
async def test_a_picture_that_slack_still_looks_at_is_waited_for(sqlite: Database, looks: int) -> None:
    async with connected(sqlite) as here:
        here.slack.world.looks_at_files = looks
        await here.chat.post(CHANNEL, CARD, key="k1")
        assert len(images(here)) == 1
        assert len(here.team.posted("C1")) == 1


async def test_a_picture_that_slack_looks_at_for_long_stands_in_words_and_is_shown_the_next_time(
    sqlite: Database,
) -> None:
    async with connected(sqlite) as here:
        here.slack.world.looks_at_files = 5
        ref = await here.chat.post(CHANNEL, CARD, key="k1")
        assert (images(here), words(here)) == ([], WORDS)
        await here.chat.update(CHANNEL, ref, CARD)
        assert len(images(here)) == 1
        assert uploads(here) == 1


async def test_a_picture_that_slack_refuses_twice_is_uploaded_anew(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.world.looks_at_files = 99
        for key in ("k1", "k2"):
            await here.chat.post(CHANNEL, CARD, key=key)
            assert words(here) == WORDS
        here.slack.world.looks_at_files = 0
        await here.chat.post(CHANNEL, CARD, key="k3")
        assert len(images(here)) == 1
        assert uploads(here) == 2


async def test_what_is_wrong_for_another_reason_is_tried_once(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next("chat.postMessage", Refuse("invalid_blocks"))
        with pytest.raises(Refused):
            await here.chat.post(CHANNEL, CARD, key="k1")
        assert len(here.slack.called("chat.postMessage")) == 1


async def test_many_messages_at_once_upload_a_picture_once(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        await asyncio.gather(*(here.chat.post(CHANNEL, CARD, key=f"k{number}") for number in range(5)))
        assert len(set(images(here))) == 1
        assert len(images(here)) == 5
        assert uploads(here) == 1


async def test_each_workspace_has_its_own_file_of_the_same_picture(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        south = here.slack.add_workspace("T2", "Southgas")
        south.add_channel("C1", "works", members=())
        await here.workspaces.connect(south.token)
        await here.chat.post(CHANNEL, CARD, key="k1")
        await here.chat.post(Destination("T2", "C1"), CARD, key="k1")
        shown = [block["slack_file"]["id"] for block in south.posted("C1")[0].blocks if block["type"] == "image"]
        assert len(shown) == 1
        assert shown != images(here)


@pytest.mark.parametrize("problem", [OSError("no space left"), ImportError("no library"), MemoryError()])
async def test_a_drawing_that_fails_leaves_the_words(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def fails(*_: object) -> bytes:
        raise problem

    monkeypatch.setattr(files, "drawn", fails)
    async with connected(sqlite) as here:
        await here.chat.post(CHANNEL, CARD, key="k1")
        assert (images(here), words(here)) == ([], WORDS)


async def test_words_do_not_wait_for_an_upload_that_hangs(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "WITHIN_S", 0.2)
    async with connected(sqlite) as here:
        here.slack.faults.next("files.getUploadURLExternal", Hang())
        await here.chat.post(CHANNEL, CARD, key="k1")
        assert (images(here), words(here)) == ([], WORDS)


@pytest.mark.parametrize("alt", ["a\ud800b", "<!channel> & co", "word " * 399])
async def test_whatever_the_words_are_the_picture_is_shown(sqlite: Database, alt: str) -> None:
    async with connected(sqlite) as here:
        await here.chat.post(CHANNEL, Card("Rates.", (Picture(RATES, alt),)), key="k1")
        assert len(images(here)) == 1


async def test_a_right_that_is_missing_is_told_to_the_log_once_and_not_asked_for_again(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next("files.getUploadURLExternal", Refuse("missing_scope", needed="files:write"))
        with capture_logs() as logs:
            for number in range(3):
                await here.chat.post(CHANNEL, CARD, key=f"k{number}")
        assert [each["needed"] for each in logs if each["event"] == "pictures_not_allowed"] == ["files:write"]
        assert len(here.slack.called("files.getUploadURLExternal")) == 1
        assert (images(here), words(here)) == ([], WORDS)


@pytest.mark.parametrize("method", UPLOAD)
@pytest.mark.parametrize("fault", [
    Refuse("internal_error"), RateLimit(30), ServerError(500),
])  # fmt: skip
async def test_words_wait_for_no_picture_that_can_not_be_uploaded(sqlite: Database, method, fault) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next(method, fault)
        await here.chat.post(CHANNEL, CARD, key="k1")
        assert images(here) == []
        assert words(here) == WORDS
        await here.chat.post(CHANNEL, CARD, key="k2")
        assert len(images(here)) == 1


async def test_a_picture_goes_only_to_an_address_of_slack_s(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.world.base_url = "http://elsewhere.example"
        await here.chat.post(CHANNEL, CARD, key="k1")
        assert images(here) == []
        assert words(here) == WORDS
