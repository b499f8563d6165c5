"""Addresses that say what a mail is for: `agenda@`, `action@`, `action+A-104@`, or the same behind a plus. Pure.

Source: domain.md S3-33. What such a mail means is a command, as it could be typed.
"""

import re
from collections import deque
from collections.abc import Sequence

from bot.actions.making import KEYS as ACTION_KEYS
from bot.agenda.items import FLAGS
from bot.agenda.items import KEYS as AGENDA_KEYS
from bot.chat.dates import looks_like_date
from bot.chat.grammar import normalised

_CODE = re.compile(r"a-[0-9]{1,9}")
_ADDS = {"agenda": "/agenda add", "action": "/action add"}
_KEYS = {"agenda": frozenset(AGENDA_KEYS), "action": frozenset(ACTION_KEYS)}
_DATE_WORDS = 4  # `Thu 3 Dec 2026`
_PERSON = re.compile(r"""@(?:"[^"]+"|[^\s"@,;:.!?]+)""")
_CHUNK = re.compile(r"""[A-Za-z]+:@?"[^"]*"[,;]?|@"[^"]*"[,;]?|\S+""")
_KEYED = re.compile(r"([a-z]+):(?!//)(\S.*)", re.IGNORECASE)
DEEDS = frozenset(
    {"accept", "assign", "block", "cancel", "done", "due", "help", "reject", "reopen", "show", "start", "take"}
)
"""What can be done to an action, as the first line of a mail about it says: the deed alone (`done`), with its date or
person (`due fri`), or with the action's code and any words (`block A-104 waiting for parts`), as in a chat. Of any
other line nobody knows whether it is a sentence: such a mail is shown how the action stands.
"""


def tag_of(address: str, own_address: str) -> str:
    """What one of our addresses is for: `agenda`, `action` or the code of an action; empty for any other address."""
    name, _, domain = address.partition("@")
    own, _, own_domain = own_address.partition("@")
    if domain != own_domain:
        return ""
    first, _, tag = name.partition("+")
    if first == own or (first == "action" and tag):
        return tag if tag in _ADDS or _CODE.fullmatch(tag) else ""
    return first if first in _ADDS and not tag else ""


def command_for(tag: str, subject: str, lines: Sequence[str]) -> str:
    """The command that a mail is; `lines` are what its writer wrote. Empty where it says nothing at all."""
    words = [each.strip() for each in lines if each.strip()]
    if tag not in _ADDS:
        return _about(tag.upper(), normalised(words[0] if words else _plain(subject)))
    title = _plain(subject) or (_plain(words.pop(0)) if words else "")
    said: dict[str, str] = {}
    for line in words:
        said = _known(tag, line) | said
    return " ".join((_ADDS[tag], f'"{title}"', *said.values())) if title else ""


def _known(tag: str, line: str) -> dict[str, str]:
    """What a line says that the command takes, each by what it is; nothing of a line that is a sentence.

    It begins with nothing else up to a key; behind other words only keys count.
    """
    said: dict[str, str] = {}
    has_key, has_words = False, False
    chunks = deque(_CHUNK.findall(normalised(line)))
    while chunks:
        word = chunks.popleft().rstrip(",;")
        key = _KEYED.fullmatch(word)
        if key and (name := key[1].casefold()) in _KEYS[tag]:
            more = _more_of_date(key[2], chunks) if name == "due" else 0
            said.setdefault(name, " ".join([word, *(chunks.popleft() for _ in range(more))]))
            has_key = has_key or not has_words
        elif not has_words and tag == "agenda" and word.casefold() in FLAGS:
            said.setdefault(word.casefold(), word)
        elif not has_words and tag == "action" and _PERSON.fullmatch(word):
            said.setdefault("@", word)
        else:
            has_words = True
    return said if has_key or not has_words else {}


def _more_of_date(begun: str, words: Sequence[str]) -> int:
    """How many of the words behind a date that was begun belong to it."""
    sizes = range(min(len(words), _DATE_WORDS - 1), 0, -1)
    return next((size for size in sizes if looks_like_date(" ".join([begun, *list(words)[:size]]))), 0)


def _about(code: str, said: str) -> str:
    deed, _, rest = said.removeprefix("/").removeprefix("action ").partition(" ")
    deed = deed.casefold() if rest else deed.casefold().rstrip(".!")
    named, _, words = rest.partition(" ")
    is_named = named.upper().rstrip(",.:;") == code
    rest = words if is_named else rest.rstrip(".!")
    if deed not in DEEDS or not (is_named or _completes(deed, rest)):
        return f"/action show {code}"
    return " ".join(each for each in ("/action", deed, code, rest) if each)


def _completes(deed: str, rest: str) -> bool:
    """Whether that is all that can stand behind a deed without the action's code."""
    match deed:
        case "due" if rest:
            return looks_like_date(rest.partition(" reason:")[0])
        case "assign" if rest:
            return _PERSON.fullmatch(rest) is not None
        case _:
            return not rest


def _plain(title: str) -> str:
    """A title without what would end its quotes, and without what mail programs put before it."""
    return re.sub(r"^(?:\s*(?:re|fwd?|aw|wg)\s*:)+\s*", "", title, flags=re.IGNORECASE).replace('"', "'").strip()
