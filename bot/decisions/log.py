"""`/council decisions`: the log, a search in it, and one decision whole."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed
from bot.chat.replies import Answer, Replies
from bot.council import standing as council
from bot.decisions import standing, views
from bot.work import handlers as work
from storage.decisions import Decision, decision_coded, decisions
from storage.people import Person
from storage.searching import folded
from storage.tx import Tx


async def show(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/council decisions`, `/council decisions second visit`, `/council decisions D-21`."""
    code = next(iter(event.command.codes), "")
    if code:
        row = work.known(await decision_coded(tx, code), code, "decision")
        return await _one(tx, event.by.person, row)
    of = await council.council_meant(tx, event.by, event.command.keys.get("council", ""))
    words = event.command.title
    found = [(row, await standing.may_read(tx, event.by.person, row)) for row in await decisions(tx, [of.id])]
    chosen = [each for each in found if not words or (each[1] and _has(each[0], folded(words).split()))]
    return Replies(answer=Answer(views.log(of.name, chosen, words, ZoneInfo(of.zone))))


def _has(row: Decision, words: Sequence[str]) -> bool:
    text = folded(f"{row.code} {row.text} {row.reason} {row.implications} {row.customer_view}")
    return all(each in text for each in words)


async def show_one(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Show all of D-21**."""
    row = work.known(await tx.get(Decision, event.number("decision")), "that decision", "decision")
    return await _one(tx, event.by.person, row)


async def _one(tx: Tx, person: Person, row: Decision) -> Replies:
    if not await standing.may_read(tx, person, row):
        raise Declined(views.internal_only(row.code), code="E-03")
    may_settle = await standing.may_settle(tx, person, row)
    return Replies(answer=Answer(views.decision(await standing.shown(tx, row), may_settle=may_settle), stays=True))
