"""Pictures drawn on the server, as PNG where a platform takes files and as SVG for our own pages. Pure, and slow."""

import importlib
import io
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal, assert_never

from PIL import Image, ImageColor

from adapters.pictures import maps, trends
from adapters.pictures.inks import DARK, LIGHT
from bot.chat.pictures import Drawing, Map, Trend

DOTS_PER_IN = 200  # sharp on screens that double every dot
SMALL_WIDTH, SMALL_COLOURS = 720, 32
SHADES = 3  # of each ink on its way to the paper: letters have soft edges
KEPT = 64  # drawings


@lru_cache(maxsize=KEPT)
def drawn(drawing: Drawing, form: Literal["png", "svg"], *, dark: bool = False) -> bytes:
    """The same bytes for the same drawing. Takes about a tenth of a second, the first time a second."""
    # Loaded when the first picture is wanted: it takes longer to load than the rest of the bot.
    figures: Any = importlib.import_module("matplotlib.figure")
    inks = DARK if dark else LIGHT
    match drawing:
        case Trend():
            figure = figures.Figure(figsize=trends.SIZE_IN, dpi=DOTS_PER_IN, layout="constrained", facecolor=inks.paper)
            trends.draw(figure.subplots(), drawing)
        case Map():
            figure = figures.Figure(figsize=maps.size_in(drawing), dpi=DOTS_PER_IN, facecolor=inks.paper)
            maps.draw(figure, drawing, inks)
        case _:
            assert_never(drawing)
    out = io.BytesIO()
    without_date = {"Date": None} if form == "svg" else {"Software": None}
    matplotlib: Any = importlib.import_module("matplotlib")
    with matplotlib.rc_context({"svg.hashsalt": "folkmoot"}):
        figure.savefig(out, format=form, metadata=without_date)
    return out.getvalue()


@lru_cache(maxsize=KEPT)
def drawn_small(drawing: Drawing) -> bytes:
    """The same as a PNG of a few thousand bytes, for where a picture travels inside of a message."""
    with Image.open(io.BytesIO(drawn(drawing, "png"))) as whole:
        size = (SMALL_WIDTH, round(whole.height * SMALL_WIDTH / whole.width))
        resized = whole.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    if isinstance(drawing, Map):  # flat inks, of which none may get lost
        small = resized.quantize(palette=_palette(), dither=Image.Dither.NONE)
    else:
        small = resized.quantize(SMALL_COLOURS)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """The inks on light ground, each in some shades."""
    paper = ImageColor.getrgb(LIGHT.paper)
    inks = [ImageColor.getrgb(each) for each in (LIGHT.ink, LIGHT.quiet, LIGHT.edge, LIGHT.rule, *LIGHT.hues.values())]
    shades = [_paler(ink, paper, step / SHADES) for ink in inks for step in range(SHADES)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*paper, *(part for shade in shades for part in shade)])
    return palette


def _paler(ink: Sequence[int], paper: Sequence[int], share: float) -> Sequence[int]:
    return [round(one + (other - one) * share) for one, other in zip(ink, paper, strict=True)]


def tag_of(drawing: Drawing) -> str:
    """A short name that no other drawing has."""
    return sha256(repr(drawing).encode()).hexdigest()[:16]
