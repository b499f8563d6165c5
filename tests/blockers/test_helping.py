"""Several can help, one holds it; whoever knows somebody names them, and they say yes or no."""

import asyncio

import pytest

from bot.blockers.rules import State
from bot.ports import Press
from storage.blockers import Blocker, BlockerAsk
from storage.engine import Database
from tests.blockers.conftest import TUESDAY_NOON
from tests.blockers.in_the_way import RAISED, TEXT, Way
from tests.support.field_dispatch import field_dispatch
from tests.support.reading import labels_of
from tests.support.workshop import Workshop


@pytest.mark.req("S2-36")
async def test_whoever_offers_help_first_holds_it_and_the_raiser_hears_of_it(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    assert "Cem will hear that you help with B-6" in await way.press("amy", "blocker.help", "B-6")
    blocker = await way.now("B-6")
    assert (blocker.state, blocker.taken_by) == (State.ACKNOWLEDGED, (await shop.person("Amy")).id)
    assert f"Amy can help with B-6: {TEXT}" in shop.last("cem")


@pytest.mark.req("S2-36")
async def test_a_blocker_taken_twice_says_who_was_first_and_both_help(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    await way.press("amy", "blocker.help", "B-6")
    assert "Amy was first and has B-6" in await way.press("ben", "blocker.help", "B-6")
    assert (await way.now("B-6")).taken_by == (await shop.person("Amy")).id
    assert "Ben can help with B-6" in shop.last("cem")
    assert "Ben can help with B-6" in shop.last("amy")
    assert "Helping: Ben" in await shop.says("cem", "blocker B-6")


async def test_a_raiser_who_held_it_reads_once_that_somebody_else_takes_it(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    await way.press("cem", "blocker.take", "B-6")
    before = len(shop.posts("cem"))
    async with shop.house.database.write((await shop.person("Cem")).organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        (await tx.need(Blocker, (await way.now("B-6")).id)).state = State.ESCALATED
    await way.press("dana", "blocker.take", "B-6")
    assert (await way.now("B-6")).taken_by == (await shop.person("Dana")).id
    assert len(shop.posts("cem")) == before + 1


async def test_two_at_the_same_moment_are_one_holder_and_one_helper(database: Database) -> None:
    shop = Workshop(await field_dispatch(database, TUESDAY_NOON))
    way = Way(shop)
    await shop.says("cem", RAISED)
    press = Press("blocker.help", {"blocker": str((await way.now("B-6")).id)})
    answers = await asyncio.gather(
        shop.hand_in("amy", press), shop.hand_in("ben", press, dispatcher=shop.house.dispatcher)
    )
    said = sorted(answer.content.summary for answer in answers if answer is not None)  # type: ignore[union-attr]
    assert ["was first and has B-6" in each for each in said].count(True) == 1
    assert ["Thank you. Cem will hear" in each for each in said].count(True) == 1
    assert (await way.now("B-6")).state is State.ACKNOWLEDGED


async def test_a_second_press_of_the_same_person_changes_nothing(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    for who in ("amy", "ben"):
        await way.press(who, "blocker.help", "B-6")
        assert "You are on B-6 already" in await way.press(who, "blocker.help", "B-6")
    assert len([post for post in shop.posts("cem") if "can help with B-6" in post.words]) == 2


async def test_undo_gives_it_back(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    answer = await shop.ask("amy", Press("blocker.help", {"blocker": str((await way.now("B-6")).id)}))
    await shop.presses("amy", "Undo", answer.content)  # type: ignore[arg-type]
    assert ((await way.now("B-6")).state, (await way.now("B-6")).taken_by) == (State.RAISED, None)
    assert not any("Amy can help" in post.words for post in shop.posts("cem"))


async def test_whom_it_has_gone_up_to_takes_it_over_and_who_had_it_helps_on(shop: Workshop) -> None:
    way = Way(shop)
    await way.put(State.ESCALATED, held=True, tier=2)
    await way.press("raj", "blocker.take")
    blocker = await way.now()
    assert (blocker.state, blocker.taken_by) == (State.ACKNOWLEDGED, (await shop.person("Raj")).id)
    assert "Raj has taken B-1 on" in shop.last("amy")
    assert "Helping: Amy" in await shop.says("cem", "blocker B-1")
    assert "Raj was first" in await way.press("ann", "blocker.take")


# --- somebody else could help


@pytest.mark.req("S2-36")
async def test_who_is_named_is_asked_in_the_name_of_who_knows_them(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    form = await shop.opens("ben", "I know someone", (await shop.ask("ben", "blocker B-6")).content)  # type: ignore[arg-type]
    answer = await shop.fills("ben", form, {"who": str((await shop.person("Fin")).id)})
    assert "I've asked Fin" in answer.content.summary  # type: ignore[union-attr]
    assert "Ben thinks you can help with B-6" in shop.last("fin")
    assert labels_of(shop.posts("fin")[-1].card) == ["I can help", "Not me"]
    assert TEXT in await shop.says("fin", "blocker B-6"), "whoever is asked reads it"
    await shop.presses("fin", "I can help")
    assert (await way.now("B-6")).taken_by == (await shop.person("Fin")).id
    assert "Not me" not in labels_of(shop.posts("fin")[-1].card)


async def test_not_me_is_told_to_who_named_them_and_to_nobody_else(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    await way.send("ben", "blocker.name", {"who": str((await shop.person("Fin")).id)}, "B-6")
    before = len(shop.posts("cem"))
    assert "Thank you for saying so" in await shop.presses("fin", "Not me")
    assert "Fin can't help with B-6" in shop.last("ben")
    assert len(shop.posts("cem")) == before
    assert (await way.now("B-6")).state is State.RAISED
    ask = await shop.row(BlockerAsk)
    said = await shop.ask("fin", Press("blocker.decline", {"ask": str(ask.id)}))
    assert "You've said so already" in said.content.summary  # type: ignore[union-attr]
    theirs = await shop.ask("ben", Press("blocker.decline", {"ask": str(ask.id)}))
    assert "I can't find" in theirs.content.summary  # type: ignore[union-attr]


async def test_nobody_is_asked_twice_nor_who_helps_already_nor_oneself(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    fin, amy, ben = [str((await shop.person(name)).id) for name in ("Fin", "Amy", "Ben")]
    await way.send("ben", "blocker.name", {"who": fin}, "B-6")
    assert "Fin was asked about B-6 already" in await way.send("cem", "blocker.name", {"who": fin}, "B-6")
    await way.press("amy", "blocker.help", "B-6")
    assert "Amy is on B-6 already" in await way.send("cem", "blocker.name", {"who": amy}, "B-6")
    assert await way.send("ben", "blocker.name", {"who": ben}, "B-6") == "I know someone"
    assert await way.send("ben", "blocker.name", {"who": "99"}, "B-6") == "I know someone"
    assert len([post for post in shop.posts("fin") if "thinks you can help" in post.words]) == 1


async def test_a_question_about_what_was_solved_since_says_so(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    await way.send("ben", "blocker.name", {"who": str((await shop.person("Fin")).id)}, "B-6")
    card = shop.posts("fin")[-1].card
    await shop.says("cem", "resolved B-6")
    assert "B-6 is solved by now" in await shop.presses("fin", "Not me", card)
    assert "B-6 is solved already" in await shop.presses("fin", "I can help", card)
    assert labels_of(shop.posts("fin")[-1].card) == []


async def test_what_waits_for_somebody_stands_on_their_day(shop: Workshop) -> None:
    way = Way(shop)
    await shop.says("cem", RAISED)
    assert TEXT not in await shop.says("carl", "/today")
    await way.press("dana", "blocker.pass", "B-6")
    await way.press("raj", "blocker.pass", "B-6")
    said = await shop.says("carl", "/today")
    assert TEXT in said
    assert "up to the top" in said
    assert (await shop.row(Blocker, code="B-6")).tier == 3


async def test_a_guest_reads_and_takes_only_what_was_put_before_them(calm: Workshop) -> None:
    way = Way(calm)
    await calm.says("cem", RAISED)
    await way.person_change("Fin", is_external=True)
    assert "I can't find that blocker" in await way.press("fin", "blocker.help", "B-6")
    assert "I can't find B-6" in await calm.says("fin", "blocker B-6")
    await way.send("ben", "blocker.name", {"who": str((await calm.person("Fin")).id)}, "B-6")
    assert TEXT in await calm.says("fin", "blocker B-6")
    await calm.presses("fin", "I can help")
    assert (await way.now("B-6")).state is State.ACKNOWLEDGED
