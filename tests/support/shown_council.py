"""Every card and form about councils before they meet, by name: Northwater's CX Council before Thu 3 Dec 2026."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.council import (
    attend_views,
    call_views,
    dates,
    eve_views,
    report_views,
    schedule_views,
    seat_views,
    setup_views,
    status_views,
    views,
)
from bot.council.call_views import Draft, Rsvp, Seated
from bot.council.report_views import About
from bot.council.rules import Held, Office, Quorum, State
from bot.council.schedule_views import Change
from bot.council.seat_views import Coverage
from bot.council.setup_views import Dated, SetUp
from bot.council.status_views import Status
from storage.actions import Action
from storage.agenda import DepartmentReport
from storage.councils import Council, Seat
from storage.meetings import CouncilMeeting
from storage.people import Department, Person

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
MEETS_AT = datetime(2026, 12, 3, 10, tzinfo=UTC)
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
REMINDED = NOON - timedelta(hours=2)
LATER = MEETS_AT + timedelta(days=7)
EVE = datetime(2026, 12, 2, 10, tzinfo=UTC)
SOON = MEETS_AT - timedelta(minutes=75)
Report = DepartmentReport.State


def a_council(**more: object) -> Council:
    values: dict[str, object] = {
        "id": 1, "name": "CX Council", "rule": dates.DEFAULT_RULE, "starts_on": date(2026, 11, 23),
        "at_time": time(10), "zone": "Europe/London", "calendar": "GB-ENG", "length_min": 90, "where": "Room 4",
        "link": "https://meet.northwater.example/cx", "chair_id": 8, "secretary_id": 9, "sponsor_id": 10,
        "quorum": Council.Quorum.MAJORITY, "quorum_number": None, "customer": Council.Customer.ADVISORY,
        "state": Council.State.HELD,
    }  # fmt: skip
    return Council.model_validate(values | more)


def a_meeting(number: int = 1, at: datetime = MEETS_AT, **more: object) -> CouncilMeeting:
    values: dict[str, object] = {
        "id": number, "council_id": 1, "kind": CouncilMeeting.Kind.REGULAR,
        "slot": at.astimezone(LONDON).replace(tzinfo=None),
        "starts_at": at, "length_min": 90, "where": "Room 4", "link": "https://meet.northwater.example/cx",
        "state": State.CALLING, "reason": "", "edition": 0, "items_closed": False, "steps": {},
    }  # fmt: skip
    return CouncilMeeting.model_validate(values | more)


def a_report(state: Report = Report.ASKED, **more: object) -> DepartmentReport:
    values: dict[str, object] = {
        "id": 3, "meeting_id": 1, "department_id": 3, "author_id": 3, "state": state, "measures": [], "changed": "",
        "coming": "", "help_wanted": "", "help_from_id": None, "offer": "", "received_at": None,
    }  # fmt: skip
    return DepartmentReport.model_validate(values | more)


def a_seat(number: int, person: int | None, kind: Seat.Kind = Seat.Kind.VOTING, **more: object) -> Seat:
    values: dict[str, object] = {
        "id": number, "council_id": 1, "person_id": person, "department_id": number, "kind": kind, "can_decide": True,
        "is_senior": True, "deputy_id": None, "deputy_can_decide": False, "from_on": date(2026, 11, 1), "note": "",
    }  # fmt: skip
    return Seat.model_validate(values | more)


def a_person(number: int, name: str) -> Person:
    return Person(id=number, name=name, zone="Europe/London")


def dated(at: datetime, number: int, was_at: datetime | None = None, **more: object) -> Dated:
    steps = dict(dates.steps_before(at, 90, LONDON, "GB-ENG"))
    return Dated(a_meeting(number, at, **{"state": State.PLANNED} | more), steps, was_at)


COUNCIL, MEETING = a_council(), a_meeting()
CALL_CENTRE = Department(id=1, name="Call centre", seq=1)
FIELD, BILLING, DIGITAL = (
    Department(id=n, name=name, seq=n) for n, name in ((2, "Field"), (3, "Billing"), (4, "Digital"))
)
HELD = [
    Held(a_seat(2, 2, deputy_id=11, deputy_can_decide=True), a_person(2, "Raj"), FIELD),
    Held(a_seat(3, None, note="moved to Leeds"), None, BILLING),
    Held(a_seat(4, 4, can_decide=False), a_person(4, "Dov"), DIGITAL),
    Held(a_seat(5, 5, Seat.Kind.SUPPLIER_VOTING), a_person(5, "Sam"), Department(id=5, name="Metering Ltd", seq=5)),
    Held(a_seat(6, 6, Seat.Kind.CUSTOMER, department_id=None), a_person(6, "Mrs Okafor"), None),
]
COMING = [
    dated(MEETS_AT, 1),
    dated(datetime(2027, 1, 7, 10, tzinfo=UTC), 2),
    dated(datetime(2027, 4, 1, 9, tzinfo=UTC), 3),
]
FOUNDED = SetUp(
    COUNCIL, chair="Cora", secretary="Sev", sponsor="Carl", coming=COMING, rooms=["#cx-council"], vacant=["Customer"],
    unseated=["Call centre", "Field"], can_seat=2, seats=1,
)  # fmt: skip
BARE = replace(
    FOUNDED, council=a_council(where="", link="", quorum=Council.Quorum.NUMBER, quorum_number=5), chair="",
    secretary="", sponsor="", rooms=(), unseated=(), can_seat=0,
)  # fmt: skip
MOVED = replace(FOUNDED, coming=[dated(datetime(2026, 12, 1, 14, tzinfo=UTC), 1, MEETS_AT), *COMING[1:]], can_seat=0)
TYPED = {
    "name": "CX Council", "rule": "bi-monthly", "at": "10:00", "length": "5", "tz": "Europe/London", "where": "",
    "link": "meet.example", "chair": "", "secretary": "", "sponsor": "", "quorum": "most", "customer": "advisory",
}  # fmt: skip

QUORUM = Quorum(present=6, filled=8, needed=5)
ASKED = Seated(
    MEETING, COUNCIL, Quorum(0, 8, 5), department="Billing", report=a_report(), report_until=NOON, open=9,
)  # fmt: skip
COMES = replace(ASKED, quorum=QUORUM, rsvp=Rsvp.YES, report=a_report(Report.RECEIVED), yes=6, no=1, open=2)
SENDS = replace(COMES, rsvp=Rsvp.DEPUTY, deputy="Ida")
CLOSED = a_meeting(state=State.DRAFTED, items_closed=True)
OFF = a_meeting(state=State.CANCELLED, reason="Half of us are away")
DRAFT = Draft(
    CLOSED, COUNCIL, items=5, minutes=35, received=6, asked=8, missing=["Marketing", "Finance"],
    publishes_at=NOON + timedelta(hours=4), is_chair=True,
)  # fmt: skip
FEW = replace(COMES, meeting=a_meeting(state=State.PUBLISHED, edition=1), quorum=Quorum(3, 8, 5), yes=3, no=1, open=4)

CALLS = Action(
    id=9, code="A-9", title="Call back four customers", requester_id=3, owner_id=3, due_on=date(2026, 11, 27),
    state=Action.State.OPEN,
)  # fmt: skip
WRITTEN = a_report(
    Report.RECEIVED, changed="The credit is on the next bill", coming="Letters in plain words",
    help_wanted="Meter numbers on job sheets", help_from_id=2, offer="Our list of plain words",
    received_at=NOON - timedelta(minutes=10),
)  # fmt: skip
ABOUT = About(
    WRITTEN, BILLING, MEETING, COUNCIL, figures=["Bills right first time 97.0%, up 1 point, green"], actions=[CALLS],
    closes_at=NOON,
)  # fmt: skip
EMPTY = replace(ABOUT, report=a_report(), figures=(), actions=())
LATE = replace(ABOUT, report=a_report(Report.LATE, changed="As planned", received_at=NOON + timedelta(hours=1)))
HALF = replace(ABOUT, report=a_report(Report.DRAFT, changed="Half a thought"))
STATUS = Status(
    COUNCIL, customer="Mrs Okafor", vacant=["Finance"], unseated=["Call centre"], open_actions=4, overdue=1,
    seated=COMES, reports=8, missing=["Marketing", "Finance"], items=12, proactive=3,
)  # fmt: skip
STEPS = dict(dates.steps_before(MEETS_AT + timedelta(days=7), 90, LONDON, "GB-ENG"))


COUNCILS: Mapping[str, Card | Form] = {
    "council-form": setup_views.form({}, None),
    "council-form-refused": setup_views.form({}, COUNCIL).refused(
        TYPED,
        {
            "rule": setup_views.which("bi-monthly"), "length": setup_views.NEEDS_LENGTH, "link": setup_views.NEEDS_LINK,
            "quorum": setup_views.NEEDS_QUORUM,
        },
    ),
    "council-founded": setup_views.saved(FOUNDED, is_new=True),
    "council-bare": setup_views.saved(BARE, is_new=True),
    "council-other-rhythm": setup_views.saved(MOVED, is_new=False),
    "council-paused": setup_views.turned_off(COUNCIL),
    "council-room": setup_views.room_added("CX Council", "#cx-council", is_public=False),
    "council-room-public": setup_views.room_added("CX Council", "#all-staff", is_public=True),
    "council-room-off": setup_views.room_removed("CX Council", "#field"),
    "council-members": seat_views.members(COUNCIL, HELD, ["Call centre"], {11: "Dana"}),
    "council-no-members": seat_views.members(COUNCIL, [], [], {}),
    "council-coverage": seat_views.coverage(
        COUNCIL,
        [Coverage(CALL_CENTRE, None), *(Coverage(each.department, each) for each in HELD if each.department)],
        "Mrs Okafor",
    ),
    "council-seat-added": seat_views.added(HELD[0], COUNCIL, votes=True),
    "council-seat-no-power": seat_views.added(HELD[2], COUNCIL, votes=True),
    "council-seat-vacant": seat_views.removed("Bea", COUNCIL, ["Billing"], ends=False, ran_it=False),
    "council-secretary-removed": seat_views.removed("Sev", COUNCIL, [], ends=False, ran_it=True),
    "council-deputy-set": seat_views.deputy_set("Ida", HELD[0], can_decide=True),
    "council-deputy-no-power": seat_views.deputy_set("Ida", HELD[0], can_decide=False),
    "council-no-deputy": seat_views.no_deputy("Field"),
    "council-schedule": schedule_views.schedule(COUNCIL, COMING, [OFF]),
    "council-no-schedule": schedule_views.schedule(COUNCIL, [], []),
    "council-move-form": schedule_views.move_form(COUNCIL, MEETING, {}),
    "council-skip-form": schedule_views.skip_form(COUNCIL, MEETING, {}).refused(
        {}, {"reason": schedule_views.NEEDS_REASON}
    ),
    "council-special-form": schedule_views.special_form(COUNCIL, {}),
    "council-moved": schedule_views.moved(
        Change(a_meeting(at=LATER, reason="The hall is taken"), COUNCIL, MEETS_AT, STEPS), LONDON
    ),
    "council-moved-elsewhere": schedule_views.moved(
        Change(a_meeting(at=LATER, reason="The hall is taken"), COUNCIL, MEETS_AT, STEPS), NEW_YORK
    ),
    "council-called-off": schedule_views.moved(Change(OFF, COUNCIL), LONDON),
    "council-special": schedule_views.moved(
        Change(a_meeting(kind=CouncilMeeting.Kind.SPECIAL, reason="The flood"), COUNCIL, None, STEPS), LONDON
    ),
    "council-moved-reply": schedule_views.changed(
        Change(a_meeting(at=MEETS_AT + timedelta(days=7)), COUNCIL, MEETS_AT, STEPS),
        [schedule_views.day_off(date(2026, 12, 25), "Christmas Day")], 11,
    ),
    "council-called-off-reply": schedule_views.changed(Change(OFF, COUNCIL), (), 11),
    "council-missed-twice": schedule_views.missed_twice(
        COUNCIL, [OFF, a_meeting(2, MEETS_AT + timedelta(days=35), reason="Snow")]
    ),
    "council-day-off": schedule_views.holiday(
        COUNCIL, a_meeting(at=datetime(2026, 12, 25, 10, tzinfo=UTC)), "Christmas Day", date(2027, 1, 8)
    ),
    "council-day-off-settled": schedule_views.holiday_settled(COUNCIL, MEETING),
    "council-kept": schedule_views.kept(COUNCIL, MEETING),
    "council-call": call_views.call(ASKED, LONDON),
    "council-call-elsewhere": call_views.call(ASKED, NEW_YORK),
    "council-call-answered": call_views.call(COMES, LONDON),
    "council-call-deputy": call_views.call(SENDS, LONDON),
    "council-call-late": call_views.call(replace(COMES, meeting=CLOSED, report=a_report(Report.MISSING)), LONDON),
    "council-call-off": call_views.call(replace(ASKED, meeting=OFF), LONDON),
    "council-reminder": call_views.reminder(ASKED, LONDON, REMINDED),
    "council-reminder-settled": call_views.reminder_settled(COMES, LONDON),
    "council-draft": call_views.draft(DRAFT, LONDON),
    "council-draft-secretary": call_views.draft(replace(DRAFT, is_chair=False, missing=()), LONDON),
    "council-draft-out": call_views.draft(replace(DRAFT, meeting=a_meeting(state=State.PUBLISHED, edition=1)), LONDON),
    "council-draft-reminder": call_views.draft_reminder(DRAFT, LONDON),
    "council-eve": eve_views.eve(COMES, LONDON, EVE),
    "council-eve-silent": eve_views.eve(replace(ASKED, meeting=CLOSED), LONDON, EVE),
    "council-quorum": eve_views.inquorate(FEW, ["Mia", "Fin"], ["Dov"], LONDON),
    "council-quorum-met": eve_views.inquorate(COMES, [], [], LONDON),
    "council-deputy-wanted": eve_views.deputy_wanted(replace(FEW, rsvp=Rsvp.NO), LONDON),
    "council-deputy-found": eve_views.deputy_wanted(SENDS, LONDON),
    "council-soon": eve_views.soon(COMES, LONDON, SOON),
    "council-deputised": eve_views.deputised(COMES, "Ivo", LONDON, is_asked=True, can_decide=True),
    "council-deputised-off": eve_views.deputised(COMES, "Ivo", LONDON, is_asked=False, can_decide=False),
    "council-deputy-out": eve_views.deputy_out(ASKED, "Ida", LONDON),
    "council-vacancy": eve_views.vacancy(COMES, "Cora", "", LONDON),
    "council-vacant-chair": eve_views.vacancy(COMES, "", "Sev", LONDON),
    "council-relieved": eve_views.relieved(
        "CX Council", Office.CHAIR | Office.SEAT, since="Thu 3 Dec 2026, 10:20", by="Ivo"
    ),
    "council-relieved-of-a-meeting": eve_views.relieved(
        "CX Council", Office.MEETING, since="Thu 3 Dec 2026, 10:20", by="Sev", meets_on=date(2026, 12, 3)
    ),
    "council-new-secretary": eve_views.vacancy(COMES, "Cora", "Ann", LONDON),
    "council-attendance": attend_views.card(COMES, LONDON),
    "council-attendance-no-seat": attend_views.card(replace(ASKED, has_seat=False), LONDON),
    "council-recorded": attend_views.recorded(COMES, LONDON, whose="", notes=()),
    "council-recorded-no": attend_views.recorded(replace(COMES, rsvp=Rsvp.NO), LONDON, whose="", notes=()),
    "council-recorded-deputy": attend_views.recorded(
        SENDS, LONDON, whose="Ivo", notes=[attend_views.no_power("Ida")]
    ),
    "council-deputy-form": attend_views.deputy_form(COUNCIL, MEETING, {}),
    "council-deputies-asked": attend_views.asked(5),
    "council-nobody-to-ask": attend_views.asked(0),
    "council-goes-ahead": attend_views.goes_ahead("CX Council", views.meets(MEETS_AT, LONDON)),
    "council-deputy-cannot": attend_views.freed("CX Council", views.meets(MEETS_AT, LONDON), asks=True),
    "council-report-form": report_views.form(ABOUT, [FIELD, DIGITAL], {}, reader=LONDON),
    "council-report-form-empty": report_views.form(EMPTY, [], {}, reader=LONDON),
    "council-report": report_views.stored(ABOUT, "Field", LONDON),
    "council-report-late": report_views.stored(LATE, "", LONDON),
    "council-report-draft": report_views.stored(HALF, "", LONDON),
    "council-status": status_views.card(STATUS, LONDON),
    "council-status-live": status_views.card(
        replace(STATUS, live=status_views.live(("Now", ("5 Current initiatives, 5.2 Fewer visits",)), Quorum(5, 8, 5))),
        LONDON,
    ),
    "council-status-nothing-planned": status_views.card(replace(STATUS, seated=None, vacant=(), unseated=()), LONDON),
}  # fmt: skip
