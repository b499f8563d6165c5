"""What becomes of a form about one action: what was typed is taken, or the form comes back with it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.actions import form_views
from bot.actions.agreeing import pressed
from bot.chat.events import By, Submitted
from bot.chat.forms import Form
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Handler
from storage.actions import Action
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent with the words it asks for; `values` is all that stands in it, `ids` what it is about."""

    tx: Tx
    by: By
    action: Action
    text: str
    values: Mapping[str, str]
    ids: Mapping[str, str]
    now: datetime


FormOf = Callable[[Tx, Action], Awaitable[Form]]
"""The form as it comes back."""


def takes(
    field: str, form_of: FormOf, *, may_be_empty: Callable[[Action], bool] = lambda _action: False
) -> Callable[[Callable[[Filled], Awaitable[Replies]]], Handler[Submitted]]:
    """Makes a form's handler of what follows when its one required `field` holds words."""

    def handler_of(then: Callable[[Filled], Awaitable[Replies]]) -> Handler[Submitted]:
        async def take(event: Submitted, tx: Tx, now: datetime) -> Replies:
            action = await pressed(tx, event)
            text = event.values.get(field, "").strip()
            if not text and not may_be_empty(action):
                return refused(await form_of(tx, action), event.values, {field: form_views.please_write()})
            return await then(Filled(tx, event.by, action, text, event.values, event.ids, now))

        return take

    return handler_of


def refused(form: Form, values: Mapping[str, str], errors: Mapping[str, str]) -> Replies:
    """The form once more, with what was typed and what is wrong with it."""
    return Replies(answer=Answer(form.refused(values, errors)))
