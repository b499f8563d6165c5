"""A customer's words are kept without what could name them."""

import re

_HIDDEN = "…"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_CARD_OR_ACCOUNT = re.compile(r"(?<![\w.])\d(?:[ -]?\d){5,18}(?!\w)")
_PHONE = re.compile(r"(?<!\w)\+?\(?\d[\d ()/-]{6,}\d(?!\w)")


def redacted(words: str) -> str:
    """`words` without e-mail addresses, phone, account and card numbers. Source: domain.md 3.5, Privacy."""
    for pattern in (_EMAIL, _PHONE, _CARD_OR_ACCOUNT):
        words = pattern.sub(_HIDDEN, words)
    return words
