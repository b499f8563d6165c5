"""The end of a meeting: every open item gets an outcome, by somebody or by schedule; nothing vanishes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.replies import Answer, Plan, Replies
from bot.council import dates
from bot.council.rules import Quorum
from bot.meeting import views
from bot.meeting.views import Scene
from bot.wanted import record
from storage.actions import Action
from storage.agenda import AgendaItem
from storage.cadences import Occurrence
from storage.councils import Council
from storage.decisions import CouncilVote, Decision
from storage.meetings import Attendance, CouncilMeeting
from storage.people import Department
from storage.tx import SYSTEM
from tests.meeting.hall import BEGINS, Hall
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of, shown_in, words_of

State, Item = CouncilMeeting.State, AgendaItem.State
Purpose = AgendaItem.Purpose


async def begun(hall: Hall) -> None:
    await hall.at(0)
    await hall.says("cora", "/council start")


def told(answer: Answer | None) -> str:
    assert answer is not None
    assert isinstance(answer.content, Card)
    return words_of(answer.content)


async def ends(hall: Hall) -> Card:
    """What the chair reads before the meeting ends."""
    answer = await hall.ask("cora", "/council end")
    assert isinstance(answer.content, Card)
    return answer.content


async def carried(hall: Hall) -> list[AgendaItem]:
    """What stands on the next meeting's agenda."""
    return list(await hall.items((await hall.following()).id))


# --- by somebody


@pytest.mark.req("S2-15")
async def test_an_item_for_decision_without_one_is_on_the_next_agenda_with_its_counter(hall: Hall) -> None:
    item = await hall.put("Text service for visits")
    await begun(hall)
    card = await ends(hall)
    assert "1 item is still open." in words_of(card)
    assert "to be put off to the next meeting, for the first time" in words_of(card)
    assert (await hall.meeting()).state is State.IN_SESSION
    await hall.at(88)
    said = await hall.presses("cora", "As proposed", card)
    assert "The meeting is over, 11:28, after 88 minutes." in said
    assert "7.1 Text service for visits: put off to Thu 7 Jan 2027." in said
    assert (await hall.item(item)).state is Item.DEFERRED
    (again,) = await carried(hall)
    assert (again.title, again.deferrals, again.carried_from_id) == (item.title, 1, item.id)
    assert "The meeting is over, 11:28." in hall.room
    assert "Put off to the next meeting: 7.1 Text service for visits." in hall.room


@pytest.mark.req("S2-18")
async def test_information_is_noted_and_what_was_discussed_too(hall: Hall) -> None:
    news = await hall.put("Call times in November", purpose=Purpose.INFORMATION)
    talk = await hall.put("How we answer on Sundays", purpose=Purpose.DISCUSSION)
    unread = await hall.put("Bills in large print", purpose=Purpose.DISCUSSION)
    await begun(hall)
    await hall.says("cora", "/council item 7.2")
    await hall.presses("cora", "As proposed", await ends(hall))
    found = [(await hall.item(each)).state for each in (news, talk, unread)]
    assert found == [Item.NOTED, Item.NOTED, Item.DEFERRED]


@pytest.mark.req("S2-15")
async def test_the_third_time_somebody_has_to_choose(hall: Hall) -> None:
    item = await hall.put("Christmas hours", deferrals=2)
    await begun(hall)
    card = await ends(hall)
    assert "put off twice already: decide, drop or hand it over" in words_of(card)
    assert labels_of(card) == ["Choose for each"]
    form = await hall.opens("cora", "Choose for each", card)
    assert [each.value for each in form.inputs[0].options] == ["dropped"]  # type: ignore[union-attr]
    again = await hall.comes_back("cora", form, {f"choice_{item.id}": "deferred"})
    assert "decided, dropped or handed over" in again.errors[f"choice_{item.id}"]
    await hall.fills("cora", form, {f"choice_{item.id}": "dropped", "why": "Marketing does it"})
    assert (await hall.item(item)).state is Item.DROPPED
    assert (await hall.item(item)).reason == "Marketing does it"
    assert await carried(hall) == []
    assert (await hall.meeting()).state is State.ADJOURNED


async def test_what_was_put_off_twice_is_proposed_as_an_action_for_its_owner(hall: Hall) -> None:
    mia = await hall.person("Mia")
    item = await hall.put("Christmas hours", deferrals=2, owner_id=mia.id)
    await begun(hall)
    card = await ends(hall)
    assert "put off twice already: an action for Mia, due Thu 7 Jan" in words_of(card)
    await hall.presses("cora", "As proposed", card)
    assert (await hall.item(item)).state is Item.ACTIONED
    action = await hall.row(Action, title="Christmas hours")
    assert (action.owner_id, action.due_on) == (mia.id, (await hall.following()).slot.date())
    assert "Christmas hours" in hall.last("mia")


async def test_as_proposed_means_what_was_read(hall: Hall) -> None:
    item = await hall.put("Christmas hours", purpose=Purpose.DISCUSSION)
    await begun(hall)
    card = await ends(hall)
    await hall.says("cora", "/council item 7.1")  # now it was discussed, so another outcome is proposed
    assert "What is open has changed since this card was drawn" in await hall.presses("cora", "As proposed", card)
    assert (await hall.item(item)).state is Item.IN_DISCUSSION
    assert (await hall.meeting()).state is State.IN_SESSION


async def test_more_open_items_than_one_form_holds_are_asked_one_form_after_the_other(hall: Hall) -> None:
    for number in range(14):
        await hall.put(f"Item number {number}")
    await begun(hall)
    form = await hall.opens("cora", "Choose for each", await ends(hall))
    assert len(form.inputs) == 13
    answer = await hall.fills("cora", form, {})
    assert isinstance(answer.content, Form)
    assert len(answer.content.inputs) == 3
    assert (await hall.meeting()).state is State.IN_SESSION
    assert "The meeting is over" in told(await hall.fills("cora", answer.content, {}))
    assert len(await carried(hall)) == 14


# --- one item at the table


async def test_defer_asks_why_and_puts_it_on_the_next_agenda(hall: Hall) -> None:
    item = await hall.put("Christmas hours")
    await begun(hall)
    await hall.says("cora", "/council item 7.1")
    form = await hall.opens("cora", "Defer")
    assert shown_in(form)["item"] == str(item.id)
    assert shown_in(form)["outcome"] == "deferred"
    again = await hall.comes_back("cora", form, {})
    assert again.errors == {"why": "Please add why, in a few words."}
    await hall.fills("cora", form, {"why": "Figures are missing"})
    assert (await hall.item(item)).reason == "Figures are missing"
    assert [each.title for each in await carried(hall)] == ["Christmas hours"]


@pytest.mark.req("S2-04")
async def test_what_hurts_here_and_starts_there_needs_an_owner_before_it_closes(hall: Hall) -> None:
    field, calls = [(await hall.row(Department, name=each)).id for each in ("Field", "Call centre")]
    item = await hall.put("Fault details are missing", purpose=Purpose.DISCUSSION, hurts_id=field, starts_id=calls)
    await begun(hall)
    await hall.says("cora", "/council item 7.1")
    form = await hall.opens("sev", "Settle an item")
    again = await hall.comes_back("sev", form, {"outcome": "noted"})
    assert "not closed before somebody owns the cure" in again.errors["outcome"]
    again = await hall.comes_back("sev", form, {"outcome": "actioned"})
    assert again.errors == {"owner": "Please name who will own it."}
    ann = await hall.person("Ann")
    await hall.fills("sev", form, {"outcome": "actioned", "owner": str(ann.id)})
    assert (await hall.item(item)).state is Item.ACTIONED
    assert (await hall.row(Action, title="Fault details are missing")).owner_id == ann.id


@pytest.mark.req("S2-04")
async def test_a_meeting_does_not_end_over_what_needs_an_owner_and_was_put_off_twice(hall: Hall) -> None:
    field, calls = [(await hall.row(Department, name=each)).id for each in ("Field", "Call centre")]
    await hall.put("Fault details are missing", deferrals=2, hurts_id=field, starts_id=calls)
    await begun(hall)
    card = await ends(hall)
    assert labels_of(card) == ["Settle an item"]
    answer = await hall.do("cora", "meeting.choose")
    assert "Somebody has to own what follows from 7.1 Fault details are missing" in told(answer)
    assert (await hall.meeting()).state is State.IN_SESSION


# --- the record


async def test_the_record_is_closed_with_the_meeting(hall: Hall) -> None:
    await begun(hall)
    await hall.are_here("Ann", "Raj")
    await hall.says("sev", "/council apologies @Fin")
    await hall.at(10)
    await hall.do("raj", "council.away_now")
    await hall.at(88)
    await hall.says("cora", "/council end")
    meeting = await hall.meeting()
    assert (meeting.adjourned_at, meeting.section, meeting.item_id) == (BEGINS + timedelta(minutes=88), None, None)
    assert all(each.to_at is not None for each in await hall.presences())
    assert all(each.to_at is not None for each in await hall.stretches())
    found = {name: (await hall.seat_of(name)).status for name in ("Ann", "Raj", "Fin", "Mia")}
    status = Attendance.Status
    assert found == {"Ann": status.PRESENT, "Raj": status.PRESENT, "Fin": status.APOLOGIES, "Mia": status.ABSENT}
    assert meeting.steps[dates.DRAFT] == datetime(2026, 12, 4, 12, tzinfo=UTC).isoformat()
    assert "The meeting ended at 11:28." in hall.own("cora")


async def test_a_late_item_that_nobody_admitted_is_on_the_next_agenda(hall: Hall) -> None:
    late = await hall.put("Late thing", 9, state=Item.LATE_PENDING, is_late=True)
    await begun(hall)
    await hall.says("cora", "/council end")
    found = await hall.item(late)
    assert (found.state, found.meeting_id) == (Item.SUBMITTED, (await hall.following()).id)


async def test_a_vote_that_is_still_open_is_counted_when_the_meeting_ends_and_said_so(hall: Hall) -> None:
    await begun(hall)
    await hall.are_here("Ann", "Raj")
    await hall.says("cora", '/council vote "Do we send a text before each visit?"')
    said = await hall.says("cora", "/council end")
    assert "The vote “Do we send a text before each visit?” was still open" in said
    vote = await hall.row(CouncilVote)
    assert (vote.state, vote.votes_for) == (CouncilVote.State.CLOSED, 0)


async def test_a_room_reads_how_many_decisions_are_internal(hall: Hall) -> None:
    await begun(hall)
    scene = Scene(
        await hall.meeting(), await hall.row(Council, name="Council"), UTC, BEGINS, Quorum(0, 8, 5),  # type: ignore[arg-type]
        decisions=[Decision(code="D-1", text="Contract", internal=True)],
    )  # fmt: skip
    assert "Decided so far (1)\nInternal: 1" in words_of(views.room(scene))


# --- by schedule


async def left_open_is_planned(hall: Hall) -> None:
    """The step of the clock, which the fixture leaves out."""
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        meeting = await tx.need(CouncilMeeting, hall.meeting_id)
        at = datetime.fromisoformat(meeting.steps[dates.LEFT_OPEN])
        plan = Plan("left-open", dates.LEFT_OPEN, meeting.id, at)
        await record(tx, Replies(plan=(plan,)), event_id=None, now=hall.house.clock.now())


@pytest.mark.req("S2-15")
async def test_a_meeting_that_nobody_ended_is_closed_by_schedule_and_its_items_carried(hall: Hall) -> None:
    twice = await hall.put("Christmas hours", deferrals=2)
    once = await hall.put("Text service")
    await begun(hall)
    await hall.are_here("Ann")
    await left_open_is_planned(hall)
    await hall.until(BEGINS + timedelta(minutes=90, hours=4))
    meeting = await hall.meeting()
    assert meeting.state is State.ADJOURNED
    assert meeting.adjourned_at == BEGINS + timedelta(minutes=90, hours=4)
    for each in (twice, once):
        assert (await hall.item(each)).reason == "not reached, closed by schedule"
    assert sorted(each.title for each in await carried(hall)) == ["Christmas hours", "Text service"]
    assert "The meeting is over, 15:30." in hall.room


async def test_a_meeting_that_nobody_started_is_not_the_next_one_for_ever(hall: Hall) -> None:
    item = await hall.put("Text service")
    await left_open_is_planned(hall)
    await hall.until(BEGINS + timedelta(minutes=90, hours=4))
    assert ((await hall.meeting()).state, (await hall.meeting()).reason) == (State.CANCELLED, "Nobody started it.")
    found = await hall.item(item)
    assert (found.state, found.meeting_id, found.deferrals) == (Item.SUBMITTED, (await hall.following()).id, 0)
    for each in ("cora", "sev", "ann"):
        (said,) = [post.words for post in hall.posts(each) if "was not held" in post.words]
        assert "Reason: Nobody started it." in said
        assert "What was proposed for it goes to the next meeting." in said
    assert "is to begin on Thu 7 Jan 2027" in told(await hall.ask("cora", "/council start"))


async def test_a_meeting_that_was_ended_is_left_alone_by_the_clock(hall: Hall) -> None:
    await begun(hall)
    await left_open_is_planned(hall)
    await hall.at(30)
    await hall.says("cora", "/council end")
    await hall.until(BEGINS + timedelta(minutes=90, hours=4))
    assert (await hall.meeting()).adjourned_at == BEGINS + timedelta(minutes=30)
    async with hall.house.database.read(SYSTEM) as tx:
        step = await tx.first(select(Occurrence).where(Occurrence.kind == dates.LEFT_OPEN))
    assert step is not None
    assert step.state is Occurrence.State.SKIPPED


# --- with its neighbours: decisions, and the agenda


@pytest.mark.req("S2-15")
async def test_decide_on_the_chairs_card_settles_the_item_that_is_up(hall: Hall) -> None:
    item = await hall.put("Eight fault questions")
    await begun(hall)
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Mia")
    await hall.says("cora", "/council item 7.1")
    form = await hall.opens("cora", "Decide")
    assert shown_in(form)["item"] == str(item.id)
    await hall.fills("cora", form, {"text": "Ask eight questions", "reason": "20% repeat visits", "means": "none"})
    assert (await hall.item(item)).state is Item.DECIDED
    assert "Ask eight questions  D-" in hall.room
    assert "decided" in hall.own("cora")
    await hall.says("cora", "/council end")
    assert (await hall.meeting()).state is State.ADJOURNED
    assert await carried(hall) == []


@pytest.mark.req("S2-18")
async def test_minutes_that_somebody_pulled_are_talked_about(hall: Hall) -> None:
    await hall.put("Minutes of Thu 5 Nov", 1, kind=AgendaItem.Kind.MINUTES, consent=True)
    await begun(hall)
    await hall.says("raj", "/agenda pull 1.2")
    assert "1.2 Minutes" in await hall.says("cora", "/council next")
    card = await ends(hall)
    assert "1.2 Minutes" in words_of(card)
    await hall.presses("cora", "As proposed", card)
    (minutes,) = [each for each in await hall.items(hall.meeting_id) if each.kind is AgendaItem.Kind.MINUTES]
    assert minutes.state is Item.NOTED
