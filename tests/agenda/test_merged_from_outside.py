"""Items that become part of others: what somebody from outside hears of it, and that nothing is lost by it."""

import pytest

from bot.chat.cards import Card
from bot.ports import Press
from storage.agenda import AgendaItem
from tests.agenda.house import OUT_AT, House, reachable
from tests.support.reading import words_of

SECRET = "Zanzibar"
PRESSED = ("accept", "decline", "admit", "refuse", "pull", "back")
TYPED = (
    "withdraw 7.2", "dispute 7.2 one:a other:b", "accept 7.2", "merge 7.2 into:7.1", "move 7.2 item:5",
    "withdraw 7.1", "decline 7.1 because",
)  # fmt: skip


async def merged(house: House) -> AgendaItem:
    """Sam, who is no employee, proposed the seals; the secretary made them part of the contract."""
    await reachable(house, "Sam")
    await house.says("raj", f'/agenda add "{SECRET} contract" item:7 internal')
    await house.says("sam", '/agenda add "Seals on meters" item:7')
    said = await house.says("sev", "/agenda merge 7.2 into:7.1")
    assert said == f"'Seals on meters' is part of 7.1 '{SECRET} contract' now."
    return await house.item("Seals on meters")


def all_that_reaches(house: House, who: str) -> str:
    return "\n".join(f"{post.words}\n{post.card.summary}" for post in house.posts(who))


@pytest.mark.req("S2-10")
async def test_who_proposed_it_hears_that_it_was_taken_up(house_on_both: House) -> None:
    house = house_on_both
    await merged(house)
    said = house.last("sam")
    assert said == "Sev merged your item 'Seals on meters' into 7.1, which is internal: it is talked about there."


@pytest.mark.req("S2-10")
async def test_no_internal_word_reaches_them_by_any_way(house: House) -> None:
    item = await merged(house)
    heard = [await house.pressed("sam", f"agenda.{verb}", item=item.id) for verb in PRESSED]
    heard += [await house.says("sam", f"/agenda {line}") for line in TYPED]
    await house.now_is(OUT_AT)
    heard += [await house.says("sam", "/agenda"), await house.opened("sam", 7), all_that_reaches(house, "sam")]
    assert "'Seals on meters' was merged into 7.1, which is internal. Nothing was changed." in heard
    assert not any(SECRET in each for each in heard)
    assert SECRET not in house.paper, "Sam may be in that room"


async def test_whoever_may_read_it_is_told_into_what(house: House) -> None:
    await house.says("raj", '/agenda add "Second visits" item:5')
    await house.says("ann", '/agenda add "Visits that come twice" item:5')
    await house.says("sev", "/agenda merge 5.2 into:5.1")
    said = "Sev merged your item 'Visits that come twice' into 5.1 'Second visits': it is talked about there."
    assert house.last("ann") == said
    item = await house.item("Visits that come twice")
    answer = await house.ask("ann", Press("agenda.accept", {"item": str(item.id)}))
    assert isinstance(answer.content, Card)
    assert "merged into 5.1 'Second visits'" in words_of(answer.content)


@pytest.mark.req("S2-10")
async def test_what_is_internal_never_becomes_part_of_what_is_somebodys_outside(house: House) -> None:
    await reachable(house, "Sam")
    await house.says("sam", '/agenda add "Seals on meters" item:7')
    await house.says("raj", f'/agenda add "{SECRET} contract" item:7 internal')
    said = await house.says("sev", "/agenda merge 7.2 into:7.1")
    assert said == (
        "7.1 is Sam's, who is not of the organisation, and 7.2 is internal. "
        "The other way round it works: `/agenda merge 7.1 into:7.2`. Nothing was changed."
    )
    assert not (await house.item("Seals on meters")).internal
    assert "is part of 7.2" in await house.says("sev", "/agenda merge 7.1 into:7.2")


@pytest.mark.parametrize("line", ["withdraw 7.1", "decline 7.1 the board decides that"])
async def test_what_was_merged_is_not_lost_with_what_it_was_merged_into(house_on_both: House, line: str) -> None:
    house = house_on_both
    await house.says("ann", '/agenda add "Visits that come twice" item:7')
    await house.says("raj", '/agenda add "Second visits" item:7 for:decision')
    await house.says("sev", "/agenda merge 7.2 into:7.1")
    said = (await house.ask("sev", f"/agenda {line}")).content
    assert isinstance(said, Card)
    assert words_of(said).endswith("7.2 'Second visits', merged into it before, stands by itself again.")
    item = await house.item("Second visits")
    assert (item.state, item.merged_into_id) == (AgendaItem.State.SUBMITTED, None)
    assert house.last("raj") == (
        "Your item 'Second visits' is on the agenda by itself again, because what it was merged into is not."
    )
    await house.presses("sev", "Undo", said)
    assert (await house.item("Second visits")).state is AgendaItem.State.MERGED
    assert (await house.item("Visits that come twice")).state is AgendaItem.State.SUBMITTED
    await house.says("sev", f"/agenda {line}")
    await house.now_is(OUT_AT)
    assert "Second visits" in house.paper


async def test_what_was_merged_comes_back_on_the_agenda_to_which_the_other_went(house: House) -> None:
    await house.says("ann", '/agenda add "Visits that come twice" item:7')
    await house.says("raj", '/agenda add "Second visits" item:7')
    await house.says("sev", "/agenda merge 7.2 into:7.1")
    await house.says("sev", "/agenda defer 7.1 the figures come in January")
    january = await house.next_meeting()
    (carried,) = await house.items(january.id)
    form = await house.form("sev", Press("agenda.decline", {"item": str(carried.id)}))
    await house.fills("sev", form, {"reason": "the board decides that"})
    item = (await house.items(january.id))[-1]
    assert (item.title, item.state, item.seq) == ("Second visits", AgendaItem.State.SUBMITTED, 2)


async def test_of_two_that_are_merged_the_stronger_purpose_holds(house: House) -> None:
    await house.says("ann", '/agenda add "Visits that come twice" item:7')
    await house.says("raj", '/agenda add "Second visits" item:7 for:decision')
    await house.says("bea", '/agenda add "Third visits" item:7 for:information')
    await house.says("sev", "/agenda merge 7.2 into:7.1")
    await house.says("sev", "/agenda merge 7.3 into:7.1")
    assert (await house.item("Visits that come twice")).purpose is AgendaItem.Purpose.DECISION
