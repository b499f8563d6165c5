"""Draws the pictures of papers: the minutes and the agenda as PDF, as a browser shows their first page."""

from datetime import timedelta
from pathlib import Path

import pypdfium2

from adapters.papers.pdf import pdf
from bot.chat.papers import Paper
from bot.council.rules import Reading
from bot.minutes import agenda_paper_views, paper_views
from tests.support.shown_agenda import HEAD, WHOLE
from tests.support.shown_minutes import BODY, UNCHECKED

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SCALE = 1.4  # pixels for each point


def main() -> None:
    """The first page of each."""
    agenda = agenda_paper_views.agenda(HEAD, WHOLE, HEAD.starts_at + timedelta(minutes=WHOLE.length_min))
    for name, paper in (("minutes", paper_views.paper(BODY, UNCHECKED, Reading.FULL)), ("agenda-pdf", agenda)):
        _draw(paper, PICTURES / f"{name}.png")


def _draw(paper: Paper, path: Path) -> None:
    page = pypdfium2.PdfDocument(pdf(paper))[0]
    page.render(scale=SCALE).to_pil().quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    main()
