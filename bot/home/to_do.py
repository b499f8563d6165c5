"""The section of what a person has to do, or to check."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.home import ahead, ahead_views, to_do_views
from bot.home.day import Day
from bot.home.views import Part
from bot.people.rules import first_name
from storage.actions import Action, claims_for, due_on, waiting_of
from storage.audit import of_field
from storage.links import Thing
from storage.mornings import milestones_on_plan
from storage.people import Person
from storage.tx import Tx

LOOKED_AT = 40  # actions; more than a card shows
ONE_DAY = timedelta(days=1)


async def actions(mine: Day) -> Part:
    """Overdue, due today and tomorrow, asked to be taken on, said to be done by others and theirs to accept."""
    own = await waiting_of(mine.tx, mine.person.id, mine.today + ONE_DAY, most=LOOKED_AT)
    claims = await claims_for(mine.tx, mine.person.id, mine.today, most=LOOKED_AT)
    givers = await _givers(mine.tx, own)
    ids = {number for each in [*own, *claims] for number in (each.owner_id, each.requester_id, givers.get(each.id))}
    return to_do_views.to_do(own, claims, await _names(mine.tx, ids - {None}), mine.today, givers=givers)


async def _givers(tx: Tx, found: Sequence[Action]) -> dict[int, int]:
    """Who handed an action over that somebody is asked to take on, by the action's number."""
    asked = [each.id for each in found if each.state is Action.State.PROPOSED and each.owner_id is not None]
    entries = await of_field(tx, Thing.ACTION, asked, "owner_id") if asked else ()
    handed_over = (each for each in reversed(entries) if each.verb == "assign" and each.before)
    return {each.thing_id: each.by for each in handed_over if each.by is not None}


async def _names(tx: Tx, ids: Collection[int | None]) -> dict[int, str]:
    if not ids:
        return {}
    return {each.id: first_name(each) for each in await tx.all(select(Person).where(col(Person.id).in_(ids)))}


async def on_day(mine: Day, on: date, *, own: bool) -> Card:
    """What falls due for a person on a day, milestones too, above it what it holds; for today what is overdue too."""
    tx, person, today = mine.tx, mine.person, mine.today
    tomorrow: Sequence[Action] = ()
    milestones = await milestones_on_plan(tx, person.id, on, most=LOOKED_AT)
    if on == today:
        waiting = await waiting_of(tx, person.id, on + ONE_DAY, most=LOOKED_AT)
        found = [each for each in waiting if each.due_on is not None and each.due_on <= on]
        tomorrow = [each for each in waiting if each.due_on == on + ONE_DAY]
    else:
        found = [*await due_on(tx, person.id, on, most=LOOKED_AT)]
        milestones = [each for each in milestones if each.forecast_on == on]
    held = ahead_views.elements(await ahead.on_day(mine, on, own=own), on)
    return to_do_views.on_day(first_name(person), on, [*found, *milestones], own=own, tomorrow=tomorrow, held=held)
