"""Issued minutes are corrected in a new edition that takes the place of the old one, and approved at the next one."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.council import standing as council
from bot.minutes.correcting import approved
from storage.councils import Council
from storage.meetings import CouncilMeeting
from storage.minutes import Correction, Minutes, editions
from storage.tx import SYSTEM
from tests.meeting.hall import ROOM, Hall
from tests.minutes.held import ALL_STAFF, CLOSED, LAST_CALL, SECRET, in_place, minutes_of, told
from tests.support.field_dispatch import NORTHWATER

State = Minutes.State
WRONG = "7.1: it was five visits in a hundred, not twenty"


async def every(hall: Hall) -> list[Minutes]:
    async with hall.house.database.read(SYSTEM) as tx:
        return list(await editions(tx, hall.meeting_id))


async def asked(hall: Hall) -> None:
    words = await hall.says("raj", f'/council minutes correct "{WRONG}"')
    assert "will decide on it" in words


async def test_a_seat_asks_and_the_chair_and_the_secretary_have_it_in_front_of_them(issued: Hall) -> None:
    hall = issued
    await asked(hall)
    for who in ("cora", "sev"):
        assert WRONG in told(hall, who, "Raj asks for a correction")[-1]
    assert not told(hall, "ann", "asks for a correction")


async def test_what_is_accepted_is_a_new_edition_and_the_old_one_stays_as_it_was(issued_on_both: Hall) -> None:
    hall = issued_on_both
    await asked(hall)
    before = (await minutes_of(hall)).body
    form = await hall.opens("sev", "Accept")
    words = await hall.fills("sev", form, {"place": "7.1", "reads": "Five visits in a hundred."})
    assert "Edition 2 of the minutes" in str(words.content)
    old, new = await every(hall)
    assert (old.state, old.body) == (State.SUPERSEDED, before)
    assert (new.state, new.number, new.corrected_why) == (State.CIRCULATED, 2, "Five visits in a hundred.")
    (room,) = in_place(hall, ROOM, "Minutes of")
    assert "edition 2" in room
    assert "Takes the place of edition 1" in room
    assert "7.1, corrected on Mon 7 Dec 2026: Five visits in a hundred." in room
    assert told(hall, "raj", "is in edition 2")
    assert "Superseded: a later edition holds" in await hall.says("raj", "/council minutes edition:1")
    assert "there is 1 and 2" in await hall.says("raj", "/council minutes edition:3")


async def test_what_is_declined_needs_a_reason_and_is_told(issued: Hall) -> None:
    hall = issued
    await asked(hall)
    card = hall.newest("cora", "Decline")
    form = await hall.opens("cora", "Decline", card)
    back = await hall.comes_back("cora", form, {"reason": " "})
    assert "Say why" in back.errors["reason"]
    await hall.fills("cora", form, {"reason": "The record says twenty"})
    assert "The record says twenty" in told(hall, "raj", "was declined")[-1]
    assert [each.number for each in await every(hall)] == [1]
    assert "Somebody was faster: declined" in await hall.presses("sev", "Accept", card)


async def test_a_correction_of_something_internal_is_read_by_no_outsider(issued: Hall) -> None:
    hall = issued
    await hall.says("raj", f'/council minutes correct "{SECRET} was more"')
    form = await hall.opens("cora", "Accept")
    await hall.fills("cora", form, {"place": "7.2"})
    assert f"{SECRET} was more" in await hall.says("raj", "/council minutes")
    assert SECRET not in await hall.says("sam", "/council minutes")
    assert SECRET not in "".join(in_place(hall, ROOM, "Minutes of"))


@pytest.mark.req("S2-29")
@pytest.mark.parametrize("chosen", [{}, {"place": "all"}, {"place": "7.1", "reads": "Five in a hundred."}])
async def test_a_correction_that_names_something_internal_stays_inside_whatever_is_chosen(
    issued: Hall, chosen: dict[str, str]
) -> None:
    hall = issued
    await hall.says("dov", f'/council minutes correct "7.2: the {SECRET} price was 3 million"')
    form = await hall.opens("cora", "Accept")
    words = str((await hall.fills("cora", form, chosen)).content)
    assert "not in the copies of suppliers and customers" in words
    reads = chosen.get("reads", f"the {SECRET} price was 3 million")
    assert reads in await hall.says("raj", "/council minutes")
    for who in ("sam", "okafor"):
        assert reads not in await hall.says(who, "/council minutes"), who
        assert not told(hall, who, reads), who
    for place in (ROOM, ALL_STAFF):
        assert not in_place(hall, place, reads), place


async def test_without_a_chair_and_a_secretary_nobody_is_said_to_decide(issued: Hall) -> None:
    hall = issued
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        meeting = await tx.need(CouncilMeeting, hall.meeting_id)
        of = await tx.need(Council, meeting.council_id)
        meeting.chair_id = meeting.secretary_id = of.chair_id = of.secretary_id = None
    words = await hall.says("raj", f'/council minutes correct "{WRONG}"')
    assert "has neither a chair nor a secretary now" in words
    assert "council setup chair:@Ann" in words
    assert "The chair will decide" not in words
    assert (await hall.row(Correction)).text == WRONG


async def test_who_has_no_seat_asks_for_no_correction(issued: Hall) -> None:
    hall = issued
    assert "Only a member of the council" in await hall.says("amy", '/council minutes correct "x"')
    form = await hall.form("raj", "/council minutes correct")
    await hall.fills("raj", form, {"text": WRONG})
    assert told(hall, "cora", "Raj asks for a correction")


async def test_seats_hear_on_the_last_morning_and_nobody_corrects_after_four(issued: Hall) -> None:
    hall = issued
    await hall.until(LAST_CALL)
    for who in ("raj", "sam", "okafor", "ida"):
        assert "close today at 16:00" in told(hall, who, "Corrections to the minutes")[-1], who
    await hall.until(CLOSED)
    assert "are closed" in told(hall, "raj", "Corrections to the minutes")[-1]
    assert "closed on Thu 10 Dec 2026, 16:00" in await hall.says("raj", '/council minutes correct "Too late"')
    assert "Corrections are taken" not in in_place(hall, ROOM, "Minutes of")[-1]


async def test_what_is_not_decided_when_corrections_close_comes_once_more_and_can_still_be(issued: Hall) -> None:
    hall = issued
    await asked(hall)
    before = len(told(hall, "cora", "asks for a correction"))
    await hall.until(CLOSED)
    assert len(told(hall, "cora", "asks for a correction")) == before + 1
    form = await hall.opens("cora", "Accept")
    await hall.fills("cora", form, {})
    assert (await minutes_of(hall)).number == 2


@pytest.mark.req("S2-18")
async def test_the_next_meeting_approves_them_and_what_nobody_decided_is_declined(issued: Hall) -> None:
    hall = issued
    await asked(hall)
    following = await hall.following()
    now = hall.house.clock.now() + timedelta(days=31)
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=now)
        found = await council.around(tx, hall.meeting_id)
        assert found is not None
        await approved(tx, found, following.id, now)
        await approved(tx, found, following.id, now)
    row = await minutes_of(hall)
    assert (row.state, row.approved_in) == (State.APPROVED, following.id)
    assert (await hall.meeting()).state is CouncilMeeting.State.CLOSED
    correction = await hall.row(Correction)
    assert correction.state is Correction.State.DECLINED
    assert "approved the minutes as they stood" in correction.reason
    assert "Approved by the council" in await hall.says("raj", "/council minutes")
    assert "closed on" in await hall.says("raj", '/council minutes correct "Too late"')


@pytest.mark.req("S2-18")
async def test_what_is_noted_by_consent_at_the_next_meeting_is_approved_there(issued: Hall) -> None:
    hall = issued
    await hall.until(datetime(2027, 1, 7, 10, tzinfo=UTC))
    await hall.says("cora", "/council start")
    for who in ("ann", "raj", "bea", "dov", "mia"):
        await hall.says("sev", f"/council present @{who.title()}")
    answer = await hall.ask("cora", "/council end")
    if "As proposed" in str(answer.content):
        await hall.presses("cora", "As proposed", answer.content)  # type: ignore[arg-type]  # a card with that button
    following = await hall.following()
    assert following.state is CouncilMeeting.State.ADJOURNED
    row = await minutes_of(hall)
    assert (row.state, row.approved_in) == (State.APPROVED, following.id)
    await hall.says("sev", '/council minutes edit 1 "Thanks to Ida"')
    assert "Previous minutes: of Thu 3 Dec 2026: approved" in await hall.says("sev", "/council minutes")
