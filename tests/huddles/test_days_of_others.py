"""What a lead notes for others, what these hear of it, and coming back on a later day or after the huddle's time."""

from datetime import UTC, datetime

import pytest

from tests.support.reading import labels_of, words_of
from tests.support.workshop import Workshop


async def test_a_lead_who_names_no_day_reads_the_days_and_changes_nothing(shop: Workshop) -> None:
    assert "Amy: no days away are noted." in await shop.says("dana", "/huddle away @Amy")
    await shop.says("amy", "away 30 Nov")
    said = await shop.says("dana", "/huddle away @Amy @Ben")
    assert "Amy: Mon 30 Nov 2026." in said
    assert "Ben: no days away are noted." in said
    assert "Only Dana" in await shop.says("amy", "/huddle away @Dana")


async def test_somebody_whose_days_a_lead_changed_hears_of_it_once_and_not_of_their_own(shop: Workshop) -> None:
    await shop.says("amy", "away 30 Nov")
    assert not [post for post in shop.posts("amy") if "noted for you" in post.words]
    await shop.says("dana", "/huddle away 2 Dec @Amy")
    assert "Dana noted for you: away on Wed 2 Dec 2026." in shop.last("amy")
    await shop.says("dana", "/settings days mon,thu @Ben")
    assert "Dana noted for you: your working days are Mon and Thu." in shop.last("ben")


async def test_undo_takes_the_line_back_too(shop: Workshop) -> None:
    answer = await shop.ask("dana", "/huddle away 2 Dec @Amy")
    await shop.press("dana", "Undo", on=answer.content)  # type: ignore[arg-type]  # a card
    assert not [post for post in shop.posts("amy") if "noted for you" in post.words]


async def test_days_of_several_are_told_in_one_answer(shop: Workshop) -> None:
    assert "Cem and Dee work Mon and Thu." in await shop.says("dana", "/settings days mon,thu @Cem @Dee")


@pytest.mark.parametrize("line", ["back thu", "back on thursday", "/back 26 Nov"])
async def test_back_on_a_later_day_ends_the_absence_on_its_eve(shop: Workshop, line: str) -> None:
    await shop.says("amy", "away until fri")
    assert "to Wed 25 Nov 2026, both days included, and back on Thu 26 Nov 2026" in await shop.says("amy", line)
    assert "Mon 23 Nov 2026 to Wed 25 Nov 2026" in await shop.says("amy", "/huddle away")


async def test_back_on_a_later_day_without_an_absence_says_how_to_note_one(shop: Workshop) -> None:
    assert "write `away until 2026-11-25`" in await shop.says("amy", "/back thu")
    assert "is over" in await shop.says("amy", "/back 2026-11-20")


async def test_a_count_beyond_a_year_is_asked_and_nothing_is_noted(shop: Workshop) -> None:
    answer = await shop.ask("amy", "ooo 999")
    assert "more than a year" in words_of(answer.content)  # type: ignore[arg-type]  # a card
    assert "No days away are noted" in await shop.says("amy", "/huddle away")
    (label,) = labels_of(answer.content)  # type: ignore[arg-type]  # as above
    assert "You're away from" in await shop.presses("amy", label, on=answer.content)  # type: ignore[arg-type]  # as above


async def test_no_days_is_answered_with_one(shop: Workshop) -> None:
    assert "`ooo 1`" in await shop.says("amy", "/ooo 0")


async def test_days_that_were_not_counted_are_not_named_one_by_one(shop: Workshop) -> None:
    assert "That is" not in await shop.says("amy", "away until 2026-11-27")
    assert "That is" in await shop.says("ben", "away for 3 days")


async def test_back_after_the_huddles_time_offers_a_late_answer(shop: Workshop) -> None:
    await shop.says("amy", "away tomorrow")
    await shop.until(datetime(2026, 11, 24, 11, tzinfo=UTC))
    answer = await shop.ask("amy", "back")
    assert "a late answer is welcome" in words_of(answer.content)  # type: ignore[arg-type]  # a card
    assert "Add a late answer" in labels_of(answer.content)  # type: ignore[arg-type]  # as above
    form = await shop.opens("amy", "Add a late answer", on=answer.content)  # type: ignore[arg-type]  # as above
    assert form.verb == "huddle.answer"
