"""A team's day as a row of acts, each of which may be repeated, and what people see after it."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlmodel import col, select

from bot.chat.cards import Button, buttons_of
from bot.chat.codec import decoded_card
from storage.blockers import Blocker
from storage.cadences import Occurrence
from storage.engine import Database
from storage.events import EventSeen
from storage.huddles import HuddleAnswer, HuddleRun
from storage.local import LocalPost
from storage.messages import Lane, Message
from storage.people import Department, Person
from storage.tx import SYSTEM, Tx
from tests.faults.processes import Running, answer_fields
from tests.support.reading import words_of

TUESDAY = date(2026, 11, 24)
CHANNEL = "field-dispatch"


def at(hour: int, minute: int, day: int = 24) -> datetime:
    """An instant of that week."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@dataclass(slots=True)
class Act:
    """The clock moves, or somebody does something: a path of the local chat and its fields, with the event's id."""

    to: datetime | None = None
    path: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    is_told: bool = False
    """Whether the one who acted was told that it was taken; the clock is told nothing, and goes there again."""

    async def play(self, house: Running) -> None:
        """It comes again until it is taken. Raises: Died."""
        if self.to is not None:
            await house.until(self.to)
        else:
            await house.post(self.path, self.fields)
            self.is_told = True


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that people see, what they said, and what became of the steps and messages, without row ids."""

    posts: list[tuple[str, ...]]
    answers: list[tuple[str, int, str]]
    blockers: list[tuple[str, str]]
    events: list[str]
    steps: list[tuple[str, str]]
    messages: list[tuple[str, str]]
    leased: int

    @property
    def said_twice(self) -> int:
        """How many messages of the bot stand more than once in the same room."""
        return sum(times > 1 for (_, by, *_), times in Counter(self.posts).items() if by == "bot")


async def story_of(database: Database) -> Story:
    """Reads it while nobody writes."""
    async with database.read(SYSTEM) as tx:
        return await _read(tx)


async def _read(tx: Tx) -> Story:
    posts = (await tx.session.scalars(select(LocalPost).where(col(LocalPost.deleted).is_(False)))).all()
    lasting = await _lasting_keys(tx)
    names = {person.id: person.name for person in await tx.all(select(Person))}
    run = await todays_run(tx)
    answers = [] if run is None else await tx.all(select(HuddleAnswer).where(HuddleAnswer.run_id == run))
    return Story(
        posts=sorted((each.room_id, each.user_id or "bot", each.only_for or "", _words(each)) for each in posts),
        answers=sorted((names[each.person_id], each.edition, each.answers["focus"]) for each in answers),
        blockers=sorted((each.code, each.state) for each in await tx.all(select(Blocker))),
        events=sorted(each.external_id for each in await tx.all(select(EventSeen))),
        steps=sorted((lasting(each.key), each.state) for each in await tx.all(select(Occurrence))),
        messages=sorted((lasting(each.key), each.state) for each in await tx.all(select(Message))),
        leased=len(await tx.all(select(Lane.id).where(col(Lane.lease_until) > datetime.now(UTC)))),
    )


async def _lasting_keys(tx: Tx) -> Callable[[str], str]:
    """Keys with what a run and a blocker are called: a number that was rolled back is not given again on a server."""
    names = {f"huddle:{run.id}:": f"huddle of {run.local_date}:" for run in await tx.all(select(HuddleRun))}
    names |= {f"blocker:{blocker.id}:": f"blocker {blocker.code}:" for blocker in await tx.all(select(Blocker))}

    def lasting(key: str) -> str:
        known = next((number for number in names if key.startswith(number)), "")
        return names.get(known, "") + key.removeprefix(known)

    return lasting


def _words(post: LocalPost) -> str:
    return words_of(decoded_card(post.card)) if post.card else post.text


async def todays_run(tx: Tx) -> int | None:
    """The number of Tuesday's huddle."""
    return await tx.first(select(HuddleRun.id).where(HuddleRun.local_date == TUESDAY))


async def todays_run_in(database: Database, within_s: float = 20) -> int:
    """Waits until Tuesday's huddle is open, and gives its number."""
    async with asyncio.timeout(within_s):
        while True:
            async with database.read(SYSTEM) as tx:
                run = await todays_run(tx)
            if run is not None:
                return run
            await asyncio.sleep(0.02)


async def kept_of(database: Database, user: str) -> list[str]:
    """What somebody answered on Tuesday, oldest first."""
    found = [(edition, focus) for name, edition, focus in (await story_of(database)).answers if name == user.title()]
    return [focus for _, focus in sorted(found)]


async def all_shown(database: Database, within_s: float = 20) -> None:
    """Waits until nothing that may be seen by now is under way."""
    under_way = (Message.State.READY, Message.State.SENDING, Message.State.UNKNOWN)
    waits = col(Message.state).in_(under_way)
    async with asyncio.timeout(within_s):
        while True:
            async with database.read(SYSTEM) as tx:
                left = await tx.first(select(Message.id).where(waits, col(Message.due_at) <= at(9, 15)))
            if left is None:
                return
            await asyncio.sleep(0.05)


ACTS = (
    "the huddle opens",
    "an answer",
    "an answer with a blocker",
    "an edit",
    "the nudge",
    "a line of text",
    "the close",
    "an offer of help",
    "an Undo",
    "a late answer",
    "the end of the day",
)


async def act_of(database: Database, name: str) -> Act:
    """An act with the ids that the database has by now; those before it have been played."""
    async with database.read(SYSTEM) as tx:
        return await _act(tx, name)


async def _act(tx: Tx, name: str) -> Act:
    match name:
        case "the huddle opens":
            return Act(to=at(9, 15))
        case "an answer":
            return await _answered(tx, name, "amy", focus="Read the meters in Oakley Road")
        case "an answer with a blocker":
            helper = await tx.first(select(Department.id).where(Department.name == "Call centre"))
            stuck = {"blocker": "3 of 8 jobs had no fault details", "helper": str(helper)}
            return await _answered(tx, name, "cem", focus="Mill Lane", **stuck)
        case "an edit":
            return await _answered(tx, name, "amy", focus="Read the meters in Quay Street")
        case "the nudge":
            return Act(to=at(9, 25))
        case "a line of text":
            return _said(name, "dee", "Call back four customers")
        case "the close":
            return Act(to=at(9, 30))
        case "an offer of help":
            return await _pressed(tx, name, "dana", "blocker.help")
        case "an Undo":
            return await _pressed(tx, name, "dana", "undo")
        case "a late answer":
            return _said(name, "eli", "Stock count, van 9")
        case "the end of the day":
            return Act(to=at(0, 0, day=25))
        case _:
            raise LookupError(f"no act is called {name!r}")


async def _answered(tx: Tx, name: str, user: str, **values: str) -> Act:
    fields = answer_fields(user, await todays_run(tx) or 0, values)
    return Act(path="submit", fields=fields | {"event": name.replace(" ", "-")})


def _said(name: str, user: str, text: str) -> Act:
    fields = {"as": user, "room": "dm", "text": text, "event": name.replace(" ", "-")}
    return Act(path="say", fields=fields)


async def _pressed(tx: Tx, name: str, user: str, verb: str) -> Act:
    """The newest button with that verb in the team's channel."""
    newest = select(LocalPost).where(LocalPost.room_id == CHANNEL).order_by(col(LocalPost.id).desc())
    for post in await tx.session.scalars(newest):
        for button in buttons_of(decoded_card(post.card)) if post.card else ():
            if isinstance(button, Button) and button.verb == verb:
                fields = {"as": user, "post": str(post.id), "verb": verb, "ids": json.dumps(dict(button.ids))}
                return Act(path="press", fields=fields | {"event": name.replace(" ", "-")})
    raise LookupError(f"nobody sees a button {verb} in {CHANNEL}")
