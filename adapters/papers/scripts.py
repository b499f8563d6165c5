"""Which font shows which signs in a PDF: ours where it has them, else that of a Chinese, Japanese or Korean reader.

Those fonts are named and not brought: every system on which such names are read has them. Source: PDF 32000-1, 9.7.5.
"""

from collections.abc import Iterator
from functools import cache
from itertools import groupby

from reportlab.pdfbase.ttfonts import TTFont

from adapters.papers.looks import fonts

READERS = (
    ("HeiseiMin-W3", "shift_jis"),
    ("STSong-Light", "gbk"),
    ("MSung-Light", "big5"),
    ("HYSMyeongJo-Medium", "cp949"),
)
"""Fonts that readers have, and the signs that they hold, as a character set; the first that holds a run shows it."""


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Parts of a text, each with the font of a reader that shows it; empty for our own."""
    for is_ours, signs in groupby(text, key=_is_ours):
        part = "".join(signs)
        yield "" if is_ours else _font_of(part), part


def _is_ours(sign: str) -> bool:
    return ord(sign) in _ours() or sign.isspace()


@cache
def _ours() -> frozenset[int]:
    return frozenset(TTFont("Paper", str(fonts()["Paper"])).face.charToGlyph)


def _font_of(part: str) -> str:
    return next((font for font, charset in READERS if _holds(charset, part)), "")


def _holds(charset: str, part: str) -> bool:
    try:
        part.encode(charset)
    except UnicodeError:
        return False
    return True
