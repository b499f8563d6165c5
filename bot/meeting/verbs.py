"""Everything that can be typed, pressed and sent while a meeting runs, and what falls due."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.chat.commands import Usage
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Command, Handler, Projection, Step
from bot.council import dates
from bot.meeting import (
    arriving,
    chair_views,
    clock,
    closing,
    following,
    marking,
    projections,
    rules,
    running,
    settling,
    standing,
    starting,
)
from storage.meetings import RUNNING
from storage.tx import Tx

_COUNCIL = ("council",)
_NAMED = 'council:"CX Council"'


async def more(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**More**: what is needed now and then."""
    found = await standing.run_by(event, tx)
    standing.must_stand(found, RUNNING, "run")
    scene = await standing.scene(tx, found, now, person=event.by.person)
    return Replies(answer=Answer(chair_views.more(scene), stays=True))


def _plain(verb: str, about: str, handler: Handler[Asked]) -> Command:
    """A verb that takes nothing but the name of a council."""
    return Command(Usage(verb, keys=_COUNCIL), about, handler, example=f"/{verb}", also=f"/{verb} {_NAMED}")


COMMANDS = (
    Command(
        Usage("council start", keys=("council", starting.AT), dates=True, past=True),
        "Open the meeting, or record one that was held without me; the agenda, the clock and the quorum run",
        starting.start,
        example="/council start",
        also="/council start 3 Dec at:10:05",
    ),
    _plain("council next", "On to the next item, or the next section that holds something", running.next_stop),
    Command(
        Usage("council item", values=True, keys=_COUNCIL),
        "Go to an item or a section, forward or back",
        running.item,
        example="/council item 5.2",
        also="/council item 5",
    ),
    Command(
        Usage("council extend", values=True, keys=_COUNCIL),
        "Give the section under discussion more minutes, five where you say no number",
        running.extend,
        example="/council extend 10",
        also="/council extend",
    ),
    _plain("council recess", "Interrupt the meeting; no time runs", running.recess),
    _plain("council resume", "Go on after a recess", running.resume),
    Command(
        Usage("council end", keys=("council", starting.AT)),
        "End the meeting; every open item gets an outcome first",
        closing.end,
        example="/council end",
        also="/council end at:11:30",
    ),
    _plain("council here", "Say that you are at the table", arriving.here),
    _plain("council leave", "Say that you leave the table", arriving.away),
    Command(
        Usage(
            "council present", people=True, keys=("council", "for", starting.AT), choices=("can-decide", "can decide")
        ),
        "Mark who is at the table, deputies too; for the chair and the secretary",
        marking.present,
        example="/council present @Ann @Raj",
        also="/council present @Ida for:@Ivo can-decide",
    ),
    Command(
        Usage("council left", people=True, keys=(*_COUNCIL, starting.AT)),
        "Mark who has left the table",
        marking.left,
        example="/council left @Raj",
        also="/council left @Ann @Raj",
    ),
    Command(
        Usage("council apologies", people=True, keys=_COUNCIL),
        "Mark who sent apologies",
        marking.apologies,
        example="/council apologies @Fin",
        also="/council apologies @Fin @Mia",
    ),
    Command(
        Usage("council chair", people=True, keys=_COUNCIL),
        "Let somebody else chair this meeting",
        running.hand_over,
        example="/council chair @Raj",
        also=f"/council chair @Raj {_NAMED}",
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    "council.here": arriving.here,
    "council.away_now": arriving.away,
    "meeting.start": starting.start,
    "meeting.next": running.next_stop,
    "meeting.extend": running.extend,
    "meeting.recess": running.recess,
    "meeting.resume": running.resume,
    "meeting.goto": running.ask_goto,
    "meeting.defer": settling.ask_defer,
    "meeting.settle": settling.ask_settle,
    "meeting.table": marking.table,
    "meeting.heard": marking.ask_heard,
    "meeting.more": more,
    "meeting.end": closing.end,
    "meeting.as_proposed": closing.as_proposed,
    "meeting.choose": closing.choose,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "council.here": arriving.take_seat,
    "meeting.goto": running.take_goto,
    "meeting.settle": settling.take_settle,
    "meeting.table": marking.take_table,
    "meeting.heard": marking.take_heard,
    "meeting.close": closing.take_close,
}

STEPS: Mapping[str, Step] = {
    rules.CLOCK: Step(clock.speak, "clock of a meeting", grace=clock.GRACE),
    dates.START: Step(following.begins, "start of the council", grace=timedelta(hours=12)),
    dates.LEFT_OPEN: Step(following.left_open, "end of a meeting that nobody ended"),
}

VIEWS: Mapping[str, Projection] = projections.VIEWS
