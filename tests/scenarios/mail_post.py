"""Members who have mail only: they read what lies in `out/`, and what they write is laid into `in/`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import count
from pathlib import Path

BOT = "folkmoot@northwater.example"


@dataclass(frozen=True, slots=True)
class SeenMail:
    """A mail as a mail program shows it."""

    file: str
    to: str
    subject: str
    message_id: str
    answers: str
    """The Message-ID that it answers; empty for one that begins a thread."""
    references: Sequence[str]
    text: str
    html: str
    headers: Mapping[str, str]
    pictures: int
    files: Mapping[str, bytes]
    """What goes along, by name."""

    @property
    def choices(self) -> Sequence[str]:
        """What one can answer with a line."""
        lead = "Reply with: "
        return [line.removeprefix(lead) for line in self.text.splitlines() if line.startswith(lead)]

    @property
    def quoted(self) -> str:
        """The mail as a reply repeats it."""
        lines = "\n".join(f"> {line}".rstrip() for line in self.text.splitlines())
        return f"On Tue 24 Nov 2026 at 12:00, Folkmoot <{BOT}> wrote:\n\n{lines}\n"


class MailPost:
    """The mail server between the drop and its members."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)

    def mails(self, to: str = "") -> list[SeenMail]:
        """What was sent so far, or to one address, the oldest first."""
        found = [seen(path) for path in sorted((self.folder / "out").glob("*.eml"))]
        return [each for each in found if not to or each.to == to]

    def newest(self, to: str) -> SeenMail:
        """The newest mail to somebody."""
        found = self.mails(to)
        assert found, f"{to} has no mail"
        return found[-1]

    def reply(self, mail: SeenMail, text: str, *, message_id: str = "", sender: str = "", quoting: bool = True) -> str:
        """Answers a mail as most programs do: the words above, the mail quoted below. Gives the Message-ID."""
        whole = f"{text}\n\n{mail.quoted}" if quoting else text
        subject = mail.subject if mail.subject.startswith("Re:") else f"Re: {mail.subject}"
        return self.write(sender or mail.to, whole, subject=subject, message_id=message_id, answers=mail)

    def fill_in(self, mail: SeenMail, values: Mapping[str, str], *, message_id: str = "") -> str:
        """Answers a mail by writing below the questions of the form that it quotes. Gives the Message-ID."""
        lines = []
        left = dict(values)
        for line in mail.quoted.splitlines():
            lines.append(line)
            label = line.removeprefix("> ")
            if label in left:
                lines.append(left.pop(label))
        assert not left, f"the mail does not ask {list(left)}:\n{mail.text}"
        return self.reply(mail, "\n".join(lines), message_id=message_id, quoting=False)

    def write(
        self,
        sender: str,
        text: str,
        *,
        to: str = BOT,
        subject: str = "",
        message_id: str = "",
        answers: SeenMail | None = None,
    ) -> str:
        """A mail of somebody's. Gives its Message-ID."""
        number = next(self._numbers)
        message_id = message_id or f"mail-{number}@{sender.rpartition('@')[2]}"
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Message-ID"] = f"<{message_id}>"
        if answers is not None:
            message["In-Reply-To"] = f"<{answers.message_id}>"
            message["References"] = " ".join(f"<{each}>" for each in (*answers.references, answers.message_id))
        message.set_content(text)
        self.lay(message.as_bytes(), name=f"{number:04}")
        return message_id

    def lay(self, raw: bytes, *, name: str) -> None:
        """A file is laid into `in/`, whole, as a mail server does it."""
        begun = self.folder / "in" / f".{name}"
        begun.write_bytes(raw)
        begun.rename(self.folder / "in" / f"{name}.eml")

    def lying_in(self, folder: str) -> list[str]:
        """The files of a folder."""
        return sorted(path.name for path in (self.folder / folder).glob("*.eml"))


def seen(path: Path) -> SeenMail:
    """A mail's file as a mail program reads it."""
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return SeenMail(
        file=path.name,
        to=message["To"].addresses[0].addr_spec,
        subject=str(message["Subject"]),
        message_id=_bare(message["Message-ID"]),
        answers=_bare(message["In-Reply-To"]),
        references=[_bare(each) for each in str(message["References"] or "").split()],
        text=text.get_content().replace("\r\n", "\n"),
        html=html.get_content().replace("\r\n", "\n"),
        headers={name: str(value) for name, value in message.items()},
        pictures=sum(part.get_content_type() == "image/png" for part in message.walk()),
        files={str(each.get_filename()): _bytes(each) for each in message.iter_attachments()},
    )


def _bytes(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def _bare(value: object) -> str:
    return str(value or "").strip().removeprefix("<").removesuffix(">")
