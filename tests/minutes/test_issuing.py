"""Minutes are drafted from the record and issued, by the chair or by schedule; who hears what of them."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.chat.replies import Plan, Replies
from bot.council import dates
from bot.council import standing as council
from bot.minutes import gathering, paper_views
from bot.minutes.body import Body
from bot.ports import Press, Submission
from bot.wanted import record
from storage.actions import Action
from storage.decisions import Decision
from storage.engine import Database
from storage.meetings import CouncilMeeting
from storage.minutes import Minutes
from storage.people import Department
from storage.tx import SYSTEM
from tests.meeting.hall import ROOM, Hall, northwater_meets
from tests.minutes.held import ALL_STAFF, DRAFTED, ISSUED, SECRET, in_place, minutes_of, told
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import words_of

State = Minutes.State


async def state(hall: Hall) -> CouncilMeeting.State:
    return (await hall.meeting()).state


@pytest.mark.req("S2-08")
async def test_the_draft_comes_to_secretary_and_chair_at_noon_of_the_next_working_day(hall: Hall) -> None:
    await hall.until(DRAFTED - timedelta(minutes=2))
    assert not told(hall, "sev", "Draft minutes are ready")
    await hall.until(DRAFTED)
    for who in ("sev", "cora"):
        (words,) = told(hall, who, "Draft minutes are ready")
        assert "2 decisions, 3 actions" in words
        assert "Mon 7 Dec 2026, 16:00" in words
        assert "(late)" not in words
    assert not any(told(hall, who, "Draft minutes") for who in ("ann", "raj", "sam", "okafor"))
    assert await state(hall) is CouncilMeeting.State.MINUTES_DRAFT


@pytest.mark.req("S2-08")
async def test_a_draft_that_comes_late_because_the_bot_was_away_says_so(hall: Hall) -> None:
    await hall.house.wakes_at(DRAFTED + timedelta(hours=2))
    for who in ("sev", "cora"):
        assert told(hall, who, "Draft minutes are ready (late)")


@pytest.mark.req("S2-08", "S2-12", "S2-29", "S2-30")
async def test_nobody_acts_so_they_go_out_by_schedule_and_say_that_nobody_checked_them(issued: Hall) -> None:
    hall = issued
    row = await minutes_of(hall)
    assert (row.state, row.is_unchecked, row.issued_by) == (State.CIRCULATED, True, None)
    (words,) = in_place(hall, ROOM, "Minutes of Thu 3 Dec 2026")
    assert "Issued by schedule. Not yet checked by the chair" in words
    assert "Deputies: Ida for Ivo" in words
    assert "Apologies: Fin" in words
    assert "Quorum: 7 of 8 voting seats present, 5 needed" in words
    assert "Adjourned: 11:28" in words
    assert "6 for, 1 against, 0 abstained" in words
    assert "7.3 Winter opening hours put off to the next meeting" in words
    assert "Corrections are taken until Thu 10 Dec 2026, 16:00" in words


@pytest.mark.req("S2-29")
async def test_everybody_reads_what_was_decided_and_nothing_that_is_internal(issued: Hall) -> None:
    hall = issued
    (words,) = in_place(hall, ALL_STAFF)
    assert "Call centre asks eight fault questions before booking" in words
    assert SECRET not in words
    assert SECRET not in "".join(in_place(hall, ROOM, "Minutes of"))
    assert not any(SECRET in post.words for who in ("sam", "okafor") for post in hall.posts(who))


@pytest.mark.req("S2-12", "S3-06")
async def test_owners_hear_of_their_actions_and_departments_what_it_means_for_them(issued: Hall) -> None:
    hall = issued
    (mine,) = told(hall, "bea", "You have 1 action from the council")
    assert "Set up the credit code" in mine
    assert "Train all desks" not in mine
    (billing,) = told(hall, "bea", "What this means for Billing")
    assert "credit on the second visit" in billing
    assert "Set up the credit code A-1 · Bea · Fri 18 Dec 2026" in billing
    assert "Ask: Raj, Field" in billing
    (field,) = in_place(hall, "field-dispatch", "What this means for Field")
    assert "fewer revisits" in field
    assert not any(told(hall, who, "What this means") for who in ("dov", "mia", "ivo", "ann"))


async def test_what_is_internal_goes_to_the_head_of_a_department_and_into_no_room(issued: Hall) -> None:
    hall = issued
    assert told(hall, "raj", f"{SECRET} extra")
    assert not [post for post in hall.house.chat.posts.values() if post.to.conversation and SECRET in post.words]


@pytest.mark.req("S2-12", "S2-29")
async def test_a_head_without_a_seat_hears_what_an_internal_decision_means_for_them_and_not_the_decision(
    hall: Hall,
) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        field = await tx.first(select(Department).where(Department.name == "Field"))
        assert field is not None
        field.head_id = (await hall.person("Amy")).id
    await hall.until(ISSUED)
    (words,) = told(hall, "amy", "What this means for Field")
    assert f"{SECRET} extra" in words
    assert "The decision itself is internal to the council" in words
    assert f"{SECRET} bonus" not in words
    assert f"{SECRET} left" not in words
    assert "Show all of" not in words


async def test_an_outsider_who_owns_an_internal_action_is_not_sent_it_with_the_minutes(hall: Hall) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        for each in await tx.all(select(Action)):
            each.owner_id = (await hall.person("Sam")).id
    await hall.until(ISSUED)
    (words,) = told(hall, "sam", "from the council")
    assert "Train all desks" in words
    assert not told(hall, "sam", SECRET)


async def test_a_supplier_that_an_internal_decision_names_hears_nothing_of_it(hall: Hall) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        metering = await tx.first(select(Department).where(Department.name == "Metering Ltd"))
        decision = await tx.first(select(Decision).where(Decision.internal == True))  # noqa: E712 - SQL
        sam = await hall.person("Sam")
        assert metering is not None
        assert decision is not None
        metering.head_id = sam.id
        decision.means = [{"department": metering.id, "text": f"{SECRET} fees"}]
    await hall.until(ISSUED)
    assert not any(SECRET in post.words for post in hall.posts("sam"))


async def test_the_chair_issues_and_the_secretary_can_t(hall: Hall) -> None:
    await hall.until(DRAFTED)
    assert "Only the chair" in await hall.says("sev", "/council minutes issue")
    words = await hall.presses("cora", "Issue")
    assert "The minutes of Thu 3 Dec 2026 are issued" in words
    assert "3 people hear of their actions" in words
    row = await minutes_of(hall)
    assert (row.is_unchecked, row.issued_by) == (False, (await hall.person("Cora")).id)
    assert "Not yet checked" not in in_place(hall, ROOM, "Minutes of")[-1]
    assert told(hall, "sev", "were issued by the chair")


async def test_a_second_press_and_the_schedule_issue_nothing_twice(hall_on_both: Hall) -> None:
    hall = hall_on_both
    await hall.until(DRAFTED)
    card = hall.newest("cora", "Issue")
    await hall.presses("cora", "Issue", card)
    assert "were issued by Cora" in await hall.presses("cora", "Issue", card)
    before = len(hall.house.chat.posts)
    await hall.until(ISSUED)
    assert len(hall.house.chat.posts) == before
    assert (await minutes_of(hall)).number == 1


async def test_before_they_are_out_only_who_prepares_them_reads_them(hall: Hall) -> None:
    await hall.until(DRAFTED)
    for who in ("raj", "sam", "amy"):
        assert "are not out yet. They come by Mon 7 Dec 2026, 16:00" in await hall.says(who, "/council minutes")
    assert "Draft minutes of Thu 3 Dec 2026" in await hall.says("sev", "/council minutes show 3 Dec")


@pytest.mark.req("S2-10", "S2-29")
async def test_each_reads_as_much_as_they_may(hall: Hall) -> None:
    await hall.says("sev", f'/council minutes edit 7.2 "{SECRET} note"')
    await hall.says("sev", '/council minutes edit 7 "Two decisions"')
    await hall.until(ISSUED)
    full = await hall.says("raj", "/council minutes")
    assert f"{SECRET} note" in full
    assert "7 Future initiatives Two decisions" in full
    outside = await hall.says("sam", "/council minutes")
    assert SECRET not in outside
    assert "7.2 Internal" in outside
    assert "Two decisions" in outside
    everybody = await hall.says("amy", "/council minutes")
    assert SECRET not in everybody
    assert "Two decisions" not in everybody
    assert "Call centre asks eight fault questions" in everybody


async def test_the_secretary_writes_notes_beside_the_record(hall: Hall) -> None:
    form = await hall.form("sev", "/council minutes edit")
    await hall.fills("sev", form, {"section3": "Billing asks for help with codes"})
    assert "3 Reports from the departments Billing asks for help" in await hall.says("sev", "/council minutes")
    assert "Only the secretary or the chair" in await hall.says("raj", "/council minutes edit")
    assert "is no section and no item" in await hall.says("sev", '/council minutes edit 8.9 "x"')
    await hall.until(ISSUED)
    assert "so nothing was changed" in await hall.says("sev", '/council minutes edit 3 "Later"')


async def test_the_minutes_name_who_ran_the_meeting_and_not_who_runs_the_council_since(hall: Hall) -> None:
    await hall.until(DRAFTED)
    await hall.says("sev", "/council setup chair:@Ann secretary:@Bea")
    words = await hall.says("ann", "/council minutes")
    assert "Chair: Cora" in words
    assert "Secretary: Sev" in words
    assert "standing in" not in words
    assert "are issued" in await hall.says("ann", "/council minutes issue")


async def test_two_who_edit_at_once_overwrite_nothing(hall: Hall) -> None:
    form = await hall.form("sev", "/council minutes edit")
    other = await hall.form("cora", "/council minutes edit")
    await hall.fills("sev", form, {"section3": "As Sev has it"})
    back = await hall.comes_back("cora", other, {"section3": "As Cora has it"})
    assert "As Sev has it" in back.errors["section3"]
    assert next(each.value for each in back.inputs if each.id == "section3") == "As Cora has it"
    assert (await minutes_of(hall)).notes == {"3": "As Sev has it"}


async def test_what_is_recorded_after_the_draft_is_in_the_minutes_that_go_out(hall: Hall) -> None:
    await hall.until(DRAFTED)
    await hall.says("cora", '/council decide "Report monthly" reason:"Asked for" means:none')
    await hall.until(ISSUED)
    assert "Report monthly" in in_place(hall, ROOM, "Minutes of")[-1]


async def test_the_bot_was_away_when_they_should_have_gone_out(hall: Hall) -> None:
    await hall.until(DRAFTED)
    await hall.house.wakes_at(ISSUED + timedelta(hours=20))
    assert "Issued by schedule (late)" in in_place(hall, ROOM, "Minutes of")[-1]


async def test_a_press_or_a_form_about_minutes_that_are_not_there_is_answered(hall: Hall) -> None:
    for verb in ("minutes.show", "minutes.issue", "minutes.edit", "minutes.correct", "minutes.accept"):
        answer = await hall.ask("cora", Press(verb, {"meeting": "999", "minutes": "999", "correction": "999"}))
        assert "I can't find" in words_of(answer.content)  # type: ignore[arg-type]  # a refusal is a card
    answer = await hall.ask("cora", Submission("minutes.correct", {"text": "x"}, {"minutes": ""}))
    assert "Nothing was changed" in words_of(answer.content)  # type: ignore[arg-type]


async def test_halfway_each_owner_has_a_line_of_counts(issued: Hall) -> None:
    hall = issued
    await hall.says("ann", "done A-2")
    steps = (await hall.meeting()).steps
    assert "minutes.halfway" in steps
    await hall.until(ISSUED + timedelta(days=16))
    (words,) = in_place(hall, ROOM, "Halfway to the next council")
    assert "Ann 1 of 1 done" in words
    assert "Bea 0 of 1 done, 1 past the date" in words
    assert SECRET not in words


async def test_the_logs_hold_what_came_of_it_and_who_came(hall: Hall) -> None:
    words = await hall.says("raj", "/council actions")
    assert "0 of 3 actions done" in words
    assert "Set up the credit code  A-1 open · Bea · Fri 18 Dec 2026 · from D-1, Thu 3 Dec 2026" in words
    assert SECRET in words
    outside = await hall.says("sam", "/council actions")
    assert SECRET not in outside
    assert "0 of 2 actions done, 1 more internal" in outside
    assert "IT  Ivo 0 of 1 in person · 1 by a deputy" in await hall.says("raj", "/council attendance")
    assert "for those who run" in await hall.says("amy", "/council actions")


async def test_the_minutes_are_frozen_when_they_are_issued(issued: Hall) -> None:
    hall = issued
    before = (await minutes_of(hall)).body
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        decision = await tx.first(select(Decision).where(Decision.code == "D-1"))
        assert decision is not None
        decision.state = Decision.State.REVERSED
    assert (await minutes_of(hall)).body == before
    assert "reversed since" not in await hall.says("raj", "/council minutes")
    async with hall.house.database.read(SYSTEM) as tx:
        assert len(await tx.all(select(Minutes))) == 1


async def test_who_took_the_chair_for_a_meeting_stands_in_and_a_post_without_anybody_stays_so(
    sqlite: Database,
) -> None:
    hall = await northwater_meets(sqlite)
    await hall.says("cora", "/council chair @Raj")
    await hall.says("cora", "/council setup secretary:off")
    await hall.at(0)
    await hall.says("raj", "/council start")
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Mia", "Ivo")
    await hall.at(40)
    await hall.says("raj", "/council end")
    await hall.says("cora", "/council setup secretary:@Bea")
    told_of = dict(paper_views.facts(await body_of_now(hall)))
    assert told_of["Chair"] == "Raj, standing in"
    assert told_of["Secretary"] == "nobody"
    assert told_of["Adjourned"] == "10:40"


async def test_a_meeting_that_nobody_ended_was_closed_by_schedule_and_its_minutes_say_no_more(
    sqlite: Database,
) -> None:
    hall = await northwater_meets(sqlite)
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.are_here("Ann", "Raj")
    await left_open_is_planned(hall)
    await hall.until(DRAFTED)
    words = await hall.says("cora", "/council minutes")
    assert "Closed: by schedule, 15:30; nobody ended it" in words
    assert "Adjourned" not in words
    body = await body_of_now(hall)
    assert body.is_closed_by_schedule
    assert not any(each.spent_min for each in body.passages)


async def left_open_is_planned(hall: Hall) -> None:
    """The step of the clock, which the fixture leaves out."""
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        meeting = await tx.need(CouncilMeeting, hall.meeting_id)
        plan = Plan("left-open", dates.LEFT_OPEN, meeting.id, datetime.fromisoformat(meeting.steps[dates.LEFT_OPEN]))
        await record(tx, Replies(plan=(plan,)), event_id=None, now=hall.house.clock.now())


async def body_of_now(hall: Hall) -> Body:
    async with hall.house.database.read(NORTHWATER) as tx:
        found = await council.around(tx, hall.meeting_id)
        assert found is not None
        return await gathering.body_of(tx, found, None)


@pytest.mark.parametrize("after", [timedelta(minutes=-1), timedelta(0), timedelta(seconds=20)])
async def test_a_meeting_that_ended_as_it_began_has_minutes(hall: Hall, after: timedelta) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        meeting = await tx.need(CouncilMeeting, hall.meeting_id)
        assert meeting.opened_at is not None
        meeting.adjourned_at = meeting.opened_at + after
    body = await body_of_now(hall)
    assert body.filled == 8
    assert body.inquorate == ()
    assert paper_views.quorum(body).endswith("of 8 voting seats present, 5 needed")
