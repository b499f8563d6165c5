"""Away, back, and days called off."""

from datetime import date

from bot.chat.cards import Card, Paragraph
from bot.chat.words import day
from storage.huddles import Huddle


def you_are_away(first: date, last: date | None, name: str = "") -> Card:
    """What was stored. Source: domain.md 3.2, `/huddle away`."""
    who = f"{name} is" if name else "You're"
    if last is None:
        span = f"from {day(first)} until {'they are back' if name else 'you write “back”'}"
    elif last == first:
        span = f"on {day(first)}"
    else:
        span = f"from {day(first)} to {day(last)}, both days included"
    whom = "them" if name else "you"
    text = f"{who} away {span}. I won't ask {whom}, and the team's run is not affected."
    return Card(text, (Paragraph((text,)),))


def you_are_back(name: str = "") -> Card:
    """An absence has ended."""
    text = f"{name} is back. I'll ask them again." if name else "Welcome back. I'll ask you again."
    return Card(text, (Paragraph((text,)),))


def not_away(name: str = "") -> str:
    """`back` without an absence."""
    return f"{name or 'You'} {'is' if name else 'are'} not away, so there is nothing to change."


def run_skipped(huddle: Huddle, on: date) -> Card:
    """What was stored."""
    text = f"The huddle of {huddle.name} on {day(on)} is skipped. Nobody is asked, and it counts for nothing."
    return Card(text, (Paragraph((text,)),))


def skip_reason(name: str, reason: str) -> str:
    """Why there is no huddle."""
    return f"Skipped by {name}: {reason}" if reason else f"Skipped by {name}"
