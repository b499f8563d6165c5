"""`/council`: how the next meeting stands (K-08), and `/council coverage`: who sits for which part of the journey."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.chat.events import Asked
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Handler
from bot.council import facing, seat_views, standing, status_views, summing_up, views
from bot.council.standing import Around
from bot.council.status_views import Fact, Status
from storage.actions import CLOSED, Action
from storage.agenda import AgendaItem, items_of, reports_of
from storage.councils import Council, departments_numbered
from storage.minutes import actions_of_council
from storage.people import Person, zone_of
from storage.tx import Tx

GONE = frozenset({AgendaItem.State.DECLINED, AgendaItem.State.MERGED, AgendaItem.State.WITHDRAWN})


Provider: TypeAlias = Callable[[Tx, Council, Person], Awaitable[Sequence[Fact]]]
"""What another feature knows of a council, as far as somebody may see it."""
Live: TypeAlias = Callable[[Tx, Around, Person], Awaitable[Fact]]
"""Where a meeting that is on stands, as far as somebody may see it."""


def showing(*providers: Provider, live: Live | None = None) -> Handler[Asked]:
    """`/council`: date, answers, quorum, reports, gaps, the customer's seat, open actions, and what others add.

    While a meeting is on, where it stands and its quorum instead of what was said before it.
    """

    async def show(event: Asked, tx: Tx, now: datetime) -> Replies:
        council = await standing.council_meant(tx, event.by, event.command.keys.get("council", ""))
        person = event.by.person
        more = [fact for known in providers for fact in await known(tx, council, person)]
        status = replace(await status_of(tx, council, person, now), more=more)
        found = None if status.seated is None else Around(status.seated.meeting, council)
        if live is not None and found is not None and standing.is_running(found):
            quorum = await standing.quorum_now(tx, found)
            status = replace(status, live=status_views.live(await live(tx, found, person), quorum))
        return Replies(answer=Answer(status_views.card(status, zone_of(person))))

    return show


async def status_of(tx: Tx, council: Council, person: Person, now: datetime) -> Status:
    """K-08, as far as there is a meeting to come."""
    seats = await standing.held_seats(tx, council)
    holder = summing_up.customers(seats)
    customer = "no seat" if holder is None else holder.person.name if holder.person is not None else views.VACANT
    waiting = await _open_actions(tx, council)
    today = today_in(ZoneInfo(council.zone), now)
    status = Status(
        council,
        customer=customer,
        vacant=summing_up.vacant([each for each in seats if each is not holder]),
        unseated=[each.name for each in await summing_up.without_seat(tx, seats)],
        open_actions=len(waiting),
        overdue=sum(each.due_on is not None and each.due_on < today for each in waiting),
    )
    meeting = await standing.next_seen(tx, council, person)
    return status if meeting is None else await _with_meeting(tx, status, Around(meeting, council), person)


async def _open_actions(tx: Tx, council: Council) -> Collection[Action]:
    """What the council has asked for and is not done, each once."""
    found = [action for _, action in await actions_of_council(tx, council.id) if action.state not in CLOSED]
    return {each.id: each for each in found}.values()


async def _with_meeting(tx: Tx, status: Status, found: Around, person: Person) -> Status:
    mine = await facing.seated(tx, found, person)
    reports = await reports_of(tx, found.meeting.id)
    gone = {each.department_id for each in reports if each.state not in facing.IN}
    items = [
        each
        for each in await items_of(tx, found.meeting.id)
        if each.kind is AgendaItem.Kind.ITEM and each.state not in GONE
    ]
    return status_views.with_meeting(
        status,
        mine,
        missing=[each.name for each in await departments_numbered(tx, gone)],
        reports=len(reports),
        items=len(items),
        proactive=sum(each.stance is AgendaItem.Stance.PROACTIVE for each in items),
    )


async def coverage(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/council coverage`: department by department along the journey. Source: domain.md S2-09."""
    council = await standing.council_meant(tx, event.by, event.command.keys.get("council", ""))
    holder = summing_up.customers(await standing.held_seats(tx, council))
    customer = "none" if holder is None else holder.person.name if holder.person is not None else views.VACANT
    return Replies(answer=Answer(seat_views.coverage(council, await summing_up.coverage(tx, council), customer)))
