"""What somebody reads who has just done something to a milestone, or could not."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Card, Group, Line, Paragraph
from bot.chat.spans import Bold, Text
from bot.chat.words import count, day, listing, moment, small, typed
from bot.milestones.rules import State
from bot.milestones.views import days_late, named, rebaselined
from bot.work.slip import end_on, slip_days
from storage.initiatives import Initiative, Milestone, MilestoneAsk, Phase


def stands(milestone: Milestone) -> str:
    """How it is now, in a sentence."""
    if milestone.state is State.PLANNED:
        late = slip_days(milestone)
        slip = f", {days_late(late)}" if late is not None else ""
        return f"it is planned for {day(milestone.forecast_on)}{slip}."
    if milestone.state is State.CLAIMED:
        return "it is said to be done, and waits to be accepted."
    on = f" on {day(milestone.actual_on)}" if milestone.actual_on else ""
    return f"it is {milestone.state.value}{on}."


def _said(first: Text, *more: str, pushed: Sequence[Milestone] = ()) -> Card:
    """A sentence, more of them, and the milestones that are pushed."""
    sentence = "".join(each if isinstance(each, str) else getattr(each, "text", "") for each in first)
    elements = [Paragraph(first), *(Paragraph((each,)) for each in more)]
    lines = tuple(push_line(each) for each in pushed)
    group = (Group("This moves", lines),) if lines else ()
    return Card(" ".join([sentence, *more]), (*elements, *group))


def push_line(milestone: Milestone) -> Line:
    """`40 desks trained  M-32`, `proposed for Tue 19 Jan 2027, 4 days late`."""
    late = slip_days(milestone)
    slip = f", {days_late(late)}" if late is not None else ""
    on = day(end_on(milestone))
    return Line((Bold(milestone.title), f"  {milestone.code}"), (f"proposed for {on}{slip}",))


def _told(pushed: Sequence[Milestone], owners: Sequence[str]) -> list[str]:
    if not pushed:
        return []
    who = f"{listing(owners)} {'decides' if len(owners) == 1 else 'decide'}" if owners else "Their owners decide"
    return [f"{who} whether the new dates are taken over."]


def added(
    milestone: Milestone, initiative: Initiative, owner: str, *, notes: Sequence[str], pushed: Sequence[Milestone]
) -> Card:
    """A new one."""
    what = f" is in {initiative.code}: {milestone.title}, {owner}, {day(milestone.forecast_on)}."
    agreed = (
        "That date is its baseline."
        if milestone.baseline_on
        else "Its date becomes the baseline when the charter is approved."
    )
    return _said((Bold(milestone.code), what), agreed, *notes, pushed=pushed)


def moved(
    milestone: Milestone, was: date, *, notes: Sequence[str], pushed: Sequence[Milestone], owners: Sequence[str]
) -> Card:
    """Another forecast: the slip, and what it pushes."""
    late = slip_days(milestone)
    slip = f", {days_late(late)}" if late is not None and milestone.proposed_on is None else ""
    baseline = milestone.baseline_on
    against = f" Baseline: {day(baseline)}." if baseline not in {None, was} and baseline is not None else ""
    first = f" is now expected on {day(milestone.forecast_on)}{slip}. Before: {day(was)}.{against}"
    return _said((Bold(named(milestone)), first), *notes, *_told(pushed, owners), pushed=pushed)


def still_waits(milestone: Milestone, because: Milestone) -> str:
    """A forecast that is earlier than what it waits for allows."""
    takes = f", and takes {count(milestone.duration_days, 'day')} from then on" if milestone.duration_days else ""
    late = slip_days(milestone)
    slip = f", {days_late(late)}" if late is not None else ""
    then = f"{day(end_on(milestone))} is proposed{slip}"
    return f"It can't be reached then: it waits for {named(because)}, now {day(end_on(because))}{takes}. {then}."


def taken(milestone: Milestone, *, pushed: Sequence[Milestone], owners: Sequence[str]) -> Card:
    """A proposed date became the forecast."""
    late = slip_days(milestone)
    slip = f", {days_late(late)}" if late is not None else ""
    first = f" is now expected on {day(milestone.forecast_on)}{slip}."
    return _said((Bold(named(milestone)), first), *_told(pushed, owners), pushed=pushed)


def kept(milestone: Milestone, reason: str, *, pushed: Sequence[Milestone], owners: Sequence[str]) -> Card:
    """The owner sees a way."""
    first = f" stays on {day(milestone.forecast_on)}: {reason}"
    return _said((Bold(named(milestone)), first), *_told(pushed, owners), pushed=pushed)


def claimed(milestone: Milestone, checker: str) -> Card:
    """Somebody else says whether it is."""
    whom = f"{checker} is asked to accept it." if checker else "Nobody else belongs to it: ask an administrator."
    return _said((Bold(named(milestone)), " is noted as done. ", whom), "Until then it counts as open.")


def accepted(milestone: Milestone, owner: str) -> Card:
    """It is achieved."""
    on = day(milestone.actual_on) if milestone.actual_on else ""
    whom = f"{owner} hears of it." if owner else ""
    return _said((Bold(named(milestone)), f" is achieved on {on}. Thank you. {whom}".rstrip()))


def rejected(milestone: Milestone, owner: str) -> Card:
    """Not yet."""
    return _said((Bold(named(milestone)), f" is planned again. {owner or 'Its owner'} reads why."))


def waived(milestone: Milestone) -> Card:
    """It is not needed any more."""
    return _said((Bold(named(milestone)), f" is waived: {milestone.reason}"))


def cancelled(milestone: Milestone) -> Card:
    """It is off."""
    return _said((Bold(named(milestone)), f" is cancelled: {milestone.reason}"))


def baseline_moved(milestone: Milestone, was: date) -> Card:
    """The one way in which a baseline changes."""
    on = day(milestone.baseline_on) if milestone.baseline_on else ""
    late = slip_days(milestone)
    slip = f" It is {days_late(late)}." if late is not None else ""
    times = rebaselined(milestone)
    first = f" has the baseline {on}, before {day(was)}.{slip}"
    return _said((Bold(named(milestone)), first), f"{times[0].upper()}{times[1:]}; that stays on every list.")


def waits(after: Milestone, before: Milestone, lag: int, *, pushed: Sequence[Milestone], owners: Sequence[str]) -> Card:
    """A dependency."""
    more = f", and {count(lag, 'day')} more" if lag else ""
    first = (Bold(named(after)), f" waits for {named(before)}{more}.")
    return _said(first, *_told(pushed, owners), pushed=pushed)


def phase_closed(initiative: Initiative, phase: Phase) -> Card:
    """A phase is over."""
    return _said((Bold(f"{initiative.code} {phase.name}"), " is closed. Every milestone of it is settled."))


def asked(sent: Sequence[tuple[str, Sequence[Milestone]]], *, notes: Sequence[str]) -> Card:
    """Who was asked for what."""
    number = sum(len(milestones) for _, milestones in sent)
    lines = tuple(
        Line((Bold(owner or ""), f"  {listing([each.code for each in milestones])}")) for owner, milestones in sent
    )
    if not number:
        return Card(
            " ".join(notes) or nobody_to_ask(), tuple(Paragraph((each,)) for each in notes or [nobody_to_ask()])
        )
    first = f"I asked about {small(number)} {'milestone' if number == 1 else 'milestones'}. Each answer comes to you."
    return Card(
        " ".join([first, *notes]),
        (Paragraph((first,)), Group("Asked", lines), *(Paragraph((each,)) for each in notes)),
    )


def nobody_to_ask() -> str:
    """Nothing open, or all of it one's own."""
    return "There is nobody to ask: no open milestone here belongs to somebody else."


def shared(place: str) -> Card:
    """It stands in the room."""
    return _said((f"Shared in {place}. Everybody there sees it.",))


def your_own(milestone: Milestone) -> str:
    """Asking oneself."""
    return f"{named(milestone)} is yours, so there is nobody to ask."


def no_initiative() -> str:
    """Nothing that somebody could add to."""
    return "You own or sponsor no initiative, so there is none to add a milestone to. Nothing was changed."


# --- what to ask, who is away


def asked_before(owner: str, codes: Sequence[str]) -> str:
    """No second question while the first waits."""
    return f"You asked {owner} about {listing(codes)} before; that question still waits."


def not_all(owner: str, number: int) -> str:
    """More than can be asked at once."""
    return f"{owner} has {count(number, 'more open milestone', 'more open milestones')}; I asked about the next ones."


def is_away(owner: str, until: date | None) -> str:
    """An answer takes longer."""
    when = f"until {day(until)}" if until else "for now"
    return f"{owner} is away {when}, so an answer may take that long."


def unreachable(owner: str) -> str:
    """Somebody without a chat."""
    return f"{owner} has no chat that I can reach, so I could not ask."


def has_no_owner(milestone: Milestone) -> str:
    """Nobody to ask."""
    return f"{named(milestone)} has no owner yet, so there is nobody to ask."


def answered_before(milestone: Milestone, ask: MilestoneAsk, zone: ZoneInfo) -> str:
    """A press on a question that is answered."""
    when = f" on {moment(ask.answered_at, zone)}" if ask.answered_at else ""
    said = {None: "", MilestoneAsk.Answer.ON_TRACK: "on track", MilestoneAsk.Answer.LATE: "late",
            MilestoneAsk.Answer.DONE: "done"}[ask.answer]  # fmt: skip
    ways = f"{typed('milestones move')} and {typed('milestones done')} still work."
    return f"This was answered{when}: {said}. Thank you. Nothing was changed. For {milestone.code}, {ways}"


def answer_sent(milestone: Milestone, asker: str) -> Card:
    """On track."""
    words = f"Thank you. {asker} hears that {named(milestone)} is on track for {day(milestone.forecast_on)}."
    return Card(words, (Paragraph((words,)),))


# --- what can't be done


def same_date(milestone: Milestone) -> str:
    """A move that moves nothing."""
    return f"{named(milestone)} is expected on {day(milestone.forecast_on)} already. Nothing was changed."


def in_the_past(on: date) -> str:
    """A forecast looks ahead."""
    return f"{day(on)} is over, so it can't be expected then. Please choose a day from today on. Nothing was changed."


def nothing_proposed(milestone: Milestone) -> str:
    """Take or keep where nothing pushes."""
    stays = f"it stays on {day(milestone.forecast_on)}"
    return f"No other date is proposed for {named(milestone)}: {stays}. Nothing was changed."


def waits_for(because: Milestone) -> str:
    """The reason of a date that was taken over."""
    return f"waits for {because.code}"


def needs_reason(milestone: Milestone, on: date) -> str:
    """A baseline is not moved without a word why."""
    line = typed(f'milestones rebaseline {milestone.code} {on} reason:"agreed with the sponsor"')
    return f"Please add why, so that everybody knows later. For example: {line}. Nothing was changed."


def same_baseline(milestone: Milestone) -> str:
    """A baseline that would not change."""
    on = day(milestone.baseline_on) if milestone.baseline_on else ""
    return f"{named(milestone)} has the baseline {on} already. Nothing was changed."


def no_baseline(milestone: Milestone) -> str:
    """Before the charter."""
    return f"{milestone.code} has no baseline yet: it is set when the charter is approved. Nothing was changed."


def circle(path: Sequence[Milestone]) -> str:
    """A dependency that would never begin."""
    if len(path) == 1:
        return f"{path[0].code} can't wait for itself. Nothing was changed."
    way = " → ".join(each.code for each in [*path, path[0]])
    return f"That would go round in a circle, and nothing could begin: {way}. Nothing was changed."


def waits_already(after: Milestone, before: Milestone) -> str:
    """A dependency that is there."""
    return f"{after.code} waits for {before.code} already. Nothing was changed."


def waits_not(after: Milestone, before: Milestone) -> str:
    """A dependency that is not there."""
    return f"{after.code} does not wait for {before.code}. Nothing was changed."


def waits_no_more(after: Milestone, before: Milestone, *, pushed: Sequence[Milestone], owners: Sequence[str]) -> Card:
    """A dependency that was taken away."""
    first = (Bold(named(after)), f" does not wait for {named(before)} any more.")
    return _said(first, *_told(pushed, owners), pushed=pushed)


def assigned(milestone: Milestone, owner: str, *, notes: Sequence[str]) -> Card:
    """It has another owner."""
    return _said((Bold(named(milestone)), f" is {owner}'s now, for {day(end_on(milestone))}."), *notes)


def owner_already(milestone: Milestone, owner: str) -> str:
    """An owner that it has already."""
    return f"{named(milestone)} is {owner}'s already. Nothing was changed."


def whose(milestone: Milestone) -> str:
    """`/milestones assign` without a name."""
    line = typed(f"milestones assign {milestone.code} @Ann")
    return f"Who shall have {milestone.code}? For example: {line}. Nothing was changed."


def owner_left(owner: str, codes: Sequence[str], lead: str = "") -> str:
    """The owner is not here any more: `lead` was asked instead, or nobody."""
    line = typed(f"milestones assign {codes[0]} @Ann")
    who = f"I asked {lead}" if lead else "nobody was asked"
    return f"{owner} is not here any more, so {who} about {listing(codes)}. Give it to somebody: {line}."


def two_codes() -> str:
    """`/milestones after` needs both."""
    return (
        f"Which one waits for which? For example: {typed('milestones after M-32 M-31 lag:2')} makes M-32 wait for M-31."
    )


def open_in_phase(phase: str, milestones: Sequence[Milestone]) -> str:
    """E-15."""
    number = count(len(milestones), "open milestone")
    return f"Phase '{phase}' still has {number}: {listing([named(each) for each in milestones])}. Nothing was changed."


def phase_over(phase: str) -> str:
    """E-05."""
    return f"Phase '{phase}' is closed already. Nothing was changed."


def no_phase(name: str, initiative: Initiative, known: Sequence[str]) -> str:
    """E-04 for a phase."""
    some = f"{initiative.code} has {listing(known)}." if known else f"{initiative.code} has no phases yet."
    return f"I can't find the phase '{name}'. {some} Nothing was changed."


def how_to_close() -> str:
    """A phase without a name, or without `close`."""
    return f'Which phase, and what of it? For example: {typed("milestones phase")} I-4 "Build" close'


def initiative_over(initiative: Initiative) -> str:
    """E-05 for a new milestone."""
    return f"{initiative.code} is {initiative.state.value}, so it gets no milestone any more. Nothing was changed."


def not_days(text: str) -> str:
    """A number of days that is none."""
    return f"I can't read '{text}' as a number of days. Write it as 30d. Nothing was changed."


def no_team(name: str) -> str:
    """E-04 for a team."""
    return f"I can't find the team '{name}'. Nothing was changed."


def only_leads() -> str:
    """E-03 for a question."""
    who = "leads, sponsors, executives and the council's chair and secretary"
    return f"Only {who} can ask for an update. Nothing was changed."


def whom_to_ask() -> str:
    """A question without a target."""
    return f"Whom shall I ask? For example: {typed('milestones ask')} I-4, @Ann or M-31."


def only_in_room() -> str:
    """Share in a direct message."""
    line = typed("milestones I-4 share")
    return f"Only you and I are here. In the channel or group chat that should see it, write {line}."


def not_working(on: date) -> str:
    """A date on a day off is kept, with a note."""
    return f"{day(on)} is not a working day for its owner; the date is kept."


def closed_question(milestone: Milestone, now: str) -> str:
    """A press on a question about something that is settled."""
    return f"{named(milestone)}: {now} Thank you, there is nothing left to answer."


def not_for_you(owner: str) -> str:
    """Somebody else's question."""
    return f"That question is for {owner}. Nothing was changed."


def at_time(at: datetime, zone: ZoneInfo) -> str:
    """`Mon 7 Dec 2026, 09:12`."""
    return moment(at, zone)
