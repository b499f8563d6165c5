"""The words of a huddle's figures, and of the file with its runs. Source: domain.md 3.7: numbers before adjectives."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.blockers.rules import age_words
from bot.chat.cards import Button, Buttons, Card, Element, Facts, Group, Line, LinkButton, Note, Title
from bot.chat.spans import Bold
from bot.chat.words import day, short_day, typed
from bot.huddles.figures import AGES, NOT_KNOWN, Tally
from bot.huddles.room_views import OpenBlocker
from storage.huddles import Huddle

WEEKS, WEEKS_MAX = 4, 52
WHICH_WEEKS = f"Please write a number of weeks from 1 to {WEEKS_MAX}, such as weeks:4. Nothing was changed."
OLDEST = 5  # blockers that have a line of their own
COLUMNS = (
    "day", "state", "reason", "opened_at", "closed_at", "expected", "on_time", "late", "silent", "rate_percent",
    "reach_percent", "on_target", "target_percent",
)  # fmt: skip
"""The heads of the file. They are a promise: programs read them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is told of a huddle's last weeks."""

    since: date
    until: date
    all: Tally
    weeks: Sequence[tuple[date, Tally]]
    streak: tuple[int, int] | None
    """How many huddles in a row are on target now, and at most so far; None where nobody is told of streaks."""
    blockers: Sequence[OpenBlocker]
    ages: Sequence[int]


def card(huddle: Huddle, found: Counted, *, can_export: bool) -> Card:
    """Rate, reach, streak and what is in the way by age."""
    whole = found.all
    answered = f"{whole.on_time} of {whole.expected} ({whole.rate})" if whole.expected else NOT_KNOWN
    reached = f"{whole.on_time + whole.late} of {whole.expected} ({whole.reach})" if whole.expected else NOT_KNOWN
    pairs = {
        "On time": f"{answered}, the target is {huddle.target_percent}%",
        "Reach": f"{reached}, late answers included",
        "Huddles": f"{whole.held} held" + (f", {whole.not_held} not" if whole.not_held else ""),
    }
    if found.streak is not None:
        now, most = found.streak
        pairs["In a row on target"] = f"{now} now, {most} at most so far"
    weeks = tuple(_week(first, each) for first, each in found.weeks)
    blocks: list[Element] = [
        Title(f"Huddle · {huddle.name} · in figures"),
        Note(f"{day(found.since)} to {day(found.until)}"),
        Facts(tuple((label, (words,)) for label, words in pairs.items())),
        Group("Week by week", weeks),
        *_in_the_way(found),
    ]
    if can_export:
        blocks.append(Buttons((Button("Runs as a file", "huddle.export", {"huddle": str(huddle.id)}),)))
    return Card(
        f"{huddle.name}: {answered} on time from {short_day(found.since)} to {short_day(found.until)}.", tuple(blocks)
    )


def _week(first: date, each: Tally) -> Line:
    figures = f"{each.on_time} of {each.expected} on time ({each.rate}), reach {each.reach}" if each.held else NOT_KNOWN
    return Line((Bold(f"From {short_day(first)}"), f"  {figures}"))


def _in_the_way(found: Counted) -> list[Element]:
    if not found.blockers:
        return [Note("Nothing is in the way.")]
    ages = [f"{number} {_age_of(*span)}" for span, number in zip(AGES, found.ages, strict=True) if number]
    oldest = sorted(found.blockers, key=lambda each: (-each.age_days, each.blocker.id))[:OLDEST]
    lines = tuple(
        Line((Bold(each.blocker.text),), (f"{each.blocker.code} · {age_words(each.age_days)}",)) for each in oldest
    )
    return [Note(f"In the way: {', '.join(ages)}"), Group("Oldest first", lines)]


def _age_of(low: int, high: int | None) -> str:
    if high == 0:
        return "since today"
    return f"for {low} working days or more" if high is None else f"for {low} to {high} working days"


def link(huddle: Huddle, url: str) -> Card:
    """The personal link to the file."""
    words = (
        f"This link opens the runs of {huddle.name} as a file: for you alone, once, within 10 minutes. "
        "Please don't pass it on."
    )
    return Card(words, (Note(words), Buttons((LinkButton("Open the file", url),))))


def no_page(huddle: Huddle) -> str:
    """Nobody has said where the pages are."""
    return (
        f"The runs of {huddle.name} can't be opened as a file here: whoever runs me has not set my web address. "
        f"{typed('huddle stats')} shows the figures. Nothing was changed."
    )
