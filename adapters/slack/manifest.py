"""The app manifest: what Slack has to know of the bot, made from what the code uses. Pure.

Source: https://docs.slack.dev/reference/app-manifest.
"""

from collections.abc import Mapping

from adapters.slack import install_views as words
from adapters.slack.api import Fields

PICTURES = "files:write"

SCOPES = (
    "app_mentions:read",  # to be spoken to in channels and threads
    "channels:read",  # who is in a channel, when a team is made of it
    "chat:write",  # to post, edit and delete its own messages
    "commands",  # slash commands and shortcuts
    PICTURES,  # to show numbers as pictures; without it they come in words
    "groups:read",  # the same in private channels
    "im:history",  # to be written to in direct messages
    "im:write",  # to begin direct messages
    "users:read",  # names, time zones, who is a guest, who has left
)
"""What the bot asks for."""

HISTORY_SCOPES = ("channels:history", "groups:history")
"""With these it looks in a channel whether a message stands there when Slack's answer was lost."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    "team_join",
    "tokens_revoked",
    "user_change",
)

SHORTCUTS: Mapping[str, str] = words.SHORTCUTS
"""The message shortcuts, by `callback_id`."""

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"


def manifest(
    names: Mapping[str, str],
    *,
    url: str = "",
    socket_mode: bool = False,
    name: str = "Folkmoot",
    by_oauth: bool = False,
    reads_history: bool = False,
) -> Fields:
    """The manifest for `names`, the checked names of the commands by verb, as `command_names` gives them.

    `url` is the bot's public address, such as https://bot.example.org; Socket Mode needs none. With `by_oauth`
    workspaces install the app at that address, and their tokens rotate; a token in the settings can't.
    """
    base = url.rstrip("/")
    events_url = "" if socket_mode or not base else f"{base}{EVENTS_PATH}"
    scopes = sorted((*SCOPES, *(HISTORY_SCOPES if reads_history else ())))
    oauth: Fields = {"scopes": {"bot": scopes}}
    if by_oauth:
        oauth["redirect_urls"] = [f"{base}{REDIRECT_PATH}"]
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": name,
            "description": words.DESCRIPTION,
            "long_description": words.LONG_DESCRIPTION,
            "background_color": words.BACKGROUND,
        },
        "features": _features(names, name, events_url),
        "oauth_config": oauth,
        "settings": _settings(events_url, socket_mode=socket_mode, rotates=by_oauth),
    }


def _features(names: Mapping[str, str], name: str, events_url: str) -> Fields:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": name, "always_online": True},
        "shortcuts": [
            {
                "name": label,
                "type": "message",
                "callback_id": callback_id,
                "description": words.SHORTCUT_ABOUT[callback_id],
            }
            for callback_id, label in SHORTCUTS.items()
        ],
        "slash_commands": [_command(verb, command, events_url) for verb, command in names.items()],
    }


def _command(verb: str, command: str, events_url: str) -> Fields:
    about, hint = words.COMMANDS[verb]
    found: Fields = {"command": command, "description": about, "should_escape": True}
    if hint:
        found["usage_hint"] = hint
    return found | ({"url": events_url} if events_url else {})


def _settings(events_url: str, *, socket_mode: bool, rotates: bool) -> Fields:
    address = {"request_url": events_url} if events_url else {}
    menus = {"message_menu_options_url": events_url} if events_url else {}
    return {
        "event_subscriptions": {**address, "bot_events": sorted(EVENTS)},
        "interactivity": {"is_enabled": True, **address, **menus},
        "org_deploy_enabled": True,
        "socket_mode_enabled": socket_mode,
        "token_rotation_enabled": rotates,
    }
