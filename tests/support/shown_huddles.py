"""Cards and forms of a huddle's set-up, rest and figures as somebody would see them, by name."""

from datetime import date

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.huddles import count_views, figures, notice_views, part_views, rest_views, room_views, rules, setup_views
from bot.huddles.count_views import Counted
from bot.huddles.room_views import Contents, Given, OpenBlocker
from bot.huddles.setup_views import Told
from storage.huddles import Huddle
from storage.people import Person
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
    held,
)

THURSDAY, MONDAY = date(2026, 12, 24), date(2026, 12, 7)


def _every_other_week() -> Huddle:
    huddle = a_huddle(weekdays="mon,thu")
    huddle.every_weeks, huddle.from_on, huddle.until_on = 2, MONDAY, date(2027, 3, 31)
    huddle.asks_in, huddle.grouped_by = Huddle.Asks.ROOM, Huddle.Grouping.PERSON
    huddle.target_percent = 75
    huddle.questions = [rules.QUESTIONS[1], {"id": "q1", "kind": "free", "text": "What was good?", "required": False}]
    return huddle


def _by_person() -> Huddle:
    huddle = a_huddle()
    huddle.grouped_by = Huddle.Grouping.PERSON
    return huddle


def _paused() -> Huddle:
    huddle = a_huddle()
    huddle.paused = True
    return huddle


def _kept(*, shows: bool) -> Huddle:
    huddle = a_huddle()
    huddle.shows_streak, huddle.streak_kept = shows, True
    return huddle


_IN_THE_ROOM = a_run()
_IN_THE_ROOM.asks_in = Huddle.Asks.ROOM
_CLOSED = a_run(state=State.CLOSED, on_time=2, late=1)
_GIVEN = (
    Given(
        "Amy",
        an_answer("Harbour Road", finished="Valve checks\nand two meters", customer="She waited in twice"),
        at(9, 16),
    ),
    Given("Ben", an_answer("", finished="Meter jobs", blocker="no"), at(9, 18)),
    Given("Cem", an_answer("Mill Lane", blocker="No fault details", is_late=True), at(11, 2)),
)
_BLOCKERS = (
    OpenBlocker(a_blocker(), raiser="Cem", age_days=0, waits_for="", helper=""),
    OpenBlocker(a_blocker("Van 12 has no pump seals", code="B-5"), raiser="Amy", age_days=6, waits_for="", helper=""),
)
_RUNS = [held(90), held(70), a_run(state=State.SKIPPED)]
_COUNTED = Counted(
    since=date(2026, 11, 16),
    until=TUESDAY,
    all=figures.tally(_RUNS),
    weeks=[(date(2026, 11, 16), figures.tally(_RUNS)), (date(2026, 11, 23), figures.tally([]))],
    streak=(1, 6),
    blockers=_BLOCKERS,
    ages=figures.by_age([each.age_days for each in _BLOCKERS]),
)
_PEOPLE = [Person(id=number, name=name, zone="Europe/London") for number, name in ((1, "Amy"), (2, "Ben"), (9, "Raj"))]

HUDDLES: dict[str, Card | Form] = {
    "set-up-full": setup_views.saved(
        _every_other_week(),
        Told(
            "Field Dispatch",
            5,
            [MONDAY, THURSDAY],
            left_out=[(date(2026, 12, 25), "Christmas Day")],
            measure="First-time fix",
            observers=["Raj"],
            optional=["Dee", "Eli"],
            changes=[
                ("Target", "80% on time", "75% on time"),
                ("Questions", setup_views.AS_BEFORE, setup_views.AS_BELOW),
            ],
            open_on=TUESDAY,
        ),
    ),
    "set-up-nothing-to-come": setup_views.saved(_paused(), Told("Field Dispatch", 6, [])),
    "set-up-form-refused": setup_views.form([("2", "Field Dispatch")], [], {"name": "Field Dispatch"}, None).refused(
        {"name": "Field Dispatch", "mins": "2"},
        {
            "mins": setup_views.too_slow(900, 5.0, "slack", 2),
            "questions": setup_views.NEEDS_QUESTIONS,
        },
    ),
    "who-takes-part-form": part_views.form(a_huddle(), _PEOPLE, {"optional": "2", "observers": "9"}),
    "huddle-paused": rest_views.paused(a_huddle(), until=None, following=None),
    "huddle-paused-until": rest_views.paused(a_huddle(), until=THURSDAY, following=date(2026, 12, 29)),
    "huddle-resumed": rest_views.resumed(a_huddle(), TUESDAY),
    "huddle-ended": rest_views.ended(a_huddle()),
    "huddle-started": rest_views.started(a_huddle(), 5, NINE_THIRTY, LONDON),
    "streaks-off": rest_views.streaks(on=False),
    "streaks-on": rest_views.streaks(on=True),
    "header-asks-in-the-room": room_views.header(a_huddle(), _IN_THE_ROOM, figure=None, away=[], zone=LONDON),
    "summary-by-person": room_views.summary(_by_person(), _CLOSED, Contents(_GIVEN, (), (), (), None, 2), LONDON),
    "summary-new-streak": room_views.summary(
        a_huddle(), _CLOSED, Contents(_GIVEN, (), (), (), None, 0, starts_anew=True), LONDON
    ),
    "summary-to-observe": room_views.summary(
        a_huddle(), _CLOSED, Contents(_GIVEN, (), (), (), None, 2, can_answer=False), LONDON
    ),
    "huddle-figures": count_views.card(a_huddle(), _COUNTED, can_export=True),
    "huddle-figures-none": count_views.card(
        a_huddle(),
        Counted(
            since=date(2026, 11, 23),
            until=TUESDAY,
            all=figures.tally([]),
            weeks=[(date(2026, 11, 23), figures.tally([]))],
            streak=None,
            blockers=(),
            ages=figures.by_age([]),
        ),
        can_export=False,
    ),
    "huddle-runs-link": count_views.link(a_huddle(), "https://bot.example/open#Zk3"),
    "lead-check-in": notice_views.quiet(a_huddle(), ["Eli"]),
    "lead-check-in-several": notice_views.quiet(a_huddle(), ["Dee", "Eli"]),
    "streak-question": notice_views.novelty(a_huddle(), 13),
    "streak-kept": notice_views.novelty_settled(_kept(shows=True)),
    "streak-switched-off": notice_views.novelty_settled(_kept(shows=False)),
}
