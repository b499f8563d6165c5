"""What can be typed and pressed about accounts, and what falls due."""

from collections.abc import Mapping

from bot.accounts import handlers, joining, pairing, projections, views
from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed
from bot.chat.routing import Command, Handler, Projection, Step, Who
from storage.accounts import HINT, JOINED_VIEW

COMMANDS = (
    Command(Usage("account"), "Your accounts with me, and where my messages come", handlers.show),
    Command(
        Usage("account join", rest=Rest.WORDS),
        "Make two of your accounts one: a code from the one, typed in the other",
        joining.ask,
        example="/account join",
        also="/account join K7QM2XPD",
    ),
    Command(
        Usage("account prefer", rest=Rest.WORDS, bare="teams|slack|local|web"),
        "Where my messages come, if you have several accounts",
        handlers.prefer,
        example="/account prefer teams",
        also="/account prefer slack",
    ),
    Command(
        Usage("account leave"),
        "Separate this account from your others, for what is to come",
        handlers.leave,
    ),
    Command(
        Usage("account pair", rest=Rest.WORDS),
        "Make a workspace and a tenant one organisation: a code from the one, typed in the other",
        pairing.ask,
        who=Who.ADMIN,
        example="/account pair",
        also="/account pair K7QM2XPD",
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    views.JOIN: joining.show_code,
    views.YES: joining.confirm,
    views.NO: joining.refuse,
    views.PREFER: handlers.press_prefer,
    views.LEAVE: handlers.press_leave,
}

STEPS: Mapping[str, Step] = {HINT: Step(handlers.hint, "")}

VIEWS: Mapping[str, Projection] = {
    HINT: projections.hint,
    JOINED_VIEW: projections.joined,
    pairing.PAIRED_VIEW: projections.paired,
}
