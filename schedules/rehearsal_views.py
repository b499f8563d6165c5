"""The words of a rehearsal: what each message is called, why one is not sent, the table and the CSV."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import groupby, zip_longest
from textwrap import shorten, wrap
from zoneinfo import ZoneInfo

from bot.chat.cards import Card
from bot.chat.words import clock, clock_in, count, day, listing, moment, place_of, short_day, weekday
from bot.operation import views as operation_words
from schedules.rehearsal_labels import LABELS
from storage.errors import BotError

DAYS_MAX = 62
WIDTH = 120  # columns of a terminal
CELLS, TO_WIDTH, WHAT_WIDTH = 3, 32, 26
NAMES_SHOWN = 12  # of people who get the same at the same moment
TEXT_MAX = 100  # characters in a cell of the CSV
COLUMNS = ("at_utc", "local_time", "zone", "kind", "to", "what", "text", "sent", "why")

STEPS = {"huddle.open": "whole huddle"}
"""The same for a step that brings no message at all."""

UNLESS = {"huddle.nudge": "unless answered", "weekly.nudge": "unless answered", "weekly.confirm": "unless confirmed"}
"""What would keep a message from being sent, were this not a rehearsal."""

NOTHING_TO_SHOW = {"huddle.details": "nobody answers in a rehearsal"}
REASONS = {"too late": "its time is over", "not wanted any more": "there is nothing to show"}

BY_THE_BOT = "Folkmoot"
AWAY = "away, no end given"
NO_ACCOUNT = "no account that the bot can reach"
ANSWERED = "has answered already"
EXCUSED = "excused"
STEP_FAILS = "this step fails; the log says why"
STILL_WAITS = "still waits at the end of these days"


@dataclass(frozen=True, slots=True)
class Line:
    """One message to one person or place, or a reason why there is none.

    `kind` is its view (or the step that brings none), `about` whom it concerns, `key` the message's own, if it has one.
    """

    at: datetime
    zone: ZoneInfo
    kind: str
    to: str
    about: frozenset[int] = frozenset()
    card: Card | None = None
    is_sent: bool = True
    why: str = ""
    key: str = ""
    waited: str = ""
    """Since when it waited for its reader's quiet, and why; empty where it did not."""

    @property
    def local(self) -> datetime:
        """What the reader's clock shows."""
        return self.at.astimezone(self.zone)

    @property
    def text(self) -> str:
        """What the message says first."""
        return self.card.summary if self.card else ""

    @property
    def what(self) -> str:
        """What it is, in plain words."""
        return (LABELS | STEPS).get(self.kind) or operation_words.what(self.kind)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would happen between two instants; `person` is the one it was asked for, `zone` the organisation's."""

    begins_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    organisations: Sequence[str]
    lines: Sequence[Line]
    under_way: int = 0
    person: str = ""


class BadDays(BotError):
    """Too far ahead, or not at all."""

    def __init__(self, days: int) -> None:
        super().__init__(f"--days is {days}, and a rehearsal looks 1 to {DAYS_MAX} days ahead; write --days 7")


class NobodyThere(BotError):
    """A database without an organisation."""

    def __init__(self) -> None:
        super().__init__("the database is empty, so there is nothing to rehearse; load the demo first: folkmoot demo")


class WhichPerson(BotError):
    """A name that nobody has, or several people."""

    def __init__(self, name: str, found: Sequence[str]) -> None:
        if found:
            names = listing(found, "or")
            super().__init__(f"--person {name!r} fits {len(found)} people; write the whole name: {names}")
        else:
            super().__init__(
                f"--person {name!r} fits nobody who is active; write a name or first name as the bot knows it, "
                "or leave --person out to see everybody"
            )


def away_until(last: date | None) -> str:
    """Somebody is away."""
    return AWAY if last is None else f"away until {short_day(last)}"


def holiday(name: str) -> str:
    """A day of their calendar."""
    return f"holiday: {name}"


def day_off(on: date) -> str:
    """A weekday on which they do not work."""
    return f"does not work on a {weekday(on)}"


def no_huddle(reason: str) -> str:
    """A whole huddle is not held."""
    return f"no huddle: {reason}" if reason else "no huddle"


def missed(slot: datetime) -> str:
    """The bot was not there in time, and is not going to catch up."""
    return f"the huddle of {short_day(slot.date())} is missed: the bot was not running at {clock(slot)}"


def waited(since: datetime, zone: ZoneInfo, at: datetime, why: str) -> str:
    """A message that comes later than it was due: `held since Mon 18:45, quiet hours`."""
    local = since.astimezone(zone)
    on = "" if local.date() == at.astimezone(zone).date() else f"{weekday(local.date())} "
    return f"held since {on}{clock(local)}, {why}"


def waits_until(at: datetime, zone: ZoneInfo, why: str) -> str:
    """A message that comes after the days of the rehearsal."""
    local = at.astimezone(zone)
    return f"waits until {short_day(local.date())}, {clock(local)}: {why}"


def in_digest(at: datetime, zone: ZoneInfo) -> str:
    """A message that is beyond its reader's number for the day."""
    local = at.astimezone(zone)
    return f"a line of the digest of {short_day(local.date())}, {clock(local)}"


def not_sent(kind: str, error: str) -> str:
    """Why a message was given up."""
    if error == "not wanted any more" and kind in NOTHING_TO_SHOW:
        return NOTHING_TO_SHOW[kind]
    return REASONS.get(error, error)


def table(rehearsal: Rehearsal) -> str:
    """For people: a day at a time; those who get the same at the same moment share a line."""
    entries = [_entry(shared, rehearsal.zone) for shared in _shared(rehearsal.lines)]
    widths = [max((len(row) for each in entries for row in each.cells[n]), default=0) for n in range(CELLS)]
    parts = [_head(rehearsal)]
    for on in _days(rehearsal):
        rows = [row for each in entries if each.on == on for row in _rows(each, widths)]
        parts.append("\n".join((day(on), *rows)) if rows else f"{_until(rehearsal, on)}: nothing falls due")
    counts = _counts(rehearsal)
    return "\n\n".join((*parts, *([counts] if counts else []), _foot(rehearsal))) + "\n"


def _counts(rehearsal: Rehearsal) -> str:
    """How many messages of which kind reach whom; those who get the same share a line. Empty where nobody gets any."""
    kinds: dict[str, Counter[str]] = {}
    for line in rehearsal.lines:
        if line.is_sent and line.about:
            kinds.setdefault(line.to, Counter())[line.what] += 1
    shared: dict[str, list[str]] = {}
    for name in sorted(kinds):
        counted = ", ".join(f"{what} {number}" for what, number in sorted(kinds[name].items()))
        shared.setdefault(f"{count(kinds[name].total(), 'message')} ({counted})", []).append(name)
    names = {each: [*who[:NAMES_SHOWN], *_others(who)] for each, who in shared.items()}
    rows = [f"  {plain(listing(who))}: {each}" for each, who in names.items()]
    if not rows:
        return ""
    return "\n".join(
        ("To each person:", *(row for each in rows for row in wrap(each, WIDTH, subsequent_indent="    ")))
    )


def _others(names: Sequence[str]) -> list[str]:
    return [f"{len(names) - NAMES_SHOWN} more"] if len(names) > NAMES_SHOWN else []


def _head(rehearsal: Rehearsal) -> str:
    begins, ends = (moment(at, rehearsal.zone) for at in (rehearsal.begins_at, rehearsal.ends_at))
    whom = f"{plain(rehearsal.person)} at " if rehearsal.person else ""
    told = [
        f"Rehearsal for {whom}{plain(listing(rehearsal.organisations))}",
        f"from {begins} to {ends} ({place_of(rehearsal.zone)}).",
        "Nothing was sent, and nothing was changed. It supposes that nobody answers, presses or writes anything.",
        "Each line is a new message; when one changes later (a channel's becomes the summary), no line is added.",
    ]
    if rehearsal.under_way:
        told.append(f"{count(rehearsal.under_way, 'message')} on the way at that moment: counted as sent, not listed.")
    return "\n".join(row for each in told for row in wrap(each, WIDTH))


def _days(rehearsal: Rehearsal) -> Iterator[date]:
    on = rehearsal.begins_at.astimezone(rehearsal.zone).date()
    while on <= rehearsal.ends_at.astimezone(rehearsal.zone).date():
        yield on
        on += timedelta(days=1)


def _until(rehearsal: Rehearsal, on: date) -> str:
    """A day; the last one is not over."""
    ends = rehearsal.ends_at.astimezone(rehearsal.zone)
    return f"{day(on)}, until {clock(ends)}" if on == ends.date() else day(on)


def _shared(lines: Sequence[Line]) -> Iterator[list[Line]]:
    for _, some in groupby(
        lines, lambda line: (line.at, line.zone, line.kind, line.text, line.is_sent, line.why + line.waited)
    ):
        yield list(some)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of the table, shared by those who get the same; `cells` are wrapped, `said` is cut."""

    on: date
    cells: tuple[Sequence[str], ...]
    said: str


def _entry(shared: Sequence[Line], zone: ZoneInfo) -> _Entry:
    line = shared[0]
    names = [each.to for each in shared[:NAMES_SHOWN]]
    names += _others([each.to for each in shared])
    unless = f"{UNLESS[line.kind]}: " if line.kind in UNLESS else ""
    return _Entry(
        on=line.at.astimezone(zone).date(),
        cells=(
            [_time(line, zone)],
            wrap(plain(listing(names)), TO_WIDTH),
            wrap(line.what, WHAT_WIDTH),
        ),
        said=f"{line.waited + ': ' if line.waited else ''}{unless}“{first_line(line.text)}”"
        if line.is_sent
        else f"not sent: {first_line(line.why)}",
    )


def _rows(entry: _Entry, widths: Sequence[int]) -> Iterator[str]:
    for number, cells in enumerate(zip_longest(*entry.cells, fillvalue="")):
        start = "".join(f"  {cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) + "  "
        yield (start + (cut(entry.said, WIDTH - len(start)) if number == 0 else "")).rstrip()


def _time(line: Line, zone: ZoneInfo) -> str:
    """`09:15 London`; with the weekday where it is another one there."""
    other = line.local.date() != line.at.astimezone(zone).date()
    return f"{weekday(line.local.date()) + ' ' if other else ''}{clock_in(line.at, line.zone)} {place_of(line.zone)}"


def _foot(rehearsal: Rehearsal) -> str:
    sent = [line for line in rehearsal.lines if line.is_sent]
    people = {person for line in sent for person in line.about}
    rooms = {line.to for line in sent if not line.about}
    reached = [count(len(people), "person", "people")] if people else []
    reached += [count(len(rooms), "channel")] if rooms else []
    told = f"{count(len(sent), 'message')} would be sent" + (f" to {listing(reached)}" if reached else "")
    held_back = len(rehearsal.lines) - len(sent)
    return f"{told}; {count(held_back, 'line says', 'lines say')} what is not sent, and why."


def as_csv(rehearsal: Rehearsal) -> str:
    """For programs: one line for each message and each reason, never shared."""
    out = StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for line in rehearsal.lines:
        cells = (
            f"{line.at:%Y-%m-%dT%H:%M:%SZ}",
            f"{line.local:%Y-%m-%d %H:%M}",
            line.zone.key,
            line.kind,
            line.to,
            line.what,
            cut(first_line(line.text), TEXT_MAX),
            "yes" if line.is_sent else "no",
            (line.waited or UNLESS.get(line.kind, "")) if line.is_sent else line.why,
        )
        rows.writerow([_harmless(each) for each in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """What people typed must not become a formula. Source: OWASP, CSV injection."""
    kept = plain(cell).strip()
    return f"'{kept}" if kept.startswith(("=", "+", "-", "@")) else kept


def first_line(text: str) -> str:
    """The first line of what a message says."""
    return plain(next((each for each in text.splitlines() if each.strip()), "")).strip()


def cut(text: str, width: int) -> str:
    """Shortened at a word where it is too long; a quotation is closed."""
    ending = "…”" if text.endswith("”") else "…"
    return shorten(text, width, placeholder=ending)


def plain(text: str) -> str:
    """In one line, without anything that moves a terminal's cursor."""
    return "".join(each if each.isprintable() else " " for each in text)
