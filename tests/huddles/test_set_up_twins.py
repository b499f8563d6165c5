"""What a huddle's set-up refuses or reads more kindly: names that are taken, days, times and questions as typed."""

from datetime import date, time

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from bot.huddles import setup_rules
from storage.huddles import Huddle
from storage.tx import SYSTEM
from tests.support.reading import words_of
from tests.support.workshop import Workshop


async def every_huddle(shop: Workshop) -> list[Huddle]:
    async with shop.house.database.read(SYSTEM) as tx:
        return list(await tx.all(select(Huddle).order_by(col(Huddle.id))))


async def test_a_name_that_another_huddle_of_the_team_has_is_refused(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Evening" at:16:30')
    evening = await shop.form("dana", '/huddle setup "Evening"')
    back = await shop.comes_back("dana", evening, {"name": "FIELD dispatch"})
    assert "has a huddle of that name" in back.errors["name"]
    new = await shop.form("dana", '/huddle setup "Noon"')
    back = await shop.comes_back("dana", new, {"name": "evening"})
    assert "has a huddle of that name" in back.errors["name"]
    assert [each.name for each in await every_huddle(shop)] == ["Field Dispatch", "Evening"]


async def test_a_new_huddles_form_sent_twice_changes_the_one_it_made(shop: Workshop) -> None:
    form = await shop.form("dana", '/huddle setup "Evening"')
    await shop.fills("dana", form, {"at": "16:30"})
    again = await shop.fills("dana", form, {"at": "17:00"})
    assert isinstance(again.content, Card)
    assert "What is new" in words_of(again.content)
    assert [(each.name, each.at_time) for each in await every_huddle(shop)] == [
        ("Field Dispatch", time(9, 15)),
        ("Evening", time(17)),
    ]


async def test_a_new_huddles_form_sent_again_with_another_name_asks_before_it_adds_another(shop: Workshop) -> None:
    form = await shop.form("dana", '/huddle setup "Evening"')
    await shop.fills("dana", form, {"at": "16:30"})
    back = await shop.comes_back("dana", form, {"at": "17:00", "name": "Night"})
    assert back.errors["name"].startswith("This form has made Evening. Sent once more, it adds another huddle")
    assert [each.name for each in await every_huddle(shop)] == ["Field Dispatch", "Evening"]
    await shop.fills("dana", back, {})
    assert [each.name for each in await every_huddle(shop)] == ["Field Dispatch", "Evening", "Night"]


async def test_a_name_too_long_for_the_form_is_not_cut_without_a_word(shop: Workshop) -> None:
    refused = await shop.form("dana", f'/huddle setup "{"N" * 76}" at:16:30')
    assert "this one has 76" in refused.errors["name"]
    assert len(await every_huddle(shop)) == 1


async def test_a_question_typed_without_brackets_keeps_the_kind_and_mark_of_its_place(shop: Workshop) -> None:
    said = await shop.says("dana", '/huddle setup "Field Dispatch" second:"Main thing?"')
    assert "Main thing? (focus, required)" in said
    said = await shop.says("dana", '/huddle setup "Field Dispatch" second:"Main thing now? (focus)"')
    assert "Main thing now? (focus)" in said


async def test_a_summarys_order_that_nobody_knows_is_asked_about(shop: Workshop) -> None:
    refused = await shop.form("dana", '/huddle setup "Field Dispatch" summary:banana')
    assert "topic or person" in refused.errors["summary"]
    assert "person by person" in await shop.says("dana", '/huddle setup "Field Dispatch" summary:person')
    form = await shop.form("dana", "/huddle setup")
    assert next(each for each in form.inputs if each.id == "summary").value == "person"
    await shop.fills("dana", form, {"summary": "topic"})
    assert (await every_huddle(shop))[0].grouped_by is Huddle.Grouping.TOPIC


async def test_a_first_day_of_two_words_is_asked_for_in_quotes(shop: Workshop) -> None:
    said = await shop.says("dana", '/huddle setup "Field Dispatch" from:7 Dec')
    assert 'from:"7 Dec"' in said
    await shop.says("dana", '/huddle setup "Field Dispatch" from:"7 Dec"')
    assert (await every_huddle(shop))[0].from_on == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("8", time(8)),
        ("8am", time(8)),
        ("8 PM", time(20)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("4:30pm", time(16, 30)),
        ("9.15", time(9, 15)),
        ("13pm", None),
        ("0am", None),
        ("24", None),
        ("8:60", None),
        ("", None),
    ],
)
def test_an_hour_is_read_as_people_type_it(typed: str, read: time | None) -> None:
    assert setup_rules.read_time(typed) == read


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("london", "Europe/London"),
        ("new york", "America/New_York"),
        ("europe/LONDON", "Europe/London"),
        ("UTC", "UTC"),
        ("Buenos Aires", "Buenos Aires"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_a_city_names_its_zone_where_only_one_has_it(typed: str, zone: str) -> None:
    assert setup_rules.read_zone(typed) == zone
