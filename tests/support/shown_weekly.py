"""Every card and form of the weekly follow-up as somebody would see it, by name; Digital in week 48."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.actions.rules import Rate
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.home import goal_views
from bot.weekly import form_views, pack_views, reply_views, views
from bot.weekly.pack_views import Pack
from bot.weekly.rules import Bump, Figures, Plan, State
from bot.weekly.views import Draft
from storage.actions import Action
from storage.blockers import Blocker
from storage.initiatives import Initiative, Milestone
from storage.teams import Team
from storage.weekly import Goal, RoadBump, Weekly, WeeklyGoal, WeeklyRun

LONDON = ZoneInfo("Europe/London")
DIGITAL = Team(id=1, name="Digital", zone="Europe/London")
MEETS_AT = datetime(2026, 11, 27, 10, tzinfo=UTC)
SAID_AT = datetime(2026, 11, 26, 14, 10, tzinfo=UTC)
FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)
Result = WeeklyGoal.Result


def a_run(state: State = State.PACK_POSTED, **more: object) -> WeeklyRun:
    values: dict[str, object] = {
        "id": 1, "team_id": 1, "iso_year": 2026, "iso_week": 48, "state": state, "meets_at": MEETS_AT,
        "zone": "Europe/London", "reason": "", "praise": "", "posted_at": MEETS_AT,
    }  # fmt: skip
    return WeeklyRun.model_validate(values | more)


def a_task(number: int, title: str, due: date, **more: object) -> Action:
    values: dict[str, object] = {
        "id": number, "code": f"A-{number}", "title": title, "requester_id": 2, "owner_id": 1, "due_on": due,
        "first_due_on": due, "state": Action.State.OPEN, "redated": 0, "every": "", "evidence": "", "done_when": "",
    }  # fmt: skip
    return Action.model_validate(values | more)


def a_goal(number: int, text: str, result: Result = Result.OPEN) -> WeeklyGoal:
    return WeeklyGoal(id=number, run_id=1, person_id=1, seq=number, text=text, result=result)


RUN, CONFIRMED = a_run(), a_run(State.CONFIRMED, confirmed_at=MEETS_AT, confirmed_by=9)
SKIPPED = a_run(State.SKIPPED, reason="Half the team is at the fair.", posted_at=None)
CALLS = a_task(90, "Check the last 8 calls with the new script", MONDAY, first_due_on=FRIDAY)
WORDING = a_task(101, "Send the text wording to Billing", MONDAY)
DESKS = a_task(89, "Book desks for the training", date(2026, 11, 25))
DONE = [a_task(81 + n, f"Train desk {n + 1}", FRIDAY) for n in range(6)]
LIVE = Milestone(
    id=12, code="M-12", initiative_id=1, title="Text service live", forecast_on=FRIDAY, actual_on=date(2026, 11, 26)
)
PHOTO = Initiative(id=8, code="I-8", title="Meter reading by photo", owner_id=1)
FREE = a_task(120, "Who keeps the list of fault codes?", MONDAY, owner_id=None, due_on=None)
SEALS = Blocker(id=6, code="B-6", text="Van 12 is out of meter seals", raised_by=1, raised_on=FRIDAY, team_id=1)
LATE_NUMBERS = RoadBump(
    id=1, team_id=1, person_id=1, run_id=1, text="Test numbers from the text supplier arrive late", raised_on=FRIDAY
)
BUMPS = [
    Bump(LATE_NUMBERS.text, 4, "Zoe", bump=LATE_NUMBERS),
    Bump(SEALS.text, 1, "with IT", blocker=SEALS),
]
ZOES = [a_goal(1, "A-90 Check the last 8 calls"), a_goal(2, "A-101 Send the wording"), a_goal(3, "Train two desks")]
PLANS = [Plan(2, "Ann", [a_goal(4, "M-31 Script live")]), Plan(1, "Zoe", ZOES)]
FIGURES = Figures(
    done=DONE, late=[DESKS], due=[CALLS, WORDING], on_time=Rate(6, 9), kept=Rate(4, 7),
    done_before=5, on_time_before=Rate(7, 10), kept_before=Rate(3, 5),
)  # fmt: skip
WEEK = Pack(
    DIGITAL, RUN, FRIDAY, FIGURES, owners={1: "Zoe"}, milestones=[LIVE], bumps=BUMPS, plans=PLANS, unsponsored=[PHOTO],
    ownerless=[FREE], removed=["No desk free for the training", "B-5 The room plan is missing"],
)  # fmt: skip
QUIET_WEEK = Pack(DIGITAL, RUN, FRIDAY, Figures())
AGREED = replace(WEEK, run=CONFIRMED, confirmed_by="Dov")
PRAISED = replace(AGREED, run=a_run(praise="Three months of patience with the supplier paid off."))
DRAFT = Draft(
    done=["A-81 Train desk 1", "M-12 Text service live"],
    bumps=["No desk free for the training"],
    plan=[goal.text for goal in ZOES],
    goals=[(a_goal(7, "A-80 Write the script"), Result.MET), (a_goal(8, "Call the supplier"), Result.OPEN)],
)
WEEKLY = Weekly(id=1, team_id=1, weekday="fri", at_time=time(10), zone="Europe/London")
FOUR = [*ZOES, a_goal(5, "Write the leaflet", Result.DROPPED)]

WEEKS: dict[str, Card | Form] = {
    "weekly-offer": views.offer(DIGITAL),
    "weekly-set-up-form": form_views.setup(
        {"team": "1", "day": "fri", "at": "10:00", "zone": "Europe/London"}, [("1", "Digital")]
    ),
    "weekly-set-up": reply_views.saved(WEEKLY, "Digital", MEETS_AT, datetime(2026, 11, 26, 14, tzinfo=UTC), moved=""),
    "weekly-set-up-holiday": reply_views.saved(
        WEEKLY,
        "Digital",
        datetime(2026, 12, 24, 10, tzinfo=UTC),
        None,
        moved=reply_views.moved_for("Christmas Day", date(2026, 12, 24)),
    ),
    "weekly-paused": reply_views.paused("Digital"),
    "weekly-ended": reply_views.ended("Digital"),
    "weekly-declined": reply_views.declined("Digital"),
    "weekly-check": views.ask(RUN, "Digital", DRAFT, LONDON),
    "weekly-check-empty": views.ask(RUN, "Digital", Draft(), LONDON),
    "weekly-check-form": form_views.update(RUN, "Digital", DRAFT, {}, is_confirmed=False),
    "weekly-check-refused": form_views.update(RUN, "Digital", DRAFT, {}, is_confirmed=True).refused(
        {"bumps": "x" * 151}, {"bumps": form_views.too_long("x" * 151)}
    ),
    "weekly-noted": views.noted(RUN, "Digital", DRAFT, SAID_AT, zone=LONDON, can_change=True),
    "weekly-noted-for-good": views.noted(RUN, "Digital", DRAFT, SAID_AT, zone=LONDON, can_change=False),
    "weekly-over": views.over(RUN, "Digital", LONDON),
    "weekly-kept": reply_views.kept(RUN, "Digital", (), is_late=False),
    "weekly-kept-late": reply_views.kept(RUN, "Digital", [reply_views.plan_is_confirmed("Dov")], is_late=True),
    "weekly-nudge": views.nudge(RUN, LONDON),
    "weekly-nudge-settled": views.nudge_settled(views.NOTED_SINCE),
    "weekly-which-three": form_views.which_three(RUN, [Plan(1, "Zoe", FOUR)], {}, since=7),
    "weekly-three-kept": reply_views.dropped([Plan(1, "Zoe", ZOES)]),
    "weekly-pack": pack_views.pack(WEEK, in_room=True),
    "weekly-pack-confirmed": pack_views.pack(AGREED, in_room=True),
    "weekly-pack-quiet": pack_views.pack(QUIET_WEEK, in_room=False),
    "weekly-skipped": pack_views.pack(replace(WEEK, run=SKIPPED), in_room=True),
    "weekly-tasks": pack_views.tasks(WEEK),
    "weekly-blocker": reply_views.promoted(SEALS),
    "weekly-plan": pack_views.please_confirm(WEEK),
    "weekly-plan-read": pack_views.plan(WEEK, may_confirm=False),
    "weekly-plan-form": form_views.plan(RUN, "Digital", PLANS, {}, since=1, praise=True),
    "weekly-plan-none": pack_views.plan(QUIET_WEEK, may_confirm=True),
    "weekly-confirmed": reply_views.confirmed(AGREED),
    "weekly-skip-form": form_views.skip(RUN, "Digital", {}),
    "weekly-called-off": reply_views.run_skipped(SKIPPED, "Digital"),
    "weekly-summary": pack_views.summary(PRAISED),
    "weekly-day": Card(
        "Part of a day.",
        (
            *goal_views.waiting([(RUN, "Digital")], [(RUN, "Field")], LONDON).elements,
            *goal_views.goals(
                [Goal(ZOES[0], RUN, is_proposed=True), Goal(ZOES[1], CONFIRMED, is_proposed=False)]
            ).elements,
        ),
    ),
}
