"""The words of a council's meetings in a calendar."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.chat.papers import Diary, Happening
from storage.councils import Council
from storage.meetings import CouncilMeeting

State = CouncilMeeting.State


def diary(council: Council, meetings: Sequence[CouncilMeeting], moves: Mapping[int, int], now: datetime) -> Diary:
    """A council's meetings; `moves` says how often each was moved or called off, which counts as new agendas do."""
    found = tuple(_entry(council, each, moves.get(each.id, 0), now) for each in meetings)
    return Diary(council.name, council.zone, found)


def _entry(council: Council, meeting: CouncilMeeting, moves: int, now: datetime) -> Happening:
    is_off = meeting.state is State.CANCELLED
    kind = " (special meeting)" if meeting.kind is CouncilMeeting.Kind.SPECIAL else ""
    return Happening(
        # The meeting's own number: it stays when the meeting is moved.
        uid=f"meeting-{meeting.organisation_id}-{meeting.id}@folkmoot",
        title=f"{council.name}{kind}",
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        sequence=moves + meeting.edition,
        made_at=now,
        where=meeting.where or meeting.link,
        about=f"Called off: {meeting.reason}" if is_off and meeting.reason else meeting.reason,
        url=meeting.link,
        cancelled=is_off,
    )
