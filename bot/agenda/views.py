"""The words and cards of an agenda: nine lines, a section opened, the draft, and what is told about it. K-12."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.agenda.line_views import not_held, purpose
from bot.agenda.nine_views import INTERNAL, NO_RESEARCH, NOTHING, in_short, names, until
from bot.agenda.rules import RESEARCH, Agenda, Entry, Section, State
from bot.agenda.rules import Line as Told
from bot.agenda.titles import SECTION_TITLES, SHORT_TITLES
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title, Words
from bot.chat.spans import Bold, Colour, Link, Span, Text
from bot.chat.words import count, day, listing
from bot.council.rules import Quorum
from bot.council.views import meets, short_moment

__all__ = ["INTERNAL", "SECTION_TITLES", "SHORT_TITLES"]

TITLE_MOST = 45  # characters of a card's title
BY_SCHEDULE = "by schedule"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above and below the nine lines; names are empty where there is nobody."""

    meeting: int
    council: str
    starts_at: datetime
    zone: ZoneInfo
    where: str = ""
    link: str = ""
    chair: str = ""
    quorum: Quorum | None = None
    """As expected; None where it is not known, or over."""
    deputies: tuple[tuple[str, str], ...] = ()
    """Who sits in for whom."""
    edition: int = 0
    published_by: str = ""
    """Empty: by schedule."""
    was_late: bool = False
    over_min: int = 0
    customer: str = ""
    has_customer_seat: bool = True
    vacant: tuple[str, ...] = ()
    """Departments whose seat nobody holds."""
    unseated: tuple[str, ...] = ()
    """Departments along the journey without a seat; Source: domain.md S2-09."""
    items_closed: bool = False
    has_begun: bool = False
    is_over: bool = False
    draft: bool = False
    may_publish: bool = False
    may_edit: bool = False
    """Whether its reader runs the meeting, and so may open the draft."""
    publishes_at: datetime | None = None
    read_by: tuple[str, ...] = ()
    """Who reads the internal items of a draft, where its reader does not."""
    reader: ZoneInfo | None = None
    """None in a room."""
    zones_differ: bool = False
    """Whether those in the room live in other zones."""
    open_until: datetime | None = None
    """Until when items and reports come in time; None once that is over."""
    off: str | None = None
    """Why it was not held; None where it was, or will be."""

    @property
    def meets_on(self) -> date:
        """Its local day."""
        return self.starts_at.astimezone(self.zone).date()

    def at(self, instant: datetime) -> str:
        """A time on its reader's clock; the place is named where that is not the council's, or where readers differ."""
        return meets(instant, self.zone, self.reader, named=self.zones_differ)

    def soon(self, instant: datetime) -> str:
        """The same without its year."""
        return short_moment(instant, self.zone, self.reader, named=self.zones_differ)


def title(head: Head) -> str:
    """As `CX Council · Thu 3 Dec 2026, 10:00`; a long name stands alone, its time below."""
    whole = f"{head.council} · {head.at(head.starts_at)}"
    return whole if len(whole) <= TITLE_MOST else head.council


# --- nine lines


def paper(head: Head, agenda: Agenda) -> Card:
    """K-12: the whole agenda in nine lines that open on press."""
    elements: list[Element] = [Title(title(head)), Note(_plan(head, agenda))]
    if head.off is not None:
        elements.append(Paragraph((not_held(head.off),)))
    if head.quorum is not None and not head.is_over:
        elements.append(Paragraph(_quorum(head, head.quorum)))
    nine = tuple(Line((Bold(SECTION_TITLES[each.number]),), (in_short(each, head.soon),)) for each in agenda.sections)
    elements.append(Group("", nine, numbered=True))
    elements.append(Buttons(_ways(head)))
    elements.append(Note(" ".join(_below(head, agenda))))
    return Card(_summary(head, agenda), tuple(elements))


def _plan(head: Head, agenda: Agenda) -> str:
    place = head.where or ("video" if head.link else "")
    when = [] if title(head) != head.council else [head.at(head.starts_at)]
    chair = [f"chair {head.chair}"] if head.chair else ["no chair yet"]
    return " · ".join(
        [*when, f"{agenda.minutes} of {agenda.length_min} minutes planned", *([place] if place else []), *chair]
    )


def _quorum(head: Head, quorum: Quorum) -> Text:
    looks = "Quorum looks safe: " if quorum.is_met else "Quorum is not safe yet: "
    stand_in = "".join(f" {deputy} sits in for {whom}." for deputy, whom in head.deputies)
    return Bold(looks), f"{quorum.present} of {quorum.filled} expected, {quorum.needed} needed.{stand_in}"


def _summary(head: Head, agenda: Agenda) -> str:
    missing = agenda.section(3).missing
    late = f" Not received: {names(missing)}." if missing else ""
    kind = "Draft agenda" if head.draft else "Agenda"
    said = f"{kind}: nine items, {agenda.minutes} of {agenda.length_min} minutes."
    return f"{head.council}, {head.at(head.starts_at)}. {said}{late}"


def _below(head: Head, agenda: Agenda) -> Sequence[str]:
    found = [edition(head, agenda)]
    if head.read_by:
        found.append(f"Of internal items you see the number; {listing(head.read_by)} can read them.")
    if head.has_customer_seat:
        found.append(_customer(head))
    if head.vacant:
        found.append(f"Vacant: {names(head.vacant)}.")
    if head.unseated:
        found.append(f"No seat yet: {names(head.unseated)}.")
    return found


def edition(head: Head, agenda: Agenda) -> str:
    """`Version 1, published by schedule` and the like."""
    if head.draft:
        over = f", {count(agenda.over_min, 'minute')} too long" if agenda.over_min else ""
        when = f" It comes out on {head.at(head.publishes_at)}." if head.publishes_at and not head.edition else ""
        since = f", version {head.edition} is out" if head.edition else ", not out yet"
        return f"Draft{since}{over}.{when}"
    by = head.published_by or BY_SCHEDULE
    how = f"published by {by}" if head.published_by else f"published {by}"
    late = " (late)" if head.was_late else ""
    over = f", over by {count(head.over_min, 'minute')}" if head.over_min else ""
    return f"Version {head.edition}, {how}{late}{over}.{_until(head)}"


def _until(head: Head) -> str:
    if head.open_until is None or head.is_over:
        return ""
    return f" Items and reports until {head.at(head.open_until)}."


def _customer(head: Head) -> str:
    if not head.customer:
        return "Customer's seat: vacant."
    return f"{head.customer} holds the customer's seat and speaks first at item 2."


def _ways(head: Head) -> tuple[Button, ...]:
    ids = {"meeting": str(head.meeting)}
    look = Button("Open an item", "agenda.open", ids, opens_form=True)
    if head.draft:
        as_seen = ids | {"at": str(int(head.starts_at.timestamp()))}
        label = "Publish the changes" if head.edition else "Publish"
        publish = (Button(label, "agenda.publish", as_seen, primary=True),) if head.may_publish else ()
        return (*publish, look, Button("Add an item", "agenda.add", ids, opens_form=True))
    if head.is_over:
        return (look,)
    attend = () if head.has_begun else (Button("My attendance", "council.attend", ids),)
    add = "Add a late item" if head.items_closed else "Add an item"
    edit = (Button("See the draft", "agenda.draft", ids),) if head.may_edit else ()
    verb = "agenda.late" if head.items_closed else "agenda.add"
    return (look, *attend, Button(add, verb, ids, opens_form=True), *edit)


# --- a section, opened


def opened(head: Head, section: Section) -> Card:
    """What stands in one of the nine: customers' words, its items, what it tells by itself."""
    name = f"{section.number} {SHORT_TITLES[section.number]}"
    elements: list[Element] = [Title(name), Note(_when(head, section))]
    elements += [Words(each.text, each.source) for each in section.quotes]
    if section.items:
        elements.append(Group("On the agenda", tuple(line for each in section.items for line in _entry(each))))
    if section.lines:
        elements.append(Group(_LABELS.get(section.number, ""), tuple(told_line(each) for each in section.lines)))
    if section.missing:
        elements.append(Paragraph((f"Not received: {', '.join(section.missing)}",)))
    if section.awaited:
        elements.append(Paragraph((f"Still to come{until(section, head.soon)}: {', '.join(section.awaited)}",)))
    elements += [Note(each) for each in section.notes]
    if section.is_empty:
        elements.append(Paragraph((NO_RESEARCH if section.number == RESEARCH else NOTHING,)))
    elements.append(Buttons((_again(head, section),)))
    return Card(f"{name}. {in_short(section, head.soon)}.", tuple(elements))


def _when(head: Head, section: Section) -> str:
    minutes = f" · {section.minutes} min" if section.minutes else ""
    return f"{head.council}, {day(head.meets_on)}{minutes}"


_LABELS = {
    1: "What was promised", 2: "Headline measures", 4: "Others could reuse it", 5: "In flight", 6: "To be settled",
    7: "As ranked", 8: "What was found out",
}  # fmt: skip


def _again(head: Head, section: Section) -> Button:
    ids = {"meeting": str(head.meeting), "section": str(section.number)}
    return Button("Open another item", "agenda.open", ids, opens_form=True)


def _entry(entry: Entry) -> tuple[Line, ...]:
    if entry.internal and not entry.title:
        return (Line((f"{entry.number} {INTERNAL}",)),)
    shown = Line((f"{entry.number} ", Bold(entry.title)), _detail(entry))
    views = tuple(Line((f"“{each}”",)) for each in (entry.one_view, entry.other_view) if each)
    return (shown, *views, *(told_line(each) for each in entry.lines))


def _detail(entry: Entry) -> Text:
    facts = [
        purpose(entry),
        f"{entry.minutes} min" if entry.minutes else "",
        entry.owner,
        "on consent" if entry.consent else "",
        "late item" if entry.is_late else "",
        _deferred(entry.deferrals),
        f"hurts {entry.hurts}, starts in {entry.starts}" if entry.hurts and entry.starts else "",
        entry.initiative,
        entry.level,
        INTERNAL.casefold() if entry.internal else "",
        _OUTCOMES.get(entry.state, ""),
    ]
    text = " · ".join(each for each in facts if each)
    paper_link: tuple[Span, ...] = (" · " if text else "", Link("paper", entry.paper_url)) if entry.paper_url else ()
    return (text, *paper_link) if text or paper_link else ()


def _deferred(times: int) -> str:
    if not times:
        return ""
    return f"deferred {('once', 'twice')[times - 1] if times <= len(('once', 'twice')) else f'{times} times'}"


_OUTCOMES = {
    State.SUBMITTED: "proposed", State.IN_DISCUSSION: "being discussed", State.DECIDED: "decided",
    State.NOTED: "noted", State.DEFERRED: "deferred", State.PARKED: "parked", State.DROPPED: "dropped",
    State.ACTIONED: "made an action",
}  # fmt: skip


def told_line(told: Told) -> Line:
    """A thing that a section tells, as a line of a card."""
    code = f"  {told.code}" if told.code else ""
    text: Text = (Bold(told.text), code) if code else (told.text,)
    detail: Text = (told.detail,) if told.detail else ()
    if told.hue is not None:
        detail = (Colour(told.hue, told.hue.value), " · ", *detail) if detail else (Colour(told.hue, told.hue.value),)
    return Line(text, detail)


# --- before it is out


def not_out_for_others(head: Head) -> str:
    """Somebody who has no seat asks before the first version."""
    when = f" It comes on {head.at(head.publishes_at)}." if head.publishes_at else ""
    return f"The agenda of {head.council} for {head.at(head.starts_at)} is not out yet.{when}"
