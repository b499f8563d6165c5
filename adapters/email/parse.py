"""From the bytes of a mail that came in to who wrote what in answer to what. Pure; nothing in a mail is believed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32
from email.utils import getaddresses
from hashlib import sha256
from itertools import takewhile

from adapters.email.html_text import plain_text
from bot.people.mail_rules import ADDRESS, folded
from storage.errors import BotError

PARTS_MOST = 100  # of one mail
HEADER_MOST = 20_000  # characters of one header
HEAD_MOST = 250_000  # bytes of all of them
LINES_MOST = 100_000
BOUNDARIES_MOST = 20  # parts that hold parts: the parser compares every line with each that is open
PARAMETERS_MOST = 100  # of one Content-Type: for each the parser looks through all of them
RECIPIENTS_MOST = 1_000
TEXT_MOST = 200_000  # characters of a mail's text that are looked at
ID_MOST = 200  # characters of a Message-ID; of a longer one a digest stands for it
REFERENCES_MOST = 50

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# One address, with a name before it or a comment behind it: whoever needs more is no member of ours.
_ALONE = re.compile(rf"\s*({ADDRESS})\s*(?:\([^()]*\))?\s*")
_NAMED = re.compile(rf"\s*(?:\"(?:[^\"\\]|\\.)*\"|[^\"<>,;:]*)\s*<({ADDRESS})>\s*")
_ID = re.compile(r"<([^<>\s]{1,998})>")
_REF = re.compile(r"\bRef: ([0-9a-f]{32})\b")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINES = frozenset({"mailer-daemon", "postmaster"})
_MACHINE_HEADERS = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Loop")
_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_FORGED = re.compile(r"(?:^|[;\s])dmarc\s*(?:/\s*\d+\s*)?=\s*fail\b", re.IGNORECASE)
_BODY = re.compile(rb"\r\n\r\n|\n\n|\r\r")
_KIND = re.compile(rb"[\r\n]content-type:[^\r\n]*(?:\r?[\r\n][ \t][^\r\n]*)*", re.IGNORECASE)
_BOUNDARY = re.compile(rb"boundary[\s\x1c-\x1f*\d]*=", re.IGNORECASE)


class Unreadable(BotError):
    """A file that is no mail somebody wrote; the words name no word of it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it came in."""

    event_id: str
    """Its Message-ID, or a digest of the whole mail where it has none."""
    sender: str
    """The address, folded."""
    subject: str
    answers: tuple[str, ...]
    """The Message-IDs that it answers or refers to, the nearest first."""
    text: str = ""
    refs: tuple[str, ...] = ()
    """What stands as `Ref:` in it, where a mail program left out what it answers."""
    message_id: str = ""
    """Empty where it has none."""
    to: tuple[str, ...] = ()
    """The addresses it came to, folded."""
    is_of_calendar: bool = False
    """Whether a calendar program answers an invitation with it."""
    no_answer: str = ""
    """Why no person wrote it, or who wrote it is not sure; empty for a mail that may be answered."""


def headers(raw: bytes) -> Message:
    """What stands above a mail's words, and nothing of them. Raises: Unreadable."""
    body = _BODY.search(raw, 0, HEAD_MOST)
    if body is None and len(raw) > HEAD_MOST:
        raise Unreadable(f"its headers have more than {HEAD_MOST:,} bytes")
    return BytesHeaderParser(policy=compat32).parsebytes(raw[: body.end()] if body else raw)


def parsed(raw: bytes) -> Message:
    """A whole mail. Raises: Unreadable for one that would keep the parser busy."""
    lines = raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")
    if lines > LINES_MOST:
        raise Unreadable(f"it has {lines:,} lines, and at most {LINES_MOST:,} are read")
    boundaries = sum(1 for _ in _BOUNDARY.finditer(raw))
    if boundaries > BOUNDARIES_MOST:
        raise Unreadable(f"it has {boundaries:,} parts that hold others, and at most {BOUNDARIES_MOST} are read")
    if any(each[0].count(b";") > PARAMETERS_MOST for each in _KIND.finditer(b"\n" + raw)):
        raise Unreadable(f"it says of a part what it is in more than {PARAMETERS_MOST} ways")
    return BytesParser(policy=compat32).parsebytes(raw)


def envelope(raw: bytes, *, own_address: str, own_domain: str) -> Letter:
    """A mail without its words: its headers alone are read. `own_domain` is what our Message-IDs end with.

    Raises: Unreadable.
    """
    with _as_unreadable():
        return _outside(headers(raw), raw, own_address=own_address, own_domain=own_domain)


def opened(closed: Letter, raw: bytes) -> Letter:
    """The same mail with its words. Raises: Unreadable."""
    with _as_unreadable():
        found = parsed(raw)
        text = cleaned(_text(found))[:TEXT_MOST]
        refs = tuple(dict.fromkeys(_REF.findall(text)))[:REFERENCES_MOST]
        is_of_calendar = any(_answers_invitation(part) for part in _parts(found))
        return replace(closed, text=text, refs=refs, is_of_calendar=is_of_calendar)


@contextmanager
def _as_unreadable() -> Iterator[None]:
    """Whatever the parser stumbles over, the mails behind this one are read."""
    try:
        yield
    except Unreadable:
        raise
    except Exception as problem:
        raise Unreadable(f"it can't be read ({type(problem).__name__})") from problem


def _outside(found: Message, raw: bytes, *, own_address: str, own_domain: str) -> Letter:
    sender = _sender(found)
    ids = _ID.findall(_header(found, "Message-ID"))
    message_id = ids[0] if ids and len(ids[0]) <= ID_MOST else ""
    whole = ids[0].encode() if ids else raw
    nearest = _ID.findall(_header(found, "In-Reply-To"))
    referred = _ID.findall(_header(found, "References"))[-REFERENCES_MOST:]
    return Letter(
        event_id=message_id or f"sha256:{sha256(whole).hexdigest()}",
        sender=sender,
        subject=" ".join(cleaned(_decoded(_header(found, "Subject"))).split()),
        answers=tuple(dict.fromkeys((*nearest, *reversed(referred)))),
        message_id=message_id,
        to=_recipients(found),
        no_answer=_machine(found, sender, message_id, own_address=own_address, own_domain=own_domain),
    )


def cleaned(text: str) -> str:
    """Words with plain line ends and without signs that can't be shown or stored."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _sender(found: Message) -> str:
    given = _every(found, "From")
    if len(given) != 1 or len(given[0]) > HEADER_MOST:
        raise Unreadable(f"it has {len(given)} senders")
    line = " ".join(given[0].split())
    match = _NAMED.fullmatch(line) or _ALONE.fullmatch(line)
    if match is None:
        raise Unreadable("its sender is no single address")
    return folded(match[1])


def _recipients(found: Message) -> tuple[str, ...]:
    lines = [each[:HEADER_MOST] for name in _TO for each in _every(found, name)]
    addresses = [address for _, address in getaddresses(lines) if address]
    return tuple(dict.fromkeys(folded(each) for each in addresses[:RECIPIENTS_MOST]))


def _answers_invitation(part: Message) -> bool:
    """Source: RFC 6047 section 2.4."""
    return part.get_content_type() == "text/calendar" and str(part.get_param("method", "")).casefold() == "reply"


def _machine(found: Message, sender: str, message_id: str, *, own_address: str, own_domain: str) -> str:
    """Why a mail is not answered, in a few words. Source: RFC 3834 sections 2 and 5, RFC 3464, RFC 8601."""
    if message_id.casefold().endswith(f"@{own_domain}") or sender == own_address:
        return "it is one of ours"
    if _header(found, "Auto-Submitted").strip().casefold().partition(";")[0].strip() not in {"", "no"}:
        return "it was sent by a machine"
    if _header(found, "Precedence").strip().casefold() in _BULK:
        return "it was sent to many"
    if _header(found, "Return-Path").strip() == "<>" or found.get_content_type() == "multipart/report":
        return "it reports what became of a mail"
    if sender.partition("@")[0] in _MACHINES or any(found[name] is not None for name in _MACHINE_HEADERS):
        return "it was sent by a machine"
    if any(_FORGED.search(each) for each in _verdicts(found)):
        return "its sender is not who they say"
    return ""


def _verdicts(found: Message) -> Iterator[str]:
    """What our mail server found out: what stands below may have been written by whoever sent the mail."""
    said = [_uncommented(each[:HEADER_MOST]) for each in _every(found, "Authentication-Results")]
    return takewhile(lambda each: _server(each) == _server(said[0]), said)


def _server(verdict: str) -> str:
    """Whose words they are; empty where they do not say, as at Microsoft's."""
    name = verdict.partition(";")[0].split()
    return name[0].casefold() if name and "=" not in name[0] else ""


def _uncommented(value: str) -> str:
    """A header without comments and quoted texts, or as it stands where one of them has no end."""
    kept, depth, is_quoted = [], 0, False
    signs = iter(value)
    for sign in signs:
        if sign == "\\":
            next(signs, "")
        elif sign == '"' and not depth:
            is_quoted = not is_quoted
        elif sign in "()" and not is_quoted:
            depth += 1 if sign == "(" else -1
        elif not (depth or is_quoted):
            kept.append(sign)
    return value if depth or is_quoted else "".join(kept)


def _header(found: Message, name: str) -> str:
    return next(iter(_every(found, name)), "")[:HEADER_MOST]


def _every(found: Message, name: str) -> list[str]:
    """All headers of a name, the topmost first; what was sent as plain bytes is read as such."""
    given = (str(value) for each, value in found.raw_items() if each.casefold() == name.casefold())
    return [each if each.isascii() else _characters(each.encode("ascii", "surrogateescape"), "utf-8") for each in given]


def _decoded(value: str) -> str:
    parts = []
    for words, charset in decode_header(value):
        parts.append(words if isinstance(words, str) else _characters(words, charset or "latin-1"))
    return "".join(parts)


def _text(found: Message) -> str:
    """The first plain text that says something, else the first HTML."""
    html = ""
    for part in _parts(found):
        kind = part.get_content_type()
        if kind not in {"text/plain", "text/html"} or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        words = _characters(payload if isinstance(payload, bytes) else b"", part.get_content_charset("utf-8"))
        if kind == "text/plain" and words.strip():
            return _unflowed(words, part)
        if kind == "text/html" and not html:
            html = plain_text(words[: 2 * TEXT_MOST])
    return html


def _parts(found: Message) -> Iterator[Message]:
    """The parts that are no mails themselves: what somebody forwarded is not what they wrote."""
    waiting, seen = [found], 0
    while waiting and seen < PARTS_MOST:
        part = waiting.pop(0)
        seen += 1
        if not part.is_multipart():
            yield part
        elif part.get_content_maintype() == "multipart":
            content = part.get_payload()
            inside = content if isinstance(content, list) else []
            waiting = [each for each in inside if isinstance(each, Message)] + waiting


def _characters(payload: bytes, charset: str) -> str:
    """The words, whatever a mail says they are written in; signs that can't be read are marked as such."""
    try:
        return payload.decode(charset)
    except (LookupError, UnicodeError):
        pass
    try:
        return payload.decode("utf-8")
    except UnicodeError:
        return payload.decode("cp1252", errors="replace")


def _unflowed(words: str, part: Message) -> str:
    """Lines that a mail program broke only to send them are whole again. Source: RFC 3676 section 4."""
    if part.get_content_type() != "text/plain" or str(part.get_param("format", "")).casefold() != "flowed":
        return words
    lines: list[list[str]] = []
    is_open = False
    for line in words.replace("\r\n", "\n").split("\n"):
        own = line.removeprefix(" ")
        joins = is_open and not own.startswith(">") and own != "-- "
        if joins:
            lines[-1].append(own)
        else:
            lines.append([own])
        is_open = own.endswith(" ") and own != "-- " and not own.startswith(">")
    return "\n".join("".join(each) for each in lines)
