"""Who is there today: a person's place in an open run follows their absences, whichever way these have changed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.dates import Period
from bot.chat.events import By
from bot.chat.localtime import today_in
from bot.chat.replies import NOTHING, Refresh, Replies, Show
from bot.chat.routing import Reader
from bot.chat.words import listing
from bot.huddles import absence_views, following, rules, running, scene
from bot.huddles.answering import stale
from bot.huddles.scene import Scene
from bot.people import there
from bot.people.rules import WEEKDAYS, Why, first_name
from storage.cadences import Occurrence
from storage.events import EventSeen
from storage.huddles import Expectation, Huddle, HuddleRun, huddles_of, run_on
from storage.messages import Lane
from storage.people import Absence, Person, zone_of
from storage.quiet import look_again
from storage.teams import Team, members, teams_of
from storage.tx import Change, Tx

Status = Expectation.Status
FOLLOWING = (Status.EXPECTED, Status.ABSENT, Status.HOLIDAY)
"""What follows somebody's days; who has answered, or was excused, has that behind them."""
NOT_OVER = (HuddleRun.State.OPEN, HuddleRun.State.CLOSED)


async def reconsider(tx: Tx, person: Person, now: datetime) -> Replies:
    """Takes a person out of the runs in whose window they are not there, and puts them back where they are.

    After a person's own window an absence, another working day or a holiday changes nothing any more.
    """
    replies = NOTHING
    for around, expectation in await _in_window(tx, person, now):
        off = await there.off(tx, person, around.run.local_date, calendar=around.calendar)
        status = Status.EXPECTED if off is None else Status.ABSENT if off.why is Why.AWAY else Status.HOLIDAY
        is_settled = expectation.status not in FOLLOWING or expectation.status is status
        if is_settled or (off is not None and off.why is Why.LEFT):
            continue
        expectation.status = status
        if off is None:
            replies += _asked_again(around, person, expectation, now)
        else:
            replies += Replies(refresh=stale(around.run, person))
    return replies


async def days_changed(tx: Tx, people: Sequence[Person], now: datetime) -> Replies:
    """Absences, working days, holidays or quiet of some people are others: their huddles and messages follow."""
    replies = NOTHING
    for person in people:
        await look_again(tx, person.id, now)
        replies += await reconsider(tx, person, now)
    return replies


def _asked_again(around: Scene, person: Person, expectation: Expectation, now: datetime) -> Replies:
    """Somebody who was away at the opening has no prompt and no steps yet, and their window may be still to come."""
    run = around.run
    run.state = HuddleRun.State.OPEN
    run.closes_at = max(run.closes_at, expectation.closes_at)
    prompt = Show(
        f"{scene.prompt_key(run)}:{person.id}",
        person,
        "huddle.prompt",
        {"run": run.id},
        Lane.Traffic.PROMPT,
        due_at=max(now, expectation.opens_at),
        not_after=expectation.closes_at,
    )
    steps = running.window_steps(run, expectation.opens_at, expectation.closes_at)
    show = () if run.asks_in is Huddle.Asks.ROOM else (prompt,)
    return Replies(show=show, refresh=stale(run, person), plan=tuple(steps))


async def _in_window(tx: Tx, person: Person, now: datetime) -> list[tuple[Scene, Expectation]]:
    query = (
        select(Expectation)
        .join(HuddleRun, col(HuddleRun.id) == Expectation.run_id)
        .where(
            Expectation.person_id == person.id,
            col(HuddleRun.state).in_(NOT_OVER),
            col(HuddleRun.ended_at).is_(None),
        )
    )
    found = [(await scene.scene_of(tx, each.run_id), each) for each in await tx.all(query)]
    return [(around, each) for around, each in found if around and now < await scene.window_end(tx, around, each)]


async def missed(tx: Tx, person: Person, now: datetime) -> HuddleRun | None:
    """The huddle of today that somebody who is back now can answer late only; None where it still asks them."""
    query = (
        select(Expectation, HuddleRun)
        .join(HuddleRun, col(HuddleRun.id) == Expectation.run_id)
        .where(
            Expectation.person_id == person.id,
            Expectation.status == Status.ABSENT,
            col(HuddleRun.state).in_(NOT_OVER),
            col(HuddleRun.ended_at).is_(None),
        )
        .order_by(col(HuddleRun.id))
    )
    found = [run for _, run in await tx.columns(query)]
    return next((run for run in found if now < rules.answers_end(run, zone_of(person))), None)


class Said(IntEnum):
    """What one person noted for another."""

    AWAY = 1
    BACK = 2
    WORK = 3


DAYS_SET = "huddle.days_set"


def told(by: By, person: Person, said: Said, period: Period) -> Replies:
    """One quiet line to somebody whose days another person changed; nothing for one's own."""
    if person.id == by.person.id:
        return NOTHING
    last = period.last.toordinal() if period.last else 0
    ids = {"event": by.event_id, "said": int(said), "first": period.first.toordinal(), "last": last}
    show = Show(f"days:{by.event_id}:{person.id}", person, DAYS_SET, ids, Lane.Traffic.REPLY)
    return Replies(show=(show,), refresh=(Refresh(DAYS_SET, ids),))


async def days_set(tx: Tx, ids: Mapping[str, int], reader: Reader, _now: datetime) -> Card | None:
    """Who changed the reader's days, and to what; nothing once it was undone."""
    event = await tx.get(EventSeen, ids["event"])
    if event is None or event.undone_at is not None or event.person_id is None or reader.person is None:
        return None
    by, said = await tx.need(Person, event.person_id), Said(ids["said"])
    if said is Said.BACK:
        what = absence_views.SET_BACK
    elif said is Said.WORK:
        names = [each.title() for each in WEEKDAYS if each in reader.person.working_days]
        what = absence_views.set_work(listing(names))
    else:
        last = date.fromordinal(ids["last"]) if ids["last"] else None
        what = absence_views.set_away(date.fromordinal(ids["first"]), last)
    return absence_views.set_by(first_name(by), what)


async def moved(tx: Tx, person: Person, now: datetime) -> None:
    """Somebody's zone is another one, or they left: the huddles that ask them begin when they have to."""
    teams = await teams_of(tx, person, today_in(zone_of(person), now))
    for huddle in await huddles_of(tx, [team.id for team in teams]):
        await following.follow(tx, huddle, now)


async def after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    """What follows from taking an event back: people are there or away again, and a day off is a huddle again."""
    changes = await tx.all(select(Change).where(Change.event_id == event_id))
    rows = [(each.table, {**(each.before or {}), **(each.after or {})}) for each in changes]
    away = {row["person_id"] for table, row in rows if table == Absence.__tablename__}
    own, teams = ({row["id"] for table, row in rows if table == kind.__tablename__} for kind in (Person, Team))
    replies = await days_changed(tx, await _whose_days(tx, away | own, teams, now), now)
    for person in await _whose_days(tx, own, (), now):
        await moved(tx, person, now)
    for huddle_id, on in {
        (row["huddle_id"], row["local_date"]) for table, row in rows if table == HuddleRun.__tablename__
    }:
        huddle = await tx.get(Huddle, huddle_id)
        if huddle is not None:
            replies += await _held_after_all(tx, huddle, date.fromisoformat(on), now)
    return replies


async def _whose_days(tx: Tx, people: Collection[int], teams: Collection[int], now: datetime) -> Sequence[Person]:
    """Some people, and everybody of some teams, each once."""
    found = [await tx.get(Person, number) for number in sorted(people)]
    for number in sorted(teams):
        team = await tx.get(Team, number)
        found += [] if team is None else await members(tx, team, now.date())
    return list({each.id: each for each in found if each is not None}.values())


async def _held_after_all(tx: Tx, huddle: Huddle, on: date, now: datetime) -> Replies:
    """A run whose time has come while it was called off opens now; one that was open closes in time."""
    run = await run_on(tx, huddle, on)
    if run is not None and run.state is HuddleRun.State.OPEN:
        return Replies(plan=tuple(running.window_steps(run, run.opens_at, max(run.closes_at, now))))
    zone = scene.zone_of_huddle(huddle)
    if on != today_in(zone, now) or (run is not None and run.state is not HuddleRun.State.PLANNED):
        return NOTHING
    opened = await tx.first(
        select(Occurrence)
        .where(
            Occurrence.kind == "huddle.open",
            Occurrence.subject_id == huddle.id,
            col(Occurrence.state).in_((Occurrence.State.DONE, Occurrence.State.SKIPPED)),
            col(Occurrence.slot) >= datetime.combine(on, datetime.min.time()),
        )
        .order_by(col(Occurrence.slot))
    )
    return NOTHING if opened is None else await running.open_again(tx, opened, now)
