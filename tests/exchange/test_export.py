"""A list goes out whole, for programs and for people, and no cell of it is a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exchange import rules
from bot.exchange.exporting import COLUMNS, What
from bot.exchange.rules import Format, as_csv, as_markdown, read
from storage.actions import Action
from storage.audit import note
from storage.engine import Database
from storage.links import Thing
from tests.exchange.desk import ACTIONS, a_desk
from tests.search.chain import a_chain
from tests.support.company import acting


async def test_the_heads_of_a_list_are_a_promise(database: Database) -> None:
    desk = await a_desk(database)
    for what in What:
        assert (await desk.takes(what)).split("\r\n", 1)[0] == ",".join(COLUMNS[what])
    assert COLUMNS[What.ACTIONS][:7] == ("code", "key", "kind", "title", "state", "priority", "owner")


async def test_every_list_says_names_and_codes_instead_of_numbers(database: Database) -> None:
    desk = await a_desk(database)
    async with acting(database, desk.chain.company, "dana") as tx:
        note(tx, (Thing.ACTION, desk.chain.numbers["A-104"]), "due", before="2026-12-04", after="2026-12-11")
    action = (await desk.rows(What.ACTIONS))[0]
    assert (action["code"], action["owner"], action["owner_email"]) == ("A-104", "Zoe", "zoe@northwater.example")
    assert (action["requester"], action["initiative"], action["due_on"]) == ("Dana", "I-4", "2026-12-04")
    (initiative,) = await desk.rows(What.INITIATIVES)
    assert (initiative["code"], initiative["batch"], initiative["owner"]) == ("I-4", "BT-2", "Dana")
    (milestone,) = await desk.rows(What.MILESTONES)
    assert (milestone["code"], milestone["initiative"], milestone["forecast_on"]) == ("M-31", "I-4", "2026-12-18")
    links = [(row["from_title"], row["kind"], row["to_code"]) for row in await desk.rows(What.LINKS)]
    assert links == [
        ("Huddle of Field Dispatch, Mon 23 Nov 2026", "led_to", "B-7"),
        ("3 of 8 jobs had no fault details", "led_to", "A-104"),
        ("Call script with fault details", "serves", ""),
    ]
    (entry,) = await desk.rows(What.AUDIT)
    assert (entry["at"], entry["by"], entry["code"], entry["verb"], entry["before"], entry["after"]) == (
        "2026-11-24T12:00:00Z",
        "Dana",
        "A-104",
        "due",
        "2026-12-04",
        "2026-12-11",
    )


async def test_a_long_list_is_whole_and_in_order(sqlite: Database) -> None:
    desk = await a_desk(sqlite)
    await desk.brings(ACTIONS + "".join(f"k{n},Valve {n},Zoe,2026-12-04\n" for n in range(4500)))
    keys = [row["key"] for row in await desk.rows(What.ACTIONS) if row["key"]]
    assert keys == [f"k{n}" for n in range(4500)]


async def test_another_organisation_s_rows_stay_where_they_are(database: Database) -> None:
    await a_chain(database, "Southwater")
    desk = await a_desk(database)
    assert len(await desk.rows(What.ACTIONS)) == 2


@pytest.mark.parametrize("title", ["=1+1", "+44", "-5", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0"])
async def test_a_title_that_is_a_formula_is_only_text_in_a_spreadsheet(sqlite: Database, title: str) -> None:
    desk = await a_desk(sqlite)
    async with acting(sqlite, desk.chain.company, "dana") as tx:
        (await tx.need(Action, desk.chain.numbers["A-104"])).title = title
    assert (await desk.rows(What.ACTIONS))[0]["title"] == f"'{title}"


async def test_a_table_for_people_holds_in_spite_of_pipes_and_lines(sqlite: Database) -> None:
    desk = await a_desk(sqlite)
    async with acting(sqlite, desk.chain.company, "dana") as tx:
        (await tx.need(Action, desk.chain.numbers["A-104"])).title = "a | b \\ c\n<b>d</b> `e`"
    lines = (await desk.takes(What.ACTIONS, Format.MD)).splitlines()
    assert lines[0].startswith("| code | key | kind | title |")
    assert lines[1] == f"|{'---|' * len(COLUMNS[What.ACTIONS])}"
    assert "| a \\| b \\\\ c<br>&lt;b>d&lt;/b> \\`e\\` |" in lines[2]
    assert len(lines) == 4


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@given(st.lists(st.tuples(cells, cells), max_size=8))
def test_a_csv_file_is_read_by_others_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    read_back = list(csv.reader(io.StringIO(as_csv(rows), newline="")))
    assert read_back == [[rules.safe(cell) for cell in row] for row in rows]
    assert not any(cell.startswith(rules.FORMULA) for row in read_back for cell in row)


@given(cells.map(str.strip).filter(bool), cells.map(str.strip))
def test_what_is_written_comes_in_again_as_it_was(key: str, title: str) -> None:
    file = as_csv([("key", "title"), (key, title)])
    (record,) = read(file.encode(), ("key", "title"), ("key",)).records
    assert record.cells == {"key": key, "title": title}


@given(st.lists(cells, min_size=1, max_size=4))
def test_a_line_of_a_table_is_one_line(row: list[str]) -> None:
    assert as_markdown([row]).count("\n") == 1


@given(st.binary(max_size=300))
def test_whatever_a_file_holds_it_is_read_or_refused_with_a_reason(content: bytes) -> None:
    sheet = read(content, ("key", "title"), ("key",))
    assert all(bad.why for bad in sheet.bad)
