"""What can be typed, pressed and sent in the first days, and what falls due in them."""

from collections.abc import Mapping

from bot.chat.commands import Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection, Step
from bot.welcome import handlers, practice_views, practising, projections

COMMANDS = (Command(Usage("huddle practice"), "A huddle to yourself, of which nothing is kept", practising.open_form),)

PRESSES: Mapping[str, Handler[Pressed]] = {"huddle.practice": practising.open_form}

FORMS: Mapping[str, Handler[Submitted]] = {practice_views.VERB: practising.take_form}

STEPS: Mapping[str, Step] = {
    kind: Step(handlers.greet, "first days of somebody new") for kind in handlers.STEPS.values()
}

VIEWS: Mapping[str, Projection] = {projections.JOINER: projections.joiner, projections.LEAD: projections.lead}
