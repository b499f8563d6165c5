"""The mail drop on its way in: what came in is handled once and never lost, whatever it is and whatever breaks."""

import asyncio
import os
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest

from adapters.email.desk import REPLIES_MOST, TRIES
from adapters.email.drop import MAIL_MAX, Drop
from bot.chat.events import Said
from bot.chat.replies import Replies
from bot.chat.routing import Routes
from bot.house import engine_running
from storage.engine import Database
from storage.tx import Tx
from tests.conformance.guestbook import GUESTBOOK
from tests.support.mail_office import ADA, BEN, GUS, MailOffice, a_house, a_mail_office
from tests.support.mail_reading import events, notes

WAIT_S, LOOK_S = 20.0, 0.02


@pytest.fixture
async def office(sqlite: Database, tmp_path: Path) -> MailOffice:
    return await a_mail_office(sqlite, tmp_path / "mail")


@pytest.fixture
async def post_office(database: Database, tmp_path: Path) -> MailOffice:
    """The same on each database."""
    return await a_mail_office(database, tmp_path / "mail")


@pytest.mark.req("S3-33")
async def test_a_mail_that_comes_twice_is_one_event_on_each_database(post_office: MailOffice) -> None:
    for _ in range(2):
        post_office.post.write(ADA, "Valve checks", message_id="one@northwater.example")
    await post_office.collect()
    assert await notes(post_office) == ["Valve checks"]
    assert len([each for each in post_office.post.mails() if each.answers]) == 1


async def test_a_kill_between_handling_and_filing_answers_once(office: MailOffice) -> None:
    office.post.write(ADA, "Valve checks", message_id="one@northwater.example")
    raw = (office.folder / "in" / "0001.eml").read_bytes()
    await office.collect()
    before = [each.message_id for each in office.post.mails()]
    (office.folder / "done" / "0001.eml").unlink()
    (office.folder / "reading" / "0001.eml").write_bytes(raw)
    again = office.restarted()
    Drop(office.folder).recover(everything=True)
    await again.collect()
    assert [each.message_id for each in office.post.mails()] == before
    assert await notes(office) == ["Valve checks"]
    assert office.post.lying_in("done") == ["0001.eml"]


async def test_a_mail_that_another_worker_reads_is_left_to_it_until_it_is_gone(office: MailOffice) -> None:
    office.post.write(ADA, "Valve checks")
    drop = Drop(office.folder)
    assert drop.take("0001.eml")
    assert drop.take("0001.eml") is None
    drop.recover()
    assert office.post.lying_in("in") == []
    os.utime(office.folder / "reading" / "0001.eml", (0, 0))
    drop.recover()
    assert office.post.lying_in("in") == ["0001.eml"]


async def test_a_mail_that_is_still_written_is_not_read(office: MailOffice) -> None:
    (office.folder / "in" / ".0001.eml").write_bytes(b"From: ada@nor")
    (office.folder / "in" / "0002.tmp").write_bytes(b"From: ada@nor")
    assert await office.collect() == 0


async def test_a_link_in_the_drop_leads_nowhere(office: MailOffice, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"From: {ADA}\n\nValve checks")
    (office.folder / "in" / "0001.eml").symlink_to(tmp_path / "secret")
    assert await office.collect() == 0
    assert await notes(office) == []


async def test_a_mail_that_is_too_large_is_laid_aside_unread(office: MailOffice) -> None:
    office.post.lay(b"From: ada@northwater.example\r\n\r\n" + b"x" * MAIL_MAX, name="0001")
    await office.collect()
    assert office.post.lying_in("refused") == ["0001.eml"]


async def test_one_that_can_not_be_read_holds_up_no_other(office: MailOffice, caplog: pytest.LogCaptureFixture) -> None:
    office.post.lay(b"\xff\xfe secret words", name="0000")
    office.post.write(ADA, "Valve checks")
    await office.collect()
    assert await notes(office) == ["Valve checks"]
    assert office.post.lying_in("refused") == ["0000.eml"]
    assert "secret words" not in caplog.text


async def test_an_automatic_answer_is_not_answered(office: MailOffice) -> None:
    raw = f"From: {ADA}\r\nAuto-Submitted: auto-replied\r\nMessage-ID: <1@x>\r\n\r\nI am away".encode()
    office.post.lay(raw, name="0001")
    await office.collect()
    assert (office.post.mails(), await events(office)) == ([], 0)
    assert office.post.lying_in("refused") == ["0001.eml"]


async def test_two_machines_that_answer_each_other_are_stopped(office: MailOffice) -> None:
    for number in range(REPLIES_MOST + 5):
        office.post.write(ADA, "/whisper hello", message_id=f"{number}@northwater.example")
    await office.collect()
    assert len(office.post.mails(ADA)) == REPLIES_MOST
    await office.hears(BEN, "/whisper hello")


async def test_what_somebody_writes_is_done_also_when_it_is_not_answered_any_more(office: MailOffice) -> None:
    for number in range(REPLIES_MOST):
        office.post.write(ADA, "/whisper hello", message_id=f"{number}@northwater.example")
    office.post.write(ADA, "Valve checks", message_id="last@northwater.example")
    await office.collect()
    assert await notes(office) == ["Valve checks"]
    assert len([each for each in office.post.mails(ADA) if each.answers]) == REPLIES_MOST
    assert office.post.lying_in("refused") == []


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every mail that the parser gets whole."""
    given: list[bytes] = []

    class Parser(BytesParser):
        def parsebytes(self, text: bytes, headersonly: bool = False) -> Message:  # type: ignore[override]
            given.append(text)
            return super().parsebytes(text, headersonly)

    monkeypatch.setattr("adapters.email.parse.BytesParser", Parser)
    return given


@pytest.mark.parametrize("sender", ["stranger@elsewhere.example", GUS, "MAILER-DAEMON@elsewhere.example"])
async def test_a_mail_of_nobody_we_know_is_refused_unparsed(
    office: MailOffice, sender: str, parsed: list[bytes]
) -> None:
    office.post.write(sender, "Valve checks")
    await office.collect()
    assert (office.post.lying_in("refused"), parsed) == (["0001.eml"], [])


async def test_a_members_mail_is_parsed_once(office: MailOffice, parsed: list[bytes]) -> None:
    await office.hears(ADA, "Valve checks")
    assert len(parsed) == 1


@pytest.mark.parametrize("kind", ["mixed", "report"])
@pytest.mark.parametrize("sender", ["stranger@elsewhere.example", ADA])
async def test_parts_within_parts_and_blank_lines_hold_up_nobody(
    office: MailOffice, sender: str, kind: str, parsed: list[bytes]
) -> None:
    begun = "".join(f'--{n}\r\nContent-Type: multipart/mixed; boundary="{n + 1}"\r\n\r\n' for n in range(450))
    head = f'From: {sender}\r\nContent-Type: multipart/{kind}; boundary="0"\r\n\r\n'
    office.post.lay(f"{head}{begun}--450\r\n\r\n".encode() + b"\n" * 120_000, name="0000")
    await office.collect()
    assert (office.post.lying_in("refused"), parsed) == (["0000.eml"], [])
    await office.hears(BEN, "Valve checks")


async def test_a_reply_whose_program_names_no_mail_is_known_by_its_ref(office: MailOffice) -> None:
    await office.hears(ADA, "Valve checks")
    card = office.card(ADA)
    token = card.message_id.partition("@")[0]
    office.post.write(ADA, f"Shout\n\nRef: {token}")
    await office.collect()
    assert await notes(office) == ["VALVE CHECKS"]


async def test_who_is_known_to_two_organisations_is_asked_which_one_is_meant(sqlite: Database, tmp_path: Path) -> None:
    office = await a_mail_office(sqlite, tmp_path / "mail")
    await a_mail_office(sqlite, tmp_path / "mail", "Southwater")
    answer = await office.hears(ADA, "Valve checks")
    assert "You take part at Northwater and Southwater." in answer.text
    assert await events(office) == 0


# --- what can't be kept


async def _fails(event: Said, tx: Tx, now: datetime) -> Replies:
    raise RuntimeError("a fault of ours")


FAULTY = Routes(said=_fails, views=GUESTBOOK.views, steps=GUESTBOOK.steps)


async def test_what_could_not_be_kept_rests_before_it_is_tried_again(office: MailOffice) -> None:
    office.house = a_house(office.database, office.folder, FAULTY)
    office.post.write(ADA, "Valve checks")
    assert await office.collect() == 1
    assert (office.post.lying_in("in"), office.post.mails()) == (["0001.eml"], [])
    assert await office.collect() == 0


async def test_who_wrote_what_can_not_be_kept_is_told_in_the_end(
    office: MailOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.email.desk.WAIT_S", 0.0)
    office.house = a_house(office.database, office.folder, FAULTY)
    office.post.write(ADA, "Valve checks")
    for _ in range(TRIES):
        assert office.post.mails() == []
        await office.collect()
    assert "nothing was changed" in office.answer(ADA).text.casefold()
    assert office.post.lying_in("refused") == ["0001.eml"]


# --- while the house runs


async def test_mails_are_taken_while_the_house_runs(office: MailOffice) -> None:
    office.post.write(ADA, "Valve checks")
    async with engine_running(office.house), asyncio.timeout(WAIT_S):
        while not (office.post.lying_in("done") and len(office.post.mails(ADA)) > 1):  # noqa: ASYNC110 - the files are all there is
            await asyncio.sleep(LOOK_S)
    assert await notes(office) == ["Valve checks"]


async def test_two_workers_on_one_drop_answer_each_mail_once(post_office: MailOffice) -> None:
    other = post_office.restarted()
    for number in range(6):
        post_office.post.write(ADA, f"Valve {number}")
    await asyncio.gather(post_office.collect(), other.collect())
    assert sorted(await notes(post_office)) == [f"Valve {number}" for number in range(6)]
    replies = [each for each in post_office.post.mails() if each.headers["Auto-Submitted"] == "auto-replied"]
    assert len({each.answers for each in replies}) == len(replies) == 6


async def test_a_drop_that_is_gone_is_said_and_taken_again_when_it_is_back(office: MailOffice) -> None:
    desk = office.house.mail
    assert desk is not None
    (office.folder / "in").rename(office.folder / "away")
    async with engine_running(office.house), asyncio.timeout(WAIT_S):
        while "can't be read" not in desk.trouble:  # noqa: ASYNC110 - its word is all there is
            await asyncio.sleep(LOOK_S)
        (office.folder / "away").rename(office.folder / "in")
        office.post.write(ADA, "Valve checks")
        while desk.trouble or not office.post.lying_in("done"):  # noqa: ASYNC110 - as above
            await asyncio.sleep(LOOK_S)
    assert await notes(office) == ["Valve checks"]
