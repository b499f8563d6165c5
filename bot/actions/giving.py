"""**Give it back**: to somebody who is named, else to the one who asked for it."""

from datetime import datetime

from bot.actions import form_views, standing
from bot.actions.agreeing import chosen, hand_over
from bot.actions.filling import Filled, refused, takes
from bot.actions.outside import leaving
from bot.chat.events import Pressed
from bot.chat.forms import Form
from bot.chat.replies import Answer, Replies
from bot.people import handlers as people
from storage.actions import Action
from storage.links import Thing
from storage.tx import Tx


async def ask_giving(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Give it back**: the form."""
    return Replies(answer=Answer(form_views.give_back(await chosen(tx, event, "assign", now), {})))


async def _form(_tx: Tx, action: Action) -> Form:
    return form_views.give_back([action], {})


@takes(form_views.WHY, _form)
async def give_back(sent: Filled) -> Replies:
    """Who is named is asked also where a lead gives it back."""
    tx, typed = sent.tx, sent.values.get("owner", "")
    named = await people.chosen(tx, sent.by.place, typed)
    whom = named or (None if typed else await standing.asker(tx, sent.action, but=sent.by.person))
    if whom is None:
        form = form_views.give_back([sent.action], {})
        return refused(form, sent.values, {"owner": form_views.can_not_be_asked()})
    leaves = await leaving(tx, (Thing.ACTION, sent.action.id), whom, by=sent.by.person)
    if leaves is not None and sent.ids.get(form_views.OUTSIDE) != str(whom.id):
        form = form_views.read_outside(form_views.give_back([sent.action], {}), sent.values, whom, leaves)
        return Replies(answer=Answer(form, refuses=True))
    return await hand_over(tx, sent.by, sent.action, whom, reason=sent.text, now=sent.now, asks=True)
