"""Northwater on Slack and on Teams, without the platforms: what people type and press, and what they read."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlmodel import SQLModel, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from bot.chat.cards import Card, buttons_of
from bot.chat.replies import Answer
from bot.dispatch import Dispatcher
from bot.ports import Action, Incoming, Press, Sender, Text
from bot.routes import ROUTES
from schedules.simulated import SimulatedClock
from storage.accounts import AccountCode, WrongCodes
from storage.engine import Database
from storage.messages import open_lanes
from storage.organisations import Install, Organisation
from storage.people import Account, Person, Role
from storage.tx import SYSTEM
from tests.scenarios.both_stage import code_in
from tests.support.company import NOON
from tests.support.reading import button_of, words_of


@dataclass(slots=True)
class Desks:
    """Two doors to one organisation; nobody is known behind the second one before they write."""

    database: Database
    dispatcher: Dispatcher
    organisation: int
    numbers: "count[int]"

    async def does(self, platform: str, who: str, what: str | Action, *, guest: bool = False, email: str = "") -> Card:
        """Somebody types a line or presses; the card they get."""
        answer = await self.hands_in(platform, who, what, guest=guest, email=email)
        assert answer is not None
        assert isinstance(answer.content, Card)
        return answer.content

    async def hands_in(
        self, platform: str, who: str, what: str | Action, *, guest: bool = False, email: str = "", name: str = ""
    ) -> Answer | None:
        """The same, with everything about the answer."""
        incoming = Incoming(
            platform=platform,
            tenant=f"{platform}-north",
            event_id=f"event-{next(self.numbers)}",
            conversation=f"dm-{who}",
            is_direct=True,
            sender=Sender(who, name or who.title(), "Europe/London", is_guest=guest, email=email),
            action=Text(what) if isinstance(what, str) else what,
        )
        return await self.dispatcher.handle(incoming)

    async def says(self, platform: str, who: str, line: str) -> str:
        """What somebody reads after a line of theirs."""
        return words_of(await self.does(platform, who, line))

    async def presses(self, platform: str, who: str, card: Card, label: str) -> str:
        """What somebody reads after a press."""
        button = button_of(card, label)
        return words_of(await self.does(platform, who, Press(button.verb, button.ids)))

    async def code(self, platform: str, who: str, verb: str = "join") -> str:
        """A code that somebody was shown."""
        return code_in(await self.says(platform, who, f"/account {verb}"))

    async def join(self, who: str) -> str:
        """The account on Teams becomes that of the person on Slack."""
        return await self.says("slack", who, f"/account join {await self.code('teams', who)}")

    async def all(self, query: SelectOfScalar) -> list:
        """Rows of every organisation."""
        async with self.database.read(SYSTEM) as tx:
            return list(await tx.all(query))

    async def person(self, platform: str, who: str) -> Person:
        """Who somebody's account is."""
        theirs = select(Account.person_id).join(Install, col(Install.id) == Account.install_id)
        theirs = theirs.where(Install.platform == platform, Account.external_id == who)
        (found,) = await self.all(select(Person).where(col(Person.id).in_(theirs)))
        assert isinstance(found, Person)
        return found

    async def changes(self, kind: type[SQLModel], **values: object) -> None:
        """Every row of a table holds something else, as if time had gone by."""
        async with self.database.write(SYSTEM) as tx:
            tx.acts_for(by=None, event_id=None, now=NOON)
            await tx.run(update(kind).values(**values))

    async def ten_minutes_later(self) -> None:
        """Every code has run out."""
        await self.changes(AccountCode, expires_at=datetime.now(UTC) - timedelta(minutes=3))

    async def an_hour_later(self) -> None:
        """Who typed wrong codes has rested."""
        await self.changes(WrongCodes, newest_at=datetime.now(UTC) - timedelta(hours=1))


def labels(card: Card) -> list[str]:
    """The buttons of a card."""
    return [each.text for each in buttons_of(card)]


async def two_desks(database: Database, *, platforms: tuple[str, ...] = ("slack", "teams")) -> Desks:
    """Ada administers the bot on Slack."""
    async with database.write(SYSTEM) as tx:
        organisation = Organisation(name="Northwater", zone="Europe/London", created_at=NOON)
        tx.session.add(organisation)
        await tx.session.flush()
        tx.bind(organisation.id)
        tx.acts_for(by=None, event_id=None, now=NOON)
        for platform in platforms:
            install = Install(platform=platform, external_id=f"{platform}-north", name="Northwater")
            tx.add(install)
            await tx.flush()
            await open_lanes(tx, install)
        ada = Person(name="Ada", zone="Europe/London", prefers="slack")
        tx.add(ada)
        await tx.flush()
        slack = await tx.first(select(Install).where(Install.platform == "slack"))
        assert slack is not None
        tx.add(Account(person_id=ada.id, install_id=slack.id, external_id="ada"))
        tx.add(Role(person_id=ada.id, kind=Role.Kind.ADMIN))
    return Desks(database, Dispatcher(database, ROUTES, SimulatedClock(NOON)), organisation.id, count(1))
