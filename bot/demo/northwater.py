"""Northwater Utility: its people, its Field Dispatch team, and what happened there until Tuesday, 09:14."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.chat.localtime import instant, midnight_after
from bot.huddles import rules, running
from storage.huddles import Huddle, HuddleRun
from storage.measures import Measure, Reading
from storage.messages import open_lanes
from storage.mornings import wake
from storage.organisations import Counter, Install, Organisation
from storage.people import Absence, Account, Department, Person, Role
from storage.places import Place
from storage.teams import Membership, Team
from storage.tx import Tx

ZONE = "Europe/London"
MONDAY = date(2026, 11, 23)
PLAYED_FROM = datetime(2026, 11, 23, 9, 14, tzinfo=UTC)
STANDS_AT = datetime(2026, 11, 24, 9, 14, tzinfo=UTC)
JOINED = date(2026, 9, 1)
RATES = ((16, 5), (17, 4), (18, 5), (19, 4), (20, 5))  # day in November, answers on time of five


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody at Northwater, or of another company; `account` is their name on the local chat."""

    name: str
    department: str
    group: str
    account: str
    title: str = ""
    roles: tuple[Role.Kind, ...] = ()
    is_external: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that somebody did on Monday: a line of text, a form, or words in the thread of the summary."""

    at: time
    account: str
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    in_thread: bool = False


DEPARTMENTS = ("Call centre", "Field", "Billing", "Digital", "Marketing", "IT", "Finance", "Metering Ltd")

PEOPLE = (
    Member("Dana", "Field", "Field Dispatch", "dana", "lead"),
    *(Member(name, "Field", "Field Dispatch", name.lower()) for name in ("Amy", "Ben", "Cem", "Dee", "Eli")),
    Member("Fay", "Field", "Field Dispatch", "fay", "away until Fri 27 Nov"),
    Member("Cora", "", "CX Council", "cora", "chair", (Role.Kind.CHAIR,)),
    Member("Sev", "", "CX Council", "sev", "secretary", (Role.Kind.SECRETARY,)),
    Member("Ann", "Call centre", "CX Council", "ann", "Call centre"),
    Member("Raj", "Field", "CX Council", "raj", "Field"),
    Member("Bea", "Billing", "CX Council", "bea", "Billing"),
    Member("Dov", "Digital", "CX Council", "dov", "Digital"),
    Member("Mia", "Marketing", "CX Council", "mia", "Marketing"),
    Member("Ivo", "IT", "CX Council", "ivo", "IT, administrator", (Role.Kind.ADMIN,)),
    Member("Fin", "Finance", "CX Council", "fin", "Finance"),
    Member("Carl", "", "Leaders", "carl", "sponsor", (Role.Kind.SPONSOR, Role.Kind.EXECUTIVE)),
    Member("Sam", "Metering Ltd", "Guests", "sam", "supplier: Metering Ltd", is_external=True),
    Member("Mrs Okafor", "", "Guests", "okafor", "customer", is_external=True),
)
HEADS = {
    "Call centre": "Ann",
    "Field": "Raj",
    "Billing": "Bea",
    "Digital": "Dov",
    "Marketing": "Mia",
    "IT": "Ivo",
    "Finance": "Fin",
}
TEAM = ("Amy", "Ben", "Cem", "Dee", "Eli", "Fay")
CHANNELS: Mapping[str, tuple[str, ...]] = {
    "field-dispatch": ("dana", *(name.lower() for name in TEAM)),
    "field": ("raj", "dana", *(name.lower() for name in TEAM)),
    "all-staff": tuple(each.account for each in PEOPLE if not each.is_external),
}
COUNCIL_ROOM = "cx-council"
TALK = (
    "all-staff",
    "carl",
    time(8, 40),
    "Good morning. The CX Council meets on Thu 3 Dec at 10:00; bring what customers told you.",
)


def moments(departments: Mapping[str, int]) -> tuple[Moment, ...]:
    """What people did in Monday's huddle; `departments` are the numbers of the departments by name."""
    return (
        Moment(time(9, 16), "amy", values={
            "finished": "Valve checks at Mill Lane",
            "focus": "Re-plan two repeat visits, Harbour Road",
            "customer": "He was kind, but nobody had told him what was wrong.",
        }),
        Moment(time(9, 18), "ben", text="Finish the December rota"),
        Moment(time(9, 21), "cem", values={
            "finished": "Fault notes for Oakley",
            "focus": "Read last week's fault notes with Call centre",
        }),
        Moment(time(9, 24), "dee", values={
            "focus": "Get meter seals for van 12",
            "blocker": "Van 12 is out of meter seals",
            "helper": str(departments["Metering Ltd"]),
        }),
        Moment(
            time(9, 52),
            "dana",
            text="Seals are on the two o'clock van. Thanks for saying it early, Dee.",
            in_thread=True,
        ),
        Moment(time(11, 40), "eli", text="Route plan for Wednesday"),
        Moment(time(14, 20), "dee", text="/huddle resolve B-6 the seals came"),
    )  # fmt: skip


async def load(tx: Tx, now: datetime) -> Organisation:
    """Writes the organisation as it stood on Monday morning; `tx` is bound to it from here on."""
    organisation = Organisation(name="Northwater Utility", zone=ZONE, calendar="GB-ENG", created_at=now)
    tx.session.add(organisation)
    await tx.session.flush()
    tx.bind(organisation.id)
    tx.acts_for(by=None, event_id=None, now=now)
    install = Install(platform="local", external_id="local", name="Local chat")
    tx.add(install, Counter(prefix="B", newest=5), Counter(prefix="V", newest=7))
    await tx.flush()
    await open_lanes(tx, install)
    departments = await _departments(tx)
    people = await _people(tx, install, departments)
    places = await _places(tx, install)
    team = await _team(tx, people, places["field-dispatch"], departments["Field"])
    await _huddle(tx, team, people, now)
    return organisation


async def _departments(tx: Tx) -> dict[str, Department]:
    found = {name: Department(name=name, seq=seq) for seq, name in enumerate(DEPARTMENTS, 1)}
    found["Metering Ltd"].kind = Department.Kind.SUPPLIER
    tx.add(*found.values())
    await tx.flush()
    return found


async def _people(tx: Tx, install: Install, departments: Mapping[str, Department]) -> dict[str, Person]:
    people: dict[str, Person] = {}
    for each in PEOPLE:
        department = departments.get(each.department)
        person = Person(
            name=each.name, zone=ZONE, is_external=each.is_external, department_id=department.id if department else None
        )
        tx.add(person)
        await tx.flush()
        if not each.is_external:
            tx.add(Account(person_id=person.id, install_id=install.id, external_id=each.account))
        tx.add(*(Role(person_id=person.id, kind=kind) for kind in each.roles))
        people[each.name] = person
    for name, head in HEADS.items():
        departments[name].head_id = people[head].id
    tx.add(Absence(person_id=people["Fay"].id, from_on=MONDAY, to_on=date(2026, 11, 27)))
    await tx.flush()
    await wake(tx, ZONE, tx.acting.now)
    return people


async def _places(tx: Tx, install: Install) -> dict[str, Place]:
    places = {name: Place(install_id=install.id, external_id=name, name=f"#{name}") for name in CHANNELS}
    tx.add(*places.values())
    await tx.flush()
    return places


async def _team(tx: Tx, people: Mapping[str, Person], place: Place, department: Department) -> Team:
    team = Team(
        name="Field Dispatch", zone=ZONE, department_id=department.id, lead_id=people["Dana"].id, place_id=place.id
    )
    tx.add(team)
    await tx.flush()
    tx.add(*(Membership(team_id=team.id, person_id=people[name].id, from_on=JOINED) for name in TEAM))
    await tx.flush()
    return team


async def _huddle(tx: Tx, team: Team, people: Mapping[str, Person], now: datetime) -> None:
    measure = Measure(code="FTF", name="First-time fix", owner_id=people["Dana"].id, team_id=team.id)
    tx.add(measure)
    await tx.flush()
    for on, value in ((date(2026, 11, 19), "75"), (date(2026, 11, 20), "76"), (MONDAY, "78")):
        tx.add(Reading(measure_id=measure.id, period_on=on, value=Decimal(value)))
    huddle = Huddle(
        name="Field Dispatch",
        team_id=team.id,
        at_time=time(9, 15),
        zone=ZONE,
        questions=rules.QUESTIONS,
        measure_id=measure.id,
    )
    tx.add(huddle)
    await tx.flush()
    for day, on_time in RATES:
        tx.add(_held(huddle, date(2026, 11, day), on_time, now))
    await tx.flush()
    await running.replan(tx, huddle, now)


def _held(huddle: Huddle, on: date, on_time: int, now: datetime) -> HuddleRun:
    opens_at = instant(on, huddle.at_time, ZoneInfo(huddle.zone))
    return HuddleRun(
        huddle_id=huddle.id,
        local_date=on,
        opens_at=opens_at,
        closes_at=opens_at + timedelta(minutes=huddle.window_min),
        state=HuddleRun.State.CLOSED,
        published_at=min(now, opens_at + timedelta(minutes=huddle.window_min)),
        ended_at=midnight_after(on, ZoneInfo(huddle.zone)),
        expected=5,
        on_time=on_time,
        late=0,
    )
