"""What it takes to start, and what is left when it is over."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlmodel import select

from storage.initiatives import Initiative
from storage.measures import Measure, Reading
from tests.initiatives.conftest import State, an_initiative
from tests.support.workshop import Workshop

FRAME = "/initiative frame starts:2026-11-01 ends:2027-10-31 flight:1 budget:200k days:80"


@pytest.mark.req("S0-01")
async def test_one_without_anything_says_all_that_is_missing(shop: Workshop) -> None:
    await shop.says("dana", '/initiative add "New CRM"')
    said = await shop.says("dana", "/initiative start I-1")
    assert (
        "I-1 can't start yet. Still missing: an owner, a sponsor, an objective, a linked measure, an approved charter "
        "and a milestone. It is idea; you can: score, drop or set. Nothing was changed."
    ) in said
    assert (await shop.row(Initiative)).state is State.IDEA


@pytest.mark.req("S0-05")
async def test_an_objective_and_a_measure_are_linked_by_name(shop: Workshop) -> None:
    await shop.says("dana", '/initiative add "New CRM"')
    assert "There is no objective yet" in await shop.says("dana", '/initiative objective I-1 "Right first time"')
    await shop.says("dana", '/initiative objective "Right first time" brings:"£30,000 a year"')
    assert "I-1 serves Right first time." in await shop.says("dana", '/initiative objective I-1 "right first time"')
    assert "I don't know the objective 'Other'." in await shop.says("dana", '/initiative objective I-1 "Other"')
    assert "I-1 serves First-time fix (FTF)." in await shop.says("dana", "/initiative measure I-1 ftf")
    assert "I can't find the measure NPS. I know: FTF." in await shop.says("dana", "/initiative measure I-1 NPS")
    said = await shop.says("dana", "/initiative start I-1")
    assert "an owner, a sponsor, an approved charter and a milestone" in said


@pytest.mark.parametrize("state", [State.APPROVED, State.PAUSED])
async def test_no_more_start_than_the_frame_allows(shop_on_both: Workshop, state: State) -> None:
    shop = shop_on_both
    assert "at most one in flight" in await shop.says("cora", FRAME)
    await an_initiative(shop, State.IN_FLIGHT, code="I-3")
    await an_initiative(shop, state)
    said = await shop.says("dana", "/initiative start I-4")
    assert "Still missing: a free place among those in flight." in said
    await shop.says("dana", "/initiative pause I-3 the supplier left")
    assert "I-4 is in flight" in await shop.says("dana", "/initiative start I-4")
    assert (await shop.row(Initiative, code="I-4")).state is State.IN_FLIGHT


async def test_its_owner_and_sponsor_hear_that_it_starts(shop: Workshop) -> None:
    await an_initiative(shop, State.APPROVED)
    await shop.says("dana", "/initiative start I-4")
    assert "I-4 is in flight" in shop.last("ann")
    assert "Dana did this on Tue 24 Nov 2026 · it is in flight" in shop.last("carl")
    assert (await shop.row(Initiative)).starts_on == date(2026, 11, 24)


async def closed(shop: Workshop, *days: int) -> str:
    """Started on 24 November, delivered on 15 December, closed on the 31st; with numbers of some December days."""
    await an_initiative(shop, State.APPROVED)
    await shop.says("dana", "/initiative start I-4")
    shop.house.clock.move_to(datetime(2026, 12, 15, 12, tzinfo=UTC))
    await shop.says("dana", "/initiative deliver I-4")
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        (measure,) = await tx.all(select(Measure))
        tx.add(*(Reading(measure_id=measure.id, period_on=date(2026, 12, on), value=Decimal(80)) for on in days))
    shop.house.clock.move_to(datetime(2026, 12, 31, 12, tzinfo=UTC))
    return await shop.says("dana", "/initiative close I-4")


@pytest.mark.req("S0-09")
async def test_one_with_a_number_from_before_and_after_closes_as_measured(shop_on_both: Workshop) -> None:
    assert "not measured" not in await closed(shop_on_both, 10, 16)
    assert (await shop_on_both.row(Initiative)).impact_measured


@pytest.mark.req("S0-09")
async def test_one_without_a_number_from_after_is_closed_and_says_so_for_good(shop: Workshop) -> None:
    said = await closed(shop, 10)
    assert "I-4 is closed, impact not measured" in said
    assert not (await shop.row(Initiative)).impact_measured
    assert "Stands: closed, impact not measured" in (await shop.says("ben", "/initiative show I-4")).replace(
        "green · ", ""
    ).replace("red · ", "")


async def test_a_score_makes_an_idea_a_scored_one_and_several_count_together(shop: Workshop) -> None:
    await an_initiative(shop)
    said = await shop.says("ben", "/initiative score I-4 benefit:5 cost:2 effort:2")
    assert "Together: ratio 2.50, net 3.0, quick win, by 1 person." in said
    assert (await shop.row(Initiative)).state is State.SCORED
    said = await shop.says("amy", "/initiative score I-4 benefit:4 cost:3 effort:4")
    assert "ratio 1.64, net 1.8, quick win, by 2 people" in said
    said = await shop.says("amy", "/initiative score I-4 benefit:1 cost:5 effort:5")
    assert "by 2 people" in said
    for wrong in (
        "benefit:6 cost:2 effort:2",
        "benefit:0 cost:2 effort:2",
        "benefit:5 cost:2",
        "benefit:x cost:1 effort:1",
    ):
        assert "is a whole number from 1 to 5" in await shop.says("amy", f"/initiative score I-4 {wrong}")


# --- frames and batches


async def test_one_frame_is_valid_on_a_day(shop: Workshop) -> None:
    assert "No frame is valid today." in await shop.says("ben", "/initiative frame")
    assert "Only the chair, an executive or an administrator" in await shop.says("dana", FRAME)
    assert "£200,000, 80 days a month" in await shop.says("cora", FRAME)
    assert "There is a frame already" in await shop.says("cora", FRAME.replace("2026-11-01", "2027-10-31").replace(
        "ends:2027-10-31", "ends:2028-10-31"))  # fmt: skip
    said = await shop.says("carl", "/initiative frame starts:2027-11-01 ends:2028-10-31")
    assert "Short term ends on Tue 1 Feb 2028, mid term on Wed 1 Nov 2028." in said
    assert "at most one in flight" in await shop.says("ben", "/initiative frame")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("starts:2026-12-01", "A frame needs ends:."),
        ("starts:2026-12-01 ends:2026-11-01", "It would end before it starts."),
        ("starts:2026-12-01 ends:2027-11-01 short:2027-09-01 mid:2027-08-01", "Short term has to end before mid term"),
        ("starts:2026-12-01 ends:2027-11-01 flight:many", "I can't read 'many' as flight"),
        ("starts:2026-12-01 ends:2027-11-01 budget:lots", "I can't read 'lots' as an amount"),
        ("starts:2026-12-01 ends:2027-11-01 currency:pounds", "I don't know the currency 'pounds'"),
        ("starts:someday ends:2027-11-01", "I don't understand the date 'someday'"),
    ],
)
async def test_a_frame_that_can_not_be_read_is_not_kept(shop: Workshop, typed: str, words: str) -> None:
    assert words in await shop.says("cora", f"/initiative frame {typed}")
    assert "No frame is valid today." in await shop.says("cora", "/initiative frame")


@pytest.mark.req("S3-17")
@pytest.mark.req("INV-14")
async def test_an_initiative_is_in_one_open_batch(shop: Workshop) -> None:
    await an_initiative(shop, State.APPROVED)
    await an_initiative(shop, State.APPROVED, code="I-7")
    said = await shop.says("dana", '/initiative batch "Autumn" starts:2027-01-04 ends:2027-03-26')
    assert "BT-1 is Autumn, Mon 4 Jan to Fri 26 Mar 2027." in said
    assert "BT-1 has I-4 and I-7 now." in await shop.says("dana", "/initiative batch BT-1 add I-4 I-7")
    await shop.says("dana", '/initiative batch "Spring"')
    assert "I-4 is already in batch BT-1." in await shop.says("dana", "/initiative batch BT-2 add I-4")
    assert "I-4 is already in batch BT-1." in await shop.says("dana", "/initiative batch BT-1 add I-4")
    assert "2 initiatives" in await shop.says("ben", "/initiative batch")
    assert "I-7" in await shop.says("ben", "/initiative batch BT-1")
    await shop.says("dana", "/initiative batch BT-1 close")
    assert "BT-2 has I-4 now." in await shop.says("dana", "/initiative batch BT-2 add I-4")
    assert "Only the lead" in await shop.says("ben", "/initiative batch BT-2 remove I-4")
    assert "I-7 is not in batch BT-2." in await shop.says("dana", "/initiative batch BT-2 remove I-7")


async def test_what_joins_a_running_batch_needs_the_leads_note(shop: Workshop) -> None:
    await an_initiative(shop, State.APPROVED)
    await shop.says("dana", '/initiative batch "Autumn"')
    await shop.says("dana", "/initiative batch BT-1 start")
    assert "Batch BT-1 is running." in await shop.says("dana", "/initiative batch BT-1 add I-4")
    assert (await shop.row(Initiative)).batch_id is None
    said = await shop.says("dana", '/initiative batch BT-1 add I-4 reason:"agreed with the council"')
    assert "BT-1 has I-4 now." in said


async def test_what_can_not_be_done_with_a_batch_is_said(shop: Workshop) -> None:
    await an_initiative(shop, State.DROPPED)
    assert "There is no batch yet." in await shop.says("dana", "/initiative batch")
    assert "I can't find BT-9" in await shop.says("dana", "/initiative batch BT-9 add I-4")
    await shop.says("dana", '/initiative batch "Autumn"')
    assert "I-4 is dropped, so it joins no batch." in await shop.says("dana", "/initiative batch BT-1 add I-4")
    assert "Which initiatives?" in await shop.says("dana", "/initiative batch BT-1 add")
    assert "I don't know 'paint' for a batch." in await shop.says("dana", "/initiative batch BT-1 paint I-4")
    assert "I can't find I-9" in await shop.says("dana", "/initiative batch BT-1 add I-9")
