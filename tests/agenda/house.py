"""Northwater's council before its meeting: its rooms, its reports, its last meeting, and what people see and type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import col, select

from bot.agenda.assembly import assembled
from bot.agenda.rules import Agenda
from bot.chat.cards import Card
from bot.chat.replies import Replies
from bot.council import planning
from bot.council.dates import PUBLISH, REPUBLISH
from bot.council.rules import Reading
from bot.council.standing import Around
from bot.huddles import running as huddles
from bot.ports import Press
from bot.wanted import record
from storage.actions import Action
from storage.agenda import AgendaEdition, AgendaItem, DepartmentReport, editions, items_of
from storage.councils import Council, CouncilRoom
from storage.engine import Database
from storage.huddles import Huddle
from storage.links import Thing, link
from storage.meetings import CouncilMeeting
from storage.organisations import Install
from storage.people import Account, Department, Person
from storage.places import Place
from storage.tx import SYSTEM, Tx
from tests.support.at_the_table import a_table
from tests.support.fake_chat import FakePost
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.reading import words_of
from tests.support.staged import staged
from tests.support.workshop import Workshop

TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CLOSED_AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
OUT_AT = datetime(2026, 11, 30, 16, tzinfo=UTC)
OUT_AGAIN_AT = datetime(2026, 12, 2, 16, tzinfo=UTC)
LAST_AT = datetime(2026, 11, 5, 10, tzinfo=UTC)
ROOM = "cx-council"


@dataclass(slots=True)
class House(Workshop):
    """Cora chairs, Sev keeps the record; eight voting seats, Sam's is the supplier's, Mrs Okafor's the customer's."""

    council_id: int = 0
    meeting_id: int = 0

    async def now_is(self, at: datetime) -> None:
        """The bot runs until then."""
        await self.until(at + timedelta(minutes=1))

    def in_room(self, what: str) -> list[FakePost]:
        """Messages of one kind in the council's room, oldest first."""
        posts = self.house.chat.posts.values()
        return [post for post in posts if post.to.conversation == ROOM and f":{what}:" in post.key]

    @property
    def paper(self) -> str:
        """The agenda as it stands in the council's room."""
        return self.in_room("agenda.paper")[-1].words

    async def items(self, meeting_id: int = 0) -> Sequence[AgendaItem]:
        """Every item of a meeting, by number."""
        async with self.house.database.read(SYSTEM) as tx:
            return await items_of(tx, meeting_id or self.meeting_id)

    async def item(self, title: str, meeting_id: int = 0) -> AgendaItem:
        """The one item of that title."""
        (found,) = [each for each in await self.items(meeting_id) if each.title == title]
        return found

    async def versions(self) -> Sequence[AgendaEdition]:
        """Every version that came out."""
        async with self.house.database.read(SYSTEM) as tx:
            return await editions(tx, self.meeting_id)

    async def agenda(self, reading: Reading = Reading.FULL) -> Agenda:
        """As it would be assembled now."""
        now = self.house.clock.now()
        async with self.house.database.read(NORTHWATER) as tx:
            tx.acts_for(by=None, event_id=None, now=now)
            found = await self.found_in(tx)
            return await assembled(tx, found, now, reading=reading)

    async def found_in(self, tx: Tx) -> Around:
        """The meeting with its council."""
        return Around(await tx.need(CouncilMeeting, self.meeting_id), await tx.need(Council, self.council_id))

    async def next_meeting(self) -> CouncilMeeting:
        """The one after; at first that of January."""
        async with self.house.database.read(SYSTEM) as tx:
            query = select(CouncilMeeting).where(CouncilMeeting.council_id == self.council_id)
            rows = await tx.all(query.order_by(col(CouncilMeeting.starts_at)))
        starts = next(each.starts_at for each in rows if each.id == self.meeting_id)
        return next(each for each in rows if each.starts_at > starts)

    async def held_before(self) -> int:
        """The council met on Thu 5 Nov, and is over; its number."""
        async with self.house.database.write(NORTHWATER) as tx:
            tx.acts_for(by=None, event_id=None, now=LAST_AT)
            meeting = CouncilMeeting(
                council_id=self.council_id, slot=LAST_AT.replace(tzinfo=None), starts_at=LAST_AT,
                state=CouncilMeeting.State.MINUTES_CIRCULATED, edition=1,
            )  # fmt: skip
            tx.add(meeting)
            await tx.flush()
        return meeting.id

    async def promised(
        self, title: str, end: tuple[Thing, int], *, due: date, state: Action.State = Action.State.OPEN
    ) -> None:
        """An action that a meeting, an item or a decision led to."""
        ann = await self.person("Ann")
        async with self.house.database.write(NORTHWATER) as tx:
            tx.acts_for(by=ann.id, event_id=None, now=LAST_AT)
            number = len(await tx.all(select(Action.id))) + 901
            action = Action(
                code=f"A-{number}", title=title, owner_id=ann.id, requester_id=ann.id, state=state, due_on=due,
                first_due_on=due, finished_on=due if state is Action.State.DONE else None,
            )  # fmt: skip
            tx.add(action)
            await tx.flush()
            await link(tx, end, (Thing.ACTION, action.id))

    async def reports(
        self,
        *names: str,
        missing: Sequence[str] = (),
        measures: Sequence[Mapping[str, str]] = (),
        changed: str = "",
        help_wanted: str = "",
        offer: str = "",
    ) -> None:
        """Some departments have sent their reports; others were asked and did not."""
        async with self.house.database.write(NORTHWATER) as tx:
            tx.acts_for(by=None, event_id=None, now=self.house.clock.now())
            places = {each.name: each.id for each in await tx.all(select(Department))}
            state = DepartmentReport.State
            tx.add(
                *(
                    DepartmentReport(
                        meeting_id=self.meeting_id,
                        department_id=places[name],
                        state=state.RECEIVED,
                        measures=[dict(each) for each in measures],
                        changed=changed,
                        help_wanted=help_wanted,
                        offer=offer,
                    )
                    for name in names
                ),
                *(
                    DepartmentReport(meeting_id=self.meeting_id, department_id=places[name], state=state.MISSING)
                    for name in missing
                ),
            )

    async def opened(self, who: str, section: int) -> str:
        """What somebody reads when they open one of the nine."""
        return await self.says(who, f"/agenda open {section}")

    async def pressed(self, who: str, verb: str, **ids: int) -> str:
        """What somebody reads after a press on some card."""
        answer = await self.ask(who, Press(verb, {name: str(number) for name, number in ids.items()}))
        assert isinstance(answer.content, Card), answer.content
        return words_of(answer.content)


async def a_house(database: Database) -> House:
    """On Tuesday 24 Nov 2026 at noon; the huddle rests, because it has no part in this and takes its time."""
    return await staged("a council before its meeting", database, _before_its_meeting)


async def _before_its_meeting(database: Database) -> House:
    shop = Workshop(await field_dispatch(database, TUESDAY_NOON))
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        for huddle in await tx.all(select(Huddle)):
            huddle.active = False
            await huddles.replan(tx, huddle, TUESDAY_NOON)
    table = await a_table(shop)
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        install = await tx.first(select(Install).where(Install.platform == "local"))
        assert install is not None
        if not await tx.all(select(CouncilRoom).where(CouncilRoom.council_id == table.council_id)):
            place = Place(install_id=install.id, external_id=ROOM, name="#cx-council")
            tx.add(place)
            await tx.flush()
            tx.add(CouncilRoom(council_id=table.council_id, place_id=place.id))
        meeting = await tx.need(CouncilMeeting, table.meeting_id)
        plans = planning.set_steps(meeting, {kind: _at(meeting, kind) for kind in (PUBLISH, REPUBLISH)}, TUESDAY_NOON)
        await record(tx, Replies(plan=plans), event_id=None, now=TUESDAY_NOON)
    return House(shop.house, council_id=table.council_id, meeting_id=table.meeting_id)


def _at(meeting: CouncilMeeting, kind: str) -> datetime:
    return datetime.fromisoformat(meeting.steps[kind])


async def externals(house: House) -> Sequence[Person]:
    """People of other companies who have a seat."""
    async with house.house.database.read(SYSTEM) as tx:
        return await tx.all(select(Person).where(col(Person.is_external).is_(True)).order_by(col(Person.id)))


async def reachable(house: House, *names: str) -> None:
    """People of other companies can be written to."""
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        install = await tx.first(select(Install).where(Install.platform == "local"))
        assert install is not None
        for name in names:
            person = await tx.first(select(Person).where(Person.name == name))
            assert person is not None
            tx.add(Account(person_id=person.id, install_id=install.id, external_id=name.split()[-1].lower()))
