"""Away, back, and days called off."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.chat.cards import Card, Paragraph
from bot.chat.words import day, listing
from storage.huddles import Huddle


def you_are_away(first: date, last: date | None, name: str = "") -> Card:
    """What was stored. Source: domain.md 3.2, `/huddle away`."""
    who = f"{name} is" if name else "You're"
    span = _span(first, last, "they are back" if name else "you write “back”")
    whom = "them" if name else "you"
    text = f"{who} away {span}. I won't ask {whom}, and the team's run is not affected."
    return Card(text, (Paragraph((text,)),))


def they_are_away(first: date, last: date | None, names: Sequence[str]) -> Card:
    """What was stored for several people."""
    span = _span(first, last, "they are back")
    text = f"{listing(names)} are away {span}. I won't ask them, and the team's run is not affected."
    return Card(text, (Paragraph((text,)),))


def _span(first: date, last: date | None, end: str) -> str:
    if last is None:
        return f"from {day(first)} until {end}"
    return f"on {day(first)}" if last == first else f"from {day(first)} to {day(last)}, both days included"


def over_already(first: date, last: date) -> str:
    """An absence that is wholly in the past."""
    was = f"{day(first)} is" if first == last else f"The days from {day(first)} to {day(last)} are"
    return f"{was} over already. I can note days to come, such as `away tomorrow`. Nothing was changed."


def window_over(on: date) -> str:
    """**I'm away today** on a prompt whose time has passed."""
    return (
        f"The time to answer the huddle of {day(on)} is over, so it needs no absence. Nothing was changed. "
        "For days to come write, for example, `away tomorrow`."
    )


def not_away_after_all(first: date, last: date | None, name: str = "") -> Card:
    """An absence was cancelled before it began."""
    who = f"{name} is" if name else "You are"
    whom = "them" if name else "you"
    text = f"{who} no longer away {_span(first, last, 'further notice')}. I'll ask {whom} as usual."
    return Card(text, (Paragraph((text,)),))


def back_takes_no_date(on: date, today: date) -> str:
    """E-06 for `back 24 Dec`."""
    eve = on - timedelta(days=1)
    ahead = f" To be away until {day(eve)}, write `back` and then `away until {eve}`." if eve >= today else ""
    return f"`back` takes no other day than today, so {day(on)} changes nothing.{ahead} Nothing was changed."


def they_are_back(names: Sequence[str]) -> Card:
    """The absences of several people have ended."""
    text = f"{listing(names)} are back. I'll ask them again."
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
