"""What the local chat makes of cards and forms, seen as a browser sees it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from adapters.local.parse import fields_of, submitted
from adapters.local.render import Renderer, Sending, Shown, headline
from adapters.pictures.drawing import tag_of
from bot.chat.cards import (
    LINES_SHOWN,
    Button,
    Buttons,
    Card,
    Divider,
    Element,
    Facts,
    Group,
    Line,
    LinkButton,
    Note,
    Number,
    Numbers,
    Paragraph,
    Picture,
    Row,
    Title,
    Words,
    says,
)
from bot.chat.forms import DateInput, Form, OneOf, Option, PersonInput, SomeOf, TextInput, TimeInput
from bot.chat.spans import Bold, Colour, Hue, Link, Mention, When
from storage.local import LocalUser
from tests.support.rates import RATES

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
HALF_PAST_NINE = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
VOID = {"input", "img", "hr", "use"}
PEOPLE = (
    LocalUser(id="dana", name="Dana", zone="Europe/London", title="lead", team="Field Dispatch"),
    LocalUser(id="ben", name="Ben", zone="Europe/London", team="Field Dispatch"),
)

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "*bold* _it_ <!channel> @Dana [x](javascript:alert(1))",
    "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
    "</bdi></p></article></li></ol><h1>Mine now",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &amp;amp;",
    "line one\nline two",
    "x" * 5000,
)


@dataclass(slots=True)
class Tag:
    name: str
    attributes: dict[str, str]
    words: str = ""


@dataclass(slots=True)
class Seen(HTMLParser):
    """HTML read as a browser reads it: elements, their attributes and their words."""

    tags: list[Tag] = field(default_factory=list)
    words: str = ""
    opened: list[Tag] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Tag(tag, {name: value or "" for name, value in attrs})
        self.tags.append(made)
        if tag not in VOID:
            self.opened.append(made)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.opened.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.words += data
        for each in self.opened:
            each.words += data

    def all(self, name: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name == name]

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag.name, tuple(tag.attributes)) for tag in self.tags]


@cache
def renderer() -> Renderer:
    return Renderer()


def seen(html: Markup) -> Seen:
    reader = Seen()
    reader.feed(str(html))
    reader.close()
    assert not reader.opened
    return reader


def seen_card(*elements: Element, zone: ZoneInfo = LONDON) -> Seen:
    return seen(renderer().card(Card("Huddle", elements), Shown(7, zone)))


def seen_form(form: Form) -> Seen:
    sending = Sending("ben", "dm-ben", "event-1", {"main": "dm-ben", "beside": "", "show": "100"})
    return seen(renderer().form(form, sending, PEOPLE))


def card_saying(text: str) -> Card:
    """A card that holds `text` wherever somebody's words may stand."""
    short = text[:30]
    return Card(
        "Huddle",
        (
            Title(text[:150]),
            Note(text[:2000]),
            Paragraph((text, Bold(text), Mention(1, text), Link(text, "https://example.org/"), Colour(Hue.RED, text))),
            Group(text, tuple(Line((Bold(text), " ", text), (text,)) for _ in range(12)), numbered=True),
            Group(text, (Line((text,)),)),
            Words(text, text),
            Facts(((text, (text,)),)),
            Numbers((Number(text, text, text),)),
            Row(text, text, Button(short, "done", {"words": text}, spoken=text)),
            Picture(RATES, text[:2000]),
            Buttons((Button(short, "answer", {text: text}), LinkButton(short, "https://example.org/"))),
        ),
    )


def form_saying(text: str) -> Form:
    """A refused form that holds `text` wherever words of people or of the bot may stand."""
    short = text[:24]
    label = text[:75]
    options = (Option(text[:75], label), Option("other", label))
    inputs = (
        TextInput("one", label, value=text, hint=text, placeholder=text),
        TextInput("many", label, value=text, hint=text, placeholder=text, multiline=True),
        OneOf("of", label, options, value=label, hint=text, placeholder=text),
        SomeOf("some", label, options, value=label, hint=text),
        DateInput("on", label, value=text, hint=text),
        TimeInput("at", label, value=text, hint=text),
        PersonInput("who", label, value=text, hint=text),
    )
    errors = {each.id: text for each in inputs}
    return Form(short, text, inputs, ids={text: text}, note=text, closing_note=text, submit=short, errors=errors)


# The separator of a state line and words that begin with "open" are meant to change the look.
typed_words = st.text(min_size=1).filter(
    lambda text: text.strip() and " · " not in text and not text.casefold().startswith("open")
)


@given(typed_words)
def test_typed_text_makes_no_element_and_no_attribute_on_a_card(text):
    typed = seen(renderer().card(card_saying(text), Shown(7, LONDON)))
    plain = seen(renderer().card(card_saying("plain words"), Shown(7, LONDON)))
    assert typed.shape() == plain.shape()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_element_and_is_shown_as_it_was_typed(text):
    found = seen(renderer().card(card_saying(text), Shown(7, LONDON)))
    assert found.shape() == seen(renderer().card(card_saying("plain words"), Shown(7, LONDON))).shape()
    # It stands in 58 places; title, note and three buttons are too short for the longest.
    assert found.words.count(text) >= 53


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_element_in_a_form_and_stays_in_its_fields(text):
    found = seen_form(form_saying(text))
    assert found.shape() == seen_form(form_saying("plain words")).shape()
    assert {tag.name for tag in found.tags} <= {
        *("form", "input", "header", "footer", "div", "h2", "p", "bdi", "button", "svg", "use", "a", "span"),
        *("label", "textarea", "select", "optgroup", "option", "fieldset", "legend"),
    }
    assert next(tag for tag in found.all("input") if tag.attributes["name"] == "v.one").attributes["value"] == text
    assert found.all("textarea")[0].words == f"\n{text}"


@pytest.mark.parametrize("text", HOSTILE)
def test_what_somebody_said_is_shown_as_it_was_typed(text):
    found = seen(renderer().words(text))
    assert (found.words, [tag.name for tag in found.tags]) == (text, ["p", "bdi"])


def test_typed_text_is_kept_apart_from_the_direction_of_its_neighbours():
    found = seen_card(Paragraph(("Amy: ", HOSTILE[3])))
    assert [tag.words for tag in found.all("bdi")] == ["Amy: ", HOSTILE[3]]


def test_nothing_needs_inline_script_or_style():
    found = seen_card(*card_saying("plain words").elements).tags + seen_form(form_saying("plain words")).tags
    assert not [tag for tag in found if tag.name in {"script", "style"}]
    assert not [name for tag in found for name in tag.attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize(
    ("element", "name", "words"),
    [
        (Title("Huddle summary"), "h3", "Huddle summary"),
        (Note("Open until 09:30"), "p", "Open until 09:30"),
        (Paragraph(("Thank you, ", Bold("Ben"))), "p", "Thank you, Ben"),
        (Group("In the way", (Line(("Van 12 has no seals",), ("B-5",)),)), "li", " Van 12 has no sealsB-5"),
        (Words("Nobody had told him.", "Repair visit"), "blockquote", "Nobody had told him."),
        (Facts((("Owner", ("Amy",)),)), "dd", "Amy"),
        (Numbers((Number("78%", "First-time fix", "up 2"),)), "p", "78% First-time fix up 2"),
        (Row("Book desks", "Due today", Button("Done", "done")), "button", "Done"),
        (Buttons((Button("Answer", "answer"),)), "button", "Answer"),
        (Buttons((LinkButton("Minutes", "https://example.org/"),)), "a", "Minutes"),
        (Paragraph((Mention(1, "Dana"),)), "p", "@Dana"),
        (Paragraph((Link("Minutes", "https://example.org/"),)), "a", "Minutes"),
        (Paragraph((Colour(Hue.AMBER, "amber"),)), "p", "amber"),
    ],
)
def test_each_element_has_its_own_look(element, name, words):
    assert words in [tag.words for tag in seen_card(element).all(name)]


def test_a_divider_is_a_rule_and_a_picture_says_what_is_on_it():
    found = seen_card(Divider(), Picture(RATES, "Rates of six weeks"))
    assert len(found.all("hr")) == 1
    image = found.all("img")[0].attributes
    assert image["alt"] == "Rates of six weeks"
    assert image["src"] == f"/local/pictures/7/{tag_of(RATES)}.svg"


def test_a_card_without_elements_says_its_sentence():
    assert seen(renderer().card(Card("B-6 is solved."), Shown(7, LONDON))).words == "B-6 is solved."


def test_a_card_of_plain_sentences_has_no_frame():
    cards = (says("Noted."), Card("Closed", (Note("The window has closed."),)), Card("Huddle", (Title("Huddle"),)))
    frames = [seen(renderer().card(card, Shown(7, LONDON))).tags[0].attributes["class"] for card in cards]
    assert frames == ["card bare", "card bare", "card"]


@given(st.integers(0, 60), st.booleans())
def test_a_group_shows_ten_lines_and_the_rest_behind_more(number, is_numbered):
    lines = tuple(Line((f"Thing {each}",)) for each in range(number))
    found = seen_card(Group("Things", lines, numbered=is_numbered))
    hidden = [tag.words.strip() for tag in found.all("details")]
    assert len(found.all("li")) == number
    assert bool(hidden) == (number > LINES_SHOWN)
    if hidden:
        assert hidden[0].startswith(f"+{number - LINES_SHOWN} more")
        assert hidden[0].count("Thing") == number - LINES_SHOWN


def test_names_stand_in_a_column_of_their_own_without_the_blanks_between():
    lines = (Line((Bold("Amy"), " Valve checks")), Line((Bold("Ben"), "  ", "Finish the rota")))
    found = seen_card(Group("Today's focus", lines))
    assert [tag.words for tag in found.all("span")] == ["Valve checks", "Finish the rota"]
    assert "named" in found.all("ul")[0].attributes["class"]


def test_a_numbered_group_goes_on_counting_behind_more():
    lines = tuple(Line((f"Thing {each}",)) for each in range(12))
    assert seen_card(Group("Things", lines, numbered=True)).all("ol")[1].attributes["start"] == "11"


def test_an_instant_stands_in_the_readers_zone():
    shown = [
        seen_card(Paragraph((When(HALF_PAST_NINE),)), zone=zone).all("time")[0].words for zone in (LONDON, NEW_YORK)
    ]
    assert shown == ["Tue 24 Nov 2026, 09:30", "Tue 24 Nov 2026, 04:30"]


def test_buttons_keep_their_order_and_only_the_primary_one_stands_out():
    buttons = (Button("Answer", "answer", primary=True), Button("Same plan", "same"), Button("Away", "away"))
    found = seen_card(Buttons(buttons)).all("button")
    shown = [(tag.words, "first" in tag.attributes["class"]) for tag in found]
    assert shown == [("Answer", True), ("Same plan", False), ("Away", False)]


def test_a_button_carries_its_post_its_verb_and_its_ids():
    found = seen_card(Buttons((Button("Answer", "huddle.answer", {"run": "412"}),))).all("button")[0]
    assert json.loads(found.attributes["value"]) == {"post": 7, "verb": "huddle.answer", "ids": {"run": "412"}}


def test_a_button_says_aloud_what_its_words_leave_out_and_that_a_form_opens():
    button = Button("Done", "done", spoken="Done, A-90", opens_form=True)
    found = seen_card(Buttons((button,))).all("button")[0].attributes
    assert (found["aria-label"], found["aria-haspopup"]) == ("Done, A-90", "dialog")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//elsewhere.example/", "data:text/html,x", "/\\elsewhere", ""])
def test_an_address_that_is_no_web_page_is_shown_as_words(url):
    found = seen_card(Buttons((LinkButton("Minutes", url),)))
    assert not found.all("a")
    assert "Minutes" in found.words


def test_a_card_is_listed_by_its_title_or_by_the_start_of_its_sentence():
    assert headline(Card("Four of five answered.", (Note("Tue"), Title("Huddle, Tue 24 Nov")))) == "Huddle, Tue 24 Nov"
    assert headline(Card("word " * 40)) == f"{'word ' * 11}word…"


def a_form(**more: str) -> Form:
    departments = (Option("call", "Call centre"), Option("field", "Field"))
    form = Form(
        "Huddle, Tue 24 Nov",
        "huddle.answer",
        (
            TextInput("finished", "What did you finish?", multiline=True, hint="From yesterday's plan."),
            TextInput("today", "What is the one thing today?"),
            OneOf("who", "Who could help?", departments, optional=True),
            SomeOf("asked", "Whom did you ask?", departments, optional=True),
            DateInput("on", "Until when?", optional=True),
            TimeInput("at", "At what time?", optional=True),
            PersonInput("person", "Whom should I tell?", optional=True),
        ),
        ids={"run": "412"},
    )
    return form.filled(more)


def test_every_input_has_its_label():
    found = seen_form(a_form())
    named = [tag for tag in found.tags if tag.attributes.get("name", "").startswith("v.")]
    assert {tag.attributes["id"] for tag in named} == {tag.attributes["for"] for tag in found.all("label")}
    assert {tag.attributes["name"] for tag in named} == {f"v.{each.id}" for each in a_form().inputs}


def test_people_are_chosen_by_name_under_their_team():
    found = seen_form(a_form(person="[ben]"))
    assert [tag.attributes["label"] for tag in found.all("optgroup")] == ["Field Dispatch"]
    assert [tag.words for tag in found.all("option") if "selected" in tag.attributes] == ["Ben"]


def test_a_refused_form_keeps_what_was_typed_and_says_why_at_the_field():
    typed = {"finished": "Two jobs\n<b>at</b> Mill Lane", "who": "field", "asked": "call,field", "on": "2026-11-27"}
    found = seen_form(a_form().refused(typed, {"today": "Please write one line."}))
    today = next(tag for tag in found.all("input") if tag.attributes.get("name") == "v.today")
    assert today.attributes["aria-invalid"] == "true"
    reason = next(tag for tag in found.tags if tag.attributes.get("id") == today.attributes["aria-describedby"])
    assert reason.words.strip() == "Please write one line."
    assert sent_by(found) == {**dict.fromkeys(("today", "at", "person"), ""), **typed}


def test_a_refused_form_begins_with_links_to_the_fields_and_the_first_takes_the_focus():
    found = seen_form(a_form().refused({}, {"today": "Please write one line.", "asked": "Tick one."}))
    links = [(tag.attributes["href"], tag.words) for tag in found.all("a")]
    assert links == [("#f-today", "What is the one thing today?"), ("#f-asked-0", "Whom did you ask?")]
    assert found.all("form")[0].attributes["data-first"] == "f-today"
    assert {"f-today", "f-asked-0"} <= {tag.attributes.get("id") for tag in found.tags}


line = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


@given(finished=line, today=line, who=st.sampled_from(["", "call", "field"]), asked=st.sampled_from(["", "call,field"]))
def test_what_a_form_holds_comes_back_when_it_is_sent(finished, today, who, asked):
    typed = {"finished": finished, "today": today, "who": who, "asked": asked, "on": "2026-11-27", "at": "09:15"}
    assert sent_by(seen_form(a_form(**typed))) == {**typed, "person": ""}


def sent_by(found: Seen) -> dict[str, str]:
    sent = submitted(fields_of(fields_sent(found)))
    assert (sent.submission.verb, dict(sent.submission.ids)) == ("huddle.answer", {"run": "412"})
    return dict(sent.submission.values)


def fields_sent(found: Seen) -> Iterable[tuple[str, str]]:
    for tag in found.tags:
        match tag:
            case Tag("input", {"name": name, "value": value} as given):
                if given.get("type") != "checkbox" or "checked" in given:
                    yield name, value
            case Tag("textarea", {"name": name}, words):
                yield name, words.removeprefix("\n")
            case Tag("select", {"name": name}):
                yield name, chosen_in(found, tag)
            case _:
                pass


def chosen_in(found: Seen, select: Tag) -> str:
    below = takewhile(lambda tag: tag.name in {"option", "optgroup"}, found.tags[found.tags.index(select) + 1 :])
    options = [tag for tag in below if tag.name == "option"]
    return next((tag for tag in options if "selected" in tag.attributes), options[0]).attributes["value"]
