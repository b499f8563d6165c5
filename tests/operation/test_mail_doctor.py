"""`folkmoot doctor` and the mail drop."""

from pathlib import Path

from adapters.email.drop import Drop
from bot.doctor import lines, mail_findings
from bot.settings import Settings
from tests.scenarios.mail_post import BOT


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
