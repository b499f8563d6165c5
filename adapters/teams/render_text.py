"""Words as Teams takes them: clean, shortened between words, and free of everything that Teams would make live.

People's words stand in text runs wherever that is possible, since those know no Markdown. In the few places that are
Markdown (titles, and texts that mention somebody) `escaped` takes its meaning away.
Source: https://learn.microsoft.com/en-us/adaptive-cards/create/textfeatures.
"""

import json
import re
import unicodedata

# Signs without a look, and halves of signs, which no UTF-8 holds; line ends and tabs stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ZERO_WIDTH_JOINER = "\u200d"  # makes one sign of those before and behind it
_TONES = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")  # skin tones, and the tags of flags
_GAPS = (" ", "\n", "\t", "\u3000")

_POP, _POP_ISOLATE = "\u202c", "\u2069"
_ENDS = {**dict.fromkeys("\u202a\u202b\u202d\u202e", _POP), **dict.fromkeys("\u2066\u2067\u2068", _POP_ISOLATE)}

# It can't be seen, is neither a gap nor punctuation to any reader of Markdown, and lines are not broken there.
APART = "\N{WORD JOINER}"
_LIVE = re.compile(r"<(?=\s*/?\s*at\b)|\{(?=\{)|\$(?=\{)", re.IGNORECASE)  # mentions, dates and templates
_MARK_UP = re.compile(
    r"""
    (?P<sign>[*`])                                  # emphasis and code, wherever they stand
    | (?P<within>_)                                 # emphasis, unless letters stand on both sides
    | (?P<before>[\\!\]~&<](?=\S)|[\\!\]~&<{$]\Z)   # escapes, pictures, links, strokes, entities, tags
    """,
    re.VERBOSE,
)
_BEGINS_LINE = re.compile(r"^[ \t]*(?=[-+#>=|:\[]|\d{1,9}[.)])", re.MULTILINE)  # lists, headings, quotes, rules, tables
_LINE = re.compile(r"^[ \t]*(?=\S)(?!<at>)", re.MULTILINE)
_INDENT = re.compile(r"^[ \t\u00a0]+|[ \t]+$", re.MULTILINE)


def cleaned(text: str) -> str:
    """`text` with plain line ends and without signs that have no look."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """`text` on one line, each gap one blank."""
    return " ".join(cleaned(text).split())


def closed(text: str) -> str:
    """`text` with every change of writing direction ended that its last line leaves open, so that none reaches on."""
    open_ones: list[str] = []
    for sign in text.rpartition("\n")[2]:
        if sign in _ENDS:
            open_ones.append(_ENDS[sign])
        elif sign == _POP and open_ones[-1:] == [_POP]:
            open_ones.pop()
        elif sign == _POP_ISOLATE and _POP_ISOLATE in open_ones:
            while open_ones.pop() != _POP_ISOLATE:
                pass
    return text + "".join(reversed(open_ones))


def inert(text: str) -> str:
    """`text` in which no mention, date or template is read: what begins one is parted by a sign that can't be seen."""
    return _LIVE.sub(rf"\g<0>{APART}", text)


def escaped(text: str) -> str:
    """`text` where Teams reads Markdown: shown as it is.

    What begins mark-up is parted from what follows; only asterisks and backticks need a backslash, which Teams on
    phones may show. Source: https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run.
    """
    parted = _MARK_UP.sub(lambda found: _without_meaning(found, text), text)
    return inert(_BEGINS_LINE.sub(APART, _INDENT.sub("", parted))).replace("\n", "\n\n")


def begun(markdown: str) -> str:
    """`markdown` of several spans in which no line begins a list, a heading or code that none of them had begun."""
    return _LINE.sub(APART, markdown)


def _without_meaning(found: re.Match[str], text: str) -> str:
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    match found.lastgroup:
        case "sign" if found[0] == "*" and before == after == " ":
            return found[0]
        case "sign":
            return f"\\{found[0]}"
        case "within":
            return found[0] if before.isalnum() and after.isalnum() else f"{APART}{found[0]}{APART}"
        case _:
            return found[0] + APART


def shortened(text: str, longest: int) -> str:
    """`text`, or as many of its whole words as fit in `longest` characters with an ellipsis."""
    if len(text) <= longest:
        return text
    end = longest - 1
    gap = max(text.rfind(blank, 0, end + 1) for blank in _GAPS)
    if gap > 0 and text[:gap].strip():
        return text[:gap].rstrip() + "…"
    while end > 1 and _belong_together(text[end - 1], text[end]):
        end -= 1
    return text[: end if end > 1 else longest - 1] + "…"


def _belong_together(before: str, sign: str) -> bool:
    is_mark = unicodedata.category(sign).startswith("M") or _TONES.match(sign)
    return bool(is_mark) or _ZERO_WIDTH_JOINER in {before, sign}


def units(text: str) -> int:
    """The length of `text` as Teams and browsers count it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def size_of(content: object) -> int:
    """How many UTF-16 units `content` takes as JSON without blanks."""
    return units(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
