"""The words of a huddle that rests, goes on, ends or begins right now."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Card, Paragraph, Title
from bot.chat.words import clock_in, day, short_day, typed
from storage.huddles import Huddle

STREAKS_WHICH = "Please write on or off. Nothing was changed."


def paused(huddle: Huddle, *, until: date | None, following: date | None) -> Card:
    """What was stored."""
    how = f"until {day(until)}, that day included" if until else "until somebody resumes it"
    coming = f" The next one is on {day(following)}." if following else f" {typed('huddle resume')} lets it go on."
    text = f"{huddle.name} is paused {how}.{coming} A huddle that is open now goes on."
    return _card(huddle, text)


def resumed(huddle: Huddle, following: date | None) -> Card:
    """What was stored."""
    coming = f"The next one is on {day(following)}." if following else "No day of it is to come."
    return _card(huddle, f"{huddle.name} goes on. {coming}")


def ended(huddle: Huddle) -> Card:
    """What was stored."""
    text = (
        f"{huddle.name} has ended. Nobody is asked any more, and what was answered stays. "
        f"{typed('huddle setup')} with its name lets it begin again."
    )
    return _card(huddle, text)


def started(huddle: Huddle, expected: int, closes_at: datetime, zone: ZoneInfo) -> Card:
    """An extra run is open."""
    asked = f"{expected} people are asked" if expected != 1 else "one person is asked"
    return _card(huddle, f"{huddle.name} is open now: {asked}, until {clock_in(closes_at, zone)}.")


def ended_before(huddle: Huddle, until: date) -> str:
    """A pause that lies in the past."""
    return f"{day(until)} is over, so {huddle.name} can't be paused until then. Nothing was changed."


def is_open(huddle: Huddle, closes_at: datetime, zone: ZoneInfo) -> str:
    """E-05 for a second run beside the first."""
    return f"{huddle.name} is open until {clock_in(closes_at, zone)}, so no other one begins. Nothing was changed."


def was_held(huddle: Huddle, on: date) -> str:
    """E-05 for a second run on a day."""
    return (
        f"{huddle.name} was held on {short_day(on)} already, and a day has one huddle. "
        "Late answers are welcome until midnight. Nothing was changed."
    )


def too_late_today(huddle: Huddle, minutes: int) -> str:
    """The window would reach into the next day."""
    return f"A window of {minutes} minutes would not fit into today any more, so {huddle.name} did not begin."


def too_few(huddle: Huddle) -> str:
    """Nobody to ask."""
    return f"Fewer than two people of {huddle.name} can be asked now, so it did not begin. Nothing was changed."


def streaks(*, on: bool) -> Card:
    """What was stored."""
    text = "No summary tells of streaks any more, in any huddle."
    if on:
        text = "Summaries tell of streaks again, in every huddle that has not switched them off."
    return Card(text, (Paragraph((text,)),))


def _card(huddle: Huddle, text: str) -> Card:
    return Card(text, (Title(f"Huddle · {huddle.name}"), Paragraph((text,))))
