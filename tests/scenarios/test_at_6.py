"""AT-6 of the domain: a team's week, from the check on Thursday to three goals on Monday.

Dov leads Digital; Mia does what the domain's Zoe does, and Bea is the one who says nothing. The newcomer's part is in
`test_at_6_first_days.py`, the day with eight messages in `test_eight_messages.py`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import TypeAlias

import pytest
from sqlmodel import col, select

from bot.chat.routing import Reader
from bot.people.rules import first_name
from bot.weekly import projections, standing
from storage.actions import Action
from storage.initiatives import Initiative, Milestone
from storage.organisations import Install
from storage.people import Person
from storage.places import Place
from storage.teams import Membership, Team
from storage.tx import Tx
from storage.weekly import RoadBump, WeeklyGoal, WeeklyRun, WeeklyUpdate
from tests.scenarios.moving import SeenPost
from tests.scenarios.slack_stage import CHANNELS as SLACK_CHANNELS
from tests.scenarios.slack_stage import SlackStage, open_slack_stage
from tests.scenarios.stage import Post, Stage, open_stage
from tests.scenarios.teams_stage import CHANNELS as TEAMS_CHANNELS
from tests.scenarios.teams_stage import TeamsStage, open_teams_stage
from tests.support.reading import words_of

AnyStage: TypeAlias = Stage | SlackStage | TeamsStage
Opened: TypeAlias = Callable[[str], AbstractAsyncContextManager[AnyStage]]

SLOW, POSTGRES = pytest.mark.slow, pytest.mark.postgres
ORGANISATION = 1
ROOM = "all-staff"
BUMP = "Test numbers from the text supplier arrive late"
FOUR = ("A-90 Check the last 8 calls", "Send the text wording to Billing", "Train two desks", "Write the leaflet")
PACK = """\
Digital · week 48
Fri 27 Nov 2026 · weekly meeting 10:00
6 of 9 on time 66.7%, last week n/a
4 of 7 first promises kept 57.1%, last week 0.0%
Done: 7. Late: 1. Due in the next 7 days: 2.
Milestone met
Text service live M-12, accepted Thu 26 Nov
Well done, Digital.
Late (1)
Book desks for the training A-89 · Mia · Wed 25 Nov
Road bumps (1)
Test numbers from the text supplier arrive late
1 working day · Mia
Due in 7 days (2)
Check the last 8 calls A-90 · Mia · Fri 27 Nov
Send the text wording to Billing A-101 · Mia · Mon 30 Nov
Plan from Mon 30 Nov, confirmed by Dov
Mia A-90 Check the last 8 calls; Train two desks; Write the leaflet"""
"""The neutral card at the end, the same on every platform."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.req("AT-6", "S3-20", "S3-23", "S3-24", "S3-25", "S3-26", "S3-27", "S3-34", "S3-43", "S0-10", "S4-12")
@pytest.mark.parametrize(
    ("database_url", "opened"),
    [
        pytest.param("sqlite", open_stage, id="sqlite-local", marks=SLOW),
        pytest.param("sqlite", open_slack_stage, id="sqlite-slack"),
        pytest.param("sqlite", open_teams_stage, id="sqlite-teams", marks=SLOW),
        pytest.param("postgres", open_stage, id="postgres-local", marks=POSTGRES),
        pytest.param("postgres", open_slack_stage, id="postgres-slack", marks=(POSTGRES, SLOW)),
        pytest.param("postgres", open_teams_stage, id="postgres-teams", marks=(POSTGRES, SLOW)),
    ],
    indirect=["database_url"],
)
async def test_a_week_from_its_check_to_next_weeks_goals(database_url: str, opened: Opened) -> None:
    async with opened(database_url) as stage:
        await _digital_and_its_work(stage)
        await _owners_are_asked_on_thursday(stage)
        await _only_the_silent_are_reminded_on_friday(stage)
        await _the_pack_stands_in_the_room(stage)
        await _a_claim_that_falls_short_is_not_done(stage)
        await _four_goals_for_one_person_are_three(stage)
        await _the_lead_confirms(stage)
        await _a_repeated_delivery_changes_nothing(stage)
        await _the_summary_comes_at_four(stage)
        await _on_monday_the_goals_are_there(stage)
        assert await _card_of_the_pack(stage) == PACK


# --- given


async def _digital_and_its_work(stage: AnyStage) -> None:
    async with stage.house.database.write(ORGANISATION) as tx:
        tx.acts_for(by=None, event_id=None, now=stage.house.clock.now())
        people = {each.name: each for each in await tx.all(select(Person))}
        mia, bea, dov = people["Mia"], people["Bea"], people["Dov"]
        place = await _room(tx, dov.prefers)
        team = Team(name="Digital", zone="Europe/London", lead_id=dov.id, place_id=place.id)
        tx.add(team)
        await tx.flush()
        tx.add(*(Membership(team_id=team.id, person_id=each.id, from_on=date(2026, 9, 1)) for each in (mia, bea)))
        tx.add(*_nine_due_this_week(mia, dov), _an_action(101, "Send the text wording to Billing", mia, dov, due=30))
        (initiative,) = await tx.all(select(Initiative).where(Initiative.code == "I-1"))
        tx.add(
            _a_milestone("M-12", "Text service live", initiative, mia, claimed_on=25),
            _a_milestone("M-13", "Script agreed", initiative, bea, claimed_on=None),
        )
    said = (await stage.hears("dov", '/weekly setup team:"Digital" day:fri at:10:00')).words
    assert "Fridays at 10:00" in said


async def _room(tx: Tx, platform: str) -> Place:
    """The channel of all staff, where the people are."""
    external_id = {"slack": SLACK_CHANNELS[ROOM], "teams": TEAMS_CHANNELS[ROOM]}.get(platform, ROOM)
    (install,) = await tx.all(select(Install).where(Install.platform == platform))
    known = await tx.first(select(Place).where(Place.install_id == install.id, Place.external_id == external_id))
    if known is not None:
        return known
    place = Place(install_id=install.id, external_id=external_id, name=f"#{ROOM}")
    tx.add(place)
    await tx.flush()
    return place


def _nine_due_this_week(mia: Person, dov: Person) -> list[Action]:
    """Six done in time, two of them first due the week before; one done late on Thursday; two open."""
    done = [_an_action(81 + n, f"Task {n + 1}", mia, dov, due=26, finished=24) for n in range(4)]
    moved = [_an_action(85 + n, f"Moved task {n + 1}", mia, dov, due=25, finished=24, first=19) for n in range(2)]
    late = _an_action(88, "Order the numbers", mia, dov, due=25, finished=26)
    desks = _an_action(89, "Book desks for the training", mia, dov, due=25)
    calls = _an_action(90, "Check the last 8 calls", mia, dov, due=27)
    calls.done_when = "live on 40 desks and 20 calls checked"
    return [*done, *moved, late, desks, calls]


def _an_action(
    number: int, title: str, owner: Person, asker: Person, *, due: int, finished: int = 0, first: int = 0
) -> Action:
    return Action(
        code=f"A-{number}",
        title=title,
        owner_id=owner.id,
        requester_id=asker.id,
        state=Action.State.DONE if finished else Action.State.OPEN,
        due_on=date(2026, 11, due),
        first_due_on=date(2026, 11, first or due),
        redated=1 if first else 0,
        finished_on=date(2026, 11, finished) if finished else None,
    )


def _a_milestone(code: str, title: str, initiative: Initiative, owner: Person, *, claimed_on: int | None) -> Milestone:
    on = date(2026, 11, 26)
    return Milestone(
        code=code,
        title=title,
        initiative_id=initiative.id,
        owner_id=owner.id,
        baseline_on=on,
        forecast_on=on,
        state=Milestone.State.CLAIMED if claimed_on else Milestone.State.PLANNED,
        claimed_on=date(2026, 11, claimed_on) if claimed_on else None,
        evidence="200 texts sent" if claimed_on else "",
    )


# --- Thursday


async def _owners_are_asked_on_thursday(stage: AnyStage) -> None:
    await stage.until(at(26, 11))
    assert "is achieved" in (await stage.hears("ann", "/milestones accept M-12")).words
    await stage.hears("bea", '/milestones done M-13 evidence:"agreed by phone"')
    await stage.until(at(26, 14))
    asked = [user for user in ("mia", "bea", "dov", "amy", "ann") if await _has(stage, user, "Weekly check, 3 minutes")]
    assert asked == ["mia", "bea"]
    check = await _newest(stage, "mia", "Weekly check, 3 minutes")
    for words in ("A-88 Order the numbers", "A-90 Check the last 8 calls", "M-12 Text service live"):
        assert words in check.words
    await stage.presses("mia", "Correct it")
    await stage.fills("mia", {"bumps": BUMP})
    assert "Noted at 14:00" in (await _newest(stage, "mia", "Weekly check")).words


async def _has(stage: AnyStage, user: str, words: str, room: str = "dm") -> bool:
    return any(words in post.words for post in await stage.posts(user, room))


async def _newest(stage: AnyStage, user: str, words: str, room: str = "dm") -> Post | SeenPost:
    seen: Sequence[Post | SeenPost] = await stage.posts(user, room)
    return [post for post in seen if words in post.words][-1]


# --- Friday


async def _only_the_silent_are_reminded_on_friday(stage: AnyStage) -> None:
    await stage.until(at(27, 9, 30))
    reminded = [user for user in ("mia", "bea", "dov") if await _has(stage, user, "The weekly meeting starts at 10:00")]
    assert reminded == ["bea"]


async def _the_pack_stands_in_the_room(stage: AnyStage) -> None:
    await stage.until(at(27, 10))
    pack = await _newest(stage, "amy", "Digital · week 48", ROOM)
    for words in (
        "6 of 9",
        "66.7%",
        "4 of 7",
        "57.1%",
        BUMP,
        "1 working day",
        "Text service live",
        "Well done, Digital",
    ):
        assert words in pack.words
    assert "M-13, accepted" not in pack.words
    assert not pack.has_primary


async def _a_claim_that_falls_short_is_not_done(stage: AnyStage) -> None:
    await stage.until(at(27, 10, 5))
    await stage.hears("mia", "/action done A-90 live on 40 desks, 12 calls checked")
    assert (await _action(stage, "A-90")).state is Action.State.DONE_CLAIMED
    await stage.presses("dov", "Not yet")
    await stage.fills("dov", {"why": "8 calls to go"})
    assert (await _action(stage, "A-90")).state is Action.State.IN_PROGRESS
    await stage.until(at(27, 10, 10))
    assert "Done: 7." in (await _newest(stage, "amy", "Digital · week 48", ROOM)).words


async def _action(stage: AnyStage, code: str) -> Action:
    async with stage.house.database.read(ORGANISATION) as tx:
        (found,) = await tx.all(select(Action).where(Action.code == code))
    return found


async def _four_goals_for_one_person_are_three(stage: AnyStage) -> None:
    await stage.until(at(27, 10, 30))
    assert await _has(stage, "dov", "Please confirm next week's plan.")
    assert not await _has(stage, "dana", "Please confirm")
    async with stage.house.database.read(ORGANISATION) as tx:
        (mia,) = await tx.all(select(Person).where(Person.name == "Mia"))
    await stage.presses("dov", "Edit")
    await stage.fills("dov", {f"goal{mia.id}": "\n".join(FOUR)})
    async with stage.house.database.read(ORGANISATION) as tx:
        rows = {each.text: each.id for each in await tx.all(select(WeeklyGoal).where(WeeklyGoal.person_id == mia.id))}
    kept = [rows[text] for text in (FOUR[0], FOUR[2], FOUR[3])]
    await stage.fills("dov", {f"keep{mia.id}": ",".join(str(each) for each in kept)})


async def _the_lead_confirms(stage: AnyStage) -> None:
    await stage.presses("dov", "Confirm")
    run = await _run(stage)
    assert (run.state, run.confirmed_at) == (WeeklyRun.State.CONFIRMED, at(27, 10, 30))
    assert "confirmed by Dov" in (await _newest(stage, "amy", "Digital · week 48", ROOM)).words


async def _run(stage: AnyStage) -> WeeklyRun:
    async with stage.house.database.read(ORGANISATION) as tx:
        (run,) = await tx.all(select(WeeklyRun).where(WeeklyRun.iso_week == 48))
    return run


async def _a_repeated_delivery_changes_nothing(stage: AnyStage) -> None:
    before = await _rows(stage)
    await stage.again()
    assert await _rows(stage) == before
    assert before == [
        ("Bea", "", False),
        ("Mia", _DONE, True),
        ("Mia", "A-101 Send the text wording to Billing", "dropped"),
        ("Mia", "A-89 Book desks for the training", "dropped"),
        ("Mia", "A-90 Check the last 8 calls", "open"),
        ("Mia", "Send the text wording to Billing", "dropped"),
        ("Mia", "Train two desks", "open"),
        ("Mia", "Write the leaflet", "open"),
        ("Mia", BUMP, "2026-11-26"),
    ]


_DONE = "\n".join(
    (
        *(f"A-{81 + n} Task {n + 1}" for n in range(4)),
        "A-85 Moved task 1",
        "A-86 Moved task 2",
        "A-88 Order the numbers",
        "M-12 Text service live",
    )
)


async def _rows(stage: AnyStage) -> list[tuple[object, ...]]:
    """Everything that is kept of the week, without the numbers of rows."""
    async with stage.house.database.read(ORGANISATION) as tx:
        names = {each.id: first_name(each) for each in await tx.all(select(Person))}
        updates = await tx.all(select(WeeklyUpdate))
        goals = await tx.all(select(WeeklyGoal))
        bumps = await tx.all(select(RoadBump).order_by(col(RoadBump.id)))
    found: list[tuple[object, ...]] = sorted(
        (names[each.person_id], each.done, each.submitted_at is not None) for each in updates
    )
    found += sorted((names[each.person_id], each.text, each.result.value) for each in goals)
    return [*found, *((names[each.person_id], each.text, str(each.raised_on)) for each in bumps)]


async def _the_summary_comes_at_four(stage: AnyStage) -> None:
    await stage.until(at(27, 16))
    summary = await _newest(stage, "amy", "tasks finished", ROOM)
    assert "7 tasks finished, 7 more than last week" in summary.words
    assert "Text service live" in summary.words
    assert "Train two desks" in summary.words


# --- Monday


async def _on_monday_the_goals_are_there(stage: AnyStage) -> None:
    await stage.until(at(30, 8, 30))
    today = (await stage.hears("mia", "/today")).words
    mine = today[today.index("Your goals this week") :]
    for goal in (FOUR[0], FOUR[2], FOUR[3]):
        assert goal in mine
    assert FOUR[1] not in mine.split("\n")[1:4]
    assert "proposed" not in mine


async def _card_of_the_pack(stage: AnyStage) -> str:
    """The pack as a neutral card, as it stood on Friday evening."""
    run = await _run(stage)
    async with stage.house.database.read(ORGANISATION) as tx:
        place = Reader(standing.zone_of_run(run))
        card = await projections.pack(tx, {"run": run.id}, place, at(27, 18))
    assert card is not None
    return words_of(card)
