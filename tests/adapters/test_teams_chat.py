"""Messages on Teams as the delivery sends them: where they stand, and what becomes of them when something fails."""

import asyncio

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from adapters import work
from adapters.teams.connector import Gone
from bot.chat.cards import Card, Paragraph, says
from bot.chat.replies import Refresh, Replies, Show
from bot.chat.spans import Mention
from bot.ports import CannotLook, Destination, MaybeSent, NotSent
from bot.wanted import record
from storage.customers import VocItem
from storage.engine import Database
from storage.messages import Message
from storage.msteams import TeamsConversation
from storage.organisations import Install
from storage.people import Account, Person
from storage.troubles import REPORT_VIEW
from storage.tx import SYSTEM
from tests.support.company import NOON
from tests.support.elapsing import real_time_passes
from tests.support.notebook import a_note
from tests.support.teams_double import Fault, LostReply, Precondition, RateLimit, Refuse, ServerError
from tests.support.teams_hall import (
    ADA,
    BEN,
    CHANNEL,
    FIELD,
    HELLO,
    NORTH,
    SOUTH,
    TEAM,
    TO_ADA,
    TO_BEN,
    Hall,
    a_bot,
    a_double,
    a_hall,
)

GROUP = "19:group@thread.v2"


def _words(hall: Hall, where: str) -> list[str]:
    """What the bot has posted there, by what it notifies with."""
    return [each.summary for each in hall.north.posted(where)]


async def _notes(hall: Hall, state: Message.State) -> int:
    found = await hall.all(select(Message).where(Message.state == state, Message.view != REPORT_VIEW))
    return len(found)


async def test_a_message_is_posted_replaced_and_taken_away(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        chat = hall.teams.chat
        ref = await chat.post(CHANNEL, HELLO, key="k1")
        assert _words(hall, FIELD) == ["Hello, everybody."]
        await chat.update(CHANNEL, ref, says("Good-bye."))
        assert _words(hall, FIELD) == ["Good-bye."]
        await chat.delete(CHANNEL, ref)
        await chat.delete(CHANNEL, ref)
        assert _words(hall, FIELD) == []


async def test_nobody_may_look_at_what_stands_in_a_conversation(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        with pytest.raises(CannotLook):
            await hall.teams.chat.find(CHANNEL, "k1")


async def test_who_never_wrote_is_written_to_and_their_chat_is_begun_once(sqlite: Database) -> None:
    async with a_double() as double:
        async with a_bot(sqlite, double) as hall:
            await hall.ada.installs()
            await hall.teams.chat.post(TO_BEN, says("For Ben."), key="k1")
            await hall.teams.chat.post(TO_BEN, says("Once more."), key="k2")
        async with a_bot(sqlite, double) as hall:  # another process
            await hall.teams.chat.post(TO_BEN, says("After a restart."), key="k3")
            await hall.teams.chat.post(TO_ADA, says("For Ada."), key="k4")
        assert [each.words for each in hall.north.user(BEN).sees()] == ["For Ben.", "Once more.", "After a restart."]
        assert len(double.called("create")) == 1
        assert hall.north.user(BEN).chat.id in {
            each.external_id for each in await hall.all(select(TeamsConversation)) if each.member == BEN
        }


async def test_several_at_once_for_somebody_who_never_wrote_find_the_same_chat(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        hall.double.faults.latency_s = 0.05
        await asyncio.gather(*(hall.teams.chat.post(TO_BEN, says(f"Line {n}."), key=str(n)) for n in range(8)))
        assert len(hall.north.user(BEN).sees()) == 8
        assert len([each for each in await hall.all(select(TeamsConversation)) if each.member == BEN]) == 1


async def test_a_channel_where_nobody_wrote_and_a_thread_in_it_are_written_to(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        top = await hall.teams.chat.post(CHANNEL, HELLO, key="k1")
        thread = Destination(NORTH, FIELD, thread_ref=top)
        below = await hall.teams.chat.post(thread, says("Below."), key="k2")
        await hall.teams.chat.update(thread, below, says("Below, again."))
        first, second = hall.north.posted(FIELD)
        assert (second.summary, second.thread) == ("Below, again.", first.id)
        deeper = Destination(NORTH, FIELD, thread_ref=below)
        await hall.teams.chat.post(deeper, says("Deeper."), key="k3")
        assert hall.north.posted(FIELD)[-1].thread == first.id


async def test_a_group_chat_has_no_threads(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        hall.north.add_group_chat(GROUP, "Group", members=[ADA, BEN])
        top = await hall.teams.chat.post(Destination(NORTH, GROUP), HELLO, key="k1")
        await hall.teams.chat.post(Destination(NORTH, GROUP, thread_ref=top), says("Below."), key="k2")
        assert _words(hall, GROUP) == ["Hello, everybody.", "Below."]


async def test_a_tenant_that_moved_is_written_to_at_its_newest_address(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.installs(TEAM)
        await hall.ada.mentions(FIELD, "note Valve checks")
        await hall.settled()
        hall.north.moves_to("amer")
        await hall.ada.says("Pump checks")
        await hall.settled()
        await hall.teams.chat.post(TO_BEN, HELLO, key="k1")
        await hall.teams.chat.post(Destination(NORTH, TEAM), HELLO, key="k2")
        await hall.teams.chat.post(TO_ADA, HELLO, key="k3")
        await hall.ada.mentions(FIELD, "note Hose checks")
        await hall.settled()
        await hall.teams.chat.post(CHANNEL, HELLO, key="k4")
        regions = [each.path.split("/")[1] for each in hall.said if each.method in {"send", "create"}]
        assert regions[-1] == "amer"
        to_ben = [each.path for each in hall.said if each.method == "create"]
        assert to_ben[0].startswith("/amer/")


async def test_where_the_app_was_never_installed_nobody_is_reached(sqlite: Database) -> None:
    async with a_hall(sqlite, installed=False) as hall:
        for to in (Destination(SOUTH, FIELD), Destination(SOUTH, "", account=ADA)):
            with pytest.raises(Gone):
                await hall.teams.chat.post(to, HELLO, key="k1")
        assert hall.said == []


async def test_a_lost_answer_while_a_chat_is_begun_leaves_nothing_in_doubt(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        hall.double.faults.next("create", LostReply(applied=True))
        with pytest.raises(NotSent):
            await hall.teams.chat.post(TO_BEN, HELLO, key="k1")
        hall.double.faults.next("send", LostReply(applied=True))
        with pytest.raises(MaybeSent):
            await hall.teams.chat.post(TO_BEN, HELLO, key="k1")


async def test_a_mention_of_somebody_of_another_tenant_is_their_name(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        card = Card("Ask Dana.", (Paragraph(("Ask ", Mention(77, "Dana"))),))
        await hall.teams.chat.post(CHANNEL, card, key="k1")
        (seen,) = hall.ada.sees(FIELD)
        assert seen.seen.mentions == ()
        assert "Dana" in seen.words


# --- as the delivery settles it


@pytest.mark.parametrize(
    "fault",
    [RateLimit(30), RateLimit(None), Precondition(), Refuse(401, "Unauthorized"), ServerError(503)],
)
async def test_a_message_that_was_not_taken_is_tried_again_and_none_is_lost(sqlite: Database, fault: Fault) -> None:
    async with a_hall(sqlite) as hall:
        await hall.ada.says("Valve checks")
        await hall.settled()
        (note,) = [each for each in hall.ada.sees() if each.labels]
        hall.double.faults.next("update", fault)
        await hall.ada.presses(note, "Shout")
        await hall.settled()
        assert not any("VALVE CHECKS" in each.words for each in hall.ada.sees())
        await real_time_passes(sqlite)
        await hall.settled()
        assert any("VALVE CHECKS" in each.words for each in hall.ada.sees())


async def _wants(hall: Hall, key: str, words: str) -> None:
    """The bot wants to say something to Ben, who never wrote to it."""
    async with hall.database.read(SYSTEM) as tx:
        install = await tx.first(select(Install).where(Install.external_id == NORTH))
    assert install is not None
    async with hall.database.write(install.organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        ben = await tx.first(select(Person).where(Person.name == "Ben"))
        if ben is None:
            tx.add(ben := Person(name="Ben", zone="UTC", prefers="teams"))
            await tx.flush()
            tx.add(Account(person_id=ben.id, install_id=install.id, external_id=BEN))
            await tx.flush()
        note = await a_note(tx, words, by=ben, now=NOON)
        await record(tx, Replies(show=(Show(key, ben, "note", {"note": note.id}),)), event_id=None, now=NOON)


async def _ben_is_reachable(hall: Hall) -> bool:
    (account,) = await hall.all(select(Account).where(Account.external_id == BEN))
    return account.reachable


@pytest.mark.parametrize("code", ["BotNotInConversationRoster", "MessageWritesBlocked", "BotDisabledByAdmin"])
async def test_who_can_t_be_reached_is_marked_once_it_is_settled_and_adding_the_app_mends_it(
    sqlite: Database, code: str
) -> None:
    async with a_hall(sqlite) as hall:
        await _wants(hall, "first", "Valve checks")
        hall.double.faults.next("send", Refuse(403, code))
        assert await hall.house.delivery.drain() == 1
        assert (await _notes(hall, Message.State.DEAD), await _ben_is_reachable(hall)) == (1, False)
        await hall.north.user(BEN).installs()
        assert await _ben_is_reachable(hall)
        await _wants(hall, "second", "Pump checks")
        await hall.settled()
        assert any("Pump checks" in each.words for each in hall.north.user(BEN).sees())


async def test_a_message_that_somebody_deleted_shuts_nobody_out(sqlite: Database) -> None:
    async with a_hall(sqlite) as hall:
        await _wants(hall, "first", "Valve checks")
        await hall.settled()
        hall.double.faults.next("update", Refuse(404, "ActivityNotFoundInConversation"))
        async with hall.database.write(1) as tx:
            tx.acts_for(by=None, event_id=None, now=NOON)
            (note,) = await tx.all(select(VocItem))
            note.words = "Hose checks"
            await record(tx, Replies(refresh=(Refresh("note", {"note": note.id}),)), event_id=None, now=NOON)
        await hall.house.delivery.drain()
        assert (await _notes(hall, Message.State.DEAD), await _ben_is_reachable(hall)) == (1, True)


@pytest.mark.parametrize("wait_s", [30, None])
async def test_a_throttled_conversation_rests_and_the_others_go_on(sqlite: Database, wait_s: int | None) -> None:
    async with a_hall(sqlite) as hall:
        hall.double.faults.next("send", RateLimit(wait_s), conversation=hall.north.user(BEN).chat.id)
        await _wants(hall, "first", "Valve checks")
        await hall.house.delivery.drain()
        await hall.ada.says("Pump checks")
        await hall.settled()
        assert any("Pump checks" in each.words and each.labels for each in hall.ada.sees())
        assert hall.north.user(BEN).sees() == []
        await real_time_passes(sqlite)
        await hall.settled()
        assert [each.is_from_bot for each in hall.north.user(BEN).sees()] == [True]


@pytest.mark.parametrize("fault", [LostReply(applied=True), ServerError(502, applied=True), ServerError(504)])
async def test_a_post_of_unknown_fate_is_not_sent_again_by_itself(sqlite: Database, fault: Fault) -> None:
    async with a_hall(sqlite) as hall:
        before = len(hall.double.called("send"))
        hall.double.faults.next("send", fault)
        await _wants(hall, "first", "Valve checks")
        await hall.settled()
        await real_time_passes(sqlite)
        await hall.settled()
        assert len(hall.double.called("send")) == before + 1
        assert await _notes(hall, Message.State.UNKNOWN) == 1


async def test_a_password_that_is_taken_no_more_delays_everything_and_loses_nothing(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "WAIT_MOST_S", 0.01)
    async with a_hall(sqlite) as hall:
        assert hall.teams.standing == (True, "waits for nothing")
        world = hall.double.world
        world.app_password, known = "another-password", world.app_password
        world.tokens.clear()
        with capture_logs() as logs:
            for number in range(5):
                await hall.ada.says(f"Valve {number}")
                await hall.settled()
                await real_time_passes(sqlite)
        assert [each["event"] for each in logs].count("teams_password_refused") == 1
        assert len(hall.double.called("token")) == 2
        assert not hall.teams.standing[0]
        assert not any(each.is_from_bot for each in hall.ada.sees())
        world.app_password = known
        monkeypatch.setattr(hall.teams.tokens, "_rests_until", float("-inf"))  # the minute is over
        await real_time_passes(sqlite)
        await hall.settled()
        seen = "\n".join(each.words for each in hall.ada.sees() if each.is_from_bot)
        assert [number for number in range(5) if f"Valve {number}" not in seen] == []
        assert hall.teams.standing == (True, "waits for nothing")
