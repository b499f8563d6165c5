"""Every card and form about actions as somebody would see it, by name: at Northwater on Mon 7 Dec 2026."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.actions import form_views, list_views, reminder_views, reply_views, views
from bot.actions.reminder_views import Reminded
from bot.actions.rules import Leaving, State
from bot.actions.views import Around, Deed
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.home import ahead_views, to_do_views
from bot.home import views as home_views
from bot.home.ahead_views import Ahead, Planned
from bot.people.proposal_views import propose
from bot.work.rules import Part
from storage.actions import Action, Priority
from storage.audit import AuditEvent
from storage.blockers import Blocker
from storage.initiatives import Initiative
from storage.links import Thing
from storage.people import Department, Person

TODAY = date(2026, 12, 7)
ANN, IVO, ZOE, RAJ = (
    Person(id=number, name=name, zone="Europe/London")
    for number, name in enumerate(("Ann Barker", "Ivo Petrov", "Zoe Ward", "Raj Nair"), start=1)
)
BOOKING = Initiative(id=1, code="I-1", title="Fault questions before booking")
BILLING = Department(id=3, name="Billing")
DEPARTMENTS = [Department(id=1, name="Call centre"), Department(id=2, name="Field"), BILLING]
SOLVED = {"id": 7, "code": "B-7", "text": "The room plan is missing", "raised_by": 3, "raised_on": date(2026, 12, 7),
          "team_id": 1, "state": Blocker.State.RESOLVED, "resolution": "it hangs on the wall"}  # fmt: skip
OWNER = frozenset({Part.ANYBODY, Part.OWNER})
CHECKER = frozenset({Part.ANYBODY, Part.LEAD, Part.CHECKER})
ANYBODY = frozenset({Part.ANYBODY})
PLAN = Blocker(id=7, code="B-7", text="The room plan is missing", raised_by=3, raised_on=TODAY, team_id=1)


def an_action(
    number: int = 104, title: str = "Add eight fault questions to the booking screen", **more: object
) -> Action:
    values: dict[str, object] = {
        "id": number,
        "version": 1,
        "code": f"A-{number}",
        "title": title,
        "owner_id": IVO.id,
        "requester_id": ANN.id,
        "initiative_id": BOOKING.id,
        "priority": Priority.P2,
        "state": State.OPEN,
        "due_on": date(2026, 12, 18),
        "first_due_on": date(2026, 12, 18),
        "redated": 0,
        "every": "",
        "evidence": "",
        "done_when": "Live on 40 desks and 20 calls checked",
    }
    return Action.model_validate(values | more)


def a_deed(verb: str, name: str, day: int, *, before: str = "", after: str = "", **more: str) -> Deed:
    at = datetime(2026, 12, day, 10, tzinfo=UTC)
    entry = AuditEvent(
        at=at, noted_at=at, by=1, thing=Thing.ACTION, thing_id=104, verb=verb, before=before, after=after
    )
    entry.field, entry.reason = more.get("field", "state"), more.get("reason", "")
    return Deed(entry, name)


def around(action: Action, *, deeds: tuple[Deed, ...] = ()) -> Around:
    return Around(action, owner=IVO, requester=ANN, initiative=BOOKING, deeds=deeds)


ASKED = a_deed("add", "Ann", 1, after="proposed")
TAKEN = a_deed("accept", "Ivo", 2, before="proposed", after="open")
MOVED = a_deed("due", "Ivo", 4, field="due_on", before="2026-12-11", after="2026-12-18", reason="The supplier is late")
CLAIMED = an_action(
    state=State.DONE_CLAIMED,
    evidence="Live on 40 desks since Tue 15 Dec; 20 calls checked, all 20 complete",
    finished_on=date(2026, 12, 17),
)
LATE = an_action(
    90, "Check the last 8 calls with the new script", owner_id=ZOE.id, due_on=date(2026, 12, 4), done_when=""
)
TODAYS = an_action(101, "Send the text wording to Billing", owner_id=ZOE.id, due_on=TODAY, done_when="")
BLOCKED = an_action(103, "Book desks for the script training", owner_id=ZOE.id, due_on=TODAY, state=State.BLOCKED)
HELP = an_action(
    120, "Who keeps the list of fault codes?", owner_id=None, kind=Action.Kind.HELP, state=State.PROPOSED, due_on=None,
    initiative_id=None, done_when="", priority=Priority.P3,
)  # fmt: skip
MANY = [an_action(200 + n, f"Train desk {n + 1} on the new script", done_when="") for n in range(10)]


def card(action: Action, parts: frozenset[Part], *deeds: Deed) -> Card:
    return views.card(around(action, deeds=deeds), today=TODAY, parts=parts)


ACTIONS: dict[str, Card | Form] = {
    "action-proposed": views.card(
        Around(
            an_action(state=State.PROPOSED, first_due_on=None), IVO, ANN, BOOKING,
            source="B-7 3 of 8 jobs had no fault details",
        ),
        today=TODAY,
        parts=OWNER,
    ),
    "action-open": card(an_action(redated=1, first_due_on=date(2026, 12, 11)), OWNER, MOVED, TAKEN, ASKED),
    "action-for-the-agenda": views.card(
        Around(an_action(), IVO, ANN, BOOKING), today=TODAY, parts=OWNER, more=[propose("A-104")]
    ),
    "action-form-read-outside": form_views.read_outside(
        form_views.add({}, ids={"from": "decision:21"}), {"title": "Check the seals", "due": "2026-12-11"}, RAJ,
        Leaving(Thing.DECISION, ANN, is_chair=True),
    ),
    "action-form-hand-outside": form_views.read_outside(
        form_views.hand_over(an_action()), {"why": "She knows the room"}, ZOE,
        Leaving(Thing.AGENDA_ITEM, RAJ, is_chair=False),
    ),
    "action-seen-by-others": views.card(
        Around(an_action(), IVO, ANN, BOOKING, helpers=(ZOE, RAJ), deeds=(TAKEN, ASKED)), today=TODAY, parts=ANYBODY
    ),
    "action-blocked": views.card(
        Around(BLOCKED, ZOE, ANN, BOOKING, blocker=PLAN, deeds=(TAKEN,)), today=TODAY, parts=OWNER
    ),
    "action-claimed": card(CLAIMED, CHECKER),
    "action-claimed-by-owner": card(CLAIMED, OWNER, a_deed("done", "Ivo", 17, after="done_claimed"), TAKEN),
    "action-done": card(
        an_action(state=State.DONE, finished_on=date(2026, 12, 21), every="2 week"), ANYBODY,
        a_deed("accept", "Ann", 21, before="done_claimed", after="done"), TAKEN,
    ),
    "action-handed-over": views.card(
        Around(
            an_action(state=State.PROPOSED), IVO, ANN, BOOKING, giver=ZOE, given_why="You know the booking screen",
            deeds=(a_deed("assign", "Zoe", 3, field="owner_id", before="Zoe", after="Ivo"),),
        ),
        today=TODAY, parts=OWNER,
    ),
    "action-without-owner": views.card(
        Around(an_action(state=State.PROPOSED), None, ANN, BOOKING, deeds=(a_deed("reject", "Ivo", 2),)),
        today=TODAY,
        parts=ANYBODY,
    ),
    "action-help": views.card(Around(HELP, None, ANN, department=BILLING), today=TODAY, parts=ANYBODY),
    "action-news-not-yet": views.card(
        around(an_action(state=State.IN_PROGRESS)), today=TODAY, parts=OWNER, heading="Not yet, says Ann",
        why="Twelve of the 20 calls are checked; eight to go",
    ),
    "action-added": reply_views.added(around(an_action(state=State.PROPOSED))),
    "action-added-own": reply_views.added(
        around(an_action()), notes=[reply_views.not_on_a_working_day(date(2026, 12, 19))]
    ),
    "action-accepted": reply_views.accepted(around(an_action())),
    "action-not-theirs": reply_views.not_theirs(around(an_action())),
    "action-given": reply_views.given(around(an_action()), "Zoe"),
    "action-started": reply_views.started(around(an_action(state=State.IN_PROGRESS))),
    "action-held": reply_views.held(Around(BLOCKED, ZOE, ANN, blocker=PLAN), PLAN.text),
    "action-finished": reply_views.finished(around(an_action(state=State.DONE)), []),
    "action-said-to-be-done": reply_views.finished(around(CLAIMED), ["Ann"]),
    "action-checked": reply_views.checked(around(an_action(state=State.DONE))),
    "action-not-yet": reply_views.not_yet(around(an_action())),
    "action-moved": reply_views.moved(around(an_action(redated=1, first_due_on=date(2026, 12, 11)))),
    "action-cancelled": reply_views.cancelled(around(an_action(state=State.CANCELLED))),
    "action-reopened": reply_views.reopened(around(an_action(state=State.IN_PROGRESS))),
    "action-helps": reply_views.helps(around(an_action()), "Zoe"),
    "action-list": list_views.listed(
        "Your actions", [LATE, TODAYS, BLOCKED, an_action(redated=2)], owners={ZOE.id: "Zoe", IVO.id: "Ivo"},
        today=TODAY, counts=(4, 1), more="",
    ),
    "action-list-long": list_views.listed(
        "All actions", MANY, owners={IVO.id: "Ivo"}, today=TODAY, counts=(23, 0), more="/action list all page:2"
    ),
    "action-list-empty": list_views.listed("Your actions", [], owners={}, today=TODAY, counts=(0, 0), more=""),
    "action-reminder": reminder_views.reminder(
        [Reminded(LATE, 1), Reminded(TODAYS, 0), Reminded(BLOCKED, 0)], name="Zoe"
    ),
    "action-reminder-one": reminder_views.reminder([Reminded(LATE, 3)], name="Zoe"),
    "action-reminder-settled": reminder_views.reminder(
        [Reminded(an_action(101, "Send the text wording to Billing", state=State.DONE), 0)], name="Zoe"
    ),
    "action-reminder-many": reminder_views.reminder([Reminded(each, 0) for each in MANY], name="Ivo"),
    "action-overdue": reminder_views.overdue([(LATE, "Zoe", 5), (an_action(due_on=date(2026, 12, 2)), "Ivo", 3)]),
    "action-freed": reminder_views.freed(
        Blocker.model_validate(SOLVED),
        [an_action(103, "Book desks", state=State.BLOCKED, blocker_id=7), an_action(state=State.IN_PROGRESS)],
    ),
    "action-help-again": views.card(
        Around(HELP, None, ANN, department=BILLING), today=TODAY, parts=ANYBODY,
        heading=views.still_asks(Around(HELP, None, ANN, department=BILLING)),
    ),
    "action-help-lead": views.card(
        Around(HELP, None, ANN, department=BILLING), today=TODAY, parts=ANYBODY,
        heading=views.found_nobody(Around(HELP, None, ANN, department=BILLING)),
    ),
    "action-overdue-settled": reminder_views.settled("Ann"),
    "action-on-day": to_do_views.on_day("Zoe", TODAY, [TODAYS, BLOCKED], own=False),
    "action-on-day-held": to_do_views.on_day(
        "Zoe", TODAY, [TODAYS], own=True,
        held=ahead_views.elements(
            Ahead(
                "", ZoneInfo("Europe/London"), is_away=True, until=date(2026, 12, 9),
                planned=[
                    Planned(datetime(2026, 12, 7, 9, 15, tzinfo=UTC), ahead_views.huddle("Digital", is_asked=False)),
                    Planned(datetime(2026, 12, 7, 14, tzinfo=UTC), ahead_views.weekly("Digital")),
                ],
            ),
            TODAY,
        ),
    ),
    "action-on-day-none": to_do_views.on_day("Zoe", TODAY, [], own=True),
    "action-day": home_views.card(
        "Zoe", TODAY, ZoneInfo("Europe/London"), ["Digital"],
        waiting=[to_do_views.to_do(
            [LATE, TODAYS, BLOCKED, an_action(state=State.PROPOSED)], [CLAIMED], {IVO.id: "Ivo", ANN.id: "Ann"}, TODAY,
            givers={},
        )],
        known=[],
    ),
    # forms
    "action-form": form_views.add({"title": "Add eight fault questions"}, ids={}),
    "action-form-refused": form_views.add({}, ids={}).refused(
        {"title": "", "due": "2026-12-01"},
        {
            "title": form_views.please_write(),
            "owner": form_views.please_choose(),
            "due": form_views.in_the_past("2026-12-01"),
        },
    ),
    "action-form-ask": form_views.ask({}, DEPARTMENTS),
    "action-form-date": form_views.redate([an_action()], {}),
    "action-form-date-which": form_views.redate([LATE, TODAYS], {}),
    "action-form-date-overtaken": form_views.redate([an_action()], {}).refused(
        {"due": "2026-12-21", "why": "The supplier is late"},
        {"due": form_views.overtaken("Ann", "it is open, with Ivo, due Tue 22 Dec 2026.")},
    ),
    "action-form-hold": form_views.hold([an_action()], DEPARTMENTS, {}),
    "action-form-give-back": form_views.give_back([LATE], {}),
    "action-form-evidence": form_views.evidence([an_action()], {}),
    "action-form-not-yet": form_views.not_yet(CLAIMED, {}),
    "action-form-know": form_views.know(HELP, {}),
}  # fmt: skip
