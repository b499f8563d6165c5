"""A paper as Markdown: what people typed stays what they typed."""

import re
from collections.abc import Iterator

from bot.chat.papers import Block, Bullets, Heading, Pairs, Paper, Prose, Quote, Resolved, Table

# Everywhere in a line; the others only mean something at its beginning.
_ALWAYS = re.compile(r"([\\`*_\[\]<>|~&!$])")
_AT_START = re.compile(r"^([#+\-=])")
_NUMBER = re.compile(r"^(\d{1,9})([.)])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\x85]")


def markdown(paper: Paper) -> bytes:
    """The paper in CommonMark with tables as GitHub reads them, in UTF-8."""
    facts = [f"**{_line(label)}:** {_line(value)}" for label, value in paper.facts]
    parts = [f"# {_line(paper.title)}", f"*{_line(paper.kind)} · {_line(paper.subtitle)}*"]
    if paper.status:
        parts.append(f"**{_line(paper.status)}**")
    if facts:
        parts.append("  \n".join(facts))
    parts += [part for block in paper.blocks for part in _block(block)]
    if paper.footer:
        parts += ["---", _line(paper.footer)]
    return ("\n\n".join(parts) + "\n").encode()


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield _heading(block)
        case Prose(text, quiet):
            yield from (f"*{each}*" if quiet else each for each in _paragraphs(text))
        case Bullets(items):
            yield "\n".join(f"- {_line(each)}" for each in items)
        case Pairs(pairs):
            yield "\n".join(f"- **{_line(label)}:** {_line(text)}" for label, text in pairs)
        case Table():
            yield _table(block)
        case Quote(text, source):
            yield "\n".join(f"> {_line(each)}" for each in (text, f"– {source}") if each)
        case Resolved(code, text, pairs):
            yield f"**{_line(code)}: {_line(text)}**"
            if pairs:
                yield "\n".join(f"- **{_line(label)}:** {_line(each)}" for label, each in pairs)


def _heading(heading: Heading) -> str:
    number = f"{heading.number}{'' if '.' in heading.number else '.'} " if heading.number else ""
    aside = f" ({_line(heading.aside)})" if heading.aside else ""
    return f"{'#' * (heading.level + 1)} {number}{_line(heading.text)}{aside}"


def _table(table: Table) -> str:
    rows = [table.head, tuple("---" for _ in table.head)]
    lines = [f"| {' | '.join(_line(each) for each in rows[0])} |", f"| {' | '.join(rows[1])} |"]
    return "\n".join([*lines, *(f"| {' | '.join(_line(each) or ' ' for each in row)} |" for row in table.rows)])


def _paragraphs(text: str) -> Iterator[str]:
    """Each line that somebody wrote as a paragraph of its own."""
    return (line for each in text.splitlines() if (line := _line(each)))


def _line(text: str) -> str:
    """Words on one line that read as they were typed."""
    plain = " ".join(_UNSEEN.sub(" ", text).split())
    return _NUMBER.sub(r"\1\\\2", _AT_START.sub(r"\\\1", _ALWAYS.sub(r"\\\1", plain)))
