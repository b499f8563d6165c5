"""A page as the bytes of a mail, and the names by which it is known. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from adapters.email import views
from adapters.email.render import Page
from bot.people.mail_rules import is_sendable
from bot.ports import Refused

REFERENCES_MOST = 20  # Message-IDs; a header with more is cut by some servers
TOKEN_DIGITS = 32
NAME_MAX = 60  # characters of somebody's name in a header


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands above a mail's text."""

    message_id: str
    subject: str
    to: str
    name: str
    at: datetime
    is_reply: bool = False
    references: Sequence[str] = ()
    """The Message-IDs before it in its thread, the oldest first; the last one is what it answers."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along. `method` is what an invitation wants, and empty for everything else."""

    name: str
    content_type: str
    content: bytes
    method: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose mails the bot's are: its address, and the domain of its Message-IDs, which nobody else writes."""

    address: str

    @property
    def id_domain(self) -> str:
        """What Message-IDs end with."""
        return f"folkmoot.{self.address.rpartition('@')[2]}"

    def message_id(self, token: str) -> str:
        """A Message-ID, without the angle brackets."""
        return f"{token}@{self.id_domain}"


def token_of(tenant: str, account: str, key: str, turn: int) -> str:
    """What names a mail: the same for every try to send it, another one for everything else, and not to be guessed.

    `tenant` is random, so that nobody who knows a key knows a token.
    """
    whole = "\0".join((tenant, account, key, str(turn)))
    return sha256(whole.encode()).hexdigest()[:TOKEN_DIGITS]


def mail(
    page: Page,
    envelope: Envelope,
    identity: Identity,
    *,
    pictures: Mapping[str, bytes],
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The whole mail; `pictures` are PNGs by the ids under which the HTML asks for them.

    Raises: Refused where no mail can be addressed to whom it is for.
    """
    if not is_sendable(envelope.to):
        raise Refused("its address is one that mail servers do not take", target_gone=True)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = Address(views.SENDER, addr_spec=identity.address)
    message["To"] = Address(_name(envelope.name), addr_spec=envelope.to)
    message["Subject"] = envelope.subject
    message["Date"] = format_datetime(envelope.at)
    message["Message-ID"] = f"<{envelope.message_id}>"
    if envelope.references:
        message["In-Reply-To"] = f"<{envelope.references[-1]}>"
        message["References"] = " ".join(f"<{each}>" for each in envelope.references[-REFERENCES_MOST:])
    # Source: RFC 3834 section 5; the second one is what Exchange asks for.
    message["Auto-Submitted"] = "auto-replied" if envelope.is_reply else "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(page.text, cte="quoted-printable")
    message.add_alternative(page.html, subtype="html", cte="quoted-printable")
    html = message.get_body(("html",))
    for name, picture in pictures.items():
        if html is not None:
            html.add_related(picture, "image", "png", cid=f"<{name}>", disposition="inline")
    for each in attachments:
        kind, _, subkind = each.content_type.partition("/")
        params = {"method": each.method, "charset": "utf-8"} if each.method else {}
        message.add_attachment(each.content, kind, subkind, filename=each.name, params=params)
    token = envelope.message_id.partition("@")[0]
    for number, part in enumerate(each for each in message.walk() if each.is_multipart()):
        part.set_boundary(f"=_{token}_{number}")  # drawn by lot otherwise, and the same mail would be another one
    return message.as_bytes()


def _name(name: str) -> str:
    """Somebody's name as a header can hold it."""
    printable = "".join(each if each.isprintable() else " " for each in name)
    return " ".join(printable.split())[:NAME_MAX]
