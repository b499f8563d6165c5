"""The words of answers while a meeting runs."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Note, Paragraph, says
from bot.chat.words import clock_in, count, cut, day, listing, moment, short_day, typed
from bot.council.views import date_typed
from bot.meeting import rules
from bot.meeting.views import Scene, item_words, meeting_name, number_words, quorum_line, section_words
from storage.agenda import OPEN, AgendaItem
from storage.decisions import Decision
from storage.meetings import CouncilMeeting

# --- begun


def started(scene: Scene) -> Card:
    """To who started it."""
    began_at = scene.meeting.opened_at or scene.now
    words = f"The meeting has begun, {clock_in(began_at, scene.zone)}. {quorum_line(scene.quorum)}."
    return says(words, *early(scene.meeting, began_at), "Your card to run it is in your direct messages.")


def early(meeting: CouncilMeeting, now: datetime) -> list[str]:
    """A meeting that is started before its time, where that is worth a word."""
    minutes = rules.in_minutes(meeting.starts_at - now)
    if minutes <= 0:
        return []
    return [f"That is {count(minutes, 'minute')} before its time."]


def really(name: str, meeting: CouncilMeeting, missed: CouncilMeeting | None, zone: ZoneInfo) -> Card:
    """A meeting that is hours or days away: was another one meant, such as the last, which nobody started?"""
    words = f"{name} is to begin on {moment(meeting.starts_at, zone)}. Shall I start it now?"
    ways = [Button("Start it now", "meeting.start", {"meeting": str(meeting.id)}, primary=missed is None)]
    if missed is not None:
        on = short_day(missed.starts_at.astimezone(zone).date())
        ways.append(Button(f"Record {on} instead", "meeting.start", {"meeting": str(missed.id)}))
    return Card(words, (Paragraph((words,)), Buttons(tuple(ways))))


def met_already(name: str, meeting: CouncilMeeting, zone: ZoneInfo, *, may_begin: bool) -> Card:
    """Its time is over and nobody started it: was it held? `may_begin`: it can be held now, too."""
    at = clock_in(meeting.starts_at, zone)
    words = f"{name} was to end at {clock_in(meeting.ends_at, zone)}, and nobody started it. Did you meet without me?"
    line = typed(f"council start {date_typed(meeting.starts_at.astimezone(zone).date())} at:10:05")
    ids = {"meeting": str(meeting.id)}
    begin = (Button("Begin now", "meeting.start", {**ids, "now": "1"}),) if may_begin else ()
    ways = Buttons((Button(f"We met at {at}", "meeting.start", {**ids, "at": "1"}, primary=True), *begin))
    return Card(words, (Paragraph((words,)), ways, Note(f"For another time write `{line}`.")))


def recording(scene: Scene) -> Card:
    """To who records a meeting that is over."""
    name = meeting_name(scene.council.name, scene.meeting.starts_at, scene.zone)
    began = clock_in(scene.meeting.opened_at or scene.now, scene.zone)
    return says(
        f"I record {name} afterwards; it began at {began}. The minutes say so.",
        f"Mark who was there (`{typed('council present @Ann @Raj')}`) before you record what was decided: the quorum "
        f"counts who is marked. At the end write `{typed('council end at:11:30')}`, with the time at which it ended.",
        "Your card to do so is in your direct messages.",
    )


def when_did_it_end(meeting: CouncilMeeting, zone: ZoneInfo) -> Card:
    """One that is recorded afterwards has no end of its own."""
    at = clock_in(meeting.ends_at, zone)
    words = f"When did the meeting end? Write `{typed(f'council end at:{at}')}`, with the time at which it did."
    ids = {"meeting": str(meeting.id), "at": "1"}
    return Card(words, (Paragraph((words,)), Buttons((Button(f"At {at}, as planned", "meeting.end", ids),))))


def no_time(text: str) -> str:
    """E-06."""
    return f"'{cut(text)}' is no time of day. Write it as 10:05. Nothing was changed."


def not_yet(at: datetime, zone: ZoneInfo) -> str:
    """E-06: a time that is still to come."""
    return f"{moment(at, zone)} is still to come. Nothing was changed."


def before_it_began(meeting: CouncilMeeting, zone: ZoneInfo) -> str:
    """E-06: a beginning long before its time, or an end, a coming or a leaving before the beginning."""
    at, began = (meeting.starts_at, "is to begin") if meeting.opened_at is None else (meeting.opened_at, "began")
    return f"The meeting {began} at {clock_in(at, zone)}, so that is too early. Nothing was changed."


def left_before(name: str, came_at: datetime, left_at: datetime, zone: ZoneInfo) -> str:
    """E-06: somebody came after they left."""
    came, left = clock_in(came_at, zone), clock_in(left_at, zone)
    return f"{name} came at {came} and left at {left}: one of the two can't be. Nothing was changed."


def seat_was_taken(name: str, until: datetime, came_at: datetime, zone: ZoneInfo) -> str:
    """E-06: somebody sat on that seat then."""
    words = f"{name} sat there until {clock_in(until, zone)}, so nobody came to that seat at {clock_in(came_at, zone)}."
    return f"{words} Nothing was changed."


def after_the_end(name: str, at: datetime, ended_at: datetime, zone: ZoneInfo) -> str:
    """E-06: somebody was there when it was over."""
    there, ended = clock_in(at, zone), clock_in(ended_at, zone)
    words = f"{name} was there at {there}, and the meeting ended at {ended}: one of the two can't be."
    line = typed(f"council present @{name} at:10:30")
    return f"{words} Another time is noted with `{line}`, or `left` in place of `present`. Nothing was changed."


def still_to_come(name: str) -> str:
    """E-06: a time, and no meeting of that day."""
    line = typed("council start 3 Dec at:10:05")
    return f"{name} is still to come. For one that was held without me name its day: `{line}`. Nothing was changed."


def another_is_on(name: str) -> str:
    """E-05: a council holds one meeting at a time."""
    return f"{name} is on: end it first, with `{typed('council end')}`. Nothing was changed."


def met_since(name: str, on: date) -> str:
    """E-05: only the last meeting can be recorded afterwards."""
    return f"The council has met again since, on {day(on)}, so {name} can't be recorded any more. Nothing was changed."


def is_recorded(name: str) -> str:
    """Who was there is marked by whoever records it."""
    return f"{name} is over and is being recorded: the chair or the secretary marks who was there. Nothing was changed."


def when_did_they_leave(name: str) -> str:
    """A leaving in a meeting that is recorded afterwards."""
    line = typed(f"council left @{name} at:10:40")
    strike = "Who was not there at all is unticked in the form `Who is here`."
    return f"When did {name} leave? Write `{line}`. {strike} Nothing was changed."


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


def gone_on_since(before: str, section: int | None) -> str:
    """E-20: an Undo that comes too late."""
    where = "" if section is None else f" It is at {section_words(section)} now."
    way = f" `{typed(f'council item {before}')}` goes back to {before}."
    return f"The meeting has gone on since, so this step can't be taken back.{where}{way} Nothing was changed."


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


def stays_settled(name: str, item: AgendaItem, decision: Decision | None) -> str:
    """E-05: an Undo after the end would leave an item open of which nothing could become any more."""
    stays = f"{name} is over, so item {number_words(item)} can't be opened again."
    return f"{stays} {_way_on(item, decision)} Nothing was changed."


def _way_on(item: AgendaItem, decision: Decision | None) -> str:
    """How it is talked about again."""
    if decision is not None and decision.state is Decision.State.PROVISIONAL:
        line = typed(f"council lapse {decision.code}")
        return f"{decision.code} waits to be ratified; `{line}` with a reason lets it go."
    if decision is not None and decision.state is Decision.State.IN_FORCE:
        line = typed(f"council reopen {decision.code}")
        way = f"`{line}` with a reason puts it on the next agenda"
        return f"{way}, and another decision with `replaces:{decision.code}` supersedes it."
    if item.state is AgendaItem.State.PARKED:
        return f"`{typed('agenda parked')}` lists it, and brings it back."
    if item.state is AgendaItem.State.DEFERRED or item.state in OPEN:
        return "It stands on the next agenda."
    return f"`{typed('agenda add')}` puts it on the next agenda."


def decided_again(item: AgendaItem, code: str) -> str:
    """E-20: an Undo would open an item at which another decision stands."""
    stays = f"{code} is recorded at item {number_words(item)} too, so the item can't be opened again."
    return f"{stays} `{typed('council reverse')}` with a code and a reason ends a decision. Nothing was changed."


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
