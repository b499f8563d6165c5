"""Somebody as a platform names them, before the bot knows who they are."""

from dataclasses import dataclass


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
