"""Words as Slack takes them: clean, split or shortened between words, as text objects."""

import re
import unicodedata

from adapters.slack.api import Fields

CONTEXT_MAX = (
    2000  # characters of one text of a context; https://docs.slack.dev/reference/block-kit/blocks/context-block
)
CONTEXT_TEXTS_MAX = 10
SECTION_MAX = 3000  # characters; https://docs.slack.dev/reference/block-kit/blocks/section-block

# Signs without a look, and halves of signs, which no UTF-8 holds; line ends and tabs stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_JOINER = "\u200d"  # makes one sign of those before and behind it
_TONES = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # skin tones, and the tags of flags

_OPENS = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}


def cleaned(text: str) -> str:
    """`text` with plain line ends and without signs that Slack refuses."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """`text` on one line, each gap one blank."""
    return " ".join(cleaned(text).split())


def closed(text: str) -> str:
    """`text` with every change of writing direction ended that its last line leaves open, so that none reaches on."""
    ends: list[str] = []
    for sign in text.rpartition("\n")[2]:
        if sign in _OPENS:
            ends.append(_OPENS[sign])
        elif sign == "\u202c" and ends[-1:] == [sign]:
            ends.pop()
        elif sign == "\u2069" and sign in ends:
            while ends.pop() != sign:
                pass
    return text + "".join(reversed(ends))


def pieces(text: str, longest: int) -> list[str]:
    """`text` in parts of at most `longest` characters, which are `text` again when joined; none is empty."""
    found = []
    while len(text) > longest:
        end = _end(text, longest)
        found.append(text[:end])
        text = text[end:]
    return [*found, text] if text else found


def shortened(text: str, longest: int) -> str:
    """`text`, or as many of its whole words as fit in `longest` characters with an ellipsis."""
    if len(text) <= longest:
        return text
    return text[: _end(text, longest - 1)].rstrip() + "…"


def _end(text: str, longest: int) -> int:
    """Where to divide: behind the last gap within `longest`; in a word that alone is longer, between two signs."""
    gap = max(text.rfind(blank, 0, longest) for blank in (" ", "\n", "\t", "\u3000"))
    if gap >= 0 and text[:gap].strip():
        return gap + 1
    end = longest
    while end > 1 and _belong_together(text[end - 1], text[end]):
        end -= 1
    return end if end > 1 else longest


def _belong_together(before: str, sign: str) -> bool:
    is_mark = unicodedata.category(sign).startswith("M") or _TONES.match(sign)
    return bool(is_mark) or _JOINER in {before, sign}


def escaped(text: str) -> str:
    """`text` where Slack would read mark-up: shown as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_text(text: str) -> Fields:
    """A text object in which nothing is mark-up and `:smile:` stays as typed."""
    return {"type": "plain_text", "text": text, "emoji": False}


def context(text: str) -> list[Fields]:
    """One quiet line, as a context block; no block where there are no words."""
    words = cleaned(text)
    if not words.strip():
        return []
    texts = [each for each in pieces(words, CONTEXT_MAX) if each.strip()][:CONTEXT_TEXTS_MAX]
    return [{"type": "context", "elements": [plain_text(each) for each in texts]}]
