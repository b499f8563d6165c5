"""Customer numbers as people define, record, correct and read them; at Northwater."""

import asyncio
from decimal import Decimal

import pytest

from bot.chat.cards import Card
from bot.demo import measured
from storage.actions import Priority
from storage.initiatives import Initiative
from storage.measures import Measure, Reading
from tests.measures.conftest import TUESDAY_NOON
from tests.support.field_dispatch import NORTHWATER
from tests.support.workshop import Workshop

ADD_NPS = (
    '/measure add "Recommendation" code:NPS kind:nps question:"Would you recommend us?" dept:Marketing '
    "frequency:monthly target:20 amber:10"
)
OCTOBER = "/measure record NPS period:2026-10 promoters:180 passives:150 detractors:170"
NOVEMBER = "/measure record NPS period:2026-11 promoters:221 passives:141 detractors:138"


async def anchored(shop: Workshop, code: str = "NPS") -> None:
    await shop.says("dana", '/initiative objective "Right first time"')
    await shop.says("dana", f'/measure link {code} objective:"right first time" outcome:"fewer customers leave"')


@pytest.mark.req("S2-19")
@pytest.mark.req("S2-32")
async def test_a_number_says_how_sure_it_is_and_whether_its_change_is_real(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await shop.says("mia", ADD_NPS)
    assert "Recommendation for Oct 2026: +2. Recorded." in await shop.says("mia", OCTOBER)
    said = await shop.says("mia", NOVEMBER)
    assert "Recommendation for Nov 2026: +17, up 15 points." in said
    assert "With 95% it lies between 9.24 and 23.76." in said
    assert "A real change: 14.51 against a margin of 10.30." in said
    card = await shop.says("ben", "/measure show NPS")
    for words in (
        "NPS · Marketing · kept by Mia", "+17 Nov 2026 up 15 points", "Target: +20 · amber", "Based on: 500 answers",
        "Question: Would you recommend us?", "Scale: 0 to 10", "+2  Oct 2026 n 500",
    ):  # fmt: skip
        assert words in card


@pytest.mark.req("S2-07")
async def test_first_time_fix_of_920_in_1000_is_92_percent(shop: Workshop) -> None:
    await shop.says("raj", '/measure add "Fixed at once" code:FTO dept:Field frequency:monthly')
    assert "92.0%" in await shop.says("raj", "/measure record FTO period:2026-10 met:920 n:1,000")
    assert "92.0%, Oct 2026" in await shop.says("raj", "/measure list dept:field")


@pytest.mark.req("S2-32")
@pytest.mark.req("INV-17")
async def test_a_correction_takes_the_place_of_a_number_which_stays_visible_with_the_reason(shop: Workshop) -> None:
    await shop.says("mia", ADD_NPS)
    await shop.says("mia", OCTOBER)
    assert "has a number for Oct 2026 already" in await shop.says("mia", OCTOBER)
    assert "Please add why" in await shop.says("mia", OCTOBER.replace("record", "correct"))
    again = OCTOBER.replace("record", "correct") + ' reason:"typed twice"'
    assert "That is the number" in await shop.says("mia", again)
    right = again.replace("detractors:170", "detractors:169")
    assert "+2, before that +2. Reason: typed twice." in await shop.says("mia", right)
    card = await shop.says("ben", "/measure show NPS")
    assert "Oct 2026: +2, now +2 typed twice" in card
    old = await shop.row(Reading, n=500)
    new = await shop.row(Reading, n=499)
    assert (old.superseded_by, new.superseded_by, old.parts) == (
        new.id, None, {"promoters": 180, "passives": 150, "detractors": 170},
    )  # fmt: skip
    assert "There is no number" in await shop.says(
        "mia", NOVEMBER.replace("record", "correct") + ' reason:"typed twice"'
    )


async def test_a_team_s_number_of_a_day_is_simply_typed_again(shop: Workshop) -> None:
    await shop.says("dana", "/measure record FTF 23 Nov 80")
    card = await shop.says("ben", "/measure show FTF")
    assert "80%  Mon 23 Nov 2026" in card
    assert "Mon 23 Nov 2026: 78%, now 80% recorded again" in card


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"{OCTOBER} n:9", "The counts come to 500"),
        ("/measure record NPS period:2026-10 promoters:180 passives:150", "Please add detractors:"),
        ("/measure record NPS period:2026-W40 17", "is a monthly number, and '2026-W40' is none of its periods"),
        ("/measure record NPS period:2027-01 17", "Jan 2027 is still to come"),
        ("/measure record NPS period:soonish 17", "soonish"),
        ("/measure record NPS 101", "a number from -100 to 100"),
        ("/measure record NPS met:3 n:9", "has no met:"),
        ("/measure record NPS", "promoters:50 passives:30 detractors:20"),
    ],
)
async def test_what_can_t_be_recorded_says_what_to_do_and_changes_nothing(
    shop: Workshop, line: str, words: str
) -> None:
    await shop.says("mia", ADD_NPS)
    assert words in await shop.says("mia", line)
    nps = await shop.row(Measure, code="NPS")
    with pytest.raises(ValueError, match="not enough values"):
        await shop.row(Reading, measure_id=nps.id)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("kind:mood", "It can be nps, csat, ces"),
        ("kind:nps unit:percent", "A nps measure is counted in number"),
        ("kind:csat scale:1-10", "also from where it counts, top:8"),
        ("kind:nps hard:yes", "so it is never hard"),
        ("better:sideways", "It can be up or down"),
        ("frequency:yearly", "It can be daily, weekly, monthly or quarterly"),
        ("target:90 amber:95", "lies below its target"),
        ("amber:95", "add target: and amber: together"),
        ("dept:Nowhere", "I know no department 'Nowhere'"),
        ("objective:Nothing", "I know no objective 'Nothing'"),
        (f'question:"{"Why " * 60}"', "at most 200 fit"),
    ],
)
async def test_what_can_t_be_a_measure_is_refused(shop: Workshop, more: str, words: str) -> None:
    assert words in await shop.says("dana", f'/measure add "Mood" {more}')
    assert "Mood" not in await shop.says("dana", "/measure list")


async def test_who_leads_nothing_adds_and_links_nothing(shop: Workshop) -> None:
    for line in ('add "Mood"', "link FTF outcome:money", "headline FTF", "target FTF 90", 'conflict FTF CWR "why"'):
        assert "Only a lead, a department's head" in await shop.says("ben", f"/measure {line}")
    assert "is" in await shop.says("sev", '/measure add "Mood"'), "the secretary leads nobody and may"


# --- headlines


@pytest.mark.req("S0-13")
async def test_a_headline_needs_an_objective_and_an_outcome(shop: Workshop) -> None:
    await shop.says("mia", ADD_NPS)
    assert "A headline measure needs an objective and a financial outcome." in await shop.says(
        "mia", "/measure headline NPS"
    )
    assert not (await shop.row(Measure, code="NPS")).headline
    assert "Recommendation  NPS" in await shop.says("mia", "/measure list unanchored")
    await anchored(shop)
    assert "Recommendation  NPS" not in await shop.says("mia", "/measure list unanchored")
    said = await shop.says("mia", "/measure headline NPS")
    assert "the council sees it each time" in said
    assert "has no hard measure beside it" in said
    assert "a headline measure already" in await shop.says("mia", "/measure headline NPS")
    assert "no headline measure any more" in await shop.says("mia", "/measure headline NPS off")


@pytest.mark.req("S4-11")
async def test_a_soft_headline_with_a_hard_pair_has_no_note(shop: Workshop) -> None:
    await shop.says("mia", ADD_NPS)
    await anchored(shop)
    await shop.says("mia", '/measure add "Ease" code:CES kind:ces')
    assert "counts behaviour or money" in await shop.says("mia", "/measure link NPS pair:CES")
    assert "read beside First-time fix" in await shop.says("mia", "/measure link NPS pair:FTF")
    assert "no hard measure" not in await shop.says("mia", "/measure headline NPS")
    assert "Hard pair: First-time fix" in await shop.says("mia", "/measure show NPS")


async def test_another_target_needs_a_reason_and_undo_takes_it_back(shop: Workshop) -> None:
    assert "target 90%, amber to 85%" in await shop.says("dana", "/measure target FTF 90 amber:85")
    assert "Which target, and why?" in await shop.says("dana", "/measure target FTF 80")
    answer = await shop.ask("dana", '/measure target FTF 80 reason:"the new van comes in May"')
    assert (await shop.row(Measure, code="FTF")).target == Decimal(80)
    await shop.presses("dana", "Undo", answer.content)  # type: ignore[arg-type]  # a card: it was said
    assert (await shop.row(Measure, code="FTF")).target == Decimal(90)


# --- conflicts


@pytest.mark.req("S2-02")
async def test_a_conflict_is_open_and_listed_until_a_decision_closes_it(shop: Workshop) -> None:
    await shop.says("ann", '/measure add "Handling time" code:AHT unit:seconds dept:"Call centre" target:180')
    raised = await shop.says("ann", '/measure conflict AHT FTF "Short calls leave out the diagnosis"')
    assert "AHT and FTF pull apart: Short calls leave out the diagnosis" in raised
    assert "That is known" in await shop.says("raj", '/measure conflict FTF AHT "The same"')
    assert "AHT and FTF  Short calls" in await shop.says("ben", "/measure conflict")
    assert "can't find the decision D-9" in await shop.says("ann", "/measure conflict AHT FTF decision:D-9")
    assert "AHT and FTF" in await shop.says("ben", "/measure conflict")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('AHT FTF "why"', "I can't find the measure AHT"),
        ('FTF FTF "why"', "Which two, and why?"),
        ("FTF FTO", "Which two, and why?"),
        ('FTF FTO "why"', "both belong to Field"),
        ("FTF FTO decision:D-1", "have no open conflict"),
    ],
)
async def test_what_is_no_conflict_is_refused(shop: Workshop, line: str, words: str) -> None:
    await shop.says("raj", '/measure add "Fixed at once" code:FTO dept:Field')
    assert words in await shop.says("raj", f"/measure conflict {line}")


async def test_the_only_one_who_records_is_who_keeps_it(shop: Workshop) -> None:
    await shop.says("mia", ADD_NPS)
    for line in (OCTOBER, OCTOBER.replace("record", "correct") + " reason:because"):
        assert "Only the owner" in await shop.says("ann", line)


# --- what an initiative of the first rank needs


@pytest.mark.req("S4-04")
async def test_posters_get_no_p1_before_a_hard_measure_shows_whether_they_helped(shop: Workshop) -> None:
    await shop.says("dana", '/initiative add "Think like a customer posters"')
    refused = "P1 and P2 need a linked hard measure, so that we can see whether it helped."
    assert refused in await shop.says("dana", "/initiative set I-1 prio:P1")
    await shop.says("mia", ADD_NPS)
    await shop.says("dana", "/initiative measure I-1 NPS")
    assert refused in await shop.says("dana", "/initiative set I-1 prio:P2"), "NPS asks for an opinion"
    assert (await shop.row(Initiative, code="I-1")).priority is Priority.P3
    await shop.says("dana", "/initiative measure I-1 FTF")
    assert "priority P1" in await shop.says("dana", "/initiative set I-1 prio:P1")


# --- two at the same moment


async def both(shop: Workshop, one: tuple[str, str], other: tuple[str, str]) -> list[str]:
    """What both read, through two processes."""
    answers = await asyncio.gather(shop.hand_in(*one), shop.hand_in(*other, dispatcher=shop.house.dispatcher))
    cards = [each.content for each in answers if each is not None and isinstance(each.content, Card)]
    return [each.summary for each in cards]


@pytest.mark.req("INV-17")
async def test_two_who_record_one_period_at_once_leave_one_number(shop_on_both: Workshop) -> None:
    shop = shop_on_both
    await shop.says("mia", ADD_NPS)
    said = await both(shop, ("mia", OCTOBER), ("ivo", OCTOBER.replace("detractors:170", "detractors:100")))
    assert sum("has a number for Oct 2026 already" in each for each in said) == 1, said
    nps = await shop.row(Measure, code="NPS")
    assert (await shop.row(Reading, measure_id=nps.id)).superseded_by is None


async def test_two_who_set_a_target_at_once_do_not_overwrite_each_other(shop_on_both: Workshop) -> None:
    said = await both(shop_on_both, ("dana", "/measure target FTF 90"), ("ivo", "/measure target FTF 70"))
    assert sum("changed FTF a moment ago" in each for each in said) == 1, said


# --- the demo


async def test_the_demo_has_the_numbers_of_a_council(shop: Workshop) -> None:
    async with shop.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
        await measured.load(tx)
    said = await shop.says("ben", "/measure list")
    assert "Recommendation  NPS +2, Oct 2026 · red" in said
    assert "Fixed at the first visit  FIRST 80.0%, Oct 2026 · red" in said
    assert "Handling time  AHT 178 s, Oct 2026 · green" in said
    assert "No customer number is stale." in await shop.says("ben", "/measure list stale")
