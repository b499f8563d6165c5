"""A blocker that goes up to the council is one message to who is asked, which says where it stands."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from storage.agenda import AgendaItem
from storage.blockers import Blocker
from storage.teams import Team
from tests.agenda.house import TUESDAY_NOON, House
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of

State = AgendaItem.State


@pytest.mark.req("S3-28")
async def test_who_is_asked_about_a_blocker_has_one_message_that_says_where_it_stands(house: House) -> None:
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        team = await tx.first(select(Team).order_by(col(Team.id)))
        assert team is not None
        tx.add(
            Blocker(
                code="B-77", text="No fault details", raised_by=(await house.person("Raj")).id, team_id=team.id,
                raised_on=TUESDAY_NOON.date() - timedelta(days=10), tier=2, told_tier=2,
                told_on=TUESDAY_NOON.date() - timedelta(days=1), state=Blocker.State.ESCALATED,
            )
        )  # fmt: skip
    await house.says("dee", "/huddle blocker No meter seals in van 12")
    before = len(house.posts("sev"))
    await house.now_is(TUESDAY_NOON + timedelta(days=1))
    (only,) = house.posts("sev")[before:]
    assert "B-77 has been open" in only.words
    assert "It stands on the council's draft as 5.1; `/agenda decline 5.1` takes it off." in only.words
    assert "Solved" in labels_of(only.card)
    assert (await house.item("No fault details")).state is State.SUBMITTED
    assert "declined" in await house.says("sev", "/agenda decline 5.1 it is the team's own")
    await house.now_is(TUESDAY_NOON + timedelta(days=2))
    assert not [each for each in house.posts("sev") if "agenda:" in each.key and "proposed" in each.key]
