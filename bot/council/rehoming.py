"""What was proposed for a meeting that is called off goes to the next one: nothing vanishes."""

from sqlmodel import col, select

from bot.council.standing import Around
from storage.agenda import OPEN, AgendaItem, DepartmentReport, report_of, reports_of
from storage.meetings import CouncilMeeting, next_meeting
from storage.tx import Tx

State, Report = AgendaItem.State, DepartmentReport.State


async def to_next(tx: Tx, found: Around) -> CouncilMeeting | None:
    """The meeting to which items and reports of one that is called off have gone; None where none is planned.

    Without one they stay where they are.
    """
    following = await next_meeting(tx, found.council.id)
    if following is None:
        return None
    await _bring(tx, found.meeting.id, following)
    return following


async def _bring(tx: Tx, from_id: int, following: CouncilMeeting) -> None:
    items = select(AgendaItem).where(AgendaItem.meeting_id == from_id, AgendaItem.kind == AgendaItem.Kind.ITEM)
    for item in await tx.all(items.where(col(AgendaItem.state).in_(OPEN))):
        item.meeting_id, item.seq, item.state, item.is_late = following.id, 0, State.SUBMITTED, False
    for report in await reports_of(tx, from_id):
        is_written = report.state in {Report.RECEIVED, Report.LATE, Report.DRAFT}
        if is_written and await report_of(tx, following.id, report.department_id) is None:
            report.meeting_id = following.id
            report.state = Report.DRAFT if report.state is Report.DRAFT else Report.RECEIVED
    await tx.flush()
