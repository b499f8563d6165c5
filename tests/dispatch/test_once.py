"""An event is handled once, however often and however closely together the platform delivers it."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlmodel import col, select

from bot.chat.replies import Answer
from bot.dispatch import Dispatcher
from bot.ports import Incoming, Press
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.people import Person
from tests.support.company import NOON, Company, a_company, an_event
from tests.support.notebook import NOTEBOOK, words_in
from tests.support.reading import words_of


def a_dispatcher(database: Database) -> Dispatcher:
    return Dispatcher(database, NOTEBOOK, SimulatedClock(NOON))


async def noted(database: Database, company: Company) -> list[str]:
    async with database.read(company.id) as tx:
        return await words_in(tx)


async def delivered(dispatcher: Dispatcher, *events: Incoming) -> Sequence[Answer | None]:
    """The answers to events that come in at the same moment."""
    return await asyncio.gather(*(dispatcher.handle(each) for each in events))


@pytest.mark.req("INV-21")
async def test_the_same_event_three_times_is_handled_once_and_answered_alike(sqlite: Database) -> None:
    company = await a_company(sqlite)
    dispatcher = a_dispatcher(sqlite)
    answers = [await dispatcher.handle(an_event("ada", "the bill was wrong")) for _ in range(3)]
    assert await noted(sqlite, company) == ["the bill was wrong"]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0] is not None
    assert words_of(answers[0].content) == "V-1 noted"  # type: ignore[arg-type]


@pytest.mark.req("INV-21")
async def test_the_same_event_three_times_at_once_is_handled_once_and_answered_alike(database: Database) -> None:
    company = await a_company(database)
    answers = await delivered(a_dispatcher(database), *[an_event("ada", "the bill was wrong")] * 3)
    assert await noted(database, company) == ["the bill was wrong"]
    assert answers[0] == answers[1] == answers[2] is not None


async def test_the_same_words_in_another_event_are_another_note(sqlite: Database) -> None:
    company = await a_company(sqlite)
    dispatcher = a_dispatcher(sqlite)
    for number in range(2):
        await dispatcher.handle(an_event("ada", "the bill was wrong", event=f"event-{number}"))
    assert await noted(sqlite, company) == ["the bill was wrong", "the bill was wrong"]


async def test_events_of_two_rooms_or_companies_may_have_the_same_id(sqlite: Database) -> None:
    north, south = await a_company(sqlite), await a_company(sqlite, "Southgas", people=("Sue",))
    dispatcher = a_dispatcher(sqlite)
    await dispatcher.handle(an_event("ada", "first"))
    await dispatcher.handle(an_event("dana", "second"))
    await dispatcher.handle(an_event("sue", "third", company="Southgas"))
    assert await noted(sqlite, north) == ["first", "second"]
    assert await noted(sqlite, south) == ["third"]


@pytest.mark.req("INV-21")
async def test_a_refusal_is_the_same_the_second_time_and_leaves_nothing_behind(database: Database) -> None:
    company = await a_company(database)
    dispatcher = a_dispatcher(database)
    answers = [await dispatcher.handle(an_event("ada", "no thanks")) for _ in range(2)]
    assert answers[0] is not None
    assert answers[0] == answers[1]
    assert words_of(answers[0].content) == "No, thank you. Nothing was changed."  # type: ignore[arg-type]
    assert await noted(database, company) == []


async def test_a_refusal_stays_one_even_when_it_would_be_taken_by_now(sqlite: Database) -> None:
    await a_company(sqlite)
    dispatcher = a_dispatcher(sqlite)
    refused = await dispatcher.handle(an_event("ada", "no thanks"))
    assert await dispatcher.handle(an_event("ada", "thanks")) == refused


async def test_two_people_at_once_each_get_their_own(database: Database) -> None:
    company = await a_company(database)
    events = [an_event(who, f"{who} {number}", event=f"e{number}") for who in ("ada", "dana") for number in range(5)]
    answers = await delivered(a_dispatcher(database), *events)
    assert sorted(await noted(database, company)) == sorted(each.action.text for each in events)  # type: ignore[union-attr]
    codes = {words_of(each.content) for each in answers if each}  # type: ignore[arg-type]
    assert codes == {f"V-{number} noted" for number in range(1, 11)}


async def test_a_handler_whose_row_somebody_else_changed_runs_again_on_the_new_state(database: Database) -> None:
    company = await a_company(database)
    dispatcher = a_dispatcher(database)
    await dispatcher.handle(an_event("ada", "hot", event="note"))
    more = Press("note.more", {"note": "1"})
    answers = await delivered(dispatcher, *(an_event("ada", more, event=f"press-{number}") for number in range(4)))
    assert await noted(database, company) == ["hot!!!!"]
    assert sorted(words_of(each.content) for each in answers if each) == [  # type: ignore[arg-type]
        "V-1 says hot!",
        "V-1 says hot!!",
        "V-1 says hot!!!",
        "V-1 says hot!!!!",
    ]


async def test_a_newcomer_who_writes_twice_at_once_is_one_person(database: Database) -> None:
    company = await a_company(database)
    events = [an_event("ben", f"hello {number}", event=f"e{number}") for number in range(3)]
    answers = await delivered(a_dispatcher(database), *events)
    assert sorted(await noted(database, company)) == ["hello 0", "hello 1", "hello 2"]
    assert all(each is not None for each in answers)
    async with database.read(company.id) as tx:
        assert sorted(await tx.all(select(col(Person.name)))) == ["Ada", "Ben", "Dana"]
