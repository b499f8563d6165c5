"""A team's rhythm: the offer, set-up in one line or by form, pause, resume, end, and weeks called off."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from bot.weekly.rules import State
from storage.cadences import Occurrence
from storage.engine import Database
from storage.tx import SYSTEM
from storage.weekly import Weekly, WeeklyRun
from tests.support.field_dispatch import field_dispatch
from tests.support.reading import labels_of
from tests.support.workshop import Workshop
from tests.weekly.desk import ASKED, MET, NUDGED, SUMMED_UP, at, room, some_work, the_run, told


async def test_one_line_sets_it_up_and_says_when_it_begins(shop: Workshop) -> None:
    said = await shop.says("dana", "/weekly setup day:Friday at:10.00")
    assert "Fridays at 10:00, London" in said
    assert "First meeting: Fri 27 Nov 2026, 10:00" in said
    assert "Thu 26 Nov, 14:00" in said
    weekly = await shop.row(Weekly)
    assert (weekly.weekday, f"{weekly.at_time:%H:%M}", weekly.state) == ("fri", "10:00", Weekly.State.HELD)


async def test_without_words_a_form_asks_and_what_is_wrong_is_said_in_it(shop: Workshop) -> None:
    form = await shop.form("dana", "/weekly setup")
    again = await shop.comes_back("dana", form, {"day": "", "at": "25:00", "zone": "Europe/Lndon"})
    assert set(again.errors) == {"day", "at", "zone"}
    await shop.fills("dana", again, {"day": "wed", "at": "14:30", "zone": "Europe/London"})
    assert (await shop.row(Weekly)).weekday == "wed"


async def test_only_who_leads_the_team_sets_it_up(shop: Workshop) -> None:
    assert "Only" in await shop.says("amy", "/weekly setup day:fri")


async def test_a_holiday_moves_the_meeting_and_the_answer_says_so(sqlite: Database) -> None:
    shop = Workshop(await field_dispatch(sqlite, datetime(2026, 12, 22, 12, tzinfo=UTC)))
    said = await shop.says("dana", "/weekly setup day:fri at:10:00")
    assert "Thu 24 Dec 2026, 10:00" in said
    assert "Christmas Day" in said
    run = await shop.row(WeeklyRun, iso_week=52)
    assert run.meets_at == datetime(2026, 12, 24, 10, tzinfo=UTC)


async def test_each_week_has_one_run_and_the_next_begins_on_monday(weekly: Workshop) -> None:
    await weekly.says("dana", "/weekly setup day:fri at:10:00")
    await weekly.until(at(30, 0, 6))
    async with weekly.house.database.read(SYSTEM) as tx:
        weeks = await tx.all(select(col(WeeklyRun.iso_week)).order_by(col(WeeklyRun.id)))
    assert weeks == [48, 49]


async def test_a_changed_time_moves_what_is_planned_and_old_steps_do_nothing(weekly: Workshop) -> None:
    await some_work(weekly)
    await weekly.says("dana", "/weekly setup day:thu at:15:00")
    assert (await the_run(weekly)).meets_at == at(26, 15)
    await weekly.until(at(26, 12, 1))
    assert told(weekly, "cem", "Weekly check, 3 minutes")
    await weekly.says("dana", "/weekly setup day:fri at:10:00")
    await weekly.until(at(26, 15, 1))
    assert room(weekly) == []
    assert len(told(weekly, "cem", "Weekly check, 3 minutes")) == 1
    await weekly.until(MET)
    assert len(room(weekly)) == 1


async def test_set_up_on_the_eve_still_asks_and_on_the_day_itself_only_holds(sqlite: Database) -> None:
    shop = Workshop(await field_dispatch(sqlite, at(26, 16)))
    await shop.says("cem", '/action add "Train desk 4" @Cem due:fri')
    await shop.says("dana", "/weekly setup day:fri at:10:00")
    await shop.until(at(26, 16, 1))
    assert told(shop, "cem", "Weekly check, 3 minutes")


# --- the offer


async def test_the_lead_is_offered_one_when_the_team_gets_its_huddle(sqlite: Database) -> None:
    shop = Workshop(await field_dispatch(sqlite, at(26, 12)))
    await shop.says("dana", '/huddle setup "Second" at:11:00 days:mon-fri')
    assert labels_of(shop.newest("dana", "Fridays 10:00")) == ["Fridays 10:00", "Another time", "No"]
    said = await shop.presses("dana", "Fridays 10:00")
    assert "First meeting: Fri 27 Nov 2026, 10:00" in said
    assert (await shop.row(Weekly)).state is Weekly.State.HELD


async def test_who_says_no_is_not_asked_again(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Second" at:11:00 days:mon-fri')
    assert "no weekly follow-up for Field Dispatch" in await shop.presses("dana", "No")
    await shop.says("dana", '/huddle setup "Third" at:12:00 days:mon-fri')
    assert len(told(shop, "dana", "Shall I run a weekly")) == 0
    with pytest.raises(LookupError):
        shop.newest("dana", "Fridays 10:00")


async def test_an_old_offer_says_what_is_there(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Second" at:11:00 days:mon-fri')
    offer = shop.newest("dana", "Fridays 10:00")
    await shop.says("dana", "/weekly setup day:wed at:09:30")
    assert "Wednesdays at 09:30" in await shop.presses("dana", "Fridays 10:00", offer)
    assert "Wednesdays at 09:30" in await shop.presses("dana", "No", offer)
    assert (await shop.row(Weekly)).weekday == "wed"


async def test_another_time_opens_the_form(shop: Workshop) -> None:
    await shop.says("dana", '/huddle setup "Second" at:11:00 days:mon-fri')
    form = await shop.opens("dana", "Another time")
    await shop.fills("dana", form, {"day": "mon", "at": "09:00"})
    assert (await shop.row(Weekly)).weekday == "mon"


# --- pause, resume, end, skip


async def test_a_paused_weekly_asks_nobody_until_it_is_resumed(weekly: Workshop) -> None:
    await some_work(weekly)
    assert "is paused" in await weekly.says("dana", "/weekly pause")
    await weekly.until(ASKED)
    assert told(weekly, "cem", "Weekly check") == []
    assert "First meeting: Fri 27 Nov" in await weekly.says("dana", "/weekly resume")
    await weekly.until(MET)
    assert told(weekly, "cem", "Weekly check")
    assert len(room(weekly)) == 1


async def test_after_the_end_no_week_begins(weekly: Workshop) -> None:
    await some_work(weekly)
    assert "has ended" in await weekly.says("dana", "/weekly setup off")
    await weekly.until(at(30, 1))
    assert room(weekly) == []
    assert (await the_run(weekly)).state is State.SKIPPED
    assert "There is no weekly follow-up of Field Dispatch to end" in await weekly.says("dana", "/weekly end")


async def test_undo_brings_an_ended_weekly_back(weekly: Workshop) -> None:
    await some_work(weekly)
    answer = await weekly.ask("dana", "/weekly end")
    assert isinstance(answer.content, Card)
    await weekly.presses("dana", "Undo", answer.content)
    await weekly.until(MET)
    assert len(room(weekly)) == 1


async def test_a_week_called_off_is_told_in_the_room_and_asks_nobody(weekly: Workshop) -> None:
    await some_work(weekly)
    await weekly.until(ASKED)
    assert "is called off" in await weekly.says("dana", "/weekly skip Half the team is at the fair")
    assert "There is no weekly meeting of Field Dispatch on Fri 27 Nov" in room(weekly)[-1]
    assert "Half the team is at the fair" in weekly.last("cem")
    await weekly.until(SUMMED_UP)
    assert told(weekly, "cem", "The weekly meeting starts at") == []
    assert len(room(weekly)) == 1
    assert "is called off already" in await weekly.says("dana", "/weekly skip again")
    assert "There is no weekly of Field Dispatch in week 48" in await weekly.says("cem", "/weekly update")


async def test_without_a_reason_a_form_asks_why(weekly: Workshop) -> None:
    form = await weekly.form("dana", "/weekly skip")
    assert (await weekly.comes_back("dana", form, {"why": " "})).errors
    await weekly.fills("dana", form, {"why": "Team day"})
    assert (await the_run(weekly)).reason == "Team day"


async def test_undo_of_a_skip_holds_the_week_after_all_also_past_its_hour(weekly: Workshop) -> None:
    await some_work(weekly)
    await weekly.until(at(27, 9, 58))
    answer = await weekly.ask("dana", "/weekly skip Team day")
    await weekly.until(at(27, 10, 2))
    assert isinstance(answer.content, Card)
    await weekly.presses("dana", "Undo", answer.content)
    await weekly.until(at(27, 10, 3))
    assert (await the_run(weekly)).state is State.PACK_POSTED
    assert "Due in the next 7 days" in room(weekly)[-1]


async def test_what_stands_in_the_room_can_not_be_skipped(weekly: Workshop) -> None:
    await some_work(weekly)
    await weekly.until(MET)
    assert "stands in the channel already" in await weekly.says("dana", "/weekly skip too late")


async def test_a_member_can_not_call_a_week_off(weekly: Workshop) -> None:
    assert "Only" in await weekly.says("amy", "/weekly skip no time")
    assert (await the_run(weekly)).state is State.PLANNED


# --- after an absence of the bot


@pytest.mark.parametrize(
    ("due", "kind", "away", "state"),
    [
        (ASKED - timedelta(minutes=1), "weekly.ask", timedelta(hours=12), Occurrence.State.DONE),
        (ASKED - timedelta(minutes=1), "weekly.ask", timedelta(hours=20, minutes=30), Occurrence.State.SKIPPED),
        (NUDGED - timedelta(minutes=1), "weekly.nudge", timedelta(minutes=20), Occurrence.State.DONE),
        (NUDGED - timedelta(minutes=1), "weekly.nudge", timedelta(minutes=31), Occurrence.State.SKIPPED),
        (MET - timedelta(minutes=1), "weekly.pack", timedelta(hours=12), Occurrence.State.DONE),
        (MET - timedelta(minutes=1), "weekly.pack", timedelta(days=3), Occurrence.State.SKIPPED),
        (SUMMED_UP - timedelta(minutes=1), "weekly.summary", timedelta(hours=12), Occurrence.State.DONE),
        (SUMMED_UP - timedelta(minutes=1), "weekly.summary", timedelta(days=3), Occurrence.State.SKIPPED),
        (at(27, 10, 30), "weekly.confirm", timedelta(hours=12), Occurrence.State.DONE),
        (at(30, 0, 5), "weekly.begin", timedelta(days=3), Occurrence.State.DONE),
        (at(30, 0, 5), "weekly.begin", timedelta(days=10), Occurrence.State.SKIPPED),
    ],
    ids=str,
)
async def test_what_fell_due_during_an_absence_comes_once_and_not_too_late(
    weekly: Workshop, due: datetime, kind: str, away: timedelta, state: Occurrence.State
) -> None:
    await some_work(weekly)
    await weekly.until(due - timedelta(minutes=1))
    before = room(weekly)
    await weekly.house.wakes_at(due + away)
    async with weekly.house.database.read(SYSTEM) as tx:
        step = await tx.first(select(Occurrence).where(Occurrence.kind == kind, Occurrence.due_at == due))
    assert step is not None
    assert step.state is state
    new = room(weekly)[len(before) :]
    assert len([words for words in new if "Due in the next 7 days" in words]) <= 1
    assert len([words for words in new if "finished" in words]) <= 1


async def test_a_pack_missed_for_days_is_not_posted_and_the_week_says_why(weekly: Workshop) -> None:
    await some_work(weekly)
    await weekly.until(at(27, 9, 59))
    await weekly.house.wakes_at(at(29, 12))
    run = await the_run(weekly)
    assert (run.state, run.reason) == (State.SKIPPED, "I was away at its time.")
    assert room(weekly) == []


async def test_other_zones_meet_by_their_own_clock(shop: Workshop) -> None:
    said = await shop.says("dana", "/weekly setup day:fri at:10:00 tz:America/New_York")
    assert "New York" in said
    assert (await the_run(shop)).meets_at == at(27, 15)


async def test_undo_of_the_set_up_leaves_no_week_behind(shop: Workshop) -> None:
    await some_work(shop)
    answer = await shop.ask("dana", "/weekly setup day:fri at:10:00")
    assert isinstance(answer.content, Card)
    await shop.presses("dana", "Undo", answer.content)
    await shop.until(MET)
    assert room(shop) == []
    assert told(shop, "cem", "Weekly check") == []
