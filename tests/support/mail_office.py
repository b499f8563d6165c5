"""The guestbook by mail: an organisation whose members have mail only, and the mail server between them and the bot."""

from dataclasses import dataclass, field
from pathlib import Path

from adapters.email.front import MailBox
from bot.chat.routing import Routes
from bot.house import House, assemble
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.mail import open_install
from storage.organisations import Install, Organisation
from storage.people import Account, Person
from storage.tx import SYSTEM
from tests.conformance.guestbook import GUESTBOOK
from tests.scenarios.mail_post import BOT, MailPost, SeenMail
from tests.support.company import NOON

ADA, BEN, GUS = "ada@northwater.example", "ben@northwater.example", "gus@northwater.example"


@dataclass(slots=True)
class MailOffice:
    """Ada and Ben are members; Gus was one."""

    house: House
    post: MailPost
    folder: Path
    database: Database
    install: Install
    people: dict[str, int] = field(default_factory=dict)

    async def collect(self) -> int:
        """The bot reads what lies there, and sends what is due."""
        assert self.house.mail is not None
        number = await self.house.mail.collect()
        await self.house.delivery.drain()
        return number

    async def hears(self, sender: str, text: str, *, subject: str = "", message_id: str = "") -> SeenMail:
        """What somebody is answered to a new mail of theirs."""
        self.post.write(sender, text, subject=subject, message_id=message_id)
        await self.collect()
        return self.answer(sender)

    def answer(self, to: str) -> SeenMail:
        """The newest mail to somebody that answers one of theirs."""
        return [each for each in self.post.mails(to) if each.headers["Auto-Submitted"] == "auto-replied"][-1]

    def card(self, to: str) -> SeenMail:
        """The newest mail to somebody that the bot sent by itself."""
        return [each for each in self.post.mails(to) if each.headers["Auto-Submitted"] == "auto-generated"][-1]

    def restarted(self) -> "MailOffice":
        """The same with a new process."""
        house = a_house(self.database, self.folder)
        return MailOffice(house, self.post, self.folder, self.database, self.install, self.people)


def a_house(database: Database, folder: Path, routes: Routes = GUESTBOOK) -> House:
    """The bot with a drop."""
    return assemble(database, SimulatedClock(NOON), routes, mail=MailBox(folder, BOT))


async def a_mail_office(database: Database, folder: Path, name: str = "Northwater") -> MailOffice:
    """An organisation of mail alone."""
    house = a_house(database, folder)
    people: dict[str, int] = {}
    async with database.write(SYSTEM) as tx:
        organisation = Organisation(name=name, zone="Europe/London", created_at=NOON)
        tx.session.add(organisation)
        await tx.session.flush()
        tx.bind(organisation.id)
        tx.acts_for(by=None, event_id=None, now=NOON)
        install = await open_install(tx, f"mail-{name.casefold()}")
        for address in (ADA, BEN, GUS):
            first = address.partition("@")[0]
            person = Person(
                name=first.title(), zone="Europe/London", prefers="email", is_external=True, active=first != "gus"
            )
            tx.add(person)
            await tx.flush()
            tx.add(Account(person_id=person.id, install_id=install.id, external_id=address))
            people[first] = person.id
    return MailOffice(house, MailPost(folder), folder, database, install, people)
