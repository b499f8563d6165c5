"""Mails that a server takes by SMTP: once each, never in the clear unawares, and what no answer means."""

import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from adapters.email.adapter import MailChat
from adapters.email.drop import Drop
from adapters.email.front import MailBox, Post, mailbox
from adapters.email.smtp import EXAMPLE, Server, Smtp, Tls, server_in
from bot.chat.routing import Routes
from bot.doctor import lines, mail_server_findings
from bot.house import assemble
from bot.ports import SEND_UNTIL, CannotLook, MaybeSent, NotSent, RateLimited, Refused, steady_s
from bot.settings import Settings, SettingsError
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.messages import Message
from storage.people import Account
from storage.tx import SYSTEM
from tests.adapters.test_email_out import CARD, a_hello, greets, to
from tests.conformance.guestbook import GUESTBOOK
from tests.scenarios.mail_post import BOT
from tests.support.company import NOON
from tests.support.mail_office import ADA, MailOffice, a_mail_office
from tests.support.mail_server import PASSWORD, USER, MailServer, a_certificate, a_mail_server


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with a_mail_server() as found:
        yield found


@pytest.fixture
async def office(sqlite: Database, tmp_path: Path, server: MailServer) -> MailOffice:
    """Northwater, whose mails go to the server."""
    return sent_by(await a_mail_office(sqlite, tmp_path / "mail"), server.server)


def sent_by(office: MailOffice, server: Server) -> MailOffice:
    """The same with another process, whose mails go to a server."""
    box = MailBox(office.folder, BOT, server)
    office.house = assemble(office.database, SimulatedClock(NOON), GUESTBOOK, mail=box)
    return office


def a_chat(office: MailOffice, server: Server) -> MailChat:
    """What the house has for mail."""
    return Post(office.database, SimulatedClock(NOON), MailBox(office.folder, BOT, server)).chat


async def test_a_mail_is_handed_to_the_server_once_and_nothing_is_left_of_it(
    office: MailOffice, server: MailServer
) -> None:
    chat = a_chat(office, server.server)
    ref = await chat.post(to(), CARD, key="report:1")
    assert await chat.post(to(), CARD, key="report:1") == ref
    assert await chat.find(to(), "report:1") == ref
    (mail,) = server.mails
    assert (server.recipients, server.senders) == ([ADA], [BOT])
    assert (mail["Message-ID"], mail["Subject"], mail["To"]) == (f"<{ref}>", "Report due", f"Ada <{ADA}>")
    assert [office.post.lying_in(name) for name in ("making", "sending", "out")] == [[], [], []]


@pytest.mark.req("S3-33")
async def test_an_answer_and_what_follows_it_are_in_their_threads(office: MailOffice, server: MailServer) -> None:
    mine = office.post.write(ADA, "Valve checks", subject="Notes")
    await office.collect()
    answer = next(each for each in server.mails if each["Auto-Submitted"] == "auto-replied")
    assert (answer["In-Reply-To"], answer["Subject"]) == (f"<{mine}>", "Re: Notes")
    chat = a_chat(office, server.server)
    first = await chat.post(to(), CARD, key="report:1")
    await chat.post(to(thread=first), CARD, key="report:2")
    assert (server.mails[-1]["In-Reply-To"], server.mails[-1]["References"]) == (f"<{first}>", f"<{first}>")


async def test_a_server_that_asks_for_a_while_gets_the_mail_later(office: MailOffice, server: MailServer) -> None:
    chat = a_chat(office, server.server)
    for answer in ("451 4.3.0 later", "450 4.2.0 greylisted"):
        server.to_recipient = answer
        with pytest.raises(NotSent, match=answer[:9]):
            await chat.post(to(), CARD, key="report:1")
        assert await chat.find(to(), "report:1") is None
    server.to_recipient, server.to_data = "", "452 4.3.1 no room"
    with pytest.raises(NotSent):
        await chat.post(to(), CARD, key="report:1")
    server.to_data = "421 4.7.0 closing"
    with pytest.raises(RateLimited):
        await chat.post(to(), CARD, key="report:1")
    server.to_data = ""
    await chat.post(to(), CARD, key="report:1")
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("to_recipient", "to_data", "is_gone"),
    [
        ("550 5.1.1 no such user", "", True),
        ("550 no such user", "", True),
        ("550 5.7.1 not from you", "", False),
        ("553 5.1.3 no such syntax", "", True),
        ("551 5.4.4 no route", "", False),
        ("554 5.7.1 Client host is on a list", "", False),
        ("552 5.2.2 full", "", False),
        ("", "554 5.6.0 not like this", False),
    ],
)
async def test_what_a_server_never_takes_is_refused_and_may_be_sent_anew(
    office: MailOffice, server: MailServer, to_recipient: str, to_data: str, *, is_gone: bool
) -> None:
    server.to_recipient, server.to_data = to_recipient, to_data
    chat = a_chat(office, server.server)
    with pytest.raises(Refused, match="the mail server answered 55") as problem:
        await chat.post(to(), CARD, key="report:1")
    assert problem.value.target_gone is is_gone
    assert office.post.lying_in("making") == office.post.lying_in("sending") == []
    server.to_recipient = server.to_data = ""
    await chat.post(to(), CARD, key="report:1")
    assert len(server.taken) == 1, "an operator had it sent again"


@pytest.mark.parametrize(
    "to_recipient",
    [
        "550 5.1.8 Sender address rejected: Domain not found",
        "550 5.1.7 bad sender",
        "553 5.7.1 Sender address rejected: not owned by user",
        "554 5.7.1 Relay access denied",
        "550 relaying denied",
        "530 5.7.0 Authentication required",
    ],
)
async def test_what_a_server_says_to_the_bot_is_no_members_fault_and_tried_again(
    office: MailOffice, server: MailServer, to_recipient: str
) -> None:
    server.to_recipient = to_recipient
    chat = a_chat(office, server.server)
    with pytest.raises(NotSent, match="the mail server answered 5"):
        await chat.post(to(), CARD, key="report:1")
    server.to_recipient = ""
    await chat.post(to(), CARD, key="report:1")
    assert len(server.taken) == 1


async def test_an_address_that_no_mail_can_be_written_to_is_given_up_at_once(
    office: MailOffice, server: MailServer
) -> None:
    async with office.database.write(office.install.organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        account = await tx.first(select(Account).where(Account.external_id == ADA))
        assert account is not None
        account.external_id = "a..b@northwater.example"
    with pytest.raises(Refused, match="mail servers do not take") as problem:
        await a_chat(office, server.server).post(to("a..b@northwater.example"), CARD, key="report:1")
    assert problem.value.target_gone
    assert server.connections == 0


@pytest.mark.fault
@pytest.mark.parametrize("is_taken", [False, True])
async def test_a_connection_that_is_cut_in_a_mail_leaves_a_doubt(
    office: MailOffice, server: MailServer, *, is_taken: bool
) -> None:
    server.cuts_in_data, server.cuts_before_answer = not is_taken, is_taken
    chat = a_chat(office, server.server)
    with pytest.raises(MaybeSent, match="was lost"):
        await chat.post(to(), CARD, key="report:1")
    with pytest.raises(CannotLook):
        await chat.find(to(), "report:1")
    server.cuts_in_data = server.cuts_before_answer = False
    ref = await chat.post(to(), CARD, key="report:1")
    assert {each["Message-ID"] for each in server.mails} == {f"<{ref}>"}, "a mailbox knows it for the same mail"
    assert await chat.find(to(), "report:1") == ref


@pytest.mark.fault
async def test_a_kill_while_a_mail_goes_out_is_a_doubt_too(office: MailOffice, server: MailServer) -> None:
    chat = a_chat(office, server.server)
    ref = await chat.post(to(), CARD, key="report:1")
    drop = Drop(office.folder)
    drop.make(token := ref.partition("@")[0], server.taken[0])
    drop.doubt(token)
    with pytest.raises(CannotLook):
        await chat.find(to(), "report:1")


async def test_a_worker_whose_time_is_over_sends_nothing(office: MailOffice, server: MailServer) -> None:
    late = SEND_UNTIL.set(steady_s() - 1)
    with pytest.raises(NotSent, match="the lease is over"):
        await a_chat(office, server.server).post(to(), CARD, key="report:1")
    SEND_UNTIL.reset(late)
    assert server.taken == []
    assert len(office.post.lying_in("making")) == 1


async def test_a_server_that_is_away_is_waited_for(sqlite: Database, tmp_path: Path) -> None:
    office = await a_mail_office(sqlite, tmp_path / "mail")
    with pytest.raises(NotSent, match="localhost:1 was lost"):
        await a_chat(office, Server("localhost", 1, Tls.NONE)).post(to(), CARD, key="report:1")


# --- the whole way: the dispatcher, the delivery, the server


async def _message(office: MailOffice) -> Message:
    async with office.database.read(SYSTEM) as tx:
        found = await tx.first(select(Message).order_by(col(Message.id).desc()))
    assert found is not None
    return found


async def test_a_mailbox_that_is_not_there_is_written_to_no_more(office: MailOffice, server: MailServer) -> None:
    routes = Routes(said=greets, views={"hello": a_hello})
    box = MailBox(office.folder, BOT, server.server)
    office.house = assemble(office.database, SimulatedClock(NOON), routes, mail=box)
    server.to_recipient = "550 5.1.1 no such user"
    office.post.write(ADA, "Valve checks")
    await office.collect()
    message = await _message(office)
    assert (message.state, message.error) == (Message.State.DEAD, "the mail server answered 550 5.1.1")
    async with office.database.read(SYSTEM) as tx:
        account = await tx.first(select(Account).where(Account.external_id == ADA))
    assert account is not None
    assert not account.reachable


async def test_an_answer_in_doubt_is_sent_once_more_and_never_a_third_time(
    office: MailOffice, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.email.desk.WAIT_S", 0.0)
    server.cuts_before_answer = True
    office.post.write(ADA, "Valve checks")
    for _ in range(4):
        await office.collect()
    answers = [each for each in server.mails if each["Auto-Submitted"] == "auto-replied"]
    assert len(answers) == 2
    assert len({each["Message-ID"] for each in answers}) == 1
    assert office.post.lying_in("done")
    assert office.post.lying_in("in") == []


# --- TLS and who the bot is


@pytest.mark.parametrize("tls", [Tls.AT_ONCE, Tls.BEFORE_ANYTHING])
async def test_mails_go_out_encrypted_to_who_the_bot_trusts(tls: Tls, tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with a_mail_server(tls=tls, certificate=certificate) as server:
        await Smtp(server.server, BOT, tls=trusting).send(b"Subject: x\r\n\r\nx\r\n", ADA, begins=_at_once)
        assert len(server.taken) == 1
        with pytest.raises(NotSent, match="was lost"):
            await Smtp(server.server, BOT).send(b"Subject: x\r\n\r\nx\r\n", ADA, begins=_at_once)
        assert len(server.taken) == 1, "nothing goes to a server that is not who it says"


async def test_who_is_trusted_is_read_once_and_not_for_each_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[ssl.SSLContext] = []

    def trusted() -> ssl.SSLContext:
        read.append(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return read[-1]

    monkeypatch.setattr(ssl, "create_default_context", trusted)
    async with a_mail_server() as server:
        smtp = Smtp(Server("localhost", server.port, Tls.BEFORE_ANYTHING), BOT)
        for _ in range(3):
            with pytest.raises(NotSent):
                await smtp.send(b"Subject: x\r\n\r\nx\r\n", ADA, begins=_at_once)
    assert len(read) == 1


async def test_a_server_without_tls_is_sent_nothing_where_tls_is_wanted() -> None:
    async with a_mail_server() as server:
        wanted = Server("localhost", server.port, Tls.BEFORE_ANYTHING, USER, PASSWORD)
        with pytest.raises(NotSent):
            await Smtp(wanted, BOT).send(b"Subject: x\r\n\r\nx\r\n", ADA, begins=_at_once)
        assert server.taken == []


async def test_the_password_is_given_and_a_wrong_one_is_no_mails_fault(tmp_path: Path) -> None:
    certificate = a_certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with a_mail_server(tls=Tls.BEFORE_ANYTHING, certificate=certificate, asks_password=True) as server:
        right, wrong = (replace(server.server, user=USER, password=each) for each in (PASSWORD, "guessed"))
        await Smtp(right, BOT, tls=trusting).send(b"Subject: x\r\n\r\nx\r\n", ADA, begins=_at_once)
        with pytest.raises(NotSent, match="535") as problem:
            await Smtp(wrong, BOT, tls=trusting).send(b"Subject: x\r\n\r\nx\r\n", ADA, begins=_at_once)
        assert "guessed" not in str(problem.value)
        assert len(server.taken) == 1


async def _at_once() -> None:
    return


# --- settings


@pytest.mark.parametrize(
    ("address", "is_read"),
    [
        ("", None),
        ("smtps://mail.example", Server("mail.example", 465, Tls.AT_ONCE)),
        (
            "smtp://bot%40example:a%20b%40c%2Fd@mail.example",
            Server("mail.example", 587, Tls.BEFORE_ANYTHING, "bot@example", PASSWORD),
        ),
        ("smtp+plain://localhost:2525", Server("localhost", 2525, Tls.NONE)),
    ],
)
def test_the_address_of_a_server_is_read(address: str, is_read: Server | None) -> None:
    assert server_in(address) == is_read


@pytest.mark.parametrize(
    "address",
    ["mail.example", "http://mail.example", "smtp://", "smtp://a:secret@b:99999", "smtp+plain://u:secret@mail.example"],
)
def test_an_address_that_is_none_is_said_without_its_password(address: str, tmp_path: Path) -> None:
    settings = Settings(FOLKMOOT_MAIL_DIR=str(tmp_path), FOLKMOOT_MAIL_FROM=BOT, FOLKMOOT_MAIL_SMTP=address)
    with pytest.raises(SettingsError, match="FOLKMOOT_MAIL_SMTP") as problem:
        mailbox(settings)
    assert "secret" not in str(problem.value) + repr(settings)


def test_a_server_alone_is_half_a_mailbox() -> None:
    with pytest.raises(SettingsError, match="FOLKMOOT_MAIL_SMTP needs FOLKMOOT_MAIL_DIR"):
        mailbox(Settings(FOLKMOOT_MAIL_SMTP=EXAMPLE))


async def test_the_doctor_says_whether_the_server_lets_the_bot_in(server: MailServer, tmp_path: Path) -> None:
    def settings(port: int) -> Settings:
        address = f"smtp+plain://localhost:{port}"
        return Settings(FOLKMOOT_MAIL_DIR=str(tmp_path), FOLKMOOT_MAIL_FROM=BOT, FOLKMOOT_MAIL_SMTP=address)

    well = lines(await mail_server_findings(settings(server.port)))
    assert well == [f"ok    mail: the mail server localhost:{server.port} lets me in."]
    away = lines(await mail_server_findings(settings(1)))
    assert away[0].startswith("wrong mail: the mail server localhost:1 can't be used")
    assert server.taken == []
