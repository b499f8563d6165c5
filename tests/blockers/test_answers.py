"""Answers that name what is in the way already: the same number, or a question that loses nothing (E-11)."""

from datetime import UTC, datetime

import pytest

from bot.blockers.rules import State
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.replies import Answer
from bot.ports import Press, Submission
from storage.blockers import Blocker
from storage.huddles import HuddleAnswer
from storage.tx import SYSTEM
from tests.blockers.in_the_way import TEXT, Way
from tests.support.reading import labels_of
from tests.support.workshop import Workshop

ALIKE = "2 of 6 jobs had no fault details"


def at(day: int, hour: int = 9, minute: int = 16) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def answers(shop: Workshop, who: str, blocker: str, **more: str) -> Answer | None:
    """Somebody sends the form of today's huddle."""
    return await Way(shop).answer(who, blocker, **more)


async def codes(shop: Workshop) -> list[str]:
    async with shop.house.database.read(SYSTEM) as tx:
        found = [await tx.get(Blocker, number) for number in range(1, 9)]
    return [each.code for each in found if each is not None]


async def the_blocker_of(shop: Workshop, who: str) -> str:
    """What the newest edition of somebody's newest answer names."""
    person = await shop.person(who.title())
    async with shop.house.database.read(SYSTEM) as tx:
        found = [await tx.get(HuddleAnswer, number) for number in range(1, 20)]
        newest = max((each for each in found if each and each.person_id == person.id), key=lambda each: each.id)
        blocker = await tx.get(Blocker, newest.blocker_id or 0)
    return blocker.code if blocker else ""


def card_of(answer: Answer | None) -> Card:
    assert answer is not None
    assert isinstance(answer.content, Card)
    return answer.content


@pytest.mark.req("S3-28")
async def test_yesterdays_words_keep_yesterdays_number_and_it_says_how_long(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT)
    await shop.until(at(27))
    card = card_of(await answers(shop, "cem", TEXT.lower()))
    assert "B-6, open for 2 working days" in card.summary
    assert await codes(shop) == ["B-6"]
    assert await the_blocker_of(shop, "cem") == "B-6"


async def test_the_same_words_in_a_line_of_text_keep_it_too(shop: Workshop) -> None:
    await shop.until(at(25))
    await shop.says("cem", f"Rota\nNotes\n{TEXT}\n-")
    await shop.until(at(26))
    said = await shop.says("cem", f"Rota\nNotes\n{TEXT}\n-")
    assert "Thank you, Cem. Noted at 09:16" in said
    assert "B-6, open for 1 working day" in said
    assert await codes(shop) == ["B-6"]


@pytest.mark.req("S3-28")
async def test_what_reads_alike_is_kept_at_once_and_counts_as_the_same_while_nobody_says_otherwise(
    shop: Workshop,
) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT)
    card = card_of(await answers(shop, "ben", ALIKE))
    assert f"Still waiting for the same? That looks like B-6 '{TEXT}'" in card.summary
    assert labels_of(card) == ["Same thing", "It's new"]
    assert await the_blocker_of(shop, "ben") == "B-6"
    assert await codes(shop) == ["B-6"]
    assert "counts as B-6" in await shop.presses("ben", "Same thing", card)
    assert (await shop.row(Blocker, code="B-6")).text == TEXT


async def test_it_is_new_by_one_press_and_by_a_second_one_no_more(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT)
    card = card_of(await answers(shop, "ben", ALIKE, helper="3"))
    assert "B-7" in await shop.presses("ben", "It's new", card)
    new = await shop.row(Blocker, code="B-7")
    assert (new.text, new.department_id, new.raised_by) == (ALIKE, 3, (await shop.person("Ben")).id)
    assert await the_blocker_of(shop, "ben") == "B-7"
    assert "its own number already" in await shop.presses("ben", "It's new", card)
    assert await codes(shop) == ["B-6", "B-7"]


async def test_the_question_is_not_somebody_elses_to_answer(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT)
    card = card_of(await answers(shop, "ben", ALIKE))
    assert "older message" in await shop.presses("cem", "It's new", card)
    assert await codes(shop) == ["B-6"]


async def test_an_edit_of_what_counts_as_somebody_elses_leaves_their_words(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT)
    await answers(shop, "ben", ALIKE)
    await answers(shop, "ben", "4 of 6 jobs had no fault details")
    assert (await shop.row(Blocker, code="B-6")).text == TEXT
    await answers(shop, "ben", "The booking system is down")
    assert await codes(shop) == ["B-6", "B-7"]
    assert await the_blocker_of(shop, "ben") == "B-7"
    gone = await answers(shop, "ben", "none")
    assert "You took B-7 out" in card_of(gone).summary


async def test_who_takes_out_what_somebody_else_raised_is_not_asked_whether_it_is_solved(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT)
    await answers(shop, "ben", ALIKE)
    assert await answers(shop, "ben", "none") is None
    assert (await shop.row(Blocker, code="B-6")).state is State.RAISED


async def test_a_customer_without_service_waits_for_no_question(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT)
    await answers(shop, "ben", ALIKE, stopped="yes")
    assert await codes(shop) == ["B-6", "B-7"]
    assert (await shop.row(Blocker, code="B-7")).customer_stopped


async def test_yesterdays_words_with_a_customer_without_service_make_it_go_up_at_once(shop: Workshop) -> None:
    way = Way(shop)
    await shop.until(at(25))
    await answers(shop, "cem", TEXT, helper="1")
    await shop.until(at(26))
    await answers(shop, "cem", TEXT, stopped="yes")
    await shop.until(at(26, 9, 18))
    assert [name for name, tier in await way.asked() if tier == 2] == ["Raj", "Ann"]
    assert (await way.now("B-6")).department_id == 1


async def test_what_was_solved_yesterday_and_is_back_has_a_number_of_its_own(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT)
    await shop.says("cem", "resolved B-6 found the notes")
    await shop.until(at(26))
    await answers(shop, "cem", TEXT)
    assert await codes(shop) == ["B-6", "B-7"]


async def test_the_summary_lists_it_once_with_its_age(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT)
    await shop.until(at(26))
    await answers(shop, "cem", TEXT)
    await answers(shop, "ben", ALIKE)
    await shop.until(at(26, 9, 31))
    in_the_way = next(words for words in reversed(shop.house.room) if words.startswith("Huddle") and TEXT in words)
    assert in_the_way.count("B-6") == 1
    assert "1 working day" in in_the_way


async def met_and_solved(shop: Workshop, *, reply: str = "resolved B-6 found the notes") -> Card:
    """Cem is asked whether his is Amy's, and meanwhile Amy solves hers."""
    await shop.until(at(25))
    await answers(shop, "amy", TEXT)
    card = card_of(await answers(shop, "cem", ALIKE))
    await shop.says("amy", reply)
    return card


@pytest.mark.req("S3-28")
async def test_what_only_reads_like_a_solved_one_does_not_go_away_with_it(shop: Workshop) -> None:
    card = await met_and_solved(shop)
    answer = await shop.press("cem", "Same thing", card)
    said = card_of(answer)
    assert "B-6 is solved by now" in said.summary
    assert labels_of(said) == ["It's new", "Reopen"]
    assert "B-7" in await shop.presses("cem", "It's new", said)
    assert (await shop.row(Blocker, code="B-7")).text == ALIKE
    assert await the_blocker_of(shop, "cem") == "B-7"


async def test_or_it_is_opened_again_and_then_it_is_the_same_thing(shop: Workshop) -> None:
    card = await met_and_solved(shop)
    said = card_of(await shop.press("cem", "Same thing", card))
    await shop.fills("cem", await shop.opens("cem", "Reopen", said), {"why": "Mine has none either"})
    assert (await shop.row(Blocker, code="B-6")).state is State.RAISED
    assert "counts as B-6" in await shop.presses("cem", "Same thing", card)


async def test_whose_answer_counts_as_it_hears_that_it_is_solved_and_nobody_else(shop: Workshop) -> None:
    await met_and_solved(shop)
    assert "B-6 is solved, says Amy" in shop.last("cem")
    assert not any("B-6 is solved" in post.words for post in shop.posts("ben"))


async def test_whose_answer_names_something_else_by_now_hears_nothing(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "amy", TEXT)
    await answers(shop, "cem", ALIKE)
    await answers(shop, "cem", "The booking system is down")
    await shop.says("amy", "resolved B-6 found the notes")
    assert not any("B-6 is solved" in post.words for post in shop.posts("cem"))


async def test_same_thing_by_command_offers_to_open_it_again_where_it_was_solved(calm: Workshop) -> None:
    way = Way(calm)
    await way.put(State.RESOLVED)
    answer = await calm.ask("cem", Press("blocker.same", {"blocker": str((await way.now()).id)}))
    assert labels_of(card_of(answer)) == ["Reopen"]


@pytest.mark.req("S3-28")
@pytest.mark.parametrize(("words", "named"), [("", {"stopped": "yes"}), ("none", {"helper": "1"})])
async def test_who_could_help_or_a_customer_who_waits_needs_a_word_what_for(
    shop: Workshop, words: str, named: dict[str, str]
) -> None:
    await shop.until(at(25))
    form = await the_form(shop, "cem", words, named)
    assert "What is in the way?" in form.errors["blocker"]
    assert {each.id: each.value for each in form.inputs} | named | {"focus": "Notes", "blocker": words} == {
        each.id: each.value for each in form.inputs
    }
    assert await codes(shop) == []
    kept = {each.id: each.value for each in form.inputs} | {"blocker": "No water at Mill Lane"}
    await shop.hand_in("cem", Submission(form.verb, kept, form.ids))
    assert await codes(shop) == ["B-6"]


async def test_nobody_in_particular_needs_no_words(shop: Workshop) -> None:
    await shop.until(at(25))
    assert await answers(shop, "cem", "none", helper="none") is None


async def test_what_was_taken_out_of_an_answer_may_leave_who_could_help_as_it_was(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", TEXT, helper="1", stopped="yes")
    assert "You took B-6 out" in card_of(await answers(shop, "cem", "none")).summary


async def the_form(shop: Workshop, who: str, words: str, named: dict[str, str]) -> Form:
    """The huddle's form as it comes back."""
    answer = await answers(shop, who, words, **named)
    assert answer is not None
    assert isinstance(answer.content, Form)
    return answer.content


async def test_a_thread_and_a_confirmation_leave_out_what_says_nothing(shop: Workshop) -> None:
    await shop.until(at(25))
    await answers(shop, "cem", "NA", customer="no")
    assert "In the way" not in shop.last("cem")
    assert "From a customer" not in shop.last("cem")
    await shop.until(at(25, 9, 31))
    whole = next(words for words in reversed(shop.house.room) if words.startswith("All answers"))
    assert "Notes" in whole
    assert "In the way" not in whole
    assert "From a customer" not in whole
