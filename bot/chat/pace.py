"""How fast each platform takes messages: what a window has to leave room for."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

UNKNOWN: Mapping[str, float] = MappingProxyType({})

_RATES: ContextVar[Mapping[str, float]] = ContextVar("_RATES", default=UNKNOWN)


def messages_per_s(platform: str) -> float:
    """How many people a platform lets the bot write to in a second; without an end where it sets no limit."""
    return _RATES.get().get(platform, math.inf)


def is_connected(platform: str) -> bool:
    """Whether messages go out to a platform, as far as whoever handles this knows."""
    return platform in _RATES.get()


@contextmanager
def paced(rates: Mapping[str, float]) -> Iterator[None]:
    """What is handled in the block is for platforms of these speeds, by name."""
    token = _RATES.set(rates)
    try:
        yield
    finally:
        _RATES.reset(token)
