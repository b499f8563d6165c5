"""Messages on Slack as the delivery sends them: what stands there, and what each failure means."""

from dataclasses import replace

import pytest

from adapters.slack.api import MissingScope, WorkspaceGone
from bot.chat.cards import Card, Paragraph, says
from bot.chat.spans import Mention
from bot.ports import CannotLook, Destination, MaybeSent, NotSent, RateLimited, Refused
from storage.engine import Database
from tests.support.slack_connected import AMY, CHANNEL, HELLO, connected
from tests.support.slack_double import (
    Fault,
    LostReply,
    RateLimit,
    Refuse,
    ServerError,
)


async def test_a_message_is_posted_replaced_and_taken_away(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        ref = await here.chat.post(CHANNEL, HELLO, key="k1")
        assert here.words() == ["Hello, everybody."]
        await here.chat.update(CHANNEL, ref, says("Good-bye."))
        assert here.words() == ["Good-bye."]
        assert here.team.posted("C1")[0].blocks
        await here.chat.delete(CHANNEL, ref)
        await here.chat.delete(CHANNEL, ref)
        assert here.words() == []


async def test_direct_messages_and_threads_find_their_place(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        await here.chat.post(AMY, says("Only for Amy."), key="k1")
        await here.chat.post(AMY, says("Once more."), key="k2")
        top = await here.chat.post(CHANNEL, HELLO, key="k3")
        await here.chat.post(Destination("T1", "C1", thread_ref=top), says("Below."), key="k4")
        assert here.words("D1") == ["Only for Amy.", "Once more."]
        assert len(here.slack.called("conversations.open")) == 1
        below = here.team.posted("C1")[-1]
        assert (below.text, below.thread_ts) == ("Below.", here.team.posted("C1")[0].ts)


async def test_links_never_unfurl(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        await here.chat.post(CHANNEL, says("See https://example.org"), key="k1")
        assert [each.unfurls for each in here.team.posted("C1")] == [False]


async def test_a_message_of_unknown_fate_is_found_by_its_key(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next("chat.postMessage", LostReply(applied=True))
        with pytest.raises(MaybeSent):
            await here.chat.post(CHANNEL, HELLO, key="k1")
        ref = await here.chat.find(CHANNEL, "k1")
        assert ref == f"C1:{here.team.posted('C1')[0].ts}"
        assert await here.chat.find(CHANNEL, "k2") is None


async def test_a_reply_of_unknown_fate_is_looked_for_in_its_thread(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        top = await here.chat.post(CHANNEL, HELLO, key="k1")
        thread = Destination("T1", "C1", thread_ref=top)
        ref = await here.chat.post(thread, says("Below."), key="k2")
        assert await here.chat.find(thread, "k2") == ref
        assert await here.chat.find(thread, "k3") is None


async def test_without_the_right_to_read_nobody_looks(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next("conversations.history", Refuse("missing_scope", needed="channels:history"))
        with pytest.raises(CannotLook):
            await here.chat.find(CHANNEL, "k1")


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (LostReply(applied=False), MaybeSent),
        (ServerError(500), MaybeSent),
        (Refuse("internal_error"), MaybeSent),
        (Refuse("service_unavailable"), NotSent),
        (Refuse("ratelimited"), RateLimited),
        (Refuse("token_revoked"), WorkspaceGone),
        (Refuse("missing_scope", needed="chat:write"), MissingScope),
        (Refuse("invalid_blocks"), Refused),
    ],
)
async def test_each_failure_has_its_meaning(sqlite: Database, fault: Fault, meaning: type[Exception]) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next("chat.postMessage", fault)
        with pytest.raises(meaning):
            await here.chat.post(CHANNEL, HELLO, key="k1")


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "not_in_channel"])
async def test_a_room_that_is_gone_is_said_so(sqlite: Database, code: str) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next("chat.postMessage", Refuse(code))
        with pytest.raises(Refused) as refused:
            await here.chat.post(CHANNEL, HELLO, key="k1")
        assert refused.value.target_gone


async def test_a_channel_that_is_too_fast_rests_alone_and_a_second_one_means_the_workspace(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        here.slack.faults.next("chat.postMessage", RateLimit(30), RateLimit(30), RateLimit(20))
        rests = []
        for channel in ("C1", "C1", "C2"):
            with pytest.raises(RateLimited) as limited:
                await here.chat.post(Destination("T1", channel), HELLO, key="k")
            rests.append((limited.value.retry_after_s, limited.value.only_here))
        assert rests == [(30, True), (30, True), (20, False)]


async def test_where_the_app_is_not_installed_messages_wait(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        with pytest.raises(RateLimited):
            await here.chat.post(Destination("T9", "C1"), HELLO, key="k1")
        assert here.slack.called("chat.postMessage") == []


async def test_a_mention_of_somebody_who_has_no_account_here_is_their_name(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        card = Card("Ask Dana.", (Paragraph(("Ask ", Mention(77, "Dana"))),))
        await here.chat.post(CHANNEL, card, key="k1")
        (seen,) = here.team.user("U1").sees("C1")
        assert seen.seen.mentions == ()
        assert "Dana" in seen.words


async def test_what_was_not_found_among_the_newest_may_still_stand_further_back(sqlite: Database) -> None:
    async with connected(sqlite) as here:
        await here.chat.post(CHANNEL, HELLO, key="first")
        message = here.team.posted("C1")[0]
        later = [replace(message, ts=f"{float(message.ts) + number:.6f}", metadata={}) for number in range(1, 250)]
        here.team.channel("C1").messages.extend(later)
        with pytest.raises(CannotLook):
            await here.chat.find(CHANNEL, "first")
