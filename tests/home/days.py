"""Field Dispatch on its days, as each of its people asks for theirs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

from sqlalchemy import delete, update
from sqlmodel import col, select

from bot.chat.cards import Card, Row
from bot.chat.forms import Form
from bot.chat.replies import Answer
from bot.demo import northwater
from bot.huddles import rules
from bot.ports import Press, Submission, Text
from storage.blockers import Blocker
from storage.cadences import Cadence
from storage.engine import Database
from storage.huddles import Expectation, Huddle, HuddleRun
from storage.measures import Measure, Reading
from storage.messages import Message
from storage.people import Absence, Department, Person
from storage.teams import Membership, Team
from storage.tx import Tx
from tests.support.field_dispatch import NORTHWATER, FieldDispatch, field_dispatch
from tests.support.reading import button_of, words_of

TUESDAY = date(2026, 11, 24)
_EVENTS = count(1)


def at(hour: int, minute: int = 0, on: date = TUESDAY) -> datetime:
    """An instant of a day; in November, London's clocks show UTC."""
    return datetime.combine(on, time(hour, minute), tzinfo=UTC)


@dataclass(slots=True)
class Days:
    """Who asks, answers and presses in direct messages."""

    field: FieldDispatch
    organisation: int = NORTHWATER

    async def until(self, now: datetime) -> None:
        """The bot runs until then."""
        await self.field.until(now)

    async def today(self, who: str) -> Card:
        """What `/today` answers."""
        answer = await self.says(who, "/today")
        assert answer.private
        assert isinstance(answer.content, Card)
        return answer.content

    async def says(self, who: str, text: str) -> Answer:
        """What a line of text is answered with."""
        answer = await self.field.do(who, Text(text), f"event-{next(_EVENTS)}")
        assert answer is not None
        return answer

    async def presses(self, who: str, label: str) -> Card | Form:
        """Presses a button of what `/today` shows them now."""
        return await self.presses_on(who, await self.today(who), label)

    async def presses_on(self, who: str, card: Card, label: str) -> Card | Form:
        """Presses a button of a card."""
        button = button_of(card, label)
        answer = await self.field.do(who, Press(button.verb, button.ids), f"event-{next(_EVENTS)}")
        assert answer is not None
        return answer.content

    async def answers(self, who: str, focus: str = "Last Mill Lane job before noon", **values: str) -> None:
        """Sends the form of the newest huddle."""
        run = (await self.field.runs())[-1]
        form = Submission("huddle.answer", {"focus": focus, **values}, {"run": str(run.id)})
        await self.field.do(who, form, f"event-{next(_EVENTS)}")

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[Tx]:
        """A transaction in which rows are changed behind the bot's back."""
        async with self.field.database.write(self.organisation) as tx:
            tx.acts_for(by=None, event_id=None, now=self.field.clock.now())
            yield tx

    async def person(self, tx: Tx, name: str) -> Person:
        """The person of that name."""
        found = await tx.first(select(Person).where(Person.name == name))
        assert found is not None
        return found

    async def moves(self, name: str, zone: str) -> None:
        """Somebody lives in another time zone."""
        async with self.changing() as tx:
            (await self.person(tx, name)).zone = zone

    async def is_away(self, name: str, first: date, last: date | None) -> None:
        """Somebody is away."""
        async with self.changing() as tx:
            tx.add(Absence(person_id=(await self.person(tx, name)).id, from_on=first, to_on=last))

    async def a_team(
        self, name: str, *, members: tuple[str, ...] = (), lead: str = "", zone: str = northwater.ZONE
    ) -> Team:
        """One more team, without a huddle."""
        async with self.changing() as tx:
            team = Team(name=name, zone=zone, lead_id=(await self.person(tx, lead)).id if lead else None)
            tx.add(team)
            await tx.flush()
            people = [await self.person(tx, each) for each in members]
            tx.add(*(Membership(team_id=team.id, person_id=each.id, from_on=northwater.JOINED) for each in people))
        return team

    async def a_huddle(
        self,
        team: Team,
        at_time: time,
        *,
        mode: Huddle.Mode = Huddle.Mode.TOGETHER,
        weekdays: str = "mon,tue,wed,thu,fri",
    ) -> Huddle:
        """A huddle of a team, which the clock does not know: its runs are made by hand."""
        async with self.changing() as tx:
            huddle = Huddle(
                name=team.name,
                team_id=team.id,
                at_time=at_time,
                zone=team.zone,
                mode=mode,
                weekdays=weekdays,
                questions=rules.QUESTIONS,
            )
            tx.add(huddle)
        return huddle

    async def opens_with(self, huddle: Huddle, name: str, value: int | None = None) -> None:
        """A huddle has a customer number of its own, with a value for Monday or without one."""
        async with self.changing() as tx:
            measure = Measure(
                code="".join(each[0] for each in name.split()).upper(), name=name, unit=Measure.Unit.NUMBER
            )
            tx.add(measure)
            await tx.flush()
            (await tx.need(Huddle, huddle.id)).measure_id = measure.id
            if value is not None:
                tx.add(Reading(measure_id=measure.id, period_on=northwater.MONDAY, value=Decimal(value)))

    async def a_run(self, huddle: Huddle, on: date, state: HuddleRun.State, *, opens_at: datetime) -> HuddleRun:
        """A run of such a huddle."""
        async with self.changing() as tx:
            run = HuddleRun(
                huddle_id=huddle.id,
                local_date=on,
                opens_at=opens_at,
                closes_at=opens_at + timedelta(minutes=huddle.window_min),
                state=state,
            )
            tx.add(run)
        return run

    async def expects(
        self, run: HuddleRun, name: str, status: Expectation.Status = Expectation.Status.EXPECTED
    ) -> None:
        """Somebody is expected in such a run."""
        async with self.changing() as tx:
            person = await self.person(tx, name)
            opens_at, closes_at = run.opens_at, run.closes_at
            tx.add(
                Expectation(run_id=run.id, person_id=person.id, status=status, opens_at=opens_at, closes_at=closes_at)
            )

    async def a_blocker(
        self, code: str, text: str, *, by: str, needs: str = "", on: date = TUESDAY, taken_by: str = ""
    ) -> None:
        """A blocker of Field Dispatch."""
        async with self.changing() as tx:
            team = await tx.first(select(Team).where(Team.name == "Field Dispatch"))
            part = await tx.first(select(Department).where(Department.name == needs))
            assert team is not None
            tx.add(
                Blocker(
                    code=code,
                    text=text,
                    raised_by=(await self.person(tx, by)).id,
                    raised_on=on,
                    team_id=team.id,
                    department_id=part.id if part else None,
                    taken_by=(await self.person(tx, taken_by)).id if taken_by else None,
                    state=Blocker.State.ACKNOWLEDGED if taken_by else Blocker.State.RAISED,
                )
            )

    async def fails_to_send(self, states: Mapping[str, Message.State]) -> None:
        """What became of the messages to some people."""
        async with self.changing() as tx:
            for name, state in states.items():
                theirs = col(Message.person_id) == (await self.person(tx, name)).id
                await tx.run(update(Message).where(theirs).values(state=state))

    async def without_teams(self) -> None:
        """Nothing has been set up yet."""
        async with self.changing() as tx:
            for kind in (Cadence, HuddleRun, Huddle, Reading, Measure, Membership, Team):
                await tx.run(delete(kind))


async def the_days(database: Database, now: datetime, organisation: int = NORTHWATER) -> Days:
    """Northwater, from `now` on; `organisation` is its number where another one came first."""
    return Days(await field_dispatch(database, now), organisation)


async def at_twenty_past(database: Database) -> Days:
    """Tuesday, five minutes after the huddle has opened."""
    days = await the_days(database, at(9, 14))
    await days.until(at(9, 20))
    return days


def row_of(card: Card, text: str) -> Row:
    """The row of that text."""
    return next(each for each in card.elements if isinstance(each, Row) and each.text == text)


def coming(card: Card) -> list[str]:
    """The lines under "Coming up"."""
    return [line for line in words_of(card).splitlines() if "· Huddle, " in line]
