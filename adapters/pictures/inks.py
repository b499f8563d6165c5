"""The colours that pictures are drawn with, on light and on dark ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.chat.spans import Hue


@dataclass(frozen=True, slots=True)
class Inks:
    """Text has a contrast of at least 4.5 to the paper, edges and marks of at least 3."""

    paper: str
    ink: str
    quiet: str
    rule: str
    edge: str
    box: str
    band: str
    hues: Mapping[Hue, str]


LIGHT = Inks(
    paper="#ffffff",
    ink="#1c2421",
    quiet="#505b55",
    rule="#d8d4c6",
    edge="#7c847d",
    box="#ffffff",
    band="#f5f3ec",
    hues=MappingProxyType({Hue.RED: "#a3301f", Hue.AMBER: "#8a5200", Hue.GREEN: "#1d5b47", Hue.BLUE: "#22577f"}),
)
DARK = Inks(
    paper="#1d2320",
    ink="#e8ebe6",
    quiet="#a7b2ab",
    rule="#343c38",
    edge="#76827b",
    box="#141917",
    band="#232a27",
    hues=MappingProxyType({Hue.RED: "#f29b88", Hue.AMBER: "#e9b45c", Hue.GREEN: "#8fd0b2", Hue.BLUE: "#8fc1e6"}),
)
