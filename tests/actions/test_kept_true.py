"""What is said about an action is true when it is read, and what hung on it alone goes with it."""

from datetime import UTC, datetime

import pytest

from storage.actions import Action
from storage.blockers import Blocker
from tests.support.reading import button_of
from tests.support.workshop import Workshop

STATE = Blocker.State


async def _held_up(shop: Workshop, code: str = "A-1", *, line: str = "blocked A-1 no parts") -> None:
    await shop.says("cem", '/action add "Wash the van" @Cem due:10 Dec')
    assert f"{code} is blocked" in await shop.says("cem", line)


@pytest.mark.parametrize(
    ("who", "line", "why"),
    [
        ("cem", "/action start A-1", "A-1 goes on"),
        ("cem", "/action cancel A-1 not needed", "A-1 is called off"),
    ],
)
async def test_what_an_action_alone_raised_is_solved_when_it_goes_on_or_is_over(
    shop: Workshop, who: str, line: str, why: str
) -> None:
    await _held_up(shop)
    raised = await shop.row(Blocker, text="no parts")
    card = (await shop.ask(who, line)).content
    said = card.summary  # type: ignore[union-attr]
    assert f"{raised.code} held up nothing else, so it is solved too." in said
    solved = await shop.row(Blocker, text="no parts")
    assert (solved.state, solved.resolution) == (STATE.RESOLVED, why)
    await shop.presses(who, "Undo", card)  # type: ignore[arg-type]
    assert (await shop.row(Blocker, text="no parts")).state is STATE.RAISED


async def test_who_asked_for_it_and_raised_its_blocker_hears_once_that_it_goes_on(shop: Workshop) -> None:
    await shop.says("dana", '/action add "Wash the van" @Cem due:10 Dec')
    await shop.presses("cem", "Accept")
    await shop.says("dana", "/action block A-1 no parts")
    before = len(shop.posts("dana"))
    await shop.says("cem", "/action start A-1")
    assert (await shop.row(Blocker, text="no parts")).state is STATE.RESOLVED
    assert len(shop.posts("dana")) == before + 1


async def test_what_somebody_else_has_taken_on_stays(shop: Workshop) -> None:
    await _held_up(shop)
    code = (await shop.row(Blocker, text="no parts")).code
    await shop.says("cem", '/action add "Fetch the parts" @Cem due:11 Dec')
    await shop.says("cem", f"blocked A-2 {code}")
    assert "solved too" not in await shop.says("cem", "/action start A-1")
    assert (await shop.row(Blocker, text="no parts")).state is STATE.RAISED


async def test_a_quoted_word_amid_free_words_is_one_of_them(shop: Workshop) -> None:
    await shop.says("ben", '/action add Ask the shop about the "XL boxes" @Ben due:10 Dec')
    assert (await shop.row(Action, code="A-1")).title == 'Ask the shop about the "XL boxes"'
    assert "A-1 is blocked" in await shop.says("ben", 'blocked A-1 waiting for the "Acme" parts')
    assert (await shop.row(Blocker, text='waiting for the "Acme" parts')).state is STATE.RAISED


async def test_news_of_an_older_move_names_its_own_date(shop: Workshop) -> None:
    await shop.says("amy", '/action add "Call Mr Hill back" @Ben due:10 Dec')
    await shop.presses("ben", "Accept")
    await shop.says("dana", '/action due A-1 27 Nov "he is away"')
    await shop.says("ben", "/action due A-1 30 Nov parts")
    words = [post.words for post in shop.posts("amy")]
    assert any("Dana moved A-1 to Fri 27 Nov" in each for each in words)
    assert any("Ben moved A-1 to Mon 30 Nov" in each for each in words)


async def test_a_reminder_does_not_list_what_was_settled_before_it(shop: Workshop) -> None:
    await shop.says("ben", '/action add "Seal order" @Ben due:26 Nov')
    await shop.says("ben", '/action add "Van keys" @Ben due:26 Nov')
    await shop.says("ben", "done A-1")
    await shop.until(datetime(2026, 11, 26, 15, 1, tzinfo=UTC))
    (reminder,) = [post.words for post in shop.posts("ben") if ":remind:" in post.key]
    assert "Van keys" in reminder
    assert "Seal order" not in reminder


@pytest.mark.req("S3-21")
async def test_an_old_card_whose_button_is_pressed_in_vain_is_made_anew(shop_on_both: Workshop) -> None:
    """Older news of an action are not made anew at every change; who presses on one sees how it stands."""
    shop = shop_on_both
    await shop.says("dana", '/action add "Wash the van" @Cem due:10 Dec')
    await shop.presses("cem", "Accept")
    for day in ("11 Dec", "14 Dec", "15 Dec", "16 Dec", "17 Dec", "18 Dec"):
        await shop.says("dana", f"/action due A-1 {day} parts")
    oldest = next(post for post in shop.posts("cem") if "Dana moved A-1 to Fri 11 Dec" in post.words)
    await shop.says("dana", "/action cancel A-1 not needed")
    assert button_of(oldest.card, "Done").verb == "action.done"
    assert "A-1 is cancelled, so it can't be done" in await shop.presses("cem", "Done", oldest.card)
    anew = next(post for post in shop.posts("cem") if post.key == oldest.key)
    assert "Stands: cancelled" in anew.words
    with pytest.raises(LookupError):
        button_of(anew.card, "Done")


@pytest.mark.req("S3-21")
async def test_who_handed_it_over_asks_and_not_who_wanted_it_first(shop: Workshop) -> None:
    await shop.says("dana", '/action add "Wash the van" @Ben due:10 Dec')
    await shop.presses("ben", "Accept")
    await shop.says("ben", "/action assign A-1 @Cem you have the keys")
    asked = shop.last("cem")
    assert "Ben asks you to take this on" in asked
    assert "“you have the keys”" in asked
    assert "Asked for by: Dana" in asked
    assert "Ben asks you to take this on, due Thu 10 Dec" in await shop.says("cem", "/today")
    await shop.presses("cem", "Accept")
    assert "Asked by: Dana" in await shop.says("cem", "/action show A-1")
