"""What is said when one item becomes part of another, and when it stands by itself again."""

from collections.abc import Sequence

from bot.agenda.reply_views import number
from bot.chat.cards import Card, Paragraph
from bot.chat.words import listing, typed
from storage.agenda import AgendaItem


def merged_into(item: AgendaItem, into: str) -> str:
    """A true answer to a press on an item that is part of another one now."""
    return f"'{item.title}' was merged into {into}. Nothing was changed."


def into_itself() -> str:
    """Merging needs another item."""
    return f"Into which item? Please name another one: `{typed('agenda merge 5.3 into:5.1')}`. Nothing was changed."


def merged(item: AgendaItem, into: str) -> str:
    """Two items are one."""
    return f"'{item.title}' is part of {into} now."


def owner_outside(item: AgendaItem, into: AgendaItem, name: str) -> str:
    """2.4 (24): what is internal is nobody's outside; the other way round it can be taken up."""
    line = typed(f"agenda merge {number(into)} into:{number(item)}")
    return (
        f"{number(into)} is {name}'s, who is not of the organisation, and {number(item)} is internal. "
        f"The other way round it works: `{line}`. Nothing was changed."
    )


def alone_again(names: Sequence[str]) -> str:
    """Beside `'Seals' is withdrawn.`: what was part of it is not lost."""
    stand = "stands by itself" if len(names) == 1 else "stand by themselves"
    return f" {listing(names, 'and')}, merged into it before, {stand} again." if names else ""


def told_alone(item: AgendaItem) -> Card:
    """Its owner hears that it is an item of its own again."""
    words = f"Your item '{item.title}' is on the agenda by itself again, because what it was merged into is not."
    return Card(words, (Paragraph((words,)),))
