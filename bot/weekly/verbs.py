"""Everything that can be typed, pressed and sent about weekly follow-ups, and what falls due."""

from collections.abc import Mapping

from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection, Step, Who
from bot.weekly import handlers, planning, projections, rules, running, setup, updating

_TEAM = ("team",)

COMMANDS = (
    Command(
        Usage("weekly", aliases=("weekly show",), keys=_TEAM),
        "The week as it stands now: done, late, due, in the way, and the plan",
        handlers.show,
        example="/weekly",
        also='/weekly team:"Field Dispatch"',
    ),
    Command(
        Usage("weekly update", keys=_TEAM),
        "Say what got done, what slowed you, and what comes next",
        updating.update,
        example="/weekly update",
        also='/weekly update team:"Field Dispatch"',
    ),
    Command(
        Usage("weekly plan", keys=_TEAM, people=True),
        "Next week's goals; who leads the team changes them",
        planning.plan,
        example="/weekly plan @Zoe",
        also='/weekly plan team:"Field Dispatch"',
    ),
    Command(
        Usage("weekly confirm", keys=_TEAM),
        "Confirm next week's plan",
        planning.confirm,
        who=Who.LEAD,
        example="/weekly confirm",
        also='/weekly confirm team:"Field Dispatch"',
    ),
    Command(
        Usage("weekly skip", rest=Rest.WORDS, keys=_TEAM, bare=""),
        "Call the next weekly meeting off",
        handlers.skip,
        who=Who.LEAD,
        example="/weekly skip Half the team is at the fair",
        also="/weekly skip Christmas",
    ),
    Command(
        Usage("weekly setup", rest=Rest.WORDS, keys=setup.KEYS, bare="(off)?"),
        "Set up or change a team's weekly follow-up; off ends it",
        setup.ask,
        who=Who.LEAD,
        example="/weekly setup day:fri at:10:00",
        also='/weekly setup day:thu at:14:00 team:"Field Dispatch"',
    ),
    Command(
        Usage("weekly pause", keys=_TEAM),
        "Nobody is asked until it is resumed",
        setup.pause,
        who=Who.LEAD,
        example="/weekly pause",
        also='/weekly pause team:"Field Dispatch"',
    ),
    Command(
        Usage("weekly resume", keys=_TEAM),
        "The weekly follow-up goes on",
        setup.resume,
        who=Who.LEAD,
        example="/weekly resume",
        also='/weekly resume team:"Field Dispatch"',
    ),
    Command(
        Usage("weekly end", keys=_TEAM),
        "No weekly follow-up any more; what was said stays",
        setup.end,
        who=Who.LEAD,
        example="/weekly end",
        also='/weekly end team:"Field Dispatch"',
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    "weekly.right": updating.right,
    "weekly.form": updating.open_form,
    "weekly.tasks": handlers.tasks,
    "weekly.blocker": handlers.make_blocker,
    "weekly.plan": planning.show,
    "weekly.edit": planning.edit,
    "weekly.confirm": planning.confirm,
    "weekly.yes": setup.yes,
    "weekly.other": setup.other,
    "weekly.no": setup.no,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "weekly.update": updating.take_form,
    "weekly.plan": planning.take_form,
    "weekly.keep": planning.keep,
    "weekly.save": setup.take_form,
    "weekly.skip": handlers.take_skip,
}

STEPS: Mapping[str, Step] = {
    running.BEGIN: Step(running.begin, "weekly follow-up begins"),
    rules.ASK: Step(running.ask, "weekly check", grace=rules.GRACE),
    rules.NUDGE: Step(running.nudge, "weekly reminder", grace=rules.GRACE),
    rules.PACK: Step(running.pack, "weekly pack", grace=rules.GRACE),
    rules.CONFIRM: Step(running.confirm, "plan to confirm", grace=3 * rules.GRACE),
    rules.SUMMARY: Step(running.summarise, "weekly summary", grace=rules.GRACE),
}

VIEWS: Mapping[str, Projection] = {
    rules.ASK: projections.ask,
    rules.NUDGE: projections.nudge,
    rules.PACK: projections.pack,
    rules.CONFIRM: projections.confirm,
    rules.SUMMARY: projections.summary,
    running.OFFER: projections.offer,
}
