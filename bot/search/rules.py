"""What somebody looks for, as it was typed. Pure."""

TERMS_MAX = 8  # each one is one more condition
WORDS_MAX = 200  # characters
PAGE = 10  # lines on a card; domain.md 3.6


def terms(words: str, quoted: tuple[str, ...]) -> tuple[str, ...]:
    """What must all be there: each quoted text as it stands, and each word, once."""
    every = (*(each.strip() for each in quoted), *words.split())
    return tuple(dict.fromkeys(each for each in every if each))


def line_of(looked_for: tuple[str, ...]) -> str:
    """The terms on one line, from which `read_line` makes them again."""
    return " ".join(f'"{each}"' if " " in each else each for each in looked_for)


def read_line(line: str) -> tuple[str, ...]:
    """The terms of a line that `line_of` wrote: every second stretch between quotes is one."""
    stretches = line.split('"')
    return terms(" ".join(stretches[::2]), tuple(stretches[1::2]))
