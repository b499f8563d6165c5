"""What comes twice is handled once, and what is not honest not at all."""

from collections.abc import Awaitable, Callable

import pytest

from tests.conformance.reading import events, notes
from tests.conformance.screens import Platform, Screen, SeenPost, card

Act = Callable[[Screen], Awaitable[None]]


async def _says(ada: Screen) -> None:
    await ada.says("Valve checks")


async def _mentions(ada: Screen) -> None:
    await ada.mentions("note Valve checks", "field")


async def _commands(ada: Screen) -> None:
    await ada.commands("note Valve checks", "field")


async def _presses(ada: Screen) -> None:
    await ada.commands("note Valve checks", "field")
    await ada.presses(await card(ada, "field"), "More")


async def _asks_who(ada: Screen) -> None:
    await ada.commands("note Valve checks", "field")
    await ada.presses(await card(ada, "field"), "Who")


async def _submits(ada: Screen) -> None:
    await ada.commands("ask", "field")
    await ada.submits(words="Valve checks")


@pytest.mark.parametrize("act", [_says, _mentions, _commands, _presses, _asks_who, _submits])
async def test_a_repeated_delivery_is_handled_once(platform: Platform, ada: Screen, act: Act) -> None:
    await act(ada)
    before = await _everything(platform, ada)
    await platform.again()
    await platform.again()
    assert await _everything(platform, ada) == before


async def _everything(platform: Platform, ada: Screen) -> tuple[object, ...]:
    seen = [_facts(each) for room in ("", "field") for each in await ada.posts(room)]
    return await notes(platform), await events(platform), seen


def _facts(post: SeenPost) -> tuple[object, ...]:
    return post.words, post.labels, post.is_from_bot, post.is_private


async def test_the_same_words_twice_are_two_notes(platform: Platform, ada: Screen) -> None:
    await ada.says("Valve checks")
    await ada.says("Valve checks")
    assert await notes(platform) == ["Valve checks"] * 2


async def test_a_dishonest_or_broken_request_is_refused_without_an_event(platform: Platform, ada: Screen) -> None:
    await ada.says("Valve checks")
    before = await events(platform)
    statuses = {what: await send() for what, send in platform.bad_requests()}
    assert {what: status for what, status in statuses.items() if status not in {400, 401, 403}} == {}
    assert await events(platform) == before
    assert await notes(platform) == ["Valve checks"]
