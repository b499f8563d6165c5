"""Migrations make exactly the tables that the code declares, on both databases, once."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, create_engine, event, inspect, make_url, text

from storage import schema
from storage.engine import Database
from storage.errors import Newer, Older
from storage.schema import METADATA, found_version, wanted_version
from tests.faults.processes import PROCESSES, migrate
from tests.support.postgres import drop_database, new_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'folkmoot.db'}"
        return
    url = new_database(request.getfixturevalue("postgres_base"))
    yield url
    drop_database(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A plain engine on a migrated database."""
    opened = create_engine(make_url(database_url))
    yield opened
    opened.dispose()


def test_the_migrations_make_exactly_the_declared_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_migrating_twice_is_harmless(bare_url: str) -> None:
    database = Database(bare_url)
    database.migrate()
    database.migrate()
    database.check()


def test_two_programs_may_migrate_at_the_same_moment(bare_url: str) -> None:
    both = [PROCESSES.Process(target=migrate, args=(bare_url,), daemon=True) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(30)
    assert [each.exitcode for each in both] == [0, 0]
    Database(bare_url).check()


def test_a_database_without_tables_is_older(bare_url: str) -> None:
    with pytest.raises(Older, match=r"at no version yet; bring it up to date with: folkmoot migrate"):
        Database(bare_url).check()


def test_a_database_of_a_newer_program_is_left_alone(database_url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for work in (Database(database_url).check, Database(database_url).migrate):
        with pytest.raises(Newer, match="version 9999, which this program does not know"):
            work()
    assert found_version(engine) == "9999"


def test_a_migrated_database_says_at_which_version_it_is(engine: Engine) -> None:
    assert found_version(engine) == wanted_version() != ""


# --- from one version to the next, and back


def row(table: str, **values: object) -> tuple[str, dict[str, object]]:
    """A row of the one organisation, as both versions know it."""
    return table, {"organisation_id": 1, **values}


def a_message(key: str, state: str, view: str = "note") -> tuple[str, dict[str, object]]:
    """In the only lane."""
    revisions = {"wanted_rev": 1, "sending_rev": 0, "shown_rev": 0, "attempts": 0, "priority": 0}
    words = {"key": key, "state": state, "view": view, "thread": "", "ids": "", "error": ""}
    return row("message", lane_id=1, due_at=MOMENT, withdrawn=False, **revisions, **words)


def a_step(key: str, kind: str, state: str) -> tuple[str, dict[str, object]]:
    """Of the only rhythm."""
    numbers = {"subject_id": 1, "cadence_id": 1, "late_s": 0, "attempts": 0}
    return row("occurrence", key=key, kind=kind, state=state, due_at=MOMENT, outcome="", **numbers)


MOMENT = datetime(2026, 11, 24, 12)  # noqa: DTZ001 - columns without our own types take what the database keeps
NEW = {"created_at": MOMENT, "updated_at": MOMENT, "version": 1}
ROWS_OF_0001 = (
    ("organisation", {"id": 1, "name": "North", "zone": "UTC", "calendar": "", "created_at": MOMENT}),
    row("install", id=1, platform="fake", external_id="north", name="North", **NEW),
    row("lane", id=1, install_id=1, traffic="summary", epoch=4),
    row(
        "cadence", id=1, kind="round", subject_id=1, rule="FREQ=DAILY", starts_at=MOMENT, zone="UTC", revision=3, **NEW
    ),
    a_message("lost", "dead"),
    a_message("there", "shown"),
    a_step("opened", "round", "done"),
    a_step("to come", "round", "planned"),
)


@pytest.fixture
def at_0001(bare_url: str) -> Iterator[Engine]:
    """A database of the first version, with rows that refer to one another."""
    engine = create_engine(make_url(bare_url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _entry: connection.execute("PRAGMA foreign_keys=ON"))
    moved(engine, "0001")
    written(engine, *ROWS_OF_0001)
    yield engine
    engine.dispose()


def test_a_database_of_the_first_version_keeps_its_rows_and_gets_the_defaults(at_0001: Engine) -> None:
    before = rows(at_0001)
    moved(at_0001, "0002")
    assert found_version(at_0001) == "0002"
    new: dict[str, dict[str, object]] = {
        "message": {"reposts": 0, "looks": 0},
        "lane": {"throttled": 0},
        "cadence": {"parked": ""},
    }
    after = {name: [each | new.get(name, {}) for each in found] for name, found in before.items()}
    assert rows(at_0001) == after | {"trouble": []}


def test_back_at_the_first_version_a_database_is_as_it_was(at_0001: Engine) -> None:
    tables, before = declared(at_0001), rows(at_0001)
    moved(at_0001, "0002")
    moved(at_0001, "0001", back=True)
    assert (declared(at_0001), rows(at_0001), found_version(at_0001)) == (tables, before, "0001")
    moved(at_0001, "0002")
    assert found_version(at_0001) == "0002"


def test_back_at_the_first_version_nothing_is_left_that_it_does_not_know(at_0001: Engine) -> None:
    moved(at_0001, "0002")
    written(at_0001, a_message("in doubt", "parked"), a_message("told", "shown", "operation.trouble"))
    written(at_0001, a_step("report", "operation.report", "planned"), a_step("told", "operation.report", "done"))
    written(at_0001, row("trouble", kind="message", row_id=1, hour=495000, revision=0, settled=False))
    moved(at_0001, "0001", back=True)
    found = rows(at_0001)
    assert {row["key"]: row["state"] for row in found["message"]} == {
        "lost": "dead",
        "there": "shown",
        "in doubt": "dead",
    }
    assert {row["key"] for row in found["occurrence"]} == {"opened", "to come", "told"}
    assert "trouble" not in found


AT_0004 = (
    row("place", id=1, install_id=1, external_id="field", name="#field", kind="channel", **NEW),
    row(
        "person",
        id=1,
        name="Ada",
        zone="UTC",
        working_days="mon",
        is_external=False,
        active=True,
        prefers="fake",
        **NEW,
    ),
    row("account", id=1, person_id=1, install_id=1, external_id="ada", reachable=True, **NEW),
    row("event_seen", id=1, install_id=1, conversation="dm", external_id="1", at=MOMENT, person_id=1, refreshed=[]),
    row("role", id=1, person_id=1, kind="admin", **NEW),
)


@pytest.fixture
def at_0004(at_0001: Engine) -> Engine:
    """A database of the fourth version, with people, rooms and events in it."""
    moved(at_0001, "0004")
    written(at_0001, *AT_0004)
    return at_0001


def test_lines_rooms_and_directories_come_to_a_database_that_is_in_use(at_0004: Engine) -> None:
    before = rows(at_0004)
    moved(at_0004, "0005")
    new: dict[str, dict[str, object]] = {
        "place": {"is_open": True},
        "account": {"directory_id": ""},
        "event_seen": {"message": ""},
    }
    after = {name: [each | new.get(name, {}) for each in found] for name, found in before.items()}
    assert rows(at_0004) == after


def test_a_database_in_use_goes_back_to_before_there_were_lines(at_0004: Engine) -> None:
    tables, before = declared(at_0004), rows(at_0004)
    moved(at_0004, "0005")
    written(at_0004, a_message("told", "shown", "team.room"), a_step("room", "team.room", "planned"))
    moved(at_0004, "0004", back=True)
    assert (declared(at_0004), rows(at_0004)) == (tables, before)


def test_people_who_are_there_get_a_morning_where_they_live_and_it_goes_with_its_version(at_0004: Engine) -> None:
    moved(at_0004, "0011")
    if at_0004.dialect.name == "postgresql":  # the rows of the first version brought their numbers along
        with at_0004.begin() as connection:
            connection.execute(text("SELECT setval('cadence_id_seq', 1)"))
    tables, before = declared(at_0004), rows(at_0004)
    moved(at_0004, "0012")
    found = rows(at_0004)
    assert [(each["zone"], f"{each['at_time']}") for each in found["morning"]] == [("UTC", "08:30:00")]
    (_, rhythm) = found["cadence"]
    assert (rhythm["kind"], rhythm["subject_id"], rhythm["rule"], rhythm["zone"]) == (
        "day.plan",
        1,
        "FREQ=DAILY",
        "UTC",
    )
    assert f"{rhythm['next_at']}".startswith("2026-11-24 12:00"), "from where the clock stood"
    written(at_0004, a_message("a plan", "shown", "day.plan"), a_step("plans", "day.plan", "planned"))
    moved(at_0004, "0011", back=True)
    assert (declared(at_0004), rows(at_0004)) == (tables, before)


def test_blockers_that_are_open_are_looked_at_once_for_each_team_and_go_up_from_the_first_tier(at_0004: Engine) -> None:
    moved(at_0004, "0008")
    said = {"text": "No keys", "raised_by": 1, "raised_on": MOMENT.date(), "team_id": 1, "resolution": ""}
    said |= {"cross_department": False, "customer_stopped": False, **NEW}
    written(
        at_0004,
        row("team", id=1, name="Field", zone="UTC", calendar="", **NEW),
        *(row("blocker", id=n, code=f"B-{n}", state=state, **said) for n, state in enumerate(("raised",) * 2, 1)),
        row("blocker", id=3, code="B-3", state="resolved", **said),
    )
    tables, before = declared(at_0004), rows(at_0004)
    moved(at_0004, "0009")
    found = rows(at_0004)
    assert [each["subject_id"] for each in found["occurrence"] if each["kind"] == "blocker.watch"] == [1]
    assert [(each["tier"], each["told_tier"], each["told_on"]) for each in found["blocker"]] == [(1, 0, None)] * 3
    written(at_0004, a_message("up", "shown", "blocker.up"))
    moved(at_0004, "0008", back=True)
    assert (declared(at_0004), rows(at_0004)) == (tables, before)


def moved(engine: Engine, version: str, *, back: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if back else command.upgrade)(config, version)


def written(engine: Engine, *found: tuple[str, dict[str, object]]) -> None:
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        for name, values in found:
            connection.execute(tables.tables[name].insert().values(values))


def rows(engine: Engine) -> dict[str, list[dict[str, object]]]:
    """Of every table but the version's own, by number."""
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()]
            for name, table in found.tables.items()
            if name != "alembic_version"
        }


def declared(engine: Engine) -> dict[str, list[str]]:
    """The columns, indexes and foreign keys of every table, in words."""
    there = inspect(engine)
    return {
        name: [
            *sorted(
                f"{each['name']} {each['type']!r} {each['nullable']} {each['default']}"
                for each in there.get_columns(name)
            ),
            *sorted(f"{each['name']} {each['column_names']}" for each in there.get_indexes(name)),
            *sorted(f"{each['constrained_columns']} {each['referred_table']}" for each in there.get_foreign_keys(name)),
            *sorted(f"{each['column_names']}" for each in there.get_unique_constraints(name)),
        ]
        for name in there.get_table_names()
    }
