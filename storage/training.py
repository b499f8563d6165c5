"""What people learn: modules, and who has begun and finished them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import false
from sqlmodel import Field, UniqueConstraint, and_, col, select

from storage.columns import Noun, Utc, constraints, number_of, word
from storage.inserting import add_once
from storage.tx import Tx

INTRODUCTION = "Using Folkmoot"
INTRODUCTION_MIN = 10


class TrainingModule(Noun, table=True):
    """Something to learn, with the minutes it takes. The built-in one is the introduction, done in the chat itself."""

    class Kind(StrEnum):
        """Source: domain.md S1-12."""

        LEADERSHIP = "leadership"
        CUSTOMER_CENTRICITY = "customer_centricity"
        SPECIALIST = "specialist"
        TOOL = "tool"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "name"))
    name: str
    kind: Kind = word(Kind, default=Kind.TOOL)
    minutes: int
    place: str = ""
    """Where it is found: an address, a room, a person."""
    initiative_id: int | None = number_of("initiative", default=None, nullable=True, index=True)
    """Whoever gets an action of this initiative needs it."""
    is_builtin: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class TrainingCompletion(Noun, table=True):
    """Somebody's way through a module; finished or under way."""

    __table_args__ = constraints(UniqueConstraint("module_id", "person_id"))
    module_id: int = number_of("training_module")
    person_id: int = number_of("person", index=True)
    started_at: datetime = Field(sa_type=Utc)
    finished_at: datetime | None = Field(default=None, sa_type=Utc, nullable=True)


async def introduction(tx: Tx, now: datetime) -> TrainingModule:
    """The built-in module, which every organisation has. Making it is nobody's deed, so Undo leaves it."""
    built_in = select(TrainingModule).where(col(TrainingModule.is_builtin).is_(True))
    found = await tx.first(built_in)
    if found is None:
        module = TrainingModule(name=INTRODUCTION, minutes=INTRODUCTION_MIN, is_builtin=True)
        module.created_at = module.updated_at = now
        module.version = 1
        await add_once(tx, module)
        found = await tx.first(built_in)
    if found is None:
        raise LookupError(f"a module is called {INTRODUCTION}, and it is not the built-in one")
    return found


async def modules(tx: Tx) -> Sequence[TrainingModule]:
    """Every module, the built-in one first, then by name."""
    return await tx.all(
        select(TrainingModule).order_by(col(TrainingModule.is_builtin).desc(), col(TrainingModule.name))
    )


async def module_named(tx: Tx, name: str) -> TrainingModule | None:
    """The module of that name, in any case."""
    wanted = name.strip().casefold()
    return next((each for each in await modules(tx) if each.name.casefold() == wanted), None)


async def module_of(tx: Tx, initiative_id: int) -> TrainingModule | None:
    """The module that an initiative asks for; the newest, where it has several."""
    linked = select(TrainingModule).where(TrainingModule.initiative_id == initiative_id)
    return await tx.first(linked.order_by(col(TrainingModule.id).desc()))


async def completion_of(tx: Tx, module_id: int, person_id: int) -> TrainingCompletion | None:
    """Somebody's way through a module; None before they began."""
    return await tx.first(
        select(TrainingCompletion).where(
            TrainingCompletion.module_id == module_id, TrainingCompletion.person_id == person_id
        )
    )


async def completions(tx: Tx, person_id: int) -> dict[int, TrainingCompletion]:
    """Everything that somebody began or finished, by module."""
    found = await tx.all(select(TrainingCompletion).where(TrainingCompletion.person_id == person_id))
    return {each.module_id: each for each in found}


async def is_finished(tx: Tx, module_id: int, person_id: int) -> bool:
    """Whether somebody has finished a module."""
    found = await completion_of(tx, module_id, person_id)
    return found is not None and found.finished_at is not None


async def finished_among(tx: Tx, module_id: int, people: Sequence[int]) -> set[int]:
    """Who of some people has finished a module."""
    theirs = and_(TrainingCompletion.module_id == module_id, col(TrainingCompletion.person_id).in_(people))
    done = col(TrainingCompletion.finished_at).is_not(None)
    return set(await tx.all(select(TrainingCompletion.person_id).where(theirs, done)))
