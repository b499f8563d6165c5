"""What people did and the bot could not take at once: a form stays with what was typed, a press may come again."""

import pytest
from sqlmodel import select

from adapters.teams import desk
from storage.customers import VocItem
from storage.engine import Database
from storage.people import Account
from tests.support.teams_double.world import Message
from tests.support.teams_hall import ADA, BEN, Hall, a_hall


async def _notes(hall: Hall) -> list[str]:
    return [each.words for each in await hall.all(select(VocItem))]


async def test_a_form_that_came_too_late_is_not_lost_and_can_be_sent_again(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.says("ask")
        await hall.settled()
        await hall.ada.presses(hall.ada.sees()[-1], "A note")
        assert hall.ada.dialog is not None
        within_s = desk.WITHIN_S
        monkeypatch.setattr(desk, "WITHIN_S", -1.0)
        await hall.ada.submits(hall.ada.dialog, {"words": "Valve *checks*\nat Mill Lane", "mood": "bad"})
        again = hall.ada.dialog
        assert again is not None
        assert (again.title, again.labels) == ("Not sent yet", ("Send again",))
        for words in ("That took too long, so nothing was changed.", "Valve *checks*", "at Mill Lane"):
            assert words in again.words
        assert await _notes(hall) == []
        await hall.ada.submits(again, {})
        assert hall.ada.dialog is not None, "it is still too late"
        monkeypatch.setattr(desk, "WITHIN_S", within_s)
        await hall.ada.submits(hall.ada.dialog, {})
        await hall.settled()
        assert hall.ada.dialog is None
        assert await _notes(hall) == ["Valve *checks*\nat Mill Lane (bad) by Ada of Northwater"]


async def test_a_press_that_comes_again_shows_the_same_card_and_is_shown_once(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.says("offer")
        await hall.settled()
        heard = await hall.ada.presses(hall.ada.sees()[-1], "Take it")
        await hall.settled()
        again = await hall.double.again()
        await hall.settled()
        assert heard.json["value"] == again.json["value"]
        assert "Taken." in again.body
        assert len(hall.double.called("update")) == 1


async def test_lines_of_somebody_the_bot_does_not_know_are_nobody_s_business(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        ben = hall.north.user(BEN)
        line = Message(hall.double.world.message_id(), BEN, "Valve checks", text_format="plain")
        ben.chat.add(line)
        (seen,) = ben.sees()
        calls = len(hall.said)
        for heard in (await ben.edits(seen, "Pump checks"), await ben.deletes(seen)):
            assert heard is not None
            assert (heard.status, heard.body) == (200, "")
        await hall.settled()
        assert len(hall.said) == calls
        assert [each.external_id for each in await hall.all(select(Account))] == [ADA]
