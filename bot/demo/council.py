"""Northwater's CX Council: who sits there, and its next meetings."""

from datetime import date, datetime, time

from sqlmodel import select

from bot import wanted
from bot.council import planning
from bot.demo import northwater
from storage.councils import Council, CouncilRoom, Seat, council_named
from storage.organisations import Install
from storage.people import Account, Department, Person
from storage.places import Place
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


async def move_in(tx: Tx) -> None:
    """The council lives in a channel of its own, all staff read what it decides, and its guests are on the chat.

    They have no account without this: elsewhere they may have mail alone.
    """
    council = await council_named(tx, NAME)
    install = await tx.first(select(Install).where(Install.platform == "local"))
    staff = await tx.first(select(Place).where(Place.external_id == "all-staff"))
    if council is None or install is None or staff is None:
        raise LookupError("Northwater's people and its council come before the council's rooms")
    room = Place(install_id=install.id, external_id=northwater.COUNCIL_ROOM, name=f"#{northwater.COUNCIL_ROOM}")
    tx.add(room)
    await tx.flush()
    tx.add(
        CouncilRoom(council_id=council.id, place_id=room.id, purpose=CouncilRoom.Purpose.COUNCIL),
        CouncilRoom(council_id=council.id, place_id=staff.id, purpose=CouncilRoom.Purpose.PUBLIC),
    )
    people = {each.name: each for each in await tx.all(select(Person))}
    guests = [each for each in northwater.PEOPLE if each.is_external]
    tx.add(
        *(Account(person_id=people[each.name].id, install_id=install.id, external_id=each.account) for each in guests)
    )
    await tx.flush()


def _seat(council: Council, person: Person, department: Department | None, kind: Seat.Kind) -> Seat:
    return Seat(
        council_id=council.id,
        person_id=person.id,
        department_id=None if department is None else department.id,
        kind=kind,
        from_on=FOUNDED_ON,
    )
