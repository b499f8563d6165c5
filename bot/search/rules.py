"""What somebody looks for, as it was typed. Pure."""

import re

TERMS_MAX = 8  # each one is one more condition
WORDS_MAX = 200  # characters
PAGE = 10  # lines on a card; domain.md 3.6


def terms(words: str, quoted: tuple[str, ...]) -> tuple[str, ...]:
    """What must all be there: each quoted text as it stands, and each word, once."""
    every = (*(each.strip() for each in quoted), *words.split())
    return tuple(dict.fromkeys(each for each in every if each))


_TERM = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"(?= |$)|(?P<word>[^ ]+)')


def line_of(looked_for: tuple[str, ...]) -> str:
    """The terms on one line, from which `read_line` makes them again; a quotation mark within one is doubled."""
    return " ".join(_quoted(each) if " " in each or '"' in each else each for each in looked_for)


def _quoted(term: str) -> str:
    doubled = term.replace('"', '""')
    return f'"{doubled}"'


def read_line(line: str) -> tuple[str, ...]:
    """The terms of a line that `line_of` wrote."""
    found = (each["word"] or (each["quoted"] or "").replace('""', '"').strip() for each in _TERM.finditer(line))
    return tuple(dict.fromkeys(each for each in found if each))
