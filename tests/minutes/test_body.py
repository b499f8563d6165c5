"""What minutes say: as it is kept, as each may read it, and as a paper."""

import io
import os
from dataclasses import replace
from pathlib import Path

import docx
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.papers.marks import markdown
from adapters.papers.pdf import pdf
from adapters.papers.word import word
from bot.chat.cards import Card
from bot.council.rules import Reading
from bot.minutes import form_views, paper_views, rules, views
from bot.minutes.body import (
    Amendment,
    Body,
    Passage,
    Point,
    Resolution,
    Task,
    body_in,
    document,
    is_internal,
    names_internal,
    place_named,
    seen,
)
from bot.work.rules import Part, verbs_from
from storage.agenda import SECTIONS, AgendaItem
from storage.decisions import Decision
from storage.minutes import Correction, Minutes
from tests.support.reading import words_of
from tests.support.shown_minutes import BODY, CORRECTED, DRAFT, MET_ON, SECOND, UNCHECKED, shown

HERE = Path(__file__).parent
SECRET, OPEN = "Xylophone", "Harmonica"
INSIDE = (Reading.OUTSIDER, Reading.PUBLIC)


def test_what_is_kept_is_read_back_as_it_was() -> None:
    assert body_in(document(CORRECTED)) == CORRECTED
    assert document(body_in(document(BODY))) == document(BODY)


def a_point(section: int, seq: int, *, internal: bool, decision_is: bool) -> Point:
    word_ = SECRET if internal else OPEN
    inner = SECRET if internal or decision_is else OPEN
    decision = Resolution(
        seq, f"D-{section}{seq}", f"{inner} text", Decision.State.IN_FORCE, f"{inner} reason", f"{inner} means",
        (("Field", f"{inner} field"),), f"{inner} view", internal=internal or decision_is,
    )  # fmt: skip
    task = Task(seq, f"A-{section}{seq}", f"{inner} task", internal=internal or decision_is)
    return Point(
        section, seq, f"{word_} title", AgendaItem.State.DEFERRED, note=f"{word_} note", reason=f"{word_} reason",
        one_view=f"{word_} one", other_view=f"{word_} other", decisions=(decision,), tasks=(task,), internal=internal,
    )  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    """Minutes in which everything internal says so."""
    passages, amendments = [], []
    for number in SECTIONS:
        kinds = draw(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=3))
        points = tuple(
            a_point(number, seq, internal=internal, decision_is=decision_is)
            for seq, (internal, decision_is) in enumerate(kinds, start=1)
        )
        passages.append(Passage(number, draw(st.sampled_from(("", f"{OPEN} note"))), 5, points))
        amendments += [
            Amendment(each.number, f"{SECRET} fix", MET_ON, internal=True) for each in points if each.internal
        ]
    return replace(BODY, passages=tuple(passages), amendments=tuple(amendments))


@pytest.mark.req("S2-10", "S2-29")
@given(bodies())
def test_no_outsider_reads_anything_internal_on_any_card_or_paper(body: Body) -> None:
    for reading in INSIDE:
        mine = shown(UNCHECKED, reading, body=body)
        cards: list[Card] = [views.paper(mine), views.paper(mine, in_room=True), views.public(mine)]
        texts = [each.summary + words_of(each) for each in cards]
        texts.append(markdown(paper_views.paper(mine.body, UNCHECKED, reading)).decode())
        assert not any(SECRET in each for each in texts)


@given(bodies())
def test_an_outsider_keeps_the_number_of_each_item_and_a_member_reads_it_all(body: Body) -> None:
    outside = seen(body, Reading.OUTSIDER)
    assert [each.number for each in outside.points] == [each.number for each in body.points]
    assert seen(body, Reading.FULL) == body
    assert [each.number for each in outside.passages] == [*SECTIONS]
    full = markdown(paper_views.paper(body, UNCHECKED, Reading.FULL)).decode()
    assert all(f"{each.number} " in full for each in body.points)


def test_word_and_pdf_keep_what_is_internal_from_outsiders_too() -> None:
    body = replace(BODY, passages=(Passage(7, "", 0, (a_point(7, 1, internal=True, decision_is=False),)),))
    for reading in INSIDE:
        paper = paper_views.paper(seen(body, reading), UNCHECKED, reading)
        made = docx.Document(io.BytesIO(word(paper)))
        cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
        pages = pypdfium2.PdfDocument(pdf(paper))
        printed = [pages[number].get_textpage().get_text_range() for number in range(len(pages))]
        assert SECRET not in "".join([*(each.text for each in made.paragraphs), *cells, *printed])


def test_everybody_reads_no_names_of_who_was_there_and_no_notes() -> None:
    public = seen(BODY, Reading.PUBLIC)
    assert public.attenders == ()
    assert not any(each.note for each in public.passages)
    assert not any(each.note for each in public.points)
    assert public.link == ""


@pytest.mark.req("S2-30")
def test_minutes_count_votes_and_name_no_voter() -> None:
    text = markdown(paper_views.paper(BODY, UNCHECKED, Reading.FULL)).decode()
    assert "6 for, 1 against, 0 abstained (7 voting seats present, 5 needed)" in text


@pytest.mark.parametrize(
    ("name", "body", "minutes", "reading"),
    [
        ("minutes", BODY, UNCHECKED, Reading.FULL),
        ("minutes-draft", BODY, DRAFT, Reading.FULL),
        ("minutes-outsider", BODY, UNCHECKED, Reading.OUTSIDER),
        ("minutes-public", BODY, UNCHECKED, Reading.PUBLIC),
        ("minutes-second-edition", CORRECTED, SECOND, Reading.FULL),
    ],
)
def test_a_paper_reads_as_it_was_reviewed(name: str, body: Body, minutes: Minutes, reading: Reading) -> None:
    earlier = (UNCHECKED,) if minutes is SECOND else ()
    now = markdown(paper_views.paper(seen(body, reading), minutes, reading, earlier)).decode()
    path = HERE / f"{name}.md"
    if os.environ.get("FOLKMOOT_GOLDEN") == "write":
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


def test_what_stands_at_a_place_is_internal_or_not() -> None:
    assert is_internal(BODY, "7.2")
    assert not is_internal(BODY, "7.1")
    assert not is_internal(BODY, "7")


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("3", "3"),
        (" 3.2 ", "3.2"),
        ("item 7.1", "7.1"),
        ("3.", "3"),
        ("0", None),
        ("10", None),
        ("3.0", None),
        ("x", None),
    ],
)
def test_a_place_is_a_section_or_an_item(typed: str, place: str | None) -> None:
    assert rules.place_meant(typed) == place


def test_an_edition_that_was_superseded_or_approved_can_become_nothing_else() -> None:
    for state in (Minutes.State.SUPERSEDED, Minutes.State.APPROVED):
        assert verbs_from(rules.MOVES, state) == ()
    assert verbs_from(rules.MOVES, Minutes.State.DRAFT, {Part.SECRETARY}) == ("edit",)
    assert "edit" not in verbs_from(rules.MOVES, Minutes.State.CIRCULATED)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("7.2: the price was 3 million", "7.2"),
        ("Item 7.2 – the price was 3 million", "7.2"),
        ("7: Dov was there too", "7"),
        ("What stands at 7.1 is wrong", "7.1"),
        ("7.9: there is no such item", ""),
        ("The figure was 7.2%, not £7.1 million", ""),
        ("On 3.12.2026 it was 17.2", ""),
        ("It was Bea", ""),
    ],
)
def test_a_correction_says_itself_what_it_is_about(text: str, place: str) -> None:
    assert place_named(BODY, text) == place
    form = form_views.accept(Correction.model_construct(id=4, text=text), BODY)
    assert form.inputs[0].value == (place or form_views.WHOLE)


@pytest.mark.parametrize(
    ("text", "is_inside"),
    [
        ("7.2: the price was 3 million", True),
        ("At 7.1 and 7.2 the sums are wrong", True),
        ("The night allowance was less", True),
        ("D-22 had five votes", True),
        ("a-105 is Ann's", True),
        ("7.1: the figure was 18%", False),
        ("D-2 and D-21 are two decisions", False),
        ("It was 7.2% of all", False),
    ],
)
def test_what_names_something_internal_is_internal(text: str, is_inside: bool) -> None:
    assert names_internal(BODY, text) is is_inside


@pytest.mark.req("S2-29")
@given(st.sampled_from(("", "1", "7", "7.1")), st.text("ab ", max_size=9), st.text("ab\n", max_size=9))
def test_wherever_words_about_an_internal_item_stand_no_outsider_reads_them(place: str, one: str, other: str) -> None:
    words = f"{one} 7.2: {SECRET}"
    noted = tuple(replace(each, note=f"{OPEN}\n{words}\n{other}") for each in BODY.passages)
    body = replace(BODY, passages=noted, amendments=(Amendment(place, words, MET_ON),))
    for reading in INSIDE:
        assert SECRET not in markdown(paper_views.paper(seen(body, reading), UNCHECKED, reading)).decode()
    assert all(OPEN in each.note for each in seen(body, Reading.OUTSIDER).passages)
    assert SECRET in markdown(paper_views.paper(body, UNCHECKED, Reading.FULL)).decode()


def test_a_meeting_that_nobody_ended_has_no_end() -> None:
    left = replace(BODY, is_closed_by_schedule=True)
    text = markdown(paper_views.paper(left, UNCHECKED, Reading.FULL)).decode()
    assert "**Closed:** by schedule, 11:28; nobody ended it" in text
    assert "Adjourned" not in text
    assert "10:00 to 11:28 (" not in text
    assert "without a quorum from 11:05 on" in text
