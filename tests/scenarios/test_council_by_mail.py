"""What goes along with a council's mails: the meeting for a calendar, the agenda and the minutes as files."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from icalendar import Calendar

from tests.scenarios.council_stage import MRS_OKAFOR, SAM, CouncilStage, on_local
from tests.scenarios.mail_post import SeenMail

SECRET = "Metering's contract ends in March"


@pytest.fixture
async def stage(sqlite_url: str, tmp_path: Path) -> AsyncIterator[CouncilStage]:
    async with on_local(sqlite_url, tmp_path / "mail") as opened:
        yield opened


def at(day: int, hour: int, *, month: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def meeting(mail: SeenMail) -> tuple[str, dict[str, str]]:
    """What the invitation wants, and the meeting in it."""
    found = Calendar.from_ical(mail.files["meeting.ics"])
    (event,) = found.walk("VEVENT")
    lines = event.to_ical().decode().replace("\r\n ", "").splitlines()
    pairs = (line.partition(":") for line in lines)
    return str(found["METHOD"]), {name.partition(";")[0]: value for name, _, value in pairs}


async def test_a_call_an_agenda_and_a_move_are_one_entry_in_a_calendar(stage: CouncilStage) -> None:
    await stage.until(at(26, 10, month=11))
    call = stage.mail.newest(SAM)
    method, first = meeting(call)
    assert (method, first["SUMMARY"], first["SEQUENCE"], first["STATUS"]) == ("REQUEST", "CX Council", "0", "CONFIRMED")
    assert (first["DTSTART"], first["DTEND"], first["LOCATION"]) == ("20261203T100000", "20261203T113000", "Room 4")
    assert (first["ATTENDEE"], first["ORGANIZER"]) == (f"mailto:{SAM}", "mailto:folkmoot@northwater.example")
    assert "With this mail: meeting.ics." in call.text
    assert "With this mail: meeting.ics." in call.html
    await stage.until(at(30, 16, month=11))
    agenda = stage.mail.newest(SAM)
    method, second = meeting(agenda)
    assert (method, second["UID"], second["SEQUENCE"]) == ("REQUEST", first["UID"], "1")
    await stage.says("cora", '/council move 3 Dec to:10 Dec reason:"the hall is taken"')
    await stage.until(at(30, 17, month=11))
    method, third = meeting(_telling(stage, SAM, "10 Dec"))
    assert (method, third["UID"], third["DTSTART"]) == ("REQUEST", first["UID"], "20261210T100000")
    assert int(third["SEQUENCE"]) > int(second["SEQUENCE"])
    await stage.says("cora", '/council skip 10 Dec reason:"the flood"')
    await stage.until(at(30, 18, month=11))
    method, last = meeting(stage.mail.newest(SAM))
    assert (method, last["UID"], last["STATUS"]) == ("CANCEL", first["UID"], "CANCELLED")
    assert int(last["SEQUENCE"]) > int(third["SEQUENCE"])


@pytest.mark.req("S2-27")
async def test_a_newer_version_comes_with_its_files(stage: CouncilStage) -> None:
    await stage.until(at(30, 16, month=11))
    _, first = meeting(stage.mail.newest(SAM))
    await stage.says("cora", '/agenda add "Winter hours" item:7')
    await stage.says("cora", "/agenda publish")
    await stage.until(at(30, 17, month=11))
    told = _telling(stage, SAM, "Agenda updated: 7.1 Winter hours added")
    method, second = meeting(told)
    assert (method, second["UID"], second["SEQUENCE"]) == ("REQUEST", first["UID"], "2")
    (paper,) = [each for name, each in told.files.items() if name.endswith(".pdf")]
    assert "Winter hours" in words_of(paper)


@pytest.mark.req("S2-10")
async def test_an_outsider_s_files_hold_nothing_internal(stage: CouncilStage) -> None:
    await stage.says("cora", f'/agenda add "{SECRET}" item:7 for:decision mins:5 internal owner:@Fin')
    await stage.until(at(30, 16, month=11))
    for outsider in (SAM, MRS_OKAFOR):
        (paper,) = [each for name, each in stage.mail.newest(outsider).files.items() if name.endswith(".pdf")]
        words = words_of(paper)
        assert "Any other business" in words
        assert SECRET not in words
    await stage.until(at(3, 10))
    await stage.says("cora", "/council start")
    await stage.says("cora", "/council end")
    await stage.presses("cora", "As proposed")
    await stage.until(at(7, 16))
    minutes = _telling(stage, SAM, "Minutes of Thu 3 Dec 2026")
    (name,) = minutes.files
    assert name == "minutes-2026-12-03.pdf"
    words = words_of(minutes.files[name])
    assert "Attendance" in words
    assert SECRET not in words


def words_of(pdf: bytes) -> str:
    """What stands on its pages."""
    return " ".join(each.get_textpage().get_text_range() for each in pypdfium2.PdfDocument(pdf))


def _telling(stage: CouncilStage, to: str, words: str) -> SeenMail:
    return [each for each in stage.mail.mails(to) if words in each.text][-1]
