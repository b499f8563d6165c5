"""The words that all kinds of work share: what can't be done, and what was done. Source: domain.md 3.3."""

from collections.abc import Sequence

from bot.chat.words import listing
from bot.work.rules import Part

REASON_MAX = 500  # characters


def not_now(code: str, state: str, done: str, allowed: Sequence[str]) -> str:
    """E-05."""
    ways = f"You can: {listing(allowed, 'or')}." if allowed else "Nothing more can be done with it."
    return f"{code} is {state}, so it can't be {done}. {ways} Nothing was changed."


def only(who: Sequence[Part], code: str) -> str:
    """E-03; what also follows by itself is nobody's to do."""
    people = [each.value for each in who if each is not Part.CLOCK] or [Part.CLOCK.value]
    return f"Only {listing(people, 'or')} can do that with {code}. Nothing was changed."


def overtaken(name: str, code: str, now: str) -> str:
    """E-20. `now` is how the thing stands."""
    return f"{name} changed {code} a moment ago: {now} Your change was not made; please try again."


def unknown(code: str, what: str) -> str:
    """E-04."""
    if not code:
        return f"Which {what}? Please name it by its code. Nothing was changed."
    return f"I can't find {code}. Nothing was changed."


def needs_reason(code: str, example: str) -> str:
    """A word why is missing."""
    return f"Please add why, so that everybody knows later. For example: {example}. Nothing was changed for {code}."


def too_long(what: str, longest: int, length: int) -> str:
    """More words than a card can show."""
    return f"{what} has {length} characters, and at most {longest} fit. Nothing was changed."


def day_off(on: str, why: str) -> str:
    """A date on which its owner does not work is kept, and said."""
    return f"{on} is {why}."
