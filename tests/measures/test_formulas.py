"""NPS, CSAT, CES and rates with their intervals, by the vectors of domain.md 4.1 and 4.2."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.measures import formulas, judging
from bot.measures.formulas import Wave
from storage.measures import Measure, Reading
from tests.measures.numbers_known import CES, CSAT, FTF, NPS

counts = st.integers(min_value=0, max_value=100_000)
waves = st.builds(Wave, counts, counts, counts)
NEAR = 0.0051  # vectors are rounded to two decimals


def a_wave(wave: Wave) -> Reading:
    parts = {"promoters": wave.promoters, "passives": wave.passives, "detractors": wave.detractors}
    return Reading(id=1, measure_id=1, period_on=date(2026, 11, 30), value=Decimal(0), n=wave.n, parts=parts)


def a_share(met: int, of: int) -> Reading:
    return Reading(
        id=1, measure_id=2, period_on=date(2026, 11, 30), value=Decimal(0), n=of, parts={"met": met, "all": of}
    )


NPS_VECTORS = [
    ((50, 30, 20), "30", "+30", 15.31, (29.13, 15.08), (14.05, 44.20)),
    ((70, 20, 10), "60", "+60", 13.00, (58.25, 12.98), (45.27, 71.24)),
    ((221, 141, 138), "16.6", "+17", 7.28, (16.50, 7.26), (9.24, 23.76)),
    ((180, 150, 170), "2", "+2", 7.33, (1.99, 7.30), (-5.32, 9.29)),
    ((3, 1, 4), "-12.5", "-13", 64.24, (-9.09, 51.67), (-60.76, 42.58)),
    ((1, 6, 0), "100/7", "+14", 25.92, (10.00, 30.36), (-20.36, 40.36)),
    ((5, 189, 6), "-0.5", "-1", 3.25, (-0.49, 3.41), (-3.91, 2.92)),
    ((0, 0, 1), "-100", "-100", 0.0, (-25.00, 73.50), (-98.50, 48.50)),
]


@pytest.mark.req("S2-19")
@pytest.mark.parametrize(("parts", "exact", "shown", "plain", "adjusted", "interval"), NPS_VECTORS)
def test_nps_its_margin_and_its_interval(parts, exact, shown, plain, adjusted, interval) -> None:
    wave = Wave(*parts)
    assert formulas.nps(wave) == Fraction(exact)
    assert judging.written(NPS, a_wave(wave)) == shown
    assert formulas.nps_plain_margin(wave) == pytest.approx(plain, abs=NEAR)
    found = formulas.nps_interval(wave)
    assert found is not None
    assert (found.centre, found.half) == pytest.approx(adjusted, abs=NEAR)
    assert (found.low, found.high) == pytest.approx(interval, abs=0.0101)  # the table adds rounded numbers


def test_without_answers_there_is_no_nps() -> None:
    nobody = Wave(0, 0, 0)
    assert (formulas.nps(nobody), formulas.nps_interval(nobody), formulas.nps_plain_margin(nobody)) == (None,) * 3
    assert formulas.nps_shift(nobody, Wave(1, 1, 1)) is None


@pytest.mark.req("S2-32")
@pytest.mark.parametrize(
    ("before", "after", "delta", "margin", "is_real"),
    [
        ((180, 150, 170), (221, 141, 138), 14.51, 10.30, True),
        ((50, 30, 20), (54, 29, 17), 6.80, 21.02, False),
        ((5, 3, 2), (7, 2, 1), 23.08, 57.49, False),
    ],
)
def test_a_change_between_two_waves_is_real_or_noise(before, after, delta, margin, is_real) -> None:
    found = formulas.nps_shift(Wave(*before), Wave(*after))
    assert found is not None
    assert (found.delta, found.margin) == pytest.approx((delta, margin), abs=NEAR)
    assert found.is_real is is_real


@pytest.mark.parametrize(("answers", "wave"), [
    ({0: 1, 6: 2, 7: 3, 8: 4, 9: 5, 10: 6}, Wave(11, 7, 3)),
    (dict.fromkeys(range(11), 1), Wave(2, 2, 7)),
])  # fmt: skip
def test_answers_from_0_to_10_are_promoters_passives_and_detractors(answers, wave) -> None:
    assert formulas.wave_of(answers) == wave


@pytest.mark.req("INV-18")
@given(waves)
def test_nps_lies_between_minus_100_and_100_and_so_does_its_interval(wave: Wave) -> None:
    value, interval = formulas.nps(wave), formulas.nps_interval(wave)
    if not wave.n:
        assert (value, interval) == (None, None)
        return
    assert value is not None
    assert interval is not None
    assert -100 <= value <= 100
    assert -100 <= interval.low <= interval.centre <= interval.high <= 100


# --- shares


@pytest.mark.req("S2-19")
@pytest.mark.parametrize(
    ("met", "of", "shown", "base", "interval"),
    [
        (83, 100, "83.0%", "", (74.45, 89.11)),
        (164, 200, "82.0%", "", (76.09, 86.71)),
        (17, 20, "85.0%", "low", (63.96, 94.76)),
        (10, 10, "100.0%", "low", (72.25, 100.00)),
        (0, 10, "0.0%", "low", (0.00, 27.75)),
        (2, 3, "66.7%", "hidden", (20.77, 93.85)),
    ],
)
def test_csat_its_base_and_its_wilson_interval(met, of, shown, base, interval) -> None:
    reading = a_share(met, of)
    assert judging.written(CSAT, reading) == shown
    found = formulas.wilson(met, of)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(interval, abs=NEAR)
    seen = judging.judge(CSAT, [reading])
    assert (seen.is_hidden, seen.is_low_base) == (base == "hidden", base in {"low", "hidden"})
    assert (seen.value is None) == (base == "hidden")


@pytest.mark.req("S2-07")
def test_920_of_1000_are_92_percent_and_the_rest_8() -> None:
    assert judging.written(FTF, a_share(920, 1000)) == "92.0%"
    assert judging.written(FTF, a_share(80, 1000)) == "8.0%"


@given(counts, counts)
def test_a_share_lies_in_its_interval_between_0_and_100(met: int, more: int) -> None:
    of = met + more
    found = formulas.wilson(met, of)
    if not of:
        assert (found, formulas.share(met, of)) == (None, None)
        return
    assert found is not None
    assert 0 <= found.low <= 100 * met / of + 1e-9
    assert 100 * met / of - 1e-9 <= found.high <= 100


def test_two_shares_differ_by_more_than_noise_or_not() -> None:
    far, near = formulas.share_shift((800, 1000), (920, 1000)), formulas.share_shift((17, 20), (18, 20))
    assert far is not None
    assert near is not None
    assert (far.is_real, near.is_real) == (True, False)
    assert far.delta == pytest.approx(100 * (921 / 1002 - 801 / 1002))
    assert formulas.share_shift((0, 0), (1, 2)) is None


# --- effort


def _counts(*times: int) -> dict[int, int]:
    return dict(enumerate(times, start=1))


@pytest.mark.parametrize(
    ("times", "mean", "easy", "index"),
    [
        ((80, 210, 140, 110, 160, 180, 120), "4.08", Decimal("46.0"), Fraction(-13)),
        ((4, 6, 10, 20, 40, 80, 40), "5.43", Decimal("80.0"), Fraction(50)),
    ],
)
def test_effort_is_a_mean_its_easy_share_and_never_its_index(times, mean, easy, index) -> None:
    answers = _counts(*times)
    parts = {str(answer): number for answer, number in answers.items()}
    reading = Reading(measure_id=3, period_on=date(2026, 11, 30), value=Decimal(0), n=sum(times), parts=parts)
    assert judging.written(CES, reading) == mean
    assert formulas.share_from(answers, formulas.EASY_FROM) == Fraction(easy)
    assert formulas.ces_index(answers) == index


def test_without_answers_there_is_no_effort() -> None:
    assert (formulas.mean({}), formulas.share_from({}, 5), formulas.ces_index({})) == (None,) * 3


def test_minus_nothing_is_never_written() -> None:
    assert judging.written(NPS, a_wave(Wave(50, 0, 50))) == "0"
    nearly = Measure(id=9, code="X", name="X", kind=Measure.Kind.INDEX, unit=Measure.Unit.NUMBER)
    assert judging.written(nearly, Reading(measure_id=9, period_on=date(2026, 11, 30), value=Decimal("-0.001"))) == "0"
