"""The words about customer numbers."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from operator import itemgetter

from bot.chat.cards import Card, Group, Line, Note, Number, Numbers, Paragraph, Picture, Title
from bot.chat.pictures import Trend
from bot.chat.spans import Bold
from bot.chat.words import count, day, listing, short_day, typed
from bot.measures import rules
from storage.measures import Measure, Reading


def recorded(measure: Measure, reading: Reading, change: str) -> Card:
    """What was stored."""
    value = rules.written(reading.value, measure.unit)
    more = f", {change}" if change else ""
    text = f"{measure.name} for {day(reading.period_on)}: {value}{more}. Recorded."
    return Card(
        text, (Paragraph((f"{measure.name} for {day(reading.period_on)}: ", Bold(value), f"{more}. Recorded.")),)
    )


def added(measure: Measure) -> Card:
    """A new measure."""
    command = _recording(measure)
    return Card(
        f"{measure.code} is {measure.name}. Record its number with {command}",
        (
            Paragraph((Bold(measure.code), f" is {measure.name}. Record its number with")),
            Paragraph((command,)),
        ),
    )


def listed(measures: Sequence[tuple[Measure, Reading | None]]) -> Card:
    """Every measure with its newest number."""
    if not measures:
        return Card("No customer number yet.", (Paragraph((no_measures(),)),))
    lines = tuple(Line((Bold(each.name), f"  {each.code}"), (_newest(each, reading),)) for each, reading in measures)
    return Card(
        f"{count(len(measures), 'customer number')}.", (Title("Customer numbers"), Group("Newest figures", lines))
    )


def shown(measure: Measure, history: Sequence[Reading], *, team: str, owner: str) -> Card:
    """One measure; `history` is in force, newest first."""
    about = Note(" · ".join(part for part in (measure.code, team, owner and f"kept by {owner}") if part))
    if not history:
        how = (Paragraph(("No number yet. Record one with",)), Paragraph((_recording(measure),)))
        return Card(f"{measure.name}: not reported yet.", (Title(measure.name), about, *how))
    newest, *earlier = history
    change = rules.change_words(newest.value, earlier[0].value, measure.unit) if earlier else ""
    value = rules.written(newest.value, measure.unit)
    trend = rules.trend_of(history, measure.unit)
    return Card(
        f"{measure.name}: {value}" + (f", {change}" if change else "") + f" ({day(newest.period_on)}).",
        (
            Title(measure.name),
            about,
            Numbers((Number(value, day(newest.period_on), change),)),
            *([Picture(trend, _in_words(trend, measure.unit))] if trend else []),
        ),
    )


def _in_words(trend: Trend, unit: Measure.Unit) -> str:
    """What the picture says, for who can't see it."""
    first, last = trend.points[0], trend.points[-1]
    low, high = (which(trend.points, key=itemgetter(1)) for which in (min, max))
    when = short_day if first[0].year == last[0].year else day

    def said(point: tuple[date, Decimal]) -> str:
        return f"{rules.written(point[1], unit)} on {when(point[0])}"

    return (
        f"{count(len(trend.points), 'number')} from {said(first)} to {said(last)}; "
        f"lowest {said(low)}, highest {said(high)}."
    )


def _newest(measure: Measure, reading: Reading | None) -> str:
    return (
        "not reported" if reading is None else f"{rules.written(reading.value, measure.unit)}, {day(reading.period_on)}"
    )


def no_measures() -> str:
    """An empty list, and the way on."""
    return f"There is no customer number yet. A lead adds one: {_adding()}"


def which(code: str, known: Sequence[str]) -> str:
    """E-04 for a measure."""
    return (
        f"I can't find the measure {code or 'you mean'}. I know: {', '.join(known) or 'none yet'}. Nothing was changed."
    )


def not_a_value(text: str, measure: Measure) -> str:
    """A value that can't be one."""
    scale = " from 0 to 100" if measure.unit is Measure.Unit.PERCENT else ""
    return f"I can't read '{text}' as a number{scale} for {measure.name}. Nothing was changed."


def needs_value(measure: Measure) -> str:
    """A value is missing."""
    return f"What is the number? For example: {_recording(measure)}"


def not_in_future(on: date) -> str:
    """A day still to come."""
    return f"{day(on)} is still to come, so there can't be a number for it yet. Nothing was changed."


def only_owner(measure: Measure) -> str:
    """E-03 for a measure."""
    return f"Only the owner of {measure.name}, its team's lead or an administrator can record it. Nothing was changed."


def code_taken(measure: Measure) -> str:
    """A second measure with one code."""
    return f"{measure.code} is already {measure.name}. Please choose another code; nothing was changed."


def not_a_unit(text: str) -> str:
    """An unknown unit."""
    units = listing([unit.value for unit in Measure.Unit], "or")
    return f"I don't know the unit '{text}'. It can be {units}. Nothing was changed."


def not_a_code(text: str) -> str:
    """A code that can't stand in a command."""
    return (
        f"'{text}' can't be a code: it is one word of at most {rules.CODE_MAX} characters, such as code:FTF. "
        "Nothing was changed."
    )


def name_too_long(length: int) -> str:
    """A name that no list could show."""
    return f"That name has {length} characters, and at most {rules.NAME_MAX} fit. Nothing was changed."


def needs_name() -> str:
    """A measure without a name."""
    return f"What is it called? For example: {_adding()}"


def _recording(measure: Measure) -> str:
    return typed(f"measure record {measure.code} 78")


def _adding() -> str:
    return typed('measure add "First-time fix" code:FTF')
