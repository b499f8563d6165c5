"""From cards to what Teams shows: Adaptive Cards 1.5, pure. Whatever somebody typed is text; only we make elements.

Source: https://adaptivecards.io/explorer and
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference#adaptive-card.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from adapters.teams.render_blocks import Setting, body_of
from adapters.teams.render_fit import CARD_MAX, Step, carried_by, shorter, steps
from adapters.teams.render_press import not_too_much, pressed
from adapters.teams.render_spans import Ats, Person, ats_of, each_text
from adapters.teams.render_text import cleaned, inert, one_line, shortened, size_of
from adapters.teams.render_views import NEW_MESSAGE
from adapters.teams.wiring import Fields
from bot.chat.cards import Card, Element, Paragraph, people_in
from bot.chat.pictures import Drawing

__all__ = ["Message", "Person", "adaptive_card", "message", "pressed"]

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"  # the newest that bots may use on every client of Teams
SUMMARY_MAX = 500  # characters
NOBODY: Mapping[int, Person] = MappingProxyType({})
NO_PICTURES: Mapping[Drawing, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Message:
    """What an activity is made of: `summary` for notifications, `content` for its one attachment.

    `entities` are the card's own mentions; the text that they belong to stands in the card, not in the activity.
    """

    summary: str
    content: Fields
    entities: list[Fields]


def message(
    card: Card,
    *,
    people: Mapping[int, Person] = NOBODY,
    pictures: Mapping[Drawing, bytes] = NO_PICTURES,
    is_reply: bool = False,
    is_targeted: bool = False,
) -> Message:
    """`card` as one message. `people` has those whom Teams knows, for mentions; `pictures` drawings as PNG.

    Its buttons bring back whether it `is_reply`, an immediate answer, and `is_targeted`, seen by one person alone.

    The card takes up to CARD_MAX as JSON without blanks and escapes.
    Raises: ValueError when the buttons carry more than there is room for.
    """
    not_too_much([each for element in card.elements for each in carried_by(element)])
    mentioned = {number: people[number] for number in people_in(card) if number in people}
    summary = inert(shortened(cleaned(card.summary).strip(), SUMMARY_MAX)) or NEW_MESSAGE
    setting = Setting(ats_of(mentioned), pictures, is_reply, is_targeted)
    content = _fitted(card.elements, setting, mentioned, summary=summary)
    return Message(summary, content, content["msteams"].get("entities", []))


def adaptive_card(body: list[Fields], *, fallback: str, entities: Sequence[Fields] = ()) -> Fields:
    """A card around `body`; `fallback` is said by a client that can't show it."""
    return {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": VERSION,
        "fallbackText": fallback,
        "msteams": {"width": "Full", **({"entities": list(entities)} if entities else {})},
        "body": body,
    }


def _fitted(elements: Sequence[Element], setting: Setting, people: Mapping[int, Person], *, summary: str) -> Fields:
    """A card of as much of `elements` as Teams takes; of `summary` where they show nothing."""

    def drawn(step: Step) -> Fields:
        chosen = replace(setting, lines=step.lines, is_bare=step.is_bare)
        body = body_of(shorter(elements, step), chosen) or body_of((Paragraph((summary,)),), chosen)
        return adaptive_card(body, fallback=summary, entities=_entities(body, setting.ats, people))

    ever_shorter = steps(elements)
    whole = drawn(ever_shorter[0])
    if size_of(whole) > CARD_MAX and setting.pictures:  # rather a picture less than words
        return _fitted(elements, replace(setting, pictures=NO_PICTURES), people, summary=summary)
    if size_of(whole) <= CARD_MAX:
        return whole
    first = bisect_left(ever_shorter[:-1], x=True, key=lambda step: size_of(drawn(step)) <= CARD_MAX)
    return drawn(ever_shorter[first])


def _entities(body: list[Fields], ats: Ats, people: Mapping[int, Person]) -> list[Fields]:
    """Who is mentioned in what is shown, each once, in reading order: Teams counts on both."""
    texts: list[str] = []
    each_text(body, texts.append)
    shown = "\n".join(texts)
    found = sorted((shown.find(at), number) for number, at in ats.items() if at in shown)
    return [_entity(ats[number], people[number]) for _, number in found]


def _entity(at: str, person: Person) -> Fields:
    name = one_line(person.name) or at.removeprefix("<at>").removesuffix("</at>")
    return {"type": "mention", "text": at, "mentioned": {"id": person.external_id, "name": shortened(name, 200)}}
