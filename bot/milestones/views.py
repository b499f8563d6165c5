"""The words of a milestone: one line of a list, the whole list, one milestone on its own. Source: domain.md K-15."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.chat.cards import (
    NOTE_MAX,
    TITLE_MAX,
    Button,
    Buttons,
    Card,
    Element,
    Facts,
    Group,
    Line,
    Note,
    Paragraph,
    Title,
)
from bot.chat.spans import Bold, Colour, Hue, Text
from bot.chat.words import count, day, listing, rounded, short_day, typed
from bot.milestones import rules
from bot.milestones.rules import Slips, State
from bot.work.slip import end_on, slip_days
from storage.initiatives import Initiative, Milestone, Phase
from storage.milestones import Counts, Only

PAGE = 10  # lines of a list before More
NAMED = 4  # milestones beside another one
NOBODY = "no owner yet"


@dataclass(frozen=True, slots=True)
class Seen:
    """A milestone with what stands beside it: first name of its owner, its initiative, its colour, what pushes it."""

    milestone: Milestone
    initiative: Initiative
    owner: str = ""
    hue: Hue | None = None
    pushed_by: str = ""
    checker: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: what it is a list of, and how much there is of it."""

    title: str
    seen: Sequence[Seen]
    counts: Counts
    only: Only = Only.OPEN
    offset: int = 0
    initiative: bool = False
    """Whether it is the list of one initiative, which then need not stand on each line."""
    slips: Slips | None = None


def named(milestone: Milestone) -> str:
    """`M-31 Script live`."""
    return f"{milestone.code} {milestone.title}"


def title_of(initiative: Initiative) -> str:
    """`I-1 Fault questions before booking`."""
    return f"{initiative.code} {initiative.title}"[:TITLE_MAX]


def days_late(days: int) -> str:
    """`21 days late`, `7 days early`, `on time`."""
    if days == 0:
        return "on time"
    return f"{count(abs(days), 'day')} {'late' if days > 0 else 'early'}"


def dates(baseline: date | None, end: date) -> str:
    """`18 Dec → Fri 8 Jan 2027`, `15 → Tue 19 Jan 2027`, `Tue 22 Dec 2026`."""
    if baseline is None or baseline == end:
        return day(end)
    if (baseline.year, baseline.month) == (end.year, end.month):
        return f"{baseline.day} → {day(end)}"
    near = abs((end - baseline).days) < 365  # noqa: PLR2004 - from a year on, the day alone misleads
    first = short_day(baseline).split(" ", 1)[1]
    return f"{first if near else f'{first} {baseline.year}'} → {day(end)}"


def colour(hue: Hue, words: str = "") -> Colour:
    """A dot with its word."""
    return Colour(hue, f"{hue.value.capitalize()}{f', {words}' if words else ''}")


# --- a line


def line(each: Seen, today: date, *, with_initiative: bool = True) -> Line:
    """The words it is known by, and one quiet line."""
    milestone = each.milestone
    facts = [milestone.code, *([each.initiative.code] if with_initiative else []), each.owner or NOBODY]
    return Line((Bold(milestone.title), f"  {' · '.join(facts)}"), detail(each, today))


def detail(each: Seen, today: date) -> Text:
    """`Red, 21 days late · 18 Dec → Fri 8 Jan 2027 · supplier late`."""
    more = "".join(f" · {part}" for part in facts_of(each, today))
    if each.hue is None:
        return (f"{rules.State(each.milestone.state).value.capitalize()}{more}",)
    return (colour(each.hue, _how(each, today)), more)


def _how(each: Seen, today: date) -> str:
    milestone = each.milestone
    if milestone.state is State.ACHIEVED:
        return "achieved"
    if rules.needs_date(milestone, today):
        return "needs a date"
    late = slip_days(milestone)
    return "no baseline yet" if late is None else days_late(late)


def facts_of(each: Seen, today: date) -> list[str]:
    """Dates, reason and what else must be known."""
    milestone = each.milestone
    end = end_on(milestone)
    facts = [f"was due {day(end)}" if rules.needs_date(milestone, today) else dates(milestone.baseline_on, end)]
    match milestone.state:
        case State.PLANNED:
            if milestone.proposed_on is not None:
                facts += [f"waits for {each.pushed_by}"] if each.pushed_by else []
                facts.append("not confirmed")
            elif milestone.reason:
                facts.append(milestone.reason)
        case State.CLAIMED:
            facts.append("said to be done, to be accepted" + (f" by {each.checker}" if each.checker else ""))
        case State.WAIVED | State.CANCELLED:
            facts += [milestone.reason] if milestone.reason else []
        case State.ACHIEVED:
            late = slip_days(milestone)
            facts += [days_late(late)] if late else []
    if milestone.rebaselined:
        facts.append(rebaselined(milestone))
    return facts


def rebaselined(milestone: Milestone) -> str:
    """`baseline moved once`; always shown."""
    times = {1: "once", 2: "twice"}.get(milestone.rebaselined, f"{milestone.rebaselined} times")
    return f"baseline moved {times}"


# --- a list


def listed(
    page: Page, today: date, *, ids: Mapping[str, str] | None, can_ask: bool = False, in_room: bool = False
) -> Card:
    """K-15: late, next 30 days, later; or what is achieved. Without `ids` it has no buttons."""
    counts = page.counts
    if not page.seen:
        return _nothing(page, today, ids)
    elements: list[Element] = [Title(page.title), Note(_in_short(counts, today))]
    elements += _groups(page, today)
    until = page.offset + len(page.seen)
    if counts.shown > len(page.seen):
        elements.append(Note(f"{page.offset + 1} to {until} of {counts.shown}"))
    if page.slips is not None and page.offset == 0:
        elements.append(Note(slip_words(page.slips)))
    presses = () if ids is None else _presses(page, ids, until, can_ask=can_ask, in_room=in_room)
    elements += [Buttons(presses)] if presses else []
    return Card(_summary(page), tuple(elements))


def _in_short(counts: Counts, today: date) -> str:
    parts = [count(counts.all, "milestone")]
    parts += [f"{counts.achieved} achieved"] if counts.achieved else []
    parts += [f"{counts.waived} waived"] if counts.waived else []
    parts += [f"{counts.late} late"] if counts.late else []
    on_time = counts.open - counts.late
    parts += [f"{on_time} on time"] if on_time else []
    return " · ".join([*parts, day(today)])[:NOTE_MAX]


def _summary(page: Page) -> str:
    counts = page.counts
    if page.only is Only.ACHIEVED:
        return f"{page.title}: {counts.achieved} of {count(counts.all, 'milestone')} achieved."
    return f"{page.title}: {counts.late} of {count(counts.all, 'milestone')} late."


def _groups(page: Page, today: date) -> list[Element]:
    shown = [(label_of(each, today, page.only), each) for each in page.seen]
    return [
        Group(label, tuple(line(each, today, with_initiative=not page.initiative) for it, each in shown if it == label))
        for label in dict.fromkeys(label for label, _ in shown)
    ]


def label_of(each: Seen, today: date, only: Only) -> str:
    """The group that a line stands in."""
    if only is Only.ACHIEVED:
        return "Achieved"
    if rules.is_late(each.milestone, today):
        return "Late"
    soon = (end_on(each.milestone) - today).days <= rules.SOON_DAYS
    return f"Next {rules.SOON_DAYS} days" if soon else "Later"


def slip_words(slips: Slips) -> str:
    """`Slip 8.3 days on average, 4 in the middle`."""
    average, middle = (_figure(each.numerator, each.denominator) for each in (slips.average, slips.middle))
    return f"Slip: {average} days on average, median {middle}"


def _figure(numerator: int, denominator: int) -> str:
    return rounded(Decimal(numerator) / Decimal(denominator), 1).removesuffix(".0")


def _presses(page: Page, ids: Mapping[str, str], until: int, *, can_ask: bool, in_room: bool) -> tuple[Button, ...]:
    presses = []
    if page.counts.shown > until:
        presses.append(Button("More", "milestones.list", {**ids, "offset": str(until)}))
    if can_ask and page.only is not Only.ACHIEVED:
        presses.append(Button("Ask for an update", "milestones.ask", dict(ids), spoken="Ask the owners for an update"))
    if in_room:
        presses.append(Button("Share here", "milestones.share", {**ids, "offset": str(page.offset)}))
    if page.only is not Only.ACHIEVED and page.counts.achieved:
        presses.append(Button("Show achieved", "milestones.list", {**ids, "only": Only.ACHIEVED.value, "offset": "0"}))
    if page.only is Only.ACHIEVED and page.counts.open:
        presses.append(Button("Show open", "milestones.list", {**ids, "only": Only.OPEN.value, "offset": "0"}))
    return tuple(presses)


def _nothing(page: Page, today: date, ids: Mapping[str, str] | None) -> Card:
    words = {
        Only.OPEN: "No milestone is open here.",
        Only.OVERDUE: "No milestone is past its date here.",
        Only.SLIPPED: "No milestone is later than its baseline here.",
        Only.ACHIEVED: "No milestone is achieved here yet.",
    }[page.only]
    elements: list[Element] = [Title(page.title)]
    elements += [Note(_in_short(page.counts, today))] if page.counts.all else []
    elements.append(Paragraph((words,)))
    presses = [] if ids is None else list(_presses(page, ids, 0, can_ask=False, in_room=False))
    if ids is not None and ids.get("mine"):
        presses.append(Button("Everybody's milestones", "milestones.list", {"only": Only.OPEN.value}))
    if page.initiative and not page.counts.all:
        example = f'{typed("milestones add")} {page.title.split(" ")[0]} "Script live" due:18 Dec owner:@Ann'
        elements.append(Paragraph((f"Add one: {example}",)))
    elements += [Buttons(tuple(presses))] if presses else []
    return Card(f"{page.title}: {words}", tuple(elements))


def yours() -> str:
    """The title of one's own list."""
    return "Your milestones"


def everybodys() -> str:
    """The title of the list of all."""
    return "Everybody's milestones"


def of_team(name: str) -> str:
    """The title of a team's list."""
    return f"Milestones of {name}"[:TITLE_MAX]


def of_person(name: str) -> str:
    """The title of somebody's list."""
    return f"{name}'s milestones"[:TITLE_MAX]


# --- one milestone


@dataclass(frozen=True, slots=True)
class Whole:
    """One milestone with all that is known of it; `deeds` are lines about what was done to it, newest first."""

    seen: Seen
    phase: Phase | None = None
    waits_for: Sequence[Milestone] = ()
    waited_for_by: Sequence[Milestone] = ()
    deeds: Sequence[str] = ()


def _some(milestones: Sequence[Milestone]) -> str:
    """The first of them, and how many more."""
    more = [f"{len(milestones) - NAMED} more"] if len(milestones) > NAMED else []
    return listing([*(named(each) for each in milestones[:NAMED]), *more])


def shown(whole: Whole, today: date, *, presses: Sequence[Button] = ()) -> Card:
    """`/milestones M-31`."""
    each, milestone = whole.seen, whole.seen.milestone
    pairs: list[tuple[str, Text]] = [
        ("Initiative", (title_of(each.initiative),)),
        ("Owner", (each.owner or NOBODY,)),
        ("Baseline", (day(milestone.baseline_on) if milestone.baseline_on else "set when the charter is approved",)),
        ("Forecast", (day(milestone.forecast_on),)),
    ]
    pairs += [("Proposed", (day(milestone.proposed_on),))] if milestone.proposed_on else []
    pairs += [("Actual", (day(milestone.actual_on),))] if milestone.actual_on else []
    pairs += [("Phase", (whole.phase.name,))] if whole.phase else []
    pairs += [("Takes", (count(milestone.duration_days, "day"),))] if milestone.duration_days else []
    pairs += [("Waits for", (_some(whole.waits_for),))] if whole.waits_for else []
    pairs += [("Needed by", (_some(whole.waited_for_by),))] if whole.waited_for_by else []
    pairs += [("Evidence", (milestone.evidence,))] if milestone.evidence else []
    deeds = tuple(Line((each,)) for each in whole.deeds)
    return Card(
        f"{named(milestone)}: {_how(each, today)}.",
        (
            Title(named(milestone)[:TITLE_MAX]),
            Paragraph(detail(each, today)),
            Facts(tuple(pairs)),
            *([Group("Lately", deeds)] if deeds else []),
            *([Buttons(tuple(presses))] if presses else []),
        ),
    )
