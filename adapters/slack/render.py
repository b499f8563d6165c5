"""From cards to Slack's messages and Home: pure. Whatever somebody typed is text; only we make blocks.

Source: https://docs.slack.dev/reference/block-kit and https://docs.slack.dev/reference/methods/chat.postMessage.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from adapters.slack.api import Fields
from adapters.slack.render_blocks import NO_FILES, Files, blocks_of
from adapters.slack.render_fit import Size, Step, fits, shorter, steps
from adapters.slack.render_press import pressed
from adapters.slack.render_text import cleaned, escaped, shortened
from adapters.slack.render_views import NEW_MESSAGE, NOTHING_HERE
from bot.chat.cards import Card, Divider, Element, Paragraph

__all__ = ["Message", "home", "message", "pressed"]

MESSAGE = Size(blocks=50, characters=12_000)  # somewhat more characters were refused with msg_blocks_too_long
HOME = Size(blocks=100, characters=200_000)  # a view may have 250 KB
TEXT_MAX = 4000  # characters of `text`, as Slack advises
CARD, REPLY = "card-", "reply-"
NOBODY: Mapping[int, str] = MappingProxyType({})
_ESCAPE_LONGEST = 5  # characters that one sign becomes


@dataclass(frozen=True, slots=True)
class Message:
    """What `chat.postMessage` and `chat.update` take; `text` is for notifications and screen readers."""

    text: str
    blocks: list[Fields]


def message(
    card: Card, *, accounts: Mapping[int, str] = NOBODY, files: Files = NO_FILES, is_reply: bool = False
) -> Message:
    """`card` as one message. `accounts` has the Slack users of persons, for mentions; `files` those of pictures.

    The blocks of buttons have ids that begin with `reply-` on an immediate answer, else with `card-`.
    Raises: ValueError when a button carries more than Slack takes.
    """
    prefix = REPLY if is_reply else CARD
    sentence = cleaned(card.summary).strip() or NEW_MESSAGE
    blocks = _fitted(card.elements, accounts, files, prefix=prefix, size=MESSAGE, without=sentence)
    return Message(_fallback(sentence), blocks)


def home(cards: Sequence[Card], *, accounts: Mapping[int, str] = NOBODY) -> Fields:
    """The Home tab: `cards` one below the other. Raises: as `message`."""
    elements: list[Element] = []
    for card in cards:
        elements += [*([Divider()] if elements else []), *(card.elements or (Paragraph((card.summary,)),))]
    blocks = _fitted(elements, accounts, prefix=CARD, size=HOME, without=NOTHING_HERE)
    return {"type": "home", "callback_id": "home", "blocks": blocks}


def _fallback(sentence: str) -> str:
    """`sentence` where Slack reads mark-up, so that nothing in it is a mention or a link."""
    text = escaped(shortened(sentence, TEXT_MAX))
    return text if len(text) <= TEXT_MAX else escaped(shortened(sentence, TEXT_MAX // _ESCAPE_LONGEST))


def _fitted(
    elements: Sequence[Element],
    accounts: Mapping[int, str],
    files: Files = NO_FILES,
    *,
    prefix: str,
    size: Size,
    without: str,
) -> list[Fields]:
    """The blocks of as much of `elements` as Slack takes; those of the sentence `without` where they show nothing."""

    def drawn(step: Step) -> list[Fields]:
        return blocks_of(shorter(elements, step), accounts, files, block_prefix=prefix, longest=step.lines)

    ever_shorter = steps(elements)
    blocks = drawn(ever_shorter[0])
    if not blocks:
        return _fitted((Paragraph((without,)),), accounts, prefix=prefix, size=size, without=without)
    if fits(blocks, size):
        return blocks
    for as_escapes in (True, False):  # where the buttons alone have too many escapes, Slack may count signs after all
        first = bisect_left(ever_shorter, x=True, key=lambda step: fits(drawn(step), size, as_escapes=as_escapes))
        if first < len(ever_shorter):
            return drawn(ever_shorter[first])
    return drawn(ever_shorter[-1])
