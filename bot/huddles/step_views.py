"""What a step of the clock did, in a few words for the time bar."""

from bot.chat.words import small

SUMMARY_OUT = "summary"
PUBLISHED = "summary so far"
DAY_OVER = "late answers closed"
NO_HUDDLE = "no huddle"
MISSED = "huddle missed"
TOO_FEW = "fewer than two people were expected"


def asked(number: int) -> str:
    """For the time bar."""
    return f"{small(number)} asked"


def nudged(number: int) -> str:
    """For the time bar."""
    return f"nudge sent to {small(number)}" if number else "nobody to nudge"
