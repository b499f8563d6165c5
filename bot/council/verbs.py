"""Everything that can be typed, pressed and sent about councils before they meet, and what falls due."""

from collections.abc import Mapping
from datetime import timedelta

from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.routing import Command, Handler, Projection, Step
from bot.council import attending, calling, dates, projections, reports, rooms, scheduling, seating, setup, status
from bot.council import telling as told

_COUNCIL = ("council",)
_REMINDER = timedelta(hours=12)
_DATED = ("council", "to", "at", "reason")

COMMANDS = (
    Command(
        Usage("council", keys=_COUNCIL),
        "How the next council meeting stands: who comes, reports, gaps",
        status.showing(),
        example="/council",
        also='/council council:"CX Council"',
    ),
    Command(
        Usage("council setup", rest=Rest.WORDS, keys=setup.KEYS, plain=False),
        "Found a council, or change its rhythm, place or chair",
        setup.ask,
        example='/council setup "CX Council" rule:"first thursday" at:10:00 chair:@Cora secretary:@Sev',
        also='/council setup rule:"first tuesday" length:60',
    ),
    Command(
        Usage("council room", choices=(rooms.PUBLIC, rooms.OFF), keys=_COUNCIL, plain=False),
        "The council lives in this channel or chat too; public: what everybody may read",
        rooms.room,
        example="/council room",
        also="/council room public",
    ),
    Command(
        Usage("council pause", choices=(rooms.OFF,), keys=_COUNCIL, plain=False),
        "No meeting is planned until the pause is off",
        rooms.pause,
        example="/council pause",
        also="/council pause off",
    ),
    Command(
        Usage("council add", rest=Rest.WORDS, keys=seating.KEYS, people=True, plain=False, apart=True),
        "Give somebody a seat, or add a vacant one",
        seating.add,
        example="/council add @Raj dept:Field can-decide",
        also='/council add @Sam dept:"Metering Ltd" kind:supplier',
    ),
    Command(
        Usage("council remove", rest=Rest.WORDS, keys=seating.KEYS, people=True, plain=False, apart=True),
        "Somebody leaves their seat; with `end` the seat is no more",
        seating.remove,
        example="/council remove @Bea has left us",
        also="/council remove @Bea end",
    ),
    Command(
        Usage("council deputy", rest=Rest.WORDS, keys=seating.KEYS, people=True, plain=False, apart=True),
        "Who sits in for a seat as a rule",
        seating.deputy,
        example="/council deputy @Dana for:@Raj can-decide",
        also="/council deputy off",
    ),
    Command(
        Usage("council members", keys=_COUNCIL),
        "Every seat, vacant ones too",
        seating.members,
        example="/council members",
        also='/council members council:"CX Council"',
    ),
    Command(
        Usage("council coverage", keys=_COUNCIL),
        "Which part of the customer's journey has a seat",
        status.coverage,
        example="/council coverage",
        also='/council coverage council:"CX Council"',
    ),
    Command(
        Usage("council schedule", keys=_COUNCIL),
        "The meetings to come, with the days on which items and reports are due",
        scheduling.show,
        example="/council schedule",
        also='/council schedule council:"CX Council"',
    ),
    Command(
        Usage("council skip", rest=Rest.WORDS, keys=_DATED, dates=True, plain=False),
        "Call a meeting off; everybody with a seat is told at once",
        scheduling.skip,
        example="/council skip 7 Jan Half of us are away",
        also="/council skip Christmas",
    ),
    Command(
        Usage("council move", rest=Rest.WORDS, keys=_DATED, dates=True, plain=False),
        "Move a meeting to another day or time",
        scheduling.move,
        example='/council move 3 Dec to:10 Dec at:10:00 reason:"the hall is taken"',
        also='/council move at:11:00 reason:"the train is late"',
    ),
    Command(
        Usage("council special", rest=Rest.WORDS, keys=_DATED, dates=True, plain=False),
        "A meeting outside the rhythm",
        scheduling.special,
        example='/council special 17 Dec at:14:00 reason:"the flood"',
        also="/council special 17 Dec The flood",
    ),
    Command(
        Usage("council attend", rest=Rest.WORDS, keys=attending.KEYS, plain=False, apart=True),
        "Say whether you come, or who comes for you",
        attending.attend,
        example="/council attend yes",
        also="/council attend deputy:@Dana can-decide",
    ),
    Command(
        Usage("agenda report", rest=Rest.WORDS, keys=("council", "dept"), plain=False),
        "Your department's report for the next council",
        reports.report,
        example="/agenda report",
        also="/agenda report dept:Field",
    ),
)

PRESSES: Mapping[str, Handler[Pressed]] = {
    "council.setup": setup.open_form,
    "council.members": seating.members,
    "council.seat_heads": seating.seat_heads,
    "council.attend": attending.show,
    "council.yes": attending.yes,
    "council.no": attending.no,
    "council.deputy": attending.open_deputy,
    "council.cannot": attending.cannot,
    "council.ask_deputies": attending.ask_deputies,
    "council.go_ahead": attending.go_ahead,
    "council.move_form": scheduling.open_move,
    "council.instead": scheduling.instead,
    "council.keep": scheduling.keep,
    "agenda.report": reports.open_form,
}

FORMS: Mapping[str, Handler[Submitted]] = {
    "council.save": setup.take_form,
    "council.skip": scheduling.take_skip,
    "council.move": scheduling.take_move,
    "council.special": scheduling.take_special,
    "council.deputy": attending.take_deputy,
    "agenda.report": reports.take_form,
}

STEPS: Mapping[str, Step] = {
    dates.HOLIDAY: Step(calling.holiday, "question about a day off"),
    dates.CALL: Step(calling.call, "call to the council"),
    dates.REMIND: Step(calling.remind, "reminder of the council", grace=_REMINDER),
    dates.CLOSE_ITEMS: Step(calling.close_items, "end of items, draft agenda"),
    dates.REMIND_CHAIR: Step(calling.remind_chair, "reminder of the agenda", grace=_REMINDER),
    dates.EVE: Step(calling.eve, "council tomorrow", grace=_REMINDER),
    dates.SOON: Step(calling.soon, "council in 75 minutes", grace=_REMINDER),
}

VIEWS: Mapping[str, Projection] = {
    told.CALL: projections.call,
    told.REMINDER: projections.reminder,
    told.EVE: projections.eve,
    told.QUORUM: projections.quorum,
    told.SOON: projections.soon,
    told.HOLIDAY: projections.holidays,
    told.MOVED: projections.moved,
    told.MISSED: projections.missed,
    told.DEPUTISED: projections.deputised,
    told.DEPUTY_OUT: projections.deputy_out,
    told.WANTED: projections.deputy_wanted,
    told.VACANCY: projections.vacancy,
    told.RELIEVED: projections.relieved,
}
