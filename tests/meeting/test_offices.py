"""Who loses an office, in the middle of a meeting or before: it is written down, minuted, and told to them once."""

from datetime import datetime

import pytest
from sqlmodel import select

from bot.chat.cards import Card
from bot.chat.replies import Plan, Replies
from bot.council import dates
from bot.council.standing import around
from bot.minutes import gathering, paper_views
from bot.wanted import record
from storage.audit import AuditEvent
from storage.links import Thing
from storage.tx import SYSTEM
from tests.meeting.hall import Hall, begun
from tests.support.field_dispatch import NORTHWATER


def told(hall: Hall, who: str) -> list[str]:
    """What somebody heard of offices that they have no more."""
    return [each.words for each in hall.posts(who) if "council.relieved" in each.key]


async def facts(hall: Hall) -> dict[str, str]:
    """The title block of the minutes as they would go out now."""
    async with hall.house.database.read(NORTHWATER) as tx:
        found = await around(tx, hall.meeting_id)
        assert found is not None
        return dict(paper_views.facts(await gathering.body_of(tx, found, None)))


async def written_down(hall: Hall, verb: str) -> list[tuple[str, str, str]]:
    """Which post, who before, who after."""
    async with hall.house.database.read(SYSTEM) as tx:
        mine = (AuditEvent.thing == Thing.MEETING, AuditEvent.verb == verb)
        return [(each.field, each.before, each.after) for each in await tx.all(select(AuditEvent).where(*mine))]


@pytest.mark.req("S2-31")
async def test_a_secretary_put_out_of_office_in_the_middle_stands_in_the_minutes_until_then(hall: Hall) -> None:
    await begun(hall)
    await hall.at(20)
    await hall.says("cora", "/council setup secretary:off")
    await hall.at(40)
    await hall.says("cora", "/council end")
    await hall.says("cora", "/council setup secretary:@Bea")
    assert await written_down(hall, "replace") == [("secretary", "Sev", "")]
    assert (await facts(hall))["Secretary"] == "nobody (Sev until 10:20)"
    assert (await facts(hall))["Chair"] == "Cora"
    (words,) = told(hall, "sev")
    assert words == "Council: since Thu 3 Dec 2026, 10:20 you no longer keep its record. Cora changed that."


async def test_a_chair_who_is_removed_is_told_and_the_secretary_hears_that_nobody_chairs(hall: Hall) -> None:
    await begun(hall)
    await hall.at(10)
    await hall.says("sev", "/council remove @Cora")
    assert await written_down(hall, "replace") == [("chair", "Cora", "")]
    (words,) = told(hall, "cora")
    assert words == "Council: since Thu 3 Dec 2026, 10:10 you no longer chair it. Sev changed that."
    news = [each.words for each in hall.posts("sev") if "council.vacancy" in each.key]
    assert len(news) == 1
    assert "Nobody chairs Council now (Thu 3 Dec 2026, 10:00)" in news[0]
    assert "Sev keeps its record and can run the meeting" in news[0]
    assert "/council chair @name" in news[0]
    await hall.at(15)
    await hall.says("sev", "/council end")
    assert (await facts(hall))["Chair"] == "nobody (Cora until 10:10)"


async def test_both_gone_in_the_middle_nobody_who_came_later_is_named(hall: Hall) -> None:
    await begun(hall)
    await hall.at(10)
    await hall.says("ivo", "/council setup chair:off secretary:off")
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        ends_at = datetime.fromisoformat((await hall.meeting()).steps[dates.LEFT_OPEN])
        plan = Plan("left-open", dates.LEFT_OPEN, hall.meeting_id, ends_at)
        await record(tx, Replies(plan=(plan,)), event_id=None, now=hall.house.clock.now())
    await hall.until(ends_at)
    assert (await hall.meeting()).adjourned_at is not None, "the clock ended it"
    await hall.says("ivo", "/council setup chair:@Ann secretary:@Bea")
    found = await facts(hall)
    assert (found["Chair"], found["Secretary"]) == ("nobody (Cora until 10:10)", "nobody (Sev until 10:10)")


async def test_another_chair_in_the_middle_has_the_card_and_the_minutes_name_both(hall: Hall) -> None:
    await begun(hall)
    await hall.at(12)
    await hall.says("cora", "/council setup chair:@Raj")
    assert "Time for 1 is up since 10:10" in hall.own("raj")
    assert told(hall, "cora") == [], "who did it themselves knows"
    await hall.at(20)
    await hall.says("raj", "/council end")
    assert (await facts(hall))["Chair"] == "Raj (Cora until 10:12)"


async def test_the_chair_handed_over_by_somebody_else_is_told_for_that_meeting_alone(hall: Hall) -> None:
    await begun(hall)
    await hall.at(12)
    await hall.says("sev", "/council chair @Raj")
    (words,) = told(hall, "cora")
    assert words == (
        "Council: since Thu 3 Dec 2026, 10:12 you no longer chair its meeting of Thu 3 Dec 2026. Sev changed that."
    )
    assert (await facts(hall))["Chair"] == "Raj, standing in (Cora until 10:12)"
    await hall.says("raj", "/council chair @Cora")
    assert told(hall, "raj") == []
    await hall.says("sev", "/council chair @Cora")
    assert len(told(hall, "cora")) == 1


async def test_a_seat_that_is_taken_away_is_told_once_and_an_undo_takes_the_message_back(hall: Hall) -> None:
    answer = await hall.ask("sev", "/council remove @Raj")
    (words,) = told(hall, "raj")
    assert words == "Council: since Thu 3 Dec 2026, 09:55 you no longer have a seat in it. Sev changed that."
    assert told(hall, "ann") == []
    assert isinstance(answer.content, Card)
    await hall.presses("sev", "Undo", answer.content)
    await hall.house.delivery.drain()
    assert told(hall, "raj") == []


async def test_chair_and_seat_lost_at_once_are_one_message(hall: Hall) -> None:
    await hall.says("ivo", "/council setup chair:@Raj")
    assert len(told(hall, "cora")) == 1
    await hall.says("ivo", "/council remove @Raj")
    (words,) = told(hall, "raj")
    assert "you no longer chair it or have a seat in it. Ivo changed that." in words


async def test_who_chaired_together_with_the_chair_hears_that_it_is_over(hall: Hall) -> None:
    await hall.customer_co_chairs()
    await hall.says("cora", "/council setup customer:advisory")
    (words,) = told(hall, "okafor")
    assert "you no longer chair it together with the chair. Cora changed that." in words
    await hall.says("cora", "/council setup customer:advisory")
    assert len(told(hall, "okafor")) == 1


async def test_who_kept_the_record_is_told_who_keeps_it_now(hall: Hall) -> None:
    await begun(hall)
    await hall.says("cora", "/council setup secretary:@Bea")
    assert "Cora chairs this meeting now, Bea keeps its record." in hall.own("sev")


async def test_another_quorum_in_the_middle_of_a_meeting_is_for_the_next_one(hall: Hall) -> None:
    await begun(hall)
    said = await hall.says("cora", "/council setup quorum:3")
    assert "The meeting that is on keeps the quorum with which it began: 5." in said
    assert "5 needed" in hall.room
