"""What is in the way goes up by its age: to the lead, the heads, the sponsors. Source: domain.md 3.4, P-06."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.blockers.rules import State
from storage.cadences import Occurrence
from storage.engine import Database
from storage.messages import Message
from storage.people import Absence, Department, Role
from storage.teams import Team
from storage.tx import SYSTEM
from tests.blockers.conftest import TUESDAY_NOON
from tests.blockers.in_the_way import RAISED, TEXT, Way
from tests.support.calm import calm_from, stop_rhythms
from tests.support.reading import labels_of
from tests.support.workshop import Workshop


def at(day: int, hour: int = 10, minute: int = 1, *, month: int = 11, year: int = 2026) -> datetime:
    """In November London's clocks show UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


async def from_day(sqlite: Database, moment: datetime) -> Way:
    return Way(await calm_from(sqlite, moment))


async def put_away(way: Way, name: str, from_on: date, to_on: date | None) -> None:
    person = await way.shop.person(name)
    async with way.shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        tx.add(Absence(person_id=person.id, from_on=from_on, to_on=to_on))


async def change_team(way: Way, **values: object) -> None:
    async with way.shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        (team,) = await tx.all(select(Team).where(Team.name == "Field Dispatch"))
        for key, value in values.items():
            setattr(team, key, value)


# --- by age


@pytest.mark.req("S3-28", "S3-25")
async def test_it_goes_to_the_lead_after_one_working_day_then_to_both_heads_then_to_the_sponsor(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.until(at(25, 9, 59))
    assert way.told("dana") == []
    await way.until(at(25))
    (lead,) = way.told("dana")
    assert "B-6 has been open since yesterday" in lead
    assert TEXT in lead
    assert labels_of(calm.posts("dana")[-1].card)[:3] == ["I'll take it", "Pass to department", "Solved"]
    await way.until(at(27, 9, 59))
    assert await way.asked() == [("Dana", 1)]
    await way.until(at(27))
    assert [len(way.told(who)) for who in ("raj", "ann", "dana")] == [1, 1, 1]
    assert "B-6 has been open for 3 working days" in way.told("raj")[0]
    assert ((await way.now("B-6")).tier, (await way.now("B-6")).state) == (2, State.ESCALATED)
    await way.until(at(1, month=12))
    assert "B-6 has been open for 5 working days" in way.told("carl")[0]
    await way.until(at(8, month=12))
    assert await way.asked() == [("Dana", 1), ("Raj", 2), ("Ann", 2), ("Carl", 3)]


async def test_what_waits_for_nobody_else_goes_to_one_head(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", '/huddle blocker "Van 12 is out of meter seals"')
    await way.until(at(27))
    assert await way.asked() == [("Dana", 1), ("Raj", 2)]


async def test_only_its_words_travel_upwards(shop: Workshop) -> None:
    way = Way(shop)
    await way.until(at(25, 9, 16))
    await way.answer("cem", TEXT, focus="Read the notes", finished="My private rota", customer="He was kind")
    await stop_rhythms(shop.house.database)
    await way.until(at(2, month=12))
    told = [each for who in ("dana", "raj", "carl") for each in way.told(who)]
    assert len(told) == 3
    assert all(TEXT in each for each in told)
    assert not any(words in each for each in told for words in ("rota", "Read the notes", "He was kind"))


async def test_all_that_is_due_for_a_person_is_one_message(calm: Workshop) -> None:
    way = Way(calm)
    for text in ("Van 12 is out of meter seals", "The booking system is down", "No keys for Mill Lane"):
        await calm.says("cem", f'/huddle blocker "{text}"')
    await way.until(at(25))
    (lead,) = way.told("dana")
    assert "3 blockers need you, Dana" in lead
    shown = await calm.presses("dana", "B-7")
    assert "The booking system is down" in shown
    await calm.presses("dana", "Solved", (await calm.ask("dana", "blocker B-7")).content)  # type: ignore[arg-type]
    assert "2 blockers need you, Dana" in way.told("dana")[0]
    assert "Solved since" in way.told("dana")[0]


async def test_what_somebody_has_does_not_come_to_the_lead_but_goes_on_upwards(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.press("amy", "blocker.help", "B-6")
    await way.until(at(27))
    assert await way.asked() == [("Raj", 2), ("Ann", 2)]
    assert "up to Raj and Ann, with Amy" in way.told("raj")[0]


async def test_what_a_head_has_in_hand_is_asked_of_no_head_and_goes_to_the_sponsor_if_it_stays(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.press("raj", "blocker.help", "B-6")
    await way.until(at(27))
    assert await way.asked() == []
    blocker = await way.now("B-6")
    assert (blocker.tier, blocker.state) == (2, State.ACKNOWLEDGED)
    await way.until(at(1, month=12))
    assert await way.asked() == [("Carl", 3)]


async def test_what_is_solved_in_between_goes_no_further(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.until(at(25))
    await calm.says("dana", "resolved B-6 found the notes")
    await way.until(at(3, month=12))
    assert await way.asked() == [("Dana", 1)]
    assert "All of it is solved. Thank you, Dana" in way.told("dana")[0]


# --- customers without service


@pytest.mark.req("S3-28")
async def test_a_customer_without_service_comes_to_the_department_at_once_and_to_the_sponsor_the_next_day(
    calm: Workshop,
) -> None:
    way = Way(calm)
    said = await calm.says("cem", f"{RAISED} customer")
    assert "the lead and the department hear of it at once" in said
    await way.until(TUESDAY_NOON + timedelta(minutes=1))
    assert await way.asked() == [("Dana", 1), ("Raj", 2), ("Ann", 2)]
    assert "a customer is without service" in way.told("raj")[0]
    await way.until(at(25))
    assert (await way.asked())[3:] == [("Carl", 3)]
    async with calm.house.database.read(SYSTEM) as tx:
        urgent = await tx.all(select(Message.urgent).where(Message.view == "blocker.up"))
    assert list(urgent) == [True] * 4


async def test_it_does_so_at_the_weekend_too(sqlite: Database) -> None:
    way = await from_day(sqlite, at(28, 12))  # a Saturday
    await way.shop.says("cem", f"{RAISED} customer")
    await way.until(at(28, 12, 2))
    assert await way.asked() == [("Dana", 1), ("Raj", 2), ("Ann", 2)]


async def test_what_stops_a_customer_only_later_goes_up_then(shop: Workshop) -> None:
    way = Way(shop)
    await way.until(at(25, 9, 16))
    await way.answer("cem", TEXT, helper="1")
    assert await way.asked() == []
    await way.answer("cem", TEXT, helper="1", stopped="yes")
    await way.until(at(25, 9, 18))
    assert [name for name, _ in await way.asked()] == ["Dana", "Raj", "Ann"]


# --- who is not there


async def test_a_lead_who_is_away_is_stood_in_for_by_the_deputy(calm: Workshop) -> None:
    way = Way(calm)
    await change_team(way, deputy_id=(await calm.person("Amy")).id)
    await put_away(way, "Dana", date(2026, 11, 25), date(2026, 11, 30))
    await calm.says("cem", RAISED)
    await way.until(at(25))
    assert await way.asked() == [("Amy", 1)]
    assert "You are asked in place of Dana." in way.told("amy")[0]
    assert "Pass to department" in labels_of(calm.posts("amy")[-1].card)


async def test_without_a_deputy_it_is_the_head_of_the_department(calm: Workshop) -> None:
    way = Way(calm)
    await put_away(way, "Dana", date(2026, 11, 25), None)
    await calm.says("cem", RAISED)
    await way.until(at(25))
    assert await way.asked() == [("Raj", 1)]
    assert "You are asked in place of Dana." in way.told("raj")[0]


async def test_for_a_head_who_is_away_it_is_the_sponsor(calm: Workshop) -> None:
    way = Way(calm)
    await put_away(way, "Ann", date(2026, 11, 27), date(2026, 11, 27))
    await calm.says("cem", RAISED)
    await way.until(at(27))
    assert await way.asked() == [("Dana", 1), ("Raj", 2), ("Carl", 2)]
    assert "You are asked in place of Raj and Ann." in way.told("carl")[0]


async def test_a_lead_with_the_day_off_is_not_asked_on_it(calm: Workshop) -> None:
    way = Way(calm)
    await way.person_change("Dana", working_days="mon,tue,thu,fri")
    await calm.says("cem", RAISED)
    await way.until(at(25))
    assert await way.asked() == [("Raj", 1)]


async def test_where_nobody_is_a_sponsor_administrators_are_asked_and_told_why(calm: Workshop) -> None:
    way = Way(calm)
    async with calm.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        (role,) = await tx.all(select(Role).where(Role.kind == Role.Kind.SPONSOR))
        await tx.session.delete(role)
    await calm.says("cem", RAISED)
    await way.until(at(1, month=12))
    assert (await way.asked())[-1] == ("Ivo", 3)
    assert "Nobody is a sponsor yet, so administrators are asked." in way.told("ivo")[0]


async def test_when_everybody_is_away_it_is_asked_of_whose_business_it_is(calm: Workshop) -> None:
    way = Way(calm)
    for name in ("Dana", "Raj", "Carl", "Ivo"):
        await put_away(way, name, date(2026, 11, 25), None)
    await calm.says("cem", '/huddle blocker "Van 12 is out of meter seals"')
    await way.until(at(25))
    assert await way.asked() == [("Dana", 1)]


async def test_a_team_without_a_lead_asks_the_head_first(calm: Workshop) -> None:
    way = Way(calm)
    await change_team(way, lead_id=None)
    await calm.says("cem", RAISED)
    await way.until(at(25))
    assert await way.asked() == [("Raj", 1)]
    assert "Nobody nearer leads or heads it" in way.told("raj")[0]


async def test_another_department_is_asked_when_it_waits_for_another_one_by_then(shop: Workshop) -> None:
    way = Way(shop)
    await way.until(at(25, 9, 16))
    await way.answer("cem", TEXT, helper="1")
    await stop_rhythms(shop.house.database)
    billing = await shop.row(Department, name="Billing")
    await way.answer("cem", TEXT, helper=str(billing.id))
    await way.until(at(30))
    assert await way.asked() == [("Dana", 1), ("Raj", 2), ("Bea", 2)]


# --- days, clocks, absences of the bot


@pytest.mark.req("S3-28")
async def test_over_christmas_only_working_days_count(sqlite: Database) -> None:
    way = await from_day(sqlite, at(24, 12, month=12))
    await way.shop.says("cem", RAISED)
    await way.until(at(28, 23, month=12))
    assert await way.asked() == []  # Friday is Christmas, Monday stands in for Boxing Day
    await way.until(at(29, month=12))
    assert await way.asked() == [("Dana", 1)]
    await way.until(at(31, month=12))
    assert (await way.asked())[1:] == [("Raj", 2), ("Ann", 2)]
    await way.until(at(5, month=1, year=2027))
    assert (await way.asked())[3:] == [("Carl", 3)]


@pytest.mark.parametrize(
    ("raised_at", "before", "after"),
    [
        (at(26, 12, month=3, year=2027), at(30, 8, 59, month=3, year=2027), at(30, 9, 0, month=3, year=2027)),
        (at(23, 11, month=10), at(26, 9, 59, month=10), at(26, 10, 0, month=10)),
    ],
    ids=["forward", "back"],
)
async def test_a_clock_change_neither_moves_nor_doubles_the_hour(
    sqlite: Database, raised_at: datetime, before: datetime, after: datetime
) -> None:
    way = await from_day(sqlite, raised_at)
    await way.shop.says("cem", RAISED)
    await way.until(before)
    assert await way.asked() == []
    await way.until(after)
    assert await way.asked() == [("Dana", 1)]
    await way.until(after + timedelta(hours=3))
    assert await way.asked() == [("Dana", 1)]


@pytest.mark.parametrize(
    ("away", "told"),
    [
        (timedelta(minutes=5), 1),
        (timedelta(minutes=31), 1),
        (timedelta(hours=7, minutes=59), 1),
        (timedelta(hours=8), 0),
        (timedelta(hours=12), 0),
        (timedelta(days=1), 1),
    ],
    ids=str,
)
async def test_a_look_that_the_bot_slept_through_is_taken_the_same_working_day_or_left_to_the_next(
    calm: Workshop, away: timedelta, told: int
) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.until(at(25, 9, 58))
    await calm.house.wakes_at(at(25, 10, 0) + away)
    assert len(way.told("dana")) == told
    await way.until(at(26, 10, 2))
    assert len(way.told("dana")) == 1


async def test_after_a_week_of_absence_it_goes_up_one_tier_a_day_and_nobody_is_passed_over(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await calm.house.wakes_at(at(2, 11, month=12))
    assert await way.asked() == [("Dana", 1)]
    await way.until(at(3, month=12))
    assert (await way.asked())[1:] == [("Raj", 2), ("Ann", 2)]
    await way.until(at(4, month=12))
    assert (await way.asked())[3:] == [("Carl", 3)]


async def test_a_team_that_moved_to_another_zone_is_looked_at_by_its_new_clock(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await change_team(way, zone="America/New_York")
    await way.until(at(25, 14, 59))
    assert await way.asked() == []
    await way.until(at(25, 15, 1))
    assert await way.asked() == [("Dana", 1)]


async def test_while_nothing_is_in_the_way_nothing_is_looked_at(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await calm.says("cem", "resolved B-6")
    await way.until(at(27))
    async with calm.house.database.read(SYSTEM) as tx:
        steps = await tx.all(select(Occurrence).where(Occurrence.kind == "blocker.watch"))
    assert [each.state for each in steps] == [Occurrence.State.SKIPPED]


async def test_undo_of_a_solution_brings_the_way_up_back(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.until(at(25, 9, 58))
    answer = await calm.ask("cem", "resolved B-6")
    await way.until(at(25, 10, 0))
    assert await way.asked() == []
    assert "Undone" in await calm.presses("cem", "Undo", answer.content)  # type: ignore[arg-type]
    await way.until(at(26))
    assert await way.asked() == [("Dana", 1)]


async def test_two_teams_of_one_head_are_one_message(calm: Workshop) -> None:
    way = Way(calm)
    team = await calm.row(Team, name="Field Dispatch")
    async with calm.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        tx.add(Team(name="Meters", zone=team.zone, department_id=team.department_id, lead_id=team.lead_id))
    await calm.says("cem", '/huddle blocker "Van 12 is out of meter seals"')
    await calm.says("dana", '/huddle blocker "The booking system is down" team:Meters')
    await way.until(at(27))
    assert [len(way.told(who)) for who in ("dana", "raj")] == [1, 1]
    assert "2 blockers need you, Raj" in way.told("raj")[0]
