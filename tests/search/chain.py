"""A small company whose work hangs together, from a huddle to an objective, and its chat."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import count

from bot.chat.cards import Card
from bot.dispatch import Dispatcher
from bot.huddles import rules
from bot.ports import Press
from bot.routes import ROUTES
from schedules.simulated import SimulatedClock
from storage.actions import Action
from storage.blockers import Blocker
from storage.engine import Database
from storage.huddles import Huddle, HuddleRun
from storage.initiatives import Batch, Initiative, Milestone, Objective
from storage.links import End, Link, Thing, link
from storage.people import Person
from storage.teams import Membership, Team
from storage.tx import Tx
from tests.support.company import NOON, Company, a_company, acting, an_event
from tests.support.reading import words_of

MONDAY = date(2026, 11, 23)


@dataclass(slots=True)
class Chain:
    """Huddle of Field Dispatch -> B-7 -> A-104, which is part of I-4 in BT-2, which serves an objective; M-31."""

    database: Database
    company: Company
    numbers: Mapping[str, int]
    """The rows' numbers by their codes; `run` and `objective` have none."""
    _events: count = field(default_factory=count)

    async def says(self, who: str, line: str) -> str:
        """What somebody reads when they type a line."""
        return words_of(await self.sees(who, line))

    async def sees(self, who: str, what: str | Press) -> Card:
        """The answer to what somebody types or presses."""
        dispatcher = Dispatcher(self.database, ROUTES, SimulatedClock(NOON))
        answer = await dispatcher.handle(an_event(who, what, event=f"event-{next(self._events)}"))
        assert answer is not None
        assert isinstance(answer.content, Card)
        return answer.content

    def end(self, code: str) -> End:
        """What a code means."""
        things = {"A": Thing.ACTION, "B": Thing.BLOCKER, "I": Thing.INITIATIVE, "M": Thing.MILESTONE}
        return things[code.split("-", maxsplit=1)[0]], self.numbers[code]


async def a_chain(database: Database, name: str = "Northwater") -> Chain:
    """Ada runs it, Dana leads Field Dispatch, in which is Cem; Zoe is elsewhere, Gil is a guest."""
    company = await a_company(database, name, people=("Ada", "Dana", "Cem", "Zoe", "Gil"), admin="Ada")
    async with acting(database, company) as tx:
        (await tx.need(Person, company.people["gil"].id)).is_external = True
        team, run = await _huddle(tx, company)
        numbers = {"run": run.id, **await _work(tx, company, team)}
        await link(tx, (Thing.HUDDLE, run.id), (Thing.BLOCKER, numbers["B-7"]))
        await link(tx, (Thing.BLOCKER, numbers["B-7"]), (Thing.ACTION, numbers["A-104"]))
        serves = (Thing.INITIATIVE, numbers["I-4"]), (Thing.OBJECTIVE, numbers["objective"])
        await link(tx, *serves, Link.Kind.SERVES)
    return Chain(database, company, numbers)


async def _huddle(tx: Tx, company: Company) -> tuple[int, HuddleRun]:
    people = company.people
    team = Team(name="Field Dispatch", zone="Europe/London", lead_id=people["dana"].id)
    tx.add(team)
    await tx.flush()
    tx.add(Membership(team_id=team.id, person_id=people["cem"].id, from_on=date(2026, 1, 1)))
    huddle = Huddle(
        name="Dispatch", team_id=team.id, at_time=time(9, 15), zone="Europe/London", questions=rules.QUESTIONS
    )
    tx.add(huddle)
    await tx.flush()
    run = HuddleRun(huddle_id=huddle.id, local_date=MONDAY, opens_at=NOON, closes_at=NOON)
    tx.add(run)
    await tx.flush()
    return team.id, run


async def _work(tx: Tx, company: Company, team: int) -> dict[str, int]:
    dana, cem, zoe = (company.people[name].id for name in ("dana", "cem", "zoe"))
    objective = Objective(name="Fix it at the first visit", owner_id=dana)
    batch = Batch(code="BT-2", name="Before winter")
    blocker = Blocker(
        code="B-7", text="3 of 8 jobs had no fault details", raised_by=cem, raised_on=MONDAY, team_id=team
    )
    tx.add(objective, batch, blocker)
    await tx.flush()
    initiative = Initiative(code="I-4", title="Call script with fault details", owner_id=dana, batch_id=batch.id)
    tx.add(initiative)
    await tx.flush()
    action = Action(
        code="A-104",
        title="Check eight calls",
        owner_id=zoe,
        requester_id=dana,
        initiative_id=initiative.id,
        state=Action.State.OPEN,
        due_on=date(2026, 12, 4),
    )
    alone = Action(code="A-105", title="Order pump seals", owner_id=cem, requester_id=cem)
    milestone = Milestone(
        code="M-31", title="Script live", initiative_id=initiative.id, owner_id=dana, forecast_on=date(2026, 12, 18)
    )
    tx.add(action, alone, milestone)
    await tx.flush()
    coded: tuple[Action | Blocker | Initiative | Milestone | Batch, ...] = (
        action,
        alone,
        milestone,
        initiative,
        batch,
        blocker,
    )
    return {"objective": objective.id, **{row.code: row.id for row in coded}}
