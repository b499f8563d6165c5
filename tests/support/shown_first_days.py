"""Every card and form of mornings, first days, learning and help, by name: at Field Dispatch on Mon 23 Nov 2026."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.actions.rules import State
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.guide import terms
from bot.guide import views as guide
from bot.huddles.rules import QUESTIONS
from bot.mornings import rules, views
from bot.mornings.views import Contents, Meeting
from bot.training import views as training
from bot.welcome import practice_views
from bot.welcome import views as welcome
from bot.welcome.rules import Progress
from bot.welcome.views import Joined
from storage.actions import Action
from storage.first_days import Tried
from storage.huddles import Huddle, HuddleRun
from storage.initiatives import Milestone
from storage.training import TrainingModule

MONDAY = date(2026, 11, 23)
LONDON = ZoneInfo("Europe/London")


def _action(number: int, title: str, due_on: date, state: State = State.OPEN) -> Action:
    return Action(
        id=number, code=f"A-{number}", title=title, owner_id=3, requester_id=1, state=state, due_on=due_on, version=1
    )


def _milestone(number: int, title: str, on: date) -> Milestone:
    return Milestone(id=number, code=f"M-{number}", title=title, initiative_id=1, owner_id=3, forecast_on=on)


LATE = _action(88, "Call back four customers", date(2026, 11, 19))
TODAY = _action(91, "Check eight calls", MONDAY)
ASKED = _action(92, "Read the new fault questions", MONDAY, State.PROPOSED)
HELD = _action(93, "Order seals for van 12", MONDAY, State.BLOCKED)
TOMORROW = _action(95, "Route plan for Wednesday", date(2026, 11, 24))
DONE = _action(90, "Hand over the Oakley jobs", MONDAY, State.DONE)
LIVE = _milestone(12, "Text service live", MONDAY)
GOALS = (("Text service on 40 desks", False), ("Fault questions read with Call centre", False), ("Rota done", False))
WEEKLY = Meeting(datetime(2026, 11, 23, 10, tzinfo=UTC), "Weekly follow-up, Digital")


def _plan(contents: Contents) -> Card:
    return views.plan(contents, name="Zoe", on=MONDAY, zone=LONDON)


def _due(*actions: Action, milestones: tuple[Milestone, ...] = ()) -> rules.Due:
    return rules.sorted_out(actions, milestones, MONDAY)


GUS = Joined("Gus", "Digital", lead="Dov", huddle_at=datetime(2026, 11, 24, 9, 15, tzinfo=UTC))
NEW, THROUGH = Progress(), Progress({Tried.What.TODAY, Tried.What.PRACTICE}, has_action=True, is_finished=True)
HALF = Progress({Tried.What.TODAY}, has_answered=True, is_finished=False)
HUDDLE = Huddle(
    id=1, name="Field Dispatch", team_id=1, at_time=time(9, 15), zone="Europe/London", questions=list(QUESTIONS)
)
RUN = HuddleRun(
    id=0, huddle_id=0, local_date=MONDAY, opens_at=datetime(2026, 11, 23, 9, 15, tzinfo=UTC),
    closes_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC), questions=[],
)  # fmt: skip
INTRODUCTION = TrainingModule(id=1, name="Using Folkmoot", minutes=10, is_builtin=True)
CALLS = TrainingModule(
    id=2, name="Calls in the field", minutes=20, kind=TrainingModule.Kind.SPECIALIST, place="Room 4", is_builtin=False
)
WRITTEN = {"focus": "Meters at Harbour Road", "blocker": "No seals in van 12", "customer": "He was kind."}

SHOWN: dict[str, Card | Form] = {
    "plan": _plan(Contents(_due(LATE, TODAY, ASKED, TOMORROW), goals=GOALS)),
    "plan-long": _plan(
        Contents(_due(LATE, TODAY, ASKED, HELD, DONE, TOMORROW, _action(96, "Valve checks", MONDAY),
                      _action(97, "Stock count", MONDAY), milestones=(LIVE,)), [WEEKLY]),
    ),
    "plan-proposed": _plan(Contents(_due(TODAY), goals=[(text, True) for text, _ in GOALS])),
    "plan-meeting": _plan(Contents(_due(), [WEEKLY])),
    "plan-settled": _plan(Contents(_due(DONE), goals=GOALS[:1])),
    "plan-time": views.chosen(time(7, 45)),
    "plan-off": views.switched_off(),
    "welcome": welcome.welcome(GUS, NEW, LONDON),
    "welcome-half": welcome.welcome(GUS, HALF, LONDON),
    "welcome-no-huddle": welcome.welcome(Joined("Gus", "Digital"), NEW, LONDON),
    "welcome-third": welcome.third_day(GUS, HALF),
    "welcome-third-settled": welcome.third_day(GUS, THROUGH),
    "welcome-tenth": welcome.tenth_day(GUS, HALF, module=1),
    "welcome-tenth-through": welcome.tenth_day(GUS, THROUGH, module=1),
    "welcome-lead": welcome.to_lead(GUS, HALF),
    "welcome-lead-through": welcome.to_lead(GUS, THROUGH),
    "practice-form": practice_views.form(HUDDLE, RUN, [], real="Field Dispatch"),
    "practice": practice_views.tried(QUESTIONS, WRITTEN, name="Gus", where="Field Dispatch"),
    "modules": training.listed([INTRODUCTION, CALLS], {1: "finished", 2: "not begun"}, may_add=True),
    "module-introduction": training.module(INTRODUCTION, is_finished=False, because=training.FOR_WORK),
    "module": training.module(CALLS, is_finished=False, because=training.FOR_WORK),
    "module-finished": training.module(INTRODUCTION, is_finished=True),
    "module-started": training.started(CALLS),
    "module-added": training.added(CALLS, "I-4"),
    "help-tour": guide.tour([]),
    "help-term": guide.term(terms.BY_WORD["streak"]),
    "help-terms": guide.all_terms(terms.TERMS),
}  # fmt: skip
