"""The manifest: what the code uses, no more; names that Slack would refuse are refused here, one by one."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.manifest import EVENTS, HISTORY_SCOPES, SCOPES, SHORTCUTS, manifest
from adapters.slack.names import COMMANDS, RESERVED, command_names
from bot.settings import SettingsError
from tests.support.slack_double.slack import SUBSCRIBED

SCHEMA = Path(__file__).parents[3] / "shared/tools/schemas/slack-manifest.schema.json"
URL = "https://bot.northwater.example"
NEEDS = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "team_join": "users:read",
    "user_change": "users:read",
}
"""Source: https://docs.slack.dev/reference/events."""
WAYS: list[dict[str, Any]] = [
    {"socket_mode": True},
    {"url": URL},
    {"url": URL, "by_oauth": True},
    {"url": URL, "by_oauth": True, "socket_mode": True, "reads_history": True, "name": "Northwater’s moot"},
]


@pytest.mark.parametrize("way", WAYS)
def test_the_manifest_follows_slacks_schema(way: dict) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: pip install jsonschema")
    if not SCHEMA.exists():
        pytest.skip(f"there is no schema at {SCHEMA}")
    jsonschema.validate(manifest(command_names(""), **way), json.loads(SCHEMA.read_text()))


def test_every_event_is_subscribed_with_a_scope_that_allows_it() -> None:
    found = manifest(command_names(""), socket_mode=True)
    assert found["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS)
    assert {scope for event, scope in NEEDS.items() if event in EVENTS} <= set(SCOPES)
    assert set(EVENTS) == SUBSCRIBED, "what is tested is what is subscribed"


def test_the_bot_asks_for_no_right_that_it_can_do_without() -> None:
    assert manifest(command_names(""), socket_mode=True)["oauth_config"] == {"scopes": {"bot": sorted(SCOPES)}}
    wider = manifest(command_names(""), socket_mode=True, reads_history=True)["oauth_config"]["scopes"]["bot"]
    assert set(wider) - set(SCOPES) == set(HISTORY_SCOPES)


def test_over_http_every_request_comes_to_one_address() -> None:
    found = manifest(command_names(""), url=f"{URL}/", by_oauth=True)
    address = f"{URL}/slack/events"
    assert found["settings"]["socket_mode_enabled"] is False
    assert found["settings"]["event_subscriptions"]["request_url"] == address
    assert found["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": address,
        "message_menu_options_url": address,
    }
    assert {each["url"] for each in found["features"]["slash_commands"]} == {address}
    assert found["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]


def test_over_socket_mode_no_address_is_needed() -> None:
    assert "http" not in json.dumps(manifest(command_names(""), socket_mode=True))


def test_tokens_rotate_only_where_they_are_installed_by_oauth() -> None:
    rotates = [manifest(command_names(""), **way)["settings"]["token_rotation_enabled"] for way in WAYS]
    assert rotates == [False, False, True, True]


def test_every_command_says_what_it_is_for_and_escapes_who_is_meant() -> None:
    commands = manifest(command_names("root=/fm,council="), socket_mode=True)["features"]["slash_commands"]
    assert [each["command"] for each in commands] == [
        "/fm", "/agenda", "/milestones", "/action", "/today", "/weekly",
    ]  # fmt: skip
    assert all(each["should_escape"] and each["description"] for each in commands)


def test_the_shortcuts_have_the_names_that_the_code_listens_to() -> None:
    found = manifest(command_names(""), socket_mode=True)["features"]["shortcuts"]
    assert {each["callback_id"]: each["name"] for each in found} == SHORTCUTS
    assert SHORTCUTS == {"make_action": "Make action", "add_to_agenda": "Add to agenda"}


# --- names


def test_without_a_setting_the_names_are_the_products_own() -> None:
    assert command_names("") == COMMANDS


def test_names_can_be_changed_one_by_one_with_or_without_their_slash() -> None:
    names = command_names(" root = fm , agenda=/meeting,")
    assert names == {**COMMANDS, "root": "/fm", "agenda": "/meeting"}


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_name_of_slacks_own_is_refused_and_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^/{name} is Slack's own command; give agenda another name"):
        command_names(f"agenda=/{name}")


def test_none_of_the_products_own_names_is_slacks() -> None:
    assert not {name.removeprefix("/") for name in COMMANDS.values()} & RESERVED


@pytest.mark.parametrize("name", ["/Agenda", "/my agenda", "//cx", "/", "/ü", "/-x", "/" + "a" * 32, "/a\nb"])
def test_a_name_that_slack_could_not_read_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="can't be the name of a command"):
        command_names(f"today={name}")


def test_two_commands_can_not_have_one_name() -> None:
    with pytest.raises(SettingsError, match="gives /fm to both root and weekly"):
        command_names("root=/fm,weekly=/fm")


@pytest.mark.parametrize("text", ["agenda", "huddle=/h", "=/x", "/cx"])
def test_what_names_no_command_is_refused_with_the_ones_there_are(text: str) -> None:
    with pytest.raises(SettingsError, match=r"write root, agenda, .*as in: agenda=/meeting"):
        command_names(text)


def test_the_root_can_not_be_left_out() -> None:
    with pytest.raises(SettingsError, match="leaves the root out"):
        command_names("root=")
