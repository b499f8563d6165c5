"""Who leads a piece of work: one meaning for actions, milestones and initiatives."""

from datetime import date

from storage.initiatives import Initiative
from storage.people import Person, Role, roles_of
from storage.teams import leads_any, leads_of
from storage.tx import Tx


async def leads(tx: Tx, person: Person, *, owner_id: int | None, part_of: Initiative | None, on: date) -> bool:
    """Whether somebody is the lead of what `owner_id` has, on a day.

    That is an administrator, the owner or the sponsor of the initiative that it is part of, and the lead of a team to
    which its owner belongs; where no team has its owner, or it has none, whoever leads a team.
    """
    if Role.Kind.ADMIN in await roles_of(tx, person):
        return True
    if part_of is not None and person.id in {part_of.owner_id, part_of.sponsor_id}:
        return True
    theirs = await leads_of(tx, owner_id, on) if owner_id is not None else ()
    if theirs:
        return person.id in {each.id for each in theirs}
    return not person.is_external and await leads_any(tx, person)
