"""A form that came back as a mail: what stands below each question, and what it means. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TypeAlias, assert_never

from adapters.email import views
from adapters.email.answers import folded
from adapters.email.form_text import held_by, hints_of, label_of
from adapters.email.quoting import Line
from bot.chat.dates import read_date
from bot.chat.forms import DateInput, Form, Input, OneOf, Option, PersonInput, SomeOf, TextInput, TimeInput

SATURDAY = 5  # as date.weekday() counts

_EDGE = re.compile(r"^\s*-{2}\s*(?:(?P<number>\d{1,3}) of \d+|end)\s*-{2}\s*$", re.IGNORECASE)
_BEHIND = re.compile(r"^\s*[?:][?:\s]*(\S.*)$")
_CLOCK = re.compile(r"^(\d{1,2})\s*(?:[:.h]\s*(\d{2}))?\s*(am|pm)?$", re.IGNORECASE)

Typed: TypeAlias = Mapping[str, str]
"""What stands below the questions, by input id, as it was typed."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a question was found: its line, the one after it, and what stands behind it on its own line."""

    at: int
    start: int
    line: Line
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """What was typed, as a form's values, and by input id why something can't be taken. People are still names."""

    values: Mapping[str, str]
    errors: Mapping[str, str]


def filled_in(form: Form, lines: Sequence[Line], names: Mapping[str, str]) -> Typed | None:
    """What stands below the questions; None where nobody filled in anything.

    A question that is missing keeps what it held. A form that is only quoted, as it was sent, was not filled in.
    """
    found = {each.id: _find(label_of(each), lines, number) for number, each in enumerate(form.inputs, 1)}
    heads = {place.at for place in found.values() if place is not None}
    said = {folded(hint) for each in form.inputs for hint in hints_of(each) if not hint.startswith("- ")}
    lines = [replace(each, is_edge=each.is_edge or folded(each.text) in said) for each in lines]
    typed: dict[str, str] = {}
    is_filled = False
    for each in form.inputs:
        held, place = held_by(each, names), found[each.id]
        if place is None:
            typed[each.id] = held
            continue
        below = _below(place, lines, heads, held)
        is_filled = is_filled or place.line.is_own or _squeezed(below) != _squeezed(held)
        typed[each.id] = below
    return typed if is_filled else None


def as_it_stands(form: Form, names: Mapping[str, str]) -> Typed:
    """What a form holds, as if somebody had written it."""
    return {each.id: held_by(each, names) for each in form.inputs}


def meant(form: Form, typed: Typed, today: date) -> Meant:
    """What was typed, as values of the form."""
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    for each in form.inputs:
        value, error = _value(each, typed.get(each.id, "").strip(), today)
        values[each.id] = value
        if error:
            errors[each.id] = error
    return Meant(values, errors)


# --- where the questions are


def _find(label: str, lines: Sequence[Line], number: int) -> _Found | None:
    """A question in what its reader wrote, else in what was quoted; mail programs may break it into two lines.

    One below its own head goes before another line with the same words, which may stand on the card above the form.
    """
    found = [place for at in range(len(lines)) if (place := _at(label, lines, at)) is not None]
    found = [each for each in found if each.line.is_own] or found
    return next((each for each in found if _head_above(lines, each.at) == number), found[0] if found else None)


def _head_above(lines: Sequence[Line], at: int) -> int:
    """The number of the head below which a line stands; 0 where there is none."""
    above = next((head for line in reversed(lines[:at]) if (head := _EDGE.match(line.text))), None)
    return int(above["number"]) if above is not None and above["number"] else 0


def _at(label: str, lines: Sequence[Line], at: int) -> _Found | None:
    line, wanted = lines[at], folded(label)
    if line.is_edge or not line.text.strip():
        return None
    if folded(line.text) == wanted:
        return _Found(at, at + 1, line)
    if at + 1 < len(lines) and folded(f"{line.text} {lines[at + 1].text}") == wanted:
        return _Found(at, at + 2, line)
    bare, text = label.rstrip("?: "), line.text.strip()
    if text.casefold().startswith(bare.casefold()):
        behind = _BEHIND.match(text[len(bare) :])
        if behind is not None:
            return _Found(at, at + 1, line, behind[1].strip())
    return None


def _below(place: _Found, lines: Sequence[Line], heads: set[int], held: str) -> str:
    block = [replace(place.line, text=place.behind)] if place.behind else []
    for at in range(place.start, len(lines)):
        line = lines[at]
        if at in heads or line.is_edge or line.is_below != place.line.is_below or _EDGE.match(line.text):
            break
        block.append(line)
    if _squeezed(_joined(block)) == _squeezed(held):
        return held  # a mail program may have broken a line, and marked only its beginning
    # Who writes into a quoted form writes lines without its marks.
    text = _joined([each for each in block if each.depth < place.line.depth])
    if text:
        return text
    return _joined([each for each in block if each.depth == place.line.depth])


def _joined(lines: Sequence[Line]) -> str:
    return "\n".join(each.text.rstrip() for each in lines).strip()


def _squeezed(text: str) -> str:
    return " ".join(text.split())


# --- what an answer means


def _value(each: Input, typed: str, today: date) -> tuple[str, str]:
    """The value, and why it can't be taken: then it is what was typed."""
    # Below a question that is not answered in one's own words, what follows after a blank line belongs to the mail.
    line = " ".join(re.split(r"\n\s*\n", typed, maxsplit=1)[0].split())
    match each:
        case TextInput(multiline=multiline, longest=longest):
            text = typed if multiline else " ".join(typed.split())
            return text, views.too_many_signs(len(text), longest) if len(text) > longest else ""
        case _ if not line or (each.optional and folded(line) in {"", "none", "n/a", "nobody"}):
            return "", ""
        case OneOf(options=options):
            return _one(line, options)
        case SomeOf(options=options):
            return _some(typed, options)
        case DateInput():
            return _day(line, today)
        case TimeInput():
            return _time(line)
        case PersonInput():
            return line, ""
        case _:
            assert_never(each)


def _one(typed: str, options: Sequence[Option]) -> tuple[str, str]:
    found = _option(typed, options)
    if found is None:
        return typed, views.not_an_option(typed, [option.label for option in options])
    return found.value, ""


def _option(typed: str, options: Sequence[Option]) -> Option | None:
    """The option that was named in full, or the only one that begins so."""
    wanted = folded(typed)
    exact = next((each for each in options if wanted in {folded(each.label), folded(each.value)}), None)
    begun = [each for each in options if wanted and folded(each.label).startswith(wanted)]
    return exact or (begun[0] if len(begun) == 1 else None)


def _some(typed: str, options: Sequence[Option]) -> tuple[str, str]:
    """Each line is an option; one that is none is read as several with commas between them."""
    values: list[str] = []
    for line in typed.split("\n"):
        whole = _option(line, options) if line.strip() else None
        for part in [line] if whole is not None else re.split("[,;]", line):
            if not folded(part):
                continue
            value, error = _one(part.strip(" -*"), options)
            if error:
                return typed, error
            values.append(value)
    return ",".join(dict.fromkeys(values)), ""


def _day(typed: str, today: date) -> tuple[str, str]:
    try:
        return date.fromisoformat(typed).isoformat(), ""
    except ValueError:
        found = read_date(typed.rstrip("."), today, lambda on: on.weekday() < SATURDAY)
    if not isinstance(found, date):
        return typed, views.not_a_day(typed)
    return found.isoformat(), ""


def _time(typed: str) -> tuple[str, str]:
    found = _CLOCK.match(typed)
    if found is None:
        return typed, views.not_a_time(typed)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").casefold()
    if half and 1 <= hour <= 12:  # noqa: PLR2004 - hours on a clock's face
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute).strftime("%H:%M"), ""
    except ValueError:
        return typed, views.not_a_time(typed)
