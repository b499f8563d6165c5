"""A paper as PDF."""

import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from adapters.papers.looks import ACCENT, GROUND, INK, MARGIN_CM, QUIET, RULE, fonts
from adapters.papers.scripts import READERS, runs
from bot.chat.papers import Block, Bullets, Heading, Pairs, Paper, Prose, Quote, Resolved, Table

_PADDING = 6  # points that reportlab keeps free on each side of a page's frame
_WIDTH = A4[0] - 2 * MARGIN_CM * cm - 2 * _PADDING
_LABEL = 3.8 * cm
_SMALL_PT = 7.5
_PAIRS_TOGETHER = 8  # lines under a decision that stay on its page
_BEGINS = 2.2 * cm  # of a part: a heading stands on a page with as much of what follows
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
Looks: TypeAlias = list[Any]  # commands of reportlab, each a tuple of its own shape


def pdf(paper: Paper) -> bytes:
    """The paper on A4, with an outline of its headings, its fonts inside and page numbers."""
    _with_fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN_CM * cm,
        rightMargin=MARGIN_CM * cm,
        topMargin=MARGIN_CM * cm,
        bottomMargin=MARGIN_CM * cm,
        title=_plain(f"{paper.kind}: {paper.title}"),
        subject=_plain(paper.subtitle),
        author="Folkmoot",
        lang="en-GB",
        initialFontName="Paper",  # else every page begins with a font that is not inside
    )
    story = [*_title_block(paper), *(part for block in paper.blocks for part in _block(block))]
    document.build(story, canvasmaker=_numbering(paper))
    return out.getvalue()


@cache
def _with_fonts() -> None:
    for name, path in fonts().items():
        pdfmetrics.registerFont(TTFont(name, str(path)))
    for name, _ in READERS:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    pdfmetrics.registerFontFamily("Paper", normal="Paper", bold="Paper-Bold", italic="Paper-Italic")


def _numbering(paper: Paper) -> type[Canvas]:
    """A canvas that writes `Page 1 of 3` under each page once it knows how many there are."""

    class Numbered(Canvas):
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, **more)  # type: ignore[arg-type]  # handed on as they came
            self.pages: list[dict[str, object]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self.pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]  # as in reportlab's own recipe for page counts

        def save(self) -> None:
            for number, page in enumerate(self.pages, 1):
                self.__dict__.update(page)
                self.setFont("Paper", _SMALL_PT)
                self.setFillColor(HexColor(f"#{QUIET}"))
                self._footer(_plain(paper.footer))
                self.drawRightString(A4[0] - MARGIN_CM * cm - _PADDING, 1.2 * cm, f"Page {number} of {len(self.pages)}")
                super().showPage()
            super().save()

        def _footer(self, words: str) -> None:
            line = self.beginText(MARGIN_CM * cm + _PADDING, 1.2 * cm)
            for font, part in runs(words):
                line.setFont(font or "Paper", _SMALL_PT)
                line.textOut(part)
            self.drawText(line)
            self.setFont("Paper", _SMALL_PT)

    return Numbered


def _style(name: str, size: float, **more: object) -> ParagraphStyle:
    values: dict[str, Any] = {
        "fontName": "Paper", "fontSize": size, "leading": size * 1.42, "textColor": HexColor(f"#{INK}"),
        "spaceAfter": 4, "splitLongWords": 1,
    }  # fmt: skip
    return ParagraphStyle(name, **(values | more))


_BODY = _style("Body", 9.3)
_QUIET = _style("Quiet", 8.6, textColor=HexColor(f"#{QUIET}"))
_CELL = _style("Cell", 8.8, spaceAfter=0)
_HEAD = _style("Head", 8.2, spaceAfter=0, textColor=HexColor(f"#{QUIET}"), fontName="Paper-Bold")
_LABEL_STYLE = _style("Label", 8.8, spaceAfter=0, textColor=HexColor(f"#{QUIET}"))
_KIND = _style("Kind", 8, textColor=HexColor(f"#{ACCENT}"), fontName="Paper-Bold", spaceAfter=1)
_TITLE = _style("Title", 19, fontName="Paper-Bold", leading=24, spaceAfter=2)
_UNDER = _style("Under", 10.5, textColor=HexColor(f"#{QUIET}"), spaceAfter=8)
_STATUS = _style(
    "Status", 9.3, fontName="Paper-Bold", backColor=HexColor(f"#{GROUND}"), borderPadding=(5, 6, 5, 6), spaceBefore=9,
    spaceAfter=10,
)  # fmt: skip
_HEADINGS = {
    1: _style("H1", 12.5, textColor=HexColor(f"#{ACCENT}"), fontName="Paper-Bold", spaceBefore=13, spaceAfter=4),
    2: _style("H2", 10, fontName="Paper-Bold", spaceBefore=8, spaceAfter=3),
}
_BULLET = _style("Bullet", 9.3, leftIndent=12, bulletIndent=2, spaceAfter=2)
_QUOTE = _style("Quote", 9.3, leftIndent=12, spaceAfter=2)
_SOURCE = _style("Source", 8.2, leftIndent=12, textColor=HexColor(f"#{QUIET}"))


def _title_block(paper: Paper) -> Iterator[Flowable]:
    yield Paragraph(_words(paper.kind.upper()), _KIND)
    yield Paragraph(_words(paper.title), _TITLE)
    yield Paragraph(_words(paper.subtitle), _UNDER)
    if paper.status:
        yield Paragraph(_words(paper.status), _STATUS)
    if paper.facts:
        yield from _pairs(paper.facts)


def _block(block: Block) -> Iterator[Flowable]:
    match block:
        case Heading():
            yield CondPageBreak(_BEGINS)
            yield _Outlined(block)
        case Prose(text, quiet):
            yield Paragraph(_words(text), _QUIET if quiet else _BODY)
        case Bullets(items):
            yield from (Paragraph(_words(each), _BULLET, bulletText="•") for each in items)
            yield Spacer(0, 3)
        case Pairs(pairs):
            yield from _pairs(pairs)
        case Table():
            yield from _table(block)
        case Quote(text, source):
            yield _beside([Paragraph(_words(text), _QUOTE), *([Paragraph(_words(source), _SOURCE)] if source else [])])
        case Resolved(code, text, pairs):
            line = Paragraph(f'<font color="#{ACCENT}">{_words(code)}</font>&nbsp; {_words(text)}', _STATUS)
            head, *rest = [line, *_pairs(pairs)]
            yield KeepTogether([head, *rest[:1]]) if len(pairs) <= _PAIRS_TOGETHER else head
            yield from rest[1:] if len(pairs) <= _PAIRS_TOGETHER else rest


class _Outlined(Paragraph):
    """A heading that the outline of the PDF leads to."""

    def __init__(self, heading: Heading) -> None:
        number = f"{_words(heading.number)}&nbsp;&nbsp;" if heading.number else ""
        aside = ""
        if heading.aside:
            aside = f'&nbsp;&nbsp; <font name="Paper" size="8" color="#{QUIET}">{_words(heading.aside)}</font>'
        super().__init__(f"{number}{_words(heading.text)}{aside}", _HEADINGS[heading.level])
        self._in_outline = _plain(f"{heading.number} {heading.text}".strip()), heading.level

    def draw(self) -> None:
        words, level = self._in_outline
        key = f"part-{id(self)}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(words, key, 0 if level == 1 else 1)
        super().draw()


def _pairs(pairs: Sequence[tuple[str, str]]) -> Iterator[Flowable]:
    if not pairs:
        return
    rows = [(Paragraph(_words(label), _LABEL_STYLE), Paragraph(_words(text), _CELL)) for label, text in pairs]
    looks: Looks = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    looks += [(name, (0, 0), (-1, -1), 1.5) for name in ("TOPPADDING", "BOTTOMPADDING")]
    yield Grid(rows, colWidths=(_LABEL, _WIDTH - _LABEL), style=looks, hAlign="LEFT", splitInRow=1)
    yield Spacer(0, 5)


def _table(table: Table) -> Iterator[Flowable]:
    head = [Paragraph(_words(each), _HEAD) for each in table.head]
    rows = [[Paragraph(_words(each), _CELL) for each in row] for row in table.rows]
    looks: Looks = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.9, HexColor(f"#{QUIET}")),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor(f"#{RULE}")),
        ("LEFTPADDING", (0, 0), (0, -1), 0),
    ]
    looks += [(name, (0, 0), (-1, -1), 2.5) for name in ("TOPPADDING", "BOTTOMPADDING")]
    widths = [_WIDTH * each / sum(table.widths) for each in table.widths]
    yield Grid([head, *rows], colWidths=widths, style=looks, repeatRows=1, hAlign="LEFT", splitInRow=1)
    yield Spacer(0, 6)


def _beside(parts: list[Flowable]) -> Flowable:
    """Parts beside a line, as a quotation stands."""
    looks: Looks = [("LINEBEFORE", (0, 0), (0, -1), 2, HexColor(f"#{RULE}")), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    return Grid([[each] for each in parts], colWidths=(_WIDTH,), style=looks, hAlign="LEFT", spaceAfter=6, splitInRow=1)


def _plain(text: str) -> str:
    return _UNWRITABLE.sub(" ", text)


def _words(text: str) -> str:
    """Words as they were typed: reportlab reads what looks like XML, so nothing here does."""
    parts = [(font, escape(part).replace("\n", "<br/>")) for font, part in runs(_plain(text))]
    return "".join(f'<font name="{font}">{part}</font>' if font else part for font, part in parts)
