"""A blocker is raised and put in other words; and what every deed to one asks first: is it legal, and theirs to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from bot.blockers import standing, telling, views
from bot.blockers.rules import MOVES, State, is_open
from bot.blockers.views import Around
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import Replies
from bot.work import handlers as work
from bot.work.rules import Move
from storage import audit
from storage.blockers import Blocker, blocker_coded
from storage.links import Thing
from storage.organisations import next_code
from storage.teams import Team
from storage.tx import Tx

UNTOUCHED_MOST = 20  # entries that are read about one; three of them are the clock's


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What somebody says is in the way."""

    text: str
    department_id: int | None
    customer_stopped: bool


async def raised(
    tx: Tx, obstacle: Obstacle, *, by: int, team_id: int, own_department_id: int | None, on: date
) -> Blocker:
    """A new blocker with a code, which goes up by itself from here on."""
    blocker = Blocker(
        code=await next_code(tx, "B"),
        text=obstacle.text,
        raised_by=by,
        raised_on=on,
        team_id=team_id,
        department_id=obstacle.department_id,
        cross_department=obstacle.department_id not in {None, own_department_id},
        customer_stopped=obstacle.customer_stopped,
    )
    tx.add(blocker)
    await tx.flush()
    audit.note(tx, (Thing.BLOCKER, blocker.id), "raise", after=blocker.state.value)
    await telling.watched(tx, blocker)
    return blocker


async def reworded(tx: Tx, blocker: Blocker, obstacle: Obstacle, own_department_id: int | None) -> None:
    """The one who raised it puts it differently; whom it goes up to follows."""
    if obstacle == Obstacle(blocker.text, blocker.department_id, blocker.customer_stopped):
        return
    audit.note(tx, (Thing.BLOCKER, blocker.id), "reword", field="text", before=blocker.text, after=obstacle.text)
    blocker.text = obstacle.text
    blocker.department_id = obstacle.department_id
    blocker.cross_department = obstacle.department_id not in {None, own_department_id}
    blocker.customer_stopped = obstacle.customer_stopped
    await tx.flush()
    await telling.watched(tx, blocker)


async def untouched(tx: Tx, blocker: Blocker, *, by_event_of: Collection[int | None]) -> bool:
    """Whether one of these events raised it, and since then nobody but the clock did anything about it."""
    entries = await audit.newest(tx, (Thing.BLOCKER, blocker.id), UNTOUCHED_MOST)
    if not is_open(blocker) or {each.verb for each in entries} - {"raise", "escalate"}:
        return False
    return len(entries) < UNTOUCHED_MOST and entries[-1].event_id in by_event_of


async def ends_with(tx: Tx, by: By, blocker: Blocker, *, now: datetime, why: str) -> Replies:
    """What it held up alone goes on or is over, so it is solved; who raised it or was asked reads that."""
    before, blocker.state = blocker.state, State.RESOLVED
    blocker.resolved_at, blocker.resolution = now, why
    audit.note(tx, (Thing.BLOCKER, blocker.id), "resolve", before=before.value, after=State.RESOLVED.value, reason=why)
    await tx.flush()
    show = await telling.news(tx, blocker, [blocker.raised_by], by=by.person)
    return Replies(show=show, refresh=await telling.stale(tx, blocker))


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody is about to do something to a blocker: it is legal, they may, and nobody was faster."""

    tx: Tx
    by: By
    blocker: Blocker
    move: Move[State]
    now: datetime

    @property
    def end(self) -> tuple[Thing, int]:
        """The blocker as the end of a link."""
        return Thing.BLOCKER, self.blocker.id

    def to_target(self, *, reason: str = "") -> None:
        """Moves it where the table says, and writes that down."""
        before = self.blocker.state
        if self.move.target is not None:
            self.blocker.state = self.move.target
        after = self.blocker.state.value
        audit.note(self.tx, self.end, self.move.verb, before=before.value, after=after, reason=reason)

    async def around(self) -> Around:
        """The blocker as it is now."""
        await self.tx.flush()
        return await standing.around(self.tx, self.blocker, self.now)


async def step(tx: Tx, by: By, blocker: Blocker, verb: str, *, now: datetime) -> Step:
    """Raises: Declined (E-05, E-03, E-20) when it can't be done, by this person, now."""
    parts = await standing.parts_of(tx, blocker, by.person, now)

    async def stands() -> str:
        return views.stands(await standing.around(tx, blocker, now))

    if verb not in {"take", "help"}:  # two who offer help at once both do, and read who was first
        await work.not_overtaken(tx, (Thing.BLOCKER, blocker.id), blocker, code=blocker.code, now=stands)
    moves = work.legal(MOVES, verb, blocker.state, code=blocker.code, parts=parts)
    return Step(tx, by, blocker, work.permitted(moves, parts, code=blocker.code), now)


async def coded(tx: Tx, event: Asked, *, verb: str, more: str) -> Blocker:
    """The blocker that a command names. Raises: Declined (E-04)."""
    code = next(iter(event.command.codes), "")
    if not code:
        raise Declined(views.which(verb, more))
    blocker = await blocker_coded(tx, code)
    if blocker is None:
        raise Declined(views.unknown(code), code="E-04")
    return blocker


async def pressed(tx: Tx, event: Pressed | Submitted) -> Blocker:
    """The blocker that a button or form is about. Raises: Declined (E-04), also for guests whom it does not concern."""
    blocker = await tx.get(Blocker, event.number("blocker"))
    if blocker is None:
        raise Declined(views.unknown(""), code="E-04")
    person = event.by.person
    if person.is_external and not await standing.may_see(tx, blocker, person, tx.acting.now):
        team = await tx.need(Team, blocker.team_id)
        if event.by.place.id != team.place_id:  # in its room they have read it
            raise Declined(views.unknown(""), code="E-04")
    return blocker
