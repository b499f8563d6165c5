"""`folkmoot outbox`, as an operator types it: what it prints, how it ends, and what a running bot makes of it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from bot.operation.outbox_views import CELL_MAX
from storage.engine import Database
from storage.inserting import add_once
from storage.messages import Lane, Message
from storage.people import Person
from storage.places import Place
from storage.tx import SYSTEM
from tests.faults.command import Ended, Machine, folkmoot
from tests.faults.processes import a_house
from tests.operation.control_room import ControlRoom, a_control_room
from tests.support.company import NOON, acting

pytestmark = [pytest.mark.fault, pytest.mark.slow]

State = Message.State
SECRET = "the burst main in Quay Street"


class Operator:
    """Types `folkmoot outbox …` at the machine of a control room."""

    def __init__(self, room: ControlRoom, url: str, folder: Path) -> None:
        self.room = room
        self._machine = Machine(folder, {"DATABASE_URL": url, "FOLKMOOT_LOG_FORMAT": "json"})

    async def types(self, *words: str | int) -> Ended:
        ended = await asyncio.to_thread(folkmoot, "outbox", *map(str, words), machine=self._machine)
        assert SECRET not in ended.out + ended.err
        return ended

    async def notes(self, *states: State, **columns: object) -> list[int]:
        """One note's message for each state; their numbers."""
        keys = [await self.room.office.want(f"{SECRET} {number}") for number in range(len(states))]
        async with self.room.database.write(SYSTEM) as tx:
            for key, state in zip(keys, states, strict=True):
                await tx.run(update(Message).where(col(Message.key) == key).values(state=state, **columns))
        return [(await self.room.office.message(key)).id for key in keys]


@pytest.fixture
async def operator(database: Database, database_url: str, tmp_path: Path) -> Operator:
    """At a company without messages."""
    return Operator(await a_control_room(database), database_url, tmp_path)


@pytest.fixture
async def sqlite_operator(sqlite: Database, sqlite_url: str, tmp_path: Path) -> Operator:
    """The same, where the engine makes no difference."""
    return Operator(await a_control_room(sqlite), sqlite_url, tmp_path)


# --- looking


async def test_an_outbox_without_trouble_says_so(operator: Operator) -> None:
    await operator.notes(State.SHOWN, State.READY, State.CANCELLED)
    ended = await operator.types("list")
    assert (ended.code, ended.out, ended.err) == (0, "No message is in trouble.\n", "")


@pytest.mark.parametrize(
    ("states", "said"), [(["ready"], "ready"), (["dead", "sending", "ready"], "dead, sending or ready")]
)
async def test_where_only_some_states_were_asked_for_only_those_are_said_to_have_no_message(
    sqlite_operator: Operator, states: list[str], said: str
) -> None:
    await sqlite_operator.notes(State.PARKED, State.UNKNOWN)
    ended = await sqlite_operator.types("list", *(word for state in states for word in ("--state", state)))
    assert (ended.code, ended.out) == (0, f"There is no message in the state {said}.\n")


async def test_the_list_has_a_line_for_each_unsettled_message_the_newest_first(operator: Operator) -> None:
    numbers = await operator.notes(*State, error="no such room", attempts=3)
    by_state = dict(zip(State, numbers, strict=True))
    ended = await operator.types("list")
    head, *lines = ended.out.splitlines()
    assert (ended.code, head.split()) == (0, ["number", "state", "due", "(UTC)", "tries", "to", "what", "why"])
    unsettled = [State.PARKED, State.UNKNOWN, State.DEAD, State.SENDING]
    assert [line.split()[:2] for line in lines] == [[str(by_state[state]), state.value] for state in unsettled]
    assert lines[0].split(maxsplit=2)[2] == "2026-11-24 12:00  3      #everybody (fake)  note  no such room"


async def test_the_list_can_be_narrowed_to_states_and_to_a_number_of_lines(sqlite_operator: Operator) -> None:
    await sqlite_operator.notes(State.DEAD, State.DEAD, State.READY, State.PARKED)
    narrowed = await sqlite_operator.types("list", "--state", "dead", "--state", "ready")
    assert [line.split()[1] for line in narrowed.out.splitlines()[1:]] == ["ready", "dead", "dead"]
    cut = await sqlite_operator.types("list", "--state", "dead", "--limit", 1)
    assert (len(cut.out.splitlines()), cut.out.splitlines()[-1]) == (3, "There are more; --limit shows them.")
    whole = await sqlite_operator.types("list", "--state", "dead", "--limit", 2)
    assert "There are more" not in whole.out


@pytest.mark.parametrize("words", [
    ("list", "--state", "lost"), ("list", "--limit", 0), ("show", "first"), ("show", 0), ("requeue", 2**63),
    ("show", 2**63), ("cancel", "1.5"),
])  # fmt: skip
async def test_what_can_not_be_read_is_refused_without_a_trace(
    sqlite_operator: Operator, words: tuple[str | int, ...]
) -> None:
    ended = await sqlite_operator.types(*words)
    assert (ended.code, "Traceback" in ended.err, ended.out) == (2, False, "")
    assert "Invalid value" in ended.err


async def test_wide_and_hostile_names_break_no_line_and_no_column(sqlite_operator: Operator) -> None:
    names = ["#everybody", "東京の現場チーム", "Zoe\u0301", "e\x1b[2J\nvil\u202e", "long " * 40]
    await sqlite_operator.notes(*[State.DEAD] * len(names), error="why\nnot")
    office = sqlite_operator.room.office
    async with acting(office.database, office.company) as tx:
        messages = await tx.all(select(Message))
        places = [Place(install_id=office.company.install.id, external_id=name, name=name) for name in names]
        tx.add(*places)
        await tx.flush()
        for message, place in zip(messages, places, strict=True):
            message.place_id = place.id
    ended = await sqlite_operator.types("list")
    lines = ended.out.splitlines()
    assert len(lines) == 6
    assert all(part not in ended.out for part in ("\x1b", "\u202e", "\nvil"))
    assert all(line.endswith("why not") for line in lines[1:])
    assert {columns_before(line, "note  why") for line in lines[1:]} == {columns_before(lines[0], "what  why")}
    assert max(map(len, lines)) < 3 * CELL_MAX


def columns_before(line: str, part: str) -> int:
    """The columns that a terminal takes for what stands before a part."""
    before = line[: line.index(part)]
    return sum(2 if "\u3000" < each < "\ud800" else 0 if each == "\u0301" else 1 for each in before)


async def test_everything_about_one_message_is_shown_but_its_words(operator: Operator) -> None:
    (number,) = await operator.notes(State.PARKED, reposts=2, error="no answer", not_after=NOON)
    ended = await operator.types("show", number)
    facts = {line[:13].strip(): line[14:] for line in ended.out.splitlines()}
    assert ended.code == 0
    assert facts["number"] == str(number)
    assert facts["state"] == "parked: in doubt, and can't be looked for: it may stand there"
    assert (facts["why"], facts["to"], facts["not after"]) == ("no answer", "#everybody (fake)", "2026-11-24 12:00:00Z")
    assert facts["what"] == 'note (note {"note":1})'
    assert facts["sent again"] == "2 times after it could not be known whether it stood there"
    assert facts["content"] == "nothing was shown for certain yet"
    assert facts["queue"] == "what is only to be read on fake"


@pytest.mark.parametrize(("wanted", "said"), [
    (4, "nothing newer is wanted than what was shown last"),
    (5, "something newer is wanted than what was shown last"),
])  # fmt: skip
async def test_whether_what_was_shown_is_the_newest_is_said_in_words(
    sqlite_operator: Operator, wanted: int, said: str
) -> None:
    (number,) = await sqlite_operator.notes(State.SHOWN, wanted_rev=wanted, shown_rev=4)
    assert f"content       {said}\n" in (await sqlite_operator.types("show", number)).out


async def test_a_queue_that_rests_says_until_when(sqlite_operator: Operator) -> None:
    (number,) = await sqlite_operator.notes(State.READY)
    async with sqlite_operator.room.database.write(SYSTEM) as tx:
        await tx.run(update(Lane).values(blocked_until=NOON))
    queue = "what is only to be read on fake, which rests until 2026-11-24 12:00:00Z"
    assert f"queue         {queue}\n" in (await sqlite_operator.types("show", number)).out


# --- no database


@pytest.mark.parametrize("words", [
    ("outbox", "list"), ("outbox", "show", "1"), ("outbox", "requeue", "--all"), ("outbox", "cancel", "1"),
    ("rehearse",), ("tick", "--at", "2026-11-24T09:15:00Z"),
])  # fmt: skip
def test_a_mistyped_file_is_named_and_nothing_is_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "mistyped" / "folkmoot.db"
    said = folkmoot(*words, machine=Machine(tmp_path, {"DATABASE_URL": f"sqlite:///{file}"})).refusal
    assert said == f"there is no database at {file}; is DATABASE_URL right? folkmoot migrate makes a new one"
    assert not file.parent.exists()


async def test_a_number_that_no_message_has_is_named_and_nothing_is_changed(operator: Operator) -> None:
    (number,) = await operator.notes(State.DEAD)
    for words in (("show", 999), ("requeue", number, 999), ("cancel", number, 999)):
        said = (await operator.types(*words)).refusal
        assert said == "there is no message 999; `folkmoot outbox list` shows the numbers. Nothing was changed"
    assert await operator.room.states() == [State.DEAD]


# --- changing


@pytest.mark.parametrize("command", ["requeue", "cancel"])
@pytest.mark.parametrize("words", [(), (1, "--all")], ids=["neither", "both"])
async def test_numbers_or_all_must_be_said_and_not_both(
    sqlite_operator: Operator, command: str, words: tuple[str | int, ...]
) -> None:
    await sqlite_operator.notes(State.DEAD)
    said = (await sqlite_operator.types(command, *words)).refusal
    assert said == "say which messages: give their numbers, or --all for every dead and parked one (not both)"
    assert await sqlite_operator.room.states() == [State.DEAD]


async def test_messages_are_made_ready_by_number_and_those_that_are_not_stay_with_the_reason(
    operator: Operator,
) -> None:
    dead, sending, shown = await operator.notes(State.DEAD, State.SENDING, State.SHOWN)
    ended = await operator.types("requeue", shown, dead, sending, dead)
    assert ended.out.splitlines() == [
        f"{dead}: note for #everybody is ready again.",
        f"{sending}: note for #everybody is being sent already.",
        f"{shown}: note for #everybody stands there.",
    ]
    assert ended.refusal == "2 of them stayed as they were; the reason stands above"
    assert await operator.room.states() == [State.READY, State.SENDING, State.SHOWN]


async def test_a_message_whose_time_is_over_is_not_made_ready(sqlite_operator: Operator) -> None:
    (number,) = await sqlite_operator.notes(State.DEAD, not_after=NOON - timedelta(days=700))
    ended = await sqlite_operator.types("requeue", number)
    assert ended.out == (
        f"{number}: note for #everybody would come too late: its time was over at 2024-12-24 12:00:00Z.\n"
    )
    assert ended.refusal == "1 of them stayed as it was; the reason stands above"


async def test_all_means_every_dead_and_parked_message_and_no_other(operator: Operator) -> None:
    await operator.notes(*State)
    ended = await operator.types("requeue", "--all")
    assert (ended.code, len(ended.out.splitlines()), ended.err) == (0, 2, "")
    kept = dict(zip(State, await operator.room.states(), strict=True))
    assert {state for state, now in kept.items() if state is not now} == {State.DEAD, State.PARKED}
    for command in ("requeue", "cancel"):
        nothing = await operator.types(command, "--all")
        assert (nothing.code, nothing.out) == (0, "There is no message in the state dead or parked.\n")


async def test_messages_are_given_up_by_number_but_for_one_that_is_being_sent(operator: Operator) -> None:
    ready, sending, unknown = await operator.notes(State.READY, State.SENDING, State.UNKNOWN)
    ended = await operator.types("cancel", ready, sending, unknown)
    assert ended.out.splitlines() == [
        f"{ready}: note for #everybody will not be sent.",
        f"{sending}: note for #everybody is being sent right now; look again in a minute.",
        f"{unknown}: note for #everybody will not be sent.",
    ]
    assert ended.refusal == "1 of them stayed as it was; the reason stands above"
    assert await operator.room.states() == [State.CANCELLED, State.SENDING, State.CANCELLED]


async def test_what_the_command_settles_is_settled_on_the_report_too(operator: Operator) -> None:
    await operator.room.a_dead_message()
    await operator.room.minutes_pass(2)
    await operator.types("cancel", "--all")
    await operator.room.office.a_worker().drain()
    assert [told.splitlines()[0] for told in operator.room.told("ada")] == ["Settled"]


async def test_a_name_in_the_outbox_is_a_person_s_where_it_is_for_a_person(sqlite_operator: Operator) -> None:
    office = sqlite_operator.room.office
    key = await office.want(SECRET, to=office.company.people["dana"])
    async with office.database.write(SYSTEM) as tx:
        await tx.run(update(Message).where(col(Message.key) == key).values(state=State.DEAD))
        await tx.run(update(Person).where(col(Person.name) == "Dana").values(name="Dana\x07 Reyes"))
    assert "Dana Reyes (fake)" in (await sqlite_operator.types("list")).out


# --- beside a running bot


async def test_a_running_bot_sends_what_was_made_ready_beside_it(northwater_url: str, tmp_path: Path) -> None:
    database = Database(northwater_url)
    async with a_house(northwater_url):
        number = await a_dead_copy_of_the_summary(database)
        ended = await asyncio.to_thread(
            folkmoot, "outbox", "requeue", str(number), machine=Machine(tmp_path, {"DATABASE_URL": northwater_url})
        )
        assert (ended.code, ended.err) == (0, "")
        assert ended.out == f"{number}: Huddle summary for #field-dispatch is ready again.\n"
        assert await shown(database, number)
    await database.close()


async def a_dead_copy_of_the_summary(database: Database) -> int:
    async with database.write(SYSTEM) as tx:
        summary = (await tx.all(select(Message).where(Message.view == "huddle.channel")))[0]
        fields = summary.model_dump(exclude={"id"})
        fields |= {"key": "copy", "state": State.DEAD, "platform_ref": None, "not_after": None, "shown_rev": 0}
        await add_once(tx, Message(**fields))
        return (await tx.all(select(Message.id).where(Message.key == "copy")))[0]


async def shown(database: Database, number: int, within_s: float = 20) -> bool:
    async with asyncio.timeout(within_s):
        while True:
            async with database.read(SYSTEM) as tx:
                message = await tx.need(Message, number)
            if message.state is State.SHOWN:
                return message.platform_ref is not None
            await asyncio.sleep(0.05)
