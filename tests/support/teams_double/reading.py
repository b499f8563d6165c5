"""What a person sees of a message or a dialog: words, buttons, inputs, and what in it is more than words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.support.teams_double.entries import entered
from tests.support.teams_double.markdown import Piece, read_markdown, read_plain
from tests.support.teams_double.parts import INPUTS, actions_of, elements_of, inputs_of
from tests.support.teams_double.world import Conversation, Dialog, Fields, Message, Realm


@dataclass(frozen=True, slots=True)
class Seen:
    """A card or a text as it is read, a line for each thing."""

    words: str
    labels: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    """Whom it tells, by id; by name where the bot did not say who that is."""
    links: tuple[str, ...] = ()
    styled: tuple[str, ...] = ()
    """Words in bold, italics or struck through."""


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message on somebody's screen."""

    realm: Realm
    conversation: Conversation
    message: Message
    cards: tuple[Fields, ...]
    """As they see them."""
    seen: Seen

    @property
    def words(self) -> str:
        """Everything that stands on it."""
        return self.seen.words

    @property
    def labels(self) -> tuple[str, ...]:
        """Its buttons."""
        return self.seen.labels

    @property
    def id(self) -> str:
        """Its name."""
        return self.message.id

    @property
    def thread(self) -> str:
        """The message that began its thread."""
        return self.message.thread

    @property
    def is_from_bot(self) -> bool:
        """The app posted it."""
        return self.message.author.startswith("28:")

    @property
    def asks(self) -> dict[str, str]:
        """The labels of its inputs, by id."""
        return {name: str(each.get("label", "")) for card in self.cards for name, each in inputs_of(card).items()}

    @property
    def offers(self) -> dict[str, tuple[str, ...]]:
        """What can be chosen, by input."""
        return {name: titles for card in self.cards for name, titles in _offers(card).items()}

    @property
    def holds(self) -> dict[str, str]:
        """What its inputs hold, by id."""
        return {name: value for card in self.cards for name, value in entered(card, {}).items()}


@dataclass(frozen=True, slots=True)
class SeenDialog:
    """A dialog on somebody's screen."""

    dialog: Dialog
    seen: Seen

    @property
    def title(self) -> str:
        """What stands in its head."""
        return self.dialog.title

    @property
    def words(self) -> str:
        """Everything that stands on it."""
        return self.seen.words

    @property
    def labels(self) -> tuple[str, ...]:
        """Its buttons."""
        return self.seen.labels

    @property
    def asks(self) -> dict[str, str]:
        """The labels of the inputs, by id."""
        return {name: str(each.get("label", "")) for name, each in inputs_of(self.dialog.card).items()}

    @property
    def offers(self) -> dict[str, tuple[str, ...]]:
        """What can be chosen, by input."""
        return _offers(self.dialog.card)

    @property
    def holds(self) -> dict[str, str]:
        """What the inputs hold, by id."""
        return entered(self.dialog.card, self.dialog.typed)

    @property
    def errors(self) -> dict[str, str]:
        """Why it was not sent, by input; '' stands for the whole."""
        return dict(self.dialog.errors)


def message_seen(realm: Realm, conversation: Conversation, message: Message, *, by: str) -> SeenMessage:
    """A message as somebody reads it."""
    cards = tuple([message.only_for[by]] if by in message.only_for else message.cards)
    lines = [_told(message)] if message.text else []
    named = {str(each.get("text", "")): str(each.get("mentioned", {}).get("id", "")) for each in message.entities}
    for card in cards:
        lines += _lines(card)
        named |= mentions_in(card)
    labels = [label for card in cards for label in _labels(card)]
    return SeenMessage(realm, conversation, message, cards, _gathered(lines, labels, named))


def dialog_seen(dialog: Dialog) -> SeenDialog:
    """A dialog as it is read."""
    return SeenDialog(dialog, read(dialog.card))


def read(card: Fields) -> Seen:
    """A card as it is read."""
    return _gathered(list(_lines(card)), list(_labels(card)), mentions_in(card))


def mentions_in(card: Fields) -> dict[str, str]:
    """Whom a card names: ids by the text that stands for them."""
    entities = (card.get("msteams") or {}).get("entities") or []
    return {str(each.get("text", "")): str(each.get("mentioned", {}).get("id", "")) for each in entities}


def _offers(card: Fields) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(str(choice["title"]) for choice in each["choices"])
        for name, each in inputs_of(card).items()
        if each.get("choices")
    }


def _told(message: Message) -> list[Piece]:
    return read_markdown(message.text) if message.text_format == "markdown" else read_plain(message.text)


def _labels(card: Fields) -> Iterator[str]:
    for action in actions_of(card):
        yield str(action.get("title") or action.get("tooltip") or "")


def _gathered(lines: Sequence[Sequence[Piece]], labels: Sequence[str], named: dict[str, str]) -> Seen:
    pieces = [piece for line in lines for piece in line]
    return Seen(
        words="\n".join("".join(piece.words for piece in line) for line in lines),
        labels=tuple(labels),
        mentions=tuple(named.get(f"<at>{piece.mention}</at>", piece.mention) for piece in pieces if piece.mention),
        links=tuple(piece.link for piece in pieces if piece.link),
        styled=tuple(piece.words for piece in pieces if piece.is_styled),
    )


def _lines(card: Fields) -> Iterator[list[Piece]]:
    for element in elements_of(card):
        yield from _element(element)


def _element(element: Fields) -> Iterator[list[Piece]]:
    if element["type"] in INPUTS:
        yield from ([Piece(element[each])] for each in ("label", "title") if element.get(each))
    match element["type"]:
        case "TextBlock":
            yield read_markdown(element["text"])
        case "RichTextBlock":
            yield [_run(each) for each in element["inlines"]]
        case "FactSet":
            for fact in element["facts"]:
                yield [*read_markdown(fact["title"]), Piece(": "), *read_markdown(fact["value"])]
        case "Image" | "Media" if element.get("altText"):
            yield [Piece(element["altText"])]


def _run(inline: str | Fields) -> Piece:
    if isinstance(inline, str):
        return Piece(inline)
    is_styled = inline.get("weight", "Default").lower() == "bolder" or any(
        inline.get(each) for each in ("italic", "strikethrough", "underline", "highlight")
    )
    action = inline.get("selectAction") or {}
    return Piece(inline["text"], link=str(action.get("url", "")), is_styled=is_styled)
