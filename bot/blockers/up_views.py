"""The words with which a blocker goes up, and the news of what became of it. Source: domain.md 3.4, P-06."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.blockers import rules, views
from bot.blockers.views import Around, Deed, open_words, show_button, standing
from bot.chat.cards import Buttons, Card, Element, Group, Line, Note, Paragraph, Row, Title
from bot.chat.spans import Bold
from bot.chat.words import count, listing, short_day, typed
from bot.people.rules import first_name
from bot.work.rules import Part
from storage.people import Person

ROWS_SHOWN = 5  # with a button of their own
LINES_SHOWN = 5  # without


@dataclass(frozen=True, slots=True)
class Up:
    """A blocker that has gone up to somebody: on which tier, what they are to it, and in whose place they are asked.

    `instead` is empty where it is their own business, and None where nobody's is. `item` is its number on the draft
    of the council's agenda, empty where it stands on none.
    """

    around: Around
    tier: int
    parts: Collection[Part]
    instead: Sequence[Person] | None = ()
    item: str = ""


def bundle(found: Sequence[Up], name: str) -> Card:
    """All that has gone up to a person at one time, in one message."""
    waiting = [each for each in found if rules.is_open(each.around.blocker)]
    if not waiting:
        words = f"All of it is solved. Thank you, {name}"
        return Card(words, (Title(words), Group("", tuple(_solved(each) for each in found[:ROWS_SHOWN]))))
    if len(found) == 1:
        return single(found[0])
    title = f"{count(len(waiting), 'blocker')} {'needs' if len(waiting) == 1 else 'need'} you, {name}"
    shown, others = waiting[:ROWS_SHOWN], waiting[ROWS_SHOWN:]
    elements: list[Element] = [Title(title)]
    elements += [Row(each.around.blocker.text, _detail(each), show_button(each.around.blocker)) for each in shown]
    lines = [Line((each.around.blocker.text,), (_detail(each),)) for each in others[:LINES_SHOWN]]
    if len(others) > LINES_SHOWN:
        lines.append(Line((f"{len(others) - LINES_SHOWN} more: write {typed('huddle blockers')} all",)))
    elements += [Group("And also", tuple(lines))] if lines else []
    solved = [_solved(each) for each in found if each not in waiting]
    elements += [Group("Solved since", tuple(solved[:ROWS_SHOWN]))] if solved else []
    notes = list(dict.fromkeys(note for each in waiting if (note := why_you(each, is_alone=False))))
    elements += [Note(" ".join(notes[:2]))] if notes else []
    return Card(f"{title}. {len(found)} went up to you today.", tuple(elements))


def single(up: Up) -> Card:
    """One blocker that has gone up to somebody, whole."""
    around = up.around
    return views.card(around, up.parts, heading=_opening(around), why=why_you(up), quoted=False)


def _opening(around: Around) -> str:
    """`B-7 has been open since yesterday`."""
    blocker = around.blocker
    if not rules.is_open(blocker):
        return f"{blocker.code} is solved"
    if blocker.customer_stopped and not around.age_days:
        return f"{blocker.code}: a customer is without service"
    return f"{blocker.code} has been open {_since(around)}"


def _since(around: Around) -> str:
    if not around.age_days:
        return "since today"
    if (around.today - around.blocker.raised_on).days == 1:
        return "since yesterday"
    days = f"for {rules.age_words(around.age_days)}"
    return days if around.age_days > 1 else f"since {short_day(around.blocker.raised_on)}"


def why_you(up: Up, *, is_alone: bool = True) -> str:
    """Why somebody is asked whose business it is not, and where one that is `alone` stands on the council's draft."""
    line = typed(f"agenda decline {up.item}")
    stands = f"It stands on the council's draft as {up.item}; `{line}` takes it off." if up.item and is_alone else ""
    return " ".join(each for each in (_instead(up), stands) if each)


def _instead(up: Up) -> str:
    match up.instead, up.tier:
        case None, rules.SPONSOR:
            return "Nobody is a sponsor yet, so administrators are asked."
        case None, _:
            return "Nobody nearer leads or heads it, so you are asked."
        case [], _:
            return ""
        case people, _:
            return f"You are asked in place of {listing([first_name(each) for each in people])}."


def _detail(up: Up) -> str:
    around = up.around
    facts = [around.blocker.code, f"open {open_words(around)}", around.team.name]
    facts += ["a customer is without service"] if around.blocker.customer_stopped else []
    facts += [f"with {first_name(around.holder)}"] if around.holder else []
    facts += [f"{up.item} on the council's draft"] if up.item else []
    return " · ".join(facts)


def _solved(up: Up) -> Line:
    blocker = up.around.blocker
    return Line((blocker.text,), (f"{blocker.code} · {standing(up.around)}",))


def named(around: Around, parts: Collection[Part], asker: str, ask: int) -> Card:
    """A colleague thinks that this reader can help; `ask` is 0 once it needs no answer."""
    return views.card(around, parts, heading=f"{asker} thinks you can help with {around.blocker.code}", ask=ask)


def at_once(up: Up) -> Card:
    """A customer is without service, or somebody passed it on: no waiting for the morning."""
    return single(up)


def news(around: Around, deed: Deed, parts: Collection[Part]) -> Card:
    """What was done to a blocker, for those who have to do with it."""
    return views.card(around, parts, heading=_news(around, deed), why=deed.entry.reason)


def room_news(around: Around, deed: Deed) -> Card:
    """The same in the team's room, in a line."""
    blocker = around.blocker
    heading = _news(around, deed)
    why = f" ({deed.entry.reason})" if deed.entry.reason else ""
    words = f"{heading}: {blocker.text}{why}"
    buttons: tuple[Element, ...] = ()
    if rules.is_open(blocker) and around.holder is None:
        buttons = (Buttons((views.help_button(blocker),)),)
    return Card(words, (Paragraph((Bold(heading), f": {blocker.text}{why}")), *buttons))


def _news(around: Around, deed: Deed) -> str:
    code, is_open = around.blocker.code, rules.is_open(around.blocker)
    match deed.entry.verb:
        case "resolve" if is_open:
            return f"{deed.name} solved {code}; it is open again" if deed.name else f"{code} is open again"
        case "reopen" if not is_open:
            return f"{code} was open again and is solved"
        case "resolve":
            return f"{code} is solved, says {deed.name}" if deed.name else f"{code} is solved"
        case "reopen":
            return f"{code} is open again"
        case "pass":
            return f"{deed.name} passed {code} on to {listing([first_name(each) for each in around.reached])}"
        case "take":
            return f"{deed.name} has taken {code} on"
        case "help":
            return f"{deed.name} can help with {code}"
        case "decline":
            return f"{deed.name} can't help with {code}"
        case _:
            return f"News of {code}"


def said(number: int, name: str) -> str:
    """What the time bar tells of it."""
    return f"{count(number, 'blocker')} to {name}"


def nothing_went_up() -> str:
    """The same where nothing was old enough."""
    return "nothing goes up"
