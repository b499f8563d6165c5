"""Nothing agreed is lost: not between two people, not when somebody leaves or moves, not to who may not see it."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from bot.ports import Press
from bot.routes import ROUTES
from storage.actions import Action
from storage.people import Person
from storage.places import Place
from storage.tx import SYSTEM
from tests.actions.conftest import TUESDAY_NOON
from tests.support.workshop import Workshop

State = Action.State
LINE = '/action add "Check eight calls" @Ben due:fri'


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def changes(shop: Workshop, name: str, **values: object) -> None:
    """What a platform says of somebody, and what follows."""
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        person = await tx.first(select(Person).where(Person.name == name))
        assert person is not None
        for field, value in values.items():
            setattr(person, field, value)
        await tx.flush()
        if ROUTES.moved is not None:
            await ROUTES.moved(tx, person, shop.house.clock.now())


def about(shop: Workshop, who: str, words: str) -> list[str]:
    return [post.words for post in shop.posts(who) if words in post.words]


async def test_what_nobody_has_stays_on_the_day_of_who_asked_for_it_and_is_reminded_of(shop: Workshop) -> None:
    await shop.says("dana", LINE)
    await shop.presses("ben", "Not me")
    assert "Nobody has it yet" in await shop.says("dana", "today")
    await shop.until(at(27, 15, 1))
    assert about(shop, "dana", "due today")


async def test_who_gave_it_back_hears_when_the_one_who_asked_for_it_does_not_take_it(shop: Workshop) -> None:
    await shop.says("dana", LINE)
    await shop.presses("ben", "Accept")
    form = await shop.opens("ben", "Something's in the way")
    assert form.title == "Something's in the way"
    await shop.says("ben", "/action assign A-1 @Dana I am on leave")
    assert "stays on your day until somebody has it" in await shop.presses("dana", "Not me")
    assert "Dana can't take A-1 on" in shop.last("ben")


@pytest.mark.req("INV-4")
async def test_a_promise_stays_one_while_it_goes_from_hand_to_hand(shop: Workshop) -> None:
    await shop.says("ben", LINE)
    await shop.says("ben", "/action assign A-1 @Cem")
    assert "Please add why" in await shop.says("ben", "/action due A-1 2027-01-20")
    await shop.says("ben", '/action due A-1 2027-01-20 reason:"the van is late"')
    await shop.presses("cem", "Accept")
    action = await shop.row(Action, code="A-1")
    assert (action.first_due_on, action.redated) == (date(2026, 11, 27), 1)


@pytest.mark.parametrize("zone", ["Australia/Sydney", "Asia/Kolkata", "America/New_York"])
async def test_who_moves_is_reminded_by_their_new_clock(shop: Workshop, zone: str) -> None:
    await shop.says("ben", LINE)
    await changes(shop, "Ben", zone=zone)
    await shop.until(at(2, 23, month=12))
    assert len(about(shop, "ben", "due today")) == 1
    assert about(shop, "ben", "overdue")
    assert about(shop, "dana", "in your team")


async def test_what_somebody_had_who_left_is_proposed_to_who_asked_for_it(shop: Workshop) -> None:
    await shop.says("dana", LINE)
    await shop.presses("ben", "Accept")
    await changes(shop, "Ben", active=False)
    await shop.until(at(24, 12, 1))
    action = await shop.row(Action, code="A-1")
    assert (action.state, action.owner_id) == (State.PROPOSED, (await shop.person("Dana")).id)
    assert action.first_due_on == date(2026, 11, 27)
    await shop.presses("dana", "Accept")


async def test_the_lead_hears_also_when_the_owner_is_away_that_morning(shop: Workshop) -> None:
    await shop.says("ben", LINE)
    await shop.says("ben", "away 2 dec")
    await shop.until(at(2, 9, 10, month=12))
    assert about(shop, "dana", "in your team")
    assert not about(shop, "ben", "3 working days ago")


async def test_what_nobody_agreed_to_is_not_overdue_and_is_taken_on_with_a_new_date(shop: Workshop) -> None:
    await shop.says("dana", LINE)
    await shop.until(at(4, 12, month=12))
    assert not about(shop, "dana", "in your team")
    form = await shop.opens("ben", "Accept")
    assert "that day is over" in form.note
    await shop.fills("ben", form, {"due": "2026-12-08"})
    await shop.says("ben", "/action accept A-1")
    action = await shop.row(Action, code="A-1")
    assert (action.state, action.first_due_on, action.redated) == (State.OPEN, date(2026, 12, 8), 0)


@pytest.mark.req("INV-24")
@pytest.mark.parametrize(
    "line",
    ["/action show A-1", "/action A-1", "/action help A-1", "/action due A-1", "/action take A-1", "done A-1",
     '/action add "Look" @Dov due:fri from:A-1', '/action add "Look" @Dov due:fri from:B-7'],
)  # fmt: skip
async def test_people_of_other_companies_do_not_learn_what_is_not_theirs(shop: Workshop, line: str) -> None:
    await shop.says("ben", LINE)
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    await shop.says("ben", "blocked A-2 the customer in 4711 is angry")
    await changes(shop, "Dov", is_external=True)
    said = await shop.says("dov", line)
    assert "I can't find" in said
    assert "eight calls" not in said
    assert "4711" not in said


async def test_a_question_that_would_reach_nobody_is_refused(shop: Workshop) -> None:
    said = await shop.says("amy", '/action ask "Where is the meter?" dept:"Metering Ltd"')
    assert "Nobody of Metering Ltd can be asked here" in said
    async with shop.house.database.read(SYSTEM) as tx:
        assert await tx.all(select(Action)) == []


async def test_a_room_that_is_shut_is_not_asked(shop: Workshop) -> None:
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        for place in await tx.all(select(Place)):
            place.is_open = False
    await shop.says("bea", '/action ask "Is the valve at Oakley open?" dept:Field')
    assert "Bea asks Field for help" in shop.last("raj")


async def test_the_reminder_of_who_had_it_is_settled_when_it_goes_to_somebody_else(shop: Workshop) -> None:
    await shop.says("ben", LINE)
    await shop.until(at(27, 15, 1))
    assert about(shop, "ben", "due today")
    await shop.says("dana", "/action assign A-1 @Cem")
    assert not about(shop, "ben", "1 action is due today")
    assert about(shop, "ben", "Dana gave it to Cem")


async def test_old_news_show_how_it_stands_now(shop: Workshop) -> None:
    await shop.says("dana", LINE)
    await shop.presses("ben", "Not me")
    card = shop.newest("dana", "I'll take it")
    await shop.says("cem", "/action take A-1")
    assert card not in [post.card for post in shop.posts("dana")]


async def test_a_second_action_from_one_blocker_is_noticed(shop: Workshop) -> None:
    await shop.says("ben", LINE)
    await shop.says("ben", "blocked A-1 waiting for the room plan")
    action = await shop.row(Action, code="A-1")
    press = Press("action.from_blocker", {"blocker": str(action.blocker_id)})
    first = await shop.form("dana", press)
    assert next(each.value for each in first.inputs if each.id == "due") == "2026-12-01"  # five working days from now
    await shop.fills("dana", first, {"owner": str((await shop.person("Ben")).id), "due": "2026-11-30"})
    assert "There is one already: A-2" in (await shop.form("dana", press)).note


async def test_what_is_too_long_for_a_card_comes_back_in_the_form(shop: Workshop) -> None:
    form = await shop.form("dana", "/action add due:fri")
    ben = str((await shop.person("Ben")).id)
    back = await shop.comes_back("dana", form, {"title": "x" * 200, "owner": ben, "dod": "y" * 900})
    assert set(back.errors) == {"title", "dod"}


async def test_done_without_evidence_asks_what_shows_it(shop: Workshop) -> None:
    await shop.says("ben", f'{LINE} dod:"all eight"')
    form = await shop.form("ben", "done A-1")
    assert form.verb == "action.claim"
