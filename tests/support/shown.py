"""Every card and form of a huddle as somebody would see it, by name: at Field Dispatch on Tue 24 Nov 2026."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.blockers import reply_views as blocker_views
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.huddles import absence_views, form_views, room_views, rules, setup_rules, setup_views, views
from bot.huddles.room_views import Away, Contents, Given, OpenBlocker, Voice
from bot.huddles.setup_views import Told
from bot.measures.rules import Figure
from bot.operation import views as operation_views
from bot.operation.views import Report, Stopped, Undelivered
from bot.teams import views as team_views
from storage.blockers import Blocker
from storage.huddles import Huddle
from storage.people import Department
from storage.teams import Team
from tests.support.huddle_rows import (
    LONDON,
    NINE_THIRTY,
    TUESDAY,
    State,
    a_blocker,
    a_huddle,
    a_run,
    an_answer,
    at,
)
from tests.support.shown_accounts import ACCOUNTS
from tests.support.shown_actions import ACTIONS
from tests.support.shown_agenda import AGENDAS
from tests.support.shown_blockers import BLOCKERS
from tests.support.shown_council import COUNCILS
from tests.support.shown_decisions import DECISIONS
from tests.support.shown_first_days import SHOWN as FIRST_DAYS
from tests.support.shown_huddles import HUDDLES
from tests.support.shown_initiatives import INITIATIVES
from tests.support.shown_mail import MAILS
from tests.support.shown_measures import MEASURES
from tests.support.shown_meeting import MEETING
from tests.support.shown_milestones import SHOWN as MILESTONES
from tests.support.shown_minutes import MINUTES
from tests.support.shown_quiet import QUIET
from tests.support.shown_ranking import RANKING
from tests.support.shown_roadmap import ROADMAP
from tests.support.shown_search import SHOWN as SEARCH
from tests.support.shown_weekly import WEEKS

WEDNESDAY, FRIDAY = date(2026, 11, 25), date(2026, 11, 27)
LAST_FRIDAY = date(2026, 11, 20)
FIRST_TIME_FIX = Figure("First-time fix yesterday", "78%", "up 2 points")
NO_NUMBER = Figure("No number for yesterday")
FAY = Away("Fay", FRIDAY)
DEPARTMENTS = [Department(id=n, name=name) for n, name in enumerate(("Call centre", "Field", "Metering Ltd"), start=1)]
LOCAL = a_huddle(mode=Huddle.Mode.LOCAL)
PLAN = "Close the Mill Lane pressure jobs"
TYPED = {
    "finished": "Closed 5 of the 6 Mill Lane pressure jobs",
    "focus": "",
    "blocker": "3 of 8 jobs had no fault details",
    "helper": "1",
    "stopped": "yes",
    "customer": "",
}


def _confirmed(
    *,
    blocker: Blocker | None = None,
    is_late: bool = False,
    is_edited: bool = False,
    can_change: bool = True,
    summary_at: datetime | None = NINE_THIRTY,
) -> Card:
    answer = an_answer(
        finished=TYPED["finished"],
        blocker=blocker.text if blocker else "no",
        is_late=is_late,
        is_edited=is_edited,
        submitted_at=at(11, 2) if is_late else at(9, 40) if is_edited else at(9, 24),
    )
    return views.answered(
        a_huddle(),
        a_run(),
        answer,
        blocker=blocker,
        waits_for="Call centre" if blocker else "",
        name="Cem",
        zone=LONDON,
        can_change=can_change,
        summary_at=summary_at,
        lead="Dana",
    )


def _form(values: dict[str, str], *, figure: Figure | None = FIRST_TIME_FIX, filled: bool = False) -> Form:
    until = form_views.open_until(NINE_THIRTY, LONDON)
    return form_views.form(a_huddle(), a_run(), DEPARTMENTS, values, figure=figure, filled=filled, until=until)


def a_summary(contents: Contents, *, on_time: int = 4, late: int = 0, expected: int = 5) -> Card:
    run = a_run(state=State.CLOSED, expected=expected, on_time=on_time, late=late)
    return room_views.summary(a_huddle(), run, contents, LONDON)


EMPTY = Contents(given=(), blockers=(), voices=(), away=(), figure=None, streak=0)

EVERYTHING = Contents(
    given=(
        Given("Amy", an_answer("Valve checks at Harbour Road"), at(9, 16)),
        Given("Ben", an_answer("Hand over the Oakley meter jobs", is_edited=True), at(9, 18)),
        Given("Cem", an_answer("Last Mill Lane job before noon"), at(9, 24)),
        Given("Dee", an_answer("Call back four customers"), at(9, 28)),
        Given("Eli", an_answer("Stock count, van 9", is_late=True), at(11, 2)),
    ),
    blockers=(
        OpenBlocker(a_blocker(), raiser="Cem", age_days=0, waits_for="Call centre", helper=""),
        OpenBlocker(
            a_blocker("No water in Quay Street", code="B-8", customer_stopped=True),
            raiser="Amy",
            age_days=0,
            waits_for="",
            helper="",
        ),
        OpenBlocker(
            a_blocker("Van 12 has no pump seals", code="B-5", raised_on=date(2026, 11, 19), taken_by=3),
            raiser="Amy",
            age_days=3,
            waits_for="Field",
            helper="Raj",
        ),
        OpenBlocker(
            a_blocker("The gate code is wrong", code="B-6", raised_on=date(2026, 11, 23)),
            raiser="Dee",
            age_days=1,
            waits_for="",
            helper="",
        ),
    ),
    voices=(Voice("I took a second morning off for this.", "V-9", "Dee"),),
    away=(FAY, Away("Gil", None)),
    figure=FIRST_TIME_FIX,
    streak=7,
)

SKIPPED = a_run(state=State.SKIPPED, reason=absence_views.skip_reason("Dana", "safety training all morning"))

LOST = Undelivered(12, "huddle.prompt", "Amy", at(9, 15), "the account is closed")
DOUBTED = Undelivered(
    number=15,
    view="huddle.channel",
    to="#field-dispatch",
    due_at=at(9, 30),
    why="it may stand there already, and the platform does not let me look",
    may_stand=True,
)
FAILED = Stopped(31, "huddle.close", at(9, 30))
UNREADABLE = Stopped(2, "huddle.open")


def _report(
    lost: int, doubted: int, *, told: int, steps: tuple[Stopped, ...] = (), rhythms: tuple[Stopped, ...] = ()
) -> Card:
    messages = [*[LOST] * lost, *[DOUBTED] * doubted]
    return operation_views.trouble(Report(494_841, told, lost, doubted, messages, steps, rhythms), LONDON)


SHOWN: dict[str, Card | Form] = {
    # what one person sees
    "prompt": views.prompt(a_huddle(), a_run(), FIRST_TIME_FIX, PLAN, until=NINE_THIRTY, zone=LONDON),
    "prompt-without-plan-or-number": views.prompt(a_huddle(), a_run(), None, "", until=NINE_THIRTY, zone=LONDON),
    "prompt-no-number-yesterday": views.prompt(a_huddle(), a_run(), NO_NUMBER, PLAN, until=at(9, 42), zone=LONDON),
    "window-closed": views.window_closed(a_huddle(), a_run(), NINE_THIRTY, LONDON),
    "day-over": views.over(a_huddle(), a_run()),
    "away-until-friday": views.away_today(a_huddle(), a_run(), FRIDAY, can_return=True),
    "away-today-window-closed": views.away_today(a_huddle(), a_run(), TUESDAY, can_return=False),
    "skipped-by-lead": views.skipped(a_huddle(), SKIPPED),
    "skipped-holiday": views.skipped(
        a_huddle(), a_run(on=date(2026, 12, 25), state=State.SKIPPED, reason="Christmas Day")
    ),
    "skipped-too-few": views.skipped(
        a_huddle(), a_run(state=State.SKIPPED, reason="fewer than two people were expected")
    ),
    "nudge": views.nudge(a_run()),
    "nudge-answered": views.nudge_settled(views.NOTED_SINCE),
    "nudge-window-closed": views.nudge_settled(views.NUDGE_OVER),
    "nudge-not-needed": views.nudge_settled(views.NO_ANSWER_NEEDED),
    # answers
    "form": _form({}),
    "form-filled-from-plan": _form({"finished": PLAN}, figure=None, filled=True),
    "form-refused": _form({}).refused(TYPED, {"focus": form_views.please_write("focus")}),
    "form-too-long": _form({}).refused(TYPED, {"finished": form_views.too_long(1500, 1732)}),
    "confirmation": _confirmed(),
    "confirmation-with-blocker": _confirmed(blocker=a_blocker()),
    "confirmation-blocker-taken": _confirmed(blocker=a_blocker(taken_by=3, state=Blocker.State.ACKNOWLEDGED)),
    "confirmation-blocker-solved": _confirmed(blocker=a_blocker(state=Blocker.State.RESOLVED), summary_at=None),
    "confirmation-late": _confirmed(is_late=True, summary_at=None),
    "confirmation-edited": _confirmed(is_edited=True, summary_at=None),
    "confirmation-day-over": _confirmed(can_change=False, summary_at=None),
    "noted": views.noted(an_answer(), "Ben", at(9, 18), LONDON),
    "noted-changed": views.noted(an_answer(is_edited=True), "Ben", at(9, 40), LONDON),
    "noted-late": views.noted_late(NINE_THIRTY, LONDON),
    "solved-or-mistake": views.solved_or_mistake(a_blocker()),
    "which-day": views.which_day("Two stock counts, van 9 and van 10", a_run(), WEDNESDAY, a_huddle()),
    "which-day-no-huddle": views.which_day("Two stock counts, van 9 and van 10", None, WEDNESDAY, a_huddle()),
    "closed-ask-next": views.closed_ask_next(TUESDAY, WEDNESDAY, a_huddle(), "Two stock counts, van 9 and van 10"),
    "kept-early": views.kept_early(WEDNESDAY),
    # what the room sees
    "header": room_views.header(a_huddle(), a_run(on_time=2), figure=FIRST_TIME_FIX, away=[FAY], zone=LONDON),
    "header-no-number": room_views.header(a_huddle(), a_run(), figure=NO_NUMBER, away=[], zone=LONDON),
    "header-elsewhere": room_views.header(
        a_huddle(), a_run(), figure=None, away=[FAY, Away("Gil", None)], zone=ZoneInfo("America/New_York")
    ),
    "header-local": room_views.header(LOCAL, a_run(closes_at=at(22, 30), on_time=3), figure=None, away=[], zone=LONDON),
    "header-many-away": room_views.header(
        a_huddle(), a_run(), figure=None, away=[Away(f"Ada{n}", FRIDAY) for n in range(1, 201)], zone=LONDON
    ),
    "summary": a_summary(EVERYTHING, late=1),
    "summary-empty": a_summary(EMPTY, on_time=0),
    "summary-nobody-expected": a_summary(EMPTY, on_time=0, expected=0),
    "summary-some-late": a_summary(Contents(EVERYTHING.given[:3], (), (), (), NO_NUMBER, 1), on_time=2, late=1),
    "summary-on-saturday": room_views.summary(
        a_huddle(weekdays="sat"),
        a_run(on=date(2026, 11, 28), state=State.CLOSED, on_time=4),
        Contents((), (OpenBlocker(a_blocker(raised_on=FRIDAY), "Cem", 0, "", ""),), (), (), None, 1),
        LONDON,
    ),
    "summary-local-so-far": room_views.summary(
        LOCAL, a_run(closes_at=at(22, 30), on_time=3, late=1), Contents((), (), (), (), None, 0), LONDON
    ),
    "summary-local": room_views.summary(
        LOCAL,
        a_run(closes_at=at(22, 30), state=State.CLOSED, on_time=4, late=1),
        Contents((), (), (), (), None, 3),
        LONDON,
    ),
    "details": room_views.details(
        a_huddle(),
        a_run(),
        [
            Given(
                "Cem",
                an_answer(finished=TYPED["finished"], blocker=TYPED["blocker"], customer="Thank you for calling back."),
                at(9, 24),
            ),
            Given("Dee", an_answer("Call back four customers\nand two more", blocker="no"), at(9, 28)),
        ],
    ),
    "missed": room_views.missed(a_huddle()),
    # away, back, called off
    "away-open-end": absence_views.you_are_away(WEDNESDAY, None),
    "away-one-day": absence_views.you_are_away(WEDNESDAY, WEDNESDAY),
    "away-period": absence_views.you_are_away(date(2026, 12, 21), date(2027, 1, 1)),
    "away-somebody-else": absence_views.you_are_away(WEDNESDAY, None, "Fay"),
    "back": absence_views.you_are_back(),
    "back-somebody-else": absence_views.you_are_back("Fay"),
    "run-skipped": absence_views.run_skipped(a_huddle(), FRIDAY),
    # set-up
    "set-up-form": setup_views.form(
        [("2", "Field Dispatch")],
        [("FTF", "First-time fix")],
        {
            "name": "Field Dispatch",
            "team": "2",
            "days": "mon,tue,wed,thu,fri",
            "at": "09:15",
            "zone": "Europe/London",
            "mins": "15",
            "mode": "together",
            "questions": setup_rules.questions_text(rules.QUESTIONS),
        },
        None,
    ),
    "set-up": setup_views.saved(a_huddle(), Told("Field Dispatch", 6, [WEDNESDAY, date(2026, 11, 26), FRIDAY])),
    "set-up-outside-office-hours": setup_views.saved(
        a_huddle(weekdays="mon,thu", at_time=time(9, 15)),
        Told(
            "Field Dispatch",
            1,
            [date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 3)],
            outside=[ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")],
        ),
    ),
    # blockers
    "blocker-solved": blocker_views.solved(a_blocker()),
    "blocker-taken": blocker_views.taken(a_blocker(), "Cem"),
    "blocker-told": blocker_views.told(a_blocker(), "Raj"),
    # customer numbers
    **MEASURES,
    "room-shut": team_views.room_is_shut(Team(name="Field Dispatch", zone="Europe/London"), "#field-dispatch"),
    "room-open-again": team_views.room_is_open(Team(name="Field Dispatch", zone="Europe/London"), "#field-dispatch"),
    "answer-taken-back": views.withdrawn(a_run()),
    # what administrators are told
    "trouble": _report(1, 1, told=5, steps=(FAILED,), rhythms=(UNREADABLE,)),
    "trouble-lost": _report(1, 0, told=1),
    "trouble-in-doubt": _report(0, 2, told=4),
    "trouble-steps": _report(0, 0, told=1, steps=(FAILED,)),
    "trouble-settled": _report(0, 0, told=3),
    "trouble-sent-again": operation_views.sent_again(2, 0),
    "trouble-sent-again-late": operation_views.sent_again(1, 2),
    "trouble-all-late": operation_views.sent_again(0, 1),
    "trouble-left": operation_views.left_unsent(1),
    "trouble-settled-before": operation_views.left_unsent(0),
    **ACTIONS,
    **BLOCKERS,
    **COUNCILS,
    **FIRST_DAYS,
    **HUDDLES,
    **INITIATIVES,
    **MILESTONES,
    **QUIET,
    **ROADMAP,
    **RANKING,
    **AGENDAS,
    **DECISIONS,
    **MEETING,
    **MINUTES,
    **ACCOUNTS,
    **MAILS,
    **SEARCH,
    **WEEKS,
}

ONLY_IN_THE_ROOM = {name for name in SHOWN if name.startswith(("header", "summary", "details", "skipped", "missed"))}
"""What many people see at once."""
