"""What becomes of messages that are wanted again, marked stale or taken back: those that are meant, and no others."""

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from storage.engine import Database
from storage.messages import Lane, Message, ids_of, ids_text, lane_of, stale, want, withdraw
from storage.organisations import Install
from storage.tx import SYSTEM
from tests.support.company import NOON, a_company, acting
from tests.support.post_office import PostOffice, an_office

State = Message.State
LATER = NOON + timedelta(minutes=5)
RESTS = NOON + timedelta(hours=1)


async def three(database: Database, **facts: object) -> tuple[PostOffice, list[int]]:
    """Three messages, and facts of all of them."""
    office = await an_office(database)
    for word in ("one", "two", "three"):
        await office.want(word)
    if facts:
        async with database.write(SYSTEM) as tx:
            await tx.changed(update(Message).values(**facts))
    return office, [each.id for each in await office.messages()]


async def again(office: PostOffice, number: int) -> bool:
    """One of them is wanted again, for later."""
    async with acting(office.database, office.company, "ada") as tx:
        old = await tx.need(Message, number)
        return await want(tx, Message(**old.model_dump(exclude={"id"}) | anew()))


def anew() -> dict[str, object]:
    """What a message says that nobody has seen yet."""
    return {"state": State.READY, "due_at": LATER, "withdrawn": False, "platform_ref": None, "event_id": None}


@pytest.mark.parametrize(("state", "ref"), [(State.CANCELLED, None), (State.CANCELLED, "ref-1"), (State.DEAD, None)])
async def test_what_was_gone_is_wanted_as_if_for_the_first_time_and_alone(
    database: Database, state: State, ref: str | None
) -> None:
    office, (first, *others) = await three(
        database, state=state, platform_ref=ref, attempts=7, error="no such room", retry_at=RESTS
    )
    assert await again(office, first) is False
    found = {each.id: each for each in await office.messages()}
    one = found[first]
    assert (one.state, one.due_at, one.attempts, one.error, one.retry_at) == (State.READY, LATER, 0, "", None)
    assert [(found[each].state, found[each].attempts) for each in others] == [(state, 7), (state, 7)]


@pytest.mark.parametrize("state", [State.UNKNOWN, State.PARKED, State.SENDING])
async def test_what_may_stand_there_keeps_its_state_and_its_time_when_it_is_wanted_again(
    sqlite: Database, state: State
) -> None:
    office, (first, *_) = await three(sqlite, state=state, attempts=3)
    before = (await office.messages())[0]
    assert await again(office, first) is False
    after = (await office.messages())[0]
    assert (after.state, after.due_at, after.attempts) == (state, before.due_at, 3)
    assert after.wanted_rev == before.wanted_rev + 1


async def test_a_new_message_is_new(sqlite: Database) -> None:
    office, (first, *_) = await three(sqlite)
    async with acting(office.database, office.company, "ada") as tx:
        old = await tx.need(Message, first)
        assert await want(tx, Message(**old.model_dump(exclude={"id"}) | anew() | {"key": "another"})) is True


async def test_what_is_stale_for_one_reader_is_not_for_the_others(sqlite: Database) -> None:
    office = await an_office(sqlite)
    ada, dana = office.company.people["ada"], office.company.people["dana"]
    for person in (ada, dana):
        await office.want("for somebody", to=person)
    async with office.database.write(SYSTEM) as tx:
        await tx.changed(update(Message).values(state=State.SHOWN, ids=ids_text({"note": 1})))
    async with acting(office.database, office.company, "ada") as tx:
        assert await stale(tx, "note", {"note": 1}, now=NOON, person_id=ada.id) == 1
    assert [each.state for each in await office.messages()] == [State.READY, State.SHOWN]


@pytest.mark.parametrize(("ago_s", "due_in_s"), [(10, 20), (29, 1), (30, 0), (300, 0)])
async def test_what_was_just_shown_is_remade_when_it_has_stood_for_so_long(
    database: Database, ago_s: int, due_in_s: int
) -> None:
    shown_at = NOON - timedelta(seconds=ago_s)
    office, (first, second, third) = await three(database, state=State.SHOWN, shown_at=shown_at, platform_ref="ref")
    async with office.database.write(SYSTEM) as tx:
        await tx.changed(update(Message).where(col(Message.id) == second).values(ids=ids_text({"note": 1})))
    async with acting(office.database, office.company, "ada") as tx:
        rows = [await tx.need(Message, each) for each in (first, second)]
        assert ids_of(rows[0]) == ids_of(rows[1]) == {"note": 1}
        assert await stale(tx, "note", {"note": 1}, now=NOON, at_most_every=timedelta(seconds=30)) == 2
    found = {each.id: each for each in await office.messages()}
    due = NOON + timedelta(seconds=due_in_s)
    assert [(found[each].state, found[each].due_at) for each in (first, second)] == [(State.READY, due)] * 2
    assert found[third].state is State.SHOWN


async def test_a_replacement_that_rests_comes_forward_and_a_first_message_keeps_its_time(sqlite: Database) -> None:
    office, (first, *_) = await three(sqlite, due_at=RESTS, retry_at=RESTS, not_after=RESTS, attempts=2)
    async with office.database.write(SYSTEM) as tx:
        await tx.changed(update(Message).where(col(Message.id) == first).values(platform_ref="ref-1"))
    async with acting(office.database, office.company, "ada") as tx:
        for number in (1, 2):
            await stale(tx, "note", {"note": number}, now=NOON)
    replacement, new, untouched = await office.messages()
    assert [each.due_at for each in (replacement, new, untouched)] == [NOON, RESTS, RESTS]
    for each in (replacement, new):  # both still rest after what went wrong, and are still not for afterwards
        assert (each.retry_at, each.not_after, each.attempts) == (RESTS, RESTS, 2)


async def test_what_was_given_up_as_a_replacement_is_tried_again_with_the_next_change(sqlite: Database) -> None:
    office, _ = await three(sqlite, state=State.DEAD, platform_ref="ref", attempts=9, retry_at=RESTS, not_after=RESTS)
    async with acting(office.database, office.company, "ada") as tx:
        await stale(tx, "note", {"note": 1}, now=NOON)
    one, two, _ = await office.messages()
    assert (one.state, one.due_at, one.attempts, one.retry_at, one.not_after) == (State.READY, NOON, 0, None, None)
    assert two.state is State.DEAD


async def test_what_never_stood_there_stays_given_up(sqlite: Database) -> None:
    office, _ = await three(sqlite, state=State.DEAD, platform_ref=None)
    async with acting(office.database, office.company, "ada") as tx:
        await stale(tx, "note", {"note": 1}, now=NOON)
    assert [each.state for each in await office.messages()] == [State.DEAD] * 3


@pytest.mark.parametrize(("state", "ref", "after"), [
    (State.READY, None, State.CANCELLED),
    (State.READY, "ref-1", State.READY),
    (State.SHOWN, "ref-1", State.READY),
    (State.SENDING, None, State.SENDING),
    (State.UNKNOWN, None, State.UNKNOWN),
])  # fmt: skip
async def test_undo_takes_back_what_its_event_wanted_and_nothing_else(
    database: Database, state: State, ref: str | None, after: State
) -> None:
    office, (first, *others) = await three(database, state=state, platform_ref=ref)
    async with office.database.write(SYSTEM) as tx:
        await tx.changed(update(Message).where(col(Message.id) == first).values(event_id=7))
        await tx.changed(update(Message).where(col(Message.id).in_(others)).values(event_id=8))
    async with acting(office.database, office.company, "ada") as tx:
        await withdraw(tx, 7, LATER)
    found = {each.id: each for each in await office.messages()}
    one = found[first]
    assert (one.state, one.withdrawn) == (after, True)
    assert (one.error == "undone") is (after is State.CANCELLED)
    assert [(found[each].state, found[each].withdrawn) for each in others] == [(state, False)] * 2


async def test_each_install_has_lanes_of_its_own(sqlite: Database) -> None:
    north, south = await a_company(sqlite, "Northwater"), await a_company(sqlite, "Southgas")
    async with sqlite.read(SYSTEM) as tx:
        for company in (north, south):
            install = await tx.first(select(Install).where(Install.organisation_id == company.id))
            assert install is not None
            lane = await lane_of(tx, install.id, Lane.Traffic.REPLY)
            assert (lane.install_id, lane.traffic) == (install.id, Lane.Traffic.REPLY)


def test_ids_are_kept_in_one_way_whatever_their_order() -> None:
    assert ids_text({"run": 2, "person": 1}) == ids_text({"person": 1, "run": 2}) == '{"person":1,"run":2}'
