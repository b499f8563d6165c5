"""What is typed of a period: a value or counts, checked; which period it is; when a measure is stale."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.measures import defining, judging, periods, rules, taking
from bot.measures.judging import Colour
from bot.measures.periods import Frequency, Span
from bot.measures.taking import Bad, Flaw, Taken
from bot.people.rules import is_office_day
from storage.measures import Measure, Reading
from tests.measures.numbers_known import AHT, CES, CSAT, FTF, NPS

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("measure", "keys", "typed", "taken"),
    [
        (FTF, {}, "78", Taken(Decimal(78))),
        (FTF, {"value": "78%", "n": "1,000"}, "", Taken(Decimal(78), 1000)),
        (FTF, {"met": "920", "n": "1000"}, "", Taken(Decimal(92), 1000, {"met": 920, "all": 1000})),
        (
            NPS,
            {"promoters": "3", "passives": "1", "detractors": "4"},
            "",
            Taken(Decimal("-12.5"), 8, {"promoters": 3, "passives": 1, "detractors": 4}),
        ),
        (
            NPS,
            {"counts": "0,0,0,0,0,0,4,1,0,1,2"},
            "",
            Taken(Decimal("-12.5"), 8, {"promoters": 3, "passives": 1, "detractors": 4}),
        ),
        (
            CSAT,
            {"counts": "1 1 1 10 7", "n": "20"},
            "",
            Taken(Decimal(85), 20, {"1": 1, "2": 1, "3": 1, "4": 10, "5": 7}),
        ),
        (AHT, {}, "180s", Taken(Decimal(180))),
    ],
)
def test_a_value_is_taken_or_worked_out(measure: Measure, keys: dict[str, str], typed: str, taken: Taken) -> None:
    found = taking.take(measure, keys, typed)
    assert found == taken


def test_counts_of_effort_come_to_their_mean() -> None:
    found = taking.take(CES, {"counts": "80,210,140,110,160,180,120"}, "")
    assert isinstance(found, Taken)
    assert (found.value, found.n) == (Decimal("4.08"), 1000)


@pytest.mark.req("INV-18")
@pytest.mark.parametrize(
    ("measure", "keys", "typed", "flaw"),
    [
        (FTF, {}, "", Flaw.NO_VALUE),
        (FTF, {}, "many", Flaw.NOT_A_VALUE),
        (FTF, {}, "101", Flaw.NOT_A_VALUE),
        (NPS, {}, "101", Flaw.OUT_OF_RANGE),
        (NPS, {}, "-101", Flaw.OUT_OF_RANGE),
        (CES, {}, "7.5", Flaw.OUT_OF_RANGE),
        (CES, {}, "0", Flaw.OUT_OF_RANGE),
        (FTF, {"n": "-3"}, "78", Flaw.NOT_WHOLE),
        (FTF, {"n": "2.5"}, "78", Flaw.NOT_WHOLE),
        (FTF, {"n": "0"}, "78", Flaw.NO_ANSWERS),
        (FTF, {"met": "0", "n": "0"}, "", Flaw.NO_ANSWERS),
        (NPS, {"promoters": "0", "passives": "0", "detractors": "0"}, "", Flaw.NO_ANSWERS),
        (NPS, {"promoters": "3", "passives": "1"}, "", Flaw.ALL_THREE),
        (NPS, {"promoters": "3", "passives": "1", "detractors": "x"}, "", Flaw.NOT_WHOLE),
        (NPS, {"promoters": "3", "passives": "1", "detractors": "4", "n": "9"}, "", Flaw.NOT_THE_SUM),
        (NPS, {"promoters": "3", "passives": "1", "detractors": "4"}, "17", Flaw.TWICE),
        (NPS, {"met": "3", "n": "9"}, "", Flaw.NOT_THIS_KIND),
        (FTF, {"promoters": "3", "passives": "1", "detractors": "4"}, "", Flaw.NOT_THIS_KIND),
        (FTF, {"counts": "1,2,3,4,5"}, "", Flaw.NOT_THIS_KIND),
        (FTF, {"met": "3"}, "", Flaw.NEEDS_ALL),
        (FTF, {"met": "30", "n": "9"}, "", Flaw.MORE_THAN_ALL),
        (NPS, {"counts": "1,2,3"}, "", Flaw.NOT_SO_MANY),
        (NPS, {"counts": "1,2,3,4,5,6,7,8,9,10,11,12"}, "", Flaw.NOT_SO_MANY),
        (CES, {"counts": "1,2,3,4,5,6,x"}, "", Flaw.NOT_WHOLE),
    ],
)
def test_what_can_t_be_is_refused(measure: Measure, keys: dict[str, str], typed: str, flaw: Flaw) -> None:
    found = taking.take(measure, keys, typed)
    assert isinstance(found, Bad)
    assert found.flaw is flaw


# --- colour


@pytest.mark.parametrize(
    ("value", "colour"), [("170", Colour.GREEN), ("180", Colour.GREEN), ("200", Colour.AMBER), ("201", Colour.RED)]
)
def test_less_is_better_where_a_measure_says_so(value: str, colour: Colour) -> None:
    seen = judging.judge(AHT, [Reading(measure_id=5, period_on=TODAY, value=Decimal(value))])
    assert seen.colour is colour


def test_a_target_is_met_by_the_value_itself_and_not_by_the_rounded_one() -> None:
    nps = Measure(id=1, code="NPS", name="NPS", kind=Measure.Kind.NPS, unit=Measure.Unit.NUMBER, target=Decimal(17))
    parts = {"promoters": 221, "passives": 141, "detractors": 138}
    reading = Reading(measure_id=1, period_on=TODAY, value=Decimal("16.6"), n=500, parts=parts)
    assert (judging.written(nps, reading), judging.judge(nps, [reading]).colour) == ("+17", Colour.RED)


def test_without_a_target_or_enough_answers_there_is_no_colour() -> None:
    assert judging.judge(FTF, [Reading(measure_id=4, period_on=TODAY, value=Decimal(78))]).colour is None
    few = Reading(measure_id=5, period_on=TODAY, value=Decimal(170), n=4)
    assert judging.judge(AHT, [few]).colour is None


def test_a_change_against_too_few_is_not_told() -> None:
    few = Reading(measure_id=4, period_on=TODAY, value=Decimal(50), n=2)
    many = Reading(measure_id=4, period_on=TODAY, value=Decimal(78), n=100)
    seen = judging.judge(FTF, [many, few])
    assert (seen.change, seen.shift, judging.moved(seen)) == (None, None, "")


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [("15000", "gbp", "£15,000"), ("-500", "eur", "-€500"), ("1200.5", "usd", "$1,200.5"), ("3", "hours", "3 h")],
)
def test_money_and_time_are_written_with_their_signs(value: str, unit: str, written: str) -> None:
    assert rules.written(Decimal(value), Measure.Unit(unit)) == written
    assert rules.moved(Decimal(value), Measure.Unit(unit)).startswith("up " if Decimal(value) > 0 else "down ")


# --- a definition


@pytest.mark.parametrize(
    ("kind", "scale", "top", "found"),
    [
        ("nps", "", "", (0, 10, None)),
        ("nps", "1-10", "", None),
        ("csat", "", "", (1, 5, None)),
        ("csat", "1-10", "", None),
        ("csat", "1 to 10", "8", (1, 10, 8)),
        ("csat", "1-10", "11", None),
        ("ces", "1-7", "", (1, 7, None)),
        ("ces", "1-5", "", None),
        ("rate", "", "", (None, None, None)),
        ("rate", "1-5", "", None),
    ],
)
def test_a_scale_belongs_to_its_kind(kind: str, scale: str, top: str, found: tuple[int | None, ...] | None) -> None:
    read = defining.scale_of(Measure.Kind(kind), scale, top)
    assert (None if read is None else (read.low, read.high, read.top)) == found


@pytest.mark.req("S4-11")
@pytest.mark.parametrize(
    ("kind", "typed", "hard"),
    [("nps", "", False), ("nps", "yes", None), ("rate", "", True), ("rate", "no", False), ("index", "yes", True),
     ("index", "", False), ("money", "", True), ("duration", "perhaps", None)],
)  # fmt: skip
def test_an_opinion_is_never_hard(kind: str, typed: str, hard: bool | None) -> None:
    assert defining.is_hard(Measure.Kind(kind), typed) is hard


# --- periods


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-11", (Frequency.MONTHLY, date(2026, 11, 1), date(2026, 11, 30))),
        ("Nov 2026", (Frequency.MONTHLY, date(2026, 11, 1), date(2026, 11, 30))),
        ("november", (Frequency.MONTHLY, date(2026, 11, 1), date(2026, 11, 30))),
        ("Dec", (Frequency.MONTHLY, date(2025, 12, 1), date(2025, 12, 31))),
        ("2026-W48", (Frequency.WEEKLY, date(2026, 11, 23), date(2026, 11, 29))),
        ("week 47", (Frequency.WEEKLY, date(2026, 11, 16), date(2026, 11, 22))),
        ("w50", (Frequency.WEEKLY, date(2025, 12, 8), date(2025, 12, 14))),
        ("2026-Q4", (Frequency.QUARTERLY, date(2026, 10, 1), date(2026, 12, 31))),
        ("Q1 2027", (Frequency.QUARTERLY, date(2027, 1, 1), date(2027, 3, 31))),
        ("2026-13", None),
        ("2026-W54", None),
        ("q5", None),
        ("23 Nov", None),
        ("", None),
    ],
)
def test_a_period_is_read_as_it_is_typed(text: str, found: tuple[Frequency, date, date] | None) -> None:
    read = periods.named(text, TODAY)
    assert (None if read is None else (read[0], read[1].first, read[1].last)) == found


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)), st.sampled_from(Frequency))
def test_periods_touch_and_never_overlap(on: date, frequency: Frequency) -> None:
    span = periods.span_of(frequency, on)
    assert span.first <= on <= span.last
    assert periods.span_of(frequency, span.first) == periods.span_of(frequency, span.last) == span
    assert periods.newest_whole(frequency, on).last == span.first - timedelta(days=1)


@given(st.text(max_size=12))
def test_any_text_is_a_period_or_none(text: str) -> None:
    read = periods.named(text, TODAY)
    assert read is None or read[1].first <= read[1].last


def _works(on: date) -> bool:
    return is_office_day(on, "GB-ENG")


@pytest.mark.req("S2-23")
@pytest.mark.parametrize(
    ("frequency", "newest", "today", "is_stale"),
    [
        (Frequency.MONTHLY, date(2026, 10, 31), date(2026, 12, 31), False),
        (Frequency.MONTHLY, date(2026, 10, 31), date(2027, 1, 1), True),
        (Frequency.WEEKLY, date(2026, 11, 8), date(2026, 11, 22), False),
        (Frequency.WEEKLY, date(2026, 11, 8), date(2026, 11, 23), True),
        (Frequency.DAILY, date(2026, 11, 20), date(2026, 11, 24), False),
        (Frequency.DAILY, date(2026, 11, 19), date(2026, 11, 23), False),
        (Frequency.DAILY, date(2026, 11, 19), date(2026, 11, 24), True),
        (Frequency.DAILY, date(2026, 12, 24), date(2026, 12, 30), False),
        (Frequency.QUARTERLY, date(2026, 3, 31), date(2026, 9, 30), False),
        (Frequency.QUARTERLY, date(2026, 3, 31), date(2026, 10, 1), True),
    ],
)
def test_a_measure_is_stale_when_two_whole_periods_have_no_reading(frequency, newest, today, is_stale) -> None:
    assert periods.is_stale(frequency, newest, newest, today=today, works=_works) is is_stale


def test_a_new_measure_is_not_stale_before_two_periods_have_passed() -> None:
    assert not periods.is_stale(Frequency.MONTHLY, None, TODAY, today=date(2026, 12, 31), works=_works)
    assert periods.is_stale(Frequency.MONTHLY, None, TODAY, today=date(2027, 2, 1), works=_works)


def test_a_span_is_a_day_a_week_a_month_or_a_quarter() -> None:
    assert periods.span_of(Frequency.QUARTERLY, TODAY) == Span(date(2026, 10, 1), date(2026, 12, 31))
