"""Every card and form about initiatives as somebody would see it, by name: at Northwater on Mon 7 Dec 2026."""

from datetime import UTC, date, datetime
from fractions import Fraction

from bot.chat.cards import Card, says
from bot.chat.errors import Declined, declined_card
from bot.chat.forms import Form
from bot.chat.spans import Hue
from bot.initiatives import batch_views, charter_views, list_views, people_views, reply_views, views
from bot.initiatives.charter_views import Shown
from bot.initiatives.rules import Missing, State
from bot.initiatives.scoring import Worth
from bot.initiatives.views import Around
from bot.people.proposal_views import propose
from bot.work.rules import Part
from storage.actions import Priority
from storage.audit import AuditEvent
from storage.initiatives import (
    Batch,
    Charter,
    CharterQuery,
    Domain,
    Initiative,
    Milestone,
    Objective,
    Phase,
    Stakeholder,
    StrategyFrame,
)
from storage.links import Thing
from storage.measures import Measure
from storage.people import Person

TODAY = date(2026, 12, 7)
NOON = datetime(2026, 12, 7, 12, tzinfo=UTC)
ANN, CARL, ZOE, RAJ = (
    Person(id=number, name=name, zone="Europe/London")
    for number, name in enumerate(("Ann Barker", "Carl Stone", "Zoe Ward", "Raj Nair"), start=1)
)
OWNER = frozenset({Part.ANYBODY, Part.OWNER})
SPONSOR = frozenset({Part.ANYBODY, Part.SPONSOR})
ANYBODY = frozenset({Part.ANYBODY})


def an_initiative(number: int = 1, title: str = "Fault questions before booking a visit", **more: object) -> Initiative:
    known: dict[str, object] = {
        "id": number, "version": 1, "code": f"I-{number}", "title": title, "state": State.IN_FLIGHT,
        "kind": Initiative.Kind.REDESIGN, "stage": "Booking", "owner_id": ANN.id, "sponsor_id": CARL.id,
        "priority": Priority.P1, "starts_on": date(2026, 11, 2), "ends_on": date(2027, 2, 26), "impact_measured": False,
    }  # fmt: skip
    return Initiative.model_validate(known | more)


BOOKING = an_initiative()
NOTES = an_initiative(2, "Call notes on the engineer's tablet", state=State.APPROVED, priority=Priority.P2)
TEXTS = an_initiative(3, "Text the customer the visit time", state=State.IDEA, priority=Priority.P3, owner_id=None,
                      sponsor_id=None, ends_on=None)  # fmt: skip
CRM = an_initiative(4, "New CRM", state=State.CHARTERED, priority=Priority.P4, ends_on=date(2028, 3, 31))
CLOSED = an_initiative(5, "Posters", state=State.CLOSED)
FRAME = StrategyFrame(
    valid_from=date(2026, 12, 1), valid_to=date(2027, 11, 30), short_end=date(2027, 2, 28), mid_end=date(2027, 11, 30),
    budget=20_000_000, person_days_per_month=80,
)  # fmt: skip
AUTUMN = Batch(id=2, code="BT-2", name="Before the winter", starts_on=date(2026, 11, 2), ends_on=date(2027, 2, 26),
               state=Batch.State.RUNNING)  # fmt: skip
LIVE = Milestone(id=31, code="M-31", initiative_id=1, title="Script live", baseline_on=date(2026, 12, 18),
                 forecast_on=date(2027, 1, 8))  # fmt: skip
GOAL = Objective(id=1, name="Right first time")
FTF = Measure(id=1, code="FTF", name="First-time fix")
WORTH = Worth(Fraction(9, 2), Fraction(2), Fraction(5, 2))


def a_charter(state: Charter.State = Charter.State.APPROVED, **more: object) -> Charter:
    known: dict[str, object] = {
        "id": 1, "version": 3, "initiative_id": 1, "edition": 2, "state": state, "currency": "GBP",
        "objectives": "The fault is known before a visit is booked, so that the van has the right parts.",
        "benefits": "30 visits fewer a week\nNobody waits in twice",
        "done_when": "Live on 40 desks, and 20 calls checked", "budget": 1_500_000, "expected_return": 4_000_000,
        "risks": "Training falls into December.",
        "approved_at": NOON if state is Charter.State.APPROVED else None,
    }  # fmt: skip
    return Charter.model_validate(known | more)


PHASES = [
    Phase(initiative_id=1, seq=1, name="Pilot", exit_criteria="20 calls without a second visit"),
    Phase(initiative_id=1, seq=2, name="Roll-out", exit_criteria="40 desks live"),
]
ASKED = CharterQuery(id=1, charter_id=1, asked_by=2, text="Who covers the desks while people are trained?")
ANSWERED = CharterQuery(id=2, charter_id=1, asked_by=2, text="What if it snows?", answer="We train in March.",
                        is_open=False)  # fmt: skip


def a_part(number: int, part: Stakeholder.Part, *, read: bool) -> Stakeholder:
    return Stakeholder(id=number, initiative_id=1, person_id=number, part=part, read_at=NOON if read else None)


PEOPLE = [
    (a_part(1, Stakeholder.Part.ACCOUNTABLE, read=True), ANN),
    (a_part(3, Stakeholder.Part.RESPONSIBLE, read=False), ZOE),
    (a_part(4, Stakeholder.Part.RESPONSIBLE, read=True), RAJ),
]


def around(initiative: Initiative = BOOKING, *, bare: bool = False) -> Around:
    return Around(
        initiative,
        TODAY,
        {} if bare else {1: ANN, 2: CARL},
        domain=None if bare else Domain(name="Service"),
        batch=None if bare else AUTUMN,
        frame=FRAME,
        objectives=() if bare else [GOAL],
        measures=() if bare else [FTF],
        charter=None if bare else a_charter(),
        stakeholders=() if bare else PEOPLE,
        unread=() if bare else [ZOE],
        waits_for=() if bare else [(NOTES, 3)],
        needed_by=() if bare else [CRM],
        next_milestone=None if bare else LIVE,
        hue=None if bare else Hue.RED,
        worth=None if bare else WORTH,
        raters=0 if bare else 3,
    )


def shown(charter: Charter, *, queries: list[CharterQuery] | None = None, bare: bool = False) -> Shown:
    return Shown(BOOKING, charter, [] if bare else PHASES, queries or [], sponsor=CARL, owner=ANN)


def an_entry(verb: str, reason: str = "") -> AuditEvent:
    return AuditEvent(id=9, at=NOON, noted_at=NOON, thing=Thing.INITIATIVE, thing_id=1, verb=verb, reason=reason)


NEW_OWNER = AuditEvent(id=9, at=NOON, noted_at=NOON, thing=Thing.INITIATIVE, thing_id=1, verb="set", field="owner_id",
                       before="1", after="4")  # fmt: skip


def a_page(rows: list[Initiative], number: int, *, filters: tuple[str, ...] = (), first: int = 0) -> Card:
    page = list_views.Page(rows, number, first, filters, {1: ANN}, {1: Hue.RED, 2: Hue.GREEN}, FRAME, TODAY)
    return list_views.listed(page, {"states": ""})


IN_REVIEW = a_charter(Charter.State.IN_REVIEW)
DRAFT = a_charter(Charter.State.DRAFT, objectives="", benefits="", budget=None, expected_return=None)
VALUES = charter_views.values(a_charter(), PHASES)
TYPED = {"title": "Tell the customer the time", "stage": "Visit", "domain": "", "objective": "", "kind": ""}
LIKE = Declined(reply_views.looks_like(TEXTS, "Mon 30 Nov 2026"), ways=reply_views.overlap_ways(TEXTS, TYPED))
LACKS = (Missing.OWNER, Missing.MEASURE, Missing.CHARTER, Missing.MILESTONE)

INITIATIVES: dict[str, Card | Form] = {
    "initiative": views.card(around(), parts=OWNER),
    "initiative-for-the-agenda": views.card(around(TEXTS, bare=True), parts=OWNER, more=[propose(TEXTS.code)]),
    "initiative-to-others": views.card(around(), parts=ANYBODY),
    "initiative-idea": views.card(around(TEXTS, bare=True), parts=OWNER),
    "initiative-scored-card": views.card(around(an_initiative(6, state=State.SCORED), bare=True), parts=OWNER),
    "initiative-closed": views.card(around(CLOSED, bare=True), parts=ANYBODY),
    "initiatives": a_page([BOOKING, NOTES, TEXTS, CRM], 23),
    "initiatives-filtered": a_page([NOTES], 1, filters=("approved", "Service")),
    "initiatives-none": a_page([], 0, filters=("paused",)),
    "initiative-added": reply_views.added(TEXTS),
    "initiative-alike": declined_card(LIKE),
    "initiative-same": says(reply_views.same_thing(TEXTS)),
    "initiative-set": reply_views.changed(BOOKING, ["sponsor Carl Stone", "priority P1", "ends Fri 26 Feb 2027"]),
    "initiative-moved": reply_views.moved(CLOSED, reply_views.IMPACT_UNKNOWN),
    "initiative-scored": reply_views.scored(TEXTS, WORTH, 3),
    "initiative-waits": reply_views.waits(CRM, BOOKING, 3),
    "initiative-circle": says(reply_views.would_wait_for_itself(["I-2", "I-7", "I-4", "I-2"])),
    "initiative-not-yet": says(reply_views.cannot_start(TEXTS, LACKS, ["score", "drop"])),
    "frame": reply_views.frame(FRAME),
    "batches": batch_views.listed([(AUTUMN, 2)]),
    "batches-none": batch_views.listed([]),
    "batch": batch_views.shown(AUTUMN, [BOOKING, NOTES]),
    "batch-empty": batch_views.shown(AUTUMN, []),
    "charter-form": charter_views.form(BOOKING, {}, version=0, unranked=True, approved=False),
    "charter-form-approved": charter_views.form(BOOKING, VALUES, version=3, unranked=False, approved=True),
    "charter-form-refused": charter_views.form(BOOKING, {}, version=0, unranked=True, approved=False).refused(
        {**VALUES, "budget": "a lot"},
        {"budget": charter_views.not_money("GBP"), "unranked": charter_views.NEEDS_UNRANKED},
    ),
    "charter-draft": charter_views.card(shown(DRAFT, bare=True), parts=OWNER),
    "charter-to-approve": charter_views.card(shown(IN_REVIEW, queries=[ANSWERED]), parts=SPONSOR),
    "charter-queried": charter_views.card(shown(IN_REVIEW, queries=[ANSWERED, ASKED]), parts=OWNER,
                                          heading=charter_views.heading("query", "Carl")),
    "charter-approved": charter_views.card(shown(a_charter()), parts=ANYBODY),
    "charter-query-form": charter_views.query(BOOKING, IN_REVIEW),
    "charter-answer-form": charter_views.answer(BOOKING, ASKED),
    "charter-now-approved": says(charter_views.approved(BOOKING, 3)),
    "kick-off": people_views.kick_off(PEOPLE[1][0], BOOKING, a_charter(), owner=ANN, sponsor=CARL),
    "kick-off-read": people_views.kick_off(PEOPLE[2][0], BOOKING, a_charter(), owner=ANN, sponsor=CARL),
    "kick-off-idea": people_views.kick_off(PEOPLE[1][0], TEXTS, None, owner=None, sponsor=None),
    "initiative-ask-form": people_views.ask(BOOKING),
    "initiative-question": people_views.question(BOOKING, an_entry("ask", "Who trains us?"), "Zoe Ward"),
    "initiative-answer-form": people_views.answer(BOOKING, an_entry("ask", "Who trains us?")),
    "initiative-answered": people_views.answered(BOOKING, an_entry("answer", "Mia does, in January."), "Ann Barker"),
    "initiative-question-answered": people_views.question(
        BOOKING, an_entry("ask", "Who trains us?"), "Zoe Ward", reply=an_entry("answer", "Mia does, in January.")
    ),
    "initiative-news": people_views.news(
        an_initiative(state=State.PAUSED), an_entry("pause", "The supplier left."), "Dana Reyes", people={}, reader=ANN
    ),
    "initiative-news-owner": people_views.news(
        BOOKING, NEW_OWNER, "Dana Reyes", deeds=[NEW_OWNER], people={1: ANN, 4: RAJ}, reader=RAJ
    ),
}  # fmt: skip
