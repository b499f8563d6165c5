"""Items from their proposal to the table: added, late, declined, merged, moved, timed, pulled, deferred, parked."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.agenda import settling
from bot.blockers import owners
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.dispatch import Dispatcher
from bot.routes import ROUTES
from storage.agenda import AgendaItem
from storage.audit import AuditEvent
from storage.blockers import Blocker
from storage.councils import Council
from storage.links import Link, Thing
from storage.meetings import CouncilMeeting
from storage.people import Department
from storage.teams import Team
from storage.tx import SYSTEM
from tests.agenda.house import OUT_AGAIN_AT, OUT_AT, TUESDAY_NOON, House, reachable
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of, words_of

State = AgendaItem.State
VISITS = '/agenda add "Second visits" item:5 for:decision mins:5'


async def test_what_is_typed_is_what_stands_there(house: House) -> None:
    line = (
        '/agenda add "Second visits" item:5 for:decision mins:12 owner:Ann paper:https://example.com/visits '
        'level:strategic hurts:"Call centre" starts:Field proactive'
    )
    assert "Added as 5.1, 12 minutes, for decision." in await house.says("raj", line)
    item = await house.item("Second visits")
    assert (item.section, item.purpose, item.minutes) == (5, AgendaItem.Purpose.DECISION, 12)
    assert item.owner_id == (await house.person("Ann")).id
    assert (item.level, item.stance) == (AgendaItem.Level.STRATEGIC, AgendaItem.Stance.PROACTIVE)
    await house.says("cora", "/agenda publish")
    opened = await house.opened("bea", 5)
    assert "for decision · 12 min · Ann · hurts Call centre, starts in Field · strategic · paper" in opened


REFUSED = (
    ('/agenda add "X" item:10', "There is no item '10': an agenda has the items 1 to 9."),
    ('/agenda add "X" for:fun', "An item is for decision, discussion or information, not 'fun'."),
    ('/agenda add "X" mins:0', "'0' is no length: please write 1 to 180 minutes."),
    ('/agenda add "X" mins:many', "'many' is no length"),
    ('/agenda add "X" paper:draft.doc', "'draft.doc' is no web address."),
    ('/agenda add "X" level:low', "A level is strategic or operational, not 'low'."),
    ('/agenda add "X" urgent', "I don't know 'urgent' behind a title."),
    ('/agenda add "X" hurts:Moon', "I can't find a department called 'Moon'."),
    ('/agenda add "X" initiative:I-99', "I can't find I-99."),
    ('/agenda add "X" from:Q-1', "I can't find Q-1."),
    (f'/agenda add "{"x" * 121}"', "That title has 121 characters, and at most 120 fit."),
    ("/agenda accept", "Which item? Please name it by its number"),
    ("/agenda accept 5.9", "I can't find item 5.9."),
    ("/agenda decline 5.1", "Please add why, so that everybody knows later."),
    ("/agenda merge 5.1", "Into which item?"),
    ("/agenda merge 5.1 into:5.1", "Into which item?"),
    ("/agenda merge 5.1 into:6.1", "I can't find item 6.1."),
    ("/agenda move 5.1 item:0", "There is no item '0'"),
    ("/agenda time 5.1 mins:500", "'500' is no length"),
    ("/agenda time 5 mins:500", "'500' is no length"),
    ("/agenda open 10", "There is no item '10'"),
)


async def test_what_can_not_be_taken_is_said_and_nothing_changes(house: House) -> None:
    await house.says("raj", VISITS)
    before = await house.items()
    for line, why in REFUSED:
        said = await house.says("cora", line)
        assert why in said, line
        assert "Nothing was changed." in said, line
    assert [each.version for each in await house.items()] == [each.version for each in before]


async def test_without_words_the_form_comes_and_keeps_what_was_typed(house: House) -> None:
    form = await house.form("raj", "/agenda add")
    assert form.title == "New agenda item"
    again = await house.comes_back("raj", form, {"title": "  ", "mins": "0", "paper": "no"})
    assert again.errors.keys() == {"title", "mins", "paper"}
    answer = await house.fills("raj", form, {"title": "Second visits", "item": "5", "for": "decision", "mins": "5"})
    assert isinstance(answer.content, Card)
    assert "Added as 5.1, 5 minutes, for decision." in answer.content.summary


async def test_an_item_can_be_taken_back_with_undo(house: House) -> None:
    answer = await house.ask("raj", VISITS)
    assert isinstance(answer.content, Card)
    await house.presses("raj", "Undo", answer.content)
    assert await house.items() == []


async def test_what_it_came_from_is_linked(house: House) -> None:
    await house.says("dee", "/huddle blocker No meter seals in van 12")
    blocker = await house.row(Blocker)
    await house.says("raj", f'/agenda add "Seals" item:3 from:{blocker.code}')
    item = await house.item("Seals")
    row = await house.row(Link, to_kind=Thing.AGENDA_ITEM)
    assert (row.from_kind, row.from_id, row.to_id) == (Thing.BLOCKER, blocker.id, item.id)


# --- after the close


@pytest.mark.req("S2-26")
async def test_a_late_item_that_the_chair_does_not_admit_is_on_the_next_agenda_as_submitted(
    house_on_both: House,
) -> None:
    house = house_on_both
    await house.now_is(OUT_AT)
    said = await house.says("mia", '/agenda add "Christmas hours" item:7')
    assert said == (
        "The agenda for Thu 3 Dec 2026 closed on Mon 30 Nov 2026, 12:00. "
        "I've asked Cora to admit it as a late item; otherwise it goes on Thu 7 Jan 2027."
    )
    asked = house.newest("cora", "Admit")
    assert labels_of(asked) == ["Admit", "Next meeting"]
    assert "7.1" not in house.paper
    january = await house.next_meeting()
    said = await house.presses("cora", "Next meeting", asked)
    assert said == "'Christmas hours' goes on the agenda for Thu 7 Jan 2027."
    item = await house.item("Christmas hours", january.id)
    assert (item.state, item.section, item.seq, item.is_late) == (State.SUBMITTED, 7, 1, False)
    assert "left for the next meeting your item 'Christmas hours'" in house.last("mia")
    again = await house.presses("cora", "Admit", asked)
    assert "is submitted, so it can't be admitted" in again


async def test_items_are_in_time_until_they_close_even_where_the_agenda_came_out_early(house: House) -> None:
    await house.says("cora", "/agenda publish")
    said = await house.says("mia", '/agenda add "Christmas hours" item:7')
    assert said.startswith("Added as 7.1, 5 minutes, for discussion.")
    item = await house.item("Christmas hours")
    assert (item.state, item.is_late) == (State.SUBMITTED, False)


@pytest.mark.req("S2-10")
async def test_an_internal_item_has_an_owner_inside_and_tells_nobody_outside(house: House) -> None:
    said = await house.says("raj", '/agenda add "Zanzibar contract" item:7 owner:@Sam internal')
    assert "Sam is not of the organisation" in said
    assert await house.items() == []
    await reachable(house, "Sam")
    await house.says("raj", '/agenda add "Meters" item:7 owner:@Sam')
    await house.says("raj", '/agenda add "Zanzibar contract" item:7 internal')
    await house.says("sev", "/agenda merge 7.1 into:7.2")
    await house.now_is(TUESDAY_NOON + timedelta(seconds=1))
    before = len(house.posts("sam"))
    await house.says("sev", "/agenda park 7.2 the Zanzibar contract decides that")
    await house.now_is(TUESDAY_NOON + timedelta(minutes=1))
    assert len(house.posts("sam")) == before


async def test_what_can_be_done_instead_can_be_typed(house: House) -> None:
    await house.now_is(OUT_AT)
    await house.says("mia", '/agenda add "Christmas hours" item:7')
    said = await house.says("cora", "/agenda accept 7.1")
    assert said.startswith("Item 7.1 is late pending, so it can't be accepted.")
    assert "`/agenda admit 7.1`, `/agenda refuse 7.1` or `/agenda withdraw 7.1`" in said
    assert "Only the chair" in await house.says("mia", "/agenda refuse 7.1")
    assert await house.says("cora", "/agenda refuse 7.1") == "'Christmas hours' goes on the agenda for Thu 7 Jan 2027."


async def test_a_section_has_at_least_the_time_of_its_items(house: House) -> None:
    await house.says("raj", '/agenda add "Second visits" item:7 mins:120')
    said = await house.says("cora", "/agenda time 7 mins:5")
    assert "The items in 7 take 120 minutes together." in said
    assert (await house.agenda()).section(7).minutes == 120
    await house.says("cora", "/agenda time 7.1 mins:4")
    assert "Item 7 has 5 minutes now." in await house.says("cora", "/agenda time 7 mins:5")
    await house.says("cora", "/agenda time 7.1 mins:120")
    assert "Longer than the meeting" in await house.says("cora", "/agenda publish")
    await house.now_is(OUT_AT)
    assert "over by" in house.paper


async def test_a_late_item_that_is_admitted_is_other_business_and_in_the_next_version(house: House) -> None:
    await house.now_is(OUT_AT)
    await house.says("mia", '/agenda add "Christmas hours" item:7')
    asked = house.newest("cora", "Admit")
    assert "Only the chair" in await house.presses("mia", "Admit", asked)
    assert await house.presses("cora", "Admit", asked) == "Admitted as 9.1: 'Christmas hours'."
    await house.now_is(OUT_AGAIN_AT)
    assert "Agenda updated: 9.1 Christmas hours added" in house.in_room("agenda.updated")[0].words
    assert "1 late item" in house.paper


async def test_the_chair_may_put_it_where_it_was_meant_to_be(house: House) -> None:
    await house.now_is(OUT_AT)
    await house.says("mia", '/agenda add "Christmas hours" item:7')
    assert await house.says("cora", "/agenda admit 7.1 section:7") == "Admitted as 7.1: 'Christmas hours'."


async def test_what_the_chair_was_asked_and_left_open_goes_on_when_the_meeting_is_over(house: House) -> None:
    await house.now_is(OUT_AT)
    await house.says("mia", '/agenda add "Christmas hours" item:7')
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=OUT_AGAIN_AT)
        await settling.over(tx, await house.found_in(tx), OUT_AGAIN_AT)
    january = await house.next_meeting()
    assert (await house.item("Christmas hours", january.id)).state is State.SUBMITTED
    assert {each.state for each in await house.items()} == {State.NOTED}


# --- what chair and secretary do


async def test_declined_with_a_reason_its_owner_hears_it(house: House) -> None:
    await house.says("raj", VISITS)
    assert "Only the chair or the secretary" in await house.says("ann", "/agenda decline 5.1 no")
    said = await house.says("sev", "/agenda decline 5.1 the change board decides that")
    assert said == "'Second visits' is declined. I tell Raj why."
    assert house.last("raj") == "Sev declined your item 'Second visits': the change board decides that."
    assert "Item 5.1 is declined, so it can't be accepted." in await house.says("sev", "/agenda accept 5.1")


async def test_a_merged_item_answers_old_buttons_with_where_it_went(house: House) -> None:
    await house.says("raj", VISITS)
    await house.says("bea", '/agenda add "Visits that come twice" item:5 mins:10 internal')
    said = await house.says("cora", "/agenda merge 5.2 into:5.1")
    assert said == "'Visits that come twice' is part of 5.1 'Second visits' now."
    (one, other) = await house.items()
    assert (one.minutes, one.internal, other.state) == (15, True, State.MERGED)
    said = await house.pressed("cora", "agenda.accept", item=other.id)
    assert said == "'Visits that come twice' was merged into 5.1 'Second visits'. Nothing was changed."


async def test_moved_and_timed(house: House) -> None:
    await house.says("raj", VISITS)
    assert "5.1 is 6.1 now, in Customer measures." in await house.says("sev", "/agenda move 5.1 item:6")
    assert "6.1 has 20 minutes now." in await house.says("sev", "/agenda time 6.1 mins:20")
    assert "Item 4 has 5 minutes now." in await house.says("cora", "/agenda time 4 mins:5")
    assert (await house.agenda()).section(4).minutes == 5
    assert "Added as 5.1" in await house.says("raj", '/agenda add "Another" item:5'), "nobody has read 5.1 yet"


async def test_a_number_that_was_published_is_never_given_again(house: House) -> None:
    await house.says("raj", VISITS)
    await house.says("cora", "/agenda publish")
    await house.says("raj", "/agenda withdraw 5.1")
    await house.says("cora", '/agenda add "Another" item:5')
    assert (await house.item("Another")).seq == 2


@pytest.mark.req("S2-18")
async def test_any_seat_pulls_an_item_off_consent(house: House) -> None:
    await house.held_before()
    await house.says("cora", "/agenda publish")
    assert "minutes for consent" in house.paper
    assert "Only" in await house.says("amy", "/agenda pull 1.2")
    assert await house.says("raj", "/agenda pull 1.2") == "1.2 is now open for debate."
    assert "Item 1.2 is not on consent" in await house.says("ann", "/agenda pull 1.2")
    async with house.house.database.read(SYSTEM) as tx:
        assert [each.kind for each in await settling.open_at_close(tx, await house.found_in(tx))] == [
            AgendaItem.Kind.MINUTES
        ]


async def test_standing_items_can_not_be_given_away(house: House) -> None:
    await house.held_before()
    await house.says("cora", "/agenda publish")
    for line in ("/agenda withdraw 1.1", "/agenda move 1.2 item:5", "/agenda defer 1.1 why"):
        assert "stands on every agenda by itself" in await house.says("cora", line)


async def test_two_people_at_once_on_one_item_both_hear_the_truth(house_on_both: House) -> None:
    house = house_on_both
    await house.says("raj", VISITS)
    item = await house.item("Second visits")
    lines = {"sev": "/agenda accept 5.1", "cora": "/agenda decline 5.1 the change board decides that"}
    others = [Dispatcher(house.house.database, ROUTES, house.house.clock) for _ in lines]
    answers = await asyncio.gather(
        *(house.hand_in(who, line, dispatcher=each) for (who, line), each in zip(lines.items(), others, strict=True))
    )
    texts = [each.content.summary for each in answers if each is not None and isinstance(each.content, Card)]
    state = (await house.row(AgendaItem, id=item.id)).state
    if state is State.ACCEPTED:
        assert "Sev changed Item 5.1 a moment ago: it is 5.1 'Second visits' now, accepted." in texts[1]
    elif "is declined." in texts[1] and "accepted" in texts[0]:
        assert state is State.DECLINED, "it was accepted, and then declined by somebody who saw that"
    else:
        assert "Cora changed Item 5.1 a moment ago: it is 5.1 'Second visits' now, declined." in texts[0]


# --- blockers that went up


async def test_a_blocker_that_went_up_to_the_council_stands_on_the_draft_and_the_secretary_sees_it(
    house: House,
) -> None:
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        team = await tx.first(select(Team).order_by(col(Team.id)))
        raj, ann = await house.person("Raj"), await house.person("Ann")
        department = await tx.first(select(Department).where(Department.name == "Call centre"))
        assert team is not None
        assert department is not None
        tx.add(
            Blocker(
                code="B-77", text="No fault details", raised_by=raj.id, raised_on=TUESDAY_NOON.date(), team_id=team.id,
                department_id=department.id, cross_department=True, tier=3, told_tier=3,
                told_on=TUESDAY_NOON.date(), state=Blocker.State.ESCALATED, taken_by=ann.id,
            )
        )  # fmt: skip
    await house.says("dee", "/huddle blocker No meter seals in van 12")
    await house.now_is(TUESDAY_NOON + timedelta(days=1))
    item = await house.item("No fault details")
    assert (item.section, item.owner_id, item.state) == (3, ann.id, State.SUBMITTED)
    asked = house.newest("sev", "Accept")
    assert "B-77 went up to the council" in words_of(asked)
    assert await house.presses("sev", "Accept", asked) == "3.1 'No fault details' is accepted."
    assert house.last("sev") == "3.1 'No fault details' is accepted."
    await house.now_is(TUESDAY_NOON + timedelta(days=2))
    assert len(await house.items()) == 1


async def test_everything_that_is_done_is_written_down(house: House) -> None:
    await house.says("raj", VISITS)
    await house.says("sev", "/agenda accept 5.1")
    await house.says("sev", "/agenda consent 5.1")
    await house.says("cora", "/agenda publish")
    item = await house.item("Second visits")
    async with house.house.database.read(SYSTEM) as tx:
        deeds = await tx.all(
            select(AuditEvent)
            .where(AuditEvent.thing == Thing.AGENDA_ITEM, AuditEvent.thing_id == item.id)
            .order_by(col(AuditEvent.id))
        )
        published = await tx.first(select(AuditEvent).where(AuditEvent.thing == Thing.MEETING))
    assert [each.verb for each in deeds] == ["add", "accept", "consent", "publish"]
    assert published is not None
    assert (published.verb, published.after) == ("publish", "1")


async def test_a_form_that_was_open_when_the_meeting_was_called_off_keeps_its_words(house: House) -> None:
    form = await house.form("raj", "/agenda add")
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        (await tx.need(CouncilMeeting, house.meeting_id)).state = CouncilMeeting.State.CANCELLED
    answer = await house.fills("raj", form, {"title": "Second visits"})
    assert not isinstance(answer.content, Form)
    assert "was called off. Nothing was changed." in answer.content.summary


@pytest.mark.req("S3-28")
async def test_where_a_council_meets_its_secretary_alone_is_asked_at_the_top(house: House) -> None:
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        team = await tx.first(select(Team).order_by(col(Team.id)))
        assert team is not None
        blocker = Blocker(
            code="B-78", text="No meter seals", raised_by=(await house.person("Raj")).id, team_id=team.id,
            raised_on=TUESDAY_NOON.date(), tier=2, told_tier=2, told_on=TUESDAY_NOON.date(),
            state=Blocker.State.ESCALATED,
        )  # fmt: skip
        tx.add(blocker)
        await tx.flush()
        sev, cora, carl = [await house.person(name) for name in ("Sev", "Cora", "Carl")]
        on = TUESDAY_NOON.date()
        assert [each.id for each in await owners.proper(tx, blocker, 3)] == [sev.id]
        assert carl.id not in {each.id for each in await owners.asked(tx, blocker, 3, on)}
        council = await tx.need(Council, house.council_id)
        council.secretary_id = None
        await tx.flush()
        assert [each.id for each in await owners.proper(tx, blocker, 3)] == [cora.id]
        council.state = Council.State.ENDED
        await tx.flush()
        assert [each.id for each in await owners.proper(tx, blocker, 3)] == [carl.id]


async def test_what_goes_to_a_special_meeting_says_so(house: House) -> None:
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        (await tx.need(CouncilMeeting, house.meeting_id)).kind = CouncilMeeting.Kind.SPECIAL
    assert "It is for the special meeting of Thu 3 Dec 2026." in await house.says("raj", VISITS)
