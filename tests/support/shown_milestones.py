"""Every card and form of milestones as somebody would see it, by name: on Mon 7 Dec 2026, as in design card 11."""

from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.spans import Hue
from bot.milestones import form_views, message_views, reply_views, views
from bot.milestones.rules import Slips
from bot.milestones.views import Page, Seen, Whole
from storage.initiatives import Initiative, Milestone, MilestoneAsk, Phase
from storage.milestones import Counts, Only

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 12, 7)
AT = datetime(2026, 12, 7, 9, 12, tzinfo=UTC)
State, Answer = Milestone.State, MilestoneAsk.Answer
INITIATIVE = Initiative(id=1, code="I-1", title="Fault questions before booking", owner_id=10, sponsor_id=17)
VANS = Initiative(id=2, code="I-2", title="One stock list for all vans")
BUILD = Phase(id=1, initiative_id=1, name="Build")


def _milestone(number: int, title: str, forecast: date, baseline: date | None = None, **more: object) -> Milestone:
    return Milestone(
        id=number,
        code=f"M-{number}",
        initiative_id=1,
        title=title,
        forecast_on=forecast,
        baseline_on=baseline or forecast,
        version=1,
        **more,  # type: ignore[arg-type]  # each card names what is special
    )


SCRIPT = _milestone(31, "Script live", date(2027, 1, 8), date(2026, 12, 18), reason="supplier late")
DESKS = _milestone(
    32,
    "40 desks trained",
    date(2027, 1, 15),
    date(2027, 1, 15),
    proposed_on=date(2027, 1, 19),
    proposed_because_of=31,
    duration_days=10,
)
SHEETS = _milestone(33, "Fault details on every job sheet", date(2026, 12, 22))
VISITS = _milestone(34, "Repeat visits below 8%", date(2027, 3, 25), rebaselined=2)
PILOT = _milestone(29, "Pilot at Oakley", date(2026, 12, 4))
EARLY = _milestone(28, "Supplier chosen", date(2027, 1, 22), date(2027, 1, 29))
AGREED = _milestone(30, "Fault questions agreed", date(2026, 12, 1), state=State.ACHIEVED, actual_on=date(2026, 12, 1))
CLAIMED = _milestone(
    33,
    "Fault details on every job sheet",
    date(2026, 12, 22),
    state=State.CLAIMED,
    claimed_on=TODAY,
    evidence="On every sheet since Monday; 20 of 20 checked",
)
ACCEPTED = CLAIMED.model_copy(update={"state": State.ACHIEVED, "actual_on": TODAY})
WAIVED = SHEETS.model_copy(update={"state": State.WAIVED, "reason": "the new job sheets have it"})
ON_TIME = _milestone(31, "Script live", date(2026, 12, 18))
DRAFT = _milestone(35, "Old script off", date(2027, 2, 1)).model_copy(update={"baseline_on": None})

RED = Seen(SCRIPT, INITIATIVE, "Ann", Hue.RED)
AMBER = Seen(DESKS, INITIATIVE, "Dov", Hue.AMBER, pushed_by="M-31")
GREEN = Seen(SHEETS, INITIATIVE, "Raj", Hue.GREEN)
LATER = Seen(VISITS, INITIATIVE, "Raj", Hue.GREEN)
PLANNED = Seen(ON_TIME, INITIATIVE, "Ann", Hue.GREEN)
CLAIM = Seen(CLAIMED, INITIATIVE, "Raj", Hue.GREEN, checker="Ann")
COUNTS = Counts(all=5, achieved=1, late=2, open=4, shown=4)
IDS = {"initiative": "1", "only": "open"}


def _asked(answer: MilestoneAsk.Answer | None = None) -> MilestoneAsk:
    return MilestoneAsk(
        id=1, milestone_id=31, asked_by=7, owner_id=10, asked_at=AT, answer=answer, answered_at=AT if answer else None
    )


def _listed(page: Page, *, in_room: bool = False, can_ask: bool = True) -> Card:
    return views.listed(page, TODAY, ids=IDS, can_ask=can_ask, in_room=in_room)


def _many() -> list[Seen]:
    return [
        Seen(_milestone(n, f"Depot {n} has the new scanners", date(2027, 1, 4)), VANS, "Dov", Hue.GREEN)
        for n in range(40, 50)
    ]


SHOWN: dict[str, Card | Form] = {
    "milestones": _listed(
        Page(
            "I-1 Fault questions before booking",
            [RED, AMBER, GREEN, LATER],
            COUNTS,
            initiative=True,
            slips=Slips(Fraction(25, 4), Fraction(2)),
        ),
        in_room=True,
    ),
    "milestones-mine": _listed(
        Page(
            "Your milestones",
            [
                Seen(PILOT, INITIATIVE, "Ann", Hue.RED),
                RED,
                CLAIM,
                Seen(EARLY, INITIATIVE, "Ann", Hue.GREEN),
                Seen(DRAFT, VANS, "", Hue.GREEN),
            ],
            Counts(all=5, late=2, open=5, shown=5),
        )
    ),
    "milestones-more": _listed(
        Page("Everybody's milestones", _many(), Counts(all=43, late=0, open=43, shown=43), offset=10)
    ),
    "milestones-achieved": _listed(
        Page(
            "I-1 Fault questions before booking",
            [Seen(AGREED, INITIATIVE, "Ann", Hue.BLUE)],
            Counts(all=5, achieved=1, late=2, open=4, shown=1),
            only=Only.ACHIEVED,
            initiative=True,
        )
    ),
    "milestones-none": views.listed(Page("Your milestones", [], Counts()), TODAY, ids={"mine": "1", "only": "open"}),
    "milestones-none-yet": views.listed(
        Page("I-2 One stock list for all vans", [], Counts(), initiative=True), TODAY, ids=IDS
    ),
    "milestones-shared": views.listed(
        Page("I-1 Fault questions before booking", [RED, AMBER, GREEN, LATER], COUNTS, initiative=True), TODAY, ids=None
    ),
    "milestone": views.shown(
        Whole(
            AMBER,
            phase=BUILD,
            waits_for=[SCRIPT],
            waited_for_by=[VISITS],
            deeds=["Ann moved M-31, so Tue 19 Jan 2027 is proposed for it"],
        ),
        TODAY,
        presses=message_views.presses(DESKS, ("move", "take", "keep", "done")),
    ),
    "milestone-claimed": views.shown(Whole(CLAIM), TODAY, presses=message_views.presses(CLAIMED, ("accept", "reject"))),
    "milestone-add": form_views.add([INITIATIVE, VANS], {"title": "Script live", "initiative": "1"}),
    "milestone-add-refused": form_views.add([INITIATIVE], {}).refused(
        {"title": "Script live"}, {"due": form_views.NEEDS_DATE, "owner": form_views.NEEDS_OWNER}
    ),
    "milestone-added": reply_views.added(ON_TIME, INITIATIVE, "Ann", notes=[], pushed=[]),
    "milestone-move": form_views.move(ON_TIME, {"due": "2027-01-08"}),
    "milestone-moved": reply_views.moved(SCRIPT, date(2026, 12, 18), notes=[], pushed=[DESKS], owners=["Dov"]),
    "milestone-taken": reply_views.taken(
        DESKS.model_copy(update={"forecast_on": date(2027, 1, 19), "proposed_on": None}), pushed=[], owners=[]
    ),
    "milestone-keep": form_views.reason(DESKS, "keep", {}),
    "milestone-kept": reply_views.kept(
        DESKS.model_copy(update={"proposed_on": None}), "two trainers more in January", pushed=[], owners=[]
    ),
    "milestone-done": form_views.done(SHEETS, {}),
    "milestone-claim-noted": reply_views.claimed(CLAIMED, "Ann"),
    "milestone-accepted": reply_views.accepted(ACCEPTED, "Raj"),
    "milestone-reject": form_views.reason(CLAIMED, "reject", {}),
    "milestone-rejected": reply_views.rejected(SHEETS, "Raj"),
    "milestone-waive": form_views.reason(SHEETS, "waive", {}),
    "milestone-waived": reply_views.waived(WAIVED),
    "milestone-cancelled": reply_views.cancelled(WAIVED),
    "milestone-rebaselined": reply_views.baseline_moved(
        SCRIPT.model_copy(update={"baseline_on": date(2027, 1, 8), "rebaselined": 1}), date(2026, 12, 18)
    ),
    "milestone-waits": reply_views.waits(DESKS, SCRIPT, 2, pushed=[], owners=[]),
    "milestone-phase-closed": reply_views.phase_closed(INITIATIVE, BUILD),
    "milestone-share-noted": reply_views.shared("#field"),
    # messages that come by themselves
    "milestone-ask": message_views.asked(PLANNED, _asked(), "Cora", TODAY),
    "milestone-ask-answered": message_views.asked(PLANNED, _asked(Answer.ON_TRACK), "Cora", TODAY),
    "milestone-ask-late": form_views.late(ON_TIME, 1, {}),
    "milestone-asked": reply_views.asked(
        [("Ann", [ON_TIME]), ("Raj", [SHEETS, VISITS])], notes=[reply_views.is_away("Raj", date(2026, 12, 11))]
    ),
    "milestone-asked-nobody": reply_views.asked([], notes=[]),
    "milestone-answer-sent": reply_views.answer_sent(ON_TIME, "Cora"),
    "milestone-answer-on-track": message_views.answered(PLANNED, _asked(Answer.ON_TRACK), LONDON),
    "milestone-answer-late": message_views.answered(RED, _asked(Answer.LATE), LONDON),
    "milestone-answer-done": message_views.answered(CLAIM, _asked(Answer.DONE), LONDON),
    "milestone-claim": message_views.claim(CLAIM),
    "milestone-claim-settled": message_views.claim(Seen(ACCEPTED, INITIATIVE, "Raj", Hue.BLUE)),
    "milestone-push": message_views.push(AMBER, date(2027, 1, 19), SCRIPT),
    "milestone-push-settled": message_views.push(PLANNED, date(2027, 1, 19), None),
    "milestone-news": message_views.news(RED, "Carl", "move", after="2027-01-08", reason="supplier late", today=TODAY),
}
