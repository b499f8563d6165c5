"""The words of an agenda, and of its pack, as a paper: all nine sections in order, also those without anything."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agenda.line_views import purpose
from bot.agenda.nine_views import NO_RESEARCH, NOTHING
from bot.agenda.rules import Agenda, Entry, Section
from bot.agenda.rules import Line as Told
from bot.agenda.titles import SECTION_TITLES
from bot.agenda.views import Head, edition
from bot.chat.papers import Block, Bullets, Heading, Pairs, Paper, Prose, Quote, Table
from bot.chat.words import clock_in, count, day, moment, place_of
from bot.minutes.paper_views import INTERNAL
from storage.agenda import DepartmentReport
from storage.people import Department

RESEARCH = 8
STATES = {
    DepartmentReport.State.ASKED: "asked for",
    DepartmentReport.State.DRAFT: "being written",
    DepartmentReport.State.RECEIVED: "received",
    DepartmentReport.State.LATE: "received late",
    DepartmentReport.State.MISSING: "not received",
}


def agenda(head: Head, found: Agenda, ends_at: datetime) -> Paper:
    """The agenda of a meeting as its reader may read it."""
    return _paper(head, found, ends_at, kind="Draft agenda" if head.draft else "Agenda", blocks=tuple(_nine(found)))


def pack(head: Head, found: Agenda, ends_at: datetime, reports: Sequence[tuple[DepartmentReport, Department]]) -> Paper:
    """The agenda with what departments wrote, and a list of the papers that belong to items."""
    blocks: list[Block] = [*_nine(found), Heading("Reports from the departments")]
    written = [(row, department) for row, department in reports if row.received_at is not None]
    for row, department in written:
        blocks += _report(row, department, head.zone)
    if not written:
        blocks.append(Prose("No report has come in.", quiet=True))
    blocks.append(Heading("Papers"))
    papers = [each for each in found.items if each.paper_url]
    blocks += [_papers(papers)] if papers else [Prose("No item has a paper.", quiet=True)]
    return _paper(head, found, ends_at, kind="Council pack", blocks=tuple(blocks))


def _paper(head: Head, found: Agenda, ends_at: datetime, *, kind: str, blocks: tuple[Block, ...]) -> Paper:
    name = kind.rsplit(" ", maxsplit=1)[-1].casefold()
    return Paper(
        kind=kind,
        title=head.council,
        subtitle=f"{moment(head.starts_at, head.zone)} to {clock_in(ends_at, head.zone)} ({place_of(head.zone)})",
        facts=_facts(head, found),
        blocks=blocks,
        status=edition(head, found) if head.draft else "",
        footer=f"{head.council} · {kind} for {day(head.meets_on)} · {edition(head, found)}"[:150],
        name=f"{name}-{head.meets_on.isoformat()}",
    )


def _facts(head: Head, found: Agenda) -> tuple[tuple[str, str], ...]:
    place = " · ".join(each for each in (head.where, head.link) if each)
    planned = f"{found.minutes} of {found.length_min} minutes"
    over = f", {count(found.over_min, 'minute')} too long" if found.over_min else ""
    pairs = [
        ("Place", place),
        ("Chair", head.chair or "nobody yet"),
        ("Planned", planned + over),
        ("Version", "" if head.draft else edition(head, found)),
        ("Quorum", _quorum(head)),
        ("Deputies", ", ".join(f"{deputy} for {whom}" for deputy, whom in head.deputies)),
        ("Customer’s seat", (head.customer or "vacant") if head.has_customer_seat else ""),
        ("Vacant", ", ".join(head.vacant)),
        ("No seat yet", ", ".join(head.unseated)),
    ]
    return tuple((label, text) for label, text in pairs if text)


def _quorum(head: Head) -> str:
    if head.quorum is None:
        return ""
    return f"{head.quorum.present} of {head.quorum.filled} expected, {head.quorum.needed} needed"


def _nine(found: Agenda) -> Iterator[Block]:
    for section in found.sections:
        yield from _section(section)


def _section(section: Section) -> Iterator[Block]:
    aside = f"{section.minutes} minutes" if section.minutes else ""
    yield Heading(SECTION_TITLES[section.number], str(section.number), aside=aside)
    for each in section.quotes:
        yield Quote(each.text, each.source)
    if section.lines:
        yield Bullets(tuple(_told(each) for each in section.lines))
    for entry in section.items:
        yield from _entry(entry)
    if section.missing:
        yield Prose(f"Not received: {', '.join(section.missing)}")
    yield from (Prose(each, quiet=True) for each in section.notes)
    if section.is_empty:
        yield Prose(NO_RESEARCH if section.number == RESEARCH else NOTHING, quiet=True)


def _told(told: Told) -> str:
    name = f"{told.text} ({told.code})" if told.code else told.text
    facts = [told.hue.value if told.hue is not None else "", told.detail]
    detail = " · ".join(each for each in facts if each)
    return f"{name}: {detail}" if detail else name


def _entry(entry: Entry) -> Iterator[Block]:
    if entry.internal and not entry.title:
        yield Heading(INTERNAL, entry.number, level=2)
        return
    yield Heading(entry.title, entry.number, level=2, aside=_aside(entry))
    views = [each for each in (entry.one_view, entry.other_view) if each]
    if views:
        yield Bullets(tuple(f"“{each}”" for each in views))
    if entry.hurts and entry.starts:
        yield Prose(f"It hurts in {entry.hurts} and starts in {entry.starts}.")
    if entry.lines:
        yield Bullets(tuple(_told(each) for each in entry.lines))
    if entry.paper_url:
        yield Pairs((("Paper", entry.paper_url),))


def _aside(entry: Entry) -> str:
    facts = (
        purpose(entry),
        f"{entry.minutes} minutes" if entry.minutes else "",
        entry.owner,
        "on consent" if entry.consent else "",
        "late item" if entry.is_late else "",
        f"deferred {count(entry.deferrals, 'time')}" if entry.deferrals else "",
        INTERNAL.casefold() if entry.internal else "",
    )
    return " · ".join(each for each in facts if each)


def _report(row: DepartmentReport, department: Department, zone: ZoneInfo) -> Iterator[Block]:
    at = moment(row.received_at, zone) if row.received_at is not None else ""
    yield Heading(department.name, level=2, aside=f"{STATES[row.state]} {at}".strip())
    if row.measures:
        rows = tuple(
            tuple(str(each.get(name) or "–") for name in ("name", "value", "change", "colour")) for each in row.measures
        )
        yield Table(("Measure", "Value", "Change", "State"), rows, (6, 3, 3, 2))
    pairs = (
        ("What changed", row.changed),
        ("What comes next", row.coming),
        ("Help wanted", row.help_wanted),
        ("Others could reuse", row.offer),
    )
    said = tuple((label, text) for label, text in pairs if text)
    if said:
        yield Pairs(said)


def _papers(items: Sequence[Entry]) -> Table:
    rows = tuple((each.number, each.title, each.paper_url) for each in items)
    return Table(("Item", "Title", "Where"), rows, (1, 4, 6))
