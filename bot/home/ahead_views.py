"""The words of what a day holds beside the work that is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Element, Group, Line, Paragraph, Row
from bot.chat.words import clock_in, count, moment, short_day
from bot.home.views import NOTHING, Part, rows
from storage.ranking import RankingRound

SHOWN = 3  # ballots with their button beside them


@dataclass(frozen=True, slots=True)
class Planned:
    """Something of a day; without an instant it is of the whole day."""

    at: datetime | None
    what: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A day of somebody; `name` is empty for themselves, and `until` None for an absence without an end."""

    name: str
    zone: ZoneInfo
    is_away: bool
    until: date | None
    planned: Sequence[Planned]


def elements(ahead: Ahead, on: date) -> list[Element]:
    """Both, above the work that is due."""
    who = f"{ahead.name} is" if ahead.name else "You're"
    until = "that day" if ahead.until == on else f"until {short_day(ahead.until)}" if ahead.until else "without an end"
    away: list[Element] = [Paragraph((f"{who} away {until}.",))] if ahead.is_away else []
    lines = tuple(Line((_line(each, ahead.zone),)) for each in ahead.planned)
    return [*away, *([Group("That day", lines)] if lines else [])]


def _line(each: Planned, zone: ZoneInfo) -> str:
    return f"{clock_in(each.at, zone)} · {each.what}" if each.at else each.what


def huddle(name: str, *, is_asked: bool) -> str:
    """A huddle, and whether an answer is needed."""
    return f"Huddle, {name}" if is_asked else f"Huddle, {name} (no answer is needed)"


def no_huddle(name: str, why: str) -> str:
    """A holiday."""
    return f"No huddle, {name}: {why}"


def weekly(team: str) -> str:
    """A team's weekly meeting."""
    return f"Weekly follow-up, {team}"


def meetings(found: Sequence[Planned], zone: ZoneInfo, now: datetime) -> Part:
    """Today's meetings, at this person's clock times."""
    lines = tuple(Line((_line(each, zone),)) for each in found)
    is_ahead = any(each.at is not None and each.at > now for each in found)
    return Part((Group("Meetings today", lines),), is_ahead=is_ahead) if lines else NOTHING


def ballots(found: Sequence[tuple[RankingRound, str]], zone: ZoneInfo) -> Part:
    """Each with who asks and until when."""
    some = [
        Row(
            f"Please rank {count(len(row.initiatives), 'initiative')}",
            f"{asker} asks you, until {moment(row.closes_at, zone)} · {row.code}",
            Button("Rank them", "ranking.form", {"round": str(row.id)}, opens_form=True, spoken=f"Rank {row.code}"),
        )
        for row, asker in found
    ]
    return Part(rows(some, SHOWN, "More rankings"), len(some)) if some else NOTHING
