"""Papers as files: what people typed reads as it was typed in each of them; dates and signs survive."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import docx
import pypdfium2
import pytest
from docx.document import Document as WordDocument
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from markdown_it import MarkdownIt

from adapters.papers.calendars import calendar
from adapters.papers.files import KINDS
from adapters.papers.marks import markdown
from adapters.papers.pdf import pdf
from adapters.papers.scripts import READERS, runs
from adapters.papers.word import word
from bot.chat.papers import (
    Block,
    Bullets,
    Diary,
    Format,
    Happening,
    Heading,
    Pairs,
    Paper,
    Prose,
    Quote,
    Resolved,
    Table,
)

NASTY = "*bold* <b>x</b> & [y](http://z) `code` # 1. £150 – it’s “fine” | a_b_c ~~no~~ $x$ ${y} \\ &amp;"
TEN = datetime(2026, 12, 3, 10, tzinfo=UTC)


def a_paper(*blocks: Block, title: str = "CX Council", status: str = "") -> Paper:
    return Paper("Minutes", title, "Thu 3 Dec 2026", (("Chair", "Cora"),), blocks, status, "CX Council · Minutes")


EVERY: tuple[Block, ...] = (
    Heading(NASTY, "3", aside="12 minutes"),
    Heading(NASTY, "3.2", level=2),
    Prose(NASTY),
    Bullets((NASTY, "Second")),
    Pairs((("Paper", NASTY),)),
    Table(("Seat", "Who"), ((NASTY, "Ann"), ("IT", "Ida for Ivo")), (1, 1)),
    Quote(NASTY, "Customer, 24 Nov"),
    Resolved("D-21", NASTY, (("Votes", "6 for, 1 against, 0 abstained"),)),
)


def words_in_word(document: WordDocument) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def words_in_pdf(made: bytes) -> str:
    pages = pypdfium2.PdfDocument(made)
    text = " ".join(pages[number].get_textpage().get_text_range() for number in range(len(pages)))
    return " ".join(text.replace("\x02", "-").replace("\ufffe", "").split())


def words_in_markdown(made: bytes) -> list[str]:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(made.decode())
    inline = [token.children or [] for token in tokens if token.type == "inline"]
    for children in inline:
        kinds = {each.type for each in children}
        assert kinds <= {
            "text",
            "softbreak",
            "hardbreak",
            "strong_open",
            "strong_close",
            "em_open",
            "em_close",
            "text_special",
        }
    return ["".join(each.content for each in children) for children in inline]


def test_what_people_typed_reads_as_they_typed_it_in_word() -> None:
    document = docx.Document(io.BytesIO(word(a_paper(*EVERY))))
    assert words_in_word(document).count(NASTY) == len(EVERY)
    assert document.core_properties.title == "Minutes: CX Council"
    styles = [each.style.name for each in document.paragraphs if each.style is not None]
    assert {"Title", "Heading 1", "Heading 2", "List Bullet"} <= set(styles)


def test_what_people_typed_reads_as_they_typed_it_in_a_pdf() -> None:
    text = words_in_pdf(pdf(a_paper(*EVERY)))
    for part in ("*bold* <b>x</b> &", "£150 – it’s “fine”", "[y](http://z)", "&amp;", "Page 1 of"):
        assert part in text, part


def test_what_people_typed_reads_as_they_typed_it_in_markdown() -> None:
    lines = words_in_markdown(markdown(a_paper(*EVERY)))
    assert sum(NASTY in each for each in lines) == len(EVERY)


@given(st.text(min_size=1, max_size=80))
def test_no_text_is_markup_in_markdown(text: str) -> None:
    plain = " ".join(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\x85]", " ", text).split())
    if not plain or any("\ud800" <= sign <= "\udfff" for sign in plain):
        return
    lines = words_in_markdown(markdown(a_paper(Bullets((text,)), Prose(f"After {plain}"))))
    assert plain in lines
    assert f"After {plain}" in lines


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1f", "\ufffe", "\U0001f600", "\ud800", "\u202e"])
def test_a_sign_that_a_format_has_no_place_for_stops_no_file(sign: str) -> None:
    made = a_paper(Prose(f"Before{sign}after"), Heading(f"A{sign}b", "1"), title=f"Cx{sign}")
    assert b"%PDF" in pdf(made)[:8]
    assert "after" in words_in_word(docx.Document(io.BytesIO(word(made))))
    if sign != "\ud800":
        assert b"after" in markdown(made)


def test_a_long_paper_has_its_pages_numbered_and_its_table_heads_on_each() -> None:
    rows = tuple((f"Seat {number}", "Ann") for number in range(120))
    made = pdf(a_paper(Table(("Seat", "Who"), rows, (1, 1)), Heading("After it", "2")))
    pages = pypdfium2.PdfDocument(made)
    assert len(pages) > 2
    for number in range(len(pages)):
        text = pages[number].get_textpage().get_text_range()
        assert f"Page {number + 1} of {len(pages)}" in text
    assert "Seat" in pages[1].get_textpage().get_text_range()
    assert [each.get_title() for each in pages.get_toc()] == ["2 After it"]


def test_one_very_long_cell_or_word_breaks_no_file() -> None:
    long = "word " * 4000 + "x" * 500
    blocks: tuple[Block, ...] = (
        Table(("What", "Who"), ((long, "Ann"),), (1, 1)), Prose(long), Quote(long, "Customer"),
        Resolved("D-1", long, (("Reason", long),)), Pairs((("Note", long),)),
    )  # fmt: skip
    assert len(pypdfium2.PdfDocument(pdf(a_paper(*blocks)))) > 5


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("山田 太郎", "HeiseiMin-W3"),
        ("やまだ", "HeiseiMin-W3"),
        ("张伟", "STSong-Light"),
        ("김민수", "HYSMyeongJo-Medium"),
        ("Łukasz Żółć, Νίκος, Ольга", ""),
    ],
)
def test_a_name_in_any_script_stands_in_a_pdf_in_a_font_that_has_it(name: str, font: str) -> None:
    paper = a_paper(Heading(name, "1"), Table(("Seat", "Who"), (("IT", f"Ida for {name}"),), (1, 1)), title=name)
    made = pdf(replace(paper, footer=f"{name} · Minutes"))
    words = words_in_pdf(made)
    assert words.count(name) == 4
    named = {part for part, _ in READERS if f"/{part}".encode() in made}
    assert {found for found, part in runs(f"Ida for {name}") if part.strip() and found} == ({font} if font else set())
    assert font in named or not font


def test_what_no_font_has_stops_no_file() -> None:
    assert list(runs("a\U0001f9ffb")) == [("", "a"), ("", "\U0001f9ff"), ("", "b")]
    assert pdf(a_paper(title="a\U0001f9ffb"))


def test_every_format_has_its_maker() -> None:
    assert KINDS.keys() == set(Format)


def test_a_table_whose_rows_do_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        Table(("One", "Two"), (("only",),), (1, 1))


# --- calendars


def a_meeting(**more: object) -> Happening:
    values: dict[str, object] = {
        "uid": "meeting-1-7@folkmoot", "title": "CX Council", "starts_at": TEN, "ends_at": TEN + timedelta(minutes=90),
        "sequence": 0, "made_at": TEN, "where": "Room 4; ground floor, left",
    }  # fmt: skip
    return Happening(**(values | more))  # type: ignore[arg-type]  # each as above


def events(diary: Diary) -> list[dict[str, object]]:
    return [dict(each) for each in Calendar.from_ical(calendar(diary)).walk("VEVENT")]


def test_a_calendar_has_each_meeting_in_its_own_zone() -> None:
    summer = datetime(2027, 7, 1, 9, tzinfo=UTC)
    diary = Diary("CX Council", "Europe/London", (a_meeting(), a_meeting(uid="other@folkmoot", starts_at=summer)))
    first, second = Calendar.from_ical(calendar(diary)).walk("VEVENT")
    assert (first.decoded("dtstart"), second.decoded("dtstart")) == (TEN, summer)
    assert first["uid"] == "meeting-1-7@folkmoot"
    assert first["location"] == "Room 4; ground floor, left"
    assert b"TZID:Europe/London" in calendar(diary)


def test_a_meeting_that_moves_keeps_its_uid_and_its_sequence_rises() -> None:
    moved = a_meeting(starts_at=TEN + timedelta(days=7), ends_at=TEN + timedelta(days=7, hours=1), sequence=1)
    before, after = (events(Diary("CX", "Europe/London", (each,)))[0] for each in (a_meeting(), moved))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)


def test_a_meeting_that_is_called_off_is_cancelled_and_an_empty_calendar_is_one() -> None:
    (found,) = events(Diary("CX", "Europe/London", (a_meeting(cancelled=True),)))
    assert found["STATUS"] == "CANCELLED"
    assert events(Diary("CX", "Europe/London", ())) == []
