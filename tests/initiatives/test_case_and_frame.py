"""What an initiative saves, typed in a few numbers; and that what is approved stays within the frame."""

from datetime import date

import pytest

from bot.chat.cards import Card
from bot.initiatives.rules import over
from storage.audit import AuditEvent
from storage.initiatives import BusinessCase, Charter, Initiative, StrategyFrame
from tests.initiatives.conftest import TERMS, State, an_initiative
from tests.initiatives.test_charter import editions
from tests.support.reading import words_of
from tests.support.workshop import Workshop

CASE = "/initiative case I-4 faults:1,000 call:£3 visit:150 repeats:20% then:8% extra:3 once:30k months:6"


@pytest.mark.req("S2-06")
async def test_a_case_is_typed_in_numbers_and_stands_on_its_cards(shop: Workshop) -> None:
    await an_initiative(shop, State.CHARTERED)
    said = await shop.says("ann", CASE)
    for words in (
        "A month costs now: £183,000",
        "And then: £168,000",
        "Saves: £15,000 a month",
        "Return over 6 months: 200%",
        "Back after: 2.0 months",
        "from 2.0 percentage points fewer repeated visits on",
        "One avoided visit pays for 50 calls",
    ):
        assert words in said
    line = "saves £15,000 a month, return 200% over 6 months, back after 2.0 months"
    assert line in await shop.says("ann", "/initiative show I-4")
    assert line in await shop.presses("ann", "Charter", (await _card(shop, "/initiative show I-4")))
    assert "£190,500" in await shop.says("ann", "/initiative case I-4 again:yes")
    assert "Saves: £21,456.52 a month" in await shop.says("ann", "/initiative case I-4")
    assert (await shop.row(BusinessCase)).faults == 1000


@pytest.mark.req("S2-06")
async def test_a_case_is_understood_in_the_words_of_the_acceptance_scenario(shop: Workshop) -> None:
    await an_initiative(shop, State.CHARTERED)
    line = "faults:1000 call:3 visit:150 repeat:20% extra:3 repeat_after:8% one_off:30000 months:6"
    said = await shop.says("ann", f"/initiative case I-4 {line}")
    for words in ("£183,000", "£168,000", "£15,000 a month", "200%", "2.0 months", "pays for 50 calls"):
        assert words in said
    assert "after repeat_after: as a share" in await shop.says("ann", "/initiative case I-4 repeat_after:often")


async def _card(shop: Workshop, line: str) -> Card:
    answer = await shop.ask("ann", line)
    assert isinstance(answer.content, Card)
    return answer.content


async def test_what_is_missing_is_said_and_a_number_alone_changes_that_number(shop: Workshop) -> None:
    await an_initiative(shop)
    assert "Still needed: faults:, call:, visit:, repeats: and then:." in await shop.says("ann", "/initiative case I-4")
    assert "Still needed: call:, visit:, repeats: and then:." in await shop.says("ann", "/initiative case I-4 faults:9")
    answer = await shop.ask("ann", CASE)
    assert isinstance(answer.content, Card)
    await shop.presses("ann", "Undo", answer.content)
    assert (await shop.row(BusinessCase)).call_cost is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("faults:0", "as a whole number from 1"),
        ("faults:many", "as a whole number"),
        ("repeats:101%", "as a share from 0% to 100%"),
        ("call:€3", "as an amount in GBP"),
        ("again:perhaps", "please write yes or no"),
        ("faults:10 call:3 visit:150 repeats:100% then:8% again:yes", "there would be no end"),
    ],
)
async def test_what_is_no_such_number_is_refused_and_nothing_is_kept(shop: Workshop, typed: str, words: str) -> None:
    await an_initiative(shop)
    said = await shop.says("ann", f"/initiative case I-4 {typed}")
    assert words in said
    assert "Nothing was changed." in said
    assert "Still needed: faults:" in await shop.says("ann", "/initiative case I-4")


async def test_only_its_owner_or_a_lead_writes_its_case(shop: Workshop) -> None:
    await an_initiative(shop)
    assert "Only its owner or the lead can do that with I-4" in await shop.says("bea", CASE)


def a_frame(budget: int, days: int) -> StrategyFrame:
    on = date(2026, 11, 1)
    return StrategyFrame(
        valid_from=on, valid_to=on, short_end=on, mid_end=on, budget=budget, person_days_per_month=days
    )


@pytest.mark.req("INV-15")
@pytest.mark.parametrize(
    ("limits", "approved", "expected"),
    [
        ((100, 10), (100, 10), (0, 0)),
        ((100, 10), (101, 10), (1, 0)),
        ((100, 10), (100, 12), (0, 2)),
        ((0, 0), (10**9, 10**6), (0, 0)),
        ((100, 0), (150, 999), (50, 0)),
    ],
)
def test_by_how_much_it_is_over(limits: tuple[int, int], approved: tuple[int, int], expected: tuple[int, int]) -> None:
    assert over(a_frame(*limits), *approved) == expected


async def sent(shop: Workshop, code: str, **terms: str) -> None:
    """Ann sends the charter of another one to Carl."""
    await an_initiative(shop, State.SCORED, code=code, ready=False)
    form = await shop.form("ann", f"/initiative charter {code}")
    await shop.fills("ann", form, {**TERMS, "unranked": "One", **terms})
    await shop.says("ann", f"/initiative review {code}")


FRAME = "/initiative frame starts:2026-11-01 ends:2027-10-31 budget:20000 days:20"


@pytest.mark.req("INV-15")
async def test_what_is_approved_stays_within_the_frame_and_a_refusal_says_by_how_much(shop: Workshop) -> None:
    await shop.says("cora", FRAME)
    await sent(shop, "I-1", budget="15,000", days="12")
    assert "is approved" in await shop.says("carl", "/initiative approve I-1")
    await sent(shop, "I-2", budget="6,000", days="10")
    said = await shop.says("carl", "/initiative approve I-2")
    assert "With I-2 what is approved would be over by £1,000 and 2 days a month" in said
    assert "£20,000, 20 days a month" in said
    assert [each.state for each in await editions(shop)] == [Charter.State.APPROVED, Charter.State.IN_REVIEW]
    await shop.says("dana", "/initiative drop I-1 no need")
    assert "is approved" in await shop.says("carl", "/initiative approve I-2")


@pytest.mark.req("INV-15")
async def test_a_frame_that_is_exceeded_when_it_is_set_is_kept_and_says_by_how_much(shop: Workshop) -> None:
    await sent(shop, "I-1", budget="15,000", days="12")
    await shop.says("carl", "/initiative approve I-1")
    await an_initiative(shop, State.IN_FLIGHT, code="I-2")
    line = "/initiative frame starts:2026-11-01 ends:2027-10-31 budget:10000 days:10 flight:0"
    beyond = "over by £5,000, 2 days a month and 1 initiative in flight"
    assert beyond in await shop.says("cora", line)
    assert beyond in await shop.says("cora", "/initiative frame")
    assert (await shop.row(StrategyFrame)).budget == 1_000_000


@pytest.mark.req("INV-15")
async def test_an_undo_takes_back_no_money_that_is_given_to_another(shop: Workshop) -> None:
    await shop.says("cora", FRAME)
    await sent(shop, "I-1", budget="15,000")
    await shop.says("carl", "/initiative approve I-1")
    dropped = await shop.ask("dana", "/initiative drop I-1 no need")
    await sent(shop, "I-2", budget="6,000")
    await shop.says("carl", "/initiative approve I-2")
    assert isinstance(dropped.content, Card)
    said = await shop.presses("dana", "Undo", dropped.content)
    assert "would be over by £1,000" in said
    assert (await shop.row(Initiative, code="I-1")).state is State.DROPPED


async def test_days_are_asked_for_in_the_charter_and_shown(shop: Workshop) -> None:
    await an_initiative(shop, State.SCORED, ready=False)
    form = await shop.form("ann", "/initiative charter I-4")
    back = await shop.comes_back("ann", form, {**TERMS, "unranked": "One", "days": "a few"})
    assert back.errors == {"days": "Please write a whole number of days, such as 12."}
    answer = await shop.fills("ann", form, {**TERMS, "unranked": "One", "days": "12"})
    assert isinstance(answer.content, Card)
    assert "Person days a month" in words_of(answer.content)
    assert (await shop.row(Charter)).days_per_month == 12


async def test_a_case_without_what_it_costs_once_says_so_and_no_return(shop: Workshop) -> None:
    await an_initiative(shop, State.CHARTERED)
    said = await shop.says("ann", "/initiative case I-4 faults:1000 call:3 visit:150 repeats:20% then:8%")
    assert "Costs once: not said yet" in said
    assert "Back after" not in said


async def test_a_field_set_to_what_it_is_tells_nobody(shop: Workshop) -> None:
    await an_initiative(shop, State.CHARTERED)
    await shop.says("ann", "/initiative set I-4 stage:Call")
    told = len(shop.house.chat.posts)
    assert "I-4: stage Call." in await shop.says("ann", "/initiative set I-4 stage:Call")
    assert (await shop.row(AuditEvent, field="stage")).after == "Call"
    assert len(shop.house.chat.posts) == told
