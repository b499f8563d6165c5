"""The pack, the plan and the summary: true counts, remade in place, confirmed by who leads, proposed until then."""

from datetime import date

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.ports import Press
from bot.weekly.rules import State
from storage.actions import Action
from storage.blockers import Blocker
from storage.engine import Database
from storage.initiatives import Initiative, Milestone
from storage.people import Person
from storage.places import Place
from storage.teams import Team
from storage.tx import SYSTEM
from storage.weekly import WeeklyGoal, goals_of
from tests.support.field_dispatch import field_dispatch
from tests.support.reading import shown_in, words_of
from tests.support.workshop import Workshop
from tests.weekly.desk import (
    ASKED,
    CONFIRMS,
    MET,
    NORTHWATER,
    SUMMED_UP,
    add_milestone,
    at,
    goals,
    room,
    some_work,
    the_run,
    told,
)

CLAIMED = Milestone.State.CLAIMED


async def posted(shop: Workshop) -> str:
    """The pack that stands in the room."""
    await some_work(shop)
    await shop.until(MET)
    return room(shop)[-1]


@pytest.mark.req("S3-24")
async def test_the_counts_of_the_pack_are_those_of_the_rows(weekly: Workshop) -> None:
    for number, due in enumerate(("2026-11-26", "2026-11-27", "2026-11-30", "2026-12-04", "2026-12-07")):
        await weekly.says("dee", f'/action add "Task {number}" @Dee due:{due}')
    await weekly.until(MET)
    members = [(await weekly.person(name)).id for name in ("Amy", "Ben", "Cem", "Dee", "Eli", "Fay")]
    async with weekly.house.database.read(SYSTEM) as tx:
        actions = [each for each in await tx.all(select(Action)) if each.owner_id in members]
    waiting = [each for each in actions if each.state is Action.State.OPEN and each.due_on]
    done = sum(each.state is Action.State.DONE for each in actions)
    overdue = sum(each.due_on is not None and each.due_on < date(2026, 11, 27) for each in waiting)
    coming = sum(each.due_on is not None and 0 <= (each.due_on - date(2026, 11, 27)).days <= 7 for each in waiting)
    assert f"Done: {done}. Late: {overdue}. Due in the next 7 days: {coming}." in room(weekly)[-1]
    assert (done, overdue, coming) == (0, 1, 3)


@pytest.mark.req("S3-24")
async def test_who_said_nothing_has_their_tasks_shown_as_they_stand(weekly: Workshop) -> None:
    pack = await posted(weekly)
    assert (await the_run(weekly)).state is State.PACK_POSTED
    assert "Cem A-4 Train desk 4" in pack
    assert "Plan from Mon 30 Nov, proposed" in pack
    assert not any(getattr(each, "primary", False) for each in buttons_in_room(weekly))


def buttons_in_room(shop: Workshop) -> list[object]:
    cards = [post.card for post in shop.house.chat.posts.values() if post.to.conversation == "field-dispatch"]
    return [item for card in cards for each in card.elements for item in getattr(each, "items", ())]


async def test_a_late_update_remakes_the_pack_where_it_stands(weekly: Workshop) -> None:
    await posted(weekly)
    form = await weekly.form("cem", "/weekly update")
    answer = await weekly.fills("cem", form, {"bumps": "The lift is out of order", "plan": "Train desk 5"})
    assert isinstance(answer.content, Card)
    assert "anew with it" in words_of(answer.content)
    (pack,) = room(weekly)
    assert "The lift is out of order" in pack
    assert "Cem Train desk 5" in pack


async def test_work_done_after_the_pack_is_counted_in_it(weekly: Workshop) -> None:
    assert "Done: 1." in await posted(weekly)
    await weekly.says("ben", "done A-2")
    await weekly.until(at(27, 10, 4))
    assert "Done: 2." in room(weekly)[-1]


async def test_a_press_about_a_blocker_remakes_the_pack_at_once(weekly: Workshop) -> None:
    await weekly.says("amy", '/huddle blocker "Van 12 is out of meter seals"')
    number = (await weekly.row(Blocker, text="Van 12 is out of meter seals")).id
    assert "Van 12 is out of meter seals" in await posted(weekly)
    await weekly.until(at(27, 10, 4))
    await weekly.ask("amy", Press("blocker.solve", {"blocker": str(number)}))
    (pack,) = [each for each in room(weekly) if "Plan from" in each]
    assert "Van 12 is out of meter seals" not in pack


@pytest.mark.req("S3-26")
async def test_a_milestone_is_commended_with_the_team_when_it_is_accepted_and_not_before(weekly: Workshop) -> None:
    await add_milestone(weekly, "M-12", "Text service live", "Ben", state=CLAIMED)
    await add_milestone(weekly, "M-13", "Script agreed", "Cem", state=CLAIMED)
    await weekly.says("carl", "/milestones accept M-12")
    await weekly.until(MET)
    pack = room(weekly)[-1]
    assert "Text service live M-12, accepted Thu 26 Nov\nWell done, Field Dispatch." in pack
    assert "M-13" not in pack.split("Plan from")[0]
    await weekly.says("carl", '/milestones reject M-13 "two questions are missing"')
    await weekly.until(SUMMED_UP)
    summary = room(weekly)[-1]
    assert "Text service live" in summary
    assert "Script agreed M-13, accepted" not in summary


@pytest.mark.req("S3-26")
async def test_one_that_is_accepted_after_the_pack_is_commended_in_it(weekly: Workshop) -> None:
    await add_milestone(weekly, "M-12", "Text service live", "Ben", state=CLAIMED)
    assert "Milestone met" not in await posted(weekly)
    await weekly.says("carl", "/milestones accept M-12")
    await weekly.until(at(27, 10, 4))
    assert "Milestone met\nText service live M-12, accepted Fri 27 Nov" in room(weekly)[-1]


@pytest.mark.req("S0-02")
async def test_an_initiative_without_a_sponsor_is_listed_until_it_has_one(weekly: Workshop) -> None:
    await some_work(weekly)
    ben = await weekly.person("Ben")
    async with weekly.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(26, 12))
        tx.add(Initiative(code="I-8", title="Meter reading by photo", owner_id=ben.id))
    await weekly.until(MET)
    assert "I-8 Meter reading by photo no sponsor" in room(weekly)[-1]
    async with weekly.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=MET)
        initiative = await tx.first(select(Initiative))
        assert initiative is not None
        initiative.sponsor_id = ben.id
    assert "I-8" not in await weekly.says("ben", "/weekly")


async def test_everything_behind_the_counts_is_shown_to_who_asks(weekly: Workshop) -> None:
    await posted(weekly)
    run = await the_run(weekly)
    answer = await weekly.ask("amy", Press("weekly.tasks", {"run": str(run.id)}))
    assert isinstance(answer.content, Card)
    assert "Done (1)\nCheck eight calls A-1 · Ben" in words_of(answer.content)


async def test_the_week_can_be_looked_at_before_its_pack(weekly: Workshop) -> None:
    await some_work(weekly)
    seen = await weekly.says("amy", "/weekly")
    assert "Field Dispatch · week 48" in seen
    assert "Done: 1." in seen


async def test_a_team_without_a_weekly_says_who_can_start_one(shop: Workshop) -> None:
    assert "Field Dispatch has no weekly follow-up. Dana can start one: /weekly setup" in await shop.says(
        "amy", "/weekly"
    )


# --- the plan


async def at_the_plan(shop: Workshop) -> Workshop:
    """Half past ten: Dana is asked to confirm."""
    await some_work(shop)
    await shop.until(CONFIRMS)
    return shop


@pytest.mark.req("S3-27")
async def test_the_lead_confirms_and_who_comes_second_hears_who_was_first(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    card = weekly.newest("dana", "Confirm")
    assert "Please confirm next week's plan." in words_of(card)
    assert "Confirmed." in await weekly.presses("dana", "Confirm", card)
    assert "Dana confirmed that plan on Fri 27 Nov at 10:31" in await weekly.presses("dana", "Confirm", card)
    assert "Dana confirmed that plan" in await weekly.says("ivo", '/weekly confirm team:"Field Dispatch"')
    assert "confirmed by Dana" in room(weekly)[-1]
    assert (await the_run(weekly)).state is State.CONFIRMED


@pytest.mark.req("S3-27")
async def test_unconfirmed_goals_are_proposed_and_confirmed_ones_are_not(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    cem = await weekly.person("Cem")
    async with weekly.house.database.read(SYSTEM) as tx:
        assert [each.is_proposed for each in await goals_of(tx, cem.id, (2026, 49))] == [True]
        assert await goals_of(tx, cem.id, (2026, 48)) == []
    await weekly.until(at(30, 8))
    seen = await weekly.says("cem", "/today")
    assert "Your goals this week\nA-4 Train desk 4 proposed" in seen
    await weekly.says("dana", "/weekly confirm")
    assert "proposed" not in (await weekly.says("cem", "/today")).split("Your goals this week")[1].split("\n")[1]


async def test_a_plan_can_not_be_confirmed_before_the_pack_or_by_others(weekly: Workshop) -> None:
    await some_work(weekly)
    await weekly.until(ASKED)
    assert "once the pack stands there, on Fri 27 Nov, 10:00" in await weekly.says("dana", "/weekly confirm")
    await weekly.until(CONFIRMS)
    run = await the_run(weekly)
    answer = await weekly.ask("cem", Press("weekly.confirm", {"run": str(run.id)}))
    assert isinstance(answer.content, Card)
    assert "Only Dana can do that" in words_of(answer.content)


@pytest.mark.req("S3-23")
async def test_the_lead_plans_four_for_one_person_and_is_asked_which_three(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    form = await weekly.opens("dana", "Edit")
    ben = await weekly.person("Ben")
    answer = await weekly.fills("dana", form, {f"goal{ben.id}": "One\nTwo\nThree\nFour"})
    assert isinstance(answer.content, Form)
    (question,) = answer.content.inputs
    assert question.label == "Ben: which three?"
    first = int(question.value.split(",")[0])
    await weekly.fills("dana", answer.content, {question.id: f"{first},{first + 2},{first + 3}"})
    assert await goals(weekly, "Ben") == ["One", "Three", "Four"]
    assert await goals(weekly, "Cem") == ["A-4 Train desk 4"]


async def test_a_plan_for_one_person_by_name_and_for_nobody_else(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    form = await weekly.form("dana", "/weekly plan @Dee")
    assert [each.label for each in form.inputs] == ["Dee"]
    await weekly.fills("dana", form, {form.inputs[0].id: "Sort the van"})
    assert await goals(weekly, "Dee") == ["Sort the van"]
    assert "Mia is not in Field Dispatch" in await weekly.says("dana", "/weekly plan @Mia")


async def test_a_plan_changed_meanwhile_comes_back_once_and_holds_when_sent_again(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    form = await weekly.opens("dana", "Edit")
    update = await weekly.form("ben", "/weekly update")
    await weekly.fills("ben", update, {"plan": "Call Bea"})
    ben = await weekly.person("Ben")
    again = await weekly.comes_back("dana", form, {f"goal{ben.id}": "Order seals"})
    assert any("Ben changed this plan a moment ago" in why for why in again.errors.values())
    assert await goals(weekly, "Ben") == ["Call Bea"]
    assert shown_in(again)[f"goal{ben.id}"] == "Order seals"
    await weekly.fills("dana", again, {})
    assert await goals(weekly, "Ben") == ["Order seals"]


async def test_after_the_plan_is_confirmed_a_member_keeps_its_goals_and_is_told_so(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    await weekly.presses("dana", "Confirm")
    form = await weekly.form("cem", "/weekly update")
    answer = await weekly.fills("cem", form, {"plan": "Something else"})
    assert isinstance(answer.content, Card)
    assert "Dana has confirmed next week's plan" in words_of(answer.content)
    assert await goals(weekly, "Cem") == ["A-4 Train desk 4"]


async def test_undo_of_a_confirmation_makes_the_plan_proposed_again(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    answer = await weekly.press("dana", "Confirm")
    assert answer is not None
    assert isinstance(answer.content, Card)
    await weekly.presses("dana", "Undo", answer.content)
    assert (await the_run(weekly)).confirmed_at is None
    assert "proposed" in room(weekly)[-1]


async def test_while_the_lead_is_away_the_deputy_confirms(weekly: Workshop) -> None:
    await some_work(weekly)
    amy = await weekly.person("Amy")
    async with weekly.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(26, 12))
        (team,) = await tx.all(select(Team))
        team.deputy_id = amy.id
    await weekly.says("dana", "away tomorrow")
    await weekly.until(CONFIRMS)
    assert told(weekly, "dana", "Please confirm") == []
    assert "Confirmed." in await weekly.presses("amy", "Confirm")
    assert (await the_run(weekly)).confirmed_by == amy.id


async def test_a_week_that_is_over_can_not_be_planned_any_more(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    card = weekly.newest("dana", "Confirm")
    weekly.house.clock.move_to(at(7, 9, month=12))
    assert "are over" in await weekly.presses("dana", "Confirm", card)


# --- the summary


@pytest.mark.req("S0-10", "S3-43")
async def test_the_summary_tells_what_is_different_from_last_week_and_names_each_win_once(weekly: Workshop) -> None:
    ben = await weekly.person("Ben")
    async with weekly.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(19, 12))
        on = date(2026, 11, 19)
        for number in (91, 92, 93):
            tx.add(
                Action(
                    code=f"A-{number}", title="Last week", owner_id=ben.id, requester_id=ben.id, due_on=on,
                    first_due_on=on, finished_on=on, state=Action.State.DONE,
                )
            )  # fmt: skip
    await add_milestone(weekly, "M-12", "Text service live", "Ben", state=CLAIMED)
    await weekly.says("carl", "/milestones accept M-12")
    await some_work(weekly)
    await weekly.until(SUMMED_UP)
    summary = room(weekly)[-1]
    assert "1 task finished, 2 fewer than last week. On time: 33.3%, last week 100.0%." in summary
    assert summary.count("Text service live") == 1


@pytest.mark.req("S0-10")
async def test_a_week_without_a_win_has_no_summary(weekly: Workshop) -> None:
    await weekly.says("cem", '/action add "Train desk 4" @Cem due:fri')
    await weekly.until(SUMMED_UP)
    assert len(room(weekly)) == 1
    assert (await the_run(weekly)).state is State.SUMMARISED


async def test_the_lead_adds_a_sentence_to_the_milestones(weekly: Workshop) -> None:
    await add_milestone(weekly, "M-12", "Text service live", "Ben", state=CLAIMED)
    await weekly.says("carl", "/milestones accept M-12")
    await at_the_plan(weekly)
    form = await weekly.opens("dana", "Edit")
    await weekly.fills("dana", form, {"praise": "Three months of patience with the supplier paid off."})
    await weekly.until(SUMMED_UP)
    assert "Three months of patience" in room(weekly)[-1]


async def test_a_plan_can_be_confirmed_after_the_summary(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    await weekly.until(SUMMED_UP)
    assert "Confirmed." in await weekly.says("dana", "/weekly confirm")
    assert (await the_run(weekly)).state is State.SUMMARISED


async def test_a_team_without_a_channel_has_its_pack_in_front_of_who_leads_it(sqlite: Database) -> None:
    shop = Workshop(await field_dispatch(sqlite, at(26, 12)))
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(26, 12))
        (team,) = await tx.all(select(Team))
        team.place_id = None
        assert await tx.first(select(Place)) is not None
    await shop.says("dana", "/weekly setup day:fri at:10:00")
    await posted_to(shop, "dana")


async def posted_to(shop: Workshop, who: str) -> None:
    await some_work(shop)
    await shop.until(MET)
    assert told(shop, who, "Field Dispatch · week 48")


async def test_the_silent_are_never_named_in_the_room(weekly: Workshop) -> None:
    await weekly.says("cem", '/action add "Sort the van" @Cem due:2026-12-20')
    await weekly.until(SUMMED_UP)
    assert all("Cem" not in words for words in room(weekly))


async def test_goals_of_several_people_are_theirs_alone(weekly: Workshop) -> None:
    await at_the_plan(weekly)
    async with weekly.house.database.read(SYSTEM) as tx:
        rows = await tx.all(select(WeeklyGoal))
        names = {each.id: each.name for each in await tx.all(select(Person))}
    assert sorted((names[each.person_id], each.text) for each in rows) == [
        ("Ben", "A-2 Book desks"),
        ("Ben", "A-3 Order seals"),
        ("Cem", "A-4 Train desk 4"),
    ]
