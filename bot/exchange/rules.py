"""What stands in the cells of a list, and how a list is read from bytes. Pure. Source: RFC 4180."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a cell for a formula. Source: OWASP, CSV Injection."""
CELL_MAX = 20_000  # characters; more is a quotation mark that was left open
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Format(StrEnum):
    """How a list is written."""

    CSV = "csv"
    MD = "md"


@dataclass(frozen=True, slots=True)
class Bad:
    """What is wrong with the record that begins on a line; line 0 is the whole file."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Record:
    """A line of a list by its columns, and the line of the file on which it begins."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list that was read, and what can't be read of it."""

    records: Sequence[Record]
    bad: Sequence[Bad]


# --- out


def safe(value: object) -> str:
    """A cell for a spreadsheet: what would be a formula gets an apostrophe before it."""
    text = plain(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def plain(value: object) -> str:
    """A value as it stands in a list: dates and instants in ISO 8601, what is missing as nothing."""
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def as_csv(rows: Sequence[Sequence[object]]) -> str:
    """Some lines of a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def as_markdown(rows: Sequence[Sequence[object]]) -> str:
    """Some lines of a Markdown table."""
    return "".join(f"| {' | '.join(_in_table(plain(cell)) for cell in row)} |\n" for row in rows)


def markdown_head(columns: Sequence[str]) -> str:
    """The first two lines of a Markdown table."""
    return as_markdown([columns]) + f"|{'---|' * len(columns)}\n"


_IN_TABLE = (("\\", "\\\\"), ("|", "\\|"), ("&", "&amp;"), ("<", "&lt;"), ("`", "\\`"))


def _in_table(text: str) -> str:
    for mark, instead in _IN_TABLE:
        text = text.replace(mark, instead)
    return "<br>".join(text.splitlines())


# --- in


def read(content: bytes, columns: Sequence[str], required: Sequence[str]) -> Sheet:
    """A list with some of `columns`, and all that are `required`, in any order; separated by commas or semicolons."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _unreadable(0, "the file is UTF-16; save it as “CSV UTF-8”")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode()
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        byte = content[problem.start]
        return _unreadable(line, f"the byte {byte:#04x} is not UTF-8; save the file as “CSV UTF-8”")
    if not text.strip():
        return _unreadable(0, "the file is empty; its first line names the columns")
    return _read_text(text, columns, required)


def _unreadable(line: int, why: str) -> Sheet:
    return Sheet((), (Bad(line, why),))


def _read_text(text: str, columns: Sequence[str], required: Sequence[str]) -> Sheet:
    bad: list[Bad] = []
    records = _records(text, bad)
    line, head = next(records, (1, []))
    names = [name.strip().casefold() for name in head]
    problems = [] if bad else _wrong_heads(names, columns, required)
    if problems or bad:
        return Sheet((), [*bad, *(Bad(line, why) for why in problems)])
    found: list[Record] = []
    for line, cells in records:
        if len(cells) != len(names):
            bad.append(Bad(line, f"has {len(cells)} cells, and the first line names {len(names)} columns"))
        elif (longest := max(map(len, cells))) > CELL_MAX:
            why = f"has a cell of {longest} characters, and at most {CELL_MAX} fit"
            bad.append(Bad(line, f"{why}; is a quotation mark missing?"))
        else:
            found.append(Record(line, {name: _cell(cell) for name, cell in zip(names, cells, strict=True)}))
    return Sheet(found, bad)


def _records(text: str, bad: list[Bad]) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not empty, with the line on which it begins; a quotation mark amiss ends the file."""
    first = text.lstrip("\r\n").splitlines()[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    # Its own limit ends the file with words of a program; the whole text is in memory already.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            bad.append(Bad(line, f"can't be read from here on: {problem}"))
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _wrong_heads(names: Sequence[str], columns: Sequence[str], required: Sequence[str]) -> list[str]:
    missing = [name for name in required if name not in names]
    unknown = [name or "(without a name)" for name in names if name not in columns]
    twice = sorted({name for name in names if names.count(name) > 1} - set(unknown))
    known = f"; known are: {', '.join(columns)}"
    return [
        *([f"the column{_s(missing)} {', '.join(missing)} {_is(missing)} missing{known}"] if missing else []),
        *([f"the column{_s(unknown)} {', '.join(unknown)} {_is(unknown)} not known{known}"] if unknown else []),
        *(
            [f"the column{_s(twice)} {', '.join(twice)} stand{'s' if len(twice) == 1 else ''} there twice"]
            * bool(twice)
        ),
    ]


def _s(names: Sequence[str]) -> str:
    return "" if len(names) == 1 else "s"


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _cell(text: str) -> str:
    """A cell as it was meant: the apostrophe that keeps it from being a formula belongs to the file."""
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def day_in(text: str) -> date | None:
    """The day that an ISO date names; None where it names none."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
