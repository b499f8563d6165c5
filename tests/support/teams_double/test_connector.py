"""The token endpoint and the connector, called by plain HTTP."""

import asyncio

import pytest
from aiohttp import ClientError

from tests.support.teams_double import (
    Hang,
    LostReply,
    Precondition,
    RateLimit,
    Refuse,
    ServerError,
    TeamsDouble,
    Tenant,
)
from tests.support.teams_double.sample_app import HEADER, Client, at, card, message

FIELD = "19:field@thread.tacv2"
OPS = "19:ops@thread.tacv2"


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_id": "another"}, 400, "unauthorized_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"tenant": "nowhere"}, 400, "invalid_request"),
    ],
)
async def test_who_is_not_the_bot_gets_no_token(client: Client, changed: dict, status: int, error: str) -> None:
    assert (await client.get_token(**changed))[0] == status
    status, found = await client.get_token(**changed)
    assert found["error"] == error
    assert "access_token" not in found


async def test_a_token_works_for_an_hour_and_requests_are_counted(teams: TeamsDouble, client: Client) -> None:
    status, found = await client.get_token(tenant="northwater")
    assert (status, found["token_type"], found["expires_in"]) == (200, "Bearer", 3600)
    assert (await client.call("GET", f"teams/{at(OPS)}"))[0] == 200
    teams.time_passes(3601)
    assert (await client.call("GET", f"teams/{at(OPS)}"))[0] == 401
    assert len(teams.called("token")) == 2
    assert "client_secret" not in teams.called("token")[0].body


@pytest.mark.parametrize("token", ["", "made-up"])
async def test_a_call_without_a_good_token_is_refused(client: Client, tenant: Tenant, token: str) -> None:
    client.token = token
    status, found = await client.call("POST", f"conversations/{at(FIELD)}/activities", message(text="Hello"))
    assert (status, "denied" in found["message"]) == (401, True)
    assert tenant.user("29:ada").sees(FIELD) == []


async def test_a_message_is_posted_replaced_and_taken_away(teams: TeamsDouble, tenant: Tenant, client: Client) -> None:
    chat = tenant.user("29:ada").chat
    posted = await client.posts(chat.id, message(card(HEADER)))
    (seen,) = tenant.user("29:ada").sees()
    assert (seen.words, seen.seen.styled, seen.is_from_bot) == ("Huddle of Northwater", ("Northwater",), True)
    path = f"conversations/{at(chat.id)}/activities/{posted}"
    assert await client.call("PUT", path, message(text="It is closed")) == (200, {"id": posted})
    assert [each.words for each in tenant.user("29:ada").sees()] == ["It is closed"]
    assert (await client.call("DELETE", path))[0] == 200
    assert tenant.user("29:ada").sees() == []
    assert (await client.call("DELETE", path))[0] == 404
    assert (await client.call("PUT", path, message(text="Again")))[1]["error"][
        "code"
    ] == "ActivityNotFoundInConversation"
    assert teams.complaints == []


async def test_a_chat_is_opened_once_for_each_person(tenant: Tenant, client: Client) -> None:
    asked = {"members": [{"id": "29:ada"}], "channelData": {"tenant": {"id": "northwater"}}, "isGroup": False}
    status, first = await client.call("POST", "conversations", asked)
    assert (status, first["serviceUrl"]) == (201, tenant.service_url)
    by_directory = {"members": [{"id": tenant.user("29:ada").user.aad_object_id}], "tenantId": "northwater"}
    assert (await client.call("POST", "conversations", by_directory))[1]["id"] == first["id"]
    assert first["id"] == tenant.user("29:ada").chat.id


async def test_a_chat_of_several_people_can_be_opened_unless_that_is_off(
    teams: TeamsDouble, tenant: Tenant, client: Client
) -> None:
    asked = {"isGroup": True, "members": [{"id": "29:ada"}, {"id": "29:ben"}], "tenantId": "northwater"}
    status, found = await client.call("POST", "conversations", asked | {"activity": message(text="Hello")})
    assert status == 201
    assert [each.words for each in tenant.user("29:ben").sees(found["id"])] == ["Hello"]
    teams.world.may_make_group_chats = False
    assert (await client.call("POST", "conversations", asked))[0] == 400


async def test_a_thread_begins_with_a_message_and_goes_on_below_it(tenant: Tenant, client: Client) -> None:
    channel = {"channelData": {"channel": {"id": FIELD}, "tenant": {"id": "northwater"}}}
    asked = {"isGroup": True, "activity": message(text="Summary")} | channel
    status, begun = await client.call("POST", "conversations", asked)
    assert (status, begun["id"]) == (201, f"{FIELD};messageid={begun['activityId']}")
    await client.posts(begun["id"], message(text="Details"))
    path = f"conversations/{at(FIELD)}/activities/{begun['activityId']}"
    assert (await client.call("POST", path, message(text="More")))[0] == 201
    await client.posts(FIELD, message(text="Another thread"))
    seen = tenant.user("29:ada").sees(FIELD)
    assert [(each.words, each.thread == begun["activityId"]) for each in seen] == [
        ("Summary", True),
        ("Details", True),
        ("More", True),
        ("Another thread", False),
    ]
    path = f"conversations/{at(begun['id'])}/activities/{seen[1].id}"
    assert (await client.call("PUT", path, message(text="Newer details")))[0] == 200
    assert (await client.call("POST", f"conversations/{at(FIELD)};messageid=1/activities", message(text="x")))[0] == 404


async def test_a_thread_outlives_its_first_message(tenant: Tenant, client: Client) -> None:
    top = await client.posts(FIELD, message(text="Summary"))
    assert (await client.call("DELETE", f"conversations/{at(FIELD)}/activities/{top}"))[0] == 200
    await client.posts(f"{FIELD};messageid={top}", message(text="Details"))
    assert [(each.words, each.thread) for each in tenant.user("29:ada").sees(FIELD)] == [("Details", top)]


async def test_only_own_messages_can_be_changed(tenant: Tenant, client: Client) -> None:
    ada = tenant.user("29:ada")
    await ada.says("Good morning", FIELD)
    (seen,) = ada.sees(FIELD)
    assert (await client.call("DELETE", f"conversations/{at(FIELD)}/activities/{seen.id}"))[0] == 403


async def test_a_person_is_reached_through_their_app_or_their_team(tenant: Tenant, client: Client) -> None:
    tenant.add_user("29:gus", "Gus", installed=False)
    asked = {"members": [{"id": "29:gus"}], "tenantId": "northwater"}
    status, found = await client.call("POST", "conversations", asked)
    assert (status, found["error"]["code"]) == (403, "ForbiddenOperationException")
    tenant.realm.teams[OPS].members.add("29:gus")
    status, found = await client.call("POST", "conversations", asked)
    assert status == 201
    tenant.user("29:gus").blocks()
    status, refused = await client.call("POST", f"conversations/{at(found['id'])}/activities", message(text="Hello"))
    assert (status, refused["error"]["code"]) == (403, "MessageWritesBlocked")
    tenant.user("29:gus").unblocks()
    tenant.disables_app()
    status, refused = await client.call("POST", f"conversations/{at(found['id'])}/activities", message(text="Hello"))
    assert (status, refused["error"]["code"]) == (403, "BotDisabledByAdmin")


async def test_where_the_app_is_not_added_it_may_do_nothing(tenant: Tenant, client: Client) -> None:
    tenant.add_team("19:hr@thread.tacv2", "People", members=["29:ada"], installed=False)
    here = f"conversations/{at('19:hr@thread.tacv2')}"
    calls = [
        ("POST", f"{here}/activities", message(text="Hello")),
        ("GET", f"{here}/pagedmembers", None),
        ("GET", f"{here}/members/29:ada", None),
        ("GET", f"teams/{at('19:hr@thread.tacv2')}", None),
    ]
    refused = [await client.call(*each) for each in calls]
    assert {(status, found["error"]["code"]) for status, found in refused} == {(403, "BotNotInConversationRoster")}
    assert (await client.call("GET", f"conversations/{at('19:none@thread.tacv2')}/pagedmembers"))[0] == 404


async def test_members_come_in_pages(teams: TeamsDouble, tenant: Tenant, client: Client) -> None:
    everybody = [f"29:crew-{number:03}" for number in range(60)]
    for each in everybody:
        tenant.add_user(each, each[3:].title())
    tenant.add_team("19:crew@thread.tacv2", "Crew", members=everybody)
    path = f"conversations/{at('19:crew@thread.tacv2')}/pagedmembers?pageSize=2"
    _, first = await client.call("GET", path)
    assert len(first["members"]) == 50
    _, second = await client.call("GET", f"{path}&continuationToken={first['continuationToken']}")
    assert "continuationToken" not in second
    assert [each["id"] for each in first["members"] + second["members"]] == everybody
    assert (await client.call("GET", f"{path}&continuationToken=made-up"))[0] == 400
    teams.world.page_least = 2
    assert len((await client.call("GET", path))[1]["members"]) == 2


async def test_of_a_guest_little_is_known(tenant: Tenant, client: Client) -> None:
    tenant.add_user("29:robin", "Robin Guest", guest=True)
    tenant.realm.teams[OPS].members.add("29:robin")
    _, guest = await client.call("GET", f"conversations/{at(FIELD)}/members/29:robin")
    assert "#EXT#" in guest["userPrincipalName"]
    assert (guest["userRole"], "aadObjectId" in guest, "email" in guest) == ("guest", False, False)
    _, ada = await client.call("GET", f"conversations/{at(FIELD)}/members/29:ada")
    assert (ada["email"], ada["givenName"], ada["surname"]) == ("ada@example.org", "Ada", "Lovelace")
    _, by_directory = await client.call("GET", f"conversations/{at(FIELD)}/members/{ada['aadObjectId']}")
    assert by_directory["id"] == "29:ada"
    assert (await client.call("GET", f"conversations/{at(FIELD)}/members/29:nobody"))[0] == 404


async def test_a_team_shows_itself_and_its_channels(client: Client) -> None:
    _, team = await client.call("GET", f"teams/{at(OPS)}")
    assert (team["name"], team["channelCount"], team["memberCount"]) == ("Operations", 2, 2)
    _, found = await client.call("GET", f"teams/{at(OPS)}/conversations")
    assert found["conversations"] == [{"id": OPS}, {"id": FIELD, "name": "Field dispatch"}]


async def test_two_tenants_with_equal_ids_stay_apart(teams: TeamsDouble, tenant: Tenant, client: Client) -> None:
    other = teams.add_tenant("southwater")
    other.add_user("29:ada", "Zoe")
    other.add_team(OPS, "Works", members=["29:ada"])
    path = f"conversations/{at(OPS)}/activities"
    assert (await client.call("POST", path, message(text="For Southwater"), base=other.service_url))[0] == 201
    named = message(text="Named", conversation={"tenantId": "southwater"})
    assert (await client.call("POST", path, named))[0] == 201
    assert (await client.call("POST", path, message(text="For whom?")))[0] == 400
    assert [each.words for each in other.user("29:ada").sees(OPS)] == ["For Southwater", "Named"]
    assert tenant.user("29:ada").sees(OPS) == []
    assert tenant.user("29:ada").chat.id != other.user("29:ada").chat.id
    assert tenant.user("29:ada").user.aad_object_id != other.user("29:ada").user.aad_object_id


async def test_a_tenant_moves_and_its_old_address_still_works(tenant: Tenant, client: Client) -> None:
    before = tenant.service_url
    tenant.moves_to("amer")
    for base in (before, tenant.service_url):
        assert (await client.call("GET", f"teams/{at(OPS)}", base=base))[0] == 200
    assert before != tenant.service_url


async def test_what_goes_wrong_goes_wrong_once(teams: TeamsDouble, tenant: Tenant, client: Client) -> None:
    path = f"conversations/{at(FIELD)}/activities"
    teams.faults.next("send", RateLimit(7), RateLimit(None), Precondition(), ServerError(502, applied=True), None)
    teams.faults.next("send", Refuse(403, "ForbiddenOperationException"))
    statuses = [(await client.call("POST", path, message(text=f"{number}")))[0] for number in range(7)]
    assert statuses == [429, 429, 412, 502, 201, 403, 201]
    assert [each.words for each in tenant.user("29:ada").sees(FIELD)] == ["3", "4", "6"]
    assert [each.outcome for each in teams.called("send")][-2:] == ["Refuse", "ok"]


async def test_a_rate_limit_says_how_long_to_wait_unless_it_does_not(teams: TeamsDouble, client: Client) -> None:
    teams.faults.next("team", RateLimit(7), RateLimit(None))
    headers = {"Authorization": f"Bearer {client.token}"}
    waits = []
    for _ in range(2):
        async with client.session.get(f"{teams.service_url}v3/teams/{at(OPS)}", headers=headers) as response:
            waits.append(response.headers.get("Retry-After"))
    assert waits == ["7", None]


async def test_a_fault_can_be_for_one_conversation(teams: TeamsDouble, tenant: Tenant, client: Client) -> None:
    teams.faults.next("send", ServerError(), conversation=FIELD)
    teams.faults.hold(OPS)
    await client.posts(tenant.user("29:ada").chat.id, message(text="Hello"))
    statuses = [
        (await client.call("POST", f"conversations/{at(each)}/activities", message(text="Hello")))[0]
        for each in (FIELD, FIELD, OPS, OPS)
    ]
    assert statuses == [500, 201, 429, 429]
    teams.faults.release(OPS)
    top = await client.posts(OPS, message(text="Hello"))
    teams.faults.hold(OPS, retry_after=None)
    assert (await client.call("POST", f"conversations/{at(f'{OPS};messageid={top}')}/activities", {}))[0] == 429


async def test_a_fault_can_be_for_the_chat_with_one_person(teams: TeamsDouble, client: Client) -> None:
    teams.faults.next("create", ServerError(503), conversation="29:ben")
    statuses = [
        (await client.call("POST", "conversations", {"members": [{"id": each}], "tenantId": "northwater"}))[0]
        for each in ("29:ada", "29:ben", "29:ben")
    ]
    assert statuses == [201, 503, 201]


@pytest.mark.parametrize(("applied", "arrived"), [(True, ["Hello"]), (False, [])])
async def test_a_reply_gets_lost_after_the_message_arrived_or_before(
    teams: TeamsDouble, tenant: Tenant, client: Client, applied: bool, arrived: list[str]
) -> None:
    teams.faults.next("send", LostReply(applied=applied))
    with pytest.raises(ClientError):
        await client.posts(FIELD, message(text="Hello"))
    assert [each.words for each in tenant.user("29:ada").sees(FIELD)] == arrived


async def test_a_call_that_hangs_ends_with_its_caller(teams: TeamsDouble, tenant: Tenant, client: Client) -> None:
    teams.faults.next("send", Hang(applied=True))
    hanging = asyncio.create_task(client.posts(FIELD, message(text="Hello")))
    await teams.reached("send")
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert [each.words for each in tenant.user("29:ada").sees(FIELD)] == ["Hello"]


async def test_the_token_endpoint_can_refuse_too(teams: TeamsDouble, client: Client) -> None:
    teams.faults.next("token", Refuse(401, "invalid_client", "AADSTS7000222: the secret ran out"), ServerError(503))
    assert await client.get_token() == (
        401,
        {"error": "invalid_client", "error_description": "AADSTS7000222: the secret ran out"},
    )
    with pytest.raises(ClientError):
        await client.get_token()
    assert (await client.get_token())[0] == 200


async def test_connections_are_counted(teams: TeamsDouble, client: Client) -> None:
    before = teams.connections
    for _ in range(3):
        await client.call("GET", f"teams/{at(OPS)}")
    assert (before, teams.connections) == (1, 1)


async def test_typing_is_taken_and_not_seen(tenant: Tenant, client: Client) -> None:
    assert (await client.call("POST", f"conversations/{at(FIELD)}/activities", {"type": "typing"}))[0] == 202
    assert tenant.user("29:ada").sees(FIELD) == []


@pytest.mark.parametrize(
    "body",
    [[], "text", {"type": "message"}, {"type": "dance", "text": "x"}, {"type": []}, {"type": "message", "text": 7}],
)
async def test_what_is_no_message_is_refused(client: Client, body: object) -> None:
    assert (await client.call("POST", f"conversations/{at(FIELD)}/activities", body))[0] == 400
