"""What a person reads on a card, as bare words."""

from bot.chat.cards import (
    Button,
    Card,
    Element,
    Facts,
    Group,
    LinkButton,
    Note,
    Numbers,
    Paragraph,
    Picture,
    Row,
    Title,
    Words,
    buttons_of,
)
from bot.chat.forms import Form
from bot.chat.spans import plain


def words_of(card: Card) -> str:
    """Everything that stands on a card, a line for each thing."""
    return "\n".join(line for element in card.elements for line in _lines(element) if line)


def _lines(element: Element) -> list[str]:
    match element:
        case Title(text) | Note(text):
            return [text]
        case Paragraph(text):
            return [plain(text)]
        case Group(label, lines):
            return [label, *(f"{plain(line.text)} {plain(line.detail)}".strip() for line in lines)]
        case Words(text, source):
            return [text, source]
        case Facts(pairs):
            return [f"{label}: {plain(value)}" for label, value in pairs]
        case Numbers(items):
            return [f"{each.value} {each.label} {each.change}".strip() for each in items]
        case Row(text, detail):
            return [text, detail]
        case Picture(_, alt):
            return [alt]
        case _:
            return []


def labels_of(card: Card) -> list[str]:
    """The words on the buttons of a card."""
    return [button.text for button in buttons_of(card)]


def button_of(card: Card, label: str) -> Button:
    """The button with those words. Raises: LookupError naming the ones there are."""
    for button in buttons_of(card):
        if button.text == label and not isinstance(button, LinkButton):
            return button
    raise LookupError(f"no button {label!r}, only {labels_of(card)}")


def shown_in(form: Form) -> dict[str, str]:
    """What a form holds, by input id."""
    return {each.id: each.value for each in form.inputs}
