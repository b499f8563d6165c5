"""An initiative with its people, and the two sides of their chat: what they type and what reaches them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.replies import Answer
from bot.dispatch import Dispatcher
from bot.ports import Action, Press, Submission
from bot.routes import ROUTES
from schedules.delivery import Delivery
from schedules.simulated import SimulatedClock
from storage.audit import AuditEvent
from storage.engine import Database
from storage.initiatives import Charter, Dependency, Initiative, Milestone, MilestoneAsk, Phase
from storage.people import Role
from storage.teams import Membership, Team
from storage.tx import Tx
from tests.support.company import PLATFORM, Company, a_company, acting, an_event
from tests.support.fake_chat import FakeChat, FakePost
from tests.support.reading import button_of, words_of

TODAY = date(2026, 12, 7)
MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
STATE = Milestone.State
PEOPLE = ("Ann", "Dov", "Raj", "Carl", "Cora", "Ivo", "Amy", "Zoe")
"""Ann owns I-1 and Carl sponsors it, Cora chairs the council, Ivo runs the bot, Raj leads Amy; Zoe has no part."""


def on(month: int, day: int, year: int = 0) -> date:
    """A day of the winter of 2026: December, or the months after it."""
    return date(year or (2026 if month == 12 else 2027), month, day)


@dataclass(slots=True)
class Board:
    """Who types, presses and reads; I-1 has an approved charter."""

    database: Database
    company: Company
    initiative_id: int
    clock: SimulatedClock
    chat: FakeChat = field(default_factory=FakeChat)
    _events: "count[int]" = field(default_factory=count)

    @property
    def dispatcher(self) -> Dispatcher:
        return Dispatcher(self.database, ROUTES, self.clock)

    async def deliver(self) -> None:
        """Sends what is wanted by now."""
        await Delivery(self.database, {PLATFORM: self.chat}, ROUTES.views, self.clock, name="worker").drain()

    async def acts(self, who: str, what: str | Action, *, room: str = "") -> Answer | None:
        """Somebody does something."""
        event = an_event(who, what, event=f"event-{next(self._events)}", room=room)
        answer = await self.dispatcher.handle(event)
        await self.deliver()
        return answer

    async def says(self, who: str, text: str, *, room: str = "") -> Card | Form:
        """What a line is answered with."""
        answer = await self.acts(who, text, room=room)
        assert answer is not None
        return answer.content

    async def reads(self, who: str, text: str, *, room: str = "") -> str:
        """The words of the card that a line is answered with."""
        card = await self.says(who, text, room=room)
        assert isinstance(card, Card), card
        return words_of(card)

    async def presses(self, who: str, card: Card | Form, label: str, *, room: str = "") -> Card | Form:
        """Presses a button of a card."""
        assert isinstance(card, Card), card
        button = button_of(card, label)
        answer = await self.acts(who, Press(button.verb, button.ids), room=room)
        assert answer is not None
        return answer.content

    async def sends(self, who: str, form: Card | Form, **values: str) -> Card | Form | None:
        """Sends a form with these values."""
        assert isinstance(form, Form), form
        held = {each.id: each.value for each in form.inputs} | values
        answer = await self.acts(who, Submission(form.verb, held, form.ids))
        return None if answer is None else answer.content

    def posts(self, who: str, about: str = "") -> list[FakePost]:
        """What stands in somebody's direct messages, oldest first; `about` is a part of its words."""
        mine = [each for each in self.chat.posts.values() if each.to.account == who]
        return [each for each in mine if about in each.words]

    def letters(self, who: str, about: str = "") -> list[str]:
        """The words of the same."""
        return [each.words for each in self.posts(who, about)]

    # --- rows

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[Tx]:
        """A transaction in which rows are changed behind the bot's back."""
        async with acting(self.database, self.company, now=self.clock.now()) as tx:
            yield tx

    async def has(self, code: str, title: str, owner: str, forecast: date, **more: object) -> int:
        """One more milestone of I-1; its baseline is its forecast unless said otherwise."""
        async with self.changing() as tx:
            fields = {"baseline_on": forecast, "initiative_id": self.initiative_id} | more
            row = Milestone(
                code=code,
                title=title,
                owner_id=self.company.people[owner].id if owner else None,
                forecast_on=forecast,
                **fields,  # type: ignore[arg-type]  # each test names what is special
            )
            tx.add(row)
            await tx.flush()
            return row.id

    async def waits(self, after: str, before: str, lag: int = 0) -> None:
        """One milestone waits for another."""
        async with self.changing() as tx:
            ids = {each.code: each.id for each in await tx.all(select(Milestone))}
            tx.add(Dependency(thing="milestone", from_id=ids[before], to_id=ids[after], lag_days=lag))

    async def milestone(self, code: str) -> Milestone:
        """As it is now."""
        async with self.database.read(self.company.id) as tx:
            found = await tx.first(select(Milestone).where(Milestone.code == code))
        assert found is not None
        return found

    async def edges(self) -> list[tuple[int, int, int]]:
        """Every dependency."""
        async with self.database.read(self.company.id) as tx:
            rows = await tx.all(select(Dependency).order_by(col(Dependency.id)))
        return [(each.from_id, each.to_id, each.lag_days) for each in rows]

    async def asks(self) -> list[MilestoneAsk]:
        """Every question."""
        async with self.database.read(self.company.id) as tx:
            return list(await tx.all(select(MilestoneAsk).order_by(col(MilestoneAsk.id))))

    async def deeds(self, code: str) -> list[tuple[str, str, str, str]]:
        """What was written down about a milestone: verb, before, after, reason."""
        row = await self.milestone(code)
        async with self.database.read(self.company.id) as tx:
            rows = await tx.all(
                select(AuditEvent)
                .where(AuditEvent.thing == "milestone", AuditEvent.thing_id == row.id)
                .order_by(col(AuditEvent.id))
            )
        return [(each.verb, each.before, each.after, each.reason) for each in rows]


async def a_board(database: Database, *, agreed: bool = True) -> Board:
    """I-1 "Fault questions before booking" with two phases, and no milestone yet."""
    company = await a_company(database, people=PEOPLE, admin="Ivo")
    people = company.people
    async with acting(database, company, now=MONDAY) as tx:
        initiative = Initiative(
            code="I-1",
            title="Fault questions before booking",
            owner_id=people["ann"].id,
            sponsor_id=people["carl"].id,
            state=Initiative.State.APPROVED if agreed else Initiative.State.CHARTERED,
        )
        tx.add(initiative)
        tx.add(Role(person_id=people["cora"].id, kind=Role.Kind.CHAIR))
        await tx.flush()
        state = Charter.State.APPROVED if agreed else Charter.State.DRAFT
        charter = Charter(initiative_id=initiative.id, state=state, approved_at=MONDAY if agreed else None)
        phases = [Phase(initiative_id=initiative.id, seq=n, name=name) for n, name in enumerate(("Build", "Roll out"))]
        team = Team(name="Field Dispatch", zone="Europe/London", lead_id=people["raj"].id)
        tx.add(charter, *phases, team)
        await tx.flush()
        tx.add(Membership(team_id=team.id, person_id=people["amy"].id, from_on=date(2026, 9, 1)))
    return Board(database, company, initiative.id, SimulatedClock(MONDAY))


async def card_11(database: Database) -> Board:
    """The board of design card 11 on Mon 7 Dec 2026, before Raj's supplier was late."""
    board = await a_board(database)
    await board.has("M-30", "Questions agreed", "ann", on(12, 1), state=STATE.ACHIEVED, actual_on=on(12, 1))
    await board.has("M-31", "Script live", "ann", on(12, 18))
    await board.has("M-32", "40 desks trained", "dov", on(1, 15), duration_days=10)
    await board.has("M-33", "Fault details on every job sheet", "raj", on(12, 22))
    await board.has("M-34", "Repeat visits below 8%", "raj", on(3, 25))
    await board.waits("M-32", "M-31")
    return board
