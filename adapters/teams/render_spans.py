"""From spans to what Teams shows: text runs, in which nothing is mark-up; Markdown only where somebody is mentioned.

Source: https://adaptivecards.io/explorer/RichTextBlock.html; mentions are read in a TextBlock alone,
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import assert_never
from zoneinfo import ZoneInfo

from adapters.teams.render_text import begun, cleaned, closed, escaped, inert, one_line, shortened
from adapters.teams.render_views import utc
from adapters.teams.wiring import Fields
from bot.chat.spans import Bold, Colour, Hue, Link, Mention, Span, Text, When
from bot.chat.words import moment

URL_MAX = 1000  # characters
NAME_MAX = 60  # characters of a name between `<at>` and `</at>`
DOTS = {
    Hue.RED: "\N{LARGE RED CIRCLE}",
    Hue.AMBER: "\N{LARGE ORANGE CIRCLE}",
    Hue.GREEN: "\N{LARGE GREEN CIRCLE}",
    Hue.BLUE: "\N{LARGE BLUE CIRCLE}",
}
FIRST_YEAR, LAST_YEAR = 1971, 2037  # of instants that every client of Teams can reckon with
_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+")
_UTC = ZoneInfo("UTC")
_NOT_IN_A_NAME = re.compile(r"[^\w\s.'’-]|_")
_MARKED = {"(": "%28", ")": "%29", "[": "%5B", "]": "%5D", "*": "%2A", "_": "%5F", "~": "%7E", "!": "%21"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as Teams knows them: `29:…` or an object id of Entra ID."""

    name: str
    external_id: str


Ats = Mapping[int, str]
"""What stands for a person where they are mentioned: `<at>Dana Reyes</at>`, each once."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a whole text looks."""

    is_bold: bool = False
    is_faint: bool = False
    is_small: bool = False
    is_big: bool = False

    def fields(self) -> Fields:
        """The same as properties of a text run or a text block."""
        return {
            **({"size": "ExtraLarge"} if self.is_big else {"size": "Small"} if self.is_small else {}),
            **({"isSubtle": True} if self.is_faint else {}),
            **({"weight": "Bolder"} if self.is_bold else {}),
        }


PLAIN, BOLD, BIG = Look(), Look(is_bold=True), Look(is_bold=True, is_big=True)
FAINT, QUIET = Look(is_faint=True), Look(is_faint=True, is_small=True)


def ats_of(people: Mapping[int, Person]) -> dict[int, str]:
    """A mention for each of `people` whom Teams knows, no two alike."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for number, person in sorted(people.items()):
        name = shortened(one_line(_NOT_IN_A_NAME.sub(" ", cleaned(person.name))), NAME_MAX) or "somebody"
        unique = name if name.casefold() not in taken else f"{name} {number}"
        if person.external_id and unique.casefold() not in taken:
            taken.add(unique.casefold())
            found[number] = f"<at>{unique}</at>"
    return found


def element(text: Text, ats: Ats, look: Look = PLAIN) -> list[Fields]:
    """One element that shows `text`; none where it says nothing."""
    if any(isinstance(span, Mention) and span.person_id in ats for span in text):
        return [_block(text, ats, look)]
    runs = runs_of(text, look)
    return [{"type": "RichTextBlock", "inlines": runs}] if runs else []


def words(text: str, look: Look = PLAIN) -> list[Fields]:
    """One element that shows `text` as it was typed; none where there are no words."""
    return element((text.strip(),), {}, look)


def runs_of(text: Text, look: Look = PLAIN) -> list[Fields]:
    """The text runs of `text`; none where it says nothing."""
    runs = [run for span in _merged(text) for run in _runs(span, look)]
    return runs if any(run["text"].strip() for run in runs) else []


def is_address(url: str) -> bool:
    """Whether Teams can open `url`."""
    return len(url) <= URL_MAX and _ADDRESS.fullmatch(url) is not None


def _runs(span: Span, look: Look) -> list[Fields]:
    match span:
        case str() | Mention():
            return _run(span.name if isinstance(span, Mention) else span, look)
        case Bold(text):
            return _run(text, replace(look, is_bold=True))
        case Link(text, url):
            return [run | _opening(run["text"], url) for run in _run(one_line(text) or url, look)]
        case When():
            return [_made(_when(span), look)]
        case Colour(hue, word):
            return _run(f"{DOTS[hue]} {word}", look)
    assert_never(span)


def _run(text: str, look: Look) -> list[Fields]:
    found = inert(closed(cleaned(text)))
    return [_made(found, look)] if found else []


def _made(text: str, look: Look) -> Fields:
    return {"type": "TextRun", "text": text, **look.fields()}


def _opening(title: str, url: str) -> Fields:
    if not is_address(url):
        return {}
    # Underlined, so that colour is not all that tells a link.
    return {"underline": True, "selectAction": {"type": "Action.OpenUrl", "title": title, "url": url}}


def _when(span: When) -> str:
    """An instant that each client writes in its reader's own zone and language, and in UTC where it can't."""
    at = span.at.astimezone(UTC)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        return utc(moment(at, _UTC))
    instant = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{{{{DATE({instant}, SHORT)}}}}, {{{{TIME({instant})}}}}"


def _block(text: Text, ats: Ats, look: Look) -> Fields:
    shown = "".join(_markdown(span, ats) for span in _merged(text))
    return {"type": "TextBlock", "text": begun(shown.strip()), "wrap": True, **look.fields()}


def _markdown(span: Span, ats: Ats) -> str:
    match span:
        case str():
            return _literal(span)
        case Bold(text):
            core = text.strip()
            before, _, after = text.partition(core) if core else (text, "", "")
            is_plain = bool(core) and core[0].isalnum() and core[-1].isalnum() and "\n" not in core
            return f"{before and ' '}**{_literal(core)}**{after and ' '}" if is_plain else _literal(text)
        case Link(text, url):
            shown = _literal(one_line(text) or url)
            return f"[{shown.replace('[', '(')}]({_marked(url)})" if is_address(url) and "]" not in shown else shown
        case Mention(person_id, name):
            return ats[person_id] if person_id in ats else _literal(name)
        case When():
            return _when(span)
        case Colour(hue, word):
            return f"{DOTS[hue]} {_literal(word)}"
    assert_never(span)


def _literal(text: str) -> str:
    """`text` in Markdown; blanks at its ends stay, since other spans stand beside it."""
    found = closed(cleaned(text))
    core = found.strip(" \t")
    before, _, after = found.partition(core) if core else (found, "", "")
    return f"{before and ' '}{escaped(core)}{after and ' '}"


def _marked(url: str) -> str:
    return "".join(_MARKED.get(sign, sign) for sign in url)


def _merged(text: Text) -> Iterable[Span]:
    """`text` with neighbours of one kind as one, so that nothing comes alive across them."""
    found: list[Span] = []
    for span in text:
        last = found[-1] if found else None
        match last, span:
            case str(), str():
                found[-1] = last + span
            case Bold(before), Bold(after):
                found[-1] = Bold(before + after)
            case _:
                found.append(span)
    return found


def each_text(found: object, look: Callable[[str], None]) -> None:
    """Shows `look` the text of every TextBlock in `found`, in reading order."""
    match found:
        case {"type": "TextBlock", "text": str(text)}:
            look(text)
        case dict():
            for inside in found.values():
                each_text(inside, look)
        case list():
            for inside in found:
                each_text(inside, look)
        case _:
            pass
