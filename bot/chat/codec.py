"""Cards, forms and answers as JSON and back: an answer is kept with its event and given again to a redelivery."""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from bot.chat import cards, forms, pictures, replies, spans

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

_KINDS: dict[str, type] = {
    kind.__name__: kind
    for module in (spans, pictures, cards, forms, replies)
    for kind in vars(module).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind)
}


def encoded(value: object) -> Json:
    """`value` as plain JSON: a dataclass has its name under `_`, an instant is `_at`, a day `_on`."""
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return str(value.value)
        case str():
            return value
        case datetime():
            return {"_at": value.isoformat()}
        case date():
            return {"_on": value.isoformat()}
        case Decimal():
            return {"_number": str(value)}
        case tuple() | list():
            return [encoded(each) for each in value]
        case Mapping():
            return {str(key): encoded(each) for key, each in value.items()}
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {f.name: encoded(getattr(value, f.name)) for f in dataclasses.fields(value)}
            return {"_": type(value).__name__, **fields}
        case _:
            raise TypeError(f"{type(value).__name__} is not part of a card, a form or an answer")


def decoded(value: Json) -> object:
    """What `encoded` was given. Raises: KeyError for a kind that does not exist (any more)."""
    match value:
        case list():
            return tuple(decoded(each) for each in value)
        case dict():
            return _decoded_object(value)
        case _:
            return value


def _decoded_object(value: dict[str, Json]) -> object:
    match value:
        case {"_at": str(at)}:
            return datetime.fromisoformat(at)
        case {"_on": str(on)}:
            return date.fromisoformat(on)
        case {"_number": str(number)}:
            return Decimal(number)
        case {"_": str(name)}:
            return _built(_KINDS[name], {key: decoded(each) for key, each in value.items() if key != "_"})
        case _:
            return {key: decoded(each) for key, each in value.items()}


def _built(kind: type, fields: dict[str, object]) -> object:
    if kind is cards.Enclosed:
        fields["what"] = cards.Enclosure(str(fields["what"]))
    if kind in {spans.Colour, pictures.Box} and fields["hue"] is not None:
        fields["hue"] = spans.Hue(str(fields["hue"]))
    return kind(**fields)


def encoded_answer(answer: replies.Answer | None) -> dict[str, Json] | None:
    """An answer to be stored."""
    stored = encoded(answer)
    return stored if isinstance(stored, dict) else None


def decoded_answer(value: Json) -> replies.Answer | None:
    """A stored answer. Raises: TypeError when `value` holds something else."""
    answer = decoded(value)
    if answer is None or isinstance(answer, replies.Answer):
        return answer
    raise TypeError(f"a stored answer was expected, got {type(answer).__name__}")


def decoded_card(value: Json) -> cards.Card:
    """A stored card. Raises: TypeError when `value` holds something else."""
    card = decoded(value)
    if isinstance(card, cards.Card):
        return card
    raise TypeError(f"a stored card was expected, got {type(card).__name__}")
