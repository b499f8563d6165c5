"""Northwater on Tuesday 24 Nov 2026, 12:00 in London, with initiatives."""

from datetime import UTC, date, datetime

import pytest

from storage.engine import Database
from storage.initiatives import Charter, Domain, Initiative, Milestone, Objective, Phase
from storage.links import Link, Thing
from storage.measures import Measure
from tests.support.calm import calm_from
from tests.support.field_dispatch import NORTHWATER
from tests.support.workshop import Workshop

TUESDAY_NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EIGHTH = date(2027, 1, 8)
State = Initiative.State


@pytest.fixture
async def shop(sqlite: Database) -> Workshop:
    return await calm_from(sqlite, TUESDAY_NOON)


@pytest.fixture
async def shop_on_both(database: Database) -> Workshop:
    return await calm_from(database, TUESDAY_NOON)


TERMS = {
    "objectives": "Fault known before a visit is booked",
    "benefits": "30 visits fewer a week",
    "done_when": "40 desks live and 20 calls checked",
    "phases": "Pilot: 20 calls without a second visit\nRoll-out: 40 desks live",
    "budget": "15,000",
    "return": "0",
    "risks": "",
}


async def an_initiative(shop: Workshop, state: State = State.IDEA, *, code: str = "I-4", ready: bool = True) -> None:
    """I-4 in a state; Ann owns it, Carl sponsors it, and when `ready` nothing is missing."""
    ann, carl = await shop.person("Ann"), await shop.person("Carl")
    ftf = await shop.row(Measure, code="FTF")
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        initiative = Initiative(code=code, title="Fault questions before booking", state=state, stage="Visit")
        initiative.owner_id, initiative.sponsor_id = ann.id, carl.id
        tx.add(initiative)
        await tx.flush()
        if not ready:
            return
        is_approved = state not in {State.IDEA, State.SCORED, State.RANKED, State.CHARTERED}
        charter = Charter(
            initiative_id=initiative.id, objectives="o", benefits="b", done_when="d", budget=0, expected_return=0,
            state=Charter.State.APPROVED if is_approved else Charter.State.IN_REVIEW,
        )  # fmt: skip
        objective, domain = Objective(name=f"Right first time {code}"), Domain(name=f"Service {code}")
        tx.add(charter, objective, domain, Phase(initiative_id=initiative.id, name="Pilot", exit_criteria="20 calls"))
        tx.add(
            Milestone(
                code=f"M-{initiative.id}", initiative_id=initiative.id, title="Live", forecast_on=date(2027, 1, 8)
            )
        )
        await tx.flush()
        for thing, number in ((Thing.OBJECTIVE, objective.id), (Thing.MEASURE, ftf.id)):
            kinds = {"kind": Link.Kind.SERVES, "from_kind": Thing.INITIATIVE, "to_kind": thing}
            edge = Link.model_validate({**kinds, "from_id": initiative.id, "to_id": number})
            tx.add(edge)
