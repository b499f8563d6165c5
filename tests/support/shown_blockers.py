"""Every card and form about blockers as somebody would see it, by name: at Northwater on Fri 27 Nov 2026."""

from datetime import UTC, date, datetime

from bot.blockers import form_views, list_views, reply_views, up_views, views
from bot.blockers.rules import State
from bot.blockers.up_views import Up
from bot.blockers.views import Around, Deed, WayUp
from bot.chat.cards import Card
from bot.chat.errors import Declined, declined_card
from bot.chat.forms import Form
from bot.huddles import blocker_views
from bot.people.proposal_views import propose
from bot.work.rules import Part
from storage.audit import AuditEvent
from storage.blockers import Blocker
from storage.links import Thing
from storage.people import Department, Person
from storage.teams import Team
from tests.support.huddle_rows import TUESDAY, a_blocker

FRIDAY = date(2026, 11, 27)
DANA, CEM, AMY, RAJ, ANN, CARL = (
    Person(id=number, name=name, zone="Europe/London")
    for number, name in enumerate(("Dana Reyes", "Cem Aydin", "Amy Lowe", "Raj Nair", "Ann Barker", "Carl"), start=1)
)
FIELD = Team(id=2, name="Field Dispatch", zone="Europe/London")
CALLS = Department(id=1, name="Call centre")
ANYBODY = frozenset({Part.ANYBODY})
LEAD = frozenset({Part.ANYBODY, Part.LEAD, Part.TEAM})
RAISER = frozenset({Part.ANYBODY, Part.RAISER, Part.TEAM})
ASKED = frozenset({Part.ANYBODY, Part.ASKED})
WAYS = (
    WayUp(1, date(2026, 11, 25), ["Dana"]),
    WayUp(2, date(2026, 11, 27), ["Raj", "Ann"]),
    WayUp(3, date(2026, 12, 1), ["Carl"]),
)


def a_deed(verb: str, name: str, day: int, *, reason: str = "", after: str = "") -> Deed:
    at = datetime(2026, 11, day, 10, tzinfo=UTC)
    entry = AuditEvent(at=at, noted_at=at, by=1, thing=Thing.BLOCKER, thing_id=7, verb=verb, reason=reason, after=after)
    return Deed(entry, name)


RAISED = a_deed("raise", "Cem", 24)


def around(
    blocker: Blocker,
    *deeds: Deed,
    age_days: int = 0,
    holder: Person | None = None,
    helpers: tuple[Person, ...] = (),
    reached: tuple[Person, ...] = (),
    ways: tuple[WayUp, ...] = WAYS,
) -> Around:
    return Around(
        blocker,
        team=FIELD,
        raiser=CEM,
        holder=holder,
        department=CALLS,
        helpers=helpers,
        reached=reached,
        age_days=age_days,
        today=FRIDAY if age_days else TUESDAY,
        deeds=deeds,
        ways_up=ways,
    )


def gone_up(text: str = "3 of 8 jobs had no fault details", *, code: str = "B-7", tier: int = 2) -> Blocker:
    blocker = a_blocker(text, code=code, state=State.ESCALATED)
    blocker.tier = blocker.told_tier = tier
    return blocker


SOLVED = a_blocker(state=State.RESOLVED)
SOLVED.resolution = "found the notes"
HELD = a_blocker(taken_by=3, state=State.ACKNOWLEDGED)
STOPPED = a_blocker("No water in Quay Street", code="B-8", customer_stopped=True)
UP = around(gone_up(), a_deed("escalate", "", 27, after="2"), RAISED, age_days=3, reached=(RAJ, ANN), ways=WAYS[2:])
TOP = around(gone_up(tier=3), age_days=5, reached=(RAJ,), ways=())
LATEST = around(a_blocker(), RAISED, age_days=1, ways=WAYS[1:])
OTHERS = [
    Up(around(gone_up(f"Desk {number} has no headset", code=f"B-{number}"), age_days=3, reached=(RAJ,)), 2, ASKED)
    for number in range(20, 33)
]

BLOCKERS: dict[str, Card | Form] = {
    "blocker-raised": reply_views.raised(around(a_blocker())),
    "blocker-raised-stopped": reply_views.raised(around(STOPPED, ways=WAYS[2:])),
    "blocker-known-already": reply_views.known_already(around(a_blocker(), age_days=2, ways=WAYS[2:])),
    "blocker-alike": declined_card(
        Declined(
            reply_views.looks_like(a_blocker()),
            ways=reply_views.alike_ways(a_blocker(), {"text": "2 of 6 jobs had no fault details"}),
        )
    ),
    "blocker-same-thing": reply_views.same_thing(around(a_blocker(), age_days=2)),
    "blocker": views.card(around(a_blocker(), RAISED), RAISER),
    "blocker-of-the-team": views.card(around(a_blocker(), RAISED), LEAD),
    "blocker-for-the-agenda": views.card(around(a_blocker(), RAISED), LEAD, more=[propose("B-7")]),
    "blocker-held": views.card(
        around(HELD, a_deed("help", "Raj", 25), a_deed("take", "Amy", 24), RAISED, age_days=2, holder=AMY,
               helpers=(RAJ,), ways=WAYS[1:]),
        frozenset({Part.ANYBODY, Part.HELPER}),
    ),
    "blocker-gone-up": views.card(UP, ANYBODY),
    "blocker-card-solved": views.card(
        around(SOLVED, a_deed("resolve", "Dana", 26, reason="found the notes"), RAISED, age_days=2, ways=()), RAISER
    ),
    "blocker-up-lead": up_views.bundle([Up(LATEST, 1, LEAD)], "Dana"),
    "blocker-up-deputy": up_views.bundle([Up(LATEST, 1, ASKED, [DANA])], "Amy"),
    "blocker-up-head": up_views.bundle([Up(UP, 2, ASKED)], "Raj"),
    "blocker-up-stopped": up_views.bundle([Up(around(STOPPED, RAISED), 2, ASKED)], "Raj"),
    "blocker-up-secretary": up_views.bundle([Up(TOP, 3, ASKED, item="3.2")], "Sev"),
    "blocker-up-administrator": up_views.bundle([Up(TOP, 3, ASKED, None)], "Ivo"),
    "blocker-up-several": up_views.bundle(
        [Up(UP, 2, ASKED), Up(around(SOLVED, ways=()), 2, ASKED), *OTHERS[:1]], "Raj"
    ),
    "blocker-up-many": up_views.bundle(OTHERS, "Raj"),
    "blocker-up-solved": up_views.bundle([Up(around(SOLVED, ways=()), 1, LEAD)], "Dana"),
    "blocker-named": up_views.named(LATEST, ANYBODY, "Ben", 4),
    "blocker-named-answered": up_views.named(LATEST, ANYBODY, "Ben", 0),
    "blocker-news-solved": up_views.news(
        around(SOLVED, RAISED, ways=()), a_deed("resolve", "Dana", 26, reason="found the notes"), RAISER
    ),
    "blocker-news-passed": up_views.news(UP, a_deed("pass", "Dana", 25), ASKED),
    "blocker-news-declined": up_views.news(LATEST, a_deed("decline", "Fin", 25), LEAD),
    "blocker-room-solved": up_views.room_news(
        around(SOLVED, ways=()), a_deed("resolve", "Dana", 26, reason="found the notes")
    ),
    "blocker-room-reopened": up_views.room_news(LATEST, a_deed("reopen", "Cem", 26, reason="they were the wrong ones")),
    "blocker-helps-too": reply_views.helps_too(around(HELD, holder=AMY), was_first="Amy"),
    "blocker-asked": reply_views.asked(a_blocker(), "Fin"),
    "blocker-not-me": reply_views.not_me(a_blocker()),
    "blocker-passed": reply_views.passed(UP),
    "blocker-reopened": reply_views.reopened(LATEST),
    "blocker-form": form_views.new([CALLS, Department(id=2, name="Field")], [FIELD], {}),
    "blocker-form-teams": form_views.new([CALLS], [FIELD, Team(id=3, name="Meters", zone="Europe/London")], {}),
    "blocker-form-know": form_views.know(a_blocker(), {}),
    "blocker-form-again": form_views.again(a_blocker(), {}).refused({}, {"why": form_views.please_write()}),
    "blockers": list_views.listed(
        "In the way of Field Dispatch",
        [around(STOPPED), UP, around(HELD, age_days=2, holder=AMY), LATEST, *(each.around for each in OTHERS[:2])],
        total=6, is_first=True, more="",
    ),
    "blockers-more": list_views.listed(
        "Blockers near to you", [each.around for each in OTHERS[:10]], total=13, is_first=True,
        more="/huddle blockers all page:2",
    ),
    "blockers-none": list_views.listed("In the way of Field Dispatch", [], total=0, is_first=True, more=""),
    "blocker-kept-number": blocker_views.kept_number(a_blocker(), 2),
    "blocker-still-the-same": blocker_views.still_the_same(a_blocker(), 2, {"answer": "9"}),
    "blocker-new-number": blocker_views.new_number(a_blocker()),
    "blocker-same-it-is": blocker_views.same_it_is(a_blocker()),
}  # fmt: skip
