"""How people stand to modules: what they have finished, and what a piece of work asks of them."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.training import views
from storage.actions import Action
from storage.first_days import Tried, first_days_of, has_answered, tried
from storage.people import Person
from storage.training import TrainingModule, finished_among, introduction, is_finished, module_of
from storage.tx import Tx

CANCELLED = Action.State.CANCELLED


async def has_finished(tx: Tx, module: TrainingModule, person_id: int) -> bool:
    """Whether somebody is through a module; the introduction also by doing what it teaches."""
    if await is_finished(tx, module.id, person_id):
        return True
    if not module.is_builtin:
        return False
    done = await tried(tx, person_id)
    return Tried.What.TODAY in done and (Tried.What.PRACTICE in done or await has_answered(tx, person_id))


async def missing(tx: Tx, person: Person, initiative_id: int | None, now: datetime) -> TrainingModule | None:
    """What somebody should learn before a piece of work, and has not finished; None where nothing is missing.

    That is its initiative's module, else the introduction, which is asked of those who came since there are first days.
    """
    module = None if initiative_id is None else await module_of(tx, initiative_id)
    if module is None:
        if await first_days_of(tx, person.id) is None:
            return None
        module = await introduction(tx, now)
    return None if await has_finished(tx, module, person.id) else module


async def share_trained(tx: Tx, initiative_id: int) -> tuple[int, int] | None:
    """Who has finished an initiative's module, of how many who have work in it; None where it has no module."""
    module = await module_of(tx, initiative_id)
    if module is None:
        return None
    work = (Action.initiative_id == initiative_id, Action.state != CANCELLED)
    people = await tx.all(
        select(Person.id)
        .join(Action, col(Action.owner_id) == Person.id)
        .where(*work)
        .distinct()
        .order_by(col(Person.id))
    )
    return len(await finished_among(tx, module.id, people)), len(people)


async def module(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """A module that was sent to somebody; not sent where they finished it meanwhile."""
    found = await tx.get(TrainingModule, ids["module"])
    if found is None or reader.person is None:
        return None
    done = await has_finished(tx, found, reader.person.id)
    if done and not reader.stands:
        return None
    return views.module(found, is_finished=done, because=views.FOR_WORK)
