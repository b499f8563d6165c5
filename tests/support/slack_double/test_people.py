"""What people do before the double, checked with the SDK's own verifier, webhook and Socket Mode clients."""

import asyncio
import json

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.support.slack_double import Member, SlackDouble, Team
from tests.support.slack_double.sample_app import CARD, FORM, SECRET, App, client


async def test_what_people_do_comes_signed(slack: SlackDouble, team: Team, app: App) -> None:
    ada = team.user("U1")
    await ada.says("", "Valve checks")
    await ada.commands("/cx", "huddle")
    await ada.opens_home()
    verifier = SignatureVerifier(SECRET)
    assert [verifier.is_valid_request(body, headers) for body, headers in app.got] == [True] * 3
    await slack.courier.post(b"{}", slack.courier.signed(b"{}", secret="another"))
    await slack.courier.post(b"{}", slack.courier.signed(b"{}", at=1.0))
    assert [verifier.is_valid_request(body, headers) for body, headers in app.got[3:]] == [False] * 2


async def test_a_line_comes_as_slack_escapes_it(team: Team, app: App) -> None:
    await team.user("U1").says("", "a < b & @Ben in #field-dispatch, see https://example.org @here")
    event = (await app.payload())["event"]
    assert event["text"] == "a &lt; b &amp; <@U2> in <#C1|field-dispatch>, see <https://example.org> <!here>"
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", "U1")


async def test_a_command_comes_with_its_fields_and_its_answer_is_private(team: Team, app: App) -> None:
    app.answer = {"response_type": "ephemeral", "text": "Here is *your day*", "blocks": []}
    heard = await team.user("U1").commands("/cx", "away @Ben", "C1")
    fields = await app.form()
    assert heard.status == 200
    assert (fields["command"], fields["text"], fields["channel_name"]) == ("/cx", "away <@U2|ben>", "field-dispatch")
    assert (fields["team_id"], fields["user_id"], fields["is_enterprise_install"]) == ("T1", "U1", "false")
    (seen,) = team.user("U1").sees("C1")
    assert (seen.words, seen.is_private, seen.seen.styled) == ("Here is your day", True, ("your day",))
    assert team.user("U2").sees("C1") == []


async def test_a_slow_app_is_seen_as_failed(slack: SlackDouble, team: Team, app: App) -> None:
    slack.courier.patience_s, app.waits_s = 0.05, 0.5
    heard = await team.user("U1").commands("/cx", "huddle")
    assert heard.status == 0
    assert "operation_timeout" in team.user("U1").sees()[-1].words


async def test_a_mention_reaches_the_app_and_talk_among_people_does_not(team: Team, app: App) -> None:
    assert await team.user("U1").says("C1", "Good morning") is None
    await team.user("U1").mentions("C1", "huddle")
    event = (await app.payload())["event"]
    assert (event["type"], event["text"], event["channel"]) == ("app_mention", "<@U0BOT> huddle", "C1")
    assert len(app.got) == 1


async def test_a_redelivery_has_the_same_body_and_says_so(slack: SlackDouble, team: Team, app: App) -> None:
    await team.user("U1").says("", "Valve checks")
    await slack.again()
    (first, _), (second, headers) = app.got
    assert first == second
    assert headers["x-slack-retry-num"] == "1"
    assert SignatureVerifier(SECRET).is_valid_request(second, headers)


async def test_a_press_carries_what_it_stands_on(slack: SlackDouble, team: Team, app: App) -> None:
    posted = await client(slack, team.token).chat_postMessage(channel="C1", text="Huddle", blocks=CARD)
    ada = team.user("U1")
    await ada.presses(ada.sees("C1")[-1], "Answer")
    payload = await app.payload()
    (action,) = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("press:0", "card-1", "seven")
    assert (payload["container"]["message_ts"], payload["channel"]["id"]) == (posted["ts"], "C1")
    with pytest.raises(LookupError, match="Answer"):
        await ada.presses(ada.sees("C1")[-1], "Something else")


async def test_a_modal_opens_within_its_trigger_and_once(slack: SlackDouble, team: Team, app: App) -> None:
    ada, web_client = team.user("U1"), client(slack, team.token)
    await ada.commands("/cx", "huddle")
    trigger = (await app.form())["trigger_id"]
    await web_client.views_open(trigger_id=trigger, view=FORM)
    assert ada.modal is not None
    assert (ada.modal.title, ada.modal.asks["focus"]) == ("Your answer", "Your focus")
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await web_client.views_open(trigger_id=trigger, view=FORM)
    await ada.commands("/cx", "huddle")
    slack.time_passes(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await web_client.views_open(trigger_id=(await app.form())["trigger_id"], view=FORM)
    other = slack.add_workspace("T2")
    await ada.commands("/cx", "huddle")
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client(slack, other.token).views_open(trigger_id=(await app.form())["trigger_id"], view=FORM)


async def test_a_refused_form_keeps_what_was_typed(slack: SlackDouble, team: Team, app: App) -> None:
    ada = await _with_form(slack, team, app)
    assert ada.modal is not None
    missing = await ada.submits(ada.modal, {"helper": "Call centre"})
    assert (missing.status, list(missing.errors)) == (0, ["focus"])
    app.answer = {"response_action": "errors", "errors": {"focus": "Please say more."}}
    refused = await ada.submits(ada.modal, {"focus": "Valves"})
    payload = await app.payload()
    assert payload["view"]["state"]["values"]["focus"]["focus"]["value"] == "Valves"
    assert payload["view"]["state"]["values"]["helper"]["helper"]["selected_option"]["value"] == "1"
    assert payload["view"]["private_metadata"] == "run 7"
    assert refused.errors == {"focus": "Please say more."}
    assert ada.modal.holds == {"focus": "Valves", "helper": "1"}
    app.answer = {"response_action": "errors", "errors": {"nowhere": "Please say more."}}
    lost = await ada.submits(ada.modal, {})
    assert "trouble connecting" in lost.errors[""]
    app.answer = {"response_action": "update", "view": FORM | {"title": {"type": "plain_text", "text": "Again"}}}
    await ada.submits(ada.modal, {})
    assert (ada.modal.title, ada.modal.holds["focus"]) == ("Again", "Valves")
    app.answer = ""
    await ada.submits(ada.modal, {})
    assert ada.modal is None


async def _with_form(slack: SlackDouble, team: Team, app: App) -> Member:
    ada = team.user("U1")
    await ada.commands("/cx", "huddle")
    await client(slack, team.token).views_open(trigger_id=(await app.form())["trigger_id"], view=FORM)
    return ada


async def test_a_home_is_published_and_told_of(slack: SlackDouble, team: Team, app: App) -> None:
    ada, web_client = team.user("U1"), client(slack, team.token)
    shown = await web_client.views_publish(user_id="U1", view={"type": "home", "blocks": CARD[:1]})
    assert ada.home is not None
    assert ada.home.words == "Huddle"
    await ada.opens_home()
    event = (await app.payload())["event"]
    assert (event["tab"], event["view"]["id"]) == ("home", shown["view"]["id"])
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await web_client.views_publish(user_id="U1", view={"type": "home", "blocks": []}, hash="an older one")


async def test_an_address_to_answer_at_wears_out(slack: SlackDouble, team: Team, app: App) -> None:
    ada = team.user("U1")
    await ada.commands("/cx", "huddle", "C1")
    hook = AsyncWebhookClient((await app.form())["response_url"], retry_handlers=[])
    statuses = [(await hook.send(text=f"Answer {number}")).status_code for number in range(6)]
    assert statuses == [200] * 5 + [404]
    assert [each.is_private for each in ada.sees("C1")] == [True] * 5
    await ada.commands("/cx", "huddle", "C1")
    hook = AsyncWebhookClient((await app.form())["response_url"], retry_handlers=[])
    slack.time_passes(31 * 60)
    assert (await hook.send(text="Too late")).status_code == 404


async def test_an_answer_replaces_what_was_pressed(slack: SlackDouble, team: Team, app: App) -> None:
    ada = team.user("U1")
    await client(slack, team.token).chat_postEphemeral(channel="C1", user="U1", text="Sure?", blocks=CARD)
    await ada.presses(ada.sees("C1")[-1], "Answer")
    payload = await app.payload()
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    hook = AsyncWebhookClient(payload["response_url"], retry_handlers=[])
    await hook.send(text="Done", replace_original=True)
    assert [each.words for each in ada.sees("C1")] == ["Done"]
    await hook.send(delete_original=True)
    assert ada.sees("C1") == []


async def test_removing_the_app_ends_its_tokens_and_is_told(slack: SlackDouble, team: Team, app: App) -> None:
    token = team.token
    await team.uninstalls()
    assert [json.loads(body)["event"]["type"] for body, _ in app.got] == ["tokens_revoked", "app_uninstalled"]
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client(slack, token).auth_test()


async def test_the_app_hears_its_own_messages(slack: SlackDouble, team: Team, app: App) -> None:
    ada = team.user("U1")
    posted = await client(slack, team.token).chat_postMessage(channel="U1", text="Hello")
    assert posted["channel"] == ada.direct
    await team.echoes(ada.direct)
    event = (await app.payload())["event"]
    assert (event["bot_id"], event["channel_type"]) == ("B0BOT", "im")


async def test_socket_mode_brings_the_same(slack: SlackDouble, team: Team) -> None:
    heard: list[SocketModeRequest] = []

    async def take(socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request)
        await socket.send_socket_mode_response(
            SocketModeResponse(envelope_id=request.envelope_id, payload={"text": "Hello"})
        )

    socket = SocketModeClient(slack.world.app_token, web_client=client(slack, ""))
    socket.socket_mode_request_listeners.append(take)
    await socket.connect()
    await slack.links.connected()
    slack.deliver_over_socket()
    ada = team.user("U1")
    answered = await ada.commands("/cx", "huddle", "C1")
    await ada.says("", "Valve checks")
    await slack.again()
    await socket.close()
    assert answered.status == 200
    assert [each.words for each in ada.sees("C1")] == ["Hello"]
    assert [(each.type, each.retry_attempt) for each in heard] == [
        ("slash_commands", None),
        ("events_api", 0),
        ("events_api", 1),
    ]
    assert heard[1].payload == heard[2].payload


async def test_over_a_socket_only_events_that_were_not_acknowledged_come_again(slack: SlackDouble, team: Team) -> None:
    heard: list[SocketModeRequest] = []

    async def take(socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.append(request)
        if request.retry_attempt:
            await socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    socket = SocketModeClient(slack.world.app_token, web_client=client(slack, ""))
    socket.socket_mode_request_listeners.append(take)
    await socket.connect()
    await slack.links.connected()
    slack.deliver_over_socket()
    command = asyncio.create_task(team.user("U1").commands("/cx", "huddle", "C1"))
    line = asyncio.create_task(team.user("U1").says("", "Valve checks"))
    async with asyncio.timeout(60):
        while len(heard) < 2:  # noqa: ASYNC110 - the app is all there is to look at
            await asyncio.sleep(0.01)
    assert await slack.links.again() == 1
    told = await line
    assert told is not None
    assert told.is_ok
    assert await slack.links.again() == 0
    command.cancel()
    await socket.close()
    assert [(each.type, each.retry_attempt) for each in heard] == [
        ("slash_commands", None), ("events_api", 0), ("events_api", 1),
    ]  # fmt: skip
    assert len({each.envelope_id for each in heard}) == 3
    assert heard[1].payload == heard[2].payload
