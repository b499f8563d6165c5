"""The mail drop on its way out: what was put out is never put out twice, and a broken disk is waited for."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from adapters.email.adapter import MailChat
from adapters.email.drop import Drop, NoDrop
from adapters.email.front import MailBox, mailbox
from adapters.email.mime import Identity
from bot.chat.cards import Card, Group, Line, Title, says
from bot.chat.events import Said
from bot.chat.replies import Answer, Replies, Show
from bot.chat.routing import Reader, Routes
from bot.ports import SEND_UNTIL, Destination, NotSent, Refused, steady_s
from bot.settings import Settings, SettingsError
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.mail import MailSent, open_install
from storage.messages import Lane, Message, open_lanes
from storage.organisations import Install
from storage.people import Account, Person
from storage.tx import SYSTEM, Tx
from tests.conformance.guestbook import GUESTBOOK
from tests.scenarios.mail_post import BOT
from tests.support.company import NOON
from tests.support.mail_office import ADA, MailOffice, a_house, a_mail_office

CARD = Card("Report due", (Title("Report due"), Group("Open", tuple(Line((f"Item {n}",)) for n in range(1, 31)))))


@pytest.fixture
async def office(sqlite: Database, tmp_path: Path) -> MailOffice:
    return await a_mail_office(sqlite, tmp_path / "mail")


@pytest.fixture
async def post_office(database: Database, tmp_path: Path) -> MailOffice:
    """The same on each database."""
    return await a_mail_office(database, tmp_path / "mail")


def a_chat(office: MailOffice) -> tuple[MailChat, Drop]:
    drop = Drop(office.folder)
    return MailChat(office.database, SimulatedClock(NOON), drop, Identity(BOT)), drop


def to(address: str = ADA, thread: str = "") -> Destination:
    return Destination("mail-northwater", "", address, thread)


async def test_a_message_is_a_mail_that_reads_well_by_itself(post_office: MailOffice) -> None:
    chat, _ = a_chat(post_office)
    ref = await chat.post(to(), CARD, key="report:1")
    (mail,) = post_office.post.mails()
    assert (mail.to, mail.subject, mail.message_id, mail.answers) == (ADA, "Report due", ref, "")
    assert "- Item 30" in mail.text, "nothing is folded away"
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert mail.headers["From"] == f"Folkmoot <{BOT}>"


async def test_the_same_message_is_put_out_once_also_when_somebody_took_the_file_at_once(office: MailOffice) -> None:
    chat, _ = a_chat(office)
    ref = await chat.post(to(), CARD, key="report:1")
    assert await chat.post(to(), CARD, key="report:1") == ref
    (office.folder / "out" / office.post.mails()[0].file).unlink()
    assert await chat.post(to(), CARD, key="report:1") == ref
    assert await chat.find(to(), "report:1") == ref
    assert office.post.mails() == []


async def test_a_crash_before_the_mail_was_put_out_sends_the_same_mail_after_it(office: MailOffice) -> None:
    chat, _ = a_chat(office)
    late = SEND_UNTIL.set(steady_s() - 1)
    with pytest.raises(NotSent):  # made and noted, and then the worker had stood still for too long
        await chat.post(to(), CARD, key="report:1")
    SEND_UNTIL.reset(late)
    assert office.post.mails() == []
    assert await chat.find(to(), "report:1") is None
    ref = await chat.post(to(), says("Another state"), key="report:1")
    (mail,) = office.post.mails()
    assert (mail.message_id, mail.subject) == (ref, "Report due")


async def test_a_crash_after_the_file_and_before_the_row_sends_one_mail(office: MailOffice) -> None:
    chat, drop = a_chat(office)
    await chat.post(to(), CARD, key="report:1")
    (sent,) = office.post.mails()
    async with office.database.write(SYSTEM) as tx:
        await tx.session.delete(await tx.first(select(MailSent)))
    drop.make(sent.message_id.partition("@")[0], (office.folder / "out" / sent.file).read_bytes())
    (office.folder / "out" / sent.file).unlink()
    assert await chat.post(to(), CARD, key="report:1") == sent.message_id
    assert [each.message_id for each in office.post.mails()] == [sent.message_id]


async def test_a_kill_between_the_mail_and_its_settling_sends_it_once(office: MailOffice) -> None:
    await office.hears(ADA, "Valve checks")
    before = [each.message_id for each in office.post.mails()]
    async with office.database.write(SYSTEM) as tx:
        message = await tx.first(select(Message))
        assert message is not None
        message.state, message.platform_ref, message.token = Message.State.SENDING, None, "gone"
    again = office.restarted()
    await again.house.delivery.sweep(everything=True)
    await again.house.delivery.reconcile()
    await again.collect()
    assert [each.message_id for each in office.post.mails()] == before
    async with office.database.read(SYSTEM) as tx:
        settled = await tx.first(select(Message))
    assert settled is not None
    assert (settled.state, settled.platform_ref) == (Message.State.SHOWN, office.card(ADA).message_id)


async def test_a_message_that_was_taken_back_may_be_sent_anew(office: MailOffice) -> None:
    chat, _ = a_chat(office)
    first = await chat.post(to(), CARD, key="report:1")
    await chat.delete(to(), first)
    assert await chat.find(to(), "report:1") is None
    second = await chat.post(to(), CARD, key="report:1")
    assert second != first
    assert await chat.find(to(), "report:1") == second


async def test_what_is_refreshed_is_no_mail(office: MailOffice) -> None:
    chat, _ = a_chat(office)
    ref = await chat.post(to(), CARD, key="report:1")
    await chat.update(to(), ref, says("It is settled"))
    assert len(office.post.mails()) == 1


async def test_a_message_in_a_thread_answers_the_first_one(office: MailOffice) -> None:
    chat, _ = a_chat(office)
    first = await chat.post(to(), CARD, key="report:1")
    await chat.post(to(thread=first), says("A detail"), key="report:2")
    assert (office.post.newest(ADA).answers, office.post.newest(ADA).subject) == (first, "Re: Report due")


async def test_nobody_is_written_to_whom_no_organisation_knows(office: MailOffice) -> None:
    chat, _ = a_chat(office)
    with pytest.raises(Refused) as problem:
        await chat.post(to("zoe@elsewhere.example"), CARD, key="report:1")
    assert problem.value.target_gone


async def test_two_organisations_never_share_a_message_id(database: Database, tmp_path: Path) -> None:
    await a_mail_office(database, tmp_path / "mail")
    other = await a_mail_office(database, tmp_path / "mail", "Southwater")
    chat, _ = a_chat(other)
    refs = {
        await chat.post(Destination(tenant, "", ADA), CARD, key="report:1")
        for tenant in ("mail-northwater", "mail-southwater")
    }
    assert len(refs) == 2


async def test_no_header_can_be_smuggled_in_by_a_title_or_a_name(office: MailOffice) -> None:
    async with office.database.write(office.install.organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        person = await tx.need(Person, office.people["ada"])
        person.name = "Ada\r\nBcc: all@northwater.example"
    chat, _ = a_chat(office)
    await chat.post(to(), Card("x", (Title("Report\r\nBcc: all@northwater.example"),)), key="report:1")
    (mail,) = office.post.mails()
    assert "Bcc" not in mail.headers
    assert mail.subject == "Report Bcc: all@northwater.example"


async def test_a_disk_that_can_not_be_written_is_tried_again(office: MailOffice) -> None:
    chat, _ = a_chat(office)
    (office.folder / "making").rmdir()
    with pytest.raises(NotSent, match="the mail drop can't be written"):
        await chat.post(to(), CARD, key="report:1")
    (office.folder / "making").mkdir()
    await chat.post(to(), CARD, key="report:1")
    assert len(office.post.mails()) == 1


# --- where it goes


async def greets(event: Said, _tx: Tx, _now: datetime) -> Replies:
    show = Show(f"hello:{event.by.event_id}", event.by.person, "hello", {}, Lane.Traffic.REPLY)
    return Replies(answer=Answer(says("Noted")), show=(show,))


async def a_hello(_tx: Tx, _ids: Mapping[str, int], _reader: Reader, _now: datetime) -> Card:
    return says("Hello")


@pytest.mark.parametrize(("prefers", "goes_by_mail"), [("email", True), ("slack", False), ("teams", False)])
async def test_who_has_a_chat_too_gets_mail_only_where_they_prefer_it(
    sqlite: Database, tmp_path: Path, prefers: str, goes_by_mail: bool
) -> None:
    office = await a_mail_office(sqlite, tmp_path / "mail")
    office.house = a_house(sqlite, tmp_path / "mail", Routes(said=greets, views={**GUESTBOOK.views, "hello": a_hello}))
    await _also_on_slack(office, prefers)
    await office.hears(ADA, "Valve checks")
    by_mail = [each for each in office.post.mails(ADA) if each.headers["Auto-Submitted"] == "auto-generated"]
    assert bool(by_mail) is goes_by_mail


async def _also_on_slack(office: MailOffice, prefers: str) -> None:
    """An account in a chat that is younger than the one of mail."""
    async with office.database.write(office.install.organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        install = Install(platform="slack", external_id="T0", name="Slack")
        tx.add(install)
        await tx.flush()
        await open_lanes(tx, install)
        tx.add(Account(person_id=office.people["ada"], install_id=install.id, external_id="U0"))
        (await tx.need(Person, office.people["ada"])).prefers = prefers


# --- settings


def _settings(folder: str = "", sender: str = "") -> Settings:
    return Settings(FOLKMOOT_MAIL_DIR=folder, FOLKMOOT_MAIL_FROM=sender)


def test_without_settings_there_is_no_mail(tmp_path: Path) -> None:
    assert mailbox(_settings()) is None
    assert mailbox(_settings(str(tmp_path), "Bot@Northwater.example")) == MailBox(tmp_path, "bot@northwater.example")


@pytest.mark.parametrize(
    ("folder", "sender"), [("mail", ""), ("", BOT), ("mail", "nobody"), ("mail", "a@b, c@d.example")]
)
def test_half_of_the_settings_is_refused(folder: str, sender: str) -> None:
    with pytest.raises(SettingsError, match="FOLKMOOT_MAIL_FROM"):
        mailbox(_settings(folder, sender))


def test_a_folder_that_can_not_be_made_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(NoDrop, match="name a folder that this process may write"):
        Drop(tmp_path / "mail").open()


async def test_an_organisation_has_one_installation_of_mail(sqlite: Database, tmp_path: Path) -> None:
    office = await a_mail_office(sqlite, tmp_path / "mail")
    async with sqlite.write(office.install.organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        assert (await open_install(tx, "another")).id == office.install.id
