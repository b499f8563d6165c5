"""A customer's words are kept without what could name them."""

import re
from datetime import date, timedelta

from bot.people.rules import is_office_day

CALL_BACK_DAYS = 2  # working days

_HIDDEN = "…"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d\d(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?!\w)")
_LETTERS_AND_FIGURES = re.compile(r"(?<!\w)[A-Za-z]{1,4}\d{6,}(?!\w)")

_DAY, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:19|20)\d\d"
_DATE = (
    rf"(?<![\w-])(?:{_YEAR}-{_DAY}-{_DAY}|{_DAY}/{_DAY}/{_YEAR}|{_DAY}\.{_DAY}\.{_YEAR}|{_DAY}-{_DAY}-{_YEAR}"
    rf"|{_YEAR} ?[-–/] ?{_YEAR})(?![\w-])"
)
_MONEY = r"[£€$] ?\d[\d.,]*"
_RUN = rf"(?<!\w)(?<!\d\.)\+?(?:\(\+?\d{{1,6}}\)|\d)(?:[ ()/-]{{0,3}}(?!{_DATE})\d)*(?!\w)"
_FIGURES = re.compile(
    rf"(?P<kept>{_MONEY}|{_DATE})|(?P<dotted>(?<![\w.])\+?\d{{2,5}}\.\d{{3,4}}\.\d{{3,6}}(?![\w.]*\d))|(?P<run>{_RUN})"
)
_GROUPS = re.compile(r"\d+(?:[ -]\d+)*")
_ACCOUNT_MIN = 6  # figures, together or in groups; fewer than that are a number of jobs, litres or calls
_PHONE_MIN = 7  # figures with other signs between them


def redacted(words: str) -> str:
    """`words` without e-mail addresses, phone, account and card numbers. Source: domain.md 3.5, Privacy.

    Dates with their year and amounts behind a currency sign are kept; what can't be told from a number that names
    somebody is hidden.
    """
    for pattern in (_EMAIL, _IBAN, _LETTERS_AND_FIGURES):
        words = pattern.sub(_HIDDEN, words)
    return _FIGURES.sub(_kept_or_hidden, words)


def _kept_or_hidden(found: re.Match[str]) -> str:
    if found["kept"]:
        return found[0]
    if found["dotted"]:
        return _HIDDEN
    figures = sum(sign.isdigit() for sign in found[0])
    return _HIDDEN if figures >= (_ACCOUNT_MIN if _GROUPS.fullmatch(found[0]) else _PHONE_MIN) else found[0]


def call_back_on(received_on: date, calendar: str) -> date:
    """Until when somebody calls a customer back: two working days on. Source: domain.md S3-45."""
    on, left = received_on, CALL_BACK_DAYS
    while left:
        on += timedelta(days=1)
        left -= is_office_day(on, calendar)
    return on


def score_of(text: str, highest: int) -> int | None:
    """`7` as a customer's score, 0 to `highest`; None for anything else."""
    bare = text.strip()
    number = int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= len(str(highest)) else -1
    return number if 0 <= number <= highest else None


def is_link(text: str) -> bool:
    """Whether a browser can open it, and nothing else does."""
    return text.startswith(("https://", "http://")) and not any(each.isspace() for each in text)
