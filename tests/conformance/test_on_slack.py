"""Laws that are Slack's alone: its limits, its signatures, and people from other companies."""

import asyncio
import json
from urllib.parse import urlencode

import pytest

from tests.conformance.on_slack import FORM_TYPE, JSON_TYPE, Slack
from tests.conformance.reading import events, notes, people
from tests.conformance.screens import SeenPost, card

HOLD_S = 1
WAIT_S = 10.0


async def test_a_rate_limit_stops_one_channel_only(slack: Slack) -> None:
    ada = slack.screen("ada")
    slack.double.limits.hold("C0FIELD", retry_after=HOLD_S)
    await ada.commands("note For the field", "field")
    await ada.commands("note For the yard", "yard")
    assert "For the yard" in (await card(ada, "yard")).words
    assert await _cards(slack, "field") == []
    slack.double.limits.release("C0FIELD")
    async with asyncio.timeout(WAIT_S):
        while not await _cards(slack, "field"):
            await asyncio.sleep(HOLD_S / 10)
            await slack.settled()
    assert "For the field" in (await card(ada, "field")).words
    assert await notes(slack) == ["For the field", "For the yard"]


async def _cards(slack: Slack, room: str) -> list[SeenPost]:
    return [each for each in await slack.screen("ada").posts(room) if "Who" in each.labels]


async def test_a_request_that_was_overheard_and_sent_again_does_nothing(slack: Slack) -> None:
    await slack.screen("ada").says("Valve checks")
    before = await events(slack), await slack.screen("ada").posts()
    await slack.double.courier.replayed()
    await slack.settled()
    assert (await events(slack), await slack.screen("ada").posts()) == before
    assert await notes(slack) == ["Valve checks"]


async def test_somebody_from_another_company_is_told_kindly(slack: Slack) -> None:
    zoe = slack.team.add_user("U0ZOE", "Zoe", stranger=True)
    slack.team.channel("C0FIELD").members.add("U0ZOE")
    known = await people(slack)
    await zoe.mentions("C0FIELD", "note Meter jobs")
    await slack.settled()
    told = zoe.sees("C0FIELD")[-1]
    assert "don't know you" in told.words
    assert told.is_private
    assert await notes(slack) == []
    assert await people(slack) == known


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "event_callback"},
        {"type": "event_callback", "team_id": "T0NORTH"},
        {"type": "event_callback", "team_id": "T0NORTH", "event": []},
        {"type": "event_callback", "team_id": "T0NORTH", "event": {"type": 7}},
        {"type": "event_callback", "team_id": "T0NORTH", "event": {"type": "message", "channel_type": "im"}},
        {"type": "event_callback", "team_id": ["T0NORTH"], "event": {"type": "app_mention", "text": None}},
        {"type": "event_callback", "team_id": "T0NORTH", "authorizations": {"a": 1}, "event": {}},
        {"type": "block_actions", "team": {"id": "T0NORTH"}, "user": {"id": "U0ADA"}},
        {"type": "block_actions", "team": {"id": "T0NORTH"}, "user": {"id": "U0ADA"}, "actions": [{}]},
        {"type": "block_actions", "team": {"id": "T0NORTH"}, "user": "U0ADA", "actions": "none"},
        {"type": "view_submission", "team": {"id": "T0NORTH"}, "user": {"id": "U0ADA"}, "view": {"state": 3}},
        {"type": "message_action", "team": {"id": "T0NORTH"}, "user": {"id": "U0ADA"}},
        {"type": "something new", "team_id": "T0NORTH"},
        {"type": "event_callback", "team_id": "T0ELSEWHERE", "event": {"type": "app_mention", "user": "U1"}},
    ],
)
async def test_a_signed_request_of_a_strange_shape_is_no_fault_of_the_bots(slack: Slack, body: dict) -> None:
    courier = slack.double.courier
    plain = json.dumps(body).encode()
    packed = urlencode({"payload": json.dumps(body)}).encode()
    for raw, content_type in ((plain, JSON_TYPE), (packed, FORM_TYPE)):
        assert (await courier.post(raw, courier.signed(raw) | content_type)).status in {200, 400, 401, 404}
    await slack.settled()
    assert await notes(slack) == []
