"""A mail server that takes mails by SMTP, and what its answers mean for a message. Source: RFC 5321, RFC 3207."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from bot.ports import ChatError, MaybeSent, NotSent, RateLimited, Refused
from bot.settings import LOOPBACK, SettingsError

ATTEMPT_S = 12.0  # for a whole mail; shorter than what the delivery grants an attempt, so that the reason is known
GOODBYE_S = 2.0  # for what follows a mail that was taken
CONNECTIONS_MOST = 4  # at once; many servers take no more from one client
CLOSING = 421  # RFC 5321 section 4.2.2: not now, and that is about no mail in particular
WHO_ARE_YOU = 530  # RFC 4954 section 6: the server wants the bot to log in first
NO_SUCH_MAILBOX = frozenset({550, 551, 553})
EXAMPLE = "smtps://USER:PASSWORD@mail.northwater.example"

_STATUS = re.compile(r"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
_GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})  # no such mailbox or host, or one closed
_ABOUT_US = frozenset({"5.1.7", "5.1.8"})  # the sender's address
_OURS = re.compile(r"\b(?:relay\w*|sender|authentication)\b", re.IGNORECASE)


class Tls(StrEnum):
    """How what goes out is kept from others; the scheme of the address in the settings."""

    AT_ONCE = "smtps"
    BEFORE_ANYTHING = "smtp"
    """STARTTLS: without it, or with a certificate that is not the server's, nothing is sent."""
    NONE = "smtp+plain"


PORTS = {Tls.AT_ONCE: 465, Tls.BEFORE_ANYTHING: 587, Tls.NONE: 25}


@dataclass(frozen=True, slots=True)
class Server:
    """Where a mail server is, and who the bot is there."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def named(self) -> str:
        """For a log or a person: without the password."""
        return f"{self.host}:{self.port}"


def server_in(address: str) -> Server | None:
    """The server of a setting; None where it is empty. Raises: SettingsError, which does not hold the password."""
    if not address.strip():
        return None
    try:
        found = urlsplit(address.strip())
        tls, host, port = Tls(found.scheme), found.hostname or "", found.port
    except ValueError:
        host = ""
    if not host or found.path.strip("/") or found.query:
        raise SettingsError(
            f"FOLKMOOT_MAIL_SMTP has to be the address of a mail server, such as {EXAMPLE}; smtp:// begins with "
            "STARTTLS, smtp+plain:// has no TLS at all; what is special in a password is written as %40 for @"
        )
    if tls is Tls.NONE and found.password and host not in LOOPBACK:
        raise SettingsError(
            f"FOLKMOOT_MAIL_SMTP would send a password to {host} for everybody on the way to read; write smtps:// or "
            "smtp:// there, or leave the password out"
        )
    return Server(host, port or PORTS[tls], tls, unquote(found.username or ""), unquote(found.password or ""))


class Smtp:
    """Hands mails to a server, each over a connection of its own."""

    def __init__(self, server: Server, sender: str, *, tls: ssl.SSLContext | None = None) -> None:
        """`sender` is whom the server tells what became of a mail; `tls` trusts what the system trusts if left out."""
        self.server = server
        self._sender = sender
        self._tls = None if server.tls is Tls.NONE else tls or ssl.create_default_context()
        self._free = asyncio.Semaphore(CONNECTIONS_MOST)

    async def send(self, mail: bytes, to: str, *, begins: Callable[[], Awaitable[None]]) -> None:
        """One attempt; `begins` is awaited right before bytes go out, and may raise to stop it.

        Raises: RateLimited, NotSent, Refused; MaybeSent where the mail went out and no answer came.
        """
        is_begun = False
        async with self._free:
            try:
                async with asyncio.timeout(ATTEMPT_S), self._connected() as client:
                    await client.mail(self._sender)
                    await client.rcpt(to)
                    await begins()
                    is_begun = True
                    await client.data(mail)
            except SMTPResponseException as problem:
                raise meaning(problem) from problem
            except (SMTPException, OSError) as problem:  # a TimeoutError is one
                said = f"the mail server {self.server.named} was lost ({type(problem).__name__})"
                raise (MaybeSent if is_begun else NotSent)(said) from problem

    async def greet(self) -> None:
        """Connects, is let in and leaves again. Raises: RateLimited, NotSent."""
        try:
            async with asyncio.timeout(ATTEMPT_S), self._connected():
                return
        except SMTPResponseException as problem:
            raise meaning(problem) from problem
        except (SMTPException, OSError) as problem:
            raise NotSent(f"the mail server {self.server.named} can't be used ({_words(problem)})") from problem

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[SMTP]:
        server = self.server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls is Tls.AT_ONCE,
            start_tls=server.tls is Tls.BEFORE_ANYTHING,
            tls_context=self._tls,
            username=server.user or None,
            password=server.password or None,
            local_hostname=self._sender.rpartition("@")[2],
            timeout=ATTEMPT_S,
        )
        try:
            await client.connect()
            yield client
            with suppress(SMTPException, OSError):
                await client.quit(timeout=GOODBYE_S)
        finally:
            client.close()


def meaning(problem: SMTPResponseException) -> ChatError:
    """What an answer of a mail server means for a mail that it did not take.

    What is about the bot (a greeting, a password, its own address, whether it may send to others) is about every mail,
    and somebody can put it right: it is tried again, whenever the server says it. Else 4xx is tried again, 5xx never.
    """
    found = _STATUS.match(problem.message)
    status = "" if found is None else found[1]
    said = " ".join(each for each in (f"the mail server answered {problem.code}", status) if each)
    if problem.code == CLOSING:
        return RateLimited("the mail server")
    is_about_this_one = isinstance(problem, SMTPRecipientRefused | SMTPDataError)
    is_permanent = 500 <= problem.code <= 599  # noqa: PLR2004 - the class of permanent refusals
    if not is_about_this_one or not is_permanent or _is_about_us(problem, status):
        return NotSent(said)
    gone = is_gone(status) if status else problem.code in NO_SUCH_MAILBOX
    return Refused(said, target_gone=gone and isinstance(problem, SMTPRecipientRefused))


def _is_about_us(problem: SMTPResponseException, status: str) -> bool:
    """Whether a server refuses the bot and not the mailbox, also where it says so only once a recipient is named."""
    if problem.code == WHO_ARE_YOU or status in _ABOUT_US:
        return True
    return status in {"", "5.7.0", "5.7.1"} and _OURS.search(problem.message) is not None


def is_gone(status: str) -> bool:
    """Whether a status says that there is no such mailbox; one that is empty does not. Source: RFC 3463."""
    return status in _GONE


def _words(problem: Exception) -> str:
    """What a library says of a failed connection: names and numbers of ours, no secret and nobody's words."""
    return " ".join(str(problem).split()) or type(problem).__name__
