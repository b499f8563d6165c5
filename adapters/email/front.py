"""The mail as the settings say: where its drop is, and whose address the bot's is."""

from dataclasses import dataclass
from pathlib import Path

from adapters.email.adapter import MailChat
from adapters.email.desk import Core, Desk
from adapters.email.drop import Drop
from adapters.email.mime import Identity
from adapters.email.smtp import Server, Smtp, server_in
from bot.chat.routing import Enclosing
from bot.people.mail_rules import address_in
from bot.ports import Clock
from bot.settings import Settings, SettingsError
from storage.engine import Database


@dataclass(frozen=True, slots=True)
class MailBox:
    """A drop of files, the address that the bot writes from, and the server that takes its mails.

    Without a server they are put out as files.
    """

    folder: Path
    address: str
    server: Server | None = None


class Post:
    """The mail: it can be sent at once, and what comes in is taken by its desk."""

    def __init__(self, database: Database, clock: Clock, box: MailBox, *, enclosing: Enclosing | None = None) -> None:
        """`enclosing` says what goes along with mails. Raises: NoDrop."""
        self._database = database
        self._clock = clock
        self.drop = Drop(box.folder)
        self.drop.open()
        smtp = None if box.server is None else Smtp(box.server, box.address)
        self.chat = MailChat(database, clock, self.drop, Identity(box.address), smtp=smtp, enclosing=enclosing)

    def desk(self, core: Core) -> Desk:
        """Who takes what comes in."""
        return Desk(core, self.chat, self.drop, database=self._database, clock=self._clock)


def mailbox(settings: Settings) -> MailBox | None:
    """Where the mail is; None where there is none. Raises: SettingsError."""
    folder, sender = settings.mail_dir.strip(), settings.mail_from.strip()
    server = server_in(settings.mail_smtp)
    if not folder and not sender and server is None:
        return None
    if not folder:
        named = "FOLKMOOT_MAIL_FROM" if sender else "FOLKMOOT_MAIL_SMTP"
        raise SettingsError(f"{named} needs FOLKMOOT_MAIL_DIR beside it, the folder in which mails are kept")
    address = address_in(sender)
    if not address:
        raise SettingsError(
            f"FOLKMOOT_MAIL_FROM is {sender!r}; it has to be the address that people answer to, such as "
            "folkmoot@northwater.example"
        )
    return MailBox(Path(folder), address, server)
