"""Codes as they are shown and typed, and whether two people may turn out to be one. Pure."""

from collections.abc import Callable, Mapping, Sequence

from storage.people import Person

LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""No vowels, so that no code is a word, and nothing that looks like something else."""
LENGTH = 8
PLATFORMS: Mapping[str, str] = {"slack": "Slack", "teams": "Teams", "local": "the local chat", "email": "e-mail"}
"""What people call each platform."""
_TYPED = {"slack": "slack", "teams": "teams", "microsoft teams": "teams", "ms teams": "teams", "local": "local",
          "email": "email", "e-mail": "email", "mail": "email"}  # fmt: skip


def code(choose: Callable[[str], str]) -> str:
    """A new code; `choose` draws a letter."""
    return "".join(choose(LETTERS) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """A code as it was shown, however it was typed."""
    return "".join(each for each in typed.upper() if each.isalnum())


def platform_meant(typed: str) -> str:
    """The platform that somebody names; empty for none."""
    return _TYPED.get(" ".join(typed.casefold().split()), "")


def platform(name: str) -> str:
    """What people call a platform."""
    return PLATFORMS.get(name, name)


def seem_one(one: Person, other: Person) -> bool:
    """Whether two people seem to be one, so that a code is enough; else who typed it is asked once more."""
    addresses = [(each.email or "").strip().casefold() for each in (one, other)]
    return one.name.casefold() == other.name.casefold() or (bool(addresses[0]) and addresses[0] == addresses[1])


def others(platforms: Sequence[str], preferred: str) -> Sequence[str]:
    """Where else messages could go, each platform once."""
    return [each for each in dict.fromkeys(platforms) if each != preferred]
