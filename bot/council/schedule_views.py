"""The words about a council's dates: its schedule, a meeting that is called off, moved or added, a day off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title, says
from bot.chat.forms import DateInput, Form, TextInput, TimeInput, Values
from bot.chat.spans import Bold
from bot.chat.words import clock, count, day, listing, short_day, typed
from bot.council import dates, setup_views, views
from bot.council.rules import State
from bot.council.setup_views import Dated
from storage.councils import Council
from storage.meetings import CouncilMeeting

TO, AT, WHY, WAS = "to", "at", "reason", "was"
REASON_MAX = 300  # characters
NEEDS_DAY = "Please choose a day to come."
NEEDS_TIME = "Please give a time of day, for example 10:00."
NEEDS_REASON = "Please say why: everybody with a seat reads it."
REASON_TOO_LONG = f"At most {REASON_MAX} characters, please."
STATES = {
    State.PLANNED: "planned",
    State.CALLING: "called",
    State.DRAFTED: "items are closed",
    State.PUBLISHED: "agenda is out",
    State.IN_SESSION: "being held",
    State.IN_RECESS: "interrupted",
    State.CANCELLED: "called off",
}


def schedule(council: Council, coming: Sequence[Dated], off: Sequence[CouncilMeeting]) -> Card:
    """The meetings to come with their days, and those that were called off."""
    zone = ZoneInfo(council.zone)
    lines = tuple(_line(each, zone) for each in coming)
    body: list[Element] = [Group("To come", lines)] if lines else [Paragraph(("No meeting is planned.",))]
    if off:
        body.append(Group("Called off", tuple(_off_line(each, zone) for each in off)))
    words = f"{council.name}: {count(len(lines), 'meeting')} to come."
    return Card(words, (Title(f"{council.name}: dates"[:45]), Note(setup_views.when(council)), *body))


def _line(each: Dated, zone: ZoneInfo) -> Line:
    local = each.meeting.starts_at.astimezone(zone)
    special = ", special" if each.meeting.kind is CouncilMeeting.Kind.SPECIAL else ""
    state = STATES.get(each.meeting.state, "")
    was = each.meeting.slot
    moved = f" · was {short_day(was.date())}, {clock(was)}" if was != local.replace(tzinfo=None) else ""
    detail = f"{setup_views.steps_words(each.steps, zone)}{moved}"
    return Line((Bold(f"{day(local.date())}, {clock(local)}"), f"  {state}{special}"), (detail,))


def _off_line(meeting: CouncilMeeting, zone: ZoneInfo) -> Line:
    local = meeting.starts_at.astimezone(zone)
    return Line((f"{day(local.date())}, {clock(local)}",), (meeting.reason,))


# --- told to everybody


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a meeting: called off, moved from `was_at`, or added."""

    meeting: CouncilMeeting
    council: Council
    was_at: datetime | None = None
    steps: dict[str, datetime] | None = None
    is_past: bool = False
    """Whether its time was over when this is read."""
    is_unopened: bool = False
    """Whether nobody called it off: it was not started."""


def moved(change: Change, reader: ZoneInfo) -> Card:
    """To seats and rooms at once."""
    words, *more = _what(change, reader)
    meeting = change.meeting
    why = [f"Reason: {meeting.reason.rstrip('.')}."] if meeting.reason else []
    is_off = meeting.state is State.CANCELLED
    off = "was not held" if change.is_past else "is called off"
    title = f"{change.council.name} {off}" if is_off else change.council.name
    return Card(words, (Title(title[:45]), *(Paragraph((each,)) for each in (words, *why, *more))))


def _what(change: Change, reader: ZoneInfo) -> list[str]:
    meeting, name, zone = change.meeting, change.council.name, ZoneInfo(change.council.zone)
    at = views.meets(meeting.starts_at, zone, reader)
    if meeting.state is State.CANCELLED:
        kept = "What was proposed for it goes to the next meeting."
        what = f"{name} of {at} was not held." if change.is_past else f"There is no meeting of {name} on {at}."
        line = typed(f"council start {views.date_typed(meeting.starts_at.astimezone(zone).date())}")
        way = f"If you met all the same, the chair or the secretary records it with `{line}`."
        return [what, kept, *([way] if change.is_unopened else [])]
    if meeting.recorded_at is not None:
        return [f"{name} met on {at}. It is recorded afterwards."]
    if change.was_at is not None:
        was = views.meets(change.was_at, zone, reader)
        return [f"{name} meets on {at} instead of {was}.", _from_now(change, reader)]
    if meeting.kind is CouncilMeeting.Kind.SPECIAL:
        return [f"{name} has a special meeting on {at}.", _from_now(change, reader)]
    return [f"{name} meets on {at}.", _from_now(change, reader)]


def _from_now(change: Change, reader: ZoneInfo) -> str:
    steps = setup_views.steps_words(change.steps or {}, reader)
    return f"{steps[:1].upper()}{steps[1:]}."


def missed_twice(council: Council, missed: Sequence[CouncilMeeting]) -> Card:
    """P-46 to the sponsor. Source: domain.md S0-03."""
    zone = ZoneInfo(council.zone)
    days = [day(each.starts_at.astimezone(zone).date()) for each in missed]
    lines = tuple(Line((on,), (each.reason or "no reason given",)) for on, each in zip(days, missed, strict=True))
    return Card(
        f"{council.name} has been missed twice: {listing(days)}.",
        (
            Title(f"{council.name} missed twice"[:45]),
            Paragraph((f"{council.name} has been missed twice in a row.",)),
            Group("Which meetings, and why", lines),
        ),
    )


# --- a day off


def holiday(council: Council, meeting: CouncilMeeting, what: str, instead: date) -> Card:
    """To the chair, two weeks before a meeting that falls on a day off. Source: domain.md 3.5."""
    on = meeting.starts_at.astimezone(ZoneInfo(council.zone)).date()
    why = f"is {what}" if what else "is not a working day"
    ids = views.meeting_ids(meeting)
    words = f"{council.name} would meet on {day(on)}, which {why}."
    return Card(
        words,
        (
            Title("A meeting on a day off"),
            Paragraph((words,)),
            Paragraph((f"The next {instead:%A} that is a working day is {day(instead)}.",)),
            Buttons((
                Button(f"Move to {short_day(instead)}", "council.instead", ids, primary=True),
                Button("Another date", "council.move_form", ids, opens_form=True),
                Button("Meet all the same", "council.keep", ids),
            )),
        ),
    )  # fmt: skip


def holiday_settled(council: Council, meeting: CouncilMeeting) -> Card:
    """The same, once somebody has decided."""
    at = views.meets(meeting.starts_at, ZoneInfo(council.zone))
    if meeting.state is State.CANCELLED:
        return says(f"{council.name} does not meet on {at}.")
    return says(f"{council.name} meets on {at}.")


# --- forms and replies


def as_seen(meeting: CouncilMeeting) -> dict[str, str]:
    """What a form about a date carries: the meeting, and when it was to begin as the form was opened."""
    return {**views.meeting_ids(meeting), WAS: str(int(meeting.starts_at.timestamp()))}


def stands(meeting: CouncilMeeting, zone: ZoneInfo) -> str:
    """`It is called off.`, or `It is on Thu 10 Dec 2026, 10:00.`: how a meeting stands now."""
    if meeting.state is State.CANCELLED:
        return "It is called off."
    return f"It is on {views.meets(meeting.starts_at, zone)}."


def move_form(council: Council, meeting: CouncilMeeting, values: Values) -> Form:
    """Another date for a meeting."""
    local = meeting.starts_at.astimezone(ZoneInfo(council.zone))
    return Form(
        title="Move the meeting",
        verb="council.move",
        ids=as_seen(meeting),
        note=f"{council.name} meets on {day(local.date())}, {clock(local)}. Everybody with a seat is told at once.",
        inputs=(
            DateInput(TO, "New day", value=local.date().isoformat()),
            TimeInput(AT, "Time", value=clock(local)),
            TextInput(WHY, "Why?", longest=REASON_MAX),
        ),
        submit="Move it",
    ).filled(values)


def skip_form(council: Council, meeting: CouncilMeeting, values: Values) -> Form:
    """A meeting is called off."""
    local = meeting.starts_at.astimezone(ZoneInfo(council.zone))
    return Form(
        title="Call the meeting off",
        verb="council.skip",
        ids=as_seen(meeting),
        note=f"{council.name}, {day(local.date())}, {clock(local)}. Everybody with a seat is told at once.",
        inputs=(TextInput(WHY, "Why?", longest=REASON_MAX),),
        submit="Call it off",
    ).filled(values)


def special_form(council: Council, values: Values) -> Form:
    """A meeting outside the rhythm."""
    return Form(
        title="Special meeting",
        verb="council.special",
        ids={"council": str(council.id)},
        note=f"{council.name}. Everybody with a seat is asked at once where it is soon.",
        inputs=(
            DateInput(TO, "Which day?"),
            TimeInput(AT, "Time", value=clock(council.at_time)),
            TextInput(WHY, "What for?", longest=REASON_MAX),
        ),
        submit="Call it",
    ).filled(values)


def changed(change: Change, notes: Sequence[str], told: int) -> Card:
    """What whoever changed a date reads."""
    zone = ZoneInfo(change.council.zone)
    words, *_ = _what(change, zone)
    steps = () if change.meeting.state is State.CANCELLED else (setup_views.steps_words(change.steps or {}, zone),)
    hears = f"{count(told, 'person', 'people')} and the council's rooms are told now." if told else ""
    sentences = [words, *notes, *([hears] if hears else [])]
    return Card(words, (*(Paragraph((each,)) for each in sentences), *(Note(each) for each in steps)))


def kept(council: Council, meeting: CouncilMeeting) -> Card:
    """The meeting stays where it is, day off or not."""
    return says(f"{council.name} meets on {views.meets(meeting.starts_at, ZoneInfo(council.zone))}, as planned.")


def day_off(on: date, what: str) -> str:
    """A note; the date is kept."""
    return f"{day(on)} is {what or 'not a working day'}."


def hurried(steps: dict[str, datetime], zone: ZoneInfo) -> str:
    """A note where a meeting is so soon that some of its steps are over."""
    said = setup_views.steps_words({kind: at for kind, at in steps.items() if kind != dates.CALL}, zone)
    return f"It is soon, so the call goes out now. From now on: {said}."


def in_the_past(at: datetime, zone: ZoneInfo) -> str:
    """E-06."""
    return f"{views.meets(at, zone)} is over. Please choose a time to come. Nothing was changed."


def far_away(on: date) -> str:
    """A day that was typed without its year is read as one to come, which may be another than was meant."""
    return f"That is {day(on)}. Send this when you mean that day."


def same_time(council: str, at: datetime, zone: ZoneInfo) -> str:
    """Nothing to do."""
    return f"{council} meets on {views.meets(at, zone)} already. Nothing was changed."


def taken(council: str, at: datetime, zone: ZoneInfo) -> str:
    """Two meetings at one time."""
    return (
        f"{council} has another meeting planned for {views.meets(at, zone)}, held or called off. "
        f"`{typed('council schedule')}` lists its dates. Nothing was changed."
    )


def which_day(verb: str) -> str:
    """A line that names no day where one is needed."""
    examples = {
        "move": 'council move 3 Dec to:2026-12-10 at:10:00 reason:"the hall is taken"',
        "special": 'council special 17 Dec at:14:00 reason:"the flood"',
    }
    return f"Which day? For example `{typed(examples[verb])}`. Nothing was changed."
