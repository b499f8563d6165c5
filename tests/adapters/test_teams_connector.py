"""One call to the connector: where the bot's token may go, and what each refusal means."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from adapters.teams.connector import HOSTS, Connector, Gone, MessageGone, Room, TooLarge
from adapters.teams.credentials import BadCredentials, Identity, Tokens
from adapters.wire import Wire, a_wire
from bot.ports import MaybeSent, NotSent, RateLimited, Refused
from tests.support.teams_double import (
    Fault,
    LostReply,
    Precondition,
    RateLimit,
    Refuse,
    ServerError,
    TeamsDouble,
    Tenant,
)
from tests.support.teams_hall import ADA, FIELD, NORTH, SOUTH, TEAM, YARD, a_double

HELLO = {"type": "message", "text": "Hello, everybody."}
MICROSOFT = "https://smba.trafficmanager.net"


@pytest.fixture
async def double() -> AsyncIterator[TeamsDouble]:
    async with a_double() as double:
        yield double


@pytest.fixture
def tenant(double: TeamsDouble) -> Tenant:
    return double.tenant(NORTH)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with a_wire("teams") as wire:
        yield wire


def _of(wire: Wire, double: TeamsDouble, *, password: str = "") -> Connector:
    identity = Identity(double.app_id, password or double.app_password, f"{double.authority_url}/{NORTH}")
    return Connector(wire, Tokens(wire, identity), hosts=("127.0.0.1",))


def _room(tenant: Tenant, conversation: str) -> Room:
    return Room(tenant.id, tenant.service_url, conversation)


@pytest.fixture
def connector(wire: Wire, double: TeamsDouble) -> Connector:
    return _of(wire, double)


@pytest.mark.parametrize(
    "url",
    [
        f"{MICROSOFT}/emea/",
        f"{MICROSOFT}/emea/{NORTH}/",
        f"{MICROSOFT}:443/emea/",
        "HTTPS://SMBA.TrafficManager.NET/emea/",
        *(f"https://{host}/" for host in HOSTS),
    ],
)
def test_the_token_goes_to_microsoft_s_connectors(wire: Wire, url: str) -> None:
    assert Connector(wire, Tokens(wire, None)).is_allowed(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smba.trafficmanager.net",
        "//smba.trafficmanager.net/",
        "http://smba.trafficmanager.net/",
        "ftp://smba.trafficmanager.net/",
        "https://example.org/",
        "https://example.org/smba.trafficmanager.net/",
        "https://smba.trafficmanager.net.example.org/",
        "https://x.smba.trafficmanager.net/",
        "https://smba.trafficmanager.net./",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net:80/",
        "https://smba.trafficmanager.net:99999/",
        "https://smba.trafficmanager.net:x/",
        "https://smba.trafficmanager.net@example.org/",
        "https://smba.trafficmanager.net:443@example.org/",
        "https://@smba.trafficmanager.net/",
        "https://a:b@smba.trafficmanager.net/",
        "https://example.org#@smba.trafficmanager.net/",
        "https://example.org?@smba.trafficmanager.net/",
        "https://example.org\\@smba.trafficmanager.net/",
        "https://smba.trafficmanager.net\\.example.org/",
        "https://smba.trafficmanager.net/?a=b",
        "https://smba.trafficmanager.net/?",
        "https://smba.trafficmanager.net/#",
        "https://smba.trafficmanager.net%2eexample.org/",
        "https://smba.traffic\nmanager.net/",
        "https://smba.trafficmanager.net\t/",
        " https://smba.trafficmanager.net/",
        "https://smba.trafficmanager.net /",
        "https://\N{FULLWIDTH LATIN SMALL LETTER S}mba.trafficmanager.net/",
        "https://smba.trafficmanager。net/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[smba.trafficmanager.net]/",
        "https://[",
        "http://127.0.0.1:9000/",
        "https://127.0.0.1/",
        "http://localhost/",
        "https://169.254.169.254/",
        "javascript:alert(1)",
        "https:smba.trafficmanager.net",
        "https:///smba.trafficmanager.net",
    ],
)
def test_the_token_goes_nowhere_else(wire: Wire, url: str) -> None:
    assert not Connector(wire, Tokens(wire, None)).is_allowed(url)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:9000/emea/", True),
        ("https://127.0.0.1/emea/", True),
        ("http://localhost:9000/", False),
        ("http://127.1:9000/", False),
        ("http://[::1]:9000/", False),
        ("http://connector.example.org/", False),
        ("https://connector.example.org/", True),
        (f"{MICROSOFT}/emea/", False),
    ],
)
def test_loopback_and_other_clouds_are_there_only_where_the_settings_name_them(
    wire: Wire, url: str, allowed: bool
) -> None:
    named = Connector(wire, Tokens(wire, None), hosts=("127.0.0.1", "Connector.Example.ORG"))
    assert named.is_allowed(url) is allowed


async def test_an_address_that_is_not_allowed_is_not_even_asked_for_a_token(
    wire: Wire, double: TeamsDouble, connector: Connector
) -> None:
    with pytest.raises(Refused):
        await connector.send(Room(NORTH, "https://example.org/", FIELD), HELLO)
    assert double.calls == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_the_token_never_follows_a_redirect(wire: Wire, double: TeamsDouble, status: int) -> None:
    seen: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=status, headers={"Location": f"{double.service_url}v3/conversations"})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", elsewhere)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        connector = _of(wire, double)
        with pytest.raises(Refused):
            await connector.send(Room(NORTH, f"http://127.0.0.1:{runner.addresses[0][1]}/", FIELD), HELLO)
    finally:
        await runner.cleanup()
    assert len(seen) == 1
    assert [each.method for each in double.calls] == ["token"]


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        (LostReply(applied=True), MaybeSent),
        (LostReply(applied=False), MaybeSent),
        (ServerError(500), MaybeSent),
        (ServerError(502), MaybeSent),
        (ServerError(503), MaybeSent),
        (ServerError(504), MaybeSent),
        (RateLimit(3), RateLimited),
        (RateLimit(None), RateLimited),
        (Precondition(), RateLimited),
        (Refuse(401, "Unauthorized"), NotSent),
        (Refuse(403, "BotNotInConversationRoster"), Gone),
        (Refuse(403, "MessageWritesBlocked"), Gone),
        (Refuse(404, "ConversationNotFound"), Gone),
        (Refuse(404, "ActivityNotFoundInConversation"), MessageGone),
        (Refuse(413, "RequestEntityTooLarge"), TooLarge),
        (Refuse(400, "MessageSizeTooBig"), TooLarge),
        (Refuse(403, "MessageSizeTooBig"), TooLarge),
        (Refuse(400, "BadSyntax"), Refused),
    ],
)
async def test_each_failure_of_a_post_has_its_meaning(
    double: TeamsDouble, tenant: Tenant, connector: Connector, fault: Fault, meaning: type[Exception]
) -> None:
    await connector.members(tenant.service_url, FIELD)  # a connection is open, as it mostly is
    double.faults.next("send", fault)
    with pytest.raises(meaning) as raised:
        await connector.send(_room(tenant, FIELD), HELLO)
    assert type(raised.value) is meaning
    assert len(double.called("send")) == 1, "one call, one attempt"


@pytest.mark.parametrize("fault", [ServerError(502, applied=True), ServerError(500)])
async def test_a_change_that_may_have_arrived_is_said_so(
    double: TeamsDouble, tenant: Tenant, connector: Connector, fault: Fault
) -> None:
    sent = await connector.send(_room(tenant, FIELD), HELLO)
    for method, call in (
        ("update", lambda: connector.update(_room(tenant, FIELD), sent, HELLO)),
        ("delete", lambda: connector.delete(_room(tenant, FIELD), sent)),
    ):
        double.faults.next(method, fault)
        with pytest.raises(MaybeSent):
            await call()


async def test_only_a_person_or_room_that_is_gone_can_t_be_reached_any_more(
    double: TeamsDouble, tenant: Tenant, connector: Connector
) -> None:
    sent = await connector.send(_room(tenant, FIELD), HELLO)
    await connector.delete(_room(tenant, FIELD), sent)
    with pytest.raises(MessageGone) as message:
        await connector.update(_room(tenant, FIELD), sent, HELLO)
    with pytest.raises(Gone) as room:
        await connector.update(_room(tenant, "19:nowhere@thread.tacv2"), sent, HELLO)
    assert (message.value.target_gone, room.value.target_gone) == (False, True)


async def test_taking_away_what_is_gone_is_no_trouble_but_what_can_t_be_taken_away_is(
    double: TeamsDouble, tenant: Tenant, connector: Connector
) -> None:
    sent = await connector.send(_room(tenant, FIELD), HELLO)
    await connector.delete(_room(tenant, FIELD), sent)
    await connector.delete(_room(tenant, FIELD), sent)
    await connector.delete(_room(tenant, "19:nowhere@thread.tacv2"), sent)
    double.faults.next("delete", Refuse(403, "BotNotInConversationRoster"))
    with pytest.raises(Gone):
        await connector.delete(_room(tenant, FIELD), sent)


async def test_a_conversation_that_is_too_fast_rests_alone_and_a_second_one_means_the_tenant(
    double: TeamsDouble, tenant: Tenant, connector: Connector
) -> None:
    top = await connector.send(_room(tenant, FIELD), HELLO)
    double.faults.next("send", RateLimit(30), RateLimit(30), RateLimit(20), Precondition())
    rests = []
    for conversation in (FIELD, f"{FIELD};messageid={top}", YARD, TEAM):
        with pytest.raises(RateLimited) as limited:
            await connector.send(_room(tenant, conversation), HELLO)
        rests.append((limited.value.retry_after_s, limited.value.only_here))
    assert rests == [(30, True), (30, True), (20, False), (None, True)]


async def test_two_tenants_behind_one_address_are_not_too_fast_together(
    double: TeamsDouble, tenant: Tenant, connector: Connector
) -> None:
    south = double.tenant(SOUTH)
    assert tenant.service_url.rsplit("/", 2)[0] == south.service_url.rsplit("/", 2)[0]
    double.faults.next("send", RateLimit(30), RateLimit(30), RateLimit(30))
    rests = []
    for room in (_room(tenant, FIELD), Room(SOUTH, tenant.service_url, YARD), _room(tenant, YARD)):
        with pytest.raises(RateLimited) as limited:
            await connector.send(room, HELLO)
        rests.append(limited.value.only_here)
    assert rests == [True, True, False]


async def test_a_refused_token_is_asked_for_anew_once_and_then_the_post_goes_out(
    double: TeamsDouble, tenant: Tenant, connector: Connector
) -> None:
    await connector.send(_room(tenant, FIELD), HELLO)
    double.world.tokens.clear()  # Microsoft takes them back
    with pytest.raises(NotSent):
        await connector.send(_room(tenant, FIELD), HELLO)
    await connector.send(_room(tenant, FIELD), HELLO)
    assert len(double.called("token")) == 2
    assert len(tenant.posted(FIELD)) == 2


async def test_a_wrong_password_stops_everything_and_not_one_conversation(wire: Wire, double: TeamsDouble) -> None:
    connector = _of(wire, double, password="wrong")
    for conversation in (FIELD, YARD):
        with pytest.raises(BadCredentials) as refused:
            await connector.send(_room(double.tenant(NORTH), conversation), HELLO)
        assert not refused.value.only_here
    assert [each.method for each in double.calls] == ["token"]


@pytest.mark.parametrize("fault", [LostReply(applied=True), ServerError(502, applied=True), ServerError(500)])
async def test_beginning_a_conversation_says_nothing_so_that_it_may_be_tried_again(
    double: TeamsDouble, tenant: Tenant, connector: Connector, fault: Fault
) -> None:
    double.faults.next("create", fault)
    with pytest.raises(NotSent):
        await connector.begin(tenant.service_url, bot=double.world.bot_id, member=ADA, tenant=NORTH)
    begun = await connector.begin(tenant.service_url, bot=double.world.bot_id, member=ADA, tenant=NORTH)
    assert begun == tenant.user(ADA).chat.id


async def test_everybody_is_listed_page_by_page(double: TeamsDouble, tenant: Tenant, connector: Connector) -> None:
    members = [tenant.add_user(f"29:{number}", f"Member {number}").id for number in range(1203)]
    tenant.add_team("19:large@thread.tacv2", "Large", members=members)
    found = await connector.members(tenant.service_url, "19:large@thread.tacv2")
    assert [each["id"] for each in found] == members
    assert len(double.called("members")) == 3
