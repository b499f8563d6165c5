"""`/milestones phase I-4 "Build" close`: a phase is over when its milestones are achieved or waived."""

from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.milestones import reply_views, standing
from bot.milestones.adding import phase_named
from bot.work import handlers as work
from bot.work.rules import Part
from bot.work.views import only
from storage import audit
from storage.initiatives import Phase, initiative_coded, phases_of
from storage.links import Thing
from storage.milestones import open_in_phase
from storage.tx import Tx

CLOSE = "close"


async def close(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """Raises: Declined (E-15) while something of it is open."""
    code = next(iter(event.command.codes), "")
    initiative = work.known(await initiative_coded(tx, code) if code else None, code, "initiative")
    if not await standing.may_see_initiative(tx, event.by.person, initiative):
        raise work.unseen(initiative.code)
    name = next(iter(event.command.quoted), "")
    rest = event.command.words
    if not name and rest.casefold().endswith(f" {CLOSE}"):
        name, rest = rest[: -len(CLOSE)].strip(), CLOSE
    if not name or rest.casefold() != CLOSE:
        raise Declined(reply_views.how_to_close())
    if not await standing.may_add(tx, initiative, event.by.person):
        raise Declined(only((Part.OWNER, Part.SPONSOR, Part.LEAD), initiative.code), code="E-03")
    phase = phase_named(initiative, await phases_of(tx, initiative.id), name)
    if phase.state is Phase.State.ENDED:
        raise Declined(reply_views.phase_over(phase.name), code="E-05")
    left = await open_in_phase(tx, phase)
    if left:
        raise Declined(reply_views.open_in_phase(phase.name, left), code="E-15")
    phase.state = Phase.State.ENDED
    end = (Thing.INITIATIVE, initiative.id)
    audit.note(tx, end, "close phase", field="phase", before=phase.name, after=Phase.State.ENDED.value)
    return Replies(answer=Answer(reply_views.phase_closed(initiative, phase)), undoable=True)
