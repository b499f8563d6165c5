"""What a day holds beside the work that is due: meetings, huddles, days off, and ballots that wait."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from storage.engine import Database
from storage.huddles import Huddle
from storage.initiatives import Initiative
from storage.ranking import Ballot, RankingRound
from storage.teams import Team
from storage.weekly import WeeklyGoal, WeeklyRun
from tests.home.days import TUESDAY, Days, at, the_days
from tests.support.reading import button_of, words_of

WEDNESDAY = TUESDAY + timedelta(days=1)
SATURDAY = date(2026, 11, 28)


async def _says(days: Days, who: str, line: str) -> str:
    answer = await days.says(who, line)
    assert isinstance(answer.content, Card)
    return words_of(answer.content)


async def _meets(days: Days, on: date) -> None:
    async with days.changing() as tx:
        team = await tx.first(select(Team).where(Team.name == "Field Dispatch"))
        assert team is not None
        week = on.isocalendar()
        tx.add(
            WeeklyRun(
                team_id=team.id, iso_year=week.year, iso_week=week.week, meets_at=at(14, on=on), zone="Europe/London"
            )
        )


@pytest.mark.req("S3-34")
async def test_today_shows_its_meetings_and_tomorrow_those_of_tomorrow(database: Database) -> None:
    days = await the_days(database, at(9, 40))
    await _meets(days, TUESDAY)
    assert "Meetings today\n14:00 · Weekly follow-up, Field Dispatch" in await _says(days, "ben", "/today")
    assert "Weekly follow-up" not in await _says(days, "carl", "/today")
    assert "Weekly follow-up" not in await _says(days, "ben", "/today tomorrow")


@pytest.mark.req("S3-34")
async def test_a_day_to_come_shows_its_huddle_its_meeting_and_that_somebody_is_away(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 40))
    await _meets(days, WEDNESDAY)
    said = await _says(days, "ben", "/today tomorrow")
    assert "That day\n09:15 · Huddle, Field Dispatch\n14:00 · Weekly follow-up, Field Dispatch" in said
    await days.is_away("Ben", WEDNESDAY, WEDNESDAY)
    said = await _says(days, "ben", "/today tomorrow")
    assert "You're away that day." in said
    assert "09:15 · Huddle, Field Dispatch (no answer is needed)" in said
    said = await _says(days, "dana", "/today tomorrow @Ben")
    assert "Ben is away that day." in said
    assert "14:00 · Weekly follow-up, Field Dispatch" in said


async def test_a_saturday_a_holiday_and_a_huddle_that_has_ended_hold_no_huddle(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 40))
    assert "Huddle" not in await _says(days, "ben", "/today sat")
    assert "No huddle, Field Dispatch: Christmas Day" in await _says(days, "ben", "/today 25 Dec")
    async with days.changing() as tx:
        huddle = await tx.first(select(Huddle))
        assert huddle is not None
        huddle.until_on = WEDNESDAY
    assert "Huddle" in await _says(days, "ben", "/today tomorrow")
    assert "Huddle" not in await _says(days, "ben", "/today thu")


async def test_in_another_zone_the_huddle_stands_at_ones_own_hour_on_ones_own_day(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 40))
    await days.moves("Ben", "Pacific/Auckland")
    assert "22:15 · Huddle, Field Dispatch" in await _says(days, "ben", "/today tomorrow")
    await days.moves("Ben", "Pacific/Kiritimati")
    assert "23:15 · Huddle, Field Dispatch" in await _says(days, "ben", "/today tomorrow")


async def test_nothing_waits_is_not_said_above_a_huddle_to_come(sqlite: Database) -> None:
    days = await the_days(sqlite, at(8))
    assert "Your day, Ben" in await _says(days, "ben", "/today")


async def test_nothing_waits_on_a_free_saturday_unless_there_are_goals(sqlite: Database) -> None:
    days = await the_days(sqlite, at(8, on=SATURDAY))
    assert "Nothing waits for you, Ben" in await _says(days, "ben", "/today")
    await _meets(days, SATURDAY - timedelta(days=7))
    async with days.changing() as tx:
        run = await tx.first(select(WeeklyRun))
        assert run is not None
        tx.add(WeeklyGoal(run_id=run.id, person_id=(await days.person(tx, "Ben")).id, text="Visit a depot"))
    assert "Your day, Ben" in await _says(days, "ben", "/today")


@pytest.mark.req("S3-09")
async def test_a_ballot_waits_until_it_is_given_or_over(sqlite: Database) -> None:
    days = await the_days(sqlite, at(9, 40))
    async with days.changing() as tx:
        cora, ben = await days.person(tx, "Cora"), await days.person(tx, "Ben")
        items = [Initiative(code=f"I-{n}", title=f"Idea {n}", state=Initiative.State.SCORED) for n in (1, 2)]
        tx.add(*items)
        await tx.flush()
        row = RankingRound(
            code="RR-1", opened_by=cora.id, initiatives=[each.id for each in items], invited=[ben.id],
            closes_at=at(17),
        )  # fmt: skip
        tx.add(row)
    said = await _says(days, "ben", "/today")
    assert "Please rank 2 initiatives" in said
    assert "Cora asks you, until Tue 24 Nov 2026, 17:00 · RR-1" in said
    assert "One thing for you, Ben" in said
    assert button_of(await days.today("ben"), "Rank them").opens_form
    assert "Please rank" not in await _says(days, "amy", "/today")
    async with days.changing() as tx:
        tx.add(Ballot(round_id=row.id, person_id=ben.id, tiers=[[items[0].id]], hard=[]))
    assert "Please rank" not in await _says(days, "ben", "/today")
