"""Every card and form of a running meeting as somebody would see it, by name; the CX Council on Thu 3 Dec 2026."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.agenda.rules import Agenda, Entry, Line, Quote, Section
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.council.rules import Quorum
from bot.meeting import chair_views, close_views, form_views, reply_views, rules, views
from bot.meeting.form_views import Place
from bot.meeting.rules import Open, Stop
from bot.meeting.views import Scene, Seated
from storage.agenda import SECTIONS, AgendaItem, AgendaSection
from storage.councils import Council
from storage.decisions import Decision
from storage.meetings import AgendaTime, Attendance, CouncilMeeting

LONDON = ZoneInfo("Europe/London")
TEN = datetime(2026, 12, 3, 10, tzinfo=UTC)
State, Item = CouncilMeeting.State, AgendaItem.State
IDS = {"meeting": "1"}
NEXT_AT = datetime(2027, 1, 7, 10, tzinfo=UTC)
COUNCIL = Council(
    id=1, name="CX Council", rule="", starts_on=date(2026, 11, 1), at_time=time(10), zone="Europe/London",
)  # fmt: skip


def after(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def a_meeting(state: CouncilMeeting.State, **more: object) -> CouncilMeeting:
    values: dict[str, object] = {
        "id": 1, "council_id": 1, "slot": datetime.combine(date(2026, 12, 3), time(10)), "starts_at": TEN,
        "length_min": 90, "where": "Room 4 and video", "link": "https://meet.example/cx", "state": state,
        "opened_at": TEN, "reason": "", "quorum_needed": 5, "section": 3, "item_id": None, "steps": {},
    }  # fmt: skip
    return CouncilMeeting.model_validate(values | more)


def an_item(number: int, section: int, seq: int, title: str, **more: object) -> AgendaItem:
    values: dict[str, object] = {
        "council_id": 1, "meeting_id": 1, "purpose": AgendaItem.Purpose.DECISION, "minutes": 10,
        "state": Item.PUBLISHED,
        "consent": False, "internal": False, "deferrals": 0, "one_view": "", "other_view": "", "outcome": "",
        "kind": AgendaItem.Kind.ITEM,
    }  # fmt: skip
    own = {"id": number, "section": section, "seq": seq, "title": title}
    return AgendaItem.model_validate(own | values | more)


def a_seat(number: int, name: str, seat: str, *, heard: bool = True, sits_in_for: str = "") -> Seated:
    row = Attendance(id=number, meeting_id=1, seat_id=number, person_id=number, was_heard=heard)
    return Seated(name, seat, row, True, sits_in_for)


MINUTES = {1: 10, 2: 15, 3: 20, 5: 15, 6: 10, 7: 10, 9: 5}
ROWS = [AgendaSection(id=n, meeting_id=1, section=n, minutes=MINUTES.get(n, 0), extended_min=0) for n in SECTIONS]
HOURS = an_item(5, 7, 1, "Christmas hours", one_view="Close at four: nobody rings then",
                other_view="Stay open: leaks do not wait", deferrals=1, state=Item.IN_DISCUSSION)  # fmt: skip
TEXTS = an_item(6, 7, 2, "Text service for visits", owner_id=8)
CONTRACT = an_item(7, 7, 3, "Contract with Metering Ltd", internal=True)
TIMES = [
    AgendaTime(meeting_id=1, section=1, from_at=TEN, to_at=after(10)),
    AgendaTime(meeting_id=1, section=2, from_at=after(10), to_at=after(25)),
    AgendaTime(meeting_id=1, section=3, from_at=after(25)),
]
TABLE = [
    a_seat(1, "Ann", "Call centre"), a_seat(2, "Raj", "Field"), a_seat(3, "Bea", "Billing"),
    a_seat(4, "Dov", "Digital"), a_seat(5, "Mia", "Marketing"), a_seat(6, "Ida", "IT", sits_in_for="Ivo"),
    a_seat(8, "Sam", "Metering Ltd", heard=False), a_seat(9, "Mrs Okafor", "Customer", heard=False),
]  # fmt: skip
ASKS = "Field asks Call centre: fault details before each visit"


def a_report(seq: int, department: str, owner: str, line: Line) -> Entry:
    return Entry(20 + seq, 3, seq, department, AgendaItem.Kind.REPORT, Item.PUBLISHED, owner=owner, lines=(line,))


SECTIONS_SHOWN = {
    2: Section(2, 15, quotes=(Quote("I took a second morning off for this.", "Repair visit"),)),
    3: Section(
        3, 20,
        items=(
            a_report(1, "Call centre", "Ann", Line("Nothing out of the ordinary.")),
            a_report(2, "Field", "Raj", Line(ASKS)),
            a_report(3, "Billing", "Bea", Line("Calls about second visits 40 up 12", "red")),
        ),
        missing=("Marketing", "Finance"),
    ),
    7: Section(7, 10, lines=(Line("Fault questions before booking a visit", "1 of 5", "I-1"),)),
}  # fmt: skip
AGENDA = Agenda(tuple(SECTIONS_SHOWN.get(each, Section(each, MINUTES.get(each, 0))) for each in SECTIONS), 90)
D_21 = Decision(
    id=1, code="D-21", council_id=1, text="Call centre asks eight fault questions before booking", decided_at=after(20)
)  # fmt: skip
D_22 = Decision(
    id=2, code="D-22", council_id=1, text="Text messages before each visit", decided_at=after(30),
    state=Decision.State.PROVISIONAL,
)  # fmt: skip
RUNNING = Scene(
    a_meeting(State.IN_SESSION), COUNCIL, LONDON, after(41), Quorum(7, 8, 5), sections=ROWS,
    items=[HOURS, TEXTS, CONTRACT], times=TIMES,
    stops=[Stop(1), Stop(2), Stop(3), Stop(5), Stop(6), Stop(7, 1, 5), Stop(7, 2, 6), Stop(7, 3, 7), Stop(9)],
    there=TABLE, apologies=["Fin"], quorum_since=after(4), chair="Cora", secretary="Sev", decisions=[D_21, D_22],
    agenda=AGENDA, next_at=NEXT_AT, for_outsiders=False,
)  # fmt: skip
IN_ROOM = replace(RUNNING, for_outsiders=True)
AT_ITEM = replace(
    RUNNING, meeting=a_meeting(State.IN_SESSION, section=7, item_id=5), now=after(72),
    times=[*TIMES[:2], AgendaTime(meeting_id=1, section=3, from_at=after(25), to_at=after(69)),
           AgendaTime(meeting_id=1, section=7, item_id=5, from_at=after(69))],
)  # fmt: skip
LATE = replace(RUNNING, now=after(52))
LAST = replace(
    RUNNING, meeting=a_meeting(State.IN_SESSION, section=9), now=after(86), quorum=Quorum(4, 8, 5), there=TABLE[:4],
    times=[*TIMES[:2], AgendaTime(meeting_id=1, section=9, from_at=after(85))],
)  # fmt: skip
RECESS = replace(
    RUNNING, meeting=a_meeting(State.IN_RECESS), now=after(50),
    times=[*TIMES[:2], AgendaTime(meeting_id=1, section=3, from_at=after(25), to_at=after(45))],
)  # fmt: skip
BEFORE = replace(
    IN_ROOM, meeting=a_meeting(State.PUBLISHED, opened_at=None, section=None), now=TEN - timedelta(minutes=2), stops=(),
    times=(), there=TABLE[:2], quorum=Quorum(2, 8, 5), decisions=(), agenda=None,
)  # fmt: skip
STEPS = {"minutes.draft": datetime(2026, 12, 4, 12, tzinfo=UTC).isoformat()}
OVER = replace(
    IN_ROOM, meeting=a_meeting(State.ADJOURNED, adjourned_at=after(88), section=None, steps=STEPS), now=after(88),
    items=[
        an_item(5, 7, 1, "Christmas hours", state=Item.DEFERRED), an_item(6, 7, 2, "Text service", state=Item.ACTIONED),
        an_item(7, 7, 3, "Contract with Metering Ltd", internal=True, state=Item.DEFERRED),
    ],
    times=[*TIMES[:2], AgendaTime(meeting_id=1, section=3, from_at=after(33), to_at=after(88))], stops=(), agenda=None,
)  # fmt: skip
ANN, IDA = Place("1h", "Ann, Call centre", is_here=True), Place("6d", "Ida for Ivo, IT", is_here=True)
PLACES = [ANN, Place("6h", "Ivo, IT"), IDA]
EMPTY = [Place("7", "Fin, Finance", is_sorry=True), Place("5", "Mia, Marketing")]
AHEAD = a_meeting(State.PLANNED, starts_at=NEXT_AT)
LAST_ONE = a_meeting(State.PUBLISHED)
RECORDED = replace(
    RUNNING, meeting=a_meeting(State.IN_SESSION, steps={"meeting.recorded": after(24 * 60).isoformat()}), times=[],
    now=after(24 * 60),
)  # fmt: skip
NOT_HELD = a_meeting(State.CANCELLED, reason="Nobody started it.")
DUE = date(2027, 1, 7)
NAMES = {8: "Mia"}
OPEN = [
    Open(an_item(4, 6, 1, "Call times in November", purpose=AgendaItem.Purpose.INFORMATION)),
    Open(TEXTS, can_hand_over=True),
    Open(an_item(9, 7, 4, "Bills in large print", deferrals=2, owner_id=8), must_choose=True, can_hand_over=True),
]
MUST_CHOOSE = [*OPEN, Open(an_item(10, 7, 5, "New logo", deferrals=2), must_choose=True)]
STUCK = [Open(an_item(11, 7, 6, "Fault details are missing", deferrals=2), must_choose=True, needs_owner=True)]
CLOCK = rules.clock_of(ROWS[2], TIMES)
assert CLOCK is not None
STOPS = [(each, views.stop_words(RUNNING, each)) for each in RUNNING.stops[:6]]

MEETING: dict[str, Card | Form] = {
    "meeting-room": views.room(IN_ROOM),
    "meeting-room-inquorate": views.room(replace(IN_ROOM, quorum=Quorum(4, 8, 5), quorum_since=after(40))),
    "meeting-room-internal": views.room(replace(IN_ROOM, meeting=a_meeting(State.IN_SESSION, section=7, item_id=7))),
    "meeting-room-recess": views.room(replace(RECESS, for_outsiders=True)),
    "meeting-room-before": views.room(BEFORE),
    "meeting-room-over": views.room(OVER),
    "meeting-room-not-held": views.room(replace(BEFORE, meeting=NOT_HELD)),
    "meeting-chair-before": chair_views.before(BEFORE),
    "meeting-chair": chair_views.chair(RUNNING),
    "meeting-chair-late": chair_views.chair(LATE),
    "meeting-chair-item": chair_views.chair(AT_ITEM),
    "meeting-chair-last": chair_views.chair(LAST),
    "meeting-chair-recess": chair_views.chair(RECESS),
    "meeting-chair-over": chair_views.chair(OVER),
    "meeting-chair-no-longer": chair_views.not_yours(RUNNING),
    "meeting-chair-gone-on": chair_views.chair(replace(RUNNING, back=("2", 41))),
    "meeting-chair-recording": chair_views.chair(RECORDED),
    "meeting-room-recording": views.room(replace(RECORDED, for_outsiders=True)),
    "meeting-recording": reply_views.recording(RECORDED),
    "meeting-met-already": reply_views.met_already("CX Council of Thu 3 Dec 2026", LAST_ONE, LONDON, may_begin=True),
    "meeting-when-ended": reply_views.when_did_it_end(LAST_ONE, LONDON),
    "meeting-really-or-the-last": reply_views.really("CX Council of Thu 7 Jan 2027", AHEAD, LAST_ONE, LONDON),
    "meeting-secretary": chair_views.secretary(RUNNING),
    "meeting-more": chair_views.more(RUNNING),
    "meeting-clock": chair_views.clock_card(RUNNING, CLOCK),
    "meeting-clock-up": chair_views.clock_card(LATE, CLOCK),
    "meeting-clock-settled": chair_views.clock_settled(3),
    "meeting-started": reply_views.started(replace(RUNNING, now=TEN - timedelta(minutes=5))),
    "meeting-really": reply_views.really("CX Council of Thu 7 Jan 2027", AHEAD, None, LONDON),
    "meeting-here": reply_views.here(RUNNING, "Ida", also_for=["Ivo"]),
    "meeting-gone": reply_views.gone(LAST, "Mia"),
    "meeting-marked": reply_views.marked(RUNNING, ["Ann", "Raj"], ["Bea"], ["Fin"]),
    "meeting-still-open": close_views.still_open(IDS, OPEN, NAMES, DUE),
    "meeting-must-choose": close_views.still_open(IDS, MUST_CHOOSE, NAMES, DUE),
    "meeting-needs-owner": close_views.still_open(IDS, STUCK, NAMES, DUE),
    "meeting-ended": reply_views.ended(OVER, ["7.1 Christmas hours: put off to Thu 7 Jan 2027."]),
    "meeting-table-form": form_views.table(IDS, PLACES, EMPTY),
    "meeting-sits-in-form": form_views.sits_in(IDS, EMPTY),
    "meeting-heard-form": form_views.heard(IDS, PLACES),
    "meeting-goto-form": form_views.go_to(IDS, STOPS, "3"),
    "meeting-settle-form": form_views.settle(IDS, OPEN, {form_views.ITEM: "6"}),
    "meeting-close-form": form_views.close(IDS, MUST_CHOOSE, NAMES, DUE),
}
