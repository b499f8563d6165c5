"""AT-1 of the domain: a daily huddle with answers on time, silence, a late answer, an edit and an absence."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import TypeAlias

import pytest
from sqlmodel import select

from bot.huddles import rules
from bot.huddles.figures import tally
from storage.blockers import Blocker, blocker_coded
from storage.customers import VocItem
from storage.huddles import Expectation, Huddle, HuddleAnswer, HuddleRun, answers, past_runs
from storage.people import Department, Person
from storage.tx import Change, Tx
from tests.scenarios.moving import SeenPost
from tests.scenarios.slack_stage import SlackStage, open_slack_stage
from tests.scenarios.stage import Post, Stage, open_stage
from tests.scenarios.teams_stage import TeamsStage, open_teams_stage

AnyStage: TypeAlias = Stage | SlackStage | TeamsStage
Opened: TypeAlias = Callable[[str], AbstractAsyncContextManager[AnyStage]]

ON_POSTGRES = (pytest.mark.postgres, pytest.mark.slow)
TUESDAY = date(2026, 11, 24)
ORGANISATION = 1


def at(hour: int, minute: int, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.req("AT-1", "S3-28", "S4-08", "S0-04", "INV-21", "INV-22")
@pytest.mark.parametrize(
    ("database_url", "opened"),
    [
        pytest.param("sqlite", open_stage, id="sqlite-local"),
        pytest.param("sqlite", open_slack_stage, id="sqlite-slack"),
        pytest.param("sqlite", open_teams_stage, id="sqlite-teams"),
        pytest.param("postgres", open_stage, id="postgres-local", marks=ON_POSTGRES),
        pytest.param("postgres", open_slack_stage, id="postgres-slack", marks=ON_POSTGRES),
        pytest.param("postgres", open_teams_stage, id="postgres-teams", marks=ON_POSTGRES),
    ],
    indirect=["database_url"],
)
async def test_a_huddle_from_its_prompt_to_its_summary(database_url: str, opened: Opened) -> None:
    async with opened(database_url) as stage:
        await _five_are_asked(stage)
        await _three_answer_and_two_are_reminded(stage)
        await _the_room_sees_the_summary(stage)
        await _an_edit_and_a_late_answer_remake_it(stage)
        await _a_repeated_delivery_changes_nothing(stage)
        await _after_midnight_it_is_offered_to_the_next(stage)


async def _five_are_asked(stage: AnyStage) -> None:
    await stage.until(at(9, 15))
    asked = [user for user in ("amy", "ben", "cem", "dee", "eli", "fay", "dana") if await _todays_prompt(stage, user)]
    assert asked == ["amy", "ben", "cem", "dee", "eli"]
    header = (await stage.posts("amy", "field-dispatch"))[-1]
    assert "Huddle is open until 09:30" in header.words
    assert "First-time fix yesterday 78%, up 2 points" in header.words
    assert "Away: Fay" in header.words
    async with stage.house.database.read(ORGANISATION) as tx:
        run = await _run(tx)
        assert (run.state, run.closes_at) == (HuddleRun.State.OPEN, at(9, 30))
        huddle = await tx.need(Huddle, run.huddle_id)
        assert rules.streak(await past_runs(tx, huddle, TUESDAY)) == 6


async def _todays_prompt(stage: AnyStage, user: str) -> bool:
    return any("Tue 24 Nov · open until 09:30" in post.words for post in await stage.posts(user))


async def _three_answer_and_two_are_reminded(stage: AnyStage) -> None:
    async with stage.house.database.read(ORGANISATION) as tx:
        call_centre = await tx.first(select(Department).where(Department.name == "Call centre"))
        assert call_centre is not None
    await stage.until(at(9, 16))
    await stage.answer("amy", focus="Valve checks at Harbour Road")
    await stage.until(at(9, 18))
    said = await stage.hears("ben", "Hand over the meter jobs")
    assert "Noted at 09:18" in said.words
    await stage.until(at(9, 24))
    await stage.answer(
        "cem",
        focus="Last Mill Lane job before noon",
        blocker="3 of 8 jobs had no fault details",
        helper=str(call_centre.id),
    )
    async with stage.house.database.read(ORGANISATION) as tx:
        blocker = await blocker_coded(tx, "B-7")
        assert blocker is not None
        assert (blocker.state, blocker.cross_department) == (Blocker.State.RAISED, True)
    await stage.until(at(9, 25))
    reminded = [user for user in ("amy", "ben", "cem", "dee", "eli", "fay") if await _was_reminded(stage, user)]
    assert reminded == ["dee", "eli"]


async def _was_reminded(stage: AnyStage, user: str) -> bool:
    return any(post.words.startswith("Five minutes left for today's huddle") for post in await stage.posts(user))


async def _the_room_sees_the_summary(stage: AnyStage) -> None:
    before = (await stage.posts("amy", "field-dispatch"))[-1]
    await stage.until(at(9, 28))
    await stage.answer("dee", focus="Call back four customers", customer="I took a second morning off for this.")
    await stage.until(at(9, 30))
    async with stage.house.database.read(ORGANISATION) as tx:
        run = await _run(tx)
        assert (run.state, run.expected, run.on_time, run.late) == (HuddleRun.State.CLOSED, 5, 4, 0)
        huddle = await tx.need(Huddle, run.huddle_id)
        runs = [run, *await past_runs(tx, huddle, run.local_date)]
        assert rules.streak(runs) == 7
        heard = await tx.first(select(VocItem).where(VocItem.code == "V-9"))
        assert heard is not None
        assert (heard.words, heard.state) == ("I took a second morning off for this.", VocItem.State.NEW)
    summary = await _summary(stage)
    assert summary.id == before.id
    for words in ("4 of 5 answered by 09:30 (80%)", "7 huddles in a row on target", "B-7", "needs Call centre"):
        assert words in summary.words
    assert "Away: Fay" in summary.words
    for focus in ("Valve checks at Harbour Road", "Hand over the meter jobs", "Last Mill Lane job", "Call back four"):
        assert focus in summary.words
    assert "Eli" not in summary.words
    assert not summary.has_primary


async def _summary(stage: AnyStage) -> Post | SeenPost:
    seen: Sequence[Post | SeenPost] = await stage.posts("amy", "field-dispatch")
    return next(post for post in reversed(seen) if "Huddle · Field Dispatch · Tue 24 Nov" in post.words)


async def _an_edit_and_a_late_answer_remake_it(stage: AnyStage) -> None:
    shown = await _summary(stage)
    await stage.until(at(9, 40))
    await stage.answer("ben", focus="Hand over the Oakley meter jobs")
    await stage.until(at(11, 2))
    thanks = await stage.hears("eli", "Stock count, van 9")
    assert "late answer (window closed 09:30)" in thanks.words
    remade = await _summary(stage)
    assert remade.id == shown.id
    assert "Hand over the Oakley meter jobs (edited)" in remade.words
    assert "Stock count, van 9 (late, 11:02, thank you)" in remade.words
    assert "4 of 5 answered by 09:30 (80%), all 5 by now (reach 100%)" in remade.words
    async with stage.house.database.read(ORGANISATION) as tx:
        run = await _run(tx)
        assert (run.expected, run.on_time, run.late) == (5, 4, 1)
        assert (tally([run]).rate, tally([run]).reach) == ("80.0%", "100.0%")
        ben = await _newest(tx, run, "Ben")
        assert (ben.edition, ben.is_late) == (2, False)
        assert await _status(tx, run, "Ben") is Expectation.Status.ANSWERED
        assert await _status(tx, run, "Eli") is Expectation.Status.ANSWERED_LATE


async def _a_repeated_delivery_changes_nothing(stage: AnyStage) -> None:
    before, posts = await _everything(stage), await stage.posts("eli")
    await stage.again()
    assert await _everything(stage) == before
    assert await stage.posts("eli") == posts


async def _everything(stage: AnyStage) -> list[tuple[object, ...]]:
    async with stage.house.database.read(ORGANISATION) as tx:
        changes = [(each.table, each.row_id, each.version) for each in await tx.all(select(Change))]
        return [*changes, *((each.run_id, each.person_id, each.edition) for each in await tx.all(select(HuddleAnswer)))]


async def _after_midnight_it_is_offered_to_the_next(stage: AnyStage) -> None:
    await stage.until(at(0, 10, day=25))
    async with stage.house.database.read(ORGANISATION) as tx:
        before = await answers(tx, await _run(tx))
    offered = await stage.hears("eli", "Two stock counts, van 9 and van 10")
    assert "The huddle of Tue 24 Nov is closed" in offered.words
    assert list(offered.labels) == ["Add it to Wed 25 Nov"]
    async with stage.house.database.read(ORGANISATION) as tx:
        assert await answers(tx, await _run(tx)) == before


async def _run(tx: Tx) -> HuddleRun:
    run = await tx.first(select(HuddleRun).where(HuddleRun.local_date == TUESDAY))
    assert run is not None
    return run


async def _newest(tx: Tx, run: HuddleRun, name: str) -> HuddleAnswer:
    person = await tx.first(select(Person).where(Person.name == name))
    assert person is not None
    return next(each for each in await answers(tx, run) if each.person_id == person.id)


async def _status(tx: Tx, run: HuddleRun, name: str) -> Expectation.Status:
    person = await tx.first(select(Person).where(Person.name == name))
    assert person is not None
    found = await tx.first(select(Expectation).where(Expectation.run_id == run.id, Expectation.person_id == person.id))
    assert found is not None
    return found.status
