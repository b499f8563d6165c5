"""The words of the attention index: never without its parts. Source: domain.md 4.10."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from bot.chat.cards import Card, Element, Group, Line, Note, Number, Numbers, Title
from bot.chat.spans import Bold
from bot.chat.words import count, day, typed
from bot.chat.words import percent as share
from bot.council.status_views import Fact
from bot.minutes.attention_rules import WEIGHTS, Attention, Facts, Part, one_decimal, percent
from storage.agenda import AgendaItem

NOT_REPORTED = "not reported"
NAMES = {
    Part.TIME: "Time on customers",
    Part.SENIORS: "Seniors in person",
    Part.REVIEWS: "Customer reviews",
    Part.BONUS: "Customer in the bonus",
}


def attention(council: str, met_on: date, found: Attention, facts: Facts, *, items: Sequence[AgendaItem]) -> Card:
    """The index with its four parts, what each is counted from, and what the meeting's items were."""
    index = "n/a" if found.index is None else f"{one_decimal(found.index)}"
    numbers = tuple(_number(part, found.parts[part], facts) for part in Part)
    elements: list[Element] = [
        Title(f"Attention {index} of 100"),
        Note(f"{council} · {day(met_on)}"),
        Numbers(numbers),
    ]
    if found.is_rescaled:
        elements.append(Note(_rescaled(found)))
    lines = _items(items)
    if lines:
        elements.append(Group("Items", tuple(lines)))
    if None in found.parts.values():
        elements.append(
            Note(f"To add what is missing: `{typed('council attention customer:2 finance:4 bonus:1 leaders:5')}`")
        )
    parts = ", ".join(f"{NAMES[part].casefold()} {_part(found.parts[part])}" for part in Part)
    return Card(f"Attention of {council}, {day(met_on)}: {index} of 100. {parts}.", tuple(elements))


def on_status(found: Attention, met_on: date) -> Fact:
    """The index of the last meeting on a council's card, with its parts."""
    index = "n/a" if found.index is None else f"{one_decimal(found.index)}"
    parts = ", ".join(f"{NAMES[part].casefold()} {_part(found.parts[part])}" for part in Part)
    return "Attention", (f"{index} of 100 on {day(met_on)}: {parts}",)


def _number(part: Part, value: Fraction | None, facts: Facts) -> Number:
    """A part without data has nothing that it was counted from."""
    return Number(_part(value), NAMES[part], "" if value is None else _counted(part, facts))


def _part(value: Fraction | None) -> str:
    return NOT_REPORTED if value is None else f"{percent(value)}"


def _counted(part: Part, facts: Facts) -> str:
    match part:
        case Part.TIME:
            return _of(_minutes(facts.customer_min), _minutes(facts.meeting_min), " min, a third is all")
        case Part.SENIORS:
            return _of(_text(facts.seniors_there), _text(facts.seniors), " seats")
        case Part.REVIEWS:
            return _of(_text(facts.customer_reviews), _text(facts.finance_reviews), " finance reviews")
        case Part.BONUS:
            return _of(_text(facts.bonus), _text(facts.leaders), " leaders")


def _of(some: str, of: str, words: str) -> str:
    return f"{some} of {of}{words}" if some and of else ""


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _minutes(value: Fraction | None) -> str:
    return "" if value is None else f"{round(value)}"


def _rescaled(found: Attention) -> str:
    missing = [NAMES[part].casefold() for part in Part if found.parts[part] is None]
    weight = sum((WEIGHTS[part] for part in Part if found.parts[part] is None), Fraction(0))
    lacks = " and ".join(missing)
    return f"Without {lacks}, {round(100 * weight)}% of the weight, so the other parts count for the whole."


def _items(items: Sequence[AgendaItem]) -> list[Line]:
    """S2-35 and how often items were carried."""
    if not items:
        return []
    ahead = sum(each.stance is AgendaItem.Stance.PROACTIVE for each in items)
    lines = [Line((Bold(f"{share(ahead, len(items))} proactive"),), (f"{ahead} of {count(len(items), 'item')}",))]
    carried = [each for each in items if each.deferrals]
    if carried:
        most = max(each.deferrals for each in carried)
        often = "once at most" if most == 1 else f"up to {most} times"
        lines.append(Line((Bold(f"{count(len(carried), 'item')} carried before"),), (often,)))
    return lines


def not_a_number(key: str, text: str) -> str:
    """E-06."""
    line = typed("council attention customer:2 finance:4 bonus:1 leaders:5")
    return f"'{text}' is no number for {key}, so nothing was changed. As in `{line}`."


def more_than_all(bonus: int, leaders: int) -> str:
    """E-06."""
    return f"{bonus} of {leaders} leaders can't be: there are only {leaders}. Nothing was changed."


def only_for(council: str) -> str:
    """E-03."""
    return f"Only executives, the chair and the secretary of {council} see its attention. Nothing was changed."
