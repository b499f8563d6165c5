"""Everything the bot can do, on one screen: verb, button, form, step or view -> its function."""

from datetime import datetime, timedelta

from bot.accounts import verbs as accounts
from bot.actions import verbs as actions
from bot.agenda import reissuing
from bot.agenda import verbs as agenda
from bot.agenda.coming_from import then_proposed
from bot.blockers import verbs as blockers
from bot.chat.commands import Rest, Usage
from bot.chat.events import Asked, Pressed
from bot.chat.replies import Replies
from bot.chat.routing import Command, Foreseen, Manners, Routes, Step, Who
from bot.consequences import (
    after_undo,
    all_seen_in_plans,
    before_undo,
    freeing_too,
    moved,
    seen_in_plans,
    then_frees,
    then_welcome,
)
from bot.council import verbs as council
from bot.customers import verbs as customers
from bot.decisions import verbs as decisions
from bot.guide import handlers as guide
from bot.home import handlers as home
from bot.home import projections as home_projections
from bot.huddles import (
    absence,
    absence_list,
    ahead,
    answering,
    blocking,
    changing,
    following,
    foreseeing,
    handlers,
    projections,
    running,
    setup,
    setup_views,
    wanting,
)
from bot.huddles import verbs as huddles
from bot.initiatives import verbs as initiatives
from bot.measures import verbs as measures
from bot.meeting import verbs as meeting
from bot.milestones import verbs as milestones
from bot.minutes import approving, attention, papers
from bot.minutes import verbs as minutes
from bot.mornings import verbs as mornings
from bot.operation import handlers as operation
from bot.operation import projections as operation_projections
from bot.people import mail_projections
from bot.people import verbs as people
from bot.quiet import verbs as quiet
from bot.ranking import verbs as ranking
from bot.reading import usable
from bot.roadmap import handlers as roadmap
from bot.search import verbs as searching
from bot.teams import handlers as teams
from bot.teams import rooms
from bot.training import verbs as training
from bot.weekly import following as weekly_following
from bot.weekly import verbs as weekly
from bot.welcome import handlers as joining
from bot.welcome import verbs as welcome
from storage.cadences import REPORT, ROOM
from storage.first_days import Tried
from storage.troubles import REPORT_VIEW
from storage.tx import Tx


async def show_help(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/help`: what this person may use."""
    return guide.show_help(event, await usable(tx, event.by.person, COMMANDS))


async def show_tour(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/help first`: how a day goes, with what this person may use."""
    return guide.show_tour(event, await usable(tx, event.by.person, COMMANDS))


_VERBS = (
    Command(
        Usage("today", dates=True, people=True),
        "Your day: huddles, what is due, what is in the way, what comes next",
        joining.noticed(Tried.What.TODAY, home.show_day),
        example="/today fri",
        also="/today @Zoe",
    ),
    *mornings.COMMANDS,
    Command(Usage("huddle"), "Today's huddle: your answer, or the questions", handlers.show_today),
    Command(
        Usage("huddle answer", dates=True),
        "Answer in a form: today's huddle, or the next one ahead of time",
        ahead.open_form,
        example="/huddle answer tomorrow",
        also="/huddle answer fri",
    ),
    Command(
        Usage("huddle summary", dates=True, past=True),
        "The summary of a day",
        handlers.show_summary,
        example="/huddle summary 23 Nov",
        also="/huddle summary mon",
    ),
    Command(
        Usage("huddle away", aliases=("away", "ooo"), rest=Rest.PERIOD, people=True),
        "Say when you are away; a lead also for others",
        absence.go_away,
        example="away until fri",
        also="/huddle away 21 Dec to 1 Jan",
    ),
    Command(
        Usage("huddle back", aliases=("back",), people=True, dates=True),
        "You are here again",
        absence.come_back,
        example="back",
        also="/huddle back @Fay",
    ),
    *freeing_too(blockers.COMMANDS),
    Command(
        Usage("huddle skip", rest=Rest.WORDS, keys=("team",), dates=True, bare=""),
        "Call a day off",
        handlers.skip,
        who=Who.LEAD,
        example="/huddle skip tomorrow Team day",
        also="/huddle skip 24 Dec Christmas Eve",
    ),
    Command(
        Usage("huddle setup", rest=Rest.WORDS, keys=wanting.KEYS, plain=False),
        "Set up or change a huddle",
        weekly_following.offering(setup.ask),
        who=Who.LEAD,
        example='/huddle setup "Field Dispatch" days:mon-fri at:09:15 mins:15 mode:together',
        also='/huddle setup "Night shift" days:mon,thu at:21:30 tz:Europe/London',
        keys=setup_views.KEYS_BY_EXAMPLE,
    ),
    *huddles.COMMANDS,
    *seen_in_plans(actions.COMMANDS),
    *seen_in_plans(milestones.watched(initiatives.COMMANDS)),
    *seen_in_plans(milestones.COMMANDS),
    *seen_in_plans(weekly.COMMANDS),
    *welcome.COMMANDS,
    *training.COMMANDS,
    *quiet.COMMANDS,
    *searching.COMMANDS,
    *roadmap.COMMANDS,
    *ranking.COMMANDS,
    *reissuing.commands(attention.on_status(council.COMMANDS)),
    *agenda.COMMANDS,
    *decisions.COMMANDS,
    *approving.commands(meeting.COMMANDS),
    *minutes.COMMANDS,
    *seen_in_plans(accounts.COMMANDS),
    *handlers.showing_numbers(measures.COMMANDS),
    *customers.COMMANDS,
    *people.commands(moved),
    Command(
        Usage("team setup", aliases=("team",), rest=Rest.WORDS, plain=False),
        "Set up or change a team, in its channel",
        teams.open_form,
        who=Who.LEAD,
        example='/team setup "Field Dispatch"',
        also='/team setup "Digital"',
    ),
)


async def undo(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Undo**, and what follows from it in the huddles and for the work."""
    await before_undo(tx, event.number("event"))
    return await guide.undo(event, tx, now, after_undo)


_NAMES = tuple(name for each in _VERBS for name in each.usage.names)
_TOPICS = tuple(dict.fromkeys((*_NAMES, *(name.split()[0] for name in _NAMES))))

COMMANDS = (
    *_VERBS,
    Command(
        Usage("help", choices=_TOPICS),
        "What you can ask me",
        show_help,
        example="/help huddle away",
        also="/help action",
    ),
    Command(Usage("help first"), "A short tour: how a day goes", show_tour),
    Command(
        Usage("help term", rest=Rest.WORDS),
        "What a word of ours means",
        guide.show_term,
        example="/help term streak",
        also="/help term NPS",
    ),
)

_EVERYTHING = Routes(
    said=answering.take_text,
    changed=changing.change_line,
    commands=COMMANDS,
    presses={
        "huddle.form": answering.open_form,
        "huddle.same": answering.open_form_as_planned,
        "huddle.take": answering.take_as_answer,
        "huddle.refocus": answering.refocus,
        "huddle.early": ahead.keep_line,
        "huddle.away_today": absence.away_today,
        "huddle.back_today": absence.back_today,
        "huddle.away_back": absence_list.take_back,
        "huddle.away_form": absence_list.open_form,
        **huddles.PRESSES,
        "huddle.blocker_same": blocking.same,
        "huddle.blocker_new": blocking.new,
        **{verb: then_frees(handler) for verb, handler in blockers.PRESSES.items()},
        **customers.PRESSES,
        "operation.again": operation.send_again,
        "operation.leave": operation.leave,
        **roadmap.PRESSES,
        **all_seen_in_plans(accounts.PRESSES),
        "undo": undo,
        **all_seen_in_plans(actions.PRESSES),
        **all_seen_in_plans(initiatives.PRESSES),
        **ranking.PRESSES,
        **council.PRESSES,
        **agenda.PRESSES,
        **decisions.PRESSES,
        **all_seen_in_plans(approving.handlers(meeting.PRESSES)),
        **minutes.PRESSES,
        **all_seen_in_plans(milestones.PRESSES),
        **all_seen_in_plans(weekly.PRESSES),
        **searching.PRESSES,
        **training.PRESSES,
        **welcome.PRESSES,
    },
    forms={
        "huddle.answer": answering.take_form,
        "huddle.away_save": absence.take_form,
        **huddles.FORMS,
        "huddle.save": weekly_following.offering(setup.take_form),
        "team.save": then_welcome(setup.take_team_form),
        **{verb: then_frees(handler) for verb, handler in blockers.FORMS.items()},
        **all_seen_in_plans(actions.FORMS),
        **all_seen_in_plans(initiatives.FORMS),
        **ranking.FORMS,
        **reissuing.forms(council.FORMS),
        **agenda.FORMS,
        **decisions.FORMS,
        **all_seen_in_plans(approving.handlers(meeting.FORMS)),
        **minutes.FORMS,
        **all_seen_in_plans(weekly.FORMS),
        **all_seen_in_plans(milestones.FORMS),
        **welcome.FORMS,
    },
    steps={
        "huddle.open": Step(following.open_run, "huddle", grace=timedelta(minutes=20)),
        "huddle.nudge": Step(running.nudge, "nudge"),
        "huddle.close": Step(running.close, "summary"),
        "huddle.publish": Step(running.publish, "summary so far"),
        "huddle.end": Step(running.end_day, "end of the day"),
        REPORT: Step(operation.report, ""),
        ROOM: Step(rooms.tell, ""),
        **then_proposed(blockers.STEPS),
        **actions.STEPS,
        **ranking.STEPS,
        **council.STEPS,
        **agenda.STEPS,
        **decisions.STEPS,
        **approving.steps(meeting.STEPS),
        **minutes.STEPS,
        **weekly.STEPS,
        **mornings.STEPS,
        **accounts.STEPS,
        **welcome.STEPS,
    },
    views={
        "huddle.prompt": Foreseen(projections.prompt, foreseeing.prompts),
        "huddle.nudge": Foreseen(projections.nudge, foreseeing.prompts),
        "huddle.channel": projections.channel,
        "huddle.details": projections.details,
        **huddles.VIEWS,
        **blockers.VIEWS,
        **customers.VIEWS,
        rooms.VIEW: rooms.room,
        REPORT_VIEW: operation_projections.trouble,
        **mail_projections.VIEWS,
        **actions.VIEWS,
        **initiatives.VIEWS,
        **ranking.VIEWS,
        **council.VIEWS,
        **agenda.VIEWS,
        **decisions.VIEWS,
        **meeting.VIEWS,
        **minutes.VIEWS,
        **milestones.VIEWS,
        **weekly.VIEWS,
        **mornings.VIEWS,
        **accounts.VIEWS,
        **training.VIEWS,
        **welcome.VIEWS,
    },
    enclosed=papers.enclosed,
    home=home_projections.day,
    moved=moved,
)

ROUTES = quiet.with_quiet(
    _EVERYTHING,
    Manners(
        exempt=frozenset({"huddle.prompt", "huddle.nudge"}),
        reminders=frozenset({"action.reminder", "council.reminder", "weekly.nudge"}),
    ),
)
"""The same, with what a person's quiet means for it."""
