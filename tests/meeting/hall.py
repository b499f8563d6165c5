"""A council in session: its seats, its items, and what people see, type and press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from sqlmodel import select

from bot.agenda import publishing
from bot.chat.cards import Card
from bot.chat.forms import Form, OneOf, SomeOf
from bot.chat.replies import Answer, Replies
from bot.council import planning, standing, telling
from bot.council.standing import Around
from bot.huddles import running as huddles
from bot.ports import Press
from bot.wanted import record
from storage.agenda import AgendaItem, AgendaSection, items_of, sections_of
from storage.councils import Council, CouncilRoom, Seat
from storage.engine import Database
from storage.huddles import Huddle
from storage.meetings import AgendaTime, Attendance, CouncilMeeting, Presence, presences, times
from storage.organisations import Install
from storage.people import Account, Department, Person
from storage.places import Place
from storage.tx import SYSTEM
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.reading import words_of
from tests.support.staged import staged
from tests.support.workshop import Workshop

ON = date(2026, 12, 3)
SLOT = datetime.combine(ON, time(10))
BEGINS = datetime(2026, 12, 3, 10, tzinfo=UTC)
ALREADY = BEGINS - timedelta(minutes=5)
PLANNED_AT = BEGINS - timedelta(days=1)
NEXT_SLOT = datetime(2027, 1, 7, 10)  # noqa: DTZ001 - a slot is a local time
VOTING = ("Ann", "Raj", "Bea", "Dov", "Mia", "Ivo", "Fin", "Sam")
"""Who holds the voting seats, in the order of the journey."""
ROOM = "cx-council"
_CODES = count(1)


@dataclass(slots=True)
class Hall(Workshop):
    """Cora chairs, Sev keeps the record, Carl sponsors; eight voting seats, and Mrs Okafor's for the customer."""

    meeting_id: int = 0

    async def meeting(self) -> CouncilMeeting:
        """As it stands."""
        return await self.row(CouncilMeeting, id=self.meeting_id)

    async def at(self, minutes: float) -> None:
        """The bot runs until so many minutes after ten."""
        await self.until(BEGINS + timedelta(minutes=minutes))

    async def customer_co_chairs(self) -> None:
        """Mrs Okafor, a customer, chairs together with Cora and has an account here."""
        async with self.house.database.write(NORTHWATER) as tx:
            tx.acts_for(by=None, event_id=None, now=self.house.clock.now())
            council = await tx.need(Council, (await self.meeting()).council_id)
            council.customer = Council.Customer.CO_CHAIR
            install = await tx.need(Install, 1)
            okafor = next(each for each in await tx.all(select(Person)) if each.name == "Mrs Okafor")
            tx.add(Account(person_id=okafor.id, install_id=install.id, external_id="okafor"))

    async def put(self, title: str, section: int = 7, **more: object) -> AgendaItem:
        """An item stands on the published agenda."""
        async with self.house.database.write(NORTHWATER) as tx:
            tx.acts_for(by=None, event_id=None, now=self.house.clock.now())
            meeting = await tx.need(CouncilMeeting, self.meeting_id)
            known = [each.seq for each in await items_of(tx, meeting.id) if each.section == section]
            values: dict[str, object] = {
                "council_id": meeting.council_id, "meeting_id": meeting.id, "section": section, "title": title,
                "seq": max(known, default=2 if section == 1 else 0) + 1, "state": AgendaItem.State.PUBLISHED,
                "purpose": AgendaItem.Purpose.DECISION,
            }  # fmt: skip
            item = AgendaItem.model_validate(values | more)
            tx.add(item)
            await tx.flush()
        return item

    async def item(self, item: AgendaItem) -> AgendaItem:
        """As it stands."""
        return await self.row(AgendaItem, id=item.id)

    async def items(self, meeting_id: int) -> Sequence[AgendaItem]:
        """Every item of a meeting, by number."""
        async with self.house.database.read(SYSTEM) as tx:
            return await items_of(tx, meeting_id)

    async def sections(self) -> Sequence[AgendaSection]:
        """The nine of them."""
        async with self.house.database.read(SYSTEM) as tx:
            return await sections_of(tx, self.meeting_id)

    async def stretches(self) -> Sequence[AgendaTime]:
        """How the meeting spent its time, in order."""
        async with self.house.database.read(SYSTEM) as tx:
            return await times(tx, self.meeting_id)

    async def presences(self) -> Sequence[Presence]:
        """Every arrival."""
        async with self.house.database.read(SYSTEM) as tx:
            return await presences(tx, self.meeting_id)

    async def seat_of(self, name: str) -> Attendance:
        """What is known of somebody's seat."""
        person = await self.person(name)
        return await self.row(Attendance, meeting_id=self.meeting_id, person_id=person.id)

    async def following(self) -> CouncilMeeting:
        """The next meeting."""
        return await self.row(CouncilMeeting, slot=NEXT_SLOT)

    async def do(self, who: str, verb: str, **ids: int) -> Answer | None:
        """Somebody presses a button of this meeting."""
        carried = {"meeting": str(self.meeting_id)} | {name: str(number) for name, number in ids.items()}
        return await self.hand_in(who, Press(verb, carried))

    async def are_here(self, *names: str) -> None:
        """They press I'm here; Sam, who has no chat, is marked by the secretary."""
        for each in names:
            if each == "Sam":
                await self.says("sev", "/council present @Sam")
            else:
                await self.do(each.lower(), "council.here")

    def tick(self, form: Form, name: str, label: str) -> str:
        """The value of a choice with that label."""
        (each,) = [one for one in form.inputs if one.id == name]
        assert isinstance(each, OneOf | SomeOf)
        return next(one.value for one in each.options if one.label == label)

    @property
    def room(self) -> str:
        """What the running card in the council's room says."""
        return words_of(self.room_card)

    @property
    def room_card(self) -> Card:
        """The running card in the council's room."""
        there = [each for each in self.house.chat.posts.values() if each.to.conversation == ROOM]
        (post,) = [each for each in there if "meeting.room" in each.key]
        return post.card

    async def room_is_shown(self) -> None:
        """As at ten, by the clock."""
        async with self.house.database.write(NORTHWATER) as tx:
            tx.acts_for(by=None, event_id=None, now=self.house.clock.now())
            found = await standing.around(tx, self.meeting_id)
            assert found is not None
            shows = await telling.to_rooms(tx, found, telling.ROOM)
            await record(tx, Replies(show=shows), event_id=None, now=self.house.clock.now())
        await self.house.delivery.drain()

    def own(self, who: str) -> str:
        """The card in front of who runs the meeting."""
        found = [each for each in self.posts(who) if "meeting.chair" in each.key]
        assert len(found) == 1, [each.key for each in self.posts(who)]
        return words_of(found[0].card)

    def heard(self, who: str) -> list[str]:
        """What the clock has said to somebody."""
        return [words_of(each.card) for each in self.posts(who) if "meeting.clock" in each.key]


async def northwater_meets(database: Database) -> Hall:
    """Its agenda is out, and it is five to ten."""
    return await staged("northwater meets", database, _five_to_ten)


async def _five_to_ten(database: Database) -> Hall:
    hall = Hall(await field_dispatch(database, PLANNED_AT))
    await _without_huddles(database)
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=PLANNED_AT)
        people = {each.name: each for each in await tx.all(select(Person))}
        departments = {each.id: each for each in await tx.all(select(Department))}
        for other in await tx.all(select(Council)):
            other.state = Council.State.ENDED
        council = Council(
            name="Council", rule="FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH", starts_on=date(2026, 11, 1), at_time=time(10),
            zone="Europe/London", calendar="GB-ENG", where="Room 4", chair_id=people["Cora"].id,
            secretary_id=people["Sev"].id, sponsor_id=people["Carl"].id,
        )  # fmt: skip
        place = Place(
            install_id=(await tx.all(select(Place)))[0].install_id, external_id=ROOM, name="CX Council",
            kind=Place.Kind.CHANNEL,
        )  # fmt: skip
        tx.add(council, place)
        await tx.flush()
        tx.add(CouncilRoom(council_id=council.id, place_id=place.id))
        by_name = {each.name: each.id for each in departments.values()}
        for name in VOTING:
            person = people[name]
            kind = Seat.Kind.SUPPLIER_VOTING if name == "Sam" else Seat.Kind.VOTING
            department = person.department_id or by_name.get("Metering Ltd")
            tx.add(_seat(council, person, kind, department))
        tx.add(_seat(council, people["Mrs Okafor"], Seat.Kind.CUSTOMER, None))
        await tx.flush()
        meeting, _ = await planning.plan_meeting(tx, council, SLOT, PLANNED_AT)
        meeting.state, meeting.items_closed = CouncilMeeting.State.DRAFTED, True
        await publishing.published(tx, Around(meeting, council), PLANNED_AT, by=None)
        await planning.plan_meeting(tx, council, NEXT_SLOT, PLANNED_AT)
        hall.meeting_id = meeting.id
    await hall.until(ALREADY)
    return hall


def _seat(council: Council, person: Person, kind: Seat.Kind, department: int | None) -> Seat:
    return Seat(
        council_id=council.id, person_id=person.id, kind=kind, department_id=department, from_on=date(2026, 11, 1)
    )


async def _without_huddles(database: Database) -> None:
    """They have no part in this, and take their time."""
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=PLANNED_AT)
        for huddle in await tx.all(select(Huddle)):
            huddle.active = False
            await huddles.replan(tx, huddle, PLANNED_AT)


async def begun(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")


def told(answer: object) -> str:
    assert hasattr(answer, "content")
    assert isinstance(answer.content, Card)
    return words_of(answer.content)
