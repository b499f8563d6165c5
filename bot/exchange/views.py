"""What `folkmoot export` and `folkmoot import` say to an operator."""

from collections.abc import Sequence

from bot.chat.words import count
from bot.exchange.rules import Bad


def bad_line(bad: Bad) -> str:
    """One thing that is wrong."""
    return f"line {bad.line}: {bad.why}" if bad.line else bad.why


def refused(bad: Sequence[Bad], file: str) -> str:
    """Nothing was imported."""
    return f"{file}: {count(len(bad), 'line')} can't be imported, so nothing was"


def would_import(number: int, known: int, what: str, file: str) -> str:
    """A dry run."""
    return f"{file} is good: {count(number, what[:-1], what)} would be imported{_there(known)}. Nothing was changed."


def imported(codes: Sequence[str], known: int, what: str) -> str:
    """It is done."""
    if not codes:
        return f"Nothing new{_there(known)}."
    named = codes[0] if len(codes) == 1 else f"{codes[0]} to {codes[-1]}"
    return f"{count(len(codes), what[:-1], what)} imported, {named}{_there(known)}."


def _there(known: int) -> str:
    if not known:
        return ""
    left = "was imported before and left as it is" if known == 1 else "were imported before and left as they are"
    return f"; {known} {left}"


def beaten() -> str:
    """Somebody changed what the file names between looking and writing."""
    return (
        "somebody imported the same list, or took away what it names, at the same moment; nothing was imported, "
        "please try again"
    )


def which_organisation(names: Sequence[str]) -> str:
    """There are several."""
    known = ", ".join(names) or "none; load the demo or connect a platform first"
    return f"say whose with --organisation; there {'are' if len(names) != 1 else 'is'}: {known}"


def nobody(name: str, found: int) -> str:
    """`--by` is nobody, or several."""
    return f"{found or 'no'} people here are called '{name}'; give an e-mail address or a whole name"


def no_file(file: str, why: str) -> str:
    """A file that can't be read or written."""
    return f"{file}: {why}"


def exported(number: int, file: str) -> str:
    """A file was written."""
    return f"{count(number, 'line')} written to {file}."
