"""A trend as a line over its days, with the newest value beside its end."""

import importlib
from datetime import date, timedelta
from decimal import Decimal
from math import floor, log10
from typing import Any

from bot.chat.pictures import Trend
from bot.chat.words import figure, rounded

SIZE_IN = (7.2, 2.9)
INK, QUIET, LINE = "#1d1c1d", "#616061", "#1f4e4a"
LABELS_MOST = 6  # days written under the line
ROOM = 0.18  # of the values' span, above and below


def draw(axes: Any, trend: Trend) -> None:
    """Draws into an empty figure's axes."""
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
