"""What help shows to whom, and what refusals, team cards and days say about what was typed and changed."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.welcome import practice_views
from storage.engine import Database
from storage.huddles import Question
from storage.teams import Membership, Team
from storage.tx import SYSTEM
from tests.support.field_dispatch import field_dispatch
from tests.support.reading import words_of
from tests.support.workshop import Workshop


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return Workshop(await field_dispatch(sqlite, datetime(2026, 11, 24, 12, tzinfo=UTC)))


async def test_help_shows_what_leads_do_to_leads_and_to_who_stands_in_for_one(shop: Workshop) -> None:
    assert "/weekly confirm" not in await shop.says("ben", "/help weekly")
    assert "/weekly confirm" in await shop.says("dana", "/help weekly")
    await shop.says("dana", "/team deputy @Ben")
    assert "/weekly confirm" in await shop.says("ben", "/help weekly")


@pytest.mark.parametrize("line", ["/today {}", "/settings days {}", "/settings holidays {}", "/huddle away @{}"])
async def test_a_refusal_repeats_only_the_beginning_of_what_was_typed(shop: Workshop, line: str) -> None:
    said = await shop.says("amy", line.format("x" * 400))
    assert "x" * 59 + "…" in said
    assert "x" * 60 not in said


async def test_a_team_form_says_who_is_left_out_and_who_is_added_back(shop: Workshop) -> None:
    form = await shop.form("dana", '/team setup "Field Dispatch"')
    before = next(each.value for each in form.inputs if each.id == "members")
    ben = str((await shop.person("Ben")).id)
    without = ",".join(each for each in before.split(",") if each != ben)
    said = words_of((await shop.fills("dana", form, {"members": without})).content)  # type: ignore[arg-type]  # a card
    assert "Left out from tomorrow: Ben" in said
    assert said.count("Ben") == 1
    said = words_of((await shop.fills("dana", form, {"members": before})).content)  # type: ignore[arg-type]  # as above
    assert "Added from today: Ben" in said
    team = await shop.row(Team, name="Field Dispatch")
    async with shop.house.database.read(SYSTEM) as tx:
        every = [
            each
            for each in await tx.all(select(Membership).where(Membership.team_id == team.id))
            if str(each.person_id) == ben
        ]
    assert [each.to_on for each in every] == [None]


async def test_a_day_that_is_over_is_not_taken_for_next_years(shop: Workshop) -> None:
    said = await shop.says("amy", "/today 2 Nov")
    assert "Tue 2 Nov 2027" in said
    assert "looks ahead" in said


def test_a_practice_answer_leaves_out_what_says_nothing() -> None:
    questions: list[Question] = [
        {"id": "customer", "kind": "customer", "text": "A customer?", "required": False},
        {"id": "focus", "kind": "focus", "text": "Main thing?", "required": True},
    ]
    values = {"customer": "no", "focus": "Meters"}
    said = words_of(practice_views.tried(questions, values, name="Amy", where="The room"))
    assert "no" not in said.split()
    assert "Meters" in said
