"""A rehearsal is the real thing on a copy: what it tells is what happens, and it leaves no trace."""

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlmodel import col, select, update

from bot.ports import Press, Text
from bot.routes import ROUTES
from schedules.rehearsal import rehearse
from schedules.rehearsal_copy import NOT_NEEDED, copied
from schedules.rehearsal_labels import LABELS
from schedules.rehearsal_views import BadDays, NobodyThere, WhichPerson
from schedules.simulated import RealClock, SimulatedClock, remember
from storage.cadences import Occurrence
from storage.engine import Database
from storage.huddles import HuddleRun
from storage.messages import Lane, Message
from storage.people import Person
from storage.schema import METADATA
from storage.tx import SYSTEM
from tests.support.company import a_company
from tests.support.company import copied as copied_file
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.postgres import drop_database, new_database
from tests.support.rehearsing import (
    Week,
    absent,
    asked,
    at,
    begins,
    by_key,
    changed,
    has_opened,
    listening,
    lived,
    posts,
    told,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def week(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Week:
    """The colourful week, lived once for all who ask about it: it takes seconds."""
    database = Database(copied_file(sqlite_template, tmp_path_factory.mktemp("week")))
    return asyncio.run(lived(database, days=7))


# --- exact, and without a trace


def test_a_rehearsed_week_is_the_week_that_then_happens(week: Week) -> None:
    assert len(week.happened) > 30
    assert posts(week.rehearsed) == by_key(week.happened)


def test_a_rehearsal_changes_no_row(week: Week) -> None:
    assert week.rows_after == week.rows_before


@pytest.mark.slow
@pytest.mark.postgres
async def test_on_postgresql_too_what_is_rehearsed_happens_and_no_row_changes(
    postgres_base: str, postgres_template: str
) -> None:
    url = new_database(postgres_base, postgres_template)
    two_days = await lived(Database(url), days=2)
    drop_database(url)
    assert len(two_days.happened) > 10
    assert posts(two_days.rehearsed) == by_key(two_days.happened)
    assert two_days.rows_after == two_days.rows_before


async def test_it_shows_one_moment_while_somebody_else_writes(sqlite: Database) -> None:
    await begins(sqlite, at(9, 14))
    beside = Database(sqlite.url.render_as_string(hide_password=False))
    async with sqlite.write(NORTHWATER) as tx:
        await absent(tx, "Amy")
        rehearsed = await rehearse(beside, ROUTES, days=1)
    await beside.close()
    assert asked(rehearsed, "Amy") == ["Tue 09:15"]


async def test_it_shows_one_moment_while_somebody_else_commits(database: Database) -> None:
    await begins(database, at(9, 14))
    url = database.url.render_as_string(hide_password=False)
    elsewhere = create_engine(url.replace("+aiosqlite", ""))
    renamed: list[str] = []

    def rename(*call: Any) -> None:
        if "FROM install" in call[2] and not renamed:  # some tables are read, and people are still to come
            renamed.append(call[2])
            with elsewhere.begin() as connection:
                connection.execute(text("UPDATE person SET name = 'Renamed'"))

    with listening(Engine, "before_cursor_execute", rename):
        async with copied(database) as copy, copy.read(SYSTEM) as tx:
            names = set(await tx.all(select(Person.name)))
    elsewhere.dispose()
    assert renamed
    assert "Amy" in names


# --- what stays behind


async def test_nothing_is_left_in_the_temporary_folder_also_after_an_error(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    await begins(sqlite, at(9, 14))
    async with copied(sqlite):
        (copy,) = folder.iterdir()
        assert copy.stat().st_mode & 0o077 == 0  # nobody else may look into it
    assert list(folder.iterdir()) == []
    with pytest.raises(WhichPerson):
        await rehearse(sqlite, ROUTES, days=1, name="Zed")
    assert list(folder.iterdir()) == []


async def test_what_is_long_over_stays_behind_and_what_may_still_count_comes_along(sqlite: Database) -> None:
    here = await begins(sqlite, at(9, 14))
    await here.until(at(9, 30))
    long_ago = at(9) - timedelta(days=60)
    async with sqlite.write(SYSTEM) as tx:
        await tx.run(
            update(Message).where(col(Message.view) == "huddle.nudge").values(shown_at=long_ago, due_at=long_ago)
        )
        await tx.run(update(Occurrence).where(col(Occurrence.kind) == "huddle.nudge").values(due_at=long_ago))
    async with copied(sqlite) as copy, copy.read(SYSTEM) as tx:
        views = set(await tx.all(select(Message.view)))
        steps = set(await tx.all(select(Occurrence.kind)))
        runs = await tx.all(select(HuddleRun.local_date))
    assert views == {"huddle.prompt", "huddle.channel", "huddle.details"}
    assert steps == {"huddle.open", "huddle.close", "huddle.end"}
    assert len(runs) == 6  # five of them before the first: a streak may be that old


def test_only_tables_that_no_step_reads_are_left_out() -> None:
    assert {table.name for table in METADATA.sorted_tables} >= NOT_NEEDED


# --- where it begins


async def test_a_simulated_clock_is_rehearsed_from_where_it_stands(sqlite: Database) -> None:
    here = await begins(sqlite, at(9, 31))
    here.clock.move_to(at(9, 40))
    await here.do("amy", Text("away tomorrow"), "event-1")  # after the clock last wrote down where it stood
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert (rehearsed.begins_at, rehearsed.ends_at) == (at(9, 40), at(9, 40, day=25))


async def test_a_bot_on_real_time_is_rehearsed_from_now(sqlite: Database) -> None:
    await field_dispatch(sqlite, datetime.now(UTC))
    await remember(sqlite, RealClock())
    before = datetime.now(UTC)
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert before <= rehearsed.begins_at <= datetime.now(UTC)


async def test_a_message_that_waits_out_a_pause_of_real_time_is_part_of_the_rehearsal(sqlite: Database) -> None:
    await has_opened(sqlite)
    later = datetime.now(UTC) + timedelta(minutes=30)
    await changed(sqlite, Message, retry_at=later)
    await changed(sqlite, Lane, blocked_until=later, lease_until=later, owner="somebody else")
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert asked(rehearsed, "Amy") == ["Tue 09:15", "Wed 09:15"]
    assert rehearsed.under_way == 0


@pytest.mark.parametrize("state", [Message.State.SENDING, Message.State.UNKNOWN])
async def test_a_message_that_is_on_its_way_counts_as_sent_and_is_not_told_again(
    sqlite: Database, state: Message.State
) -> None:
    here = await has_opened(sqlite)
    await changed(sqlite, Message, state=state, sending_rev=1, lease_until=datetime.now(UTC), token="theirs")
    await here.do("ben", Text("Valve checks"), "event-1")
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert rehearsed.under_way == 6  # five prompts and the channel's message
    assert asked(rehearsed, "Amy") == ["Wed 09:15"]
    nudged = [line.to for line in rehearsed.lines if line.kind == "huddle.nudge" and line.at == at(9, 25)]
    assert nudged == ["Amy", "Cem", "Dee", "Eli"]
    threads = [line.at for line in rehearsed.lines if line.kind == "huddle.details" and line.is_sent]
    assert threads == [at(9, 30)]  # under the channel's message


# --- why not


def test_every_reason_has_its_words(week: Week) -> None:
    rehearsed = week.rehearsed
    assert told(rehearsed, "Fay") == [f"{day} 09:15 Fay: away until Fri 27 Nov" for day in ("Wed", "Fri")]
    assert told(rehearsed, "Ben") == ["Wed 09:15 Ben: away until Wed 25 Nov"]
    assert told(rehearsed, "Field Dispatch") == [
        "Wed 09:15 Field Dispatch: no huddle: fewer than two people were expected",
        "Thu 09:15 Field Dispatch: no huddle: Skipped by Dana: Team day",
    ]
    assert told(rehearsed, "Nia") == ["Mon 09:00 Nia: holiday: Saint Andrew's Day"]
    assert told(rehearsed, "Oto") == ["Thu 09:00 Oto: holiday: Thanksgiving Day"]
    assert told(rehearsed, "Pat") == ["Fri 09:00 Pat: does not work on a Fri"]
    assert set(told(rehearsed, "Quin")) == {
        f"{day} 09:00 Quin: no account that the bot can reach" for day in ("Wed", "Thu", "Fri", "Mon", "Tue")
    }


def test_lines_come_in_order_and_say_where_what_and_in_whose_time(week: Week) -> None:
    lines = week.rehearsed.lines
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    first = [(line.kind, line.is_sent, line.to) for line in lines if line.at == lines[0].at]
    assert first == sorted(first, key=lambda each: (list(LABELS).index(each[0]), not each[1], each[2]))
    rooms = {line.to for line in lines if line.kind == "huddle.channel"}
    assert rooms == {"#field-dispatch", "#north"}
    assert {line.kind for line in lines if not line.is_sent} == {"huddle.prompt", "huddle.details", "huddle.open"}


def test_in_a_local_huddle_each_is_told_in_their_own_time(week: Week) -> None:
    lines = [line for line in week.rehearsed.lines if line.to in {"Nia", "Oto"} and line.kind == "huddle.prompt"]
    assert [(line.to, f"{line.at:%a %H:%M}", f"{line.local:%H:%M}") for line in lines[:3]] == [
        ("Oto", "Tue 14:00", "09:00"),
        ("Nia", "Wed 09:00", "09:00"),
        ("Oto", "Wed 14:00", "09:00"),
    ]


def test_nobody_answers_so_the_thread_of_answers_is_not_sent(week: Week) -> None:
    lines = [line for line in week.rehearsed.lines if line.kind == "huddle.details"]
    assert {(line.is_sent, line.why) for line in lines} == {(False, "nobody answers in a rehearsal")}


async def test_a_public_holiday_of_the_team_is_one_line(sqlite: Database) -> None:
    await begins(sqlite, at(12, day=24, month=12))
    rehearsed = await rehearse(sqlite, ROUTES, days=2)
    assert told(rehearsed) == ["Fri 09:15 Field Dispatch: no huddle: Christmas Day"]
    assert posts(rehearsed) == []


async def test_a_huddle_whose_time_passed_while_the_bot_was_down_is_missed(sqlite: Database) -> None:
    here = await begins(sqlite, at(7))
    await here.until(at(8))
    await remember(sqlite, SimulatedClock(at(12)))
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert told(rehearsed, "Field Dispatch") == [
        "Tue 12:00 Field Dispatch: the huddle of Tue 24 Nov is missed: the bot was not running at 09:15"
    ]
    assert [line.text for line in rehearsed.lines if line.at == at(12) and line.is_sent] == [
        "I was away this morning, so no huddle was counted."
    ]


async def test_a_message_whose_time_is_over_is_told_with_its_reason(sqlite: Database) -> None:
    await has_opened(sqlite)
    await changed(sqlite, Message, not_after=at(9, 10))
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert told(rehearsed, "Amy") == ["Tue 09:15 Amy: its time is over"]


async def test_somebody_who_has_answered_early_is_not_asked(sqlite: Database) -> None:
    here = await begins(sqlite, at(12))
    ids = {"huddle": "1", "on": "2026-11-25", "text": "Valve checks"}
    await here.do("amy", Press("huddle.early", ids), "event-1")
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert told(rehearsed, "Amy") == ["Wed 09:15 Amy: has answered already"]


async def test_a_step_that_fails_is_told_and_does_not_stop_the_others(sqlite: Database) -> None:
    await begins(sqlite, at(9, 14))
    async with sqlite.write(NORTHWATER) as tx:
        tx.add(Occurrence(key="broken", kind="nobody.knows", subject_id=1, due_at=at(9, 16)))
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert told(rehearsed, "Folkmoot") == ["Tue 09:16 Folkmoot: this step fails; the log says why"]
    assert asked(rehearsed, "Amy") == ["Tue 09:15"]


# --- for whom


async def test_for_one_person_only_what_concerns_them_is_told(sqlite: Database) -> None:
    here = await begins(sqlite, at(9, 14))
    await here.do("dana", Text("/huddle skip 2026-11-25 Team day"), "event-1")
    rehearsed = await rehearse(sqlite, ROUTES, days=2, name="ben")
    assert rehearsed.person == "Ben"
    assert {line.to for line in rehearsed.lines} == {"Ben", "Field Dispatch"}
    assert asked(rehearsed, "Ben") == ["Tue 09:15"]
    assert told(rehearsed) == ["Wed 09:15 Field Dispatch: no huddle: Skipped by Dana: Team day"]


async def test_a_name_that_nobody_has_or_several_have_is_refused_with_a_way_on(sqlite: Database) -> None:
    await begins(sqlite, at(9, 14))
    async with sqlite.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(9))
        tx.add(Person(name="Amy Stone", zone="Europe/London"))
    with pytest.raises(WhichPerson, match="fits nobody who is active; write a name or first name as the bot knows it"):
        await rehearse(sqlite, ROUTES, days=1, name="Zed")
    with pytest.raises(WhichPerson, match="--person 'amy' fits 2 people; write the whole name: Amy or Amy Stone"):
        await rehearse(sqlite, ROUTES, days=1, name="amy")


async def test_of_two_organisations_each_has_its_own_messages(sqlite: Database) -> None:
    await begins(sqlite, at(9, 14))
    southwater = await a_company(sqlite, "Southwater", people=("Amy",))
    rehearsed = await rehearse(sqlite, ROUTES, days=1)
    assert rehearsed.organisations == ["Northwater Utility", "Southwater"]
    assert asked(rehearsed, "Amy") == ["Tue 09:15"]
    assert southwater.people["amy"].id not in {person for line in rehearsed.lines for person in line.about}


@pytest.mark.parametrize("days", [0, -1, 63])
async def test_days_that_can_not_be_looked_at_are_refused(sqlite: Database, days: int) -> None:
    with pytest.raises(BadDays, match=f"--days is {days}, and a rehearsal looks 1 to 62 days ahead; write --days 7"):
        await rehearse(sqlite, ROUTES, days=days)


async def test_an_empty_database_has_nothing_to_rehearse(sqlite: Database) -> None:
    with pytest.raises(NobodyThere, match="load the demo first: folkmoot demo"):
        await rehearse(sqlite, ROUTES, days=1)
