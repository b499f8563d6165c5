"""What minutes may become, until when they can be corrected, and where a note or a correction stands. Pure.

Source: domain.md 2.3 (Minutes), 3.4 (P-27 to P-29), K-13.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.council import dates
from bot.work.rules import Move, Part
from storage.meetings import CouncilMeeting
from storage.minutes import Correction, Minutes

State: TypeAlias = Minutes.State
CorrectionState: TypeAlias = Correction.State

LATE_AFTER = timedelta(minutes=20)  # Source: domain.md 3.5
NOTE_MAX = 1500  # characters of a note to a section or an item
CORRECTION_MAX = 500
REASON_MAX = 300
REMINDS_BEFORE = timedelta(hours=6)  # corrections close at 16:00, seats hear of it at 10:00 of that day

_AT_THE_TABLE = (Part.CHAIR, Part.SECRETARY)
MOVES: tuple[Move[State], ...] = (
    Move("edit", "edited", (State.DRAFT,), None, (Part.SECRETARY, Part.CHAIR)),
    Move("approve for issue", "approved for issue", (State.DRAFT,), State.APPROVED_FOR_ISSUE, (Part.CHAIR,)),
    Move("issue", "issued", (State.DRAFT, State.APPROVED_FOR_ISSUE), State.CIRCULATED, (Part.CHAIR, Part.CLOCK)),
    Move("ask for a correction", "corrected", (State.CIRCULATED,), None, (Part.SEAT, *_AT_THE_TABLE), when="in time"),
    Move("correct", "corrected", (State.CIRCULATED,), State.SUPERSEDED, _AT_THE_TABLE, when="by another edition"),
    Move("approve", "approved", (State.CIRCULATED,), State.APPROVED, _AT_THE_TABLE, when="at the next meeting"),
)
CORRECTION_MOVES: tuple[Move[CorrectionState], ...] = (
    Move("accept", "accepted", (CorrectionState.PROPOSED,), CorrectionState.ACCEPTED, _AT_THE_TABLE),
    Move("decline", "declined", (CorrectionState.PROPOSED,), CorrectionState.DECLINED, _AT_THE_TABLE, reason=True),
)
OUT = (State.CIRCULATED, State.APPROVED)
"""Editions that hold; those that another one took the place of can be read still."""

_PLACE = re.compile(r"(?P<section>[1-9])(?:\.(?P<seq>[1-9]\d{0,2}))?")


def place_meant(text: str) -> str | None:
    """`3` or `3.2` as it is kept; None for what is neither a section nor an item."""
    found = _PLACE.fullmatch(text.strip().removeprefix("item ").strip("."))
    return None if found is None else found[0]


def closes_at(meeting: CouncilMeeting) -> datetime | None:
    """Until when corrections are taken; None before the meeting is over. Source: domain.md P-29."""
    return _step(meeting, dates.CORRECTIONS)


def issues_at(meeting: CouncilMeeting) -> datetime | None:
    """When the minutes are out at the latest; None before the meeting is over."""
    return _step(meeting, dates.ISSUE)


def _step(meeting: CouncilMeeting, kind: str) -> datetime | None:
    at = meeting.steps.get(kind)
    return None if at is None else datetime.fromisoformat(at)


def can_be_corrected(meeting: CouncilMeeting, minutes: Minutes, now: datetime) -> bool:
    """Whether somebody may still say that something in an edition is wrong."""
    until = closes_at(meeting)
    return minutes.state is State.CIRCULATED and until is not None and now < until


def is_late(meeting: CouncilMeeting, minutes: Minutes) -> bool:
    """Whether minutes went out by schedule later than they should have, because the bot was away."""
    planned = issues_at(meeting)
    if planned is None or minutes.issued_at is None or not minutes.is_unchecked:
        return False
    return minutes.issued_at - planned > LATE_AFTER


def is_drafted_late(meeting: CouncilMeeting, minutes: Minutes) -> bool:
    """Whether the draft was made later than it should have been, because the bot was away."""
    planned = _step(meeting, dates.DRAFT)
    return planned is not None and minutes.created_at - planned > LATE_AFTER


def may_run(parts: Collection[Part]) -> bool:
    """Whether somebody with these parts prepares the minutes or issues them."""
    return not {Part.CHAIR, Part.SECRETARY}.isdisjoint(parts)
