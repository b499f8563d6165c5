"""What the council's agenda shows of measures, and with how many questions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from sqlalchemy import Engine, event

from bot.measures import agenda, views
from bot.measures.judging import Colour
from storage.measures import Measure, MeasureConflict, Reading, close_conflict
from storage.people import Department
from storage.tx import Tx
from tests.measures.test_measuring import ADD_NPS, NOVEMBER, OCTOBER, anchored
from tests.support.field_dispatch import NORTHWATER
from tests.support.workshop import Workshop

THIRD = date(2026, 12, 3)
NOON = datetime(2026, 12, 3, 12, tzinfo=UTC)


@pytest.mark.req("S2-19")
async def test_a_headline_has_all_that_section_2_shows(shop: Workshop) -> None:
    await shop.says("mia", ADD_NPS)
    await anchored(shop)
    await shop.says("mia", "/measure headline NPS")
    for line in (OCTOBER, NOVEMBER):
        await shop.says("mia", line)
    async with shop.house.database.read(NORTHWATER) as tx:
        (found,) = await agenda.headlines(tx, THIRD)
    assert (found.measure.code, found.n, found.change, found.is_real_change, found.colour) == (
        "NPS", 500, Decimal(15), True, Colour.AMBER,
    )  # fmt: skip
    assert found.margin == pytest.approx(7.26, abs=0.01)
    assert views.headline_line(found) == (
        "Recommendation +17, up 15 points, a real change · between 9.24 and 23.76 · n 500 · target +20: amber"
    )
    assert views.figure_line(found) == "Recommendation +17, up 15 points, amber"


@pytest.mark.req("S2-19")
async def test_eight_answers_are_a_low_base_and_four_are_not_shown(shop: Workshop) -> None:
    await shop.says("mia", ADD_NPS)
    await shop.says("mia", "/measure record NPS period:2026-10 promoters:3 passives:1 detractors:4")
    async with shop.house.database.read(NORTHWATER) as tx:
        figures = await agenda.department_figures(tx, THIRD)
    nps = next(each for found in figures.values() for each in found if each.measure.code == "NPS")
    assert "low base, n 8" in views.headline_line(nps)
    await shop.says("mia", "/measure record NPS period:2026-11 promoters:1 passives:1 detractors:2")
    async with shop.house.database.read(NORTHWATER) as tx:
        figures = await agenda.department_figures(tx, THIRD)
    nps = next(each for found in figures.values() for each in found if each.measure.code == "NPS")
    assert views.headline_line(nps) == "Recommendation: not shown, fewer than five"
    assert views.figure_line(nps) == "Recommendation not shown"


async def test_a_department_s_figures_are_its_own_and_its_teams(shop: Workshop) -> None:
    await shop.says("mia", ADD_NPS)
    field, marketing = await shop.row(Department, name="Field"), await shop.row(Department, name="Marketing")
    async with shop.house.database.read(NORTHWATER) as tx:
        figures = await agenda.department_figures(tx, THIRD)
    codes = {number: [each.measure.code for each in found] for number, found in figures.items()}
    assert codes == {field.id: ["FTF"], marketing.id: ["NPS"]}
    assert views.figure_line(figures[field.id][0]) == "First-time fix 78%, up 2 points"
    assert views.headline_line(figures[marketing.id][0]) == "Recommendation: not reported"


@pytest.mark.req("S2-02")
@pytest.mark.req("S2-23")
@pytest.mark.req("S2-32")
async def test_section_6_lists_what_the_measures_lack(shop: Workshop) -> None:
    await shop.says("ann", '/measure add "Handling time" code:AHT unit:seconds dept:"Call centre" frequency:monthly')
    await shop.says("ann", '/measure conflict AHT FTF "Short calls leave out the diagnosis"')
    await shop.says("ann", '/measure target AHT 200 reason:"time to ask"')
    taken_back = await shop.ask("ann", '/measure target AHT 240 reason:"a mistake"')
    await shop.presses("ann", "Undo", taken_back.content)  # type: ignore[arg-type]  # a card: it was said
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        found = await agenda.debts(tx, THIRD)
        assert [views.conflict_line(each.row, each.one, each.other) for each in found.conflicts] == [
            "AHT and FTF pull apart: Short calls leave out the diagnosis (since Tue 24 Nov 2026)"
        ]
        assert [views.stale_line(*each) for each in found.stale] == [
            "First-time fix has no number since Mon 23 Nov 2026"
        ]
        assert next(views.unanchored_line(each) for each in found.unanchored) == (
            "Handling time has no objective and no financial outcome"
        )
        assert {"Billing", "Digital"} <= {each.name for each in found.unmeasured}
        assert {"Field", "Call centre"}.isdisjoint(each.name for each in found.unmeasured)
        assert [views.target_line(each) for each in found.targets] == [
            "Handling time: target 200 s, before that none, since Tue 24 Nov 2026: time to ask"
        ]
        close_conflict(found.conflicts[0].row, 21)
        await tx.flush()
        assert (await agenda.debts(tx, date(2027, 1, 7))).conflicts == []
        assert (await agenda.debts(tx, date(2027, 1, 31))).targets != []
        assert (await agenda.debts(tx, date(2027, 2, 1))).targets == [], "three months are over"
    assert (await shop.row(MeasureConflict)).decision_id == 21


# --- scale


async def many(tx: Tx, number: int) -> None:
    """That many headline measures with three readings each, and half as many departments and conflicts."""
    tx.acts_for(by=None, event_id=None, now=NOON)
    departments = [Department(name=f"Department {number}-{n}", seq=n + 1) for n in range(number // 2)]
    measures = [Measure(code=f"M{number}-{n}", name=f"Measure {number}-{n}", headline=True) for n in range(number)]
    tx.add(*departments, *measures)
    await tx.flush()
    for place, each in enumerate(measures):
        each.department_id = departments[place // 2].id if place // 2 < len(departments) else None
        tx.add(*(Reading(measure_id=each.id, period_on=date(2026, 11, on), value=Decimal(on)) for on in (20, 23, 24)))
    for one, other in zip(measures[::2], measures[1::2], strict=True):
        tx.add(MeasureConflict(one_id=one.id, other_id=other.id, why="why", raised_by=1, raised_on=THIRD))
    await tx.flush()


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


async def test_five_hundred_measures_are_asked_for_as_often_as_ten(shop: Workshop) -> None:
    async def questions() -> list[int]:
        found = []
        for source in (agenda.headlines, agenda.department_figures, agenda.debts):
            async with shop.house.database.read(NORTHWATER) as tx:
                with counted(tx.session.get_bind().engine) as asked:
                    await source(tx, THIRD)
            found.append(len(asked))
        return found

    async with shop.house.database.write(NORTHWATER) as tx:
        await many(tx, 10)
    few = await questions()
    async with shop.house.database.write(NORTHWATER) as tx:
        await many(tx, 500)
    assert await questions() == few
    assert 1 <= min(few) <= max(few) <= 9
    async with shop.house.database.read(NORTHWATER) as tx:
        found = await agenda.headlines(tx, THIRD)
    assert len(found) == 510
    assert {(each.value, each.previous) for each in found} == {(Fraction(24), Fraction(23))}


async def test_another_organisation_s_numbers_are_not_seen(shop: Workshop) -> None:
    async with shop.house.database.read(99) as tx:
        assert (await agenda.headlines(tx, THIRD), await agenda.department_figures(tx, THIRD)) == ([], {})
