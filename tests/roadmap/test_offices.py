"""Front and back office on the map: where something changes, and where nothing does. Source: domain.md S1-11."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from bot.roadmap.rules import Covered, coverage
from storage.engine import Database
from storage.people import Department
from tests.support.field_dispatch import NORTHWATER, field_dispatch
from tests.support.mapped import northwater_map
from tests.support.workshop import Workshop

FRONT, BACK = Department.Side.FRONT, Department.Side.BACK


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    """Northwater with its map; I-1 is the call centre's and I-2 Field's."""
    at = datetime(2026, 11, 24, 10, tzinfo=UTC)
    shop = Workshop(await field_dispatch(sqlite, at))
    async with sqlite.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=at)
        made = await northwater_map(tx)
        known = {each.name: each.id for each in await tx.all(select(Department))}
        made["I-1"].department_id, made["I-2"].department_id = known["Call centre"], known["Field"]
    return shop


@pytest.mark.req("S1-11")
async def test_the_map_says_where_nothing_changes(shop: Workshop) -> None:
    assert "Front and back office: n/a." in await shop.says("dana", "/initiative map")
    for name, side in (("Call centre", "front"), ("field", "Front"), ("Billing", "back"), ("IT", "back")):
        assert f"is {side.lower()} office now." in await shop.says("dana", f'/initiative office "{name}" side:{side}')
    said = await shop.says("dana", "/initiative map")
    assert "Front office: 2 of 2 departments." in said
    assert "Back office: none of 2 departments, so nothing changes there." in said
    listed = await shop.says("bea", "/initiative office")
    assert "Back office: Billing and IT" in listed
    assert "Not said yet: " in listed


async def test_what_is_no_department_or_side_is_refused_and_only_leads_say_so(shop: Workshop) -> None:
    assert "I know no department 'Sales'" in await shop.says("dana", '/initiative office "Sales" side:back')
    assert "please write front or back" in await shop.says("dana", '/initiative office "Billing" side:left')
    said = await shop.says("bea", '/initiative office "Billing" side:back')
    assert "Only a team's lead or an administrator can say on which side a department is." in said
    async with shop.house.database.read(NORTHWATER) as tx:
        assert {each.side for each in await tx.all(select(Department))} == {None}


def test_what_nobody_said_of_any_department_is_not_known() -> None:
    some = [Department(id=n, name=str(n), side=side) for n, side in enumerate((FRONT, FRONT, BACK, None), start=1)]
    assert coverage(some, {1, 4}) == {FRONT: Covered(2, 1), BACK: Covered(1, 0)}
    assert coverage(some[3:], {4}) == {}
    assert coverage(some[:2], set())[BACK] == Covered(0, 0)
