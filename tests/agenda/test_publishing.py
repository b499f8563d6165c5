"""An agenda comes out: by schedule, by the chair, once where two do it, and anew only where something has changed."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.agenda.documents import agenda_in
from bot.agenda.titles import SECTION_TITLES
from bot.chat.cards import Card, Group
from bot.chat.spans import plain
from bot.council import planning
from bot.dispatch import Dispatcher
from bot.ports import Press
from bot.routes import ROUTES
from storage.agenda import AgendaItem, DepartmentReport
from storage.councils import Council
from storage.meetings import CouncilMeeting
from storage.people import Department, Person
from tests.agenda.house import CLOSED_AT, OUT_AGAIN_AT, OUT_AT, House, reachable
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import button_of, labels_of, words_of

State = CouncilMeeting.State
STILL_OPEN = "Items and reports still come in time until Mon 30 Nov 2026, 12:00; then they come out as a new version."


@pytest.mark.req("S2-27")
async def test_what_nobody_published_comes_out_by_schedule_with_its_nine_items(house_on_both: House) -> None:
    house = house_on_both
    said = await house.says("raj", '/agenda add "Second visits" item:5 for:decision mins:5')
    assert said == "Added as 5.1, 5 minutes, for decision. 50 minutes are still free."
    assert "is not out yet, it comes on Mon 30 Nov 2026, 16:00." in await house.says("ann", "/agenda")
    await house.reports("Call centre", "Field", missing=("Marketing", "Finance"))
    await house.now_is(OUT_AT)
    (post,) = house.in_room("agenda.paper")
    (nine,) = [each for each in post.card.elements if isinstance(each, Group)]
    assert [plain(each.text) for each in nine.lines] == [*SECTION_TITLES.values()]
    assert [plain(each.detail) for each in nine.lines] == [
        "10 min · no actions from last meeting",
        "Nothing submitted",
        "20 min · 2 of 4 received · not received: Marketing, Finance",
        "Nothing submitted",
        "15 min · 5.1 Second visits · for decision",
        plain(nine.lines[5].detail),
        "Nothing submitted",
        "No new research",
        "5 min · no late items yet",
    ]
    assert "Version 1, published by schedule." in post.words
    assert labels_of(post.card) == ["Open an item", "My attendance", "Add a late item"]
    (edition,) = await house.versions()
    assert (edition.number, edition.published_by, edition.over_min) == (1, None, 0)
    meeting = await house.row(CouncilMeeting, id=house.meeting_id)
    assert (meeting.state, meeting.items_closed, meeting.edition) == (State.PUBLISHED, True, 1)
    assert "5.1 Second visits for decision · 5 min · Raj" in await house.opened("ann", 5)
    assert [each.number for each in agenda_in(edition.content).items] == ["1.1", "3.1", "3.2", "5.1"]


async def test_once_the_chair_has_published_the_schedule_has_nothing_to_do(house: House) -> None:
    card = (await house.ask("cora", "/agenda draft")).content
    assert isinstance(card, Card)
    assert "Draft, not out yet. It comes out on Mon 30 Nov 2026, 16:00." in words_of(card)
    assert "Version 1 is published: in 1 room." in await house.presses("cora", "Publish", card)
    await house.now_is(OUT_AT)
    (edition,) = await house.versions()
    assert edition.published_by == (await house.person("Cora")).id
    assert "Version 1, published by Cora." in house.paper
    assert "See the draft" not in labels_of(house.in_room("agenda.paper")[0].card)
    again = (await house.ask("cora", "/agenda")).content
    assert isinstance(again, Card)
    assert "Draft, version 1 is out." in await house.presses("cora", "See the draft", again)


async def test_the_secretary_prepares_and_the_chair_publishes(house: House) -> None:
    card = (await house.ask("sev", "/agenda")).content
    assert isinstance(card, Card)
    assert labels_of(card) == ["Open an item", "Add an item"]
    assert "Only the chair of CX Council can do that. You can ask Cora." in await house.says("sev", "/agenda publish")
    assert "Only" in await house.says("ann", "/agenda draft")
    assert await house.versions() == []


async def test_too_long_an_agenda_needs_the_chairs_word(house: House) -> None:
    await house.says("raj", '/agenda add "Second visits" item:5 mins:80')
    answer = await house.ask("cora", "/agenda publish")
    assert isinstance(answer.content, Card)
    assert "Longer than the meeting" in words_of(answer.content)
    assert await house.versions() == []
    assert "Version 1 is published" in await house.presses("cora", "Publish all the same", answer.content)
    (edition,) = await house.versions()
    assert edition.over_min > 0
    assert f"published by Cora, over by {edition.over_min} minute" in house.paper


async def test_by_schedule_too_long_an_agenda_comes_out_and_says_so(house: House) -> None:
    await house.says("raj", '/agenda add "Second visits" item:5 mins:80')
    await house.now_is(OUT_AT)
    (edition,) = await house.versions()
    assert f"published by schedule, over by {edition.over_min} minutes" in house.paper


async def test_two_presses_at_once_publish_one_version_and_both_hear_the_truth(house_on_both: House) -> None:
    house = house_on_both
    card = (await house.ask("cora", "/agenda draft")).content
    assert isinstance(card, Card)
    button = button_of(card, "Publish")
    press = Press(button.verb, button.ids)
    others = [Dispatcher(house.house.database, ROUTES, house.house.clock) for _ in range(2)]
    answers = await asyncio.gather(*(house.hand_in("cora", press, dispatcher=each) for each in others))
    texts = sorted(each.content.summary for each in answers if each is not None and isinstance(each.content, Card))
    assert texts == [
        "Nothing has changed since version 1, so there is no new one.",
        f"Version 1 is published: in 1 room. {STILL_OPEN}",
    ]
    assert len(await house.versions()) == 1
    assert len(house.in_room("agenda.paper")) == 1


async def test_two_people_who_chair_publish_at_once_one_version_and_each_hears_the_truth(house_on_both: House) -> None:
    house = house_on_both
    await reachable(house, "Mrs Okafor")
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        (await tx.need(Council, house.council_id)).customer = Council.Customer.CO_CHAIR
    card = (await house.ask("cora", "/agenda draft")).content
    assert isinstance(card, Card)
    button = button_of(card, "Publish")
    press = Press(button.verb, button.ids)
    others = [Dispatcher(house.house.database, ROUTES, house.house.clock) for _ in range(2)]
    both = zip(("cora", "okafor"), others, strict=True)
    answers = await asyncio.gather(*(house.hand_in(who, press, dispatcher=each) for who, each in both))
    texts = [each.content.summary for each in answers if each is not None and isinstance(each.content, Card)]
    (edition,) = await house.versions()
    first = 0 if edition.published_by == (await house.person("Cora")).id else 1
    assert texts[first].startswith("Version 1 is published: in 1 room")
    assert texts[1 - first] == (
        f"{('Cora', 'Mrs')[first]} published version 1 a moment ago. Yours is the same, so nothing else was published."
    )
    assert len(house.in_room("agenda.paper")) == 1


async def test_another_version_comes_only_where_something_has_changed(house: House) -> None:
    await house.says("raj", '/agenda add "Second visits" item:5 mins:5')
    await house.now_is(OUT_AT)
    await house.now_is(OUT_AGAIN_AT)
    assert len(await house.versions()) == 1
    assert house.in_room("agenda.updated") == []


async def test_what_changed_is_told_beside_the_agenda_that_is_made_anew(house: House) -> None:
    await house.says("raj", '/agenda add "Second visits" item:5 mins:5')
    await house.reports("Field", missing=("Finance",))
    await house.now_is(OUT_AT)
    await house.says("cora", '/agenda add "Christmas hours" item:9 internal')
    await house.says("raj", "/agenda withdraw 5.1")
    await house.reports("Billing")
    await house.now_is(OUT_AGAIN_AT)
    (first, second) = await house.versions()
    assert second.changes == [
        "3.2 Billing report received",
        "5.1 Second visits taken off",
        "5 Current initiatives has 0 minutes, was 15",
        "9.1 added",
    ]
    (post,) = house.in_room("agenda.updated")
    assert "Agenda updated: 3.2 Billing report received; 5.1 Second visits taken off" in post.words
    assert len(house.in_room("agenda.paper")) == 1
    assert "Version 2, published by schedule." in house.paper
    assert "1 late item" in house.paper
    assert [each.number for each in agenda_in(first.content).items] == ["1.1", "3.1", "5.1"]


async def test_it_comes_out_late_rather_than_never_and_not_once_the_meeting_has_begun(house: House) -> None:
    await house.house.wakes_at(OUT_AT + timedelta(hours=5))
    assert "published by schedule (late)" in house.paper
    assert len(await house.versions()) == 1


@pytest.mark.req("S2-20", "S2-26")
async def test_an_agenda_published_early_calls_nothing_missing_and_its_next_version_tells_what_came(
    house: House,
) -> None:
    await asked_for_reports(house, "Marketing", "Finance", "Billing")
    await house.reports("Field")
    await house.says("raj", '/agenda add "Second visits" item:5 mins:5')
    assert STILL_OPEN in await house.says("cora", "/agenda publish")
    meeting = await house.row(CouncilMeeting, id=house.meeting_id)
    assert (meeting.state, meeting.items_closed) == (State.PUBLISHED, False)
    assert "1 of 4 received · Billing, Marketing, Finance until Mon 30 Nov, 12:00" in house.paper
    assert "Version 1, published by Cora. Items and reports until Mon 30 Nov 2026, 12:00." in house.paper
    assert "not received" not in house.paper.casefold()
    assert "Add an item" in labels_of(house.in_room("agenda.paper")[0].card)
    opened = await house.opened("ann", 3)
    assert "Still to come until Mon 30 Nov, 12:00: Billing, Marketing, Finance" in opened
    await house.says("mia", '/agenda add "Christmas hours" item:7')
    await house.says("bea", '/agenda report "Refunds take a day"')
    await house.now_is(OUT_AT)
    (_, second) = await house.versions()
    assert second.changes == ["3.2 Billing report received", "7.1 Christmas hours added",
                              "7 Future initiatives has 10 minutes, was 0"]  # fmt: skip
    assert "2 of 4 received · not received: Marketing, Finance" in house.paper
    assert (await house.row(CouncilMeeting, id=house.meeting_id)).items_closed


async def test_by_schedule_an_agenda_published_in_time_is_left_as_it_is(house: House) -> None:
    await house.now_is(CLOSED_AT)
    assert STILL_OPEN not in await house.says("cora", "/agenda publish")
    await house.says("cora", '/agenda add "Christmas hours" item:9')
    await house.now_is(OUT_AT)
    assert len(await house.versions()) == 1


async def asked_for_reports(house: House, *names: str) -> None:
    """Some departments are asked for their reports."""
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        places = {each.name: each.id for each in await tx.all(select(Department))}
        tx.add(*(DepartmentReport(meeting_id=house.meeting_id, department_id=places[each]) for each in names))


async def test_the_agenda_of_a_meeting_that_was_not_held_is_still_read_by_its_day(house: House) -> None:
    await house.says("raj", '/agenda add "Second visits" item:5 mins:5')
    await house.now_is(OUT_AT)
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        meeting = await tx.need(CouncilMeeting, house.meeting_id)
        meeting.state, meeting.reason = State.CANCELLED, "Nobody started it."
    card = (await house.ask("ann", "/agenda 3 Dec 2026")).content
    assert isinstance(card, Card)
    assert "This meeting was not held. Nobody started it." in words_of(card)
    assert "5.1 Second visits" in words_of(card)
    assert labels_of(card) == ["Open an item"]
    assert "has no meeting on" in await house.says("ann", "/agenda 10 Dec 2026")


async def test_a_press_on_the_draft_of_a_meeting_that_was_moved_publishes_nothing(house: House) -> None:
    card = (await house.ask("cora", "/agenda draft")).content
    assert isinstance(card, Card)
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        found = await house.found_in(tx)
        await planning.moved(tx, found, found.meeting.starts_at + timedelta(days=7), house.house.clock.now())
    said = await house.presses("cora", "Publish", card)
    assert "This draft was for Thu 3 Dec 2026, 10:00; CX Council was moved to Thu 10 Dec 2026, 10:00 since." in said
    assert await house.versions() == []


async def test_a_press_on_a_meeting_that_was_called_off_or_is_over_says_so(house: House) -> None:
    for state, words in ((State.CANCELLED, "was called off"), (State.ADJOURNED, "is over")):
        async with house.house.database.write(NORTHWATER) as tx:
            tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
            (await tx.need(CouncilMeeting, house.meeting_id)).state = state
        assert words in await house.pressed("cora", "agenda.publish", meeting=house.meeting_id)
    assert await house.versions() == []


async def test_a_reopened_agenda_takes_items_as_usual_until_it_is_published_anew(house: House) -> None:
    await house.now_is(OUT_AT)
    assert "takes items again" in await house.says("cora", "/agenda reopen")
    assert "takes items as it is" in await house.says("cora", "/agenda reopen")
    assert "Added as 7.1" in await house.says("mia", '/agenda add "Christmas hours" item:7')
    assert "Version 2 is published" in await house.says("cora", "/agenda publish")
    assert (await house.item("Christmas hours")).state is AgendaItem.State.PUBLISHED
    assert "Nothing has changed since version 2" in await house.says("cora", "/agenda publish")


@pytest.mark.req("S2-10")
async def test_people_of_other_companies_have_their_own_copy_without_what_is_internal(house_on_both: House) -> None:
    house = house_on_both
    await reachable(house, "Sam", "Mrs Okafor")
    await house.says("raj", '/agenda add "Zanzibar contract" item:7 for:decision mins:5 internal')
    await house.says("raj", '/agenda add "Second visits" item:7 mins:5')
    await house.now_is(OUT_AT)
    for who in ("sam", "okafor"):
        (mine,) = house.posts(who)
        assert "7.1 Internal +1 more" in mine.words
        assert "Zanzibar" not in repr(mine.card)
        opened = await house.opened(who, 7)
        assert "7.1 Internal" in opened
        assert "7.2 Second visits" in opened
        assert "Zanzibar" not in opened
        assert "Zanzibar" not in await house.says(who, "/agenda")
        assert "I can't find item 7.1" in await house.says(who, "/agenda pull 7.1")
    assert "Zanzibar" not in house.paper, "Sam may be in that room"
    assert "7.1 Zanzibar contract" in await house.opened("ann", 7)
    assert "Zanzibar" not in await house.opened("amy", 7), "Amy has no seat"


async def test_whoever_has_no_seat_reads_it_once_it_is_out(house: House) -> None:
    assert "is not out yet. It comes on Mon 30 Nov 2026, 16:00." in await house.says("amy", "/agenda")
    await house.now_is(OUT_AT)
    assert "Version 1, published by schedule." in await house.says("amy", "/agenda 3 Dec 2026")
    assert "has no meeting on Fri 4 Dec 2026" in await house.says("amy", "/agenda 4 Dec 2026")


async def test_who_reads_it_on_another_clock_finds_their_own_time_beside_the_councils(house: House) -> None:
    await house.now_is(OUT_AT)
    await lives_in_new_york(house, "Raj")
    assert "Thu 3 Dec 2026, 05:00 (New York)" in await house.says("raj", "/agenda")
    assert "05:00" not in await house.says("ann", "/agenda")
    assert "05:00" not in house.paper
    late = await house.says("raj", '/agenda add "Winter hours"')
    assert "closed on Mon 30 Nov 2026, 07:00 (New York)" in late
    assert "closed on Mon 30 Nov 2026, 12:00. " in await house.says("ann", '/agenda add "Winter tariffs"')


async def lives_in_new_york(house: House, name: str) -> None:
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        (await tx.need(Person, (await house.person(name)).id)).zone = "America/New_York"


async def test_a_room_whose_people_live_in_other_zones_is_told_where_its_times_hold(house: House) -> None:
    await lives_in_new_york(house, "Raj")
    await house.says("cora", "/agenda publish")
    assert "Thu 3 Dec 2026, 10:00 (London)" in house.paper
    assert "Items and reports until Mon 30 Nov 2026, 12:00 (London)." in house.paper


async def test_what_changed_is_told_on_its_readers_clock_and_in_a_room_with_its_place(house: House) -> None:
    await reachable(house, "Sam")
    await lives_in_new_york(house, "Sam")
    await house.now_is(OUT_AT)
    await house.says("cora", '/agenda add "Christmas hours" item:9')
    await house.says("cora", "/agenda publish")
    await house.now_is(OUT_AT)
    (post,) = [each for each in house.posts("sam") if "Agenda updated" in each.words]
    assert "Thu 3 Dec 2026, 05:00 (New York)" in post.words
    (post,) = house.in_room("agenda.updated")
    assert "Thu 3 Dec 2026, 10:00 (London)" in post.words


async def test_what_is_opened_and_asked_of_a_department_is_on_its_readers_clock(house: House) -> None:
    await lives_in_new_york(house, "Raj")
    await house.reports("Call centre")
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        field = await tx.first(select(Department).where(Department.name == "Field"))
        assert field is not None
        tx.add(DepartmentReport(meeting_id=house.meeting_id, department_id=field.id))
    assert "not out yet. It comes on Mon 30 Nov 2026, 11:00 (New York)" in await house.opened("raj", 3)
    await house.says("cora", "/agenda publish")
    assert "Still to come until Mon 30 Nov, 07:00 (New York): Field" in await house.opened("raj", 3)
    assert "Still to come until Mon 30 Nov, 12:00: Field" in await house.opened("ann", 3)
    form = await house.form("raj", "/agenda report")
    assert "on Thu 3 Dec 2026, 05:00 (New York)." in form.note
    assert "Please send it by Mon 30 Nov, 07:00 (New York)." in form.note
