"""What is answered when somebody does something with an agenda's items, and why something can't be done."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.agenda.rules import TITLE_MAX, Agenda, Purpose
from bot.agenda.titles import SHORT_TITLES
from bot.chat.cards import Button, Buttons, Card, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold
from bot.chat.words import count, cut, day, listing, typed
from bot.council.views import meets
from storage.agenda import AgendaItem
from storage.agenda_sources import Named

Zones: TypeAlias = tuple[ZoneInfo, ZoneInfo]
"""The council's, and that of whoever reads it."""


def number(item: AgendaItem) -> str:
    """`5.3`."""
    return f"{item.section}.{item.seq}"


def called(item: AgendaItem) -> str:
    """How an item is named in a refusal."""
    return f"Item {number(item)}"


def named(item: AgendaItem) -> str:
    """`5.1 'Second visits'`."""
    return f"{number(item)} '{item.title}'"


def number_alone(item: AgendaItem) -> str:
    """An internal item for somebody from outside. Source: domain.md 2.4 (24)."""
    return f"{number(item)}, which is internal"


def stands(item: AgendaItem) -> str:
    """How an item stands now, for somebody who was overtaken."""
    return f"it is {number(item)} '{item.title}' now, {item.state.value.replace('_', ' ')}."


def not_now(item: AgendaItem, state: str, done: str, ways: Sequence[str]) -> str:
    """E-05, with lines that can be typed."""
    lines = [f"`{typed(f'agenda {each} {number(item)}')}`" for each in ways]
    how = f"You can write {listing(lines, 'or')}." if lines else "Nothing more can be done with it here."
    return f"{called(item)} is {state}, so it can't be {done}. {how} Nothing was changed."


# --- added


def added(item: AgendaItem, agenda: Agenda) -> str:
    """`Added as 5.3, 5 minutes, for decision. 12 minutes are still free.` or so."""
    kept = f"Added as {number(item)}, {count(item.minutes, 'minute')}, for {item.purpose.value}."
    return f"{kept} {left(agenda)}"


def is_on_already(code: str, item: AgendaItem, council: str, meets_on: date) -> str:
    """E-05: somebody has put it there before."""
    where = f"{council} of {day(meets_on)}"
    if item.state is AgendaItem.State.LATE_PENDING:
        return f"The chair is asked already whether {code} may come on the agenda of {where}. Nothing was changed."
    return f"{code} is on the agenda of {where} already, as {number(item)}. Nothing was changed."


def internal_too() -> str:
    """What it came from is internal, which nobody had said of the item."""
    return " It is internal, as is what it came from."


def for_special(meets_on: date) -> str:
    """On whose agenda it is."""
    return f" It is for the special meeting of {day(meets_on)}."


def left(agenda: Agenda) -> str:
    """What the meeting still has room for."""
    if agenda.over_min:
        return f"The agenda is {count(agenda.over_min, 'minute')} longer than the meeting now."
    if not agenda.free_min:
        return "The meeting is full now."
    is_are = "minute is" if agenda.free_min == 1 else "minutes are"
    return f"{agenda.free_min} {is_are} still free."


def late(meets_on: date, closed_at: datetime | None, zones: Zones, *, chair: str, following: date | None) -> str:
    """E-09."""
    closed = f"closed on {meets(closed_at, *zones)}" if closed_at is not None else "is closed"
    otherwise = f"; otherwise it goes on {day(following)}" if following is not None else ""
    asked = f"I've asked {chair} to admit it as a late item" if chair else "It waits for the chair as a late item"
    return f"The agenda for {day(meets_on)} {closed}. {asked}{otherwise}."


def title_missing() -> str:
    """Nothing to talk about was named."""
    line = typed('agenda add "Christmas hours" item:7')
    return f"What should we talk about? For example: `{line}`. Nothing was changed."


def unknown_flag(word: str) -> str:
    """A word behind the title that means nothing."""
    return (
        f"I don't know '{cut(word)}' behind a title. There can be proactive, reactive or internal, "
        "and the title stands in quotes. Nothing was changed."
    )


def not_a_section(text: str) -> str:
    """No section of that number."""
    return f"There is no item '{cut(text)}': an agenda has the items 1 to 9. Nothing was changed."


def not_a_purpose(text: str) -> str:
    """An item is for one of three things."""
    return f"An item is for {listing([each.value for each in Purpose], 'or')}, not '{cut(text)}'. Nothing was changed."


def not_minutes(text: str, low: int, high: int) -> str:
    """No length that an item or a section may have."""
    return f"'{cut(text)}' is no length: please write {low} to {high} minutes. Nothing was changed."


def not_a_link(text: str) -> str:
    """A paper is a web address."""
    return f"'{cut(text)}' is no web address. A paper is a link such as https://example.com/paper. Nothing was changed."


def not_a_level(text: str) -> str:
    """Two levels."""
    return f"A level is strategic or operational, not '{cut(text)}'. Nothing was changed."


def unknown_department(name: str, names: Sequence[str]) -> str:
    """E-04."""
    return f"I can't find a department called '{cut(name)}'. There is {listing(names)}. Nothing was changed."


def outsiders_may_not(what: str) -> str:
    """E-03 for people of other companies."""
    return f"Only people of the organisation can {what}. Nothing was changed."


def owner_outside(name: str) -> str:
    """2.4 (24): what is internal is nobody's outside."""
    return f"{name} is not of the organisation, so an internal item can't be theirs. Nothing was changed."


# --- which one


def which(verb: str) -> str:
    """No number was named."""
    return f"Which item? Please name it by its number: `{typed(f'agenda {verb} 5.3')}`. Nothing was changed."


def unknown(section: int, seq: int) -> str:
    """E-04."""
    return f"I can't find item {section}.{seq}. `{typed('agenda')}` shows the agenda. Nothing was changed."


def needs_reason(verb: str, item: AgendaItem, example: str) -> str:
    """A word why is missing."""
    line = typed(f"agenda {verb} {number(item)} {example}")
    return f"Please add why, so that everybody knows later. For example: `{line}`. Nothing was changed."


def only_own(code: str) -> str:
    """E-03."""
    return f"Only its owner, the chair or the secretary can do that with {code}. Nothing was changed."


def not_on_consent(item: AgendaItem) -> str:
    """E-05: it is open for debate as it is."""
    return f"{called(item)} is not on consent, so it is open for debate already. Nothing was changed."


def is_standing(item: AgendaItem) -> str:
    """Apologies, minutes and reports stand there by themselves."""
    return f"{called(item)} stands on every agenda by itself, so that can't be done with it. Nothing was changed."


def other_meeting(item: AgendaItem, meets_on: date) -> str:
    """A true answer to a press on an item that has gone on to another meeting."""
    return f"'{item.title}' is on the agenda for {day(meets_on)} now. Nothing was changed."


# --- done


def accepted(item: AgendaItem) -> str:
    """It will be on the agenda."""
    return f"{number(item)} '{item.title}' is accepted."


def declined(item: AgendaItem, owner: str) -> str:
    """It will not be on the agenda."""
    hears = f" I tell {owner} why." if owner else ""
    return f"'{item.title}' is declined.{hears}"


def moved(item: AgendaItem, before: str) -> str:
    """It has another number."""
    return f"{before} is {number(item)} now, in {SHORT_TITLES[item.section]}."


def items_take(section: int, asked: int) -> str:
    """A section is no shorter than what stands in it. Source: domain.md 2.4 (6)."""
    line = typed(f"agenda time {section}.1 mins:5")
    return (
        f"The items in {section} take {count(asked, 'minute')} together. Please shorten one of them, "
        f"such as with `{line}`, or defer it. Nothing was changed."
    )


def timed(what: str, minutes: int, agenda: Agenda) -> str:
    """Another length."""
    return f"{what} has {count(minutes, 'minute')} now. {left(agenda)}"


def on_consent(item: AgendaItem) -> str:
    """Nobody needs to talk about it unless somebody asks to."""
    return f"{number(item)} '{item.title}' is on consent: it is noted without debate unless somebody pulls it."


def pulled(item: AgendaItem) -> str:
    """Source: domain.md 3.2."""
    return f"{number(item)} is now open for debate."


def withdrawn(item: AgendaItem) -> str:
    """Its owner took it back."""
    return f"'{item.title}' is withdrawn."


def deferred(item: AgendaItem, carried: AgendaItem, meets_on: date | None) -> str:
    """It waits for the next meeting."""
    if carried.id == item.id or meets_on is None:
        return f"'{item.title}' is parked, because no next meeting is planned. `{typed('agenda parked')}` lists it."
    times = count(carried.deferrals, "deferral")
    return f"'{item.title}' is on the agenda for {day(meets_on)} as {number(carried)}, with {times}."


def parked(item: AgendaItem) -> str:
    """It is set aside."""
    return f"'{item.title}' is parked. `{typed('agenda parked')}` lists it, and brings it back."


def dropped(item: AgendaItem) -> str:
    """It is given up."""
    return f"'{item.title}' is dropped."


def admitted(item: AgendaItem) -> str:
    """The chair gave leave."""
    return f"Admitted as {number(item)}: '{item.title}'."


def refused(item: AgendaItem, meets_on: date | None) -> str:
    """The chair wants it next time."""
    if meets_on is None:
        return f"'{item.title}' waits: no next meeting is planned yet. Nothing was changed."
    return f"'{item.title}' goes on the agenda for {day(meets_on)}."


def disputed(item: AgendaItem) -> str:
    """Both views stand there; the chair takes it from here. Source: domain.md S2-30."""
    return f"{number(item)} '{item.title}' shows both views now, one line each. The chair sees it."


def back(item: AgendaItem, meets_on: date) -> str:
    """A parked item comes again."""
    return f"'{item.title}' is on the agenda for {day(meets_on)} as {number(item)}."


def must_choose(item: AgendaItem) -> str:
    """It was deferred twice. Source: domain.md 2.3."""
    return (
        f"{called(item)} was deferred twice already, so it has to be decided, dropped or handed over now. "
        "Nothing was changed."
    )


def is_back(item: AgendaItem) -> str:
    """E-05."""
    return f"'{item.title}' was brought back already. Nothing was changed."


def who_owns(item: AgendaItem, hurts: str, starts: str) -> str:
    """E-14."""
    return (
        f"{called(item)} hurts {hurts} but starts in {starts}. Who will own the fix? "
        "Please make it an action with an owner first. Nothing was changed."
    )


# --- publishing


def nothing_changed(edition: int) -> str:
    """There is nothing new to publish."""
    return f"Nothing has changed since version {edition}, so there is no new one."


def published_by(name: str, edition: int) -> str:
    """Two at once: the other one was faster."""
    return f"{name} published version {edition} a moment ago. Yours is the same, so nothing else was published."


def published(edition: int, rooms: int, people: int) -> str:
    """Version n is out."""
    places = count(rooms, "room") if rooms else "no room yet"
    direct = f" and to {count(people, 'person', 'people')} directly" if people else ""
    return f"Version {edition} is published: in {places}{direct}."


def still_open(until: datetime, zones: Zones) -> str:
    """It came out before items and reports close."""
    return f" Items and reports still come in time until {meets(until, *zones)}; then they come out as a new version."


def too_long(agenda: Agenda, meeting: int) -> Card:
    """2.4 (6): the chair has to say so."""
    words = (
        f"The agenda takes {agenda.minutes} minutes, and the meeting has {agenda.length_min}: "
        f"{count(agenda.over_min, 'minute')} too long."
    )
    how = f"Shorten it with `{typed('agenda time 5.3 mins:5')}`, or defer an item. Nothing is published yet."
    anyway = Button("Publish all the same", "agenda.publish", {"meeting": str(meeting), "anyway": "1"})
    return Card(words, (Title("Longer than the meeting"), Paragraph((words,)), Note(how), Buttons((anyway,))))


def was_moved(council: str, then: datetime, meets_at: datetime, zones: Zones) -> str:
    """A press on the draft of a meeting that has been moved since."""
    return (
        f"This draft was for {meets(then, *zones)}; {council} was moved to {meets(meets_at, *zones)} since. "
        f"Nothing was published. `{typed('agenda draft')}` shows it as it is now."
    )


def is_cancelled(council: str, meets_on: date) -> str:
    """A press on a card of a meeting that was called off."""
    return f"{council} on {day(meets_on)} was called off. Nothing was changed."


def reopened(meets_on: date) -> str:
    """Items can come in again."""
    return f"The agenda for {day(meets_on)} takes items again until it is published anew."


def is_open(meets_on: date) -> str:
    """E-05."""
    return f"The agenda for {day(meets_on)} takes items as it is. Nothing was changed."


def too_late(meets_on: date) -> str:
    """E-05: it is over."""
    return f"The meeting of {day(meets_on)} is over. Nothing was changed."


# --- lists


def parked_list(council: str, rows: Sequence[AgendaItem], named: Named, *, may_bring_back: bool) -> Card:
    """What a council set aside, the oldest first; the first ones with a way back."""
    if not rows:
        return Card(f"{council} has nothing parked.", (Paragraph((f"{council} has nothing parked.",)),))
    lines = tuple(
        Line(
            (Bold(each.title),),
            (" · ".join(part for part in (named.people.get(each.owner_id or 0, ""), each.reason) if part),),
        )
        for each in rows
    )
    first = tuple(
        Button(f"Bring {place} back", "agenda.back", {"item": str(each.id)}, spoken=f"Bring back: {each.title}")
        for place, each in enumerate(rows[:5], start=1)
    )
    said = f"{count(len(rows), 'item')} parked by {council}"
    ways = (Buttons(first),) if may_bring_back else ()
    return Card(f"{said}.", (Title(said), Group("", lines, numbered=True), *ways))


def long_title(length: int) -> str:
    """A title stands on one line."""
    return f"That title has {length} characters, and at most {TITLE_MAX} fit. Nothing was changed."
