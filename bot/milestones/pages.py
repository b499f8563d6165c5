"""Which milestones a list is about, as its buttons carry it; and one page of it from the newest rows."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.chat.events import row_number
from bot.milestones import rules, standing, views
from bot.milestones.views import PAGE, Page
from bot.people.rules import first_name
from bot.work.slip import slip_days
from storage.initiatives import Initiative
from storage.milestones import Only, Wanted, counted, dates_of, listed
from storage.people import Person
from storage.teams import Team
from storage.tx import Tx


def wanted_of(ids: Mapping[str, str], person: Person) -> Wanted:
    """What a button is about, for the one who presses it; a guest sees their own."""
    only = ids.get("only", "")
    until = ids.get("until", "")
    return Wanted(
        initiative_id=row_number(ids.get("initiative", "")) or None,
        team_id=row_number(ids.get("team", "")) or None,
        owner_id=row_number(ids.get("owner", "")) or None,
        mine=person.id if ids.get("mine") else None,
        seen_by=person.id if person.is_external else None,
        until=date.fromordinal(row_number(until)) if 0 < row_number(until) <= date.max.toordinal() else None,
        only=Only(only) if only in set(Only) else Only.OPEN,
    )


def ids_of(wanted: Wanted) -> dict[str, str]:
    """The same for a button."""
    found = {
        "initiative": wanted.initiative_id,
        "team": wanted.team_id,
        "owner": wanted.owner_id,
        "mine": 1 if wanted.mine else None,
        "until": wanted.until.toordinal() if wanted.until else None,
    }
    return {name: str(value) for name, value in found.items() if value is not None} | {"only": wanted.only.value}


def row_ids(wanted: Wanted, offset: int) -> dict[str, int]:
    """The same for a view."""
    found = {
        "initiative": wanted.initiative_id,
        "team": wanted.team_id,
        "owner": wanted.owner_id,
        "mine": wanted.mine,
        "seen_by": wanted.seen_by,
        "until": wanted.until.toordinal() if wanted.until else None,
        "only": list(Only).index(wanted.only),
        "offset": offset,
    }
    return {name: value for name, value in found.items() if value is not None}


def wanted_in(ids: Mapping[str, int]) -> Wanted:
    """What a view is about."""
    return Wanted(
        initiative_id=ids.get("initiative"),
        team_id=ids.get("team"),
        owner_id=ids.get("owner"),
        mine=ids.get("mine"),
        seen_by=ids.get("seen_by"),
        until=date.fromordinal(ids["until"]) if "until" in ids else None,
        only=list(Only)[ids.get("only", 0)],
    )


async def page(tx: Tx, wanted: Wanted, today: date, *, offset: int = 0, reader: Person | None = None) -> Page:
    """A page of PAGE lines from `offset` on; six queries or a few more, however many rows there are."""
    soon = today + timedelta(days=rules.SOON_DAYS)
    milestones = await listed(tx, wanted, today, soon, offset=offset, most=PAGE)
    slips = None
    if wanted.initiative_id is not None and wanted.only is Only.OPEN:
        days = [slip_days(each) for each in await dates_of(tx, wanted.initiative_id, seen_by=wanted.seen_by)]
        slips = rules.slips([each for each in days if each is not None])
    return Page(
        await _title(tx, wanted, reader),
        await standing.seen(tx, milestones, today),
        await counted(tx, wanted, today),
        only=wanted.only,
        offset=offset,
        initiative=wanted.initiative_id is not None,
        slips=slips,
    )


async def _title(tx: Tx, wanted: Wanted, reader: Person | None) -> str:
    initiative = await tx.get(Initiative, wanted.initiative_id) if wanted.initiative_id else None
    if initiative is not None:
        return views.title_of(initiative)
    team = await tx.get(Team, wanted.team_id) if wanted.team_id else None
    if team is not None:
        return views.of_team(team.name)
    number = wanted.owner_id or wanted.mine
    if number is None:
        return views.everybodys()
    if reader is not None and reader.id == number and wanted.owner_id is None:
        return views.yours()
    return views.of_person(first_name(await tx.need(Person, number)))
