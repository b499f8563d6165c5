"""Which holiday calendars there are, what somebody means who types one, and what comes near to it."""

from difflib import get_close_matches
from functools import cache

import holidays
from holidays.registry import COUNTRIES

NEAR = 4  # names that are offered where one is not known
EXAMPLES = ("GB-ENG", "GB-SCT", "US-NY", "DE-BY", "FR")
_LIKENESS = 0.7


def calendar_meant(text: str) -> str:
    """The calendar that `text` names, as `GB-SCT`; empty where there is none of that name.

    A country is known by its letters and its name, a part of it by its letters and its own name: `gb-sct`,
    `GB Scotland`, `United Kingdom`.
    """
    typed = _plain(text)
    if typed in _countries():
        return _countries()[typed]
    country, _, part = typed.partition(" ")
    code = _countries().get(country, "")
    found = _parts(code).get(part, "") if code else ""
    return f"{code}-{found}" if found else ""


def near_calendars(text: str) -> list[str]:
    """Calendars that somebody may have meant, at most NEAR of them, the nearest first."""
    country, _, part = _plain(text).partition(" ")
    code = _countries().get(country, "")
    if code and part:
        parts = _parts(code)
        close = get_close_matches(part, parts, n=2 * NEAR, cutoff=0.5)
        return list(dict.fromkeys(f"{code}-{parts[each]}" for each in (*close, *parts)))[:NEAR] or [code]
    close = get_close_matches(_plain(text), _countries(), n=2 * NEAR, cutoff=_LIKENESS)
    return list(dict.fromkeys(_countries()[each] for each in close))[:NEAR]


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())


@cache
def _countries() -> dict[str, str]:
    """The two letters of every country, by what may be typed for it."""
    known = holidays.list_supported_countries(include_aliases=False)
    found = {code.casefold(): code for code in known} | {"uk": "GB"}
    names = {name.replace("_", " "): codes[1] for name, codes in COUNTRIES.items()}
    return found | {name: code for name, code in names.items() if code in known}


@cache
def _parts(country: str) -> dict[str, str]:
    """The parts of a country that have holidays of their own, by what may be typed for them."""
    codes = holidays.list_supported_countries(include_aliases=False)[country]
    names: dict[str, str] = getattr(holidays.country_holidays(country), "subdivisions_aliases", None) or {}
    return {_plain(each): each for each in codes} | {_plain(name): code for name, code in names.items()}
