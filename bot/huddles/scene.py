"""What several views and handlers need to know of a run: its huddle, team, people, number and answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from bot.blockers import rules as blocker_rules
from bot.chat.localtime import today_in
from bot.huddles import rules
from bot.huddles.room_views import Away, Given, OpenBlocker, Voice
from bot.measures.rules import Figure, figure
from bot.people import rules as people_rules
from storage.blockers import Blocker
from storage.customers import VocItem
from storage.huddles import (
    Expectation,
    Huddle,
    HuddleRun,
    answers,
    expectations,
    first_editions,
    plan_before,
    run_around,
)
from storage.links import Link, Thing
from storage.measures import Measure, readings
from storage.messages import Message, message_keyed
from storage.organisations import organisation_of
from storage.people import Absence, Department, Person, absences, zone_of
from storage.teams import Team
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Scene:
    """A run with its huddle and team."""

    run: HuddleRun
    huddle: Huddle
    team: Team
    calendar: str

    @property
    def zone(self) -> ZoneInfo:
        """The huddle's own zone."""
        return ZoneInfo(self.huddle.zone)

    @property
    def asks(self) -> rules.Asks:
        """What this run asks."""
        return rules.asked_in(self.huddle, self.run)

    @property
    def window(self) -> timedelta:
        """How long a person has to answer on time."""
        return timedelta(minutes=self.huddle.window_min)


def prompt_key(run: HuddleRun) -> str:
    """The key of a run's prompts; a person's own ends with their number."""
    return f"huddle:{run.id}:prompt"


def channel_key(run: HuddleRun) -> str:
    """The key of the room's message."""
    return f"huddle:{run.id}:channel"


def details_key(run: HuddleRun) -> str:
    """The key of the answers in the thread of the room's message."""
    return f"huddle:{run.id}:details"


async def scene_of(tx: Tx, run_id: int) -> Scene | None:
    """Everything around a run; None where there is no such run."""
    found = await run_around(tx, run_id)
    return None if found is None else Scene(*found, await calendar_of(tx, found[2]))


def zone_of_huddle(huddle: Huddle) -> ZoneInfo:
    """The zone in which a huddle's time of day is meant."""
    return ZoneInfo(huddle.zone)


async def calendar_of(tx: Tx, team: Team) -> str:
    """The holidays that decide a team's runs."""
    return team.calendar or (await organisation_of(tx)).calendar


async def figure_of(tx: Tx, scene: Scene) -> Figure | None:
    """The customer number of the working day before; None for a huddle without one."""
    if scene.huddle.measure_id is None:
        return None
    measure = await tx.need(Measure, scene.huddle.measure_id)
    period = people_rules.working_day_before(scene.run.local_date, scene.calendar)
    known = await readings(tx, measure.id, period)
    return figure(measure, list(known), period, scene.run.local_date)


def asked_by(run: HuddleRun, person_id: int) -> str:
    """The key of the message that asks a person: their own, or the room's in a huddle that asks there."""
    return channel_key(run) if run.asks_in is Huddle.Asks.ROOM else f"{prompt_key(run)}:{person_id}"


async def prompt_of(tx: Tx, run: HuddleRun, person_id: int) -> Message | None:
    """The message that asks a person."""
    return await message_keyed(tx, asked_by(run, person_id))


async def last_plan(tx: Tx, around: Scene, person_id: int) -> dict[str, str]:
    """What somebody planned in the huddle before, by the questions of this one that ask for a focus."""
    last = await plan_before(tx, around.run, person_id)
    if last is None:
        return {}
    before = rules.asked_in(around.huddle, await tx.need(HuddleRun, last.run_id))
    return rules.planned_again(around.asks, before, last.answers)


async def window_end(tx: Tx, scene: Scene, expectation: Expectation) -> datetime:
    """When a person's own window closes."""
    return rules.window_end(expectation, await prompt_of(tx, scene.run, expectation.person_id), scene.window)


async def away_in(tx: Tx, scene: Scene) -> list[Away]:
    """Who is away from a run, by name, and until when."""
    absent = [e for e in await expectations(tx, scene.run) if e.status is Expectation.Status.ABSENT]
    known = await absences(tx, [e.person_id for e in absent], scene.run.local_date, scene.run.local_date)
    people = (await tx.fetch(Person, [each.person_id for each in absent])).values()
    found = [
        (person, people_rules.away(known, person.id, scene.run.local_date))
        for person in sorted(people, key=lambda each: each.name)
    ]
    return [
        Away(people_rules.first_name(person), _return_after(scene.run.local_date, absence)) for person, absence in found
    ]


def _return_after(today: date, absence: Absence | None) -> date | None:
    """The last day of an absence that goes on after today."""
    last = None if absence is None else absence.to_on
    return last if last is not None and last > today else None


async def given_in(tx: Tx, run: HuddleRun) -> list[Given]:
    """What people answered, by name, with the instant of their first edition."""
    newest = await answers(tx, run)
    first = {each.person_id: each.submitted_at for each in await first_editions(tx, run)}
    people = await tx.fetch(Person, [each.person_id for each in newest])
    named = [Given(people_rules.first_name(people[each.person_id]), each, first[each.person_id]) for each in newest]
    return sorted(named, key=lambda each: each.name)


async def blockers_in(tx: Tx, scene: Scene, open_ones: Sequence[Blocker], now: datetime) -> list[OpenBlocker]:
    """Open blockers with their raiser, age in working days, department and helper, as of the run's day.

    What came up later belongs to later huddles, and what was said ahead waits until its own huddle opens.
    """
    on = min(today_in(scene.zone, now), scene.run.local_date)
    own, ahead = await _raised_in(tx, col(HuddleRun.id) == scene.run.id), await _raised_in(tx, _is_planned())
    known = [each for each in open_ones if (each.raised_on <= on and each.id not in ahead) or each.id in own]
    await tx.fetch(Person, [person_id for each in known for person_id in (each.raised_by, each.taken_by)])

    def works(on: date) -> bool:
        return people_rules.is_office_day(on, scene.calendar)

    return [
        OpenBlocker(
            blocker=each,
            raiser=await first_name_of(tx, each.raised_by),
            age_days=blocker_rules.age(each.raised_on, on, works),
            waits_for=await department_name(tx, each.department_id),
            helper=await first_name_of(tx, each.taken_by),
        )
        for each in known
    ]


def _is_planned() -> ColumnElement[bool]:
    return col(HuddleRun.state) == HuddleRun.State.PLANNED


async def _raised_in(tx: Tx, of: ColumnElement[bool]) -> set[int]:
    """The numbers of the blockers that came up in some runs."""
    edges = (Link.from_kind == Thing.HUDDLE, Link.to_kind == Thing.BLOCKER)
    return set(await tx.all(select(Link.to_id).join(HuddleRun, col(HuddleRun.id) == Link.from_id).where(*edges, of)))


async def voices_in(tx: Tx, given: Sequence[Given]) -> list[Voice]:
    """Customers' words with who heard them."""
    found: list[Voice] = []
    items = await tx.fetch(VocItem, [each.answer.voc_item_id for each in given])
    for each in given:
        item = None if each.answer.voc_item_id is None else items.get(each.answer.voc_item_id)
        if item is not None and item.state is VocItem.State.NEW:
            found.append(Voice(item.words, item.code, heard_by=each.name))
    return found


async def first_name_of(tx: Tx, person_id: int | None) -> str:
    """What colleagues call somebody; empty for nobody."""
    person = None if person_id is None else await tx.get(Person, person_id)
    return "" if person is None else people_rules.first_name(person)


async def department_name(tx: Tx, department_id: int | None) -> str:
    """A department's name; empty for none."""
    department = None if department_id is None else await tx.get(Department, department_id)
    return "" if department is None else department.name


def today_of(person: Person, now: datetime) -> date:
    """The local date of a person."""
    return today_in(zone_of(person), now)
