"""What the welcome says once somebody has begun."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.welcome.rules import Progress
from bot.welcome.views import Joined, welcome
from tests.support.reading import words_of


def test_the_first_huddle_is_named_until_it_was_answered() -> None:
    joined = Joined("Zoe", "Field Dispatch", huddle_at=datetime(2026, 11, 24, 9, 15, tzinfo=UTC))
    progress = Progress(tried=frozenset(), has_answered=False)
    zone = ZoneInfo("Europe/London")
    assert "for the first time on Tue 24 Nov at 09:15" in words_of(welcome(joined, progress, zone))
    later = words_of(welcome(joined, replace(progress, has_answered=True), zone))
    assert "for the first time" not in later
    assert "Field Dispatch has a short huddle here in the chat." in later
