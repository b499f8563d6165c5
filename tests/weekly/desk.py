"""What the tests of a week share: instants, rows, and what stands in the room."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlmodel import col, select

from storage.actions import Action
from storage.initiatives import Initiative, Milestone
from storage.tx import SYSTEM
from storage.weekly import RoadBump, WeeklyGoal, WeeklyRun
from tests.support.workshop import Workshop

NORTHWATER = 1


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


ASKED, NUDGED, MET, CONFIRMS, SUMMED_UP = at(26, 14, 1), at(27, 9, 31), at(27, 10, 1), at(27, 10, 31), at(27, 16, 1)


async def some_work(shop: Workshop) -> None:
    """Ben has three actions, one of them done; Cem has one."""
    await shop.says("ben", '/action add "Check eight calls" @Ben due:today')
    await shop.says("ben", '/action add "Book desks" @Ben due:fri')
    await shop.says("ben", '/action add "Order seals" @Ben due:2026-12-01')
    await shop.says("cem", '/action add "Train desk 4" @Cem due:fri')
    await shop.says("ben", "done A-1")


def room(shop: Workshop) -> list[str]:
    """What of a week stands in the team's channel, oldest first."""
    return [words for words in shop.house.room if "week 48" in words or "weekly meeting" in words.casefold()]


def told(shop: Workshop, who: str, words: str) -> list[str]:
    """The messages in front of somebody that say so."""
    return [post.words for post in shop.posts(who) if words in post.words]


async def the_run(shop: Workshop, week: int = 48) -> WeeklyRun:
    return await shop.row(WeeklyRun, iso_week=week)


async def goals(shop: Workshop, name: str, *, all_of_them: bool = False) -> list[str]:
    """Somebody's goals that count."""
    person = await shop.person(name)
    async with shop.house.database.read(SYSTEM) as tx:
        rows = await tx.all(
            select(WeeklyGoal)
            .where(WeeklyGoal.person_id == person.id)
            .order_by(col(WeeklyGoal.seq), col(WeeklyGoal.id))
        )
    return [each.text for each in rows if all_of_them or each.result is not WeeklyGoal.Result.DROPPED]


async def bumps(shop: Workshop) -> Sequence[RoadBump]:
    async with shop.house.database.read(SYSTEM) as tx:
        return await tx.all(select(RoadBump).order_by(col(RoadBump.id)))


async def add_milestone(shop: Workshop, code: str, title: str, owner: str, *, state: Milestone.State) -> None:
    """One of an initiative that Carl owns and sponsors; what is claimed waits for him."""
    carl, person = await shop.person("Carl"), await shop.person(owner)
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at(24, 12))
        initiative = await tx.first(select(Initiative))
        if initiative is None:
            initiative = Initiative(
                code="I-1", title="Fault questions", owner_id=carl.id, sponsor_id=carl.id,
                state=Initiative.State.IN_FLIGHT,
            )  # fmt: skip
            tx.add(initiative)
            await tx.flush()
        on = date(2026, 11, 26)
        is_claimed = state is not Milestone.State.PLANNED
        tx.add(
            Milestone(
                code=code, title=title, initiative_id=initiative.id, owner_id=person.id, baseline_on=on,
                forecast_on=on, state=state, claimed_on=on if is_claimed else None,
                evidence="live on 40 desks" if is_claimed else "",
            )
        )  # fmt: skip


async def action(shop: Workshop, code: str) -> Action:
    return await shop.row(Action, code=code)
