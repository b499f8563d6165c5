"""The bot's own token: asked for once, kept, asked for anew when it must be, and never in vain."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from adapters.teams import credentials
from adapters.teams.credentials import (
    EARLY_S,
    FAILED_REST_S,
    FORGET_AGAIN_S,
    BadCredentials,
    Identity,
    Tokens,
    TokenWaits,
)
from adapters.wire import Wire, a_wire
from bot.ports import NotSent, RateLimited
from tests.support.teams_double import Fault, LostReply, RateLimit, ServerError, TeamsDouble
from tests.support.teams_double.world import TOKEN_S
from tests.support.teams_hall import NORTH, a_double


class Watch:
    """Steady time, which goes on when a test says so."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(credentials, "steady_s", watch)
    return watch


@pytest.fixture
async def double() -> AsyncIterator[TeamsDouble]:
    async with a_double() as double:
        yield double


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with a_wire("teams") as wire:
        yield wire


def _of(wire: Wire, double: TeamsDouble, *, password: str = "") -> Tokens:
    authority = f"{double.authority_url}/{NORTH}"
    return Tokens(wire, Identity(double.app_id, password or double.app_password, authority))


async def test_fifty_who_need_a_token_at_once_ask_for_one(wire: Wire, double: TeamsDouble, watch: Watch) -> None:
    tokens = _of(wire, double)
    found = await asyncio.gather(*(tokens.current() for _ in range(50)))
    assert len(set(found)) == len(double.called("token")) == 1


async def test_a_token_is_kept_until_shortly_before_it_ends(wire: Wire, double: TeamsDouble, watch: Watch) -> None:
    tokens = _of(wire, double)
    first = await tokens.current()
    watch.now_s += TOKEN_S - EARLY_S - 1
    assert await tokens.current() == first
    watch.now_s += 2
    assert await tokens.current() != first


async def test_a_token_that_does_not_work_is_asked_for_anew_once(wire: Wire, double: TeamsDouble, watch: Watch) -> None:
    tokens = _of(wire, double)
    first = await tokens.current()
    for _ in range(8):  # as many as were under way with it
        tokens.forget(first)
    second = await tokens.current()
    assert second != first
    tokens.forget(second)
    assert await tokens.current() == second, "a new one that is refused too is not the trouble"
    watch.now_s += FORGET_AGAIN_S + 1
    tokens.forget(second)
    assert await tokens.current() != second


async def test_a_wrong_password_rests_a_minute_and_is_told_once(wire: Wire, double: TeamsDouble, watch: Watch) -> None:
    tokens = _of(wire, double, password="wrong-password")
    with capture_logs() as logs:
        for waited_s in (0.0, 20.0, 39.0):
            watch.now_s += waited_s
            with pytest.raises(BadCredentials) as refused:
                await tokens.current()
            assert refused.value.retry_after_s == pytest.approx(FAILED_REST_S - (watch.now_s - 1000.0))
            assert not refused.value.only_here
        assert len(double.called("token")) == 1
        assert tokens.refused == 401
        watch.now_s += 2
        with pytest.raises(BadCredentials):
            await tokens.current()
        assert len(double.called("token")) == 2
        double.world.app_password = "wrong-password"
        watch.now_s += FAILED_REST_S + 1
        assert await tokens.current()
        assert tokens.refused == 0
    assert [each["event"] for each in logs] == ["teams_password_refused", "teams_password_taken"]
    assert "wrong-password" not in str(logs)


@pytest.mark.parametrize("fault", [ServerError(500), LostReply(applied=True), LostReply(applied=False)])
async def test_where_no_token_could_be_had_nothing_was_sent(wire: Wire, double: TeamsDouble, fault: Fault) -> None:
    tokens = _of(wire, double)
    double.faults.next("token", fault)
    with pytest.raises(NotSent):
        await tokens.current()
    assert await tokens.current()


async def test_where_microsoft_asks_to_wait_for_a_token_everything_waits(wire: Wire, double: TeamsDouble) -> None:
    double.faults.next("token", RateLimit(30))
    with pytest.raises(TokenWaits) as waits:
        await _of(wire, double).current()
    assert (waits.value.retry_after_s, waits.value.only_here) == (30, False)
    assert isinstance(waits.value, RateLimited)


@pytest.mark.parametrize(
    "said", ["", "[]", "{}", "no JSON", '{"access_token": 5}', '{"access_token": ""}', '{"a": ' + "[" * 100_000]
)
async def test_an_answer_without_a_token_is_none(wire: Wire, said: str) -> None:
    async with _saying(said) as authority:
        with pytest.raises(NotSent):
            await Tokens(wire, Identity("app", "password", authority)).current()


@pytest.mark.parametrize("lasts", ["null", '"3600"', "-5", "0"])
async def test_a_token_of_unknown_life_is_used_once(wire: Wire, lasts: str) -> None:
    async with _saying(f'{{"access_token": "a-token", "expires_in": {lasts}}}') as authority:
        assert await Tokens(wire, Identity("app", "password", authority)).current() == "a-token"


async def test_where_authentication_is_off_nobody_asks_for_a_token(wire: Wire) -> None:
    assert await Tokens(wire, None).current() == ""


class _saying:  # noqa: N801 - reads as a block
    """Somebody who answers everything with the same words."""

    def __init__(self, words: str) -> None:
        self._words = words

    async def __aenter__(self) -> str:
        async def say(_request: web.Request) -> web.Response:
            return web.Response(text=self._words, content_type="application/json")

        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", say)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/t"

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
