"""The map gathered from rows, for the card and for the page alike, and who may see it."""

from datetime import date

from sqlmodel import col, select

from bot.roadmap import rules
from bot.roadmap.rules import Board
from bot.work.slip import AMBER_MOST
from storage import portfolio, roadmap
from storage.links import Thing
from storage.people import Department, Person, departments, roles_of
from storage.teams import leads_any
from storage.tx import Tx


async def board(tx: Tx, today: date) -> Board:
    """Six queries, however many rows there are."""
    return rules.board_of(
        await roadmap.initiatives_ahead(tx),
        await portfolio.domains(tx),
        await portfolio.edges(tx, Thing.INITIATIVE),
        worst=await roadmap.worst_milestones(tx, today, amber_most=AMBER_MOST),
        frame=await portfolio.frame_on(tx, today),
        today=today,
        departments=await departments(tx),
    )


async def may_see(tx: Tx, person: Person) -> bool:
    """Whether somebody may see the map now."""
    heads = await tx.first(select(Department.id).where(col(Department.head_id) == person.id))
    return person.active and rules.may_see(
        await roles_of(tx, person),
        is_external=person.is_external,
        leads=await leads_any(tx, person),
        heads=heads is not None,
    )
