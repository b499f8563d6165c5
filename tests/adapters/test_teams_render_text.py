"""What people wrote stays what they wrote, also where Teams reads Markdown."""

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.teams.render import Person, message
from adapters.teams.render_spans import ats_of
from adapters.teams.render_text import APART, cleaned, closed, escaped, inert, one_line, shortened, size_of, units
from bot.chat.cards import Card, Facts, Group, Line, Paragraph, Title
from bot.chat.spans import Bold, Link, Mention
from tests.support import any_card
from tests.support.slack_drawing import HOSTILE, WEB, every_element
from tests.support.teams_drawing import found_in, read

DANA = {1: Person("Dana Reyes", "29:dana")}
MARK_UP = (
    "*bold* **bold** _it_ __it__ ~~gone~~ `code`",
    "[Click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
    "- item",
    "+ item",
    "1. item",
    "1) item",
    "# heading",
    "> quote",
    "---",
    "    code",
    "[x]: https://evil.example",
    "&lt;b&gt; &#42;bold&#42; <b>bold</b> <!-- gone -->",
    "\\*bold\\* \\",
    "snake_case 3 * 4 * 5 AT&T 5 < 6 a_ _b",
    "*(a)*b*c",
    "***a** b*",
)
ANY_TEXT = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("*_[]()<>!&#;`~\\-+.1 a\n{}:/")), max_size=60
)
READER = MarkdownIt("commonmark").enable(["strikethrough", "table"])


def seen(markdown: str) -> str:
    """What a reader of Markdown sees when it finds no mark-up; fails when it finds some."""
    for block in READER.parse(markdown):
        assert block.type in {"paragraph_open", "inline", "paragraph_close"}, block
        for leaf in block.children or ():
            assert leaf.type in {"text", "text_special", "softbreak"}, leaf
    html = READER.render(markdown).replace("<p>", "").replace("</p>", "").strip("\n")
    return unescape(html).replace(APART, "")


# --- where Markdown is read


@pytest.mark.parametrize("text", [*MARK_UP, *HOSTILE])
def test_a_title_reads_as_it_was_typed(text):
    title = one_line(text)[:150].strip()
    assert seen(escaped(title)) == title


@given(ANY_TEXT)
def test_no_text_has_mark_up_once_it_is_escaped(text):
    typed = one_line(text)
    assert seen(escaped(typed)) == typed


@given(ANY_TEXT)
def test_no_text_of_several_lines_has_mark_up_once_it_is_escaped(text):
    assert seen(escaped(cleaned(text).strip())).split() == cleaned(text).split()


@given(st.lists(st.one_of(ANY_TEXT, st.builds(Bold, ANY_TEXT)), max_size=4))
@example([Bold("\t0")])
@example([" ", Bold(" "), " ", Bold(" "), " code"])
@example(["1", Bold(". item")])
@example(["one\n", Bold(" "), " ", Bold(" "), " ", Bold(" "), " two"])
@example(["one\n-", Bold(" two")])
def test_beside_a_mention_only_our_own_bold_words_are_mark_up(spans):
    shown = message(Card("Huddle", (Paragraph((*spans, " ", Mention(1, "Dana"), *spans)),)), people=DANA)
    [block] = found_in(shown.content, "TextBlock")
    leaves = [leaf for each in READER.parse(block["text"]) for leaf in each.children or ()]
    blocks = {each.type for each in READER.parse(block["text"])}
    assert blocks == {"paragraph_open", "inline", "paragraph_close"}
    assert {leaf.type for leaf in leaves} <= {
        *("text", "text_special", "softbreak", "html_inline", "strong_open", "strong_close"),
    }
    assert {leaf.content for leaf in leaves if leaf.type == "html_inline"} == {"<at>", "</at>"}
    words = "".join(leaf.content for leaf in leaves if leaf.type in {"text", "text_special"})
    typed = "".join(each if isinstance(each, str) else each.text for each in spans)
    bare = str.maketrans("", "", f"{APART}*\u202c\u2069 \t\n\xa0")
    expected = f"{typed}DanaReyes{typed}".translate(bare)
    assert "".join(words.translate(bare).split()) == "".join(cleaned(expected).split())


@pytest.mark.parametrize("text", [*MARK_UP, *HOSTILE])
def test_words_around_a_mention_read_as_they_were_typed(text):
    if text.strip():
        shown = message(Card("Huddle", (Paragraph((Mention(1, "Dana"), f" {text}")),)), people=DANA)
        [block] = found_in(shown.content, "TextBlock")
        assert block["text"].startswith("<at>Dana Reyes</at>")
        rest = block["text"].removeprefix("<at>Dana Reyes</at>")
        assert seen(rest).split() == closed(cleaned(text)).split()


def test_no_date_comes_alive_across_spans_beside_a_mention():
    text = (Mention(1, "Dana"), " {", Bold("{DATE(2026-12-25T09:30:00Z)}}"), "$", Bold("{when}"))
    [block] = found_in(message(Card("Huddle", (Paragraph(text),)), people=DANA).content, "TextBlock")
    assert "{{" not in block["text"]
    assert "${" not in block["text"]


def test_a_link_beside_a_mention_opens_what_it_should_and_nothing_else():
    text = (Mention(1, "Dana"), " see ", Link("the [minutes]", WEB), "!", Link("n_o_tes", f"{WEB}a_b(c)"))
    [block] = found_in(message(Card("Huddle", (Paragraph(text),)), people=DANA).content, "TextBlock")
    leaves = [leaf for each in READER.parse(block["text"]) for leaf in each.children or ()]
    assert [leaf.attrs["href"] for leaf in leaves if leaf.type == "link_open"] == [f"{WEB}a%5Fb%28c%29"]
    assert not [leaf for leaf in leaves if leaf.type == "image"]


# --- everywhere


@pytest.mark.parametrize(
    "text",
    [
        "<at>Dana Reyes</at>",
        "< AT >Dana</ at >",
        "{{DATE(2026-12-25T09:30:00Z, SHORT)}}",
        "{{{TIME(2026-12-25T09:30:00Z)}}}",
        "${when}",
    ],
)
def test_nothing_typed_is_a_mention_a_date_or_a_template(text):
    mention = Paragraph((Mention(1, "Dana"), text))
    content = message(Card(text, (mention, *every_element(text))), people=DANA).content
    shown = [each["text"] for kind in ("TextRun", "TextBlock") for each in found_in(content, kind)]
    ours = re.compile(r"<at>Dana Reyes</at>|\{\{(DATE|TIME)\(2026-12-03T00:00:00Z(, SHORT)?\)\}\}")
    typed = [ours.sub("|", each) for each in [*shown, content["fallbackText"]]]
    assert sum(text in each.replace(APART, "") for each in typed) > 10
    for each in typed:
        assert text not in each
        assert "<at" not in each.casefold()
        assert "${" not in each
        assert "{{" not in each


def test_what_is_typed_in_two_neighbouring_spans_comes_alive_in_neither():
    content = message(Card("Huddle", (Paragraph(("<", "at>Dana", "</at> {", "{DATE(")),))).content
    assert read(content["body"]) == f"<{APART}at>Dana<{APART}/at> {{{APART}{{DATE("


@given(any_card.typed)
def test_what_is_taken_away_from_live_text_cannot_be_seen(text):
    assert inert(text).replace(APART, "") == text.replace(APART, "")


# --- mentions


def test_a_mention_calls_somebody_whom_teams_knows_and_names_others():
    text = (Mention(1, "Dana"), " and ", Mention(2, "Raj"))
    shown = message(Card("Huddle", (Paragraph(text),)), people=DANA)
    assert read(shown.content) == "<at>Dana Reyes</at> and Raj"
    assert shown.entities == [
        {"type": "mention", "text": "<at>Dana Reyes</at>", "mentioned": {"id": "29:dana", "name": "Dana Reyes"}}
    ]
    assert shown.content["msteams"] == {"width": "Full", "entities": shown.entities}


def test_two_people_of_one_name_are_told_apart_and_stand_in_reading_order():
    people = {
        1: Person("Dana", "29:one"),
        2: Person("dana", "29:two"),
        3: Person("Raj", "29:raj"),
        4: Person("Zoe", ""),
    }
    group = Group("Away", (Line((Mention(3, "Raj"),), (Mention(2, "Dana"),)),))
    facts = Facts((("Owner", (Mention(1, "Dana"),)), ("With", (Mention(3, "Raj"), Mention(4, "Zoe")))))
    shown = message(Card("Huddle", (group, facts)), people=people)
    assert [each["mentioned"]["id"] for each in shown.entities] == ["29:raj", "29:two", "29:one"]
    assert [each["text"] for each in shown.entities] == ["<at>Raj</at>", "<at>dana 2</at>", "<at>Dana</at>"]


@given(st.dictionaries(st.integers(1, 99), st.builds(Person, ANY_TEXT, st.just("29:x")), max_size=6))
def test_every_person_has_a_mention_of_their_own_without_mark_up(people):
    ats = ats_of(people)
    assert len({at.casefold() for at in ats.values()}) == len(ats) == len(people)
    for at in ats.values():
        name = at.removeprefix("<at>").removesuffix("</at>")
        assert at == f"<at>{name}</at>"
        assert not set(name) & set("<>&*_[]()`~\\\n")


def test_who_is_not_shown_any_more_is_not_called():
    lines = tuple(Line((f"Thing {number}", *([Mention(1, "Dana")] if number == 11 else []))) for number in range(12))
    shown = message(Card("Huddle", (Group("Things", lines),)), people=DANA)
    assert shown.entities == []
    assert shown.content["msteams"] == {"width": "Full"}


# --- signs


def test_a_change_of_direction_ends_with_the_words_that_it_is_in():
    override, isolate = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{FIRST STRONG ISOLATE}"
    pdf, pdi = "\N{POP DIRECTIONAL FORMATTING}", "\N{POP DIRECTIONAL ISOLATE}"
    assert closed(f"{override}gpj{isolate}x") == f"{override}gpj{isolate}x{pdi}{pdf}"
    assert closed(f"{isolate}{override}x{pdi}") == f"{isolate}{override}x{pdi}"
    assert closed(f"{override}one\ntwo") == f"{override}one\ntwo"
    assert closed(f"{override}x{pdf}{pdf}{pdi}") == f"{override}x{pdf}{pdf}{pdi}"
    assert read(message(Card("x", (Paragraph((f"{override}gpj", Bold(".exe"))),))).content) == f"{override}gpj{pdf}.exe"


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9)), st.integers(10, 60))
def test_shortened_text_has_whole_words_only(words, longest):
    text = " ".join(words)
    found = shortened(text, longest)
    assert len(found) <= longest
    if found != text:
        kept = found.removesuffix("…").split(" ")
        assert kept == words[: len(kept)]


@given(st.text(max_size=300), st.integers(2, 40))
def test_no_text_is_longer_than_it_may_be(text, longest):
    assert len(shortened(text, longest)) <= longest


@pytest.mark.parametrize("sign", ["e\u0301", "\U0001f44d\U0001f3fd", "\U0001f469\u200d\U0001f4bb", "\u2764\ufe0f"])
def test_a_word_too_long_is_ended_between_signs(sign):
    kept = shortened(sign * 50, 10).removesuffix("…")
    assert kept == sign * (len(kept) // len(sign))


def test_lengths_are_counted_as_teams_counts_them():
    assert units("a\U0001f44d\u6f22") == 4
    assert size_of({"text": "\u6f22\n"}) == len('{"text":"x\\n"}')


def test_a_title_of_mark_up_is_shown_with_no_more_backslashes_than_asterisks_and_backticks():
    [title] = found_in(message(Card("x", (Title("Plan_B [draft](v2) *new* `x` 3 * 4"),))).content, "TextBlock")
    assert title["text"].replace(APART, "") == "Plan_B [draft](v2) \\*new\\* \\`x\\` 3 * 4"
