"""The council met without the bot: who was there and what was decided is recorded afterwards, as the minutes say."""

from datetime import datetime, timedelta

import pytest

from bot.chat.cards import Card
from bot.chat.replies import Plan, Replies
from bot.council import dates
from bot.council.standing import around
from bot.minutes import attention, gathering, paper_views
from bot.wanted import record
from storage.agenda import AgendaItem
from storage.decisions import Decision
from storage.engine import Database
from storage.meetings import Attendance, CouncilMeeting
from tests.meeting.hall import BEGINS, Hall, northwater_meets
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of, words_of

pytestmark = pytest.mark.req("S2-31", "S2-08")
State = CouncilMeeting.State
Item = AgendaItem.State
NEXT_DAY = BEGINS + timedelta(days=1)
SIX = "@Ann @Raj @Bea @Dov @Mia @Ivo"
EIGHT = '/council decide "Eight fault questions" reason:"20% repeat visits" means:none for:6 against:0 abstain:0'


async def nobody_started_it(hall: Hall) -> None:
    """The clock takes it as not held, hours after its planned end."""
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        at = datetime.fromisoformat((await hall.meeting()).steps[dates.LEFT_OPEN])
        plan = Plan("left-open", dates.LEFT_OPEN, hall.meeting_id, at)
        await record(tx, Replies(plan=(plan,)), event_id=None, now=hall.house.clock.now())
    await hall.until(at)
    assert (await hall.meeting()).state is State.CANCELLED
    await hall.until(NEXT_DAY)


async def facts(hall: Hall) -> dict[str, str]:
    async with hall.house.database.read(NORTHWATER) as tx:
        found = await around(tx, hall.meeting_id)
        assert found is not None
        body = await gathering.body_of(tx, found, None)
        assert (await attention.facts_of(tx, found))[0].customer_min is None, "nobody counted its minutes"
        return {"when": paper_views.when(body)} | dict(paper_views.facts(body))


async def ways(hall: Hall, line: str, who: str = "cora") -> Card:
    content = (await hall.ask(who, line)).content
    assert isinstance(content, Card)
    return content


async def test_on_the_same_day_it_is_asked_whether_they_met_and_recorded_with_its_times(hall: Hall) -> None:
    item, left = await hall.put("Second visits", 5), await hall.put("Christmas hours", 7)
    await hall.at(120)
    card = await ways(hall, "/council start")
    assert "was to end at 11:30, and nobody started it. Did you meet without me?" in words_of(card)
    assert labels_of(card) == ["We met at 10:00", "Begin now"]
    assert "For another time write `/council start 3 Dec 2026 at:10:05`." in words_of(card)
    said = await hall.says("cora", "/council start at:10:05")
    assert "afterwards; it began at 10:05. The minutes say so." in said
    assert "the quorum counts who is marked" in said
    meeting = await hall.meeting()
    assert (meeting.state, meeting.opened_at) == (State.IN_SESSION, BEGINS + timedelta(minutes=5))
    await hall.says("sev", f"/council present {SIX}")
    await hall.says("sev", "/council apologies @Fin")
    await hall.says("cora", "/council item 5.1")
    assert "D-1 recorded" in await hall.says("cora", EIGHT)
    decision = await hall.row(Decision, code="D-1")
    assert (decision.state, decision.voting_present, decision.quorum_needed) == (Decision.State.IN_FORCE, 6, 5)
    assert decision.decided_at == meeting.opened_at
    assert (await hall.item(item)).state is Item.DECIDED
    assert "When did the meeting end?" in await hall.says("cora", "/council end")
    card = await ways(hall, "/council end at:11:20")
    await hall.presses("cora", "As proposed", card)
    meeting = await hall.meeting()
    assert (meeting.state, meeting.adjourned_at) == (State.ADJOURNED, BEGINS + timedelta(minutes=80))
    assert (await hall.item(left)).state is Item.DEFERRED
    assert await hall.stretches() == [], "the time of recording is no time of the meeting"
    assert hall.heard("cora") == []
    found = await facts(hall)
    assert found["when"] == "Thu 3 Dec 2026, 10:05 to 11:20 (London)"
    assert found["Adjourned"] == "11:20"
    assert found["Quorum"] == "6 of 8 voting seats present, 5 needed"
    assert found["Record"] == "made afterwards, on Thu 3 Dec 2026, 12:00"
    assert (await hall.seat_of("Fin")).status is Attendance.Status.APOLOGIES
    assert (await hall.seat_of("Ann")).status is Attendance.Status.PRESENT


async def test_the_next_day_what_went_on_to_the_next_meeting_comes_back_and_minutes_follow(hall: Hall) -> None:
    item = await hall.put("Second visits", 5)
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        (await tx.need(CouncilMeeting, hall.meeting_id)).state = State.DRAFTED
    assert "Version 2" in await hall.says("cora", "/agenda publish")
    await nobody_started_it(hall)
    following = await hall.following()
    assert (await hall.item(item)).meeting_id == following.id
    assert any("records it with `/council start 3 Dec 2026`" in each.words for each in hall.posts("ann"))
    card = await ways(hall, "/council start")
    assert labels_of(card) == ["Start it now", "Record Thu 3 Dec instead"]
    asked = await hall.press("cora", "Record Thu 3 Dec instead", card)
    assert asked is not None
    assert isinstance(asked.content, Card)
    assert labels_of(asked.content) == ["We met at 10:00"]
    await hall.presses("cora", "We met at 10:00", asked.content)
    back = await hall.item(item)
    assert (back.meeting_id, back.section, back.seq, back.state) == (hall.meeting_id, 5, 1, Item.PUBLISHED)
    await hall.says("sev", f"/council present {SIX}")
    await hall.says("cora", "/council item 5.1")
    assert "D-1 recorded" in await hall.says("cora", EIGHT)
    card = await ways(hall, "/council end")
    await hall.presses("cora", "At 11:30, as planned", card)
    meeting = await hall.meeting()
    assert (meeting.state, meeting.adjourned_at) == (State.ADJOURNED, meeting.ends_at)
    assert datetime.fromisoformat(meeting.steps[dates.ISSUE]) > NEXT_DAY, "minutes are still to be issued"
    assert (await facts(hall))["Record"] == "made afterwards, on Fri 4 Dec 2026, 10:00"
    assert not any("was not held" in each.words for each in hall.posts("ann"))
    assert "D-2 recorded" in await hall.says("cora", EIGHT.replace("Eight", "Nine")), "while the minutes are not out"


async def test_without_who_was_there_nothing_is_in_force(hall: Hall) -> None:
    await hall.at(120)
    await hall.says("cora", "/council start at:10:00")
    await hall.says("sev", "/council present @Ann @Raj")
    await hall.says("cora", '/council decide "Eight questions" reason:"Visits" means:none')
    decision = await hall.row(Decision, code="D-1")
    assert (decision.state, decision.voting_present) == (Decision.State.PROVISIONAL, 2)


async def test_who_left_is_told_with_a_time_and_who_was_not_there_is_struck(hall: Hall) -> None:
    await hall.at(120)
    await hall.says("cora", "/council start at:10:00")
    await hall.says("sev", "/council present @Ann @Raj")
    await hall.says("sev", "/council present @Bea at:10:20")
    assert "When did Raj leave?" in await hall.says("sev", "/council left @Raj")
    assert "too early" in await hall.says("sev", "/council left @Raj at:09:40")
    await hall.says("sev", "/council left @Raj at:10:40")
    await hall.says("sev", "/council apologies @Ann")
    came = {each.person_id: (each.from_at, each.to_at) for each in await hall.presences()}
    raj, bea = await hall.person("Raj"), await hall.person("Bea")
    assert came == {
        raj.id: (BEGINS, BEGINS + timedelta(minutes=40)),
        bea.id: (BEGINS + timedelta(minutes=20), None),
    }
    assert (await hall.seat_of("Ann")).status is Attendance.Status.APOLOGIES


async def test_members_take_no_seat_in_it_and_no_vote_is_put_to_them(hall: Hall) -> None:
    await hall.at(120)
    await hall.says("cora", "/council start at:10:00")
    said = await hall.says("ann", "/council here")
    assert "is over and is being recorded: the chair or the secretary marks who was there." in said
    assert await hall.presences() == []
    await hall.says("sev", f"/council present {SIX}")
    await hall.says("cora", '/council vote "Shall we?"')
    assert not any("Shall we?" in each.words and "until" not in each.words for each in hall.posts("ann"))


async def test_while_it_is_recorded_everybody_else_sees_the_next_one(hall: Hall) -> None:
    await hall.at(120)
    await hall.says("cora", "/council start at:10:00")
    for line in ("/council", "/agenda", "/council attend"):
        assert "Thu 7 Jan 2027" in await hall.says("ann", line)
    assert "Added as 7.1" in await hall.says("ann", '/agenda add "Omega" item:7')
    assert [each.title for each in await hall.items((await hall.following()).id)] == ["Omega"]
    said = await hall.says("cora", "/council")
    assert "Thu 3 Dec 2026" in said
    assert "Recorded afterwards: at 1 Actions from last meeting" in said


@pytest.mark.parametrize("line", ["/council extend", "/council recess", '/council vote "Shall we?"'])
async def test_what_needs_people_at_a_table_is_refused_in_a_record(hall: Hall, line: str) -> None:
    await hall.at(120)
    await hall.says("cora", "/council start at:10:00")
    said = await hall.says("cora", line)
    assert "Council of Thu 3 Dec 2026 is over and is being recorded, so " in said
    assert said.endswith("Nothing was changed.")
    assert (await hall.meeting()).state is State.IN_SESSION
    assert "Recess" not in labels_of(await more(hall))


async def more(hall: Hall) -> Card:
    answer = await hall.press("cora", "More")
    assert answer is not None
    assert isinstance(answer.content, Card)
    return answer.content


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/council start at:23:00", "Thu 3 Dec 2026, 23:00 is still to come."),
        ("/council start at:noonish", "'noonish' is no time of day."),
        ("/council start 7 Jan at:10:00", "is still to come"),
    ],
)
async def test_a_time_that_makes_no_sense_changes_nothing(hall: Hall, line: str, words: str) -> None:
    await hall.at(120)
    said = await hall.says("cora", line)
    assert words in said
    assert "Nothing was changed." in said
    assert (await hall.meeting()).state is State.PUBLISHED


async def test_a_late_start_in_its_time_keeps_when_it_began_and_its_clock_runs_from_then(hall: Hall) -> None:
    await hall.at(8)
    assert "began" not in await hall.says("sev", "/council present @Ann at:09:58")
    assert "is to begin at 10:00, so that is too early" in await hall.says("cora", "/council start at:03:00")
    assert "The meeting has begun, 10:05." in await hall.says("cora", "/council start at:10:05")
    said = await hall.says("cora", "/council start 7 Jan")
    assert said == "Council of Thu 3 Dec 2026 is on: end it first, with `/council end`. Nothing was changed."
    meeting = await hall.meeting()
    assert (meeting.opened_at, meeting.recorded_at) == (BEGINS + timedelta(minutes=5), None)
    (first,) = await hall.stretches()
    assert first.from_at == BEGINS + timedelta(minutes=5)


async def test_begin_now_is_a_meeting_as_any_other(hall: Hall) -> None:
    await hall.at(120)
    card = await ways(hall, "/council start")
    assert "The meeting has begun, 12:00." in await hall.presses("cora", "Begin now", card)
    assert ((await hall.meeting()).recorded_at, len(await hall.stretches())) == (None, 1)


async def test_what_somebody_called_off_or_what_was_followed_by_a_meeting_is_not_recorded(hall: Hall) -> None:
    await hall.says("cora", "/council skip 3 Dec Half of us are away")
    await hall.until(NEXT_DAY)
    assert "can't be started" in await hall.says("cora", "/council start 3 Dec at:10:00")


async def test_once_the_council_has_met_again_it_is_too_late(hall: Hall) -> None:
    await nobody_started_it(hall)
    following = await hall.following()
    await hall.until(following.starts_at)
    await hall.says("cora", "/council start")
    said = await hall.says("cora", "/council start 3 Dec 2026 at:10:00")
    assert "The council has met again since, on Thu 7 Jan 2027" in said
    assert (await hall.meeting()).state is State.CANCELLED


async def test_others_record_nothing(hall: Hall) -> None:
    await nobody_started_it(hall)
    assert "Only the chair or the secretary" in await hall.says("ann", "/council start 3 Dec at:10:00")


async def test_on_both_databases_it_is_recorded(database: Database) -> None:
    hall = await northwater_meets(database)
    await nobody_started_it(hall)
    await hall.says("sev", "/council start 3 Dec at:10:05")
    await hall.says("sev", f"/council present {SIX}")
    await hall.says("sev", "/council end at:11:00")
    assert (await facts(hall))["when"] == "Thu 3 Dec 2026, 10:05 to 11:00 (London)"


async def test_a_time_after_midnight_is_the_next_day_where_the_meeting_can_have_lasted_so_long(hall: Hall) -> None:
    late = BEGINS + timedelta(hours=13, minutes=30)
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        (await tx.need(CouncilMeeting, hall.meeting_id)).starts_at = late
    await hall.until(late + timedelta(hours=3))
    await hall.says("cora", "/council start at:23:35")
    await hall.says("sev", "/council present @Ann at:00:10")
    assert "began at 23:35, so that is too early" in await hall.says("sev", "/council present @Raj at:23:10")
    await hall.says("cora", "/council end at:00:50")
    (ann,) = await hall.presences()
    assert (ann.from_at, ann.to_at) == (late + timedelta(minutes=40), late + timedelta(minutes=80))
