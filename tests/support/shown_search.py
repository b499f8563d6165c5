"""What people see when they look for work and trace it, by name."""

from collections.abc import Sequence
from datetime import date

from bot.chat.cards import Card
from bot.search import views
from bot.search.shapes import Piece, Section, Step, Tie, Trail
from storage.links import End, Thing

ZOE, DANA, CEM = 1, 2, 3
PEOPLE = {ZOE: "Zoe Hall", DANA: "Dana Reyes", CEM: "Cem Yilmaz"}
HUDDLE = Piece((Thing.HUDDLE, 1), "Huddle of Field Dispatch, Mon 23 Nov 2026", kind="huddle")
BLOCKER = Piece(
    (Thing.BLOCKER, 7),
    "3 of 8 jobs had no fault details",
    "B-7",
    "resolved",
    CEM,
    date(2026, 11, 23),
    "raised",
    kind="blocker",
)
ACTION = Piece(
    (Thing.ACTION, 104), "Check eight calls", "A-104", "in progress", ZOE, date(2026, 12, 4), "due", kind="action"
)
NEXT = Piece((Thing.ACTION, 108), "Write the script down", "A-108", "proposed", kind="action")
INITIATIVE = Piece(
    (Thing.INITIATIVE, 4),
    "Call script with fault details",
    "I-4",
    "in flight",
    DANA,
    date(2027, 1, 8),
    "ends",
    kind="initiative",
)
OBJECTIVE = Piece((Thing.OBJECTIVE, 1), "Fix it at the first visit", person_id=DANA, kind="objective")
MILESTONE = Piece(
    (Thing.MILESTONE, 31), "Script live", "M-31", "planned", DANA, date(2026, 12, 18), "expected", kind="milestone"
)


def _trail(root: Piece, steps: Sequence[tuple[Piece, End, Tie, Section]], *, more: int = 0, **also: list[str]) -> Trail:
    known = {piece.end: piece for piece, *_ in steps} | {root.end: root}
    found = [Step(piece.end, near, tie, section) for piece, near, tie, section in steps]
    return Trail(root, found, known, PEOPLE, also.get("missing", []), {Section.SEQUEL: more} if more else {})


TRACED = _trail(
    ACTION,
    [
        (BLOCKER, ACTION.end, Tie.LED_TO, Section.ORIGIN),
        (HUDDLE, BLOCKER.end, Tie.LED_TO, Section.ORIGIN),
        (INITIATIVE, ACTION.end, Tie.PART_OF, Section.WHOLE),
        (OBJECTIVE, INITIATIVE.end, Tie.SERVES, Section.WHOLE),
        (NEXT, ACTION.end, Tie.LED_TO, Section.SEQUEL),
    ],
)
MANY = [Piece((Thing.ACTION, n), f"Listen to call {n}", f"A-{n}", "open", ZOE, kind="action") for n in range(200, 230)]

SHOWN: dict[str, Card] = {
    "search-found": views.found(("fault", "details"), [INITIATIVE, BLOCKER], PEOPLE, after=0, total=2),
    "search-page": views.found(("call",), MANY[10:20], PEOPLE, after=10, total=30),
    "search-too-many": views.found(("call",), MANY[:10], PEOPLE, after=0, total=501),
    "search-code": views.found(("A-104",), [ACTION], PEOPLE, after=0, total=1),
    "search-nothing": views.nothing(("mill", "lane")),
    "trace": views.traced(TRACED),
    "trace-alone": views.traced(_trail(NEXT, [], missing=["initiative", "objective"])),
    "trace-of-initiative": views.traced(
        _trail(
            INITIATIVE,
            [
                (OBJECTIVE, INITIATIVE.end, Tie.SERVES, Section.WHOLE),
                (MILESTONE, INITIATIVE.end, Tie.PART_OF, Section.SEQUEL),
                *((each, INITIATIVE.end, Tie.PART_OF, Section.SEQUEL) for each in MANY),
            ],
            more=400,
        )
    ),
    "trace-held-up": views.traced(
        _trail(ACTION, [(BLOCKER, ACTION.end, Tie.BLOCKS, Section.OBSTACLE)], missing=["initiative", "objective"])
    ),
    "trace-for-a-guest": views.traced(_trail(ACTION, []), hidden=3),
}
