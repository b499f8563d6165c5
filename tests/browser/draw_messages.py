"""Draws messages and forms for the docs, in Slack and Teams, light and dark: `make pictures`.

A picture more is one line in PICTURES: its name, and what it shows of tests/support/shown.py. Only some of them, by the
beginning of their names: `python -m tests.browser.draw_messages huddle-summary`.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.browser.as_seen import NINE_FIFTEEN, PLATFORMS, ROOT, SCHEMES, Platform, Scheme, Seen, beside, draw, keep
from tests.support.huddle_rows import at
from tests.support.shown import SHOWN

FOLDER = ROOT / "docs" / "pictures"
WIDTH = 480  # CSS pixels
COUNCIL_AT = datetime(2026, 12, 3, 10, 41, tzinfo=UTC)


@dataclass(frozen=True)
class Picture:
    """What one picture shows, when that came, on which platforms, and in which schemes, side by side."""

    shown: str
    came_at: datetime = NINE_FIFTEEN
    schemes: tuple[Scheme, ...] = SCHEMES
    platforms: tuple[Platform, ...] = PLATFORMS

    def on(self, platform: Platform) -> Sequence[Seen]:
        """It as one platform shows it."""
        return [Seen(SHOWN[self.shown], platform, scheme, self.came_at) for scheme in self.schemes]


PICTURES = {
    "huddle-prompt": Picture("prompt"),
    "huddle-form": Picture("form-filled-from-plan"),
    "huddle-confirmation": Picture("confirmation-with-blocker", at(9, 24)),
    "huddle-nudge": Picture("nudge", at(9, 25)),
    "huddle-summary": Picture("summary", at(9, 30)),
    "huddle-set-up": Picture("set-up-form", schemes=("light",)),
    "council-call": Picture("council-call", COUNCIL_AT),
    "council-agenda": Picture("agenda-paper", COUNCIL_AT),
    "council-chair": Picture("meeting-chair", COUNCIL_AT),
    "council-decision": Picture("decision-recorded", COUNCIL_AT),
}
"""By the beginning of the file's name; the platform's follows: `huddle-prompt-teams.png`."""
ALONE = {"slack-prompt": Picture("prompt", schemes=("light",), platforms=("slack",))}
"""Those whose whole name this is."""


def main(*beginnings: str) -> None:
    """Draws those whose names begin so; all of them where none is named."""
    files = [
        (f"{name}-{platform}" if name in PICTURES else name, picture.on(platform))
        for name, picture in (PICTURES | ALONE).items()
        for platform in picture.platforms
        if name.startswith(beginnings or "")
    ]
    if not files:
        raise SystemExit(f"no picture's name begins with {' or '.join(beginnings)}: {', '.join(PICTURES | ALONE)}")
    drawn = list(draw([seen for _, every in files for seen in every], width=WIDTH))  # to the end: it closes the browser
    for name, every in files:
        keep(beside([[drawn.pop(0) for _ in every]]), FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
