"""The plan for the day: who gets it, when, and what stands in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from bot.people import there
from bot.people.rules import WEEKDAYS, holiday
from schedules.clock import Ticker
from storage import mornings
from storage.actions import Action
from storage.cadences import Cadence
from storage.engine import Database
from storage.huddles import Huddle
from storage.messages import Message
from storage.mornings import PLAN, Giving, Morning, wake
from storage.people import Absence, Account, Person
from storage.teams import Membership, Team
from storage.tx import SYSTEM, Tx
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.reading import labels_of
from tests.support.workshop import Workshop


def at(hour: int, minute: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def plans(shop: Workshop, who: str) -> list[str]:
    return [post.words for post in shop.posts(who) if ":plan:" in post.key]


async def changed(shop: Workshop, name: str, **values: object) -> None:
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        person = await tx.first(select(Person).where(Person.name == name))
        assert person is not None
        for field, value in values.items():
            setattr(person, field, value)
        await tx.flush()
        await wake(tx, person.zone, shop.house.clock.now())


@pytest.mark.req("S3-34", "S0-01")
async def test_everybody_with_something_due_gets_a_plan_at_half_past_eight(shop: Workshop) -> None:
    await shop.says("amy", '/action add "Call Mill Lane" @Amy due:today')
    await shop.says("amy", '/action add "Order seals" @Amy due:tomorrow')
    await shop.until(at(8, 29))
    assert plans(shop, "amy") == []
    await shop.until(at(8, 30))
    (plan,) = plans(shop, "amy")
    assert plan.startswith("Good morning, Amy\nMon 23 Nov 2026\nToday: 1 due, 0 overdue.")
    assert plan.index("Call Mill Lane") < plan.index("Order seals")
    assert "Due tomorrow" in plan
    assert plans(shop, "ben") == [], "nothing of his is due"


async def test_what_is_only_due_tomorrow_brings_no_plan(shop: Workshop) -> None:
    await shop.says("amy", '/action add "Order seals" @Amy due:tomorrow')
    await shop.until(at(12, 0))
    assert plans(shop, "amy") == []


async def test_what_was_settled_before_half_past_eight_brings_no_plan(shop: Workshop) -> None:
    await shop.says("amy", '/action add "Call Mill Lane" @Amy due:today')
    await shop.until(at(8, 20))
    await shop.says("amy", "done A-1")
    await shop.until(at(8, 40))
    assert plans(shop, "amy") == []


async def test_a_line_that_is_done_stays_without_its_button_and_the_plan_is_made_anew_in_place(shop: Workshop) -> None:
    for title in ("Call Mill Lane", "Read the rota"):
        await shop.says("amy", f'/action add "{title}" @Amy due:today')
    await shop.until(at(8, 30))
    assert labels_of(shop.newest("amy", "New date")) == ["Done", "Done", "New date", "Blocked"]
    await shop.press("amy", "Done", shop.newest("amy", "Blocked"))
    (plan,) = plans(shop, "amy")
    assert "Today: 1 due, 0 overdue." in plan
    assert "Call Mill Lane\nDone · A-1" in plan
    assert labels_of(shop.newest("amy", "New date")) == ["Done", "New date", "Blocked"]
    await shop.says("amy", "done A-2")
    assert "everything due is done" in plans(shop, "amy")[0]


async def test_new_date_and_blocked_open_their_forms_from_the_plan(shop: Workshop) -> None:
    await shop.says("amy", '/action add "Call Mill Lane" @Amy due:today')
    await shop.until(at(8, 30))
    form = await shop.opens("amy", "New date", shop.newest("amy", "Blocked"))
    await shop.fills("amy", form, {"due": "2026-11-25", "why": "They are away"})
    (plan,) = plans(shop, "amy")
    assert "Call Mill Lane" not in plan
    assert (await shop.row(Action, code="A-1")).due_on == date(2026, 11, 25)


async def test_undo_puts_the_line_back(shop: Workshop) -> None:
    await shop.says("amy", '/action add "Call Mill Lane" @Amy due:today')
    await shop.until(at(8, 30))
    answer = await shop.press("amy", "Done", shop.newest("amy", "Blocked"))
    assert answer is not None
    assert "everything due is done" in plans(shop, "amy")[0]
    await shop.press("amy", "Undo", answer.content)  # type: ignore[arg-type]
    assert "Today: 1 due, 0 overdue." in plans(shop, "amy")[0]


async def test_at_most_seven_are_listed_and_the_rest_is_counted(shop: Workshop) -> None:
    for number in range(9):
        await shop.says("amy", f'/action add "Thing {number}" @Amy due:today')
    await shop.until(at(8, 30))
    (plan,) = plans(shop, "amy")
    assert plan.count("Thing ") == 7
    assert "2 more: write /today" in plan
    assert len(labels_of(shop.newest("amy", "New date"))) == 5


async def test_somebody_who_is_away_or_off_gets_none(shop: Workshop) -> None:
    for who in ("amy", "ben", "cem", "fay"):
        await shop.says(who, f'/action add "Call Mill Lane" @{who} due:today')
    await shop.says("amy", "away today")
    await changed(shop, "Ben", working_days="tue,wed")
    await changed(shop, "Cem", calendar="US")
    await shop.until(at(8, 30))
    assert [who for who in ("amy", "ben", "cem", "fay") if plans(shop, who)] == ["cem"]
    await shop.until(at(8, 30, 26))
    assert len(plans(shop, "cem")) == 3, "Thu 26 Nov is Thanksgiving, a holiday of his own"
    assert [len(plans(shop, who)) for who in ("amy", "ben")] == [3, 2]


async def test_a_plan_comes_at_half_past_eight_where_each_person_is(shop: Workshop) -> None:
    await changed(shop, "Ben", zone="America/New_York")
    for who in ("amy", "ben"):
        await shop.says(who, f'/action add "Call Mill Lane" @{who} due:today')
    await shop.until(at(8, 30))
    assert (len(plans(shop, "amy")), len(plans(shop, "ben"))) == (1, 0)
    await shop.until(at(13, 30))
    assert len(plans(shop, "ben")) == 1


async def test_whoever_moves_on_the_day_gets_one_plan_for_it(shop: Workshop) -> None:
    await shop.says("amy", '/action add "Call Mill Lane" @Amy due:today')
    await shop.until(at(8, 31))
    await changed(shop, "Amy", zone="America/New_York")
    await shop.until(at(20, 0))
    assert len(plans(shop, "amy")) == 1


async def test_off_on_and_another_time(shop: Workshop) -> None:
    for who in ("amy", "ben", "cem"):
        await shop.says(who, f'/action add "Call Mill Lane" @{who} due:today')
    assert "no plan for the day" in await shop.says("amy", "/today off")
    assert "comes at 08:10" in await shop.says("ben", "/today at 8.10")
    await shop.until(at(8, 11))
    assert [who for who in ("amy", "ben", "cem") if plans(shop, who)] == ["ben"]
    await shop.until(at(9, 0))
    assert [len(plans(shop, who)) for who in ("amy", "ben", "cem")] == [0, 1, 1]
    assert "comes at 08:30" in await shop.says("amy", "/today on")
    await shop.until(at(9, 0, 24))
    assert [len(plans(shop, who)) for who in ("amy", "ben", "cem")] == [1, 2, 2]


@pytest.mark.parametrize("words", ["", "noon", "25:00", "15:00", "03:59"])
async def test_a_time_that_is_no_morning_is_refused(shop: Workshop, words: str) -> None:
    assert "from 04:00 to 12:00" in await shop.says("amy", f"/today at {words}")


async def test_today_off_needs_no_slash_and_a_sentence_that_begins_so_is_ones_own(shop: Workshop) -> None:
    assert "no plan for the day" not in (await shop.says("amy", "today off to Mill Lane"))
    assert "no plan for the day" in (await shop.says("amy", "today off"))


async def test_a_huddle_that_asks_just_before_leaves_the_plan_its_place(shop: Workshop) -> None:
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(8, 0))
        (huddle,) = await tx.all(select(Huddle))
        huddle.at_time = time(8, 20)
        (rhythm,) = await tx.all(select(Cadence).where(Cadence.kind == "huddle.open"))
        rhythm.next_at, rhythm.next_slot = at(8, 20), at(8, 20).replace(tzinfo=None)
    await shop.says("amy", '/action add "Call Mill Lane" @Amy due:today')
    await shop.says("ivo", '/action add "Renew the licence" @Ivo due:today')
    await shop.until(at(8, 21))
    keys = [post.key.split(":")[2] for post in shop.posts("amy") if post.key.startswith(("day:", "huddle:"))]
    assert keys == ["plan", "prompt"]
    assert plans(shop, "ivo") == []
    await shop.until(at(8, 40))
    assert (len(plans(shop, "amy")), len(plans(shop, "ivo"))) == (1, 1)


@pytest.mark.parametrize(("wakes", "number"), [(at(8, 50), 1), (at(12, 9), 1), (at(12, 11), 0), (at(20, 0), 0)])
async def test_after_a_downtime_there_is_a_plan_until_noon_and_never_two(
    shop: Workshop, wakes: datetime, number: int
) -> None:
    await shop.says("amy", '/action add "Call Mill Lane" @Amy due:today')
    await shop.until(at(8, 5))
    await shop.house.wakes_at(wakes)
    assert len(plans(shop, "amy")) == number
    await shop.house.wakes_at(wakes)
    assert len(plans(shop, "amy")) == number


async def test_three_days_of_downtime_bring_one_plan(shop: Workshop) -> None:
    await shop.says("amy", '/action add "Call Mill Lane" @Amy due:today')
    await shop.until(at(8, 5))
    await shop.house.wakes_at(at(8, 45, 26))
    (plan,) = plans(shop, "amy")
    assert "Thu 26 Nov 2026" in plan
    assert "Overdue since Mon 23 Nov" in plan


async def test_who_joins_from_a_new_zone_has_a_morning_there(shop: Workshop) -> None:
    assert (await shop.row(Morning, zone="Europe/London")).at_time == time(8, 30)
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(8, 0))
        await wake(tx, "Pacific/Auckland", at(8, 0))
        await wake(tx, "Pacific/Auckland", at(8, 1))
    morning = await shop.row(Morning, zone="Pacific/Auckland")
    assert (await shop.row(Cadence, kind=PLAN, subject_id=morning.id)).zone == "Pacific/Auckland"


async def test_twenty_times_the_people_are_as_many_statements(shop: Workshop) -> None:
    few = await _statements_of_a_morning(shop, 3)
    many = await _statements_of_a_morning(shop, 60)
    assert many == few


async def _statements_of_a_morning(shop: Workshop, people: int) -> int:
    """How many statements it takes to give plans to so many people on the next working day."""
    house = shop.house
    day = house.clock.now().day + 1
    async with house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.clock.now())
        amy = await tx.first(select(Account).where(Account.external_id == "amy"))
        assert amy is not None
        new = [Person(name=f"P{day}-{n}", zone="Europe/London") for n in range(people)]
        tx.add(*new)
        await tx.flush()
        tx.add(*(Account(person_id=p.id, install_id=amy.install_id, external_id=p.name) for p in new))
        tx.add(*(_due_on(p, date(2026, 11, day)) for p in new))
    await house.until(at(8, 9, day))
    house.clock.move_to(at(8, 11, day))
    with heard() as statements:
        await Ticker(house.database, house.dispatcher).tick(at(8, 11, day))
    async with house.database.read(SYSTEM) as tx:
        given = await tx.all(select(Message.id).where(col(Message.key).startswith(f"day:2026-11-{day}:plan")))
    assert len(given) >= people
    return len(statements)


@contextmanager
def heard() -> Iterator[list[str]]:
    """The statements that reach a database meanwhile."""
    statements: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


ON_HOLIDAY = date(2026, 12, 25)
DAYS = (date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 28), ON_HOLIDAY, date(2026, 11, 30))


async def test_who_is_at_work_is_the_same_for_all_at_once_as_for_one(database: Database) -> None:
    house = await field_dispatch(database, at(8, 0))
    async with house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(8, 0))
        people = await _all_kinds(tx)
        known = {"GB-ENG", *await mornings.calendars(tx)}
        for on in DAYS:
            closed = frozenset(each for each in known if holiday(each, on))
            weekday = WEEKDAYS[on.weekday()]
            giving = Giving("Europe/London", time(8, 30), on, weekday, "GB-ENG", closed, at(8, 30), at(12, 30))
            found = {number for number, *_ in await tx.columns(mornings.recipients(tx, giving))}
            days = await there.days_of(tx, people, on, on)
            assert found == {each.id for each in people if days[each.id].off(on) is None}, on


async def _all_kinds(tx: Tx) -> list[Person]:
    """Everybody that there is, each with something due; with teams, holidays, days and absences of all kinds."""
    (field,) = await tx.all(select(Team))
    scottish = Team(name="Perth", zone="Europe/London", calendar="GB-SCT")
    american = Team(name="Boston", zone="Europe/London", calendar="US")
    tx.add(scottish, american)
    await tx.flush()
    kinds: list[dict[str, str | bool]] = [
        {"working_days": "mon,wed"}, {"working_days": "sat"}, {"calendar": "GB-SCT"}, {"calendar": "US"},
        {"calendar": ""}, {"active": False}, {}, {}, {}, {}, {},
    ]  # fmt: skip
    people = [Person.model_validate({"name": f"K{n}", "zone": "Europe/London", **each}) for n, each in enumerate(kinds)]
    tx.add(*people)
    await tx.flush()
    tx.add(
        Absence(person_id=people[6].id, from_on=date(2026, 11, 26), to_on=date(2026, 11, 27)),
        Absence(person_id=people[7].id, from_on=date(2026, 11, 30)),
    )
    joined = ((8, scottish), (9, american), (10, scottish), (10, american), (9, field))
    tx.add(*(Membership(team_id=team.id, person_id=people[n].id, from_on=date(2026, 1, 1)) for n, team in joined))
    everybody = list(await tx.all(select(Person).where(Person.zone == "Europe/London")))
    tx.add(*(_due_on(each, DAYS[0]) for each in everybody))
    await tx.flush()
    return everybody


def _due_on(person: Person, on: date) -> Action:
    return Action(
        code=f"X-{person.id}", title="Call", owner_id=person.id, requester_id=person.id,
        state=Action.State.OPEN, due_on=on,
    )  # fmt: skip
