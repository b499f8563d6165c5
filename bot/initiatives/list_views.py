"""Lists of initiatives."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from bot.chat.cards import Button, Buttons, Card, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold, Colour, Hue, Text
from bot.chat.words import count, listing, typed
from bot.initiatives.rules import horizon
from bot.initiatives.views import HUE_WORDS, standing
from bot.people.rules import first_name
from storage.initiatives import Initiative, StrategyFrame
from storage.people import Person


class Page(NamedTuple):
    """Some of `number` initiatives, the `first` of them left out before; `filters` say in words which are meant."""

    rows: Sequence[Initiative]
    number: int
    first: int
    filters: Sequence[str]
    people: Mapping[int, Person]
    hues: Mapping[int, Hue]
    frame: StrategyFrame | None
    today: date


def listed(page: Page, again: Mapping[str, str]) -> Card:
    """Ten lines and a way to more; `again` is what **More** carries."""
    which = f" · {listing(page.filters)}" if page.filters else ""
    if not page.rows:
        example = typed('initiative idea "Text the customer the visit time"')
        way = f"Anybody adds one: {example}"
        return Card("No initiative.", (Title("Initiatives"), Paragraph((f"There is none{which}. {way}",))))
    last = page.first + len(page.rows)
    left = page.number - last
    more = Button(f"More, {left} left", "initiative.more", {**again, "first": str(last)})
    sentence = count(page.number, "initiative")
    return Card(
        f"{sentence}{which}.",
        (
            Title("Initiatives"),
            Note(f"{sentence}{which}" + (f" · {page.first + 1} to {last}" if page.number > len(page.rows) else "")),
            Group("The most important first", tuple(_line(page, each) for each in page.rows)),
            *([Buttons((more,))] if left else []),
        ),
    )


def _line(page: Page, initiative: Initiative) -> Line:
    hue = page.hues.get(initiative.id)
    colour: Text = (Colour(hue, HUE_WORDS[hue]), " · ") if hue else ()
    owner = page.people.get(initiative.owner_id or 0)
    said = [standing(initiative), initiative.priority.value, first_name(owner) if owner else "no owner"]
    said += [] if initiative.sponsor_id else ["no sponsor"]
    if initiative.ends_on is not None:
        said.append(f"{horizon(initiative.ends_on, page.frame, page.today).value} term")
    return Line((Bold(initiative.title), f"  {initiative.code}"), (*colour, " · ".join(said)))


def not_a_filter(text: str, known: Sequence[str]) -> str:
    """Words that select nothing."""
    return f"I don't know what '{text}' selects. It can be {listing(known, 'or')}. Nothing was changed."
