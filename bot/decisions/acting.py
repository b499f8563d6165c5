"""An action that comes from a decision: its form can be sent as it is."""

from datetime import datetime

from bot.actions import form_views, standing
from bot.actions import rules as action_rules
from bot.chat.errors import Declined
from bot.chat.events import Pressed
from bot.chat.replies import Answer, Replies
from bot.decisions import views
from bot.decisions.standing import may_read
from bot.work import handlers as work
from storage.decisions import Decision
from storage.links import Thing
from storage.tx import Tx


async def open_form(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Make an action**: the decision's text, whoever moved it, and a date a week of work away."""
    row = work.known(await tx.get(Decision, event.number("decision")), "that decision", "decision")
    person = event.by.person
    if not await may_read(tx, person, row):
        raise Declined(views.internal_only(row.code), code="E-03")
    works = await standing.works_of(tx, person)
    due_on = action_rules.nth_working_day(standing.today_of(person, now), action_rules.PROPOSED_DAYS, works)
    values = {
        # An owner from outside would read it: what is internal is put into other words by hand.
        "title": "" if row.internal else row.text[: action_rules.TITLE_MAX],
        "owner": str(row.moved_by or person.id),
        "due": due_on.isoformat(),
    }
    return Replies(answer=Answer(form_views.add(values, ids={"from": f"{Thing.DECISION.value}:{row.id}"})))
