"""`folkmoot export` and `folkmoot import`, as an operator types them."""

import asyncio
from pathlib import Path

import pytest

from storage.engine import Database
from tests.exchange.desk import ACTIONS, a_desk
from tests.faults.command import Ended, Machine, folkmoot

GOOD = ACTIONS + "k1,Order pumps,Zoe,2026-12-04\r\nk2,Sweep the yard,Cem,2026-12-05\r\n"


class Shell:
    """Types at the machine of the company of the chain."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self._machine = Machine(folder, {"DATABASE_URL": url})

    async def types(self, *words: str) -> Ended:
        return await asyncio.to_thread(folkmoot, *words, machine=self._machine)

    def file(self, content: str) -> str:
        path = self.folder / "list.csv"
        path.write_bytes(content.encode())
        return str(path)


@pytest.fixture
async def shell(sqlite: Database, sqlite_url: str, tmp_path: Path) -> Shell:
    await a_desk(sqlite)
    return Shell(sqlite_url, tmp_path)


async def test_a_list_is_looked_at_then_imported_then_known(shell: Shell) -> None:
    file = shell.file(GOOD)
    dry = await shell.types("import", "actions", file, "--dry-run")
    assert (dry.code, dry.out) == (0, "list.csv is good: 2 actions would be imported. Nothing was changed.\n")
    done = await shell.types("import", "actions", file, "--by", "dana@northwater.example")
    assert (done.code, done.out) == (0, "2 actions imported, A-1001 to A-1002.\n")
    again = await shell.types("import", "actions", file)
    assert again.out == "Nothing new; 2 were imported before and left as they are.\n"


async def test_a_bad_list_ends_with_1_and_names_every_bad_line(shell: Shell) -> None:
    ended = await shell.types("import", "actions", shell.file(GOOD + "k3,T,Nobody,soon\r\nk4,,Zoe,2026-12-04\r\n"))
    assert ended.refusal == "list.csv: 2 lines can't be imported, so nothing was"
    assert ended.out == (
        "line 4: owner is nobody here: “Nobody”; write their e-mail address or whole name; "
        "due_on is no date such as 2026-12-04: “soon”\n"
        "line 5: title is empty\n"
    )


async def test_a_list_is_printed_or_written_to_a_file(shell: Shell) -> None:
    printed = await shell.types("export", "actions")
    assert printed.out.splitlines()[1].startswith("A-104,,task,Check eight calls,open,P3,Zoe,")
    out = shell.folder / "milestones.md"
    written = await shell.types("export", "milestones", "--format", "md", "--out", str(out))
    assert written.out == f"1 line written to {out}.\n"
    assert "| M-31 |" in out.read_text()
    refused = await shell.types("export", "audit", "--out", str(shell.folder / "nowhere" / "a.csv"))
    assert "No such file or directory" in refused.refusal


async def test_what_can_t_be_done_says_why(shell: Shell) -> None:
    assert "No such file" in (await shell.types("import", "actions", "missing.csv")).refusal
    nobody = await shell.types("import", "actions", shell.file(GOOD), "--by", "Robin")
    assert nobody.refusal == ("no people here are called 'Robin'; give an e-mail address or a whole name")
    other = await shell.types("export", "actions", "--organisation", "Southwater")
    assert other.refusal == "say whose with --organisation; there is: Northwater"
