"""A post office whose administrators are told what goes wrong, with the clock and the dispatcher that see to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.replies import Plan, Replies
from bot.dispatch import STEP_TRIES, Dispatcher
from bot.operation import handlers as operation
from bot.ports import CannotLook, MaybeSent, Press, Refused
from bot.wanted import record
from schedules.clock import Ticker
from schedules.simulated import SimulatedClock
from storage.cadences import Cadence, Occurrence
from storage.engine import Database
from storage.messages import Message
from storage.people import Role
from tests.support.company import NOON, a_company, acting, an_event
from tests.support.elapsing import real_time_passes
from tests.support.fake_chat import FakeChat, FakePost, Fault
from tests.support.notebook import CRASHES, NOTEBOOK
from tests.support.post_office import PostOffice
from tests.support.reading import words_of

ROUTES = replace(
    NOTEBOOK,
    presses={**NOTEBOOK.presses, "operation.again": operation.send_again, "operation.leave": operation.leave},
)


@dataclass(slots=True)
class ControlRoom:
    """One organisation; several may share a database, a clock and a platform."""

    office: PostOffice
    name: str

    @property
    def database(self) -> Database:
        """Where everything is."""
        return self.office.database

    @property
    def dispatcher(self) -> Dispatcher:
        """A new one, as after a restart."""
        return Dispatcher(self.database, ROUTES, self.office.clock)

    async def minutes_pass(self, minutes: int = 2) -> None:
        """The clock ticks once a minute, and everything is delivered."""
        ticker = Ticker(self.database, self.dispatcher)
        for _ in range(minutes):
            self.office.clock.move_to(self.office.clock.now() + timedelta(minutes=1))
            await ticker.tick(self.office.clock.now())
            await self.office.a_worker().drain()

    async def press(self, who: str, verb: str, *, hour: str = "", event: str = "press-1") -> str:
        """Presses a button of the newest report; what the answer says."""
        ids = {"hour": hour or self.newest_hour}
        answer = await self.dispatcher.handle(an_event(who, Press(verb, ids), event=event, company=self.name))
        assert answer is not None
        assert isinstance(answer.content, Card)
        return words_of(answer.content)

    @property
    def newest_hour(self) -> str:
        """The hour that the newest report's buttons carry."""
        return self._reports()[-1].key.split(":")[1]

    def told(self, who: str) -> list[str]:
        """What stands on the reports that somebody got, oldest first."""
        return [post.words for post in self._reports() if post.to.account == who]

    def _reports(self) -> list[FakePost]:
        tenant = self.office.company.install.external_id
        posts = self.office.chat.posts.values()
        return [post for post in posts if post.key.startswith("trouble:") and post.to.tenant == tenant]

    async def a_dead_message(self, words: str = "hello") -> str:
        """A note that the platform refuses; gives its key."""
        key = await self.office.want(words)
        self.office.chat.faults.append(Fault(Refused("no such room"), to="everybody"))
        await self.office.a_worker().drain()
        assert (await self.office.message(key)).state is Message.State.DEAD
        return key

    async def a_parked_message(self, words: str = "hello") -> str:
        """A note that may stand there, on a platform that does not let the bot look; gives its key."""
        key = await self.office.want(words)
        self.office.chat.faults += [Fault(MaybeSent("no answer"), applied=True), Fault(CannotLook("no"), "find")]
        await self.office.a_worker().drain()
        await self.office.a_worker().sweep()
        assert (await self.office.message(key)).state is Message.State.PARKED
        return key

    async def a_failed_step(self) -> Occurrence:
        """A step whose handler raises until it is given up."""
        now = self.office.clock.now()
        async with acting(self.database, self.office.company) as tx:
            await record(tx, Replies(plan=(Plan("broken", "round", CRASHES, now),)), event_id=None, now=now)
            step = (await tx.all(select(Occurrence).where(Occurrence.key == "broken")))[0]
            step.attempts = STEP_TRIES - 1
        await Ticker(self.database, self.dispatcher).tick(now)
        async with self.database.read(self.office.company.id) as tx:
            step = await tx.need(Occurrence, step.id)
        assert step.state is Occurrence.State.FAILED
        return step

    async def a_bad_rhythm(self, rule: str = "FREQ=SOMETIMES") -> Cadence:
        """A rhythm that can't be followed, and the tick that finds it out."""
        now = self.office.clock.now()
        starts_at = now.replace(tzinfo=None)
        rhythm = Cadence(kind="round", subject_id=1, rule=rule, starts_at=starts_at, zone="Europe/London", next_at=now)
        async with acting(self.database, self.office.company, now=now) as tx:
            tx.add(rhythm)
        await Ticker(self.database, self.dispatcher).tick(now)
        return rhythm

    async def fails_to_reach(self, who: str) -> None:
        """Whatever is posted to somebody's direct messages is refused from here on."""
        self.office.chat.faults += [Fault(Refused("account is closed"), to=who) for _ in range(20)]

    async def real_time_passes(self) -> None:
        """Leases, rests and retries are over."""
        await real_time_passes(self.database)

    async def states(self) -> list[Message.State]:
        """Of all notes, oldest first."""
        return [message.state for message in await self.office.messages() if message.view == "note"]


async def a_control_room(
    database: Database,
    name: str = "Northwater",
    *,
    admins: Sequence[str] = ("ada",),
    beside: ControlRoom | None = None,
) -> ControlRoom:
    """Of a new company of three; `beside` is one that shares its platform and clock."""
    company = await a_company(database, name, people=("Ada", "Ben", "Dana"))
    async with acting(database, company) as tx:
        tx.add(*(Role(person_id=company.people[each].id, kind=Role.Kind.ADMIN) for each in admins))
    if beside is not None:
        return ControlRoom(PostOffice(database, company, beside.office.chat, beside.office.clock), name)
    return ControlRoom(PostOffice(database, company, FakeChat(), SimulatedClock(NOON)), name)
