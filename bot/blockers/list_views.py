"""The words of a list of blockers. Source: domain.md 3.2."""

from collections.abc import Sequence

from bot.blockers import rules
from bot.blockers.views import Around, open_words, show_button, standing, tier_words
from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Row, Title
from bot.chat.words import count, listing, typed
from bot.guide.views import SAY

PAGE = 10
ROWS_SHOWN = 4  # with a button of their own


def listed(title: str, found: Sequence[Around], *, total: int, is_first: bool, more: str) -> Card:
    """A page: the first with a button each; `more` is the line that asks for the next one."""
    if not found:
        words = "Nothing is in the way." if is_first else "There are no more."
        how = f'Something is? Write {typed("huddle blocker")} "what is in the way".'
        return Card(f"{title}: {words}", (Title(title), Note(f"{words} {how}")))
    elements: list[Element] = [Title(title), Note(count(total, "blocker"))]
    elements += [Row(each.blocker.text, _detail(each), show_button(each.blocker)) for each in found[:ROWS_SHOWN]]
    lines = tuple(Line((each.blocker.text,), (_detail(each),)) for each in found[ROWS_SHOWN:])
    elements += [Group("And also", lines)] if lines else []
    elements += [Buttons((Button("More", SAY, {"text": more}),))] if more else []
    return Card(f"{title}: {count(total, 'blocker')}.", tuple(elements))


def _detail(around: Around) -> str:
    blocker = around.blocker
    facts = [blocker.code, standing(around) if not rules.is_open(blocker) else f"open {open_words(around)}"]
    facts += ["a customer is without service"] if blocker.customer_stopped else []
    facts += [up] if (up := tier_words(blocker)) else []
    facts += [f"with {around.holder.name}"] if around.holder else []
    facts += [f"waits for {around.department.name}"] if around.department and not around.holder else []
    facts += [around.team.name]
    return " · ".join(facts)


def which_list(word: str) -> str:
    """A word that is no filter."""
    ways = listing(["mine", "all", "solved", "stopped", "tier:2", "team:", "dept:"], "or")
    return f"I don't know '{word}' here. You can write {ways} behind {typed('huddle blockers')}."
