"""Founding a council and changing it: dates, rooms, who may, and what a change moves."""

from datetime import time

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.forms import Form
from storage.councils import Council, CouncilRoom
from storage.meetings import CouncilMeeting
from tests.council.table import ROOM, SET_UP, Table, at
from tests.support.reading import labels_of, words_of
from tests.support.workshop import Workshop

State = CouncilMeeting.State


@pytest.mark.req("S2-08")
async def test_founding_plans_the_next_three_meetings_and_says_their_days(shop: Workshop) -> None:
    said = await shop.says("ivo", SET_UP, room=ROOM)
    assert "first Thursday at 10:00, London" in said
    for on in ("Thu 3 Dec 2026, 10:00", "Thu 7 Jan 2027, 10:00", "Thu 4 Feb 2027, 10:00"):
        assert on in said
    assert "call Thu 26 Nov · items until Mon 30 Nov, 12:00" in said
    assert "late items Wed 2 Dec" in said
    meetings = await Table(shop).meetings()
    assert [each.state for each in meetings] == [State.PLANNED] * 3
    assert len({each.slot for each in meetings}) == 3


@pytest.mark.req("S2-08")
async def test_setting_it_up_again_plans_nothing_twice(shop: Workshop) -> None:
    await shop.says("ivo", SET_UP, room=ROOM)
    await shop.says("ivo", "/council setup length:60")
    assert len(await Table(shop).meetings()) == 3
    assert (await shop.row(Council)).length_min == 60
    assert {each.length_min for each in await Table(shop).meetings()} == {60}


async def test_what_is_missing_is_said(shop: Workshop) -> None:
    said = await shop.says("ivo", '/council setup "CX Council" at:10:00')
    assert "chair:@name" in said
    assert "It has no room yet" in said
    assert "Customer" in said
    assert "On the journey without a seat: Call centre" in said


async def test_heads_get_their_seats_with_one_press(shop: Workshop) -> None:
    answer = await shop.ask("ivo", SET_UP, room=ROOM)
    assert isinstance(answer.content, Card)
    said = await shop.presses("ivo", "Seat the heads", answer.content)
    assert "Call centre  Ann" in said
    assert "Metering Ltd" in said.split("without a seat", maxsplit=1)[1]
    assert "7 of 7 voting seats filled" in said


async def test_bi_monthly_is_asked_about_and_a_press_settles_it(shop: Workshop) -> None:
    answer = await shop.ask("ivo", '/council setup "CX Council" rule:"bi-monthly" at:10:00')
    assert isinstance(answer.content, Card)
    assert "Once a month, twice a month, or every two months?" in words_of(answer.content)
    assert labels_of(answer.content) == ["Once a month", "Twice a month", "Every two months"]
    assert "first and third Thursday" in await shop.presses("ivo", "Twice a month", answer.content)
    assert (await shop.row(Council)).rule == "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH,3TH"


async def test_every_two_months_begins_with_the_next_one(shop: Workshop) -> None:
    said = await shop.says("ivo", '/council setup "CX Council" rule:"first thursday every two months" at:10:00')
    assert "Thu 3 Dec 2026" in said
    assert "Thu 4 Feb 2027" in said
    assert "Thu 7 Jan 2027" not in said


async def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(shop: Workshop) -> None:
    form = await shop.form("ivo", "/council setup")
    wrong = {"name": "", "rule": "whenever", "at": "25:00", "length": "5", "quorum": "most", "link": "here"}
    again = await shop.comes_back("ivo", form, wrong)
    assert set(again.errors) == set(wrong)
    right = {"name": "CX Council", "rule": "last friday", "at": "9:30", "length": "1h30", "quorum": "5", "link": ""}
    await shop.fills("ivo", again, right)
    council = await shop.row(Council)
    assert (council.rule, council.at_time, council.length_min, council.quorum_number) == (
        "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR", time(9, 30), 90, 5,
    )  # fmt: skip


async def test_only_administrators_and_sponsors_found_and_only_who_runs_it_changes(shop: Workshop) -> None:
    assert "Only an administrator or a sponsor" in await shop.says("ann", SET_UP)
    await shop.says("carl", SET_UP, room=ROOM)
    assert "Only" in await shop.says("ann", "/council setup length:60")
    assert "60 minutes" in await shop.says("sev", "/council setup length:60")
    assert "Only" in await shop.says("raj", "/council add @Raj")


async def test_as_long_as_nobody_chairs_it_its_sponsor_runs_it(shop: Workshop) -> None:
    await shop.says("carl", '/council setup "CX Council" at:10:00')
    assert (await shop.row(Council)).sponsor_id == (await shop.person("Carl")).id
    assert "60 minutes" in await shop.says("carl", "/council setup length:60")
    await shop.says("carl", "/council setup chair:@Cora")
    assert "Only" in await shop.says("carl", "/council setup length:90")


@pytest.mark.req("S2-08")
async def test_another_rhythm_moves_what_nobody_has_called_yet(table: Table) -> None:
    said = await table.shop.says("cora", '/council setup rule:"first tuesday" at:14:00')
    assert "Moved: Thu 3 Dec to Tue 1 Dec, 14:00" in said
    starts = [each.starts_at for each in await table.meetings()]
    assert starts == [at(1, 14, month=12), at(5, 14, month=1, year=2027), at(2, 14, month=2, year=2027)]
    assert table.in_room("Tue 1 Dec 2026, 14:00 instead of Thu 3 Dec 2026, 10:00")


async def test_another_rhythm_leaves_alone_what_was_called_or_moved_by_hand(table: Table) -> None:
    await table.shop.until(at(26, 10, 1))
    await table.shop.says("cora", '/council move 7 Jan to:2027-01-14 reason:"the hall"')
    await table.shop.says("cora", '/council setup rule:"first tuesday"')
    starts = [each.starts_at for each in await table.meetings()]
    assert starts == [at(3, 10, month=12), at(14, 10, month=1, year=2027), at(2, 10, month=2, year=2027)]
    by_hand = await table.meeting("2027-01-05")
    assert by_hand.starts_at == at(14, 10, month=1, year=2027)


async def test_days_of_two_rhythms_may_be_the_same_ones_in_another_order(table: Table) -> None:
    await table.shop.says("cora", '/council setup rule:"first and third thursday"')
    days = [each.slot.date().isoformat() for each in await table.meetings()]
    assert days == ["2026-12-03", "2026-12-17", "2027-01-07"]
    await table.shop.says("cora", '/council setup rule:"first thursday"')
    days = [each.slot.date().isoformat() for each in await table.meetings()]
    assert days == ["2026-12-03", "2027-01-07", "2027-02-04"]


async def test_an_old_step_of_a_moved_meeting_does_nothing(table: Table) -> None:
    await table.shop.says("cora", '/council setup rule:"second thursday"')
    await table.shop.until(at(26, 10, 1))
    assert not table.told("ann", "What should we talk about?")
    await table.shop.until(at(3, 10, 1, month=12))
    assert len(table.told("ann", "What should we talk about?")) == 1


# --- rooms


async def test_a_council_lives_in_several_rooms_and_leaves_them(table: Table) -> None:
    shop = table.shop
    assert "Type `/council room` in the channel" in await shop.says("sev", "/council room")
    await shop.says("sev", "/council room", room="field")
    await shop.says("sev", "/council room", room="field")
    await shop.says("sev", "/council room public", room="field-dispatch")
    async with shop.house.database.read(1) as tx:
        rooms = await tx.all(select(CouncilRoom))
    assert sorted(each.purpose.value for each in rooms) == ["council", "council", "public"]
    assert "does not come to" in await shop.says("sev", "/council room off", room="field")
    assert "does not live" in await shop.says("sev", "/council room off", room="field")


async def test_a_paused_council_plans_nothing_and_a_resumed_one_has_its_days_back(table: Table) -> None:
    shop = table.shop
    await shop.says("cora", "/council pause")
    await shop.until(at(26, 10, 1))
    assert not table.told("ann", "What should we talk about?")
    said = await shop.says("cora", "/council pause off")
    assert "Thu 3 Dec 2026, 10:00" in said
    await shop.until(at(26, 10, 30))
    assert len(table.told("ann", "What should we talk about?")) == 1


async def test_nobody_from_outside_is_made_chair_or_secretary(table: Table) -> None:
    shop = table.shop
    for who, line in (("Mrs Okafor", 'chair:@"Mrs Okafor"'), ("Sam", "secretary:@Sam")):
        answer = await shop.ask("cora", f"/council setup {line}")
        assert isinstance(answer.content, Form)
        assert f"{who} comes from outside and may not read everything." in " ".join(answer.content.errors.values())
    council = await shop.row(Council)
    assert council.chair_id == (await shop.person("Cora")).id
    assert council.secretary_id == (await shop.person("Sev")).id


async def test_the_room_of_a_council_is_not_made_the_public_one_by_mistake(table: Table) -> None:
    said = await table.shop.says("sev", "/council room public", room=ROOM)
    assert f"CX Council lives in #{ROOM}" in said
    assert "`/council room off`" in said
    assert (await table.shop.row(CouncilRoom)).purpose is CouncilRoom.Purpose.COUNCIL


async def test_a_quorum_of_more_seats_than_are_filled_says_what_it_means(table: Table) -> None:
    said = await table.shop.says("cora", "/council setup quorum:20")
    assert "8 voting seats are filled: as long as there are fewer than 20, all of them are needed." in said
    assert "all of them" not in await table.shop.says("cora", "/council setup quorum:8")
