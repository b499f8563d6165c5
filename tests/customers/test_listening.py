"""Customers' words, practices that others adopt, and research notes; at Northwater."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.customers import agenda, views
from storage import links
from storage.customers import Adoption, BestPractice, ResearchNote, VocItem, mark_read
from storage.links import Thing
from storage.tx import SYSTEM
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of
from tests.support.workshop import Workshop

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PRACTICE = '/story practice "We read the fault back before we book a visit"'
Level = ResearchNote.Level


# --- customers' words


async def test_a_customer_s_words_are_kept_without_what_could_name_them(shop: Workshop) -> None:
    said = await shop.says("ben", '/voc add "Ring me on 07700 900123 about the leak" stage:Visit score:2 high')
    assert "V-8 is kept." in said
    assert "Ring me on … about the leak" in said
    assert "high · Visit · score 2 of 10" in said
    assert "I left out what could name the customer." in said
    item = await shop.row(VocItem, code="V-8")
    assert (item.stage, item.score, item.is_high, item.source) == ("Visit", 2, True, "voc")
    assert "Ring me on … about the leak" in await shop.says("amy", "/voc")


async def test_a_quote_amid_words_is_some_of_them(shop: Workshop) -> None:
    await shop.says("ben", '/voc add He said "never again" to me')
    assert (await shop.row(VocItem, code="V-8")).words == 'He said "never again" to me'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "What did the customer say?"),
        ('"Too late" score:11', "a whole number from 0 to 10"),
        ('"Too late" score:-1', "a whole number from 0 to 10"),
        ('"Too late" hihg', "I don't know what 'hihg' is"),
        ("high", "What did the customer say?"),
        ("No water since six HIGH dept:Field", '/voc add "No water since six" dept:"Field" high.'),
        ("The bill is too high", "If the customer said 'high': /voc add \"The bill is too high\"."),
        (f'"{"late " * 250}"', "at most 1000 fit"),
        (f'"Too late" stage:"{"a" * 61}"', "at most 60 fit"),
    ],
)
async def test_what_can_t_be_kept_says_why(shop: Workshop, line: str, words: str) -> None:
    assert words in await shop.says("ben", f"/voc add {line}")
    assert "Nobody has written down" in await shop.says("ben", "/voc list")


@pytest.mark.req("S1-01")
async def test_the_newest_words_that_no_meeting_has_read_come_first(shop: Workshop) -> None:
    for words in ("First", "Second", "Third", "Fourth"):
        await shop.says("ben", f'/voc add "{words}"')
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        found = await agenda.newest_words(tx)
        assert [each.words for each in found] == ["Fourth", "Third", "Second"]
        await mark_read(tx, [each.id for each in found[:2]], 7)
        await mark_read(tx, [found[0].id], 8)
        assert [each.words for each in await agenda.newest_words(tx)] == ["Second", "First"]
        assert found[0].shown_in == 7, "the first meeting that read it keeps it"


# --- practices


@pytest.mark.req("S2-21")
async def test_two_departments_adopt_a_practice_and_each_counts_once(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    said = await shop.says("ann", PRACTICE)
    assert "Kept as a practice of Call centre." in said
    assert "Adopted by 1: Field" in await shop.presses("raj", "Adopt")
    card = shop.newest("bea", "Adopt")
    assert "Adopted by 2: Field and Billing" in await shop.presses("bea", "Adopt", card)
    assert "Billing has adopted it already. Adopted by 2" in await shop.presses("bea", "Adopt", card)
    assert "Adopted by 2" in await shop.says("ben", "/story practice")
    assert "Field adopted it." in shop.last("raj")
    async with shop.house.database.read(SYSTEM) as tx:
        assert len(await tx.all(select(Adoption))) == 2


async def test_a_colleague_of_a_department_answers_for_it_too_and_it_may_think_again(shop: Workshop) -> None:
    await shop.says("ann", PRACTICE)
    card = shop.newest("raj", "Not for us")
    assert "Noted: not for Field. Adopted by nobody yet." in await shop.presses("raj", "Not for us", card)
    answer = await shop.press("ben", "Adopt", card)
    assert answer is not None
    assert isinstance(answer.content, Card)
    assert "Field adopts it. Adopted by 1: Field." in answer.content.summary
    assert (await shop.row(Adoption)).answered_by == (await shop.person("Ben")).id
    await shop.presses("ben", "Undo", answer.content)
    assert (await shop.row(Adoption)).verdict is Adoption.Verdict.NOT_FOR_US


async def test_only_another_department_adopts(shop: Workshop) -> None:
    await shop.says("ann", PRACTICE)
    card = shop.newest("raj", "Adopt")
    assert "That is what Call centre does already" in await shop.presses("ann", "Adopt", card)
    assert "I don't know which department you belong to" in await shop.presses("carl", "Adopt", card)
    assert "I don't know which department" in await shop.says("carl", PRACTICE)
    async with shop.house.database.read(SYSTEM) as tx:
        assert await tx.all(select(Adoption)) == []


async def test_the_list_has_a_button_where_one_s_department_has_not_answered(shop: Workshop) -> None:
    assert "No practice is written down yet." in await shop.says("ben", "/story practice")
    await shop.says("ann", PRACTICE)
    mine = await shop.ask("ben", "/story practice")
    own = await shop.ask("ann", "/story practice")
    assert isinstance(mine.content, Card)
    assert isinstance(own.content, Card)
    assert (labels_of(mine.content), labels_of(own.content)) == (["Adopt"], [])
    await shop.presses("ben", "Adopt", mine.content)
    again = await shop.ask("ben", "/story practice")
    assert isinstance(again.content, Card)
    assert labels_of(again.content) == []


async def test_a_practice_that_was_taken_back_is_offered_no_more(shop: Workshop) -> None:
    answer = await shop.ask("ann", PRACTICE)
    card = shop.newest("raj", "Adopt")
    assert isinstance(answer.content, Card)
    await shop.presses("ann", "Undo", answer.content)
    assert "I can't find that practice any more" in await shop.presses("raj", "Adopt", card)
    async with shop.house.database.read(SYSTEM) as tx:
        assert await tx.all(select(BestPractice)) == []


# --- research


@pytest.mark.req("S1-07")
async def test_a_level_without_a_note_is_named(shop: Workshop) -> None:
    await shop.says("ben", '/voc research "Two of three call twice" level:operational about:experience')
    await shop.says("amy", '/voc insight "A survey of 900" level:research about:market link:https://example.org/a')
    said = await shop.says("cem", "/voc insight")
    assert "No strategic insight this period." in said
    assert "Two of three call twice" in said
    async with shop.house.database.read(NORTHWATER) as tx:
        found = await agenda.research_since(tx, NOON - timedelta(days=1))
        later = await agenda.research_since(tx, NOON + timedelta(days=1))
    assert (found.missing, [each.text for each in found.of(Level.RESEARCH)]) == ([Level.STRATEGIC], ["A survey of 900"])
    assert (later.notes, later.missing) == ([], list(Level))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("about:market", "It can be strategic, operational or research"),
        ("level:deep about:market", "I don't know level:deep. It can be strategic"),
        ("level:strategic about:weather", "organisation, market or experience"),
        ("level:strategic about:market link:ftp-server", "is no link"),
    ],
)
async def test_a_note_needs_its_level_and_its_subject(shop: Workshop, more: str, words: str) -> None:
    assert words in await shop.says("ben", f'/voc research "A survey" {more}')
    assert "No new research." in await shop.says("ben", "/voc research")


@pytest.mark.req("S2-25")
async def test_words_that_led_to_nothing_are_counted(shop: Workshop) -> None:
    for words in ("First", "Second"):
        await shop.says("ben", f'/voc add "{words}"')
    first = await shop.row(VocItem, words="First")
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        assert (await agenda.research_since(tx, NOON)).orphans == 2
        await links.link(tx, (Thing.VOC, first.id), (Thing.ACTION, 1))
        assert (await agenda.research_since(tx, NOON)).orphans == 1
        assert (await agenda.research_since(tx, NOON + timedelta(days=1))).orphans == 0
    assert views.orphans_line(1) == "1 of what customers said has led to nothing yet"
