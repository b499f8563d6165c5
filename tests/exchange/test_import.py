"""A list comes in whole or not at all, and every line that is wrong is named with what is wrong."""

import pytest
from sqlmodel import col, func, select

from bot.actions.telling import REMIND
from bot.exchange import importing
from bot.exchange.exporting import What
from storage.actions import Action
from storage.audit import AuditEvent
from storage.cadences import Occurrence
from storage.engine import Database
from storage.errors import Conflict
from storage.initiatives import Initiative, Milestone
from storage.people import Person
from storage.searching import SearchEntry
from storage.tx import Change
from tests.exchange.desk import ACTIONS, Desk, a_desk
from tests.support.company import NOON, acting

GOOD = ACTIONS + "k1,Order pumps,zoe@northwater.example,2026-12-04\r\nk2,Sweep the yard,Cem,2026-12-05\r\n"


async def counted(desk: Desk) -> tuple[int, int, int, int]:
    """How many actions, changes, entries of the audit trail and of the search there are."""
    async with desk.database.read(desk.chain.company.id) as tx:
        kinds = (Action, Change, AuditEvent, SearchEntry)
        counts = [await tx.first(select(func.count()).select_from(kind)) or 0 for kind in kinds]
    return counts[0], counts[1], counts[2], counts[3]


async def test_a_good_list_becomes_actions_with_codes_events_and_words(database: Database) -> None:
    desk = await a_desk(database)
    before = await counted(desk)
    codes = await desk.brings(
        "key,title,owner,due_on,state,priority,requester,initiative,batch,done_when,evidence,finished_on\r\n"
        "k1, Order  pumps ,Zoe,2026-12-04,in progress,p1,dana@northwater.example,i-4,bt-2,they run,,\r\n"
        'k2,"Sweep, the ""yard""",CEM,2026-12-05,done,,,,,,photo,2026-11-20\r\n'
        "k3,Who will?,,,proposed,,Cem,,,,,\r\n"
    )
    assert codes == ["A-1001", "A-1002", "A-1003"]
    assert await counted(desk) == tuple(number + 3 for number in before)
    one, two, three = [row for row in await desk.rows(What.ACTIONS) if row["key"]]
    assert (one["title"], one["owner"], one["state"], one["priority"]) == ("Order pumps", "Zoe", "in_progress", "P1")
    assert (one["requester"], one["initiative"], one["batch"], one["first_due_on"]) == (
        "Dana",
        "I-4",
        "BT-2",
        "2026-12-04",
    )
    assert (two["title"], two["finished_on"], two["closed_at"]) == (
        'Sweep, the "yard"',
        "2026-11-20",
        "2026-11-20T00:00:00Z",
    )
    assert (three["owner"], three["requester"], three["state"], three["due_on"]) == ("", "Cem", "proposed", "")
    assert "Sweep" in await desk.chain.says("cem", "/search yard")
    assert "Trace of A-1001" in await desk.chain.says("cem", "trace A-1001")
    events = [row for row in await desk.rows(What.AUDIT) if row["verb"] == "import"]
    assert [(row["code"], row["after"], row["reason"]) for row in events] == [
        ("A-1001", "in_progress", "line 2 of list.csv"),
        ("A-1002", "done", "line 3 of list.csv"),
        ("A-1003", "proposed", "line 4 of list.csv"),
    ]


async def test_an_imported_row_is_like_one_that_was_typed(database: Database) -> None:
    desk = await a_desk(database)
    await desk.brings(GOOD, by="dana")
    company = desk.chain.company
    async with acting(database, company, "dana") as tx:
        row = await tx.first(select(Action).where(Action.code == "A-1001"))
        assert row is not None
        assert (row.version, row.created_by, row.created_at) == (1, company.people["dana"].id, NOON)
        row.title = "Order more pumps"
        typed = Action(code="A-900", title="Next", requester_id=row.requester_id)
        tx.add(typed)
        await tx.flush()
        kept = await tx.all(select(Change).where(Change.table == "action", Change.row_id == row.id))
        assert [change.version for change in kept] == [1, 2]
        assert kept[0].after is not None
        assert kept[1].before is not None
        assert kept[0].after.keys() == kept[1].before.keys()
        assert {**kept[0].after, "version": 2} == {**kept[1].before}
        assert typed.id not in {row.id, row.id + 1}


async def test_the_same_list_twice_adds_nothing_and_a_longer_one_only_what_is_new(database: Database) -> None:
    desk = await a_desk(database)
    assert await desk.brings(GOOD) == ["A-1001", "A-1002"]
    before = await counted(desk)
    assert await desk.brings(GOOD) == ()
    assert await counted(desk) == before
    assert await desk.brings(f"{GOOD}k3,Third,Zoe,2026-12-06\r\n") == ["A-1003"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",T,Zoe,2026-12-04", "key is empty"),
        ("k,,Zoe,2026-12-04", "title is empty"),
        (f"k,{'x' * 151},Zoe,2026-12-04", "title has 151 characters, and at most 150 fit"),
        ("k,T,Nobody,2026-12-04", "owner is nobody here: “Nobody”; write their e-mail address or whole name"),
        ("k,T,Zoe,04/12/2026", "due_on is no date such as 2026-12-04: “04/12/2026”"),
        ("k,T,Zoe,2026-02-30", "due_on is no date such as 2026-12-04: “2026-02-30”"),
        ("k,T,Zoe,20261204", "due_on is no date such as 2026-12-04: “20261204”"),
        (
            "k,T,,",
            "open needs an owner; open needs a due_on; it needs an owner or a requester, or say --by who imports it",
        ),
        ("k,T,Zoe", "has 3 cells, and the first line names 4 columns"),
        ("k,T,Zoe,2026-12-04,x", "has 5 cells, and the first line names 4 columns"),
    ],
)
async def test_a_line_that_is_wrong_is_named_with_its_reason(sqlite: Database, line: str, why: str) -> None:
    desk = await a_desk(sqlite)
    before = await counted(desk)
    assert await desk.brings(f"{ACTIONS}good,Fine,Zoe,2026-12-04\r\n{line}\r\n") == [f"line 3: {why}"]
    assert await counted(desk) == before


@pytest.mark.parametrize(
    ("head", "line", "why"),
    [
        ("state", "blocked", "state can't be “blocked”; it can be proposed, open, in_progress, done, cancelled"),
        ("state", "done", "done needs a finished_on"),
        ("finished_on", "2026-11-20", "finished_on is for what is done, and this is open"),
        ("priority", "P9", "priority can't be “P9”; it can be P1, P2, P3, P4"),
        ("initiative", "I-99", "there is no initiative “I-99”"),
        ("batch", "BT-9", "there is no batch “BT-9”"),
        ("requester", "Robin", "requester is nobody here: “Robin”; write their e-mail address or whole name"),
        ("done_when", "x" * 501, "done_when has 501 characters, and at most 500 fit"),
    ],
)
async def test_every_column_is_looked_at(sqlite: Database, head: str, line: str, why: str) -> None:
    desk = await a_desk(sqlite)
    content = f"key,title,owner,due_on,{head}\nk,T,Zoe,2026-12-04,{line}\n"
    assert await desk.brings(content) == [f"line 2: {why}"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("k,T,Zoe,1926-12-04,open,", "due_on is not between 2000 and 2100: “1926-12-04”"),
        ("k,T,Zoe,2101-01-01,open,", "due_on is not between 2000 and 2100: “2101-01-01”"),
        ("k,T,Zoe,2026-11-20,done,2026-11-25", "finished_on is still to come: 2026-11-25"),
        ("k,Order \u202egnp.exe,Zoe,2026-12-04,open,", "title has a character that can't be seen (U+202E)"),
        ("k,Order \x1b[2J pumps,Zoe,2026-12-04,open,", "title has a character that can't be seen (U+001B)"),
    ],
)
async def test_what_can_t_be_is_refused(sqlite: Database, line: str, why: str) -> None:
    desk = await a_desk(sqlite)
    content = f"key,title,owner,due_on,state,finished_on\n{line}\n"
    assert await desk.brings(content) == [f"line 2: {why}"]


async def test_what_is_done_today_is_done(sqlite: Database) -> None:
    desk = await a_desk(sqlite)
    content = "key,title,owner,due_on,state,finished_on\nk,Order 🚰 pumps,Zoe,2026-11-20,done,2026-11-24\n"
    assert await desk.brings(content) == ["A-1001"]


async def test_a_milestone_is_not_achieved_on_a_day_to_come(sqlite: Database) -> None:
    desk = await a_desk(sqlite)
    content = "key,initiative,title,forecast_on,state,actual_on\nm,I-4,T,2026-12-11,achieved,2026-12-11\n"
    assert await desk.brings(content, importing.MILESTONES) == ["line 2: actual_on is still to come: 2026-12-11"]


async def test_a_cell_without_an_end_is_named_and_the_other_lines_are_looked_at(sqlite: Database) -> None:
    desk = await a_desk(sqlite)
    content = f"{ACTIONS}k1,{'x' * 200_000},Zoe,2026-12-04\nk2,T,Nobody,2026-12-04\n"
    assert await desk.brings(content) == [
        "line 2: has a cell of 200000 characters, and at most 20000 fit; is a quotation mark missing?",
        "line 3: owner is nobody here: “Nobody”; write their e-mail address or whole name",
    ]


async def test_keys_are_as_they_are_written(sqlite: Database) -> None:
    desk = await a_desk(sqlite)
    assert await desk.brings(f"{ACTIONS}a1,One,Zoe,2026-12-04\nA1,Two,Zoe,2026-12-04\n") == ["A-1001", "A-1002"]


async def test_a_list_that_was_imported_is_passed_over_also_when_its_owner_has_left(database: Database) -> None:
    desk = await a_desk(database)
    content = "key,title,owner,due_on,initiative\nk1,Order pumps,Zoe,2026-12-04,I-4\n"
    assert await desk.brings(content) == ["A-1001"]
    async with acting(database, desk.chain.company, "ada") as tx:
        (await tx.need(Person, desk.chain.company.people["zoe"].id)).active = False
        (await tx.need(Initiative, desk.chain.numbers["I-4"])).state = Initiative.State.CLOSED
    before = await counted(desk)
    assert await desk.brings(content) == ()
    assert await counted(desk) == before
    assert await desk.brings(f"{content}k2,Sweep,Cem,2026-12-05,\n") == ["A-1002"]


async def test_people_are_reminded_of_what_was_imported_as_of_what_was_typed(database: Database) -> None:
    desk = await a_desk(database)
    await desk.chain.sees("cem", '/action add "Sweep the hall" @Cem due:2026-12-04')
    async with database.read(desk.chain.company.id) as tx:
        typed = await tx.all(select(Occurrence.key).where(Occurrence.kind == REMIND))
    assert len(typed) == 4
    await desk.brings(
        "key,title,owner,due_on,state,finished_on,requester\n"
        "k1,Sweep the yard,Cem,2026-12-04,open,,\n"
        "k2,Order pumps,Zoe,2026-12-04,in_progress,,\n"
        "k3,Order seals,Zoe,2026-12-04,open,,\n"
        "k4,Long done,Zoe,2026-12-09,done,2026-11-20,\n"
        "k5,Who will?,,2026-12-11,proposed,,Dana\n"
    )
    async with database.read(desk.chain.company.id) as tx:
        steps = await tx.all(select(Occurrence).where(Occurrence.kind == REMIND))
    assert {each.key for each in steps} > set(typed)
    people = desk.chain.company.people
    assert [sum(each.subject_id == people[name].id for each in steps) for name in ("cem", "zoe", "dana")] == [4, 4, 4]
    assert {each.state for each in steps} == {Occurrence.State.PLANNED}
    assert {f"{each.due_at:%d %H:%M}" for each in steps if each.subject_id == people["zoe"].id} == {
        "04 15:00",
        "07 09:00",
        "09 09:00",
        "11 09:00",
    }


async def test_names_that_two_people_have_and_people_who_left_are_refused(sqlite: Database) -> None:
    desk = await a_desk(sqlite)
    async with acting(sqlite, desk.chain.company, "ada") as tx:
        tx.add(Person(name="Zoe", zone="Europe/London"))
        (await tx.need(Person, desk.chain.company.people["cem"].id)).active = False
    assert await desk.brings(GOOD.replace("zoe@northwater.example", "Zoe")) == [
        "line 2: owner: 2 people are called “Zoe”; write the e-mail address",
        "line 3: owner is nobody here: “Cem”; write their e-mail address or whole name",
    ]


async def test_a_record_of_several_lines_is_named_by_the_line_on_which_it_begins(sqlite: Database) -> None:
    desk = await a_desk(sqlite)
    content = (
        "key,title,owner,due_on,done_when\n"
        'k1,One,Zoe,2026-12-04,"it runs\nand\r\nruns"\n'
        "\n"
        'k2,Two,Zoe,tomorrow,"again\nand again"\n'
        "k1,Three,Zoe,2026-12-04,\n"
    )
    assert await desk.brings(content) == [
        "line 6: due_on is no date such as 2026-12-04: “tomorrow”",
        "line 8: the key “k1” stands on line 2 already",
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the file is empty; its first line names the columns"),
        (b"\xef\xbb\xbf \r\n", "the file is empty; its first line names the columns"),
        ("key,title".encode("utf-16"), "the file is UTF-16; save it as “CSV UTF-8”"),
        (b"key,title\nk,Pr\xfcfung\n", "line 2: the byte 0xfc is not UTF-8; save the file as “CSV UTF-8”"),
        (b"title,owner\n", f"line 1: the column key is missing; known are: {', '.join(importing.ACTIONS.columns)}"),
        (
            b"key,title,colour,size\n",
            f"line 1: the columns colour, size are not known; known are: {', '.join(importing.ACTIONS.columns)}",
        ),
        (b"key,title,title\n", "line 1: the column title stands there twice"),
        (b'key,title,owner,due_on\nk,"T"x,Zoe,2026-12-04\n', "line 2: can't be read from here on: "),
        (b'key,title,owner,due_on\nk,"T,Zoe,2026-12-04\nk,T\n', "line 2: can't be read from here on: "),
    ],
)
async def test_a_file_that_can_t_be_read_says_why(sqlite: Database, content: bytes, why: str) -> None:
    desk = await a_desk(sqlite)
    (said,) = await desk.brings(content)
    assert said.startswith(why)


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("separator", [",", ";"])
async def test_a_spreadsheet_s_own_files_are_read(sqlite: Database, start: bytes, separator: str) -> None:
    desk = await a_desk(sqlite)
    assert await desk.brings(start + GOOD.replace(",", separator).encode()) == ["A-1001", "A-1002"]


async def test_milestones_come_in_with_their_initiative(database: Database) -> None:
    desk = await a_desk(database)
    async with acting(database, desk.chain.company, "ada") as tx:
        (await tx.need(Initiative, desk.chain.numbers["I-4"])).state = Initiative.State.APPROVED
    codes = await desk.brings(
        "key,initiative,title,owner,forecast_on,baseline_on,state,actual_on,evidence\n"
        "m1,I-4,Script agreed,Dana,2026-12-11,,,,\n"
        "m2,I-4,Pilot over,,2026-11-11,2026-11-01,achieved,2026-11-12,report\n",
        importing.MILESTONES,
    )
    assert codes == ["M-1001", "M-1002"]
    one, two = [row for row in await desk.rows(What.MILESTONES) if row["key"]]
    assert (one["baseline_on"], one["forecast_on"], one["state"]) == ("2026-12-11", "2026-12-11", "planned")
    assert (two["baseline_on"], two["actual_on"], two["state"]) == ("2026-11-01", "2026-11-12", "achieved")
    assert (two["initiative"], two["evidence"]) == ("I-4", "report")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",T,,2026-12-11,,", "initiative is empty"),
        ("I-9,T,,2026-12-11,,", "there is no initiative “I-9”"),
        ("I-4,T,,,,", "forecast_on is empty"),
        ("I-4,T,,2026-12-11,claimed,", "state can't be “claimed”; it can be planned, achieved, waived, cancelled"),
        ("I-4,T,,2026-12-11,achieved,", "achieved needs an actual_on"),
        ("I-4,T,,2026-12-11,,2026-12-11", "actual_on is for what is achieved, and this is planned"),
        (f"I-4,{'x' * 121},,2026-12-11,,", "title has 121 characters, and at most 120 fit"),
    ],
)
async def test_a_milestone_that_is_wrong_is_named(sqlite: Database, line: str, why: str) -> None:
    desk = await a_desk(sqlite)
    content = f"key,initiative,title,owner,forecast_on,state,actual_on\nk,{line}\n"
    assert await desk.brings(content, importing.MILESTONES) == [f"line 2: {why}"]


async def test_nothing_more_comes_to_an_initiative_that_is_over(sqlite: Database) -> None:
    desk = await a_desk(sqlite)
    async with acting(sqlite, desk.chain.company, "ada") as tx:
        (await tx.need(Initiative, desk.chain.numbers["I-4"])).state = Initiative.State.STOPPED
    content = "key,title,owner,due_on,initiative\nk,T,Zoe,2026-12-04,I-4\n"
    assert await desk.brings(content) == ["line 2: the initiative “I-4” is stopped, so nothing more belongs to it"]


async def test_of_two_who_bring_the_same_list_at_once_one_wins_and_nothing_is_there_twice(database: Database) -> None:
    desk = await a_desk(database)
    company = desk.chain.company
    content = GOOD.encode()
    found = [
        await importing.checked(database, company.id, importing.ACTIONS, content, by=None, now=NOON) for _ in range(2)
    ]
    await importing.kept(database, company.id, importing.ACTIONS, found[0], file="a.csv", by=None, now=NOON)
    before = await counted(desk)
    with pytest.raises(Conflict):
        await importing.kept(database, company.id, importing.ACTIONS, found[1], file="b.csv", by=None, now=NOON)
    assert await counted(desk) == before


def ten_thousand(*, bad_at: int = 0) -> str:
    """A long list; the record on line `bad_at` is wrong."""
    lines = [f"k{line},Check valve {line},Zoe,2026-12-04\r\n" for line in range(2, 10_002)]
    if bad_at:
        lines[bad_at - 2] = f"k{bad_at},Check valve,Nobody at all,2026-12-04\r\n"
    return ACTIONS + "".join(lines)


async def test_one_bad_line_in_ten_thousand_is_named_and_nothing_is_imported(database: Database) -> None:
    desk = await a_desk(database)
    before = await counted(desk)
    assert await desk.brings(ten_thousand(bad_at=7_345)) == [
        "line 7345: owner is nobody here: “Nobody at all”; write their e-mail address or whole name"
    ]
    assert await counted(desk) == before


async def test_ten_thousand_good_lines_come_in_whole_and_in_order(database: Database) -> None:
    desk = await a_desk(database)
    codes = await desk.brings(ten_thousand())
    assert (codes[0], codes[-1], len(codes)) == ("A-1001", "A-11000", 10_000)
    async with database.read(desk.chain.company.id) as tx:
        valves = select(func.count()).select_from(Action).where(col(Action.title).startswith("Check valve"))
        assert await tx.first(valves) == 10_000
        assert await tx.first(select(func.count()).select_from(Milestone)) == 1
