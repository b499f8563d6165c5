"""Northwater on Mon 23 Nov 2026, 09:40; Zoe is new in Field Dispatch, which Dana leads."""

from datetime import UTC, datetime

import pytest

from storage.engine import Database
from tests.support.field_dispatch import field_dispatch
from tests.support.staged import staged
from tests.support.workshop import Workshop


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return await staged("Zoe is new in the team", sqlite, _zoe_is_new)


async def _zoe_is_new(database: Database) -> Workshop:
    found = Workshop(await field_dispatch(database, datetime(2026, 11, 23, 9, 40, tzinfo=UTC)))
    await found.says("zoe", "help")
    form = await found.form("dana", '/team setup "Field Dispatch"')
    members = next(each.value for each in form.inputs if each.id == "members")
    await found.fills("dana", form, {"members": f"{members},{(await found.person('Zoe')).id}"})
    return found
