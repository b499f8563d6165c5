"""Draws what a team sees of its huddle, in Slack and Teams, light and dark: `make pictures`."""

from datetime import datetime

from tests.browser.as_seen import PLATFORMS, ROOT, SCHEMES, Seen, beside, draw, keep
from tests.support.huddle_rows import at
from tests.support.shown import SHOWN

PICTURES = ROOT / "docs" / "pictures"
HUDDLE: dict[str, tuple[str, datetime]] = {
    "prompt": ("prompt", at(9, 15)),
    "form": ("form-filled-from-plan", at(9, 15)),
    "confirmation": ("confirmation-with-blocker", at(9, 24)),
    "nudge": ("nudge", at(9, 25)),
    "summary": ("summary", at(9, 30)),
}
"""Each picture's name, which card or form it shows, and when that came."""
SET_UP = "set-up-form"

WIDTH = 480  # CSS pixels


def main() -> None:
    """One picture of each for each platform, light beside dark; the prompt and the set-up form are drawn alone too."""
    for platform in PLATFORMS:
        wanted = [
            Seen(SHOWN[shown], platform, scheme, came_at) for shown, came_at in HUDDLE.values() for scheme in SCHEMES
        ]
        *pairs, set_up = draw([*wanted, Seen(SHOWN[SET_UP], platform, "light")], width=WIDTH)
        for name, light, dark in zip(HUDDLE, pairs[::2], pairs[1::2], strict=True):
            keep(beside([[light, dark]]), PICTURES / f"huddle-{name}-{platform}.png")
        keep(set_up, PICTURES / f"huddle-set-up-{platform}.png")
        if platform == "slack":
            keep(pairs[0], PICTURES / "slack-prompt.png")


if __name__ == "__main__":
    main()
