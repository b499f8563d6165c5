"""A paper as a Word file."""

import io
import re
from collections.abc import Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from adapters.papers.looks import ACCENT, BODY_PT, FONT, GROUND, INK, MARGIN_CM, QUIET, RULE
from bot.chat.papers import Block, Bullets, Heading, Pairs, Paper, Prose, Quote, Resolved, Table

_PAGE_CM = (21.0, 29.7)
_LABEL_CM = 4.0
# What XML 1.0 has no place for; https://www.w3.org/TR/xml/#charsets
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def word(paper: Paper) -> bytes:
    """The paper on A4, with headings that Word's navigation shows, and page numbers."""
    document = Document()
    _set_up(document, paper)
    _title_block(document, paper)
    for block in paper.blocks:
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: WordDocument, paper: Paper) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(_PAGE_CM[0]), Cm(_PAGE_CM[1])
    page.left_margin = page.right_margin = Cm(MARGIN_CM)
    page.top_margin = page.bottom_margin = Cm(MARGIN_CM)
    for name, size, colour, before, after in (
        ("Normal", BODY_PT, INK, 0, 5),
        ("Title", 22, INK, 0, 2),
        ("Heading 1", 14, ACCENT, 16, 4),
        ("Heading 2", 11.5, INK, 10, 3),
        ("List Bullet", BODY_PT, INK, 0, 2),
        ("Intense Quote", BODY_PT, INK, 4, 6),
    ):
        style = document.styles[name]
        if isinstance(style, ParagraphStyle):
            _style(style, size, colour, around=(before, after))
    document.styles["Title"].font.bold = True
    title = document.styles["Title"].element.find(qn("w:pPr"))
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    properties = document.core_properties
    properties.title, properties.subject = _text(f"{paper.kind}: {paper.title}"), _text(paper.subtitle)
    properties.author, properties.comments, properties.language = "Folkmoot", "", "en-GB"
    _footer(page.footer.paragraphs[0], paper)


def _style(style: ParagraphStyle, size: float, colour: str, *, around: tuple[float, float]) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), RGBColor.from_string(colour)
    style.font.italic = False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = (Pt(each) for each in around)


def _footer(line: Paragraph, paper: Paper) -> None:
    line.paragraph_format.space_after = Pt(0)
    _run(line, f"{paper.footer}   ", QUIET, size=8.5)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        _run(line, words, QUIET, size=8.5)
        _field(line, field)


def _field(line: Paragraph, name: str) -> None:
    """A figure that Word works out itself; each part of a field is a run of its own, so that all look alike."""
    code, shown = OxmlElement("w:instrText"), OxmlElement("w:t")
    code.set(qn("xml:space"), "preserve")
    code.text, shown.text = name, "1"
    for part in (_mark("begin"), code, _mark("separate"), shown, _mark("end")):
        run = line.add_run()
        run.font.size, run.font.color.rgb = Pt(8.5), RGBColor.from_string(QUIET)
        run._r.append(part)  # noqa: SLF001 - python-docx has no other way to a field


def _mark(kind: str) -> BaseOxmlElement:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    return mark


def _title_block(document: WordDocument, paper: Paper) -> None:
    kind = document.add_paragraph()
    kind.paragraph_format.space_after = Pt(0)
    _run(kind, paper.kind.upper(), ACCENT, bold=True, size=9)
    document.add_paragraph(_text(paper.title), style="Title")
    line = document.add_paragraph()
    _run(line, paper.subtitle, QUIET, size=11)
    if paper.status:
        _shade(_run_in(document, paper.status), GROUND)
    if paper.facts:
        _pairs(document, paper.facts)


def _run_in(document: WordDocument, text: str) -> Paragraph:
    line = document.add_paragraph()
    _run(line, text, INK, bold=True)
    return line


def _add(document: WordDocument, block: Block) -> None:
    match block:
        case Heading():
            _heading(document, block)
        case Prose(text, quiet):
            _run(document.add_paragraph(), text, QUIET if quiet else INK, italic=quiet)
        case Bullets(items):
            for each in items:
                document.add_paragraph(_text(each), style="List Bullet")
        case Pairs(pairs):
            _pairs(document, pairs)
        case Table():
            _table(document, block)
        case Quote(text, source):
            line = document.add_paragraph(style="Intense Quote")
            line.paragraph_format.left_indent = line.paragraph_format.right_indent = Cm(0.6)
            _run(line, text, INK)
            _run(line, f"\n{source}", QUIET, size=9)
        case Resolved(code, text, pairs):
            line = document.add_paragraph()
            line.paragraph_format.keep_with_next = bool(pairs)
            _run(line, f"{code}  ", ACCENT, bold=True)
            _run(line, text, INK, bold=True)
            _shade(line, GROUND)
            if pairs:
                _pairs(document, pairs)


def _heading(document: WordDocument, heading: Heading) -> None:
    line = document.add_paragraph(style=f"Heading {heading.level}")
    line.add_run(_text(f"{heading.number}  {heading.text}" if heading.number else heading.text))
    if heading.aside:
        _run(line, f"   {heading.aside}", QUIET, size=9).bold = False


def _pairs(document: WordDocument, pairs: Sequence[tuple[str, str]]) -> None:
    width = _PAGE_CM[0] - 2 * MARGIN_CM
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    for label, text in pairs:
        left, right = table.add_row().cells
        left.width, right.width = Cm(_LABEL_CM), Cm(width - _LABEL_CM)
        _cell(left, label, QUIET)
        _cell(right, text, INK)
    _columns(table, (_LABEL_CM, width - _LABEL_CM))
    _space(document)


def _table(document: WordDocument, table: Table) -> None:
    width = _PAGE_CM[0] - 2 * MARGIN_CM
    shares = [width * each / sum(table.widths) for each in table.widths]
    made = document.add_table(rows=1, cols=len(table.head))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    _repeat(made)
    for place, row in enumerate((table.head, *table.rows)):
        cells = made.rows[0].cells if place == 0 else made.add_row().cells
        for cell, text, share in zip(cells, row, shares, strict=True):
            cell.width = Cm(share)
            _cell(cell, text, QUIET if place == 0 else INK, bold=place == 0)
            _line_under(cell)
    _columns(made, shares)
    _space(document)


def _columns(table: WordTable, widths: Sequence[float]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(Cm(width))


def _space(document: WordDocument) -> None:
    line = document.add_paragraph()
    line.paragraph_format.space_after = Pt(0)
    line.paragraph_format.line_spacing = Pt(6)


def _cell(cell: _Cell, text: str, colour: str, *, bold: bool = False) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(1.5)
    _run(line, text, colour, bold=bold)


def _repeat(table: WordTable) -> None:
    """Its head stands on every page that it reaches."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no other way


def _line_under(cell: _Cell) -> None:
    borders, line = OxmlElement("w:tcBorders"), OxmlElement("w:bottom")
    for name, value in (("w:val", "single"), ("w:sz", "4"), ("w:color", RULE)):
        line.set(qn(name), value)
    borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001 - python-docx has no other way


def _shade(line: Paragraph, colour: str) -> None:
    ground = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        ground.set(qn(name), value)
    line._p.get_or_add_pPr().append(ground)  # noqa: SLF001 - python-docx has no other way


def _run(
    line: Paragraph, text: str, colour: str, *, bold: bool = False, italic: bool = False, size: float = BODY_PT
) -> Run:
    run = line.add_run(_text(text))
    run.bold, run.italic = bold, italic
    run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(colour)
    return run


def _text(text: str) -> str:
    return _UNWRITABLE.sub(" ", text)
