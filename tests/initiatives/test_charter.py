"""The charter: written, sent to the sponsor, asked about, approved, and approved again when its terms change."""

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from storage.initiatives import Charter, CharterQuery, Initiative, Milestone, Phase
from storage.tx import SYSTEM
from tests.initiatives.conftest import EIGHTH, TERMS, State, an_initiative
from tests.support.reading import labels_of
from tests.support.workshop import Workshop


async def editions(shop: Workshop) -> list[Charter]:
    async with shop.house.database.read(SYSTEM) as tx:
        return list(await tx.all(select(Charter).order_by(col(Charter.edition))))


async def written(shop: Workshop, **changes: str) -> str:
    """Ann fills the charter of I-4 in; what she reads."""
    form = await shop.form("ann", "/initiative charter I-4")
    answer = await shop.fills("ann", form, {**TERMS, "unranked": "The only one there is", **changes})
    assert isinstance(answer.content, Card), answer.content
    return answer.content.summary


async def in_review(shop: Workshop) -> None:
    await an_initiative(shop, State.SCORED, ready=False)
    await written(shop)
    assert "Carl is asked to approve the charter of I-4." in await shop.says("ann", "/initiative review I-4")


@pytest.mark.req("S3-19")
async def test_a_charter_is_written_sent_and_approved(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await in_review(shop)
    assert (await shop.row(Initiative)).state is State.CHARTERED
    read = shop.newest("carl", "Approve")
    assert labels_of(read) == ["Approve", "Query"]
    said = await shop.presses("carl", "Approve")
    assert "The charter of I-4 is approved." in said
    (charter,) = await editions(shop)
    assert (charter.state, charter.budget, charter.expected_return) == (Charter.State.APPROVED, 1_500_000, 0)
    assert (await shop.row(Initiative)).state is State.APPROVED
    assert "Carl approved the charter" in shop.last("ann")
    assert labels_of(shop.posts("carl")[-1].card) == []


@pytest.mark.req("S3-19")
@pytest.mark.parametrize("term", ["objectives", "benefits", "done_when", "budget"])
async def test_an_approval_ends_where_its_terms_change_and_the_old_edition_is_kept(shop: Workshop, term: str) -> None:
    await in_review(shop)
    await shop.presses("carl", "Approve")
    said = await written(shop, **{term: "16,000" if term == "budget" else "Something else"})
    assert "edition 2, to be approved again" in said
    old, new = await editions(shop)
    assert (old.state, new.state, new.edition) == (Charter.State.APPROVED, Charter.State.DRAFT, 2)
    assert old.objectives == TERMS["objectives"]
    assert (await shop.row(Initiative)).state is State.CHARTERED
    await shop.says("ann", "/initiative review I-4")
    await shop.presses("carl", "Approve")
    assert (await shop.row(Initiative)).state is State.APPROVED


@pytest.mark.req("S3-19")
@pytest.mark.parametrize(("field", "words"), [("risks", "Snow"), ("return", "9k"), ("phases", "Pilot: 30 calls")])
async def test_an_approval_stands_where_something_else_changes(shop: Workshop, field: str, words: str) -> None:
    await in_review(shop)
    await shop.presses("carl", "Approve")
    await written(shop, **{field: words})
    (charter,) = await editions(shop)
    assert (charter.state, charter.edition) == (Charter.State.APPROVED, 1)
    assert (await shop.row(Initiative)).state is State.APPROVED


@pytest.mark.req("INV-11")
async def test_only_the_sponsor_approves_and_never_the_owner(shop: Workshop) -> None:
    await in_review(shop)
    for who in ("ann", "dana", "ivo", "ben"):
        assert "Only Carl can approve" in await shop.says(who, "/initiative approve I-4")
    assert "can't be both the sponsor and the owner" in await shop.says("dana", "/initiative set I-4 owner:@Carl")
    assert (await editions(shop))[0].state is Charter.State.IN_REVIEW
    assert "is approved" in await shop.says("carl", "/initiative approve I-4")


@pytest.mark.req("S3-15")
async def test_an_open_query_blocks_the_approval_until_the_owner_answers(shop: Workshop) -> None:
    await in_review(shop)
    approving = shop.newest("carl", "Approve")
    form = await shop.opens("carl", "Query")
    assert (await shop.comes_back("carl", form, {"text": " "})).errors
    await shop.fills("carl", form, {"text": "What if it snows?"})
    assert "1 query about the charter of I-4 must be answered first" in await shop.presses("carl", "Approve", approving)
    assert (await editions(shop))[0].state is Charter.State.IN_REVIEW
    assert labels_of(shop.newest("carl", "Query")) == ["Query"]
    assert "Carl has a query" in shop.last("ann")
    form = await shop.opens("ann", "Answer")
    assert "What if it snows?" in form.note
    await shop.fills("ann", form, {"text": "We begin in March."})
    assert (await shop.row(CharterQuery)).answer == "We begin in March."
    assert "We begin in March." in shop.last("carl")
    assert "is approved" in await shop.presses("carl", "Approve")


async def test_only_the_sponsor_asks_and_only_the_owner_answers(shop: Workshop) -> None:
    await in_review(shop)
    form = await shop.opens("carl", "Query")
    assert "Only its sponsor" in (await shop.fills("ben", form, {"text": "Why?"})).content.summary  # type: ignore[union-attr]  # a card: it was refused
    await shop.fills("carl", form, {"text": "What if it snows?"})
    form = await shop.opens("ann", "Answer")
    assert "Only its owner" in (await shop.fills("dana", form, {"text": "No."})).content.summary  # type: ignore[union-attr]  # the same


async def test_what_was_changed_since_it_was_read_is_not_approved(shop: Workshop) -> None:
    await in_review(shop)
    read = shop.newest("carl", "Approve")
    await written(shop, budget="90k")
    assert "was changed since you read it" in await shop.presses("carl", "Approve", read)
    assert "£90,000" in shop.posts("carl")[-1].words
    assert "is approved" in await shop.presses("carl", "Approve")


async def test_a_charter_may_be_kept_incomplete_but_not_sent(shop: Workshop) -> None:
    await an_initiative(shop, State.RANKED, ready=False)
    await written(shop, budget="", phases="", **{"return": ""})
    said = await shop.says("ann", "/initiative review I-4")
    assert "Still missing: a phase in the charter, the budget and the expected return." in said
    said = await shop.says("dana", "/initiative start I-4")
    assert "the budget, the expected return, the sponsor's approval of the charter" in said


async def test_a_form_that_can_not_be_read_comes_back_with_what_was_typed(shop: Workshop) -> None:
    await an_initiative(shop, State.SCORED, ready=False)
    form = await shop.form("ann", "/initiative charter I-4")
    back = await shop.comes_back("ann", form, {**TERMS, "budget": "a lot", "phases": "Pilot", "unranked": ""})
    assert back.errors.keys() == {"budget", "phases", "unranked"}
    assert dict((each.id, each.value) for each in back.inputs)["budget"] == "a lot"  # noqa: C402 - as it is read
    assert await editions(shop) == []
    assert (await shop.row(Initiative)).state is State.SCORED


async def test_two_who_write_at_once_do_not_overwrite_each_other(shop: Workshop) -> None:
    await an_initiative(shop, State.RANKED, ready=False)
    await written(shop)
    mine, theirs = [await shop.form(who, "/initiative charter I-4") for who in ("ann", "dana")]
    await shop.fills("dana", theirs, {"risks": "Snow"})
    back = await shop.comes_back("ann", mine, {"risks": "Rain"})
    assert "Somebody else has changed this charter meanwhile" in back.errors["objectives"]
    await shop.fills("ann", back, {})
    assert (await editions(shop))[0].risks == "Rain"


async def test_why_there_was_no_ranking_is_kept(shop: Workshop) -> None:
    await an_initiative(shop, State.SCORED, ready=False)
    await written(shop)
    assert (await shop.row(Initiative)).state is State.CHARTERED
    async with shop.house.database.read(SYSTEM) as tx:
        from storage.audit import newest  # noqa: PLC0415 - only here
        from storage.links import Thing  # noqa: PLC0415 - the same

        entries = await newest(tx, (Thing.INITIATIVE, (await shop.row(Initiative)).id), 9)
    assert "The only one there is" in {each.reason for each in entries}


@pytest.mark.req("S3-21")
async def test_a_phase_keeps_its_milestones_as_long_as_its_name_stands(shop: Workshop) -> None:
    await in_review(shop)
    pilot, initiative = await shop.row(Phase, name="Pilot"), await shop.row(Initiative)
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        tx.add(Milestone(code="M-1", initiative_id=initiative.id, phase_id=pilot.id, title="Live", forecast_on=EIGHTH))
    form = await shop.form("ann", "/initiative charter I-4")
    back = await shop.comes_back("ann", form, {"phases": "Roll-out: 40 desks live"})
    assert "Pilot can't go: milestones belong to it." in back.errors["phases"]
    await shop.fills("ann", form, {"phases": "Try-out: 5 calls\nPILOT: 30 calls"})
    async with shop.house.database.read(SYSTEM) as tx:
        phases = await tx.all(select(Phase).order_by(col(Phase.seq)))
    assert [(each.name, each.exit_criteria) for each in phases] == [("Try-out", "5 calls"), ("PILOT", "30 calls")]
    assert phases[1].id == pilot.id


@pytest.mark.req("INV-19")
async def test_an_approval_sets_the_baseline_of_milestones_that_have_none(shop: Workshop) -> None:
    await an_initiative(shop, State.CHARTERED)
    said = await shop.says("carl", "/initiative approve I-4")
    assert "The dates of 1 milestone are its baseline now." in said
    assert (await shop.row(Milestone)).baseline_on == EIGHTH
