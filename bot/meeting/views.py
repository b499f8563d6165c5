"""The words of a running meeting that everybody reads: the card in its rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda.rules import Agenda
from bot.agenda.titles import SHORT_TITLES
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold, Text
from bot.chat.words import clock_in, count, day, listing, typed
from bot.council.rules import Quorum
from bot.council.views import CUSTOMER_SEAT, nobody_chairs
from bot.meeting import rules
from bot.meeting.rules import Clock, Stop
from storage.agenda import AgendaItem, AgendaSection
from storage.councils import Council
from storage.decisions import Decision
from storage.meetings import OVER, RUNNING, AgendaTime, Attendance, CouncilMeeting

TITLE_LONGEST = 45  # characters
DECISIONS_SHOWN = 4
ABSENCES = "Apologies"
INTERNAL = "Internal"
State = CouncilMeeting.State


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody at the table: on whose seat, and whether they count for the quorum."""

    name: str
    seat: str
    attendance: Attendance
    counts: bool
    sits_in_for: str = ""
    """Who holds the seat, where that is somebody else."""

    @property
    def words(self) -> str:
        """`Ida for Ivo`."""
        return f"{self.name} for {self.sits_in_for}" if self.sits_in_for else self.name

    @property
    def called(self) -> str:
        """By the department for which they speak; the customer by their name."""
        return self.words if self.seat in {"", CUSTOMER_SEAT} else self.seat


@dataclass(frozen=True, slots=True)
class Scene:
    """A meeting at a moment, with everything that its cards say of it."""

    meeting: CouncilMeeting
    council: Council
    zone: ZoneInfo
    now: datetime
    quorum: Quorum
    sections: Sequence[AgendaSection] = ()
    items: Sequence[AgendaItem] = ()
    times: Sequence[AgendaTime] = ()
    stops: Sequence[Stop] = ()
    there: Sequence[Seated] = ()
    apologies: Sequence[str] = ()
    quorum_since: datetime | None = None
    chair: str = ""
    secretary: str = ""
    decisions: Sequence[Decision] = ()
    agenda: Agenda | None = None
    next_at: datetime | None = None
    """When the council meets next."""
    can_be_started: bool = True
    """Whether there is anybody who may."""
    for_outsiders: bool = True
    """Whether people from outside the organisation may be among its readers, as in a room."""
    back: tuple[str, int] | None = None
    """Where it was before its reader took it on, and the event that did; None where there is nothing to take back."""

    @property
    def section(self) -> AgendaSection | None:
        """The section under discussion."""
        return next((each for each in self.sections if each.section == self.meeting.section), None)

    @property
    def item(self) -> AgendaItem | None:
        """The item that was called up."""
        return next((each for each in self.items if each.id == self.meeting.item_id), None)

    @property
    def at(self) -> Stop:
        """Where the meeting is."""
        item = self.item
        return Stop(self.meeting.section or 0, item.seq if item else 0, item.id if item else None)

    @property
    def clock(self) -> Clock | None:
        """The clock of the section under discussion."""
        return None if self.section is None else rules.clock_of(self.section, self.times)

    @property
    def ids(self) -> dict[str, str]:
        """What buttons of the meeting carry."""
        return {"meeting": str(self.meeting.id)}

    @property
    def place(self) -> dict[str, str]:
        """The same with where the meeting is, so that a press cannot be taken for another section."""
        return self.ids | {"section": str(self.meeting.section or 0), "item": str(self.meeting.item_id or 0)}


# --- what both cards say


def meeting_name(council: str, starts_at: datetime, zone: ZoneInfo) -> str:
    """`CX Council of Thu 3 Dec 2026`."""
    return f"{council} of {day(starts_at.astimezone(zone).date())}"


def title(scene: Scene) -> str:
    """`CX Council · Thu 3 Dec 2026`, in as much room as a title has."""
    on = f" · {day(scene.meeting.starts_at.astimezone(scene.zone).date())}"
    name = scene.council.name
    return (name if len(name) + len(on) <= TITLE_LONGEST else f"{name[: TITLE_LONGEST - len(on) - 1]}…") + on


def section_words(number: int) -> str:
    """`3 Reports from the departments`."""
    return f"{number} {SHORT_TITLES[number]}"


def number_words(item: AgendaItem) -> str:
    """`7.2`."""
    return f"{item.section}.{item.seq}"


def item_called(item: AgendaItem, *, is_veiled: bool) -> str:
    """`7.2 Christmas hours`, or the number alone."""
    return f"{number_words(item)} {INTERNAL if is_veiled else item.title}"


def item_words(scene: Scene, item: AgendaItem) -> str:
    """`7.2 Christmas hours`; where outsiders may read, of an internal item the number alone. Source: S2-10."""
    return item_called(item, is_veiled=item.internal and scene.for_outsiders)


def quorum_words(quorum: Quorum) -> tuple[str, str]:
    """What stands out of it, and the figures."""
    figures = f" {quorum.present} of {quorum.filled} present, {quorum.needed} needed"
    return ("Quorate:" if quorum.is_met else "Not quorate:"), figures


def quorum_line(quorum: Quorum) -> str:
    """`Quorate: 7 of 8 present, 5 needed`."""
    return "".join(quorum_words(quorum))


def stop_words(scene: Scene, stop: Stop) -> str:
    """What a stop is called in a list."""
    item = next((each for each in scene.items if each.id == stop.item_id), None)
    return section_words(stop.section) if item is None else item_words(scene, item)


def on_status(meeting: CouncilMeeting, item: AgendaItem | None, *, for_outsider: bool) -> tuple[str, Text]:
    """A line of a council's status: `Now`, `5 Current initiatives, 5.2 Second visits`."""
    where = section_words(meeting.section or 1)
    if item is not None:
        where = f"{where}, {item_called(item, is_veiled=item.internal and for_outsider)}"
    if meeting.recorded_at is not None:
        return "Recorded afterwards", (f"at {where}",)
    return "Now", (f"in recess, then {where} goes on" if meeting.state is State.IN_RECESS else where,)


# --- the card in the rooms


def room(scene: Scene) -> Card:
    """The running card: who is there, what is discussed, and how to say that one is there."""
    state = scene.meeting.state
    if state in OVER:
        return over(scene)
    if state is State.CANCELLED:
        return called_off(scene)
    if state not in RUNNING:
        return about_to_begin(scene)
    mark, figures = quorum_words(scene.quorum)
    return Card(
        f"{scene.council.name}: {_where(scene)}. {quorum_line(scene.quorum)}.",
        (
            Title(title(scene)),
            Note(_since(scene)),
            Paragraph((Bold(mark), f"{figures}{_quorum_since(scene)}.{_provisional(scene.quorum)}")),
            Group("Now", (_now_line(scene),)),
            *_table(scene),
            *_decided(scene),
            Buttons(_room_buttons(scene) if scene.meeting.recorded_at is None else _room_buttons(scene)[-1:]),
            *_next(scene),
        ),
    )


def _where(scene: Scene) -> str:
    if scene.meeting.state is State.IN_RECESS:
        return "in recess"
    return f"now {section_words(scene.meeting.section or 1)}"


def _since(scene: Scene) -> str:
    opened = clock_in(scene.meeting.opened_at or scene.now, scene.zone)
    parts = [f"In session since {opened}", f"planned until {clock_in(scene.meeting.ends_at, scene.zone)}"]
    if scene.meeting.recorded_at is not None:
        parts = [f"Recorded afterwards: it began at {opened}"]
    parts += [f"chair {scene.chair}"] if scene.chair else []
    parts += [scene.meeting.where] if scene.meeting.where else []
    return " · ".join(parts)


def _quorum_since(scene: Scene) -> str:
    return "" if scene.quorum_since is None else f", since {clock_in(scene.quorum_since, scene.zone)}"


def _provisional(quorum: Quorum) -> str:
    return "" if quorum.is_met else " What is decided now is provisional until a quorate meeting ratifies it."


def _now_line(scene: Scene) -> Line:
    if scene.meeting.state is State.IN_RECESS:
        stood_still = max((each.to_at for each in scene.times if each.to_at), default=scene.now)
        goes_on = f"then {section_words(scene.meeting.section or 1)} goes on"
        return Line((Bold("Recess"),), (f"since {clock_in(stood_still, scene.zone)} · {goes_on}",))
    item, clock = scene.item, scene.clock
    facts = [item_words(scene, item)] if item is not None else []
    began = next((each.from_at for each in scene.times if each.section == scene.meeting.section), None)
    facts += [f"since {clock_in(began, scene.zone)}"] if began else []
    facts += [f"until {clock_in(clock.up_at, scene.zone)}"] if clock and not clock.is_up(scene.now) else []
    return Line((Bold(section_words(scene.meeting.section or 1)),), (" · ".join(facts),) if facts else ())


def _table(scene: Scene) -> list[Element]:
    if not scene.there and not scene.apologies:
        return []
    names = listing([each.words for each in scene.there]) or "Nobody has said so yet."
    detail = f"{ABSENCES}: {listing(scene.apologies)}" if scene.apologies else ""
    return [Group(f"At the table ({len(scene.there)})", (Line((names,), (detail,) if detail else ()),))]


def _decided(scene: Scene) -> list[Element]:
    shown = [each for each in scene.decisions if not each.internal]
    if not scene.decisions:
        return []
    lines = [Line((f"{each.text}  {each.code}",), _decision_state(each)) for each in shown[-DECISIONS_SHOWN:]]
    rest, veiled = len(shown) - len(lines), len(scene.decisions) - len(shown)
    lines += [Line((f"+{rest} more",))] if rest else []
    lines += [Line((f"{INTERNAL}: {veiled}",))] if veiled else []
    label = "Decided so far" if scene.meeting.state in RUNNING else "Decided"
    return [Group(f"{label} ({len(scene.decisions)})", tuple(lines))]


def _decision_state(decision: Decision) -> tuple[str, ...]:
    return ("provisional",) if decision.state is Decision.State.PROVISIONAL else ()


def _room_buttons(scene: Scene) -> tuple[Button, ...]:
    return (
        Button("I'm here", "council.here", scene.ids, spoken="I'm at the table"),
        Button("I'm leaving", "council.away_now", scene.ids, spoken="I'm leaving the table"),
        Button("Open an item", "agenda.open", scene.ids, opens_form=True),
    )


def _buttons_before(scene: Scene) -> tuple[Button, ...]:
    """Who may not start it is told so when they press."""
    here, _, look = _room_buttons(scene)
    start = Button("Start the meeting", "meeting.start", scene.ids)
    return (here, start, look) if scene.can_be_started else (here, look)


def _next(scene: Scene) -> list[Element]:
    found = rules.next_section(scene.stops, scene.meeting.section or 0)
    return [] if found is None else [Note(f"Next: {section_words(found.section)}.")]


def about_to_begin(scene: Scene) -> Card:
    """Before the chair starts the meeting: who is there can already say so."""
    starts = clock_in(scene.meeting.starts_at, scene.zone)
    mark, figures = quorum_words(scene.quorum)
    words = f"The meeting begins at {starts}. Press I'm here when you are at the table."
    if scene.now >= scene.meeting.starts_at:
        words = "It is time. Press I'm here when you are at the table."
    link: list[Element] = [Note(scene.meeting.link)] if scene.meeting.link else []
    where = [scene.meeting.where] if scene.meeting.where else []
    chair = [f"chair {scene.chair}"] if scene.chair else []
    return Card(
        f"{scene.council.name}: {words}",
        (
            Title(title(scene)),
            Note(" · ".join([starts, f"{scene.meeting.length_min} minutes", *chair, *where])),
            Paragraph((words,)),
            *([Paragraph((Bold(mark), f"{figures}."))] if scene.there else []),
            *_table(scene),
            *([] if scene.can_be_started else [Paragraph((nobody_chairs(),))]),
            Buttons(_buttons_before(scene)),
            *link,
        ),
    )


# --- when it is over


def over(scene: Scene) -> Card:
    """The meeting as it stays in its rooms."""
    meeting, zone = scene.meeting, scene.zone
    ended_at = meeting.adjourned_at or meeting.ends_at
    ended = f"The meeting is over, {clock_in(ended_at, zone)}."
    found = [*_record(scene), *_carried(scene)]
    facts: list[Element] = [Group("What became of the rest", tuple(Line((each,)) for each in found))] if found else []
    return Card(
        f"{scene.council.name}: {ended} {' '.join(found)}".strip(),
        (
            Title(title(scene)),
            Note(
                f"{clock_in(meeting.opened_at or meeting.starts_at, zone)} to {clock_in(ended_at, zone)}{_pause(scene)}"
            ),
            Paragraph((Bold(ended), f" {what_follows(scene)}")),
            *_decided(scene),
            *facts,
        ),
    )


def _pause(scene: Scene) -> str:
    recess = rules.in_minutes(rules.in_recess(scene.times))
    return f" · {count(recess, 'minute')} of recess" if recess else ""


def _record(scene: Scene) -> list[str]:
    number = sum(each.state is AgendaItem.State.ACTIONED for each in scene.items)
    return [f"Made actions: {number}."] if number else []


def _carried(scene: Scene) -> list[str]:
    put_off = [each for each in scene.items if each.state is AgendaItem.State.DEFERRED]
    if not put_off:
        return []
    return [f"Put off to the next meeting: {listing([item_words(scene, each) for each in put_off])}."]


def what_follows(scene: Scene) -> str:
    """When the draft of the minutes comes, and when the council meets next."""
    draft = scene.meeting.steps.get("minutes.draft", "")
    told = []
    if draft:
        at = datetime.fromisoformat(draft).astimezone(scene.zone)
        told.append(f"The secretary and the chair get the draft minutes on {day(at.date())} at {at:%H:%M}.")
    if scene.next_at is not None:
        told.append(f"Next meeting: {day(scene.next_at.astimezone(scene.zone).date())}.")
    return " ".join(told)


def called_off(scene: Scene) -> Card:
    """It was not held."""
    words = f"This meeting was not held. {scene.meeting.reason}".strip()
    return Card(words, (Title(title(scene)), Paragraph((words,))))


# --- what can't be done


def state_words(meeting: CouncilMeeting) -> str:
    """How a meeting stands, as in `the meeting is …`."""
    if meeting.state in OVER:
        return "over"
    if meeting.state in RUNNING:
        return "being recorded" if meeting.recorded_at is not None else meeting.state.value.replace("_", " ")
    return "called off" if meeting.state is State.CANCELLED else "not open yet"


def not_now(name: str, meeting: CouncilMeeting, done: str) -> str:
    """E-05."""
    ways = {
        State.IN_SESSION: f"It goes on with `{typed('council next')}` and ends with `{typed('council end')}`.",
        State.IN_RECESS: f"It goes on with `{typed('council resume')}`.",
    }
    way = ways.get(meeting.state, "")
    if not way and meeting.state not in OVER and meeting.state is not State.CANCELLED:
        way = f"The chair or the secretary starts it with `{typed('council start')}`."
    return f"{name} is {state_words(meeting)}, so it can't be {done}. {way} Nothing was changed.".replace("  ", " ")


def has_no_clock(name: str) -> str:
    """E-05: what is recorded afterwards."""
    return (
        f"{name} is over and is being recorded, so no clock runs that could be stopped or given more time. The record "
        f"goes on with `{typed('council next')}` and ends with `{typed('council end at:11:30')}`. Nothing was changed."
    )
