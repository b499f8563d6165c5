"""What a mail server reports of a mail of ours that came back. Pure; only who had that mail knows its Message-ID."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from adapters.email.parse import REFERENCES_MOST, headers, parsed
from adapters.email.smtp import is_gone

FAILED = "failed"
REPORT_MOST = 200_000  # bytes of a report that are looked at: what it says stands above the mail that it gives back
_ID = re.compile(r"<([^<>\s]{1,200})>")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that did not arrive, and never will."""

    message_ids: tuple[str, ...]
    """That of the mail which came back, or else those that the report answers, the nearest first."""
    status: str
    """As RFC 3463 has it, `5.1.1`; empty where the report does not say."""

    @property
    def is_gone(self) -> bool:
        """Whether there is no such mailbox, and not only a mail that it did not like."""
        return is_gone(self.status)

    @property
    def why(self) -> str:
        """For who runs the bot."""
        return " ".join(("the mail came back", *([f"with {self.status}"] if self.status else [])))


def bounce(raw: bytes) -> Bounce | None:
    """What a report says; None for every other mail, and for one that arrived or is only late. Source: RFC 3464."""
    try:
        if headers(raw).get_content_type() != "multipart/report":
            return None
        return _read(parsed(raw[:REPORT_MOST]))
    except Exception:  # noqa: BLE001 - whatever the parser stumbles over, it is no report that can be read
        return None


def _read(found: Message) -> Bounce | None:
    parts = list(found.walk())
    fields = [each for part in parts if part.get_content_type() == "message/delivery-status" for each in _blocks(part)]
    failed = [each for each in fields if str(each.get("Action", "")).strip().casefold() == FAILED]
    if not failed:
        return None
    status = next((known[1] for each in failed if (known := _STATUS.search(str(each.get("Status", ""))))), "")
    ids = _ID.findall(next(_returned(parts), ""))[:1] or _answered(found)
    return Bounce(tuple(ids), status) if ids else None


def _answered(found: Message) -> list[str]:
    nearest, referred = (_ID.findall(str(found.get(name, ""))) for name in ("In-Reply-To", "References"))
    return list(dict.fromkeys((*nearest, *reversed(referred))))[:REFERENCES_MOST]


def _blocks(part: Message) -> Iterator[Message]:
    content = part.get_payload()
    yield from (each for each in content if isinstance(each, Message)) if isinstance(content, list) else ()


def _returned(parts: list[Message]) -> Iterator[str]:
    """The Message-ID of the mail that a report gives back, whole or only its headers."""
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            inside = part.get_payload()
            if isinstance(inside, list) and inside and isinstance(inside[0], Message):
                yield str(inside[0].get("Message-ID", ""))
        elif part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield str(headers(content).get("Message-ID", ""))
