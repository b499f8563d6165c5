"""What can be typed about the plan for the day, and when it comes."""

from collections.abc import Mapping

from bot.chat.commands import Rest, Usage
from bot.chat.routing import Command, Projection, Step
from bot.mornings import handlers, projections, rules
from storage.mornings import PLAN

COMMANDS = (
    Command(
        Usage("today at", rest=Rest.WORDS, bare=r"\d{1,2}([:.]\d\d)?"),
        "When your plan for the day comes",
        handlers.choose_time,
        example="/today at 07:45",
        also="/today at 8:15",
    ),
    Command(Usage("today off"), "No plan for the day any more", handlers.switch_off),
    Command(Usage("today on"), "Your plan for the day again", handlers.switch_on),
)

STEPS: Mapping[str, Step] = {PLAN: Step(handlers.give, "plans for the day", grace=rules.GRACE)}

VIEWS: Mapping[str, Projection] = {PLAN: projections.plan}
