"""Questions that are worded once, answers that are read ahead, and changes row by row in one go."""

from sqlalchemy import bindparam, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select

from storage.columns import RowId
from storage.engine import Database
from storage.messages import MESSAGES, Lane, Message, lane_of
from storage.organisations import Install
from storage.people import Account, Person
from storage.tx import SYSTEM, Tx
from tests.support.company import NOON, Company, a_company, acting

_BY_NAME = select(Person).where(Person.name == bindparam("its_name")).limit(1)
_NAMES = select(col(Person.name)).order_by(col(Person.name))
_WITH_ACCOUNT = (
    select(Person, Account)
    .outerjoin(Account, col(Account.person_id) == Person.id)
    .where(col(Person.name).in_(bindparam("names", expanding=True)))
)


async def two(database: Database) -> tuple[Company, Company]:
    """Ada works in both of them."""
    return await a_company(database, "Northwater"), await a_company(database, "Southgas", people=("Ada", "Sue"))


async def test_one_wording_serves_every_organisation_and_gives_each_its_own(database: Database) -> None:
    north, south = await two(database)
    for company, names in ((north, ["Ada", "Dana"]), (south, ["Ada", "Sue"]), (north, ["Ada", "Dana"])):
        async with database.read(company.id) as tx:
            assert await tx.all(_NAMES, {}) == names
            ada = await tx.first(_BY_NAME, {"its_name": "Ada"})
            assert ada is not None
            assert ada.id == company.people["ada"].id
            pairs = await tx.columns(_WITH_ACCOUNT, {"names": ["Ada", "Sue", "Dana"]})
            assert sorted(person.name for person, _ in pairs) == names
            assert {account.organisation_id for _, account in pairs} == {company.id}


async def test_the_system_asks_the_same_wording_of_all_of_them(database: Database) -> None:
    await two(database)
    async with database.read(SYSTEM) as tx:
        assert await tx.all(_NAMES, {}) == ["Ada", "Ada", "Dana", "Sue"]


async def test_rows_that_are_fetched_at_once_are_those_of_the_organisation(database: Database) -> None:
    north, south = await two(database)
    numbers = [north.people["ada"].id, south.people["sue"].id, None, 4711]
    async with database.read(north.id) as tx:
        assert set(await tx.fetch(Person, numbers)) == {north.people["ada"].id}


async def test_an_answer_that_was_read_ahead_is_not_asked_for(database: Database) -> None:
    north, _ = await two(database)
    async with database.read(north.id) as tx:
        dana = await tx.need(Person, north.people["dana"].id)
        tx.foresee(_BY_NAME, {"its_name": "Ada"}, dana)
        tx.foresee(_BY_NAME, {"its_name": "Dana"}, None)
        assert await tx.first(_BY_NAME, {"its_name": "Ada"}) is dana
        assert await tx.first(_BY_NAME, {"its_name": "Dana"}) is None


async def test_it_holds_until_its_table_is_written(database: Database) -> None:
    north, _ = await two(database)

    async def added(tx: Tx) -> None:
        tx.add(Person(name="Zoe", zone="Europe/London"))
        await tx.flush()

    async def changed(tx: Tx) -> None:
        await tx.changed(update(Person).where(col(Person.name) == "Dana").values(name="Zoe"))

    async def locked(tx: Tx) -> None:
        await tx.first(select(Install).with_for_update())

    async def elsewhere(tx: Tx) -> None:
        await tx.changed(update(Install).values(name="Another"))

    for write, is_asked_again in ((added, True), (changed, True), (locked, True), (elsewhere, False)):
        async with acting(database, north) as tx:
            tx.foresee(_BY_NAME, {"its_name": "Ada"}, None)
            await write(tx)
            assert (await tx.first(_BY_NAME, {"its_name": "Ada"}) is not None) is is_asked_again, write.__name__


async def test_a_change_row_by_row_touches_only_the_organisations_rows_and_counts_them(database: Database) -> None:
    north, south = await two(database)
    for company in (north, south):
        async with acting(database, company) as tx:
            lane = await lane_of(tx, company.install.id, Lane.Traffic.REPLY)
            tx.add(*(Message(key=f"{n}", lane_id=lane.id, view="note", ids="{}", due_at=NOON) for n in range(3)))
    mine: ColumnElement[bool] = MESSAGES.c.key == bindparam("its_key")
    change = update(MESSAGES).where(mine, MESSAGES.c.lane_id >= bindparam("its_lane", type_=RowId))
    rows = [{"its_key": key, "its_lane": 0} for key in ("0", "2", "9")]
    async with acting(database, north) as tx:
        assert await tx.changed_each(change.values(error="seen"), rows) == 2
        in_hand = await tx.all(select(Message).order_by(col(Message.key)))
        assert [each.error for each in in_hand] == ["seen", "", "seen"]
        assert await tx.changed_each(change.values(error="twice"), rows) == 2
        assert [(await tx.need(Message, each.id)).key for each in in_hand] == ["0", "1", "2"]
    async with database.read(south.id) as tx:
        assert {each.error for each in await tx.all(select(Message))} == {""}
