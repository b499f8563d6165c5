"""Cards are read as Teams shows them: in order, with Markdown, and without what is hidden."""

import pytest

from tests.support.teams_double.markdown import read_markdown
from tests.support.teams_double.reading import read
from tests.support.teams_double.sample_app import ANSWER, FOCUS, HEADER, SEND, SKIP, card
from tests.support.teams_double.world import Fields

TEXT: Fields = {"type": "TextBlock", "text": "Hello"}


def _words(text: str) -> str:
    return "".join(each.words for each in read_markdown(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("*a* **b** _c_ ~~d~~", "a b c d"),
        (r"\*a\* \[b\](c) 1\. d\_e", "*a* [b](c) 1. d_e"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("[Northwater](https://example.org)", "Northwater"),
        ("one\ntwo", "one two"),
        ("one\n\ntwo\rthree", "one\ntwo\nthree"),
        ("Plan:\n- valves\n- pumps", "Plan:\n• valves\n• pumps"),
        ("1. valves\n2. pumps", "1. valves\n2. pumps"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("{{DATE(2026-11-23T09:00:00Z, SHORT)}} at {{TIME(2026-11-23T09:00:00Z)}}", "2026-11-23 at 09:00:00Z"),
        ("<at>Ada &amp; Ben</at>, hello", "Ada & Ben, hello"),
    ],
)
def test_markdown_is_read_as_it_is_shown(text: str, words: str) -> None:
    assert _words(text) == words


def test_links_and_styles_are_told_apart_from_words() -> None:
    seen = read(card({"type": "TextBlock", "text": r"**Bold \* [here](https://example.org/a)** and \*plain\*"}))
    assert (seen.words, seen.links) == ("Bold * here and *plain*", ("https://example.org/a",))
    assert "*plain*" not in seen.styled
    assert "Bold " in seen.styled


def test_a_card_is_read_from_top_to_bottom() -> None:
    columns = {"type": "ColumnSet", "columns": [{"items": [TEXT]}, {"items": [{"type": "TextBlock", "text": "Ben"}]}]}
    hidden = {"type": "Container", "isVisible": False, "items": [{"type": "TextBlock", "text": "secret"}]}
    facts = {"type": "FactSet", "facts": [{"title": "Run", "value": "**7**"}]}
    rich = {"type": "RichTextBlock", "inlines": ["*as it ", {"type": "TextRun", "text": "stands*", "italic": True}]}
    picture = {"type": "Image", "url": "https://example.org/a.png", "altText": "Trend: rising"}
    newer = {"type": "Badge", "text": "New", "fallback": {"type": "TextBlock", "text": "(new)"}}
    seen = read(card(HEADER, columns, hidden, facts, rich, picture, newer, FOCUS))
    assert seen.words.splitlines() == [
        "Huddle of Northwater", "Hello", "Ben", "Run: 7", "*as it stands*", "Trend: rising", "(new)", "Your focus",
    ]  # fmt: skip
    assert seen.styled == ("Northwater", "7", "stands*")


def test_buttons_are_read_wherever_they_stand() -> None:
    more = {"type": "Action.ShowCard", "title": "More", "card": card(FOCUS, actions=(SEND,))}
    tapped = TEXT | {"selectAction": {"type": "Action.OpenUrl", "tooltip": "Open", "url": "https://example.org"}}
    inside = {"type": "Container", "items": [{"type": "ActionSet", "actions": [more]}, tapped]}
    seen = read(card(inside, actions=(SKIP, ANSWER)))
    assert seen.labels == ("More", "Open", "Skip today", "Answer", "Send")
    assert seen.words == "Hello\nYour focus"
