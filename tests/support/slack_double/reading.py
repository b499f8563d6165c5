"""What a person sees of a message or a view: its words, its buttons, and what in it is more than words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.slack.api import Fields
from tests.support.slack_double.entries import entered, inputs_of
from tests.support.slack_double.world import Channel, Message, View, Workspace

_ANGLED = re.compile(r"<([^<>]+)>")
_BARE = re.compile(r"https?://[^\s|>]+")
_EMOJI = re.compile(r":([a-z][a-z0-9_+-]*):")
_STYLED = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")


@dataclass(slots=True)
class Seen:
    """Blocks as they are read; `text` stands there where there are none."""

    words: str
    labels: tuple[str, ...]
    mentions: tuple[str, ...]
    """Whom it tells: ids of people, or `!channel`."""
    links: tuple[str, ...]
    styled: tuple[str, ...]
    """Words in bold, italics, code or struck through."""


@dataclass(frozen=True, slots=True)
class SeenMessage:
    """A message on somebody's screen."""

    workspace: Workspace
    channel: Channel
    message: Message
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
    def ts(self) -> str:
        """Its name."""
        return self.message.ts

    @property
    def is_private(self) -> bool:
        """Only this person sees it."""
        return bool(self.message.only_for)

    @property
    def is_from_bot(self) -> bool:
        """The app posted it."""
        return self.message.author == self.workspace.bot_user_id


@dataclass(frozen=True, slots=True)
class SeenView:
    """A modal or a Home on somebody's screen."""

    view: View
    seen: Seen

    @property
    def title(self) -> str:
        """What stands in its head."""
        return str(self.view.given.get("title", {}).get("text", ""))

    @property
    def words(self) -> str:
        """Everything that stands on it."""
        return self.seen.words

    @property
    def labels(self) -> tuple[str, ...]:
        """Its buttons."""
        return self.seen.labels

    @property
    def holds(self) -> dict[str, str]:
        """What the inputs hold, by block."""
        return entered(self.view)

    @property
    def asks(self) -> dict[str, str]:
        """The labels of the inputs, by block."""
        return {block_id: block["label"]["text"] for block_id, block in inputs_of(self.view).items()}

    @property
    def errors(self) -> dict[str, str]:
        """Why it was not taken, by block."""
        return dict(self.view.errors)


def message_seen(workspace: Workspace, channel: Channel, message: Message) -> SeenMessage:
    """A message as it is read."""
    if message.blocks:
        return SeenMessage(workspace, channel, message, read(message.blocks))
    pieces = list(_mrkdwn(message.text))
    return SeenMessage(workspace, channel, message, _gathered([pieces], ()))


def view_seen(view: View) -> SeenView:
    """A view as it is read."""
    return SeenView(view, read(view.given.get("blocks", [])))


def everybody_called(text: str, blocks: Sequence[Fields]) -> list[str]:
    """The signs in a message that tell everybody of it: `!here`, `!channel`."""
    mentions = [*read(blocks).mentions, *(piece.mention for piece in _mrkdwn(text))]
    return [each for each in mentions if each.startswith("!")]


@dataclass(frozen=True, slots=True)
class _Piece:
    words: str
    mention: str = ""
    link: str = ""
    is_styled: bool = False


def read(blocks: Sequence[Fields]) -> Seen:
    """Blocks as they are read, a line for each thing."""
    lines = [line for block in blocks for line in _lines(block)]
    labels = [each["text"]["text"] for block in blocks for each in elements_of(block) if each.get("type") == "button"]
    return _gathered(lines, labels)


def elements_of(block: Fields) -> list[Fields]:
    """What can be pressed or chosen in a block."""
    accessory = [block["accessory"]] if isinstance(block.get("accessory"), dict) else []
    return [*accessory, *(block.get("elements", []) if block.get("type") == "actions" else [])]


def _gathered(lines: Sequence[Sequence[_Piece]], labels: Sequence[str]) -> Seen:
    pieces = [piece for line in lines for piece in line]
    return Seen(
        words="\n".join("".join(piece.words for piece in line) for line in lines),
        labels=tuple(labels),
        mentions=tuple(piece.mention for piece in pieces if piece.mention),
        links=tuple(piece.link for piece in pieces if piece.link),
        styled=tuple(piece.words for piece in pieces if piece.is_styled),
    )


def _lines(block: Fields) -> Iterator[list[_Piece]]:
    match block["type"]:
        case "section":
            for text in [*([block["text"]] if "text" in block else []), *block.get("fields", [])]:
                yield _text(text)
        case "header":
            yield _text(block["text"])
        case "context":
            yield [piece for each in block["elements"] for piece in _context(each)]
        case "image":
            yield [_Piece(block["alt_text"])]
        case "rich_text":
            for part in block["elements"]:
                yield from _rich(part)
        case "input":
            yield _text(block["label"])
        case _:
            pass


def _context(element: Fields) -> list[_Piece]:
    return [_Piece(element["alt_text"])] if element["type"] == "image" else _text(element)


def _rich(part: Fields) -> Iterator[list[_Piece]]:
    if part["type"] == "rich_text_list":
        for each in part["elements"]:
            yield from _rich(each)
    else:
        yield [_leaf(leaf) for leaf in part["elements"]]


def _leaf(leaf: Fields) -> _Piece:
    is_styled = any((leaf.get("style") or {}).values())
    match leaf["type"]:
        case "text":
            return _Piece(leaf["text"], is_styled=is_styled)
        case "link":
            return _Piece(leaf.get("text") or leaf["url"], link=leaf["url"], is_styled=is_styled)
        case "user":
            return _Piece(f"@{leaf['user_id']}", mention=leaf["user_id"])
        case "broadcast":
            return _Piece(f"@{leaf['range']}", mention=f"!{leaf['range']}")
        case "emoji":
            return _Piece(f":{leaf['name']}:")
        case "date":
            return _Piece(leaf.get("fallback") or str(leaf["timestamp"]))
        case kind:
            return _Piece(f"({kind})")


def _text(text: Fields) -> list[_Piece]:
    if text["type"] == "mrkdwn":
        return list(_mrkdwn(text["text"]))
    return [_Piece(text["text"] if text.get("emoji") is False else _with_emoji(text["text"]))]


def _with_emoji(text: str) -> str:
    """Codes between colons become pictures, of which the name is read."""
    return _EMOJI.sub(r"(\1)", text)


def _mrkdwn(text: str) -> Iterator[_Piece]:
    """Slack's markup as it is read."""
    at = 0
    for found in _ANGLED.finditer(text):
        yield from _plainer(text[at : found.start()])
        yield _angled(found[1])
        at = found.end()
    yield from _plainer(text[at:])


def _angled(inside: str) -> _Piece:
    target, _, label = inside.partition("|")
    if target.startswith("!date"):
        return _Piece(label)
    if target.startswith(("@", "!")):
        name = target.removeprefix("@")
        return _Piece(f"@{label or name}", mention=name)
    if target.startswith("#"):
        return _Piece(f"#{label or target[1:]}")
    return _Piece(unescaped(label or target), link=unescaped(target))


def _plainer(text: str) -> Iterator[_Piece]:
    """Between the angles: addresses become links by themselves."""
    at = 0
    for found in _BARE.finditer(text):
        yield from _styled(text[at : found.start()])
        yield _Piece(unescaped(found[0]), link=unescaped(found[0]))
        at = found.end()
    yield from _styled(text[at:])


def _styled(text: str) -> Iterator[_Piece]:
    at = 0
    for found in _STYLED.finditer(text):
        yield _Piece(unescaped(_with_emoji(text[at : found.start()])))
        yield _Piece(unescaped(_with_emoji(found[2])), is_styled=True)
        at = found.end()
    if text[at:]:
        yield _Piece(unescaped(_with_emoji(text[at:])))


def unescaped(text: str) -> str:
    """The three signs that stand for markup, as themselves."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
