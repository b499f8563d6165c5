"""The voice of the customer, what departments can reuse of each other, and what is known from research."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, exists, false, func
from sqlmodel import Field, UniqueConstraint, col, select

from storage.columns import Noun, RowId, constraints, number_of, personal, word
from storage.links import Link, Thing
from storage.tx import Tx


class VocItem(Noun, table=True):
    """Something a customer said, with names and numbers taken out before it is stored."""

    class State(StrEnum):
        """The first states of domain.md 2.3."""

        NEW = "new"
        WITHDRAWN = "withdrawn"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "code"))
    code: str
    words: str = personal()
    heard_by: int = number_of("person")
    received_on: date
    source: str
    state: State = word(State, default=State.NEW)
    stage: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The stage of the customer's journey that it is about."""
    score: int | None = None
    """What the customer gave with it, 0 to 10."""
    is_high: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether somebody should look at it today."""
    shown_in: int | None = Field(default=None, sa_type=RowId)
    """The meeting that read it; no foreign key, because meetings came later."""


class BestPractice(Noun, table=True):
    """Something that works in one department and is offered to the others. Source: domain.md S2-21."""

    text: str = personal()
    department_id: int = number_of("department")
    author_id: int = number_of("person")


class Adoption(Noun, table=True):
    """What a department said to another one's practice; it may think again."""

    class Verdict(StrEnum):
        """What it said."""

        ADOPTED = "adopted"
        NOT_FOR_US = "not_for_us"

    __table_args__ = constraints(UniqueConstraint("practice_id", "department_id"))
    practice_id: int = number_of("best_practice")
    department_id: int = number_of("department")
    verdict: Verdict = word(Verdict)
    answered_by: int = number_of("person")


class ResearchNote(Noun, table=True):
    """Something that was found out about customers. Source: domain.md S1-07, S2-25."""

    class Level(StrEnum):
        """How deep it goes."""

        STRATEGIC = "strategic"
        OPERATIONAL = "operational"
        RESEARCH = "research"

    class About(StrEnum):
        """What it is about."""

        ORGANISATION = "organisation"
        MARKET = "market"
        EXPERIENCE = "experience"

    __table_args__ = constraints(Index("research_note_newest", "organisation_id", "created_at"))
    text: str = personal()
    level: Level = word(Level)
    about: About = word(About)
    link: str = ""
    author_id: int = number_of("person")


# --- what customers say


async def heard_newest(tx: Tx, most: int, *, heard_by: int | None = None) -> Sequence[VocItem]:
    """What customers said, newest first; only what one person heard where they are named."""
    wanted: list[ColumnElement[bool]] = [col(VocItem.state) != VocItem.State.WITHDRAWN]
    if heard_by is not None:
        wanted.append(col(VocItem.heard_by) == heard_by)
    newest_first = (col(VocItem.received_on).desc(), col(VocItem.id).desc())
    return await tx.all(select(VocItem).where(*wanted).order_by(*newest_first).limit(most))


async def unread_newest(tx: Tx, most: int) -> Sequence[VocItem]:
    """What customers said that no meeting has read, newest first."""
    unread = (col(VocItem.state) != VocItem.State.WITHDRAWN, col(VocItem.shown_in).is_(None))
    newest_first = (col(VocItem.received_on).desc(), col(VocItem.id).desc())
    return await tx.all(select(VocItem).where(*unread).order_by(*newest_first).limit(most))


async def mark_read(tx: Tx, numbers: Collection[int], meeting_id: int) -> None:
    """A meeting has read some of what customers said; what an earlier one read stays that one's."""
    unread = select(VocItem).where(col(VocItem.id).in_(numbers), col(VocItem.shown_in).is_(None))
    for each in await tx.all(unread) if numbers else ():
        each.shown_in = meeting_id
    await tx.flush()


async def led_to_nothing(tx: Tx, since: date) -> int:
    """How many of customers' words since a day have led to nothing yet."""
    led = exists().where(
        col(Link.from_kind) == Thing.VOC, col(Link.from_id) == col(VocItem.id), col(Link.kind) == Link.Kind.LED_TO
    )
    wanted = (col(VocItem.state) != VocItem.State.WITHDRAWN, col(VocItem.received_on) >= since, ~led)
    return await tx.first(select(func.count(col(VocItem.id))).where(*wanted)) or 0


# --- what others can reuse


async def hold_practice(tx: Tx, practice: BestPractice) -> None:
    """Until this transaction ends, no other department answers: each counts once."""
    await tx.first(select(BestPractice.id).where(BestPractice.id == practice.id).with_for_update(key_share=True))


async def practices(tx: Tx, most: int) -> Sequence[BestPractice]:
    """The newest practices, newest first."""
    return await tx.all(select(BestPractice).order_by(col(BestPractice.id).desc()).limit(most))


async def practices_told_since(tx: Tx, at: datetime) -> Sequence[BestPractice]:
    """The practices that were told from an instant on, oldest first."""
    return await tx.all(select(BestPractice).where(col(BestPractice.created_at) >= at).order_by(col(BestPractice.id)))


async def adoptions_of(tx: Tx, practice_ids: Collection[int]) -> Mapping[int, Sequence[Adoption]]:
    """What departments said to some practices, in the order in which they did: one question."""
    found: dict[int, list[Adoption]] = {each: [] for each in practice_ids}
    if practice_ids:
        query = select(Adoption).where(col(Adoption.practice_id).in_(practice_ids)).order_by(col(Adoption.id))
        for each in await tx.all(query):
            found[each.practice_id].append(each)
    return found


# --- what is known from research


async def research_noted_since(tx: Tx, at: datetime) -> Sequence[ResearchNote]:
    """The notes from an instant on, oldest first."""
    return await tx.all(select(ResearchNote).where(col(ResearchNote.created_at) >= at).order_by(col(ResearchNote.id)))


async def research_newest(tx: Tx, most: int) -> Sequence[ResearchNote]:
    """The newest notes, newest first."""
    return await tx.all(select(ResearchNote).order_by(col(ResearchNote.id).desc()).limit(most))
