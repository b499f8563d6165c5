"""Text as spans: what people type stays what they typed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.spans import Bold, Colour, Hue, Link, Mention, When, plain

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        When(NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,hello", "/huddle", "", "ftp://northwater.example"]
)
def test_a_link_opens_only_web_addresses(url: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        Link("the agenda", url)


def test_every_span_has_bare_words() -> None:
    text = (
        "Ask ",
        Mention(7, "Dana"),
        " by ",
        When(NOON),
        ": ",
        Bold("M-31"),
        " is ",
        Colour(Hue.AMBER, "amber"),
        ", see ",
        Link("the plan", "https://northwater.example/plan"),
    )
    assert plain(text) == "Ask @Dana by Tue 24 Nov 2026, 12:00: M-31 is amber, see the plan"


def test_an_instant_is_read_in_its_reader_s_zone() -> None:
    assert plain((When(NOON),), ZoneInfo("America/New_York")) == "Tue 24 Nov 2026, 07:00"


@given(st.text())
def test_what_somebody_typed_is_repeated_letter_by_letter(typed: str) -> None:
    assert plain((typed,)) == typed
    assert plain((Bold(typed),)) == typed
