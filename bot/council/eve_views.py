"""The words of the eve, of a quorum in doubt, of the last hour, and of deputies. Source: domain.md 3.4, P-24, P-26."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Facts, LinkButton, Note, Paragraph, Title, says
from bot.chat.words import clock_in, day, listing, place_of, typed
from bot.council import views
from bot.council.call_views import Rsvp, Seated, answer_words, answers, is_over, off, when
from bot.council.rules import Office, State


def eve(found: Seated, reader: ZoneInfo, now: datetime) -> Card:
    """The day before, to everybody with a seat."""
    meeting = found.meeting
    if meeting.state is State.CANCELLED:
        return off(found, reader)
    on = _relative(meeting.starts_at.astimezone(reader).date(), now.astimezone(reader).date())
    at = clock_in(meeting.starts_at, reader)
    elsewhere = views.meets(meeting.starts_at, ZoneInfo(found.council.zone), reader)
    where = f" ({place_of(reader)})" if elsewhere.endswith(")") else ""
    head = f"{found.council.name} {on} at {at}{where}."
    words = f"{head} Anything urgent since the agenda came out? Late items need the chair's leave."
    counted = f"{found.yes} yes, {found.no} no, {found.open} open – quorum is {found.quorum.needed}"
    ids = views.meeting_ids(meeting)
    late = Button("Add a late item", "agenda.late", ids, opens_form=True)
    ways: tuple[Buttons, ...] = () if is_over(found) else (Buttons((late,)), *answers(found))
    return Card(
        words,
        (
            Title(f"{found.council.name} {on}"[:45]),
            Note(elsewhere),
            Paragraph((words,)),
            Facts((("Attendance", (counted,)), ("Your answer", (_you(found),)))),
            *ways,
        ),
    )


def _relative(on: date, today: date) -> str:
    if on == today + timedelta(days=1):
        return "tomorrow"
    return "today" if on == today else f"on {day(on)}"


def _you(found: Seated) -> str:
    if not found.has_seat:
        return "no seat"
    return {
        Rsvp.YES: "yes", Rsvp.NO: "no", Rsvp.NONE: "not said yet",
        Rsvp.DEPUTY: f"{found.deputy or 'a deputy'} comes for you",
    }[found.rsvp]  # fmt: skip


def inquorate(found: Seated, silent: Sequence[str], away: Sequence[str], reader: ZoneInfo) -> Card:
    """To the chair alone: perhaps too few come to decide."""
    quorum = found.quorum
    if quorum.is_met or is_over(found):
        at = when(found, reader)
        state = f"I now expect {quorum.present}, and quorum needs {quorum.needed}"
        return says(f"{found.council.name}, {at}: {state}.")
    words = f"We may not be quorate: I expect {quorum.present}, and quorum needs {quorum.needed}."
    facts = [(label, (listing(names),)) for label, names in (("No answer", silent), ("Can't come", away)) if names]
    ids = views.meeting_ids(found.meeting)
    return Card(
        words,
        (
            Title("We may not be quorate"),
            Note(f"{found.council.name} · {when(found, reader)}"),
            Paragraph((words,)),
            Paragraph(("What is decided without a quorum is provisional until the council confirms it.",)),
            *([Facts(tuple(facts))] if facts else []),
            Buttons((
                Button("Ask deputies", "council.ask_deputies", ids, spoken="Ask who does not come for a deputy"),
                Button("Move the date", "council.move_form", ids, opens_form=True),
                Button("Go ahead", "council.go_ahead", ids, spoken="Hold the meeting all the same"),
            )),
        ),
    )  # fmt: skip


def deputy_wanted(found: Seated, reader: ZoneInfo) -> Card:
    """To who does not come, or has not said: a deputy would make the quorum."""
    if found.meeting.state is State.CANCELLED:
        return off(found, reader)
    at = when(found, reader)
    if found.rsvp in {Rsvp.YES, Rsvp.DEPUTY}:
        return says(f"Noted for {found.council.name}, {at}: {answer_words(found)}")
    needs = f"Quorum needs {found.quorum.needed}, and I expect {found.quorum.present}."
    words = f"Can you come to {found.council.name} on {at}, or send a deputy who can decide?"
    return Card(words, (Title("Can somebody come for you?"), Paragraph((words,)), Paragraph((needs,)), *answers(found)))


# --- P-26


def soon(found: Seated, reader: ZoneInfo, now: datetime) -> Card:
    """75 minutes before, with the link."""
    meeting = found.meeting
    if meeting.state is State.CANCELLED:
        return off(found, reader)
    where = listing([each for each in (meeting.where, "by video" if meeting.link else "") if each])
    at = clock_in(meeting.starts_at, reader)
    words = f"{found.council.name} at {at}" + (f", {where}." if where else ".")
    minutes = round((meeting.starts_at - now).total_seconds() / 60)
    if minutes > 0 and not is_over(found):
        words = f"{found.council.name} in {minutes} minutes, at {at}" + (f", {where}." if where else ".")
    ids = views.meeting_ids(meeting)
    ways: list[Button | LinkButton] = [LinkButton("Join the meeting", meeting.link)] if meeting.link else []
    ways.append(Button("Open an item", "agenda.open", ids, opens_form=True))
    return Card(words, (Paragraph((words,)), Buttons(tuple(ways))))


# --- what becomes of a deputy, and of who runs it


def deputised(found: Seated, whose: str, reader: ZoneInfo, *, is_asked: bool, can_decide: bool) -> Card:
    """To the deputy."""
    at = when(found, reader)
    if not is_asked or found.meeting.state is State.CANCELLED:
        return says(f"You are not expected for {whose} at {found.council.name} on {at}.")
    power = "You may decide and vote for them." if can_decide else "You may speak; you have no vote."
    words = f"{whose} asks you to sit in at {found.council.name} on {at}."
    ids = views.meeting_ids(found.meeting)
    ways = () if is_over(found) else (
        Buttons((Button("I can't", "council.cannot", ids, spoken=f"I can't sit in for {whose}"),)),
    )  # fmt: skip
    where = views.place_words(found.meeting)
    note = Note(f"{at} · {where}" if where else at)
    return Card(words, (Title(f"You sit in for {whose}"[:45]), note, Paragraph((words, f" {power}")), *ways))


def deputy_out(found: Seated, who: str, reader: ZoneInfo) -> Card:
    """To who named them."""
    words = f"{who} can't sit in for you at {found.council.name} on {when(found, reader)}."
    if found.rsvp is not Rsvp.NONE:
        return Card(words, (Paragraph((words,)), Paragraph((answer_words(found),)), *answers(found)))
    return Card(words, (Paragraph((words,)), Paragraph(("Can you come, or does somebody else?",)), *answers(found)))


_LOST = {
    Office.CHAIR: "chair it",
    Office.SECRETARY: "keep its record",
    Office.CO_CHAIR: "chair it together with the chair",
    Office.SEAT: "have a seat in it",
}


def relieved(council: str, lost: Office, *, since: str, by: str, meets_on: date | None = None) -> Card:
    """To who has lost an office, or the chair of one meeting: by whom and since when."""
    what = [words for office, words in _LOST.items() if office in lost]
    what += [f"chair its meeting of {day(meets_on)}"] if meets_on is not None else []
    told = f"{council}: since {since} you no longer {listing(what, 'or')}."
    return says(f"{told} {by} changed that." if by else told)


def vacancy(found: Seated, chair: str, secretary: str, reader: ZoneInfo) -> Card:
    """To who runs the meeting, when somebody else keeps its record from now on, or nobody does."""
    at = when(found, reader)
    if secretary and not chair:
        line = typed("council chair @name")
        words = f"Nobody chairs {found.council.name} now ({at}). What was recorded stays. "
        return says(f"{words}{secretary} keeps its record and can run the meeting; `{line}` names who chairs it.")
    if secretary:
        return says(f"{secretary} keeps the record of {found.council.name} from now on. What was recorded stays.")
    if not chair:
        line = typed("council setup chair:@name secretary:@name")
        words = f"Nobody chairs {found.council.name} and nobody keeps its record ({at}). Name both with `{line}`."
    else:
        words = f"Nobody keeps the record of {found.council.name} now ({at}). What was recorded stays. "
        words += f"{chair} can keep it."
    return Card(words, (Paragraph((words,)),))
