"""Northwater's CX Council: who sits there, and its next meetings."""

from datetime import date, datetime, time

from sqlmodel import select

from bot import wanted
from bot.council import planning
from bot.demo import northwater
from storage.councils import Council, Seat
from storage.people import Department, Person
from storage.tx import Tx

NAME = "CX Council"
FOUNDED_ON = date(2026, 9, 1)
RULE = "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH"
SUPPLIER, CUSTOMER = "Sam", "Mrs Okafor"


async def load(tx: Tx, now: datetime) -> Council:
    """The council as it stands before its first meeting, on Thu 3 Dec 2026; Northwater's people are there already."""
    people = {each.name: each for each in await tx.all(select(Person))}
    council = Council(
        name=NAME,
        rule=RULE,
        starts_on=northwater.MONDAY,
        at_time=time(10),
        zone=northwater.ZONE,
        calendar="GB-ENG",
        where="Room 4",
        chair_id=people["Cora"].id,
        secretary_id=people["Sev"].id,
        sponsor_id=people["Carl"].id,
    )
    tx.add(council)
    await tx.flush()
    departments = {each.name: each for each in await tx.all(select(Department))}
    for name, head in northwater.HEADS.items():
        tx.add(_seat(council, people[head], departments[name], Seat.Kind.VOTING))
    tx.add(
        _seat(council, people[SUPPLIER], departments["Metering Ltd"], Seat.Kind.SUPPLIER_VOTING),
        _seat(council, people[CUSTOMER], None, Seat.Kind.CUSTOMER),
    )
    await tx.flush()
    await wanted.record(tx, await planning.plan_ahead(tx, council, now), event_id=None, now=now)
    return council


def _seat(council: Council, person: Person, department: Department | None, kind: Seat.Kind) -> Seat:
    return Seat(
        council_id=council.id,
        person_id=person.id,
        department_id=None if department is None else department.id,
        kind=kind,
        from_on=FOUNDED_ON,
    )
