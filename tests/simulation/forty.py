"""A team of forty: where they live, when they work, who leads them; and the chat that they are on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import takewhile

from bot.chat.cards import Card
from bot.ports import Destination
from schedules.simulated import SimulatedClock
from storage.messages import open_lanes
from storage.mornings import wake
from storage.organisations import Counter, Install, Organisation
from storage.people import Account, Department, Person, Role
from storage.places import Place
from storage.teams import Membership, Team
from storage.tx import Tx
from tests.support.fake_chat import FakeChat

PLATFORM = TENANT = "fake"
LONDON = "Europe/London"
JOINED = date(2026, 1, 5)
WEEK = "mon,tue,wed,thu,fri"
TEN = 10


@dataclass(frozen=True, slots=True)
class Crew:
    """A team: its first member leads it, two of every ten work part-time; `huddle` is how its lead sets it up."""

    name: str
    department: str
    zones: tuple[str, ...]
    members: tuple[str, ...]
    huddle: str
    calendar: str = ""


CREWS = (
    Crew(
        "Field Dispatch",
        "Field",
        (LONDON, LONDON, "Europe/Dublin", "Europe/Berlin", "Asia/Kolkata"),
        (
            "Dana", "Amy", "Ben", "Cem", "Dee", "Eli", "Fay", "Gus", "Hal", "Ida",
            "Ann", "Bob", "Cat", "Dov", "Eve", "Finn", "Gia", "Hugo", "Ines", "Jan",
            "Bea", "Carl", "Dora", "Emil", "Flo", "Gert", "Hana", "Ivan", "Jo", "Kim",
            "Sam", "Tia", "Ugo", "Vera", "Will", "Xenia", "Yann", "Zoe", "Lars", "Mona",
        ),
        "days:mon-fri at:09:15 mins:15 mode:together",
    ),
)  # fmt: skip
SPONSOR, ADMIN = "Cora", "Ivo"
NAMES = tuple(name for crew in CREWS for name in crew.members)


@dataclass(frozen=True, slots=True)
class Post:
    """A new message: which, when, and in front of whom; a person's account is empty for a room."""

    key: str
    at: datetime
    account: str


@dataclass(slots=True)
class Diary(FakeChat):
    """A platform that writes down what was posted, to whom and when."""

    clock: SimulatedClock = field(default_factory=lambda: SimulatedClock(datetime(2026, 1, 5).astimezone()))
    diary: list[Post] = field(default_factory=list)
    mine: dict[str, list[str]] = field(default_factory=dict)
    """The references of what stands in front of each person, oldest first."""

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Shows a new message."""
        ref = await FakeChat.post(self, to, card, key=key)
        self.diary.append(Post(key, self.clock.now(), to.account))
        if to.account:
            self.mine.setdefault(to.account, []).append(ref)
        return ref

    def cards(self, account: str, since: timedelta) -> list[Card]:
        """What stands in front of somebody and is not older than that, newest first."""
        oldest = self.clock.now() - since
        fresh = {each.key for each in takewhile(lambda post: post.at >= oldest, reversed(self.diary))}
        mine = takewhile(lambda shown: shown.key in fresh, map(self.posts.__getitem__, self._standing(account)))
        return [each.card for each in mine]

    def _standing(self, account: str) -> Iterator[str]:
        return (ref for ref in reversed(self.mine.get(account, [])) if ref in self.posts)


async def found(tx: Tx, now: datetime) -> None:
    """Writes the organisation, its people and teams; huddles and weeklies are set up in chat."""
    organisation = Organisation(name="Northwater Utility", zone=LONDON, calendar="GB-ENG", created_at=now)
    tx.session.add(organisation)
    await tx.session.flush()
    tx.bind(organisation.id)
    tx.acts_for(by=None, event_id=None, now=now)
    install = Install(platform=PLATFORM, external_id=TENANT, name="A chat")
    tx.add(install, Counter(prefix="B", newest=0), Counter(prefix="V", newest=0))
    await tx.flush()
    await open_lanes(tx, install)
    departments = {crew.department: Department(name=crew.department, seq=n) for n, crew in enumerate(CREWS, 1)}
    tx.add(*departments.values())
    await tx.flush()
    people: dict[str, Person] = {}
    for crew in CREWS:
        for number, name in enumerate(crew.members):
            zone = crew.zones[number % len(crew.zones)]
            people[name] = await _person(tx, install, name, zone, departments[crew.department])
            people[name].working_days = WEEK if number % TEN < TEN - 2 else "mon,tue,wed"
        departments[crew.department].head_id = people[crew.members[0]].id
        await _team(tx, install, crew, people, departments[crew.department])
    for name, kind in ((SPONSOR, Role.Kind.SPONSOR), (ADMIN, Role.Kind.ADMIN)):
        person = await _person(tx, install, name, LONDON, None)
        tx.add(Role(person_id=person.id, kind=kind))
    await tx.flush()


async def _person(tx: Tx, install: Install, name: str, zone: str, department: Department | None) -> Person:
    person = Person(name=name, zone=zone, prefers=PLATFORM, department_id=department.id if department else None)
    tx.add(person)
    await tx.flush()
    tx.add(Account(person_id=person.id, install_id=install.id, external_id=name.lower()))
    await wake(tx, zone, tx.acting.now)
    return person


async def _team(tx: Tx, install: Install, crew: Crew, people: Mapping[str, Person], department: Department) -> None:
    room = crew.name.lower().replace(" ", "-")
    place = Place(install_id=install.id, external_id=room, name=f"#{room}")
    tx.add(place)
    await tx.flush()
    team = Team(
        name=crew.name,
        zone=crew.zones[0],
        calendar=crew.calendar,
        department_id=department.id,
        lead_id=people[crew.members[0]].id,
        place_id=place.id,
    )
    tx.add(team)
    await tx.flush()
    tx.add(*(Membership(team_id=team.id, person_id=people[name].id, from_on=JOINED) for name in crew.members))
    await tx.flush()
