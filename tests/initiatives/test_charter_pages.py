"""A charter that no message holds is read page by page, and yes is said where its last words stand."""

import json

import pytest

from adapters.slack.render import message as on_slack
from adapters.teams.render import message as on_teams
from bot.chat import lengths
from bot.chat.cards import Card
from bot.initiatives.charter_views import LONGEST
from storage.initiatives import Charter
from tests.initiatives.conftest import TERMS, State, an_initiative
from tests.initiatives.test_charter import editions
from tests.support.reading import labels_of, words_of
from tests.support.workshop import Workshop


def as_long_as_can_be(sign: str) -> dict[str, str]:
    """Every field with as many words of that sign as it takes."""
    word = sign * 9 + " "
    texts = {name: (word * longest)[: longest - 1] + sign for name, longest in LONGEST.items()}
    names = [f"{number} {sign * 30}" for number in range(10)]
    phases = "\n".join(f"{name}: {(word * 100)[:110]}{sign}" for name in names)
    return texts | {"phases": phases[: LONGEST["phases"]]}


async def in_review(shop: Workshop, sign: str) -> None:
    await an_initiative(shop, State.SCORED, ready=False)
    form = await shop.form("ann", "/initiative charter I-4")
    answer = await shop.fills("ann", form, {**TERMS, "unranked": "One", **as_long_as_can_be(sign)})
    assert isinstance(answer.content, Card), answer.content
    await shop.says("ann", "/initiative review I-4")


async def read_to_the_end(shop: Workshop, card: Card) -> list[Card]:
    pages = [card]
    while "Read on" in labels_of(pages[-1]):
        assert "Approve" not in labels_of(pages[-1])
        answer = await shop.press("carl", "Read on", pages[-1])
        assert answer is not None
        assert isinstance(answer.content, Card)
        pages.append(answer.content)
    return pages


@pytest.mark.parametrize("sign", ["a", "ж", "漢", "😀", "&"])
async def test_whole_charters_are_read_on_every_platform_before_yes_can_be_said(shop: Workshop, sign: str) -> None:
    await in_review(shop, sign)
    (first,) = [post.card for post in shop.posts("carl") if "Will you approve this charter?" in post.words]
    pages = await read_to_the_end(shop, first)
    assert "Approve" in labels_of(pages[-1])
    typed = sum(text.count(sign) for text in as_long_as_can_be(sign).values())
    for drawn in (_slack, _teams):
        assert sum(drawn(page).count(sign) for page in pages) >= typed
    assert "The charter of I-4 is approved." in await shop.presses("carl", "Approve", pages[-1])


def _slack(card: Card) -> str:
    text = json.dumps(on_slack(card).blocks, ensure_ascii=False)
    return text.replace("&amp;", "&")


def _teams(card: Card) -> str:
    return json.dumps(on_teams(card), ensure_ascii=False, default=str).replace("&amp;", "&")


async def test_a_short_charter_stands_on_one_card_with_its_button(shop: Workshop) -> None:
    await an_initiative(shop, State.SCORED, ready=False)
    form = await shop.form("ann", "/initiative charter I-4")
    await shop.fills("ann", form, {**TERMS, "unranked": "One"})
    await shop.says("ann", "/initiative review I-4")
    assert labels_of(shop.newest("carl", "Approve")) == ["Approve", "Query"]
    assert "page" not in words_of(shop.newest("carl", "Approve"))


async def test_what_changed_while_somebody_was_reading_has_to_be_read_again(shop: Workshop) -> None:
    await in_review(shop, "ж")
    older = shop.newest("carl", "Read on")
    form = await shop.form("ann", "/initiative charter I-4")
    await shop.fills("ann", form, {"risks": "Training in December"})
    assert "was changed since you read it" in await shop.presses("carl", "Read on", older)
    (charter,) = await editions(shop)
    assert charter.state is Charter.State.IN_REVIEW


def test_a_text_in_pieces_loses_nothing_and_no_piece_is_too_heavy() -> None:
    for text in ("", "short", "one two\nthree " * 400, "漢" * 1000, "😀" * 1000, '"' * 3000):
        parts = lengths.pieces(text)
        assert "".join(parts) == text
        assert max(lengths.weight(each) for each in parts) <= lengths.PIECE_MOST


def test_pages_keep_the_order_and_a_heavy_part_has_its_own() -> None:
    assert lengths.paged([("a", 3), ("b", 3), ("c", 9), ("d", 1)], 6) == [["a", "b"], ["c"], ["d"]]
    assert lengths.paged([], 6) == [[]]
