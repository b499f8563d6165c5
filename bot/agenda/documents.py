"""An agenda as a document, as it is kept with each version that came out, and back; and what changed between two."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.agenda.rules import PRACTICES, REPORTS, Agenda, Entry, Kind, Line, Purpose, Quote, Section, State
from bot.chat.spans import Hue
from storage.agenda import SECTIONS

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
Document: TypeAlias = Mapping[str, Json]


def document(agenda: Agenda, *, only_reports: bool = False) -> dict[str, Json]:
    """An agenda with everything that is in it, what is internal too.

    `only_reports`: it differs from the version before in reports alone.
    """
    sections: list[Json] = [_plain(asdict(each)) for each in agenda.sections]
    return {"length_min": agenda.length_min, "sections": sections, "only_reports": only_reports}


def is_only_reports(content: Document) -> bool:
    """Whether a version came out only because a department changed its report."""
    return content.get("only_reports") is True


def _plain(value: object) -> Json:
    match value:
        case StrEnum():
            return value.value
        case str() | bool() | int() | None:
            return value
        case datetime():
            return value.isoformat()
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            raise TypeError(f"an agenda holds no {type(value).__name__}")


def agenda_in(content: Document) -> Agenda:
    """The agenda that a document is. Raises: ValueError where it has not the sections 1 to 9."""
    sections = tuple(_section(each) for each in _rows(content, "sections"))
    return Agenda(sections, _int(content, "length_min"))


def quoted_in(content: Document) -> frozenset[int]:
    """The customers' words with which an agenda opened its results, by their numbers."""
    quotes = (quote for each in _rows(content, "sections") for quote in _rows(each, "quotes"))
    return frozenset(_int(each, "voc") for each in quotes) - {0}


def _section(row: Document) -> Section:
    return Section(
        _int(row, "number"),
        _int(row, "minutes"),
        tuple(_entry(each) for each in _rows(row, "items")),
        tuple(_line(each) for each in _rows(row, "lines")),
        tuple(Quote(_str(each, "text"), _str(each, "source"), _int(each, "voc")) for each in _rows(row, "quotes")),
        {name: number for name, number in _row(row, "counts").items() if isinstance(number, int)},
        _words(row, "missing"),
        _words(row, "notes"),
        _words(row, "awaited"),
        _instant(row, "awaited_until"),
    )


def _line(row: Document) -> Line:
    hue = _str(row, "hue")
    return Line(
        _str(row, "text"),
        _str(row, "detail"),
        _str(row, "code"),
        Hue(hue) if hue else None,
        internal=row.get("internal") is True,
    )


_TEXTS = ("owner", "department", "paper_url", "initiative", "hurts", "starts", "one_view", "other_view", "stance")


def _entry(row: Document) -> Entry:
    return Entry(
        _int(row, "id"),
        _int(row, "section"),
        _int(row, "seq"),
        _str(row, "title"),
        Kind(_str(row, "kind")),
        State(_str(row, "state")),
        Purpose(_str(row, "purpose")),
        _int(row, "minutes"),
        consent=row.get("consent") is True,
        internal=row.get("internal") is True,
        is_late=row.get("is_late") is True,
        deferrals=_int(row, "deferrals"),
        lines=tuple(_line(each) for each in _rows(row, "lines")),
        level=_str(row, "level"),
        **{name: _str(row, name) for name in _TEXTS},
    )


def _str(row: Document, name: str) -> str:
    found = row.get(name)
    return found if isinstance(found, str) else ""


def _instant(row: Document, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_str(row, name))
    except ValueError:
        return None


def _int(row: Document, name: str) -> int:
    found = row.get(name)
    return found if isinstance(found, int) else 0


def _row(row: Document, name: str) -> Document:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def _rows(row: Document, name: str) -> Sequence[Document]:
    found = row.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _words(row: Document, name: str) -> tuple[str, ...]:
    found = row.get(name)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()


# --- what changed


class What(StrEnum):
    """What can be different in a newer version."""

    ADDED = "added"
    GONE = "gone"
    RENAMED = "renamed"
    RETIMED = "retimed"
    PULLED = "pulled"
    CONSENT = "consent"
    PURPOSE = "purpose"
    SHOWN = "shown"
    REPORT = "report"
    CORRECTED = "corrected"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different; `entry` is how the item stands now, or stood while it is gone."""

    what: What
    section: int
    entry: Entry | None = None
    before: int = 0
    after: int = 0


def with_reports(out: Agenda, now: Agenda, numbers: Collection[int], offers: Collection[str]) -> Agenda:
    """A version with some reports as they are now, by the numbers of their items, and with what these offer.

    `offers` is what stands behind all that they offer. What the version did not have stands behind the others.
    """
    fresh = {each.id: each for each in now.section(REPORTS).items if each.id in numbers}
    changed = {
        REPORTS: _told(out.section(REPORTS), fresh, now.section(REPORTS).minutes),
        PRACTICES: _offered(out.section(PRACTICES), now.section(PRACTICES), offers),
    }
    return replace(out, sections=tuple(changed.get(each.number, each) for each in out.sections))


def _told(out: Section, fresh: Mapping[int, Entry], minutes: int) -> Section:
    """`minutes` are those of a section that was empty."""
    known = {each.id for each in out.items}
    first = tuple(each for number, each in fresh.items() if number not in known)
    came = {each.department for each in first}
    missing, awaited = (tuple(each for each in names if each not in came) for names in (out.missing, out.awaited))
    unasked = len(came) - (len(out.missing) - len(missing)) - (len(out.awaited) - len(awaited))
    grown = {"received": len(first), "asked": unasked}
    return replace(
        out,
        items=(*(replace(each, lines=fresh.get(each.id, each).lines) for each in out.items), *first),
        counts={name: number + grown.get(name, 0) for name, number in out.counts.items()},
        missing=missing,
        awaited=awaited,
        minutes=out.minutes or minutes,
    )


def _offered(out: Section, now: Section, details: Collection[str]) -> Section:
    """What some departments offer is as it is now, by what stands behind it; everything else stays as it came out."""
    before = [place for place, each in enumerate(out.lines) if each.detail in details]
    fresh = [each for each in now.lines if each.detail in details]
    place = before[0] if before else len(out.lines)
    lines = [each for each in out.lines if each.detail not in details]
    grown = len(fresh) - len(before)
    counts = {name: number + grown for name, number in out.counts.items()}
    return replace(out, lines=(*lines[:place], *fresh, *lines[place:]), counts=counts)


def differences(old: Agenda, new: Agenda) -> Sequence[Difference]:
    """What somebody who knows the older version has to know, in the order of the sections.

    What the sections tell by themselves changes all the time and is no reason for another version.
    """
    found: list[Difference] = []
    for number in SECTIONS:
        one, other = old.section(number), new.section(number)
        before, after = ({each.number: each for each in part.items} for part in (one, other))
        found += [_new(each) for key, each in after.items() if key not in before]
        found += [Difference(What.GONE, number, each) for key, each in before.items() if key not in after]
        found += [diff for key, each in after.items() if key in before for diff in _changed(before[key], each)]
        if one.minutes != other.minutes:
            found.append(Difference(What.SECTION, number, before=one.minutes, after=other.minutes))
    return found


def _new(entry: Entry) -> Difference:
    return Difference(What.REPORT if entry.kind is Kind.REPORT else What.ADDED, entry.section, entry)


def _changed(old: Entry, new: Entry) -> Sequence[Difference]:
    found = []
    if old.title != new.title:
        found.append(What.RENAMED)
    if old.minutes != new.minutes:
        found.append(What.RETIMED)
    if old.consent != new.consent:
        found.append(What.CONSENT if new.consent else What.PULLED)
    if old.purpose != new.purpose:
        found.append(What.PURPOSE)
    if old.internal != new.internal:
        found.append(What.SHOWN)
    return [Difference(each, new.section, new, old.minutes, new.minutes) for each in found]
