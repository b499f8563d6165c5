"""What people write about their work keeps its end, and what they do not mean as a command is none."""

from datetime import UTC, date, datetime

import pytest

from storage.actions import Action
from storage.blockers import Blocker
from storage.engine import Database
from storage.links import Link
from tests.actions.conftest import TUESDAY_NOON
from tests.support.field_dispatch import field_dispatch
from tests.support.workshop import Workshop

State = Action.State


async def three(shop: Workshop) -> None:
    """Three actions of Ben's, A-1 to A-3, agreed."""
    for title in ("Book desks", "Order pumps", "Order the pumps"):
        await shop.says("ben", f'/action add "{title}" @Ben due:fri')


async def state(shop: Workshop, code: str) -> Action.State:
    return (await shop.row(Action, code=code)).state


@pytest.mark.parametrize("line", ["done MK-2 valves at Mill Lane", "blocked T-1 line is down", "Done B-7 and the rota"])
async def test_a_machine_s_number_in_an_answer_makes_it_no_command(sqlite: Database, line: str) -> None:
    shop = Workshop(await field_dispatch(sqlite, TUESDAY_NOON))
    await shop.until(datetime(2026, 11, 25, 9, 16, tzinfo=UTC))
    await shop.hand_in("ben", f"{line}, today the rota")
    assert line[5:] in await shop.says("ben", "/huddle")


@pytest.mark.parametrize(
    ("line", "evidence"),
    [("done A-1.", ""), ("done A-1, all calls checked", "all calls checked"), ("Done a-1: photo sent", "photo sent")],
)
async def test_a_stop_behind_the_code_is_not_part_of_it(shop: Workshop, line: str, evidence: str) -> None:
    await three(shop)
    assert "A-1 is done: Book desks." in await shop.says("ben", line)
    action = await shop.row(Action, code="A-1")
    assert (action.state, action.evidence) == (State.DONE, evidence)


@pytest.mark.parametrize(
    "line",
    ["done A-1 and A-2", "done A-1 A-2", "done A-1, A-2 and A-3", "done A-1 & A-2 today", "/action done A-1 + A-2"],
)
async def test_several_actions_on_one_line_are_refused_and_none_is_done(shop: Workshop, line: str) -> None:
    await three(shop)
    assert "please write one line for each action" in await shop.says("ben", line)
    assert {await state(shop, code) for code in ("A-1", "A-2", "A-3")} == {State.OPEN}


async def test_an_action_within_the_evidence_is_evidence(shop: Workshop) -> None:
    await three(shop)
    await shop.says("ben", "done A-1 together with A-2")
    assert (await shop.row(Action, code="A-1")).evidence == "together with A-2"
    assert await state(shop, "A-2") is State.OPEN


async def test_a_reason_keeps_the_code_at_its_end(shop: Workshop) -> None:
    await three(shop)
    assert "waiting for A-2" in await shop.says("ben", "blocked A-1 waiting for A-2")
    await shop.row(Blocker, text="waiting for A-2")
    await shop.says("ben", "/action cancel A-3 duplicate of A-2")
    assert "duplicate of A-2" in await shop.says("ben", "/action show A-3")


async def test_a_reason_keeps_the_day_at_its_end(shop: Workshop) -> None:
    await three(shop)
    await shop.says("ben", "/action due A-3 mon the van comes then, not fri")
    assert (await shop.row(Action, code="A-3")).due_on == date(2026, 11, 30)
    assert "the van comes then, not fri" in await shop.says("ben", "/action show A-3")


async def test_a_reason_keeps_the_person_at_its_end(shop: Workshop) -> None:
    await three(shop)
    await shop.says("ben", "/action assign A-3 @Cem instead of @Dee")
    assert (await shop.row(Action, code="A-3")).owner_id == (await shop.person("Cem")).id
    assert "instead of @Dee" in await shop.says("ben", "/action show A-3")


async def test_a_known_blocker_behind_the_action_still_holds_it_up(shop: Workshop) -> None:
    await three(shop)
    await shop.says("ben", "blocked A-1 waiting for the room plan")
    blocker = await shop.row(Blocker, text="waiting for the room plan")
    await shop.says("ben", f"/action block A-2 {blocker.code}")
    held = await shop.row(Action, code="A-2")
    assert (held.state, held.blocker_id) == (State.BLOCKED, blocker.id)
    await shop.row(Link, kind=Link.Kind.BLOCKS, to_id=held.id)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("/action add Answer the mail from @Amy @Cem due:fri", "Answer the mail from @Amy @Cem"),
        ('/action add "Check calls" @Amy @Cem due:fri', "Check calls"),
        ("/action add @Amy @Cem check calls due:fri", "check calls"),
    ],
)
async def test_of_two_people_none_is_asked_until_the_form_says_whom(shop: Workshop, line: str, title: str) -> None:
    form = await shop.form("ben", line)
    values = {each.id: each.value for each in form.inputs}
    assert (values["title"], values["owner"], values["due"]) == (title, "", "2026-11-27")


async def test_who_is_named_by_a_key_has_it_and_the_title_keeps_its_end(shop: Workshop) -> None:
    await shop.says("ben", "/action add Answer the mail from @Amy owner:@Cem due:fri")
    action = await shop.row(Action, code="A-1")
    assert (action.title, action.owner_id) == ("Answer the mail from @Amy", (await shop.person("Cem")).id)
