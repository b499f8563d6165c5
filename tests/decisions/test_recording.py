"""Decisions as they are recorded at the table, ratified, superseded, reopened and read."""

from datetime import timedelta

import pytest

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.ports import Press
from storage.actions import Action
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.decisions import Decision
from storage.links import Link, Thing
from storage.meetings import CouncilMeeting
from tests.support.at_the_table import HEADS, MEETS_AT, Table
from tests.support.field_dispatch import NORTHWATER
from tests.support.reading import labels_of, words_of

EIGHT = (
    '/council decide "Call centre asks eight fault questions before booking" reason:"20% repeat visits" '
    'means:"Field: fewer revisits; Billing: none" moved:@Raj for:6 against:1 abstain:0'
)
State = Decision.State


async def decision(table: Table, code: str = "D-1") -> Decision:
    return await table.shop.row(Decision, code=code)


@pytest.mark.req("S2-12", "S2-15")
async def test_a_decision_is_recorded_with_reason_implications_mover_and_votes(table_on_both: Table) -> None:
    table = table_on_both
    item = await table.with_item("Fault questions")
    await table.opened(*HEADS[:7])
    said = await table.shop.says("sev", EIGHT + " item:7.1")
    assert "D-1 recorded" in said
    assert "Field  fewer revisits" in said
    assert "6 for, 1 against, 0 abstained of 7 voting seats" in said
    assert "in force" in said
    row = await decision(table)
    raj, field = await table.shop.person("Raj"), row.means[0]["department"]
    assert (row.state, row.moved_by, row.voting_present, row.quorum_needed) == (State.IN_FORCE, raj.id, 7, 5)
    assert row.means == [{"department": field, "text": "fewer revisits"}]
    assert (await table.shop.row(AgendaItem, id=item)).state is AgendaItem.State.DECIDED
    edge = await table.shop.row(Link, to_kind=Thing.DECISION, to_id=row.id)
    assert (edge.from_kind, edge.from_id) == (Thing.AGENDA_ITEM, item)


@pytest.mark.req("S2-12")
async def test_what_a_decision_means_for_everybody_stands_on_its_card(table: Table) -> None:
    await table.opened(*HEADS[:7])
    said = await table.shop.says(
        "sev", '/council decide "Eight questions" reason:"Fair" means:"Everybody learns them; Field: fewer revisits"'
    )
    assert said.index("Everybody learns them") < said.index("Field  fewer revisits")


@pytest.mark.req("S2-12")
async def test_what_is_missing_is_asked_in_the_form_with_what_was_said(table: Table) -> None:
    await table.opened(*HEADS[:7])
    form = await table.shop.form("sev", '/council decide "Refund second visits" reason:"Fair"')
    assert set(form.errors) == {"means"}
    assert {each.id: each.value for each in form.inputs}["text"] == "Refund second visits"
    back = await table.shop.comes_back("sev", form, {"means": "none", "votes": "many"})
    assert set(back.errors) == {"votes"}
    answer = await table.shop.fills("sev", back, {"means": "none", "votes": "6-1-0"})
    assert not isinstance(answer.content, Form)
    assert (await decision(table)).implications == "none"


async def test_without_a_quorum_it_is_provisional_until_a_later_meeting_ratifies_it(table: Table) -> None:
    await table.opened(*HEADS[:4])
    said = await table.shop.says(
        "sev", '/council decide "Refund second visits" reason:"Fair" means:none for:4 against:0'
    )
    assert "provisional" in said
    assert "ratified while there is a quorum" in said
    item = await table.shop.row(AgendaItem, title="Ratify D-1: Refund second visits")
    assert item.meeting_id != table.meeting_id
    assert "There is no quorum: 4 of 8 voting seats are taken, 5 are needed" in await table.shop.says(
        "cora", "/council ratify D-1"
    )
    await table.opened("Mia")
    assert "D-1 is ratified and in force" in await table.shop.says("cora", "/council ratify D-1")
    assert (await decision(table)).ratified_in == table.meeting_id
    assert (await table.shop.row(AgendaItem, id=item.id)).state is AgendaItem.State.DECIDED


async def test_more_votes_than_seats_and_a_tie_are_no_decision(table: Table) -> None:
    await table.opened(*HEADS[:6])
    line = '/council decide "Refund second visits" reason:"Fair" means:none'
    too_many = await table.shop.says("sev", f"{line} for:6 against:1")
    assert "7 votes, and 6 voting seats are taken now" in too_many
    assert "is not carried" in await table.shop.says("sev", f"{line} for:3 against:3")
    assert await table.shop.rows(Decision) == []


async def test_only_chair_and_secretary_record_and_only_while_the_record_is_open(table: Table) -> None:
    assert "No meeting of CX Council is being held" in await table.shop.says("sev", EIGHT)
    await table.opened(*HEADS)
    assert "Only the chair or the secretary" in await table.shop.says("raj", EIGHT)
    async with table.shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=MEETS_AT)
        meeting = await tx.need(CouncilMeeting, table.meeting_id)
        meeting.state, meeting.adjourned_at = CouncilMeeting.State.ADJOURNED, MEETS_AT
    assert "D-1 recorded" in await table.shop.says("sev", EIGHT)
    assert (await decision(table)).voting_present == len(HEADS)


@pytest.mark.req("S2-11")
async def test_a_decision_is_superseded_reopened_and_reversed_visibly_and_counted(table: Table) -> None:
    await table.opened(*HEADS)
    await table.shop.says("sev", EIGHT)
    assert "D-2 recorded" in await table.shop.says(
        "sev", '/council decide "Ten questions" reason:"Eight were too few" means:none replaces:D-1'
    )
    assert "Superseded by: D-2" in (await table.shop.says("raj", "/council decisions D-1")).replace("  ", " ")
    assert "Why is D-2 reopened?" in await table.shop.says("cora", "/council reopen D-2")
    assert "on the agenda of Thu 7 Jan 2027" in await table.shop.says("cora", "/council reopen D-2 It takes long")
    again = await table.shop.row(AgendaItem, title="D-2 reopened: Ten questions")
    assert again.meeting_id != table.meeting_id, "the running meeting's agenda is out and takes nothing more"
    reversed_ = await table.shop.says("cora", "/council reverse D-2 The law has changed")
    assert "D-2 is reversed: The law has changed" in reversed_
    assert "D-1 is superseded, so it can't be reopened" in await table.shop.says("cora", "/council reopen D-1 Again")
    log = await table.shop.says("raj", "/council decisions")
    assert log.index("Ten questions") < log.index("Call centre asks eight")
    assert "D-2 · Thu 3 Dec 2026 · reversed: The law has changed" in log
    assert (await decision(table, "D-2")).reversals == 2


async def test_the_log_is_searched_by_words_and_keeps_what_is_internal_from_outsiders(table: Table) -> None:
    await table.opened(*HEADS)
    await table.shop.says("sev", EIGHT)
    await table.shop.says("sev", '/council decide "Metering gets a last warning" reason:"Late" means:none internal:yes')
    assert "Metering gets a last warning" in await table.shop.says("raj", "/council decisions warning")
    public = await table.shop.says("amy", "/council decisions")
    assert "Call centre asks eight" in public
    assert "warning" not in public
    assert "Internal" in public
    assert "No decision of CX Council has “warning” in it" in await table.shop.says("amy", "/council decisions warning")
    assert "D-2 is internal to the council" in await table.shop.says("amy", "/council decisions D-2")


async def test_a_decision_can_be_taken_back_for_five_minutes(table: Table) -> None:
    await table.opened(*HEADS)
    answer = await table.shop.ask("sev", EIGHT)
    card = answer.content
    assert not isinstance(card, Form)
    assert "Undo" in words_of(card) or any(True for _ in card.elements)
    await table.shop.press("sev", "Undo", card)
    assert await table.shop.rows(Decision) == []


@pytest.mark.req("S2-15")
async def test_one_item_may_have_several_decisions_typed_or_in_the_form(table: Table) -> None:
    item = await table.with_item("Fault questions")
    await table.opened(*HEADS[:7])
    await table.shop.says("sev", f"{EIGHT} item:7.1")
    version = (await table.shop.row(AgendaItem, id=item)).version
    assert "D-2 recorded" in await table.shop.says(
        "sev", '/council decide "Ten from March" reason:"Fair" means:none item:7.1'
    )
    form = await table.shop.form("sev", '/council decide "Twelve from May" item:7.1')
    await table.shop.fills("sev", form, {"reason": "Fair", "means": "none"})
    made = await table.shop.rows(Decision)
    assert [(each.code, each.item_id) for each in made] == [("D-1", item), ("D-2", item), ("D-3", item)]
    edges = await table.shop.rows(Link)
    led = {each.to_id for each in edges if (each.from_kind, each.from_id) == (Thing.AGENDA_ITEM, item)}
    assert led == {each.id for each in made}
    after = await table.shop.row(AgendaItem, id=item)
    assert (after.state, after.version) == (AgendaItem.State.DECIDED, version)


async def test_what_does_not_fit_is_said_beside_its_input_and_what_was_typed_stays(table: Table) -> None:
    item = await table.with_item("Fault questions")
    await table.opened(*HEADS[:6])
    await table.shop.says("sev", EIGHT.replace("for:6", "for:5"))
    await table.shop.says("cora", "/council reverse D-1 The law has changed")
    async with table.shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=MEETS_AT)
        (await tx.need(AgendaItem, item)).state = AgendaItem.State.NOTED
    form = await table.shop.form("sev", '/council decide "Refund second visits" reason:"Fair"')
    typed = {"means": "none", "votes": "6-1-0", "item": str(item), "replaces": "D-1"}
    problems = {
        "votes": "7 votes, and 6 voting seats are taken now",
        "replaces": "D-1 is reversed, so it can't be superseded",
        "item": "Item 7.1 is noted, so it can't be decided",
    }
    for name, problem in problems.items():
        back = await table.shop.comes_back("sev", form, typed)
        assert {each.id: each.value for each in back.inputs}["text"] == "Refund second visits"
        assert list(back.errors) == [name]
        assert problem in back.errors[name]
        typed[name] = ""
    await table.shop.fills("sev", form, typed)
    assert [each.code for each in await table.shop.rows(Decision)] == ["D-1", "D-2"]


@pytest.mark.req("S2-10")
async def test_what_is_internal_is_answered_to_who_wrote_it_alone_also_in_a_room(table: Table) -> None:
    item = "item:7.1"
    await table.with_item("Zanzibar pay", internal=True)
    await table.opened(*HEADS[:4])
    told: dict[int, bool] = {}
    for line in (INTERNAL, f"{EIGHT.replace('for:6', 'for:3')} {item}", EIGHT.replace("for:6", "for:3")):
        answer = await table.shop.ask("sev", line, room="cx-council")
        told[len(told) + 1] = answer.private
    assert told == {1: True, 2: True, 3: False}
    for number, is_private in told.items():
        answer = await table.shop.ask("cora", f"/council lapse D-{number} Too dear", room="cx-council")
        assert answer.private is is_private


async def test_what_was_overlooked_is_dated_by_its_meeting_and_says_when_it_was_recorded(table: Table) -> None:
    await table.opened(*HEADS)
    async with table.shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=MEETS_AT)
        meeting = await tx.need(CouncilMeeting, table.meeting_id)
        meeting.state, meeting.adjourned_at = CouncilMeeting.State.ADJOURNED, MEETS_AT + timedelta(minutes=80)
    table.shop.house.clock.move_to(MEETS_AT + timedelta(days=1))
    dated = "Thu 3 Dec 2026 · recorded on Fri 4 Dec 2026 · in force"
    assert dated in await table.shop.says("sev", EIGHT)
    assert dated in await table.shop.says("raj", "/council decisions D-1")
    assert "D-1 · Thu 3 Dec 2026 · in force" in await table.shop.says("raj", "/council decisions")


async def test_an_action_is_made_from_a_decision_with_one_form_and_stays_tied_to_it(table: Table) -> None:
    await table.opened(*HEADS)
    recorded = await table.shop.ask("sev", EIGHT)
    assert not isinstance(recorded.content, Form)
    form = await table.shop.opens("sev", "Make an action", recorded.content)
    raj = await table.shop.person("Raj")
    assert {each.id: each.value for each in form.inputs}["owner"] == str(raj.id)
    await table.shop.fills("sev", form, {})
    row = await decision(table)
    edge = await table.shop.row(Link, from_kind=Thing.DECISION, from_id=row.id)
    assert edge.to_kind is Thing.ACTION


INTERNAL = '/council decide "Zanzibar bonus" reason:"Fair" means:none internal:yes'


@pytest.mark.req("S2-10")
async def test_what_comes_from_an_internal_decision_goes_outside_only_on_a_second_word_and_the_chair_hears(
    table: Table,
) -> None:
    await table.opened(*HEADS)
    await table.shop.says("sev", INTERNAL)
    sam = await table.shop.person("Sam")
    shown = (await table.shop.ask("raj", "/council decisions D-1")).content
    assert isinstance(shown, Card)
    form = await table.shop.opens("raj", "Make an action", shown)
    back = await table.shop.comes_back("raj", form, {"title": "Check the seals", "owner": str(sam.id)})
    assert back.errors == {
        "owner": "Sam is not of the organisation and will read these words. The decision itself stays internal."
    }
    assert (back.submit, await table.shop.rows(Action)) == ("Send anyway", [])
    assert {each.id: each.value for each in back.inputs}["title"] == "Check the seals"
    await table.shop.fills("raj", back, {})
    assert (await table.shop.row(Action)).owner_id == sam.id
    assert "Raj asked for it" in table.shop.last("cora")


@pytest.mark.req("S2-10")
async def test_a_typed_action_of_an_internal_decision_asks_the_same(table: Table) -> None:
    await table.opened(*HEADS)
    await table.shop.says("sev", INTERNAL)
    await table.shop.says("sev", EIGHT)
    line = '/action add "Check the seals" @{} due:fri from:{}'
    form = await table.shop.form("cora", line.format("Sam", "D-1"))
    assert form.submit == "Send anyway"
    assert await table.shop.rows(Action) == []
    await table.shop.fills("cora", form, {})
    assert not any("asked for it" in post.words for post in table.shop.posts("cora"))
    await table.shop.says("cora", line.format("Raj", "D-1"))
    await table.shop.says("cora", line.format("Sam", "D-2"))
    assert len(await table.shop.rows(Action)) == 3


async def of_the_internal_decision(table: Table) -> int:
    """Raj has A-1, which came of D-1, and A-2, which came of A-1; the number of Sam, who is no employee."""
    await table.opened(*HEADS)
    await table.shop.says("sev", INTERNAL)
    for code in ("D-1", "A-1"):
        await table.shop.says("raj", f'/action add "Ask the Zanzibar lawyers" @Raj due:fri from:{code}')
    return (await table.shop.person("Sam")).id


@pytest.mark.req("S2-10")
@pytest.mark.parametrize("code", ["A-1", "A-2"])
async def test_by_no_second_step_it_goes_outside_without_a_second_word(table_on_both: Table, code: str) -> None:
    table = table_on_both
    sam = await of_the_internal_decision(table)
    warned = {"owner": "Sam is not of the organisation and will read these words. The decision itself stays internal."}
    typed = await table.shop.form("raj", f"/action assign {code} @Sam")
    new = await table.shop.form("raj", f'/action add "Zanzibar" @Sam due:fri from:{code}')
    number = (await table.shop.row(Action, code=code)).id
    given = await table.shop.form("raj", Press("action.giving", {"action": str(number)}))
    given = await table.shop.comes_back("raj", given, {"why": "He knows them", "owner": str(sam)})
    for form in (typed, new, given):
        assert (form.errors, form.submit) == (warned, "Send anyway")
    assert not [each for each in await table.shop.rows(Action) if each.owner_id == sam]
    await table.shop.fills("raj", given if code == "A-1" else typed, {})
    assert (await table.shop.row(Action, code=code)).owner_id == sam
    assert f"{code}: Raj gave it to Sam" in table.shop.last("cora")


@pytest.mark.req("S2-10")
async def test_who_could_help_with_it_is_no_way_round(table: Table) -> None:
    sam = await of_the_internal_decision(table)
    await table.shop.says("raj", "/action assign A-1 @Ben")
    await table.shop.says("ben", "/action reject A-1 not mine")
    number = (await table.shop.row(Action, code="A-1")).id
    form = await table.shop.form("ann", Press("action.know", {"action": str(number)}))
    back = await table.shop.comes_back("ann", form, {"owner": str(sam)})
    assert back.submit == "Send anyway"
    await table.shop.fills("ann", back, {})
    assert (await table.shop.row(Action, code="A-1")).owner_id == sam


@pytest.mark.req("S2-10")
async def test_a_chair_from_outside_does_not_hear_what_is_internal_and_the_secretary_does(table: Table) -> None:
    await of_the_internal_decision(table)
    async with table.shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=table.shop.house.clock.now())
        council = await tx.need(Council, table.council_id)
        council.chair_id = (await table.shop.person("Mrs Okafor")).id
    form = await table.shop.form("raj", "/action assign A-1 @Sam")
    assert form.note == "It comes from an internal decision. Sev hears of it."
    await table.shop.fills("raj", form, {})
    assert "Zanzibar lawyers" in table.shop.last("sev")
    assert not any("Zanzibar" in post.words for post in table.shop.posts("okafor"))


async def test_a_department_that_there_is_not_is_said_and_only_chair_and_secretary_are_asked_what_to_do(
    table: Table,
) -> None:
    await table.opened(*HEADS)
    form = await table.shop.form("sev", '/council decide "Refund" reason:"Fair" means:"Gardening: new forms"')
    assert form.errors["means"].startswith("There is no department called 'Gardening'. There is Call centre, Field")
    await table.shop.says("sev", EIGHT)
    asked = {}
    for who in ("cora", "raj"):
        content = (await table.shop.ask(who, "/council decisions D-1")).content
        assert not isinstance(content, Form)
        asked[who] = labels_of(content)
    assert asked == {"cora": ["Make an action", "Reopen"], "raj": ["Make an action"]}
