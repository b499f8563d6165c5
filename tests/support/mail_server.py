"""A real mail server on loopback that takes mails by SMTP, and answers as a test wants it to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.email.smtp import Server, Tls

USER, PASSWORD = "folkmoot", "a b@c/d"


@dataclass(slots=True)
class MailServer:
    """What it took, and how it answers: an empty answer is that of a server that is well."""

    port: int = 0
    tls: Tls = Tls.NONE
    to_recipient: str = ""
    to_data: str = ""
    cuts_in_data: bool = False
    cuts_before_answer: bool = False
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    connections: int = 0

    @property
    def server(self) -> Server:
        """Its address."""
        return Server("localhost", self.port, self.tls)

    @property
    def mails(self) -> list[Message]:
        """What it took, as mails."""
        return [message_from_bytes(each) for each in self.taken]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Says whether it knows a mailbox."""
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Takes a mail."""
        if self.to_data:
            return self.to_data
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        self.senders.append(envelope.mail_from or "")
        if self.cuts_before_answer:
            _cut(server)
        return "250 OK"


class _Protocol(SMTP):
    """Hangs up in the middle of a mail where it is to."""

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        handler = self.event_handler
        assert isinstance(handler, MailServer)
        if handler.cuts_in_data:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            assert self._reader is not None
            await self._reader.readline()
            _cut(self)
            return
        await super().smtp_DATA(arg)


def _cut(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@asynccontextmanager
async def a_mail_server(
    *, tls: Tls = Tls.NONE, certificate: Path | None = None, asks_password: bool = False
) -> AsyncIterator[MailServer]:
    """A server that takes mails while the block runs; without a certificate it offers no TLS, whatever is expected."""
    found = MailServer(tls=tls)
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    def protocol() -> SMTP:
        found.connections += 1
        return _Protocol(
            found,
            hostname="localhost",
            tls_context=context if tls is Tls.BEFORE_ANYTHING else None,
            require_starttls=context is not None and tls is Tls.BEFORE_ANYTHING,
            authenticator=_authenticated if asks_password else None,
            auth_required=asks_password,
            loop=asyncio.get_running_loop(),
        )

    at_once = context if tls is Tls.AT_ONCE else None
    listening = await asyncio.get_running_loop().create_server(protocol, "localhost", 0, ssl=at_once)
    found.port = listening.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        listening.close()


def _authenticated(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
    well = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=well, handled=well)


def a_certificate(folder: Path) -> Path:
    """A key and a certificate for localhost in one file, signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    unlocked = serialization.NoEncryption()
    kept = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unlocked)
    path.write_bytes(kept + made.public_bytes(serialization.Encoding.PEM))
    return path
