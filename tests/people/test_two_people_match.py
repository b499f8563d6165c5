"""Two people match a name: one press says who is meant, and the line goes on (E-10)."""

import pytest

from bot.chat.cards import Card
from storage.actions import Action
from storage.engine import Database
from storage.people import Account, Person
from tests.support.company import NOON
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.reading import labels_of
from tests.support.workshop import Workshop


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    """There are two more whose first name is Ben, and both of these are called Ben Hill; one of them has no account."""
    found = Workshop(await field_dispatch(sqlite, NOON))
    async with sqlite.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        for number in (1, 2):
            person = Person(name="Ben Hill", zone="Europe/London", email=f"ben{number}@northwater.example")
            tx.add(person)
            await tx.flush()
            if number == 1:
                known = await tx.need(Account, 1)
                tx.add(Account(person_id=person.id, install_id=known.install_id, external_id="hill"))
    return found


@pytest.mark.parametrize(
    "line", ['/action add "Ask Ben again" @ben due:10 Dec', "/action add Ring Mr Hill @Ben due:10 Dec"]
)
async def test_a_press_on_one_of_them_goes_on_with_the_line(shop: Workshop, line: str) -> None:
    asked = await shop.ask("amy", line)
    assert isinstance(asked.content, Card)
    assert "3 people match" in asked.content.summary
    first, hill, _ = labels_of(asked.content)
    assert (first, hill) == ("Ben", "Ben Hill ben1@northwater.example")
    assert "is kept" in await shop.presses("amy", hill, asked.content)
    action = await shop.row(Action)
    assert action.owner_id == (await shop.row(Person, email="ben1@northwater.example")).id
    assert action.title in {"Ask Ben again", "Ring Mr Hill"}


async def test_the_same_stands_behind_a_key(shop: Workshop) -> None:
    asked = await shop.ask("amy", '/action add "Seal order" owner:Ben due:10 Dec')
    assert isinstance(asked.content, Card)
    assert "is kept" in await shop.presses("amy", "Ben Hill ben1@northwater.example", asked.content)


async def test_a_lead_says_who_of_two_is_away(shop: Workshop) -> None:
    asked = await shop.ask("dana", "/huddle away @Ben tomorrow")
    assert isinstance(asked.content, Card)
    assert "Ben" in await shop.presses("dana", "Ben", asked.content)


async def test_nobody_of_that_name_offers_nobody(shop: Workshop) -> None:
    asked = await shop.ask("amy", '/action add "Seal order" @Benjamin due:10 Dec')
    assert isinstance(asked.content, Card)
    assert labels_of(asked.content) == []
    assert "can't find anybody called 'Benjamin'" in asked.content.summary
