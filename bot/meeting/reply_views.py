"""The words of answers while a meeting runs."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Paragraph, says
from bot.chat.words import clock_in, count, day, listing, moment, typed
from bot.meeting import rules
from bot.meeting.views import Scene, item_words, quorum_line, section_words
from storage.meetings import CouncilMeeting

# --- begun


def started(scene: Scene) -> Card:
    """To who started it."""
    words = f"The meeting has begun, {clock_in(scene.now, scene.zone)}. {quorum_line(scene.quorum)}."
    return says(words, *early(scene.meeting, scene.now), "Your card to run it is in your direct messages.")


def early(meeting: CouncilMeeting, now: datetime) -> list[str]:
    """A meeting that is started before its time, where that is worth a word."""
    minutes = rules.in_minutes(meeting.starts_at - now)
    if minutes <= 0:
        return []
    return [f"That is {count(minutes, 'minute')} before its time."]


def really(name: str, meeting: CouncilMeeting, zone: ZoneInfo) -> Card:
    """A meeting that is hours or days away: was another one meant?"""
    words = f"{name} is to begin on {moment(meeting.starts_at, zone)}. Shall I start it now?"
    ids = {"meeting": str(meeting.id)}
    return Card(words, (Paragraph((words,)), Buttons((Button("Start it now", "meeting.start", ids, primary=True),))))


def taken_over(name: str, chair: str) -> Card:
    """Somebody else chairs this meeting."""
    return says(f"{chair} chairs {name}.")


def who_chairs() -> str:
    """A name is missing."""
    return f"Who chairs it? For example `{typed('council chair @Raj')}`. Nothing was changed."


def not_from_outside(name: str) -> str:
    """Somebody who may not read all of it."""
    return (
        f"{name} comes from outside, and would chair a meeting of which they may not read everything. "
        "Somebody of the organisation can chair it. Nothing was changed."
    )


# --- arrivals and leavings


def here(scene: Scene, name: str, *, also_for: Sequence[str] = (), counts: bool = True) -> Card:
    """To who has arrived."""
    seats = f" You sit in for {listing(also_for)}." if also_for else ""
    not_counted = "" if counts else " Your seat has no vote, or you were sent without the authority to decide."
    words = f"Noted at {clock_in(scene.now, scene.zone)}, {name}.{seats}{not_counted} {quorum_line(scene.quorum)}."
    return says(words)


def here_already(scene: Scene, name: str) -> Card:
    """A second press."""
    return says(f"You are at the table already, {name}. {quorum_line(scene.quorum)}.")


def gone(scene: Scene, name: str) -> Card:
    """To who leaves."""
    lost = "" if scene.quorum.is_met else " What is decided now is provisional."
    return says(
        f"Noted at {clock_in(scene.now, scene.zone)}, {name}. {quorum_line(scene.quorum)}.{lost} "
        f"When you are back, press I'm here."
    )


def not_there(name: str) -> str:
    """Who leaves was not marked as being there."""
    return f"{name} is not marked as being at the table. Nothing was changed."


def no_seat(name: str) -> str:
    """Somebody without a seat and for whom nobody could sit in."""
    return (
        f"You have no seat in {name}, and nobody has announced you as a deputy. The secretary can mark you: "
        f"`{typed('council present @You for:@Name')}`. Nothing was changed."
    )


def runs_it(name: str) -> Card:
    """The chair or the secretary, who have no seat."""
    return says(f"You run {name} and have no seat in it, so you are in the minutes and not in the quorum.")


def too_early(name: str, meeting: CouncilMeeting, zone: ZoneInfo) -> str:
    """Nobody is at the table yet."""
    return (
        f"{name} begins on {moment(meeting.starts_at, zone)}. Who is there can say so from "
        f"{clock_in(meeting.starts_at - rules.HERE_BEFORE, zone)}; whether you come is said with "
        f"`{typed('council attend yes')}`. Nothing was changed."
    )


def seat_is_taken(holder: str) -> str:
    """A deputy, while the one they sit in for is there."""
    return f"{holder} is at the table, so nobody sits in for them. Nothing was changed."


def seat_has_deputy(name: str, deputy: str) -> str:
    """Somebody else sits on that seat."""
    return f"{deputy} sits in for {name} already. Nothing was changed."


def marked(scene: Scene, came: Sequence[str], left: Sequence[str], sorry: Sequence[str]) -> Card:
    """To who keeps the list."""
    told = [f"At the table now: {listing(came)}."] if came else []
    told += [f"Left: {listing(left)}."] if left else []
    told += [f"Apologies: {listing(sorry)}."] if sorry else []
    if not told:
        told = ["Nothing was different."]
    return says(" ".join([*told, f"{quorum_line(scene.quorum)}."]))


def whose_seat(name: str) -> str:
    """The secretary named somebody without a seat."""
    line = typed(f"council present @{name} for:@Name")
    return f"{name} has no seat. For whom are they here? `{line}`. Nothing was changed."


def who_came(verb: str) -> str:
    """A name is missing."""
    return f"Whom do you mean? For example `{typed(f'council {verb} @Raj')}`. Nothing was changed."


def one_at_a_time() -> str:
    """`for:` speaks of one deputy."""
    return f"With `for:` name one deputy: `{typed('council present @Ida for:@Ivo')}`. Nothing was changed."


# --- on the way


def on_to(scene: Scene) -> Card:
    """Where the meeting is now."""
    until = "" if scene.clock is None else f", until {clock_in(scene.clock.up_at, scene.zone)}"
    item = "" if scene.item is None else f", {item_words(scene, scene.item)}"
    return says(f"Now {section_words(scene.meeting.section or 1)}{item}{until}.")


def went_on(name: str, section: int | None) -> str:
    """E-20: somebody was faster."""
    where = "" if section is None else f" It is at {section_words(section)} now."
    return f"{name} took the meeting on a moment ago.{where} Nothing more was changed."


def elsewhere(section: int | None) -> str:
    """E-20: the card was about another section."""
    where = "" if section is None else f" It is at {section_words(section)} now."
    return f"The meeting has gone on since this card was drawn.{where} Nothing was changed."


def at_the_end() -> str:
    """After the last section."""
    return "That was the last section. Nothing was changed."


def end_button(ids: dict[str, str]) -> Button:
    """**End the meeting**."""
    return Button("End the meeting", "meeting.end", ids, primary=True)


def unknown_item(text: str) -> str:
    """E-04."""
    return f"There is no open item {text} on this agenda. `{typed('agenda')}` shows what there is. Nothing was changed."


def which_item() -> str:
    """A number is missing."""
    return f"Which one? For example `{typed('council item 5.2')}`, or `{typed('council item 5')}` for a whole section."


def how_long() -> str:
    """An extension that is none."""
    first, last = rules.EXTENSIONS[0], rules.EXTENSIONS[-1]
    return f"By how many minutes, {first} to {last}? For example `{typed('council extend 5')}`. Nothing was changed."


def extended(scene: Scene, minutes: int) -> Card:
    """More time for a section."""
    until = "" if scene.clock is None else f" It is now until {clock_in(scene.clock.up_at, scene.zone)}."
    return says(f"{count(minutes, 'minute')} more for {section_words(scene.meeting.section or 1)}.{until}")


def extended_already(up_at: datetime, zone: ZoneInfo) -> str:
    """E-20: the card is older than the time that it would add to."""
    return f"That was pressed before: this section goes on until {clock_in(up_at, zone)} now. Nothing was changed."


def paused(scene: Scene) -> Card:
    """A recess."""
    return says(f"Recess since {clock_in(scene.now, scene.zone)}. The clock stands still; resume goes on.")


def heard(silent: Sequence[str]) -> Card:
    """The chair's own ticks."""
    rest = f"Not heard yet: {listing(silent)}." if silent else "Everybody at the table has spoken."
    return says(f"Noted, for you alone. {rest}")


def heard_nobody() -> str:
    """There is nobody to tick off."""
    return "Nobody is marked as being at the table yet, so there is nobody to tick off. Nothing was changed."


# --- settled, ended


def settled(line: str) -> Card:
    """What became of an item."""
    return says(line)


def nothing_open(section: int | None) -> str:
    """There is no item to settle."""
    where = "on this agenda" if section is None else f"in {section_words(section)}"
    return f"No item is open {where}. Nothing was changed."


def ended(scene: Scene, told: Sequence[str]) -> Card:
    """To who ended it."""
    meeting = scene.meeting
    spent = rules.in_minutes((meeting.adjourned_at or scene.now) - (meeting.opened_at or scene.now))
    at = clock_in(meeting.adjourned_at or scene.now, scene.zone)
    words = f"The meeting is over, {at}, after {count(spent, 'minute')}."
    follows = [f"Next meeting: {day(scene.next_at.astimezone(scene.zone).date())}."] if scene.next_at else []
    return Card(words, tuple(Paragraph((each,)) for each in (words, *told, *follows)))
