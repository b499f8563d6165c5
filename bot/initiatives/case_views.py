"""The words of a business case. Source: domain.md 4.8, S2-06."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from bot.chat.cards import Card, Element, Facts, Note, Paragraph, Title
from bot.chat.spans import Text
from bot.chat.words import count, figure, listing, rounded, typed
from bot.initiatives.economics import BASIS, Faults, Gain, Plan, gain
from bot.initiatives.views import money
from storage.initiatives import BusinessCase, Initiative

COLUMNS = {
    "faults": "faults",
    "call": "call_cost",
    "visit": "visit_cost",
    "repeats": "repeats_now",
    "then": "repeats_then",
    "extra": "extra_cost",
    "once": "one_off",
    "months": "months",
    "again": "can_repeat",
}
"""What is typed, and where it is kept."""
ALSO = {"repeat": "repeats", "repeat_after": "then", "one_off": "once"}
"""Other words for some of them."""
KEYS = (*COLUMNS, *ALSO)
_NEEDED = ("faults", "call", "visit", "repeats", "then")
_LABELS = {
    "faults": "Faults a month",
    "call": "A call costs",
    "visit": "A visit costs",
    "repeats": "Visits repeated now",
    "then": "Visits repeated then",
    "extra": "Each call costs more",
    "once": "Costs once",
}
NOT_AVAILABLE = "n/a"


def missing(case: BusinessCase | None) -> Sequence[str]:
    """What is to be typed before anything can be reckoned."""
    return [key for key in _NEEDED if case is None or getattr(case, COLUMNS[key]) is None]


def reckoned(case: BusinessCase | None) -> Gain | None:
    """What comes of it; None while a number is missing."""
    if case is None or missing(case):
        return None
    faults = Faults(case.faults or 0, case.call_cost or 0, case.visit_cost or 0, case.can_repeat)
    now, then = Fraction(case.repeats_now or 0, BASIS), Fraction(case.repeats_then or 0, BASIS)
    return gain(Plan(faults, now, then, case.extra_cost or 0, case.one_off or 0, case.months))


def card(initiative: Initiative, case: BusinessCase | None) -> Card:
    """The numbers and what follows from them, or which are missing."""
    found = reckoned(case)
    elements: list[Element] = [Title("Business case"), Note(f"{initiative.code} {initiative.title}")]
    if case is not None:
        elements.append(Facts(_typed(case)))
    if case is None or found is None:
        words = f"Still needed: {listing([f'{each}:' for each in missing(case)])}."
        example = typed(f"initiative case {initiative.code} faults:1000 call:3 visit:150 repeats:20% then:8%")
        elements += [Paragraph((words,)), Paragraph((f"For example: {example}",))]
        return Card(f"Business case of {initiative.code}. {words}", tuple(elements))
    elements += [Facts(_found(case, found)), Note(_meaning(case, found))]
    return Card(f"Business case of {initiative.code}: {line(case)}.", tuple(elements))


def _typed(case: BusinessCase) -> tuple[tuple[str, Text], ...]:
    found: list[tuple[str, Text]] = []
    for key, label in _LABELS.items():
        value = getattr(case, COLUMNS[key])
        if value is not None:
            found.append((label, (_value(key, value, case.currency),)))
    return tuple(found)


def _value(key: str, value: int, currency: str) -> str:
    match key:
        case "faults":
            return f"{value:,}"
        case "repeats" | "then":
            return f"{figure(Decimal(value) / 100)}%"
        case _:
            return money(value, currency)


def _found(case: BusinessCase, found: Gain) -> tuple[tuple[str, Text], ...]:
    known: tuple[tuple[str, str], ...] = (
        ("A month costs now", _money(found.cost_now, case.currency)),
        ("And then", _money(found.cost_then, case.currency)),
        ("Saves", f"{_money(found.saving, case.currency)} a month"),
        (f"Return over {count(case.months, 'month')}", _percent(found.roi)),
        ("Back after", _months(found.payback_months)),
    )
    if not case.one_off:
        known = (*known[:3], ("Costs once", "not said yet" if case.one_off is None else "nothing"))
    return tuple((label, (words,)) for label, words in known)


def _meaning(case: BusinessCase, found: Gain) -> str:
    said = []
    if found.break_even is not None:
        points = rounded(_decimal(found.break_even * 100), 1)
        said.append(f"It pays from {points} percentage points fewer repeated visits on.")
    if found.calls_for_a_visit is not None:
        said.append(f"One avoided visit pays for {rounded(_decimal(found.calls_for_a_visit))} calls.")
    said.append("A repeated visit may be repeated too." if case.can_repeat else "A visit is repeated once at most.")
    return " ".join([*said, f"All amounts are in {case.currency}."])


def line(case: BusinessCase | None) -> str:
    """`saves £15,000 a month, return 200% over 6 months, back after 2.0 months`; empty while it is not complete."""
    found = reckoned(case)
    if case is None or found is None:
        return ""
    said = [
        f"saves {_money(found.saving, case.currency)} a month"
        if found.saving >= 0
        else f"costs {_money(-found.saving, case.currency)} a month more"
    ]
    if case.one_off:
        said.append(f"return {_percent(found.roi)} over {count(case.months, 'month')}")
        said.append(f"back after {_months(found.payback_months)}")
    return ", ".join(said)


def _money(amount: Fraction, currency: str) -> str:
    return money(int(rounded(_decimal(amount))), currency)


def _percent(share: Fraction | None) -> str:
    return NOT_AVAILABLE if share is None else f"{rounded(_decimal(share * 100))}%"


def _months(months: Fraction | None) -> str:
    return NOT_AVAILABLE if months is None else f"{rounded(_decimal(months), 1)} months"


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


# --- refusals


def not_a_number(key: str, text: str, most: int) -> str:
    """No whole number."""
    return f"I can't read '{text}' after {key}: as a whole number from 1 to {most:,}. Nothing was changed."


def not_a_share(key: str, text: str) -> str:
    """No share of visits."""
    return f"I can't read '{text}' after {key}: as a share from 0% to 100%, such as 20%. Nothing was changed."


def not_money(key: str, text: str, currency: str) -> str:
    """No amount, or one in another currency."""
    return (
        f"I can't read '{text}' after {key}: as an amount in {currency}, such as 15,000 or 15k; amounts are not "
        "converted. Nothing was changed."
    )


def not_yes_or_no(key: str, text: str) -> str:
    """Neither."""
    return f"After {key}: please write yes or no; I read '{text}'. Nothing was changed."


def for_ever() -> str:
    """Every visit is repeated, and every repeated one too."""
    return "If every visit were repeated and every repeated one too, there would be no end. Nothing was changed."
