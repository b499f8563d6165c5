"""What people type arrives as they meant it, and stays words wherever it is shown."""

import pytest

from tests.conformance.guestbook import TIMES_SHOWN
from tests.conformance.reading import events, notes
from tests.conformance.screens import Platform, Screen, card

LITERAL = (
    "*bold* _it_ ~gone~ `code` **strong**",
    "<b>bold</b><script>hurt()</script><img src=x>",
    "a < b && c > d &lt;b&gt; &amp;",
    "see https://evil.example/path?a=1&b=2 and [this](https://evil.example)",
    "javascript:hurt() and mailto:ada@example.org",
    "<!channel> <!here> <@U0BEN> <#C0FIELD> <https://evil.example|click>",
    ":smile: :fire: {{ 7*7 }} ${7*7} %s",
    "> a quote",
    "* a list",
    "\u202eevil\u202c نص عربي",
    "👩‍👩‍👧‍👦 emoji",
)


@pytest.mark.parametrize("text", LITERAL)
async def test_typed_text_is_never_markup_mention_or_link(platform: Platform, ada: Screen, text: str) -> None:
    await ada.says(text)
    assert await notes(platform) == [text]
    shown = await card(ada)
    assert shown.words.count(text) == TIMES_SHOWN
    assert shown.marked == ()


@pytest.mark.parametrize("text", ["ask @Ben about it", "@here and @channel", "@everyone look"])
async def test_a_name_that_was_typed_tells_nobody_when_the_bot_repeats_it(ada: Screen, text: str) -> None:
    await ada.says(text)
    assert (await card(ada)).marked == ()


async def test_the_bots_name_is_stripped(platform: Platform, ada: Screen) -> None:
    await ada.mentions("note Valve checks", "field")
    await ada.mentions("note the name stays, Folkmoot", "field")
    assert await notes(platform) == ["Valve checks", "the name stays, Folkmoot"]


async def test_a_line_of_several_lines_arrives_whole(platform: Platform, ada: Screen) -> None:
    await ada.says("Valve checks\nMeter jobs\n\nStock count")
    assert await notes(platform) == ["Valve checks\nMeter jobs\n\nStock count"]


async def test_talk_among_people_is_none_of_the_bots_business(platform: Platform, ada: Screen, ben: Screen) -> None:
    await ada.says("note to all: the van is late", "field")
    assert await notes(platform) == []
    assert await events(platform) == 0
    assert [each.is_from_bot for each in await ben.posts("field")] == [False]


async def test_the_bot_ignores_its_own_messages(platform: Platform, ada: Screen) -> None:
    await ada.says("Valve checks")
    await ada.presses(await card(ada), "Shout")
    before = (await notes(platform), await events(platform), len(await ada.posts()))
    await platform.echoes("ada")
    assert (await notes(platform), await events(platform), len(await ada.posts())) == before
