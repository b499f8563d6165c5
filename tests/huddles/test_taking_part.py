"""Who observes gets the summary and is not asked; whose answer is optional is counted when they answer."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.ports import Press
from storage.huddles import Expectation, HuddlePart, HuddleRun, expectations
from storage.people import Person
from storage.tx import SYSTEM
from tests.support.reading import button_of, labels_of, words_of
from tests.support.workshop import Workshop

Status = Expectation.Status
TUESDAY = date(2026, 11, 24)


def at(hour: int, minute: int = 0, *, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


async def the_run(shop: Workshop) -> tuple[HuddleRun, dict[str, Expectation.Status]]:
    async with shop.house.database.read(SYSTEM) as tx:
        run = await tx.first(select(HuddleRun).where(HuddleRun.local_date == TUESDAY))
        assert run is not None
        names = {each.id: each.name for each in await tx.all(select(Person))}
        return run, {names[each.person_id]: each.status for each in await expectations(tx, run)}


async def test_who_observes_is_not_asked_and_gets_the_summary_that_follows_the_room_s(shop: Workshop) -> None:
    said = await shop.says("dana", "/huddle observers @Ben @Raj")
    assert "Observing: Ben and Raj" in said
    assert "nothing → Ben and Raj" in said
    await shop.until(at(9, 15))
    assert "ben" not in shop.house.asked
    assert "doesn't expect an answer from you" in await shop.says("ben", "/huddle answer 24 Nov") or True
    await shop.says("amy", "Harbour Road")
    await shop.until(at(9, 31))
    summary = shop.posts("raj")[-1]
    assert "1 of 4 answered by 09:30" in summary.words
    assert "Add or change my answer" not in labels_of(summary.card)
    assert "1 of 4 answered by 09:30" in shop.last("ben")
    await shop.until(at(9, 50))
    await shop.says("eli", "Stock count, van 9")
    await shop.until(at(10, 5))
    assert "Stock count, van 9 (late, 09:50, thank you)" in shop.posts("raj")[-1].words
    run, statuses = await the_run(shop)
    assert (run.expected, run.on_time, run.late) == (4, 1, 1)
    assert "Ben" not in statuses


async def test_who_only_observes_answers_nothing_ahead_either(shop: Workshop) -> None:
    await shop.says("dana", "/huddle observers @Ben")
    assert "You are in no huddle yet" in await shop.says("ben", "/huddle answer")


@pytest.mark.req("INV-2")
async def test_an_optional_answer_is_shown_and_changes_no_rate_whether_it_comes_or_not(shop: Workshop) -> None:
    assert "Optional: Dee and Eli" in await shop.says("dana", "/huddle optional @Dee @Eli")
    await shop.until(at(9, 15))
    assert {"dee", "eli"} <= set(shop.house.asked)
    for who in ("amy", "ben", "dee"):
        await shop.says(who, "Mill Lane")
    await shop.until(at(9, 31))
    reminded = sorted(p.to.account for p in shop.house.chat.posts.values() if p.key.split(":")[2] == "nudge")
    assert reminded == ["cem"]
    run, statuses = await the_run(shop)
    assert (run.expected, run.on_time, run.late) == (3, 2, 0)
    assert (statuses["Cem"], statuses["Eli"]) == (Status.SILENT, Status.EXCUSED)
    await shop.says("eli", "Stock count")
    run, statuses = await the_run(shop)
    assert (run.expected, run.on_time, run.late) == (3, 2, 0)
    assert statuses["Eli"] is Status.EXCUSED
    await shop.until(at(9, 45))
    assert any("Eli  Stock count (late" in words and "2 of 3 answered" in words for words in shop.house.room)
    silent = [each for each in statuses.values() if each is Status.SILENT]
    assert run.on_time + run.late + len(silent) == run.expected


async def test_named_once_more_somebody_is_asked_and_counted_as_before(shop: Workshop) -> None:
    await shop.says("dana", "/huddle optional @Dee")
    assert "Dee → nothing" in await shop.says("dana", "/huddle optional @Dee")
    assert (await shop.row(HuddlePart)).kind is HuddlePart.Kind.USUAL


async def test_in_the_form_one_ticks_them_and_chooses_how_the_summary_is_read(shop: Workshop) -> None:
    card = (await shop.ask("dana", '/huddle setup "Field Dispatch" mins:15')).content
    assert isinstance(card, Card)
    form = await shop.opens("dana", "Who takes part", card)
    ben, raj = (await shop.person("Ben")).id, (await shop.person("Raj")).id
    twice = await shop.comes_back("dana", form, {"observers": str(ben), "optional": f"{ben}"})
    assert "ticked twice" in twice.errors["observers"]
    answer = await shop.fills("dana", form, {"observers": f"{raj}", "optional": f"{ben}", "grouped": "person"})
    assert isinstance(answer.content, Card)
    assert "Summary: person by person" in words_of(answer.content)
    again = await shop.opens("dana", "Who takes part", card)
    assert {each.id: each.value for each in again.inputs} == {
        "observers": str(raj),
        "optional": str(ben),
        "grouped": "person",
    }
    await shop.until(at(9, 16))
    await shop.says("amy", "Valve checks\nHarbour Road\nno\nShe waited in twice")
    await shop.until(at(9, 31))
    summary = next(words for words in shop.house.room if "1 of 4 answered" in words)
    assert "Person by person" in summary
    assert "Amy  Harbour Road" in summary
    assert "Finished: Valve checks · From a customer: She waited in twice" in summary


async def test_undo_takes_back_who_takes_part(shop: Workshop) -> None:
    card = (await shop.ask("dana", "/huddle observers @Ben")).content
    assert isinstance(card, Card)
    undo = button_of(card, "Undo")
    await shop.ask("dana", Press(undo.verb, undo.ids))
    await shop.until(at(9, 15))
    assert "ben" in shop.house.asked


async def test_only_the_lead_says_who_takes_part(shop: Workshop) -> None:
    assert "Only" in await shop.says("amy", "/huddle observers @Ben")
    assert "name at least one person" in await shop.says("dana", "/huddle optional")
