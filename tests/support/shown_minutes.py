"""Every card and form of minutes as somebody would see it, by name; the CX Council of Thu 3 Dec 2026."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.chat.cards import Card, says
from bot.chat.forms import Form
from bot.council import status_views
from bot.council.rules import Reading
from bot.minutes import attention_views, form_views, log_views, outcome_views, reply_views, views
from bot.minutes.attention_rules import Facts, attention
from bot.minutes.body import (
    Amendment,
    Attender,
    Body,
    Passage,
    Point,
    Previous,
    Resolution,
    Stretch,
    Task,
    Votes,
    seen,
)
from bot.minutes.log_views import Attended, Counts, Logged
from bot.minutes.outcome_views import Outcome
from bot.minutes.views import Progress, Shown
from storage.actions import Action
from storage.agenda import SECTIONS, AgendaItem
from storage.decisions import Decision
from storage.meetings import Attendance, CouncilMeeting
from storage.minutes import Correction, Minutes
from tests.support.shown_council import STATUS

LONDON = ZoneInfo("Europe/London")
MET_ON = date(2026, 12, 3)
TEN, ENDED = datetime(2026, 12, 3, 10, tzinfo=UTC), datetime(2026, 12, 3, 11, 28, tzinfo=UTC)
ISSUES, ISSUED = datetime(2026, 12, 7, 16, tzinfo=UTC), datetime(2026, 12, 7, 16, tzinfo=UTC)
CLOSES, NEXT = datetime(2026, 12, 10, 16, tzinfo=UTC), datetime(2027, 1, 7, 10, tzinfo=UTC)
Status, Item = Attendance.Status, AgendaItem.State
State: TypeAlias = Minutes.State
D21 = Resolution(
    21, "D-21", "Call centre asks eight fault questions before booking", Decision.State.IN_FORCE,
    reason="20% of faults need a second visit", implications="Field: fewer revisits; Billing: none",
    means=(("Field", "fewer revisits"),), customer_view="Saves me a morning off work", moved_by="Raj",
    votes=Votes(6, 1, 0), present=7, needed=5, from_on=date(2027, 1, 11), review_on=date(2027, 4, 1),
)  # fmt: skip
D22 = Resolution(
    22, "D-22", "Pay a night allowance in Metering", Decision.State.PROVISIONAL, reason="Two engineers left",
    present=4, needed=5, internal=True,
)  # fmt: skip
SCRIPT = Task(104, "A-104", "Write the eight questions down", "Ann", date(2026, 12, 18))
LETTERS = Task(105, "A-105", "Draft the allowance letters", "", None, internal=True)
POINTS = (
    Point(7, 1, "Eight fault questions", Item.DECIDED, decisions=(D21,), tasks=(SCRIPT,), spent_min=18,
          one_view="It lengthens each call", other_view="It saves the second visit"),
    Point(7, 2, "Night allowance", Item.DECIDED, decisions=(D22,), tasks=(LETTERS,), internal=True,
          note="Finance will look at the sum"),
    Point(7, 3, "Winter opening hours", Item.DEFERRED, reason="not reached", deferrals=1),
)  # fmt: skip
NOTES = {3: "Billing asks the call centre for the second-visit mark.\nMarketing has sent nothing."}
SPENT = {1: 12, 2: 27, 3: 20, 7: 29}
BODY = Body(
    council="CX Council", kind=CouncilMeeting.Kind.REGULAR, zone="Europe/London", starts_at=TEN, opened_at=TEN,
    adjourned_at=ENDED, where="Room 4, Northwater House", chair="Cora", secretary="Ida", is_secretary_stand_in=True,
    attenders=(
        Attender("Call centre", "Ann", Status.PRESENT), Attender("Field", "Raj", Status.PRESENT),
        Attender("Billing", "Bea", Status.PRESENT, came_at=datetime(2026, 12, 3, 10, 20, tzinfo=UTC)),
        Attender("Digital", "Dov", Status.PRESENT, left_at=datetime(2026, 12, 3, 11, 5, tzinfo=UTC)),
        Attender("IT", "Ivo", Status.DEPUTY, deputy="Ida"), Attender("Finance", "Fin", Status.APOLOGIES),
        Attender("Marketing", "Mia", Status.ABSENT), Attender("Metering Ltd", "Sam", Status.PRESENT),
        Attender("Customer", "", Status.ABSENT, is_voting=False),
    ),
    present=7, filled=8, needed=5, inquorate=(Stretch(datetime(2026, 12, 3, 11, 5, tzinfo=UTC), ENDED),),
    previous=Previous(date(2026, 11, 5), is_approved=True, is_corrected=True),
    passages=tuple(
        Passage(number, NOTES.get(number, ""), SPENT.get(number, 0), POINTS if number == 7 else ())
        for number in SECTIONS
    ),
    next_at=NEXT, next_where="Room 4, Northwater House",
)  # fmt: skip


SHORT = replace(BODY, passages=tuple(replace(each, note="", points=each.points[:2]) for each in BODY.passages))


def an_edition(state: State = State.CIRCULATED, **more: object) -> Minutes:
    values: dict[str, object] = {
        "id": 1, "meeting_id": 1, "number": 1, "state": state, "notes": {"3": NOTES[3]}, "version": 1,
        "issued_at": None if state is State.DRAFT else ISSUED, "is_unchecked": False, "corrected_why": "",
    }  # fmt: skip
    return Minutes.model_construct(None, **(values | more))


def shown(minutes: Minutes, reading: Reading = Reading.FULL, *, body: Body = BODY, **more: object) -> Shown:
    return Shown(1, minutes, seen(body, reading), reading, **more)  # type: ignore[arg-type]  # as in Shown


DRAFT, UNCHECKED = an_edition(State.DRAFT), an_edition(is_unchecked=True)
SECOND = an_edition(number=2, corrected_why="The figure was 18%, not 20%.")
OPEN = shown(UNCHECKED, closes_at=CLOSES, may_correct=True)
CORRECTED = replace(BODY, amendments=(Amendment("7.1", "The figure was 18%, not 20%.", date(2026, 12, 9)),))
AMENDED = replace(SHORT, amendments=CORRECTED.amendments)
CORRECTION = Correction(
    id=4, minutes_id=1, by_id=2, text="7.1: the figure was 18%, not 20%", state=Correction.State.PROPOSED, reason=""
)
REFUSED = Correction(
    id=4, minutes_id=1, by_id=2, text=CORRECTION.text, state=Correction.State.DECLINED, reason="the record says 20%"
)
TAKEN = Correction(id=4, minutes_id=1, by_id=2, text=CORRECTION.text, state=Correction.State.ACCEPTED, reason="")
DECISION = Decision.model_construct(
    id=21, code="D-21", text=D21.text, reason=D21.reason, state=Decision.State.IN_FORCE, from_on=D21.from_on
)
FOR_FIELD = Outcome(DECISION, "CX Council", "Field", "fewer revisits; bring the answers along", MET_ON, "Raj, Field",
                    [Task(106, "A-106", "Show the answers in the van", "Dana", date(2026, 12, 18))])  # fmt: skip
FACTS = Facts(Fraction(27), Fraction(90), 6, 8, 2, 4, 1, 5)
LACKING = Facts(Fraction(27), Fraction(90), 6, 8, 2, 0, 1, 5)
ITEMS = [
    AgendaItem.model_construct(
        id=n, stance=AgendaItem.Stance.PROACTIVE if n < 3 else None, deferrals=2 if n == 5 else 0
    )
    for n in range(12)
]
TASK = Action.model_construct(id=104, code="A-104", title=SCRIPT.title, state=Action.State.OPEN, due_on=SCRIPT.due_on)

MINUTES: dict[str, Card | Form] = {
    "minutes-draft-for-chair": views.ready(shown(DRAFT), is_chair=True, issues_at=ISSUES),
    "minutes-draft-for-secretary": views.ready(shown(DRAFT), is_chair=False, issues_at=ISSUES),
    "minutes-draft-settled": views.settled(shown(UNCHECKED)),
    "minutes-draft-read": views.paper(shown(DRAFT, may_run=True)),
    "minutes-read": views.paper(replace(OPEN, body=SHORT)),
    "minutes-nobody-ended": views.paper(shown(UNCHECKED, body=replace(BODY, is_closed_by_schedule=True))),
    "minutes-room": views.paper(shown(UNCHECKED, Reading.OUTSIDER, closes_at=CLOSES), in_room=True),
    "minutes-late": views.paper(shown(UNCHECKED, is_late=True)),
    "minutes-outsider": views.paper(shown(UNCHECKED, Reading.OUTSIDER, closes_at=CLOSES, may_correct=True)),
    "minutes-second-edition": views.paper(shown(SECOND, body=AMENDED, closes_at=CLOSES, may_correct=True)),
    "minutes-superseded": views.paper(shown(an_edition(State.SUPERSEDED))),
    "minutes-approved": views.paper(shown(an_edition(State.APPROVED))),
    "minutes-public": views.public(shown(UNCHECKED, Reading.PUBLIC)),
    "minutes-public-nothing": views.public(
        shown(UNCHECKED, Reading.PUBLIC, body=replace(BODY, passages=tuple(Passage(n) for n in SECTIONS)))
    ),
    "minutes-actions": views.actions(shown(UNCHECKED), [SCRIPT, LETTERS]),
    "minutes-outcome": outcome_views.outcome(FOR_FIELD),
    "minutes-outcome-internal": outcome_views.outcome(replace(FOR_FIELD, is_veiled=True)),
    "minutes-halfway": views.halfway(
        "CX Council", NEXT, LONDON, [Progress("Ann", 1, 2, 0), Progress("Bea", 0, 1, 1), Progress("Raj", 3, 3, 0)]
    ),
    "minutes-last-call": views.corrections(OPEN),
    "minutes-corrections-closed": views.corrections(shown(UNCHECKED)),
    "minutes-correction-asked": views.asked(shown(UNCHECKED), CORRECTION, "Raj"),
    "minutes-correction-decided": views.asked(shown(UNCHECKED), REFUSED, "Raj"),
    "minutes-correction-declined": views.answered(shown(UNCHECKED), REFUSED),
    "minutes-correction-taken": views.answered(shown(SECOND), TAKEN),
    "minutes-form-edit": form_views.edit(1, DRAFT, MET_ON),
    "minutes-form-correct": form_views.correct(UNCHECKED, MET_ON),
    "minutes-form-accept": form_views.accept(CORRECTION, BODY),
    "minutes-form-decline": form_views.decline(CORRECTION),
    "minutes-issued": reply_views.issued(MET_ON, owners=3, outcomes=1, rooms=2),
    "minutes-edited": reply_views.edited(MET_ON, ["3", "7"]),
    "minutes-asked": reply_views.asked(["Sev", "Cora"]),
    "minutes-asked-of-nobody": reply_views.asked_of_nobody("CX Council", ["Ivo", "Lee"], CLOSES, LONDON),
    "minutes-corrected": reply_views.corrected(2, MET_ON),
    "minutes-corrected-internal": reply_views.corrected(2, MET_ON, internal=True),
    "minutes-link": reply_views.link(
        "https://moot.example/open#secret", "minutes", reply_views.file_about("minutes", "CX Council", MET_ON)
    ),
    "minutes-link-calendar": reply_views.link(
        "https://moot.example/open#secret", "calendar", reply_views.calendar_about("CX Council")
    ),
    "minutes-not-out": says(reply_views.not_out("CX Council", MET_ON, ISSUES, LONDON)),
    "minutes-out-already": says(reply_views.out_already(MET_ON, by="Cora", at=ISSUED, zone=LONDON)),
    "minutes-too-late": says(reply_views.too_late(MET_ON, CLOSES, LONDON)),
    "attention": attention_views.attention("CX Council", MET_ON, attention(FACTS), FACTS, items=ITEMS),
    "attention-on-status": status_views.card(
        replace(STATUS, more=[attention_views.on_status(attention(FACTS), MET_ON)]), LONDON
    ),
    "attention-rescaled": attention_views.attention("CX Council", MET_ON, attention(LACKING), LACKING, items=()),
    "council-actions": log_views.actions(
        "CX Council", [Logged(TASK, "Ann", "D-21, Thu 3 Dec 2026", is_overdue=True)], 3, Counts(5, 2, 1)
    ),
    "council-actions-internal": log_views.actions("CX Council", [], 0, Counts(0, 0, 0, internal=1)),
    "council-attendance": log_views.attendance(
        "CX Council", [MET_ON, date(2026, 11, 5)],
        [Attended("Call centre", "Ann", 2, 0, 0, 2), Attended("IT", "Ivo", 0, 1, 1, 2),
         Attended("", "Lee", 1, 0, 0, 1)],
    ),
}  # fmt: skip
