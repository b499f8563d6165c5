"""Practices with what departments said to them, and for which department somebody speaks."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, select

from bot.customers.views import Offer
from storage.customers import Adoption, BestPractice, adoptions_of
from storage.people import Department, Person
from storage.teams import belonged_to
from storage.tx import Tx


async def offers(tx: Tx, rows: Sequence[BestPractice]) -> Sequence[Offer]:
    """Some practices with their departments and answers, in their order: two questions for all of them."""
    if not rows:
        return []
    given = await adoptions_of(tx, [each.id for each in rows])
    names = dict(await tx.columns(select(col(Department.id), col(Department.name))))

    def said(row: BestPractice, verdict: Adoption.Verdict) -> list[str]:
        return [names[each.department_id] for each in given[row.id] if each.verdict is verdict]

    verdicts = Adoption.Verdict
    return [
        Offer(each, names[each.department_id], said(each, verdicts.ADOPTED), said(each, verdicts.NOT_FOR_US))
        for each in rows
    ]


async def department_of(tx: Tx, person: Person, on: date) -> Department | None:
    """The department for which somebody speaks: the one they head, their own, or else their team's."""
    headed = await tx.first(select(Department).where(Department.head_id == person.id).order_by(col(Department.id)))
    if headed is not None:
        return headed
    if person.department_id is not None:
        return await tx.get(Department, person.department_id)
    teams = [each.department_id for each in await belonged_to(tx, person.id, on) if each.department_id is not None]
    return await tx.get(Department, teams[0]) if teams else None
