"""What a stranger finds who tries `/milestones` at Northwater."""

from datetime import UTC, datetime

from bot.chat.cards import Card
from bot.demo import work
from bot.ports import Press, Text
from storage.engine import Database
from tests.support.field_dispatch import NORTHWATER, FieldDispatch, field_dispatch
from tests.support.reading import button_of, labels_of, words_of

TUESDAY = datetime(2026, 11, 24, 9, 14, tzinfo=UTC)


async def northwater(database: Database) -> FieldDispatch:
    here = await field_dispatch(database, TUESDAY)
    async with database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY)
        await work.load(tx)
    return here


async def says(here: FieldDispatch, who: str, text: str, event: str) -> Card:
    answer = await here.do(who, Text(text), event)
    assert answer is not None
    assert isinstance(answer.content, Card)
    return answer.content


async def test_northwater_s_initiative_has_milestones_that_are_late_on_time_and_achieved(database: Database) -> None:
    here = await northwater(database)
    card = await says(here, "ann", "/milestones I-1", "one")
    words = words_of(card)
    assert "5 milestones · 1 achieved · 2 late · 2 on time · Tue 24 Nov 2026" in words
    assert "Red, 21 days late · 18 Dec → Fri 8 Jan 2027 · supplier late" in words
    assert "Amber, 4 days late · 15 → Tue 19 Jan 2027 · waits for M-31 · not confirmed" in words


async def test_ann_s_own_list_is_that_of_her_initiative_and_everybody_can_see_it(sqlite: Database) -> None:
    here = await northwater(sqlite)
    assert "Script live" in words_of(await says(here, "ann", "/milestones", "one"))
    nothing = await says(here, "amy", "/milestones", "two")
    assert labels_of(nothing) == ["Everybody's milestones"]
    button = button_of(nothing, "Everybody's milestones")
    every = await here.do("amy", Press(button.verb, button.ids), "three")
    assert every is not None
    assert "Script live  M-31 · I-1 · Ann" in words_of(every.content)  # type: ignore[arg-type]


async def test_dov_finds_a_date_to_decide_about_and_a_new_milestone_gets_the_next_code(sqlite: Database) -> None:
    here = await northwater(sqlite)
    assert "Tue 19 Jan 2027 is proposed" in words_of(await says(here, "dov", "/today", "one"))
    taken = await says(here, "dov", "/milestones take M-32", "two")
    assert "40 desks trained is now expected on Tue 19 Jan 2027, 4 days late." in words_of(taken)
    added = await says(here, "ann", '/milestones add I-1 "Old script off" due:1 Feb owner:@Ann', "three")
    assert "M-35 is in I-1" in words_of(added)
