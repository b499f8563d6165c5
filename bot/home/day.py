"""Whose day it is, and what most sections need to know of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlmodel import select

from bot.chat.localtime import today_in
from bot.home.views import Part
from bot.huddles import finding, rules, scene
from bot.people.rules import away, works_on
from storage.huddles import Huddle, HuddleRun, huddles_of, observes
from storage.people import Absence, Person, absences, zone_of
from storage.teams import Membership, Team, teams_of
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Day:
    """A person at an instant, with what most sections ask for.

    `teams` are those they belong to or lead, `calendars` the holidays of these by the team's number, `huddles` theirs;
    `absences` are those that are not over.
    """

    tx: Tx
    person: Person
    now: datetime
    teams: Sequence[Team]
    calendars: Mapping[int, str]
    huddles: Sequence[Huddle]
    memberships: Sequence[Membership]
    absences: Sequence[Absence]

    @property
    def zone(self) -> ZoneInfo:
        """Where the person is."""
        return zone_of(self.person)

    @property
    def today(self) -> date:
        """The date there."""
        return today_in(self.zone, self.now)

    def team_of(self, huddle: Huddle) -> Team:
        """The team whose huddle it is."""
        return next(team for team in self.teams if team.id == huddle.team_id)

    def leads(self, huddle: Huddle) -> bool:
        """Whether they lead its team."""
        return self.team_of(huddle).lead_id == self.person.id

    def takes_part(self, huddle: Huddle, on: date) -> bool:
        """Whether they belong to its team on a day."""
        return any(
            each.team_id == huddle.team_id and each.from_on <= on and (each.to_on is None or on <= each.to_on)
            for each in self.memberships
        )

    def works_on(self, huddle: Huddle, on: date) -> bool:
        """Whether they work on a day, seen from a huddle's team: its holidays are theirs, unless they have others."""
        return works_on(self.person, on, self.calendars[huddle.team_id])

    def absence_on(self, on: date) -> Absence | None:
        """The absence that covers a day; None when they are there."""
        return away(self.absences, self.person.id, on)

    def can_answer(self, run: HuddleRun) -> bool:
        """Whether a run has begun and its day is not over where the person is."""
        return run.state in finding.ANSWERABLE and self.now < rules.answers_end(run, self.zone)


Section: TypeAlias = Callable[[Day], Awaitable[Part]]
"""What one part of the product has to say about a day; `views.NOTHING` where it has nothing to say."""


async def day_of(tx: Tx, person: Person, now: datetime) -> Day:
    """A person's day."""
    today = today_in(zone_of(person), now)
    teams = await teams_of(tx, person, today)
    led = {team.id for team in teams if team.lead_id == person.id}
    every = await huddles_of(tx, [team.id for team in teams])
    return Day(
        tx,
        person,
        now,
        teams=teams,
        calendars={team.id: await scene.calendar_of(tx, team) for team in teams},
        huddles=[each for each in every if each.team_id in led or not await observes(tx, each, person.id)],
        memberships=await tx.all(select(Membership).where(Membership.person_id == person.id)),
        absences=await absences(tx, [person.id], today, date.max),
    )
