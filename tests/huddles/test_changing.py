"""A line that is changed or taken back in the chat changes the answer that it became, and nothing else."""

import asyncio
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from sqlmodel import col, select, update

from bot.chat.cards import Card
from bot.ports import Edited, Press, Submission, TakenBack, Text
from storage.blockers import Blocker
from storage.customers import VocItem
from storage.engine import Database
from storage.events import EventSeen
from storage.huddles import Expectation, HuddleAnswer, HuddleRun
from storage.people import Person
from storage.tx import SYSTEM
from tests.support.field_dispatch import NORTHWATER, FieldDispatch, field_dispatch
from tests.support.reading import button_of, words_of

FOUR = "Two jobs\nValve checks\nNo van\nShe waited in twice"


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest_asyncio.fixture
async def team(sqlite: Database) -> FieldDispatch:
    """Tuesday, a minute after everybody was asked."""
    team = await field_dispatch(sqlite, at(9, 14))
    await team.until(at(9, 16))
    return team


async def does(team: FieldDispatch, what: Text | Edited | TakenBack | Press | Submission, event: str) -> str:
    """What the bot answers, '' where it says nothing."""
    answer = await team.do("ben", what, event)
    if answer is None:
        return ""
    assert isinstance(answer.content, Card)
    return words_of(answer.content)


async def editions(team: FieldDispatch) -> list[HuddleAnswer]:
    """Ben's answers of the day, oldest first."""
    async with team.database.read(SYSTEM) as tx:
        of_ben = select(HuddleAnswer).join(Person, col(Person.id) == HuddleAnswer.person_id).where(Person.name == "Ben")
        everything = await tx.all(of_ben.order_by(col(HuddleAnswer.id)))
    return [each for each in everything if each.submitted_at >= at(0)]


async def focus(team: FieldDispatch) -> str:
    newest = (await editions(team))[-1].answers
    return newest.get("focus", "")


async def blockers(team: FieldDispatch) -> list[tuple[str, str]]:
    async with team.database.read(NORTHWATER) as tx:
        found = await tx.all(select(Blocker).order_by(col(Blocker.id)))
    return [(each.text, each.state) for each in found if each.raised_on == at(0).date()]


async def test_a_changed_line_changes_the_answer_and_says_so(team: FieldDispatch) -> None:
    await does(team, Text("Valve checks"), "line-1")
    assert "Changed at 09:16" in await does(team, Edited("line-1", "Pump checks"), "edit-1")
    first, second = await editions(team)
    assert (await focus(team), first.is_edited, second.is_edited) == ("Pump checks", False, True)
    await team.until(at(9, 30))
    assert "Pump checks (edited)" in team.room[-2]
    assert "Valve checks" not in "".join(team.room)


async def test_of_several_lines_only_the_changed_one_is_another(team: FieldDispatch) -> None:
    await does(team, Text("Valve checks"), "line-1")
    await does(team, Text("Oakley first"), "line-2")
    await does(team, Text("then the meters"), "line-3")
    await does(team, Edited("line-2", "Mill Lane first"), "edit-1")
    assert await focus(team) == "Valve checks\nMill Lane first\nthen the meters"
    await does(team, Text("and the rota"), "line-4")
    assert await focus(team) == "Valve checks\nMill Lane first\nthen the meters\nand the rota"


async def test_a_line_that_is_taken_back_is_gone_and_the_others_stay(team: FieldDispatch) -> None:
    await does(team, Text("Valve checks"), "line-1")
    await does(team, Text("Oakley first"), "line-2")
    await does(team, TakenBack("line-1"), "back-1")
    assert await focus(team) == "Oakley first"


async def test_when_all_is_taken_back_the_words_are_gone_and_the_fact_stays(team: FieldDispatch) -> None:
    await does(team, Text("Valve checks"), "line-1")
    assert "I took your words of Tue 24 Nov out" in await does(team, TakenBack("line-1"), "back-1")
    async with team.database.read(NORTHWATER) as tx:
        statuses = await tx.all(select(Expectation.status).where(col(Expectation.opens_at) >= at(0)))
    assert statuses.count(Expectation.Status.ANSWERED) == 1
    (prompt,) = [post.words for post in team.chat.posts.values() if post.to.account == "ben"]
    assert "You took your answer back at 09:16" in prompt
    await team.until(at(9, 30))
    summary, details = team.room[-2:]
    assert "1 of 5 answered by 09:30" in summary
    assert "took their answer back" in details
    assert "Valve checks" not in summary + details + prompt


async def test_what_was_taken_back_may_come_back_and_new_words_may_come(team: FieldDispatch) -> None:
    await does(team, Text("Valve checks"), "line-1")
    await does(team, TakenBack("line-1"), "back-1")
    await does(team, Text("Pump checks"), "line-2")
    assert await focus(team) == "Pump checks"
    await does(team, Edited("line-1", "Valve checks"), "edit-1")
    assert await focus(team) == "Valve checks\nPump checks"


async def test_a_line_that_is_left_as_it_was_changes_nothing_and_is_not_answered(team: FieldDispatch) -> None:
    await does(team, Text("Valve checks"), "line-1")
    assert await does(team, Edited("line-1", "Valve checks"), "edit-1") == ""
    assert len(await editions(team)) == 1


async def test_a_change_that_comes_twice_is_one(team: FieldDispatch) -> None:
    await does(team, Text("Valve checks"), "line-1")
    first = await does(team, Edited("line-1", "Pump checks"), "edit-1")
    assert await does(team, Edited("line-1", "Pump checks"), "edit-1") == first
    assert len(await editions(team)) == 2


async def test_the_blocker_of_a_changed_line_stays_the_same_one(team: FieldDispatch) -> None:
    await does(team, Text(FOUR), "line-1")
    assert await blockers(team) == [("No van", "raised")]
    await does(team, Edited("line-1", FOUR.replace("No van", "No van and no keys")), "edit-1")
    assert await blockers(team) == [("No van and no keys", "raised")]


async def test_a_blocker_whose_line_is_taken_back_stays_open_until_it_is_said_what_became_of_it(
    team: FieldDispatch,
) -> None:
    await does(team, Text(FOUR), "line-1")
    assert "Is it solved, or was it a mistake?" in await does(team, TakenBack("line-1"), "back-1")
    assert await blockers(team) == [("No van", "raised")]


async def test_a_customer_s_words_go_with_the_line_that_they_stood_in(team: FieldDispatch) -> None:
    await does(team, Text(FOUR), "line-1")
    await does(team, TakenBack("line-1"), "back-1")
    async with team.database.read(NORTHWATER) as tx:
        voices = await tx.all(select(VocItem).where(col(VocItem.received_on) == at(0).date()))
        kept = [each.lines for each in await tx.all(select(HuddleAnswer).order_by(col(HuddleAnswer.id)))][-1]
    assert [(each.state, each.words) for each in voices] == [(VocItem.State.WITHDRAWN, voices[0].words)]
    assert kept == []


async def test_numbers_of_customers_are_kept_in_no_line(team: FieldDispatch) -> None:
    await does(team, Text(FOUR.replace("twice", "twice, call 07700 900123")), "line-1")
    (answer,) = await editions(team)
    assert "900123" not in f"{answer.lines} {answer.answers}"


async def test_what_was_changed_by_form_since_stays_as_the_form_says(team: FieldDispatch) -> None:
    await does(team, Text("Valve checks"), "line-1")
    ids = {"run": str((await editions(team))[0].run_id)}
    await does(team, Submission("huddle.answer", {"focus": "Meter jobs"}, ids), "form-1")
    assert await does(team, Edited("line-1", "Pump checks"), "edit-1") == ""
    assert await focus(team) == "Meter jobs"


@pytest.mark.parametrize("what", [Edited("line-1", "Pump checks"), TakenBack("line-1")])
async def test_after_midnight_it_stays_and_the_person_is_told(team: FieldDispatch, what: Edited | TakenBack) -> None:
    await does(team, Text("Valve checks"), "line-1")
    await team.until(at(0, 1, day=25))
    assert "is closed, so nothing was changed" in await does(team, what, "edit-1")
    assert await focus(team) == "Valve checks"


@pytest.mark.parametrize("line", ["/huddle", "away tomorrow", "nobody-wrote-this"])
async def test_a_line_that_was_no_answer_is_let_be(team: FieldDispatch, line: str) -> None:
    if line != "nobody-wrote-this":
        await does(team, Text(line), "line-1")
    assert await does(team, Edited("line-1", "Pump checks"), "edit-1") == ""
    assert await editions(team) == []


async def test_nobody_changes_what_somebody_else_wrote(team: FieldDispatch) -> None:
    await does(team, Text("Valve checks"), "line-1")
    assert await team.do("amy", TakenBack("line-1"), "back-1") is None
    assert await focus(team) == "Valve checks"


async def test_a_line_that_a_button_kept_for_another_day_is_changed_and_taken_back_too(sqlite: Database) -> None:
    team = await field_dispatch(sqlite, at(17))
    await _presses(team, "Valve checks", "Huddle of Wed 25 Nov")
    assert await focus(team) == "Valve checks"
    await does(team, Edited("line-1", "Pump checks"), "edit-1")
    assert await focus(team) == "Pump checks"
    await does(team, TakenBack("line-1"), "back-1")
    assert (await editions(team))[-1].answers == {}


async def test_a_line_that_began_like_a_command_and_was_an_answer_is_changed_too(team: FieldDispatch) -> None:
    await _presses(team, "away with the old valves", "It's my answer")
    await does(team, Edited("line-1", "Away with the old pumps"), "edit-1")
    assert await focus(team) == "Away with the old pumps"


async def test_a_line_that_became_the_focus_of_an_answer_by_form_is_changed_and_the_rest_stays(
    team: FieldDispatch,
) -> None:
    ids = await _answers_by_form(team)
    await _presses(team, "Valve checks", "Today's focus")
    await does(team, Edited("line-1", "Pump checks"), "edit-1")
    newest = (await editions(team))[-1].answers
    assert (newest["focus"], newest["finished"]) == ("Pump checks", "Two jobs")
    await does(team, TakenBack("line-1"), "back-1")
    newest = (await editions(team))[-1].answers
    assert (newest["focus"], newest["finished"]) == ("", "Two jobs")
    await does(team, Submission("huddle.answer", {"focus": "The rota"}, ids), "form-2")
    assert await does(team, Edited("line-1", "Pump checks"), "edit-2") == ""
    assert await focus(team) == "The rota"


async def test_a_button_with_the_line_of_somebody_else_keeps_it_as_one_s_own(team: FieldDispatch) -> None:
    await team.do("amy", Text("Valve checks"), "amy-1")
    async with team.database.read(NORTHWATER) as tx:
        written = await tx.first(select(EventSeen).where(EventSeen.external_id == "amy-1"))
    assert written is not None
    await does(team, Press("huddle.take", {"text": "Pump checks", "line": str(written.id)}), "press-1")
    await team.do("amy", TakenBack("amy-1"), "back-1")
    assert await focus(team) == "Pump checks"


async def test_new_words_after_all_was_taken_back_are_an_answer_also_when_the_window_is_over(
    team: FieldDispatch,
) -> None:
    await does(team, Text("Valve checks"), "line-1")
    await does(team, TakenBack("line-1"), "back-1")
    await team.until(at(10))
    assert "Changed at 10:00" in await does(team, Text("Pump checks"), "line-2")
    assert await focus(team) == "Pump checks"


async def test_an_answer_from_before_lines_were_kept_loses_nothing_when_a_later_line_is_changed(
    team: FieldDispatch,
) -> None:
    await does(team, Text("Valve checks"), "line-1")
    async with team.database.write(NORTHWATER) as tx:
        await tx.run(update(HuddleAnswer).values(lines=[], event_id=None))
    await does(team, Text("Oakley first"), "line-2")
    await does(team, Edited("line-2", "Mill Lane first"), "edit-1")
    assert await focus(team) == "Valve checks\nMill Lane first"


@pytest.mark.slow
@pytest.mark.postgres
async def test_of_many_lines_and_changes_at_once_none_is_lost(database: Database) -> None:
    team = await field_dispatch(database, at(9, 14))
    await team.until(at(9, 16))
    await does(team, Text("line zero"), "line-0")
    for turn in range(6):
        numbers = range(1 + 4 * turn, 5 + 4 * turn)
        said = await asyncio.gather(
            *(does(team, Text(f"line {number}"), f"line-{number}") for number in numbers),
            does(team, Edited("line-0", f"zero changed {turn}"), f"edit-{turn}"),
        )
        assert [words for words in said if not words.startswith("Thank you, Ben.")] == []
        lines = (await focus(team)).splitlines()
        assert sorted(lines) == sorted(
            [f"zero changed {turn}", *(f"line {number}" for number in range(1, numbers.stop))]
        )


async def _presses(team: FieldDispatch, line: str, label: str) -> None:
    """Ben writes a line and presses a button of what the bot answers."""
    answer = await team.do("ben", Text(line), "line-1")
    assert answer is not None
    assert isinstance(answer.content, Card)
    button = button_of(answer.content, label)
    await does(team, Press(button.verb, dict(button.ids)), "press-1")


async def _answers_by_form(team: FieldDispatch) -> dict[str, str]:
    """Ben answers; what names the run."""
    async with team.database.read(NORTHWATER) as tx:
        run = await tx.first(select(HuddleRun).where(HuddleRun.local_date == at(0).date()))
    assert run is not None
    ids = {"run": str(run.id)}
    await does(team, Submission("huddle.answer", {"finished": "Two jobs", "focus": "Meters"}, ids), "form-1")
    return ids
