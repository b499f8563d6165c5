"""Who chairs together with the chair does what the chair does, and reads no more by it."""

import pytest

from bot.chat.cards import Card
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.meetings import CouncilMeeting
from storage.people import Person
from tests.agenda.house import CLOSED_AT, OUT_AT, House, reachable
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of, words_of

State = CouncilMeeting.State
SECRET = "Zanzibar contract"


async def together(house: House, *, outside: bool = True) -> None:
    """Mrs Okafor, who holds the customer's seat, chairs together with Cora."""
    await reachable(house, "Mrs Okafor")
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        (await tx.need(Council, house.council_id)).customer = Council.Customer.CO_CHAIR
        (await tx.need(Person, (await house.person("Mrs Okafor")).id)).is_external = outside


@pytest.mark.req("S2-31", "S2-10")
async def test_a_co_chair_sees_the_draft_with_the_number_of_what_is_internal_and_publishes_it(house: House) -> None:
    await together(house)
    await house.says("raj", f'/agenda add "{SECRET}" item:7 for:decision mins:5 internal')
    await house.says("raj", '/agenda add "Second visits" item:7 mins:5')
    card = (await house.ask("okafor", "/agenda draft")).content
    assert isinstance(card, Card)
    assert SECRET not in repr(card)
    assert "7.1 Internal +1 more" in words_of(card)
    assert "Of internal items you see the number; Sev and Cora can read them." in words_of(card)
    assert "Of internal items" not in await house.says("cora", "/agenda draft")
    assert "Publish" in labels_of(card)
    said = await house.presses("okafor", "Publish", card)
    assert "Version 1 is published: in 1 room" in said
    assert SECRET not in said
    (edition,) = await house.versions()
    assert edition.published_by == (await house.person("Mrs Okafor")).id
    assert f"7.1 {SECRET}" in await house.opened("ann", 7)


async def test_a_co_chair_admits_reopens_and_opens_votes_as_the_chair_does(house: House) -> None:
    await together(house)
    await house.now_is(OUT_AT)
    await house.says("mia", '/agenda add "Christmas hours" item:7')
    assert "Admitted as 9.1" in await house.says("okafor", "/agenda admit 7.1")
    assert (await house.item("Christmas hours")).state is AgendaItem.State.PUBLISHED
    assert "takes items again" in await house.says("okafor", "/agenda reopen")
    assert "I have asked 9 seats for an open vote" in await house.says("okafor", '/council vote "Do we go on?"')
    assert "Do we go on?" in await house.says("okafor", "/council vote")
    card = (await house.ask("okafor", "/council vote")).content
    assert isinstance(card, Card)
    assert "Close the vote" in labels_of(card)


async def test_an_internal_question_is_put_by_somebody_of_the_organisation(house: House) -> None:
    await together(house)
    said = await house.says("okafor", '/council vote "Do we go on?" internal:yes')
    assert "only members of the organisation read. You can ask Sev or Cora. Nothing was changed." in said
    await house.says("cora", f'/council vote "{SECRET}?" internal:yes')
    assert SECRET not in await house.says("okafor", "/council vote")


async def test_a_co_chair_of_the_organisation_reads_all_of_it(house: House) -> None:
    await together(house, outside=False)
    await house.says("raj", f'/agenda add "{SECRET}" item:7 for:decision mins:5 internal')
    card = (await house.ask("okafor", "/agenda draft")).content
    assert isinstance(card, Card)
    assert f"7.1 {SECRET}" in words_of(card)
    assert "I have asked" in await house.says("okafor", f'/council vote "{SECRET}?" internal:yes')


async def test_how_the_council_is_set_up_is_no_business_of_a_co_chair_from_outside(house: House) -> None:
    await together(house)
    assert "Only the chair" in await house.says("okafor", "/council setup length:60")
    assert "Only the chair" in await house.says("okafor", "/council remove @Ann end")


@pytest.mark.req("S2-10")
async def test_who_was_made_the_chair_from_outside_reads_nothing_internal_by_it(house: House) -> None:
    await reachable(house, "Mrs Okafor")
    await house.says("raj", f'/agenda add "{SECRET}" item:7 for:decision mins:5 internal')
    async with house.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=house.house.clock.now())
        (await tx.need(Council, house.council_id)).chair_id = (await house.person("Mrs Okafor")).id
    for line in ("/agenda", "/agenda draft", "/agenda open 7"):
        assert SECRET not in await house.says("okafor", line)
    await house.now_is(CLOSED_AT)
    await house.says("mia", '/agenda add "Zanzibar again" item:7 internal')
    await house.now_is(OUT_AT)
    await house.says("mia", '/agenda add "Zanzibar once more" item:7 internal')
    assert "Zanzibar" not in "".join(repr(each.card) for each in house.posts("okafor"))


async def test_who_has_only_a_seat_from_outside_chairs_nothing(house: House) -> None:
    await reachable(house, "Mrs Okafor", "Sam")
    for who in ("okafor", "sam"):
        for line in ("/agenda draft", "/agenda publish", "/agenda reopen", '/council vote "Now?"'):
            said = await house.says(who, line)
            assert "the chair" in said
            assert "of CX Council can do that" in said
    assert await house.versions() == []
