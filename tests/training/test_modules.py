"""What people learn: listed, added, begun, finished; and asked for when somebody is given work."""

import pytest

from storage.actions import Action
from storage.initiatives import Initiative
from storage.training import TrainingCompletion, TrainingModule
from tests.support.workshop import Workshop

ASKS = "has not finished “Using Folkmoot” yet (10 minutes)"


def sent(shop: Workshop, who: str) -> list[str]:
    return [post.words for post in shop.posts(who) if post.key.startswith("training:")]


@pytest.mark.req("S3-22")
async def test_work_for_somebody_untrained_is_stored_with_a_warning_and_the_module_is_sent_once(shop: Workshop) -> None:
    said = await shop.says("dana", '/action add "Check eight calls" @Zoe due:fri')
    assert f"Zoe {ASKS}. I've sent it to them; the action stands as you gave it." in said
    assert (await shop.row(Action, code="A-1")).owner_id == (await shop.person("Zoe")).id
    (module,) = sent(shop, "zoe")
    assert "Using Folkmoot" in module
    again = await shop.says("dana", '/action add "Call Mill Lane" @Zoe due:fri')
    assert f"Zoe {ASKS}. They have it from me already" in again
    assert len(sent(shop, "zoe")) == 1


@pytest.mark.req("S3-22")
async def test_handing_work_over_warns_as_well(shop: Workshop) -> None:
    assert ASKS not in await shop.says("dana", '/action add "Check eight calls" @Amy due:fri')
    assert ASKS in await shop.says("dana", "/action assign A-1 @Zoe")
    assert len(sent(shop, "zoe")) == 1


async def test_the_form_of_a_new_action_warns_as_well(shop: Workshop) -> None:
    form = await shop.form("dana", '/action add "Check eight calls"')
    zoe = str((await shop.person("Zoe")).id)
    answer = await shop.fills("dana", form, {"owner": zoe, "due": "2026-11-27"})
    assert ASKS in str(answer.content)


async def test_whoever_takes_work_on_themselves_is_not_warned(shop: Workshop) -> None:
    assert ASKS not in await shop.says("zoe", '/action add "Read the tour" @Zoe due:fri')
    assert sent(shop, "zoe") == []


async def test_whoever_has_finished_it_is_given_work_without_a_word(shop: Workshop) -> None:
    await shop.says("zoe", "/train done")
    assert ASKS not in await shop.says("dana", '/action add "Check eight calls" @Zoe due:fri')
    assert sent(shop, "zoe") == []


async def test_whoever_has_done_what_it_teaches_has_finished_it(shop: Workshop) -> None:
    await shop.says("zoe", "today")
    await shop.fills("zoe", await shop.form("zoe", "/huddle practice"), {"focus": "Meters"})
    assert ASKS not in await shop.says("dana", '/action add "Check eight calls" @Zoe due:fri')
    assert "finished" in await shop.says("zoe", "/train")


async def test_the_module_says_that_it_is_finished_when_it_is(shop: Workshop) -> None:
    await shop.says("dana", '/action add "Check eight calls" @Zoe due:fri')
    await shop.press("zoe", "I have finished it")
    assert "You have finished “Using Folkmoot”" in sent(shop, "zoe")[0]
    assert "already" in await shop.says("zoe", '/train done "Using Folkmoot"')


async def test_undo_takes_the_module_back_and_the_next_work_sends_it_again(shop: Workshop) -> None:
    answer = await shop.ask("dana", '/action add "Check eight calls" @Zoe due:fri')
    await shop.presses("dana", "Undo", answer.content)  # type: ignore[arg-type]
    assert sent(shop, "zoe") == []
    await shop.says("dana", '/action add "Check nine calls" @Zoe due:fri')
    assert len(sent(shop, "zoe")) == 1


async def test_an_initiatives_own_module_is_asked_of_everybody(shop: Workshop) -> None:
    await shop.says("dana", '/initiative add "Fault questions"')
    await shop.row(Initiative, code="I-1")
    line = '/train add "Calls in the field" minutes:20 kind:specialist place:"Room 4" initiative:I-1'
    assert "Whoever gets an action of I-1 is asked" in await shop.says("dana", line)
    said = await shop.says("dana", '/action add "Check eight calls" @Amy due:fri initiative:I-1')
    assert "Amy has not finished “Calls in the field” yet (20 minutes)" in said
    (module,) = sent(shop, "amy")
    assert "You find it here: Room 4" in module
    assert "0 of 1 have finished the module" in await shop.says("dana", "/initiative show I-1")
    await shop.press("amy", "I begin now")
    assert (await shop.row(TrainingCompletion)).finished_at is None
    assert "Calls in the field  specialist, 20 minutes begun" in await shop.says("amy", "/train")


@pytest.mark.req("S3-03")
async def test_an_initiative_is_trained_when_all_who_have_work_in_it_are_through(shop: Workshop) -> None:
    await shop.says("dana", '/initiative add "Fault questions"')
    assert "Trained  open, not recorded" in await shop.says("dana", "/initiative show I-1")
    await shop.says("dana", '/train add "Calls in the field" minutes:20 initiative:I-1')
    assert "nobody has work in it yet" in await shop.says("dana", "/initiative show I-1")
    await shop.says("dana", '/action add "Check eight calls" @Amy due:fri initiative:I-1')
    await shop.says("amy", '/train done "Calls in the field"')
    assert "Trained  yes, all have finished the module" in await shop.says("dana", "/initiative show I-1")


async def test_begun_and_finished_are_told_in_the_list(shop: Workshop) -> None:
    assert "Using Folkmoot  tool, 10 minutes not begun" in await shop.says("ben", "/train")
    assert "You have begun" in await shop.says("ben", "/train start")
    assert "10 minutes begun" in await shop.says("ben", "/train")
    assert "is finished" in await shop.says("ben", "/train done")
    assert "10 minutes finished" in await shop.says("ben", "/train")


@pytest.mark.req("S1-12")
@pytest.mark.parametrize("kind", ["leadership", "customer-centricity", "specialist", "tool"])
async def test_a_module_is_of_one_of_four_kinds(shop: Workshop, kind: str) -> None:
    await shop.says("dana", f'/train add "Something" minutes:15 kind:{kind}')
    assert (await shop.row(TrainingModule, name="Something")).kind == kind.replace("-", "_")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('/train add "Calls" kind:magic minutes:5', "leadership, customer-centricity, specialist or tool"),
        ('/train add "Calls"', "from 1 to 480 minutes"),
        ('/train add "Calls" minutes:0', "from 1 to 480 minutes"),
        ("/train add minutes:5", "Please name it"),
        ('/train add "using folkmoot" minutes:5', "There is a module called"),
        ('/train add "Calls" minutes:5 initiative:I-77', "I-77"),
        ('/train start "Calls"', "can't find a module called 'Calls'"),
    ],
)
async def test_what_is_no_module_is_refused_with_the_way_out(shop: Workshop, line: str, why: str) -> None:
    assert why in await shop.says("dana", line)


async def test_members_can_not_add_a_module(shop: Workshop) -> None:
    assert "lead or an administrator" in await shop.says("ben", '/train add "Calls" minutes:5')
