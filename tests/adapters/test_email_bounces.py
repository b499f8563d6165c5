"""Mails that come back: the address is given up, who runs the bot hears of it once, and nobody else can say so."""

from pathlib import Path

import pytest
from sqlmodel import col, select

from adapters.email.addressing import command_for, tag_of
from adapters.email.bounces import Bounce, bounce
from adapters.email.front import MailBox
from adapters.email.parse import envelope
from bot.chat.routing import Routes
from bot.house import assemble
from schedules.simulated import SimulatedClock
from storage.cadences import REPORT, Occurrence
from storage.engine import Database
from storage.messages import Message
from storage.people import Account
from storage.tx import SYSTEM
from tests.adapters.test_email_out import a_hello, greets
from tests.conformance.guestbook import GUESTBOOK
from tests.scenarios.mail_post import BOT
from tests.support.company import NOON
from tests.support.mail_office import ADA, MailOffice, a_mail_office
from tests.support.mail_reading import events


@pytest.fixture
async def office(database: Database, tmp_path: Path) -> MailOffice:
    """Whoever writes is greeted by a mail of its own."""
    found = await a_mail_office(database, tmp_path / "mail")
    routes = Routes(said=greets, views={**GUESTBOOK.views, "hello": a_hello})
    found.house = assemble(database, SimulatedClock(NOON), routes, mail=MailBox(found.folder, BOT))
    return found


def report(of: str, *, action: str = "failed", status: str = "5.1.1", returned: str = "message/rfc822") -> bytes:
    """What a mail server writes when it gives up. Source: RFC 3464, appendix E.1."""
    return (
        "Return-Path: <>\r\nFrom: Mail Delivery Subsystem <MAILER-DAEMON>\r\n"
        f"To: {BOT}\r\nSubject: Returned mail\r\nMessage-ID: <{status}.{action}@mail.example>\r\n"
        'Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
        "\r\n--b\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n"
        f"Final-Recipient: rfc822; {ADA}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"--b\r\nContent-Type: {returned}\r\n\r\nMessage-ID: <{of}>\r\nSubject: Hello\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


async def greeted(office: MailOffice) -> str:
    """The Message-ID of a mail that went to Ada."""
    office.post.write(ADA, "Valve checks")
    await office.collect()
    return office.card(ADA).message_id


async def comes_in(office: MailOffice, raw: bytes, name: str = "9999") -> None:
    office.post.lay(raw, name=name)
    await office.collect()


async def standing(office: MailOffice) -> tuple[bool, Message, int]:
    """Whether Ada can be reached, her message, and how many reports are planned."""
    async with office.database.read(SYSTEM) as tx:
        account = await tx.first(select(Account).where(Account.external_id == ADA))
        message = await tx.first(select(Message).where(Message.view == "hello"))
        planned = await tx.all(select(col(Occurrence.id)).where(Occurrence.kind == REPORT))
    assert account is not None
    assert message is not None
    return account.reachable, message, len(planned)


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
async def test_an_address_that_is_gone_is_given_up_and_told_once(office: MailOffice, returned: str) -> None:
    ref = await greeted(office)
    before = await events(office)
    for name in ("9998", "9999"):
        await comes_in(office, report(ref, returned=returned), name)
    is_reachable, message, planned = await standing(office)
    assert not is_reachable
    assert (message.state, message.error, message.platform_ref) == (
        Message.State.DEAD, "the mail came back with 5.1.1", None
    )  # fmt: skip
    assert planned == 1
    assert await events(office) == before, "it is no answer"
    assert {"9998.eml", "9999.eml"} <= set(office.post.lying_in("done"))


@pytest.mark.parametrize("status", ["5.7.1", "5.1.8", "5.0.0", ""])
async def test_a_mail_that_was_not_liked_is_given_up_and_its_address_is_kept(office: MailOffice, status: str) -> None:
    await comes_in(office, report(await greeted(office), status=status))
    is_reachable, message, planned = await standing(office)
    assert (is_reachable, message.state, planned) == (True, Message.State.DEAD, 1)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
async def test_a_mail_that_is_late_or_arrived_changes_nothing(office: MailOffice, action: str) -> None:
    await comes_in(office, report(await greeted(office), action=action, status="4.4.1"))
    is_reachable, message, planned = await standing(office)
    assert (is_reachable, message.state, planned) == (True, Message.State.SHOWN, 0)
    assert office.post.lying_in("refused") == ["9999.eml"]


async def test_nobody_can_say_it_who_never_had_the_mail(office: MailOffice) -> None:
    await greeted(office)
    await comes_in(office, report(f"{'0' * 32}@folkmoot.northwater.example"))
    assert (await standing(office))[0]
    assert office.post.lying_in("refused") == ["9999.eml"]


async def test_who_writes_again_is_written_to_again(office: MailOffice) -> None:
    await comes_in(office, report(await greeted(office)))
    office.post.write(ADA, "My mailbox is back")
    await office.collect()
    assert (await standing(office))[0]


def test_what_is_no_report_or_can_not_be_read_is_none() -> None:
    assert bounce(report("1@x")) == Bounce(("1@x",), "5.1.1")
    assert bounce(b"Subject: delivery-status\r\n\r\nwords") is None
    assert bounce(b"Content-Type: multipart/report\r\n\r\ndelivery-status") is None
    assert bounce(report("1@x").replace(b"Message-ID: <1@x>", b"X: y")) is None


@pytest.mark.parametrize("answered", ["In-Reply-To: <2@x>\r\nReferences: <3@x> <2@x>", "References: <3@x> <2@x>"])
def test_the_mail_that_came_back_counts_and_what_a_report_answers_only_without_it(answered: str) -> None:
    raw = report("1@x").replace(b"Subject: Returned mail", answered.encode())
    assert bounce(raw) == Bounce(("1@x",), "5.1.1")
    assert bounce(raw.replace(b"Message-ID: <1@x>", b"X: y")) == Bounce(("2@x", "3@x"), "5.1.1")


async def test_a_report_gives_up_the_mail_that_came_back_and_no_newer_one(office: MailOffice) -> None:
    first = await greeted(office)
    answer = (await office.hears(ADA, "/whisper hello")).message_id
    raw = report(first).replace(b"Subject: Returned mail", f"References: <{answer}> <{first}>".encode())
    await comes_in(office, raw.replace(f"Message-ID: <{first}>".encode(), b"X: y"))
    _, message, _ = await standing(office)
    assert message.state is Message.State.DEAD


# --- what calendar programs say


async def test_an_answer_of_a_calendar_is_answered_with_how_it_is_done(office: MailOffice) -> None:
    raw = (
        f"From: {ADA}\r\nTo: {BOT}\r\nSubject: Accepted: CX Council\r\nMessage-ID: <1@x>\r\n"
        'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\n\r\nYes\r\n'
        "--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n--b--\r\n"
    ).encode()
    before = await events(office)
    await comes_in(office, raw)
    assert "I can't read what calendar programs answer" in office.answer(ADA).text
    assert await events(office) == before


# --- addresses that say what a mail is for


@pytest.mark.parametrize(
    ("address", "tag"),
    [
        ("agenda@northwater.example", "agenda"),
        ("action@northwater.example", "action"),
        ("action+a-104@northwater.example", "a-104"),
        ("folkmoot+agenda@northwater.example", "agenda"),
        ("folkmoot+a-104@northwater.example", "a-104"),
        (BOT, ""),
        ("folkmoot+news@northwater.example", ""),
        ("agenda+x@northwater.example", ""),
        ("agenda@elsewhere.example", ""),
        ("action+a-104;drop@northwater.example", ""),
    ],
)
def test_an_address_says_what_a_mail_is_for(address: str, tag: str) -> None:
    assert tag_of(address, BOT) == tag


@pytest.mark.parametrize(
    ("tag", "subject", "lines", "command"),
    [
        ("agenda", "Re: Fw: Faults", ["item:7 for:decision"], '/agenda add "Faults" item:7 for:decision'),
        ("agenda", "", ["", 'Say "no" more often', "owner:@Ann"], "/agenda add \"Say 'no' more often\" owner:@Ann"),
        ("action", "Call back", ["please do it soon"], '/action add "Call back"'),
        ("action", "Call back", ["@Zoe due:fri"], '/action add "Call back" @Zoe due:fri'),
        ("agenda", "Faults", ["https://wiki.example/page", "item:7"], '/agenda add "Faults" item:7'),
        ("agenda", "Faults", ["Why:because they cost us", "@Raj asked for it"], '/agenda add "Faults"'),
        ("agenda", "Faults", ["internal matters", "item:7, please mins:5"], '/agenda add "Faults" item:7 mins:5'),
        ("agenda", "Faults", ["item:7", "internal proactive"], '/agenda add "Faults" internal proactive item:7'),
        ("agenda", "Faults", ["paper:https://x.example/a"], '/agenda add "Faults" paper:https://x.example/a'),
        ("action", "Call back", ["@Raj asked for it"], '/action add "Call back"'),
        ("action", "Call", ["@“Zoe Ng” due:Thu 3 Dec 2026 ok"], '/action add "Call" @"Zoe Ng" due:Thu 3 Dec 2026'),
        ("action", "Call", ["dod:“All in, or not”, prio:P2"], '/action add "Call" dod:"All in, or not" prio:P2'),
        ("a-104", "done", [], "/action done A-104"),
        ("a-104", "Re: A-104", ["Done.", "The printer is slow."], "/action done A-104"),
        ("a-104", "", ["done A-104 live on 40 desks"], "/action done A-104 live on 40 desks"),
        ("a-104", "", ["/action block a-104 no parts"], "/action block A-104 no parts"),
        ("a-104", "", ["Due fri."], "/action due A-104 fri"),
        ("a-104", "", ['due 18 Dec reason:"no parts"'], '/action due A-104 18 Dec reason:"no parts"'),
        ("a-104", "", ["assign @Zoe"], "/action assign A-104 @Zoe"),
        ("agenda", "", [], ""),
    ],
)
def test_a_mail_to_such_an_address_is_a_command(tag: str, subject: str, lines: list[str], command: str) -> None:
    assert command_for(tag, subject, lines) == command


@pytest.mark.parametrize(
    "line",
    [
        "What is this?", "Done by Friday, I hope. The printer is slow.", "Start with the stamps? I would rather wait.",
        "Take care, Sam", "Cancel? No, we keep it.", "Accept my apologies", "Done?", "Due to the rain",
        "due fri, I hope", "assign @Zoe?", "done A-105", "Cancel they called again",
    ],
)  # fmt: skip
def test_a_sentence_about_an_action_shows_it_and_does_nothing(line: str) -> None:
    assert command_for("a-104", "A letter", [line]) == "/action show A-104"


def test_every_address_a_mail_came_to_is_looked_at() -> None:
    raw = (
        f"From: {ADA}\r\nTo: Somebody <somebody@northwater.example>, Agenda@Northwater.example\r\n"
        "Delivered-To: action@northwater.example\r\n\r\nx"
    ).encode()
    found = envelope(raw, own_address=BOT, own_domain="folkmoot.northwater.example")
    assert found.to == ("somebody@northwater.example", "agenda@northwater.example", "action@northwater.example")
