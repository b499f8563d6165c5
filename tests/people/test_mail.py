"""`/people mail`: an administrator lets somebody take part who has e-mail only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import select

from adapters.email.front import MailBox
from bot.chat.cards import Card
from bot.house import House, assemble
from bot.people.mail_rules import address_in
from bot.ports import Incoming, Sender, Text
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.people import Account, Department, Person
from storage.tx import SYSTEM
from tests.scenarios.mail_post import BOT, MailPost, SeenMail
from tests.support.loaded import northwater_once
from tests.support.reading import words_of

TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
SAM = "sam@metering.example"
ADD = f'/people mail {SAM} "Sam Okello" dept:"Metering Ltd"'


@dataclass(slots=True)
class Utility:
    """Northwater, with a mail drop; Ivo administers."""

    house: House
    post: MailPost
    numbers: count = field(default_factory=count)

    async def says(self, who: str, line: str) -> str:
        """What somebody in the chat reads after a line of theirs."""
        incoming = Incoming(
            platform="local",
            tenant="local",
            event_id=f"mail-{next(self.numbers)}",
            conversation=f"dm-{who}",
            is_direct=True,
            sender=Sender(who, who.title(), "Europe/London"),
            action=Text(line),
        )
        answer = await self.house.dispatcher.handle(incoming)
        assert answer is not None
        assert isinstance(answer.content, Card)
        await self.house.delivery.drain()
        return words_of(answer.content)

    async def collect(self) -> None:
        """The bot reads its mail."""
        assert self.house.mail is not None
        await self.house.mail.collect()
        await self.house.delivery.drain()

    async def replies(self, mail: SeenMail, text: str) -> SeenMail:
        """What Sam is answered."""
        self.post.reply(mail, text)
        await self.collect()
        return self.post.newest(SAM)

    async def people(self, name: str = "Sam Okello") -> Sequence[Person]:
        """Who is called so."""
        async with self.house.database.read(SYSTEM) as tx:
            return await tx.all(select(Person).where(Person.name == name))


@pytest.fixture
async def utility(sqlite: Database, tmp_path: Path) -> Utility:
    await northwater_once(sqlite, TUESDAY)
    house = assemble(sqlite, SimulatedClock(TUESDAY), mail=MailBox(tmp_path / "mail", BOT))
    return Utility(house, MailPost(tmp_path / "mail"))


@pytest.mark.req("S2-10")
async def test_a_supplier_takes_part_by_mail_alone(utility: Utility) -> None:
    said = await utility.says("ivo", ADD)
    assert "Added Sam Okello, of Metering Ltd. What I have for them goes to sam@metering.example" in said
    (sam,) = await utility.people()
    assert (sam.is_external, sam.active, sam.prefers, sam.email) == (True, True, "email", SAM)
    (hello,) = utility.post.mails(SAM)
    assert hello.subject == "You take part at Northwater Utility"
    assert hello.choices == ["What can you do?"]
    help_ = await utility.replies(hello, "What can you do?")
    assert help_.answers != ""
    assert "today" in help_.text


async def test_whoever_was_added_is_at_home_by_mail(utility: Utility) -> None:
    await utility.says("ivo", ADD)
    answer = await utility.replies(utility.post.newest(SAM), "/today")
    assert "Tue 24 Nov" in answer.text


async def test_an_address_that_no_mail_can_go_to_is_refused_with_a_reason(utility: Utility) -> None:
    said = await utility.says("ivo", '/people mail josé@metering.example "José Ruiz"')
    assert "I can't write to 'josé@metering.example': before the @ mail servers take only letters without" in said
    said = await utility.says("ivo", '/people mail a..b@metering.example "Dot Dot"')
    assert "'a..b@metering.example' is no mail address" in said
    assert not await utility.people("José Ruiz")
    assert not await utility.people("Dot Dot")


async def test_an_address_is_one_persons(utility: Utility) -> None:
    await utility.says("ivo", ADD)
    again = await utility.says("ivo", '/people mail SAM@Metering.example "Another Sam"')
    assert "is the address of Sam Okello, who takes part already. Nothing was changed." in again
    assert await utility.people("Another Sam") == []


async def test_an_address_that_somebody_has_in_the_chat_is_theirs(utility: Utility) -> None:
    async with utility.house.database.write(SYSTEM) as tx:
        amy = await tx.first(select(Person).where(Person.name.startswith("Amy")))
        assert amy is not None
        tx.bind(amy.organisation_id)
        tx.acts_for(by=None, event_id=None, now=TUESDAY)
        amy.email = "Amy@Northwater.example"
    said = await utility.says("ivo", '/people mail amy@northwater.example "Amy by mail"')
    assert "who takes part already" in said


async def test_only_an_administrator_lets_people_in(utility: Utility) -> None:
    said = await utility.says("ben", ADD)
    assert "an administrator" in said
    assert await utility.people() == []
    assert utility.post.mails() == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/people mail", "Give an address and a name"),
        (f"/people mail {SAM}", "Give an address and a name"),
        ('/people mail sam "Sam Okello"', "'sam' is no mail address"),
        ('/people mail sam@metering "Sam Okello"', "is no mail address"),
        (f'/people mail {SAM} "{"x" * 90}"', "at most 80"),
        (f'/people mail {SAM} "Sam Okello" dept:"Metering Lt"', "Did you mean Metering Ltd?"),
    ],
)
async def test_what_is_missing_or_wrong_is_said_and_nothing_changes(utility: Utility, line: str, why: str) -> None:
    assert why in await utility.says("ivo", line)
    assert await utility.people() == []
    assert utility.post.mails() == []


async def test_a_name_needs_no_quotes_and_a_new_supplier_is_noted(utility: Utility) -> None:
    said = await utility.says("ivo", f'/people mail {SAM} Sam Okello dept:"Pipe Works"')
    assert "Pipe Works is new here; I noted it as a supplier." in said
    (sam,) = await utility.people()
    async with utility.house.database.read(SYSTEM) as tx:
        found = await tx.first(select(Department).where(Department.id == sam.department_id))
    assert found is not None
    assert (found.name, found.kind) == ("Pipe Works", Department.Kind.SUPPLIER)


async def test_who_was_taken_out_gets_no_answer_and_can_be_brought_back(utility: Utility) -> None:
    await utility.says("ivo", ADD)
    hello = utility.post.newest(SAM)
    assert "no part any more" in await utility.says("ivo", '/people remove @"Sam Okello"')
    utility.post.reply(hello, "/today")
    await utility.collect()
    assert utility.post.newest(SAM) == hello
    assert "Sam Okello takes part again" in await utility.says("ivo", ADD)
    assert "Tue 24 Nov" in (await utility.replies(hello, "/today")).text
    async with utility.house.database.read(SYSTEM) as tx:
        accounts = await tx.all(select(Account).where(Account.external_id == SAM))
    assert len(accounts) == 1


async def test_without_a_mail_drop_nobody_is_added(sqlite: Database, tmp_path: Path) -> None:
    await northwater_once(sqlite, TUESDAY)
    without = Utility(assemble(sqlite, SimulatedClock(TUESDAY)), MailPost(tmp_path))
    assert "FOLKMOOT_MAIL_DIR" in await without.says("ivo", ADD)
    assert await without.people() == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Sam@Metering.Example", SAM),
        (" sam@metering.example ", SAM),
        ("mailto:sam@metering.example", SAM),
        ("sam", ""),
        ("sam@metering", ""),
        ("a@b.example,c@d.example", ""),
        ("<sam@metering.example>", ""),
        ("sam@metering.example\nBcc: x@y.example", ""),
        ("@metering.example", ""),
        ("sam..okello@metering.example", ""),
        (".sam@metering.example", ""),
        ("josé@metering.example", ""),
        ("sam@metering..example", ""),
        ("Sam@Groß.example", "sam@xn--gro-7ka.example"),
        ("sam@xn--gro-7ka.example", "sam@xn--gro-7ka.example"),
        ("sam@gross.example", "sam@gross.example"),
    ],
)
def test_an_address_is_one_address(text: str, address: str) -> None:
    assert address_in(text) == address
