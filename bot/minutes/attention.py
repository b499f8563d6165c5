"""`/council attention`: how much attention a meeting paid to customers, and what its record can't know."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Command
from bot.council import standing as council
from bot.council import status
from bot.council.standing import Around
from bot.council.status_views import Fact
from bot.meeting import standing as meeting
from bot.minutes import attention_rules, attention_views, gathering, standing
from bot.minutes.attention_rules import Attention, Facts
from bot.work.rules import Part
from storage import audit
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.links import Thing
from storage.meetings import AttentionInput, attention_input, hold, newest_held
from storage.people import Person, Role, roles_of
from storage.tx import Tx

INPUTS = {
    "customer": "customer_reviews", "finance": "finance_reviews", "bonus": "bonus_members", "leaders": "top_members",
}  # fmt: skip
KEYS = ("council", *INPUTS)
NUMBER_MAX = 9999


async def show(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/council attention [date] [customer:2 finance:4 bonus:1 leaders:5]`. Raises: Declined (E-03, E-06)."""
    command, person = event.command, event.by.person
    of = await council.council_meant(tx, event.by, command.keys.get("council", ""))
    found = await standing.held_by(tx, of, next(iter(command.dates), None))
    await _may(tx, person, found)
    given = {column: _number(key, command.keys[key]) for key, column in INPUTS.items() if key in command.keys}
    if given:
        await _keep(tx, found, given)
    facts, record = await facts_of(tx, found)
    items = [each for each in record.items if each.kind is AgendaItem.Kind.ITEM]
    card = attention_views.attention(of.name, found.meets_on, attention_rules.attention(facts), facts, items=items)
    return Replies(answer=Answer(card), undoable=bool(given))


def on_status(found: Sequence[Command]) -> tuple[Command, ...]:
    """The verbs of a council, whose status tells the attention of its last meeting. Source: domain.md K-08."""
    shown = status.showing(last_told, live=meeting.on_status)
    return tuple(replace(each, handler=shown) if each.usage.verb == "council" else each for each in found)


async def last_told(tx: Tx, of: Council, person: Person) -> Sequence[Fact]:
    """The attention of the newest meeting that was held, with its parts, for whoever may see it."""
    meeting = await newest_held(tx, of.id)
    if meeting is None:
        return ()
    found = Around(meeting, of)
    if not await _sees(tx, person, found):
        return ()
    return (attention_views.on_status(await of_meeting(tx, found), found.meets_on),)


async def of_meeting(tx: Tx, found: Around) -> Attention:
    """The attention of a meeting that was held."""
    facts, _ = await facts_of(tx, found)
    return attention_rules.attention(facts)


async def facts_of(tx: Tx, found: Around) -> tuple[Facts, gathering.Record]:
    """What the index is counted from, with the record that most of it comes from."""
    record = await gathering.record_of(tx, found)
    total = attention_rules.meeting_minutes(record.times, found.meeting.length_min)
    spent = attention_rules.customer_minutes(record.times, record.sections, record.items)
    there, seniors = attention_rules.seniors(found.council, record.seats.values(), record.attendances, record.presences)
    own = Facts(None if total is None else spent, total, there, seniors)
    return attention_rules.with_input(own, await attention_input(tx, found.meeting.id)), record


async def _may(tx: Tx, person: Person, found: Around) -> None:
    """Raises: Declined (E-03)."""
    if not await _sees(tx, person, found):
        raise Declined(attention_views.only_for(found.council.name), code="E-03")


async def _sees(tx: Tx, person: Person, found: Around) -> bool:
    """Source: domain.md 3.2, `attention x,c,s`."""
    parts = await council.parts_of(tx, person, found)
    return not parts.isdisjoint({Part.CHAIR, Part.SECRETARY}) or Role.Kind.EXECUTIVE in await roles_of(tx, person)


def _number(key: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= NUMBER_MAX):
        raise Declined(attention_views.not_a_number(key, text[:20]), code="E-06")
    return int(text)


async def _keep(tx: Tx, found: Around, given: dict[str, int]) -> None:
    """What the record can't know; a figure that was given before is replaced, and both are in the trail."""
    await hold(tx, found.meeting)
    row = await attention_input(tx, found.meeting.id)
    if row is None:
        row = AttentionInput(meeting_id=found.meeting.id)
        tx.add(row)
    for column, number in given.items():
        before = getattr(row, column)
        setattr(row, column, number)
        audit.note(tx, (Thing.MEETING, found.meeting.id), "attention", field=column, before=before, after=number)
    if row.bonus_members is not None and row.top_members is not None and row.bonus_members > row.top_members:
        raise Declined(attention_views.more_than_all(row.bonus_members, row.top_members), code="E-06")
    await tx.flush()
