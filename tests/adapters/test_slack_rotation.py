"""Tokens that end are renewed in time and once, whoever asks, dies or comes in between."""

import asyncio
from datetime import timedelta

import pytest

from adapters.slack import rotation
from adapters.slack.workspaces import Bot
from storage import slack
from storage.tx import SYSTEM
from tests.support.slack_double import LostReply, RateLimit, Refuse
from tests.support.slack_double.world import TOKEN_S
from tests.support.slack_office import HOUR, Office, a_team


async def rotating(office: Office) -> Bot:
    office.slack.world.rotates = True
    return await office.install(a_team(office))


def refreshes(office: Office) -> list[str]:
    calls = office.slack.called("oauth.v2.access")
    return [each.outcome for each in calls if each.arguments.get("grant_type") == "refresh_token"]


async def test_a_token_far_from_its_end_is_left_alone(sqlite_office: Office) -> None:
    bot = await rotating(sqlite_office)
    sqlite_office.passes(9 * HOUR)
    here = sqlite_office.workspaces()
    assert await here.bot("T1") == bot
    await here.close()
    assert refreshes(sqlite_office) == []


async def test_a_token_near_its_end_is_used_while_a_new_one_is_fetched(office: Office) -> None:
    bot = await rotating(office)
    office.passes(11 * HOUR)
    here = office.workspaces()
    assert await here.bot("T1") == bot
    await here.close()
    new = await here.bot("T1")
    assert new is not None
    assert new.token != bot.token
    assert refreshes(office) == ["ok"]
    expires_at = (await office.row("T1")).expires_at
    assert expires_at is not None
    assert abs(expires_at - office.watch.now() - timedelta(seconds=TOKEN_S)) < timedelta(minutes=1)


async def test_a_token_that_has_ended_is_waited_for(office: Office) -> None:
    bot = await rotating(office)
    office.passes(13 * HOUR)
    new = await office.workspaces().bot("T1")
    assert new is not None
    assert new.token != bot.token
    assert await office.api.call("auth.test", new.token)


async def test_many_who_ask_at_once_in_two_processes_use_the_refresh_token_once(office: Office) -> None:
    await rotating(office)
    office.passes(13 * HOUR)
    here, there = office.workspaces(), office.workspaces()
    found = await asyncio.gather(*(each.bot("T1") for each in (here, there) for _ in range(5)))
    assert refreshes(office) == ["ok"]
    assert len({each and each.token for each in found}) == 1
    assert found[0] is not None


async def test_who_gives_up_waiting_does_not_lose_the_new_tokens(sqlite_office: Office) -> None:
    office = sqlite_office
    await rotating(office)
    office.passes(13 * HOUR)
    here = office.workspaces()
    waiting = asyncio.create_task(here.bot("T1"))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await here.bot("T1") is not None
    await here.close()
    assert refreshes(office) == ["ok"]


async def test_the_next_token_can_be_renewed_too(sqlite_office: Office) -> None:
    office = sqlite_office
    await rotating(office)
    here = office.workspaces()
    tokens = set()
    for _ in range(3):
        office.passes(13 * HOUR)
        bot = await here.bot("T1")
        assert bot is not None
        tokens.add(bot.token)
    assert len(tokens) == 3


@pytest.mark.parametrize("fault", [RateLimit(1), LostReply(applied=False), Refuse("internal_error")])
async def test_a_refresh_that_failed_is_tried_again_while_the_old_token_still_works(
    sqlite_office: Office, fault: RateLimit | LostReply | Refuse
) -> None:
    office = sqlite_office
    bot = await rotating(office)
    office.passes(11 * HOUR)
    here = office.workspaces()
    office.slack.faults.next("oauth.v2.access", fault)
    for _ in range(3):
        assert await here.bot("T1") == bot
        await here.close()
    assert len(refreshes(office)) == 1, "not in haste"
    office.passes(timedelta(seconds=30))
    await here.bot("T1")
    await here.close()
    new = await here.bot("T1")
    assert new is not None
    assert new.token != bot.token


async def test_a_refresh_token_that_slack_refuses_is_left_alone_for_a_while(sqlite_office: Office) -> None:
    office = sqlite_office
    bot = await rotating(office)
    office.slack.world.refreshes.clear()
    office.passes(11 * HOUR)
    here = office.workspaces()
    for _ in range(3):
        assert await here.bot("T1") == bot
        await here.close()
    assert refreshes(office) == ["invalid_refresh_token"]
    office.passes(2 * HOUR)
    assert await here.bot("T1") is None, "no token that works"


async def test_a_process_that_died_while_it_renewed_keeps_nobody_away_for_long(
    sqlite_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = sqlite_office
    await rotating(office)
    office.passes(13 * HOUR)
    async with office.database.write(SYSTEM) as tx:
        found = await slack.workspace_of(tx, "T1")
        assert found is not None
        await slack.claim_refresh(tx, found[1], now=office.watch.now(), lasts=rotation.CLAIM)
    monkeypatch.setattr(rotation, "WAIT_S", 0.0)
    assert await office.workspaces().bot("T1") is None
    office.passes(rotation.CLAIM)
    assert await office.workspaces().bot("T1") is not None


async def test_an_installation_while_a_token_is_renewed_has_the_last_word(sqlite_office: Office) -> None:
    office = sqlite_office
    await rotating(office)
    office.passes(11 * HOUR)
    here = office.workspaces()
    await here.bot("T1")
    back = await office.install(office.slack.workspace("T1"))
    await here.close()
    assert await office.workspaces().bot("T1") == back
