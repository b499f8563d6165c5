"""Addresses of e-mail: what is one, and when two are the same. Pure."""

import re
from email.errors import MessageError
from email.headerregistry import Address

import idna

NAME_MAX = 80  # characters of somebody's name

SIGN = r"[^\s<>@,;:\"()\[\]\\]"
ADDRESS = rf"{SIGN}{{1,64}}@{SIGN}{{1,255}}"
"""What an address looks like: nothing in it that has a meaning in a header."""
_ADDRESS = re.compile(ADDRESS)


def folded(address: str) -> str:
    """An address as it is compared and sent to, its domain as mail servers write it (RFC 5891).

    RFC 5321 leaves the case of what stands before the @ to its host; none heeds it.
    """
    local, at, domain = address.strip().lower().rpartition("@")
    try:
        return f"{local}{at}{domain if domain.isascii() else idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return f"{local}{at}{domain}"


def address_in(text: str) -> str:
    """The address that a text is, folded; empty where it is none that a mail can go to, or more than one."""
    found = _ADDRESS.fullmatch(text.strip().removeprefix("mailto:"))
    if found is None or not found[0].isprintable():
        return ""
    address = folded(found[0])
    return address if is_sendable(address) and "." in address.rpartition("@")[2].strip(".") else ""


def is_sendable(address: str) -> bool:
    """Whether a mail can be addressed to it: no two dots in a row, no letters that only some servers take."""
    try:
        Address(addr_spec=address)
    except (MessageError, ValueError, IndexError):
        return False
    return address.isascii()


def is_plain(text: str) -> bool:
    """Whether what stands before the @ has letters that every mail server takes."""
    return text.rpartition("@")[0].isascii()
