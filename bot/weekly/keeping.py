"""What somebody says about their week becomes rows: what they did, road bumps, goals, what became of the last ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.localtime import today_in
from bot.weekly import rules, standing
from bot.weekly.rules import Result
from bot.weekly.standing import Around
from storage.actions import Action, action_coded
from storage.blockers import blocker_coded
from storage.people import Person
from storage.tx import Tx
from storage.weekly import RoadBump, WeeklyGoal, WeeklyRun, WeeklyUpdate, bumps_of, goals_in, update_of


@dataclass(frozen=True, slots=True)
class Said:
    """A person's week in their own lines, and what became of their goals by number."""

    done: Sequence[str]
    bumps: Sequence[str]
    plan: Sequence[str]
    results: Mapping[int, Result]


async def keep(tx: Tx, found: Around, person: Person, said: Said, *, now: datetime) -> list[WeeklyGoal]:
    """Stores it; answers with the goals in the order in which they were said, those beyond three dropped.

    A confirmed plan is the lead's, so it stays as it is.
    """
    run = found.run
    update = await update_of(tx, run, person.id)
    if update is None:
        update = WeeklyUpdate(run_id=run.id, person_id=person.id)
        tx.add(update)
    if update.submitted_at is None:
        update.is_late = run.posted_at is not None
    update.done = "\n".join(said.done)
    update.submitted_at = now
    await _keep_bumps(tx, found, person, said.bumps, on=today_in(found.zone, now))
    await _keep_results(tx, found, person, said.results, now=now)
    await tx.flush()
    if run.confirmed_at is not None:
        return list(rules.kept_goals(await goals_in(tx, run, person_id=person.id)))
    return await set_goals(tx, run, person.id, said.plan)


async def _keep_bumps(tx: Tx, found: Around, person: Person, lines: Sequence[str], *, on: date) -> None:
    """New lines are new road bumps, missing ones are out of the way; a line that begins with B-7 is the blocker."""
    known = await bumps_of(tx, found.team.id, person_id=person.id)
    new = []
    for line in lines:
        code = rules.code_in(line, "B")
        is_blocker = bool(code) and await blocker_coded(tx, code) is not None
        if not is_blocker and not any(rules.is_same(line, each.text) for each in known):
            new.append(line)
    for each in known:
        if not any(rules.is_same(line, each.text) for line in lines):
            each.removed_on = on
    for line in new:
        tx.add(RoadBump(team_id=found.team.id, person_id=person.id, run_id=found.run.id, text=line, raised_on=on))


async def _keep_results(tx: Tx, found: Around, person: Person, results: Mapping[int, Result], *, now: datetime) -> None:
    for goal, known in await standing.goals_now(tx, found, person, now):
        goal.result = results.get(goal.id, known)


async def set_goals(tx: Tx, run: WeeklyRun, person_id: int, lines: Sequence[str]) -> list[WeeklyGoal]:
    """Somebody's goals for the week after a run's, a row for each line: the first three count, others are dropped."""
    known = list(await goals_in(tx, run, person_id=person_id))
    wanted: list[WeeklyGoal] = []
    for seq, line in enumerate(lines):
        goal = next((each for each in known if rules.is_same(each.text, line) and each not in wanted), None)
        if goal is None:
            action = await _action_of(tx, line, person_id)
            goal = WeeklyGoal(run_id=run.id, person_id=person_id, text=line, action_id=action.id if action else None)
            tx.add(goal)
        goal.seq = seq
        goal.result = Result.OPEN if seq < rules.GOALS_MAX else Result.DROPPED
        wanted.append(goal)
    for each in known:
        if each not in wanted:
            each.result = Result.DROPPED
    await tx.flush()
    return wanted


async def _action_of(tx: Tx, line: str, person_id: int) -> Action | None:
    """The action with whose code a line begins, where it is the person's."""
    code = rules.code_in(line, "A")
    action = await action_coded(tx, code) if code else None
    return action if action is not None and action.owner_id == person_id else None
