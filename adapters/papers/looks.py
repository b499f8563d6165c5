"""What papers look like, whatever file they become."""

from importlib.util import find_spec
from pathlib import Path

FONT = "Calibri"
"""Of Word files, which name a font and do not bring it; Word, Pages and LibreOffice have it or its equal."""
BODY_PT = 10.5
MARGIN_CM = 2.2
INK, QUIET, ACCENT = "1F2328", "59636E", "4A154B"
RULE, GROUND = "D0D7DE", "F4EFF5"


def fonts() -> dict[str, Path]:
    """The fonts that a PDF brings along: DejaVu Sans, which has the signs of all European scripts.

    They come with the library that draws our pictures, which takes long to load and is not needed for them.
    Source: https://dejavu-fonts.github.io
    """
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("matplotlib, with the fonts of PDF files, is not installed")
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    return {
        "Paper": folder / "DejaVuSans.ttf",
        "Paper-Bold": folder / "DejaVuSans-Bold.ttf",
        "Paper-Italic": folder / "DejaVuSans-Oblique.ttf",
    }
