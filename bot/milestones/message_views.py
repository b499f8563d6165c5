"""Messages about milestones that come by themselves: questions, claims, pushed dates, answers and news."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.chat.cards import TITLE_MAX, Button, Buttons, Card, Element, Note, Paragraph, Title
from bot.chat.spans import Bold
from bot.chat.words import count, day, moment
from bot.milestones.reply_views import stands
from bot.milestones.rules import State
from bot.milestones.views import Seen, days_late, detail, named, title_of
from bot.work.slip import end_on, slip_days
from storage.initiatives import Milestone, MilestoneAsk

Answer = MilestoneAsk.Answer


def _ids(milestone: Milestone) -> dict[str, str]:
    return {"milestone": str(milestone.id)}


def read_ids(milestone: Milestone) -> dict[str, str]:
    """With what was read: the proposed date, or else the claim. A press on an older card is told so."""
    on = milestone.proposed_on
    read = {"on": str(on.toordinal())} if on else {"read": str(milestone.version)}
    return _ids(milestone) | read


# --- a question


def asked(each: Seen, ask: MilestoneAsk, asker: str, today: date, *, left: str = "") -> Card:
    """To the owner: how does it stand? To the lead, where the owner of that name `left`."""
    milestone = each.milestone
    if ask.answer is not None or milestone.state is not State.PLANNED:
        return _settled(milestone, f"{asker} asked for the state of {named(milestone)}")
    ids = {"ask": str(ask.id), "read": str(milestone.version)}
    words = f"{asker} asks for the state of {named(milestone)}."
    words += f" {left} is not here any more, so you are asked." if left else ""
    presses = (
        Button("On track", "milestone.on_track", ids, spoken=f"{milestone.code} is on track"),
        Button("Late, new date", "milestone.late_form", ids, opens_form=True, spoken=f"{milestone.code} is late"),
        Button("Done", "milestone.done_form", ids, opens_form=True, spoken=f"{milestone.code} is done"),
    )
    return Card(
        words,
        (
            Title(named(milestone)[:TITLE_MAX]),
            Note(title_of(each.initiative)),
            Paragraph((words,)),
            Paragraph(detail(each, today)),
            Buttons(presses),
        ),
    )


def _settled(milestone: Milestone, what: str) -> Card:
    words = f"{what}: {stands(milestone)}"
    return Card(words, (Paragraph((words,)),))


def answered(each: Seen, ask: MilestoneAsk, zone: ZoneInfo, *, who: str = "") -> Card:
    """To the one who asked; `who` was asked, where it was not the owner of now."""
    milestone = each.milestone
    who = who or each.owner or "The owner"
    at = moment(ask.answered_at, zone) if ask.answered_at else ""
    what = _answer_words(ask, milestone)
    return Card(
        f"{who} answered: {named(milestone)} {what}",
        (
            Paragraph((Bold(named(milestone)), f" {what}")),
            Note(f"{who} answered on {at} · {title_of(each.initiative)}"),
        ),
    )


def _answer_words(ask: MilestoneAsk, milestone: Milestone) -> str:
    on = day(milestone.forecast_on)
    match ask.answer:
        case Answer.LATE:
            late = slip_days(milestone)
            slip = f", {days_late(late)}" if late is not None else ""
            return f"has a new date: {on}{slip}" + (f": {milestone.reason}" if milestone.reason else ".")
        case Answer.DONE:
            shown = f": {milestone.evidence}" if milestone.evidence else ""
            return f"is done{shown}. " + (
                "It is accepted." if milestone.state is State.ACHIEVED else "It still waits to be accepted."
            )
        case Answer.ON_TRACK | None:
            return f"is on track for {on}."


# --- a claim


def claim(each: Seen) -> Card:
    """To the second person: is it reached?"""
    milestone = each.milestone
    who = each.owner or "Somebody"
    if milestone.state is not State.CLAIMED:
        return _settled(milestone, f"{who} said that {named(milestone)} is done")
    words = f"{who} says that {named(milestone)} is done."
    ids = read_ids(milestone)
    presses = (
        Button("Accept", "milestone.accept", ids, primary=True, spoken=f"Accept {milestone.code} as done"),
        Button("Not yet", "milestone.reject_form", ids, opens_form=True, spoken=f"{milestone.code} not yet"),
    )
    said = [f"Said on {day(milestone.claimed_on)}"] if milestone.claimed_on else []
    return Card(
        words,
        (
            Title(named(milestone)[:TITLE_MAX]),
            Note(" · ".join([*said, title_of(each.initiative)])),
            Paragraph((words,)),
            *([Paragraph((Bold("Evidence: "), milestone.evidence))] if milestone.evidence else []),
            Buttons(presses),
        ),
    )


# --- a pushed date


def push(each: Seen, on: date, because: Milestone | None) -> Card:
    """To the owner of what waits for something late."""
    milestone = each.milestone
    if milestone.state is not State.PLANNED or milestone.proposed_on != on:
        return _settled(milestone, f"{named(milestone)} was proposed for {day(on)}")
    takes = f", and takes {count(milestone.duration_days, 'day')} from then on" if milestone.duration_days else ""
    why = f": it waits for {named(because)}, now {day(end_on(because))}{takes}" if because else ""
    late = slip_days(milestone)
    slip = f", {days_late(late)} against its baseline" if late is not None else ""
    ids = read_ids(milestone)
    words = f"{named(milestone)} can't be reached on {day(milestone.forecast_on)} any more; {day(on)} is proposed."
    presses = (
        Button("Take it over", "milestone.take", ids, primary=True, spoken=f"Take {day(on)} over"),
        Button("Keep mine", "milestone.keep_form", ids, opens_form=True, spoken="Keep my date, with a reason"),
    )
    return Card(
        words,
        (
            Title(named(milestone)[:TITLE_MAX]),
            Note(title_of(each.initiative)),
            Paragraph((f"It can't be reached on {day(milestone.forecast_on)} any more{why}.",)),
            Paragraph(("Proposed: ", Bold(day(on)), f"{slip}.")),
            Buttons(presses),
        ),
    )


def newer(card: Card, milestone: Milestone) -> Card:
    """E-20 for a press on an older card: what it said is not so any more, and what is."""
    words = f"{milestone.code} has changed since that card was shown, so nothing was done. This is how it is now:"
    return Card(f"{words} {card.summary}", (Paragraph((words,)), *card.elements))


# --- news

_DEEDS = {
    "move": "moved {what} to {after}",
    "take": "took the date {after} over for {what}",
    "keep": "keeps the date {after} for {what}",
    "done": "says that {what} is done",
    "accept": "accepted {what}: it is achieved",
    "reject": "looked at {what}: not yet",
    "waive": "waived {what}",
    "cancel": "cancelled {what}",
    "rebaseline": "moved the baseline of {what} to {after}",
    "after": "made {what} wait for {after}",
    "assign": "gave {what} to {after}",
    "add": "gave you {what}",
    "on_track": "says that {what} is on track",
}


def deed(verb: str, what: str, after: str, reason: str) -> str:
    """`moved M-31 Script live to Fri 8 Jan 2027: supplier late`."""
    if verb == "propose":
        so = f"{_date_words(after)} is proposed for {what}" if after else f"{what} keeps its date"
        if reason:
            return f"moved {reason}, so {so}."
        return f"changed {what}, so {_date_words(after)} is proposed for it." if after else f"made room, so {so}."
    words = _DEEDS.get(verb, "changed {what}").replace("{what}", what).replace("{after}", _date_words(after))
    return f"{words}: {reason}" if reason else f"{words}."


def _date_words(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


YOU = "you"
"""The new owner of a milestone, to themselves."""


def news(each: Seen, name: str, verb: str, *, after: str, reason: str, today: date) -> Card:
    """To the owner: what somebody else did."""
    words = f"{name} {deed(verb, named(each.milestone), after, reason)}"
    elements: Sequence[Element] = (
        Paragraph((words,)),
        Paragraph(detail(each, today)),
        Note(title_of(each.initiative)),
    )
    return Card(words, tuple(elements))


# --- what can be done with one

_PRESSES = {
    "take": ("Take it over", "milestone.take", False),
    "keep": ("Keep mine", "milestone.keep_form", True),
    "accept": ("Accept", "milestone.accept", False),
    "reject": ("Not yet", "milestone.reject_form", True),
    "done": ("Done", "milestone.claim_form", True),
    "move": ("New date", "milestone.move_form", True),
}
_PRESSES_MOST = 4
_READ = ("take", "keep", "accept", "reject")


def presses(milestone: Milestone, verbs: Sequence[str]) -> tuple[Button, ...]:
    """Buttons for what somebody may do, the likeliest first."""
    found = [
        Button(
            text,
            press,
            read_ids(milestone) if verb in _READ else _ids(milestone),
            opens_form=opens_form,
            spoken=f"{text}: {milestone.code}",
        )
        for verb, (text, press, opens_form) in _PRESSES.items()
        if verb in verbs
    ]
    return tuple(found[:_PRESSES_MOST])
