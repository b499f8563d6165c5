"""What waits for somebody's quiet when it is sent, what is set aside for a digest, and what comes all the same."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from bot.ports import NotSent, RateLimited
from storage.engine import Database
from storage.messages import Lane, Message, withdraw
from storage.outbox import cancel
from storage.people import Absence
from storage.quiet import look_again
from tests.support.company import acting
from tests.support.fake_chat import Fault
from tests.support.hushed import LOUD, NAG, hushed
from tests.support.reading import words_of

State = Message.State
MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.req("S3-32", "S4-12")
async def test_six_messages_come_at_once_and_the_rest_is_one_digest_in_the_afternoon(database: Database) -> None:
    company = await hushed(database, MORNING)
    keys = [await company.want("zoe", f"note {n}") for n in range(1, 9)]
    await company.until(at(24, 12))
    assert company.times("zoe") == ["Tue 09:00"] * 6
    assert [(await company.message(key)).state for key in keys] == [*[State.SHOWN] * 6, State.HELD, State.HELD]
    await company.until(at(24, 18))
    assert company.times("zoe")[6:] == ["Tue 16:30"]
    (digest,) = company.digests("zoe")
    assert "note 7" in words_of(digest)
    assert "note 8" in words_of(digest)
    assert "note 6" not in words_of(digest)


async def test_each_has_a_number_of_their_own_and_the_next_day_begins_anew(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", messages_a_day=1)
    for _ in range(2):
        await company.want("zoe")
        await company.want("ben")
    await company.until(at(25, 9))
    await company.want("zoe")
    await company.until(at(25, 10))
    assert company.times("zoe") == ["Tue 09:00", "Tue 16:30", "Wed 09:00"]
    assert company.times("ben") == ["Tue 09:00", "Tue 09:00"]


@pytest.mark.parametrize(
    ("options", "comes"),
    [
        ({}, "Wed 07:30"),
        ({"view": LOUD}, "Tue 20:00"),
        ({"urgent": True}, "Tue 20:00"),
        ({"traffic": Lane.Traffic.REPLY}, "Tue 20:00"),
    ],
)
async def test_at_night_only_answers_what_is_urgent_and_what_may_come_at_any_hour(
    options: dict[str, object], comes: str, sqlite: Database
) -> None:
    company = await hushed(sqlite, at(24, 20))
    await company.want("zoe", **options)  # type: ignore[arg-type]  # one option of those that there are
    await company.until(at(26, 0))
    assert company.times("zoe") == [comes]


async def test_beyond_the_number_the_same_ones_still_come(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", messages_a_day=0)
    await company.want("zoe", view=LOUD)
    await company.want("zoe", urgent=True)
    await company.want("zoe", traffic=Lane.Traffic.REPLY)
    held = await company.want("zoe")
    await company.until(at(24, 10))
    assert company.times("zoe") == ["Tue 09:00"] * 3
    assert (await company.message(held)).state is State.HELD


@pytest.mark.parametrize(
    ("settings", "comes"),
    [
        ({"quiet_from": time(8), "quiet_to": time(10)}, "Tue 10:00"),
        ({"quiet_from": time(7, 30), "quiet_to": time(7, 30)}, "Tue 09:00"),
        ({"working_days": "mon,thu"}, "Thu 07:30"),
        ({"calendar": "US"}, "Tue 09:00"),
        ({"zone": "America/New_York"}, "Tue 12:30"),
        ({"zone": "Pacific/Auckland"}, "Tue 18:30"),  # 07:30 there
    ],
)
async def test_it_waits_by_somebodys_own_hours_days_and_clock(
    settings: dict[str, object], comes: str, sqlite: Database
) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", **settings)
    await company.want("zoe")
    await company.until(at(27, 0))
    assert company.times("zoe") == [comes]


async def test_who_is_away_finds_it_on_the_morning_they_are_back_and_why_it_waited_is_kept(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.is_away("zoe", Absence(from_on=date(2026, 11, 23), to_on=date(2026, 11, 27)))
    key = await company.want("zoe")
    await company.until(at(24, 10))
    message = await company.message(key)
    assert (message.state, message.put_off_why, message.put_off_from) == (State.READY, "away", MORNING)
    await company.until(at(30, 8))
    assert company.times("zoe") == ["Mon 07:30"]


async def test_what_would_come_too_late_is_given_up_with_a_reason(sqlite: Database) -> None:
    company = await hushed(sqlite, at(24, 19))
    key = await company.want("zoe", not_after=at(24, 22))
    await company.until(at(25, 12))
    message = await company.message(key)
    assert (company.times("zoe"), message.state, message.error) == ([], State.CANCELLED, "too late")


async def test_who_is_back_sooner_gets_it_at_once(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    absence = Absence(from_on=date(2026, 11, 23), to_on=None)
    await company.is_away("zoe", absence)
    await company.want("zoe")
    await company.until(at(24, 11))
    async with acting(sqlite, company.company, "zoe", now=company.clock.now()) as tx:
        (await tx.need(Absence, absence.id)).to_on = date(2026, 11, 23)
        await look_again(tx, absence.person_id, company.clock.now())
    await company.until(at(24, 12))
    assert company.times("zoe") == ["Tue 11:00"]


async def test_who_raises_their_number_gets_what_was_set_aside_and_no_empty_digest(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", messages_a_day=1)
    for _ in range(3):
        await company.want("zoe")
    await company.until(at(24, 10))
    await company.sets("zoe", messages_a_day=5)
    async with acting(sqlite, company.company, "zoe", now=company.clock.now()) as tx:
        await look_again(tx, company.company.people["zoe"].id, company.clock.now())
    await company.until(at(24, 20))
    assert company.times("zoe") == ["Tue 09:00", "Tue 10:00", "Tue 10:00"]


async def test_what_is_too_much_after_the_digest_stands_in_that_of_the_next_morning(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", messages_a_day=0)
    await company.want("zoe", "early")
    await company.until(at(24, 17))
    await company.want("zoe", "late")
    await company.until(at(25, 9))
    await company.want("zoe", "after that")
    await company.until(at(26, 9))
    assert company.digest_times("zoe") == ["Tue 16:30", "Wed 07:30", "Thu 07:30"]
    assert ["early" in words_of(each) for each in company.digests("zoe")] == [True, False, False]


async def test_a_digest_names_nothing_that_is_over_or_settled_and_does_not_come_empty(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", messages_a_day=0)
    await company.sets("ben", messages_a_day=0)
    settled, over = await company.want("zoe", "settled"), await company.want("zoe", "over", not_after=at(24, 12))
    kept, alone = await company.want("zoe", "kept"), await company.want("ben", "alone")
    await company.until(at(24, 10))
    await company.hides(settled)
    await company.hides(alone)
    await company.until(at(24, 17))
    (digest,) = company.digests("zoe")
    assert "kept" in words_of(digest)
    assert "settled" not in words_of(digest)
    assert "over" not in words_of(digest)
    states = {key: (row.state, row.error) for key, row in (await company.messages()).items()}
    assert states[settled] == (State.CANCELLED, "not wanted any more")
    assert states[over] == (State.CANCELLED, "too late")
    assert states[kept][0] is State.HELD
    assert states[alone][0] is State.CANCELLED
    assert company.times("ben") == []


async def test_reminders_that_somebody_does_without_are_not_sent(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", reminders=False)
    key = await company.want("zoe", view=NAG)
    await company.want("ben", view=NAG)
    await company.until(at(24, 10))
    message = await company.message(key)
    assert (message.state, message.error) == (State.CANCELLED, "they do without reminders")
    assert (company.times("zoe"), company.times("ben")) == ([], ["Tue 09:00"])


async def test_who_has_left_gets_nothing_more(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    key = await company.want("zoe")
    await company.sets("zoe", active=False)
    await company.until(at(24, 10))
    message = await company.message(key)
    assert (message.state, message.error) == (State.CANCELLED, "they take no part any more")


async def test_what_could_not_be_sent_is_counted_once_and_waits_where_the_night_has_come(sqlite: Database) -> None:
    company = await hushed(sqlite, at(24, 18, 29))
    company.chat.faults.append(Fault(NotSent("no connection")))
    key = await company.want("zoe")
    await company.a_worker().drain()
    async with acting(sqlite, company.company, now=company.clock.now()) as tx:
        (await tx.need(Message, (await company.message(key)).id)).retry_at = None
    company.clock.move_to(at(24, 18, 31))
    await company.until(at(25, 9))
    assert company.times("zoe") == ["Tue 18:29", "Wed 07:30"]
    assert [(f"{day.on:%a}", day.sent) for day in (await company.days()).values()] == [("Tue", 1), ("Wed", 1)]


async def test_a_rest_that_the_platform_asked_for_costs_nobody_a_message(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", messages_a_day=1)
    company.chat.faults.append(Fault(RateLimited("fake", 30, only_here=True)))
    key = await company.want("zoe")
    await company.a_worker().drain()
    async with acting(sqlite, company.company, now=company.clock.now()) as tx:
        (await tx.need(Message, (await company.message(key)).id)).retry_at = None
    await company.until(at(24, 10))
    assert (await company.message(key)).state is State.SHOWN


async def test_undo_takes_back_what_was_set_aside(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", messages_a_day=0)
    key = await company.want("zoe", event=77)
    await company.until(at(24, 10))
    async with acting(sqlite, company.company, now=company.clock.now()) as tx:
        await withdraw(tx, 77, company.clock.now())
    await company.until(at(24, 18))
    assert (await company.message(key)).state is State.CANCELLED
    assert company.times("zoe") == []


async def test_an_operator_can_give_up_what_was_set_aside(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", messages_a_day=0)
    key = await company.want("zoe")
    await company.until(at(24, 10))
    number = (await company.message(key)).id
    async with acting(sqlite, company.company) as tx:
        assert await cancel(tx, [number]) == [number]
    assert (await company.message(key)).error == "cancelled by an operator"


@pytest.fixture
def said() -> Iterator[list[str]]:
    """Every statement of the test."""
    statements: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", keep)
    yield statements
    event.remove(Engine, "before_cursor_execute", keep)


async def test_however_many_people_a_batch_is_for_their_quiet_takes_the_same_few_queries(
    sqlite: Database, said: list[str]
) -> None:
    names = tuple(f"P{n}" for n in range(20))
    company = await hushed(sqlite, MORNING, people=names)
    await company.want("p0")
    said.clear()
    await company.a_worker().drain()
    for_one = _about_quiet(said)
    for name in names:
        await company.want(name.lower())
    said.clear()
    await company.a_worker().drain()
    assert _about_quiet(said) == for_one > 0


def _about_quiet(said: list[str]) -> int:
    tables = ("direct_day", "absence", "membership")
    asked = [each for each in said if each.startswith("SELECT") and any(f"FROM {table}" in each for table in tables)]
    return len(asked)


async def test_two_days_do_not_share_a_digest_when_the_first_waits_for_its_reader(sqlite: Database) -> None:
    company = await hushed(sqlite, MORNING)
    await company.sets("zoe", messages_a_day=0)
    key = await company.want("zoe")
    await company.until(at(24, 10))
    await company.is_away("zoe", Absence(from_on=date(2026, 11, 24), to_on=date(2026, 11, 25)))
    await company.until(at(27, 0))
    assert company.digest_times("zoe") == ["Thu 07:30"]
    assert (await company.message(key)).state is State.HELD
    async with sqlite.read(company.company.id) as tx:
        assert await tx.first(select(Message.id).where(Message.state == State.READY)) is None
