"""Undo: one event's changes are taken back, all of them or none."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bot.chat.replies import Replies, Show
from bot.huddles import rules
from bot.wanted import record
from storage.blockers import Blocker
from storage.columns import Noun
from storage.engine import Database
from storage.huddles import Huddle, HuddleAnswer, HuddleRun
from storage.measures import Measure, Reading
from storage.messages import Message, message_keyed
from storage.people import Absence, Person
from storage.teams import Team
from storage.tx import Tx
from storage.undo import StillNeeded, made_by, undo
from tests.support.company import NOON, Company, a_company, acting

EVENT, LATER_EVENT = 71, 72
OWN = {"version", "updated_at"}


async def test_undo_puts_every_column_back_whatever_its_type(database: Database) -> None:
    company = await a_company(database)
    async with acting(database, company) as tx:
        rows = await _one_of_each_type(tx, company)
    before = [each.model_dump(exclude=OWN) for each in rows]
    async with acting(database, company, "ada", event=EVENT) as tx:
        huddle, run, blocker, reading, answer = [await tx.need(type(each), each.id) for each in rows]
        huddle.at_time, huddle.active, huddle.questions = time(10, 30), False, []
        huddle.mode, huddle.window_min = Huddle.Mode.LOCAL, 30
        run.state, run.opens_at, run.local_date = HuddleRun.State.CLOSED, NOON, date(2026, 12, 1)
        run.published_at, run.reason = NOON, "they were quick"
        blocker.state, blocker.resolved_at = Blocker.State.RESOLVED, NOON
        blocker.department_id, blocker.resolution = None, "found"
        reading.value = Decimal("0.0001")
        answer.answers = {"focus": "sleep"}
    async with acting(database, company, "ada", event=LATER_EVENT) as tx:
        assert await undo(tx, EVENT, NOON)
    async with database.read(company.id) as tx:
        after = [(await tx.need(type(each), each.id)).model_dump(exclude=OWN) for each in rows]
    assert after == before


async def _one_of_each_type(tx: Tx, company: Company) -> tuple[Noun, ...]:
    """Rows with times, days, instants, words, numbers, documents and nothing in their columns."""
    ada = company.people["ada"].id
    team = Team(name="Dispatch", zone="Europe/London")
    measure = Measure(code="FTF", name="First-time fix")
    tx.add(team, measure)
    await tx.flush()
    huddle = Huddle(
        name="Dispatch", team_id=team.id, at_time=time(9, 15), zone="Europe/London", questions=rules.QUESTIONS
    )
    tx.add(huddle)
    await tx.flush()
    run = HuddleRun(huddle_id=huddle.id, local_date=NOON.date(), opens_at=NOON, closes_at=NOON + timedelta(minutes=15))
    tx.add(run)
    await tx.flush()
    blocker = Blocker(code="B-1", text="no meters", raised_by=ada, raised_on=NOON.date(), team_id=team.id)
    reading = Reading(measure_id=measure.id, period_on=NOON.date(), value=Decimal("78.5"))
    answer = HuddleAnswer(
        run_id=run.id,
        person_id=ada,
        edition=1,
        answers={"focus": "valves"},
        submitted_at=NOON,
        source=HuddleAnswer.Source.FORM,
    )
    tx.add(blocker, reading, answer)
    await tx.flush()
    return huddle, run, blocker, reading, answer


async def test_undo_deletes_what_the_event_made_even_where_one_row_needs_the_other(database: Database) -> None:
    company = await a_company(database)
    async with acting(database, company, "ada", event=EVENT) as tx:
        tx.add(person := Person(name="Ben", zone="UTC"))
        await tx.flush()
        tx.add(Absence(person_id=person.id, from_on=NOON.date()))
        await tx.flush()
        person.name = "Benjamin"
    async with acting(database, company, "ada", event=LATER_EVENT) as tx:
        assert await undo(tx, EVENT, NOON)
    async with database.read(company.id) as tx:
        assert await tx.all(select(Absence)) == []
        assert await tx.get(Person, person.id) is None


async def test_undo_of_many_changes_of_one_row_goes_back_to_the_first(sqlite: Database) -> None:
    company = await a_company(sqlite)
    async with acting(sqlite, company, "dana", event=EVENT) as tx:
        ada = await tx.need(Person, company.people["ada"].id)
        for name in ("Adele", "Adelheid"):
            ada.name = name
            await tx.flush()
    async with acting(sqlite, company, "dana", event=LATER_EVENT) as tx:
        assert await undo(tx, EVENT, NOON)
    async with sqlite.read(company.id) as tx:
        assert (await tx.need(Person, ada.id)).name == "Ada"


async def test_undo_changes_nothing_once_one_of_its_rows_has_moved_on(database: Database) -> None:
    company = await a_company(database)
    async with acting(database, company, "ada", event=EVENT) as tx:
        for who in ("ada", "dana"):
            (await tx.need(Person, company.people[who].id)).zone = "Europe/Paris"
    async with acting(database, company, "dana", event=LATER_EVENT) as tx:
        (await tx.need(Person, company.people["dana"].id)).zone = "Asia/Tokyo"
    async with acting(database, company, "ada") as tx:
        assert not await undo(tx, EVENT, NOON)
    async with database.read(company.id) as tx:
        zones = [(await tx.need(Person, company.people[who].id)).zone for who in ("ada", "dana")]
    assert zones == ["Europe/Paris", "Asia/Tokyo"]


@pytest.mark.parametrize(("state", "ref", "after"), [
    (Message.State.READY, None, (Message.State.CANCELLED, True)),
    (Message.State.CANCELLED, None, (Message.State.CANCELLED, True)),
    (Message.State.SHOWN, "ref-1", (Message.State.READY, True)),
    (Message.State.SENDING, None, (Message.State.SENDING, True)),
])  # fmt: skip
async def test_undo_withdraws_the_events_messages(
    sqlite: Database, state: Message.State, ref: str | None, after: tuple[Message.State, bool]
) -> None:
    company = await a_company(sqlite)
    async with acting(sqlite, company, "ada", event=EVENT) as tx:
        show = Show("note:1", company.channel, "note", {"note": 1})
        await record(tx, Replies(show=(show,)), event_id=EVENT, now=NOON)
        message = await _message(tx)
        message.state, message.platform_ref = state, ref
    async with acting(sqlite, company, "ada", event=LATER_EVENT) as tx:
        assert await undo(tx, EVENT, NOON)
    async with sqlite.read(company.id) as tx:
        message = await _message(tx)
    # A withdrawn message that may stand there is due once more, to be taken away.
    assert (message.state, message.withdrawn) == after


async def _message(tx: Tx) -> Message:
    message = await message_keyed(tx, "note:1")
    assert message is not None
    return message


async def test_only_who_did_it_is_named_as_the_one_who_did_it(sqlite: Database) -> None:
    company = await a_company(sqlite)
    async with acting(sqlite, company, "ada", event=EVENT) as tx:
        (await tx.need(Person, company.people["dana"].id)).zone = "Asia/Tokyo"
    async with sqlite.read(company.id) as tx:
        assert await made_by(tx, EVENT, company.people["ada"].id)
        assert not await made_by(tx, EVENT, company.people["dana"].id)
        assert not await made_by(tx, LATER_EVENT, company.people["ada"].id)


async def test_who_was_joined_with_somebody_takes_back_what_they_did_before(sqlite: Database) -> None:
    company = await a_company(sqlite)
    ada, dana = company.people["ada"].id, company.people["dana"].id
    async with acting(sqlite, company, "ada", event=EVENT) as tx:
        tx.add(Team(name="Dispatch", zone="Europe/London"))
    async with acting(sqlite, company, "dana", event=LATER_EVENT) as tx:
        (await tx.need(Person, ada)).merged_into = dana
    async with sqlite.read(company.id) as tx:
        assert await made_by(tx, EVENT, dana)
        assert not await made_by(tx, LATER_EVENT, ada)


async def test_undo_brings_back_what_was_deleted_as_it_was(database: Database) -> None:
    company = await a_company(database)
    async with acting(database, company, "ada") as tx:
        rows = await _one_of_each_type(tx, company)
    _, _, _, reading, answer = rows
    before = [each.model_dump(exclude=OWN) for each in (reading, answer)]
    async with acting(database, company, "ada", event=EVENT) as tx:
        for each in (reading, answer):
            await tx.session.delete(await tx.need(type(each), each.id))
    async with acting(database, company, "ada", event=LATER_EVENT) as tx:
        assert await undo(tx, EVENT, NOON)
    async with database.read(company.id) as tx:
        assert [(await tx.need(type(each), each.id)).model_dump(exclude=OWN) for each in (reading, answer)] == before


async def test_what_was_deleted_stays_so_where_another_has_taken_its_place(sqlite: Database) -> None:
    company = await a_company(sqlite)
    async with acting(sqlite, company) as tx:
        _, _, blocker, *_ = await _one_of_each_type(tx, company)
    async with acting(sqlite, company, "ada", event=EVENT) as tx:
        await tx.session.delete(await tx.need(Blocker, blocker.id))
    async with acting(sqlite, company, "dana", event=LATER_EVENT) as tx:
        tx.add(Blocker(**blocker.model_dump(exclude={*OWN, "id"})))
    with pytest.raises(StillNeeded):
        async with acting(sqlite, company, "ada") as tx:
            await undo(tx, EVENT, NOON)
