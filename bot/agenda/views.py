"""The words and cards of an agenda: nine lines, a section opened, the draft, and what is told about it. K-12."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.agenda.line_views import not_held, purpose, wants_decision
from bot.agenda.rules import OTHER, RESEARCH, Agenda, Entry, Kind, Section, State
from bot.agenda.rules import Line as Told
from bot.agenda.titles import SECTION_TITLES, SHORT_TITLES
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title, Words
from bot.chat.spans import Bold, Colour, Link, Span, Text
from bot.chat.words import count, day
from bot.council.rules import Quorum
from bot.council.views import meets

__all__ = ["SECTION_TITLES", "SHORT_TITLES"]

TITLE_MOST = 45  # characters of a card's title
NAMES_MOST = 6  # before "+2 more"
QUOTE_MOST = 100  # characters of a customer's words in one of the nine lines
INTERNAL = "Internal"
NOTHING = "Nothing submitted"
NO_RESEARCH = "No new research"
NO_LATE = "no late items yet"
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
    reader: ZoneInfo | None = None
    open_until: datetime | None = None
    """Until when items and reports come in time; None once that is over."""
    off: str | None = None
    """Why it was not held; None where it was, or will be."""

    @property
    def meets_on(self) -> date:
        """Its local day."""
        return self.starts_at.astimezone(self.zone).date()


def title(head: Head) -> str:
    """As `CX Council · Thu 3 Dec 2026, 10:00`; a long name stands alone, its time below."""
    whole = f"{head.council} · {meets(head.starts_at, head.zone, head.reader)}"
    return whole if len(whole) <= TITLE_MOST else head.council


# --- nine lines


def paper(head: Head, agenda: Agenda) -> Card:
    """K-12: the whole agenda in nine lines that open on press."""
    elements: list[Element] = [Title(title(head)), Note(_plan(head, agenda))]
    if head.off is not None:
        elements.append(Paragraph((not_held(head.off),)))
    if head.quorum is not None and not head.is_over:
        elements.append(Paragraph(_quorum(head, head.quorum)))
    nine = tuple(Line((Bold(SECTION_TITLES[each.number]),), (_in_short(each),)) for each in agenda.sections)
    elements.append(Group("", nine, numbered=True))
    elements.append(Buttons(_ways(head)))
    elements.append(Note(" ".join(_below(head, agenda))))
    return Card(_summary(head, agenda), tuple(elements))


def _plan(head: Head, agenda: Agenda) -> str:
    place = head.where or ("video" if head.link else "")
    when = [] if title(head) != head.council else [meets(head.starts_at, head.zone, head.reader)]
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
    late = f" Not received: {_names(missing)}." if missing else ""
    kind = "Draft agenda" if head.draft else "Agenda"
    said = f"{kind}: nine items, {agenda.minutes} of {agenda.length_min} minutes."
    return f"{head.council}, {meets(head.starts_at, head.zone, head.reader)}. {said}{late}"


def _below(head: Head, agenda: Agenda) -> Sequence[str]:
    found = [edition(head, agenda)]
    if head.has_customer_seat:
        found.append(_customer(head))
    if head.vacant:
        found.append(f"Vacant: {_names(head.vacant)}.")
    if head.unseated:
        found.append(f"No seat yet: {_names(head.unseated)}.")
    return found


def edition(head: Head, agenda: Agenda) -> str:
    """`Version 1, published by schedule` and the like."""
    if head.draft:
        over = f", {count(agenda.over_min, 'minute')} too long" if agenda.over_min else ""
        when = (
            f" It comes out on {meets(head.publishes_at, head.zone, head.reader)}."
            if head.publishes_at and not head.edition
            else ""
        )
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
    return f" Items and reports until {meets(head.open_until, head.zone, head.reader)}."


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


# --- one line for each section


def _in_short(section: Section) -> str:
    """`10 min · 1 overdue, 1 open, 2 done · minutes for consent`."""
    facts = _facts(section)
    minutes = [f"{section.minutes} min"] if section.minutes else []
    if facts:
        return " · ".join([*minutes, *facts])
    nothing = NO_RESEARCH if section.number == RESEARCH else NOTHING
    return " · ".join([*minutes, nothing.casefold() if minutes else nothing])


def _facts(section: Section) -> list[str]:
    found = _WHAT[section.number](section)
    items = [each for each in section.items if each.kind is Kind.ITEM]
    if items:
        found.append(count(len(items), "item") if found and section.number != OTHER else _items(items))
    if wants_decision(section):
        found.append("for decision")
    return found


def _items(items: Sequence[Entry]) -> str:
    first = items[0]
    named = f"{first.number} {first.title}" if first.title else f"{first.number} {INTERNAL}"
    return named if len(items) == 1 else f"{named} +{len(items) - 1} more"


def _work(section: Section) -> list[str]:
    states = [f"{section.counts[each]} {each}" for each in ("overdue", "open", "done") if section.counts.get(each)]
    minutes = next((each for each in section.items if each.kind is Kind.MINUTES), None)
    found = [", ".join(states)] if states else ["no actions from last meeting"]
    if minutes is not None:
        found.append("minutes for consent" if minutes.consent else "minutes for debate")
    return found


def _results(section: Section) -> list[str]:
    if section.quotes:
        return [f"in the customer's words: “{_cut(section.quotes[0].text)}”"]
    measures = section.counts.get("measures", 0)
    return [count(measures, "headline measure")] if measures else []


def _reports(section: Section) -> list[str]:
    counts = section.counts
    if not counts.get("asked"):
        return []
    missing = [f"not received: {_names(section.missing)}"] if section.missing else []
    awaited = [f"{_names(section.awaited)} until {section.awaited_until}"] if section.awaited else []
    return [f"{counts.get('received', 0)} of {counts['asked']} received", *missing, *awaited]


def _practices(section: Section) -> list[str]:
    number = section.counts.get("practices", 0)
    return [count(number, "practice")] if number else []


def _initiatives(section: Section) -> list[str]:
    running, late = section.counts.get("running", 0), section.counts.get("late", 0)
    if not running:
        return []
    first = section.lines[0] if section.lines else None
    worst = f": {first.code} {first.text}" if late and first is not None and first.code else ""
    return [f"{running} running, {late} late{worst}" if late else f"{running} running, none late"]


_DEBTS = (
    ("conflicts", "conflict"), ("stale", "stale measure"), ("unanchored", "unanchored measure"),
    ("unmeasured", "department without a measure"), ("targets", "target changed"),
)  # fmt: skip
_PLURAL = {
    "department without a measure": "departments without a measure", "target changed": "targets changed",
}  # fmt: skip


def _review(section: Section) -> list[str]:
    if section.counts.get("conflicts", 0) == 1 and section.lines:
        others = [name for name, _ in _DEBTS[1:] if section.counts.get(name)]
        return [f"conflict: {section.lines[0].text}", *([f"+{len(others)} more"] if others else [])]
    found = [
        count(section.counts[name], word, _PLURAL.get(word, "")) for name, word in _DEBTS if section.counts.get(name)
    ]
    return [", ".join(found)] if found else []


def _planning(section: Section) -> list[str]:
    ranked, unranked = section.counts.get("ranked", 0), section.counts.get("unranked", 0)
    found = [f"{count(ranked, 'initiative')} ranked"] if ranked else []
    return [*found, f"{unranked} not ranked yet"] if unranked else found


def _research(section: Section) -> list[str]:
    notes = section.counts.get("notes", 0)
    return [count(notes, "note")] if notes else []


def _other(section: Section) -> list[str]:
    late = section.counts.get("late", 0)
    return [count(late, "late item") if late else NO_LATE]


_WHAT = {
    1: _work, 2: _results, 3: _reports, 4: _practices, 5: _initiatives, 6: _review, 7: _planning, 8: _research,
    9: _other,
}  # fmt: skip


def _cut(text: str) -> str:
    """As much of a customer's words as one line has; the rest stands where the section is opened."""
    return text if len(text) <= QUOTE_MOST else f"{text[: QUOTE_MOST - 1].rstrip()}…"


def _names(names: Sequence[str]) -> str:
    if len(names) <= NAMES_MOST:
        return ", ".join(names)
    return f"{', '.join(names[:NAMES_MOST])} +{len(names) - NAMES_MOST} more"


def short(section: Section) -> str:
    """What a section is about in one line, for other cards: `15 min · 4 running, none late`."""
    return _in_short(section)


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
        elements.append(Paragraph((f"Still to come until {section.awaited_until}: {', '.join(section.awaited)}",)))
    elements += [Note(each) for each in section.notes]
    if section.is_empty:
        elements.append(Paragraph((NO_RESEARCH if section.number == RESEARCH else NOTHING,)))
    elements.append(Buttons((_again(head, section),)))
    return Card(f"{name}. {_in_short(section)}.", tuple(elements))


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
    when = f" It comes on {meets(head.publishes_at, head.zone, head.reader)}." if head.publishes_at else ""
    return f"The agenda of {head.council} for {meets(head.starts_at, head.zone, head.reader)} is not out yet.{when}"
