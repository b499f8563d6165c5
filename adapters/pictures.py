"""Pictures drawn on the server, as PNG where a platform takes files and as SVG for our own pages. Pure, and slow."""

import importlib
import io
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from math import floor, log10
from typing import Any, Literal

from PIL import Image

from bot.chat.pictures import Drawing, Trend
from bot.chat.words import figure, rounded

WIDTH_IN, HEIGHT_IN = 7.2, 2.9
DOTS_PER_IN = 200  # sharp on screens that double every dot
SMALL_WIDTH, SMALL_COLOURS = 720, 32
INK, QUIET, LINE, PAPER = "#1d1c1d", "#616061", "#1f4e4a", "#ffffff"
LABELS_MOST = 6  # days written under the line
ROOM = 0.18  # of the values' span, above and below
KEPT = 64  # drawings


@lru_cache(maxsize=KEPT)
def drawn(drawing: Drawing, form: Literal["png", "svg"]) -> bytes:
    """The same bytes for the same drawing. Takes about a tenth of a second, the first time a second."""
    # Loaded when the first picture is wanted: it takes longer to load than the rest of the bot.
    figures: Any = importlib.import_module("matplotlib.figure")
    figure = figures.Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DOTS_PER_IN, layout="constrained", facecolor=PAPER)
    _draw_trend(figure.subplots(), drawing)
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
        small = whole.convert("RGB").resize(size, Image.Resampling.LANCZOS).quantize(SMALL_COLOURS)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def tag_of(drawing: Drawing) -> str:
    """A short name that no other drawing has."""
    return sha256(repr(drawing).encode()).hexdigest()[:16]


def _draw_trend(axes: Any, trend: Trend) -> None:
    days = [on for on, _ in trend.points]
    values = [float(value) for _, value in trend.points]
    axes.plot(days, values, color=LINE, linewidth=2, solid_capstyle="round", solid_joinstyle="round")
    axes.scatter(days[-1:], values[-1:], color=LINE, s=42, zorder=3)
    written = f"{figure(trend.points[-1][1])}{trend.sign}"  # as the card writes it
    axes.annotate(
        written,
        (days[-1], values[-1]),
        xytext=(9, 0),
        textcoords="offset points",
        va="center",
        color=INK,
        weight="bold",
    )
    low, high = min(values), max(values)
    room = (high - low) * ROOM or max(abs(high) * ROOM, 1)
    axes.set_ylim(low - room, high + room)
    of_years = days[0].year != days[-1].year
    axes.set_xticks(shown := _some(days), [_day(each, with_year=of_years) for each in shown])
    steps = value_steps(low - room, high + room)
    axes.set_yticks([at for at, _ in steps], [f"{written}{trend.sign}" for _, written in steps])
    axes.set_ylim(low - room, high + room)
    axes.tick_params(colors=QUIET, length=0, labelsize=9)
    axes.grid(visible=True, axis="y", color="#e3e3e3", linewidth=0.8)
    axes.margins(x=0.03)
    axes.spines[:].set_visible(False)


def value_steps(low: float, high: float) -> list[tuple[float, str]]:
    """The marks of an axis from `low` to `high`, each with as many decimals as tell it from the next one."""
    ticker: Any = importlib.import_module("matplotlib.ticker")
    at = [float(each) for each in ticker.MaxNLocator(nbins=5, steps=[1, 2, 5, 10]).tick_values(low, high)]
    decimals = max(0, -floor(log10(at[1] - at[0]) + 1e-9))
    return [(each, rounded(Decimal(each), decimals)) for each in at]


def _some(days: list[date]) -> list[date]:
    """At most so many of the days between the first and the last as can be read under the line, evenly apart."""
    span = (days[-1] - days[0]).days
    steps = min(LABELS_MOST - 1, span)
    return [days[0] + timedelta(days=round(span * step / steps)) for step in range(steps + 1)]


def _day(on: date, *, with_year: bool) -> str:
    return f"{on.day} {on:%b} {on.year}" if with_year else f"{on.day} {on:%b}"
