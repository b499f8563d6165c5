"""Who is let in: requests with a good token of Microsoft's for this bot, and nobody else."""

import asyncio
import base64
from collections.abc import AsyncIterator

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from adapters.teams import trust
from adapters.teams.trust import KEYS_LAST_S, LOOK_AGAIN_S, KeysAway, Trust, Unauthorized
from adapters.wire import Wire, a_wire
from storage.engine import Database
from storage.events import EventSeen
from storage.msteams import TeamsConversation
from storage.organisations import Install
from tests.support.teams_double import Fault, Flaw, RateLimit, Refuse, ServerError, TeamsDouble
from tests.support.teams_hall import ADA, SOUTH, STRANGER, Hall, a_double, a_hall


class Watch:
    """Steady time, which goes on when a test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(trust, "steady_s", watch)
    return watch


@pytest.fixture
async def double() -> AsyncIterator[TeamsDouble]:
    async with a_double() as double:
        yield double


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with a_wire("teams") as wire:
        yield wire


@pytest.fixture
def guard(wire: Wire, double: TeamsDouble, watch: Watch) -> Trust:
    return Trust(wire, app_id=double.app_id, issuers=(double.issuer,), metadata_url=double.metadata_url)


def _token(double: TeamsDouble, flaw: Flaw | None = None) -> str:
    return double.keys.token(audience=double.app_id, service_url=double.service_url, flaw=flaw)


async def _check(guard: Trust, double: TeamsDouble, flaw: Flaw | None = None, *, channel: str = "msteams") -> None:
    token = _token(double, flaw)
    await guard.check(f"Bearer {token}" if token else "", channel_id=channel, service_url=double.service_url)


async def _is_let_in(guard: Trust, double: TeamsDouble, flaw: Flaw | None = None) -> bool:
    try:
        await _check(guard, double, flaw)
    except Unauthorized:
        return False
    return True


async def _rows(hall: Hall) -> int:
    found = [await hall.all(select(each)) for each in (EventSeen, TeamsConversation, Install)]
    return sum(len(each) for each in found)


async def test_a_good_token_is_let_in(guard: Trust, double: TeamsDouble) -> None:
    await _check(guard, double)
    await _check(guard, double)
    assert len(double.called("metadata")) == len(double.called("keys")) == 1


@pytest.mark.parametrize("flaw", list(Flaw))
async def test_a_bad_token_is_refused_and_nothing_at_all_is_done(sqlite: Database, flaw: Flaw) -> None:
    async with a_hall(sqlite) as hall:
        rows, said = await _rows(hall), len(hall.said)
        hall.double.spoil(flaw)
        with capture_logs() as logs:
            heard = await hall.ada.says("Valve checks")
            await hall.settled()
        assert heard is not None
        assert (heard.status, heard.body) == (401, "")
        assert (await _rows(hall), len(hall.said)) == (rows, said)
        assert [each["event"] for each in logs] == ["teams_request_refused"]
        _, _, token = hall.double.courier.sent[-1].headers.get("Authorization", "").partition(" ")
        assert not any(part and part in str(logs) for part in token.split("."))
        assert "Valve" not in str(logs)


@pytest.mark.parametrize("tenant", [SOUTH, STRANGER])
async def test_another_tenant_is_refused_before_any_work(sqlite: Database, tenant: str) -> None:
    async with a_hall(sqlite) as hall:
        rows, said = await _rows(hall), len(hall.said)
        heard = await hall.double.tenant(tenant).user(ADA).says("Valve checks")
        await hall.settled()
        assert heard is not None
        assert heard.status == 403
        assert (await _rows(hall), len(hall.said)) == (rows, said)


async def test_a_tenant_may_be_written_in_capitals_in_the_settings(sqlite: Database) -> None:
    async with a_hall(sqlite, FOLKMOOT_TEAMS_TENANTS=f"{SOUTH.upper()}, {STRANGER}", installed=False) as hall:
        for tenant, status in ((SOUTH, 200), (STRANGER, 200)):
            heard = await hall.double.tenant(tenant).user(ADA).says("Valve checks")
            assert heard is not None
            assert heard.status == status
        heard = await hall.ada.says("Valve checks")
        assert heard is not None
        assert heard.status == 403
        await hall.settled()


async def test_a_new_key_works_at_once(guard: Trust, double: TeamsDouble) -> None:
    await _check(guard, double)
    double.rotate()
    await _check(guard, double)
    assert len(double.called("keys")) == 2


async def test_a_key_that_is_published_no_more_is_not_good_once_the_others_were_read(
    guard: Trust, double: TeamsDouble
) -> None:
    await _check(guard, double)
    old = _token(double)
    double.rotate()
    await _check(guard, double)
    with pytest.raises(Unauthorized):
        await guard.check(f"Bearer {old}", channel_id="msteams", service_url=double.service_url)


async def test_made_up_keys_are_looked_for_once_in_five_minutes(
    guard: Trust, double: TeamsDouble, watch: Watch
) -> None:
    await _check(guard, double)
    found = await asyncio.gather(*(_is_let_in(guard, double, Flaw.UNKNOWN_KEY) for _ in range(50)))
    assert not any(found)
    assert len(double.called("metadata")) == 2
    watch.now_s += LOOK_AGAIN_S - 1
    assert not await _is_let_in(guard, double, Flaw.UNKNOWN_KEY)
    assert len(double.called("metadata")) == 2
    watch.now_s += 2
    await asyncio.gather(*(_is_let_in(guard, double, Flaw.UNKNOWN_KEY) for _ in range(50)))
    assert len(double.called("metadata")) == 3


async def test_who_asks_first_with_a_made_up_key_locks_nobody_out(guard: Trust, double: TeamsDouble) -> None:
    assert not await _is_let_in(guard, double, Flaw.UNKNOWN_KEY)
    assert await _is_let_in(guard, double)


@pytest.mark.parametrize("method", ["metadata", "keys"])
@pytest.mark.parametrize("fault", [ServerError(503), RateLimit(60), Refuse(404, "gone")])
async def test_old_keys_go_on_while_microsoft_is_away(
    guard: Trust, double: TeamsDouble, watch: Watch, method: str, fault: Fault
) -> None:
    await _check(guard, double)
    watch.now_s += KEYS_LAST_S + 1
    double.faults.next(method, fault)
    await asyncio.gather(*(_check(guard, double) for _ in range(10)))
    assert len(double.called("metadata")) == 2
    watch.now_s += LOOK_AGAIN_S + 1
    await _check(guard, double)
    assert len(double.called("metadata")) == 3, "what could not be read is read again in five minutes, not in a day"
    watch.now_s += LOOK_AGAIN_S + 1
    await _check(guard, double)
    assert len(double.called("metadata")) == 3


@pytest.mark.parametrize("found", [{}, {"keys": []}, {"keys": 5}, {"keys": [{"kty": "RSA", "kid": "key-3"}]}])
async def test_an_answer_without_keys_does_not_lock_everybody_out(
    guard: Trust, double: TeamsDouble, watch: Watch, monkeypatch: pytest.MonkeyPatch, found: dict[str, object]
) -> None:
    await _check(guard, double)
    monkeypatch.setattr(double.keys, "keys", lambda: found)
    watch.now_s += KEYS_LAST_S + 1
    await _check(guard, double)
    assert len(double.called("keys")) == 2


async def test_where_no_key_was_ever_read_nobody_is_let_in_and_microsoft_is_not_asked_each_time(
    guard: Trust, double: TeamsDouble, watch: Watch
) -> None:
    double.faults.next("metadata", ServerError(503))
    found = await asyncio.gather(*(_check(guard, double) for _ in range(50)), return_exceptions=True)
    assert {type(each) for each in found} == {KeysAway}
    assert len(double.called("metadata")) == 1
    watch.now_s += trust.AWAY_S + 1
    await _check(guard, double)


async def test_while_the_keys_are_away_teams_is_asked_to_come_again(sqlite: Database) -> None:
    async with a_hall(sqlite, installed=False) as hall:
        hall.double.faults.next("metadata", ServerError(503))
        heard = await hall.ada.says("Valve checks")
        assert heard is not None
        assert heard.status == 503
        assert await _rows(hall) == 0


async def test_a_key_is_good_only_for_the_channels_it_is_endorsed_for(guard: Trust, double: TeamsDouble) -> None:
    with pytest.raises(Unauthorized):
        await _check(guard, double, channel="directline")


async def test_the_name_of_the_scheme_may_be_written_small(guard: Trust, double: TeamsDouble) -> None:
    await guard.check(f"bearer {_token(double)}", channel_id="msteams", service_url=double.service_url)


def _headed(header: str) -> str:
    packed = base64.urlsafe_b64encode(header.encode()).rstrip(b"=").decode()
    return f"Bearer {packed}.e30.e30"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YWRhOmE=",
        "Bearer a b c",
        "Bearer ..",
        "Bearer \udcff\udcfe",
        "Bearer é.é.é",
        _headed("[" * 5000),
        _headed("[]"),
        _headed("{}"),
        _headed('{"alg": [], "kid": "key-3"}'),
        _headed('{"alg": "RS256", "kid": 3}'),
        _headed('{"alg": "RS256", "kid": ["key-3"]}'),
        _headed('{"alg": "RS256", "kid": "key-3", "crit": ["b64"], "b64": false}'),
    ],
)
async def test_what_is_no_token_is_refused_like_any_other(
    guard: Trust, double: TeamsDouble, authorization: str
) -> None:
    await _check(guard, double)
    with pytest.raises(Unauthorized):
        await guard.check(authorization, channel_id="msteams", service_url=double.service_url)


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"keys": 5},
        {"keys": {"a": 1}},
        {"keys": [None, 5, "x", {}]},
        {"keys": [{"kty": "RSA", "kid": "a"}]},
        {"keys": [{"kty": "RSA", "kid": "a", "n": 5, "e": []}]},
        {"keys": [{"kty": "RSA", "kid": "a", "n": "é", "e": "AQAB"}]},
        {"keys": [{"kty": "EC", "kid": "a"}]},
        {"keys": [{"kty": "RSA", "kid": 5, "n": "AQAB", "e": "AQAB"}]},
    ],
)
def test_keys_that_can_t_be_read_are_left_out(found: dict[str, object]) -> None:
    assert trust._keys_of(found) == {}  # noqa: SLF001 - no issuer publishes them
