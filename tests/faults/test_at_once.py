"""People who press, edit and send at the same moment, over real HTTP: each keeps their own, nobody doubles anything."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.blockers import Blocker
from storage.huddles import HuddleAnswer, HuddleRun
from storage.people import Person
from storage.tx import SYSTEM
from tests.scenarios.stage import Stage, open_stage
from tests.support.reading import button_of, labels_of, words_of

pytestmark = pytest.mark.slow

AT_0915 = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)


async def kept(stage: Stage) -> list[tuple[str, int, str]]:
    """Today's answers: name, edition, focus."""
    async with stage.house.database.read(SYSTEM) as tx:
        run = select(HuddleRun.id).where(HuddleRun.local_date == AT_0915.date())
        names = {person.id: person.name for person in await tx.all(select(Person))}
        found = await tx.all(select(HuddleAnswer).where(col(HuddleAnswer.run_id).in_(run)))
    return sorted((names[each.person_id], each.edition, each.answers["focus"]) for each in found)


async def the_form(stage: Stage, user: str) -> Form:
    """Somebody presses Answer, or Change my answer."""
    post = await stage.prompt(user)
    assert post.card is not None
    label = next(each for each in labels_of(post.card) if each in {"Answer", "Change my answer"})
    opened = await stage.press(user, post, button_of(post.card, label))
    assert opened is not None
    assert isinstance(opened.content, Form)
    return opened.content


@pytest.mark.req("INV-1", "INV-21")
async def test_people_at_once(database_url: str) -> None:
    async with open_stage(database_url) as stage:
        await stage.until(AT_0915)
        await two_who_send_at_once_each_have_their_own_answer(stage)
        await the_same_form_sent_twice_at_once_is_one_edition(stage)
        await two_versions_sent_at_once_are_two_editions_and_the_newest_counts(stage)
        await an_edit_while_a_colleague_edits_keeps_both(stage)
        await one_delivery_three_times_at_once_is_one_answer(stage)


async def two_who_send_at_once_each_have_their_own_answer(stage: Stage) -> None:
    forms = await asyncio.gather(the_form(stage, "amy"), the_form(stage, "ben"))
    await asyncio.gather(
        stage.submit("amy", forms[0], {"focus": "Valves", "blocker": "no key"}),
        stage.submit("ben", forms[1], {"focus": "Meters", "blocker": "no van"}),
    )
    assert await kept(stage) == [("Amy", 1, "Valves"), ("Ben", 1, "Meters")]
    async with stage.house.database.read(SYSTEM) as tx:
        new = await tx.all(select(Blocker).where(Blocker.raised_on == AT_0915.date()).order_by(col(Blocker.id)))
    assert sorted(blocker.text for blocker in new) == ["no key", "no van"]
    assert sorted(blocker.code for blocker in new) == ["B-7", "B-8"]


async def the_same_form_sent_twice_at_once_is_one_edition(stage: Stage) -> None:
    form = await the_form(stage, "cem")
    await asyncio.gather(*(stage.submit("cem", form, {"focus": "Mill Lane"}) for _ in range(3)))
    assert [each for each in await kept(stage) if each[0] == "Cem"] == [("Cem", 1, "Mill Lane")]


async def two_versions_sent_at_once_are_two_editions_and_the_newest_counts(stage: Stage) -> None:
    form = await the_form(stage, "dee")
    await asyncio.gather(
        stage.submit("dee", form, {"focus": "Call back four"}), stage.submit("dee", form, {"focus": "Call back five"})
    )
    mine = [each for each in await kept(stage) if each[0] == "Dee"]
    assert [edition for _, edition, _ in mine] == [1, 2]
    assert {focus for _, _, focus in mine} == {"Call back four", "Call back five"}
    assert mine[-1][2] in (await stage.prompt("dee")).words
    assert mine[0][2] not in (await stage.prompt("dee")).words


async def an_edit_while_a_colleague_edits_keeps_both(stage: Stage) -> None:
    forms = await asyncio.gather(the_form(stage, "amy"), the_form(stage, "ben"))
    await asyncio.gather(
        stage.submit("amy", forms[0], {"focus": "Valves and seals"}),
        stage.submit("ben", forms[1], {"focus": "Meters and seals"}),
    )
    newest = {name: focus for name, _, focus in await kept(stage)}
    assert (newest["Amy"], newest["Ben"]) == ("Valves and seals", "Meters and seals")


async def one_delivery_three_times_at_once_is_one_answer(stage: Stage) -> None:
    answers = await asyncio.gather(*(stage.say("eli", "Stock count, van 9", event="the-same") for _ in range(3)))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0] is not None
    assert isinstance(answers[0].content, Card)
    assert "Noted at 09:15" in words_of(answers[0].content) or "Noted at 09:15" in answers[0].content.summary
    assert [each for each in await kept(stage) if each[0] == "Eli"] == [("Eli", 1, "Stock count, van 9")]
    said = [post for post in await stage.posts("eli") if post.text == "Stock count, van 9"]
    assert len(said) == 1
