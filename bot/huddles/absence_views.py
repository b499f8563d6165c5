"""Away, back, and days called off."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.chat.cards import Button, Buttons, Card, Note, Paragraph, Row, Title
from bot.chat.errors import Declined
from bot.chat.forms import DateInput, Form, TextInput
from bot.chat.words import day, listing, short_day, typed
from storage.huddles import Huddle, HuddleRun
from storage.people import Absence

LISTED = 10
WITH_BUTTON = 4  # beside **Add days**
NEEDS_FIRST = "Please choose the first day."
NEEDS_LATER = "The last day is before the first one."
IS_OVER = "These days are over already."


def you_are_away(first: date, last: date | None, name: str = "", *, days: Sequence[date] = ()) -> Card:
    """What was stored; `days` are the working days where they were counted. Source: domain.md 3.2, `/huddle away`."""
    who = f"{name} is" if name else "You're"
    span = _span(first, last, "they are back" if name else "you write “back”")
    whom = "them" if name else "you"
    which = f" That is {listing([short_day(each) for each in days])}." if days else ""
    text = f"{who} away {span}.{which} I won't ask {whom}, and the team's run is not affected."
    return Card(text, (Paragraph((text,)),))


def listed(absences: Sequence[Absence]) -> Card:
    """`/huddle away`: what is noted, each with the way to take it back; the note is for its writer alone."""
    add = Button("Add days", "huddle.away_form", opens_form=True)
    if not absences:
        ways = f"Write {typed('away tomorrow')}, {typed('away 21 Dec to 1 Jan')} or {typed('ooo 3')}."
        text = "No days away are noted for you."
        return Card(text, (Title("Your days away"), Paragraph((f"{text} {ways}",)), Buttons((add,))))
    rows = [
        Row(span_of(each.from_on, each.to_on), each.note, _take_back(each) if n < WITH_BUTTON else None)
        for n, each in enumerate(absences[:LISTED])
    ]
    more = [Note(f"{len(absences) - LISTED} more come later.")] if len(absences) > LISTED else []
    text = f"Your days away: {'; '.join(span_of(each.from_on, each.to_on) for each in absences[:LISTED])}."
    return Card(text, (Title("Your days away"), *rows, *more, Buttons((add,))))


def _take_back(absence: Absence) -> Button:
    spoken = f"Take back {span_of(absence.from_on, absence.to_on)}"
    return Button("Take back", "huddle.away_back", {"absence": str(absence.id)}, spoken=spoken)


def span_of(first: date, last: date | None) -> str:
    """`Mon 21 Dec 2026 to Fri 1 Jan 2027`."""
    if last is None:
        return f"From {day(first)}, no end given"
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def taken_back_before() -> str:
    """An absence that is over, or was taken back."""
    return "Those days are over, or were taken back before. Nothing was changed."


def form(today: date) -> Form:
    """Days to be away, with a note for oneself."""
    return Form(
        title="Days away",
        verb="huddle.away_save",
        inputs=(
            DateInput("first", "First day", today.isoformat()),
            DateInput("last", "Last day", hint="Empty: until you write back", optional=True),
            TextInput("note", "A note for yourself", hint="Nobody else sees it", optional=True, longest=200),
        ),
        submit="Save",
    )


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


def back_is_to_come(on: date) -> str:
    """E-06 for `back 2026-11-02`."""
    return f"{day(on)} is over. `back` ends an absence today, or before a day to come. Nothing was changed."


def not_away_then(on: date, today: date, name: str = "") -> str:
    """E-06 for `back 24 Dec` where there is no absence that could end on its eve."""
    eve = on - timedelta(days=1)
    way = f" To note one, write `away until {eve}`." if eve >= today and not name else ""
    return f"No days away are noted for {name or 'you'} just before {day(on)}.{way} Nothing was changed."


def back_on(on: date, first: date, name: str = "") -> Card:
    """An absence ends on the eve of a day."""
    who, whom = (f"{name} is", "them") if name else ("You're", "you")
    span = _span(first, on - timedelta(days=1), "")
    text = f"{who} away {span}, and back on {day(on)}. From then on I ask {whom} again."
    return Card(text, (Paragraph((text,)),))


def they_are_back(names: Sequence[str], on: date | None = None) -> Card:
    """The absences of several people have ended, or end on the eve of a day."""
    when = f" on {day(on)}. From then on I ask them again." if on else ". I'll ask them again."
    text = f"{listing(names)} are back{when}"
    return Card(text, (Paragraph((text,)),))


def you_are_back(name: str = "", missed: HuddleRun | None = None) -> Card:
    """An absence has ended; `missed` is the huddle of today whose time is over, and which can still be answered."""
    text = f"{name} is back. I'll ask them again." if name else "Welcome back. I'll ask you again."
    if missed is None:
        return Card(text, (Paragraph((text,)),))
    text = "Welcome back. The time for today's huddle is over; a late answer is welcome until midnight."
    late = Button("Add a late answer", "huddle.form", {"run": str(missed.id)}, opens_form=True)
    return Card(text, (Paragraph((text,)), Buttons((late,))))


def really_so_long(last: date, people: Sequence[str]) -> Declined:
    """`ooo 999`: asked rather than stored, because it may be a slip of the pen."""
    whom = "".join(f" @{each}" if each.startswith("[") else f' @"{each}"' for each in people)
    yes = Button(f"Yes, until {day(last)}", "say", {"text": f"/huddle away until {last}{whom}"})
    text = f"That would be until {day(last)}, more than a year from now. Is that what you mean? Nothing is noted yet."
    return Declined(text, ways=(yes,))


def listed_for_lead(days: Sequence[tuple[str, Sequence[Absence]]]) -> Card:
    """`/huddle away @Amy` by their lead: the days that are noted, without anybody's notes."""
    said = [
        f"{name}: {'; '.join(spans) or 'no days away are noted'}."
        for name, spans in (
            (name, [span_of(each.from_on, each.to_on) for each in found[:LISTED]]) for name, found in days
        )
    ]
    way = f"To note some, name the days: {typed('huddle away 21 Dec to 1 Jan')} and the person."
    return Card(" ".join(said), (Title("Days away"), *(Paragraph((each,)) for each in said), Note(way)))


def set_by(by: str, what: str) -> Card:
    """To somebody whose days another person changed."""
    text = f"{by} noted for you: {what}. If that is not right, write {typed('huddle away')} or {typed('settings')}."
    return Card(text, (Paragraph((text,)),))


def set_away(first: date, last: date | None) -> str:
    """As in `Dana noted for you: away on Mon 30 Nov 2026`."""
    return f"away {_span(first, last, 'you write “back”')}"


SET_BACK = "you are here again"


def set_work(names: str) -> str:
    """As in `Dana noted for you: your working days are Mon and Tue`."""
    return f"your working days are {names}"


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
