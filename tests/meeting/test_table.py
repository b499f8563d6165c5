"""Who is at the table: by press, by the secretary's mark, as a deputy; and what the quorum makes of it."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.council.standing import around
from bot.minutes import gathering, paper_views
from bot.ports import Press
from storage.meetings import Attendance
from storage.people import Person
from tests.meeting.hall import BEGINS, Hall
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import words_of

Status = Attendance.Status


@pytest.mark.req("S2-11")
async def test_the_fifth_of_eight_makes_it_quorate_and_a_leaving_unmakes_it(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.are_here("Ann", "Raj", "Bea", "Sam")
    assert "Not quorate: 4 of 8 present, 5 needed, since 10:00." in hall.room
    assert "What is decided now is provisional" in hall.room
    await hall.at(3)
    answer = await hall.do("dov", "council.here")
    assert answer is not None
    assert isinstance(answer.content, Card)
    assert words_of(answer.content) == "Noted at 10:03, Dov. Quorate: 5 of 8 present, 5 needed."
    assert "Quorate: 5 of 8 present, 5 needed, since 10:03." in hall.room
    await hall.at(20)
    await hall.do("raj", "council.away_now")
    assert "Not quorate: 4 of 8 present, 5 needed, since 10:20." in hall.room
    assert "Ann, Bea, Sam and Dov" in hall.room


async def test_a_second_press_changes_nothing(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.are_here("Ann", "Ann")
    assert len(await hall.presences()) == 1
    assert "You are at the table already, Ann." in await hall.says("ann", "/council here")


async def test_who_is_there_early_can_say_so_before_the_meeting_is_opened(hall: Hall) -> None:
    await hall.are_here("Ann")
    await hall.at(0)
    await hall.says("cora", "/council start")
    (one,) = await hall.presences()
    assert one.from_at < BEGINS
    assert "Not quorate: 1 of 8 present, 5 needed" in hall.room


async def test_the_customer_is_at_the_table_and_not_in_the_quorum(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    assert "Not quorate: 0 of 8" in await hall.says("sev", '/council present @"Mrs Okafor"')
    assert (await hall.seat_of("Mrs Okafor")).status is Status.PRESENT


async def test_who_has_no_seat_and_no_department_there_is_told_what_to_do(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    assert "You have no seat in Council of Thu 3 Dec 2026" in await hall.says("carl", "/council here")
    assert "You run Council of Thu 3 Dec 2026 and have no seat in it" in await hall.says("cora", "/council here")
    assert await hall.presences() == []


@pytest.mark.req("S2-11")
async def test_a_deputy_counts_only_with_authority(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    assert "Not quorate: 0 of 8" in await hall.says("sev", "/council present @Dana for:@Raj")
    assert "Dana for Raj" in hall.room
    assert "Not quorate: 1 of 8" in await hall.says("sev", "/council present @Amy for:@Ivo can-decide")
    assert (await hall.seat_of("Ivo")).status is Status.DEPUTY


@pytest.mark.req("S2-11")
async def test_a_deputy_who_was_announced_with_authority_presses_and_counts(hall: Hall) -> None:
    await hall.says("ivo", "/council attend deputy:@Amy can-decide")
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.are_here("Amy")
    assert "Amy for Ivo" in hall.room
    assert "Not quorate: 1 of 8 present, 5 needed" in hall.room
    assert (await hall.seat_of("Ivo")).status is Status.DEPUTY


async def test_a_deputy_whom_nobody_announced_is_asked_for_whom(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    form = await hall.form("dana", "/council here")  # Dana belongs to Field, for which Raj sits
    assert [each.label for each in form.inputs] == ["You sit in for"]
    answer = await hall.fills("dana", form, {"seat": form.inputs[0].options[0].value})  # type: ignore[union-attr]
    assert isinstance(answer.content, Card)
    assert "You sit in for Raj." in words_of(answer.content)
    assert "without the authority to decide" in words_of(answer.content)
    assert "Not quorate: 0 of 8" in hall.room


async def test_who_holds_the_seat_takes_it_back_and_nobody_sits_beside_them(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.says("sev", "/council present @Amy for:@Ivo can-decide")
    await hall.at(5)
    await hall.are_here("Ivo")
    first, second = await hall.presences()
    assert first.to_at == second.from_at
    assert (await hall.seat_of("Ivo")).status is Status.PRESENT
    said = await hall.says("sev", "/council present @Amy for:@Ivo")
    assert "Ivo is at the table, so nobody sits in for them." in said
    assert "1 of 8 present" in hall.room


async def test_the_secretarys_form_changes_only_what_was_changed_in_it(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.are_here("Ann")
    form = await hall.opens("sev", "Who is here")
    ticked = {each.label: each.value for each in form.inputs[0].options}  # type: ignore[union-attr]
    await hall.are_here("Bea")  # who arrives while the form is open
    answer = await hall.fills(
        "sev", form, {"here": ticked["Raj, Field"], "sorry": hall.tick(form, "sorry", "Fin, Finance")}
    )
    assert isinstance(answer.content, Card)
    assert "At the table now: Raj. Left: Ann. Apologies: Fin." in words_of(answer.content)
    assert "Bea and Raj" in hall.room
    assert (await hall.seat_of("Fin")).status is Status.APOLOGIES


async def test_only_who_runs_it_marks_others(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    assert "Only the chair or the secretary of Council can do that." in await hall.says("raj", "/council present @Ann")
    assert await hall.presences() == []


async def test_two_presses_at_once_are_one_arrival(hall_on_both: Hall) -> None:
    hall = hall_on_both
    await hall.at(0)
    await hall.says("cora", "/council start")
    press = Press("council.here", {"meeting": str(hall.meeting_id)})
    await asyncio.gather(hall.hand_in("ann", press), hall.hand_in("ann", press, dispatcher=hall.house.dispatcher))
    assert len(await hall.presences()) == 1


@pytest.mark.req("S2-34")
async def test_the_chair_alone_ticks_off_who_has_spoken(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.are_here("Ann", "Raj", "Sam")
    assert "not heard yet" not in hall.own("cora")
    more = await hall.press("cora", "More")
    assert more is not None
    assert isinstance(more.content, Card)
    form = await hall.opens("cora", "Who has spoken", more.content)
    await hall.fills("cora", form, {"heard": hall.tick(form, "heard", "Ann, Call centre")})
    assert "not heard yet: Field, Metering Ltd" in hall.own("cora")
    assert "not heard yet" not in hall.own("sev")
    assert "not heard yet" not in hall.room


async def test_a_press_on_the_card_of_a_meeting_that_is_over_changes_nothing(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.at(1)
    await hall.says("cora", "/council end")
    answer = await hall.do("ann", "council.here")
    assert answer is not None
    assert isinstance(answer.content, Card)
    assert "Council of Thu 3 Dec 2026 is over, so it can't be attended." in words_of(answer.content)
    assert await hall.presences() == []


async def test_two_of_one_first_name_are_told_apart(hall: Hall) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        for each in await tx.all(select(Person)):
            each.name = {"Raj": "Ann Patel", "Ann": "Ann Lee"}.get(each.name, each.name)
    await hall.at(0)
    await hall.says("cora", "/council start")
    for who in ("ann", "raj", "bea"):
        await hall.do(who, "council.here")
    assert "Ann Lee, Ann Patel and Bea" in hall.room
    assert "You are at the table already, Ann." in words_of((await hall.do("raj", "council.here")).content)  # type: ignore[union-attr,arg-type]


async def the_minutes(hall: Hall) -> tuple[str, str]:
    """What they say of the quorum, and who was there."""
    async with hall.house.database.read(NORTHWATER) as tx:
        found = await around(tx, hall.meeting_id)
        assert found is not None
        body = await gathering.body_of(tx, found, None)
    there = (each.name for each in body.attenders if each.status is Status.PRESENT)
    return dict(paper_views.facts(body))["Quorum"], ", ".join(sorted(there))


async def five_are_here(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Mia")
    await hall.at(30)


@pytest.mark.req("S2-11")
async def test_who_loses_a_seat_in_the_meeting_was_there_until_then_and_who_gets_it_sits_on_their_own(
    hall: Hall,
) -> None:
    await five_are_here(hall)
    await hall.says("cora", "/council remove @Ann moved")
    assert "Not quorate: 4 of 7 present, 5 needed, since 10:30." in hall.room
    await hall.says("cora", '/council add @Amy dept:"Call centre" can-decide')
    await hall.at(40)
    await hall.says("amy", "/council here")
    assert "Quorate: 5 of 8 present, 5 needed, since 10:40." in hall.room
    await hall.at(60)
    await hall.says("cora", "/council end")
    quorum, there = await the_minutes(hall)
    assert quorum == "5 of 8 voting seats present, 5 needed; without a quorum from 10:30 to 10:40"
    assert there == "Amy, Ann, Bea, Dov, Mia, Raj"


@pytest.mark.req("S2-11")
async def test_what_becomes_of_a_seat_after_the_meeting_says_nothing_of_its_quorum(hall: Hall) -> None:
    await five_are_here(hall)
    await hall.says("cora", "/council end")
    before = await the_minutes(hall)
    assert before == ("5 of 8 voting seats present, 5 needed", "Ann, Bea, Dov, Mia, Raj")
    await hall.says("cora", "/council remove @Ann moved")
    await hall.says("cora", "/council add @Mia dept:Marketing kind:advisory")
    assert await the_minutes(hall) == before


@pytest.mark.req("S2-11")
async def test_a_time_that_can_not_be_is_refused_and_a_new_one_corrects_the_old(hall: Hall) -> None:
    await hall.at(120)
    await hall.says("cora", "/council start at:10:00")
    assert "began at 10:00, so that is too early" in await hall.says("sev", "/council present @Ann at:09:00")
    await hall.says("sev", "/council present @Raj at:11:00")
    assert "Raj came at 11:00 and left at 10:40: one" in await hall.says("sev", "/council left @Raj at:10:40")
    await hall.says("sev", "/council present @Dov")
    await hall.says("sev", "/council present @Dov at:10:30")
    assert "Raj was there at 11:00, and the meeting ended at 10:50" in await hall.says("cora", "/council end at:10:50")
    await hall.says("sev", "/council left @Dov at:10:40")
    assert "Dov sat there until 10:40" in await hall.says("sev", "/council present @Dov at:10:35")
    await hall.says("sev", "/council left @Dov at:10:45")
    await hall.says("cora", "/council end at:11:20")
    times = [(each.from_at, each.to_at) for each in await hall.presences()]
    assert times == [(after(30), after(45)), (after(60), after(80))]


def after(minutes: int) -> datetime:
    return BEGINS + timedelta(minutes=minutes)
