"""Everything the bot can do, on one screen: verb, button, form, step or view -> its function."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions import reminding
from bot.actions import verbs as actions
from bot.blockers import projections as blocker_projections
from bot.chat.commands import Rest, Usage
from bot.chat.events import Asked, Pressed
from bot.chat.replies import Replies
from bot.chat.routing import Command, Routes, Step, Who
from bot.guide import handlers as guide
from bot.home import handlers as home
from bot.home import projections as home_projections
from bot.huddles import absence, answering, blocking, changing, handlers, presence, projections, running, setup
from bot.initiatives import verbs as initiatives
from bot.measures import handlers as measures
from bot.milestones import verbs as milestones
from bot.operation import handlers as operation
from bot.operation import projections as operation_projections
from bot.people import handlers as people
from bot.reading import usable
from bot.roadmap import handlers as roadmap
from bot.search import verbs as searching
from bot.teams import handlers as teams
from bot.teams import rooms
from bot.work import handlers as work
from storage.cadences import REPORT, ROOM
from storage.people import Person
from storage.troubles import REPORT_VIEW
from storage.tx import Tx


async def show_help(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/help`: what this person may use."""
    return guide.show_help(event, await usable(tx, event.by.person, COMMANDS))


async def add_guests(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/people add`, and what follows from it in the huddles."""
    return await _moved(tx, await people.add_guests(event, tx), now)


async def remove_guests(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/people remove`, and what follows from it in the huddles."""
    return await _moved(tx, await people.remove_guests(event, tx), now)


async def _moved(tx: Tx, changed: tuple[Sequence[Person], Replies], now: datetime) -> Replies:
    for person in changed[0]:
        await moved(tx, person, now)
    return changed[1]


async def moved(tx: Tx, person: Person, now: datetime) -> None:
    """Somebody's zone is another one, or they left or came back: their huddles and their actions follow."""
    await presence.moved(tx, person, now)
    await reminding.moved(tx, person, now)


_VERBS = (
    Command(
        Usage("today", dates=True, people=True),
        "Your day: huddles, what is due, what is in the way, what comes next",
        home.show_day,
    ),
    Command(Usage("huddle"), "Today's huddle: your answer, or the questions", handlers.show_today),
    Command(Usage("huddle answer"), "Answer today's huddle in a form", handlers.answer),
    Command(
        Usage("huddle summary", dates=True, past=True),
        "The summary of a day",
        handlers.show_summary,
        example="/huddle summary 23 Nov",
    ),
    Command(
        Usage("huddle away", aliases=("away", "ooo"), rest=Rest.PERIOD, people=True),
        "Say when you are away; a lead also for others",
        absence.go_away,
        example="away until fri",
    ),
    Command(Usage("huddle back", aliases=("back",), people=True, dates=True), "You are here again", absence.come_back),
    Command(
        Usage("huddle resolve", rest=Rest.WORDS, codes=("B",)),
        "A blocker is out of the way",
        blocking.resolve,
        example="/huddle resolve B-7 found the notes",
    ),
    Command(
        Usage("huddle skip", rest=Rest.WORDS, keys=("team",), dates=True, plain=False),
        "Call a day off",
        handlers.skip,
        who=Who.LEAD,
        example="/huddle skip tomorrow Team day",
    ),
    Command(
        Usage("huddle setup", rest=Rest.WORDS, keys=setup.KEYS, plain=False),
        "Set up or change a huddle",
        setup.ask,
        who=Who.LEAD,
        example='/huddle setup "Field Dispatch" days:mon-fri at:09:15 mins:15 mode:together',
    ),
    *actions.COMMANDS,
    *milestones.watched(initiatives.COMMANDS),
    *milestones.COMMANDS,
    *searching.COMMANDS,
    *roadmap.COMMANDS,
    Command(
        Usage(
            "measure record", rest=Rest.WORDS, keys=("value", "period"), dates=True, past=True, values=True, plain=False
        ),
        "Store yesterday's customer number",
        handlers.record_measure,
        example="/measure record FTF 78",
    ),
    Command(Usage("measure list", aliases=("measure",)), "The customer numbers", measures.show_all),
    Command(
        Usage("measure show", rest=Rest.WORDS, plain=False),
        "One customer number and how it came there",
        measures.show,
        example="/measure show FTF",
    ),
    Command(
        Usage("measure add", rest=Rest.WORDS, keys=("code", "unit", "team"), plain=False),
        "Add a customer number",
        measures.add,
        who=Who.LEAD,
        example='/measure add "First-time fix" code:FTF unit:percent',
    ),
    Command(
        Usage("people add", people=True, plain=False),
        "Let a guest take part",
        add_guests,
        who=Who.ADMIN,
        example="/people add @Robin",
    ),
    Command(
        Usage("people remove", people=True, plain=False),
        "A guest takes no part any more",
        remove_guests,
        who=Who.ADMIN,
        example="/people remove @Robin",
    ),
    Command(
        Usage("team setup", aliases=("team",), rest=Rest.WORDS, plain=False),
        "Set up or change a team, in its channel",
        teams.open_form,
        who=Who.LEAD,
        example='/team setup "Field Dispatch"',
    ),
)


async def undo(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Undo**, and what follows from it in the huddles and for the work."""
    return await guide.undo(event, tx, now, _after_undo)


async def _after_undo(tx: Tx, event_id: int, now: datetime) -> Replies:
    await work.after_undo(tx, event_id)
    await initiatives.after_undo(tx, event_id, now)
    return await milestones.after_undo(tx, event_id, now) + await presence.after_undo(tx, event_id, now)


_NAMES = tuple(name for each in _VERBS for name in each.usage.names)
_TOPICS = tuple(dict.fromkeys((*_NAMES, *(name.split()[0] for name in _NAMES))))

COMMANDS = (
    *_VERBS,
    Command(
        Usage("help", choices=_TOPICS),
        "What you can ask me",
        show_help,
        example="/help huddle away",
    ),
)

ROUTES = Routes(
    said=answering.take_text,
    changed=changing.change_line,
    commands=COMMANDS,
    presses={
        "huddle.form": answering.open_form,
        "huddle.same": answering.open_form_as_planned,
        "huddle.take": answering.take_as_answer,
        "huddle.refocus": answering.refocus,
        "huddle.early": answering.keep_early,
        "huddle.away_today": absence.away_today,
        "huddle.back_today": absence.back_today,
        "huddle.local": setup.make_local,
        "blocker.solve": blocking.solve,
        "blocker.mistake": blocking.mistake,
        "blocker.help": blocking.help_with,
        "operation.again": operation.send_again,
        "operation.leave": operation.leave,
        **roadmap.PRESSES,
        "undo": undo,
        **actions.PRESSES,
        **initiatives.PRESSES,
        **milestones.PRESSES,
        **searching.PRESSES,
    },
    forms={
        "huddle.answer": answering.take_form,
        "huddle.save": setup.take_form,
        "team.save": setup.take_team_form,
        **actions.FORMS,
        **initiatives.FORMS,
        **milestones.FORMS,
    },
    steps={
        "huddle.open": Step(running.open_run, "huddle", grace=timedelta(minutes=20)),
        "huddle.nudge": Step(running.nudge, "nudge"),
        "huddle.close": Step(running.close, "summary"),
        "huddle.publish": Step(running.publish, "summary so far"),
        "huddle.end": Step(running.end_day, "end of the day"),
        REPORT: Step(operation.report, ""),
        ROOM: Step(rooms.tell, ""),
        **actions.STEPS,
    },
    views={
        "huddle.prompt": projections.prompt,
        "huddle.nudge": projections.nudge,
        "huddle.channel": projections.channel,
        "huddle.details": projections.details,
        "blocker.help": blocker_projections.told,
        rooms.VIEW: rooms.room,
        REPORT_VIEW: operation_projections.trouble,
        **actions.VIEWS,
        **initiatives.VIEWS,
        **milestones.VIEWS,
    },
    home=home_projections.day,
    moved=moved,
)
