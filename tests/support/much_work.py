"""A company with as much work as a test or a benchmark asks for, written down in bulk as an import does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, text

from storage.actions import Action, Priority
from storage.blockers import Blocker
from storage.columns import Noun
from storage.engine import Database
from storage.initiatives import Batch, Dependency, Domain, Initiative, Milestone, Objective, StrategyFrame
from storage.links import Link, Thing
from storage.people import Account, Person
from storage.searching import FOUND_BY, SearchEntry, entry_of
from storage.teams import Membership, Team
from storage.tx import SYSTEM, Tx
from tests.support.company import NOON, Company, a_company, acting

TODAY = date(2026, 11, 24)
PLACES = ("Mill Lane", "Quay Street", "Harbour Road", "Oakley", "Station Yard", "Chapel Hill", "Ferry Gate")
THINGS = ("valve", "meter", "pump seal", "pressure job", "fault details", "call script", "billing letter")
DEEDS = ("Check", "Order", "Replace", "Agree on", "Hand over", "Write down", "Count")


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is of everything."""

    actions: int = 50_000
    initiatives: int = 2_000
    milestones: int = 10_000
    people: int = 300

    def times(self, factor: int) -> "Amount":
        """So many times as much work, for as many people."""
        more = (self.actions * factor, self.initiatives * factor, self.milestones * factor)
        return Amount(*more, self.people)


async def much_work(database: Database, amount: Amount) -> Company:
    """Ada administers it; Dana leads Field Dispatch, to which the first ten belong, and owns her share of the work."""
    company = await a_company(database, people=("Ada", "Dana"), admin="Ada")
    async with acting(database, company, "ada") as tx:
        dana = company.people["dana"].id
        people = await _people(tx, company, amount.people)
        team = Team(name="Field Dispatch", zone="Europe/London", lead_id=dana, place_id=company.channel.id)
        domains = [Domain(name=name, seq=seq) for seq, name in enumerate(PLACES)]
        batches = [Batch(code=f"BT-{number}", name=f"Wave {number}") for number in range(1, 21)]
        objectives = [Objective(name=f"Objective {number}") for number in range(1, 11)]
        year = (date(2026, 1, 1), date(2026, 12, 31))
        frame = StrategyFrame(
            valid_from=year[0],
            valid_to=year[1],
            short_end=TODAY + timedelta(days=90),
            mid_end=TODAY + timedelta(days=365),
        )
        tx.add(team, frame, *domains, *batches, *objectives)
        await tx.flush()
        tx.add(*(Membership(team_id=team.id, person_id=each, from_on=year[0]) for each in people[:10]))
        whole = _Work(amount, people, team.id, [each.id for each in domains], [each.id for each in batches])
        await _fill(tx, Initiative, whole.initiatives())
        await _fill(tx, Blocker, whole.blockers())
        await _fill(tx, Milestone, whole.milestones())
        await _fill(tx, Action, whole.actions())
        await _fill(tx, Dependency, whole.dependencies())
        await _fill(tx, Link, whole.links([each.id for each in objectives]))
    await _reckoned(database)
    return company


async def _people(tx: Tx, company: Company, number: int) -> list[int]:
    rows = [Person(name=f"Member {each:03}", zone="Europe/London", prefers="fake") for each in range(number)]
    tx.add(*rows)
    await tx.flush()
    tx.add(
        *(
            Account(person_id=each.id, install_id=company.install.id, external_id=f"member{number}")
            for number, each in enumerate(rows)
        )
    )
    await tx.flush()
    return [company.people["dana"].id, *(each.id for each in rows)]


async def _fill(tx: Tx, kind: type[Noun], rows: Iterator[Mapping[str, Any]]) -> None:
    stamps = {
        "organisation_id": tx.organisation_id,
        "created_at": NOON,
        "created_by": None,
        "updated_at": NOON,
        "version": 1,
    }
    every = [{**stamps, **row} for row in rows]
    connection = await tx.session.connection()
    for start in range(0, len(every), 5000):
        chunk = every[start : start + 5000]
        await connection.execute(insert(kind), chunk)
        if kind in FOUND_BY:
            entries = [entry_of(kind, {"evidence": "", "resolution": "", "reason": "", **row}) for row in chunk]
            await connection.execute(insert(SearchEntry), entries)


async def _reckoned(database: Database) -> None:
    """What a database does by itself after a while: it counts what stands in its columns."""
    async with database.write(SYSTEM) as tx:
        await tx.session.execute(text("ANALYZE"))


@dataclass(frozen=True, slots=True)
class _Work:
    """Rows whose numbers begin at 1 and whose columns follow from them, so that two runs measure the same."""

    amount: Amount
    people: list[int]
    team: int
    domains: list[int]
    batches: list[int]

    def _person(self, number: int) -> int:
        return self.people[number % len(self.people)]

    @staticmethod
    def _title(number: int) -> str:
        return (
            f"{DEEDS[number % 7]} the {THINGS[number // 7 % 7]} at {PLACES[number // 49 % 7]}, "
            f"as the team agreed in its week {number % 52} ({number})"
        )

    def initiatives(self) -> Iterator[Mapping[str, Any]]:
        states = (
            Initiative.State.IDEA,
            Initiative.State.IN_FLIGHT,
            Initiative.State.DELIVERED,
            Initiative.State.RANKED,
        )
        for number in range(1, self.amount.initiatives + 1):
            yield {
                "id": number,
                "code": f"I-{number}",
                "title": self._title(number),
                "kind": Initiative.Kind.FIX,
                "stage": "",
                "priority": Priority.P2,
                "impact_measured": False,
                "state": states[number % 4],
                "domain_id": self.domains[number % len(self.domains)],
                "owner_id": self._person(number),
                "sponsor_id": self._person(number + 1),
                "batch_id": self.batches[number % len(self.batches)],
                "starts_on": TODAY,
                "ends_on": TODAY + timedelta(days=number % 700),
            }

    def blockers(self) -> Iterator[Mapping[str, Any]]:
        for number in range(1, self.amount.actions // 25 + 1):
            yield {
                "id": number,
                "code": f"B-{number}",
                "text": f"No {THINGS[number % 7]} at {PLACES[number % 5]}",
                "raised_by": self._person(number),
                "raised_on": TODAY - timedelta(days=number % 300),
                "team_id": self.team,
                "cross_department": False,
                "customer_stopped": False,
                "state": Blocker.State.RESOLVED if number % 50 else Blocker.State.RAISED,
                "resolution": "",
            }

    def milestones(self) -> Iterator[Mapping[str, Any]]:
        for number in range(1, self.amount.milestones + 1):
            is_over = number % 3 == 0
            on = TODAY + timedelta(days=number % 400 - (300 if is_over else 30))
            yield {
                "id": number,
                "code": f"M-{number}",
                "initiative_id": number % self.amount.initiatives + 1,
                "title": f"{PLACES[number % 7]} live ({number})",
                "owner_id": self._person(number),
                "baseline_on": on - timedelta(days=number % 20),
                "forecast_on": on,
                "actual_on": on if is_over else None,
                "duration_days": 0,
                "rebaselined": 0,
                "reason": "",
                "evidence": "",
                "state": Milestone.State.ACHIEVED if is_over else Milestone.State.PLANNED,
            }

    def actions(self) -> Iterator[Mapping[str, Any]]:
        states = (Action.State.DONE, Action.State.DONE, Action.State.OPEN, Action.State.IN_PROGRESS)
        for number in range(1, self.amount.actions + 1):
            due_on = TODAY + timedelta(days=number % 365 - 180)
            yield {
                "id": number,
                "code": f"A-{number}",
                "kind": Action.Kind.TASK,
                "title": self._title(number),
                "owner_id": self._person(number),
                "requester_id": self._person(number + 3),
                "initiative_id": number % self.amount.initiatives + 1 if number % 10 else None,
                "priority": tuple(Priority)[number % 4],
                "state": states[number % 4],
                "due_on": due_on,
                "first_due_on": due_on,
                "redated": 0,
                "done_when": "",
                "evidence": "",
                "every": "",
            }

    def dependencies(self) -> Iterator[Mapping[str, Any]]:
        for number in range(1, self.amount.milestones - 5, 7):
            yield {"thing": "milestone", "from_id": number, "to_id": number + 5, "lag_days": 0}
        for number in range(1, self.amount.initiatives - 3, 9):
            yield {"thing": "initiative", "from_id": number, "to_id": number + 3, "lag_days": 0}

    def links(self, objectives: list[int]) -> Iterator[Mapping[str, Any]]:
        led, serves = Link.Kind.LED_TO, Link.Kind.SERVES
        for number in range(1, self.amount.actions // 25 + 1):
            yield _edge(led, (Thing.BLOCKER, number), (Thing.ACTION, number * 25))
        for number in range(1, self.amount.actions, 5):
            yield _edge(led, (Thing.ACTION, number), (Thing.ACTION, number + 1))
        for number in range(1, self.amount.initiatives + 1):
            objective = objectives[number % len(objectives)]
            yield _edge(serves, (Thing.INITIATIVE, number), (Thing.OBJECTIVE, objective))


def _edge(kind: Link.Kind, start: tuple[Thing, int], end: tuple[Thing, int]) -> Mapping[str, Any]:
    return {"kind": kind, "from_kind": start[0], "from_id": start[1], "to_kind": end[0], "to_id": end[1]}
