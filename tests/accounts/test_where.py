"""Where messages go, an account that is separated again, and the hint at a second account."""

import pytest
from sqlmodel import col, select

from bot.listening import Listener
from bot.people.handlers import chosen
from bot.ports import Profile, Sender
from bot.routes import ROUTES
from schedules.simulated import SimulatedClock
from storage.accounts import HINT
from storage.cadences import Occurrence
from storage.engine import Database
from storage.messages import Lane, Message
from storage.organisations import Install
from storage.people import Account, preferred_account_id
from storage.places import Place
from storage.tx import SYSTEM
from tests.accounts.desks import Desks, labels, two_desks
from tests.support.company import NOON
from tests.support.reading import words_of


@pytest.fixture
async def desks(sqlite: Database) -> Desks:
    made = await two_desks(sqlite)
    await made.says("slack", "ben", "/account")
    return made


async def a_pending_message(desks: Desks, state: Message.State = Message.State.READY, ref: str | None = None) -> int:
    """Something on its way to Ben, where he reads."""
    ben = await desks.person("slack", "ben")
    async with desks.database.write(desks.organisation) as tx:
        account = await tx.first(select(Account).where(Account.id == preferred_account_id(ben.id)))
        assert account is not None
        lane = await tx.first(
            select(Lane).where(Lane.install_id == account.install_id, Lane.traffic == Lane.Traffic.PROMPT)
        )
        assert lane is not None
        message = Message(
            key=f"note:{state}:{ref}",
            lane_id=lane.id,
            person_id=ben.id,
            account_id=account.id,
            view=HINT,
            ids="{}",
            due_at=NOON,
            state=state,
            platform_ref=ref,
        )
        tx.add(message)
        await tx.flush()
        return message.id


async def goes_to(desks: Desks, number: int) -> str:
    """The platform to which a message goes; account and lane agree."""
    async with desks.database.read(SYSTEM) as tx:
        message = await tx.need(Message, number)
        account, lane = await tx.need(Account, message.account_id or 0), await tx.need(Lane, message.lane_id)
        assert account.install_id == lane.install_id
        assert lane.traffic is Lane.Traffic.PROMPT
        return (await tx.need(Install, account.install_id)).platform


async def test_what_is_on_its_way_follows_and_what_stands_stays(desks: Desks) -> None:
    await desks.join("ben")
    waits, held = await a_pending_message(desks), await a_pending_message(desks, Message.State.HELD)
    stands = await a_pending_message(desks, Message.State.SHOWN, "17.4")
    on_its_way = await a_pending_message(desks, Message.State.SENDING)
    read = await desks.says("slack", "ben", "/account prefer teams")
    assert "My messages come to Teams from now on. 2 messages on the way come there too." in read
    assert [await goes_to(desks, each) for each in (waits, held)] == ["teams", "teams"]
    assert [await goes_to(desks, each) for each in (stands, on_its_way)] == ["slack", "slack"]
    assert "Teams (Northwater) Your messages come here." in await desks.says("slack", "ben", "/account")


async def test_a_press_does_the_same_and_the_card_offers_the_way_back(desks: Desks) -> None:
    await desks.join("ben")
    card = await desks.does("slack", "ben", "/account")
    assert labels(card) == ["Write to me on Teams", "Separate this account"]
    assert "come to Teams from now on" in await desks.presses("slack", "ben", card, "Write to me on Teams")
    assert "come to Teams already" in await desks.presses("slack", "ben", card, "Write to me on Teams")
    assert "Write to me on Slack" in labels(await desks.does("slack", "ben", "/account"))


async def test_nobody_is_written_to_where_they_are_not(desks: Desks) -> None:
    assert "I can't write to you on Teams" in await desks.says("slack", "ben", "/account prefer teams")
    assert "/account prefer slack" in await desks.says("slack", "ben", "/account prefer fax")
    assert (await desks.person("slack", "ben")).prefers == "slack"


async def test_an_account_is_separated_for_what_is_to_come(desks: Desks) -> None:
    await desks.join("ben")
    await desks.says("teams", "ben", "/account prefer teams")
    waits, stands = await a_pending_message(desks), await a_pending_message(desks, Message.State.SHOWN, "17.4")
    ben = await desks.person("slack", "ben")
    card = await desks.does("teams", "ben", "/account leave")
    assert "Separate this account?" in words_of(card)
    assert "separate now" in await desks.presses("teams", "ben", card, "Separate it")
    apart = await desks.person("teams", "ben")
    assert (apart.name, apart.prefers, apart.id != ben.id) == ("Ben", "teams", True)
    assert (await desks.person("slack", "ben")).prefers == "slack"
    async with desks.database.read(SYSTEM) as tx:
        moved, left = await tx.need(Message, waits), await tx.need(Message, stands)
    assert (await goes_to(desks, waits), moved.state) == ("slack", Message.State.READY)
    assert (left.state, left.person_id) == (Message.State.CANCELLED, ben.id)
    assert "only account" in await desks.says("teams", "ben", "/account leave")


async def test_an_old_button_separates_nobody_else_s_account(desks: Desks) -> None:
    await desks.join("ben")
    await desks.says("slack", "cem", "/account")
    card = await desks.does("teams", "ben", "/account leave")
    assert "only account" in await desks.presses("slack", "cem", card, "Separate it")
    await desks.presses("teams", "ben", card, "Separate it")
    assert "only account" in await desks.presses("teams", "ben", card, "Separate it")


async def test_who_was_separated_can_join_again(desks: Desks) -> None:
    await desks.join("ben")
    await desks.presses("teams", "ben", await desks.does("teams", "ben", "/account leave"), "Separate it")
    assert "are one now" in await desks.join("ben")


async def test_who_leaves_one_platform_and_is_on_another_is_still_there(desks: Desks) -> None:
    await desks.join("ben")
    number = await a_pending_message(desks)
    listener = Listener(desks.database, ROUTES, SimulatedClock(NOON))
    await listener.learn("slack", "slack-north", Profile("ben", "Ben", "Europe/London", is_active=False))
    ben = await desks.person("teams", "ben")
    assert (ben.active, ben.prefers, await goes_to(desks, number)) == (True, "teams", "teams")
    await listener.learn("teams", "teams-north", Profile("ben", "Ben", "Europe/London", is_active=False))
    assert (await desks.person("teams", "ben")).active is False


# --- the hint


async def hints(desks: Desks) -> list[Occurrence]:
    return await desks.all(select(Occurrence).where(Occurrence.kind == HINT).order_by(col(Occurrence.id)))


async def hinted(desks: Desks) -> list[Message]:
    """What follows when the clock comes to the hints."""
    for each in await hints(desks):
        await desks.dispatcher.due(desks.organisation, each.id)
    return await desks.all(select(Message).where(Message.view == HINT))


async def test_the_same_address_is_a_hint_once_and_joins_nothing(desks: Desks) -> None:
    await desks.does("slack", "cem", "/account", email="cem@north.example")
    await desks.does("teams", "cem", "/account", email="Cem@North.example")
    assert [each.subject_id for each in await hints(desks)] == [(await desks.person("teams", "cem")).id]
    assert len(await hinted(desks)) == 1
    assert (await desks.person("teams", "cem")).id != (await desks.person("slack", "cem")).id
    listener = Listener(desks.database, ROUTES, SimulatedClock(NOON))
    await listener.learn("teams", "teams-north", Profile("cem", "Cem", "Europe/London", email="cem@north.example"))
    assert len(await hinted(desks)) == 1


async def test_an_address_that_becomes_known_later_is_a_hint_too(desks: Desks) -> None:
    await desks.does("slack", "cem", "/account", email="cem@north.example")
    await desks.does("teams", "cem", "/account")
    assert await hints(desks) == []
    listener = Listener(desks.database, ROUTES, SimulatedClock(NOON))
    await listener.learn("teams", "teams-north", Profile("cem", "Cem", "Europe/London", email="cem@north.example"))
    assert len(await hints(desks)) == 1


async def test_no_hint_comes_where_both_were_joined_before(desks: Desks) -> None:
    await desks.does("slack", "cem", "/account", email="cem@north.example")
    await desks.does("teams", "cem", "/account", email="cem@north.example")
    await desks.join("cem")
    assert await hinted(desks) == []


async def test_a_form_from_before_means_the_person_of_today(desks: Desks) -> None:
    await desks.says("teams", "ben", "/account")
    gone = await desks.person("teams", "ben")
    await desks.join("ben")
    async with desks.database.read(desks.organisation) as tx:
        place = await tx.first(select(Place))
        assert place is not None
        meant = await chosen(tx, place, str(gone.id))
    assert meant is not None
    assert meant.id == (await desks.person("slack", "ben")).id


async def test_who_is_met_in_a_room_is_hinted_at_by_their_address(desks: Desks) -> None:
    await desks.does("slack", "cem", "/account", email="cem@north.example")
    listener = Listener(desks.database, ROUTES, SimulatedClock(NOON))
    cem = Sender("cem", "Cem", "Europe/London", email="cem@north.example")
    await listener.acquaint("teams", "teams-north", [cem])
    assert len(await hints(desks)) == 1
