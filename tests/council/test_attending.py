"""Who comes: typed, pressed, in a form; deputies, changes of mind, old buttons, what counts once."""

import pytest

from bot.chat.cards import Card
from storage.meetings import Attendance
from tests.council.table import CALLED, Table, at
from tests.support.reading import labels_of, words_of

Rsvp = Attendance.Rsvp


@pytest.mark.req("S2-11")
async def test_each_answer_says_what_the_quorum_needs_and_what_is_expected_now(table: Table) -> None:
    shop = table.shop
    assert "Quorum needs 5; I now expect 1." in await shop.says("ann", "/council attend yes")
    assert "Quorum needs 5; I now expect 2." in await shop.says("raj", "/council attend yes")
    assert "Quorum needs 5; I now expect 1." in await shop.says("raj", '/council attend no "on leave"')
    said = await table.said("Raj")
    assert (said.rsvp, said.reason) == (Rsvp.NO, "on leave")


async def test_an_answer_can_be_changed_by_press_until_the_meeting_starts_and_counts_once(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    card = shop.newest("ann", "Yes")
    assert "I now expect 1" in await shop.presses("ann", "Yes", card)
    assert "I now expect 1" in await shop.presses("ann", "Yes", card)
    newest = shop.newest("ann", "Deputy")
    assert labels_of(newest) == ["Open report", "Add an item", "No", "Deputy"]
    assert "You come. Quorum needs 5; I now expect 1." in words_of(newest)
    answer = await shop.press("ann", "No", newest)
    assert answer is not None
    assert isinstance(answer.content, Card)
    assert labels_of(answer.content) == ["Send a deputy"]


@pytest.mark.req("S2-11")
async def test_a_deputy_counts_only_with_authority_and_is_told(table: Table) -> None:
    shop = table.shop
    assert "Ida can't decide" in await shop.says("ivo", "/council attend deputy:@Ida")
    assert "I now expect 0" in await shop.says("ivo", "/council attend deputy:@Ida")
    assert "I now expect 1" in await shop.says("ivo", "/council attend deputy:@Ida can-decide")
    assert table.told("ida", "Ivo asks you to sit in at CX Council on Thu 3 Dec 2026, 10:00")
    await shop.presses("ida", "I can't")
    assert table.told("ivo", "Ida can't sit in for you")
    assert (await table.said("Ivo")).rsvp is Rsvp.NONE


async def test_a_deputy_with_a_vote_of_their_own_counts_once(table: Table) -> None:
    shop = table.shop
    await shop.says("raj", "/council attend yes")
    said = await shop.says("ivo", "/council attend deputy:@Raj can-decide")
    assert "I now expect 1" in said
    assert "Raj has a voting seat already and counts once" in said


async def test_the_form_for_a_deputy_asks_who_and_whether_they_decide(table: Table) -> None:
    shop = table.shop
    await shop.says("sev", "/council deputy @Ida for:@Ivo can-decide")
    await shop.until(CALLED)
    form = await shop.opens("ivo", "Deputy")
    ida, ivo = await shop.person("Ida"), await shop.person("Ivo")
    assert {each.id: each.value for each in form.inputs} == {"deputy": str(ida.id), "decides": "yes"}
    again = await shop.comes_back("ivo", form, {"deputy": str(ivo.id), "decides": ""})
    assert set(again.errors) == {"deputy", "decides"}
    await shop.fills("ivo", again, {"deputy": str(ida.id), "decides": "no"})
    assert (await table.said("Ivo")).deputy_can_decide is False


async def test_a_deputy_whose_place_another_takes_is_told(table: Table) -> None:
    shop = table.shop
    await shop.says("raj", "/council attend deputy:@Dana can-decide")
    (asked,) = table.told("dana", "sit in")
    await shop.says("raj", "/council attend deputy:@Ida can-decide")
    assert table.told("ida", "sit in")
    assert asked not in [post.words for post in shop.posts("dana")]
    assert len(table.told("dana", "Raj")) == 2  # the question, which says so now, and the news


@pytest.mark.req("S2-10")
async def test_nobody_from_outside_sits_in_for_a_seat_of_the_organisation(table: Table) -> None:
    assert "is not of the organisation" in await table.shop.says("ivo", "/council attend deputy:@Sam can-decide")
    assert "I now expect" in await table.shop.says("sam", "/council attend deputy:@Ida can-decide")


async def test_a_secretary_answers_for_somebody_and_nobody_else_does(table: Table) -> None:
    shop = table.shop
    assert "Only" in await shop.says("ann", "/council attend yes for:@Sam")
    assert "Sam comes" in await shop.says("sev", "/council attend yes for:@Sam")
    assert "You have no seat" in await shop.says("amy", "/council attend yes")


async def test_once_it_has_begun_or_is_off_an_old_button_says_how_it_stands(table: Table) -> None:
    shop = table.shop
    await shop.until(CALLED)
    card = shop.newest("ann", "Yes")
    await shop.says("cora", '/council move 3 Dec to:2026-12-10 reason:"the hall"')
    assert "Thu 10 Dec 2026, 10:00" in await shop.presses("ann", "Yes", card)
    await shop.says("cora", "/council skip 10 Dec Flood")
    assert "is over or called off" in await shop.presses("ann", "No", card)


async def test_the_card_of_my_attendance_shows_what_i_said(table: Table) -> None:
    shop = table.shop
    answer = await shop.ask("ann", "/council attend")
    assert isinstance(answer.content, Card)
    assert "0 yes, 0 no, 9 open – quorum is 5" in words_of(answer.content)
    assert labels_of(answer.content) == ["Yes", "No", "Deputy"]
    assert "I now expect 1" in await shop.presses("ann", "Yes", answer.content)


async def test_what_is_neither_yes_nor_no_is_asked_back(table: Table) -> None:
    assert "/council attend yes" in await table.shop.says("ann", "/council attend perhaps")


async def test_after_the_start_who_is_there_counts(table: Table) -> None:
    shop = table.shop
    await shop.says("cora", '/council special today at:13:00 reason:"the flood"')
    answer = await shop.ask("ann", "/council attend")
    assert isinstance(answer.content, Card)
    await shop.until(at(23, 12, 55))
    await shop.says("cora", "/council start")
    assert "press `I'm here`" in await shop.presses("ann", "Yes", answer.content)
