"""Blockers are raised, taken and solved."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.blockers import rules, views
from bot.chat.errors import Declined
from storage.blockers import Blocker
from storage.organisations import next_code
from storage.people import Person
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What somebody says is in the way."""

    text: str
    department_id: int | None
    customer_stopped: bool


async def raised(
    tx: Tx, obstacle: Obstacle, *, by: int, team_id: int, own_department_id: int | None, on: date
) -> Blocker:
    """A new blocker with a code."""
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
    return blocker


def reworded(blocker: Blocker, obstacle: Obstacle, own_department_id: int | None) -> None:
    """The one who raised it puts it differently."""
    blocker.text = obstacle.text
    blocker.department_id = obstacle.department_id
    blocker.cross_department = obstacle.department_id not in {None, own_department_id}
    blocker.customer_stopped = obstacle.customer_stopped


def solve(blocker: Blocker, now: datetime, note: str = "") -> None:
    """It is out of the way. Raises: Declined (E-05) when it was before."""
    if not rules.is_open(blocker):
        raise Declined(views.already(blocker, "solved"), code="E-05")
    blocker.state = Blocker.State.RESOLVED
    blocker.resolved_at = now
    blocker.resolution = note


def take(blocker: Blocker, person: Person) -> None:
    """Somebody helps. Raises: Declined (E-05) when it is solved, or somebody does already."""
    if not rules.is_open(blocker) or blocker.taken_by is not None:
        raise Declined(views.already(blocker, "taken"), code="E-05")
    blocker.state = Blocker.State.ACKNOWLEDGED
    blocker.taken_by = person.id
