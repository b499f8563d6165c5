"""The double's Web API, called with the SDK, which nobody here wrote."""

import asyncio

import pytest
from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError

from adapters.slack.api import Fields
from tests.support.slack_double import Hang, LostReply, RateLimit, Refuse, ServerError, SlackDouble, Team
from tests.support.slack_double.blocks import message_trouble
from tests.support.slack_double.sample_app import BUTTON, CARD, FORM, client
from tests.support.slack_double.world import REQUIRED_SCOPES

# The SDK authenticates its client in a way that aiohttp is about to give up.
SDK_IS_BEHIND = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


async def test_a_message_is_posted_replaced_and_taken_away(slack: SlackDouble, team: Team) -> None:
    web_client = client(slack, team.token)
    posted = await web_client.chat_postMessage(
        channel="C1", text="The huddle is open", blocks=CARD, unfurl_links=False, unfurl_media=False
    )
    (seen,) = team.user("U1").sees("C1")
    assert (seen.words, seen.labels, seen.is_from_bot) == ("Huddle", ("Answer",), True)
    await web_client.chat_update(channel="C1", ts=posted["ts"], text="It is closed")
    (seen,) = team.user("U1").sees("C1")
    assert (seen.words, seen.labels) == ("It is closed", ())
    await web_client.chat_delete(channel="C1", ts=posted["ts"])
    assert team.user("U1").sees("C1") == []
    assert slack.complaints == []


async def test_an_ephemeral_message_is_seen_by_one_person(slack: SlackDouble, team: Team) -> None:
    await client(slack, team.token).chat_postEphemeral(channel="C1", user="U1", text="For you")
    assert [each.words for each in team.user("U1").sees("C1")] == ["For you"]
    assert team.user("U2").sees("C1") == []


async def test_a_reply_stands_in_its_thread(slack: SlackDouble, team: Team) -> None:
    web_client = client(slack, team.token)
    top = await web_client.chat_postMessage(channel="C1", text="Summary")
    await web_client.chat_postMessage(channel="C1", text="Details", thread_ts=top["ts"])
    found = await web_client.conversations_replies(channel="C1", ts=top["ts"])
    assert [each["text"] for each in found["messages"]] == ["Summary", "Details"]
    history = await web_client.conversations_history(channel="C1")
    assert [each["text"] for each in history["messages"]] == ["Summary"]


async def test_metadata_is_given_back_to_those_who_ask_for_it(slack: SlackDouble, team: Team) -> None:
    web_client = client(slack, team.token)
    key = {"event_type": "a_message", "event_payload": {"key": "run-7"}}
    await web_client.chat_postMessage(channel="C1", text="Hello", metadata=key)
    (with_it,) = (await web_client.conversations_history(channel="C1", include_all_metadata=True))["messages"]
    (without,) = (await web_client.conversations_history(channel="C1"))["messages"]
    assert with_it["metadata"] == key
    assert "metadata" not in without


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-made-up", "invalid_auth"), ("revoked", "token_revoked")]
)
async def test_a_token_that_is_none_is_refused(slack: SlackDouble, team: Team, token: str, error: str) -> None:
    if token == "revoked":
        token = team.token
        team.revoke()
    with pytest.raises(SlackApiError) as refused:
        await client(slack, token).auth_test()
    assert refused.value.response["error"] == error


async def test_a_missing_right_is_named(slack: SlackDouble) -> None:
    team = slack.add_workspace("T2", scopes=REQUIRED_SCOPES)
    ada = team.add_user("U1", "Ada")
    with pytest.raises(SlackApiError) as refused:
        await client(slack, team.token).conversations_history(channel=ada.direct)
    assert (refused.value.response["error"], refused.value.response["needed"]) == ("missing_scope", "im:history")
    assert refused.value.response.headers["x-oauth-scopes"] == "chat:write,commands,im:write,users:read"


@pytest.mark.parametrize(
    ("channel", "error"), [("C9", "channel_not_found"), ("C2", "not_in_channel"), ("C3", "channel_not_found")]
)
async def test_what_the_bot_may_not_enter_is_refused(slack: SlackDouble, team: Team, channel: str, error: str) -> None:
    team.add_channel("C2", "elsewhere", with_bot=False)
    team.add_channel("C3", "secret", private=True, with_bot=False)
    with pytest.raises(SlackApiError) as refused:
        await client(slack, team.token).chat_postMessage(channel=channel, text="Hello")
    assert refused.value.response["error"] == error


async def test_two_workspaces_with_equal_ids_stay_apart(slack: SlackDouble, team: Team) -> None:
    other = slack.add_workspace("T2", "Southwater")
    other.add_user("U1", "Zoe")
    other.add_channel("C1", "field-dispatch", members=["U1"])
    await client(slack, other.token).chat_postMessage(channel="C1", text="For Southwater")
    assert team.user("U1").sees("C1") == []
    assert [each.words for each in other.user("U1").sees("C1")] == ["For Southwater"]
    assert (await client(slack, team.token).users_info(user="U1"))["user"]["real_name"] == "Ada"


async def test_a_call_that_reads_sees_no_json(slack: SlackDouble, team: Team) -> None:
    async with (
        ClientSession() as session,
        session.post(
            f"{slack.api_url}users.info", json={"user": "U1"}, headers={"Authorization": f"Bearer {team.token}"}
        ) as response,
    ):
        assert (await response.json())["error"] == "invalid_arguments"


async def test_members_come_in_pages(slack: SlackDouble, team: Team) -> None:
    found, cursor = [], ""
    while True:
        page = await client(slack, team.token).users_list(limit=2, cursor=cursor)
        found += [each["id"] for each in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert found == ["U0BOT", "U1", "U2"]


async def test_a_member_shows_zone_and_kind(slack: SlackDouble, team: Team) -> None:
    team.add_user("U3", "Gus", guest=True)
    team.add_user("U4", "Ida", stranger=True)
    team.add_user("U5", "Old", deleted=True)
    shown = {each: (await client(slack, team.token).users_info(user=each))["user"] for each in ("U2", "U3", "U4", "U5")}
    assert (shown["U2"]["tz"], shown["U2"]["profile"]["email"]) == ("America/New_York", "ben@example.org")
    assert shown["U3"]["is_restricted"]
    assert shown["U4"]["is_stranger"]
    assert shown["U5"]["deleted"]


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "invalid_blocks"),
        ([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}], "invalid_blocks"),
        ([{"type": "section", "text": {"type": "plain_text", "text": "x" * 2900}}] * 5, "msg_blocks_too_long"),
        ([{"type": "section", "text": {"type": "plain_text", "text": "ж" * 2100}}], "msg_blocks_too_long"),
        ([{"type": "image", "image_url": "https://example.org/a.png"}], "invalid_blocks"),
        ([{"type": "surprise"}], "invalid_blocks"),
        ([{"type": "actions", "elements": [{**BUTTON, "value": "x" * 2001}]}], "invalid_blocks"),
        ([{"type": "actions", "elements": [BUTTON, BUTTON]}], "invalid_blocks"),
        ([FORM["blocks"][0]], "invalid_blocks"),
        (CARD, ""),
    ],
)
def test_blocks_that_slack_refuses_are_refused(blocks: list[Fields], code: str) -> None:
    assert message_trouble(blocks)[0] == code


async def test_bad_manners_are_noted(slack: SlackDouble, team: Team) -> None:
    web_client = client(slack, team.token)
    await web_client.chat_postMessage(channel="C1", text="Hello <!channel>", unfurl_links=False, unfurl_media=False)
    await web_client.chat_postMessage(channel="C1", text="https://example.org")
    assert len(slack.complaints) == 2


async def test_faults_happen_once_and_as_they_were_ordered(slack: SlackDouble, team: Team) -> None:
    web_client = client(slack, team.token)
    slack.faults.next("chat.postMessage", RateLimit(7), Refuse("channel_not_found"), ServerError(503))
    slack.faults.next("chat.postMessage", LostReply(applied=True), LostReply(applied=False))
    with pytest.raises(SlackApiError) as limited:
        await web_client.chat_postMessage(channel="C1", text="one")
    assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "7")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await web_client.chat_postMessage(channel="C1", text="two")
    with pytest.raises(SlackApiError):
        await web_client.chat_postMessage(channel="C1", text="three")
    for text in ("four", "five"):
        with pytest.raises(ClientError):
            await web_client.chat_postMessage(channel="C1", text=text)
    await web_client.chat_postMessage(channel="C1", text="six")
    assert [each.words for each in team.user("U1").sees("C1")] == ["four", "six"]
    assert len(slack.called("chat.postMessage")) == 6


async def test_a_held_channel_holds_up_no_other(slack: SlackDouble, team: Team) -> None:
    team.add_channel("C2", "elsewhere", members=["U1"])
    slack.limits.hold("C1")
    web_client = client(slack, team.token)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await web_client.chat_postMessage(channel="C1", text="held")
    await web_client.chat_postMessage(channel="C2", text="free")
    slack.limits.release("C1")
    await web_client.chat_postMessage(channel="C1", text="again")


async def test_a_channel_takes_one_message_a_second(slack: SlackDouble, team: Team) -> None:
    slack.limits.one_a_second = True
    web_client = client(slack, team.token)
    await web_client.chat_postMessage(channel="C1", text="one")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await web_client.chat_postMessage(channel="C1", text="two")
    slack.time_passes(1)
    await web_client.chat_postMessage(channel="C1", text="two")
    assert len(team.posted("C1")) == 2


@SDK_IS_BEHIND
async def test_a_code_becomes_a_token_once(slack: SlackDouble) -> None:
    team = slack.add_workspace("T2", installed=False)
    team.add_user("U1", "Ada")
    code, web_client = team.allows("U1"), client(slack, "")
    world = slack.world
    given = await web_client.oauth_v2_access(client_id=world.client_id, client_secret=world.client_secret, code=code)
    assert (given["team"]["id"], given["authed_user"]["id"]) == ("T2", "U1")
    assert (await client(slack, given["access_token"]).auth_test())["team_id"] == "T2"
    with pytest.raises(SlackApiError, match="code_already_used"):
        await web_client.oauth_v2_access(client_id=world.client_id, client_secret=world.client_secret, code=code)
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        await web_client.oauth_v2_access(client_id=world.client_id, client_secret="no", code=team.allows("U1"))


@SDK_IS_BEHIND
async def test_a_token_that_rotates_is_renewed_once(slack: SlackDouble) -> None:
    slack.world.rotates = True
    team = slack.add_workspace("T2", installed=False)
    team.add_user("U1", "Ada")
    web_client, world = client(slack, ""), slack.world
    proof = {"client_id": world.client_id, "client_secret": world.client_secret}
    first = await web_client.oauth_v2_access(**proof, code=team.allows("U1"))
    slack.time_passes(first["expires_in"] + 1)
    with pytest.raises(SlackApiError, match="token_expired"):
        await client(slack, first["access_token"]).auth_test()
    renewal = {**proof, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = await web_client.oauth_v2_access(**renewal)
    assert (await client(slack, second["access_token"]).auth_test())["ok"]
    with pytest.raises(SlackApiError, match="invalid_refresh_token"):
        await web_client.oauth_v2_access(**renewal)


async def test_an_enterprise_is_served_with_one_token(slack: SlackDouble) -> None:
    one, two = (slack.add_workspace(each, enterprise_id="E1", installed=False) for each in ("T1", "T2"))
    one.add_channel("C1", "north")
    two.add_channel("C2", "south")
    token = slack.install_everywhere("E1").value
    web_client = client(slack, token)
    assert (await web_client.auth_test())["is_enterprise_install"]
    for channel in ("C1", "C2"):
        await web_client.chat_postMessage(channel=channel, text="Hello")
    assert [len(one.posted("C1")), len(two.posted("C2"))] == [1, 1]


async def test_a_picture_is_uploaded(slack: SlackDouble, team: Team) -> None:
    await client(slack, team.token).files_upload_v2(
        channel="C1", filename="chart.png", content=b"picture", title="Chart", initial_comment="First-time fix"
    )
    (seen,) = team.user("U1").sees("C1")
    assert (seen.words, seen.message.files[0]["title"]) == ("First-time fix", "Chart")


async def test_a_call_that_hangs_ends_when_the_caller_gives_up(slack: SlackDouble, team: Team) -> None:
    slack.faults.next("chat.postMessage", Hang(applied=True))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client(slack, team.token).chat_postMessage(channel="C1", text="Hello"), 0.1)
    assert [each.words for each in team.user("U1").sees("C1")] == ["Hello"]
