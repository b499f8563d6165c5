"""Northwater's CX Council at its table: eight voting seats, the customer's, and a meeting that is being held."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.council import planning, rules
from bot.council.standing import Around
from storage.agenda import AgendaItem
from storage.councils import Council, Seat, council_named, seats
from storage.meetings import CouncilMeeting, Presence, next_meeting
from storage.people import Person
from storage.tx import Tx
from tests.support.field_dispatch import NORTHWATER
from tests.support.workshop import Workshop

HEADS = ("Ann", "Raj", "Bea", "Dov", "Mia", "Ivo", "Fin", "Sam")
"""Who holds the voting seats, in the order of the customer's journey; Sam is the supplier's."""
MEETS_AT = datetime(2026, 12, 3, 10, tzinfo=UTC)


@dataclass(slots=True)
class Table:
    """The council and its next meeting, on Thursday 3 December 2026 at 10:00."""

    shop: Workshop
    council_id: int
    meeting_id: int

    async def opened(self, *names: str) -> None:
        """The meeting is being held, and these people are there on their seats."""
        async with self.shop.house.database.write(NORTHWATER) as tx:
            tx.acts_for(by=None, event_id=None, now=MEETS_AT)
            found = await self.found(tx)
            said = await planning.expect_seats(tx, found)
            taken = [each for each in await seats(tx, self.council_id, MEETS_AT.date()) if each.person_id is not None]
            found.meeting.state, found.meeting.opened_at = CouncilMeeting.State.IN_SESSION, MEETS_AT
            found.meeting.quorum_needed = rules.quorum_needed(len(rules.voting(taken, found.council)), found.council)
            people = {each.id: each.name for each in await tx.all(_people())}
            for seat in taken:
                if people[seat.person_id or 0] in names:
                    row = Presence(
                        meeting_id=self.meeting_id,
                        attendance_id=said[seat.id].id,
                        person_id=seat.person_id or 0,
                        from_at=MEETS_AT,
                    )
                    tx.add(row)
        self.shop.house.clock.move_to(MEETS_AT)

    async def found(self, tx: Tx) -> Around:
        """The meeting with its council, in a transaction."""
        return Around(await tx.need(CouncilMeeting, self.meeting_id), await tx.need(Council, self.council_id))

    async def with_item(self, title: str, *, section: int = 7, seq: int = 1, internal: bool = False) -> int:
        """An item for decision that stands on the published agenda."""
        async with self.shop.house.database.write(NORTHWATER) as tx:
            tx.acts_for(by=None, event_id=None, now=MEETS_AT)
            item = AgendaItem(
                council_id=self.council_id,
                meeting_id=self.meeting_id,
                section=section,
                seq=seq,
                title=title,
                purpose=AgendaItem.Purpose.DECISION,
                internal=internal,
                state=AgendaItem.State.PUBLISHED,
            )
            tx.add(item)
            await tx.flush()
            return item.id


async def a_table(shop: Workshop) -> Table:
    """The CX Council of AT-4, made where the demo has none."""
    database = shop.house.database
    now = shop.house.clock.now()
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=now)
        council = await council_named(tx, "CX Council") or await founded(tx)
        await planning.plan_ahead(tx, council, now)
        meeting = await next_meeting(tx, council.id)
        assert meeting is not None
        assert meeting.starts_at == MEETS_AT
        return Table(shop, council.id, meeting.id)


async def founded(tx: Tx) -> Council:
    people = {each.name: each for each in await tx.all(_people())}
    council = Council(
        name="CX Council",
        rule="FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH",
        starts_on=date(2026, 11, 1),
        at_time=time(10),
        zone="Europe/London",
        calendar="GB-ENG",
        where="Room 4 and video",
        chair_id=people["Cora"].id,
        secretary_id=people["Sev"].id,
        sponsor_id=people["Carl"].id,
    )
    tx.add(council)
    await tx.flush()
    for name in HEADS:
        kind = Seat.Kind.SUPPLIER_VOTING if name == "Sam" else Seat.Kind.VOTING
        person = people[name]
        tx.add(_seat(council, person, kind))
    tx.add(_seat(council, people["Mrs Okafor"], Seat.Kind.CUSTOMER))
    await tx.flush()
    return council


def _seat(council: Council, person: Person, kind: Seat.Kind) -> Seat:
    return Seat(
        council_id=council.id,
        person_id=person.id,
        department_id=person.department_id,
        kind=kind,
        from_on=date(2026, 11, 1),
    )


def _people() -> SelectOfScalar[Person]:
    return select(Person).order_by(col(Person.id))
