"""What is typed and chosen about a council, read: lengths, quorum, the customer's part, kinds of seat. Pure."""

import re
from typing import TypeAlias

from bot.council.rules import LENGTHS, SEATS_MAX
from storage.councils import Council, Seat
from storage.people import Department, Person

CAN_DECIDE = frozenset({"can-decide", "can decide", "decides"})
_LENGTH = re.compile(r"(?:(?P<hours>\d) ?(?:h|hours?) ?)?(?:(?P<minutes>\d{1,3}) ?(?:m|mins?|minutes?)?)?")
_CUSTOMER = {
    "advisory": Council.Customer.ADVISORY, "voting": Council.Customer.VOTING, "co-chair": Council.Customer.CO_CHAIR,
    "co_chair": Council.Customer.CO_CHAIR, "cochair": Council.Customer.CO_CHAIR,
}  # fmt: skip
_KINDS = {
    "voting": Seat.Kind.VOTING, "advisory": Seat.Kind.ADVISORY, "customer": Seat.Kind.CUSTOMER,
    "supplier": Seat.Kind.SUPPLIER_VOTING, "supplier-voting": Seat.Kind.SUPPLIER_VOTING,
    "supplier-advisory": Seat.Kind.SUPPLIER_ADVISORY,
}  # fmt: skip

QuorumMeant: TypeAlias = tuple[Council.Quorum, int | None]


def length_meant(text: str) -> int | None:
    """`90`, `90 min`, `1h30` in minutes; None where it is no length that a meeting may have."""
    found = _LENGTH.fullmatch(text.strip().casefold())
    if found is None or not found[0]:
        return None
    minutes = 60 * int(found["hours"] or 0) + int(found["minutes"] or 0)
    return minutes if minutes in LENGTHS else None


def quorum_meant(text: str) -> QuorumMeant | None:
    """`majority` or the least number of voting seats; None for neither."""
    typed = text.strip().casefold()
    if typed in {"", "majority", "half"}:
        return Council.Quorum.MAJORITY, None
    is_number = typed.isascii() and typed.isdigit() and 1 <= int(typed[:4]) <= SEATS_MAX
    return (Council.Quorum.NUMBER, int(typed)) if is_number else None


def quorum_text(council: Council) -> str:
    """A council's quorum as it is typed."""
    return str(council.quorum_number) if council.quorum is Council.Quorum.NUMBER else "majority"


def customer_meant(text: str) -> Council.Customer | None:
    """What the customer's seat may do; None for a word that says nothing of it."""
    return _CUSTOMER.get(text.strip().casefold())


def kind_meant(text: str) -> Seat.Kind | None:
    """The kind of a seat; None for a word that is none."""
    return _KINDS.get("-".join(text.casefold().split()))


def kind_of(person: Person | None, department: Department | None) -> Seat.Kind:
    """The kind of a seat of which nobody said one: a supplier's for those from outside."""
    is_supplier = department is not None and department.kind is Department.Kind.SUPPLIER
    is_outside = person is not None and person.is_external
    return Seat.Kind.SUPPLIER_VOTING if is_supplier or is_outside else Seat.Kind.VOTING
