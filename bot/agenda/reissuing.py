"""A report that is changed, or comes, once the agenda is out makes a new version of it, and the chair hears of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from bot.agenda import assembly, message_views, publishing
from bot.agenda.documents import Difference, What, agenda_in, with_reports
from bot.agenda.line_views import offered_by
from bot.agenda.rules import REPORTS
from bot.chat.events import Asked, Submitted
from bot.chat.replies import NOTHING, Replies
from bot.chat.routing import Command, Handler
from bot.council import standing as council
from bot.council.rules import Reading
from bot.council.rules import State as Meeting
from storage.agenda import AgendaItem, DepartmentReport, items_of, newest_edition, reports_changed_in
from storage.people import Person
from storage.tx import Tx

E = TypeVar("E", Asked, Submitted)
TABLE = DepartmentReport.__tablename__


def commands(found: Sequence[Command]) -> tuple[Command, ...]:
    """Verbs of a council, after which the agenda that is out tells the report as it is now."""
    return tuple(replace(each, handler=_then_reissued(each.handler)) for each in found)


def forms(found: Mapping[str, Handler[Submitted]]) -> dict[str, Handler[Submitted]]:
    """The same for its forms."""
    return {verb: _then_reissued(handler) for verb, handler in found.items()}


def _then_reissued(handler: Handler[E]) -> Handler[E]:
    async def handle(event: E, tx: Tx, now: datetime) -> Replies:
        replies = await handler(event, tx, now)
        await tx.flush()
        if TABLE not in tx.written:
            return replies
        changed = await reports_changed_in(tx, event.by.event_id)
        for number in {each.meeting_id for each in changed}:
            departments = {each.department_id for each in changed if each.meeting_id == number}
            replies += await _reissued(tx, number, departments, event.by.person, now)
        return replies

    return handle


async def _reissued(  # noqa: PLR0917 - whose reports changed, by whom and when
    tx: Tx, number: int, departments: Collection[int], by: Person, now: datetime
) -> Replies:
    """The newest version with these reports as they are now; nothing else of what is being prepared comes out."""
    found = await council.around(tx, number)
    newest = await newest_edition(tx, number)
    if found is None or newest is None or found.meeting.state is not Meeting.PUBLISHED:
        return NOTHING
    out = agenda_in(newest.content)
    known = {each.id for each in out.section(REPORTS).items}
    comes_in = council.takes_reports_at_once(found, now)
    if comes_in:
        await publishing.first_reports(tx, found, departments)
    rows = await items_of(tx, number)
    items = {each.id for each in rows if each.kind is AgendaItem.Kind.REPORT and each.department_id in departments}
    items = items if comes_in else items & known
    whole = await assembly.assembled(tx, found, now, reading=Reading.FULL)
    offers = {offered_by(each.department) for each in whole.section(REPORTS).items if each.id in items}
    agenda = with_reports(out, whole, items, offers)
    told = [each for each in agenda.section(REPORTS).items if each.id in items]
    if agenda == out or not told:
        return NOTHING
    kinds = [(What.CORRECTED if each.id in known else What.REPORT, each) for each in told]
    changes = message_views.change_log([Difference(what, each.section, each) for what, each in kinds])
    return await publishing.reissued(tx, found, agenda, changes, by=by)
