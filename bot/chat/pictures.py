"""What a picture shows, free of any platform: how it is drawn is not said here. No picture holds anybody's words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

POINTS_MOST = 400


@dataclass(frozen=True, slots=True)
class Trend:
    """Values over days, oldest first, drawn as a line; `sign` stands behind every value: `%`, ` s` or nothing."""

    points: tuple[tuple[date, Decimal], ...]
    sign: str = ""

    def __post_init__(self) -> None:
        if not 2 <= len(self.points) <= POINTS_MOST:  # noqa: PLR2004 - a line has two ends
            raise ValueError(f"a trend has 2 to {POINTS_MOST} points, got {len(self.points)}")
        days = [on for on, _ in self.points]
        if days != sorted(set(days)):
            raise ValueError("a trend has one value a day, the oldest first")


Drawing: TypeAlias = Trend
