"""Somebody as a platform names them, before the bot knows who they are."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """What a platform says about the one who acted."""

    external_id: str
    name: str
    zone: str = ""
    """IANA name; empty where the platform does not say."""
    is_guest: bool = False
    email: str = ""
    directory_id: str = ""
    """Their id in the directory behind the platform, where it has one."""


@dataclass(frozen=True, slots=True)
class Status:
    """What somebody has set as their status in the chat; empty where they have set none."""

    text: str = ""
    emoji: str = ""
    """Its name: `palm_tree`."""
    until: datetime | None = None
