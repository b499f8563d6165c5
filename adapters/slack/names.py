"""The names of the slash commands: the root and those of their own, as the settings have them."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.settings import SettingsError

NAME = "SLACK_COMMANDS"
ROOT = "root"
COMMANDS: Mapping[str, str] = MappingProxyType({
    ROOT: "/cx",
    "agenda": "/agenda",
    "milestones": "/milestones",
    "action": "/action",
    "council": "/council",
    "today": "/today",
    "weekly": "/weekly",
})  # fmt: skip
"""Each verb that has a command of its own; `root` takes every verb."""

# One of these makes Slack refuse the whole manifest.
# Source: https://slack.com/help/articles/201259356-Slash-commands-in-Slack
RESERVED = frozenset({
    "active", "apps", "archive", "away", "call", "collapse", "dm", "dnd", "expand", "feed", "feedback", "huddle",
    "invite", "invite_people", "join", "keys", "kick", "leave", "me", "msg", "mute", "open", "part", "prefs", "pro",
    "remind", "remove", "rename", "search", "shortcuts", "shrug", "star", "status", "topic", "unarchive", "who",
})  # fmt: skip

_SHAPE = re.compile(r"/[a-z0-9][a-z0-9_-]{0,30}")  # 32 characters with the slash


def command_names(text: str) -> Mapping[str, str]:
    """The name of each command, by verb, from a setting such as `root=/fm,agenda=/meeting`.

    What the setting does not name keeps its own; `council=` leaves a command out. Raises: SettingsError.
    """
    found = dict(COMMANDS)
    for each in filter(None, (part.strip() for part in text.split(","))):
        verb, sign, name = (part.strip() for part in each.partition("="))
        if not sign or verb not in COMMANDS:
            raise SettingsError(
                f"{NAME} has {each!r}; write {_listed()} each with an equals sign and its name, as in: agenda=/meeting"
            )
        found[verb] = name if name.startswith("/") or not name else f"/{name}"
    if not found[ROOT]:
        raise SettingsError(f"{NAME} leaves the root out, but every verb needs it; write a name, as in: root=/cx")
    names = {verb: name for verb, name in found.items() if name}
    _check(names)
    return MappingProxyType(names)


def _check(names: Mapping[str, str]) -> None:
    """Raises: SettingsError for a name that Slack would refuse, or that two verbs have."""
    seen: dict[str, str] = {}
    for verb, name in names.items():
        if name.removeprefix("/") in RESERVED:
            raise SettingsError(
                f"{name} is Slack's own command; give {verb} another name in {NAME}, as in: {verb}=/my-{verb}"
            )
        if not _SHAPE.fullmatch(name):
            raise SettingsError(
                f"{name[:40]!r} can't be the name of a command ({NAME}, {verb}); "
                "write a slash and up to 31 small letters, digits, hyphens and underscores"
            )
        if name in seen:
            raise SettingsError(f"{NAME} gives {name} to both {seen[name]} and {verb}; give each its own name")
        seen[name] = verb


def _listed() -> str:
    return ", ".join(COMMANDS)
