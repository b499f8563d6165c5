"""What a week says stays true: when it is over, when somebody corrects themselves, and whoever leads today."""

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.weekly.rules import State
from storage.people import Department
from storage.teams import Team
from tests.support.reading import shown_in, words_of
from tests.support.workshop import Workshop
from tests.weekly.desk import ASKED, CONFIRMS, MET, NORTHWATER, SUMMED_UP, at, bumps, goals, room, some_work, the_run


async def plans_of_friday(shop: Workshop, who: str) -> list[str]:
    await shop.until(at(27, 8, 31))
    return [post.words for post in shop.posts(who) if ":plan:" in post.key]


# --- turned off


@pytest.mark.parametrize(("line", "words"), [("/weekly pause", "is paused"), ("/weekly end", "has ended")])
async def test_a_weekly_that_is_turned_off_is_announced_nowhere(weekly: Workshop, line: str, words: str) -> None:
    await weekly.says("dana", line)
    assert await plans_of_friday(weekly, "amy") == []
    assert words in await weekly.says("amy", "/weekly")
    assert words in await weekly.says("amy", "/weekly update")
    assert room(weekly) == []


async def test_after_a_skip_and_the_end_the_week_says_that_it_has_ended(weekly: Workshop) -> None:
    await weekly.says("dana", "/weekly skip fair")
    await weekly.says("dana", "/weekly end")
    assert "has ended" in await weekly.says("amy", "/weekly")
    assert (await the_run(weekly)).reason == "fair"


async def test_a_resumed_week_goes_on_where_it_was_and_one_that_was_called_off_stays_so(weekly: Workshop) -> None:
    await some_work(weekly)
    await weekly.until(ASKED)
    await weekly.says("dana", "/weekly pause")
    await weekly.says("dana", "/weekly resume")
    assert (await the_run(weekly)).state is State.PREPARING
    assert "First meeting: Fri 27 Nov" in await weekly.says("dana", "/weekly setup day:fri at:10:00")
    await weekly.says("dana", "/weekly skip fair")
    await weekly.says("dana", "/weekly pause")
    await weekly.says("dana", "/weekly resume")
    assert (await the_run(weekly)).state is State.SKIPPED
    assert "Reason: fair." in await weekly.says("amy", "/weekly")


async def test_a_week_that_was_paused_and_then_ended_says_the_newer(weekly: Workshop) -> None:
    await weekly.says("dana", "/weekly pause")
    await weekly.says("dana", "/weekly end")
    assert "has ended" in (await the_run(weekly)).reason
    await weekly.says("dana", "/weekly setup day:fri at:10:00")
    assert (await the_run(weekly)).state is State.PLANNED


# --- what somebody corrects


async def sent(shop: Workshop, who: str, **lines: str) -> str:
    form = await shop.form(who, "/weekly update")
    answer = await shop.fills(who, form, lines)
    assert isinstance(answer.content, Card)
    return words_of(answer.content)


async def test_a_road_bump_that_is_worded_anew_was_never_solved(weekly: Workshop) -> None:
    await some_work(weekly)
    await sent(weekly, "ben", bumps="The lift brok")
    await sent(weekly, "ben", bumps="The lift broke")
    await weekly.until(SUMMED_UP)
    assert "The lift broke" in room(weekly)[0]
    assert "Out of the way" not in room(weekly)[-1]
    assert "The lift brok\n" not in f"{room(weekly)[-1]}\n"


@pytest.mark.parametrize("nothing", ["None", "nothing this week", "- n/a", "No road bumps"])
async def test_who_says_that_there_is_nothing_leaves_nothing(weekly: Workshop, nothing: str) -> None:
    await some_work(weekly)
    await sent(weekly, "dee", done=nothing, bumps=nothing, plan=nothing)
    assert await bumps(weekly) == []
    assert await goals(weekly, "Dee") == []
    assert shown_in(await weekly.form("dee", "/weekly update"))["done"] == ""


# --- whoever leads today


async def headed_by_cora(shop: Workshop) -> None:
    """Cora heads the department of the team; nobody is its deputy."""
    cora = await shop.person("Cora")
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(26, 12))
        (team,) = await tx.all(select(Team))
        department = await tx.first(select(Department).where(Department.id == team.department_id))
        if department is None:
            department = Department(name="Field work")
            tx.add(department)
            await tx.flush()
            team.department_id = department.id
        department.head_id, team.deputy_id = cora.id, None


async def test_the_head_who_is_asked_to_confirm_can_while_the_lead_is_away_and_not_after(weekly: Workshop) -> None:
    await some_work(weekly)
    await headed_by_cora(weekly)
    assert "Only" in await weekly.says("cora", '/weekly skip team:"Field Dispatch" fair')
    await weekly.says("dana", "away tomorrow")
    await weekly.until(CONFIRMS)
    assert "Confirmed." in await weekly.presses("cora", "Confirm")
    assert "Field Dispatch" in await weekly.says("cora", "/weekly")
    await weekly.until(at(30, 9))
    assert "Only Dana" in await weekly.says("cora", '/weekly skip team:"Field Dispatch" fair')


async def test_who_stands_in_may_do_with_the_huddle_what_the_lead_may(weekly: Workshop) -> None:
    await headed_by_cora(weekly)
    await weekly.says("dana", "away tomorrow")
    await weekly.until(at(27, 8))
    assert "Second" in await weekly.says("cora", '/huddle setup "Second" at:11:00 days:mon-fri team:"Field Dispatch"')


# --- goals


async def test_everybody_sees_their_goals_on_the_first_working_day_and_not_on_the_second(weekly: Workshop) -> None:
    await some_work(weekly)
    await sent(weekly, "dee", plan="Sort the van")
    await weekly.until(CONFIRMS)
    assert "Everybody sees their goals on Mon 30 Nov" in await weekly.presses("dana", "Confirm")
    await weekly.until(at(30, 8, 31))
    plans = [post.words for post in weekly.posts("dee") if ":plan:" in post.key]
    assert "Sort the van" in plans[-1]
    await weekly.until(at(1, 8, 31, month=12))
    assert len([post for post in weekly.posts("dee") if ":plan:" in post.key]) == len(plans)


async def test_an_old_which_three_brings_no_goal_back(weekly: Workshop) -> None:
    await some_work(weekly)
    form = await weekly.form("ben", "/weekly update")
    old = (await weekly.fills("ben", form, {"plan": "One\nTwo\nThree\nFour"})).content
    assert isinstance(old, Form)
    await sent(weekly, "ben", plan="Five")
    again = await weekly.comes_back("ben", old, {})
    assert await goals(weekly, "Ben") == ["Five"]
    assert any("changed" in why for why in again.errors.values())


# --- the words


async def test_a_reason_is_called_one(weekly: Workshop) -> None:
    assert "is called off. Reason: fair." in await weekly.says("dana", "/weekly skip fair")
    assert "Reason: fair." in room(weekly)[-1]


async def test_what_is_due_later_in_the_week_is_open_and_not_behind(weekly: Workshop) -> None:
    await weekly.says("ben", '/action add "Book desks" @Ben due:fri')
    await weekly.says("cem", '/action add "Train desk 4" @Cem due:fri')
    await weekly.until(MET)
    assert "2 still open" in room(weekly)[-1]
    assert "0 of 2" not in room(weekly)[-1]
    assert "0.0%" not in room(weekly)[-1]


async def test_a_week_without_a_finished_task_does_not_count_them(weekly: Workshop) -> None:
    await some_work_undone(weekly)
    await weekly.until(SUMMED_UP)
    assert "Late seals" in room(weekly)[-1]
    assert "0 tasks finished" not in room(weekly)[-1]


async def some_work_undone(shop: Workshop) -> None:
    """Ben reports a blocker that is solved: something to tell, and no task."""
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    said = await shop.says("ben", '/blocker add "Late seals"')
    code = next(each for each in said.replace(":", " ").split() if each.startswith("B-")).strip(".,")
    await shop.says("ben", f"/blocker solve {code} they came")
