"""A search finds what has all of the words, the likeliest first, and only what this person may see."""

import pytest
from sqlmodel import select

from bot.chat.cards import Card, Group
from bot.chat.spans import plain
from bot.ports import Press
from bot.search.rules import line_of, read_line, terms
from storage.actions import Action, ActionHelper
from storage.blockers import Blocker
from storage.customers import VocItem
from storage.engine import Database
from storage.initiatives import Stakeholder
from storage.searching import SearchEntry
from tests.search.chain import MONDAY, Chain, a_chain
from tests.support.company import acting
from tests.support.reading import button_of, labels_of, words_of


def titles(card: Card) -> list[str]:
    """What was found, in the order in which it is shown."""
    return [plain(line.text) for each in card.elements if isinstance(each, Group) for line in each.lines]


async def actions(chain: Chain, *all_titles: str) -> None:
    """New actions of Dana's, numbered from A-201 on."""
    dana = chain.company.people["dana"].id
    async with acting(chain.database, chain.company, "dana") as tx:
        for number, title in enumerate(all_titles, start=201):
            tx.add(Action(code=f"A-{number}", title=title, requester_id=dana, owner_id=dana))
            await tx.flush()


async def test_all_the_words_must_be_there_in_any_case_and_order(database: Database) -> None:
    chain = await a_chain(database)
    assert titles(await chain.sees("dana", "/search DETAILS fault")) == [
        "Call script with fault details  I-4",
        "3 of 8 jobs had no fault details  B-7",
    ]
    assert titles(await chain.sees("dana", "/search details fault script")) == ["Call script with fault details  I-4"]


async def test_a_quoted_text_is_looked_for_as_it_stands(database: Database) -> None:
    chain = await a_chain(database)
    await actions(chain, "calls, eight of them")
    assert titles(await chain.sees("dana", '/search "eight calls"')) == ["Check eight calls  A-104"]


async def test_a_code_comes_first_then_titles_that_begin_with_the_words_then_titles_then_others(
    database: Database,
) -> None:
    chain = await a_chain(database)
    await actions(chain, "Order valves", "Valves for the depot", "As A-104 says", "Nothing")
    async with acting(database, chain.company, "dana") as tx:
        last = await tx.first(select(Action).where(Action.code == "A-204"))
        assert last is not None
        last.done_when = "all valves hold"
    found = titles(await chain.sees("dana", "/search valves"))
    assert found == ["Valves for the depot  A-202", "Order valves  A-201", "Nothing  A-204"]
    card = await chain.sees("dana", "/search a-104")
    assert titles(card) == ["Check eight calls  A-104", "As A-104 says  A-203"]
    pressed = button_of(card, "Trace A-104")
    assert words_of(await chain.sees("dana", Press(pressed.verb, pressed.ids))).startswith("Trace of A-104")


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Prüfung der Übergabe", "ÜBERGABE prüfung"),
        ("Straße öffnen", "STRASSE ÖFFNEN"),
        ("ΣΕΙΡΆ", "σειρά"),
        ("50% off_peak", "50% off_peak"),
        ("back\\slash /path", "back\\slash"),
        ("ﬁle the form", "FILE"),
    ],
)
async def test_letters_are_folded_alike_on_both_databases(database: Database, title: str, typed: str) -> None:
    chain = await a_chain(database)
    await actions(chain, title)
    assert titles(await chain.sees("dana", f"/search {typed}")) == [f"{title}  A-201"]


@pytest.mark.parametrize("typed", ["%", "_", "c%l", "che_k", "%%%", "\\", "/x%"])
async def test_wildcards_in_what_people_type_are_letters(database: Database, typed: str) -> None:
    chain = await a_chain(database)
    assert (await chain.says("dana", f'/search "{typed}"')).startswith("I found nothing for")


async def test_ten_are_shown_and_more_behind_a_press(database: Database) -> None:
    chain = await a_chain(database)
    await actions(chain, *(f'Depot "north" {number}'.replace('"', "'") for number in range(1, 24)))
    first = await chain.sees("dana", "/search 'north' depot")
    assert words_of(first).startswith("23 things found\nFor: 'north' depot · 1 to 10 of 23")
    assert len(titles(first)) == 10
    assert labels_of(first) == ["More"]
    second = await chain.sees("dana", pressed(first, "More"))
    third = await chain.sees("dana", pressed(second, "More"))
    assert (len(titles(third)), labels_of(third)) == (3, ["Back"])
    everything = [*titles(first), *titles(second), *titles(third)]
    assert len(set(everything)) == 23
    assert titles(await chain.sees("dana", pressed(third, "Back"))) == titles(second)


async def test_an_inch_sign_is_looked_for_on_every_page(sqlite: Database) -> None:
    chain = await a_chain(sqlite)
    await actions(
        chain, *(f'Order 5" pipe {number}' for number in range(12)), *(f"Order 5 pipes {n}" for n in range(9))
    )
    first = await chain.sees("dana", '/search 5" pipe')
    second = await chain.sees("dana", pressed(first, "More"))
    assert words_of(second).startswith('12 things found\nFor: 5" pipe · 11 to 12 of 12')
    assert titles(await chain.sees("dana", pressed(second, "Back"))) == titles(first)


async def test_nine_words_are_too_many_and_the_answer_says_so(sqlite: Database) -> None:
    chain = await a_chain(sqlite)
    assert await chain.says("dana", "/search a b c d e f g h i") == (
        "Those are nine words; please look for at most eight. What stands in quotation marks counts as one."
    )
    assert (await chain.says("dana", "/search a b c d e f g h")).startswith("I found nothing")


def pressed(card: Card, label: str) -> Press:
    """That button of a card."""
    button = button_of(card, label)
    return Press(button.verb, button.ids)


async def test_words_follow_a_change_an_undo_and_a_withdrawal(database: Database) -> None:
    chain = await a_chain(database)
    async with acting(database, chain.company, "cem") as tx:
        voice = VocItem(
            code="V-9", words="Nobody rang", heard_by=chain.company.people["cem"].id, received_on=MONDAY, source="call"
        )
        tx.add(voice)
        await tx.flush()
        voice.words = "Nobody called me back"
    assert (await chain.says("dana", "/search rang")).startswith("I found nothing for rang.")
    assert titles(await chain.sees("dana", "/search called")) == ["Nobody called me back  V-9"]
    async with acting(database, chain.company, "cem") as tx:
        (await tx.need(VocItem, voice.id)).state = VocItem.State.WITHDRAWN
    assert (await chain.says("dana", "/search called")).startswith("I found nothing")
    async with acting(database, chain.company, "cem") as tx:
        await tx.session.delete(await tx.need(Action, chain.numbers["A-105"]))
    async with database.read(chain.company.id) as tx:
        assert "a-105" not in await tx.all(select(SearchEntry.code))


async def test_a_blocker_is_found_by_those_near_to_it(database: Database) -> None:
    chain = await a_chain(database)
    for who, finds in (("cem", True), ("dana", True), ("zoe", False)):
        card = await chain.sees(who, '/search "3 of 8 jobs"')
        assert bool(titles(card)) is finds, who
    async with acting(database, chain.company, "dana") as tx:
        (await tx.need(Blocker, chain.numbers["B-7"])).taken_by = chain.company.people["zoe"].id
    assert titles(await chain.sees("zoe", '/search "3 of 8 jobs"')) == ["3 of 8 jobs had no fault details  B-7"]


async def test_a_guest_finds_what_they_own_asked_for_help_with_or_have_a_stake_in(database: Database) -> None:
    chain = await a_chain(database)
    gil = chain.company.people["gil"].id
    assert (await chain.says("gil", "/search e")).startswith("I found nothing for e.")
    async with acting(database, chain.company, "dana") as tx:
        tx.add(ActionHelper(action_id=chain.numbers["A-104"], person_id=gil))
        (await tx.need(Action, chain.numbers["A-105"])).requester_id = gil
        part = Stakeholder.Part.CONSULTED
        tx.add(Stakeholder(initiative_id=chain.numbers["I-4"], person_id=gil, part=part))
    found = titles(await chain.sees("gil", "/search e"))
    assert sorted(found) == [
        "Call script with fault details  I-4",
        "Check eight calls  A-104",
        "Order pump seals  A-105",
    ]


async def test_nothing_of_another_organisation_is_found(database: Database) -> None:
    other = await a_chain(database, "Southwater")
    await actions(other, "Only in the south")
    chain = await a_chain(database)
    assert (await chain.says("dana", "/search south")).startswith("I found nothing for south.")


async def test_a_search_without_words_or_with_too_many_says_what_to_do(sqlite: Database) -> None:
    chain = await a_chain(sqlite)
    assert await chain.says("dana", "/search") == ("What are you looking for? For example: /search fault details")
    assert "at most 200 characters" in await chain.says("dana", f"/search {'x' * 300}")
    assert (await chain.says("dana", "/search qqq zzz")) == (
        "I found nothing for qqq zzz. Try fewer words: all of them must be there. A code such as A-104 works, too."
    )


async def test_a_press_with_odd_contents_is_no_trouble(sqlite: Database) -> None:
    chain = await a_chain(sqlite)
    for ids in ({}, {"words": ""}, {"words": "calls", "after": "-4"}, {"words": "calls", "after": "9" * 30}):
        assert "Something went wrong" not in words_of(await chain.sees("dana", Press("search.more", ids)))


def test_terms_come_back_from_the_line_they_were_written_to() -> None:
    for typed in (("mill",), ("mill lane", "valve"), ("a", "b c", "d"), ('5"', "pipe"), ('"', '""', 'a "b'), ("a\\",)):
        assert read_line(line_of(typed)) == typed
    assert terms("a b a", ("c d", "  ")) == ("c d", "a", "b")


async def test_too_many_are_not_counted_and_one_more_word_is_asked_for(database: Database) -> None:
    chain = await a_chain(database)
    dana = chain.company.people["dana"].id
    async with acting(database, chain.company, "dana") as tx:
        for number in range(1000, 1600):
            tx.add(Action(code=f"A-{number}", title=f"Listen to call {number}", requester_id=dana))
    found = await chain.says("dana", "/search call")
    assert found.startswith("More than 500 things found\nFor: call · 1 to 10; one more word finds less")
    assert "Call script with fault details  I-4" not in found  # the newest are looked through
    assert (await chain.says("dana", "/search call 1234")).startswith("1 thing found")
    assert "Check eight calls  A-104" in (await chain.says("dana", "/search A-104"))
