"""A member's own week: what they are asked, what they say in one press or a form, road bumps, and results of goals."""

import pytest

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.ports import Press, Submission
from bot.weekly.rules import State
from storage.actions import Action
from storage.blockers import Blocker
from storage.engine import Database
from storage.links import Link
from storage.tx import SYSTEM
from storage.weekly import RoadBump, WeeklyGoal, WeeklyUpdate
from tests.support.field_dispatch import field_dispatch
from tests.support.reading import button_of, shown_in, words_of
from tests.support.workshop import Workshop
from tests.weekly.desk import ASKED, MET, NUDGED, at, bumps, goals, room, some_work, the_run, told


async def ready(shop: Workshop) -> Workshop:
    """Ben and Cem have work, and were asked."""
    await some_work(shop)
    await shop.until(ASKED)
    return shop


@pytest.mark.req("S3-24")
async def test_who_has_open_work_is_asked_and_nobody_else(weekly: Workshop) -> None:
    await ready(weekly)
    asked = [who for who in ("amy", "ben", "cem", "dee", "eli", "fay", "dana") if told(weekly, who, "Weekly check")]
    assert asked == ["ben", "cem"]
    assert (await the_run(weekly)).state is State.PREPARING


async def test_the_check_is_filled_with_what_is_known(weekly: Workshop) -> None:
    await ready(weekly)
    (seen,) = told(weekly, "ben", "Weekly check, 3 minutes")
    assert "What got done? Any road bumps? What will you do next week (up to three)?" in seen
    assert "A-1 Check eight calls" in seen
    assert "A-2 Book desks" in seen
    assert "A-3 Order seals" in seen


async def test_what_was_told_in_the_weeks_huddles_is_known(sqlite: Database) -> None:
    shop = Workshop(await field_dispatch(sqlite, at(26, 9)))
    await shop.says("dana", "/weekly setup day:fri at:10:00")
    await some_work(shop)
    await shop.until(at(26, 9, 16))
    form = await shop.opens("ben", "Answer")
    told_then = {"finished": "Valve checks at Mill Lane", "focus": "Two repeat visits", "blocker": "Seals are missing"}
    await shop.hand_in("ben", Submission(form.verb, shown_in(form) | told_then, form.ids))
    await shop.until(ASKED)
    (seen,) = told(shop, "ben", "Weekly check, 3 minutes")
    assert "Valve checks at Mill Lane" in seen
    assert "B-6 Seals are missing" in seen


async def test_who_is_away_is_not_asked_and_may_say_something_all_the_same(weekly: Workshop) -> None:
    await some_work(weekly)
    await weekly.says("cem", "away today")
    await weekly.until(ASKED)
    assert told(weekly, "cem", "Weekly check") == []
    form = await weekly.form("cem", "/weekly update")
    await weekly.fills("cem", form, {"done": "Desk 4 is trained"})
    assert (await weekly.row(WeeklyUpdate, done="Desk 4 is trained")).submitted_at is not None


async def test_looks_right_keeps_what_was_shown_and_a_second_press_changes_nothing(weekly: Workshop) -> None:
    await ready(weekly)
    card = weekly.newest("ben", "Looks right")
    assert "Thank you" in await weekly.presses("ben", "Looks right", card)
    assert await goals(weekly, "Ben") == ["A-2 Book desks", "A-3 Order seals"]
    first = await weekly.row(WeeklyUpdate, done="A-1 Check eight calls")
    assert "Thank you" in await weekly.presses("ben", "Looks right", card)
    assert (await weekly.row(WeeklyUpdate, done="A-1 Check eight calls")).version == first.version
    assert "Noted at 14:01" in told(weekly, "ben", "Weekly check")[-1]


async def test_only_the_silent_are_reminded(weekly: Workshop) -> None:
    await ready(weekly)
    await weekly.presses("ben", "Looks right")
    await weekly.until(NUDGED)
    reminded = [who for who in ("amy", "ben", "cem", "dee") if told(weekly, who, "The weekly meeting starts at 10:00")]
    assert reminded == ["cem"]
    await weekly.presses("cem", "Looks right")
    assert "Noted, thank you" in weekly.last("cem")


async def test_a_form_takes_one_line_for_each_thing(weekly: Workshop) -> None:
    await ready(weekly)
    form = await weekly.opens("ben", "Correct it")
    assert shown_in(form)["plan"] == "A-2 Book desks\nA-3 Order seals"
    answer = await weekly.fills("ben", form, {"bumps": "- No desk free\n- Numbers arrive late", "plan": "Call Bea"})
    assert isinstance(answer.content, Card)
    assert [each.text for each in await bumps(weekly)] == ["No desk free", "Numbers arrive late"]
    assert await goals(weekly, "Ben") == ["Call Bea"]


async def test_what_is_too_long_or_too_much_comes_back_as_it_was_typed(weekly: Workshop) -> None:
    await ready(weekly)
    form = await weekly.opens("ben", "Correct it")
    typed = {"bumps": "x" * 151, "plan": "\n".join(f"line {n}" for n in range(11))}
    again = await weekly.comes_back("ben", form, typed)
    assert set(again.errors) == {"bumps", "plan"}
    assert shown_in(again)["bumps"] == "x" * 151
    assert await bumps(weekly) == []


@pytest.mark.req("S3-23", "S4-12")
async def test_a_fourth_goal_asks_which_to_drop(weekly: Workshop) -> None:
    await ready(weekly)
    form = await weekly.opens("ben", "Correct it")
    answer = await weekly.fills("ben", form, {"plan": "One\nTwo\nThree\nFour"})
    assert isinstance(answer.content, Form)
    assert answer.content.title == "Which three?"
    assert await goals(weekly, "Ben") == ["One", "Two", "Three"], "until somebody has chosen, nothing that fits is lost"
    (question,) = answer.content.inputs
    numbers = shown_in(answer.content)[question.id].split(",")
    everything = ",".join(str(int(numbers[0]) + n) for n in range(4))
    again = await weekly.comes_back("ben", answer.content, {question.id: everything})
    assert question.id in again.errors
    chosen = ",".join([*everything.split(",")[1:]])
    said = await weekly.fills("ben", answer.content, {question.id: chosen})
    assert isinstance(said.content, Card)
    assert await goals(weekly, "Ben") == ["Two", "Three", "Four"]
    assert await goals(weekly, "Ben", all_of_them=True) == ["One", "Two", "Three", "Four"]


async def test_nobody_chooses_among_the_goals_of_somebody_else(weekly: Workshop) -> None:
    await ready(weekly)
    form = await weekly.opens("ben", "Correct it")
    answer = await weekly.fills("ben", form, {"plan": "One\nTwo\nThree\nFour"})
    assert isinstance(answer.content, Form)
    said = await weekly.fills("cem", answer.content, {})
    assert isinstance(said.content, Card)
    assert "Only" in words_of(said.content)


async def test_a_goal_that_names_an_action_of_theirs_is_tied_to_it(weekly: Workshop) -> None:
    await ready(weekly)
    form = await weekly.opens("ben", "Correct it")
    await weekly.fills("ben", form, {"plan": "A-2 Book desks\nA-4 not mine\nCall Bea"})
    number = (await weekly.row(Action, code="A-2")).id
    assert (await weekly.row(WeeklyGoal, text="A-2 Book desks")).action_id == number
    assert (await weekly.row(WeeklyGoal, text="A-4 not mine")).action_id is None


async def test_undo_takes_a_whole_answer_back(weekly: Workshop) -> None:
    await ready(weekly)
    answer = await weekly.press("ben", "Looks right")
    assert answer is not None
    assert isinstance(answer.content, Card)
    await weekly.presses("ben", "Undo", answer.content)
    assert await goals(weekly, "Ben", all_of_them=True) == []
    assert "Does it look right?" in words_of(weekly.newest("ben", "Looks right"))


async def test_a_redelivery_is_answered_the_same_and_kept_once(weekly: Workshop) -> None:
    await ready(weekly)
    card = weekly.newest("ben", "Looks right")
    button = button_of(card, "Looks right")
    first = await weekly.house.do("ben", Press(button.verb, button.ids), "the-same-event")
    again = await weekly.house.do("ben", Press(button.verb, button.ids), "the-same-event")
    assert first == again
    assert len(await goals(weekly, "Ben", all_of_them=True)) == 2


async def test_people_of_other_teams_see_and_say_nothing(weekly: Workshop) -> None:
    await ready(weekly)
    run = await the_run(weekly)
    for verb in ("weekly.right", "weekly.form", "weekly.tasks", "weekly.plan"):
        answer = await weekly.ask("mia", Press(verb, {"run": str(run.id)}))
        assert isinstance(answer.content, Card)
        assert "another team's week" in words_of(answer.content)


@pytest.mark.parametrize("verb", ["weekly.right", "weekly.form", "weekly.tasks", "weekly.plan", "weekly.confirm"])
async def test_a_made_up_button_changes_nothing(weekly: Workshop, verb: str) -> None:
    answer = await weekly.ask("ben", Press(verb, {"run": "999"}))
    assert isinstance(answer.content, Card)
    assert "does nothing any more" in words_of(answer.content)


# --- road bumps


async def bumped(shop: Workshop) -> RoadBump:
    """Ben says that something slows him, and the pack stands there."""
    await ready(shop)
    form = await shop.opens("ben", "Correct it")
    await shop.fills("ben", form, {"bumps": "Numbers from the supplier arrive late"})
    await shop.until(MET)
    (bump,) = await bumps(shop)
    return bump


@pytest.mark.req("S3-25")
async def test_a_road_bump_becomes_a_blocker_once(weekly: Workshop) -> None:
    bump = await bumped(weekly)
    press = Press("weekly.blocker", {"bump": str(bump.id)})
    assert "It is B-6 now" in words_of(card_of(await weekly.ask("dana", press)))
    assert "That road bump is B-6 already" in words_of(card_of(await weekly.ask("ben", press)))
    blocker = await weekly.row(Blocker, text="Numbers from the supplier arrive late")
    assert blocker.raised_by == (await weekly.person("Ben")).id
    assert (await weekly.row(Link, to_id=blocker.id)).from_id == bump.run_id
    assert "B-6" in room(weekly)[-1]


@pytest.mark.req("S3-25")
async def test_a_road_bump_is_shown_with_its_age_in_working_days_and_who_said_it(weekly: Workshop) -> None:
    await bumped(weekly)
    assert "Numbers from the supplier arrive late\n1 working day · Ben" in room(weekly)[-1]


async def test_what_is_left_out_of_the_next_form_is_out_of_the_way_and_told(weekly: Workshop) -> None:
    bump = await bumped(weekly)
    await weekly.until(at(3, 14, 1, month=12))
    form = await weekly.form("ben", "/weekly update")
    assert shown_in(form)["bumps"] == bump.text
    await weekly.fills("ben", form, {"bumps": ""})
    press = Press("weekly.blocker", {"bump": str(bump.id)})
    assert "out of the way already" in words_of(card_of(await weekly.ask("dana", press)))
    await weekly.until(at(4, 16, 1, month=12))
    assert any(f"Out of the way\n{bump.text}" in words for words in weekly.house.room)


async def test_a_blocker_in_the_form_stays_a_blocker(weekly: Workshop) -> None:
    bump = await bumped(weekly)
    await weekly.ask("dana", Press("weekly.blocker", {"bump": str(bump.id)}))
    form = await weekly.form("ben", "/weekly update")
    assert shown_in(form)["bumps"] == f"B-6 {bump.text}"
    await weekly.fills("ben", form, {})
    assert len(await bumps(weekly)) == 1


def card_of(answer: object) -> Card:
    content = getattr(answer, "content", None)
    assert isinstance(content, Card)
    return content


# --- the next week


async def test_next_week_asks_what_became_of_the_goals_and_knows_it_of_actions(weekly: Workshop) -> None:
    await ready(weekly)
    form = await weekly.opens("ben", "Correct it")
    await weekly.fills("ben", form, {"plan": "A-2 Book desks\nCall Bea"})
    await weekly.until(MET)
    await weekly.says("ben", "done A-2")
    await weekly.until(at(3, 14, 1, month=12))
    form = await weekly.opens("ben", "Correct it")
    desks, bea = await weekly.row(WeeklyGoal, text="A-2 Book desks"), await weekly.row(WeeklyGoal, text="Call Bea")
    assert shown_in(form)[f"goal{desks.id}"] == "met"
    assert shown_in(form)[f"goal{bea.id}"] == "open"
    assert "Call Bea" in shown_in(form)["plan"]
    await weekly.fills("ben", form, {f"goal{bea.id}": "missed"})
    async with weekly.house.database.read(SYSTEM) as tx:
        assert (await tx.need(WeeklyGoal, desks.id)).result is WeeklyGoal.Result.MET
        assert (await tx.need(WeeklyGoal, bea.id)).result is WeeklyGoal.Result.MISSED


async def test_what_nobody_said_of_a_goal_its_action_says_when_the_week_is_over(weekly: Workshop) -> None:
    await ready(weekly)
    form = await weekly.opens("ben", "Correct it")
    await weekly.fills("ben", form, {"plan": "A-2 Book desks\nA-3 Order seals\nCall Bea"})
    await weekly.says("dana", "/weekly pause")
    await weekly.until(at(27, 12))
    await weekly.says("ben", "done A-2")
    await weekly.says("dana", "/weekly resume")
    await weekly.until(at(7, 0, 6, month=12))
    run = await the_run(weekly)
    texts = ("A-2 Book desks", "A-3 Order seals", "Call Bea")
    rows = [await weekly.row(WeeklyGoal, text=text, run_id=run.id) for text in texts]
    assert [each.result.value for each in rows] == ["met", "missed", "open"]
