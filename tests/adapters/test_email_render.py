"""Every card and form as a mail: it says all that the card says, in text and in HTML, and nothing in it is run."""

import re
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from adapters.email import views
from adapters.email.answers import choices_of, folded
from adapters.email.render import SUBJECT_MAX, page, shortened, subject_of
from adapters.email.sheet import Sheet
from bot.chat.cards import Button, Buttons, Card, Group, Line, LinkButton, Note, Paragraph, Row, Title, Words
from bot.chat.forms import Form, OneOf, Option, TextInput
from bot.chat.spans import Bold, Colour, Hue, Link, When
from tests.support.company import NOON
from tests.support.for_every import for_every
from tests.support.reading import labels_of
from tests.support.shown import SHOWN

LONDON = ZoneInfo("Europe/London")
REPORT = Card(
    "Your report is due",
    (
        Title("Council report: Metering Ltd"),
        Note("Due Mon 30 Nov 2026, 10:00"),
        Paragraph(
            ("Hello Sam, ", Bold("three things"), " are open. See ", Link("the map", "https://map.example/1"), ".")
        ),
        Group(
            "Open",
            (
                Line(("A-104: Meter jobs",), ("due ", When(NOON), " · ", Colour(Hue.AMBER, "at risk"))),
                Line(("A-107: <b>Stock</b> & spares",)),
            ),
            numbered=True,
        ),
        Words("Nobody came twice.", "a customer in Mill Lane"),
        Row("A-104: Meter jobs", "", Button("Done", "action.done", {"action": "104"})),
        Row("A-107: Stock", "", Button("Done", "action.done", {"action": "107"})),
        Buttons(
            (Button("Report", "council.report", opens_form=True), LinkButton("Open the map", "https://map.example/1"))
        ),
    ),
)
FORM = Form(
    "Report",
    "council.save",
    (
        TextInput("changed", "What did you change?", value="Two crews", multiline=True, hint="For the whole council"),
        OneOf("state", "State", (Option("g", "On track"), Option("r", "Late")), value="g", optional=True),
    ),
    note="It goes to all departments.",
    submit="Send report",
    errors={"changed": "Please write at least three letters."},
)
TEXT = """\
Council report: Metering Ltd
============================

Due Mon 30 Nov 2026, 10:00

Hello Sam, three things are open. See the map (https://map.example/1).

Open
1. A-104: Meter jobs
   due Tue 24 Nov 2026, 12:00 · at risk
2. A-107: <b>Stock</b> & spares

"Nobody came twice."
- a customer in Mill Lane

A-104: Meter jobs
Reply with: Done 1

A-107: Stock
Reply with: Done 2

Write one of these lines in your reply:
Reply with: Report
Open the map: https://map.example/1

------------------------------------------------------------

Report
It goes to all departments.

To fill this in, reply to this mail and write below each question. Leave the lines with dashes as they are.

-- 1 of 2 --
! Please write at least three letters.
For the whole council
What did you change?
Two crews

-- 2 of 2 --
One of: On track, Late
You may leave this out.
State
On track

-- end --
To send it as it stands, reply with: Send report

------------------------------------------------------------
Ref: 0123
"""


def sheet(content: Card | Form, form: Form | None = None) -> Sheet:
    card = content if isinstance(content, Card) else None
    return Sheet(
        card,
        LONDON,
        choices_of(card) if card else (),
        form or (content if isinstance(content, Form) else None),
        foot=(views.ref("0123"),),
        address="folkmoot@northwater.example",
        token="0123",
    )


def test_a_mail_reads_well_as_plain_text() -> None:
    assert page(sheet(REPORT, FORM), "Report").text == TEXT


def test_html_says_the_same_and_typed_words_stay_words() -> None:
    html = page(sheet(REPORT, FORM), "Report").html
    assert "<b>Stock</b>" not in html
    assert "&lt;b&gt;Stock&lt;/b&gt; &amp; spares" in html
    assert '<a href="https://map.example/1">the map</a>' in html
    assert '<b style="color:#8a5a00">at risk</b>' in html


def test_a_press_in_html_begins_the_mail_that_answers() -> None:
    html = page(sheet(REPORT), "Report").html
    link = "mailto:folkmoot@northwater.example?subject=Done%202&amp;body=Done%202%0D%0A%0D%0ARef%3A%200123%0D%0A"
    assert f'<a href="{link}"><b>Done 2</b></a>' in html


@for_every(sorted(SHOWN))
def test_every_card_and_form_there_is_can_be_a_mail(name: str) -> None:
    content = SHOWN[name]
    shown = page(sheet(content), subject_of(content))
    assert 1 <= len(subject_of(content)) <= SUBJECT_MAX + 1
    assert _words(shown.html) == _words_of_text(shown.text)
    if isinstance(content, Card):
        choices = [folded(each.words) for each in choices_of(content)]
        assert len(choices) == len(set(choices)), "a line means one button"
        assert views.AGAIN.casefold() not in choices
        links = [each for each in labels_of(content) if f"{each}: http" in shown.text]
        assert len(choices) + len(links) >= len(labels_of(content)), "nothing that can be pressed is left out"


WORD = re.compile(r"\w*[^\W\d]\w*|\d{3,}")
"""The numbers of a list are HTML's own."""


def _words(html: str) -> set[str]:
    reader = _Reader()
    reader.feed(html)
    return set(WORD.findall(" ".join(reader.parts)))


def _words_of_text(text: str) -> set[str]:
    """Without the addresses of links, which HTML has in its marks, and the line that leads to the choices."""
    bare = re.sub(r"(: |\()https?://\S+", " ", text).replace(views.CHOOSE, "")
    return set(WORD.findall(bare))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._is_head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "iframe", "img", "form", "input"}
        self._is_head = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._is_head = False

    def handle_data(self, data: str) -> None:
        if not self._is_head:
            self.parts.append(data)


def test_a_subject_is_one_line_and_is_cut_between_words() -> None:
    assert shortened("Report\r\nBcc: x") == "Report Bcc: x"
    assert shortened("word " * 60) == f"{'word ' * 23}word…"
    assert shortened("\u202e") == "Folkmoot"
