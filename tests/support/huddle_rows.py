"""Rows of a huddle as a test needs them: Field Dispatch on Tue 24 Nov 2026, changed where a test says so."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.huddles import rules
from storage.blockers import Blocker
from storage.huddles import Expectation, Huddle, HuddleAnswer, HuddleRun
from storage.messages import Message

LONDON = ZoneInfo("Europe/London")
TUESDAY = date(2026, 11, 24)
Status = Expectation.Status
State = HuddleRun.State


def at(hour: int, minute: int = 0, on: date = TUESDAY) -> datetime:
    """An instant of that day; in November, London's clocks show UTC."""
    return datetime.combine(on, time(hour, minute), tzinfo=UTC)


NINE_FIFTEEN, TWENTY_FOUR_PAST, NINE_THIRTY, NOON = at(9, 15), at(9, 24), at(9, 30), at(12)


def a_huddle(
    *,
    name: str = "Field Dispatch",
    at_time: time = time(9, 15),
    zone: str = "Europe/London",
    weekdays: str = "mon,tue,wed,thu,fri",
    window_min: int = 15,
    mode: Huddle.Mode = Huddle.Mode.TOGETHER,
) -> Huddle:
    return Huddle(
        id=3,
        name=name,
        team_id=2,
        at_time=at_time,
        zone=zone,
        weekdays=weekdays,
        window_min=window_min,
        mode=mode,
        questions=rules.QUESTIONS,
    )


def a_run(
    *,
    on: date = TUESDAY,
    opens_at: datetime = NINE_FIFTEEN,
    closes_at: datetime = NINE_THIRTY,
    state: HuddleRun.State = State.OPEN,
    expected: int = 5,
    on_time: int = 0,
    late: int = 0,
    reason: str = "",
) -> HuddleRun:
    return HuddleRun(
        id=412,
        huddle_id=3,
        local_date=on,
        opens_at=opens_at,
        closes_at=closes_at,
        state=state,
        expected=expected,
        on_time=on_time,
        late=late,
        reason=reason,
    )


def an_answer(
    focus: str = "Last Mill Lane job before noon",
    *,
    finished: str = "",
    blocker: str = "",
    customer: str = "",
    is_late: bool = False,
    is_edited: bool = False,
    submitted_at: datetime = TWENTY_FOUR_PAST,
) -> HuddleAnswer:
    return HuddleAnswer(
        id=9,
        run_id=412,
        person_id=5,
        edition=2 if is_edited else 1,
        answers={"finished": finished, "focus": focus, "blocker": blocker, "customer": customer},
        submitted_at=submitted_at,
        is_late=is_late,
        is_edited=is_edited,
        source=HuddleAnswer.Source.FORM,
    )


def a_blocker(
    text: str = "3 of 8 jobs had no fault details",
    *,
    code: str = "B-7",
    raised_on: date = TUESDAY,
    customer_stopped: bool = False,
    taken_by: int | None = None,
    state: Blocker.State = Blocker.State.RAISED,
) -> Blocker:
    return Blocker(
        id=int(code.removeprefix("B-")),
        code=code,
        text=text,
        raised_by=5,
        raised_on=raised_on,
        team_id=2,
        department_id=1,
        customer_stopped=customer_stopped,
        taken_by=taken_by,
        state=state,
    )


def an_expectation(
    status: Expectation.Status = Status.EXPECTED,
    *,
    opens_at: datetime = NINE_FIFTEEN,
    closes_at: datetime = NINE_THIRTY,
) -> Expectation:
    return Expectation(run_id=412, person_id=5, status=status, opens_at=opens_at, closes_at=closes_at)


def a_prompt(first_shown_at: datetime | None, state: Message.State = Message.State.SHOWN) -> Message:
    return Message(
        key="huddle:412:prompt:5",
        lane_id=1,
        view="huddle.prompt",
        ids='{"run": 412}',
        due_at=NINE_FIFTEEN,
        first_shown_at=first_shown_at,
        state=state,
    )


def held(percent: int, on: date = TUESDAY) -> HuddleRun:
    """A run in which so many of a hundred answered on time."""
    return a_run(on=on, state=State.CLOSED, expected=100, on_time=percent)


WINDOW = timedelta(minutes=15)
