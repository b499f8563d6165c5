"""What people saw go wrong with initiatives: approvals, people, Undo, questions, money and guests."""

import asyncio

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from bot.ports import Press, Submission
from storage.audit import AuditEvent
from storage.initiatives import Charter, Initiative, Stakeholder
from storage.people import Person
from storage.portfolio import questions_of
from storage.tx import SYSTEM
from tests.initiatives.conftest import TERMS, State, an_initiative
from tests.initiatives.test_at_once import at_once
from tests.support.reading import button_of, labels_of
from tests.support.workshop import Workshop

FRAME = "/initiative frame starts:2026-11-01 ends:2027-10-31"


async def in_review(shop: Workshop, who: str = "ann") -> None:
    await an_initiative(shop, State.RANKED, ready=False)
    form = await shop.form(who, "/initiative charter I-4")
    await shop.fills(who, form, TERMS)
    await shop.says("ann", "/initiative review I-4")


async def change(shop: Workshop, name: str, **values: object) -> None:
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        (person,) = await tx.all(select(Person).where(Person.name == name))
        for key, value in values.items():
            setattr(person, key, value)


async def undone(shop: Workshop, who: str, line: str, then: tuple[str, str]) -> str:
    """Somebody does something, another one something else, and the first one takes theirs back."""
    answer = await shop.ask(who, line)
    assert isinstance(answer.content, Card)
    await shop.says(*then)
    return await shop.presses(who, "Undo", answer.content)


async def test_an_owner_does_not_make_themselves_sponsor_to_approve_their_own_charter(shop: Workshop) -> None:
    await in_review(shop)
    said = await shop.says("ann", "/initiative set I-4 sponsor:@Ann owner:@Amy")
    assert "You own I-4, so somebody else names another sponsor" in said
    assert "You own I-4" in await shop.says("ann", "/initiative set I-4 sponsor:@Cora")
    await shop.says("dana", "/initiative set I-4 sponsor:@Ann owner:@Amy")
    assert "You wrote this edition of the charter" in await shop.says("ann", "/initiative approve I-4")
    assert (await shop.row(Charter)).state is Charter.State.IN_REVIEW


async def test_a_sponsor_hands_on_to_another_one(shop: Workshop) -> None:
    await in_review(shop)
    read = shop.newest("carl", "Approve")
    assert "sponsor Cora" in await shop.says("carl", "/initiative set I-4 sponsor:@Cora")
    assert "Approve" not in labels_of(shop.posts("carl")[-1].card)
    assert "Only Cora" in await shop.presses("carl", "Approve", read)
    assert "is approved" in await shop.presses("cora", "Approve")


async def test_phases_that_changed_since_they_were_read_are_not_approved(shop: Workshop) -> None:
    await in_review(shop)
    read = shop.newest("carl", "Approve")
    mine, stale = [await shop.form(who, "/initiative charter I-4") for who in ("ann", "dana")]
    await shop.fills("ann", mine, {"phases": "Pilot: anything goes\nRoll-out: 40 desks live"})
    back = await shop.comes_back("dana", stale, {"risks": "Snow"})
    assert "meanwhile" in back.errors["objectives"]
    assert {each.id: each.value for each in back.inputs}["risks"] == "Snow"
    assert "was changed since you read it" in await shop.presses("carl", "Approve", read)


async def test_an_undo_of_phases_is_also_another_charter(shop: Workshop) -> None:
    await in_review(shop)
    form = await shop.form("ann", "/initiative charter I-4")
    saved = await shop.fills("ann", form, {"phases": "Pilot: anything goes\nRoll-out: 40 desks live"})
    read = shop.newest("carl", "Approve")
    assert isinstance(saved.content, Card)
    await shop.presses("ann", "Undo", saved.content)
    assert "was changed since you read it" in await shop.presses("carl", "Approve", read)


async def test_an_approval_at_the_moment_of_a_save_is_not_given_for_what_was_not_read(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await in_review(shop)
    form = await shop.form("ann", "/initiative charter I-4")
    kept = {each.id: each.value for each in form.inputs} | {"phases": "Pilot: anything\nRoll-out: 40 desks live"}
    await asyncio.gather(
        shop.hand_in("ann", Submission(form.verb, kept, form.ids)),
        shop.hand_in("carl", "/initiative approve I-4", dispatcher=shop.house.dispatcher),
    )
    async with shop.house.database.read(SYSTEM) as tx:
        verbs = {(each.verb, each.field) for each in await tx.all(select(AuditEvent))}
    assert (("approve", "charter") in verbs) != await _saved(shop)


async def _saved(shop: Workshop) -> bool:
    async with shop.house.database.read(SYSTEM) as tx:
        found = await tx.all(select(AuditEvent.after).where(AuditEvent.field == "phases"))
    return any("anything" in each for each in found)


async def test_a_charter_that_was_emptied_in_review_is_not_approved(shop: Workshop) -> None:
    await in_review(shop)
    form = await shop.form("ann", "/initiative charter I-4")
    await shop.fills("ann", form, {"benefits": "", "budget": ""})
    said = await shop.says("carl", "/initiative approve I-4")
    assert "can't be approved yet. Still missing: the charter's benefits and the budget." in said


async def test_two_named_at_once_are_not_both_accountable(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await an_initiative(shop, State.APPROVED)
    await at_once(shop, ("dana", "/initiative people I-4 @Ben part:A"), ("ivo", "/initiative people I-4 @Amy part:A"))
    async with shop.house.database.read(SYSTEM) as tx:
        parts = await tx.all(select(Stakeholder.part))
    assert list(parts).count(Stakeholder.Part.ACCOUNTABLE) == 1


async def test_undo_leaves_nobody_without_somebody_accountable(shop: Workshop) -> None:
    await an_initiative(shop, State.APPROVED)
    line, then = "/initiative people I-4 @Ben part:A", ("dana", "/initiative people I-4 @Cem part:C")
    assert "Exactly one person answers for I-4" in await undone(shop, "dana", line, then)
    assert (await shop.row(Stakeholder, part=Stakeholder.Part.ACCOUNTABLE)).person_id


async def test_undo_of_a_pause_does_not_pass_the_limit(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await shop.says("cora", f"{FRAME} flight:1")
    await an_initiative(shop, State.IN_FLIGHT, code="I-1")
    await an_initiative(shop, State.APPROVED, code="I-2")
    said = await undone(shop, "dana", '/initiative pause I-1 "budget"', ("dana", "/initiative start I-2"))
    assert "I-1 can't go on yet. Still missing: a free place among those in flight." in said
    assert (await shop.row(Initiative, code="I-1")).state is State.PAUSED


@pytest.mark.parametrize("line", ["start", "review"])
async def test_who_has_left_neither_owns_nor_sponsors(shop: Workshop, line: str) -> None:
    await an_initiative(shop, State.APPROVED)
    for name in ("Ann", "Carl"):
        await change(shop, name, active=False)
    async with shop.house.database.write(1) as tx:
        tx.acts_for(by=None, event_id=None, now=shop.house.clock.now())
        (charter,) = await tx.all(select(Charter))
        charter.state = Charter.State.DRAFT if line == "review" else charter.state
    assert "Still missing: an owner and a sponsor" in await shop.says("dana", f"/initiative {line} I-4")


async def test_the_trail_says_what_was_there_before(shop: Workshop) -> None:
    await in_review(shop)
    await shop.says("dana", "/initiative set I-4 prio:P4 title:Other")
    form = await shop.form("ann", "/initiative charter I-4")
    await shop.fills("ann", form, {"budget": "99,000"})
    async with shop.house.database.read(SYSTEM) as tx:
        trail = await tx.all(select(AuditEvent).order_by(col(AuditEvent.id)))
    found = [(each.field, each.before, each.after) for each in trail]
    assert ("prio", "P3", "P4") in found
    assert ("title", "Fault questions before booking", "Other") in found
    assert ("budget", "15000", "99000") in found


async def test_the_new_owner_and_the_one_before_read_what_happened(shop: Workshop) -> None:
    await an_initiative(shop, State.APPROVED)
    await shop.says("dana", "/initiative set I-4 owner:@Ben prio:P2")
    assert any("You own I-4 now" in post.words for post in shop.posts("ben"))
    assert "You do not own I-4 any more" in shop.last("ann")
    assert "Priority  P2, before: P3" in shop.last("carl")


async def test_a_question_follows_the_owner_and_is_answered_once(shop: Workshop) -> None:
    await an_initiative(shop, State.APPROVED)
    await shop.says("dana", "/initiative people I-4 @Ben part:A")
    await shop.fills("ben", await shop.opens("ben", "I have a question"), {"text": "Why?"})
    asked = shop.newest("ann", "Answer")
    await shop.says("dana", "/initiative set I-4 owner:@Amy")
    assert "Only its owner" in await shop.presses("ann", "Answer", asked)
    form = await shop.opens("amy", "Answer")
    await shop.fills("amy", form, {"text": "Because"})
    again = await shop.fills("amy", form, {"text": "Because 2"})
    assert isinstance(again.content, Card)
    assert "answered already: “Because”" in again.content.summary
    async with shop.house.database.read(SYSTEM) as tx:
        ((_, reply),) = await questions_of(tx, (await shop.row(Initiative)).id)
    assert reply is not None
    assert reply.reason == "Because"


async def test_only_the_sign_of_that_currency_is_read(shop: Workshop) -> None:
    assert "as an amount in EUR" in await shop.says("cora", f"{FRAME} currency:EUR budget:£40k")
    assert "€40,000" in await shop.says("cora", f"{FRAME} currency:EUR budget:€40k")
    await an_initiative(shop, State.RANKED, ready=False)
    form = await shop.form("ann", "/initiative charter I-4")
    back = await shop.comes_back("ann", form, {**TERMS, "budget": "£15,000"})
    assert back.errors["budget"] == "Please write an amount in EUR, such as 15,000 or 15k."
    await shop.fills("ann", form, {**TERMS, "budget": "€15,000"})
    assert (await shop.row(Charter)).budget == 1_500_000


@pytest.mark.parametrize("what", ["frame", "domain", "objective", "batch", "measure I-5 nope"])
async def test_guests_do_not_read_what_is_inside(shop: Workshop, what: str) -> None:
    await an_initiative(shop, State.APPROVED)
    await an_initiative(shop, State.CHARTERED, code="I-5")
    await shop.says("dana", "/initiative set I-5 owner:@Ben")
    await shop.says("dana", "/initiative depends I-5 on:I-4")
    await change(shop, "Ben", is_external=True)
    assert "Only people of this company" in await shop.says("ben", f"/initiative {what}")
    assert "I can't find I-4" in await shop.says("ben", "/initiative depends I-5 on:I-4")
    assert "I can't find Zzz" in await shop.says("ben", "/initiative list domain:Zzz")
    assert "I-4" not in await shop.says("ben", "/initiative show I-5")


async def test_a_batch_says_what_it_wants_to_know(shop: Workshop) -> None:
    await an_initiative(shop, State.APPROVED)
    await shop.says("dana", '/initiative batch "Autumn"')
    assert "What is to be done with BT-1?" in await shop.says("dana", "/initiative batch BT-1 I-4")
    await shop.says("dana", "/initiative batch BT-1 start")
    note = "x" * 501
    assert "at most 500 fit" in await shop.says("dana", f'/initiative batch BT-1 add I-4 reason:"{note}"')


async def test_who_may_not_answer_opens_no_form(shop: Workshop) -> None:
    await in_review(shop)
    await shop.fills("carl", await shop.opens("carl", "Query"), {"text": "What if it snows?"})
    button = button_of(shop.newest("ann", "Answer"), "Answer")
    answer = await shop.ask("dana", Press(button.verb, button.ids))
    assert isinstance(answer.content, Card)
    await shop.says("dana", "/initiative set I-4 owner:@Amy")
    form = await shop.opens("amy", "Answer")
    await shop.fills("amy", form, {"text": "We begin in March."})
    again = await shop.fills("amy", form, {"text": "In April."})
    assert isinstance(again.content, Card)
    assert "answered already" in again.content.summary
