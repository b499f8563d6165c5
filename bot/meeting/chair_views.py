"""The words that the one who chairs a meeting sees, and who keeps its record: only they. Source: design card 09."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda.line_views import EXCEPTIONS
from bot.agenda.rules import Entry, Section
from bot.agenda.rules import Line as Told
from bot.agenda.titles import SHORT_TITLES
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold
from bot.chat.words import clock_in, count, listing
from bot.meeting import rules, views
from bot.meeting.rules import Clock
from bot.meeting.views import Scene, quorum_line, section_words
from storage.agenda import AgendaItem
from storage.meetings import OVER, RUNNING, CouncilMeeting

WORTH_SHOWN = 6
NOT_HEARD_SHOWN = 5
IN_A_ROW = 4  # buttons; more of them are cut off on a phone
ONLY_YOU = "Only you see this."
TIMES = {1: "once", 2: "twice"}
_STILL_OPEN = (AgendaItem.State.PUBLISHED, AgendaItem.State.IN_DISCUSSION)
_BECAME = {AgendaItem.State.DEFERRED: "put off", AgendaItem.State.ACTIONED: "made an action"}
State = CouncilMeeting.State


def chair(scene: Scene) -> Card:
    """What the chair needs now, and nothing else."""
    return _card(scene, _chair_buttons(scene), hints=True)


def secretary(scene: Scene) -> Card:
    """The same for who keeps the record, with what is recorded."""
    return _card(scene, _secretary_buttons(scene), hints=False)


def _card(scene: Scene, buttons: Sequence[Button], *, hints: bool) -> Card:
    state = scene.meeting.state
    if state not in RUNNING:
        return finished(scene) if state in OVER else views.called_off(scene)
    time_words = _time(scene)
    following = _next(scene)
    return Card(
        f"Item {section_words(scene.meeting.section or 1)}: {''.join(time_words)} {following}".strip(),
        (
            Title(section_words(scene.meeting.section or 1)),
            Paragraph((Bold(time_words[0]), time_words[1])),
            *_current(scene),
            *_worth(scene),
            Note(" · ".join([quorum_line(scene.quorum), *(_not_heard(scene) if hints else [])])),
            *(Buttons(tuple(row)) for row in (buttons[:IN_A_ROW], buttons[IN_A_ROW:]) if row),
            Note(f"{following} {ONLY_YOU}".strip()),
        ),
    )


# --- the clock


def _time(scene: Scene) -> tuple[str, str]:
    """What stands out of it, and how the meeting keeps its time."""
    if scene.meeting.state is State.IN_RECESS:
        return "In recess.", " The clock stands still until you resume."
    if scene.meeting.recorded_at is not None:
        return "Recorded afterwards.", " No clock runs; mark who was there before you record what was decided."
    clock = scene.clock
    if clock is None:
        return "No time was planned for it.", f" {_pace(scene)}"
    return clock_words(clock, scene.now, scene.zone), f" {_pace(scene)}"


def clock_words(clock: Clock, now: datetime, zone: ZoneInfo) -> str:
    """`4 minutes left, until 10:45`, as a sentence."""
    if clock.is_up(now):
        return f"Time for {clock.section} is up since {clock_in(clock.up_at, zone)}."
    return f"{count(clock.minutes_left(now), 'minute')} left, until {clock_in(clock.up_at, zone)}."


def _pace(scene: Scene) -> str:
    current = scene.meeting.section or 1
    to_come = rules.still_to_come(scene.sections, scene.times, scene.stops, current=current, now=scene.now)
    late = rules.late_by(scene.meeting.ends_at, scene.now, to_come)
    if not late:
        return "The meeting is on time."
    return f"As planned it ends {count(late, 'minute')} late, at {clock_in(scene.now + to_come, scene.zone)}."


def warning(clock: Clock, now: datetime, zone: ZoneInfo) -> str:
    """What the chair alone hears when a section's time is nearly up, and when it is."""
    if clock.is_up(now):
        return f"Time for {section_words(clock.section)} is up."
    left = count(clock.minutes_left(now), "minute")
    return f"{left} left on {section_words(clock.section)}, until {clock_in(clock.up_at, zone)}."


def clock_card(scene: Scene, clock: Clock) -> Card:
    """The in-meeting clock. Source: domain.md 3.4."""
    words = warning(clock, scene.now, scene.zone)
    buttons = (extend(scene), decide(scene), defer(scene)) if clock.is_up(scene.now) else (extend(scene), go_on(scene))
    return Card(words, (Paragraph((words,)), Buttons(buttons)))


def clock_settled(number: int) -> Card:
    """The same when the meeting has gone on, or the section has more time."""
    words = f"The clock for {section_words(number)} has moved on."
    return Card(words, (Paragraph((words,)),))


# --- what is worth the time


def _current(scene: Scene) -> list[Element]:
    item = scene.item
    if item is None:
        return []
    is_settled = item.state not in _STILL_OPEN
    facts = [_BECAME.get(item.state, item.state.value)] if is_settled else [f"for {item.purpose.value}"]
    facts += [f"put off {TIMES.get(item.deferrals, f'{item.deferrals} times')} already"] if item.deferrals else []
    took = rules.in_minutes(rules.spent(scene.times, scene.now, section=item.section, item_id=item.id))
    facts.append(f"{took} of {count(item.minutes, 'minute')}")
    lines = [Line((Bold(views.item_words(scene, item)),), (" · ".join(facts),))]
    is_open = not (item.internal and scene.for_outsiders)
    both = (("One view", item.one_view), ("The other", item.other_view)) if is_open else ()
    lines += [Line((each,), (label,)) for label, each in both if each]
    return [Group("Now", tuple(lines))]


def _worth(scene: Scene) -> list[Element]:
    section = None if scene.agenda is None or not scene.meeting.section else scene.agenda.section(scene.meeting.section)
    if section is None:
        return []
    lines = [*_quotes(section), *_items(section, scene.item), *_lines(section)]
    if section.missing:
        lines.append(Line((f"Not received: {listing(section.missing)}",)))
    if not lines:
        return []
    shown = lines[:WORTH_SHOWN]
    shown += [Line((f"+{len(lines) - WORTH_SHOWN} more",))] if len(lines) > WORTH_SHOWN else []
    return [Group("Worth the time", tuple(shown))]


def _quotes(section: Section) -> list[Line]:
    return [Line((f"In the customer's words: “{each.text}”",), (each.source,)) for each in section.quotes[:1]]


def _items(section: Section, current: AgendaItem | None) -> list[Line]:
    """Reports that tell nothing out of the way share one line, so that people talk about the rest. Source: S2-34."""
    here = current.id if current is not None else 0
    wanted = [each for each in section.items if _is_wanted(each) and not (each.id and each.id == here)]
    lines = [line for each in wanted for line in _entry(each)]
    quiet = [_department(each) for each in wanted if each.kind is AgendaItem.Kind.REPORT and not _exceptions(each)]
    return [*lines, *([Line((f"As expected: {listing(quiet)}",))] if quiet else [])]


def _is_wanted(entry: Entry) -> bool:
    """Reports, and what is still to be talked about; apologies are in the quorum's line."""
    if entry.kind is AgendaItem.Kind.APOLOGIES:
        return False
    return entry.kind is AgendaItem.Kind.REPORT or entry.state in _STILL_OPEN


def _entry(entry: Entry) -> list[Line]:
    if entry.kind is AgendaItem.Kind.REPORT:
        return [
            Line((each.text,), (" · ".join([entry.number, *_some(entry.owner), *_some(each.detail)]),))
            for each in _exceptions(entry)
        ]
    facts = "by consent" if entry.consent else f"for {entry.purpose.value}"
    return [Line((entry.title or views.INTERNAL,), (" · ".join([entry.number, *_some(entry.owner), facts]),))]


def _exceptions(entry: Entry) -> list[Told]:
    """What is not as it should be, and whose help is wanted."""
    asks = f"{_department(entry)} asks"
    return [each for each in entry.lines if each.detail in EXCEPTIONS or each.text.startswith(asks)]


def _department(entry: Entry) -> str:
    return entry.department or entry.title


def _some(text: str) -> list[str]:
    return [text] if text else []


def _lines(section: Section) -> list[Line]:
    return [
        Line((each.text,), (" · ".join([*_some(each.code), *_some(each.detail)]),) if each.code or each.detail else ())
        for each in section.lines
    ]


def _not_heard(scene: Scene) -> list[str]:
    """Who is at the table and has not been ticked off by the chair. Source: domain.md S2-34."""
    silent = [each.called for each in scene.there if not each.attendance.was_heard]
    if not silent or len(silent) == len(scene.there):
        return []
    shown = silent[:NOT_HEARD_SHOWN]
    more = f" and {len(silent) - NOT_HEARD_SHOWN} more" if len(silent) > NOT_HEARD_SHOWN else ""
    return [f"not heard yet: {', '.join(shown)}{more}"]


def _next(scene: Scene) -> str:
    found = rules.following(scene.stops, scene.at)
    if found is None:
        return "It is the last one."
    if found.section == scene.meeting.section:
        item = next((each for each in scene.items if each.id == found.item_id), None)
        return f"Next: {views.item_words(scene, item)}." if item is not None else ""
    planned = next((each for each in scene.sections if each.section == found.section), None)
    time = f", {rules.in_minutes(rules.budget(planned))} min" if planned is not None and planned.minutes else ""
    return f"Next: {section_words(found.section)}{time}{_left_out(scene, found.section)}."


def _left_out(scene: Scene, following: int) -> str:
    empty = [str(number) for number in range((scene.meeting.section or 0) + 1, following)]
    return f" (nothing submitted for {listing(empty)})" if empty else ""


# --- buttons


def go_on(scene: Scene) -> Button:
    """**Next item**, for the section that this card is about."""
    return Button("Next item", "meeting.next", scene.place, primary=True)


def extend(scene: Scene) -> Button:
    """**+5 minutes**; it carries until when the section goes on, so that two presses of one card are one."""
    spoken = f"{rules.EXTENDS_MIN} minutes more for {SHORT_TITLES[scene.meeting.section or 1]}"
    until = {} if scene.clock is None else {"until": rules.as_id(scene.clock.up_at)}
    return Button(f"+{rules.EXTENDS_MIN} minutes", "meeting.extend", scene.place | until, spoken=spoken)


def decide(scene: Scene) -> Button:
    """**Decide**: the form of a decision."""
    ids = scene.ids | ({"item": str(scene.meeting.item_id)} if scene.meeting.item_id else {})
    return Button("Decide", "decision.form", ids, opens_form=True, spoken="Record a decision")


def defer(scene: Scene) -> Button:
    """**Defer**."""
    return Button("Defer", "meeting.defer", scene.place, opens_form=True, spoken="Put an item off")


def _chair_buttons(scene: Scene) -> tuple[Button, ...]:
    more = Button("More", "meeting.more", scene.ids, spoken="More that the chair can do")
    if scene.meeting.state is State.IN_RECESS:
        return (Button("Resume", "meeting.resume", scene.ids, primary=True), more)
    is_last = rules.following(scene.stops, scene.at) is None
    on = Button("End the meeting", "meeting.end", scene.ids, primary=True) if is_last else go_on(scene)
    longer = () if scene.meeting.recorded_at is not None else (extend(scene),)
    return (on, *longer, decide(scene), defer(scene), more, *_back(scene))


def _secretary_buttons(scene: Scene) -> tuple[Button, ...]:
    return (
        Button("Who is here", "meeting.table", scene.ids, opens_form=True, primary=True),
        decide(scene),
        Button("Settle an item", "meeting.settle", scene.place, opens_form=True),
        Button("More", "meeting.more", scene.ids, spoken="More that the secretary can do"),
        *_back(scene),
    )


def _back(scene: Scene) -> tuple[Button, ...]:
    """**Undo** of the step with which its reader has just taken the meeting on."""
    if scene.back is None or scene.meeting.state is not State.IN_SESSION:
        return ()
    before, event = scene.back
    return (Button(f"Undo: back to {before}", "undo", {"event": str(event)}),)


def more(scene: Scene) -> Card:
    """What is needed now and then."""
    is_on = scene.meeting.state is State.IN_SESSION
    words = "What else would you like to do?"
    pause = Button("Recess", "meeting.recess", scene.ids) if is_on else Button("Resume", "meeting.resume", scene.ids)
    has_clock = scene.meeting.recorded_at is None or not is_on
    return Card(
        words,
        (
            Paragraph((words,)),
            Buttons(
                (
                    Button("Go to an item", "meeting.goto", scene.ids, opens_form=True),
                    Button("Settle an item", "meeting.settle", scene.place, opens_form=True),
                    Button("Who has spoken", "meeting.heard", scene.ids, opens_form=True),
                )
            ),
            Buttons(
                (
                    Button("Who is here", "meeting.table", scene.ids, opens_form=True),
                    *((pause,) if has_clock else ()),
                    Button("End the meeting", "meeting.end", scene.ids),
                )
            ),
        ),
    )


def before(scene: Scene) -> Card:
    """At the time of the meeting, while nobody has started it."""
    there = f" {count(len(scene.there), 'seat')} taken so far." if scene.there else ""
    words = f"{views.meeting_name(scene.council.name, scene.meeting.starts_at, scene.zone)} can begin.{there}"
    start = Button("Start the meeting", "meeting.start", scene.ids, primary=True)
    table = Button("Who is here", "meeting.table", scene.ids, opens_form=True)
    return Card(words, (Title(views.title(scene)), Paragraph((words,)), Buttons((start, table)), Note(ONLY_YOU)))


def finished(scene: Scene) -> Card:
    """The card when the meeting is over."""
    ended = f"The meeting ended at {clock_in(scene.meeting.adjourned_at or scene.now, scene.zone)}."
    told = views.what_follows(scene)
    return Card(f"{ended} {told}".strip(), (Title(views.title(scene)), Paragraph((Bold(ended), f" {told}"))))


def not_yours(scene: Scene) -> Card:
    """For who chaired it, or kept its record, and no longer does."""
    words = f"{scene.chair or 'Nobody'} chairs this meeting now, {scene.secretary or 'nobody'} keeps its record."
    return Card(words, (Title(views.title(scene)), Paragraph((words,))))
