"""The voice of the customer: what customers say, in their words."""

from datetime import date
from enum import StrEnum

from sqlmodel import UniqueConstraint

from storage.columns import Noun, constraints, number_of, personal, word


class VocItem(Noun, table=True):
    """Something a customer said, with names and numbers taken out before it is stored."""

    class State(StrEnum):
        """The first states of domain.md 2.3."""

        NEW = "new"
        WITHDRAWN = "withdrawn"

    __table_args__ = constraints(UniqueConstraint("organisation_id", "code"))
    code: str
    words: str = personal()
    heard_by: int = number_of("person")
    received_on: date
    source: str
    state: State = word(State, default=State.NEW)
