"""The wire: what a call's failure means, over real connections to a platform that misbehaves."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.wire import Wire, a_wire, retry_after_s, trouble_of
from bot.ports import SEND_UNTIL, ChatError, MaybeSent, NotSent, RateLimited, Refused, steady_s
from tests.support.far_platform import FarPlatform, Trouble, a_platform
from tests.support.patience import PLENTY_S

NOW = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
TIMEOUT_S = 1.5
ENDLESS = {Trouble.HANGS_BEFORE, Trouble.HANGS_AFTER, Trouble.DRIPS}
FILES = Path("/proc/self/fd")
LISTENS = 1  # the file with which the platform takes connections


@pytest_asyncio.fixture
async def platform() -> AsyncIterator[FarPlatform]:
    async with a_platform() as opened:
        yield opened


def open_files() -> int:
    return len(list(FILES.iterdir()))


async def posted(wire: Wire) -> object:
    reply = await wire.call("POST", "/posts", json={"key": "prompt:1", "words": "Good morning"})
    return json.loads(reply.body)


async def trouble_with(platform: FarPlatform, timeout_s: float = PLENTY_S) -> ChatError:
    async with a_wire("far", platform.url, timeout_s=timeout_s) as wire:
        with pytest.raises(ChatError) as caught:
            await posted(wire)
    return caught.value


async def test_a_call_that_goes_well_gives_the_reply(platform: FarPlatform) -> None:
    async with a_wire("far", platform.url) as wire:
        assert await posted(wire) == {"id": 1}
    assert platform.posts == {1: ("prompt:1", "Good morning")}


@pytest.mark.parametrize("trouble", [
    Trouble.BROKEN_BEFORE,
    Trouble.BROKEN_AFTER,
    Trouble.HANGS_BEFORE,
    Trouble.HANGS_AFTER,
    Trouble.DRIPS,
    Trouble.CUT_BEFORE,
    Trouble.CUT_AFTER,
])  # fmt: skip
async def test_whatever_breaks_once_there_is_a_connection_leaves_the_post_in_doubt(
    platform: FarPlatform, trouble: Trouble
) -> None:
    platform.troubles = [("POST", trouble)]
    assert type(await trouble_with(platform, TIMEOUT_S if trouble in ENDLESS else PLENTY_S)) is MaybeSent
    assert len(platform.asked) == 1, "a call is one attempt"


async def test_a_connection_that_is_cut_while_it_is_reused_leaves_the_post_in_doubt_and_is_not_tried_again(
    platform: FarPlatform,
) -> None:
    async with a_wire("far", platform.url) as wire:
        await posted(wire)
        platform.troubles = [("POST", Trouble.CUT_AFTER)]
        with pytest.raises(MaybeSent):
            await posted(wire)
    assert len(platform.posts) == 2


@pytest.mark.parametrize("is_reused", [False, True])
async def test_whose_lease_ran_out_on_the_way_sends_no_byte(platform: FarPlatform, is_reused: bool) -> None:
    async with a_wire("far", platform.url) as wire:
        if is_reused:
            await posted(wire)
        platform.asked.clear()
        SEND_UNTIL.set(steady_s() - 0.001)
        with pytest.raises(NotSent, match="the lease is over"):
            await posted(wire)
        SEND_UNTIL.set(steady_s() + 60)
        await posted(wire)
    assert len(platform.asked) == 1, "and a connection that was not used is not in the way"


@pytest.mark.skipif(not FILES.is_dir(), reason="the system does not list the files that are open")
async def test_an_attempt_whose_lease_ran_out_leaves_no_connection_behind(platform: FarPlatform) -> None:
    before = open_files()
    async with a_wire("far", platform.url) as wire:
        SEND_UNTIL.set(steady_s() - 0.001)
        for _ in range(20):
            with pytest.raises(NotSent, match="the lease is over"):
                await posted(wire)
        assert open_files() - before <= 2, "one connection and its other end, for whoever comes next"
    await platform.close()
    assert (open_files(), platform.asked) == (before - LISTENS, [])


async def test_where_nobody_listens_nothing_was_sent(platform: FarPlatform) -> None:
    await platform.close()
    assert type(await trouble_with(platform)) is NotSent


async def test_a_name_that_nobody_has_means_that_nothing_was_sent() -> None:
    async with a_wire("far", "http://nowhere.invalid") as wire:
        with pytest.raises(NotSent):
            await posted(wire)


async def test_a_connection_that_does_not_come_about_in_time_means_that_nothing_was_sent() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(2)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        async with a_wire("far", f"http://127.0.0.1:{full.getsockname()[1]}", timeout_s=TIMEOUT_S) as wire:
            with pytest.raises(NotSent):
                await posted(wire)
        for each in waiting:
            each.close()


async def test_a_call_ends_in_time_however_long_its_answer_drips(platform: FarPlatform) -> None:
    platform.troubles = [("POST", Trouble.DRIPS)]
    async with asyncio.timeout(PLENTY_S):
        assert isinstance(await trouble_with(platform, TIMEOUT_S), MaybeSent)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("0", 0.0), ("1.5", 1.5)])
async def test_too_fast_comes_with_the_seconds_that_the_platform_names(
    platform: FarPlatform, header: str, seconds: float
) -> None:
    platform.troubles, platform.retry_after = [("POST", Trouble.LIMITED)], header
    trouble = await trouble_with(platform)
    assert isinstance(trouble, RateLimited)
    assert trouble.retry_after_s == seconds


async def test_too_fast_without_a_word_for_how_long_says_so(platform: FarPlatform) -> None:
    platform.troubles = [("POST", Trouble.LIMITED_SILENTLY)]
    trouble = await trouble_with(platform)
    assert isinstance(trouble, RateLimited)
    assert trouble.retry_after_s is None


async def test_a_redirection_is_not_followed(platform: FarPlatform) -> None:
    assert isinstance(trouble_of("far", 307, {"Location": platform.url}, now=NOW), Refused)


@pytest.mark.parametrize(("value", "seconds"), [
    ("Tue, 24 Nov 2026 09:16:30 GMT", 90.0),
    ("Tue, 24 Nov 2026 09:16:30 -0000", 90.0),
    ("Tuesday, 24-Nov-26 09:16:30 GMT", 90.0),
    ("Tue, 24 Nov 2026 10:16:30 +0100", 90.0),
    ("Tue, 24 Nov 2026 09:00:00 GMT", 0.0),
    ("Fri, 24 Nov 2028 09:00:00 GMT", 86400.0),
    ("999999999", 86400.0),
    (" 30 ", 30.0),
    ("99999999999999999999", None),
    ("Fri, 31 Dec 9999 23:59:59 -2359", 86400.0),
    ("Sat, 01 Jan 0001 00:00:00 +2359", 0.0),
    ("Tue, 24 Nov 99999 09:16:30 GMT", None),
    ("Tue, 24 Nov 99999999999999999999 09:16:30 GMT", None),
    ("Tue, 24 Nov 2026 09:16:30 +99999999999999", None),
    ("Tue, 24 Nov 2026 99999999999999999999:16:30 GMT", None),
    ("\u0663\u0660", None),
    ("-5", None),
    ("nan", None),
    ("1e9", None),
    ("soon", None),
    ("", None),
])  # fmt: skip
def test_retry_after_is_seconds_or_a_date_from_nothing_to_a_day(value: str, seconds: float | None) -> None:
    assert retry_after_s(value, NOW) == seconds


@pytest.mark.parametrize(("status", "kind"), [
    (200, None),
    (201, None),
    (202, None),
    (204, None),
    (301, Refused),
    (400, Refused),
    (403, Refused),
    (404, Refused),
    (408, NotSent),
    (413, Refused),
    (429, RateLimited),
    (500, MaybeSent),
    (502, MaybeSent),
    (503, MaybeSent),
    (504, MaybeSent),
])  # fmt: skip
def test_a_status_says_whether_it_may_be_tried_again(status: int, kind: type[ChatError] | None) -> None:
    trouble = trouble_of("far", status, {}, now=NOW)
    assert (trouble and type(trouble)) == kind


def test_a_platform_that_is_not_available_until_a_named_hour_did_nothing() -> None:
    trouble = trouble_of("far", 503, {"Retry-After": "120"}, now=NOW)
    assert isinstance(trouble, RateLimited)
    assert timedelta(seconds=trouble.retry_after_s or 0) == timedelta(minutes=2)
