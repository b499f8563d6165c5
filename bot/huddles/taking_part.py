"""Who observes a huddle, and whose answer is optional: by a line, or in a form."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted, row_number
from bot.chat.forms import OPTIONS_MAX
from bot.chat.replies import Answer, Replies
from bot.huddles import choosing, part_views, scene, setup, telling
from bot.work import handlers as work
from storage.huddles import Huddle, HuddlePart, parts_of
from storage.people import Person
from storage.teams import Team, members
from storage.tx import Tx

Kind = HuddlePart.Kind


async def observers(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle observers @Ann @Raj`: they get the summary and are not asked; named once more they are as before."""
    return await _named(event, tx, now, Kind.OBSERVER)


async def optional(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle optional @Cem`: asked, and not counted; named once more they are as before."""
    return await _named(event, tx, now, Kind.OPTIONAL)


async def _named(event: Asked, tx: Tx, now: datetime, kind: Kind) -> Replies:
    huddle, team = await choosing.led(tx, event, now)
    if not event.command.people:
        raise Declined(part_views.NOBODY_NAMED)
    before = await telling.standing(tx, huddle, team, now)
    chosen = [await work.one_person(tx, event.by, name) for name in dict.fromkeys(event.command.people)]
    known = {each.person_id: each for each in await parts_of(tx, huddle)}
    for person in chosen:
        part = known.get(person.id)
        if part is None:
            tx.add(HuddlePart(huddle_id=huddle.id, person_id=person.id, kind=kind))
        else:
            part.kind = Kind.USUAL if part.kind is kind else kind
    await tx.flush()
    return await telling.saved(tx, huddle, team, now, before=before)


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Who takes part**: the form with everybody who could."""
    huddle, team = await setup.led(tx, event.by, event.number("huddle"), now)
    parts = await parts_of(tx, huddle)
    values = {
        "optional": _joined(parts, Kind.OPTIONAL),
        "observers": _joined(parts, Kind.OBSERVER),
        "grouped": huddle.grouped_by.value,
    }
    choices = await _choices(tx, event.by, huddle, team, now=now)
    return Replies(answer=Answer(part_views.form(huddle, choices, values)))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    huddle, team = await setup.led(tx, event.by, event.number("huddle"), now)
    choices = await _choices(tx, event.by, huddle, team, now=now)
    known = {each.id for each in choices}
    watching = _ticked(event.values.get("observers", ""), known)
    free = _ticked(event.values.get("optional", ""), known)
    if watching & free:
        form = part_views.form(huddle, choices, event.values)
        return Replies(answer=Answer(form.refused(event.values, {part_views.TICKED_TWICE: part_views.BOTH})))
    before = await telling.standing(tx, huddle, team, now)
    await _keep(tx, huddle, dict.fromkeys(watching, Kind.OBSERVER) | dict.fromkeys(free, Kind.OPTIONAL))
    if event.values.get("grouped") in set(Huddle.Grouping):
        huddle.grouped_by = Huddle.Grouping(event.values["grouped"])
    await tx.flush()
    return await telling.saved(tx, huddle, team, now, before=before)


async def _keep(tx: Tx, huddle: Huddle, wanted: dict[int, Kind]) -> None:
    for part in await parts_of(tx, huddle):
        part.kind = wanted.pop(part.person_id, Kind.USUAL)
    tx.add(*(HuddlePart(huddle_id=huddle.id, person_id=number, kind=kind) for number, kind in wanted.items()))


async def _choices(tx: Tx, by: By, huddle: Huddle, team: Team, *, now: datetime) -> Sequence[Person]:
    """The team, its lead, whoever opens the form and those who have a part already; then everybody else, by name."""
    parts = {each.person_id for each in await parts_of(tx, huddle)}
    near = {each.id for each in await members(tx, team, scene.today_of(by.person, now))} | parts
    near |= {by.person.id} | ({team.lead_id} if team.lead_id else set())
    active = select(Person).where(col(Person.active).is_(True)).order_by(col(Person.name), col(Person.id))
    first = await tx.all(active.where(col(Person.id).in_(near)))
    others = await tx.all(active.where(col(Person.id).not_in(near)).limit(OPTIONS_MAX))
    return [*first, *others]


def _joined(parts: Sequence[HuddlePart], kind: Kind) -> str:
    return ",".join(str(each.person_id) for each in parts if each.kind is kind)


def _ticked(value: str, known: Collection[int]) -> set[int]:
    return {number for each in value.split(",") if (number := row_number(each.strip())) in known}
