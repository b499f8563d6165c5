"""Whatever points to somebody who turned out to be somebody else points to that person; no table is left out."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Column, Engine, Table, create_engine, select
from sqlmodel import col
from sqlmodel import select as select_rows

from bot.accounts.joining import STEPS
from storage.cadences import Occurrence
from storage.columns import RowId
from storage.engine import Database
from storage.huddles import Expectation, HuddleAnswer
from storage.initiatives import Stakeholder
from storage.joining import RULES, Once, join
from storage.messages import Message, ids_of, ids_text
from storage.people import Person, Role
from storage.quiet import DirectDay
from storage.ranking import RankingRound
from storage.schema import METADATA
from storage.teams import Membership
from storage.tx import Change
from storage.weekly import WeeklyUpdate
from tests.accounts.filler import fill
from tests.support.company import NOON, Company, a_company, acting

NOT_PEOPLE = frozenset(
    {
        "after_id",
        "bot_id",
        "bot_user_id",
        "day_id",
        "directory_id",
        "enterprise_id",
        "event_id",
        "external_id",
        "app_id",
    }
    | {"from_id", "read_post_id", "row_id", "subject_id", "team_id", "thing_id", "to_id"}
    | {"carried_from_id", "decision_id", "department_id", "item_id", "merged_into_id"}
    | {"objective_id", "pair_id", "supersedes_id"}
)
"""Numbers without a foreign key that are no person's."""
ACCOUNTS = 2
SIGNED = frozenset({("change", "by"), ("audit_event", "by")})
"""What was done stays signed as it was; so does `created_by` everywhere."""


def holds_people(column: Column) -> bool:
    return any(each.column.table.name == "person" for each in column.foreign_keys)


def every_column() -> Iterator[tuple[str, str]]:
    return (
        (table.name, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        if holds_people(column)
    )


@pytest.fixture
async def northwater(sqlite: Database) -> Company:
    return await a_company(sqlite, people=("Ben", "Benjamin"))


@pytest.fixture
def loose(sqlite: Database) -> Iterator[Engine]:
    """The same database, where a row may point to one that is not there."""
    engine = create_engine(f"sqlite:///{sqlite.url.database}")
    yield engine
    engine.dispose()


async def joined(database: Database, company: Company) -> tuple[int, ...]:
    """Benjamin is Ben; the runs in which both were expected."""
    async with acting(database, company, "ben") as tx:
        old, new = [await tx.need(Person, company.people[name].id) for name in ("ben", "benjamin")]
        return (await join(tx, old, new, steps=STEPS)).runs


def test_every_column_that_holds_a_person_has_a_rule() -> None:
    missing = set(every_column()) - RULES.keys()
    assert not missing, f"say in storage/joining.py what becomes of {sorted(missing)} when two accounts are joined"


def test_every_rule_is_about_a_column_that_there_is() -> None:
    there = {(table.name, column.name) for table in METADATA.sorted_tables for column in table.columns}
    assert not RULES.keys() - there


def test_a_number_without_a_key_is_a_person_s_only_where_a_rule_says_so() -> None:
    loose = {
        (table.name, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.type is RowId and not column.foreign_keys and column.name not in {"id", "created_by"} | NOT_PEOPLE
        if column.name.endswith(("_id", "_by", "_into")) or column.name == "by"
    }
    assert loose - SIGNED - RULES.keys() == set()


def test_what_a_person_has_once_has_no_row_that_hangs_on_it() -> None:
    once = {table for (table, _), rule in RULES.items() if isinstance(rule, Once)}
    hanging = {
        (table.name, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in once
    }
    assert hanging == set()


async def test_what_was_theirs_is_the_other_one_s_in_every_table(
    sqlite: Database, northwater: Company, loose: Engine
) -> None:
    old, new = northwater.people["ben"].id, northwater.people["benjamin"].id
    with loose.begin() as connection:
        rows = {
            (table, column): fill(connection, METADATA.tables[table], northwater.id, **{column: new})
            for table, column in RULES
        }
    await joined(sqlite, northwater)
    after = {key: holders(loose, METADATA.tables[key[0]], key[1])[number] for key, number in rows.items()}
    assert after == dict.fromkeys(RULES, old)


async def test_what_both_have_there_is_once_afterwards(sqlite: Database, northwater: Company, loose: Engine) -> None:
    once = {key: rule for key, rule in RULES.items() if isinstance(rule, Once)}
    first: dict[tuple[str, str], int] = {}
    with loose.begin() as connection:
        for (table, column), rule in once.items():
            same = {name: beside(METADATA.tables[table], name) for name in rule.beside}
            for name in ("benjamin", "ben"):
                own = {column: northwater.people[name].id, **same}
                first[table, column] = fill(connection, METADATA.tables[table], northwater.id, **own)
    await joined(sqlite, northwater)
    left = {key: holders(loose, METADATA.tables[key[0]], key[1]) for key in once}
    assert left == {key: {number: northwater.people["ben"].id} for key, number in first.items()}


def beside(table: Table, name: str) -> object:
    kind = table.c[name].type
    words = getattr(kind, "kind", None)
    if words is not None:
        return next(iter(words))
    return date(2026, 11, 24) if kind.python_type is date else 1


def holders(engine: Engine, table: Table, column: str) -> dict[int, int]:
    with engine.connect() as connection:
        rows = connection.execute(select(table.c.id, table.c[column]).where(table.c[column].is_not(None))).all()
    # The accounts that both have already are not what the test is about.
    return {number: holder for number, holder in rows if table.name != "account" or number > ACCOUNTS}


async def test_who_was_joined_stays_as_a_row_that_says_who_they_are(sqlite: Database, northwater: Company) -> None:
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        gone = await tx.need(Person, northwater.people["benjamin"].id)
    assert (gone.active, gone.merged_into, gone.name) == (False, northwater.people["ben"].id, "Benjamin")


@pytest.mark.parametrize(
    ("ben", "benjamin", "after"),
    [
        ("silent", "answered", "answered"),
        ("answered_late", "answered", "answered"),
        ("answered_late", "silent", "answered_late"),
        ("expected", "absent", "expected"),
        ("not_reached", "silent", "silent"),
        ("holiday", "excused", "excused"),
    ],
)
async def test_who_was_expected_twice_is_expected_once_and_an_answer_by_either_counts(
    ben: str, benjamin: str, after: str, sqlite: Database, northwater: Company, loose: Engine
) -> None:
    with loose.begin() as connection:
        for name, status in (("ben", ben), ("benjamin", benjamin)):
            own = {"run_id": 1, "person_id": northwater.people[name].id, "status": Expectation.Status(status)}
            fill(connection, METADATA.tables["expectation"], northwater.id, **own)
    assert await joined(sqlite, northwater) == (1,)
    async with acting(sqlite, northwater) as tx:
        (left,) = await tx.all(select_rows(Expectation))
    assert left.status == after


async def test_answers_to_one_run_become_editions_in_the_order_in_which_they_came(
    sqlite: Database, northwater: Company, loose: Engine
) -> None:
    came = [("ben", 1, 0), ("benjamin", 1, 5), ("ben", 2, 9), ("benjamin", 2, 12)]
    with loose.begin() as connection:
        for name, edition, minute in came:
            own = {"run_id": 1, "person_id": northwater.people[name].id, "edition": edition}
            at = NOON + timedelta(minutes=minute)
            answers = {"focus": str(minute)}
            fill(connection, METADATA.tables["huddle_answer"], northwater.id, **own, submitted_at=at, answers=answers)
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        found = await tx.all(select_rows(HuddleAnswer).order_by(col(HuddleAnswer.edition)))
    assert [(each.edition, each.answers["focus"]) for each in found] == [(1, "0"), (2, "5"), (3, "9"), (4, "12")]


async def test_two_memberships_that_touch_are_one_and_two_that_do_not_stay_two(
    sqlite: Database, northwater: Company, loose: Engine
) -> None:
    spans = [
        ("ben", 1, date(2026, 1, 1), date(2026, 6, 30)),
        ("benjamin", 1, date(2026, 6, 1), None),
        ("ben", 2, date(2026, 1, 1), date(2026, 1, 31)),
        ("benjamin", 2, date(2026, 3, 1), None),
    ]
    with loose.begin() as connection:
        for name, team, begins, ends in spans:
            own = {"team_id": team, "person_id": northwater.people[name].id, "from_on": begins, "to_on": ends}
            fill(connection, METADATA.tables["membership"], northwater.id, **own)
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        found = await tx.all(select_rows(Membership).order_by(col(Membership.team_id), col(Membership.from_on)))
    assert {each.person_id for each in found} == {northwater.people["ben"].id}
    assert [(each.team_id, each.from_on, each.to_on) for each in found] == [
        (1, date(2026, 1, 1), None),
        (2, date(2026, 1, 1), date(2026, 1, 31)),
        (2, date(2026, 3, 1), None),
    ]


async def test_the_stronger_part_in_an_initiative_stays(sqlite: Database, northwater: Company, loose: Engine) -> None:
    with loose.begin() as connection:
        for name, part in (("ben", Stakeholder.Part.INFORMED), ("benjamin", Stakeholder.Part.ACCOUNTABLE)):
            own = {"initiative_id": 1, "person_id": northwater.people[name].id, "part": part}
            fill(connection, METADATA.tables["stakeholder"], northwater.id, **own)
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        assert [each.part for each in await tx.all(select_rows(Stakeholder))] == [Stakeholder.Part.ACCOUNTABLE]


async def test_who_was_invited_by_either_account_may_vote_once(
    sqlite: Database, northwater: Company, loose: Engine
) -> None:
    ben, benjamin = northwater.people["ben"].id, northwater.people["benjamin"].id
    with loose.begin() as connection:
        for invited in ([benjamin, 7], [ben, 7, benjamin], [7]):
            fill(connection, METADATA.tables["ranking_round"], northwater.id, invited=invited)
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        rounds = await tx.all(select_rows(RankingRound).order_by(col(RankingRound.id)))
    assert [each.invited for each in rounds] == [[ben, 7], [ben, 7], [7]]


async def test_what_was_said_twice_of_a_week_is_kept_once_and_whole(
    sqlite: Database, northwater: Company, loose: Engine
) -> None:
    said = [("ben", "Closed nine jobs", 10, True), ("benjamin", "Trained Amy", 5, False)]
    with loose.begin() as connection:
        for name, done, minute, is_late in said:
            own = {"run_id": 1, "person_id": northwater.people[name].id, "done": done, "is_late": is_late}
            at = NOON + timedelta(minutes=minute)
            fill(connection, METADATA.tables["weekly_update"], northwater.id, **own, submitted_at=at)
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        (left,) = await tx.all(select_rows(WeeklyUpdate))
    assert (left.done, left.is_late) == ("Closed nine jobs\nTrained Amy", False)


async def test_messages_of_one_day_count_together(sqlite: Database, northwater: Company, loose: Engine) -> None:
    with loose.begin() as connection:
        for name, sent in (("ben", 2), ("benjamin", 3)):
            own = {"person_id": northwater.people[name].id, "on": date(2026, 11, 24), "sent": sent}
            fill(connection, METADATA.tables["direct_day"], northwater.id, **own)
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        assert [each.sent for each in await tx.all(select_rows(DirectDay))] == [5]


async def test_roles_add_up_and_the_change_is_in_the_log(sqlite: Database, northwater: Company) -> None:
    async with acting(sqlite, northwater, "ben") as tx:
        for name, kind in (("ben", Role.Kind.CHAIR), ("benjamin", Role.Kind.CHAIR), ("benjamin", Role.Kind.SPONSOR)):
            tx.add(Role(person_id=northwater.people[name].id, kind=kind))
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        roles = await tx.all(select_rows(Role).order_by(col(Role.kind)))
        changes = await tx.all(select_rows(Change).where(Change.table == "role", col(Change.before).is_not(None)))
    assert [(each.person_id, each.kind.value) for each in roles] == [
        (northwater.people["ben"].id, "chair"),
        (northwater.people["ben"].id, "sponsor"),
    ]
    assert len(changes) == 2


# --- messages and steps


def a_message(company: Company, key: str, name: str, state: Message.State, ref: str | None = None) -> dict[str, object]:
    person = company.people[name]
    return {
        "key": f"{key}:{person.id}",
        "person_id": person.id,
        "account_id": company.accounts[name].id,
        "lane_id": 1,
        "state": state,
        "platform_ref": ref,
        "thread": "",
        "ids": ids_text({"run": 7, "person": person.id}),
    }


async def test_a_question_that_one_account_has_is_not_asked_in_the_other(
    sqlite: Database, northwater: Company, loose: Engine
) -> None:
    table = METADATA.tables["message"]
    old = northwater.people["ben"].id
    with loose.begin() as connection:
        pending = fill(connection, table, northwater.id, **a_message(northwater, "a", "ben", Message.State.READY))
        stands = fill(
            connection, table, northwater.id, **a_message(northwater, "a", "benjamin", Message.State.SHOWN, "1")
        )
        first = fill(connection, table, northwater.id, **a_message(northwater, "b", "ben", Message.State.SHOWN, "2"))
        second = fill(connection, table, northwater.id, **a_message(northwater, "b", "benjamin", Message.State.READY))
        alone = fill(
            connection, table, northwater.id, **a_message(northwater, "c", "benjamin", Message.State.SHOWN, "3")
        )
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        found = {each.id: each for each in await tx.all(select_rows(Message))}
    assert {each.person_id for each in found.values()} == {old}
    assert {ids_of(each)["person"] for each in found.values()} == {old}
    assert found[pending].state is found[second].state is Message.State.CANCELLED
    assert (found[stands].key, found[first].key, found[alone].key) == (f"a:{old}", f"b:{old}", f"c:{old}")


async def test_steps_about_them_are_about_the_other_one(sqlite: Database, northwater: Company, loose: Engine) -> None:
    with loose.begin() as connection:
        for kind in STEPS:
            own = {"kind": kind, "subject_id": northwater.people["benjamin"].id}
            fill(connection, METADATA.tables["occurrence"], northwater.id, **own)
    await joined(sqlite, northwater)
    async with acting(sqlite, northwater) as tx:
        found = await tx.all(select_rows(Occurrence))
    assert {each.subject_id for each in found} == {northwater.people["ben"].id}
