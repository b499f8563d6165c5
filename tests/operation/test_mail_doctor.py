"""`folkmoot doctor` and the mail drop."""

from pathlib import Path

import pytest
from sqlmodel import select

from adapters.email.checkup_views import not_reached
from adapters.email.drop import Drop
from bot.doctor import examined, lines, mail_findings
from bot.house import assemble, engine_running
from bot.settings import Settings
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.people import Account, Person
from tests.scenarios.mail_post import BOT
from tests.support.company import NOON, a_company
from tests.support.field_dispatch import NORTHWATER


def told(folder: Path | str, sender: str = BOT) -> list[str]:
    return lines(mail_findings(Settings(FOLKMOOT_MAIL_DIR=str(folder), FOLKMOOT_MAIL_FROM=sender)))


def test_without_mail_nothing_is_said() -> None:
    assert told("", "") == []


def test_a_drop_that_is_well_says_what_waits(tmp_path: Path) -> None:
    Drop(tmp_path).open()
    for number in range(3):
        (tmp_path / "out" / f"{number}.eml").write_bytes(b"x")
    (tmp_path / "in" / "1.eml").write_bytes(b"x")
    assert told(tmp_path) == [
        f"ok    mail: the drop can be written; mails come from {BOT}; 3 mails to be sent, 1 to be read."
    ]


def test_a_drop_that_nobody_empties_is_noticed(tmp_path: Path) -> None:
    Drop(tmp_path).open()
    for number in range(20):
        for folder in ("out", "in", "refused"):
            (tmp_path / folder / f"{number}.eml").write_bytes(b"x")
    found = "\n".join(told(tmp_path))
    assert "note  mail: 20 mails to be sent lie in out/." in found
    assert "note  mail: 20 mails to be read lie in in/." in found
    assert "note  mail: 20 mails in refused/." in found


def test_a_drop_that_is_not_whole_or_half_set_up_is_wrong(tmp_path: Path) -> None:
    assert told(tmp_path)[0].startswith("wrong mail: FOLKMOOT_MAIL_DIR is ")
    assert told("", BOT)[0].startswith("wrong mail: FOLKMOOT_MAIL_FROM needs FOLKMOOT_MAIL_DIR")
    assert told(tmp_path / "later")[0].startswith("note  mail: there is no folder ")


async def test_people_whom_nothing_reaches_are_named_once(northwater_url: str, tmp_path: Path) -> None:
    settings = Settings(DATABASE_URL=northwater_url)
    told = [line for line in lines(await examined(settings)) if "nothing reaches" in line]
    assert told == [], "everybody of the demo can be reached"
    database = Database(northwater_url)
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        for name in ("Sam", "Mrs Okafor"):
            person = await tx.first(select(Person).where(Person.name == name))
            assert person is not None
            account = await tx.first(select(Account).where(Account.person_id == person.id))
            assert account is not None
            account.reachable = False
    await database.close()
    told = [line for line in lines(await examined(settings)) if "nothing reaches" in line]
    assert told == ["note  people: nothing reaches Sam and Mrs Okafor: no account in a chat, and no mail."]
    assert "5, 6, 7 and 2 more:" in not_reached([str(number) for number in range(10)])


async def test_a_start_says_whom_nothing_reaches(sqlite: Database, capsys: pytest.CaptureFixture[str]) -> None:
    company = await a_company(sqlite, people=("Ann", "Bea"), admin="Ann")
    async with sqlite.write(company.install.organisation_id) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        tx.add(Person(name="Sam", zone="Europe/London"))
    async with engine_running(assemble(sqlite, SimulatedClock(NOON))):
        pass
    (line,) = [each for each in capsys.readouterr().err.splitlines() if "people_not_reached" in each]
    assert "number=1" in line
    assert "Sam" not in line
