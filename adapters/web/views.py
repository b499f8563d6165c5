"""What our pages say when they can't show what was asked for: a heading, and what to do."""

from typing import NamedTuple


class Said(NamedTuple):
    """A page of a few words; `typed` is what to write in the chat, empty where that does not help."""

    heading: str
    text: str
    typed: str = "initiative map"


GONE = Said(
    "This link opens nothing any more",
    "A link from the chat works once, and for 10 minutes. Please ask for a new one where you got this one; for the "
    "map, write this to Folkmoot:",
)
NO_SESSION = Said(
    "Please come in from the chat",
    "This browser may not look at the map, or its eight hours are over. Write this to Folkmoot and press Open the map:",
)
NOT_YOURS = Said(
    "This map is not for you",
    "It is for those who lead a team or a department, for sponsors and executives, for the council's chair and "
    "secretary, and for administrators. If that is wrong, please ask whoever runs Folkmoot in your organisation.",
    "",
)
NO_RUNS_SESSION = Said(
    "Please come in from the chat",
    "This browser may not open these runs, or its eight hours are over. For a new link, write this to Folkmoot:",
    "huddle export",
)
NOT_YOUR_RUNS = Said(
    "This file is not for you",
    "A huddle's runs are for whoever leads its team, and for administrators. If that is wrong, please ask whoever runs "
    "Folkmoot in your organisation.",
    "",
)
NO_PAPERS_SESSION = Said(
    "Please come in from the chat",
    "This browser may not open these files, or its eight hours are over. For a new link, write this to Folkmoot:",
    "council minutes export",
)


def not_your_papers(why: str) -> Said:
    """Somebody may not have a paper, or not yet."""
    return Said("These files are not for you", why, "")


ELSEWHERE = Said(
    "Another site asked for this",
    "Nothing was opened. Please use the link from the chat, or ask for a new one where you got it; for the map, write "
    "this to Folkmoot:",
)
AWAY = Said(
    "Folkmoot can't look at its records just now",
    "Nothing was opened, and your link still works. Please try again.",
    "",
)
