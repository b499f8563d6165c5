"""`/help`: what one can type, topic by topic, short enough to be read, and never more than one may."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.chat import commands, grammar
from bot.chat.cards import LINES_SHOWN, Group, buttons_of
from bot.chat.commands import Rest
from bot.chat.routing import IN_A_ROOM, Command, Who
from bot.guide import terms, views
from bot.people.rules import is_office_day
from bot.reading import usable
from bot.routes import COMMANDS
from storage.engine import Database
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.workshop import Workshop

TUESDAY = date(2026, 11, 24)
DOCS = Path(__file__).parents[2] / "docs"
NO_COMMANDS = frozenset({"/readyz", "/settings privacy erase"})  # an address, and what the page says there is not yet


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return Workshop(await field_dispatch(sqlite, datetime(2026, 11, 24, 12, tzinfo=UTC)))


async def test_a_topic_with_many_verbs_shows_the_first_and_how_to_see_the_others(shop: Workshop) -> None:
    said = await shop.says("ben", "help")
    assert "/action add  One thing to do" in said
    assert "more: write /help action" in said
    assert "/action reopen" not in said
    assert "/action reopen" in await shop.says("ben", "help action")


@pytest.mark.parametrize("topic", sorted({each.usage.verb.split()[0] for each in COMMANDS}))
async def test_every_topic_can_be_asked_for(shop: Workshop, topic: str) -> None:
    assert f"/{topic}" in await shop.says("ivo", f"/help {topic}")


async def test_one_verb_is_explained_with_two_examples(shop: Workshop) -> None:
    said = await shop.says("ben", "/help action due")
    assert "Another date, and why" in said
    assert '/action due A-104 fri reason:"waiting for parts"' in said
    assert "/action due A-12 18 Dec the supplier is late" in said


def test_nothing_of_it_is_folded_away() -> None:
    cards = [views.help_card(COMMANDS, "Ivo"), views.tour(COMMANDS)]
    cards += [views.topic_card(topic, found) for topic, found in views.by_topic(COMMANDS).items()]
    groups = [each for card in cards for each in card.elements if isinstance(each, Group)]
    assert max(len(group.lines) for group in groups) <= LINES_SHOWN
    assert max(len(buttons_of(card)) for card in cards) <= 5


# --- examples


@pytest.mark.req("S0-13")
@pytest.mark.parametrize("command", COMMANDS, ids=[each.usage.verb for each in COMMANDS])
def test_every_command_has_two_examples_that_are_that_command(command: Command) -> None:
    takes_something = command.usage.rest is not Rest.NONE or command.usage.codes
    assert not takes_something or (command.example and command.also), "it takes something, so say what"
    first, second = command.examples
    assert first != second
    for example in (first, second):
        read = _read(example)
        assert isinstance(read, commands.Command), f"{example!r} is {read}"
        assert read.verb == command.usage.verb, f"{example!r} is read as {read.verb}"


@pytest.mark.parametrize("page", ["council.md", "mail.md"])
def test_what_a_page_says_to_type_is_a_command(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    typed = {*re.findall(r"^/[a-z].*$", text, re.MULTILINE), *re.findall(r"`(/[a-z][^`\n]*)`", text)} - NO_COMMANDS
    assert len(typed) > 3
    unknown = {each: read for each in typed if not isinstance(read := _read(each), commands.Command)}
    assert not unknown


def _read(example: str) -> object:
    line = f"/{example.removeprefix(IN_A_ROOM)}" if example.startswith(IN_A_ROOM) else example
    usages = [each.usage for each in COMMANDS]
    return grammar.read(line, usages, today=TUESDAY, is_working_day=lambda on: is_office_day(on, "GB-ENG"))


# --- by role


@pytest.mark.parametrize(("who", "highest"), [("ben", Who.EVERYBODY), ("dana", Who.LEAD), ("ivo", Who.ADMIN)])
async def test_nobody_is_shown_what_they_may_not_use(shop: Workshop, who: str, highest: Who) -> None:
    async with shop.house.database.read(NORTHWATER) as tx:
        allowed = await usable(tx, await shop.person(who.title()), COMMANDS)
    assert {each.who for each in allowed} == set(list(Who)[: list(Who).index(highest) + 1])
    shown = "\n".join([await shop.says(who, "help"), *[await _topic(shop, who, each) for each in _topics(allowed)]])
    said = {each.usage.verb for each in COMMANDS if f"/{each.usage.verb}  {each.about}" in shown}
    assert said == {each.usage.verb for each in allowed}


def _topics(allowed: Sequence[Command]) -> list[str]:
    return [topic for topic, found in views.by_topic(allowed).items() if len(found) > LINES_SHOWN]


async def _topic(shop: Workshop, who: str, topic: str) -> str:
    return await shop.says(who, f"/help {topic.lower()}")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("ben", "Setting up teams and huddles is for leads"),
        ("dana", "You lead a team, so you also see"),
        ("ivo", "You administer the bot"),
    ],
)
async def test_help_says_for_whom_it_is(shop: Workshop, who: str, words: str) -> None:
    assert words in await shop.says(who, "help")


async def test_a_verb_that_somebody_may_not_use_is_unknown_to_their_help(shop: Workshop) -> None:
    assert "I don't know" in await shop.says("ben", "/help people add")


# --- the tour


async def test_the_tour_tells_leads_how_to_begin_and_nobody_else(shop: Workshop) -> None:
    assert "/team setup in your channel" in await shop.says("dana", "/help first")
    said = await shop.says("ben", "help first")
    assert "/team setup" not in said
    assert "A short tour" in said


async def test_the_tour_leads_to_a_practice_huddle(shop: Workshop) -> None:
    answer = await shop.ask("ben", "/help first")
    form = await shop.opens("ben", "Try a practice huddle", answer.content)  # type: ignore[arg-type]
    assert form.title == "Practice huddle"


# --- what words mean


@pytest.mark.req("S0-13")
async def test_a_word_of_ours_is_explained(shop: Workshop) -> None:
    assert "from 0 to 10" in await shop.says("ben", "/help term NPS")
    assert "from 0 to 10" in await shop.says("ben", "/help term net promoter score")


@pytest.mark.req("S3-28")
async def test_a_streak_is_the_teams_and_nobodys_work_is_judged_by_it(shop: Workshop) -> None:
    said = await shop.says("ben", "/help term streak")
    assert "it brings no reward, and nobody's work is judged by it" in said


async def test_without_a_word_all_are_listed(shop: Workshop) -> None:
    said = await shop.says("ben", "/help term")
    assert all(each.name in said for each in terms.TERMS)


async def test_a_word_that_is_nearly_ours_is_offered_and_another_one_is_not(shop: Workshop) -> None:
    answer = await shop.ask("ben", "/help term quorom")
    assert "Did you mean Quorum?" in answer.content.summary  # type: ignore[union-attr]
    assert "more than half" in await shop.presses("ben", "Quorum", answer.content)  # type: ignore[arg-type]
    assert "Did you mean" not in await shop.says("ben", "/help term xylophone")


@pytest.mark.parametrize("word", sorted(terms.BY_WORD))
def test_every_word_leads_to_a_term_in_one_or_two_sentences(word: str) -> None:
    found = terms.found(word)
    assert found is not None
    assert found.means.endswith(".")
    assert len(found.means) <= 260


def test_no_word_means_two_things() -> None:
    words = [word.casefold() for term in terms.TERMS for word in (term.name, *term.also)]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("term", [each for each in terms.TERMS if each.try_it], ids=lambda each: each.name)
def test_what_a_term_offers_to_show_is_a_command(term: terms.Term) -> None:
    assert isinstance(_read(f"/{term.try_it}"), commands.Command)
