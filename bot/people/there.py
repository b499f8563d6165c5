"""Is somebody away on a day? One answer for all: their absences, their working days, holidays, and who has left."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.people.rules import Days, Off
from storage.organisations import organisation_of
from storage.people import Person, absences
from storage.teams import calendars_of
from storage.tx import Tx


async def days_of(
    tx: Tx, people: Sequence[Person], first: date, last: date | None = None, *, calendar: str = ""
) -> Mapping[int, Days]:
    """The days of some people between two days, by their numbers; three queries for however many.

    `calendar` is that of the team for which it is asked; without it, those of each person's own teams count.
    """
    ids = [each.id for each in people]
    known = await absences(tx, ids, first, last or date.max)
    teams = {} if calendar else await calendars_of(tx, ids, first)
    common = calendar or (await organisation_of(tx)).calendar
    return {
        each.id: Days(
            each,
            [absence for absence in known if absence.person_id == each.id],
            {theirs or common for theirs in teams.get(each.id, ("",))},
        )
        for each in people
    }


async def off(tx: Tx, person: Person, on: date, *, calendar: str = "") -> Off | None:
    """Whether somebody is away on a day, and why; None when they are there. `calendar` as in `days_of`."""
    return (await days_of(tx, [person], on, on, calendar=calendar))[person.id].off(on)
