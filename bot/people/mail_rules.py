"""Addresses of e-mail: what is one, and when two are the same. Pure."""

import re

NAME_MAX = 80  # characters of somebody's name

SIGN = r"[^\s<>@,;:\"()\[\]\\]"
ADDRESS = rf"{SIGN}{{1,64}}@{SIGN}{{1,255}}"
"""What an address looks like: nothing in it that has a meaning in a header."""
_ADDRESS = re.compile(ADDRESS)


def folded(address: str) -> str:
    """An address as it is compared. RFC 5321 leaves the case of what stands before the @ to its host; none heeds it."""
    return address.strip().casefold()


def address_in(text: str) -> str:
    """The address that a text is, folded; empty where it is none, or more than one."""
    found = _ADDRESS.fullmatch(text.strip().removeprefix("mailto:"))
    if found is None or not found[0].isprintable():
        return ""
    address = folded(found[0])
    return address if "." in address.rpartition("@")[2].strip(".") else ""
