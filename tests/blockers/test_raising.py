"""`/huddle blocker`, lists and cards: what is in the way gets a number, once, and everybody near to it reads it."""

import pytest

from bot.blockers.rules import State
from bot.chat.cards import Card
from storage.blockers import Blocker
from storage.tx import SYSTEM
from tests.blockers.in_the_way import RAISED, TEXT, Way
from tests.support.reading import labels_of, shown_in
from tests.support.workshop import Workshop


async def card_of(shop: Workshop, who: str, line: str, *, room: str = "") -> Card:
    answer = await shop.ask(who, line, room=room)
    assert isinstance(answer.content, Card)
    return answer.content


async def test_a_line_raises_one_and_says_who_hears_of_it_when(shop: Workshop) -> None:
    said = await shop.says("cem", RAISED)
    assert f"B-6 is noted: {TEXT}" in said
    assert "to Dana on Wed 25 Nov, 10:00, unless somebody has it by then" in said
    assert "to Raj and Ann on Fri 27 Nov, 10:00, unless it is solved by then" in said
    assert "to Carl on Tue 1 Dec, 10:00" in said
    blocker = await shop.row(Blocker, code="B-6")
    assert (blocker.cross_department, blocker.customer_stopped, blocker.state) == (True, False, State.RAISED)


@pytest.mark.parametrize(
    ("line", "text", "stopped"),
    [
        ('/blocker "No keys for Mill Lane" customer', "No keys for Mill Lane", True),
        ("/huddle blocker No keys for the customer", "No keys for the customer", False),
        ("/huddle blocker No keys for Mill Lane customer:yes", "No keys for Mill Lane", True),
        ("/huddle blocker it needs the same keys as B-3", "it needs the same keys as B-3", False),
    ],
)
async def test_it_is_read_as_it_is_meant(shop: Workshop, line: str, text: str, stopped: bool) -> None:
    await shop.says("cem", line)
    blocker = await shop.row(Blocker, code="B-6")
    assert (blocker.text, blocker.customer_stopped) == (text, stopped)


async def test_undo_takes_it_away(shop: Workshop) -> None:
    card = await card_of(shop, "cem", RAISED)
    assert "Undone" in await shop.presses("cem", "Undo", card)
    async with shop.house.database.read(SYSTEM) as tx:
        assert await tx.get(Blocker, 1) is None


async def test_without_words_a_form_asks_and_comes_back_with_what_is_missing(shop: Workshop) -> None:
    form = await shop.form("cem", "/huddle blocker dept:Billing")
    assert shown_in(form)["dept"] == "3"
    again = await shop.comes_back("cem", form, {"text": " "})
    assert again.errors == {"text": "Please write a few words here."}
    again = await shop.comes_back("cem", form, {"text": "x" * 501})
    assert "501 characters" in again.errors["text"]
    answer = await shop.fills("cem", form, {"text": "No keys", "customer": "yes"})
    assert isinstance(answer.content, Card)
    blocker = await shop.row(Blocker, code="B-6")
    assert (blocker.text, blocker.department_id, blocker.customer_stopped) == ("No keys", 3, True)


@pytest.mark.parametrize(
    ("who", "line", "said"),
    [
        ("cem", '/huddle blocker "No keys" dept:Stables', "I know no department 'Stables'"),
        ("cem", '/huddle blocker "No keys" team:Stables', "I know no team 'Stables' of yours"),
        ("fin", '/huddle blocker "No keys"', "You are in no team"),
        ("cem", f'/huddle blocker "{"x" * 501}"', "501 characters"),
        ("cem", "/huddle blocker B-99", "I can't find B-99"),
        ("cem", "/huddle resolve", "Which one?"),
        ("cem", "/huddle blockers purple", "You can write mine, all, solved"),
        ("cem", "/huddle reopen B-99 it is back", "I can't find B-99"),
        ("cem", "/huddle blockers purple", "I don't know 'purple' here"),
        ("cem", "/huddle blockers tier:9", "I don't know 'tier:9' here"),
    ],
)
async def test_what_can_not_be_read_is_told_and_nothing_is_kept(shop: Workshop, who: str, line: str, said: str) -> None:
    assert said in await shop.says(who, line)
    async with shop.house.database.read(SYSTEM) as tx:
        assert await tx.get(Blocker, 1) is None


# --- the same again (E-11)


async def test_the_same_person_with_the_same_words_keeps_the_number(shop: Workshop) -> None:
    await shop.says("cem", RAISED)
    assert "B-6, open since today" in await shop.says("cem", f'/huddle blocker "{TEXT.upper()}."')
    assert [each.code for each in await _all(shop)] == ["B-6"]


async def test_what_reads_alike_is_asked_before_it_is_kept(shop: Workshop) -> None:
    await shop.says("cem", RAISED)
    card = await card_of(shop, "ben", '/huddle blocker "2 of 6 jobs had no fault details" customer')
    assert f"looks like B-6 '{TEXT}' (open since Tue 24 Nov)" in card.summary
    assert labels_of(card) == ["Same thing", "It's new"]
    assert len(await _all(shop)) == 1
    assert "in your way too" in await shop.presses("ben", "Same thing", card)
    assert "B-7 is noted" in await shop.presses("ben", "It's new", card)
    assert (await shop.row(Blocker, code="B-7")).customer_stopped


async def test_its_new_pressed_twice_keeps_one(shop: Workshop) -> None:
    await shop.says("cem", RAISED)
    card = await card_of(shop, "ben", '/huddle blocker "2 of 6 jobs had no fault details"')
    await shop.presses("ben", "It's new", card)
    assert "B-7, open since today" in await shop.presses("ben", "It's new", card)
    assert len(await _all(shop)) == 2


async def test_the_same_thing_that_was_solved_in_between_is_told(shop: Workshop) -> None:
    await shop.says("cem", RAISED)
    card = await card_of(shop, "ben", '/huddle blocker "2 of 6 jobs had no fault details"')
    await shop.says("cem", "resolved B-6")
    assert "Nothing was changed." in await shop.presses("ben", "Same thing", card)


async def test_what_is_solved_is_not_the_same_any_more(shop: Workshop) -> None:
    await shop.says("cem", RAISED)
    await shop.says("cem", "resolved B-6")
    assert "B-7 is noted" in await shop.says("ben", f'/huddle blocker "{TEXT}"')


async def _all(shop: Workshop) -> list[Blocker]:
    async with shop.house.database.read(SYSTEM) as tx:
        found = [await tx.get(Blocker, number) for number in range(1, 10)]
    return [each for each in found if each is not None]


# --- looked at


async def test_the_card_says_how_it_stands_and_what_can_be_done(shop: Workshop) -> None:
    await shop.says("cem", RAISED)
    card = await card_of(shop, "dana", "blocker B-6")
    assert card.summary == f"B-6 is open, and in nobody's hands yet: {TEXT}"
    assert labels_of(card) == ["I'll take it", "Pass to department", "Solved", "I know someone", "Make it an action"]
    assert labels_of(await card_of(shop, "cem", "blocker B-6"))[:2] == ["I can help", "Solved"]
    assert "Solved" not in labels_of(await card_of(shop, "ann", "blocker B-6"))


async def test_who_has_nothing_to_do_with_it_reads_no_word_of_it(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    assert "I can't find B-6" in await shop.says("fin", "blocker B-6")
    assert "I can't find B-6" in await way.press("fin", "blocker.show", "B-6")
    assert TEXT not in await shop.says("fin", "/huddle blockers all")


async def test_a_list_has_the_team_s_open_ones_and_what_is_asked_for(shop: Workshop) -> None:
    await shop.says("cem", RAISED)
    await shop.says("ben", '/huddle blocker "Van 12 is out of meter seals" customer')
    await shop.says("ben", '/huddle blocker "The booking system is down"')
    await shop.says("ben", "resolved B-8")
    whole = await shop.says("cem", "/huddle blockers")
    assert whole.index("Van 12") < whole.index(TEXT), "a customer without service comes first"
    assert "In the way of Field Dispatch" in whole
    assert "booking" not in whole
    for line, shown, hidden in (
        ("mine", TEXT, "Van 12"),
        ("stopped", "Van 12", TEXT),
        ("solved", "booking", "Van 12"),
        ('dept:"Call centre"', TEXT, "Van 12"),
        ('team:"Field Dispatch"', "Van 12", "booking"),
        ("tier:2", "", TEXT),
    ):
        said = await shop.says("cem", f"/huddle blockers {line}")
        assert shown in said, line
        assert hidden not in said, line
    assert "Nothing is in the way" in await shop.says("cem", "/huddle blockers tier:3")


async def test_a_long_list_has_ten_and_more(shop: Workshop) -> None:
    for name in ("seals", "keys", "vans", "plans", "notes", "desks", "phones", "maps", "gloves", "lamps", "ropes"):
        await shop.says("cem", f'/huddle blocker "{name}"')
    card = await card_of(shop, "cem", "/huddle blockers")
    assert "11 blockers" in card.summary
    assert "ropes" in await shop.presses("cem", "More", card)
