"""What each requirement gives people: `meanings.toml`, in its own order."""

import tomllib
from functools import cache
from pathlib import Path

MEANINGS = Path(__file__).with_name("meanings.toml")


@cache
def groups() -> dict[str, dict[str, str]]:
    """For each group its requirements, id to meaning."""
    return tomllib.loads(MEANINGS.read_text(encoding="utf-8"))


@cache
def known_ids() -> list[str]:
    return [each for group in groups().values() for each in group]
