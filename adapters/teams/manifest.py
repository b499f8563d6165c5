"""The app package: what Teams has to know of the bot, made from what the code uses, with its icons. Pure.

Source: https://learn.microsoft.com/microsoft-365/extensibility/schema/root.
"""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from PIL import Image, ImageDraw

from adapters.teams import package_views as words
from adapters.teams.wiring import Fields

Version: TypeAlias = Literal["1.25", "1.30"]
COMMANDS_MOST = 12  # of a list, one for each scope
MADE_AT = (2026, 1, 1, 0, 0, 0)  # the same input makes the same package
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_GROWN = 8  # icons are drawn so many times as large, and shrunk


Commands: TypeAlias = Mapping[str, str]
"""Verbs, with what they do."""


def is_id(text: str) -> bool:
    """Whether a text is the kind of id that Microsoft gives apps and tenants."""
    return _ID.fullmatch(text) is not None


def manifest(
    app_id: str,
    *,
    personal: Commands,
    rooms: Commands,
    url: str,
    name: str = "Folkmoot",
    app_version: str = "1.0.0",
    version: Version = "1.25",
) -> Fields:
    """The manifest for a bot of that id.

    Teams offers the first COMMANDS_MOST of `personal` in the personal chat and of `rooms` in teams and group chats.
    """
    base = f"https://developer.microsoft.com/json-schemas/teams/v{version}/MicrosoftTeams.schema.json"
    host = urlsplit(url).hostname or ""
    return {
        "$schema": base,
        "manifestVersion": version,
        "version": app_version,
        "id": app_id,
        "developer": {
            "name": words.DEVELOPER,
            "websiteUrl": url,
            "privacyUrl": url,
            "termsOfUseUrl": url,
        },
        "name": {"short": name, "full": name},
        "description": {"short": words.SHORT, "full": words.FULL},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": words.COLOUR,
        "bots": [_bot(app_id, {"personal": personal, "team": rooms, "groupChat": rooms}, version)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [host] if host else [],
        "defaultInstallScope": "personal",
    }


def package(found: Fields) -> bytes:
    """The zip that Teams installs: the manifest and two icons."""
    out = io.BytesIO()
    files = {
        "manifest.json": json.dumps(found, indent=2, ensure_ascii=False).encode(),
        "color.png": icon(192, words.COLOUR),
        "outline.png": icon(32),
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, MADE_AT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def icon(size: int, colour: str = "") -> bytes:
    """Folkmoot's ring with the one who speaks: on `colour`, or white on nothing."""
    whole = size * _GROWN
    image = Image.new("RGBA", (whole, whole), colour or (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    scale = whole / (32 if colour else 25)  # the outline has no border
    middle = whole / 2

    def round_about(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
        at_x, at_y = middle + x * scale, middle + y * scale
        return at_x - radius * scale, at_y - radius * scale, at_x + radius * scale, at_y + radius * scale

    draw.arc(round_about(0, 0, 11.5), start=-8, end=278, fill=words.PAPER, width=round(4 * scale))
    draw.ellipse(round_about(6.72, -6.72, 2.5), fill=words.AMBER if colour else words.PAPER)
    out = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _bot(app_id: str, commands: Mapping[str, Commands], version: Version) -> Fields:
    lists = [{"scopes": [scope], "commands": _offered(of)} for scope, of in commands.items()]
    bot: Fields = {"botId": app_id, "scopes": list(commands), "isNotificationOnly": False, "commandLists": lists}
    if version == "1.30":
        bot["supportsTargetedMessages"] = True
        for each in lists:
            each["triggers"] = ["mention", "slash"]
    return bot


def _offered(commands: Commands) -> list[Fields]:
    return [{"title": verb, "description": does} for verb, does in list(commands.items())[:COMMANDS_MOST]]
