"""The digest in its reader's hands: each line is opened once, with its own buttons, and nobody opens another's."""

from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.replies import Replies, Show
from bot.ports import Press
from bot.wanted import record
from storage.actions import Action
from storage.messages import Lane, Message
from storage.people import Person
from tests.support.reading import button_of, labels_of, words_of
from tests.support.workshop import Workshop

State = Message.State
TITLES = ("Order new valves", "Ring the depot", "Map Oakley", "Thank Mrs Gray", "Count seals", "Book training")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=UTC)


@pytest.fixture
async def digest(shop: Workshop) -> Card:
    """Amy has set her number to none, so six messages wait for her in one digest."""
    await shop.says("amy", "/settings messages 0")
    for title in TITLES:
        await shop.says("amy", f'/action add "{title}" @Amy due:fri')
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=at(12))
        (amy,) = await tx.all(select(Person).where(Person.name == "Amy"))
        actions = await tx.all(select(Action).where(col(Action.title).in_(TITLES)).order_by(col(Action.id)))
        shows = [
            Show(f"test:{each.id}", amy, "action.card", {"action": each.id}, Lane.Traffic.PROMPT) for each in actions
        ]
        await record(tx, Replies(show=tuple(shows)), event_id=None, now=at(12))
    await shop.until(at(16, 31))
    return shop.newest("amy", "Open")


async def _states(shop: Workshop) -> list[State]:
    async with shop.house.database.read(1) as tx:
        ours = select(Message).where(col(Message.key).startswith("test:"))
        return [each.state for each in await tx.all(ours.order_by(col(Message.id)))]


async def test_a_line_is_opened_once_and_comes_with_its_own_buttons(shop: Workshop, digest: Card) -> None:
    assert labels_of(digest) == [*["Open"] * 4, "More (2)"]
    button = button_of(digest, "Open")
    said = await shop.ask("amy", Press(button.verb, button.ids))
    assert "Here it comes" in words_of(said.content)  # type: ignore[arg-type]  # a card
    assert "Order new valves" in shop.last("amy")
    assert "Done" in labels_of(shop.posts("amy")[-1].card)
    again = await shop.ask("amy", Press(button.verb, button.ids))
    assert "It was opened before" in words_of(again.content)  # type: ignore[arg-type]  # a card
    assert await _states(shop) == [State.SHOWN, *[State.HELD] * 5]
    assert "Opened" in words_of(shop.newest("amy", "Open"))


async def test_more_brings_the_next_lines(shop: Workshop, digest: Card) -> None:
    answer = await shop.press("amy", "More (2)", on=digest)
    assert answer is not None
    assert labels_of(answer.content) == ["Open", "Open"]  # type: ignore[arg-type]  # a card
    assert "Book training" in words_of(answer.content)  # type: ignore[arg-type]  # as above


async def test_nobody_opens_what_is_another_s(shop: Workshop, digest: Card) -> None:
    for label in ("Open", "More (2)"):
        button = button_of(digest, label)
        refused = await shop.ask("ben", Press(button.verb, button.ids))
        assert "Order new valves" not in words_of(refused.content)  # type: ignore[arg-type]  # a card
    assert await _states(shop) == [State.HELD] * 6


async def test_what_has_changed_since_is_opened_as_it_is_now(shop: Workshop, digest: Card) -> None:
    action = await shop.row(Action, title="Order new valves")
    await shop.says("amy", f"done {action.code}")
    await shop.press("amy", "Open", on=digest)
    opened = [post for post in shop.posts("amy") if post.key == f"test:{action.id}"]
    assert len(opened) == 1
    assert "Done" not in labels_of(opened[0].card)


async def test_when_all_is_opened_the_digest_says_so(shop: Workshop, digest: Card) -> None:
    for number in range(6):
        await shop.press("amy", "Open")
        assert (await _states(shop)).count(State.SHOWN) == number + 1
    (closed,) = [post for post in shop.posts("amy") if post.key.startswith("quiet.digest")]
    assert "Everything that waited today is opened." in closed.words
    button = button_of(digest, "More (2)")
    late = await shop.ask("amy", Press(button.verb, button.ids))
    assert "Everything that waited today is opened." in words_of(late.content)  # type: ignore[arg-type]  # a card
