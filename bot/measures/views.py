"""The words about customer numbers: one of them, all of them, and how each stands. Source: domain.md K-14."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.chat.cards import Card, Element, Facts, Group, Line, Note, Number, Numbers, Paragraph, Picture, Title
from bot.chat.pictures import Trend
from bot.chat.spans import Bold, Text
from bot.chat.words import count, day, listing, rounded, short_day, typed
from bot.measures import judging, rules
from bot.measures.formulas import Interval, Shift
from bot.measures.judging import Headline, TargetChange
from bot.measures.taking import SCALES, scale_of
from storage.measures import Measure, MeasureConflict, Reading

HISTORY = 6  # periods; Source: domain.md K-14
_WEEK = timedelta(days=6)
_QUARTER = 3  # months


@dataclass(frozen=True, slots=True)
class Around:
    """What a measure hangs together with, by name; empty where there is nothing."""

    team: str = ""
    department: str = ""
    owner: str = ""
    objective: str = ""
    pair: str = ""


def recorded(headline: Headline) -> Card:
    """What was stored, and what it says."""
    measure, reading = headline.measure, headline.newest
    if reading is None:
        raise ValueError("nothing was recorded")
    value = judging.written(measure, reading)
    change = judging.moved(headline)
    before = f"{measure.name} for {period(reading)}: "
    more = f"{', ' if change else ''}{change}. Recorded."
    notes = [Note(each) for each in _in_depth(headline)]
    return Card(f"{before}{value}{more}", (Paragraph((before, Bold(value), more)), *notes))


def _in_depth(headline: Headline) -> list[str]:
    said = []
    if headline.is_hidden:
        said.append(f"With fewer than five answers nobody is shown it: {headline.n} {_answers(headline)}.")
    elif headline.is_low_base:
        said.append(f"Low base: {headline.n} {_answers(headline)}, too few to rely on.")
    if headline.interval:
        said.append(f"With 95% it lies {between(headline.interval)}.")
    if headline.shift:
        said.append(f"{verdict(headline.shift).capitalize()}: {against(headline.shift)}.")
    return said


def _answers(headline: Headline) -> str:
    noun = "answer" if headline.measure.kind in SCALES else "case"
    return noun if headline.n == 1 else f"{noun}s"


def between(interval: Interval) -> str:
    """`between 9.24 and 23.76`."""
    return f"between {_exact(interval.low)} and {_exact(interval.high)}"


def verdict(shift: Shift) -> str:
    """Whether a change means something."""
    return "a real change" if shift.is_real else "within noise"


def against(shift: Shift) -> str:
    """`14.51 against a margin of 10.30`."""
    return f"{_exact(shift.delta)} against a margin of {_exact(shift.margin)}"


def _exact(number: float) -> str:
    return rounded(Decimal(number), 2)


def added(measure: Measure) -> Card:
    """A new measure."""
    command = recording(measure)
    return Card(
        f"{measure.code} is {measure.name}. Record its number with {command}",
        (
            Paragraph((Bold(measure.code), f" is {measure.name}. Record its number with")),
            Paragraph((command,)),
        ),
    )


# --- all of them


def listed(headlines: Sequence[Headline], *, what: str = "") -> Card:
    """Every measure with its newest number; `what` is what was asked for, such as `stale`."""
    if not headlines:
        empty = f"No customer number is {what}." if what else no_measures()
        return Card(empty if what else "No customer number yet.", (Paragraph((empty,)),))
    lines = tuple(Line((Bold(each.measure.name), f"  {each.measure.code}"), (_newest(each),)) for each in headlines)
    title = f"Customer numbers: {what}" if what else "Customer numbers"
    return Card(f"{count(len(headlines), 'customer number')}.", (Title(title), Group("Newest figures", lines)))


def _newest(headline: Headline) -> str:
    if headline.newest is None:
        return "not reported"
    parts = [f"{value(headline)}, {period(headline.newest)}", _base(headline), _colour(headline)]
    return " · ".join(part for part in parts if part)


def value(headline: Headline) -> str:
    """`+17`; `not shown` where too few stand behind it; `not reported` without a reading."""
    if headline.newest is None:
        return "not reported"
    return "not shown" if headline.is_hidden else judging.written(headline.measure, headline.newest)


def _base(headline: Headline) -> str:
    if headline.is_hidden:
        return "fewer than five"
    return f"low base, n {headline.n}" if headline.is_low_base else ""


def _colour(headline: Headline) -> str:
    return headline.colour.value if headline.colour else ""


def headline_line(headline: Headline) -> str:
    """`NPS +17, up 15 points, a real change · between 9.24 and 23.76 · n 500 · target +20: amber`."""
    measure = headline.measure
    if headline.value is None:
        return f"{measure.name}: {value(headline)}" + (f", {_base(headline)}" if headline.is_hidden else "")
    change = judging.moved(headline)
    if change and headline.shift:
        change += f", {verdict(headline.shift)}"
    head = f"{measure.name} {value(headline)}" + (f", {change}" if change else "")
    parts = [head, between(headline.interval) if headline.interval else "", _n(headline), _aim(headline)]
    return " · ".join(part for part in parts if part)


def _n(headline: Headline) -> str:
    return "" if headline.n is None else _base(headline) or f"n {headline.n}"


def _aim(headline: Headline) -> str:
    measure = headline.measure
    if measure.target is None:
        return ""
    colour = _colour(headline)
    return f"target {target(measure, measure.target)}" + (f": {colour}" if colour else "")


def figure_line(headline: Headline) -> str:
    """`First-time fix 92.0%, up 2 points, green`: short, for a department's report."""
    parts = [f"{headline.measure.name} {value(headline)}", judging.moved(headline), _colour(headline)]
    return ", ".join(part for part in parts if part)


def target(measure: Measure, number: Decimal) -> str:
    """A target as its measure's values are written."""
    bare = rules.written(number, measure.unit)
    return f"+{bare}" if measure.kind is Measure.Kind.NPS and number > 0 else bare


# --- one of them


def shown(headline: Headline, history: Sequence[Reading], corrections: Sequence[tuple[Reading, Reading]],
          around: Around) -> Card:  # fmt: skip
    """K-14; `history` is in force, newest first; of `corrections` each is the old reading and the new one."""
    measure = headline.measure
    about = Note(" · ".join(part for part in _about(measure, around) if part))
    facts = (Facts(pairs),) if (pairs := tuple(_facts(headline, around))) else ()
    if headline.newest is None:
        how = (Paragraph(("No number yet. Record one with",)), Paragraph((recording(measure),)))
        return Card(f"{measure.name}: not reported yet.", (Title(measure.name), about, *how, *facts))
    change, newest = judging.moved(headline), period(headline.newest)
    figures = Numbers((Number(value(headline), newest, change),))
    elements: tuple[Element, ...] = (
        Title(measure.name),
        about,
        figures,
        *_warning(headline),
        *_picture(measure, history),
        *facts,
        *_history(measure, history),
        *_corrections(measure, corrections),
    )
    return Card(f"{measure.name}: {value(headline)}" + (f", {change}" if change else "") + f" ({newest}).", elements)


def _about(measure: Measure, around: Around) -> tuple[str, ...]:
    kind = "" if measure.kind is Measure.Kind.RATE else measure.kind.value
    kind = kind.upper() if measure.kind in SCALES else kind
    return (
        measure.code,
        kind if kind != measure.name else "",
        around.team or around.department,
        f"kept by {around.owner}" if around.owner else "",
        "headline" if measure.headline else "",
    )


def _warning(headline: Headline) -> tuple[Note, ...]:
    if headline.is_hidden:
        return (Note(f"Fewer than five stand behind it ({headline.n}), so its value is not shown."),)
    if headline.is_low_base:
        return (Note(f"Low base: {headline.n} {_answers(headline)}, too few to rely on."),)
    return ()


def _facts(headline: Headline, around: Around) -> list[tuple[str, Text]]:
    measure, found = headline.measure, dict[str, str]()
    if headline.shift:
        found["Change"] = f"{verdict(headline.shift)}: {against(headline.shift)}"
    if headline.interval:
        found["Margin"] = f"with 95% {between(headline.interval)}"
    if headline.n is not None and not headline.is_hidden:
        found["Based on"] = f"{headline.n} {_answers(headline)}"
    if measure.target is not None:
        found["Target"] = " · ".join(each for each in (target(measure, measure.target), _colour(headline)) if each)
    if measure.question:
        found["Question"] = measure.question
    if measure.kind in SCALES and measure.question:
        found["Scale"] = "{} to {}".format(*scale_of(measure))
    found |= {"Objective": around.objective, "Brings": measure.financial_outcome, "Hard pair": around.pair}
    return [(label, (text,)) for label, text in found.items() if text]


def _picture(measure: Measure, history: Sequence[Reading]) -> tuple[Picture, ...]:
    # Of two numbers for one period the later one stands: nobody sees both.
    stands = {each.period_on: each for each in reversed(history) if not judging.is_hidden(each)}
    if len(stands) < 2:  # noqa: PLR2004 - the fewest points that make a line
        return ()
    points = [(on, judging.rounded(measure, each, judging.exact(measure, each))) for on, each in sorted(stands.items())]
    trend = Trend(tuple(points), rules.sign(measure.unit))
    return (Picture(trend, _in_words(measure, [stands[on] for on, _ in points])),)


def _in_words(measure: Measure, readings: Sequence[Reading]) -> str:
    """What the picture of readings, oldest first, says, for who can't see it."""
    first, last = readings[0], readings[-1]
    low, high = (which(readings, key=lambda each: judging.exact(measure, each)) for which in (min, max))
    is_one_year = first.period_on.year == last.period_on.year

    def said(reading: Reading) -> str:
        if reading.from_on:
            return f"{judging.written(measure, reading)} in {period(reading)}"
        when = short_day(reading.period_on) if is_one_year else day(reading.period_on)
        return f"{judging.written(measure, reading)} on {when}"

    numbers = f"{count(len(readings), 'number')} from {said(first)} to {said(last)}"
    return f"{numbers}; lowest {said(low)}, highest {said(high)}."


def _history(measure: Measure, history: Sequence[Reading]) -> tuple[Group, ...]:
    if len(history) < 2:  # noqa: PLR2004 - one stands above already
        return ()
    lines = []
    for each in history[:HISTORY]:
        one = judging.judge(measure, [each])
        lines.append(Line((Bold(value(one)), f"  {period(each)}"), (_n(one),) if _n(one) else ()))
    return (Group(f"The last {len(lines)} periods", tuple(lines)),)


def _corrections(measure: Measure, corrections: Sequence[tuple[Reading, Reading]]) -> tuple[Group, ...]:
    if not corrections:
        return ()
    lines = tuple(
        Line(
            (f"{period(old)}: {_plain(measure, old)}, now {_plain(measure, new)}",),
            (f"{new.reason or 'recorded again'} · {day(new.created_at.date())}",),
        )
        for old, new in corrections
    )
    return (Group("Corrections", lines),)


def _plain(measure: Measure, reading: Reading) -> str:
    return value(judging.judge(measure, [reading]))


def period(reading: Reading) -> str:
    """`Mon 23 Nov 2026`, `week 48 of 2026`, `Nov 2026`, `Q4 2026`."""
    return span(reading.from_on or reading.period_on, reading.period_on)


def span(first: date, last: date) -> str:
    """The same, for the days from `first` to `last`."""
    if first == last:
        return day(last)
    if last - first == _WEEK:
        year, week, _ = first.isocalendar()
        return f"week {week} of {year}"
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    if months == 1:
        return f"{short_day(last).rsplit(' ', 1)[-1]} {last.year}"
    return f"Q{(last.month + _QUARTER - 1) // _QUARTER} {last.year}" if months == _QUARTER else _days(first, last)


def _days(first: date, last: date) -> str:
    return f"{day(first)} to {day(last)}"


# --- what the council's review of its measures shows


def conflict_line(conflict: MeasureConflict, one: Measure, other: Measure) -> str:
    """`AHT and FTF pull apart: Short calls leave out the diagnosis (since Thu 19 Nov 2026)`."""
    return f"{one.code} and {other.code} pull apart: {conflict.why} (since {day(conflict.raised_on)})"


def stale_line(measure: Measure, newest: Reading | None) -> str:
    """`First-time fix has no number since Oct 2026`."""
    return f"{measure.name} has no number {f'since {period(newest)}' if newest else 'yet'}"


def unanchored_line(measure: Measure) -> str:
    """`First-time fix has no objective and no financial outcome`."""
    missing = [] if measure.objective_id else ["no objective"]
    missing += [] if measure.financial_outcome else ["no financial outcome"]
    return f"{measure.name} has {listing(missing)}"


def target_line(changed: TargetChange) -> str:
    """`NPS: target +20, before that +30, since Thu 19 Nov 2026: the new question`."""
    measure = changed.measure
    old, new = ("none" if each is None else target(measure, each) for each in (changed.before, changed.after))
    reason = f": {changed.reason}" if changed.reason else ""
    return f"{measure.name}: target {new}, before that {old}, since {day(changed.on)}{reason}"


# --- the way on


def no_measures() -> str:
    """An empty list, and the way on."""
    return f"There is no customer number yet. A lead adds one: {adding()}"


def recording(measure: Measure) -> str:
    """How its next number is recorded."""
    match measure.kind:
        case Measure.Kind.NPS:
            return typed(f"measure record {measure.code} promoters:50 passives:30 detractors:20")
        case Measure.Kind.CES:
            return typed(f"measure record {measure.code} value:5.43 n:200")
        case _:
            return typed(f"measure record {measure.code} 78")


def adding() -> str:
    """How a measure is added."""
    return typed('measure add "First-time fix" code:FTF')
